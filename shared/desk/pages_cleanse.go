package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// What is done to persons; where a page may come back to after that.
const (
	doMerge  = "merge"
	doApart  = "apart"
	doDivide = "divide"

	doubtsPath     = "/doubts"
	unverifiedPath = "/unverified"
)

// pair is two persons side by side.
type pair struct {
	app.DoubtView
	ID      string // of the part of the page
	Next    string // of the part after it
	Known   bool   // somebody has raised the doubt: there is evidence
	Rows    []pairRow
	Decides bool
	Review  bool // the page is the list of doubts, to come back to
}

// pairRow is a contact detail of both.
type pairRow struct {
	Label string
	Sides [2]app.Detail
}

func newPair(v page.View, d app.DoubtView) pair {
	p := pair{DoubtView: d, Known: !d.At.IsZero(), Decides: d.Person.Decides}
	for _, detail := range lead.Details {
		row := pairRow{Label: v.Word("field", detail)}
		for i, side := range []app.PersonView{d.Person, d.With} {
			at := slices.IndexFunc(side.Details, func(d app.Detail) bool { return d.Detail == detail })
			if at >= 0 {
				row.Sides[i] = side.Details[at]
			}
		}
		if row.Sides[0].Detail+row.Sides[1].Detail != "" {
			p.Rows = append(p.Rows, row)
		}
	}
	return p
}

func (d *desk) doubtsPage(v visit) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	if p.Limit == 0 {
		p.Limit = 20
	}
	review, err := d.app.Doubts(v.r.Context(), v.user, p)
	if err != nil {
		return err
	}
	var data struct {
		Pairs []pair
		More  string
	}
	data.More = more(v, review.Cursor)
	for i, doubt := range review.Doubts {
		p := newPair(v.view, doubt)
		p.ID, p.Next, p.Review = "pair-"+strconv.Itoa(i+1), "pair-"+strconv.Itoa(i+2), true
		if i == len(review.Doubts)-1 {
			p.Next = "end"
		}
		data.Pairs = append(data.Pairs, p)
	}
	v.view.Title, v.view.Data = v.view.T("doubts.title"), data
	d.render(v.w, v.r, http.StatusOK, "doubts", v.view)
	return nil
}

// personData is what the page of a person shows.
type personData struct {
	Person app.PersonView
	Pair   *pair // beside somebody else
	Merge  []input
	Undo   []input
}

func (d *desk) personPage(v visit) error {
	return d.showPerson(v, http.StatusOK, v.r.URL.Query().Get("with"))
}

// showPerson shows a person, beside another one where one is named.
func (d *desk) showPerson(v visit, status int, with string) error {
	ctx, id := v.r.Context(), v.r.PathValue("person")
	if !isWord.MatchString(id) {
		return lead.Errorf(lead.NotFound, "there is no such person")
	}
	p, err := d.app.Person(ctx, v.user, id)
	if err != nil {
		return err
	}
	data := personData{Person: p, Merge: mergeInputs(v), Undo: []input{whyInput(v, doDivide)}}
	if with = leadIn(with); isWord.MatchString(with) {
		other, err := d.app.Person(ctx, v.user, with)
		if err != nil {
			return err
		}
		if other.ID != p.ID {
			beside := newPair(v.view, app.DoubtView{Person: p, With: other})
			beside.ID, data.Pair = "pair", &beside
		}
	}
	v.view.Title, v.view.Data = v.view.T("person.title"), data
	if name := nameOf(p); name != "" {
		v.view.Title = name
	}
	d.render(v.w, v.r, status, "person", v.view)
	return nil
}

// nameOf is what a person is called on a page, "" where that is not to be seen.
func nameOf(p app.PersonView) string {
	for _, d := range p.Details {
		if d.Detail != lead.DetailPlace && d.Value != "" {
			return d.Value
		}
	}
	return ""
}

func mergeInputs(v visit) []input {
	return []input{{Act: doMerge, Name: "with", Kind: "line", Type: "text", Required: true, Hint: v.view.T("hint.with")}, whyInput(v, doMerge)}
}

