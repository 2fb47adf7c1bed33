package app_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

func phoneNumber(i int) string { return fmt.Sprintf("+86139%08d", 41_000_000+i*37) }
func repName(i int) string     { return fmt.Sprintf("rep%02d", i) }

// takeAll hands every queued message to intake, each in an invocation of its
// own, n at once, spread over four instances of the function that know nothing
// of each other.
func (b *bundle) takeAll(n int) {
	b.t.Helper()
	messages := b.intake.take(1 << 20)
	for i := range 4 {
		b.run[fmt.Sprint("intake", i)] = b.newIntake()
	}
	var next atomic.Int64
	var group sync.WaitGroup
	var failed atomic.Int64
	for range n {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(messages) {
					return
				}
				for range 5 { // the queue brings back what met others too often
					if b.handle(fmt.Sprint("intake", i%4), messages[i]) == 0 {
						break
					}
					failed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if n := failed.Load(); n > 0 {
		b.t.Logf("%d of %d messages came back once", n, len(messages))
	}
}

func TestSamePersonAtTheSameMoment(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped})
	const people, posts = 20, 16
	ids := make([][]string, people)
	for range posts {
		for i := range people {
			ids[i] = append(ids[i], b.accepted("trial", person("Person", phoneNumber(i), fmt.Sprintf("p%d@example.com", i))))
		}
	}
	b.takeAll(people * posts)
	leads := map[string]bool{}
	for i, posts := range ids {
		created, owner := 0, ""
		for _, id := range posts {
			sub := b.submission(id)
			if sub.Outcome == lead.OutcomeCreated {
				created++
			}
			if owner != "" && owner != sub.Person {
				t.Errorf("person %d is two people", i)
			}
			owner = sub.Person
			leads[sub.Lead] = true
		}
		if created != 1 {
			t.Errorf("person %d has %d leads created, want 1", i, created)
		}
	}
	if len(leads) != people {
		t.Errorf("%d leads, want %d", len(leads), people)
	}
	for id := range leads {
		if l := b.lead(id); l.Touches != posts || l.Version != posts {
			t.Errorf("lead has %d touches and version %d, want %d", l.Touches, l.Version, posts)
		}
	}
	b.counters()
}

