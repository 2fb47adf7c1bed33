package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// Scenario is a short piece of business by script, for trying every fault at
// every call of it.
type Scenario struct {
	Name  string
	setup func(*cast) // what has happened before, without faults
	act   func(*cast)
}

// cast is who acts in a scenario.
type cast struct {
	*World
	leads []string // as they were created
	job   string   // the latest that was begun

	signals int // that were told of
}

// Scenarios lists them all.
func Scenarios() []Scenario {
	return slices.Concat(handovers(), cleansing(), merges(), laterOn(), scorings())
}

// handovers are about how a lead comes to somebody, and from hand to hand.
func handovers() []Scenario {
	return []Scenario{
		{"an enquiry", nothing, func(c *cast) { c.enquire(1) }},
		{"an enquiry to warm functions", func(c *cast) { c.enquire(1); c.pass(time.Minute) }, func(c *cast) { c.enquire(2) }},
		{"one person twice at once", nothing, func(c *cast) { c.enquire(1); c.enquire(1) }},
		{"a program that repeats itself", nothing, func(c *cast) { c.program(1, "key-1"); c.program(1, "key-1") }},
		{"a key used for two bodies", nothing, func(c *cast) { c.program(1, "key-1"); c.program(2, "key-1") }},
		{"quarantine", nothing, func(c *cast) { c.enquire(-1) }},
		{"a touch on an open lead", offered, func(c *cast) { c.enquire(1) }},
		{"two enquiries for one place", func(c *cast) { c.limit(1, 9) }, func(c *cast) { c.enquire(1); c.enquire(2) }},
		{"a claim and an enquiry for the last place", func(c *cast) {
			c.limit(2, 9)
			c.hopeless(1)
			c.pass(time.Minute)
			c.enquire(2)
			c.pass(time.Minute)
		}, func(c *cast) {
			c.school(3)
			c.after(60*time.Millisecond, func() { c.does("r1", "r1", c.leads[0], "claim", nil) })
		}},
		{"two teams and one quota", func(c *cast) {
			c.limit(9, 2)
			c.enquire(1)
			c.pass(time.Minute)
		}, func(c *cast) { c.enquire(2); c.school(3); c.school(4) }},
		{"two teams at midnight", func(c *cast) {
			c.limit(9, 9)
			c.enquire(1)
			c.runUntil(c.now.Truncate(day).Add(day - time.Second))
		}, func(c *cast) {
			for i := range 4 {
				at := c.now.Add(time.Second - 120*time.Millisecond + time.Duration(i)*30*time.Millisecond)
				c.at(at, func() { c.enquire(10 + i) })
				c.at(at, func() { c.school(10 + i) })
			}
		}},
		{"two teams and a first pace", func(c *cast) {
			c.pace(1)
			c.hopeless(1)
			c.pass(time.Minute)
			c.does("r1", "r1", c.leads[0], "claim", nil)
			c.crowd()
		}, func(c *cast) { c.enquire(2); c.school(3) }},
		{"two teams and one pace", func(c *cast) {
			c.pace(1440) // a lead every half hour
			c.enquire(1)
			c.pass(40 * time.Minute)
			c.crowd()
		}, func(c *cast) { c.enquire(2); c.school(3) }},
		{"one person asks for two things at once", offered, func(c *cast) { c.with(1, "home"); c.maths(1) }},
		{"eight enquiries at once for reps who have claimed", func(c *cast) {
			for i := range c.reps {
				c.hopeless(i)
			}
			c.pass(time.Minute)
			for i, r := range c.reps {
				c.does(r.ID, r.ID, c.leads[i], "claim", nil)
			}
			c.pass(time.Minute)
		}, func(c *cast) {
			for i := range 8 {
				c.enquire(1 + i)
			}
		}},
		{"the last claim of the day twice at once", func(c *cast) {
			for i := range 4 {
				c.hopeless(i)
			}
			c.pass(time.Minute)
			c.does("r1", "r1", c.leads[0], "claim", nil)
			c.does("r1", "r1", c.leads[1], "claim", nil)
			c.pass(time.Minute)
		}, func(c *cast) {
			c.does("r1", "r1", c.leads[2], "claim", nil)
			c.does("r1", "r1", c.leads[3], "claim", nil)
		}},
		{"a rep added twice at once", nothing, func(c *cast) {
			r := repNumber(7)
			r.Teams = allTeams
			c.put(r)
			c.put(r)
		}},
		{"two policies at once", nothing, func(c *cast) {
			c.apply(policyChange(c.doc, c.random), 5)
			c.apply(policyChange(c.doc, c.random), 5)
		}},
		{"accept", offered, func(c *cast) { c.byOwner("accept", nil) }},
		{"accept twice at once", offered, func(c *cast) { c.byOwner("accept", nil); c.byOwner("accept", nil) }},
		{"reject", offered, func(c *cast) { c.byOwner("reject", because) }},
		{"dispatch", rejected, func(c *cast) { c.dispatch("assign", map[string]any{"rep": c.reps[0].ID}) }},
		{"an enquiry at night", byDay, func(c *cast) { c.enquire(1) }},
		{"the first shift of the day", night, func(c *cast) { c.pass(2 * time.Minute) }},
		{"a dispatcher as the shift begins", night, func(c *cast) {
			c.after(time.Second, func() { c.dispatch("assign", map[string]any{"rep": c.reps[3].ID}) })
			c.pass(2 * time.Minute)
		}},
		{"nobody dispatches", rejected, func(c *cast) { c.pass(5 * time.Hour) }},
		{"nobody accepts", offered, func(c *cast) { c.pass(4 * time.Hour) }},
		{"accept as the time runs out", offered, func(c *cast) { c.lastMoment("accept", nil) }},
		{"log", working, func(c *cast) { c.byOwner("log", met) }},
		{"nobody follows up", working, func(c *cast) { c.pass(5 * time.Hour) }},
		{"log as the time runs out", working, func(c *cast) { c.lastMoment("log", met) }},
		{"release", working, func(c *cast) { c.byOwner("release", because) }},
		{"release while the customer comes back", working, func(c *cast) { c.byOwner("release", because); c.enquire(1) }},
		{"hold", working, func(c *cast) { c.byOwner("hold", because) }},
		{"recycle", working, func(c *cast) { c.byOwner("recycle", because) }},
		{"close", working, func(c *cast) { c.byOwner("lost", because) }},
		{"convert", working, func(c *cast) { c.byOwner("convert", won) }},
		{"qualify", lookedAt, func(c *cast) { c.byOwner("qualify", verdict) }},
		{"qualify twice at once", lookedAt, func(c *cast) { c.byOwner("qualify", verdict); c.byOwner("qualify", verdict) }},
		{"a manager's move", working, func(c *cast) { c.manage("move", c.elsewhere()) }},
		{"a manager's move against the rep", working, func(c *cast) { c.byOwner("convert", won); c.manage("move", c.elsewhere()) }},
		{"two moves at once", offered, func(c *cast) {
			c.manage("move", c.elsewhere())
			c.manage("move", map[string]any{"anew": true, "reason": "shared out anew"})
		}},
		{"a move while the rep accepts", offered, func(c *cast) {
			c.manage("move", map[string]any{"pool": "school-pool", "reason": "it is a school"})
			c.byOwner("accept", nil)
		}},
		{"a job that moves a rep's leads", func(c *cast) { c.both(); c.pass(2 * time.Minute) }, func(c *cast) {
			c.remove(map[string]any{"rep": c.owner()}, map[string]any{"rep": "r4"})
			c.pass(2 * time.Minute)
		}},
		{"a job that is stopped", func(c *cast) { c.both(); c.pass(2 * time.Minute) }, func(c *cast) {
			c.remove(map[string]any{"rep": c.owner()}, map[string]any{"rep": "r4"})
			before := c.told
			c.told = func(e lead.Entry) {
				before(e)
				c.stopJob()
			}
			c.pass(2 * time.Minute)
			c.told = before
		}},
		{"a job against the rep", func(c *cast) { c.both(); c.pass(2 * time.Minute) }, func(c *cast) {
			c.remove(map[string]any{"rep": c.owner()}, map[string]any{"team": "kids"})
			rep := c.owner()
			for _, id := range c.leads {
				c.at(c.now.Truncate(time.Minute).Add(time.Minute+900*time.Millisecond), func() { c.does(rep, rep, id, "accept", nil) })
			}
			c.pass(2 * time.Minute)
		}},
		{"confirm", converted, func(c *cast) { c.does(c.role("customer_success"), "", c.leads[0], "confirm", nil) }},
		{"a claim", pooled, func(c *cast) { c.claim(0) }},
		{"claims at once", pooled, func(c *cast) { c.claim(0); c.claim(1); c.claim(2) }},
		{"claims against a manager", pooled, func(c *cast) {
			c.claim(0)
			c.manage("assign", map[string]any{"rep": c.reps[1].ID})
		}},
		{"a claim while the customer comes back", pooled, func(c *cast) { c.claim(0); c.enquire(1) }},
		{"a claim while the rep's record changes", pooled, func(c *cast) { c.claim(0); c.edit(0) }},
		{"an enquiry while the policy changes", nothing, func(c *cast) {
			c.enquire(1)
			c.apply(policyChange(c.doc, c.random), 5)
		}},
		{"an enquiry while a version is deployed", offered, func(c *cast) {
			c.enquire(2)
			c.after(30*time.Millisecond, c.deploy)
		}},
	}
}

