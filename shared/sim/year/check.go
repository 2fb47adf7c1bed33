package year

import (
	"encoding/json"
	"fmt"
	"time"

	"sluice/shared/lead"
)

// rule is a promise that the checker watches.
type rule int

// The rules.
const (
	ruleDeadline rule = iota
	ruleState
	ruleLate
	ruleActed
	ruleWarned
	ruleNotice
	ruleProtect
	ruleCohort
	ruleDeal
	ruleRound
	ruleCoolOff
	ruleShift
	ruleCap
	ruleQuota
	ruleClaims
	ruleReveals
	ruleFreeze
	ruleTwice
	ruleCycle
	ruleDaily
	ruleWeekly
	ruleMonthly
	ruleGrade
	ruleOptOut
	ruleQuiet
	ruleCounters
	ruleFigures
	ruleFold
	ruleRipe
	ruleFades
	ruleMost
)

// ruleNames tell the promises.
var ruleNames = [ruleMost]string{
	ruleDeadline: "an open lead has exactly one deadline, a closed one none",
	ruleState:    "the state is what the history says",
	ruleLate:     "no deadline is acted on more than 60 s late",
	ruleActed:    "what is due can be done",
	ruleWarned:   "nobody loses a lead without a reminder",
	ruleNotice:   "the reminder leaves the notice that is promised",
	ruleProtect:  "a rep keeps a lead for 30 days, extended 60, and holds",
	ruleCohort:   "a lead of a class is not taken from its reps",
	ruleDeal:     "a lead with an open deal is not taken back",
	ruleRound:    "at most three reps in a round",
	ruleCoolOff:  "no rep gets a lead again within 30 days",
	ruleShift:    "leads are routed to reps who are at work",
	ruleCap:      "no rep holds more leads than the cap",
	ruleQuota:    "no rep is given more leads a day than the quota",
	ruleClaims:   "no rep claims more than 20 leads a day",
	ruleReveals:  "no rep looks at more than 10 contacts a day",
	ruleFreeze:   "no lead is claimed within 4 h of coming into the pool",
	ruleTwice:    "no lead is looked at twice in a cycle",
	ruleCycle:    "a lead that is in a pool for a whole cycle is looked at",
	ruleDaily:    "nobody is contacted more than once a day",
	ruleWeekly:   "nobody is contacted more than 3 times in 7 days",
	ruleMonthly:  "nobody is contacted more than 8 times in 30 days",
	ruleGrade:    "grade C is contacted at most twice in 7 days",
	ruleOptOut:   "nobody is contacted after opting out",
	ruleQuiet:    "the system contacts nobody from 21:00 to 08:00",
	ruleCounters: "the counters of reps are the sum of what happened",
	ruleFigures:  "the figures of a cycle are the sum of its looks",
	ruleFold:     "a lead is the fold of its history",
	ruleRipe:     "what becomes hot in nurturing is routed",
	ruleFades:    "interest fades where nobody shows any",
}

// What is promised, in seconds where it is a time. The checker is not told of the
// policy.
const (
	lateMost     = minute
	noticeOffer  = 30 * minute // half of the hour for an answer
	noticeHour   = 15 * minute // a quarter of the hour for the best grades
	noticeEarly  = 24 * hour
	noticeLong   = 4 * hour
	keepMost     = 30 * day
	extendMost   = 30 * day
	coolOff      = 30 * day
	roundMost    = 3
	claimsMost   = 20
	revealsMost  = 10
	freeze       = 4 * hour
	cycle        = 30 * day
	dailyMost    = 1
	weeklyMost   = 3
	monthlyMost  = 8
	weeklyC      = 2
	quietFrom    = 21 * hour
	quietTo      = 8 * hour
	slack        = 2 * minute // of the minutes in which the sweep comes by
	keepingSlack = 3 * hour   // half a notice where the last reminder came late
)

// checker keeps books of its own from the history entries.
type checker struct {
	now      int64
	judged   [ruleMost]int // how often a rule was looked at
	tight    [ruleMost]int // how often a limit was just reached
	broken   [ruleMost]int
	found    []string // the first violations
	lateMost int64    // seconds

	leads   []track
	people  []book
	reps    []repBook
	byRep   map[string]int16
	members []member
	looks   map[cycleOf]map[lead.Did]int
}

// foundMost bounds the violations that are told in full.
const foundMost = 40

func newChecker(reps []lead.Rep, members []member) *checker {
	k := &checker{byRep: map[string]int16{}, members: members, looks: map[cycleOf]map[lead.Did]int{}}
	for i, r := range reps {
		k.byRep[r.ID] = int16(i)
		k.reps = append(k.reps, newRepBook(r, teams[members[i].team].home))
	}
	return k
}

// judge notes that a rule was looked at, and what is wrong where it does not hold.
func (k *checker) judge(r rule, holds bool, id string, format string, args ...any) {
	k.judged[r]++
	if holds {
		return
	}
	k.broken[r]++
	if len(k.found) < foundMost {
		k.found = append(k.found, fmt.Sprintf("%s lead %s: %s: %s",
			time.Unix(k.now, 0).UTC().Format(time.DateTime), id, ruleNames[r], fmt.Sprintf(format, args...)))
	}
}

// limit judges a count against the most that is allowed.
func (k *checker) limit(r rule, n, most int, id string) {
	if n == most {
		k.tight[r]++
	}
	if n <= most { // nothing is formatted for what holds
		k.judged[r]++
		return
	}
	k.judge(r, false, id, "%d", n)
}

// refused notes that something that had to be done was refused.
func (k *checker) refused(c *card, duty lead.Duty, err error) {
	k.judge(ruleActed, false, c.ID, "%s in %s: %v", duty, c.State, err)
}

// compare holds the books against what the house has. It is called at the end of
// each month.
func (k *checker) compare(w *world) {
	k.now = w.now
	for i := range w.cards {
		t, id := &k.leads[i], w.cards[i].ID
		if t.due > 0 {
			late := w.now - max(t.due, t.set)
			k.judge(ruleLate, late <= lateMost, id, "nobody has acted for %d s", late)
		}
		if t.rep >= 0 {
			k.keeping(t, id)
		}
	}
	for i := range w.reps {
		k.reps[i].compare(k, &w.reps[i], w.now)
	}
}

// close judges what can be judged only at the end of the year.
func (k *checker) close(w *world) {
	k.compare(w)
	for i := range w.cards {
		c := &w.cards[i]
		if k.leads[i].berth > 0 {
			k.leaves(&k.leads[i], c.ID)
		}
		if len(c.history) > 0 {
			k.fold(c)
		}
	}
	k.sums(w)
}

// fold reads the history back from the text in which it is kept, and compares what
// it folds to with the lead.
func (k *checker) fold(c *card) {
	var history []lead.Entry
	for _, e := range c.history {
		text, err := json.Marshal(e)
		var back lead.Entry
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil {
			k.judge(ruleFold, false, c.ID, "%v", err)
			return
		}
		history = append(history, back)
	}
	want, _ := json.Marshal(lead.Fold(history))
	got, err := json.Marshal(c.Lead)
	k.judge(ruleFold, err == nil && string(want) == string(got), c.ID, "kept\n%s\nfolded\n%s", got, want)
}
