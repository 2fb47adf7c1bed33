package lead_test

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestTimers tells stories whose end is a deadline, counted from the start.
func TestTimers(t *testing.T) {
	t.Parallel()
	call := lead.Log{Rep: ann, Activity: lead.Logged{Way: "call"}}
	plan := func(in time.Duration) lead.Log {
		return lead.Log{Rep: ann, Activity: lead.Logged{Way: "call", StepAt: monday.Add(in)}}
	}
	hold := lead.Hold{Rep: ann}
	grade := func(g lead.Grade) lead.Score { return lead.Score{Fit: 99, Grade: g} }
	for name, test := range map[string]struct {
		play func(*life, func(...lead.Command))
		want time.Duration
	}{
		"first contact by the grade": {func(l *life, do func(...lead.Command)) {}, time.Hour},
		"later ones by the cadence": {func(l *life, do func(...lead.Command)) {
			l.wait(time.Hour)
			do(call)
		}, time.Hour + 2*day},
		"a planned step counts a day after its moment": {func(l *life, do func(...lead.Command)) {
			do(plan(5 * day))
		}, 6 * day},
		"a step sooner than the cadence does not hurry": {func(l *life, do func(...lead.Command)) {
			do(plan(time.Hour))
		}, 2 * day},
		"no step goes beyond the protection": {func(l *life, do func(...lead.Command)) {
			do(plan(90 * day))
		}, 30 * day},
		"an activity without a step drops the old step": {func(l *life, do func(...lead.Command)) {
			do(plan(20*day), call)
		}, 2 * day},
		"a grade changed by the rep times the next follow-up": {func(l *life, do func(...lead.Command)) {
			do(lead.Log{Rep: ann, Activity: lead.Logged{Way: "call", Grade: lead.GradeD}})
		}, 15 * day},
		"a better grade does not make the rep late": {func(l *life, do func(...lead.Command)) {
			l.wait(50 * time.Minute)
			do(touch(), grade(lead.GradeAPlus))
		}, time.Hour},
		"it times the follow-up after that": {func(l *life, do func(...lead.Command)) {
			l.wait(50 * time.Minute)
			do(grade(lead.GradeAPlus), call)
		}, 50*time.Minute + day},
		"a lead without a grade has the lowest's time": {func(l *life, do func(...lead.Command)) {
			do(grade(""))
		}, 2 * day},
		"a hold rests": {func(l *life, do func(...lead.Command)) {
			do(call, hold)
		}, 30 * day},
		"a customer who comes back is contacted as one who came": {func(l *life, do func(...lead.Command)) {
			do(plan(5*day), hold)
			l.wait(10 * day)
			do(touch())
		}, 10*day + time.Hour},
		"with the grade that coming back earns": {func(l *life, do func(...lead.Command)) {
			do(call, hold)
			l.wait(10 * day)
			do(touch(), grade(lead.GradeAPlus))
		}, 10*day + 30*time.Minute},
		"a step planned while on hold is kept": {func(l *life, do func(...lead.Command)) {
			do(call, hold)
			l.wait(10 * day)
			do(plan(15 * day))
		}, 16 * day},
		"time on hold is added to the protection": {func(l *life, do func(...lead.Command)) {
			do(plan(25 * day))
			l.wait(20 * day)
			do(hold)
			l.wait(20 * day)
			do(touch(), plan(90*day))
		}, 50 * day},
		"holds add up to one": {func(l *life, do func(...lead.Command)) {
			do(call, hold)
			l.wait(20 * day)
			do(call, hold)
		}, 30 * day},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := working(t, ann)
			test.play(l, func(commands ...lead.Command) { l.must(t, commands...) })
			if got := l.lead.Deadline.At.Sub(monday); got != test.want {
				t.Errorf("due after %v, want %v", got, test.want)
			}
		})
	}
}

// TestHoldUsedUp keeps a rep from parking a lead for ever.
func TestHoldUsedUp(t *testing.T) {
	t.Parallel()
	l := working(t, ann).must(t, lead.Hold{Rep: ann}).wait(30*day).must(t, touch())
	if err := l.do(lead.Hold{Rep: ann}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("put on hold again: %v", err)
	}
}

// TestReclaimed says why a lead was taken back.
func TestReclaimed(t *testing.T) {
	t.Parallel()
	call := lead.Log{Rep: ann, Activity: lead.Logged{Way: "call"}}
	for why, commands := range map[string][]lead.Command{
		"first follow-up missed":                   nil,
		"follow-up missed":                         {call},
		"on hold for as long as the policy allows": {call, lead.Hold{Rep: ann}},
		"not converted while protected":            {lead.Log{Rep: ann, Activity: lead.Logged{Way: "call", StepAt: monday.Add(60 * day)}}},
		"rested its time in nurturing":             {lead.Recycle{Rep: ann, Reason: "not yet"}},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			l := working(t, ann).must(t, commands...).expire(t)
			for _, e := range l.history[len(l.history)-1].Events {
				if p, ok := e.(lead.Pooled); ok && (p.Why != why || p.Pool != "sea") {
					t.Errorf("pooled in %s: %s", p.Pool, p.Why)
				}
			}
			if l.lead.State != lead.StatePooled {
				t.Errorf("the lead is %s", l.lead.State)
			}
		})
	}
}

