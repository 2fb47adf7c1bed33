package sim

import (
	"fmt"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// browse is what people do besides enquiring, in the days after that: they open mails,
// or machines do so in their name, click, read and download.
func (p *people) browse(s *standing) {
	if !p.chance(p.mood.browses) {
		return
	}
	r := p.world.random
	p.after(p.soon(20*time.Hour), func() {
		if p.chance(p.mood.machines) {
			p.mistaken(s)
			return
		}
		p.interested(s, pick(r, []lead.SignalKind{lead.SignalOpen, lead.SignalClick, lead.SignalVisit, lead.SignalDwell, lead.SignalDownload}), 1+r.IntN(2))
	})
}

// ripen is what somebody does about whom nobody cares now: they come to an event, twice,
// and write.
func (p *people) ripen(s *standing) {
	if p.chance(p.mood.browses) {
		p.after(p.soon(10*time.Hour), func() { p.interested(s, lead.SignalEvent, 3) })
	}
}

// interested tells of some signals of a kind, now and then twice.
func (p *people) interested(s *standing, kind lead.SignalKind, n int) {
	var signals []lead.Signal
	for range n {
		signals = append(signals, p.signal(kind, 100))
	}
	p.engage(s.id, signals, 4)
	if p.chance(p.mood.hasty) {
		p.after(p.soon(time.Hour), func() { p.engage(s.id, signals, 4) })
	}
}

// mistaken tells of opens and clicks that may be a machine's, and in the meantime, or
// before they are told of, what they turned out to be.
func (p *people) mistaken(s *standing) {
	signals := []lead.Signal{p.signal(lead.SignalOpen, 50), p.signal(lead.SignalClick, 60)}
	better := make([]lead.Signal, len(signals))
	for i, one := range signals {
		one.Judged, one.Sure = p.world.now.Add(-time.Second), pick(p.world.random, []int{0, 0, 100})
		better[i] = one
	}
	first, second := signals, better
	if p.chance(0.2) {
		first, second = second, first
	}
	p.engage(s.id, first, 4)
	p.after(p.soon(6*time.Hour), func() { p.engage(s.id, second, 4) })
}

// signal is one of a while ago.
func (p *people) signal(kind lead.SignalKind, sure int) lead.Signal {
	p.signals++
	return lead.Signal{Kind: kind, ID: fmt.Sprint("t", p.signals), At: p.world.now.Add(-time.Minute - p.world.within(2*time.Hour)).Truncate(time.Second), Sure: sure}
}

// engage tells the desk of signals, again where no answer came.
func (p *people) engage(id string, signals []lead.Signal, tries int) {
	if p.over() {
		return
	}
	p.world.engage(p.role(policy.RoleMarketer), id, signals, func(status int) {
		p.figures.act("signals", status)
		p.sensible("signals", status)
		if (status == 0 || status >= 500) && tries > 1 {
			p.after(p.soon(10*time.Minute), func() { p.engage(id, signals, tries-1) })
		}
	})
}
