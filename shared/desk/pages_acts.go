package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// actForm is a form by which something is done with the lead.
type actForm struct {
	Act     app.Act
	Text    string // of its messages: act.<text> and hint.<text>
	Lead    string
	Version int
	Fields  []input
	Extra   []input // seldom filled in
	Open    bool
	Careful bool // it is not done by one click
}

// More reports whether the fields that are seldom filled in are to be seen.
func (f actForm) More(v page.View) bool {
	return v.Fault != nil && v.Fault.Act == string(f.Act) && slices.ContainsFunc(f.Extra, func(i input) bool {
		return i.Name == v.Fault.Field || v.Value(string(f.Act), i.Name) != ""
	})
}

// input is a field of such a form; its label is the message field.<name>.
type input struct {
	Act      string
	Name     string
	Kind     string // line, text, choice or check
	Type     string // of a line
	Mode     string // which keyboard a phone shows
	Required bool
	OneOf    bool // of several one is enough
	Half     bool // as wide as half the form
	Extra    bool // seldom filled in
	Choices  []choice
	Hint     string
	Value    string // where nothing was typed into a form that failed
	Label    string // where it is not the message
	Max      int    // characters of a text; 2000 where 0, 80 of a line
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
		f := actForm{Act: act, Text: string(act), Lead: l.ID, Version: l.Version, Careful: act == app.ActOptOut || act == app.ActReveal}
		if act == app.ActDeal && l.Period.Deal {
			f.Text, f.Careful = "deal_over", true
		}
		fields, err := d.inputs(v, l, act)
		if err != nil {
			return nil, err
		}
		for _, field := range fields {
			field.Act = string(act)
			if field.Extra {
				f.Extra = append(f.Extra, field)
			} else {
				f.Fields = append(f.Fields, field)
			}
		}
		f.Open = v.view.Fault != nil && v.view.Fault.Act == string(act) || v.view.Fault == nil && (act == app.ActLog || act == app.ActAssign || act == app.ActVerify)
		forms = append(forms, f)
	}
	return forms, nil
}

var allActs = []app.Act{app.ActAccept, app.ActReject, app.ActLog, app.ActRelease, app.ActClaim, app.ActReveal, app.ActHold, app.ActExtend,
	app.ActDeal, app.ActRecycle, app.ActJunk, app.ActLost, app.ActUnreachable, app.ActConvert, app.ActConfirm, app.ActAssign, app.ActQualify,
	app.ActMove, app.ActTag, app.ActOptOut, app.ActVerify}

// notices are what a page may be told was done.
var notices = func() []string {
	all := []string{doneBegin, doneStop, doMerge, doApart, doDivide}
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
	if act == app.ActReveal { // shown in this one answer
		v.view.Notice, v.view.Self = v.view.T("done.reveal"), "/leads/"+url.PathEscape(after.ID)
		return d.showThis(v, http.StatusOK, after)
	}
	to := "/leads/" + after.ID
	if !after.Visible {
		to = home(v.user, after)
	}
	if act == app.ActVerify { // to the next one
		to = unverifiedPath
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
	if errors.As(err, &e) && (e.Kind == lead.Invalid || e.Field == "beyond" || p.With != "") {
		fault.Field = e.Field
	}
	if p.With != "" {
		fault.Link, fault.LinkText = "/persons/"+url.PathEscape(v.r.PathValue("lead"))+"?with="+url.QueryEscape(p.With), v.view.T("person.compare")
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
		a, err := activity(form, v.view.Zone)
		if err != nil {
			return app.LeadView{}, err
		}
		return d.app.LogActivity(ctx, u, on, a)
	case app.ActRelease:
		return d.app.Release(ctx, u, on, app.Return{Reason: form("reason"), Pool: form("pool")})
	case app.ActClaim:
		return d.app.Claim(ctx, u, on)
	case app.ActReveal:
		return d.app.Reveal(ctx, u, on)
	case app.ActHold:
		return d.app.Hold(ctx, u, on, form("reason"))
	case app.ActExtend:
		return d.app.Extend(ctx, u, on, form("reason"))
	case app.ActDeal:
		o, err := opportunity(form, v.view.Zone)
		if err != nil {
			return app.LeadView{}, err
		}
		return d.app.Deal(ctx, u, on, o)
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
	case app.ActTag:
		after, err := d.app.Tag(ctx, u, on, app.Tags{Add: wordsIn(form("add")), Remove: wordsIn(form("remove"))})
		return after, atField(err, "add", "tags")
	case app.ActOptOut:
		return d.app.OptOut(ctx, u, on)
	case app.ActVerify:
		return d.verification(v, on)
	}
	return d.app.Close(ctx, u, on, app.Closing{As: lead.State(act), Reason: form("reason")})
}
