package sim

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// acquainted is a person as last written.
type acquainted struct {
	Version int               `json:"v"`
	Keys    []string          `json:"keys"`
	Leads   map[string]string `json:"leads"`

	Contacts []time.Time `json:"contacts"`
	OptOut   time.Time   `json:"opt_out"`

	Alike  []string     `json:"alike"`
	Into   string       `json:"into"`
	Parts  []joined     `json:"parts"`
	Doubts []lead.Doubt `json:"doubts"`
	Apart  []string     `json:"apart"`
	doc    string       // all of it
}

// joined is who was merged into a person.
type joined struct {
	Person string     `json:"person"`
	At     time.Time  `json:"at"`
	By     lead.Actor `json:"by"`
	Why    string     `json:"why"`
}

// root is who a person is now, after all merges.
func (c *checker) root(id string) string {
	for range rootsMost {
		p := c.persons[id]
		if p == nil || p.Into == "" {
			return id
		}
		id = p.Into
	}
	return ""
}

// rootsMost is how often a person can be merged again, and more.
const rootsMost = 64

// key holds that an identity key belongs to one person for ever.
func (c *checker) key(p part) {
	if !c.fresh(p, "identity key") {
		return
	}
	var person string
	if err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &person); c.breaks(ruleIdentity, err == nil && person != "") {
		c.tell(ruleIdentity, "", "identity key %s names no person", p.id)
	}
	c.keys[p.id] = person
}

// meet reads a person as they are written now.
func (c *checker) meet(p part, t *commit) {
	after, before := &acquainted{doc: p.after.Text(schema.Doc)}, c.persons[p.id]
	if before == nil {
		before = &acquainted{}
	}
	if err := json.Unmarshal([]byte(after.doc), after); c.breaks(ruleIdentity, err == nil && len(after.Keys) > 0) {
		c.tell(ruleIdentity, "", "person %s cannot be read or has no key: %v", p.id, err)
		return
	}
	t.known[p.id], c.persons[p.id] = before, after
}

// person holds that a person keeps their keys, and that their leads are there.
func (c *checker) person(p part, t *commit) {
	before, after := t.known[p.id], c.persons[p.id]
	if before == nil { // told before
		return
	}
	if c.breaks(ruleVersion, after.Version == before.Version+1 && after.Version == versionOf(p.after) && before.Version == versionOf(p.before)) {
		c.tell(ruleVersion, "", "person %s goes from version %d to %d, marked %d", p.id, before.Version, after.Version, versionOf(p.after))
	}
	for _, k := range after.Keys {
		if c.breaks(ruleIdentity, c.keys[k] == p.id) {
			c.tell(ruleIdentity, "", "person %s lists key %s, which is that of %q", p.id, k, c.keys[k])
		}
	}
	for _, k := range before.Keys {
		if c.breaks(ruleIdentity, slices.Contains(after.Keys, k)) {
			c.tell(ruleIdentity, "", "person %s has lost key %s", p.id, k)
		}
	}
	for _, product := range slices.Sorted(maps.Keys(after.Leads)) {
		id := after.Leads[product]
		w := c.leads[id]
		theirs := w != nil && w.lead.Product == product && c.root(w.lead.Person) == c.root(p.id)
		if after.Into == "" { // who was merged remembers what was theirs
			theirs = theirs && w.lead.Person == p.id && w.lead.State != lead.StateMerged
		}
		if c.breaks(ruleInterest, theirs) {
			c.tell(ruleInterest, id, "person %s has it for %s, but it is not theirs", p.id, product)
		}
	}
	c.standsAlike(p, after)
	c.merges(p.id, before, after, t)
	c.contacted(p.id, before, after, t)
}

// standsAlike holds that a person is found by those who resemble them, and by who
// decides doubts, as long as they are nobody else.
func (c *checker) standsAlike(p part, after *acquainted) {
	want := [4]string{}
	if after.Into == "" {
		copy(want[:2], after.Alike)
		if len(after.Doubts) > 0 {
			want[2], want[3] = "D#"+shardText(p.id, schema.HolderShards), p.id
		}
	}
	for i, name := range [...]string{schema.LikeName, schema.LikePlace, schema.Holder, schema.HeldAt} {
		if got := p.after.Text(name); c.breaks(ruleIndex, got == want[i]) {
			c.tell(ruleIndex, "", "%s is %q for person %s: want %q", name, got, p.id, want[i])
		}
	}
}

// ended is how a submission ended.
type ended struct {
	ID       string       `json:"id"`
	Received time.Time    `json:"at"`
	Outcome  lead.Outcome `json:"outcome"`
	Reason   string       `json:"reason"`
	Lead     string       `json:"lead"`
	Person   string       `json:"person"`
}

