package desk

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/route"
)

// routeData is what the page about a lead's way shows.
type routeData struct {
	Lead  app.LeadView
	Route app.RouteView
	Said  string // who would get the lead
	Rules []askedRule
	Facts []fact
	Reps  string // address of the page about the team's reps, "" where the user has none
}

type askedRule struct {
	route.Asked
	To string
}

// routePage tells how a lead would be placed if it were routed now.
func (d *desk) routePage(v visit) error {
	ctx, id := v.r.Context(), v.r.PathValue("lead")
	if !isWord.MatchString(id) {
		return lead.Errorf(lead.NotFound, "there is no such lead")
	}
	how, err := d.app.ExplainLead(ctx, v.user, id)
	if err != nil {
		return err
	}
	l, err := d.app.Lead(ctx, v.user, id)
	if err != nil {
		return err
	}
	words := words{lang: v.view.Lang, zone: v.view.Zone}
	data := routeData{Lead: l, Route: how, Said: words.outcome(how), Facts: known(how.Facts)}
	for _, r := range how.Rules {
		data.Rules = append(data.Rules, askedRule{r, words.target(r.Rule)})
	}
	if slices.ContainsFunc(v.places.Teams, func(t app.TeamView) bool { return t.ID == how.Team }) {
		data.Reps = repsPath(how.Team)
	}
	v.view.Title = v.view.T("route.title", l.Number)
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "route", v.view)
	return nil
}

// known lists the facts that conditions looked at, answers each on its own.
func known(facts map[string]any) []fact {
	var out []fact
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		switch value := facts[name].(type) {
		case map[string]any:
			for _, answer := range slices.Sorted(maps.Keys(value)) {
				out = append(out, fact{name + "." + answer, fmt.Sprint(value[answer])})
			}
		case []string:
			out = append(out, fact{name, strings.Join(value, ", ")})
		default:
			out = append(out, fact{name, fmt.Sprint(value)})
		}
	}
	return out
}

// outcome tells where routing would send a lead.
func (w words) outcome(how app.RouteView) string {
	switch how.Outcome {
	case app.OutcomeRep:
		return w.t("route.rep", how.Rep.Name)
	case app.OutcomeWait:
		return w.t("route.wait", how.Team, w.time(how.Wait))
	case app.OutcomePool:
		return w.t("route.pool", how.Pool)
	case app.OutcomeNurture:
		return w.t("route.nurture")
	}
	return w.t("route.triage", how.Team)
}

// target tells where a rule sends the leads for which it holds.
func (w words) target(r route.Rule) string {
	switch {
	case r.Team != "":
		return w.t("route.to_team", r.Team)
	case r.Triage != "":
		return w.t("route.to_triage", r.Triage)
	case r.Pool != "":
		return w.t("route.to_pool", r.Pool)
	}
	return w.t("route.to_nurture")
}

// repsData is what the page about a team's reps shows.
type repsData struct {
	Teams    []way
	Team     string
	Month    string // now
	Before   string // the month before
	Channels []app.ChannelAbility
	Rows     []repRow
	Scale    float64 // conversion at the bars' end
}

type repRow struct {
	Rep           app.RepView
	OnShift       bool
	Overall       app.Estimate
	Turns         int
	Month, Before int // conversions
	Bar           bar
	Channels      []app.Estimate // as in repsData
}

// bar places an estimate on a line of length 100.
type bar struct{ From, Width, Mean float64 }

func repsPath(team string) string { return "/teams/" + team + "/reps" }

// repsPage tells how the reps of a team stand and how well they convert.
func (d *desk) repsPage(v visit) error {
	ctx, team := v.r.Context(), v.r.PathValue("team")
	abilities, err := d.app.Abilities(ctx, v.user, team)
	if err != nil {
		return err
	}
	reps, err := d.app.Reps(ctx, v.user)
	if err != nil {
		return err
	}
	now := d.app.Now().UTC()
	data := repsData{Team: team, Month: lead.MonthOf(now), Before: lead.MonthOf(now.AddDate(0, 0, -now.Day())), Channels: abilities.Channels}
	for _, one := range abilities.Reps {
		data.Scale = max(data.Scale, one.Overall.High)
	}
	data.Scale = min(1, math.Ceil(data.Scale*10)/10)
	for _, one := range abilities.Reps {
		at := slices.IndexFunc(reps, func(r app.RepView) bool { return r.ID == one.Rep.ID })
		if at < 0 { // added between the two reads
			continue
		}
		data.Rows = append(data.Rows, data.row(reps[at], one))
	}
	name := team
	for _, t := range v.places.Teams {
		data.Teams = append(data.Teams, way{Path: repsPath(t.ID), Text: t.Name})
		if t.ID == team {
			name = t.Name
		}
	}
	v.view.Title = v.view.T("reps.title", name)
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "reps", v.view)
	return nil
}

func (p repsData) row(rep app.RepView, one app.RepAbility) repRow {
	row := repRow{Rep: rep, OnShift: one.OnShift, Overall: one.Overall, Turns: rep.Turns[p.Team], Month: rep.Months[p.Month], Before: rep.Months[p.Before]}
	at := func(part float64) float64 { return math.Round(1000*part/p.Scale) / 10 }
	row.Bar = bar{From: at(one.Overall.Low), Width: at(one.Overall.High) - at(one.Overall.Low), Mean: at(one.Overall.Mean)}
	for _, c := range p.Channels {
		row.Channels = append(row.Channels, one.Channels[c.Channel])
	}
	return row
}
