package policy

import (
	"maps"
	"time"

	"sluice/shared/lead"
)

const day = 24 * time.Hour

// Defaults are the rules where a document says nothing: §2, §8 and §9 of the
// product's description.
func Defaults() lead.Rules {
	day1 := func(n int) lead.Span { return lead.Span{Days: n} }
	hour := lead.Span{Time: time.Hour}
	return lead.Rules{
		New: 2 * time.Minute, Routing: 2 * time.Minute, Wait: 16 * time.Hour, Accept: hour, Triage: lead.Span{Time: 4 * time.Hour}, Verify: day1(3), Manager: day,
		Nurture: 30 * day, Hold: 30 * day, HoldMost: 90 * day, List: 3 * day, Handoff: day, Sweep: 30 * day,
		Protect: 30 * day, Extend: 30 * day, Most: 60 * day, CoolOff: 30 * day, StepGrace: day,
		Zombie: 7 * day, Note: day1(1), Log: day, Talk: 30 * time.Second, Near: 500, Warn: []time.Duration{day, 4 * time.Hour}, MaxOffers: 3,
		FirstContact: map[lead.Grade]lead.Span{
			lead.GradeAPlus: hour, lead.GradeA: hour, lead.GradeB: day1(1), lead.GradeC: day1(3), lead.GradeD: day1(7), "": day1(7),
		},
		Cadence: map[lead.Grade]lead.Span{
			lead.GradeAPlus: day1(1), lead.GradeA: day1(2), lead.GradeB: day1(5), lead.GradeC: day1(10), lead.GradeD: day1(10), "": day1(10),
		},
		Ladder: ladder(lead.Grades),
	}
}

// ladder is of which grades the manager is told with the last warning.
func ladder(grades []lead.Grade) map[lead.Grade]bool {
	told := map[lead.Grade]bool{}
	for _, g := range grades {
		told[g] = true
	}
	told[""] = told[lead.GradeD]
	return told
}

// over puts what the deadlines say over other rules.
func (d Deadlines) over(r lead.Rules) lead.Rules {
	for _, f := range d.times() {
		if f.given != nil {
			*f.rule(&r) = time.Duration(*f.given)
		}
	}
	for _, f := range d.spans() {
		if f.given != nil {
			*f.rule(&r) = lead.Span(*f.given)
		}
	}
	r.MaxOffers = or(d.MaxOffers, r.MaxOffers)
	if d.Near != nil {
		r.Near = float64(*d.Near)
	}
	if len(d.Warn) > 0 {
		r.Warn = nil
		for _, before := range d.Warn {
			r.Warn = append(r.Warn, time.Duration(before))
		}
	}
	if d.TellManager != nil {
		r.Ladder = ladder(d.TellManager)
	}
	r.FirstContact, r.Cadence = byGrade(r.FirstContact, d.FirstContact), byGrade(r.Cadence, d.Cadence)
	return r
}

// limit is one deadline of a document and its place among the rules.
type limit[G, R any] struct {
	name  string
	given *G
	rule  func(*lead.Rules) *R
}

// times are those that count around the clock.
func (d Deadlines) times() []limit[Duration, time.Duration] {
	return []limit[Duration, time.Duration]{
		{"new", d.New, func(r *lead.Rules) *time.Duration { return &r.New }},
		{"routing", d.Routing, func(r *lead.Rules) *time.Duration { return &r.Routing }},
		{"wait", d.Wait, func(r *lead.Rules) *time.Duration { return &r.Wait }},
		{"manager", d.Manager, func(r *lead.Rules) *time.Duration { return &r.Manager }},
		{"nurture", d.Nurture, func(r *lead.Rules) *time.Duration { return &r.Nurture }},
		{"hold", d.Hold, func(r *lead.Rules) *time.Duration { return &r.Hold }},
		{"hold_most", d.HoldMost, func(r *lead.Rules) *time.Duration { return &r.HoldMost }},
		{"list", d.List, func(r *lead.Rules) *time.Duration { return &r.List }},
		{"handoff", d.Handoff, func(r *lead.Rules) *time.Duration { return &r.Handoff }},
		{"sweep", d.Sweep, func(r *lead.Rules) *time.Duration { return &r.Sweep }},
		{"protect", d.Protect, func(r *lead.Rules) *time.Duration { return &r.Protect }},
		{"extend", d.Extend, func(r *lead.Rules) *time.Duration { return &r.Extend }},
		{"protect_most", d.ProtectMost, func(r *lead.Rules) *time.Duration { return &r.Most }},
		{"cool_off", d.CoolOff, func(r *lead.Rules) *time.Duration { return &r.CoolOff }},
		{"step_grace", d.StepGrace, func(r *lead.Rules) *time.Duration { return &r.StepGrace }},
		{"zombie", d.Zombie, func(r *lead.Rules) *time.Duration { return &r.Zombie }},
		{"log", d.Log, func(r *lead.Rules) *time.Duration { return &r.Log }},
		{"talk", d.Talk, func(r *lead.Rules) *time.Duration { return &r.Talk }},
	}
}

// spans are those that count working time.
func (d Deadlines) spans() []limit[Span, lead.Span] {
	return []limit[Span, lead.Span]{
		{"accept", d.Accept, func(r *lead.Rules) *lead.Span { return &r.Accept }},
		{"triage", d.Triage, func(r *lead.Rules) *lead.Span { return &r.Triage }},
		{"verify", d.Verify, func(r *lead.Rules) *lead.Span { return &r.Verify }},
		{"note", d.Note, func(r *lead.Rules) *lead.Span { return &r.Note }},
	}
}

// byGrade fills all grades; a lead without one counts as D.
func byGrade(base map[lead.Grade]lead.Span, given map[lead.Grade]Span) map[lead.Grade]lead.Span {
	filled := maps.Clone(base)
	for grade, d := range given {
		filled[grade] = lead.Span(d)
	}
	filled[""] = filled[lead.GradeD]
	return filled
}
