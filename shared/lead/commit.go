package lead

import (
	"fmt"
	"maps"
	"time"
)

// Change is everything that one transaction writes. Nothing else writes leads.
// A part left empty is not written.
type Change struct {
	Lead       *Lead       // the new snapshot; version Lead.Version-1 must be stored, 0 meaning none
	Entry      *Entry      // its history entry
	Person     *Person     // the new person; version Person.Version-1 must be stored, 0 meaning none
	Reserve    []Key       // identity keys that must be free, taken for Person.ID
	Moves      []RepMove   // counters of reps, at most one move a rep
	Submission *Submission // must not be recorded yet; its idempotency key neither
}

// RepMove moves a rep's counters with a lead.
type RepMove struct {
	Rep      string
	Kind     MoveKind
	Team     string // whose turn it was, for moves by distribution
	Day      string // the rep's calendar day, or the later one that the counters have come to
	Revision int    // of the rep's record when the choice was made
	SameDay  bool   // whether the counters that were read already count Day
	Turns    int    // for assignments: the rep's turns in Team when chosen; as turns only grow, an unchanged count proves that nobody had fewer
	Step     int    // for assignments: by how much the turns move; more than 1 for a rep who was away and is owed nothing
	Claims   int    // for claims: how many a day; 0 or less means no limit
}

// MoveKind is what a move does to a rep's counters.
type MoveKind string

// The kinds of moves.
const (
	MoveAssign  MoveKind = "assign"  // by distribution: holding+1, today+1, turn+1; under cap and quota
	MoveByHand  MoveKind = "hand"    // by a person: holding+1; under the cap
	MoveClaim   MoveKind = "claim"   // out of a pool: holding+1, claims+1; under cap and claim limit
	MoveRelease MoveKind = "release" // the lead is gone from the rep: holding-1
)

// Refused is the error of a transaction of which nothing was written, with what
// stood in the way, so that the caller can decide anew without guessing.
type Refused struct {
	Submission *Submission    // already recorded under this id
	Idem       string         // id of the submission that already used the idempotency key
	Keys       map[Key]string // identity keys already taken → person
	Lead       bool           // the lead's version moved on
	Person     bool           // the person's version moved on
	Reps       map[string]Rep // reps over a limit or edited meanwhile, as they are now
}

// Error implements error.
func (r *Refused) Error() string {
	return fmt.Sprintf("commit refused: submission %t, idempotency key %t, %d keys taken, lead %t, person %t, %d reps",
		r.Submission != nil, r.Idem != "", len(r.Keys), r.Lead, r.Person, len(r.Reps))
}

// Moves tells the counters of which reps an entry moves: one up for each period
// it starts and one down for each it ends.
func Moves(events []Event) []RepMove {
	var moves []RepMove
	for _, e := range events {
		switch e := e.(type) {
		case Offered:
			kind := MoveAssign
			if e.How == ByHand {
				kind = MoveByHand
			}
			moves = append(moves, RepMove{Rep: e.Rep, Team: e.Team, Kind: kind})
		case Claimed:
			moves = append(moves, RepMove{Rep: e.Rep, Team: e.Team, Kind: MoveClaim})
		case Ended:
			moves = append(moves, RepMove{Rep: e.Rep, Kind: MoveRelease})
		}
	}
	return moves
}

// Expect makes the move conditional on the rep's record being as it was when
// the choice was made.
func (m *RepMove) Expect(r Rep, now time.Time) {
	m.Day = max(r.Day, r.DayOf(now))
	m.SameDay = r.Day == m.Day
	m.Revision = r.Revision
	m.Turns = r.Turns[m.Team]
}

// Count returns the rep with its counters after the move.
func (m RepMove) Count(r Rep) Rep {
	if m.Kind == MoveRelease {
		r.Holding--
		return r
	}
	r.Holding++
	if m.Kind == MoveByHand {
		return r
	}
	if r.Day != m.Day {
		r.Day, r.Today, r.Claims = m.Day, 0, 0
	}
	if m.Kind == MoveClaim {
		r.Claims++
		return r
	}
	r.Today++
	turns := maps.Clone(r.Turns)
	if turns == nil {
		turns = map[string]int{}
	}
	turns[m.Team] += max(1, m.Step)
	r.Turns = turns
	return r
}
