package app_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// counter hands out numbers as the table does, one block after the other.
type counter struct {
	mu    sync.Mutex
	next  map[int]int
	taken int
	err   error
}

func (c *counter) TakeNumbers(_ context.Context, year, n int) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return 0, c.err
	}
	if c.next == nil {
		c.next = map[int]int{}
	}
	c.taken++
	first := c.next[year] + 1
	c.next[year] += n
	return first, nil
}

func TestNumbersComeInBlocks(t *testing.T) {
	t.Parallel()
	store := &counter{}
	n := &app.Numbering{Store: store}
	now := time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC)
	next := func(at time.Time) string {
		t.Helper()
		number, err := n.Next(t.Context(), "L", at)
		if err != nil {
			t.Fatal(err)
		}
		return number
	}
	for i := range 101 {
		if got, want := next(now), fmt.Sprintf("L-2026-%06d", i+1); got != want {
			t.Fatalf("number %d is %s, want %s", i, got, want)
		}
	}
	if store.taken != 2 {
		t.Errorf("%d blocks for 101 numbers, want 2", store.taken)
	}
	// The year is the one in UTC, and each starts anew.
	shanghai := time.FixedZone("", 8*3600)
	if got := next(now.In(shanghai)); got != "L-2026-000102" {
		t.Errorf("a minute before the year ends: %s", got)
	}
	if got := next(now.Add(time.Minute)); got != "L-2027-000001" {
		t.Errorf("in the new year: %s", got)
	}
	// A straggler of the old year gets a number that nobody has.
	if got := next(now); got != "L-2026-000201" {
		t.Errorf("a straggler: %s", got)
	}
	store.err = errDown
	if _, err := n.Next(t.Context(), "L", now.AddDate(5, 0, 0)); lead.KindOf(err) != lead.Unavailable {
		t.Errorf("without the table: %v", err)
	}
	if got := next(now); got != "L-2026-000202" {
		t.Errorf("what is left of a block needs no table: %s", got)
	}
}

func TestNumbersAreUnique(t *testing.T) {
	t.Parallel()
	store := &counter{}
	var mu sync.Mutex
	seen := map[string]bool{}
	var group sync.WaitGroup
	for range 4 { // instances
		n := &app.Numbering{Store: store}
		for range 8 {
			group.Go(func() {
				for i := range 60 {
					number, err := n.Next(context.Background(), "L", time.Date(2026+i/30, 1, 1, 0, 0, 0, 0, time.UTC))
					mu.Lock()
					if err != nil || seen[number] {
						t.Errorf("%s is handed out twice (%v)", number, err)
					}
					seen[number] = true
					mu.Unlock()
				}
			})
		}
	}
	group.Wait()
}

// bench is a store of reps that counts how often it is read.
type bench struct {
	team []lead.Rep
	read int
	err  error
}

func (b *bench) Reps(context.Context) ([]lead.Rep, error) {
	b.read++
	return slices.Clone(b.team), b.err
}

func (b *bench) Rep(context.Context, string) (lead.Rep, error) { return lead.Rep{}, errDown }
func (b *bench) PutRep(context.Context, lead.Rep) error        { return errDown }

func TestRosterIsReadEveryFifteenSeconds(t *testing.T) {
	t.Parallel()
	store := &bench{team: []lead.Rep{{ID: "amy", Holding: 1}, {ID: "ben"}}}
	r := &app.Roster{Store: store}
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		pass time.Duration
		want int
	}{{0, 1}, {14 * time.Second, 1}, {time.Second, 2}, {-time.Hour, 3}, {time.Second, 3}} {
		now = now.Add(c.pass)
		if reps, err := r.Reps(t.Context(), now); err != nil || len(reps.Reps) != 2 || store.read != c.want {
			t.Errorf("after %s: read %d times (%v), want %d", c.pass, store.read, err, c.want)
		}
	}
	store.err = errDown
	if _, err := r.Reps(t.Context(), now.Add(time.Hour)); err == nil {
		t.Error("an old roster is no ground for a choice while the table is down")
	}
}

