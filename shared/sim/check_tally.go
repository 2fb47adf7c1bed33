package sim

import (
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// tallied names an item of a cycle's figures: of a pool, by when the cycle began
// and the leads' shard.
type tallied struct{ pool, sk string }

func tallyOf(e lead.Entry) (tallied, map[string]int) {
	t := lead.TallyOf(e)
	if t == nil {
		return tallied{}, nil
	}
	return tallied{t.Pool, t.Cycle.UTC().Format(time.RFC3339) + "#" + t.Shard}, t.Add
}

// counts adds what an entry counts to what the table must come to.
func (c *checker) addFigures(e lead.Entry) {
	key, add := tallyOf(e)
	if len(add) > 0 && c.tallies[key] == nil {
		c.tallies[key] = map[string]int{}
	}
	for what, n := range add {
		c.tallies[key][what] += n
	}
}

// tally holds that a cycle's figures are what the histories count, and are only
// added to.
func (c *checker) tally(p part) {
	before, after := figuresOf(p.before), figuresOf(p.after)
	want := c.tallies[tallied{p.id, p.sk}]
	if c.breaks(ruleTally, maps.Equal(after, want) && !maps.Equal(before, after)) {
		c.tell(ruleTally, "", "the figures of pool %s, %s, go from %v to %v, the histories count %v", p.id, p.sk, before, after, want)
	}
}

// tallyWritten holds that an entry came with the figures that it adds to.
func (c *checker) tallyWritten(m *made, t *commit) {
	key, add := tallyOf(m.entry)
	written := slices.ContainsFunc(t.tallies, func(p part) bool { return p.id == key.pool && p.sk == key.sk })
	if c.breaks(ruleTally, written == (len(add) > 0)) {
		c.tell(ruleTally, m.after.ID, "%s adds %v to %+v, which was written: %t", m.entry.ID(), add, key, written)
	}
}

// figuresOf reads the counters of a cycle.
func figuresOf(i table.Item) map[string]int {
	found := map[string]int{}
	if i.IsZero() {
		return found
	}
	for _, name := range i.Names() {
		if n, ok := i.Number(name); ok && name != schema.PK && name != schema.SK {
			found[name] = int(n)
		}
	}
	return found
}

// tallied compares what the table has of a cycle with the histories, at rest.
func (a *audit) tallied(i table.Item) {
	pk, sk := i.Key()
	pool := strings.TrimPrefix(pk, "CYCLE#")
	a.cycles++
	if want := a.tallies[tallied{pool, sk}]; a.breaks(ruleTally, maps.Equal(figuresOf(i), want)) {
		a.tell(ruleTally, "", "the figures of pool %s, %s, are %v, the histories count %v", pool, sk, figuresOf(i), want)
	}
}
