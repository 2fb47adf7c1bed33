package sim

import (
	"strings"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// onward holds that an item goes from version to version.
func (c *checker) onward(p part, what string) {
	if c.breaks(ruleVersion, versionOf(p.after) == versionOf(p.before)+1) {
		c.tell(ruleVersion, "", "%s %s goes from version %d to %d", what, p.id, versionOf(p.before), versionOf(p.after))
	}
}

// commit is what one committed write has changed, sorted.
type commit struct {
	entries, leads, persons, keys, submissions, idems, reps, results, tallies, companies []part

	made    []made                 // by its history entries
	touched []string               // reps whose holdings may have changed
	known   map[string]*acquainted // the persons it writes, as they were
}

// empty makes a commit ready for the next write.
func (t *commit) empty() *commit {
	for _, parts := range []*[]part{&t.entries, &t.leads, &t.persons, &t.keys, &t.submissions, &t.idems, &t.reps, &t.results, &t.tallies, &t.companies} {
		*parts = (*parts)[:0]
	}
	t.made, t.touched = t.made[:0], t.touched[:0]
	t.known = map[string]*acquainted{}
	return t
}

// made is a history entry with the lead before and after it.
type made struct {
	entry         lead.Entry
	before, after lead.Lead
	rules         *policy.Policy // that decided; nil where it is unknown
	moves         []lead.RepMove // of reps' counters
}

// committed judges a committed write, all items of a transaction together.
func (c *checker) committed(changes []table.Change) {
	c.position++
	t := c.write.empty()
	for _, change := range changes {
		c.private(change.After)
		c.take(change, t)
	}
	for _, p := range t.keys {
		c.key(p)
	}
	for _, p := range t.entries {
		c.entry(p, t)
	}
	for _, p := range t.leads {
		c.snapshot(p, t)
	}
	for _, p := range t.persons {
		c.meet(p, t)
	}
	for _, p := range t.persons {
		c.person(p, t)
	}
	for _, p := range t.companies {
		c.company(p)
	}
	for _, p := range t.submissions {
		c.submission(p, t)
	}
	for _, p := range t.idems {
		c.idem(p)
	}
	for _, p := range t.reps {
		c.rep(p, t)
	}
	for _, p := range t.results {
		c.result(p, t)
	}
	for _, p := range t.tallies {
		c.tally(p)
	}
	c.together(t)
	if len(c.begun) > 0 {
		c.excuse()
	}
}

// take puts a change where it belongs. Nothing is ever deleted.
func (c *checker) take(change table.Change, t *commit) {
	p := part{before: change.Before, after: change.After}
	pk, sk := change.After.Key()
	if change.After.IsZero() {
		pk, sk = change.Before.Key()
		c.breaks(ruleHistory, false)
		c.tell(ruleHistory, "", "%s %s is gone", pk, sk)
		return
	}
	kind, id, _ := strings.Cut(pk, "#")
	p.id, p.sk = id, sk
	switch kind {
	case "L":
		if strings.HasPrefix(sk, schema.HistoryPrefix) {
			t.entries = append(t.entries, p)
		} else {
			t.leads = append(t.leads, p)
		}
	case "P":
		t.persons = append(t.persons, p)
	case "O":
		t.companies = append(t.companies, p)
	case "SPENT":
		c.spend(p)
	case "K":
		t.keys = append(t.keys, p)
	case "S":
		t.submissions = append(t.submissions, p)
	case "I":
		t.idems = append(t.idems, p)
	case "D":
		c.delivery(p)
	case "REP":
		var results bool
		if p.id, results = strings.CutSuffix(sk, "#results"); results {
			t.results = append(t.results, p)
		} else {
			t.reps = append(t.reps, p)
		}
	case "JOB":
		p.id = sk
		c.job(p)
	case "CYCLE":
		t.tallies = append(t.tallies, p)
	case "LIST":
		c.onward(p, "call list")
	case "SECRET": // is replaced
	case "POLICY":
		c.policyItem(p)
	case "MODEL":
		c.modelItem(p)
	case "OUTCOME":
		c.ending(p)
	case "NUMBER":
		c.number(p)
	case schema.VaultPartition:
		c.fresh(part{id: sk, before: p.before, after: p.after}, "the vault's key")
	default:
		c.breaks(ruleHistory, false)
		c.tell(ruleHistory, "", "%s %s is no item that the store knows", pk, sk)
	}
}
