package score

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"sluice/shared/lead"
)

// behaviour is a compiled Behaviour: what each kind of signal gains.
type behaviour map[lead.SignalKind]gain

type gain struct {
	points, cap float64
	half        float64 // hours
}

// Part is what one kind of signals adds to the behaviour.
type Part struct {
	Kind    lead.SignalKind `json:"kind"`
	Signals int             `json:"signals"`
	Points  float64         `json:"points"`           // after the cap
	Capped  bool            `json:"capped,omitempty"` // it would be more
}

func (c *compilation) behaviour(s Behaviour) behaviour {
	const hoursOfDay, longest = 24, 3650.0
	fades := func(at string, days float64) float64 {
		if !(days > 0 && days <= longest) {
			c.report(at, "give the days after which a signal counts half: more than 0, at most %g", longest)
		}
		return days * hoursOfDay
	}
	all := HalfLife * hoursOfDay
	if s.HalfLife != nil {
		all = fades("behaviour.half_life", *s.HalfLife)
	}
	b := behaviour{}
	for _, kind := range lead.SignalKinds {
		g, given := s.Signals[kind]
		if !given {
			g = Gains[kind]
		}
		at := fmt.Sprintf("behaviour.signals.%s", kind)
		if !(g.Points >= 0 && g.Points <= MaxPoints) {
			c.report(at+".points", "give from 0 to %d points", MaxPoints)
		}
		if !(g.Cap >= 0 && g.Cap <= MaxPoints) {
			c.report(at+".cap", "give from 0 to %d points as the most that signals of this kind add", MaxPoints)
		}
		half := all
		if g.HalfLife != nil {
			half = fades(at+".half_life", *g.HalfLife)
		}
		b[kind] = gain{g.Points, g.Cap, half}
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Signals)) {
		if _, known := b[kind]; !known {
			c.report(fmt.Sprintf("behaviour.signals.%.40s", kind), "there is no such kind of signal")
		}
	}
	return b
}

// parts are what the signals of a lead add up to, kind by kind, at a moment. A signal
// counts
//
//	points · sure/100 · amount · 2^(-age / half-life)
//
// and all of a kind at most the cap: so the sum moves without a jump as time passes,
// and the order in which signals came makes no difference. The first enquiry is a
// signal as well, of a lead that did not come from a list. One that is yet to come, by
// the clock of whoever told of it, counts in full.
func (b behaviour) parts(l lead.Lead, now time.Time) []Part {
	parts := make([]Part, 0, len(lead.SignalKinds))
	for _, kind := range lead.SignalKinds {
		p, g := Part{Kind: kind}, b[kind]
		add := func(at time.Time, weight float64) {
			age := max(0, now.Sub(at).Hours())
			p.Signals++
			p.Points += g.points * weight * math.Exp2(-age/g.half)
		}
		if kind == lead.SignalEnquiry && first(l) {
			add(l.Created, 1)
		}
		for _, s := range l.Signals {
			if s.Kind == kind {
				add(s.At, float64(s.Sure)/100*float64(max(1, s.Amount)))
			}
		}
		if p.Capped = p.Points > g.cap; p.Capped {
			p.Points = g.cap
		}
		if p.Signals > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

// first reports whether the lead began with an enquiry of the person.
func first(l lead.Lead) bool { return !l.Listed && !l.Created.IsZero() }

// sum is what the parts come to, 0 to 100.
func sum(parts []Part) float64 {
	total := 0.0
	for _, p := range parts {
		total += p.Points
	}
	return min(total, MaxPoints)
}
