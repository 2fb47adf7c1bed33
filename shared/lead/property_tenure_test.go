package lead_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// tenure is what the events alone tell of the period that runs, and of the round
// that it is part of.
type tenure struct {
	start    time.Time
	paused   time.Time // when the lead was put on hold
	over     time.Time // when a deal was closed
	held     time.Duration
	extended bool
	kept     bool // of a deal or a class
	cohort   string
	tardy    bool // the system acted late, or somebody else did before it

	told     time.Time         // the last reminder
	reminded int               // since the clock started
	of       map[time.Time]int // those by what they announced
	noted    int               // activities without evidence since then

	round int // reps who got the lead
}

// restart is where the rep's clock starts anew. What they were told at that very
// moment they know.
func (p *tenure) restart(at time.Time) {
	if p.of, p.noted = map[time.Time]int{}, 0; !p.told.Equal(at) {
		p.reminded = 0
	}
}

func (p *tenure) begin(at time.Time, cohort string) {
	*p = tenure{start: at, round: p.round + 1, cohort: cohort, kept: cohort != ""}
	p.restart(at)
}

// watch reads an entry and holds what reps are promised: nobody loses a lead without
// having been told since their clock started, nor for a deal or of a class, and no
// reminder comes twice.
func (w *world) watch(t *rapid.T, before lead.Lead, entry lead.Entry) {
	p := &w.held
	p.tardy = p.tardy || before.Deadline != nil && before.Deadline.At.Before(entry.At)
	for _, e := range entry.Events {
		switch e := e.(type) {
		case lead.Captured, lead.Moved, lead.Pooled, lead.Restored:
			if p.round = 0; lead.KindOfEvent(e) == "pooled" {
				p.cohort = ""
			}
		case lead.Woken:
			if !e.Again {
				p.round = 0
			}
		case lead.Offered:
			if most := max(1, w.rules.MaxOffers); e.How == lead.ByOffer && p.round >= most {
				t.Fatalf("rep %d of at most %d gets the lead", p.round+1, most)
			}
			if e.How == lead.ByOffer {
				p.cohort = e.Cohort
			}
			p.begin(entry.At, p.cohort)
		case lead.Claimed:
			p.begin(entry.At, p.cohort)
		case lead.Accepted:
			p.restart(entry.At)
		case lead.PutOnHold:
			p.paused = entry.At
			p.restart(entry.At)
		case lead.Resumed:
			p.held += entry.At.Sub(p.paused)
			p.restart(entry.At)
		case lead.Logged:
			w.noted(t, before, e)
		case lead.Extended:
			if p.extended {
				t.Fatal("the protection is extended twice")
			}
			p.extended = true
		case lead.Dealt:
			if p.kept = e.Open || p.cohort != ""; !e.Open {
				p.over = entry.At
			}
		case lead.Reminded:
			p.told = entry.At
			p.reminded++
			p.of[e.At]++
			if most := max(2, len(w.rules.Warn)); p.of[e.At] > most {
				t.Fatalf("told %d times that it ends at %v", p.of[e.At], e.At)
			}
		case lead.Expired:
			taken := e.Duty == lead.DutyWithdraw || e.Duty == lead.DutyReclaim
			if taken && (p.reminded == 0 || p.kept) {
				t.Fatalf("%s is taken back by %s after %d reminders, kept %t", w.owner, e.Duty, p.reminded, p.kept)
			}
		}
	}
}

// noted holds that an activity without evidence buys a little, and that once.
func (w *world) noted(t *rapid.T, before lead.Lead, e lead.Logged) {
	p := &w.held
	if !e.Bare {
		p.restart(w.now)
		return
	}
	p.noted++
	if before.State != lead.StateWorking || w.rules.Zombie > 0 || p.kept || w.lead.State != lead.StateWorking {
		return // a note is an update, which puts off the end of a lead without one
	}
	was, is := before.Deadline, w.lead.Deadline
	if p.noted > 1 && (was.Do != is.Do || !was.At.Equal(is.At)) {
		t.Fatalf("note %d since the customer was reached moves the deadline from %v to %v", p.noted, was, is)
	}
}

// protects holds that a rep keeps a lead no longer than it is protected, time on
// hold not counted, and has the longest warning once a deal is closed.
func (w *world) protects(t *rapid.T) {
	p, r := &w.held, w.rules
	if w.lead.State != lead.StateWorking || p.kept || p.tardy {
		return
	}
	keep := r.Protect
	if p.extended {
		keep = max(keep, min(keep+r.Extend, r.Most))
	}
	most := p.start.Add(keep + min(p.held, r.HoldMost))
	if over := p.over.Add(slices.Max(r.Warn)); !p.over.IsZero() && over.After(most) {
		most = over
	}
	if end := w.end(); end.At.After(most) {
		t.Fatalf("kept from %v till %v, at most till %v", p.start, end.At, most)
	}
}

// foresee holds that what is said to lie ahead comes, if nobody does anything and
// the system is in time, and that each reminder says what.
func (w *world) foresee(t *rapid.T) {
	if d := w.lead.Deadline; d == nil || d.At.Before(w.now) {
		return
	}
	const most = 16 // that are listed
	ahead := lead.Ahead(w.lead, w.rules)
	l := life{lead: w.lead, rules: w.rules}
	for i, want := range ahead {
		got := *l.lead.Deadline
		if got.Do != want.Do || !got.At.Equal(want.At) {
			t.Fatalf("of %v, number %d is %v", ahead, i, got)
		}
		var err error
		before := l.lead
		switch l.now = want.At; want.Do {
		case lead.DutyScore, lead.DutyRoute, lead.DutySweep: // more than the lead decides
		case lead.DutyNudge:
			err = l.do(lead.Nudge{})
		default:
			err = l.do(lead.Expire{})
		}
		if err != nil {
			t.Fatalf("of %v, number %d: %v", ahead, i, err)
		}
		last := ahead[len(ahead)-1]
		taken := before.Owner() != "" && l.lead.Owner() == ""
		if taken != (want.Do == lead.DutyWithdraw || want.Do == lead.DutyReclaim) {
			t.Fatalf("%v takes it from the rep: %t", want, taken)
		}
		if want.Do == lead.DutyRemind {
			e := l.history[len(l.history)-1].Events[0].(lead.Reminded)
			if len(ahead) < most && (e.Of != last.Do || !e.At.Equal(last.At)) {
				t.Fatalf("the reminder tells %+v, ahead lies %v", e, ahead)
			}
		}
	}
	if last := ahead[len(ahead)-1].Do; len(ahead) < most && (last == lead.DutyRemind || last == lead.DutyNudge) {
		t.Fatalf("ahead lies %v, and nothing then", ahead)
	}
}
