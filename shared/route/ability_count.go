package route

import (
	"maps"
	"slices"
	"time"

	"sluice/shared/lead"
)

// mostLeads is more than a rep ever works on a channel; counts above it are taken
// for it. It keeps sums of squares exact.
const mostLeads = 1_000_000

// channelTrack is what is known of a channel, over all reps.
type channelTrack struct {
	belief
	place      int // among the channels by name
	tried, won float64
}

// cellTrack is what is known of a rep on a channel, with a lead at least.
type cellTrack struct {
	channel    *channelTrack
	tried, won float64
	odds       odds // of the rep, over the other channels
	lift       float64
}

// repTrack is what is known of a rep.
type repTrack struct {
	tenure int
	cells  []cellTrack // by place
	all    tally
	odds   odds // of the rep, over all channels
}

// odds are an odds ratio, with the variance of its logarithm.
type odds struct{ ratio, variance float64 }

// on finds a channel among the rep's, which are few.
func (r *repTrack) on(c *channelTrack) *cellTrack {
	for i := range r.cells {
		if r.cells[i].channel == c {
			return &r.cells[i]
		}
	}
	return nil
}

// tally sums cells of a rep.
type tally struct {
	tried, won float64
	expected   float64 // wins of an average rep
	squares    float64 // of tried
}

func (t *tally) add(k *cellTrack, sign float64) {
	t.tried += sign * k.tried
	t.won += sign * k.won
	t.expected += sign * k.tried * k.channel.mean
	t.squares += sign * k.tried * k.tried
}

// rate is the conversion, and base that of an average rep on the same channels.
func (t *tally) rate() float64 { return t.won / t.tried }
func (t *tally) base() float64 { return plausible(t.expected / t.tried) }

// spread is how unevenly the leads are spread over channels, 1 where all are of
// one: what part of the variance from channel to channel the rate keeps.
func (t *tally) spread() float64 { return t.squares / (t.tried * t.tried) }

// chance is the variance that chance alone gives the log odds of the rate.
func (t *tally) chance() float64 {
	base := t.base()
	return 1 / (t.tried * base * (1 - base))
}

// count reads the counters. What is believed of a channel follows from its leads
// and, as long as they are few, from those of the other channels.
func (a *Ability) count(reps []lead.Rep, now time.Time) {
	a.channels, a.tracks = map[string]*channelTrack{}, make(map[string]*repTrack, len(reps))
	var tried, won float64
	for i := range reps {
		r := a.track(&reps[i], now)
		for i := range r.cells {
			k := &r.cells[i]
			k.channel.tried, k.channel.won = k.channel.tried+k.tried, k.channel.won+k.won
			tried, won = tried+k.tried, won+k.won
		}
		a.tracks[reps[i].ID] = r
	}
	for i, name := range slices.Sorted(maps.Keys(a.channels)) {
		c := a.channels[name]
		c.belief, c.place = unseen(pooled(tried-c.tried, won-c.won)).after(c.tried, c.won), i
	}
	places := make([]cellTrack, len(a.channels))
	for _, r := range a.tracks {
		r.order(places)
		for i := range r.cells {
			r.all.add(&r.cells[i], +1)
		}
	}
	a.pooled = pooled(tried, won)
	a.elsewhere = channelTrack{belief: unseen(a.pooled)}
}

// pooled is what leads tell of conversion anywhere.
func pooled(tried, won float64) belief { return believe(neutral, ofChannels).after(tried, won) }

// unseen is what they tell of a channel that has none of them.
func unseen(pooled belief) belief {
	return believe(pooled.mean, pooled.variance()+ofChannels)
}

func (a *Ability) track(rep *lead.Rep, now time.Time) *repTrack {
	r := &repTrack{tenure: tenureOf(rep.Since, now), cells: make([]cellTrack, 0, len(rep.Tried))}
	for name, tried := range rep.Tried {
		if tried <= 0 {
			continue
		}
		tried = min(tried, mostLeads)
		c := a.channels[name]
		if c == nil {
			c = &channelTrack{}
			a.channels[name] = c
		}
		won := min(max(rep.Won[name], 0), tried)
		r.cells = append(r.cells, cellTrack{channel: c, tried: float64(tried), won: float64(won)})
	}
	return r
}

// order puts the cells at their places, and leaves those empty again: so sums of
// cells are the same to the last digit wherever they are made.
func (r *repTrack) order(places []cellTrack) {
	for i := range r.cells {
		places[r.cells[i].channel.place] = r.cells[i]
	}
	r.cells = r.cells[:0]
	for i := range places {
		if places[i].channel != nil {
			r.cells = append(r.cells, places[i])
			places[i] = cellTrack{}
		}
	}
}

// tenures: unknown, under 90 days, under a year, longer.
const tenures = 4

func tenureOf(since string, now time.Time) int {
	first, err := time.Parse(time.DateOnly, since)
	switch {
	case err != nil:
		return 0
	case now.Before(first.AddDate(0, 0, 90)):
		return 1
	case now.Before(first.AddDate(1, 0, 0)):
		return 2
	default:
		return 3
	}
}
