package lead_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// defaults are the rules of a team whose policy says nothing of its own: each of
// their numbers has its edge in the tests below.
func defaults() lead.Rules {
	hour := lead.Span{Time: time.Hour}
	return lead.Rules{
		Policy: 1,
		New:    2 * time.Minute, Routing: 2 * time.Minute, Wait: 16 * time.Hour, Accept: hour, Triage: lead.Span{Time: 4 * time.Hour}, Verify: lead.Span{Days: 3}, Manager: day,
		Nurture: 30 * day, Hold: 30 * day, HoldMost: 90 * day, Handoff: day, List: 3 * day, Sweep: 30 * day,
		Protect: 30 * day, Extend: 30 * day, Most: 60 * day, CoolOff: 30 * day, StepGrace: day,
		Zombie: 7 * day, Note: lead.Span{Days: 1}, Log: day, Talk: 30 * time.Second, Near: 500, Warn: []time.Duration{day, 4 * time.Hour}, MaxOffers: 3,
		FirstContact: map[lead.Grade]lead.Span{lead.GradeAPlus: hour, lead.GradeA: hour, lead.GradeB: {Days: 1}, lead.GradeC: {Days: 3}, lead.GradeD: {Days: 7}, "": {Days: 7}},
		Cadence:      map[lead.Grade]lead.Span{lead.GradeAPlus: {Days: 1}, lead.GradeA: {Days: 2}, lead.GradeB: {Days: 5}, lead.GradeC: {Days: 10}, lead.GradeD: {Days: 10}, "": {Days: 10}},
		Ladder:       map[lead.Grade]bool{lead.GradeAPlus: true, lead.GradeA: true, lead.GradeB: true, lead.GradeC: true, lead.GradeD: true, "": true},
		Pool:         "sea",
		Pools:        map[string]lead.Resting{"sea": {Cycle: 30 * day}, "frozen": {Cycle: 30 * day, Freeze: 2 * day}},
	}
}

// begin plays commands on a new lead of a grade by the default rules.
func begin(t *testing.T, g lead.Grade, commands ...lead.Command) *life {
	l := newLife()
	l.rules = defaults()
	return l.must(t, append([]lead.Command{capture(), lead.Score{Fit: 80, Grade: g}}, commands...)...)
}

// until lets the system act in time up to a moment, as far as it can by the lead
// alone.
func (l *life) until(t *testing.T, moment time.Time) *life {
	t.Helper()
	for d := l.lead.Deadline; d != nil && !d.At.After(moment) && d.Do != lead.DutyRoute && d.Do != lead.DutyScore; d = l.lead.Deadline {
		l.expire(t)
	}
	l.now = moment
	return l
}

// told sums up who has the lead, and how often the rep was reminded, the manager
// told, and the customer touched lightly.
func (l *life) told() string {
	said := []string{strings.TrimSpace(string(l.lead.State) + " " + l.lead.Owner())}
	var rep, manager, customer int
	for _, entry := range l.history {
		for _, e := range entry.Events {
			switch e := e.(type) {
			case lead.Reminded:
				if rep++; e.Manager {
					manager++
				}
			case lead.Escalated:
				manager++
			case lead.Nudged:
				customer++
			}
		}
	}
	for _, n := range []struct {
		who   string
		times int
	}{{"rep", rep}, {"manager", manager}, {"customer", customer}} {
		if n.times > 0 {
			said = append(said, fmt.Sprintf("%s told %d", n.who, n.times))
		}
	}
	return strings.Join(said, ", ")
}

