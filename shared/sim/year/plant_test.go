package year

import (
	"slices"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestPlantedFaultsAreFound breaks each promise and requires that the checker says
// so. A policy that allows more than is promised breaks it as surely as a fault of
// the program.
func TestPlantedFaultsAreFound(t *testing.T) {
	t.Parallel()
	bend := func(change func(*policy.Document)) Options { return Options{bend: change} }
	plant := func(change func(*world)) Options { return Options{plant: change} }
	tamper := func(change func(w *world, c *card, after *lead.Lead, e *lead.Entry)) Options {
		return plant(func(w *world) {
			w.tamper = func(c *card, after *lead.Lead, e *lead.Entry) { change(w, c, after, e) }
		})
	}
	span := func(d time.Duration) *policy.Duration { return new(policy.Duration(d)) }
	planted := map[rule]Options{
		ruleDeadline: tamper(func(_ *world, _ *card, after *lead.Lead, e *lead.Entry) {
			if after.State == lead.StateTriage {
				after.Deadline = nil
				e.Events = slices.DeleteFunc(e.Events, func(e lead.Event) bool { _, due := e.(lead.Due); return due })
			}
		}),
		ruleState: tamper(func(_ *world, _ *card, after *lead.Lead, _ *lead.Entry) {
			if after.State == lead.StateNurturing {
				after.Grade = "A"
			}
		}),
		ruleLate: plant(func(w *world) { w.every = 3 * minute }),
		ruleActed: tamper(func(_ *world, _ *card, after *lead.Lead, _ *lead.Entry) {
			if after.State == lead.StateTriage && after.Deadline != nil {
				after.Deadline.Do = lead.DutySweep
			}
		}),
		ruleWarned: tamper(func(_ *world, c *card, _ *lead.Lead, e *lead.Entry) { // one reminder in ten is noted and not told
			if c.number%10 == 0 {
				e.Events = slices.DeleteFunc(e.Events, func(e lead.Event) bool { _, reminder := e.(lead.Reminded); return reminder })
			}
		}),
		ruleNotice:  bend(func(d *policy.Document) { d.Deadlines.Warn = []policy.Duration{*span(time.Hour)} }),
		ruleProtect: bend(func(d *policy.Document) { d.Deadlines.Protect = span(35 * 24 * time.Hour) }),
		ruleCohort:  tamper(func(_ *world, _ *card, after *lead.Lead, _ *lead.Entry) { after.Cohort = "" }),
		ruleDeal: tamper(func(_ *world, _ *card, after *lead.Lead, _ *lead.Entry) {
			if after.Period != nil {
				after.Period.Deal = false
			}
		}),
		ruleRound:   bend(func(d *policy.Document) { d.Deadlines.MaxOffers = new(4) }),
		ruleCoolOff: bend(func(d *policy.Document) { d.Deadlines.CoolOff = span(29 * 24 * time.Hour) }),
		ruleShift:   bend(func(d *policy.Document) { d.Calendars[east].Country = "" }),
		ruleCap: plant(func(w *world) {
			for i := range w.reps {
				*w.reps[i].Cap++
			}
		}),
		ruleQuota:   plant(func(w *world) { *w.reps[1].Quota++ }),
		ruleClaims:  bend(func(d *policy.Document) { d.Pools[east].ClaimDaily = new(21) }),
		ruleReveals: bend(func(d *policy.Document) { d.Pools[east].RevealDaily = new(11) }),
		ruleFreeze:  bend(func(d *policy.Document) { d.Pools[east].Freeze = nil }),
		ruleTwice: tamper(func(_ *world, c *card, after *lead.Lead, e *lead.Entry) { // the look is forgotten
			i := slices.IndexFunc(e.Events, func(e lead.Event) bool { _, due := e.(lead.Due); return due })
			if !after.Looked.IsZero() && after.State == lead.StatePooled && i >= 0 && c.number%10 == 0 {
				after.Looked, after.Deadline = time.Time{}, &lead.Deadline{At: e.At.Add(time.Hour), Do: lead.DutySweep}
				e.Events[i] = lead.Due{At: after.Deadline.At, Do: lead.DutySweep}
			}
		}),
		ruleCycle:   bend(func(d *policy.Document) { d.Pools[west].Sweep = span(40 * 24 * time.Hour) }),
		ruleDaily:   bend(func(d *policy.Document) { d.Contact.Limits = []lead.Limit{{Most: 2, Days: 1}} }),
		ruleWeekly:  bend(func(d *policy.Document) { d.Contact.Limits = []lead.Limit{{Most: 1, Days: 1}, {Most: 4, Days: 7}} }),
		ruleMonthly: bend(func(d *policy.Document) { d.Contact.Limits = []lead.Limit{{Most: 1, Days: 1}, {Most: 9, Days: 30}} }),
		ruleGrade:   bend(func(d *policy.Document) { d.Contact.Grades = map[lead.Grade][]lead.Limit{} }),
		ruleQuiet:   bend(func(d *policy.Document) { d.Contact.Quiet = &hours.Quiet{From: "22:00", To: "08:00"} }),
		ruleOptOut:  tamper(func(w *world, c *card, _ *lead.Lead, _ *lead.Entry) { w.persons[c.person].OptOut = time.Time{} }),
		ruleCounters: tamper(func(w *world, c *card, _ *lead.Lead, e *lead.Entry) {
			w.reps[0].Holding += one(c.number == 17 && e.Version == 1)
		}),
		ruleFigures: tamper(func(w *world, _ *card, _ *lead.Lead, _ *lead.Entry) {
			for _, counts := range w.figures.cycles {
				counts[string(lead.DidTouch)]++
			}
		}),
		ruleRipe: tamper(func(_ *world, _ *card, after *lead.Lead, e *lead.Entry) {
			if i := slices.IndexFunc(e.Events, func(e lead.Event) bool { _, woken := e.(lead.Woken); return woken }); i >= 0 && e.By.ID == "score" {
				e.Events, after.State = slices.Delete(e.Events, i, i+1), lead.StateNurturing
			}
		}),
		ruleFades: tamper(func(_ *world, c *card, after *lead.Lead, e *lead.Entry) {
			for i, event := range e.Events {
				if scored, ok := event.(lead.Scored); ok && e.By.ID == "sweep" {
					scored.Behaviour, after.Behaviour = 60, 60
					e.Events[i] = scored
				}
			}
		}),
		ruleFold: tamper(func(_ *world, c *card, after *lead.Lead, _ *lead.Entry) { after.Touches += one(c.number == 0) }),
	}
	for r, name := range ruleNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, ok := planted[rule(r)]
			if !ok {
				t.Fatal("nothing is planted")
			}
			for o.Seed = 1; o.Seed <= 3; o.Seed++ {
				o.Leads, o.Reps = 1500, 6
				if report := play(t, o); report.Rules[r].Broken > 0 {
					return
				}
			}
			t.Error("it is not found in three years")
		})
	}
}
