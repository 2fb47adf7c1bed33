package sim

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// Report is what a world came to.
type Report struct {
	Options Options
	Events  int // remote calls and deliveries

	Posts    []Count // by answer
	Accepted int     // posts answered with success
	Told     int     // of these, how many different submissions were named; a browser is not told
	Outcomes []Count // of submissions
	Acts     []ActCount
	Funnel   []Count // leads that have ever come so far
	SLA      SLA
	Fairness []TeamFairness
	Pools    []PoolFigures
	States   []StateCount

	Mails       int
	Repeated    int // mails whose Message-ID was sent before
	DeadLetters int // messages that failed as often as a queue tries
	Faults      []Count
	Checks      []CheckCount
	Violations  []Violation
}

// Count is how many there are of something.
type Count struct {
	What string
	N    int
}

// ActCount is how often people did something, and what came of it.
type ActCount struct {
	What                   string
	Done, Refused, Unheard int // answered with success, refused, not answered or out of order
}

// SLA is how deadlines were kept, by people and by the system.
type SLA struct {
	Offers         int
	AcceptedInTime int
	Accept         Spread // from offer to acceptance
	Begun          int    // accepted or claimed
	Contacted      int    // first contact made
	Contact        Spread // from acceptance to first contact
	Withdrawn      int    // offers
	Reclaimed      int    // leads that were not followed up
	Escalated      int
	Reminded       int    // reps, of what is about to happen
	Warned         int    // managers, along with a rep
	Again          int    // leads that went from one rep straight to another
	Nudged         int    // light touches to people who said "not now"
	Late           Spread // of the system's own acts, after their deadline
	Waited         int    // for a shift
	Qualified      int    // for another team
	Moved          int    // by managers
}

// Spread is how values lie.
type Spread struct {
	N                     int
	Median, P90, P99, Max time.Duration
}

// TeamFairness is how evenly a team's leads were shared.
type TeamFairness struct {
	Team   string
	Always int // members who were there at any time, from beginning to end, with an equal share
	Spread int // between the most and the fewest turns of these
	Reps   []RepFigures
}

// RepFigures is what one rep was given and made of it, in one team.
type RepFigures struct {
	Rep       string
	Always    bool
	Offers    int // by distribution
	ByHand    int
	Claims    int
	Accepted  int
	Converted int
}

// PoolFigures is what went through a pool.
type PoolFigures struct {
	Pool                         string
	In, Claimed, Assigned, Woken int
	Moved                        int    // elsewhere by managers, but to a rep
	Closed                       int    // archived, or found to be nobody
	Resting                      Spread // of those who left it
	Left                         int    // in it still

	Cycles int              // in which the sweep looked at leads
	Looks  map[lead.Did]int // what it did with them
	Arms   [2]Arm           // what became of those that it worked with, and of those held out
}

// Arm is what became of the leads of one arm of a pool's sweep.
type Arm struct{ Looks, Replied, Converted int }

// StateCount is how many leads are in a state, by grade, best first; the last
// are without one.
type StateCount struct {
	State   lead.State
	ByGrade []int
	All     int
}

// CheckCount is how often a rule was judged, and found broken.
type CheckCount struct {
	Rule            string
	Checked, Broken int
}

// Report tells what the world came to so far.
func (w *World) Report() *Report {
	r := &Report{Options: w.opts, Events: w.calls, Mails: w.mails, DeadLetters: w.deaths, Violations: w.violations}
	kinds := map[string]int{}
	for _, f := range w.injected {
		kinds[string(f.Kind)]++
	}
	r.Faults = counts(kinds)
	for _, c := range w.checker.rules() {
		r.Checks = append(r.Checks, CheckCount{Rule: c.name, Checked: c.checked, Broken: c.broken})
	}
	for _, n := range w.checker.notices {
		r.Repeated += max(0, n.mails-1)
	}
	r.outcomes(w.table)
	if w.people != nil {
		w.people.report(r)
	}
	return r
}

// outcomes counts the submissions in the table.
func (r *Report) outcomes(t *table.Model) {
	found := map[string]int{}
	t.All(func(item table.Item) bool {
		pk, _ := item.Key()
		if !strings.HasPrefix(pk, "S#") {
			return true
		}
		var s lead.Submission
		if json.Unmarshal([]byte(item.Text(schema.Doc)), &s) == nil {
			found[string(s.Outcome)]++
		}
		return true
	})
	r.Outcomes = counts(found)
}

func (p *people) report(r *Report) {
	posts := map[string]int{}
	for status, n := range p.figures.posts {
		posts[postAnswer(status)] += n
	}
	r.Posts = counts(posts)
	ids := map[string]bool{}
	for _, id := range p.accepted {
		ids[id] = true
	}
	r.Accepted, r.Told = len(p.accepted)+p.unnamed, len(ids)
	p.figures.report(r)
	p.leadsReport(r)
	r.Fairness = p.fairness()
}

// leadsReport counts the leads by what became of them.
func (p *people) leadsReport(r *Report) {
	byState := map[lead.State][]int{}
	funnel := make([]Count, 1+len(stages))
	funnel[0] = Count{"leads", len(p.order)}
	for i, s := range stages {
		funnel[i+1].What = s.name
	}
	left := map[string]int{}
	for _, id := range p.order {
		s := p.leads[id]
		if byState[s.state] == nil {
			byState[s.state] = make([]int, len(lead.Grades)+1)
		}
		byState[s.state][s.grade.Rank()]++
		for i, stage := range stages {
			if s.reached&stage.is != 0 {
				funnel[i+1].N++
			}
		}
		if s.state == lead.StatePooled {
			left[s.pool]++
		}
	}
	r.Funnel = funnel
	for _, state := range slices.Sorted(maps.Keys(byState)) {
		c := StateCount{State: state, ByGrade: byState[state]}
		for _, n := range c.ByGrade {
			c.All += n
		}
		r.States = append(r.States, c)
	}
	for i := range r.Pools {
		r.Pools[i].Left = left[r.Pools[i].Pool]
	}
}

var stages = []struct {
	name string
	is   stage
}{
	{"offered or claimed", wasOffered}, {"taken by a rep", wasAccepted}, {"followed up", wasContacted},
	{"converted", wasConverted}, {"handed over", wasHandedOver},
}

// postAnswer is what an answer to a post means.
func postAnswer(status int) string {
	switch status {
	case 0:
		return "no answer"
	case http.StatusAccepted, http.StatusSeeOther:
		return strconv.Itoa(status) + " accepted"
	case http.StatusConflict:
		return "409 key used for another body"
	case http.StatusNotFound:
		return "404 no such form"
	case http.StatusUnprocessableEntity:
		return "422 to be corrected"
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return strconv.Itoa(status) + " out of order"
	}
	return strconv.Itoa(status)
}

// counts lists counts by name.
func counts(found map[string]int) []Count {
	var list []Count
	for _, what := range slices.Sorted(maps.Keys(found)) {
		list = append(list, Count{what, found[what]})
	}
	return list
}

// total adds counts up.
func total(list []Count) int {
	n := 0
	for _, c := range list {
		n += c.N
	}
	return n
}

// spreadOf sorts the values and tells how they lie.
func spreadOf(values []time.Duration) Spread {
	n := len(values)
	if n == 0 {
		return Spread{}
	}
	slices.SortFunc(values, cmp.Compare[time.Duration])
	at := func(percent int) time.Duration { return values[min(n-1, n*percent/100)] }
	return Spread{N: n, Median: at(50), P90: at(90), P99: at(99), Max: values[n-1]}
}
