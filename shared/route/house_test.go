package route_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
)

const day = 24 * time.Hour

var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

// shifts reads spans such as 09:00-18:00, worked every day.
func shifts(spans ...string) (all []lead.Shift) {
	for _, span := range spans {
		from, to, _ := strings.Cut(span, "-")
		all = append(all, lead.Shift{Days: everyDay, From: from, To: to})
	}
	return all
}

// house is a drawn team with its reps, and a lead that comes in.
type house struct {
	plan  route.Plan
	way   route.Way
	table *route.Table
	reps  []lead.Rep
	lead  lead.Lead
	now   time.Time
}

func (h *house) query() route.Query {
	return route.Query{Lead: h.lead, Facts: h.lead.Facts, Reps: h.reps, Now: h.now}
}

func compiled(t rapid.TB, plan route.Plan) *route.Table {
	t.Helper()
	table, problems := route.Compile(plan)
	if problems != nil {
		t.Fatal(problems)
	}
	return table
}

// teamOf is a table of one team, which gets every lead.
func teamOf(t testing.TB, way route.Way) *route.Table {
	t.Helper()
	way.Team = "young"
	return compiled(t, route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{way}})
}

func drawHouse(t *rapid.T) *house {
	h := &house{now: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(t, "minute")) * time.Minute)}
	for i := range rapid.IntRange(0, 8).Draw(t, "reps") {
		h.reps = append(h.reps, drawRep(t, fmt.Sprint("rep-", i), h.now))
	}
	h.way = drawWay(t)
	h.plan = route.Plan{
		Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{h.way, {Team: "other"}},
		Calendars: []hours.Calendar{{ID: "house", Off: []lead.Leave{{From: "2026-03-04"}, {From: "2026-03-09", To: "2026-03-10"}}}},
		Territories: []route.Territory{
			{ID: "china", When: `country == "CN"`, Inside: []route.Territory{{ID: "east", When: `city == "Shanghai"`}}},
			{ID: "abroad", When: `country != ""`},
		},
	}
	h.table = compiled(t, h.plan)
	h.lead = drawLead(t, h.now)
	return h
}

var (
	levels      = []string{"", "junior", "senior"}
	channels    = []string{"", "website", "fair"}
	territories = []string{"china", "east", "abroad"}
)

func sometimes[T any](t *rapid.T, label string, g *rapid.Generator[T]) *T {
	if !rapid.Bool().Draw(t, label+" given") {
		return nil
	}
	value := g.Draw(t, label)
	return &value
}

func drawRep(t *rapid.T, id string, now time.Time) lead.Rep {
	small := rapid.IntRange(0, 4)
	r := lead.Rep{
		ID: id, Name: id, Active: rapid.IntRange(0, 9).Draw(t, "active") > 0,
		Teams:       rapid.SampledFrom([][]string{{"young"}, {"young"}, {"young", "other"}, {"other", "young"}, {"other"}}).Draw(t, "teams"),
		Zone:        rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "America/New_York"}).Draw(t, "zone"),
		Calendar:    rapid.SampledFrom([]string{"", "house"}).Draw(t, "calendar"),
		Level:       rapid.SampledFrom(levels).Draw(t, "level"),
		Territories: rapid.SliceOfN(rapid.SampledFrom(territories), 0, 2).Draw(t, "territories"),
		Cap:         sometimes(t, "cap", small), Quota: sometimes(t, "quota", small), Target: sometimes(t, "target", small),
		Pace:    sometimes(t, "pace", rapid.SampledFrom([]int{0, 1, 30, 600})),
		Holding: small.Draw(t, "holding"), Today: small.Draw(t, "today"), Last: small.Draw(t, "last"),
		Turns:  map[string]int{"young": rapid.IntRange(0, 9).Draw(t, "turns")},
		Tried:  map[string]int{"website": 40, "fair": 40},
		Won:    map[string]int{"website": rapid.IntRange(0, 40).Draw(t, "won"), "fair": rapid.IntRange(0, 40).Draw(t, "won of the fair")},
		Months: map[string]int{"2026-02": small.Draw(t, "month")},
	}
	r.Day = r.DayOf(now.Add(-time.Duration(rapid.IntRange(0, 1).Draw(t, "day")) * day))
	if rapid.Bool().Draw(t, "paced") {
		r.Paced = now.Add(time.Duration(rapid.IntRange(-2*24*60, 24*60).Draw(t, "paced at")) * time.Minute)
	}
	clock := rapid.SampledFrom([]string{"00:00", "06:30", "09:00", "13:00", "18:00", "24:00"})
	for range rapid.IntRange(0, 2).Draw(t, "shifts") {
		r.Shifts = append(r.Shifts, lead.Shift{Days: rapid.SliceOfN(rapid.SampledFrom(everyDay), 1, 5).Draw(t, "days"),
			From: clock.Draw(t, "from"), To: clock.Draw(t, "to")})
	}
	if rapid.IntRange(0, 4).Draw(t, "leave") == 0 {
		r.Leave = []lead.Leave{{From: "2026-03-03", To: rapid.SampledFrom([]string{"2026-03-03", "2026-03-12"}).Draw(t, "leave to")}}
	}
	return r
}

