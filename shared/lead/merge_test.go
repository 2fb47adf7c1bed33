package lead_test

import (
	"slices"
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestGoesOn compares the leads of all situations with each other, each the older and
// the younger one: it does not matter which is named first, nobody who has bought is
// taken over by anybody else, and an open lead is never given up for a closed one.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	var leads []lead.Lead
	for _, s := range situations() {
		if l := s.life(t).lead; l.State != "" {
			l.ID = s.title
			leads = append(leads, l)
		}
	}
	deal := func(l lead.Lead) bool { return l.Period != nil && l.Period.Deal }
	for _, a := range leads {
		for _, b := range leads {
			for _, older := range []time.Duration{-time.Hour, 0, time.Hour} {
				b := b
				b.ID, b.Created = b.ID+"'", a.Created.Add(older)
				on, off := lead.GoesOn(a, b)
				if other, _ := lead.GoesOn(b, a); other.ID != on.ID || on.ID == off.ID {
					t.Fatalf("%s and %s: %s goes on, named the other way round %s", a.ID, b.ID, on.ID, other.ID)
				}
				switch {
				case off.State == lead.StateConverted && on.State != lead.StateConverted,
					off.State == lead.StateCustomer && !on.State.Open() && on.State != lead.StateCustomer,
					off.State.Open() && !on.State.Open(),
					deal(off) && !deal(on) && on.State != lead.StateConverted,
					off.Owner() != "" && on.Owner() == "" && on.State != lead.StateConverted,
					off.State != lead.StateUnverified && off.State.Open() && on.State == lead.StateUnverified:
					t.Errorf("%s goes on rather than %s", on.ID, off.ID)
				case a.State == b.State && deal(a) == deal(b) && off.Created.Before(on.Created):
					t.Errorf("%s goes on, and %s is older", on.ID, off.ID)
				}
			}
		}
	}
}

// TestRestored merges the lead of every situation into another one and takes that
// back two days later: it is where it was, its person's, with a deadline, and nobody
// has lost it but for the merge.
func TestRestored(t *testing.T) {
	t.Parallel()
	for _, s := range situations() {
		t.Run(s.title, func(t *testing.T) {
			t.Parallel()
			was := s.life(t)
			if err := s.life(t).do(lead.Absorb{Into: "l2", Person: "p2"}); !was.lead.State.Open() || was.lead.State == lead.StateConverted {
				if err == nil {
					t.Fatalf("a lead that is %q was merged", was.lead.State)
				}
				return
			}
			for _, rep := range []string{was.lead.Owner(), "", "di"} {
				l := absorbed(t, s.life(t))
				if got := l.lead; got.State != lead.StateMerged || got.Person != "p2" || got.Owner()+got.Pool+got.List != "" || got.Deadline != nil {
					t.Fatalf("merged it is %+v", got)
				}
				l.wait(2 * day)
				entries := len(l.history)
				l.must(t, lead.Restore{Rep: rep, Why: "two persons after all"})
				if len(l.history) != entries+1 {
					t.Errorf("it takes %d entries", len(l.history)-entries)
				}
				restored(t, was.lead, l, rep)
			}
		})
	}
}

// restored compares a lead with what it was before it was merged, where a rep is to
// have it again.
func restored(t *testing.T, was lead.Lead, l *life, rep string) {
	t.Helper()
	got, want := l.lead, was.State
	owner := ""
	switch {
	case was.Owner() != "" && rep == was.Owner():
		owner = rep
	case was.Owner() != "", want == lead.StateNew:
		want = lead.StateRouting
	}
	if got.State != want || got.Owner() != owner || got.Pool != was.Pool || got.Team != was.Team || got.Cohort != was.Cohort || got.Person != was.Person {
		t.Errorf("for %q it is %s with %q in %q, of %s, was %s with %q in %q", rep, got.State, got.Owner(), got.Pool, got.Person, was.State, was.Owner(), was.Pool)
	}
	next := lead.Next(got, l.rules)
	if got.Deadline == nil || *got.Deadline != *next || !got.Deadline.At.After(l.now) || got.Merged != nil || !got.Since.Equal(l.now) {
		t.Errorf("due %v since %v, merged %v", got.Deadline, got.Since, got.Merged)
	}
	offers := 0
	if owner != "" {
		offers = 1
	}
	if !slices.Equal(got.Owners, was.Owners) || got.Offers != offers {
		t.Errorf("former owners are %v, were %v, in this round %d", got.Owners, was.Owners, got.Offers)
	}
	if p := got.Period; owner != "" && (!p.Start.Equal(l.now) || p.How != lead.ByHand || p.Accepted.IsZero() != was.Period.Accepted.IsZero()) {
		t.Errorf("the period is %+v", p)
	}
	if text(t, got.Facts) != text(t, was.Facts) || string(got.Private) != string(was.Private) || got.Touches != was.Touches || got.Fit != was.Fit || text(t, got.Tags) != text(t, was.Tags) {
		t.Errorf("what is known of it is %s, was %s", text(t, got), text(t, was))
	}
	if fold := lead.Fold(l.history); text(t, fold) != text(t, got) {
		t.Errorf("the history folds to %s, the lead is %s", text(t, fold), text(t, got))
	}
}

