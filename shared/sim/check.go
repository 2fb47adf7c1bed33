package sim

import (
	"fmt"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// rule is a promise that the checker watches.
type rule int

// The rules. Those of a commit are judged as soon as it is made, the others when
// the world has come to rest.
const (
	ruleLost rule = iota
	ruleOutcome
	ruleIdentity
	ruleInterest
	ruleOwner
	ruleCap
	ruleQuota
	rulePace
	ruleClaims
	ruleRecord
	ruleCoolOff
	ruleAgain
	ruleWarned
	ruleProtect
	ruleReveals
	ruleCycle
	ruleTally
	ruleBudget
	ruleRouted
	ruleWait
	ruleVerdict
	ruleMove
	ruleJob
	ruleDeadline
	ruleParty
	ruleIndex
	ruleFold
	ruleVersion
	ruleHistory
	ruleCounters
	ruleNumber
	rulePolicy
	ruleTrue
	ruleOnce
	ruleTold
	rulePrivate
	ruleOverdue
	ruleAnswer
	ruleLinear
	ruleDecided
	ruleMost
)

// ruleNames are what violations and reports call the rules.
var ruleNames = [ruleMost]string{
	ruleLost:     "nothing lost",
	ruleOutcome:  "one outcome",
	ruleIdentity: "one person",
	ruleInterest: "one open lead",
	ruleOwner:    "one owner",
	ruleCap:      "cap",
	ruleQuota:    "quota",
	rulePace:     "pace",
	ruleClaims:   "claim limit",
	ruleRecord:   "rep's record",
	ruleCoolOff:  "cool-off",
	ruleAgain:    "second assignment",
	ruleWarned:   "warned",
	ruleProtect:  "protection",
	ruleReveals:  "reveals",
	ruleCycle:    "cycle",
	ruleTally:    "tallies",
	ruleBudget:   "contact budget",
	ruleRouted:   "routed by rule",
	ruleWait:     "wait for a shift",
	ruleVerdict:  "verdicts",
	ruleMove:     "moves",
	ruleJob:      "jobs",
	ruleDeadline: "deadline",
	ruleParty:    "responsible party",
	ruleIndex:    "index",
	ruleFold:     "fold",
	ruleVersion:  "versions",
	ruleHistory:  "append only",
	ruleCounters: "counters",
	ruleNumber:   "lead numbers",
	rulePolicy:   "policy",
	ruleTrue:     "told when true",
	ruleOnce:     "told once",
	ruleTold:     "told at all",
	rulePrivate:  "privacy",
	ruleOverdue:  "overdue",
	ruleAnswer:   "answers",
	ruleLinear:   "linearizable",
	ruleDecided:  "linearizable, decided",
}

// ruleCount is how often a rule was judged and found broken.
type ruleCount struct {
	name            string
	checked, broken int
}

// checker watches one world. It keeps its own account of what every committed
// write has told, and never asks the code under test what is right, but for the
// pure packages: the fold, the next deadline and the policy's rules.
type checker struct {
	now     func() time.Time
	since   func() time.Time // from when on nothing is wrong
	report  func(Violation)
	table   *table.Model
	mail    func(person string) string // a person's e-mail address
	markers [][]byte                   // what identifies the invented people

	counts   [ruleMost]ruleCount
	position int64 // counts what is seen, in order

	leads       map[string]*watched
	open        map[interest]string // → the open lead
	numbers     map[string]string   // of leads → lead
	persons     map[string]*acquainted
	keys        map[string]string       // identity key → person
	submissions map[string]string       // → the lead it became a part of, by the histories
	recorded    map[string]lead.Outcome // how each submission ended
	answered    map[string]bool         // submissions that were answered with success
	reps        map[string]*colleague
	edits       time.Time // of the latest edit of a rep's record
	policies    map[int]*policy.Policy
	documents   map[int]policy.Document
	inForce     []version // of the policy, in order
	tallies     map[tallied]map[string]int
	jobs        map[string]*moving
	notices     map[string]*notice
	deadlines   deadlines
	acts        []attempt
	begun       []int // acts not answered yet
	stories     map[string]*story

	image []byte // memory that is used again
	write commit
}

// version is when a version of the policy came into force.
type version struct {
	number int
	at     time.Time
}

func newChecker(w *World) *checker {
	c := &checker{now: w.clock, since: w.calmSince, report: w.violate, table: w.table, mail: w.mailOf}
	for _, m := range personalMarkers {
		c.markers = append(c.markers, []byte(m))
	}
	return c.init()
}

func (c *checker) init() *checker {
	for r, name := range ruleNames {
		c.counts[r].name = name
	}
	c.leads, c.open, c.numbers = map[string]*watched{}, map[interest]string{}, map[string]string{}
	c.persons, c.keys = map[string]*acquainted{}, map[string]string{}
	c.submissions, c.recorded, c.answered = map[string]string{}, map[string]lead.Outcome{}, map[string]bool{}
	c.reps, c.jobs = map[string]*colleague{}, map[string]*moving{}
	c.policies, c.documents, c.tallies = map[int]*policy.Policy{}, map[int]policy.Document{}, map[tallied]map[string]int{}
	c.notices, c.stories = map[string]*notice{}, map[string]*story{}
	return c
}

// calm reports whether nothing has been wrong for a while.
func (c *checker) calm() bool { return !c.now().Before(c.since()) }

// rules tells how often each rule was judged.
func (c *checker) rules() []ruleCount { return c.counts[:] }

// breaks counts a judgement; true is a promise that does not hold.
func (c *checker) breaks(r rule, held bool) bool {
	c.counts[r].checked++
	if !held {
		c.counts[r].broken++
	}
	return !held
}

// tell reports a broken promise.
func (c *checker) tell(r rule, lead, format string, args ...any) {
	c.report(Violation{Rule: ruleNames[r], At: c.now(), Lead: lead, Text: fmt.Sprintf(format, args...)})
}

// part is one item's change, by the id in its key.
type part struct {
	id, sk        string
	before, after table.Item
}

// fresh is whether the change may be one of an item that is written once: it
// reports any other one.
func (c *checker) fresh(p part, what string) bool {
	if c.breaks(ruleHistory, p.before.IsZero() && !p.after.IsZero()) {
		c.tell(ruleHistory, "", "%s %s was written before and is written again or gone", what, p.id)
		return false
	}
	return true
}

// onward holds that an item goes from version to version.
func (c *checker) onward(p part, what string) {
	if c.breaks(ruleVersion, versionOf(p.after) == versionOf(p.before)+1) {
		c.tell(ruleVersion, "", "%s %s goes from version %d to %d", what, p.id, versionOf(p.before), versionOf(p.after))
	}
}

// commit is what one committed write has changed, sorted.
type commit struct {
	entries, leads, persons, keys, submissions, idems, reps, results, tallies []part

	made    []made                 // by its history entries
	touched []string               // reps whose holdings may have changed
	known   map[string]*acquainted // the persons it writes, as they were
}

// empty makes a commit ready for the next write.
func (t *commit) empty() *commit {
	for _, parts := range []*[]part{&t.entries, &t.leads, &t.persons, &t.keys, &t.submissions, &t.idems, &t.reps, &t.results, &t.tallies} {
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
		c.person(p, t)
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
	case "NUMBER":
		c.number(p)
	case schema.VaultPartition:
		c.fresh(part{id: sk, before: p.before, after: p.after}, "the vault's key")
	default:
		c.breaks(ruleHistory, false)
		c.tell(ruleHistory, "", "%s %s is no item that the store knows", pk, sk)
	}
}
