package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// laterOn are about what the system does when time has passed: reminders, taking
// back, looks into the pools.
func laterOn() []Scenario {
	aMoment := func(c *cast) { c.pass(2 * time.Minute) }
	return []Scenario{
		{"a reminder", func(c *cast) { offered(c); c.before(lead.DutyRemind) }, aMoment},
		{"the manager's warning", func(c *cast) { working(c); c.before(lead.DutyRemind); aMoment(c); c.before(lead.DutyRemind) }, aMoment},
		{"an offer that goes on to the next rep", func(c *cast) { offered(c); c.before(lead.DutyWithdraw) }, aMoment},
		{"a lead that goes on to the next rep", func(c *cast) { working(c); c.before(lead.DutyReclaim) }, aMoment},
		{"a lead that nobody else gets", func(c *cast) {
			working(c)
			c.before(lead.DutyReclaim)
			c.pass(5 * time.Minute)
			c.byOwner("accept", nil)
			c.pass(time.Minute)
			c.before(lead.DutyReclaim)
		}, aMoment},
		{"a light touch", func(c *cast) {
			c.rich(1)
			c.pass(2 * time.Minute)
			c.byOwner("accept", nil)
			c.pass(time.Minute)
			c.byOwner("hold", because)
			c.pass(time.Minute)
			c.before(lead.DutyNudge)
		}, aMoment},
		{"a look that touches", func(c *cast) { c.stock(false) }, aMoment},
		{"a look that holds out", func(c *cast) { c.stock(true) }, aMoment},
		{"a look that routes", (*cast).likely, aMoment},
		{"a look that finds nobody", func(c *cast) {
			c.likely()
			for i := range c.reps {
				c.edit(i)
			}
			c.pass(time.Second)
		}, aMoment},
		{"a look that archives", func(c *cast) {
			c.amend(func(d *policy.Document) { d.Pools[0].Archive = new(policy.Duration(time.Hour)) })
			c.stock(false)
		}, aMoment},
		{"two sweeps at once", func(c *cast) { c.stock(false) }, func(c *cast) { c.sweepToo(); aMoment(c) }},
		{"two sweeps at once over a likely lead", func(c *cast) { c.likely() }, func(c *cast) { c.sweepToo(); aMoment(c) }},
		{"a look against a claim", func(c *cast) { c.stock(false) }, func(c *cast) {
			at := c.nextMinute()
			c.at(at.Add(500*time.Millisecond), func() { c.does("r1", "r1", c.leads[0], "claim", nil) })
			c.at(at.Add(800*time.Millisecond), func() { c.does("r1", "r1", c.leads[0], "release", because) })
			aMoment(c)
		}},
		{"a look against a release", func(c *cast) {
			c.resting(false)
			due := c.snapshot().Deadline.At
			c.does("r1", "r1", c.leads[0], "claim", nil)
			c.runUntil(due.Add(-200 * time.Millisecond))
		}, func(c *cast) {
			c.does("r1", "r1", c.leads[0], "release", because)
			aMoment(c)
		}},
		{"a touch while a rep meets the person", (*cast).known, func(c *cast) {
			c.sweepToo()
			for i := range 4 {
				c.at(c.nextMinute().Add(sweepTooAfter+time.Duration(20+25*i)*time.Millisecond), func() { c.byOwnerOf(1, "log", met) })
			}
			aMoment(c)
		}},
		{"two reps meet a person", func(c *cast) {
			c.rich(1)
			c.post(2, "", url.Values{"age": {"7"}, "phone": {"+8613977770001"}}, 6)
			c.pass(2 * time.Minute)
			c.byOwnerOf(0, "accept", nil)
			c.byOwnerOf(1, "accept", nil)
			c.pass(time.Minute)
		}, func(c *cast) { c.byOwnerOf(0, "log", met); c.byOwnerOf(1, "log", met) }},
		{"the last look at contact data twice at once", func(c *cast) {
			for i := range 3 {
				c.hopeless(20 + i)
			}
			c.pass(time.Minute)
			c.does("r1", "r1", c.leads[0], "reveal", nil)
			c.pass(time.Minute)
		}, func(c *cast) {
			c.does("r1", "r1", c.leads[1], "reveal", nil)
			c.does("r1", "r1", c.leads[2], "reveal", nil)
		}},
		{"a person opts out as the house writes", (*cast).known, func(c *cast) {
			c.at(c.nextMinute().Add(500*time.Millisecond), func() { c.byOwnerOf(1, "opt-out", nil) })
			aMoment(c)
		}},
		{"the first calls from a list", func(c *cast) { c.called(); c.dial() }, func(c *cast) {
			for i, call := range c.leads {
				c.outcome(call, fmt.Sprint("call-", i), "no_answer")
			}
		}},
		{"further calls from a list", func(c *cast) {
			c.called()
			c.dial()
			c.outcome(c.leads[0], "call-0", "talked")
			c.pass(time.Minute)
		}, func(c *cast) {
			c.outcome(c.leads[1], "call-1", "interested")
			c.outcome(c.leads[1], "call-1", "interested")
		}},
		{"two diallers at once", (*cast).called, func(c *cast) { c.dial(); c.dial() }},
		{"a longer cycle as a look is due", func(c *cast) { c.stock(false) }, func(c *cast) {
			doc := c.doc
			doc.Pools = slices.Clone(doc.Pools)
			doc.Pools[0].Sweep = new(policy.Duration(2 * day))
			c.apply(doc, 5)
			c.pass(10 * time.Minute)
		}},
		{"more time as the time runs out", func(c *cast) { offered(c); c.before(lead.DutyWithdraw) }, func(c *cast) {
			doc := c.doc
			doc.Deadlines.Accept = &policy.Span{Time: 2 * time.Hour}
			c.apply(doc, 5)
			c.pass(10 * time.Minute)
		}},
	}
}

