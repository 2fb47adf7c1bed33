package lead_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/lead"
)

// onList is a lead in a pool that the sweep has put on a call list.
func onList(t *testing.T, list string) *life {
	t.Helper()
	l := working(t, bo).must(t, lead.Release{Rep: bo, Reason: "too far away"})
	l.now = l.lead.Deadline.At
	return l.must(t, lead.Look{Did: lead.DidList, List: list})
}

func TestDial(t *testing.T) {
	t.Parallel()
	dial := lead.Dial{List: "spring", Hand: "h-1"}
	l := onList(t, "spring")
	if err := l.do(lead.Dial{List: "spring"}); lead.KindOf(err) != lead.Invalid {
		t.Errorf("without a name: %v", err)
	}
	if err := l.do(lead.Dial{List: "autumn", Hand: "h-1"}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("from another list: %v", err)
	}
	l.must(t, dial)
	if l.lead.List != "" || l.lead.Dialled != "spring" || l.lead.State != lead.StatePooled || l.lead.Deadline.Do != lead.DutySweep {
		t.Errorf("dialled from %q, on list %q, %s until %v", l.lead.Dialled, l.lead.List, l.lead.State, l.lead.Deadline)
	}
	if err := l.do(dial); lead.KindOf(err) != lead.Conflict {
		t.Errorf("twice: %v", err)
	}
	for name, gone := range map[string]*life{
		"claimed": onList(t, "spring").must(t, lead.Claim{Rep: cy, Team: "inside"}), "opted out": onList(t, "spring").must(t, lead.OptOut{}),
		"of no list": onList(t, ""), "called": onList(t, "spring").must(t, lead.Call{List: "spring", Call: "c-1", Outcome: lead.Busy}),
	} {
		if err := gone.do(dial); lead.KindOf(err) != lead.Conflict || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestListIsNotForEver: a lead that nobody dials comes back to its pool after 3
// days, and is looked at in the next cycle as if nothing had been.
func TestListIsNotForEver(t *testing.T) {
	t.Parallel()
	l := onList(t, "spring")
	look := onList(t, "").lead.Deadline
	l.now = l.lead.Looked.Add(3*day - time.Second)
	if err := l.do(lead.Expire{}); lead.KindOf(err) != lead.Conflict || l.lead.Deadline.Do != lead.DutyUnlist {
		t.Fatalf("a second early: %v, due %v", err, l.lead.Deadline)
	}
	l.now = l.now.Add(time.Second)
	l.must(t, lead.Expire{})
	if l.lead.List != "" || l.lead.State != lead.StatePooled || *l.lead.Deadline != *look {
		t.Errorf("after 3 days on list %q, %s, due %v; want %v", l.lead.List, l.lead.State, l.lead.Deadline, look)
	}
}

// TestCallCountsOnce: a call that is told again changes nothing, until many others
// have come between.
func TestCallCountsOnce(t *testing.T) {
	t.Parallel()
	call := func(list, id string, a lead.Answer) lead.Call { return lead.Call{List: list, Call: id, Outcome: a} }
	l := onList(t, "spring").must(t, call("spring", "c-1", lead.Busy))
	again := func(c lead.Call) bool { // told anew
		t.Helper()
		before := l.lead.Version
		l.must(t, c)
		return l.lead.Version > before
	}
	if again(call("spring", "c-1", lead.Busy)) || again(call("spring", "c-1", lead.Interested)) {
		t.Error("a call counts twice")
	}
	if !again(call("autumn", "c-1", lead.Busy)) || !again(call("spring", "c-2", lead.Busy)) {
		t.Error("another call does not count")
	}
	for i := range 8 - 3 {
		again(call("spring", fmt.Sprint("more-", i), lead.NoAnswer))
	}
	if again(call("spring", "c-1", lead.Busy)) || len(l.lead.Calls) != 8 {
		t.Errorf("the eighth call before counts again; remembered are %v", l.lead.Calls)
	}
	again(call("spring", "one-more", lead.NoAnswer))
	if len(l.lead.Calls) != 8 || !again(call("spring", "c-1", lead.Busy)) {
		t.Errorf("remembered are %v", l.lead.Calls)
	}
	if folded := lead.Fold(l.history); text(t, folded) != text(t, l.lead) {
		t.Errorf("folded:\n%s\nlead:\n%s", text(t, folded), text(t, l.lead))
	}
}

// TestNotToBeCalledIsKeptOfAnyLead, also of one that is over; other outcomes are not.
func TestNotToBeCalledIsKeptOfAnyLead(t *testing.T) {
	t.Parallel()
	for _, as := range []lead.State{lead.StateJunk, lead.StateLost, lead.StateUnreachable} {
		l := closed(t, as)
		if err := l.do(lead.Call{List: "spring", Call: "c-1", Outcome: lead.Interested}); lead.KindOf(err) != lead.Conflict {
			t.Errorf("%s, interested: %v", as, err)
		}
		l.must(t, lead.Call{List: "spring", Call: "c-2", Outcome: lead.DoNotCall})
		last := l.history[len(l.history)-1].Events
		if l.lead.State != as || l.lead.Deadline != nil || len(last) != 2 || last[1] != (lead.OptedOut{}) {
			t.Errorf("%s became %s, %v", as, l.lead.State, last)
		}
	}
}
