package year

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/pool"
)

// Report is what became of a year.
type Report struct {
	Options Options
	Took    time.Duration

	Leads     int
	Persons   int
	Entries   int // of the histories
	Decisions int // commands decided, and routing's choices
	Busiest   int // leads that were due in one minute, at most
	Refused   int // claims and reveals over a limit, within a cool-off or a freeze

	States map[lead.State]int
	Events map[string]int
	Again  int // second assignments
	Cycles []Cycle

	Replied, Converted pool.Lift // of the stock sweep, over all cycles

	Contacts []int    // persons by how often they were contacted; the last are all with more
	Spread   []Spread // of each team
	Due      int      // first follow-ups
	InTime   int

	Rules      []Rule
	Violations int
	Found      []string      // the first of them
	LateMost   time.Duration // that the sweep acted on a deadline after it
}

// Cycle is what the stock sweep did in a cycle, in all pools.
type Cycle struct {
	Began time.Time
	Looks int
	Did   map[string]int // by what it did, and "replied", "held_out.converted", …
}

// Spread is how evenly a team's leads were shared: the turns of its reps, less what
// they were owed nothing of.
type Spread struct {
	Team                string
	Least, Mean, Most   float64
	Assigned, Converted int
}

// Rule is a promise, how often it was looked at, how often a limit was just reached,
// and how often it was broken.
type Rule struct {
	Name                  string
	Judged, Tight, Broken int
}

// contactsMost is from where on contacts of a person are counted together.
const contactsMost = 13

func (w *world) report() *Report {
	k, f := w.checker, w.figures
	r := &Report{Options: w.opts, Leads: len(w.cards), Persons: len(w.persons), Entries: f.entries, Decisions: f.decisions, Busiest: f.busiest,
		Refused: f.refused, States: map[lead.State]int{}, Events: f.events, Again: f.again, Due: f.due, InTime: f.inTime,
		Contacts: make([]int, contactsMost+1), Found: k.found, LateMost: time.Duration(k.lateMost) * time.Second}
	for i := range w.cards {
		r.States[w.cards[i].State]++
	}
	for i := range k.people {
		r.Contacts[min(len(k.people[i].days), contactsMost)]++
	}
	for i, name := range ruleNames {
		r.Rules = append(r.Rules, Rule{name, k.judged[i], k.tight[i], k.broken[i]})
		r.Violations += k.broken[i]
	}
	w.cyclesOf(r)
	w.spreadOf(r)
	return r
}

// cyclesOf adds up the cycles of all pools, and compares what was swept with what
// was held out.
func (w *world) cyclesOf(r *Report) {
	byNumber := map[int64]*Cycle{}
	var treated, held pool.Tally
	for of, did := range w.figures.cycles {
		c := byNumber[of.number]
		if c == nil {
			c = &Cycle{Began: time.Unix(of.number*cycle, 0).UTC(), Did: map[string]int{}}
			byNumber[of.number] = c
		}
		for what, n := range did {
			c.Did[what] += n
		}
		looked, of, out := pool.Arms(did)
		c.Looks += looked
		treated, held = treated.Plus(of), held.Plus(out)
	}
	for _, c := range slices.SortedFunc(maps.Values(byNumber), func(a, b *Cycle) int { return a.Began.Compare(b.Began) }) {
		r.Cycles = append(r.Cycles, *c)
	}
	r.Replied, r.Converted = pool.Lifts(treated, held)
}

func (w *world) spreadOf(r *Report) {
	for _, t := range teams {
		var turns []float64
		s := Spread{Team: t.id}
		for i := range w.reps {
			if teams[w.members[i].team].id != t.id {
				continue
			}
			rep := &w.reps[i]
			turns = append(turns, float64(rep.Turns[t.id]))
			for _, n := range rep.Mix {
				s.Assigned += n
			}
			for _, n := range rep.Won {
				s.Converted += n
			}
		}
		sum := 0.0
		for _, n := range turns {
			sum += n
		}
		s.Least, s.Most, s.Mean = slices.Min(turns), slices.Max(turns), sum/float64(len(turns))
		r.Spread = append(r.Spread, s)
	}
}

// Broken are the rules that were broken or never looked at.
func (r *Report) Broken() []Rule {
	var broken []Rule
	for _, rule := range r.Rules {
		if rule.Broken > 0 || rule.Judged == 0 {
			broken = append(broken, rule)
		}
	}
	slices.SortStableFunc(broken, func(a, b Rule) int { return cmp.Compare(b.Broken, a.Broken) })
	return broken
}
