package lead_test

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

// end is when the system does more than remind and touch lightly, if nobody does
// anything.
func (l *life) end() lead.Deadline {
	ahead := lead.Ahead(l.lead, l.rules)
	return ahead[len(ahead)-1]
}

// TestTimers tells stories by whose end a rep loses the lead, counted from the
// start.
func TestTimers(t *testing.T) {
	t.Parallel()
	step := func(in time.Duration) lead.Command { return plan(ann, monday.Add(in)) }
	noted := func(step time.Duration) lead.Command {
		return lead.Log{Rep: ann, Activity: lead.Logged{Way: lead.WayNote, StepAt: monday.Add(step)}}
	}
	rated := func(g lead.Grade) lead.Command {
		return lead.Log{Rep: ann, Activity: lead.Logged{Way: lead.WayMeeting, Grade: g}}
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
			do(call(ann))
		}, time.Hour + 2*day},
		"a planned step counts a day after its moment": {func(l *life, do func(...lead.Command)) {
			do(step(5 * day))
		}, 6 * day},
		"a step sooner than the cadence does not hurry": {func(l *life, do func(...lead.Command)) {
			do(step(time.Hour))
		}, 2 * day},
		"no step goes beyond the protection": {func(l *life, do func(...lead.Command)) {
			do(step(90 * day))
		}, 30 * day},
		"an activity without a step drops the old step": {func(l *life, do func(...lead.Command)) {
			do(step(20*day), call(ann))
		}, 2 * day},
		"a call that nobody answers buys a day": {func(l *life, do func(...lead.Command)) {
			l.wait(time.Minute)
			do(note(ann))
		}, time.Hour + day},
		"and only one": {func(l *life, do func(...lead.Command)) {
			do(note(ann))
			l.wait(20 * time.Hour)
			do(note(ann), note(ann))
		}, time.Hour + day},
		"and another one after the customer was reached": {func(l *life, do func(...lead.Command)) {
			do(note(ann), call(ann), note(ann))
		}, 3 * day},
		"it leaves the planned step": {func(l *life, do func(...lead.Command)) {
			do(step(20*day), note(ann))
		}, 22 * day},
		"what it plans is no promise": {func(l *life, do func(...lead.Command)) {
			do(noted(20 * day))
		}, time.Hour + day},
		"without an update and a step for a week": {func(l *life, do func(...lead.Command)) {
			do(rated(lead.GradeD))
		}, 7 * day},
		"a note is an update": {func(l *life, do func(...lead.Command)) {
			do(rated(lead.GradeD))
			l.wait(6 * day)
			do(note(ann))
		}, 13 * day},
		"and so is a step that is planned": {func(l *life, do func(...lead.Command)) {
			do(rated(lead.GradeD), noted(10*day))
		}, 16 * day}, // the cadence, and the day that a note buys
		"a grade changed by the rep times the next follow-up": {func(l *life, do func(...lead.Command)) {
			do(rated(lead.GradeB))
		}, 5 * day},
		"a better grade does not make the rep late": {func(l *life, do func(...lead.Command)) {
			l.wait(50 * time.Minute)
			do(touch(), grade(lead.GradeAPlus))
		}, time.Hour},
		"it times the follow-up after that": {func(l *life, do func(...lead.Command)) {
			l.wait(50 * time.Minute)
			do(grade(lead.GradeAPlus), call(ann))
		}, 50*time.Minute + day},
		"a lead without a grade has the lowest's time": {func(l *life, do func(...lead.Command)) {
			do(grade(""))
		}, 2 * day},
		"a hold rests": {func(l *life, do func(...lead.Command)) {
			do(call(ann), hold)
		}, 90 * day},
		"a customer who comes back is contacted as one who came": {func(l *life, do func(...lead.Command)) {
			do(step(5*day), hold)
			l.wait(10 * day)
			do(touch())
		}, 10*day + time.Hour},
		"a step that was due meanwhile is none any more": {func(l *life, do func(...lead.Command)) {
			do(step(5*day), hold)
			l.wait(5*day + 12*time.Hour)
			do(touch())
		}, 5*day + 13*time.Hour},
		"with the grade that coming back earns": {func(l *life, do func(...lead.Command)) {
			do(call(ann), hold)
			l.wait(10 * day)
			do(touch(), grade(lead.GradeAPlus))
		}, 10*day + 30*time.Minute},
		"a step planned while on hold is kept": {func(l *life, do func(...lead.Command)) {
			do(call(ann), hold)
			l.wait(10 * day)
			do(step(15 * day))
		}, 16 * day},
		"a call that nobody answers does not end the hold": {func(l *life, do func(...lead.Command)) {
			do(hold)
			l.wait(10 * day)
			do(note(ann))
		}, 90 * day},
		"time on hold is added to the protection": {func(l *life, do func(...lead.Command)) {
			do(step(25 * day))
			l.wait(20 * day)
			do(hold)
			l.wait(20 * day)
			do(touch(), step(90*day))
		}, 50 * day},
		"of all holds": {func(l *life, do func(...lead.Command)) {
			for range 2 {
				do(step(25*day), hold)
				l.wait(10 * day)
				do(touch())
			}
			do(step(90 * day))
		}, 50 * day},
		"what a note bought before the hold is over": {func(l *life, do func(...lead.Command)) {
			do(note(ann), hold)
			l.wait(10 * day)
			do(touch())
		}, 10*day + time.Hour},
		"as far as a lead may be on hold": {func(l *life, do func(...lead.Command)) {
			do(step(25 * day))
			l.wait(20 * day)
			do(hold)
			l.wait(91 * day)
			do(touch(), step(180*day))
		}, 120 * day},
		"nobody asks for an update": {func(l *life, do func(...lead.Command)) {
			l.rules.Zombie = 0
			do(rated(lead.GradeD))
		}, 15 * day},
		"holds add up to one": {func(l *life, do func(...lead.Command)) {
			do(call(ann), hold)
			l.wait(20 * day)
			do(call(ann), hold)
		}, 90 * day},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := working(t, ann)
			test.play(l, func(commands ...lead.Command) { l.must(t, commands...) })
			if end := l.end(); end.At.Sub(monday) != test.want || end.Do != lead.DutyReclaim {
				t.Errorf("%s after %v, want it taken back after %v", end.Do, end.At.Sub(monday), test.want)
			}
		})
	}
}

