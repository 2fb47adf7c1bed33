package sim

import (
	"encoding/json"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// watched is a lead as its history so far makes it.
type watched struct {
	lead lead.Lead
	lost []loss // the latest

	tenure  tenure
	resting resting
	origin  origin
	scoring scoring
	ledger  ledger
	bought  bool     // it came from a list: nobody enquired at first
	into    []string // leads that it was absorbed by
}

// loss is when a rep lost a lead.
type loss struct {
	rep string
	at  time.Time
}

// interest is what a person may have one open lead for.
type interest struct{ person, product string }

// entry folds a new history entry onto its lead and judges what it did.
func (c *checker) entry(p part, t *commit) {
	if c.breaks(ruleHistory, p.before.IsZero()) {
		c.tell(ruleHistory, p.id, "history entry %s was written over", p.sk)
		return
	}
	var e lead.Entry
	if err := e.UnmarshalJSON([]byte(p.after.Text(schema.Doc))); c.breaks(ruleHistory, err == nil) {
		c.tell(ruleHistory, p.id, "history entry %s cannot be read: %v", p.sk, err)
		return
	}
	if c.breaks(ruleHistory, len(e.Events) > 0) {
		c.tell(ruleHistory, p.id, "history entry %s tells nothing", e.ID())
	}
	w := c.leads[p.id]
	if w == nil {
		w = &watched{lead: lead.Lead{ID: p.id}}
		c.leads[p.id] = w
	}
	m := made{entry: e, before: w.lead, after: w.lead, rules: c.policies[e.Policy]}
	place, err := strconv.Atoi(strings.TrimPrefix(p.sk, schema.HistoryPrefix))
	if c.breaks(ruleVersion, e.Lead == p.id && err == nil && place == e.Version && len(p.sk) == len(schema.HistoryPrefix)+8 && e.Version == m.before.Version+1) {
		c.tell(ruleVersion, p.id, "entry %s after version %d is kept as %s", e.ID(), m.before.Version, p.sk)
	}
	if c.breaks(rulePolicy, m.rules != nil) {
		c.tell(rulePolicy, p.id, "entry %s was decided by policy %d, which there is not", e.ID(), e.Policy)
	}
	c.owners(m)
	m.after.ID, m.after.Version = p.id, e.Version
	for _, event := range e.Events {
		m.after = lead.Apply(m.after, event, e.At)
	}
	m.moves = lead.Moves(m.after, e)
	w.lead = m.after
	c.tenures(w, m)
	c.cycles(w, m)
	c.cleansed(w, m)
	c.scores(w, m)
	c.signals(w, m)
	c.addFigures(e)
	c.placed(m)
	c.follow(w, m)
	t.made = append(t.made, m)
}

// snapshot compares the stored lead with the fold of its history.
func (c *checker) snapshot(p part, t *commit) {
	var m *made
	for i := range t.made {
		if t.made[i].after.ID == p.id {
			m = &t.made[i]
		}
	}
	if c.breaks(ruleFold, m != nil) {
		c.tell(ruleFold, p.id, "the lead was written without a history entry")
		return
	}
	doc, stored := p.after.Text(schema.Doc), m.after
	if c.breaks(ruleFold, c.folds(doc, &stored)) {
		due := m.after
		due.ID = ""
		folded, _ := json.Marshal(due) // was marshalled before
		is, want := difference(doc, string(folded))
		c.tell(ruleFold, p.id, "the lead has %q where its history has %q", is, want)
		m.after, c.leads[p.id].lead = stored, stored // so that it is told once
	}
	if v, _ := p.after.Number(schema.Version); c.breaks(ruleVersion, int(v) == stored.Version && stored.Version == versionOf(p.before)+1) {
		c.tell(ruleVersion, p.id, "version %d is marked %d and follows version %d", stored.Version, v, versionOf(p.before))
	}
	c.due(p, m)
	c.places(p, stored)
}

// folds compares a snapshot's text, which leaves its id to the key, with the lead it
// should be, which becomes the stored one where it is not.
func (c *checker) folds(doc string, l *lead.Lead) bool {
	id := l.ID
	l.ID = ""
	defer func() { l.ID = id }()
	if folded, err := json.Marshal(l); err == nil && string(folded) == doc {
		return true
	}
	var stored lead.Lead
	if err := json.Unmarshal([]byte(doc), &stored); err != nil {
		return false
	}
	a, errA := json.Marshal(stored)
	b, errB := json.Marshal(l)
	*l = stored
	return errA == nil && errB == nil && string(a) == string(b)
}

// difference shows where two texts part.
func difference(a, b string) (string, string) {
	const shown = 60
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	at = max(0, at-shown/2)
	return a[at:min(len(a), at+shown)], b[at:min(len(b), at+shown)]
}

// versionOf is the version that an item is marked with, 0 where there is none.
func versionOf(i table.Item) int {
	v, _ := i.Number(schema.Version)
	return int(v)
}

// due holds that an open lead, and no other, has one deadline: the one that its
// team's rules give, under the policy of the entry. Somebody answers for it.
func (c *checker) due(p part, m *made) {
	l := m.after
	var want *lead.Deadline
	if m.rules != nil && l.State != "" {
		want = lead.Next(l, m.rules.Rules(l.Team))
	}
	same := l.Deadline == want || l.Deadline != nil && want != nil && *l.Deadline == *want ||
		l.Deadline != nil && want != nil && l.Deadline.Do == want.Do && l.Deadline.At.Equal(want.At)
	if c.breaks(ruleDeadline, same && l.State.Open() == (l.Deadline != nil)) {
		c.tell(ruleDeadline, l.ID, "%s has the deadline %v, by the policy %v", l.State, l.Deadline, want)
	}
	if c.breaks(ruleParty, c.party(m)) {
		c.tell(ruleParty, l.ID, "nobody answers for it: %s of team %q, pool %q, rep %q", l.State, l.Team, l.Pool, l.Owner())
	}
	if l.Deadline != nil {
		c.deadlines.add(later(l.Deadline.At, c.now()), l.ID, l.Version)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// party reports whether exactly one party that there is has the lead.
func (c *checker) party(m *made) bool {
	l := m.after
	if m.rules == nil {
		return false
	}
	held := l.State == lead.StateOffered || l.State == lead.StateWorking || l.State == lead.StatePaused
	if held != (l.Period != nil) || (l.State == lead.StatePooled) != (l.Pool != "") {
		return false
	}
	team, ok := m.rules.Team(l.Team)
	switch l.State {
	case lead.StateOffered, lead.StateWorking, lead.StatePaused:
		return c.reps[l.Period.Rep] != nil && ok
	case lead.StateTriage, lead.StateUnverified:
		return ok && team.Dispatcher != ""
	case lead.StateMerged:
		return l.Merged != nil
	case lead.StateRouting:
		return l.Wait.IsZero() || ok && team.Dispatcher != ""
	case lead.StateConverted:
		return ok && team.Manager != ""
	case lead.StatePooled:
		_, ok := m.rules.Pool(l.Pool)
		return ok
	}
	return true // the machine, a journey, or nobody
}

// stampText is how the indexes write a moment.
const stampText = "20060102T150405.000000000"

func shardText(id string, shards uint32) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return strconv.Itoa(int(h.Sum32() % shards))
}

// places holds that the lead stands in the indexes where its snapshot says.
func (c *checker) places(p part, l lead.Lead) {
	var shard, due, holder, held string
	if l.Deadline != nil {
		shard, due = shardText(l.ID, schema.DueShards), l.Deadline.At.UTC().Format(stampText)+"#"+l.ID
	}
	since := l.Created
	switch {
	case l.Period != nil:
		holder, since = "R#"+l.Period.Rep, l.Period.Start
	case l.State == lead.StatePooled && l.List != "":
		holder = "C#" + l.List + "#" + shardText(l.ID, schema.HolderShards)
	case l.State == lead.StatePooled:
		holder = "P#" + l.Pool + "#" + shardText(l.ID, schema.HolderShards)
	case l.State == lead.StateUnverified:
		holder = "V#" + shardText(l.ID, schema.HolderShards)
	case l.State == lead.StateTriage, !l.Wait.IsZero():
		holder = "T#" + l.Team + "#" + shardText(l.ID, schema.HolderShards)
	}
	if holder != "" {
		held = strconv.Itoa(l.Grade.Rank()) + "#" + since.UTC().Format(stampText) + "#" + l.ID
	}
	for _, x := range [...]struct{ name, want string }{
		{schema.DueShard, shard}, {schema.DueAt, due}, {schema.Holder, holder}, {schema.HeldAt, held},
	} {
		if got := p.after.Text(x.name); c.breaks(ruleIndex, got == x.want) {
			c.tell(ruleIndex, l.ID, "%s is %q for a lead that is %s: want %q", x.name, got, l.State, x.want)
		}
	}
}
