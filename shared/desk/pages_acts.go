package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// actForm is a form by which something is done with the lead.
type actForm struct {
	Act     app.Act
	Lead    string
	Version int
	Fields  []input
	Open    bool
}

// input is a field of such a form; its label is the message field.<name>.
type input struct {
	Act      string
	Name     string
	Kind     string // line, text or choice
	Type     string // of a line
	Mode     string // which keyboard a phone shows
	Required bool
	OneOf    bool // of several one is enough
	Half     bool // as wide as half the form
	Choices  []choice
	Hint     string
	Value    string // where nothing was typed into a form that failed
	Max      int    // characters of a text; 2000 where 0
}

// Groups are the choices by their groups.
func (i input) Groups() (all [][]choice) {
	for n, c := range i.Choices {
		if n == 0 || i.Choices[n-1].Group != c.Group {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], c)
	}
	return all
}

// choice is an option; those of one group stand together under its name.
type choice struct{ Value, Label, Group string }

// actForms makes the forms of what the user may do now.
func (d *desk) actForms(v visit, l app.LeadView) ([]actForm, error) {
	var forms []actForm
	for _, act := range l.Acts {
		f := actForm{Act: act, Lead: l.ID, Version: l.Version}
		fields, err := d.inputs(v, l, act)
		if err != nil {
			return nil, err
		}
		for _, field := range fields {
			field.Act = string(act)
			f.Fields = append(f.Fields, field)
		}
		f.Open = v.view.Fault != nil && v.view.Fault.Act == string(act) || v.view.Fault == nil && (act == app.ActLog || act == app.ActAssign)
		forms = append(forms, f)
	}
	return forms, nil
}

func (d *desk) inputs(v visit, l app.LeadView, act app.Act) ([]input, error) {
	reason := input{Name: "reason", Kind: "line", Type: "text", Required: true, Hint: v.view.T("hint.reason")}
	for _, text := range v.view.List("reasons." + string(act)) {
		reason.Choices = append(reason.Choices, choice{Value: text})
	}
	switch act {
	case app.ActReject:
		return []input{reason, {Name: "note", Kind: "text"}}, nil
	case app.ActHold, app.ActRecycle, app.ActJunk, app.ActLost, app.ActUnreachable:
		return []input{reason}, nil
	case app.ActRelease:
		pool := input{Name: "pool", Kind: "choice"}
		for _, p := range v.places.Pools {
			pool.Choices = append(pool.Choices, choice{Value: p.ID, Label: p.Name})
		}
		if len(pool.Choices) < 2 { // the team's own it is
			return []input{reason}, nil
		}
		return []input{reason, pool}, nil
	case app.ActLog:
		way, grade := input{Name: "way", Kind: "choice", Required: true, Half: true}, input{Name: "grade", Kind: "choice", Half: true}
		for _, w := range lead.Ways {
			way.Choices = append(way.Choices, choice{Value: w, Label: v.view.Word("way", w)})
		}
		for _, g := range lead.Grades {
			grade.Choices = append(grade.Choices, choice{Value: string(g), Label: string(g)})
		}
		return []input{way, grade, {Name: "summary", Kind: "text"}, {Name: "objection", Kind: "text", Half: true}, {Name: "step", Kind: "text", Half: true},
			{Name: "step_at", Kind: "line", Type: "datetime-local", Half: true, Hint: v.view.T("hint.step_at", v.view.ZoneName())}}, nil
	case app.ActConvert:
		return []input{{Name: "value", Kind: "line", Type: "text", Mode: "decimal", Half: true, Hint: v.view.T("hint.value")},
			{Name: "currency", Kind: "line", Type: "text", Half: true, Choices: []choice{{Value: "EUR"}, {Value: "USD"}, {Value: "CNY"}, {Value: "GBP"}}},
			{Name: "order", Kind: "line", Type: "text"}}, nil
	case app.ActAssign:
		rep := input{Name: "rep", Kind: "choice", Required: true}
		reps, err := d.assignable(v, []row{{Assign: true}})
		for _, r := range reps {
			rep.Choices = append(rep.Choices, choice{Value: r.ID, Label: load(r)})
		}
		return []input{rep}, err
	case app.ActQualify:
		verdict := input{Name: "verdict", Kind: "choice", Required: true}
		for _, text := range l.Verdicts {
			verdict.Choices = append(verdict.Choices, choice{Value: text, Label: text})
		}
		return []input{verdict, {Name: "note", Kind: "text"}}, nil
	case app.ActMove:
		to := input{Name: "to", Kind: "choice", Required: true, Choices: []choice{{Value: string(toAnew), Label: v.view.T("to.anew")}}}
		reps, err := d.assignable(v, []row{{Assign: true}})
		for _, r := range reps {
			to.Choices = append(to.Choices, toRep.choice(r.ID, load(r), v.view.T("field.rep")))
		}
		for _, p := range v.places.Pools {
			to.Choices = append(to.Choices, toPool.choice(p.ID, p.Name, v.view.T("field.pool")))
		}
		return []input{to, reason}, err
	}
	return nil, nil
}

// load names a rep with how many leads they hold.
func load(r app.RepView) string {
	if r.Cap != nil {
		return fmt.Sprintf("%s (%d/%d)", r.Name, r.Holding, *r.Cap)
	}
	return fmt.Sprintf("%s (%d)", r.Name, r.Holding)
}

var allActs = []app.Act{app.ActAccept, app.ActReject, app.ActLog, app.ActRelease, app.ActClaim, app.ActHold, app.ActRecycle,
	app.ActJunk, app.ActLost, app.ActUnreachable, app.ActConvert, app.ActConfirm, app.ActAssign, app.ActQualify, app.ActMove}

