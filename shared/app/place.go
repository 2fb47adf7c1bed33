package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"sync"
	"time"

	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// placer scores and routes: the same code for a lead that has just come in and
// for one that comes round again.
type placer struct {
	store  Leads
	roster *Roster
	// turn is held from choosing a rep until the choice is committed: leads that
	// one function handles at once would only refuse each other the same turn.
	turn sync.Mutex
}

func newPlacer(store Store) *placer {
	return &placer{store: store, roster: &Roster{Store: store}}
}

// placing is one lead on its way to somebody.
type placing struct {
	lead    lead.Lead
	by      lead.Actor
	now     time.Time
	command lead.Command                         // what happened to it; nil when it only waits
	then    lead.Command                         // what follows from that, by the rules of thenOf
	thenOf  string                               // a team, or none
	ask     func(lead.Facts) []policy.Enrichment // who can tell what is not known; nil asks nobody
	private map[string]any                       // sensitive answers: scored by, never kept in the clear
	wait    bool                                 // leave it in routing: the reps are too contended now
	refused int                                  // how often others were quicker with the rep that was chosen

	after    lead.Lead
	entry    lead.Entry
	commands []lead.Command
}

// decide adds a command, by the rules of a team.
func (in *placing) decide(pol *policy.Policy, team string, c lead.Command) (err error) {
	in.commands = append(in.commands, c)
	in.after, in.entry, err = lead.Run(in.lead, in.by, pol.Rules(team), in.now, in.commands...)
	return err
}

// commit decides the command, scores, and, where the lead is in routing then,
// chooses who gets it: all in one history entry and one transaction, to which
// more adds what else it writes. A *lead.Refused has corrected the roster.
func (p *placer) commit(ctx context.Context, pol *policy.Policy, in placing, more func(after lead.Lead, c *lead.Change)) error {
	in.after = in.lead
	if in.command != nil {
		if err := in.decide(pol, in.lead.Team, in.command); err != nil {
			return err
		}
		if in.then != nil {
			if err := in.decide(pol, in.thenOf, in.then); err != nil {
				return err
			}
		}
		if err := in.decide(pol, in.after.Team, cause(causeOf(in.command), pol.Score(in.after, scoring(in.after.Facts, in.private), in.now))); err != nil {
			return err
		}
	}
	if in.ask != nil {
		var asked lead.Ask
		for _, e := range in.ask(in.after.Facts) {
			asked.Of = append(asked.Of, e.ID)
		}
		if len(asked.Of) > 0 {
			if err := in.decide(pol, in.after.Team, asked); err != nil {
				return err
			}
		}
	}
	if err := in.giveWay(ctx); err != nil {
		return err
	}
	var moves []lead.RepMove
	if !in.wait && (in.after.State == lead.StateNew || in.after.State == lead.StateRouting) {
		p.turn.Lock()
		defer p.turn.Unlock()
		var err error
		if moves, err = p.choose(ctx, pol, &in); err != nil {
			return err
		}
	}
	if len(in.entry.Events) == 0 { // it waits on for the same shift
		return nil
	}
	change := lead.NewChange(in.after, in.entry)
	change.Moves = moves
	if more != nil {
		more(in.after, &change)
	}
	return p.write(ctx, change)
}

// write commits a change that was chosen by the roster, and keeps that true.
func (p *placer) write(ctx context.Context, change lead.Change) error {
	err := p.store.Commit(ctx, change)
	var refused *lead.Refused
	if errors.As(err, &refused) {
		p.roster.Correct(refused.Reps)
	} else if err == nil {
		p.roster.Moved(change.Moves)
	}
	return err
}

// giveWay pauses where others were quicker, longer each time, so that those who
// decide at the same moment come one after the other: a transaction that is
// refused costs as much as one that is not. The lead's id decides how long, within
// the bounds, so that no two pause alike.
func (in *placing) giveWay(ctx context.Context) error {
	if in.refused == 0 {
		return nil
	}
	h := fnv.New32a()
	fmt.Fprint(h, in.after.ID, in.refused)
	part := float64(h.Sum32()) / (1 << 32)
	most := giveWayFirst << min(in.refused-1, 4)
	return pace.Pause(ctx, time.Duration(part*float64(most)))
}

// giveWayFirst is the longest first pause: as long as some ten transactions take.
const giveWayFirst = 100 * time.Millisecond

// choose routes the lead by what is known of the reps: by what they are now where
// others were quicker before.
func (p *placer) choose(ctx context.Context, pol *policy.Policy, in *placing) ([]lead.RepMove, error) {
	age := rosterAge
	if in.refused > 0 {
		age = 0
	}
	reps, err := p.roster.known(ctx, in.now, age)
	if err != nil {
		return nil, err
	}
	choose := func() lead.Choice {
		return pol.Routing().Choose(route.Query{Lead: in.after, Facts: in.after.Facts, Reps: reps.Reps, Abilities: reps.Abilities, Now: in.now})
	}
	choice := choose()
	if choice.Rep == "" && choice.Pool == "" && !choice.Nurture { // nobody is eligible, as far as is known
		if reps, err = p.roster.known(ctx, in.now, rosterAgain); err != nil {
			return nil, err
		}
		choice = choose()
	}
	if err := in.decide(pol, choice.Team, lead.Route{Choice: choice}); err != nil {
		return nil, err
	}
	return fill(pol, lead.Moves(in.after, in.entry), reps.Reps, in.now)
}

// scoring adds the sensitive answers to the facts, for scoring alone.
func scoring(f lead.Facts, private map[string]any) lead.Facts {
	if len(private) == 0 {
		return f
	}
	answers := maps.Clone(f.Answers)
	if answers == nil {
		answers = map[string]any{}
	}
	maps.Copy(answers, private)
	f.Answers = answers
	return f
}

// cause says what made a lead be scored anew.
func cause(why string, s lead.Score) lead.Score {
	s.Cause = why
	return s
}

// causeOf is what made a lead be scored anew, by the command that did.
func causeOf(c lead.Command) string {
	switch c := c.(type) {
	case lead.Touch:
		if c.Listed {
			return "list"
		}
		return "enquiry"
	case lead.Enrich:
		return "enriched by " + c.By
	case lead.Verify:
		return "verified"
	case lead.Call:
		return "call"
	}
	return ""
}

// openAnswers are the sensitive answers of a lead, for scoring; nil where it has
// none.
func openAnswers(ctx context.Context, vault Vault, l lead.Lead) (map[string]any, error) {
	if len(l.Private) == 0 {
		return nil, nil
	}
	plain, err := vault.Open(ctx, placePrivate(l.ID), l.Private)
	if err != nil {
		return nil, fmt.Errorf("open answers of lead %s: %w", l.ID, err)
	}
	var answers map[string]any
	if err := json.Unmarshal(plain, &answers); err != nil {
		return nil, fmt.Errorf("read answers of lead %s: not a map", l.ID)
	}
	return answers, nil
}
