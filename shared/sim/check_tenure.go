package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// tenure is what the histories tell of the ownership period that runs: who was
// told what, how long it may last, and how many reps were before in the round.
type tenure struct {
	start, clock time.Time     // of the period; of the rep's clock
	paused       time.Time     // when the lead was put on hold, zero where it is not
	held         time.Duration // on hold before
	policy       int           // that decided all of the period so far, 0 where several did
	extended     bool
	deal         bool
	dealt        time.Time // since when there is a deal, or none any more

	told     lead.Reminded // since the clock started
	toldBy   int           // the policy that decided that
	reminded bool

	round int // reps who got the lead since it was last new, woken, pooled or moved
}

// tenures walks through an entry's events and judges how a rep got the lead, and
// lost it.
func (c *checker) tenures(w *watched, m made) {
	t, l := &w.tenure, m.before
	if t.policy != m.entry.Policy {
		t.policy = 0
	}
	for _, event := range m.entry.Events {
		c.judgeTenure(t, l, m, event)
		t.apply(event, m.entry)
		l = lead.Apply(l, event, m.entry.At)
	}
}

func (c *checker) judgeTenure(t *tenure, l lead.Lead, m made, event lead.Event) {
	switch e := event.(type) {
	case lead.Offered:
		if m.rules == nil || e.How != lead.ByOffer {
			return
		}
		if most := max(1, m.rules.Rules(e.Team).MaxOffers); c.breaks(ruleAgain, t.round < most) {
			c.tell(ruleAgain, l.ID, "%s gives it to rep %d of at most %d one after the other", m.entry.ID(), t.round+1, most)
		}
	case lead.Triaged:
		if c.breaks(ruleAgain, t.round == 0 || l.State != lead.StateRouting) {
			c.tell(ruleAgain, l.ID, "%s sends it to triage after %d reps who lost it", m.entry.ID(), t.round)
		}
	case lead.Expired:
		if e.Duty == lead.DutyWithdraw || e.Duty == lead.DutyReclaim {
			c.takenBack(t, l, m, e.Duty)
		}
	case lead.Ended:
		c.kept(t, l, m.entry.At, m.entry.ID()+" ends it")
	}
}

// takenBack holds that a rep who loses a lead was told of it since the clock
// started, and by when.
func (c *checker) takenBack(t *tenure, l lead.Lead, m made, duty lead.Duty) {
	if c.breaks(ruleWarned, t.reminded && !m.entry.At.Before(t.told.At)) {
		c.tell(ruleWarned, l.ID, "%s takes it from %s, whose clock started at %s and who was told %+v", m.entry.ID(), l.Owner(), t.clock, t.told)
	}
	if m.rules != nil && t.toldBy == m.entry.Policy && duty == lead.DutyReclaim && l.State == lead.StateWorking {
		if c.breaks(ruleWarned, t.told.Manager == m.rules.Rules(l.Team).Ladder[l.Period.Grade]) {
			c.tell(ruleWarned, l.ID, "%s takes it from %s, grade %q, the manager told %t", m.entry.ID(), l.Owner(), l.Period.Grade, t.told.Manager)
		}
	}
	if c.breaks(ruleProtect, !t.deal && l.Cohort == "") {
		c.tell(ruleProtect, l.ID, "%s takes it from %s though there is a deal, or it belongs to a class", m.entry.ID(), l.Owner())
	}
	next := m.after.State
	if c.breaks(ruleAgain, next == lead.StateRouting || next == lead.StatePooled) {
		c.tell(ruleAgain, l.ID, "%s takes it from %s and leaves it %s", m.entry.ID(), l.Owner(), next)
	}
}

// noticeLate is by how much a period may last longer: the sweep that reminds and
// the one that takes back may be late.
const noticeLate = 2 * patience

// kept holds that a rep has a lead no longer than it is protected. A change of the
// policy meanwhile, or trouble, moves the end.
func (c *checker) kept(t *tenure, l lead.Lead, at time.Time, what string) {
	rules := c.policies[t.policy]
	if rules == nil || l.Period == nil || t.deal || l.Cohort != "" || l.State == lead.StatePaused || c.since().After(t.start) {
		return
	}
	r := rules.Rules(l.Team)
	most := r.Protect
	if t.extended {
		most = min(r.Protect+r.Extend, max(r.Protect, r.Most))
	}
	most += min(t.held, r.HoldMost) + noticeLate
	if len(r.Warn) > 0 && !t.dealt.IsZero() { // what a deal kept is not lost in the moment in which that is over
		most = max(most, t.dealt.Sub(t.start)+slices.Max(r.Warn)+noticeLate)
	}
	if c.breaks(ruleProtect, at.Sub(t.start) <= most) {
		c.tell(ruleProtect, l.ID, "%s: %s has it since %s, the policy allows %s", what, l.Owner(), t.start, most)
	}
}

func (t *tenure) apply(event lead.Event, e lead.Entry) {
	switch event := event.(type) {
	case lead.Offered, lead.Claimed:
		*t = tenure{round: t.round + 1, start: e.At, policy: e.Policy}
		t.restart(e.At)
	case lead.Accepted, lead.PutOnHold:
		t.restart(e.At)
		if _, hold := event.(lead.PutOnHold); hold {
			t.paused = e.At
		}
	case lead.Resumed:
		t.restart(e.At)
		t.held, t.paused = t.held+e.At.Sub(t.paused), time.Time{}
	case lead.Logged:
		if !event.Bare {
			t.restart(e.At)
		}
	case lead.Reminded:
		t.told, t.toldBy, t.reminded = event, e.Policy, true
	case lead.Extended:
		t.extended = true
	case lead.Dealt:
		t.deal, t.dealt = event.Open, e.At
	case lead.Captured, lead.Pooled, lead.Moved, lead.Restored:
		t.round = 0
	case lead.Woken:
		if !event.Again {
			t.round = 0
		}
	}
}

// restart is the moment from which on the rep's time runs anew.
func (t *tenure) restart(at time.Time) {
	t.clock, t.reminded, t.told = at, false, lead.Reminded{}
}
