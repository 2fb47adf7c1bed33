package sim

import (
	"context"
	"slices"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// unites reports whether a change merges persons or takes a merge back.
func unites(c lead.Change) bool {
	return slices.ContainsFunc(c.All(), func(c lead.Change) bool { return c.Person != nil && (c.Person.Into != "" || len(c.Person.Parts) > 0) })
}

// edited is a change with each of those beside it edited.
func edited(c lead.Change, edit func(*lead.Change)) lead.Change {
	c.Also = slices.Clone(c.Also)
	for i := range c.Also {
		edit(&c.Also[i])
	}
	return c
}

// keepsLeads merges persons and leaves their leads where they are.
type keepsLeads struct{ app.Store }

func (s keepsLeads) Commit(ctx context.Context, c lead.Change) error {
	if c.Entry == nil && unites(c) {
		c.Moves = nil
		c.Also = slices.DeleteFunc(slices.Clone(c.Also), func(c lead.Change) bool { return c.Person == nil })
	}
	return s.Store.Commit(ctx, c)
}

// forgetsKeys keeps an enquiry as a person who is merged at once, without their
// identity keys.
type forgetsKeys struct{ app.Store }

func (s forgetsKeys) Commit(ctx context.Context, c lead.Change) error {
	return s.Store.Commit(ctx, edited(c, func(c *lead.Change) { c.Reserve = nil }))
}

// forgetsTheirContacts merges persons without what the second one was told.
type forgetsTheirContacts struct{ app.Store }

func (s forgetsTheirContacts) Commit(ctx context.Context, c lead.Change) error {
	return s.Store.Commit(ctx, edited(c, func(c *lead.Change) {
		if c.Person != nil && len(c.Person.Parts) > 0 && c.Person.OptOut.IsZero() {
			p := c.Person.Clone()
			p.Contacts = p.Parts[len(p.Parts)-1].Before.Contacts
			c.Person = &p
		}
	}))
}

// forgetsWhoIsApart writes persons without the decisions about whom they are not.
type forgetsWhoIsApart struct{ app.Store }

func (s forgetsWhoIsApart) Commit(ctx context.Context, c lead.Change) error {
	if c.Person != nil && len(c.Also) == 0 && len(c.Person.Apart) > 0 {
		p := c.Person.Clone()
		p.Apart = nil
		c.Person = &p
	}
	return s.Store.Commit(ctx, c)
}

// spendsFreely asks enrichers whatever the day's budget says.
type spendsFreely struct{ app.Store }

func (s spendsFreely) Spend(ctx context.Context, what, day string, most int) (bool, error) {
	_, err := s.Store.Spend(ctx, what, day, most)
	return true, err
}

// wakesForLists takes a row of a list for the person's own enquiry.
type wakesForLists struct{ app.Store }

func (s wakesForLists) Commit(ctx context.Context, c lead.Change) error {
	if c.Entry != nil && slices.ContainsFunc(c.Entry.Events, func(e lead.Event) bool { t, ok := e.(lead.Touched); return ok && t.Listed }) {
		before, err := s.Lead(ctx, c.Entry.Lead)
		if err != nil {
			return err
		}
		entry := *c.Entry
		entry.Events = slices.Clone(entry.Events)
		for i, e := range entry.Events {
			if t, ok := e.(lead.Touched); ok {
				t.Listed = false
				entry.Events[i] = t
			}
		}
		before.Version = entry.Version
		for _, e := range entry.Events {
			before = lead.Apply(before, e, entry.At)
		}
		c.Entry, c.Lead = &entry, &before
	}
	return s.Store.Commit(ctx, c)
}
