package year

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"

	"sluice/shared/lead"
)

// hourly is how the enquiries of a day are spread, by the hour in UTC: Europe by
// day and evening, America after it.
var hourly = [24]float64{5, 4, 3, 2, 2, 2, 4, 8, 12, 14, 14, 13, 13, 14, 16, 17, 17, 16, 15, 14, 12, 10, 8, 6}

// daily is how those of a week are, from Sunday on.
var daily = [7]float64{0.5, 1.3, 1.25, 1.2, 1.15, 1, 0.6}

// arrivals draws when leads come in: by the hour of the day, the day of the week and
// the season, and in bursts of some hours after a campaign.
func arrivals(n int, random *rand.Rand) []int64 {
	sums := make([]float64, 0, (end-begin)/hour)
	sum := 0.0
	for at := begin; at < end; at += hour {
		d := floor(at, day)
		season := 1.0
		if month := (at - begin) / (30 * day); month == 6 || month == 7 || month == 11 {
			season = 0.7
		}
		sum += hourly[(at-begin)/hour%24] * daily[weekday(d)] * season
		sums = append(sums, sum)
	}
	for range 20 { // campaigns
		first, extra := random.IntN(len(sums)-3), sum/900
		for i := first; i < len(sums); i++ {
			sums[i] += extra * float64(min(3, i-first+1)) / 3
		}
		sum += extra
	}
	moments := make([]int64, n)
	for i := range moments {
		slot := sort.SearchFloat64s(sums, random.Float64()*sum)
		moments[i] = min(begin+int64(slot)*hour+random.Int64N(hour), end-1)
	}
	slices.Sort(moments)
	return moments
}

// arrive has somebody enquire about a product for the first time: one in twelve
// enquires about another one already.
func (w *world) arrive() {
	who := int32(len(w.persons))
	if len(w.persons) > 20 && w.chance(0.08) {
		who = int32(w.random.IntN(len(w.persons)))
	}
	product := min(2, int(w.random.ExpFloat64()*1.1))
	if int(who) < len(w.persons) && w.persons[who].cards[product] > 0 {
		who = int32(len(w.persons)) // a further submission would be no lead
	}
	if int(who) == len(w.persons) {
		home := places[[]int{0, 0, 0, 0, 1, 2, 3, 3, 3, 3}[w.random.IntN(10)]]
		w.persons = append(w.persons, person{Person: lead.Person{ID: "p" + w.leadID(int(who)), Version: 1, Created: w.time}, home: home})
	}
	w.create(who, product)
}

// create is intake's: the lead with its first score and its place, in one entry.
func (w *world) create(who int32, product int) {
	p := &w.persons[who]
	n := int32(len(w.cards))
	w.cards = append(w.cards, card{Lead: lead.Lead{ID: w.leadID(int(n))}, number: n, person: who})
	c := &w.cards[n]
	facts := w.facts(p, product)
	facts.Account, facts.Customer = w.account(p)
	p.cards[product] = n + 1
	first := lead.Capture{Number: c.ID, Person: p.ID, Product: products[product], Submission: c.ID, Facts: facts}
	if err := w.route(c, lead.System("intake"), first, w.policy.Score(lead.Lead{Product: products[product], Facts: facts, Touches: 1, Created: w.time}, facts, w.time)); err != nil {
		w.checker.refused(c, lead.DutyScore, err)
	}
	if w.chance(0.25) {
		w.plan(w.now+w.about(6*day), show, n)
	}
	if w.chance(0.10) { // sooner or later they come back by themselves
		w.plan(w.now+w.about(30*day), comeBack, n)
	}
}

// answers are shared by the leads that give the same ones.
var answers = func() (all []map[string]any) {
	for _, budget := range []string{"", "low", "mid", "high"} {
		for _, weeks := range []float64{2, 4, 12, 30, 60} {
			for _, class := range classes {
				a := map[string]any{"weeks": weeks, "class": class}
				if budget != "" {
					a["budget"] = budget
				}
				all = append(all, a)
			}
		}
	}
	return all
}()

