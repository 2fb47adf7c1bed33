package dial_test

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"time"

	"sluice/shared/dial"
)

// day is a made-up working day of a floor: what is true and what Dial is to find
// out.
type day struct {
	agents int
	rate   func(at time.Duration) float64 // of numbers that a person answers
	// talk draws how long a customer talks; exponential with a mean of 3 minutes
	// where it is nil.
	talk func(*rand.Rand) time.Duration
	// asked is how often Dial is; after every event where it is 0.
	asked time.Duration
	// leave is how many agents go home at noon, each after the talk.
	leave       int
	progressive bool
}

const (
	length  = 8 * time.Hour
	noon    = length / 2
	writing = 20 * time.Second // after each talk
	givenUp = 25 * time.Second // a number that rings in vain
)

// at gives a rate that is the same all day.
func at(rate float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return rate }
}

// from gives a rate that changes at noon.
func from(before, after float64) func(time.Duration) float64 {
	return func(at time.Duration) float64 {
		if at < noon {
			return before
		}
		return after
	}
}

// outcome is what became of a day.
type outcome struct {
	dialled, answered, abandoned int
	// excess is by how many calls the abandoned ones were above the cap at worst,
	// at any time of the day.
	excess float64
	busy   [2]time.Duration // of all agents, before noon and after
	staff  [2]time.Duration // there were
}

func (o outcome) share() float64 { return float64(o.abandoned) / float64(max(1, o.answered)) }

// used is which part of their time agents talked or wrote.
func (o outcome) used() float64 {
	return float64(o.busy[0]+o.busy[1]) / float64(o.staff[0]+o.staff[1])
}

func (o outcome) usedAfterNoon() float64 { return float64(o.busy[1]) / float64(o.staff[1]) }

func (o *outcome) add(p outcome) {
	o.dialled += p.dialled
	o.answered += p.answered
	o.abandoned += p.abandoned
	o.excess = max(o.excess, p.excess)
	for half := range 2 {
		o.busy[half] += p.busy[half]
		o.staff[half] += p.staff[half]
	}
}

// play plays the day, event by event.
func (d day) play(seed uint64) outcome {
	f := &floor{day: d, random: rand.New(rand.NewPCG(seed, 1)), now: dial.Floor{Free: d.agents}, leaving: d.leave}
	f.out.staff = [2]time.Duration{noon * time.Duration(d.agents), noon * time.Duration(d.agents-d.leave)}
	if d.asked > 0 {
		f.in(d.asked, f.ask)
	}
	f.dial()
	for f.agenda.Len() > 0 {
		next := heap.Pop(&f.agenda).(event)
		if next.at >= length {
			break
		}
		f.at = next.at
		for f.at >= noon && f.leaving > 0 && f.now.Free > 0 {
			f.leaving--
			f.now.Free--
		}
		next.do()
		f.out.excess = max(f.out.excess, float64(f.figures.Abandoned)-dial.Abandon*float64(f.figures.Answered))
		if d.asked == 0 {
			f.dial()
		}
	}
	f.out.dialled, f.out.answered, f.out.abandoned = f.figures.Dialled, f.figures.Answered, f.figures.Abandoned
	return f.out
}

// floor is a day under way.
type floor struct {
	day
	random  *rand.Rand
	at      time.Duration
	agenda  agenda
	now     dial.Floor
	waiting []int // calls answered that wait for an agent, the first first
	calls   int
	leaving int
	figures dial.Figures
	out     outcome
}

func (f *floor) ask() {
	f.in(f.asked, f.ask)
	f.dial()
}

func (f *floor) dial() {
	n := max(0, f.now.Free-f.now.Ringing)
	if !f.progressive {
		n = dial.Pacing{Abandon: dial.Abandon}.Dial(f.figures, f.now).N
	}
	for range n {
		f.now.Ringing++
		if f.random.Float64() < f.rate(f.at) {
			ring := 5*time.Second + time.Duration(f.random.Float64()*float64(20*time.Second))
			f.in(ring, func() { f.answered(ring) })
		} else {
			f.in(givenUp, func() {
				f.now.Ringing--
				f.figures.NoAnswer()
			})
		}
	}
}

func (f *floor) answered(ring time.Duration) {
	f.figures.Answer(ring)
	if f.now.Free > 0 {
		f.connect()
		return
	}
	f.calls++
	call := f.calls
	f.waiting = append(f.waiting, call)
	f.in(dial.Patience, func() {
		if len(f.waiting) > 0 && f.waiting[0] == call {
			f.waiting = f.waiting[1:]
			f.now.Ringing--
			f.figures.Abandon()
		}
	})
}

func (f *floor) connect() {
	f.now.Ringing--
	f.now.Free--
	f.now.Busy++
	talk := time.Duration(f.random.ExpFloat64() * float64(3*time.Minute))
	if f.talk != nil {
		talk = f.talk(f.random)
	}
	talk += writing
	f.count(talk)
	f.in(talk, func() {
		f.now.Busy--
		f.figures.Talked(talk)
		if f.at >= noon && f.leaving > 0 {
			f.leaving--
			return
		}
		f.now.Free++
		if len(f.waiting) > 0 {
			f.waiting = f.waiting[1:]
			f.connect()
		}
	})
}

// count adds a talk that begins now to the halves of the day that it falls into.
func (f *floor) count(talk time.Duration) {
	end := min(f.at+talk, length)
	f.out.busy[0] += max(0, min(end, noon)-f.at)
	f.out.busy[1] += max(0, end-max(f.at, noon))
}

func (f *floor) in(d time.Duration, do func()) {
	f.calls++
	heap.Push(&f.agenda, event{at: f.at + d, number: f.calls, do: do})
}

// event happens at a time; of several at the same time the first planned does.
type event struct {
	at     time.Duration
	number int
	do     func()
}

type agenda []event

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a agenda) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].number < a[j].number
}
func (a *agenda) Push(x any) { *a = append(*a, x.(event)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// steady, heavy and short are other talks than exponential ones.
func steady(*rand.Rand) time.Duration { return 3 * time.Minute }

func heavy(r *rand.Rand) time.Duration { // log-normal with a mean of 3 minutes
	return time.Duration(math.Exp(r.NormFloat64()-0.5) * float64(3*time.Minute))
}

func short(r *rand.Rand) time.Duration {
	return time.Duration(r.ExpFloat64() * float64(20*time.Second))
}
