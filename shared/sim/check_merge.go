package sim

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
)

// union is a merge of two persons as it was seen: the one who went on, and the one
// who was merged.
type union struct {
	person string // who was merged
	at     time.Time
	before [2]string // both, but for their versions
	after  [2]string
	optOut [2]time.Time         // before
	leads  map[string][2]string // → what was known of it before and after
}

// merges judges what a commit does to who is who.
func (c *checker) merges(id string, before, after *acquainted, t *commit) {
	for _, with := range after.Apart {
		c.apart[pairOf(id, with)] = true
	}
	var others []string // of whom they are told apart who is taken out
	if n := len(before.Parts); n > len(after.Parts) {
		others = c.persons[before.Parts[n-1].Person].Apart
	}
	for _, with := range before.Apart {
		if c.breaks(ruleApart, slices.Contains(after.Apart, with) || slices.Contains(others, with) || len(after.Apart) >= apartKept) {
			c.tell(ruleApart, "", "person %s was told apart from %s and does not know it any more", id, with)
		}
	}
	c.parts(id, before, after)
	switch {
	case before.Into == after.Into:
	case before.Into == "":
		c.united[id], c.united[after.Into] = c.now(), c.now()
		c.merged(id, before, after, t)
	case after.Into == "":
		c.united[id], c.united[before.Into] = c.now(), c.now()
		c.divided(id, before, after, t)
	default:
		c.breaks(ruleMerge, false)
		c.tell(ruleMerge, "", "person %s was %s and is %s", id, before.Into, after.Into)
	}
}

// apartKept is how many persons one is remembered not to be.
const apartKept = 32

func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// parts holds that a person lists whoever was merged into them: one more, or the last
// one no more.
func (c *checker) parts(id string, before, after *acquainted) {
	n, was := len(after.Parts), len(before.Parts)
	fits := n-was <= 1 && was-n <= 1
	for i := range min(n, was) {
		fits = fits && after.Parts[i].Person == before.Parts[i].Person
	}
	for _, part := range after.Parts {
		p := c.persons[part.Person]
		fits = fits && p != nil && p.Into == id
	}
	if n < was {
		p := c.persons[before.Parts[was-1].Person]
		fits = fits && p != nil && p.Into == ""
	}
	if c.breaks(ruleMerge, fits) {
		c.tell(ruleMerge, "", "person %s had %d persons merged into them and has %d, or one of them is somebody else's", id, was, n)
	}
}

// merged judges a merge: nothing of either person is lost, and nobody is merged by the
// system alone without evidence.
func (c *checker) merged(id string, before, after *acquainted, t *commit) {
	into := after.Into
	a, was := c.persons[into], t.known[into]
	fits := a != nil && was != nil && a.Into == "" && len(a.Parts) > 0 && a.Parts[len(a.Parts)-1].Person == id
	if c.breaks(ruleMerge, fits) {
		c.tell(ruleMerge, "", "person %s is merged into %s, who does not know it", id, into)
		return
	}
	u := union{person: id, at: c.now(), before: [2]string{plain(was.doc), plain(before.doc)}, after: [2]string{plain(a.doc), plain(after.doc)},
		optOut: [2]time.Time{was.OptOut, before.OptOut}, leads: map[string][2]string{}}
	if before.Version == 0 { // they came by the enquiry that told who they are
		u.before[1] = plain(after.doc)
	}
	if c.breaks(ruleMerge, u.before[1] == u.after[1]) {
		c.tell(ruleMerge, "", "the merge into %s changes person %s", into, id)
	}
	for _, leads := range []map[string]string{was.Leads, after.Leads} {
		for _, product := range slices.Sorted(maps.Keys(leads)) {
			l := c.leads[leads[product]].lead
			if c.breaks(ruleMerge, c.root(l.Person) == into && (!l.State.Open() || l.Person == into && a.Leads[product] == l.ID)) {
				c.tell(ruleMerge, l.ID, "person %s is merged into %s; the lead, %s, stays with %s", id, into, l.State, l.Person)
			}
		}
	}
	for i := range t.made {
		m := &t.made[i]
		u.leads[m.after.ID] = [2]string{whatOf(m.before), whatOf(m.after)}
	}
	c.unions[into] = append(c.unions[into], u)
	if part := a.Parts[len(a.Parts)-1]; part.By.Kind == "system" {
		c.bySystem(id, into, was, before, after, part)
	}
}