// TestHoldUsedUp keeps a rep from parking a lead for ever.
func TestHoldUsedUp(t *testing.T) {
	t.Parallel()
	l := working(t, ann).must(t, lead.Hold{Rep: ann}).wait(90*day).must(t, touch())
	if err := l.do(lead.Hold{Rep: ann}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("put on hold again: %v", err)
	}
}

// TestReclaimed says why a lead was taken back, and where it goes.
func TestReclaimed(t *testing.T) {
	t.Parallel()
	for why, test := range map[string]struct {
		commands []lead.Command
		want     lead.State
	}{
		"first follow-up missed":                   {nil, lead.StateRouting},
		"follow-up missed":                         {[]lead.Command{call(ann)}, lead.StateRouting},
		"no update and no planned step":            {[]lead.Command{lead.Score{Grade: lead.GradeD}, call(ann)}, lead.StateRouting},
		"not converted while protected":            {[]lead.Command{plan(ann, monday.Add(60*day))}, lead.StateRouting},
		"on hold for as long as the policy allows": {[]lead.Command{call(ann), lead.Hold{Rep: ann}}, lead.StatePooled},
		"rested its time in nurturing":             {[]lead.Command{lead.Recycle{Rep: ann, Reason: "not yet"}}, lead.StatePooled},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			l := working(t, ann).must(t, test.commands...)
			if l.lead.Owner() == "" {
				l.expire(t)
			} else {
				l.lapse(t)
			}
			for _, e := range l.history[len(l.history)-1].Events {
				switch e := e.(type) {
				case lead.Pooled:
					if e.Why != why || e.Pool != "sea" {
						t.Errorf("pooled in %s: %s", e.Pool, e.Why)
					}
				case lead.Woken:
					if e.Why != why || !e.Again {
						t.Errorf("woken again %t: %s", e.Again, e.Why)
					}
				case lead.Ended:
					if e.Why != why {
						t.Errorf("ended: %s", e.Why)
					}
				}
			}
			if l.lead.State != test.want {
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

// TestStepGrace: how late a planned step may be is the policy's.
func TestStepGrace(t *testing.T) {
	t.Parallel()
	for _, grace := range []time.Duration{0, 2 * time.Hour} {
		l := working(t, ann)
		l.rules.StepGrace = grace
		l.must(t, plan(ann, l.now.Add(5*day)))
		if got := l.end().At.Sub(l.now); got != 5*day+grace {
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
