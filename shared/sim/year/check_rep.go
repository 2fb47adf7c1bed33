package year

import (
	"maps"
	"time"

	"sluice/shared/lead"
)

// repBook is what the checker counts of a rep.
type repBook struct {
	id         string
	home       *place
	cap, quota int

	holding                    int
	day                        int64 // that the next three count
	assigned, claims, revealed int
	mix                        map[lead.Grade]int
	tried, won, months         map[string]int
}

func newRepBook(r lead.Rep, home *place) repBook {
	return repBook{id: r.ID, home: home, cap: *r.Cap, quota: *r.Quota,
		mix: map[lead.Grade]int{}, tried: map[string]int{}, won: map[string]int{}, months: map[string]int{}}
}

// turn begins a new day where there is one.
func (b *repBook) turn(now int64) {
	if today := b.home.day(now); today != b.day {
		b.day, b.assigned, b.claims, b.revealed = today, 0, 0, 0
	}
}

// offered counts a lead that the rep was given.
func (b *repBook) offered(k *checker, e lead.Offered, grade lead.Grade, id string) {
	b.holding++
	k.limit(ruleCap, b.holding, b.cap, id)
	if e.How != lead.ByOffer {
		return
	}
	b.turn(k.now)
	b.assigned++
	b.mix[grade]++
	k.limit(ruleQuota, b.assigned, b.quota, id)
	k.judge(ruleShift, k.members[k.byRep[e.Rep]].there.within(k.now), id, "rep %s", e.Rep)
}

func (b *repBook) claimed(k *checker, id string) {
	b.turn(k.now)
	b.holding++
	b.claims++
	k.limit(ruleCap, b.holding, b.cap, id)
	k.limit(ruleClaims, b.claims, claimsMost, id)
}

func (b *repBook) reveals(k *checker, id string) {
	b.turn(k.now)
	b.revealed++
	k.limit(ruleReveals, b.revealed, revealsMost, id)
}

// gone counts a lead that the rep has no longer, and how it ended.
func (b *repBook) gone(k *checker, e lead.Ended) {
	b.holding--
	if e.Result != "" {
		b.tried[e.Channel]++
	}
	if e.Result == lead.ResultWon {
		b.won[e.Channel]++
		b.months[time.Unix(k.now, 0).UTC().Format("2006-01")]++
	}
}

// compare holds the counters of a rep's record against the books.
func (b *repBook) compare(k *checker, r *lead.Rep, now int64) {
	b.turn(now)
	assigned, claims := r.CountToday(time.Unix(now, 0))
	k.judge(ruleCounters, r.Holding == b.holding && assigned == b.assigned && claims == b.claims && r.RevealsToday(time.Unix(now, 0)) == b.revealed &&
		maps.Equal(r.Mix, b.mix) && maps.Equal(r.Tried, b.tried) && maps.Equal(r.Won, b.won) && maps.Equal(r.Months, b.months), "of rep "+r.ID,
		"%d held, %d assigned, %d claimed, mix %v, want %d, %d, %d, %v", r.Holding, assigned, claims, r.Mix, b.holding, b.assigned, b.claims, b.mix)
}
