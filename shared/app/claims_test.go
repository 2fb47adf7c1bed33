package app_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// claimers is a house of so many reps who share a pool, with leads in it that none
// of them had.
func claimers(t *testing.T, reps, leads int, edits func(*policy.Document), records func(i int, r *lead.Rep)) (*bundle, []string) {
	t.Helper()
	b := setup(t, edit{reps: func(all []lead.Rep) []lead.Rep {
		team := onlyTeam(reps, 0)(all)
		for i := range team {
			team[i].Active = false // nothing is routed to them
		}
		return team
	}, policy: func(d *policy.Document) {
		d.Users = withoutReps(d.Users)
		for i := range reps {
			d.Users = append(d.Users, policy.User{ID: "user-" + repName(i), Name: "Rep", Email: fmt.Sprintf("rep%d@example.com", i),
				Roles: []policy.Role{policy.RoleRep}, Rep: repName(i)})
		}
		for i := range d.Pools {
			d.Pools[i].Freeze, d.Pools[i].ClaimDaily = new(policy.Duration(0)), new(1000)
		}
		if edits != nil {
			edits(d)
		}
	}})
	var ids []string
	for i := range leads {
		ids = append(ids, b.intoPool(b.enquire("trial", person("Person", phoneNumber(i), ""))).ID)
	}
	for i := range reps {
		r, err := b.table.Rep(t.Context(), repName(i))
		if err != nil {
			t.Fatal(err)
		}
		r.Active = true
		if records != nil {
			records(i, &r)
		}
		if err := b.table.PutRep(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	return b, ids
}

// race lets every rep claim a lead at the same moment, each through a desk that
// knows nothing of the others, and returns who won.
func (b *bundle) race(reps int, id string) []string {
	b.t.Helper()
	var mu sync.Mutex
	var winners []string
	var group sync.WaitGroup
	for i := range reps {
		desk := *b.desk
		desk.Policy = &app.Current{Store: b.table, Now: b.clock.Now}
		user := b.userOf(repName(i))
		group.Go(func() {
			_, err := desk.Claim(context.Background(), user, app.Target{Lead: id})
			if err == nil {
				mu.Lock()
				winners = append(winners, user.Rep)
				mu.Unlock()
			} else if kind := lead.KindOf(err); kind != lead.Conflict && kind != lead.Denied && kind != lead.NotFound {
				b.t.Errorf("claim: %v, want to be told why not", err)
			}
		})
	}
	group.Wait()
	return winners
}

// had makes reps former owners of a pooled lead.
func (b *bundle) had(id string, reps ...string) {
	b.t.Helper()
	for _, rep := range reps {
		if _, err := b.desk.Claim(b.t.Context(), b.userOf(rep), app.Target{Lead: id}); err != nil {
			b.t.Fatal(err)
		}
		if _, err := b.desk.Release(b.t.Context(), b.userOf(rep), app.Target{Lead: id}, app.Return{Reason: "no time"}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// TestClaimsUnderEveryRule: of 64 claims at the same moment exactly one wins, and
// never one that a rule stands against.
func TestClaimsUnderEveryRule(t *testing.T) {
	t.Parallel()
	const reps = 64
	daily := func(n int) func(*policy.Document) {
		return func(d *policy.Document) {
			for i := range d.Pools {
				d.Pools[i].ClaimDaily = &n
			}
		}
	}
	third := func(i int) bool { return i%3 == 0 }
	for name, c := range map[string]struct {
		edit    func(*policy.Document)
		records func(i int, r *lead.Rep)
		before  func(b *bundle, ids []string)
		barred  func(i int) bool // who may not win
		nobody  bool
	}{
		"nothing": {},
		"cap": {records: func(i int, r *lead.Rep) {
			if third(i) {
				r.Cap = new(0)
			}
		}, barred: third},
		"inactive": {records: func(i int, r *lead.Rep) { r.Active = !third(i) }, barred: third},
		"members": {records: func(i int, r *lead.Rep) {
			if third(i) {
				r.Teams = []string{"schools"}
			}
		}, barred: third},
		"daily limit": {edit: daily(1), before: func(b *bundle, ids []string) {
			for i := range 8 {
				if _, err := b.desk.Claim(b.t.Context(), b.userOf(repName(i)), app.Target{Lead: ids[1+i]}); err != nil {
					b.t.Fatal(err)
				}
			}
		}, barred: func(i int) bool { return i < 8 }},
		"cool-off of all owners": {before: func(b *bundle, ids []string) {
			b.had(ids[0], repName(0), repName(1), repName(2), repName(3))
			b.clock.pass(29 * 24 * time.Hour)
		}, barred: func(i int) bool { return i < 4 }},
		"new-arrival freeze": {edit: func(d *policy.Document) {
			for i := range d.Pools {
				d.Pools[i].Freeze = new(policy.Duration(time.Hour))
			}
		}, before: func(b *bundle, _ []string) { b.clock.pass(time.Hour - time.Second) }, nobody: true},
		"admin assigns": {edit: func(d *policy.Document) {
			for i := range d.Pools {
				d.Pools[i].Assigned = true
			}
		}, nobody: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, ids := claimers(t, reps, 9, c.edit, c.records)
			if c.before != nil {
				c.before(b, ids)
			}
			winners := b.race(reps, ids[0])
			if c.nobody {
				if len(winners) != 0 {
					t.Errorf("%v won, want nobody", winners)
				}
				return
			}
			if len(winners) != 1 {
				t.Fatalf("%v won, want one", winners)
			}
			for i := range reps {
				if c.barred != nil && c.barred(i) && winners[0] == repName(i) {
					t.Errorf("%s won against the rule", winners[0])
				}
			}
			if l := b.lead(ids[0]); l.Owner() != winners[0] {
				t.Errorf("the lead is %q's, %s won", l.Owner(), winners[0])
			}
			b.counters()
		})
	}
}

// TestFreezeEnds: to the second.
func TestFreezeEnds(t *testing.T) {
	t.Parallel()
	b, ids := claimers(t, 3, 1, func(d *policy.Document) {
		for i := range d.Pools {
			d.Pools[i].Freeze = new(policy.Duration(time.Hour))
		}
	}, nil)
	b.clock.pass(time.Hour - time.Second)
	if winners := b.race(3, ids[0]); len(winners) != 0 {
		t.Errorf("%v won a second early", winners)
	}
	b.clock.pass(time.Second)
	if winners := b.race(3, ids[0]); len(winners) != 1 {
		t.Errorf("%v won, want one", winners)
	}
}

// TestClaimReturnClaim: giving leads back never refunds a claim, however many are
// made at once.
func TestClaimReturnClaim(t *testing.T) {
	t.Parallel()
	const limit, leads = 5, 20
	b, ids := claimers(t, 2, leads, func(d *policy.Document) {
		for i := range d.Pools {
			d.Pools[i].ClaimDaily = new(limit)
		}
	}, nil)
	user := b.userOf(repName(0))
	day := func() int64 {
		var won, next atomic.Int64
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for i := next.Add(1) - 1; i < 2*leads; i = next.Add(1) - 1 {
					on := app.Target{Lead: ids[i%leads]}
					_, err := b.desk.Claim(context.Background(), user, on)
					if err != nil {
						if !claimRefused(err) {
							t.Errorf("claim: %v", err)
						}
						continue
					}
					won.Add(1)
					if _, err := b.desk.Release(context.Background(), user, on, app.Return{Reason: "no time"}); err != nil {
						t.Errorf("release: %v", err)
					}
				}
			})
		}
		group.Wait()
		return won.Load()
	}
	for n := range 2 {
		if got := day(); got != limit {
			t.Errorf("day %d: %d claims, the limit is %d", n, got, limit)
		}
		b.clock.pass(24 * time.Hour)
	}
	b.counters()
}

func claimRefused(err error) bool {
	var e *lead.Error
	return errors.As(err, &e) && (e.Kind == lead.Conflict || e.Kind == lead.Unavailable)
}

// The model of a pooled lead: whoever claims it first has it until they give it
// back, and does not get it again.

type holding struct {
	owner string
	had   string // former owners, each followed by a space
}

type claimOp struct {
	lead, rep string
	release   bool
}

type claimAnswer struct{ ok, unknown bool }

var claimModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byLead := map[string][]porcupine.Operation{}
		for _, op := range history {
			id := op.Input.(claimOp).lead
			byLead[id] = append(byLead[id], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byLead {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return holding{} },
	Step: func(state, input, output any) (bool, any) {
		s, op, answer := state.(holding), input.(claimOp), output.(claimAnswer)
		may := s.owner == "" && !strings.Contains(s.had, op.rep+" ")
		after := holding{owner: op.rep, had: s.had}
		if op.release {
			may = s.owner == op.rep
			after = holding{had: s.had + op.rep + " "}
		}
		if !answer.ok {
			return !may || answer.unknown, s
		}
		return may, after
	},
	Equal:             func(a, b any) bool { return a == b },
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// TestClaimsAreLinearizable: what reps are answered who claim and give back the
// same leads at once has an order that explains it.
func TestClaimsAreLinearizable(t *testing.T) {
	t.Parallel()
	const reps, leads, rounds = 12, 5, 30
	b, ids := claimers(t, reps, leads, nil, nil)
	began := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	var group sync.WaitGroup
	for i := range reps {
		user := b.userOf(repName(i))
		desk := *b.desk
		desk.Policy = &app.Current{Store: b.table, Now: b.clock.Now}
		random := rand.New(rand.NewPCG(7, uint64(i)))
		group.Go(func() {
			var mine []string
			for range rounds {
				op := claimOp{lead: ids[random.IntN(leads)], rep: user.Rep}
				if len(mine) > 0 && random.IntN(2) == 0 {
					op.lead, op.release = mine[0], true
				}
				call := time.Since(began)
				var err error
				if op.release {
					_, err = desk.Release(context.Background(), user, app.Target{Lead: op.lead}, app.Return{Reason: "no time"})
				} else {
					_, err = desk.Claim(context.Background(), user, app.Target{Lead: op.lead})
				}
				back := time.Since(began)
				switch {
				case err == nil && op.release:
					mine = mine[1:]
				case err == nil:
					mine = append(mine, op.lead)
				}
				mu.Lock()
				history = append(history, porcupine.Operation{ClientId: i, Input: op, Call: int64(call), Return: int64(back),
					Output: claimAnswer{ok: err == nil, unknown: lead.KindOf(err) == lead.Unavailable && err != nil}})
				mu.Unlock()
			}
		})
	}
	group.Wait()
	won := 0
	for _, op := range history {
		if op.Output.(claimAnswer).ok {
			won++
		}
	}
	if won < leads*4 {
		t.Errorf("only %d of %d acts succeeded: nothing to judge", won, len(history))
	}
	if result := porcupine.CheckOperationsTimeout(claimModel, history, time.Minute); result != porcupine.Ok {
		slices.SortFunc(history, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
		for _, op := range history {
			t.Log(op.Call, op.Return, claimModel.DescribeOperation(op.Input, op.Output))
		}
		t.Fatalf("the answers have no order that explains them: %s", result)
	}
	b.counters()
}