func drawWay(t *rapid.T) route.Way {
	w := route.Way{
		Team: "young", Mode: rapid.SampledFrom([]route.Mode{"", route.Even, route.Growth, route.Efficiency}).Draw(t, "mode"),
		CoolOff: rapid.SampledFrom([]time.Duration{0, day, 30 * day}).Draw(t, "cool-off"),
		Wait:    rapid.SampledFrom([]time.Duration{0, 4 * time.Hour, 16 * time.Hour, 3 * day}).Draw(t, "wait"),
		Weights: rapid.MapOfN(rapid.SampledFrom([]string{"rep-0", "rep-1", "rep-2", "rep-3"}), rapid.IntRange(0, 3), 0, 3).Draw(t, "weights"),
	}
	if rapid.IntRange(0, 9).Draw(t, "single") == 0 {
		w.Single = "rep-1"
	}
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		s := route.Step{By: rapid.SampledFrom(route.Steps).Draw(t, "by"),
			Else: rapid.SampledFrom([]route.Else{"", route.ElseNext, route.ElseWait, route.ElseTriage}).Draw(t, "else")}
		switch s.By {
		case route.BySeniority:
			s.Levels = map[lead.Grade][]string{"A": {"senior"}, "B": {"junior", "senior"}}
		case route.ByCohort:
			s.Cohort = []route.Cohort{{Name: "spring", When: `campaign == "spring"`, Reps: []string{"rep-1", "rep-2"}, From: "2026-03-03", To: "2026-03-09"}}
		case route.BySkill:
			s.Best = rapid.IntRange(0, 3).Draw(t, "best")
		}
		if rapid.IntRange(0, 3).Draw(t, "of grades") == 0 {
			s.Grades = []lead.Grade{"A", "C"}
		}
		w.Steps = append(w.Steps, s)
	}
	return w
}

func drawLead(t *rapid.T, now time.Time) lead.Lead {
	rep := rapid.SampledFrom([]string{"", "rep-0", "rep-1", "rep-2", "gone"})
	l := lead.Lead{
		ID: rapid.StringMatching(`[a-z]{4}`).Draw(t, "id"), State: lead.StateNew, Since: now, Created: now.Add(-5 * day),
		Grade: rapid.SampledFrom([]lead.Grade{"", "A+", "A", "B", "C"}).Draw(t, "grade"),
		Facts: lead.Facts{
			Channel: rapid.SampledFrom(channels).Draw(t, "channel"), Campaign: rapid.SampledFrom([]string{"", "spring"}).Draw(t, "campaign"),
			Country: rapid.SampledFrom([]string{"", "CN", "DE"}).Draw(t, "country"), City: rapid.SampledFrom([]string{"", "Shanghai"}).Draw(t, "city"),
			Account: rep.Draw(t, "account"), Referrer: rep.Draw(t, "referrer"),
		},
	}
	if rapid.Bool().Draw(t, "routing") {
		l.State, l.Since = lead.StateRouting, now.Add(-time.Duration(rapid.IntRange(0, 20*60).Draw(t, "since"))*time.Minute)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "owners") {
		l.Owners = append(l.Owners, lead.Owner{Rep: fmt.Sprint("rep-", i), Until: now.Add(-time.Duration(rapid.IntRange(0, 40*24).Draw(t, "ended")) * time.Hour)})
	}
	return l
}

// members are the reps of the team that a decision is about.
func (h *house) members() (found []lead.Rep) {
	for _, r := range h.reps {
		if slices.Contains(r.Teams, "young") && (h.way.Single == "" || h.way.Single == r.ID) {
			found = append(found, r)
		}
	}
	return found
}

// canTake says anew, and in its own words, whether a rep can take the lead at a
// moment.
func (h *house) canTake(r lead.Rep, at time.Time) bool {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		panic(err)
	}
	local := at.In(zone)
	date, clock := local.Format("2006-01-02"), local.Format("15:04")
	if share, given := h.way.Weights[r.ID]; given && share == 0 || !r.Active {
		return false
	}
	for _, off := range r.Leave {
		if date >= off.From && date <= off.To {
			return false
		}
	}
	if r.Calendar == "house" && (date == "2026-03-04" || date == "2026-03-09" || date == "2026-03-10") {
		return false
	}
	working := len(r.Shifts) == 0
	for _, s := range r.Shifts {
		working = working || slices.Contains(s.Days, local.Weekday()) && clock >= s.From && clock < s.To
	}
	given := r.Today
	if r.Day != date {
		given = 0
	}
	for _, o := range h.lead.Owners {
		if o.Rep == r.ID && !o.Until.Add(h.way.CoolOff).Before(h.now) { // a cool-off is not waited for
			return false
		}
	}
	return working && (r.Cap == nil || r.Holding < *r.Cap) && (r.Quota == nil || given < *r.Quota) &&
		(r.Pace == nil || *r.Pace > 0 && !r.Paced.After(at))
}