// TestDefaultEdges has what is the case a second before a default's edge, and a
// second after.
func TestDefaultEdges(t *testing.T) {
	t.Parallel()
	friday := monday.Add(4*day + 7*time.Hour) // an hour before the office closes
	rep := []lead.Command{toRep(ann), lead.Accept{Rep: ann}}
	with := func(more ...lead.Command) []lead.Command { return append(rep[:2:2], more...) }
	rejected := []lead.Command{toRep(ann), lead.Reject{Rep: ann, Reason: "language"}}
	bought := []lead.Command{lead.Withhold{Team: "cleansing"}}
	far := plan(ann, monday.Add(90*day))
	hold := with(lead.Hold{Rep: ann})
	extended := with(far, lead.Extend{Rep: ann, Reason: "budget in May"})
	const A, B, C, D = lead.GradeA, lead.GradeB, lead.GradeC, lead.GradeD
	const gone, minute, hour = "routing", time.Minute, time.Hour
	for _, test := range []struct {
		name          string
		grade         lead.Grade
		play          []lead.Command
		edge          time.Duration
		before, after string
	}{
		{"an offer is reminded of after 30 minutes", A, rep[:1], 30 * minute, "offered ann", "offered ann, rep told 1"},
		{"an offer stands for 60 minutes", A, rep[:1], 60 * minute, "offered ann, rep told 1", gone + ", rep told 1"},
		{"the manager is told of triage after 4 hours", A, rejected, 4 * hour, "triage", "triage, manager told 1"},
		{"and again after a day", A, rejected, 28 * hour, "triage, manager told 1", "triage, manager told 2"},

		{"the manager is told of a lead from a list after 3 days", A, bought, 3 * day, "unverified", "unverified, manager told 1"},
		{"and again after another day", A, bought, 4 * day, "unverified, manager told 1", "unverified, manager told 2"},

		{"A: reminded half way to the first contact", A, rep, 30 * minute, "working ann", "working ann, rep told 1"},
		{"A: the manager is told after three quarters", A, rep, 45 * minute, "working ann, rep told 1", "working ann, rep told 2, manager told 1"},
		{"A+: first contact within an hour", lead.GradeAPlus, rep, hour, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"A: first contact within an hour", A, rep, hour, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"B: first contact within a day", B, rep, day, "working ann, rep told 1, manager told 1", gone + ", rep told 1, manager told 1"},
		{"C: first contact within 3 days", C, rep, 3 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"D: first contact within 7 days", D, rep, 7 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},

		{"A+: the next one within a day", lead.GradeAPlus, with(call(ann)), day, "working ann, rep told 1, manager told 1", gone + ", rep told 1, manager told 1"},
		{"A: the next one within 2 days", A, with(call(ann)), 2 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"B: the next one within 5 days", B, with(call(ann)), 5 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"C: the next one within 10 days, a step planned", C, with(plan(ann, monday.Add(4*day))), 10 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"C: a week without an update and a planned step", C, with(call(ann)), 7 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"a step may be a day late", A, with(plan(ann, monday.Add(5*day))), 6 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"a note buys a day of the first contact", A, with(note(ann)), 25 * hour, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},

		{"warned 24 hours before the protection ends", A, with(far), 29 * day, "working ann", "working ann, rep told 1"},
		{"warned 4 hours before the protection ends", A, with(far), 30*day - 4*hour, "working ann, rep told 1", "working ann, rep told 2, manager told 1"},
		{"protected for 30 days", A, with(far), 30 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},
		{"extended to 60 days", A, extended, 60 * day, "working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"},

		{"\"not now\": touched lightly after 30 days", A, hold, 30 * day, "paused ann", "paused ann, customer told 1"},
		{"\"not now\": touched again after 60 days", A, hold, 60 * day, "paused ann, customer told 1", "paused ann, customer told 2"},
		{"\"not now\": warned 24 hours before its end", A, hold, 89 * day, "paused ann, customer told 2", "paused ann, rep told 1, customer told 2"},
		{"\"not now\": for 90 days in all", A, hold, 90 * day, "paused ann, rep told 2, manager told 1, customer told 2", "pooled, rep told 2, manager told 1, customer told 2"},

		{"nurtured for 30 days", A, with(lead.Recycle{Rep: ann, Reason: "not yet"}), 30 * day, "nurturing", "pooled"},
		{"handed over within 24 hours", A, with(lead.Convert{Rep: ann}), 24 * hour, "converted", "converted, manager told 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for moment, want := range map[time.Duration]string{test.edge - time.Second: test.before, test.edge + time.Second: test.after} {
				if got := begin(t, test.grade, test.play...).until(t, monday.Add(moment)).told(); got != want {
					t.Errorf("after %v: %s, want %s", moment, got, want)
				}
			}
		})
	}
	t.Run("in working time", func(t *testing.T) {
		t.Parallel()
		for name, test := range map[string]struct {
			play []lead.Command
			edge time.Time
			want [2]string
		}{
			"an offer":        {rep[:1], friday.Add(60 * minute), [2]string{"offered ann, rep told 1", gone + ", rep told 1"}},
			"a first contact": {rep, friday.Add(60 * minute), [2]string{"working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"}},
			"triage":          {rejected, friday.Add(3*day - 4*hour), [2]string{"triage", "triage, manager told 1"}},
			"a list":          {bought, friday.Add(5 * day), [2]string{"unverified", "unverified, manager told 1"}},
			"a cadence":       {with(call(ann)), friday.Add(4 * day), [2]string{"working ann, rep told 2, manager told 1", gone + ", rep told 2, manager told 1"}},
		} {
			for i, moment := range []time.Time{test.edge.Add(-time.Second), test.edge.Add(time.Second)} {
				l := newLife()
				l.rules, l.now = defaults(), friday
				l.rules.Hours = office{}
				l.must(t, append([]lead.Command{capture(), lead.Score{Grade: A}}, test.play...)...)
				if got := l.until(t, moment).told(); got != test.want[i] {
					t.Errorf("%s from Friday afternoon: on %v %s, want %s", name, moment, got, test.want[i])
				}
			}
		}
	})
}

