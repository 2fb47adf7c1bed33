package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// rosterAge is how long the counters of reps are taken from memory. They may be
// behind: the assigning transaction checks them and hands back the true ones.
const rosterAge = 15 * time.Second

// rosterAgain is how old the counters may be that say that nobody can take a
// lead, which no transaction checks: somebody may have given one back since. It
// bounds how often a team that is full costs a read.
const rosterAgain = time.Second

// Roster keeps the reps with their counters in memory, so that a lead is
// assigned without reading first.
type Roster struct {
	Store Reps

	mu        sync.Mutex
	reps      []lead.Rep
	abilities *route.Abilities
	read      time.Time
}

// Crew are the reps as known. The slice is the reader's own.
type Crew struct {
	Reps      []lead.Rep
	Abilities *route.Abilities // as they were when the roster was read
}

// Reps returns the reps as known.
func (r *Roster) Reps(ctx context.Context, now time.Time) (Crew, error) {
	return r.known(ctx, now, rosterAge)
}

// known returns the reps as they were at most the given time ago.
func (r *Roster) known(ctx context.Context, now time.Time, most time.Duration) (Crew, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := now.Sub(r.read); r.reps == nil || age < 0 || age >= most {
		reps, err := r.Store.Reps(ctx)
		if err != nil {
			return Crew{}, err
		}
		r.reps, r.read = reps, now
		r.abilities = route.NewAbilities(slices.Clone(reps), now)
	}
	return Crew{slices.Clone(r.reps), r.abilities}, nil
}

// Correct takes over what a refused transaction found: the reps' records. What is
// counted beside them, the results of their work, stays as known.
func (r *Roster) Correct(found map[string]lead.Rep) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, rep := range r.reps {
		if fresh, ok := found[rep.ID]; ok {
			fresh.Tried, fresh.Won, fresh.Months = rep.Tried, rep.Won, rep.Months
			r.reps[i] = fresh
		}
	}
}

// Moved counts moves that were committed.
func (r *Roster) Moved(moves []lead.RepMove) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range moves {
		if i := indexRep(r.reps, m.Rep); i >= 0 {
			r.reps[i] = m.Count(r.reps[i])
		}
	}
}

func indexRep(reps []lead.Rep, id string) int {
	return slices.IndexFunc(reps, func(r lead.Rep) bool { return r.ID == id })
}

// fill completes moves with what the choice was based on, so that the
// transaction can check it. A rep that is not on the roster is refused.
func fill(pol *policy.Policy, moves []lead.RepMove, reps []lead.Rep, now time.Time) ([]lead.RepMove, error) {
	for i := range moves {
		m := &moves[i]
		if m.Kind == lead.MoveRelease {
			continue
		}
		at := indexRep(reps, m.Rep)
		if at < 0 {
			return nil, lead.Errorf(lead.NotFound, "there is no such rep")
		}
		m.Expect(reps[at], now)
		m.Step = pol.Advance(m.Team, reps[at], reps)
	}
	return moves, nil
}
