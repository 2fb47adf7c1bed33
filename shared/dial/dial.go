// Package dial paces predictive dialling: it says how many numbers of a list to
// dial now, so that agents talk rather than wait, and hardly anybody who answers
// finds nobody there.
//
// A call is abandoned when a person answers and no agent takes it within two
// seconds. The Telemarketing Sales Rule of the US Federal Trade Commission defines
// it so, counting from the end of the greeting (16 CFR 310.4(b)(1)(iv)). It
// tolerates 3 % of the calls that a person answers, in each campaign and 30 days,
// where every number rings for 15 seconds or four times and who is abandoned hears
// a recorded message (16 CFR 310.4(b)(4)). The statement of the British Ofcom on
// persistent misuse of 2010 allowed as many in 24 hours; that of 2016 names no
// share and judges each case.
//
// Dialling one number for each free agent is progressive: it abandons nobody and
// makes everybody wait. To dial more is a bet on how many answer and on who will
// have hung up by then. Dial makes the largest one whose expected loss is within
// the cap, and stops betting when too many were lost.
package dial

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/mathext"
)

// What the law tolerates; see the package comment.
const (
	Abandon  = 0.03            // of the calls that a person answers
	Patience = 2 * time.Second // after the answer, then a call is abandoned
)

// What a bet takes into account. Half or double of any of these, or of what the
// figures remember, moved the use of agents on simulated days with 10 to 50 %
// answers by three points at most, and the share of calls abandoned by less than
// one.
const (
	enoughDialled = 50  // numbers with an outcome, before the first bet
	enoughTalks   = 20  // that have ended, before anybody is expected to hang up,
	talksEach     = 2   // and for each busy agent: at first only the short ones have
	sure          = 0.9 // that the answer rate is not above the one reckoned with
	gain          = 3   // how much is bet for what is left below the cap
	mostLines     = 10  // that ring for one agent
)

// mostAgents is how many a bet counts on, so that a decision is quick.
const mostAgents = 1000

// Floor is who is there at a moment.
type Floor struct {
	Free int
	Busy int // talking, or writing up what was said
	// Ringing numbers were dialled and have no outcome yet; nor has an answered
	// call that waits for its agent.
	Ringing int
}

// Pacing is how much may be lost.
type Pacing struct {
	// Abandon is the share of answered calls that may be abandoned, from 0, which
	// is to dial progressively, to 1.
	Abandon float64
}

// Decision is how many numbers to dial now, 0 or more.
type Decision struct {
	N          int
	Predictive bool   // rather than one for each free agent
	Why        string // for people
}

// Dial decides how many numbers to dial now. It is to be asked whenever a call
// has an outcome or an agent becomes free, or every second.
func (p Pacing) Dial(f Figures, now Floor) Decision {
	now = Floor{max(0, now.Free), max(0, now.Busy), max(0, now.Ringing)}
	one := Decision{N: max(0, now.Free-now.Ringing)}
	lost := f.Recent.abandonment()
	switch {
	case now.Free+now.Busy == 0:
		one.Why = "no agents"
		return one
	case f.Dialled < enoughDialled:
		one.Why = fmt.Sprintf("one number for each free agent: %d of %d dialled that a forecast needs", max(0, f.Dialled), enoughDialled)
		return one
	case !(lost < p.Abandon): // nor where it is no number
		one.Why = fmt.Sprintf("one number for each free agent: %.1f %% of the last answered calls were abandoned, at most %.1f %% may be", 100*lost, 100*p.Abandon)
		return one
	}
	b := bet{
		rate:  f.Recent.mostAnswered(),
		free:  min(now.Free, mostAgents),
		freed: binomial(min(now.Busy, mostAgents), f.hangUp(now.Busy)),
	}
	// Below the cap, as a rule, because the bet errs on the safe side: its answer
	// rate is high, and a number that has long been ringing counts like a new one.
	// The nearer the calls really lost come to the cap, the less is bet: where the
	// bet errs on the other side, they settle below it.
	aim := min(p.Abandon, gain*(p.Abandon-lost))
	lines := max(now.Free, b.lines(aim))
	return Decision{
		N:          max(0, lines-now.Ringing),
		Predictive: true,
		Why: fmt.Sprintf("%d may ring for %d free and %.1f by the time of an answer: at most %.0f %% of numbers are answered, at most %.1f %% of these calls abandoned",
			lines, now.Free, b.freed.mean(), 100*b.rate, 100*aim),
	}
}

// hangUp is how likely one of the busy agents is to be free when a number dialled
// now is answered. Talks are taken to be exponential: how long one has lasted says
// nothing about when it ends.
func (f Figures) hangUp(busy int) float64 {
	if f.Talks < max(enoughTalks, talksEach*busy) || f.Talk <= 0 || f.Ring <= 0 {
		return 0
	}
	return -math.Expm1(-float64(f.Ring) / float64(f.Talk))
}

// mostAnswered is an answer rate that the true one is hardly above: the quantile
// of what the last outcomes leave of an even belief.
func (r Recent) mostAnswered() float64 {
	answered := max(0, r.Answered)
	return mathext.InvRegIncBeta(answered+1, max(0, r.Dialled-answered)+1, sure)
}

func (r Recent) abandonment() float64 {
	if r.Calls <= 0 {
		return 0
	}
	return r.Abandoned / r.Calls
}