// notices are what a page may be told was done.
var notices = func() []string {
	all := []string{doneBegin, doneStop}
	for _, act := range allActs {
		all = append(all, string(act))
	}
	return all
}()

// actPage does what a page's form asks for, and shows the lead, or where the user
// came from when the lead is no longer theirs to see.
func (d *desk) actPage(v visit) error {
	act := app.Act(v.r.PathValue("act"))
	if !slices.Contains(allActs, act) {
		return lead.Errorf(lead.NotFound, "there is no such page")
	}
	if err := d.checkPost(v.r); err != nil {
		return err
	}
	after, err := d.perform(v, act)
	if err != nil {
		return d.actFailed(v, act, err)
	}
	to := "/leads/" + after.ID
	if !after.Visible {
		to = home(v.user, after)
	}
	http.Redirect(v.w, v.r, v.view.Base+to+"?done="+url.QueryEscape(string(act)), http.StatusSeeOther)
	return nil
}

// home is the list that the user works through.
func home(u app.User, l app.LeadView) string {
	switch {
	case u.Is(app.RoleRep) && u.Rep != "":
		return "/inbox"
	case len(u.Teams) > 0:
		return "/teams/" + u.Teams[0] + "/triage"
	}
	return "/"
}

// actFailed shows the lead as it is now with what went wrong and what was typed;
// where there is nothing to show any more, the error alone.
func (d *desk) actFailed(v visit, act app.Act, err error) error {
	p := problemOf(err)
	if p.Status == http.StatusNotFound || p.Status >= 500 {
		return err
	}
	var e *lead.Error
	fault := &page.Fault{Act: string(act), Text: p.Detail, Values: map[string]string{}}
	if errors.As(err, &e) && e.Kind == lead.Invalid {
		fault.Field = e.Field
	}
	for name, values := range v.r.PostForm {
		if name != "csrf" && name != "version" && len(values) > 0 {
			fault.Values[name] = values[0]
		}
	}
	v.view.Fault, v.view.Notice = fault, ""
	v.view.Self = "/leads/" + url.PathEscape(v.r.PathValue("lead")) // a post has no address to come back to
	if shown := d.showLead(v, p.Status); shown != nil {
		return err // the lead is gone from sight: why the act failed says more
	}
	return nil
}

// perform reads the form of an act and does it.
func (d *desk) perform(v visit, act app.Act) (app.LeadView, error) {
	ctx, u, on := v.r.Context(), v.user, app.Target{Lead: v.r.PathValue("lead")}
	if !isWord.MatchString(on.Lead) {
		return app.LeadView{}, lead.Errorf(lead.NotFound, "there is no such lead")
	}
	// The version that the page showed guards decisions that rest on what was
	// read; taking what is offered or free needs no such guard.
	if act != app.ActAccept && act != app.ActClaim {
		on.Version, _ = strconv.Atoi(v.r.PostFormValue("version"))
	}
	form := v.r.PostFormValue
	switch act {
	case app.ActAccept:
		return d.app.Accept(ctx, u, on)
	case app.ActReject:
		return d.app.Reject(ctx, u, on, app.Rejection{Reason: form("reason"), Note: form("note")})
	case app.ActLog:
		at, err := localTime(form("step_at"), v.view.Zone)
		if err != nil {
			return app.LeadView{}, err
		}
		return d.app.LogActivity(ctx, u, on, app.Activity{Way: form("way"), Summary: form("summary"), Objection: form("objection"),
			Step: form("step"), StepAt: at, Grade: lead.Grade(form("grade"))})
	case app.ActRelease:
		return d.app.Release(ctx, u, on, app.Return{Reason: form("reason"), Pool: form("pool")})
	case app.ActClaim:
		return d.app.Claim(ctx, u, on)
	case app.ActHold:
		return d.app.Hold(ctx, u, on, form("reason"))
	case app.ActRecycle:
		return d.app.Recycle(ctx, u, on, form("reason"))
	case app.ActConvert:
		win, err := win(form("value"), form("currency"), form("order"))
		if err != nil {
			return app.LeadView{}, err
		}
		return d.app.Convert(ctx, u, on, win)
	case app.ActConfirm:
		return d.app.Confirm(ctx, u, on)
	case app.ActAssign:
		return d.app.Assign(ctx, u, on, form("rep"))
	case app.ActQualify:
		return d.app.Qualify(ctx, u, on, app.Verdict{Verdict: form("verdict"), Note: form("note")})
	case app.ActMove:
		to := goal(form("to"))
		after, err := d.app.Move(ctx, u, on, app.Relocation{Rep: to.Rep, Pool: to.Pool, Anew: to.Anew, Reason: form("reason")})
		return after, atField(err, "to", "rep", "pool")
	}
	return d.app.Close(ctx, u, on, app.Closing{As: lead.State(act), Reason: form("reason")})
}

func win(value, currency, order string) (app.Win, error) {
	w := app.Win{Order: order}
	if strings.TrimSpace(value) == "" {
		return w, nil
	}
	w.Value.Currency = strings.ToUpper(strings.TrimSpace(currency))
	if w.Value.Currency == "" {
		return w, &lead.Error{Kind: lead.Invalid, Field: "currency", Text: "give the currency, such as EUR"}
	}
	var err error
	w.Value.Amount, err = amount(value, w.Value.Currency)
	return w, err
}

// localTime reads what a browser's field for date and time sends: without a
// zone, so that it is the user's.
func localTime(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &lead.Error{Kind: lead.Invalid, Field: "step_at", Text: "give a date and time such as 2026-03-09 14:00"}
}
