package sim

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"sluice/shared/lead"
)

// stance is what matters of a lead for who may do what with it.
type stance struct {
	state lead.State
	owner string
	waits bool // for a shift
}

func stanceOf(l lead.Lead) stance { return stance{l.State, l.Owner(), !l.Wait.IsZero()} }

// explained reports whether a refusal needs no moment at which the lead's state
// stood against the act.
func (a *attempt) explained() bool {
	switch {
	case a.excused:
		return true
	case a.status == 409:
		// The time on hold may be used up, a number another person's; the others are
		// done once, or so often.
		return slices.Contains([]string{"hold", "extend", "deal", "tag", "reveal", "opt-out", "verify"}, a.what)
	case a.status == 403 || a.status == 404:
		return a.rep == "" // the lead may be none of theirs
	}
	return true // wrong in itself, or made on an older version
}

// linearize holds that the answers people got make sense in some order that
// respects who was answered before whom asked, lead by lead.
func (c *checker) linearize(ids []string) {
	for _, id := range ids {
		if s := c.stories[id]; s != nil && len(s.attempts) > 0 {
			c.answers(id, s)
			c.linear(id, s)
		}
	}
}

// turn is one operation of the sequential lead: an attempt, or what the system
// did.
type turn struct {
	attempt       *attempt
	before, after stance
}

// take plays one operation; ok is false where it cannot come next.
func (x turn) take(s stance) (ok bool, _ stance) {
	a := x.attempt
	if a == nil {
		return s == x.before, x.after
	}
	next, allowed := s.after(a.act)
	if allowed && a.led != nil {
		next = *a.led
	}
	switch {
	case a.unknown():
		return true, next // s itself where it is not allowed
	case a.ok():
		return allowed, next
	}
	return !allowed || a.explained() || a.pool != "" && s.state == lead.StatePooled, s // it may be that pool
}

// after is what an act makes of a lead; s itself where it is not allowed.
func (s stance) after(a act) (_ stance, allowed bool) {
	mine := s.owner != "" && s.owner == a.rep
	worked := mine && (s.state == lead.StateWorking || s.state == lead.StatePaused)
	waits := s.state == lead.StateTriage
	machine := s.state == lead.StateNew || s.state == lead.StateRouting && !s.waits
	next := stance{owner: s.owner}
	switch a.what {
	case "claim":
		next, allowed = stance{state: lead.StateWorking, owner: a.rep}, s.state == lead.StatePooled
	case "assign":
		next, allowed = stance{state: lead.StateOffered, owner: a.target}, waits || s.waits || s.state == lead.StatePooled
	case "accept":
		next.state, allowed = lead.StateWorking, mine && s.state == lead.StateOffered
	case "reject":
		next, allowed = stance{state: lead.StateTriage}, mine && s.state == lead.StateOffered
	case "log":
		next.state, allowed = lead.StateWorking, worked
		if a.bare { // a lead on hold stays so
			next.state = s.state
		}
	case "hold":
		next.state, allowed = lead.StatePaused, mine && s.state == lead.StateWorking
	case "release":
		next, allowed = stance{state: lead.StatePooled}, worked
	case "recycle":
		next, allowed = stance{state: lead.StateNurturing}, worked || (waits || s.state == lead.StateUnverified) && a.rep == ""
	case "junk":
		next, allowed = stance{state: lead.StateJunk}, worked || (waits || s.state == lead.StateUnverified) && a.rep == ""
	case "verify": // what it leads to is routing's matter
		next, allowed = s, s.state == lead.StateUnverified
	case "lost", "unreachable":
		next, allowed = stance{state: lead.State(a.what)}, worked
	case "convert":
		next, allowed = stance{state: lead.StateConverted}, worked
	case "qualify":
		next, allowed = stance{state: lead.StateRouting}, worked
	case "move":
		next, allowed = s.moved(a), !machine && s.state.Open() && s.state != lead.StateConverted && (s.owner == "" || s.owner != a.target)
	case "extend", "opt-out":
		next, allowed = s, worked || a.rep == "" && s.state.Open() || mine
	case "deal":
		next, allowed = s, worked
	case "tag":
		next, allowed = s, mine || s.state == lead.StatePooled || a.rep == "" && s.state.Open()
	case "reveal":
		next, allowed = s, s.state == lead.StatePooled
	case "confirm":
		next, allowed = stance{state: lead.StateCustomer}, s.state == lead.StateConverted
	}
	if !allowed {
		return s, false
	}
	return next, true
}