// before lets time go by until a moment before the system does something to the
// first lead.
func (c *cast) before(do lead.Duty) {
	for range 8 {
		l := c.snapshot()
		if l.Deadline == nil {
			break
		}
		c.runUntil(later(c.now, l.Deadline.At.Add(-time.Second)))
		if l.Deadline.Do == do {
			return
		}
		c.pass(2 * time.Minute)
	}
	panic(fmt.Sprintf("scenario: the first lead never comes to %s", do))
}

// rich posts an enquiry of somebody who can be reached in every way: a good lead.
func (c *cast) rich(person int) {
	c.post(0, "", url.Values{"age": {"7"}, "phone": {fmt.Sprintf("+8613977770%03d", person)}, "email": {fmt.Sprintf("home.%d@quillon.example", person)}}, 6)
}

// stock waits for the turn of a lead in the pool, which the sweep leaves alone or
// does not.
func (c *cast) stock(heldOut bool) {
	c.resting(heldOut)
	c.before(lead.DutySweep)
}

// resting has a lead rest in the pool that is no rep's matter.
func (c *cast) resting(heldOut bool) {
	share := 0.0
	if heldOut {
		share = 1
	}
	c.amend(func(d *policy.Document) { d.Pools[0].HoldOut = &share })
	c.hopeless(20)
	c.pass(time.Minute)
}

// likely is a good lead that rests in the pool, before its turn.
func (c *cast) likely() {
	c.rich(1)
	c.pass(2 * time.Minute)
	c.byOwner("accept", nil)
	c.pass(time.Minute)
	c.byOwner("release", because)
	c.pass(time.Minute)
	c.before(lead.DutySweep)
}

// called has two leads wait on a call list.
func (c *cast) called() {
	none := 0.0
	c.amend(func(d *policy.Document) {
		d.Pools[0].HoldOut, d.Pools[0].Likely, d.Pools[0].List = &none, `grade == "D"`, phones
	})
	for i := range 2 {
		c.post(0, "", url.Values{"age": {"18"}, "phone": {fmt.Sprintf("+8613977770%03d", i)}}, 6)
	}
	c.pass(time.Minute)
	for c.leadOf(c.leads[0]).List == "" || c.leadOf(c.leads[1]).List == "" {
		c.pass(10 * time.Minute)
	}
}

// dial takes both off the list.
func (c *cast) dial() {
	c.desk("/api/lists/"+phones+"/next", map[string]any{"free": 3})
	c.pass(time.Second)
}

// outcome tells what came of a call.
func (c *cast) outcome(lead, call, outcome string) {
	c.desk("/api/lists/"+phones+"/outcomes", map[string]any{"lead": lead, "call": call, "outcome": outcome})
}

// desk makes a request of the dispatcher's that is about no single lead.
func (c *cast) desk(path string, body map[string]any) {
	data, _ := json.Marshal(body) // texts and numbers
	c.ask(request{function: "desk", method: http.MethodPost, path: path, user: c.role("dispatcher"), header: jsonBody, body: data}, func(answer) {})
}

// known waits for the turn of a lead in the pool whose person a rep talks to about
// something else.
func (c *cast) known() {
	c.resting(false)
	c.runUntil(c.snapshot().Deadline.At.Add(-5 * time.Minute))
	c.post(1, "", url.Values{"company": {"Quillon School"}, "email": {mailOnList(20)}}, 6)
	c.pass(2 * time.Minute)
	c.byOwnerOf(1, "accept", nil)
	c.before(lead.DutySweep)
}

// amend puts another version of the policy into force.
func (c *cast) amend(change func(d *policy.Document)) {
	c.doc.Pools = slices.Clone(c.doc.Pools)
	change(&c.doc)
	c.apply(c.doc, 5)
	c.pass(2 * time.Minute)
}

// sweepToo starts a sweep of its own in the next minute, beside the one that the
// schedule starts.
func (c *cast) sweepToo() {
	minute := c.nextMinute()
	c.at(minute.Add(sweepTooAfter), func() { c.invoke("sweep", sweepEvent(minute), func([]byte, error) {}) })
}

// sweepTooAfter is when in its minute that one starts.
const sweepTooAfter = 300 * time.Millisecond

func (c *cast) nextMinute() time.Time { return c.now.Truncate(time.Minute).Add(time.Minute) }