// submission holds that a submission ends once, and that its lead knows of it.
func (c *checker) submission(p part, t *commit) {
	if c.breaks(ruleOutcome, p.before.IsZero()) {
		c.tell(ruleOutcome, "", "submission %s ended before and ends again", p.id)
		return
	}
	var s ended
	if err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &s); c.breaks(ruleOutcome, err == nil && s.ID == p.id) {
		c.tell(ruleOutcome, "", "submission %s cannot be read: %v", p.id, err)
		return
	}
	c.recorded[p.id] = s.Outcome
	into, created := t.adds(p.id)
	fits := false
	switch s.Outcome {
	case lead.OutcomeCreated:
		fits = created && into == s.Lead && s.Person == c.leads[into].lead.Person
	case lead.OutcomeMerged:
		fits = !created && into != "" && into == s.Lead && s.Person == c.leads[into].lead.Person
	case lead.OutcomeQuarantined:
		fits = into == "" && s.Lead == "" && s.Reason != ""
	case lead.OutcomeTest:
		fits = into == "" && s.Lead == ""
	}
	if c.breaks(ruleOutcome, fits) {
		c.tell(ruleOutcome, s.Lead, "submission %s ended as %q of lead %q, by the history it is of lead %q", s.ID, s.Outcome, s.Lead, into)
	}
	c.quarantined(p, s)
}

// quarantined holds that a submission is listed for people exactly where one of
// them must look at it.
func (c *checker) quarantined(p part, s ended) {
	holder, held := "", ""
	if s.Outcome == lead.OutcomeQuarantined {
		holder = "Q#" + shardText(s.ID, schema.HolderShards)
		held = s.Received.UTC().Format(stampText) + "#" + s.ID
	}
	if c.breaks(ruleIndex, p.after.Text(schema.Holder) == holder && p.after.Text(schema.HeldAt) == held) {
		c.tell(ruleIndex, "", "submission %s, %s, stands at %q", s.ID, s.Outcome, p.after.Text(schema.Holder))
	}
}

// adds finds the entry of the commit by which a submission became part of a
// lead.
func (t *commit) adds(submission string) (id string, created bool) {
	for _, m := range t.made {
		for _, event := range m.entry.Events {
			switch e := event.(type) {
			case lead.Captured: // of a person who is merged at once: the other lead is touched
				if e.Submission == submission && m.after.State != lead.StateMerged {
					return m.after.ID, true
				}
			case lead.Touched:
				if e.Submission == submission {
					id = m.after.ID
				}
			}
		}
	}
	return id, false
}

// idem holds that an idempotency key stands for one submission for ever.
func (c *checker) idem(p part) {
	if !c.fresh(p, "idempotency key") {
		return
	}
	var submission string
	err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &submission)
	if c.breaks(ruleOutcome, err == nil && c.recorded[submission] != "") {
		c.tell(ruleOutcome, "", "idempotency key %s stands for submission %q, which has no outcome", p.id, submission)
	}
}

// together judges what must hold of a commit as a whole.
func (c *checker) together(t *commit) {
	for _, p := range t.keys {
		owner := c.persons[c.keys[p.id]]
		if c.breaks(ruleIdentity, owner != nil && slices.Contains(owner.Keys, p.id)) {
			c.tell(ruleIdentity, "", "person %q does not list key %s, which is theirs", c.keys[p.id], p.id)
		}
	}
	for i := range t.made {
		m := &t.made[i]
		l := m.after
		who := c.persons[l.Person]
		if c.breaks(ruleInterest, who != nil && (!l.State.Open() || who.Into == "" && who.Leads[l.Product] == l.ID)) {
			c.tell(ruleInterest, l.ID, "person %s does not have it for %s", l.Person, l.Product)
		}
		c.oneOpen(l)
		c.absorbed(m, t)
		c.wholeEntry(m, t)
	}
	for _, rep := range t.touched {
		c.holds(rep)
	}
}

// wholeEntry holds that an entry came with everything that it speaks of.
func (c *checker) wholeEntry(m *made, t *commit) {
	stored := slices.ContainsFunc(t.leads, func(p part) bool { return p.id == m.after.ID })
	if c.breaks(ruleFold, stored) {
		c.tell(ruleFold, m.after.ID, "entry %s was written without the lead", m.entry.ID())
	}
	for _, event := range m.entry.Events {
		submission := ""
		switch e := event.(type) {
		case lead.Captured:
			submission = e.Submission
		case lead.Touched:
			submission = e.Submission
		default:
			continue
		}
		if c.breaks(ruleOutcome, c.recorded[submission] != "") {
			c.tell(ruleOutcome, m.after.ID, "entry %s adds submission %s without its outcome", m.entry.ID(), submission)
		}
	}
	c.counted(m, t)
	c.tallyWritten(m, t)
	c.contacts(m, t)
}

// captured notes that a post was answered with success.
func (c *checker) captured(id string) { c.answered[id] = true }