func whyInput(v visit, act string) input {
	why := input{Act: act, Name: "why", Kind: "line", Type: "text", Hint: v.view.T("hint.reason")}
	for _, text := range v.view.List("reasons." + act) {
		why.Choices = append(why.Choices, choice{Value: text})
	}
	return why
}

// leadIn is the lead or person that somebody names, by id or by the address of a page.
func leadIn(text string) string {
	text = strings.TrimSpace(text)
	for _, path := range []string{"/leads/", "/persons/"} {
		if at := strings.LastIndex(text, path); at >= 0 {
			text = text[at+len(path):]
			if end := strings.IndexAny(text, "/?#"); end >= 0 {
				text = text[:end]
			}
		}
	}
	return text
}

// decidePage does what a form asks for, and goes back to the list of doubts where it
// came from there, else to the person.
func (d *desk) decidePage(v visit) error {
	act := v.r.PathValue("act")
	if !slices.Contains([]string{doMerge, doApart, doDivide}, act) {
		return lead.Errorf(lead.NotFound, "there is no such page")
	}
	if err := d.checkPost(v.r); err != nil {
		return err
	}
	after, err := d.decide(v, act)
	if err != nil {
		return d.decideFailed(v, act, err)
	}
	to := "/persons/" + after.ID
	if v.r.PostFormValue("review") != "" {
		to = doubtsPath
	}
	http.Redirect(v.w, v.r, v.view.Base+to+"?done="+act, http.StatusSeeOther)
	return nil
}

func (d *desk) decide(v visit, act string) (app.PersonView, error) {
	ctx, person, form := v.r.Context(), v.r.PathValue("person"), v.r.PostFormValue
	if !isWord.MatchString(person) {
		return app.PersonView{}, lead.Errorf(lead.NotFound, "there is no such person")
	}
	with := leadIn(form("with"))
	if with != "" && !isWord.MatchString(with) {
		return app.PersonView{}, &lead.Error{Kind: lead.Invalid, Field: "with", Text: "there is no such person or lead"}
	}
	version, _ := strconv.Atoi(form("version"))
	switch act {
	case doMerge:
		return d.app.Merge(ctx, v.user, app.Merging{Person: person, With: with, Why: form("why"), Version: version})
	case doApart:
		return d.app.Apart(ctx, v.user, person, with)
	}
	return d.app.Divide(ctx, v.user, app.Division{Person: person, With: with, Why: form("why"), Version: version})
}

// decideFailed shows the persons as they are now, with what went wrong and what was
// typed.
func (d *desk) decideFailed(v visit, act string, err error) error {
	p := problemOf(err)
	if p.Status == http.StatusNotFound || p.Status >= 500 {
		return err
	}
	fault := &page.Fault{Act: act, Text: p.Detail, Values: map[string]string{}}
	var e *lead.Error
	if errors.As(err, &e) && e.Kind == lead.Invalid {
		fault.Field = e.Field
	}
	for _, name := range []string{"with", "why"} {
		fault.Values[name] = v.r.PostFormValue(name)
	}
	v.view.Fault, v.view.Notice = fault, ""
	v.view.Self = "/persons/" + url.PathEscape(v.r.PathValue("person"))
	with := ""
	if act != doDivide && fault.Field != "with" {
		with = v.r.PostFormValue("with")
	}
	if shown := d.showPerson(v, p.Status, with); shown != nil {
		return err
	}
	return nil
}

func (d *desk) unverifiedPage(v visit) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	list, err := d.app.Unverified(v.r.Context(), v.user, p)
	if err != nil {
		return err
	}
	v.view.Title = v.view.T("unverified.title")
	v.view.Data = listing{Lede: v.view.T("unverified.lede"), Empty: v.view.T("unverified.empty"), Rows: rows(list.Leads), More: more(v, list.Cursor)}
	d.render(v.w, v.r, http.StatusOK, "list", v.view)
	return nil
}
