package sim

import (
	"fmt"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
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
	ruleMerge
	ruleApart
	ruleAlike
	ruleVerified
	ruleListed
	ruleAsked
	ruleFacts
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
	ruleScored
	ruleByHand
	ruleRipe
	ruleSignals
	ruleAnew
	ruleEnding
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
	ruleMerge:    "merges",
	ruleApart:    "told apart",
	ruleAlike:    "evidence",
	ruleVerified: "verified first",
	ruleListed:   "lists wake nobody",
	ruleAsked:    "enrichers",
	ruleFacts:    "what people said",
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
	ruleScored:   "scored",
	ruleByHand:   "graded by hand",
	ruleRipe:     "ripe",
	ruleSignals:  "signals",
	ruleAnew:     "scored anew",
	ruleEnding:   "endings",
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
	now    func() time.Time
	since  func() time.Time // from when on nothing is wrong
	report func(Violation)
	table  *table.Model
	mail   func(person string) string                          // a person's e-mail address
	alike  func(a, b string) (probability float64, merge bool) // of two persons, as their items have them
	// answersOf are a lead's sensitive answers; nil where scores are not the policy's.
	answersOf func(lead.Lead) map[string]any
	markers   [][]byte // what identifies the invented people

	counts   [ruleMost]ruleCount
	position int64 // counts what is seen, in order

	leads       map[string]*watched
	open        map[interest]string // → the open lead
	numbers     map[string]string   // of leads → lead
	persons     map[string]*acquainted
	keys        map[string]string            // identity key → person
	unions      map[string][]union           // person → merges into them, the latest last
	united      map[string]time.Time         // person → their latest merge, or its undoing
	apart       map[[2]string]bool           // persons who are two, as somebody decided
	companies   map[string]map[string]string // → fact → what is known of it
	spent       map[spending]int             // calls of enrichers that were paid for
	questions   map[spending]int             // that they were asked
	submissions map[string]string            // → the lead it became a part of, by the histories
	recorded    map[string]lead.Outcome      // how each submission ended
	answered    map[string]bool              // submissions that were answered with success
	reps        map[string]*colleague
	edits       time.Time // of the latest edit of a rep's record
	policies    map[int]*policy.Policy
	documents   map[int]policy.Document
	inForce     []version // of the policy, in order
	models      map[int]*score.Learned
	// modelsInForce are those that were, in order, changes when policy or model changed
	// that every lead is to be scored by.
	modelsInForce []version
	changes       []time.Time
	walk          score.Rescore
	accepted      []accepted
	endings       map[string]score.Outcome // as they are kept
	tallies       map[tallied]map[string]int
	jobs          map[string]*moving
	notices       map[string]*notice
	deadlines     deadlines
	acts          []attempt
	begun         []int // acts not answered yet
	stories       map[string]*story

	image []byte // memory that is used again
	write commit
}

// version is when a version of the policy came into force.
type version struct {
	number int
	at     time.Time
}

func newChecker(w *World) *checker {
	c := &checker{now: w.clock, since: w.calmSince, report: w.violate, table: w.table, mail: w.mailOf, alike: w.alike, answersOf: w.answersOf}
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
	c.united = map[string]time.Time{}
	c.unions, c.apart = map[string][]union{}, map[[2]string]bool{}
	c.companies, c.spent, c.questions = map[string]map[string]string{}, map[spending]int{}, map[spending]int{}
	c.submissions, c.recorded, c.answered = map[string]string{}, map[string]lead.Outcome{}, map[string]bool{}
	c.reps, c.jobs = map[string]*colleague{}, map[string]*moving{}
	c.models, c.endings = map[int]*score.Learned{}, map[string]score.Outcome{}
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
