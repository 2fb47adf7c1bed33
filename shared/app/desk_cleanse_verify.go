package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Unverified lists the leads from lists that wait for the cleansing team, best grade
// first, oldest first within; to that team, and without contact data to ops.
func (d *Desk) Unverified(ctx context.Context, u User, p Page) (Listing, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Listing{}, err
	}
	if v.sightOfPersons() == unseen {
		return Listing{}, lead.Errorf(lead.Denied, "only the cleansing team verifies leads from lists")
	}
	all := func(ctx context.Context, _ string, p Page) ([]string, string, error) {
		return d.Store.Unverified(ctx, p)
	}
	return d.list(ctx, v, "", p, all, func(l lead.Lead) bool { return l.State == lead.StateUnverified })
}

// Verification is what the cleansing team found out about a lead from a list. What is
// left empty stays as it is.
type Verification struct {
	Name      string            `json:"name,omitempty"`
	Phone     string            `json:"phone,omitempty"`
	Email     string            `json:"email,omitempty"`
	Company   string            `json:"company,omitempty"`
	City      string            `json:"city,omitempty"`
	Country   string            `json:"country,omitempty"` // by code or name
	Industry  string            `json:"industry,omitempty"`
	Headcount string            `json:"headcount,omitempty"` // a band, such as 11-50
	Answers   map[string]string `json:"answers,omitempty"`   // by the names of the form's fields
	Note      string            `json:"note,omitempty"`      // what they need
}

// Taken is the cause of the Conflict where a contact detail is another person's: the
// two are likely one.
type Taken struct {
	Person string // who has it
	Lead   string // one of theirs, "" where there is none
}

// Error implements error.
func (t *Taken) Error() string { return "the detail is that of person " + t.Person }

// Verify confirms who a lead from a list is and what they need, with what the
// cleansing team completed or corrected: it is scored and routed at once. A phone
// number or address that is another person's is a Conflict with [*Taken] as its
// cause.
func (d *Desk) Verify(ctx context.Context, u User, on Target, in Verification) (LeadView, error) {
	note, err := d.seal(ctx, on, field{"note", in.Note})
	if err != nil {
		return LeadView{}, err
	}
	v, l, err := d.look(ctx, u, on.Lead)
	if err != nil {
		return LeadView{}, err
	}
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return LeadView{}, err
	}
	verify := &verifying{desk: d, viewer: v, pol: pol, on: on, in: in, note: note, place: newPlacer(d.Store), theirs: map[lead.Key]bool{}}
	for attempt := range commitAttempts {
		if attempt > 0 {
			if l, err = d.Store.Lead(ctx, on.Lead); err != nil {
				return LeadView{}, missing(err)
			}
		}
		err := verify.once(ctx, l)
		var refused *lead.Refused
		if errors.As(err, &refused) {
			if err = verify.refused(ctx, refused); err == nil {
				continue
			}
		}
		if err != nil {
			return LeadView{}, err
		}
		return d.view(ctx, v, verify.after, shown{person: &verify.person})
	}
	return LeadView{}, lead.Errorf(lead.Unavailable, "several people changed this at the same moment: try again")
}

// verifying is one lead being verified.
type verifying struct {
	desk *Desk
	viewer
	pol   *policy.Policy
	on    Target
	in    Verification
	note  lead.Sealed
	place *placer

	theirs  map[lead.Key]bool   // keys of persons who were merged into this one: reserved already
	keys    map[lead.Key]string // keys to be reserved, with the detail that each is of
	quicker int                 // others with the rep that was chosen
	person  lead.Person
	after   lead.Lead
}

// once decides on the lead as it was read and commits.
func (v *verifying) once(ctx context.Context, l lead.Lead) error {
	role := v.overLead(l)
	switch {
	case v.sight(l) == unseen:
		return v.gone(l)
	case l.State != lead.StateUnverified:
		return lead.Errorf(lead.Conflict, "the lead is %s: only one from a list that waits for it is verified", l.State)
	case role == "":
		return lead.Errorf(lead.Denied, "only the cleansing team verifies leads from lists")
	case v.on.Version != 0 && v.on.Version != l.Version:
		return &lead.Error{Kind: lead.Conflict, Field: "version", Cause: ErrMoved,
			Text: "the lead has changed since you looked at it: look again, then decide"}
	}
	now := v.desk.Now()
	read, err := personOf(ctx, v.desk.Store, l.Person)
	if err != nil {
		return fmt.Errorf("read person of lead %s: %w", l.ID, err)
	}
	told, err := v.told(ctx, l, read, now)
	if err != nil {
		return err
	}
	v.person = told.person
	var reserve []lead.Key
	for _, key := range slices.Sorted(maps.Keys(told.keys)) {
		if !slices.Contains(read.Keys, key) && !v.theirs[key] {
			reserve = append(reserve, key)
			v.person.Keys = append(v.person.Keys, key)
		}
	}
	v.keys = told.keys
	command := lead.Verify{Facts: told.facts, Private: told.sealed, Note: v.note}
	verified := placing{lead: l, by: v.actor(role), now: now, command: command, private: told.private,
		wait: v.quicker >= commitAttempts/2, refused: v.quicker}
	return v.place.commit(ctx, v.pol, verified, func(after lead.Lead, c *lead.Change) {
		v.after = after
		if told.changed || len(reserve) > 0 {
			v.person.Version++
			c.Person, c.Reserve = &v.person, reserve
		}
		c.Company = told.company
	})
}

// refused notes what stood in the way. A detail that is another person's ends it.
func (v *verifying) refused(ctx context.Context, refused *lead.Refused) error {
	if len(refused.Reps) > 0 {
		v.quicker++
	}
	for _, key := range slices.Sorted(maps.Keys(refused.Keys)) {
		other, err := personOf(ctx, v.desk.Store, refused.Keys[key])
		switch {
		case err != nil:
			return err
		case other.ID == v.person.ID:
			v.theirs[key] = true
		default:
			return v.taken(ctx, v.keys[key], other)
		}
	}
	return nil
}

// taken tells whose a contact detail is.
func (v *verifying) taken(ctx context.Context, detail string, other lead.Person) error {
	cause, number := &Taken{Person: other.ID, Lead: other.Leads[v.after.Product]}, ""
	for _, product := range slices.Sorted(maps.Keys(other.Leads)) {
		cause.Lead = cmp.Or(cause.Lead, other.Leads[product])
	}
	if cause.Lead != "" {
		l, err := v.desk.Store.Lead(ctx, cause.Lead)
		if err != nil {
			return err
		}
		number = " (lead " + l.Number + ")"
	}
	return &lead.Error{Kind: lead.Conflict, Field: detail, Cause: cause,
		Text: fmt.Sprintf("this is another person's%s: merge the two where they are one, else correct it", number)}
}