func TestManyClaimOneWins(t *testing.T) {
	t.Parallel()
	const claims = 64
	b := setup(t, edit{reps: onlyTeam(claims, 0), policy: func(d *policy.Document) {
		for i := range claims {
			d.Users = append(d.Users, policy.User{ID: "user-" + repName(i), Name: "Rep", Email: fmt.Sprintf("rep%d@example.com", i),
				Roles: []policy.Role{policy.RoleRep}, Rep: repName(i)})
		}
		d.Users = withoutReps(d.Users)
		openPool(d)
	}})
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	owner := b.userOf(l.Owner())
	if _, err := b.desk.Accept(t.Context(), owner, app.Target{Lead: l.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Release(t.Context(), owner, app.Target{Lead: l.ID}, app.Return{Reason: "no time"}); err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var group sync.WaitGroup
	for i := range claims {
		user := b.userOf(repName(i))
		group.Go(func() {
			_, err := b.desk.Claim(context.Background(), user, app.Target{Lead: l.ID})
			var e *lead.Error
			switch {
			case err == nil:
				won.Add(1)
			case !errors.As(err, &e) || e.Kind == lead.Unavailable || e.Kind == lead.Invalid:
				t.Errorf("claim: %v, want a conflict", err)
			}
		})
	}
	group.Wait()
	if got := won.Load(); got != 1 {
		t.Errorf("%d of %d claims won, want 1", got, claims)
	}
	if got := b.lead(l.ID); got.State != lead.StateWorking {
		t.Errorf("lead is %s, want working", got.State)
	}
	b.counters()
}

// withoutReps drops the sample's own reps from the users.
func withoutReps(users []policy.User) []policy.User {
	var kept []policy.User
	for _, u := range users {
		if u.Rep == "" || len(u.ID) > 5 && u.ID[:5] == "user-" {
			kept = append(kept, u)
		}
	}
	return kept
}

func TestNobodyGetsMoreThanTheirCap(t *testing.T) {
	t.Parallel()
	const leads, reps, most = 300, 5, 10
	b := setup(t, edit{reps: onlyTeam(reps, most)})
	var ids []string
	for i := range leads {
		ids = append(ids, b.accepted("trial", person("Person", phoneNumber(i), "")))
	}
	b.takeAll(32)
	states := map[lead.State]int{}
	for _, id := range ids {
		l := b.leadOf(id)
		if l.State == lead.StateNew || l.State == lead.StateRouting { // too contended at the time: route comes round
			b.tell(l.ID)
			l = b.lead(l.ID)
		}
		states[l.State]++
		if l.State == lead.StateTriage && len(b.history(l.ID)) == 0 {
			t.Errorf("lead %s waits without a reason", l.ID)
		}
	}
	if states[lead.StateOffered] != reps*most || states[lead.StateTriage] != leads-reps*most {
		t.Errorf("leads are %v, want %d offered and the rest in triage", states, reps*most)
	}
	b.counters()
	for i := range reps {
		if r, err := b.table.Rep(t.Context(), repName(i)); err != nil || r.Holding != most || r.Turns["young"] != most {
			t.Errorf("rep %d holds %d with %d turns (%v), want %d", i, r.Holding, r.Turns["young"], err, most)
		}
	}
}

// counters checks that each rep's holdings are what the inbox lists.
func (b *bundle) counters() {
	b.t.Helper()
	reps, err := b.table.Reps(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, r := range reps {
		held := 0
		for page := (app.Page{Limit: 100}); ; {
			ids, cursor, err := b.table.Inbox(b.t.Context(), r.ID, page)
			if err != nil {
				b.t.Fatal(err)
			}
			held += len(ids)
			if page.Cursor = cursor; cursor == "" {
				break
			}
		}
		if held != r.Holding {
			b.t.Errorf("rep %s holds %d leads by the counter and %d by the inbox", r.ID, r.Holding, held)
		}
	}
}

// TestManyAtOnceAreSharedEvenly: whoever is never full has as many as any other,
// within one, nobody more than the cap, and each lead tells why it went where.
func TestManyAtOnceAreSharedEvenly(t *testing.T) {
	t.Parallel()
	const leads, reps, few, most = 400, 12, 15, 60
	b := setup(t, edit{reps: func(all []lead.Rep) []lead.Rep {
		team := onlyTeam(reps, most)(all)
		low := few
		for i := range 3 {
			team[i].Cap = &low
		}
		return team
	}})
	var ids []string
	for i := range leads {
		ids = append(ids, b.accepted("trial", person("Person", phoneNumber(i), "")))
	}
	b.takeAll(32)
	for _, id := range ids {
		l := b.leadOf(id)
		for try := 0; try < 20 && l.State != lead.StateOffered; try++ { // too contended at the time: route comes round
			b.handle("route", encode(t, app.RouteOrder{Lead: l.ID}))
			l = b.lead(l.ID)
		}
		explained := false
		for _, entry := range b.history(l.ID) {
			for _, e := range entry.Events {
				if offer, ok := e.(lead.Offered); ok {
					g := offer.Grounds
					explained = g != nil && len(g.First) > 0 && g.First[0].Rep == offer.Rep && offer.Rule != ""
				}
			}
		}
		if l.State != lead.StateOffered || !explained {
			t.Errorf("lead is %s, explained: %t", l.State, explained)
		}
	}
	b.counters()
	least, greatest := leads, 0
	for i := range reps {
		r, err := b.table.Rep(t.Context(), repName(i))
		if err != nil || i < 3 && r.Holding != few || r.Holding > most {
			t.Errorf("rep %d holds %d of %d (%v)", i, r.Holding, *r.Cap, err)
		}
		if i >= 3 {
			least, greatest = min(least, r.Holding), max(greatest, r.Holding)
		}
	}
	if greatest-least > 1 {
		t.Errorf("those who were never full hold %d to %d", least, greatest)
	}
}