// TestEvidenceEdges: a call of 30 seconds, a visit within 500 metres, and both
// logged within 24 hours, reach the customer.
func TestEvidenceEdges(t *testing.T) {
	t.Parallel()
	visit := func(metres *int, checked bool) lead.Logged {
		return lead.Logged{Way: lead.WayVisit, Checked: checked, Metres: metres}
	}
	for name, test := range map[string]struct {
		activity lead.Logged
		bare     bool
	}{
		"a call of 30 s":              {lead.Logged{Way: lead.WayCall, Seconds: 30}, false},
		"a call of 29 s":              {lead.Logged{Way: lead.WayCall, Seconds: 29}, true},
		"a call of the customer's":    {lead.Logged{Way: lead.WayCall, Inbound: true}, false},
		"a meeting":                   {lead.Logged{Way: lead.WayMeeting}, false},
		"a mail to them":              {lead.Logged{Way: lead.WayMail}, true},
		"a mail from them":            {lead.Logged{Way: lead.WayMail, Inbound: true}, false},
		"a chat to them":              {lead.Logged{Way: lead.WayChat}, true},
		"a chat from them":            {lead.Logged{Way: lead.WayChat, Inbound: true}, false},
		"a note":                      {lead.Logged{Way: lead.WayNote, Inbound: true, Seconds: 90}, true},
		"a visit 500 m away":          {visit(new(500), true), false},
		"a visit 501 m away":          {visit(new(501), true), true},
		"a visit without a check-in":  {visit(new(0), false), true},
		"a visit to no known place":   {visit(nil, true), false},
		"a meeting 24 h ago":          {lead.Logged{Way: lead.WayMeeting, Done: monday.Add(-24 * time.Hour)}, false},
		"a meeting 24 h and 1 s ago":  {lead.Logged{Way: lead.WayMeeting, Done: monday.Add(-24*time.Hour - time.Second)}, true},
		"a long call logged too late": {lead.Logged{Way: lead.WayCall, Seconds: 900, Inbound: true, Done: monday.Add(-25 * time.Hour)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, lead.Log{Rep: ann, Activity: test.activity})
			logged := l.history[len(l.history)-1].Events[0].(lead.Logged)
			if p := l.lead.Period; logged.Bare != test.bare || p.Touched.IsZero() != test.bare || p.Noted.IsZero() == test.bare || p.Stayed != test.bare {
				t.Errorf("bare %t, the period is %+v", logged.Bare, p)
			}
		})
	}
}
