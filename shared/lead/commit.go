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
	Tally      *Tally      // figures of a stock sweep's cycle that are added to
	Submission *Submission // must not be recorded yet; its idempotency key neither
	Company    *Company    // what is known of one; version Company.Version-1 must be stored, 0 meaning none

	Also []Change // of other leads and persons, in the same transaction: a merge
}

// All lists the change and those that are written with it.
func (c Change) All() []Change {
	all := []Change{c}
	for _, also := range c.Also {
		all = append(all, also.All()...)
	}
	return all
}

// NewChange is the change by which an entry led to a lead: with the counters that
// it moves.
func NewChange(after Lead, entry Entry) Change {
	return Change{Lead: &after, Entry: &entry, Moves: Moves(after, entry), Tally: TallyOf(entry)}
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
	Most     int    // for claims and reveals: how many a day; 0 or less means no limit

	At      time.Time // for assignments: of the entry
	Grade   Grade     // for assignments: of the lead
	Paced   time.Time // for assignments: Rep.Paced when chosen
	PacedTo time.Time // for assignments: what it becomes; zero for a rep without a pace
	Result  Result    // for releases: how the rep's work ended
	Channel string    // for releases with a result: of the lead
	Month   string    // for releases with a result: of the entry, in UTC, as 2006-01
	More    int       // for releases: leads beside the one, where several go at once
}

// MoveKind is what a move does to a rep's counters.
type MoveKind string

// The kinds of moves.
const (
	MoveAssign  MoveKind = "assign"  // by distribution: holding+1, today+1, turn+1; under cap, quota and pace
	MoveByHand  MoveKind = "hand"    // by a person: holding+1; under the cap
	MoveClaim   MoveKind = "claim"   // out of a pool: holding+1, claims+1; under cap and claim limit
	MoveReveal  MoveKind = "reveal"  // a look at the contact data of a pooled lead: reveals+1; under the reveal limit
	MoveRelease MoveKind = "release" // the lead is gone from the rep: holding-1, and the result counted
)

// Refused is the error of a transaction of which nothing was written, with what
// stood in the way, so that the caller can decide anew without guessing.
type Refused struct {
	Submission *Submission    // already recorded under this id
	Idem       string         // id of the submission that already used the idempotency key
	Keys       map[Key]string // identity keys already taken → person
	Lead       bool           // the lead's version moved on
	Person     bool           // a person's version moved on
	Company    bool           // the company's version moved on
	Reps       map[string]Rep // reps over a limit or changed meanwhile, as they are now but for their results
}

// Error implements error.
func (r *Refused) Error() string {
	return fmt.Sprintf("commit refused: submission %t, idempotency key %t, %d keys taken, lead %t, person %t, company %t, %d reps",
		r.Submission != nil, r.Idem != "", len(r.Keys), r.Lead, r.Person, r.Company, len(r.Reps))
}

// Moves tells the counters of which reps an entry moves: one up for each period
// it starts and one down for each it ends. The lead is the one after the entry.
func Moves(after Lead, entry Entry) []RepMove {
	var moves []RepMove
	for _, e := range entry.Events {
		switch e := e.(type) {
		case Offered:
			m := RepMove{Rep: e.Rep, Team: e.Team, Kind: MoveByHand}
			if e.How != ByHand {
				m.Kind, m.Grade, m.At = MoveAssign, after.Grade, entry.At
			}
			moves = append(moves, m)
		case Claimed:
			moves = append(moves, RepMove{Rep: e.Rep, Team: e.Team, Kind: MoveClaim})
		case Revealed:
			moves = append(moves, RepMove{Rep: e.Rep, Kind: MoveReveal})
		case Ended:
			m := RepMove{Rep: e.Rep, Kind: MoveRelease, Result: e.Result}
			if e.Result != "" {
				m.Channel, m.Month = e.Channel, MonthOf(entry.At)
			}
			moves = append(moves, m)
		}
	}
	return moves
}

// MonthOf is the calendar month of a moment in UTC, as 2006-01: conversions are
// counted by it.
func MonthOf(at time.Time) string { return at.UTC().Format("2006-01") }

// Expect makes the move conditional on the rep's record being as it was when
// the choice was made.
func (m *RepMove) Expect(r Rep, now time.Time) {
	m.Day = max(r.Day, r.DayOf(now))
	m.SameDay = r.Day == m.Day
	m.Revision = r.Revision
	m.Turns = r.Turns[m.Team]
	m.Paced, m.PacedTo = r.Paced, time.Time{}
	if m.Kind == MoveAssign && r.Pace != nil {
		m.PacedTo = r.paceAfter(now)
	}
}

// Count returns the rep with its counters after the move.
func (m RepMove) Count(r Rep) Rep {
	if m.Kind == MoveRelease {
		r.Holding -= 1 + m.More
		if m.Result != "" {
			r.Tried = plus(r.Tried, m.Channel, 1)
		}
		if m.Result == ResultWon {
			r.Won, r.Months = plus(r.Won, m.Channel, 1), plus(r.Months, m.Month, 1)
		}
		return r
	}
	if m.Kind != MoveReveal {
		r.Holding++
	}
	if m.Kind == MoveByHand {
		return r
	}
	if r.Day != m.Day {
		r.Day, r.Last, r.Today, r.Claims, r.Reveals = m.Day, r.Today, 0, 0, 0
	}
	switch m.Kind {
	case MoveReveal:
		r.Reveals++
		return r
	case MoveClaim:
		r.Claims++
		return r
	}
	r.Today++
	r.Turns = plus(r.Turns, m.Team, max(1, m.Step))
	r.Mix = plus(r.Mix, m.Grade, 1)
	r.Served = m.At.Truncate(time.Millisecond).UTC()
	if !m.PacedTo.IsZero() {
		r.Paced = m.PacedTo
	}
	return r
}

// plus returns the counters with one moved on. Rosters share them.
func plus[K comparable](counters map[K]int, key K, n int) map[K]int {
	moved := make(map[K]int, len(counters)+1)
	maps.Copy(moved, counters)
	moved[key] += n
	return moved
}
