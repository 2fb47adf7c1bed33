package dial

import "time"

// What is measured fades, so that an evening is not paced by the morning: the
// weight of an outcome is 1/e after as many later ones.
const (
	memory     = 300  // outcomes of numbers, and calls answered
	memoryTime = 1000 // durations
)

// Figures are what was measured of a list, folded from the outcomes of its
// numbers in the order in which they were known. The zero value is that of a list
// nobody has dialled.
type Figures struct {
	Dialled   int    `json:"dialled"`   // numbers with an outcome
	Answered  int    `json:"answered"`  // of them, by a person
	Abandoned int    `json:"abandoned"` // of those answered
	Talks     int    `json:"talks"`     // that have ended
	Recent    Recent `json:"recent"`

	Ring time.Duration `json:"ring"` // until a person answers, mean of the last
	Talk time.Duration `json:"talk"` // until the agent is free again, mean of the last
}

// Recent are faded counts: of the last outcomes, old ones for a part.
type Recent struct {
	Dialled   float64 `json:"dialled"`
	Answered  float64 `json:"answered"`  // of those dialled
	Calls     float64 `json:"calls"`     // answered: these fade by calls, not by numbers
	Abandoned float64 `json:"abandoned"` // of those calls
}

// NoAnswer folds in a number that no person answered: given up, engaged, out of
// service, or a machine.
func (f *Figures) NoAnswer() {
	f.Dialled++
	f.Recent.Dialled = fade(f.Recent.Dialled) + 1
	f.Recent.Answered = fade(f.Recent.Answered)
}

// Answer folds in a number that a person answered after ringing so long. Whether
// the call was taken or abandoned is folded in once it is known.
func (f *Figures) Answer(ring time.Duration) {
	f.Dialled++
	f.Answered++
	f.Recent.Dialled = fade(f.Recent.Dialled) + 1
	f.Recent.Answered = fade(f.Recent.Answered) + 1
	f.Recent.Calls = fade(f.Recent.Calls) + 1
	f.Recent.Abandoned = fade(f.Recent.Abandoned)
	f.Ring = mean(f.Ring, ring, f.Answered)
}

// Abandon folds in that an answered call found no agent within [Patience].
func (f *Figures) Abandon() {
	f.Abandoned++
	f.Recent.Abandoned++
}

// Talked folds in that an agent is free again, so long after taking a call.
func (f *Figures) Talked(talk time.Duration) {
	f.Talks++
	f.Talk = mean(f.Talk, talk, f.Talks)
}

func fade(count float64) float64 { return count * (1 - 1.0/memory) }

// mean moves a mean by the latest of n values: all weigh the same at first.
func mean(before, latest time.Duration, n int) time.Duration {
	return before + (max(0, latest)-before)/time.Duration(min(max(1, n), memoryTime))
}
