package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"sluice/shared/lead"
)

// interest is how much somebody who enquired wants it, and what they do besides.
type interest struct {
	buys, leaves int    // chances, in a hundred, when it comes to a decision
	before       []sign // told of as soon as it is known who it was
	later        []sign // told of together, the last at its moment
}

// sign is something that somebody does, or a machine in their name.
type sign struct {
	kind         lead.SignalKind
	after        time.Duration // the enquiry; negative before it
	sure, amount int
}

// average is the interest of somebody of whom nothing else is known.
var average = interest{buys: 12, leaves: 8}

// interestOf makes up how much somebody wants it: one in four does, two in five only
// look.
func interestOf(r *rand.Rand) interest {
	ago := func(most time.Duration) time.Duration { return -time.Duration(r.Int64N(int64(most))) - time.Minute }
	var i interest
	add := func(share, most int, s sign) {
		if r.IntN(100) < share {
			for range 1 + r.IntN(most) {
				s.after = ago(5 * 24 * time.Hour)
				i.before = append(i.before, s)
			}
		}
	}
	follow := func(share int, signs ...sign) {
		if r.IntN(100) < share {
			at := time.Hour + time.Duration(r.Int64N(int64(6*24*time.Hour)))
			for _, s := range signs {
				s.after = at
				i.later = append(i.later, s)
			}
		}
	}
	visit, dwell := sign{kind: lead.SignalVisit, sure: 100}, sign{kind: lead.SignalDwell, sure: 100, amount: 1 + r.IntN(12)}
	download := sign{kind: lead.SignalDownload, sure: 100}
	open, click := sign{kind: lead.SignalOpen, sure: 80}, sign{kind: lead.SignalClick, sure: 95}
	byMachine := sign{kind: lead.SignalOpen, sure: 20}
	switch roll := r.IntN(100); {
	case roll < 25: // keen
		i.buys, i.leaves = 30, 3
		add(95, 4, visit)
		add(80, 1, dwell)
		add(60, 2, download)
		follow(40, open, click)
	case roll < 60: // curious
		i.buys, i.leaves = 9, 8
		add(40, 2, visit)
		add(15, 1, dwell)
		add(8, 1, download)
		follow(15, open)
	default: // only looks
		i.buys, i.leaves = 2, 12
		add(8, 1, visit)
		follow(10, byMachine)
	}
	return i
}

// interestIn is how much the person of a lead wants it.
func (p *play) interestIn(id string) interest {
	if i, known := p.interests[id]; known {
		return i
	}
	return average
}

// shows puts on the agenda that the system is told what the person of a lead did before
// the enquiry, and what they do after it.
func (p *play) shows(id string) {
	i := p.interestIn(id)
	enquired := p.clock.Now()
	if len(i.before) > 0 {
		p.after(0, p.tells(id, enquired, i.before))
	}
	if n := len(i.later); n > 0 {
		p.after(i.later[n-1].after, p.tells(id, enquired, i.later))
	}
}

// tells has a program that tracks mails and pages tell of signs.
func (p *play) tells(id string, enquired time.Time, signs []sign) func(context.Context) error {
	var signals []lead.Signal
	for i, s := range signs {
		signals = append(signals, lead.Signal{Kind: s.kind, ID: fmt.Sprint("demo-", i), At: enquired.Add(s.after), Sure: s.sure, Amount: s.amount})
	}
	return func(ctx context.Context) error {
		pol, err := p.system.policy.Get(ctx)
		if err != nil {
			return err
		}
		for {
			l, err := p.system.table.Lead(ctx, id)
			if err != nil || l.State == lead.StateMerged { // another lead has its signals
				return err
			}
			by := lead.Actor{Kind: "program", ID: "tracker"}
			after, entry, err := lead.Run(l, by, pol.Rules(l.Team), p.clock.Now(), lead.Engage{Signals: signals})
			if err != nil || len(entry.Events) == 0 {
				return err
			}
			var refused *lead.Refused
			if err := p.system.table.Commit(ctx, lead.NewChange(after, entry)); !errors.As(err, &refused) {
				p.signals += len(signals)
				return err
			}
		}
	}
}

// learn is a night's training.
func (p *play) learn(ctx context.Context) error {
	counts, err := p.system.train(ctx, p.clock.Now())
	for what, n := range counts {
		if n == 1 && what != "closed" && what != "won" { // the verdict
			p.nights[what]++
		}
	}
	return err
}
