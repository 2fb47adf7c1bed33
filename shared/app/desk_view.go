package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Summary is a lead as a row of a list.
type Summary struct {
	ID       string      `json:"id"`
	Number   string      `json:"number"`
	Product  string      `json:"product"`
	Version  int         `json:"version"`
	State    lead.State  `json:"state"`
	Since    time.Time   `json:"since"`
	Created  time.Time   `json:"created"`
	Deadline *Deadline   `json:"deadline,omitempty"`
	Wait     time.Time   `json:"wait,omitzero"` // until when it waits for a shift, while it does
	Grade    lead.Grade  `json:"grade,omitempty"`
	Fit      int         `json:"fit"`
	Team     string      `json:"team,omitempty"`
	Pool     string      `json:"pool,omitempty"`
	Rep      *Who        `json:"rep,omitempty"` // who has it
	Touches  int         `json:"touches"`       // submissions
	Country  string      `json:"country,omitempty"`
	City     string      `json:"city,omitempty"`
	Contact  *Contact    `json:"contact,omitempty"` // absent where the user may not see it
	Acts     []Act       `json:"acts"`              // what the user may do now
	Visible  bool        `json:"visible"`           // false after an act that took the lead out of sight
	Value    *lead.Money `json:"value,omitempty"`   // once converted
}

// Deadline is what the system does next, and when.
type Deadline struct {
	At time.Time `json:"at"`
	Do lead.Duty `json:"do"`
}

// Contact is contact data for the user's eyes. Of a lead in a pool it is masked:
// enough to tell two apart, not enough to reach anybody.
type Contact struct {
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	Company string `json:"company,omitempty"`
	Masked  bool   `json:"masked"`
}

