package desk

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// leadData is what the page of a lead shows.
type leadData struct {
	Lead    app.LeadView
	Facts   []fact
	Private []fact
	Acts    []actForm
	Ahead   []app.Deadline // what comes after the last entry, the latest first
	Entries []entry
	More    string
	Route   bool // the user sees how the lead would be placed
	Jobs    bool // and the jobs that move leads
	Made    *made
}

type fact struct{ Label, Value string }

// entry is a change in the time-line, its events told.
type entry struct {
	app.Happening
	Lines []line
}

type line struct {
	app.Event
	What string
}

func (d *desk) leadPage(v visit) error {
	return d.showLead(v, http.StatusOK)
}

// showLead shows a lead, with a fault of the act that was tried, if any.
func (d *desk) showLead(v visit, status int) error {
	ctx, id := v.r.Context(), v.r.PathValue("lead")
	if !isWord.MatchString(id) {
		return lead.Errorf(lead.NotFound, "there is no such lead")
	}
	l, err := d.app.Lead(ctx, v.user, id)
	if err != nil {
		return err
	}
	return d.showThis(v, status, l)
}

// showThis shows a lead as it was just answered.
func (d *desk) showThis(v visit, status int, l app.LeadView) error {
	ctx, id := v.r.Context(), l.ID
	cursor := ""
	if v.r.Method == http.MethodGet {
		cursor = v.r.URL.Query().Get("cursor")
	}
	timeline, err := d.app.Timeline(ctx, v.user, id, app.Page{Limit: 100, Cursor: cursor})
	if err != nil {
		return err
	}
	data := leadData{Lead: l, Facts: facts(v.view, l), Private: answers(l.Private), More: more(v, timeline.Cursor), Route: v.user.SeesRouting(), Jobs: v.user.Is(app.RoleManager, app.RoleOps), Made: d.madeNow(v, l)}
	words := words{lang: v.view.Lang, zone: v.view.Zone}
	for _, h := range slices.Backward(timeline.Entries) { // the latest first
		e := entry{Happening: h}
		for _, event := range h.Events {
			e.Lines = append(e.Lines, line{Event: event, What: words.what(event)})
		}
		data.Entries = append(data.Entries, e)
	}
	if timeline.Cursor == "" { // else the latest entries are not on this page
		data.Ahead = slices.Clone(l.Ahead)
		slices.Reverse(data.Ahead)
	}
	if data.Acts, err = d.actForms(v, l); err != nil {
		return err
	}
	v.view.Title = l.Number
	v.view.Data = data
	d.render(v.w, v.r, status, "lead", v.view)
	return nil
}

// facts lists what is known of the enquiry, leaving out what is empty.
func facts(v page.View, l app.LeadView) []fact {
	value := ""
	if l.Value != nil {
		value = money(*l.Value)
	}
	from := map[string]string{}
	for _, f := range l.Derived {
		from[f.Name] = " · " + v.T("fact.from", v.Word("origin", f.From))
	}
	var out []fact
	for _, f := range []fact{
		{"created", v.Time(l.Created)}, {"form", l.Form}, {"campaign", l.Campaign}, {"channel", l.Channel},
		{"source", l.Source}, {"country", l.Country}, {"city", l.City}, {"language", l.Language}, {"line", l.Line}, {"carrier", l.Carrier},
		{"industry", l.Industry}, {"headcount", l.Headcount},
		{"team", l.Team}, {"cohort", l.Cohort}, {"pool", l.Pool}, {"list", l.List}, {"owners", number(l.Owners)}, {"touches", number(l.Touches)}, {"value", value},
		{"looked", moment(v, l.Looked)},
	} {
		if f.Value != "" {
			out = append(out, fact{v.T("fact." + f.Label), f.Value + from[f.Label]})
		}
	}
	return append(out, answers(l.Answers)...)
}

// number is a count, "" for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// moment shows a time, "" for none.
func moment(v page.View, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return v.Time(at)
}

// answers lists a form's answers under the names that the form gives them.
func answers(all map[string]any) []fact {
	var out []fact
	for _, name := range slices.Sorted(maps.Keys(all)) {
		value := fmt.Sprint(all[name])
		if list, ok := all[name].([]any); ok {
			value = strings.Trim(fmt.Sprint(list...), "[]")
		}
		out = append(out, fact{strings.ReplaceAll(name, "_", " "), value})
	}
	return out
}
