package lead_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// TestWaiting follows a lead through a night: each shift it waits for is its
// deadline, and the time since when it waits in all is kept.
func TestWaiting(t *testing.T) {
	t.Parallel()
	evening := monday.Add(10 * time.Hour)
	l := captured(t).wait(10*time.Hour).must(t, waitFor(monday.Add(day)))
	want := func(since, until time.Time) {
		t.Helper()
		if got := l.lead; got.State != lead.StateRouting || !got.Since.Equal(since) || !got.Wait.Equal(until) || got.Team != "inside" ||
			*got.Deadline != (lead.Deadline{At: until, Do: lead.DutyRoute}) {
			t.Errorf("the lead is %s since %v, waits until %v for %s, due %+v", got.State, got.Since, got.Wait, got.Team, got.Deadline)
		}
	}
	want(evening, monday.Add(day))
	l.wait(14*time.Hour).must(t, waitFor(monday.Add(day+time.Hour))) // whoever comes first is ill
	want(evening, monday.Add(day+time.Hour))
	entries := len(l.history)
	if l.must(t, waitFor(monday.Add(day+time.Hour).In(time.FixedZone("", 3600)))); len(l.history) != entries {
		t.Error("waiting on for the same shift is told again")
	}
	l.must(t, touch())
	want(evening, monday.Add(day+time.Hour))
	if l.must(t, toRep(bo)); !l.lead.Wait.IsZero() || l.lead.Offers != 1 {
		t.Errorf("an offered lead waits until %v, offers %d", l.lead.Wait, l.lead.Offers)
	}
	// Bo lets it pass in the evening: the wait begins anew, the round does not.
	l.lapse(t).must(t, waitFor(monday.Add(2*day)))
	want(monday.Add(day+time.Hour), monday.Add(2*day))
	if l.lead.Offers != 1 {
		t.Errorf("%d offers in this round, want 1", l.lead.Offers)
	}
}

// TestMovedLeadStartsAnew gives a lead that was offered as often as allowed the
// full number of offers again.
func TestMovedLeadStartsAnew(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		move   lead.Move
		offers int
	}{
		"anew":     {lead.Move{Anew: true}, 0},
		"to a rep": {lead.Move{Rep: cy, Team: "field"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := offered(t, ann).lapse(t).must(t, toRep(bo)).lapse(t).must(t, toRep("ed"), moveTo(test.move))
			if l.lead.Offers != test.offers {
				t.Errorf("%d offers in this round, want %d", l.lead.Offers, test.offers)
			}
			l.lapse(t)
			if l.must(t, toRep("di")); l.lead.Owner() != "di" {
				t.Errorf("the lead is %s, want it offered on", l.lead.State)
			}
		})
	}
}

// TestMoveNames keeps the job that moved a lead last, and the team that has it.
func TestMoveNames(t *testing.T) {
	t.Parallel()
	l := working(t, ann).must(t, lead.Move{Rep: cy, Team: "field", Why: "new territory", Job: "j1"})
	if l.lead.Job != "j1" || l.lead.Team != "field" || l.lead.Period.How != lead.ByHand || l.lead.Offers != 1 {
		t.Errorf("the lead is %+v, its period %+v", l.lead, l.lead.Period)
	}
	if l.lead.Period.Accepted.IsZero() || l.lead.Period.Grade != lead.GradeA {
		t.Errorf("who goes on with it has the period %+v", l.lead.Period)
	}
	l.must(t, lead.Move{Pool: "cold", Why: "too many"})
	if l.lead.Job != "j1" || l.lead.Team != "field" || l.lead.Pool != "cold" {
		t.Errorf("by hand into the pool %s of %s, job %q", l.lead.Pool, l.lead.Team, l.lead.Job)
	}
}

// TestVerdictStays keeps what the lead was qualified for, whatever the person
// says later.
func TestVerdictStays(t *testing.T) {
	t.Parallel()
	l := working(t, ann).must(t, lead.Qualify{Rep: ann, Verdict: "enterprise"}, touch(), toRep(bo))
	if l.lead.Facts.Verdict != "enterprise" || l.lead.Offers != 1 {
		t.Errorf("the verdict is %q after %d offers", l.lead.Facts.Verdict, l.lead.Offers)
	}
}