// TestAnotherEnquiry merges what the person says into what is known.
func TestAnotherEnquiry(t *testing.T) {
	t.Parallel()
	l := captured(t).must(t, touch()).lead
	f := l.Facts
	if f.Campaign != "spring" || f.Channel != "website" {
		t.Errorf("the first touch's campaign and channel are %s, %s", f.Campaign, f.Channel)
	}
	if f.Form != "fair" || !f.HasPhone || !f.HasEmail || f.Answers["age"] != 7.0 || f.Answers["city"] != "Suzhou" {
		t.Errorf("the facts are %+v", f)
	}
	if f.Touches != 2 || string(l.Private) != "budget" {
		t.Errorf("%d touches, private %q", f.Touches, string(l.Private))
	}
}

// TestIncomplete refuses commands that lack something.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	pooled := func(t *testing.T) *life { return captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}}) }
	worked := func(t *testing.T) *life { return working(t, ann) }
	activity := func(a lead.Logged) lead.Command { return lead.Log{Rep: ann, Activity: a} }
	for name, test := range map[string]struct {
		life    func(*testing.T) *life
		command lead.Command
		field   string
	}{
		"claimed by nobody":       {pooled, lead.Claim{}, "rep"},
		"given to nobody":         {pooled, lead.Assign{Team: "inside"}, "rep"},
		"given for no team":       {pooled, lead.Assign{Rep: ann}, "team"},
		"released for no reason":  {worked, lead.Release{Rep: ann}, "reason"},
		"recycled for no reason":  {worked, lead.Recycle{Rep: ann}, "reason"},
		"closed for no reason":    {worked, lead.Close{Rep: ann, As: lead.StateLost}, "reason"},
		"closed as a customer":    {worked, lead.Close{Rep: ann, As: lead.StateCustomer, Reason: "bought"}, "as"},
		"no way of contact":       {worked, activity(lead.Logged{}), "way"},
		"a step in the past":      {worked, activity(lead.Logged{Way: "call", StepAt: monday.Add(-time.Second)}), "step_at"},
		"a grade that is none":    {worked, activity(lead.Logged{Way: "call", Grade: "E"}), "grade"},
		"a value with no money":   {worked, lead.Convert{Rep: ann, Value: lead.Money{Amount: 5}}, "value"},
		"a value below nothing":   {worked, lead.Convert{Rep: ann, Value: lead.Money{Amount: -5, Currency: "EUR"}}, "value"},
		"a choice of nothing":     {captured, lead.Route{}, ""},
		"a choice without a team": {captured, lead.Route{Choice: lead.Choice{Rep: ann}}, ""},
		"qualified for nothing":   {worked, lead.Qualify{Rep: ann}, "verdict"},
		"moved for no reason":     {worked, lead.Move{Pool: "cold"}, "reason"},
		"moved nowhere":           {worked, moveTo(lead.Move{Team: "field"}), "to"},
		"moved to no team's rep":  {worked, moveTo(lead.Move{Rep: cy}), "team"},
		"moved to a rep and pool": {worked, moveTo(lead.Move{Rep: cy, Team: "field", Pool: "cold"}), "to"},
		"moved to a rep and anew": {worked, moveTo(lead.Move{Rep: cy, Team: "field", Anew: true}), "to"},
		"moved to pool and anew":  {worked, moveTo(lead.Move{Pool: "cold", Anew: true}), "to"},
		"waits for no team":       {captured, lead.Route{Choice: lead.Choice{Wait: monday.Add(day)}}, ""},
		"waits for this moment":   {captured, waitFor(monday), ""},
		"no command":              {captured, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := test.life(t)
			_, err := lead.Decide(l.lead, test.command, l.rules, l.now)
			e, ok := err.(*lead.Error)
			if !ok || e.Kind != lead.Invalid || e.Field != test.field {
				t.Errorf("got %v, want invalid at %q", err, test.field)
			}
		})
	}
}

// TestStepGrace: how late a planned step may be is the policy's.
func TestStepGrace(t *testing.T) {
	t.Parallel()
	l := working(t, ann)
	r := rules()
	for _, grace := range []time.Duration{0, 2 * time.Hour} {
		r.StepGrace = grace
		after, _, err := lead.Run(l.lead, lead.System("test"), r, l.now,
			lead.Log{Rep: ann, Activity: lead.Logged{Way: "call", StepAt: l.now.Add(5 * day)}})
		if err != nil {
			t.Fatal(err)
		}
		if got := after.Deadline.At.Sub(l.now); got != 5*day+grace {
			t.Errorf("with a grace of %s the follow-up is due after %s", grace, got)
		}
	}
}

// TestRestingLeadHasATeam: whose rules and manager apply is told with the pool
// or with nurturing, and a release leaves it as it is.
func TestRestingLeadHasATeam(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]lead.Choice{
		"pool":      {Team: "inside", Pool: "cold"},
		"nurturing": {Team: "inside", Nurture: true},
	} {
		after, entry, err := lead.Run(lead.Lead{ID: "l1"}, lead.System("test"), rules(), monday, capture(), lead.Route{Choice: c})
		if err != nil {
			t.Fatal(err)
		}
		entry.Lead = "l1"
		if folded := lead.Fold([]lead.Entry{entry}); after.Team != "inside" || folded.Team != "inside" {
			t.Errorf("%s: the lead is of team %q, folded %q", name, after.Team, folded.Team)
		}
	}
	l := working(t, ann).must(t, lead.Release{Rep: ann, Reason: "on leave"})
	if l.lead.Team == "" {
		t.Error("a released lead lost its team")
	}
}