func (w *world) facts(p *person, product int) lead.Facts {
	f := lead.Facts{
		Product: products[product], Form: "enquiry", Campaign: "always", Channel: channels[w.random.IntN(len(channels))], Language: "en",
		Country: p.home.country, HasPhone: w.chance(0.8), HasEmail: true, Answers: answers[w.random.IntN(len(answers))],
	}
	if f.HasPhone && w.chance(0.15) {
		f.HasEmail = false
	}
	return f
}

// account is who looks after the person already, and whether they have bought.
func (w *world) account(p *person) (rep string, customer bool) {
	for _, n := range p.cards {
		if n == 0 {
			continue
		}
		switch c := &w.cards[n-1]; {
		case c.State == lead.StateConverted || c.State == lead.StateCustomer:
			rep, customer = c.LastOwner(), true
		case c.Period != nil:
			rep = c.Owner()
		}
	}
	return rep, customer
}

// comeBack has somebody enquire again: a touch of their lead, or a new one where
// they are customers.
func (w *world) comeBack(c *card) {
	p := &w.persons[c.person]
	product := slices.Index(products, c.Product)
	switch {
	case p.cards[product] != c.number+1 || !p.OptOut.IsZero():
		return
	case c.State == lead.StateCustomer:
		return // what they want next is a lead of its own, and counted as one
	}
	facts := w.facts(p, product)
	facts.Account, facts.Customer = w.account(p)
	touch := lead.Touch{Submission: c.ID, Facts: facts}
	merged := c.Facts
	merged.Touches++
	merged.Answers = facts.Answers
	if err := w.route(c, lead.System("intake"), touch, w.policy.Score(lead.Apply(c.Lead, lead.Touched(touch), w.time), merged, w.time)); err != nil {
		w.checker.refused(c, lead.DutyScore, err)
		return
	}
	if c.Period != nil && c.State != lead.StateOffered { // the rep sees that they are back
		w.planWork(c, w.now+w.about(4*hour))
	}
}

// swept has people react to what the stock sweep did.
func (w *world) swept(c *card, e lead.Swept) {
	if w.chance(0.006) { // they would have come anyway
		w.plan(w.now+w.about(8*day), comeBack, c.number)
	}
	switch e.Did {
	case lead.DidTouch:
		switch x := w.random.Float64(); {
		case x < 0.025:
			w.plan(w.now+w.about(18*hour), comeBack, c.number)
		case x < 0.033:
			w.plan(w.now+w.about(6*hour), wishOut, c.number)
		}
	case lead.DidList:
		w.plan(w.now+w.about(25*minute), dial, c.number)
	}
}

func (w *world) wishOut(c *card) {
	if w.persons[c.person].OptOut.IsZero() {
		w.must(c, w.do(c, lead.Actor{Kind: "person", ID: c.Person}, c.Team, lead.OptOut{}))
	}
}

// dial is a call from a list. The contact was noted when the lead was put on it;
// nobody is called at night, after another contact, or once they have opted out.
func (w *world) dial(c *card) {
	p := &w.persons[c.person]
	if clock := p.home.clock(w.now); c.State != lead.StatePooled || c.List == "" || !p.OptOut.IsZero() || clock > 21*hour || clock < 8*hour {
		return
	}
	outcome := []lead.Answer{lead.NoAnswer, lead.NoAnswer, lead.NoAnswer, lead.NoAnswer, lead.Busy, lead.Talked, lead.Talked, lead.NotInterested,
		lead.NotInterested, lead.Interested, lead.Interested, lead.WrongNumber, lead.DoNotCall}[w.random.IntN(13)]
	call := fmt.Sprint(w.now)
	w.must(c, w.do(c, lead.System("dialler"), c.Team, lead.Dial{List: c.List, Hand: call}))
	w.must(c, w.do(c, lead.System("dialler"), c.Team, lead.Call{List: c.Dialled, Call: call, Outcome: outcome, Seconds: int(w.about(60))}))
}

// must notes a refusal of what cannot be refused.
func (w *world) must(c *card, err error) {
	if err != nil {
		w.checker.refused(c, "", err)
	}
}