var (
	verdict = map[string]any{"verdict": "classes", "note": "wants two classes"}
	because = map[string]any{"reason": "no time this month"}
	met     = map[string]any{"way": "meeting", "summary": "spoke about the lesson"}
	won     = map[string]any{"value": map[string]any{"amount": 120_000, "currency": "CNY"}}
)

func nothing(*cast) {}

func offered(c *cast) {
	c.enquire(1)
	c.pass(2 * time.Minute)
}

func rejected(c *cast) {
	offered(c)
	c.byOwner("reject", because)
	c.pass(time.Minute)
}

func working(c *cast) {
	offered(c)
	c.byOwner("accept", nil)
	c.pass(time.Minute)
}

// byDay lets all reps work by day alone: none works when the world begins.
func byDay(c *cast) {
	for _, r := range c.reps {
		r.Revision = 1
		r.Shifts = []lead.Shift{{Days: []time.Weekday{1, 2, 3, 4, 5}, From: "08:00", To: "18:00"}}
		c.put(r)
	}
	c.pass(time.Minute)
}

// night is a lead that waits for the morning, a moment before it.
func night(c *cast) {
	byDay(c)
	c.enquire(1)
	c.runUntil(c.now.Truncate(day).Add(8*time.Hour - time.Second))
}

// lookedAt is a lead that a rep looks at for another team.
func lookedAt(c *cast) {
	c.school(1)
	c.pass(2 * time.Minute)
	c.byOwner("accept", nil)
	c.pass(time.Minute)
}

