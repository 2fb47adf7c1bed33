package sim

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// audit reads the whole table once more, when the world has come to rest, and
// counts everything anew.
type audit struct {
	*checker
	history []lead.Entry
	leads   map[string]lead.Lead
	ids     []string
	open    map[interest]string
	held    map[string]int            // rep → leads
	given   map[string]map[string]int // rep → day → leads by distribution
	claimed map[string]map[string]int
	sums    map[string]lead.Rep // rep → what the histories count for ever
	cycles  int                 // items of cycles' figures
}

// quiet judges what is left when nothing is under way any more.
func (c *checker) quiet() {
	a := &audit{checker: c, leads: map[string]lead.Lead{}, open: map[interest]string{}, held: map[string]int{},
		given: map[string]map[string]int{}, claimed: map[string]map[string]int{}, sums: map[string]lead.Rep{}}
	c.table.All(func(i table.Item) bool {
		a.item(i)
		return true
	})
	a.table.All(func(i table.Item) bool {
		a.refers(i)
		return true
	})
	for _, id := range slices.Sorted(maps.Keys(c.answered)) {
		if c.breaks(ruleLost, c.recorded[id] != "") {
			c.tell(ruleLost, "", "submission %s was answered with success and has no outcome", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.notices)) {
		if n := c.notices[id]; c.breaks(ruleTold, n.sent) {
			c.tell(ruleTold, n.lead, "message %s was set out for %d times and went out %d times, but never counted as sent", id, n.begun, n.mails)
		}
	}
	if c.breaks(ruleTally, a.cycles == len(c.tallies)) {
		c.tell(ruleTally, "", "there are figures of %d shards of cycles, by the histories of %d", a.cycles, len(c.tallies))
	}
	c.standing()
	c.keptSignals()
	c.tick(c.now(), true)
	c.walks(true)
	c.jobsEnded()
	c.linearize(slices.Sorted(maps.Keys(c.stories)))
}

// item folds the histories and counts what they tell. A lead's history comes
// before its snapshot.
func (a *audit) item(i table.Item) {
	pk, sk := i.Key()
	id, ok := strings.CutPrefix(pk, "L#")
	if !ok {
		return
	}
	if strings.HasPrefix(sk, schema.HistoryPrefix) {
		var e lead.Entry
		if err := e.UnmarshalJSON([]byte(i.Text(schema.Doc))); a.breaks(ruleHistory, err == nil) {
			a.tell(ruleHistory, id, "history entry %s cannot be read: %v", sk, err)
		}
		a.history = append(a.history, e)
		return
	}
	folded := lead.Fold(a.history)
	if a.breaks(ruleVersion, len(a.history) == folded.Version && folded.ID == id && versionOf(i) == folded.Version) {
		a.tell(ruleVersion, id, "%d entries make version %d, marked %d", len(a.history), folded.Version, versionOf(i))
	}
	if a.breaks(ruleFold, a.folds(i.Text(schema.Doc), &folded)) {
		a.tell(ruleFold, id, "the lead is not the fold of its %d entries", len(a.history))
	}
	a.leads[id], a.ids = folded, append(a.ids, id)
	a.count(folded)
	a.endedAs(folded, a.history)
	a.history = a.history[:0]
}

// count adds a lead with its history to the sums.
func (a *audit) count(l lead.Lead) {
	if l.Owner() != "" {
		a.held[l.Owner()]++
	}
	if l.State.Open() {
		at := interest{l.Person, l.Product}
		if a.breaks(ruleInterest, a.open[at] == "") {
			a.tell(ruleInterest, l.ID, "person %s has lead %s open for %s too", l.Person, a.open[at], l.Product)
		}
		a.open[at] = l.ID
	}
	var so lead.Lead
	for _, e := range a.history {
		for _, event := range e.Events {
			so = lead.Apply(so, event, e.At)
			switch event := event.(type) {
			case lead.Offered:
				if event.How == lead.ByOffer {
					a.add(a.given, event.Rep, e.At)
				}
			case lead.Claimed:
				a.add(a.claimed, event.Rep, e.At)
			}
		}
		for _, move := range lead.Moves(so, e) {
			a.sums[move.Rep] = move.Count(a.sums[move.Rep])
		}
	}
}

func (a *audit) add(to map[string]map[string]int, rep string, at time.Time) {
	if to[rep] == nil {
		to[rep] = map[string]int{}
	}
	if r := a.reps[rep]; r != nil {
		to[rep][at.In(r.zone).Format(time.DateOnly)]++
	}
}

// refers holds that what an item names is there and knows of it.
func (a *audit) refers(i table.Item) {
	pk, sk := i.Key()
	kind, id, _ := strings.Cut(pk, "#")
	switch kind {
	case "K":
		var person string
		json.Unmarshal([]byte(i.Text(schema.Doc)), &person) // was read before
		p := a.stored("P#"+person, "P")
		if now := a.persons[a.root(person)]; a.breaks(ruleMerge, now != nil && now.Into == "") {
			a.tell(ruleMerge, "", "key %s leads to person %q, who is nobody now", id, person)
		}
		if a.breaks(ruleIdentity, slices.Contains(p.Keys, id)) {
			a.tell(ruleIdentity, "", "person %q does not list key %s, which is theirs", person, id)
		}
	case "P":
		a.refersPerson(id, a.stored(pk, sk))
	case "S":
		var s lead.Submission
		json.Unmarshal([]byte(i.Text(schema.Doc)), &s) // was read before
		_, there := a.leads[s.Lead]
		if a.breaks(ruleOutcome, s.Outcome == a.recorded[id] && there == (s.Lead != "")) {
			a.tell(ruleOutcome, s.Lead, "submission %s ended as %q of lead %q", id, s.Outcome, s.Lead)
		}
	case "REP":
		a.refersRep(sk, countersOf(i))
	case "CYCLE":
		a.tallied(i)
	}
}

// stored is a person as the table has them.
func (a *audit) stored(pk, sk string) acquainted {
	var p acquainted
	if i, ok := a.table.Get(pk, sk); ok {
		json.Unmarshal([]byte(i.Text(schema.Doc)), &p) // was read before
	}
	return p
}

func (a *audit) refersPerson(id string, p acquainted) {
	for _, k := range p.Keys {
		var owner string
		if i, ok := a.table.Get("K#"+k, "K"); ok {
			json.Unmarshal([]byte(i.Text(schema.Doc)), &owner) // was read before
		}
		if a.breaks(ruleIdentity, owner == id) {
			a.tell(ruleIdentity, "", "person %s lists key %s, which is that of %q", id, k, owner)
		}
	}
	for _, product := range slices.Sorted(maps.Keys(p.Leads)) {
		of := p.Leads[product]
		l := a.leads[of]
		open := a.open[interest{id, product}]
		theirs := l.Person == id && l.State != lead.StateMerged
		if p.Into != "" {
			theirs = a.root(l.Person) == a.root(id) && open == ""
		}
		if a.breaks(ruleInterest, theirs && l.Product == product && (open == "" || open == of)) {
			a.tell(ruleInterest, of, "person %s has it for %s, but lead %q is open", id, product, open)
		}
	}
}

func (a *audit) refersRep(id string, r lead.Rep) {
	if strings.HasSuffix(id, "#results") { // read with the rep
		return
	}
	if a.breaks(ruleCounters, r.Holding == a.held[id]) {
		a.tell(ruleCounters, "", "rep %s has %d leads, by the counter %d", id, a.held[id], r.Holding)
	}
	k := a.reps[id]
	if k == nil {
		return
	}
	if sums := a.sums[id]; a.breaks(ruleCounters, maps.Equal(r.Mix, sums.Mix)) {
		a.tell(ruleCounters, "", "rep %s was given leads of the grades %v, by the counters %v", id, sums.Mix, r.Mix)
	}
	results, _ := a.table.Get("REP", id+"#results")
	if found := resultsOf(results); a.breaks(ruleCounters, sameResults(found, a.sums[id])) {
		a.tell(ruleCounters, "", "by the histories rep %s has %s, by the counters %s", id, resultsText(a.sums[id]), resultsText(found))
	}
	// On which day a lead counts that came at midnight, the commits alone tell.
	given, claimed, shown := k.assigned[r.Day], k.claimed[r.Day], k.revealed[r.Day]
	if a.breaks(ruleCounters, k.moved || r.Today == given && r.Claims == claimed && r.Reveals == shown) {
		a.tell(ruleCounters, "", "rep %s was given %d leads, claimed %d and was shown %d on %s, by the counters %d, %d and %d", id, given, claimed, shown, r.Day, r.Today, r.Claims, r.Reveals)
	}
	if a.breaks(ruleCounters, sum(a.given[id]) == sum(k.assigned) && sum(a.claimed[id]) == sum(k.claimed)) {
		a.tell(ruleCounters, "", "rep %s was given %d leads and claimed %d in all by the histories, %d and %d by the commits", id,
			sum(a.given[id]), sum(a.claimed[id]), sum(k.assigned), sum(k.claimed))
	}
}

func sum(days map[string]int) int {
	n := 0
	for _, of := range days {
		n += of
	}
	return n
}

// standing judges what goes on when the world has come to rest: periods, and the
// cycles in which leads rest in pools.
func (c *checker) standing() {
	for _, id := range slices.Sorted(maps.Keys(c.leads)) {
		w := c.leads[id]
		c.goesOn(w.lead)
		c.allTold(w)
		if l := w.lead; l.State == lead.StatePooled {
			c.unseen(&w.resting, l, c.now(), w.resting.policy)
		} else if l.Period != nil {
			c.kept(&w.tenure, l, c.now(), "at the end")
		}
	}
}