func TestRosterFollowsWhatIsCommitted(t *testing.T) {
	t.Parallel()
	store := &bench{team: []lead.Rep{{ID: "amy", Day: "2026-03-03", Today: 7, Claims: 3, Turns: map[string]int{"young": 4}, Won: map[string]int{"web": 5}}, {ID: "ben", Holding: 2}}}
	r := &app.Roster{Store: store}
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	before, err := r.Reps(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	held := maps.Clone(before.Reps[0].Turns)
	r.Moved([]lead.RepMove{{Rep: "amy", Kind: lead.MoveAssign, Team: "young", Day: "2026-03-04", Step: 2}, {Rep: "ben", Kind: lead.MoveRelease}, {Rep: "gone", Kind: lead.MoveAssign}})
	after, _ := r.Reps(t.Context(), now)
	if amy := after.Reps[0]; amy.Holding != 1 || amy.Today != 1 || amy.Claims != 0 || amy.Turns["young"] != 6 || after.Reps[1].Holding != 1 {
		t.Errorf("after the moves %+v", after)
	}
	if !maps.Equal(before.Reps[0].Turns, held) || before.Reps[0].Holding != 0 {
		t.Error("what was handed out before changed")
	}
	r.Correct(map[string]lead.Rep{"ben": {ID: "ben", Holding: 9, Revision: 2}, "new": {ID: "new"}})
	after, _ = r.Reps(t.Context(), now)
	if len(after.Reps) != 2 || after.Reps[1].Holding != 9 || after.Reps[1].Revision != 2 || after.Reps[0].Holding != 1 {
		t.Errorf("after the correction %+v", after)
	}
	amy := after.Reps[0]
	amy.Won = nil // a refused transaction finds the record, not the results beside it
	r.Correct(map[string]lead.Rep{"amy": amy})
	if again, _ := r.Reps(t.Context(), now); again.Reps[0].Won["web"] != 5 {
		t.Error("a correction forgot the results")
	}
	after.Reps[0].Holding = 99 // the caller's own
	if again, _ := r.Reps(t.Context(), now); again.Reps[0].Holding != 1 || store.read != 1 {
		t.Error("a caller changed the roster")
	}
}

// TestFullTeamIsLookedAtAgain: that nobody can take a lead is not said by old
// counters. A rep who has just given one back gets the next.
func TestFullTeamIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: onlyTeam(1, 1), policy: func(d *policy.Document) {
		d.Users = append(withoutReps(d.Users), policy.User{ID: "user-rep00", Name: "Rep", Email: "rep00@example.com",
			Roles: []policy.Role{policy.RoleRep}, Rep: repName(0)})
	}})
	first := b.enquire("trial", typed())
	if full := b.enquire("trial", person("Noah Brooks", "+1 415 555 0140", "")); full.State != lead.StateTriage {
		t.Fatalf("beyond the cap the lead is %s", full.State)
	}
	rep := b.userOf(first.Owner())
	if _, err := b.desk.Accept(t.Context(), rep, app.Target{Lead: first.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Close(t.Context(), rep, app.Target{Lead: first.ID}, app.Closing{As: lead.StateLost, Reason: "bought elsewhere"}); err != nil {
		t.Fatal(err)
	}
	b.clock.pass(2 * time.Second)
	if next := b.enquire("trial", person("Ida Stone", "+1 415 555 0141", "")); next.State != lead.StateOffered {
		t.Errorf("the next lead is %s although the rep is free again: %v", next.State, b.history(next.ID)[0].Events)
	}
	b.counters()
}

// TestLeadPooledByRuleHasATeam: a manager can give it to somebody.
func TestLeadPooledByRuleHasATeam(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: func(d *policy.Document) {
		d.Routing.Rules[0].When, d.Routing.Rules[0].Team, d.Routing.Rules[0].Pool = `product == "kids-coding"`, "", "open-sea"
	}})
	l := b.enquire("trial", typed())
	if l.State != lead.StatePooled || l.Team != "young" {
		t.Fatalf("lead is %s of team %q", l.State, l.Team)
	}
	manager, err := b.desk.User(t.Context(), "max")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Assign(t.Context(), manager, app.Target{Lead: l.ID}, "amy"); err != nil {
		t.Errorf("the manager cannot assign it: %v", err)
	}
	if got := b.lead(l.ID); got.Owner() != "amy" || got.State != lead.StateOffered {
		t.Errorf("lead is %s with %q", got.State, got.Owner())
	}
	b.counters()
}