// bySystem judges a merge that nobody decided.
func (c *checker) bySystem(id, into string, was, before, after *acquainted, part joined) {
	mine, theirs := c.group(into, id), append(c.group(id, ""), id)
	mine = append(mine, into)
	for _, x := range mine {
		for _, y := range theirs {
			if c.breaks(ruleApart, !c.apart[pairOf(x, y)]) {
				c.tell(ruleApart, "", "person %s is merged into %s, though %s and %s were told apart", id, into, x, y)
			}
		}
	}
	least := 1.0
	for _, p := range c.recent() {
		least = min(least, p.Cleansing().Merge)
	}
	submission, _ := strings.CutPrefix(part.Why, "alike: ")
	sure := false
	for _, d := range slices.Concat(was.Doubts, before.Doubts) { // an enquiry was like both
		sure = sure || d.Submission == submission && d.Probability >= least*least
	}
	docs := []string{was.doc}
	for _, one := range mine {
		docs = append(docs, c.persons[one].doc)
	}
	for _, doc := range docs {
		if sure {
			break
		}
		p, merge := c.alike(doc, after.doc)
		sure = merge && p >= least
	}
	if c.breaks(ruleAlike, sure) {
		c.tell(ruleAlike, "", "person %s is merged into %s (%s) and does not resemble them", id, into, part.Why)
	}
}

// group lists who was merged into a person, and into those, but for one.
func (c *checker) group(id, but string) []string {
	var all []string
	for _, part := range c.persons[id].Parts {
		if part.Person != but {
			all = append(append(all, part.Person), c.group(part.Person, but)...)
		}
	}
	return all
}

// divided judges that a merge is taken back: both are as they were, where nothing
// happened since, and what happened since is somebody's.
func (c *checker) divided(id string, before, after *acquainted, t *commit) {
	from := before.Into
	a, was, stack := c.persons[from], t.known[from], c.unions[from]
	fits := a != nil && was != nil && len(stack) > 0 && stack[len(stack)-1].person == id
	if c.breaks(ruleMerge, fits) {
		c.tell(ruleMerge, "", "person %s is taken out of %s, who does not know it, or another merge came after it", id, from)
		return
	}
	u := stack[len(stack)-1]
	c.unions[from] = stack[:len(stack)-1]
	same := [2]bool{plain(was.doc) == u.after[0], plain(before.doc) == u.after[1]}
	if same[0] && same[1] {
		for i, doc := range []string{plain(a.doc), plain(after.doc)} {
			if is, want := difference(doc, u.before[i]); c.breaks(ruleMerge, doc == u.before[i]) {
				c.tell(ruleMerge, "", "the merge of %s into %s is undone, and one of them has %q who had %q", id, from, is, want)
			}
		}
	}
	for i := range t.made {
		m := &t.made[i]
		if known, there := u.leads[m.after.ID]; there && whatOf(m.before) == known[1] && m.after.State.Open() {
			if c.breaks(ruleMerge, known[0] == whatOf(lead.Lead{}) || whatOf(m.after) == known[0]) {
				is, want := difference(whatOf(m.after), known[0])
				c.tell(ruleMerge, m.after.ID, "the merge of %s into %s is undone; what is known of the lead is %q and was %q", id, from, is, want)
			}
		}
	}
	c.contactsDivided(id, u, [2]*acquainted{was, before}, [2]*acquainted{a, after})
}

// contactsDivided holds that no contact with either person is forgotten and that what
// came since the merge counts for both, as does a wish to be left in peace.
func (c *checker) contactsDivided(id string, u union, was, is [2]*acquainted) {
	has := func(p *acquainted, at time.Time) bool { return slices.ContainsFunc(p.Contacts, at.Equal) }
	for _, at := range was[0].Contacts {
		fits := has(is[0], at) || has(is[1], at)
		if at.After(u.at) {
			fits = has(is[0], at) && has(is[1], at)
		}
		if c.breaks(ruleBudget, fits || c.now().Sub(at) > contactsCount) {
			c.tell(ruleBudget, "", "the contact at %s counts no more as %s is taken out", at, id)
		}
	}
	for i, p := range is {
		for _, at := range p.Contacts {
			if c.breaks(ruleBudget, has(was[0], at) || has(was[i], at)) {
				c.tell(ruleBudget, "", "a contact at %s counts that nobody tells of as %s is taken out", at, id)
			}
		}
		want := u.optOut[i]
		if since := was[0].OptOut; want.IsZero() && since.After(u.at) {
			want = since
		}
		if c.breaks(ruleBudget, want.IsZero() == p.OptOut.IsZero()) {
			c.tell(ruleBudget, "", "as %s is taken out, one is marked as opted out at %s, by the histories at %s", id, p.OptOut, want)
		}
	}
}

// plain is a person's item without what changes with each writing.
func plain(doc string) string {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(doc), &all) != nil {
		return ""
	}
	delete(all, "v")
	delete(all, "into")
	text, _ := json.Marshal(all) // was just read
	return string(text)
}

// whatOf is what is known of a lead, beside how it stands.
func whatOf(l lead.Lead) string {
	text, _ := json.Marshal(struct {
		Facts   lead.Facts
		Touches int
	}{l.Facts, l.Touches}) // was read before
	return string(text)
}