func converted(c *cast) {
	working(c)
	c.byOwner("convert", won)
	c.pass(time.Minute)
}

func pooled(c *cast) {
	working(c)
	c.byOwner("release", because)
	c.pass(time.Minute)
}

// aftermath is how long a scenario's calls are counted after its act.
const aftermath = time.Minute

// play runs the scenario to its end.
func (s Scenario) play(o Options) *World {
	c := s.perform(o)
	c.end, c.settling = c.now, 50*time.Minute
	c.run()
	return c.World
}

// perform runs the script, with faults at the given calls, counted from its act.
func (s Scenario) perform(o Options) *cast {
	// Nothing happens but by the script.
	w := newWorld(Options{Seed: o.Seed, Reps: 4, Trace: o.Trace, relax: o.relax, plant: o.plant, classes: o.classes})
	c := &cast{World: w}
	w.told = func(e lead.Entry) {
		if e.Version == 1 {
			c.leads = append(c.leads, e.Lead)
		}
	}
	s.setup(c)
	w.calls = 0
	if w.opts.classes != nil {
		*w.opts.classes = nil
	}
	for _, f := range o.Faults {
		w.planned[f.At] = f.Kind
	}
	s.act(c)
	c.pass(aftermath)
	w.opts.classes = nil
	return c
}
