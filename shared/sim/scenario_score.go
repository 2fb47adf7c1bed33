package sim

import (
	"fmt"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/score"
)

// scorings are about what is known of a lead's interest, and about scoring it anew.
func scorings() []Scenario {
	nurtured := func(c *cast) {
		working(c)
		c.byOwner("recycle", because)
		c.pass(time.Minute)
	}
	over := func(c *cast) {
		working(c)
		c.byOwner("lost", because)
		c.pass(time.Minute)
	}
	three := func(c *cast) {
		c.rich(1)
		c.hopeless(2)
		c.school(3)
		c.pass(2 * time.Minute)
	}
	learned := func(c *cast) {
		c.opts.learned = true
		three(c)
	}
	return []Scenario{
		{"a signal", offered, func(c *cast) { c.engage(0, c.signal(lead.SignalClick, 100)) }},
		{"one signal twice at once", offered, func(c *cast) {
			s := c.signal(lead.SignalDownload, 100)
			c.engage(0, s)
			c.engage(0, s)
		}},
		{"a signal while the rep accepts", offered, func(c *cast) { c.engage(0, c.signal(lead.SignalVisit, 100)); c.byOwner("accept", nil) }},
		{"a signal while the customer comes back", pooled, func(c *cast) { c.engage(0, c.signal(lead.SignalVisit, 100)); c.enquire(1) }},
		{"a signal of whose lead was lost", over, func(c *cast) { c.engage(0, c.signal(lead.SignalClick, 100)) }},
		{"a signal of a machine, and what it was", offered, func(c *cast) {
			s := c.signal(lead.SignalClick, 60)
			c.engage(0, s)
			c.after(300*time.Millisecond, func() { c.engage(0, judged(s, c.now)) })
		}},
		{"what a signal was before the signal", offered, func(c *cast) {
			s := c.signal(lead.SignalClick, 60)
			c.engage(0, judged(s, c.now))
			c.after(50*time.Millisecond, func() { c.engage(0, s) })
		}},
		{"signals while their lead goes on as another", strangers, func(c *cast) {
			c.unite()
			c.engage(0, c.signal(lead.SignalClick, 100))
			c.engage(1, c.signal(lead.SignalVisit, 100))
			c.pass(time.Minute)
			c.engage(1, c.signal(lead.SignalVisit, 100))
		}},
		{"signals while a merge is undone", func(c *cast) {
			strangers(c)
			c.engage(0, c.signal(lead.SignalClick, 100))
			c.engage(1, c.signal(lead.SignalVisit, 60))
			c.pass(time.Minute)
			c.unite()
			c.pass(time.Minute)
		}, func(c *cast) { c.divide(); c.engage(1, c.signal(lead.SignalClick, 100)) }},
		{"a lead that ripens", nurtured, func(c *cast) { c.engage(0, c.events()...) }},
		{"a lead that ripens twice at once", nurtured, func(c *cast) {
			events := c.events()
			c.engage(0, events...)
			c.engage(0, events...)
		}},
		{"a lead that ripens as the customer comes back", nurtured, func(c *cast) { c.engage(0, c.events()...); c.enquire(1) }},
		{"a grade by hand while signals come", working, func(c *cast) {
			c.byOwner("log", map[string]any{"way": lead.WayMeeting, "summary": "has no time", "grade": "C"})
			c.engage(0, c.events()...)
		}},
		{"a lead is lost while the customer comes back", working, func(c *cast) { c.byOwner("lost", because); c.after(40*time.Millisecond, func() { c.enquire(1) }) }},
		{"a lead is won and handed over", converted, func(c *cast) { c.does(c.role("customer_success"), "", c.leads[0], "confirm", nil) }},
		{"a walk", three, func(c *cast) { c.strict(); c.pass(4 * time.Minute) }},
		{"a walk as processes still know the old policy", three, func(c *cast) {
			c.runUntil(c.nextMinute().Add(-8 * time.Second))
			c.engage(0, c.signal(lead.SignalClick, 100))
			c.pass(3 * time.Second)
			c.rich(4)
			c.strict()
			c.after(time.Second, func() { c.rich(5) })
			c.pass(4 * time.Minute)
		}},
		{"a walk while leads change hands", three, func(c *cast) {
			c.strict()
			for i, minute := 0, c.nextMinute(); i < 3; i++ {
				at := minute.Add(time.Duration(i)*time.Minute + 400*time.Millisecond)
				c.at(at, func() { c.byOwnerIfAny([]string{"accept", "log", "release"}[i]) })
				c.at(at, func() { c.does("r1", "r1", c.leads[1], []string{"claim", "release", "claim"}[i], because) })
			}
			c.pass(5 * time.Minute)
		}},
		{"two walks at once", three, func(c *cast) {
			c.strict()
			for i := range 3 {
				c.after(time.Duration(i)*time.Minute, c.sweepToo)
			}
			c.pass(4 * time.Minute)
		}},
		{"a policy while the walk goes on", three, func(c *cast) {
			doc := c.doc
			c.strict()
			c.at(c.nextMinute().Add(time.Minute+500*time.Millisecond), func() { c.apply(doc, 5) })
			c.pass(6 * time.Minute)
		}},
		{"a model", learned, func(c *cast) { c.learn(5); c.pass(4 * time.Minute) }},
		{"two trainings at once", func(c *cast) { learned(c); c.learn(5); c.pass(4 * time.Minute) }, func(c *cast) {
			c.learn(5)
			c.learn(5)
			c.enquire(8)
			c.pass(4 * time.Minute)
		}},
	}
}

// signal is one of a moment ago, as sure as that.
func (c *cast) signal(kind lead.SignalKind, sure int) lead.Signal {
	c.signals++
	return lead.Signal{Kind: kind, ID: fmt.Sprint("s", c.signals), At: c.now.Add(-time.Minute).Truncate(time.Second), Sure: sure}
}

// judged is a signal that turned out not to be a person's.
func judged(s lead.Signal, now time.Time) lead.Signal {
	s.Sure, s.Judged = 0, now.Truncate(time.Second)
	return s
}

// events are what makes a lead hot.
func (c *cast) events() []lead.Signal {
	return []lead.Signal{c.signal(lead.SignalEvent, 100), c.signal(lead.SignalEvent, 100)}
}

// engage tells of signals of the person of a lead, again where no answer comes.
func (c *cast) engage(n int, signals ...lead.Signal) { c.engages(c.leads[n], signals, 4) }

func (c *cast) engages(id string, signals []lead.Signal, tries int) {
	c.World.engage(c.role("marketer"), id, signals, func(status int) {
		if (status == 0 || status >= 500) && tries > 1 {
			c.after(time.Minute, func() { c.engages(id, signals, tries-1) })
		}
	})
}

// strict puts a policy into force by which every lead has another grade.
func (c *cast) strict() {
	doc := c.doc
	doc.Score.Grades = slices.Clone(doc.Score.Grades)
	for i := range doc.Score.Grades[:4] {
		doc.Score.Grades[i].When = fmt.Sprintf("fit >= %d", []int{100, 95, 70, 5}[i])
	}
	doc.Score.Warm = &score.Bar{Behaviour: 10}
	c.apply(doc, 5)
}