// TestResults says what the end of each period tells of the rep's ability, and
// where it is counted.
func TestResults(t *testing.T) {
	t.Parallel()
	const none = lead.Result("")
	worked := func(t *testing.T) *life { return working(t, ann) }
	shut := func(as lead.State) lead.Command { return lead.Close{Rep: ann, As: as, Reason: "as agreed"} }
	for name, test := range map[string]struct {
		life    func(*testing.T) *life
		command lead.Command // nil lets the deadline pass
		want    lead.Result
	}{
		"converted":            {worked, lead.Convert{Rep: ann}, lead.ResultWon},
		"qualified":            {worked, lead.Qualify{Rep: ann, Verdict: "enterprise"}, lead.ResultWon},
		"lost":                 {worked, shut(lead.StateLost), lead.ResultLost},
		"unreachable":          {worked, shut(lead.StateUnreachable), lead.ResultLost},
		"released":             {worked, lead.Release{Rep: ann, Reason: "too far away"}, lead.ResultLost},
		"first contact missed": {worked, nil, lead.ResultLost},
		"hold used up":         {func(t *testing.T) *life { return working(t, ann).must(t, lead.Hold{Rep: ann}) }, nil, lead.ResultLost},
		"claimed and missed": {func(t *testing.T) *life {
			return captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}}, lead.Claim{Rep: ann, Team: "inside"})
		}, nil, lead.ResultLost},
		"moved on by hand and lost": {func(t *testing.T) *life {
			return working(t, bo).must(t, moveTo(lead.Move{Rep: ann, Team: "inside"}))
		}, shut(lead.StateLost), lead.ResultLost},
		"junk":               {worked, shut(lead.StateJunk), none},
		"not ripe":           {worked, lead.Recycle{Rep: ann, Reason: "no budget"}, none},
		"moved by a manager": {worked, moveTo(lead.Move{Rep: cy, Team: "inside"}), none},
		"rejected":           {func(t *testing.T) *life { return offered(t, ann) }, lead.Reject{Rep: ann, Reason: "language"}, none},
		"not accepted":       {func(t *testing.T) *life { return offered(t, ann) }, nil, none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := test.life(t)
			if l.now = time.Date(2026, time.April, 1, 1, 0, 0, 0, time.FixedZone("", 2*3600)); test.command == nil {
				l.lapse(t)
			} else {
				l.must(t, test.command)
			}
			want := lead.RepMove{Rep: ann, Kind: lead.MoveRelease, Result: test.want}
			if test.want != none {
				want.Channel, want.Month = "website", l.now.UTC().Format("2006-01")
			}
			if moves := lead.Moves(l.lead, l.history[len(l.history)-1]); !slices.Contains(moves, want) {
				t.Errorf("ends with %+v, want %+v", moves, want)
			}
		})
	}
}

// TestMoves tells the counters of a whole entry.
func TestMoves(t *testing.T) {
	t.Parallel()
	after, entry, err := lead.Run(lead.Lead{ID: "l1"}, lead.System("intake"), rules(), monday,
		capture(), lead.Score{Grade: lead.GradeC}, lead.Score{Grade: lead.GradeB}, toRep(ann))
	if err != nil {
		t.Fatal(err)
	}
	want := lead.RepMove{Rep: ann, Kind: lead.MoveAssign, Team: "inside", Grade: lead.GradeB, At: monday}
	if got := lead.Moves(after, entry); len(got) != 1 || got[0] != want {
		t.Errorf("an arrival moves %+v, want %+v", got, want)
	}
	after, entry, err = lead.Run(after, lead.System("desk"), rules(), monday, moveTo(lead.Move{Rep: bo, Team: "field"}))
	if err != nil {
		t.Fatal(err)
	}
	got := lead.Moves(after, entry)
	if len(got) != 2 || got[0] != (lead.RepMove{Rep: ann, Kind: lead.MoveRelease}) || got[1] != (lead.RepMove{Rep: bo, Kind: lead.MoveByHand, Team: "field"}) {
		t.Errorf("a manager's move moves %+v", got)
	}
	change := lead.NewChange(after, entry)
	if change.Lead.Version != 2 || change.Entry.Version != 2 || !slices.Equal(change.Moves, got) || change.Tally != nil {
		t.Errorf("the change is %+v", change)
	}
	l := captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}}, lead.Reveal{Rep: cy})
	if got := lead.Moves(l.lead, l.history[3]); len(got) != 1 || got[0] != (lead.RepMove{Rep: cy, Kind: lead.MoveReveal}) {
		t.Errorf("a look at the contact data moves %+v", got)
	}
}

// moved is what a manager's move must have led to.
func (w *world) moved(t *rapid.T, before lead.Lead, c lead.Move) {
	l, want := w.lead, lead.StateRouting
	switch {
	case c.Rep != "" && (before.State == lead.StateWorking || before.State == lead.StatePaused):
		want = lead.StateWorking
	case c.Rep != "":
		want = lead.StateOffered
	case c.Pool != "":
		want = lead.StatePooled
	}
	offers := 0
	if c.Rep != "" {
		offers = 1
	}
	if l.State != want || l.Owner() != c.Rep || l.Pool != c.Pool || l.Offers != offers || !l.Wait.IsZero() || l.Job != cmp.Or(c.Job, before.Job) {
		t.Fatalf("%+v of %q leads to %q with %q in %q after %d offers", c, before.State, l.State, l.Owner(), l.Pool, l.Offers)
	}
}
