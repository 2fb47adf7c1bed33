package year

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// world is a house in a year. All that is decided in it is decided by the pure
// packages; what it does itself is what the edges of the product do: reading,
// keeping, moving counters, and acting on deadlines each minute.
type world struct {
	opts   Options
	random *rand.Rand
	policy *policy.Policy
	now    int64
	time   time.Time // now
	agenda agenda

	cards     []card
	persons   []person
	arrivals  []int64 // moments, ascending
	reps      []lead.Rep
	members   []member
	byRep     map[string]int
	abilities *route.Abilities
	seas      [][]int32 // by team: the leads in its pool
	triage    [][]int32 // by team: leads that came into triage, whoever has them now

	checker *checker
	figures figures
	acted   int     // leads acted on in this minute
	every   int64   // the sweep comes by each so many seconds
	daily   float64 // leads that come in for each rep on a working day

	after  lead.Lead // of what is being committed
	entry  lead.Entry
	tamper func(c *card, after *lead.Lead, entry *lead.Entry) // changes what is committed; nil but in tests
}

// card is a lead as it is, and what the house knows of it beside.
type card struct {
	lead.Lead
	number int32
	person int32
	berth  int32 // place in its pool's list
	mark   int32 // counts periods: what was planned in an earlier one is void
	plan   int64 // when its rep acts next; 0 is never
	fails  uint8 // attempts in a row that reached nobody
	deal   int64 // when the open deal is decided
	limit  int64 // until when the first follow-up is due; 0 once it was made

	history []lead.Entry // of a sample
}

// person is somebody who enquires.
type person struct {
	lead.Person
	home  *place
	cards [3]int32 // by product: the number of their latest lead and one, 0 for none
}

// sampled is of how many leads one keeps its history.
const sampled = 50

func newWorld(o Options, random *rand.Rand) (*world, error) {
	w := &world{opts: o, random: random, byRep: map[string]int{}, seas: make([][]int32, len(teams)), triage: make([][]int32, len(teams)), every: minute}
	w.daily = float64(o.Leads) / float64(o.Reps) / 225
	w.reps, w.members = staff(o.Reps, w.daily, random)
	for i, r := range w.reps {
		w.byRep[r.ID] = i
	}
	d := house(w.reps)
	if o.bend != nil {
		o.bend(&d)
	}
	var err error
	if w.policy, err = policy.Compile(d, 1); err != nil {
		return nil, err
	}
	for _, r := range w.reps {
		if faults := w.policy.CheckRep(r); len(faults) > 0 {
			return nil, fmt.Errorf("rep %s: %v", r.ID, faults)
		}
	}
	w.figures = newFigures()
	w.checker = newChecker(w.reps, w.members)
	w.cards = make([]card, 0, o.Leads)
	w.persons = make([]person, 0, o.Leads)
	w.arrivals = arrivals(o.Leads, random)
	w.begin()
	if o.plant != nil {
		o.plant(w)
	}
	return w, nil
}

// begin puts what happens by itself on the agenda.
func (w *world) begin() {
	w.set(begin)
	w.plan(begin, takeStock, 0)
	for t := range teams {
		w.plan(begin+int64(t), dispatch, int32(t))
	}
	for i, m := range w.members {
		w.plan(m.there.next(begin)+w.between(10*minute, 3*hour), hunt, int32(i))
		for _, s := range m.ill {
			w.plan(s.from, fallIll, int32(i))
			w.plan(s.to, recover, int32(i))
		}
	}
	for m := time.February; m <= time.December; m++ {
		w.plan(time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC).Unix(), endOfMonth, int32(m-1))
	}
}

// run lets the year pass.
func (w *world) run() {
	next := 0
	for len(w.agenda.heap) > 0 {
		soonest := w.agenda.heap[0].at
		if next < len(w.arrivals) && w.arrivals[next] <= soonest {
			w.set(w.arrivals[next])
			w.arrive()
			next++
			continue
		}
		if soonest >= end {
			break
		}
		h := w.agenda.next()
		w.set(h.at)
		w.happen(h)
	}
	w.set(end)
	w.checker.close(w)
	if w.opts.Progress != nil {
		w.opts.Progress(time.December, len(w.cards))
	}
}

func (w *world) set(now int64) {
	if now != w.now {
		if floor(now, minute) != floor(w.now, minute) {
			w.acted = 0
		}
		w.now, w.time = now, time.Unix(now, 0).UTC()
	}
}

func (w *world) happen(h happening) {
	switch h.what {
	case dueTick:
		w.due(&w.cards[h.who])
	case order:
		w.order(&w.cards[h.who])
	case work:
		if c := &w.cards[h.who]; c.mark == h.mark && c.plan == h.at {
			w.work(c)
		}
	case reply:
		if c := &w.cards[h.who]; c.mark == h.mark {
			w.reply(c)
		}
	case comeBack:
		w.comeBack(&w.cards[h.who])
	case show:
		w.show(&w.cards[h.who])
	case dial:
		w.dial(&w.cards[h.who])
	case handOff:
		w.handOff(&w.cards[h.who])
	case hunt:
		w.hunt(int(h.who))
	case dispatch:
		w.dispatch(int(h.who))
	case fallIll, recover:
		w.reps[h.who].Active = h.what == recover
		w.reps[h.who].Revision++
	case wishOut:
		w.wishOut(&w.cards[h.who])
	case takeStock:
		w.abilities = route.NewAbilities(slices.Clone(w.reps), w.time)
		w.plan(w.now+day, takeStock, 0)
	case endOfMonth:
		w.checker.compare(w)
		if w.opts.Progress != nil {
			w.opts.Progress(time.Month(h.who), len(w.cards))
		}
	}
}

func (w *world) plan(at int64, what what, who int32) {
	w.agenda.add(happening{at: at, what: what, who: who})
}

// planWork has the rep of a lead act on it at a moment or when they are there next;
// what was planned before is void.
func (w *world) planWork(c *card, at int64) {
	at = w.members[w.byRep[c.Owner()]].there.next(at)
	c.plan = at
	w.agenda.add(happening{at: at, what: work, who: c.number, mark: c.mark})
}

func (w *world) chance(p float64) bool { return w.random.Float64() < p }

// between is a number of seconds from a up to b.
func (w *world) between(a, b int64) int64 { return a + w.random.Int64N(b-a) }

// about is a time with a mean: often shorter, seldom much longer.
func (w *world) about(mean int64) int64 {
	return 1 + int64(min(-math.Log(1-w.random.Float64()), 10)*float64(mean))
}

func (w *world) leadID(n int) string { return "l" + strconv.Itoa(1_000_000+n) }

// owner is the rep who has a lead, and what there is to know of them.
func (w *world) owner(c *card) (*lead.Rep, *member) {
	i := w.byRep[c.Owner()]
	return &w.reps[i], &w.members[i]
}