// TestRestoredRepIsNotInTheCoolOff: who had a lead when it was merged may get it again
// by any way, and who had it before may not.
func TestRestoredRepIsNotInTheCoolOff(t *testing.T) {
	t.Parallel()
	had := func(t *testing.T) *life { // Bo let it pass before Ann worked it
		return absorbed(t, offered(t, bo).lapse(t).must(t, toRep(ann), lead.Accept{Rep: ann})).wait(time.Hour).must(t, lead.Restore{Why: "two persons"})
	}
	had(t).must(t, toRep(ann))
	if err := had(t).do(toRep(bo)); kindOf(err) != lead.Conflict {
		t.Errorf("who let it pass before gets it again: %v", err)
	}
	l := had(t).must(t, toRep(ann), lead.Accept{Rep: ann}, lead.Release{Rep: ann, Reason: "no"})
	if err := l.do(lead.Claim{Rep: ann}); kindOf(err) != lead.Conflict {
		t.Errorf("who gave it back gets it again: %v", err)
	}
	if err := absorbed(t, working(t, ann)).do(lead.Claim{Rep: cy}); kindOf(err) != lead.Conflict {
		t.Errorf("a merged lead is claimed: %v", err)
	}
}

// TestMergedMoves holds what a merge and its undoing count for the rep: a lead less,
// without a result, and one more by hand.
func TestMergedMoves(t *testing.T) {
	t.Parallel()
	l := absorbed(t, working(t, ann))
	if got := lead.Moves(l.lead, l.history[len(l.history)-1]); len(got) != 1 || got[0] != (lead.RepMove{Rep: ann, Kind: lead.MoveRelease}) {
		t.Errorf("merging moves %+v", got)
	}
	l.must(t, lead.Restore{Rep: ann, Why: "two persons"})
	if got := lead.Moves(l.lead, l.history[len(l.history)-1]); len(got) != 1 || got[0] != (lead.RepMove{Rep: ann, Team: "inside", Kind: lead.MoveByHand}) {
		t.Errorf("undoing it moves %+v", got)
	}
}

// TestMergedLeadOfTheSweep: a lead that was merged keeps the look that its next reply
// is credited to, and no call from a list counts twice.
func TestMergedLeadOfTheSweep(t *testing.T) {
	t.Parallel()
	interested := lead.Call{List: "spring", Call: "c-1", Outcome: lead.Interested}
	l := captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}})
	l.now = l.lead.Deadline.At
	l.must(t, lead.Look{Did: lead.DidList, List: "spring"})
	absorbed(t, l)
	if err := l.do(lead.Dial{List: "spring", Hand: "h-1"}); kindOf(err) != lead.Conflict {
		t.Errorf("a merged lead is dialled: %v", err)
	}
	if err := l.do(interested); kindOf(err) != lead.Conflict || l.lead.Stock == nil {
		t.Errorf("called: %v, credited to %v", err, l.lead.Stock)
	}
	l.must(t, lead.Call{List: "spring", Call: "c-2", Outcome: lead.DoNotCall}, lead.Restore{Why: "two persons"})
	if l.lead.State != lead.StatePooled || l.lead.List != "" || l.lead.Stock == nil {
		t.Errorf("it is %s on the list %q, credited to %v", l.lead.State, l.lead.List, l.lead.Stock)
	}
	entries := len(l.history)
	if l.must(t, lead.Call{List: "spring", Call: "c-2", Outcome: lead.DoNotCall}); len(l.history) != entries {
		t.Error("a call counts twice")
	}
	if l.must(t, interested); l.lead.State != lead.StateRouting || !l.lead.Stock.Replied {
		t.Errorf("interested, it is %s, credited to %+v", l.lead.State, l.lead.Stock)
	}
}

// TestOwnEnquiryVerifies: who enquires themselves needs no cleansing team; a list
// shows nothing, wakes nothing and replaces nothing.
func TestOwnEnquiryVerifies(t *testing.T) {
	t.Parallel()
	l := fromList(t).must(t, listed())
	if l.lead.State != lead.StateUnverified || l.lead.Team != "cleansing" {
		t.Errorf("on a list once more it is %s of %q", l.lead.State, l.lead.Team)
	}
	if l.wait(time.Hour).must(t, touch()); l.lead.State != lead.StateNew || l.lead.Team != "" || *l.lead.Deadline != (lead.Deadline{At: l.now.Add(l.rules.New), Do: lead.DutyScore}) {
		t.Errorf("after an enquiry it is %s of %q, due %v", l.lead.State, l.lead.Team, l.lead.Deadline)
	}
	if _, ok := l.history[len(l.history)-1].Events[1].(lead.Verified); !ok {
		t.Errorf("the history has no word of it: %v", l.history[len(l.history)-1].Events)
	}
	for _, s := range situations() {
		was := s.life(t)
		l := s.life(t)
		if err := l.do(listed()); err != nil {
			continue // no lead yet, a customer, or merged
		}
		got := l.lead
		if got.Facts.Country != "CN" || got.Touches != was.lead.Touches+1 || got.Facts.Form != "trial" || got.Facts.Channel != "website" {
			t.Errorf("%s: on a list once more its facts are %+v", s.title, got.Facts)
		}
		got.Facts, got.Touches, got.Version = was.lead.Facts, was.lead.Touches, was.lead.Version
		if text(t, got) != text(t, was.lead) {
			t.Errorf("%s: on a list once more it is %s", s.title, text(t, got))
		}
	}
}

// TestTakeWakesNothing: taking over another lead moves none, open or over.
func TestTakeWakesNothing(t *testing.T) {
	t.Parallel()
	for _, s := range situations() {
		was, l := s.life(t).lead, s.life(t)
		err := l.do(lead.Take{Lead: "l2", Facts: lead.Facts{City: "Suzhou"}, Touches: 2})
		if (err != nil) != (was.State == lead.StateMerged || was.State == "") {
			t.Errorf("%s: %v", s.title, err)
		}
		if err != nil {
			continue
		}
		if got := l.lead; got.State != was.State || got.Owner() != was.Owner() || text(t, got.Deadline) != text(t, was.Deadline) || got.Touches != was.Touches+2 || got.Facts.City != "Suzhou" {
			t.Errorf("%s: it is %s", s.title, text(t, got))
		}
	}
}
