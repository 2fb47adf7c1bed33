package sim

import (
	"container/heap"
	"time"
)

// patience is how long after its deadline the system may act on a lead.
const patience = 2 * time.Minute

// appointment is a deadline that a version of a lead has.
type appointment struct {
	at      time.Time
	lead    string
	version int
}

// deadlines is a heap of appointments, the soonest first; those that have been
// kept are still among them.
type deadlines []appointment

func (d deadlines) Len() int           { return len(d) }
func (d deadlines) Less(i, j int) bool { return d[i].at.Before(d[j].at) }
func (d deadlines) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *deadlines) Push(x any)        { *d = append(*d, x.(appointment)) }

func (d *deadlines) Pop() any {
	last := len(*d) - 1
	a := (*d)[last]
	*d = (*d)[:last]
	return a
}

func (d *deadlines) add(at time.Time, lead string, version int) {
	heap.Push(d, appointment{at, lead, version})
}

// tick looks for leads on which nobody has acted in time. While something is
// wrong, or has been until lately, time does not count.
func (c *checker) tick(now time.Time, calm bool) {
	if !calm {
		return
	}
	for len(c.deadlines) > 0 && now.Sub(c.deadlines[0].at) > patience {
		a := heap.Pop(&c.deadlines).(appointment)
		l := c.leads[a.lead].lead
		if c.breaks(ruleOverdue, l.Version != a.version || l.Deadline == nil) {
			c.tell(ruleOverdue, l.ID, "%s since %s, nobody acted by %s: %s", l.State, l.Since, l.Deadline.At, l.Deadline.Do)
		}
	}
	c.walks(false)
}
