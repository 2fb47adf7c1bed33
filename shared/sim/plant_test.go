package sim

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// TestPlantedBugsAreFound plants mistakes that people make and requires the
// worlds by chance to show each of them soon.
func TestPlantedBugsAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		plant func(*World, app.Store) app.Store
	}{
		{"a message is sent before the commit", func(w *World, s app.Store) app.Store { return tellsFirst{s, w} }},
		{"the deadline is not moved", func(w *World, s app.Store) app.Store { return keepsDeadline{s} }},
		{"counters move outside the transaction", func(w *World, s app.Store) app.Store { return countsApart{s} }},
		{"a message is sent without a record of it", func(w *World, s app.Store) app.Store { return forgetsDeliveries{s} }},
		{"a lost answer counts as success", func(w *World, s app.Store) app.Store { return hopes{s} }},
		{"a contact is not counted", func(w *World, s app.Store) app.Store { return forgetsContacts{s} }},
		{"figures are counted afterwards", func(w *World, s app.Store) app.Store { return talliesApart{s} }},
		{"a merge leaves the leads where they are", func(w *World, s app.Store) app.Store { return keepsLeads{s} }},
		{"a merge by likeness reserves no keys", func(w *World, s app.Store) app.Store { return forgetsKeys{s} }},
		{"a merge forgets contacts", func(w *World, s app.Store) app.Store { return forgetsTheirContacts{s} }},
		{"who was told apart is forgotten", func(w *World, s app.Store) app.Store { return forgetsWhoIsApart{s} }},
		{"enrichers are asked without a budget", func(w *World, s app.Store) app.Store { return spendsFreely{s} }},
		{"a list is taken for the person", func(w *World, s app.Store) app.Store { return wakesForLists{s} }},
		{"what a signal turned out to be is dropped", func(w *World, s app.Store) app.Store { return dropsCorrections{s} }},
		{"a score replaces a grade by hand", func(w *World, s app.Store) app.Store { return knowsBetter{s} }},
		{"what ripens is left to rest", func(w *World, s app.Store) app.Store { return letsRest{s} }},
		{"a merge forgets signals", func(w *World, s app.Store) app.Store { return mergesWithoutSignals{s} }},
		{"signals do not count", func(w *World, s app.Store) app.Store { return agesWell{s} }},
		{"processes stay with the policy that they know", func(w *World, s app.Store) app.Store { return knowsOnePolicy{s} }},
		{"the model is never read", func(w *World, s app.Store) app.Store { return knowsNoModel{s} }},
		{"the walk finds nobody", func(w *World, s app.Store) app.Store { return walksNowhere{s} }},
		{"the walk is forgotten", func(w *World, s app.Store) app.Store { return forgetsTheWalk{s} }},
		{"endings are not kept", func(w *World, s app.Store) app.Store { return keepsNoEndings{s} }},
		{"the first ending is kept", func(w *World, s app.Store) app.Store { return keepsFirstEndings{s, map[string]bool{}} }},
		{"a list is trusted instead of the lead", func(w *World, s app.Store) app.Store { return trustsLists{s, map[string]lead.Lead{}} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(1000) {
				o := Chance(seed + 1)
				o.plant = c.plant
				w := job{options: o}.play()
				if len(w.violations) > 0 {
					t.Logf("found at seed %d: %s", seed+1, w.violations[0])
					return
				}
			}
			t.Error("no seed of 1,000 shows it")
		})
	}
}

// tellsFirst sends the notice of an offer before the offer is committed.
type tellsFirst struct {
	app.Store
	world *World
}

func (s tellsFirst) Commit(ctx context.Context, c lead.Change) error {
	if c.Entry != nil {
		for _, n := range app.Follows(*c.Entry).Notices {
			body, err := json.Marshal(map[string]string{"QueueUrl": queueHost + "deliver", "MessageBody": string(must(json.Marshal(n)))})
			if err != nil {
				return err
			}
			s.world.sendMessage(sqsPrefix+"SendMessage", body, 0)
		}
	}
	return s.Store.Commit(ctx, c)
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}

// keepsDeadline commits a lead with the deadline that it had before.
type keepsDeadline struct{ app.Store }

func (s keepsDeadline) Commit(ctx context.Context, c lead.Change) error {
	if c.Lead != nil && c.Lead.Version > 1 && c.Lead.Deadline != nil {
		if before, err := s.Lead(ctx, c.Lead.ID); err == nil && before.Deadline != nil {
			after := *c.Lead
			after.Deadline = before.Deadline
			c.Lead = &after
		}
	}
	return s.Store.Commit(ctx, c)
}

// countsApart moves the counters of reps in a transaction of their own.
type countsApart struct{ app.Store }

func (s countsApart) Commit(ctx context.Context, c lead.Change) error {
	moves := c.Moves
	c.Moves = nil
	if err := s.Store.Commit(ctx, c); err != nil || len(moves) == 0 {
		return err
	}
	return s.Store.Commit(ctx, lead.Change{Moves: moves})
}

// forgetsContacts leaves out of a change that somebody was contacted.
type forgetsContacts struct{ app.Store }

func (s forgetsContacts) Commit(ctx context.Context, c lead.Change) error {
	if c.Person != nil && c.Person.Version > 1 && len(c.Reserve) == 0 && c.Submission == nil {
		c.Person = nil
	}
	return s.Store.Commit(ctx, c)
}

// talliesApart adds to a cycle's figures in a transaction of their own.
type talliesApart struct{ app.Store }

func (s talliesApart) Commit(ctx context.Context, c lead.Change) error {
	tally := c.Tally
	c.Tally = nil
	if err := s.Store.Commit(ctx, c); err != nil || tally == nil {
		return err
	}
	return s.Store.Commit(ctx, lead.Change{Tally: tally})
}

// forgetsDeliveries sends whatever it is told to, whether it was sent or not.
type forgetsDeliveries struct{ app.Store }

func (forgetsDeliveries) BeginDelivery(context.Context, string, time.Time, time.Time) (bool, error) {
	return false, nil
}

func (forgetsDeliveries) EndDelivery(context.Context, string, time.Time) error { return nil }

// hopes takes a commit whose answer is not known for done.
type hopes struct{ app.Store }

func (s hopes) Commit(ctx context.Context, c lead.Change) error {
	err := s.Store.Commit(ctx, c)
	if err != nil && lead.KindOf(err) == lead.Unavailable {
		if _, refused := err.(*lead.Refused); !refused {
			return nil
		}
	}
	return err
}

// trustsLists reads a lead once and believes that it stays as it is.
type trustsLists struct {
	app.Store
	known map[string]lead.Lead
}

func (s trustsLists) Lead(ctx context.Context, id string) (lead.Lead, error) {
	if l, ok := s.known[id]; ok {
		return l, nil
	}
	l, err := s.Store.Lead(ctx, id)
	if err == nil {
		s.known[id] = l
	}
	return l, err
}

func (s trustsLists) LeadAndRep(ctx context.Context, id, rep string) (lead.Lead, lead.Rep, error) {
	l, r, err := s.Store.LeadAndRep(ctx, id, rep)
	if known, ok := s.known[id]; ok {
		return known, r, nil
	}
	if err == nil {
		s.known[id] = l
	}
	return l, r, err
}