// Who is somebody by id and name.
type Who struct {
	Kind string `json:"kind,omitempty"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// LeadView is a lead as one user sees it.
type LeadView struct {
	Summary
	Reasons  []string       `json:"reasons,omitempty"` // of the score
	Form     string         `json:"form,omitempty"`
	Campaign string         `json:"campaign,omitempty"`
	Channel  string         `json:"channel,omitempty"`
	Source   string         `json:"source,omitempty"`
	Language string         `json:"language,omitempty"`
	Line     string         `json:"line,omitempty"` // kind of the phone's line
	Answers  map[string]any `json:"answers,omitempty"`
	Private  map[string]any `json:"private,omitempty"` // sensitive answers
	Period   *Period        `json:"period,omitempty"`
	Consents []Consent      `json:"consents,omitempty"`
	Verdicts []string       `json:"verdicts,omitempty"` // to choose from, where the user may qualify the lead
}

// Period is the ownership period as far as a person cares.
type Period struct {
	How      string    `json:"how"`
	Start    time.Time `json:"start"`
	Accepted time.Time `json:"accepted,omitzero"`
	Touched  time.Time `json:"touched,omitzero"`
	NextStep time.Time `json:"next_step,omitzero"`
}

// Consent is a permission that the person gave, without the address from which.
type Consent struct {
	Purpose string    `json:"purpose"`
	Version string    `json:"version"`
	Basis   string    `json:"basis"`
	At      time.Time `json:"at"`
}

// Lead shows one lead.
func (d *Desk) Lead(ctx context.Context, u User, id string) (LeadView, error) {
	v, l, err := d.look(ctx, u, id)
	if err != nil {
		return LeadView{}, err
	}
	if v.sight(l) == unseen {
		return LeadView{}, v.gone(l)
	}
	d.revealed(ctx, u, []lead.Lead{l}, v.sight)
	return d.view(ctx, v, l)
}

// revealed logs whose contact data the user is shown unmasked.
func (d *Desk) revealed(ctx context.Context, u User, leads []lead.Lead, sees func(lead.Lead) sight) {
	var ids []string
	for _, l := range leads {
		if sees(l) == full {
			ids = append(ids, l.ID)
		}
	}
	if len(ids) > 0 {
		d.Log.InfoContext(ctx, "reveal", "user", u.ID, "leads", ids)
	}
}

func (d *Desk) view(ctx context.Context, u viewer, l lead.Lead) (LeadView, error) {
	sees := u.sight(l)
	if sees == unseen {
		return LeadView{Summary: Summary{ID: l.ID, Number: l.Number, Product: l.Product, Version: l.Version,
			State: l.State, Since: l.Since, Created: l.Created, Acts: []Act{}}}, nil
	}
	v := LeadView{Summary: u.summary(l), Reasons: l.Reasons, Form: l.Facts.Form, Campaign: l.Facts.Campaign,
		Channel: l.Facts.Channel, Source: l.Facts.Source, Language: l.Facts.Language, Line: l.Facts.Line,
		Answers: l.Facts.Answers}
	if p := l.Period; p != nil {
		v.Period = &Period{How: p.How, Start: p.Start, Accepted: p.Accepted, Touched: p.Touched, NextStep: p.NextStep}
	}
	names := d.names(u.pol)
	if v.Rep != nil {
		v.Rep.Name = names.rep(ctx, v.Rep.ID)
	}
	if slices.Contains(v.Acts, ActQualify) {
		team, _ := u.pol.Team(l.Team)
		v.Verdicts = team.Verdicts
	}
	if sees < masked {
		return v, nil
	}
	person, err := d.Store.Person(ctx, l.Person)
	if err != nil {
		return v, fmt.Errorf("read person of lead %s: %w", l.ID, err)
	}
	for _, c := range person.Consents {
		v.Consents = append(v.Consents, Consent{Purpose: c.Purpose, Version: c.Version, Basis: c.Basis, At: c.At})
	}
	if v.Contact, err = d.contact(ctx, person, sees); err != nil {
		return v, err
	}
	if sees == full && len(l.Private) > 0 {
		if v.Private, err = d.private(ctx, l); err != nil {
			return v, err
		}
	}
	return v, nil
}

// summary is the lead's row without contact data and names.
func (u viewer) summary(l lead.Lead) Summary {
	s := Summary{
		ID: l.ID, Number: l.Number, Product: l.Product, Version: l.Version,
		State: l.State, Since: l.Since, Created: l.Created, Wait: l.Wait, Grade: l.Grade, Fit: l.Fit,
		Team: l.Team, Pool: l.Pool, Touches: l.Touches, Country: l.Facts.Country, City: l.Facts.City,
		Acts: u.acts(l), Visible: true,
	}
	if l.Deadline != nil {
		s.Deadline = &Deadline{At: l.Deadline.At, Do: l.Deadline.Do}
	}
	if rep := l.Owner(); rep != "" {
		s.Rep = &Who{Kind: RoleRep, ID: rep}
	}
	if l.Value.Currency != "" {
		s.Value = &l.Value
	}
	return s
}

// contact opens a person's contact data, and masks it where the user may not see
// all of it.
func (d *Desk) contact(ctx context.Context, p lead.Person, sees sight) (*Contact, error) {
	var c lead.Contact
	for _, f := range []struct {
		field  string
		sealed lead.Sealed
		to     *string
	}{
		{"name", p.Name, &c.Name}, {"phone", p.Phone, &c.Phone},
		{"email", p.Email, &c.Email}, {"company", p.Company, &c.Company},
	} {
		text, err := d.open(ctx, placePerson(p.ID, f.field), f.sealed)
		if err != nil {
			return nil, fmt.Errorf("open %s of person %s: %w", f.field, p.ID, err)
		}
		*f.to = text
	}
	if sees == masked {
		c = mask(c)
	}
	return &Contact{Name: c.Name, Phone: c.Phone, Email: c.Email, Company: c.Company, Masked: sees == masked}, nil
}

func (d *Desk) private(ctx context.Context, l lead.Lead) (map[string]any, error) {
	text, err := d.open(ctx, placePrivate(l.ID), l.Private)
	if err != nil {
		return nil, fmt.Errorf("open answers of lead %s: %w", l.ID, err)
	}
	var answers map[string]any
	if err := json.Unmarshal([]byte(text), &answers); err != nil {
		return nil, fmt.Errorf("read answers of lead %s: not a map", l.ID)
	}
	return answers, nil
}

func (d *Desk) open(ctx context.Context, place string, sealed lead.Sealed) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := d.Vault.Open(ctx, place, sealed)
	return string(plain), err
}

// names finds the names of reps and users, for one answer.
type names struct {
	store Reps
	pol   *policy.Directory
	reps  map[string]string
}

func (d *Desk) names(pol *policy.Directory) *names {
	return &names{store: d.Store, pol: pol, reps: map[string]string{}}
}

// rep is a rep's name, the id where none is known.
func (n *names) rep(ctx context.Context, id string) string {
	if name, ok := n.reps[id]; ok {
		return name
	}
	name := id
	if u, ok := n.pol.UserOfRep(id); ok {
		name = cmp.Or(u.Name, u.ID)
	}
	if name == id {
		if r, err := n.store.Rep(ctx, id); err == nil && r.Name != "" {
			name = r.Name
		}
	}
	n.reps[id] = name
	return name
}

// who names an actor of the history.
func (n *names) who(ctx context.Context, a lead.Actor) Who {
	w := Who{Kind: a.Kind, ID: a.ID, Name: a.ID}
	switch a.Kind {
	case "system":
	case RoleRep:
		w.Name = n.rep(ctx, a.ID)
	default:
		for _, u := range n.pol.Users() {
			if u.ID == a.ID {
				w.Name = cmp.Or(u.Name, u.ID)
			}
		}
	}
	return w
}
