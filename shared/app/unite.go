package app

import (
	"context"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// hopsMost bounds how far a merged person is followed to whom they are now.
const hopsMost = 32

// personOf reads a person, or whom they were merged into.
func personOf(ctx context.Context, store Leads, id string) (lead.Person, error) {
	for range hopsMost {
		p, err := store.Person(ctx, id)
		if err != nil || p.Into == "" {
			return p, err
		}
		id = p.Into
	}
	return lead.Person{}, lead.Errorf(lead.Unavailable, "person %s was merged too often", id)
}

// merger works out what a person takes over from another one who is the same.
type merger struct {
	vault Vault
	rules policy.Cleansing
	bare  [2]bool // of a and of b: that all of it came from lists, not from the person
}

// union is what of b goes over to a, by the rules of survivorship, sealed anew.
func (m merger) union(ctx context.Context, a, b lead.Person) (lead.Union, error) {
	mine, err := openDetails(ctx, m.vault, a)
	if err != nil {
		return lead.Union{}, err
	}
	theirs, err := openDetails(ctx, m.vault, b)
	if err != nil {
		return lead.Union{}, err
	}
	u := lead.Union{Details: map[string]lead.Sealed{}, Leads: map[string]string{}}
	for _, detail := range lead.Details {
		if !m.takes(detail, a, b, mine, theirs) {
			continue
		}
		if detail == lead.DetailPlace {
			mine.City, mine.Country, u.Details[detail] = theirs.City, theirs.Country, nil
			continue
		}
		value := theirs.get(detail)
		mine.set(detail, value)
		if u.Details[detail], err = m.vault.Seal(ctx, placePerson(a.ID, detail), []byte(value)); err != nil {
			return u, err
		}
	}
	for _, c := range b.Consents {
		if len(c.Address) > 0 {
			address, err := m.vault.Open(ctx, placePerson(b.ID, "ip"), c.Address)
			if err != nil {
				return u, err
			}
			if c.Address, err = m.vault.Seal(ctx, placePerson(a.ID, "ip"), address); err != nil {
				return u, err
			}
		}
		u.Consents = append(u.Consents, c)
	}
	u.Alike, err = alikeKeys(ctx, m.vault, mine)
	return u, err
}

// takes reports whether a detail of b is kept rather than that of a.
func (m merger) takes(detail string, a, b lead.Person, mine, theirs details) bool {
	was, is := mine.get(detail), theirs.get(detail)
	switch {
	case is == "" || is == was:
		return false
	case was == "":
		return true
	case m.bare[0] != m.bare[1]: // what the person said is worth more than what somebody sold us
		return m.bare[0]
	case detail == lead.DetailPlace && (mine.City == "") != (theirs.City == ""): // a country alone says less
		return mine.City == ""
	}
	switch m.rules.Survive(detail) {
	case policy.Oldest:
		return b.Since(detail).Before(a.Since(detail))
	case policy.Longest:
		return utf8.RuneCountInString(is) > utf8.RuneCountInString(was)
	}
	return b.Since(detail).After(a.Since(detail))
}

func (d details) get(detail string) string {
	if detail == lead.DetailPlace {
		return d.City + d.Country
	}
	return *d.field(detail)
}

func (d *details) set(detail, value string) { *d.field(detail) = value }

func (d *details) field(detail string) *string {
	switch detail {
	case lead.DetailName:
		return &d.Name
	case lead.DetailPhone:
		return &d.Phone
	case lead.DetailEmail:
		return &d.Email
	}
	return &d.Company
}

// unite commits an enquiry of a person who is known by likeness alone: they are kept
// as a person of their own, with their keys and their lead, who is merged at once. So
// it can be taken back like any other merge.
func (in *intake) unite(ctx context.Context, pol *policy.Policy, a arrival, k known, arriving placing, capture lead.Capture, write func(lead.Lead, *lead.Change)) error {
	arrived, reserve, err := in.person(ctx, a, known{}, arriving.now)
	if err != nil {
		return err
	}
	arrived.Version, arrived.Doubts = 1, nil
	own := lead.Lead{ID: "l" + a.env.ID}
	if k.lead != nil && k.lead.ID == own.ID { // delivered again: it has its outcome
		return nil
	}
	arrived.Leads[a.spec.Product] = own.ID
	merging := merger{vault: in.Vault, rules: pol.Cleansing(), bare: [2]bool{k.lead != nil && k.lead.State == lead.StateUnverified, a.spec.Unverified}}
	union, err := merging.union(ctx, *k.person, arrived)
	if err != nil {
		return err
	}
	var absorbed *lead.Change
	if k.lead == nil {
		union.Leads[a.spec.Product] = own.ID
	} else {
		var answers map[string]any
		if answers, capture.Private, err = in.answers(ctx, own, a); err != nil {
			return err
		}
		capture.Person = arrived.ID // whose it is again where the merge is undone
		commands := []lead.Command{capture}
		if a.spec.Unverified {
			commands = append(commands, lead.Withhold{Team: pol.Cleansing().Team})
		}
		arrives := lead.Lead{Product: a.spec.Product, Facts: a.facts, Touches: 1, Created: arriving.now, Listed: a.spec.Unverified}
		commands = append(commands, pol.Score(arrives, scoring(a.facts, answers), arriving.now), lead.Absorb{Into: k.lead.ID, Person: k.person.ID})
		after, entry, err := lead.Run(own, arriving.by, pol.Rules(""), arriving.now, commands...)
		if err != nil {
			return err
		}
		change := lead.NewChange(after, entry)
		absorbed = &change
		arriving.then, arriving.thenOf = lead.Take{Lead: own.ID}, k.lead.Team
	}
	person, gone, err := lead.Unite(*k.person, arrived, union, arriving.by, "alike: "+a.env.ID, arriving.now)
	if err != nil {
		return err
	}
	person.Version++
	return in.place.commit(ctx, pol, arriving, func(after lead.Lead, c *lead.Change) {
		write(after, c)
		c.Person, c.Reserve = &person, nil
		c.Also = []lead.Change{{Person: &gone, Reserve: reserve}}
		if absorbed != nil {
			c.Also = append(c.Also, *absorbed)
		}
	})
}

// pairing is a merge under way, or one that is taken back: what becomes of each
// lead.
type pairing struct {
	by    lead.Actor
	now   time.Time
	pol   *policy.Policy
	why   string // a merge is taken back
	leads []pairedLead
}

// pairedLead is one lead with what is decided of it.
type pairedLead struct {
	lead     lead.Lead
	to       lead.Rep // who gets it, as just read; zero for most
	commands []lead.Command
}

// add decides commands on a lead, after those that were decided before.
func (p *pairing) add(l lead.Lead, commands ...lead.Command) {
	p.give(l, lead.Rep{}, commands...)
}

// give decides commands by which a rep gets the lead.
func (p *pairing) give(l lead.Lead, to lead.Rep, commands ...lead.Command) {
	for i := range p.leads {
		if known := &p.leads[i]; known.lead.ID == l.ID {
			known.commands = append(known.commands, commands...)
			return
		}
	}
	p.leads = append(p.leads, pairedLead{l, to, commands})
}

// gets reports whether a rep gets one of the leads.
func (p *pairing) gets(rep string) bool {
	return slices.ContainsFunc(p.leads, func(l pairedLead) bool { return l.to.ID == rep })
}

// change is all of it in one transaction, with the persons.
func (p *pairing) change(persons ...lead.Person) (lead.Change, error) {
	var c lead.Change
	for i := range persons {
		persons[i].Version++
		c.Also = append(c.Also, lead.Change{Person: &persons[i]})
	}
	moves := map[string]lead.RepMove{}
	for _, l := range p.leads {
		after, entry, err := lead.Run(l.lead, p.by, p.pol.Rules(l.lead.Team), p.now, l.commands...)
		if err != nil {
			return c, err
		}
		if len(entry.Events) == 0 {
			continue
		}
		change := lead.NewChange(after, entry)
		for _, m := range change.Moves {
			if had, ok := moves[m.Rep]; ok { // both are releases: a rep gets one lead at most
				m.More = had.More + 1
			} else if m.Kind != lead.MoveRelease {
				m.Expect(l.to, p.now)
			}
			moves[m.Rep] = m
		}
		change.Moves = nil
		c.Also = append(c.Also, change)
	}
	for _, rep := range slices.Sorted(maps.Keys(moves)) {
		c.Moves = append(c.Moves, moves[rep])
	}
	return c, nil
}