// moved is what a manager's move makes of a lead.
func (s stance) moved(a act) stance {
	switch {
	case a.target == "" && a.pool != "":
		return stance{state: lead.StatePooled}
	case a.target == "":
		return stance{state: lead.StateRouting}
	case s.state == lead.StateWorking || s.state == lead.StatePaused:
		return stance{state: lead.StateWorking, owner: a.target}
	}
	return stance{state: lead.StateOffered, owner: a.target}
}

// stepsMost bounds the search for an order, in steps of the sequential lead.
const stepsMost = 200_000

// linear looks for an order of what was done to a lead that explains every
// answer. What was never answered may have been done at any time, or not at all.
func (c *checker) linear(id string, s *story) {
	var ops []porcupine.Operation
	for _, i := range s.attempts {
		a := &c.acts[i]
		back := a.back
		if a.unknown() {
			if !s.mayHaveDone(a) {
				continue // as if it came after everything else
			}
			back = math.MaxInt64
		}
		ops = append(ops, porcupine.Operation{Input: turn{attempt: a}, Call: a.call, Return: back})
	}
	for _, d := range s.deeds {
		if !d.told {
			ops = append(ops, porcupine.Operation{Input: turn{before: d.before, after: d.after}, Call: d.at, Return: d.at})
		}
	}
	if w := c.leads[id]; w != nil { // what it came to
		now := stanceOf(w.lead)
		ops = append(ops, porcupine.Operation{Input: turn{before: now, after: now}, Call: c.position + 1, Return: c.position + 1})
	}
	found, decided := order(ops)
	if c.breaks(ruleDecided, decided) {
		c.tell(ruleDecided, id, "no order of %d operations was found in %d steps", len(ops), stepsMost)
	} else if c.breaks(ruleLinear, found) {
		c.tell(ruleLinear, id, "no order of what was done explains the answers: %s", c.tellStory(s))
	}
}

// mayHaveDone reports whether something was committed that an attempt without an
// answer may have done.
func (s *story) mayHaveDone(a *attempt) bool {
	return slices.ContainsFunc(s.deeds, func(d deed) bool {
		return d.what == a.what && d.at > a.call && (d.by.ID == a.rep || d.by.ID == a.user)
	})
}

// order looks for a linearization. Most leads never have two operations at once;
// for them there is one order to try.
func order(ops []porcupine.Operation) (found, decided bool) {
	slices.SortFunc(ops, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	now, apart := stance{}, true
	for i := range ops {
		apart = apart && (i == 0 || ops[i-1].Return < ops[i].Call)
	}
	if apart {
		for _, op := range ops {
			ok, next := op.Input.(turn).take(now)
			if !ok {
				return false, true
			}
			now = next
		}
		return true, true
	}
	steps := 0
	found = porcupine.CheckOperations(porcupine.Model{
		Init: func() any { return stance{} },
		Step: func(state, input, _ any) (bool, any) {
			if steps++; steps > stepsMost {
				return false, state
			}
			ok, next := input.(turn).take(state.(stance))
			return ok, next
		},
	}, ops)
	return found, found || steps <= stepsMost
}

// tellStory tells a lead's story in the order in which it was seen.
func (c *checker) tellStory(s *story) string {
	type line struct {
		at   int64
		text string
	}
	var lines []line
	for _, i := range s.attempts {
		a := &c.acts[i]
		lines = append(lines, line{a.call, fmt.Sprintf("%s asks to %s %s", cmp.Or(a.rep, a.user), a.what, a.target)},
			line{a.back, fmt.Sprintf("%s is answered %d to %s", cmp.Or(a.rep, a.user), a.status, a.what)})
	}
	for _, d := range s.deeds {
		lines = append(lines, line{d.at, fmt.Sprintf("%s %s makes it %s of %q", d.by.Kind, d.by.ID, d.after.state, d.after.owner)})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(l.text)
	}
	return b.String()
}
