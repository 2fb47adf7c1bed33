package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sluice/shared/form"
	"sluice/shared/lead"
)

// Summary is a lead as a row of a list.
type Summary struct {
	ID        string        `json:"id"`
	Number    string        `json:"number"`
	Product   string        `json:"product"`
	Version   int           `json:"version"`
	State     lead.State    `json:"state"`
	Since     time.Time     `json:"since"`
	Created   time.Time     `json:"created"`
	Deadline  *Deadline     `json:"deadline,omitempty"`
	Due       *Deadline     `json:"due,omitempty"` // what the system does once it has reminded
	Wait      time.Time     `json:"wait,omitzero"` // until when it waits for a shift, while it does
	Grade     lead.Grade    `json:"grade,omitempty"`
	Maturity  lead.Maturity `json:"maturity,omitempty"`
	Fit       int           `json:"fit"`
	Behaviour int           `json:"behaviour"`        // 0 to 100, as of when it was scored
	Chance    float64       `json:"chance,omitempty"` // to convert; 0 where no model says
	Team      string        `json:"team,omitempty"`
	Cohort    string        `json:"cohort,omitempty"` // the class that it stays with
	Pool      string        `json:"pool,omitempty"`
	Free      time.Time     `json:"free,omitzero"`  // in a pool: from when on it can be claimed, where not yet
	List      string        `json:"list,omitempty"` // the call list that it is on
	Tags      []string      `json:"tags,omitempty"`
	Rep       *Who          `json:"rep,omitempty"`    // who has it
	Owners    int           `json:"owners,omitempty"` // reps who had it before, as far as is remembered
	Touches   int           `json:"touches"`          // submissions
	Country   string        `json:"country,omitempty"`
	City      string        `json:"city,omitempty"`
	Contact   *Contact      `json:"contact,omitempty"` // absent where the user may not see it
	Acts      []Act         `json:"acts"`              // what the user may do now
	Visible   bool          `json:"visible"`           // false after an act that took the lead out of sight
	Value     *lead.Money   `json:"value,omitempty"`   // once converted
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
	Model    int            `json:"model,omitempty"`   // that says the chance
	Form     string         `json:"form,omitempty"`
	Campaign string         `json:"campaign,omitempty"`
	Channel  string         `json:"channel,omitempty"`
	Source   string         `json:"source,omitempty"`
	Language string         `json:"language,omitempty"`
	Line     string         `json:"line,omitempty"` // kind of the phone's line
	Answers  map[string]any `json:"answers,omitempty"`
	Private  map[string]any `json:"private,omitempty"` // sensitive answers
	Ahead    []Deadline     `json:"ahead,omitempty"`   // what the system does next, and when, if nobody else does anything
	Looked   time.Time      `json:"looked,omitzero"`   // when the stock sweep last looked at it
	Reach    *Reach         `json:"reach,omitempty"`   // absent for those who see no contact data
	Period   *Period        `json:"period,omitempty"`
	Consents []Consent      `json:"consents,omitempty"`
	Verdicts []string       `json:"verdicts,omitempty"` // to choose from, where the user may qualify the lead
	Pools    []PoolName     `json:"pools,omitempty"`    // to choose from, where the user may release it

	Carrier   string `json:"carrier,omitempty"`  // of the phone
	Industry  string `json:"industry,omitempty"` // of the company
	Headcount string `json:"headcount,omitempty"`
	Derived   []Fact `json:"derived,omitempty"` // facts that the person did not say, and who did
	Person    string `json:"person,omitempty"`  // for those who see persons
	Into      string `json:"into,omitempty"`    // the lead that goes on with this one, once merged

	Questions []FormField `json:"questions,omitempty"` // of the form, where the user may verify the lead

	of lead.Lead // the zero one where the user does not see it
}

// Period is the ownership period as far as a person cares.
type Period struct {
	How      string    `json:"how"`
	Start    time.Time `json:"start"`
	Accepted time.Time `json:"accepted,omitzero"`
	Touched  time.Time `json:"touched,omitzero"`
	NextStep time.Time `json:"next_step,omitzero"`
	Promise  time.Time `json:"promise,omitzero"` // a step for which the clock waits
	Extended bool      `json:"extended,omitempty"`
	Deal     bool      `json:"deal,omitempty"`     // one is open: the lead is not taken back
	Protect  time.Time `json:"protected,omitzero"` // until when the rep keeps it unconverted
}

// Consent is a permission that the person gave, without the address from which.
type Consent struct {
	Purpose string    `json:"purpose"`
	Version string    `json:"version"`
	Basis   string    `json:"basis"`
	At      time.Time `json:"at"`
}

// FormField is what a form asks beside contact details.
type FormField struct {
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	Choices []string `json:"choices,omitempty"`
	Long    bool     `json:"long,omitempty"` // the answer may have several lines
}

// Lead shows one lead.
func (d *Desk) Lead(ctx context.Context, u User, id string) (LeadView, error) {
	v, l, sees, err := d.seen(ctx, u, id)
	if err != nil {
		return LeadView{}, err
	}
	d.revealed(ctx, u, []lead.Lead{l}, func(lead.Lead) sight { return sees })
	return d.view(ctx, v, l, shown{sees: sees})
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

// shown is what is known already of the person of a lead that is going to be shown,
// and how much of their contact data and of the lead is at least.
type shown struct {
	person  *lead.Person
	contact sight
	sees    sight
}

func (d *Desk) view(ctx context.Context, u viewer, l lead.Lead, how shown) (LeadView, error) {
	sees := max(u.sight(l), how.sees)
	if sees == unseen {
		return LeadView{Summary: Summary{ID: l.ID, Number: l.Number, Product: l.Product, Version: l.Version,
			State: l.State, Since: l.Since, Created: l.Created, Acts: []Act{}}}, nil
	}
	v := LeadView{Summary: u.summary(l), Reasons: l.Reasons, Model: l.Model, Form: l.Facts.Form, Campaign: l.Facts.Campaign,
		Channel: l.Facts.Channel, Source: l.Facts.Source, Language: l.Facts.Language, Line: l.Facts.Line,
		Answers: l.Facts.Answers, Ahead: u.ahead(l), Looked: l.Looked, Period: u.period(l),
		Carrier: l.Facts.Carrier, Industry: l.Facts.Industry, Headcount: l.Facts.Headcount, Derived: factsFrom(l.Facts), of: l}
	if u.sightOfPersons() != unseen {
		v.Person = l.Person
	}
	if l.Merged != nil {
		v.Into = l.Merged.Into
	}
	names := d.names(u.pol)
	if v.Rep != nil {
		v.Rep.Name = names.rep(ctx, v.Rep.ID)
	}
	u.choices(&v, l)
	if sees < masked {
		return v, nil
	}
	if how.person == nil {
		person, err := personOf(ctx, d.Store, l.Person)
		if err != nil {
			return v, fmt.Errorf("read person of lead %s: %w", l.ID, err)
		}
		how.person = &person
	}
	v.Reach = reach(u.pol, *how.person, l, u.now)
	for _, c := range how.person.Consents {
		v.Consents = append(v.Consents, Consent{Purpose: c.Purpose, Version: c.Version, Basis: c.Basis, At: c.At})
	}
	var err error
	if v.Contact, err = d.contact(ctx, *how.person, max(sees, how.contact)); err != nil {
		return v, err
	}
	if sees == full && len(l.Private) > 0 {
		if v.Private, err = d.private(ctx, l); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (u viewer) period(l lead.Lead) *Period {
	p := l.Period
	if p == nil {
		return nil
	}
	return &Period{How: p.How, Start: p.Start, Accepted: p.Accepted, Touched: p.Touched, NextStep: p.NextStep,
		Promise: p.Promise, Extended: p.Extended, Deal: p.Deal, Protect: protectedUntil(l, u.pol.Rules(l.Team))}
}

// choices lists what forms of the acts let choose from.
func (u viewer) choices(v *LeadView, l lead.Lead) {
	if slices.Contains(v.Acts, ActQualify) {
		team, _ := u.pol.Team(l.Team)
		v.Verdicts = team.Verdicts
	}
	if slices.Contains(v.Acts, ActRelease) {
		for _, id := range u.poolsOf(l.Team) {
			pool, _ := u.pol.Pool(id)
			v.Pools = append(v.Pools, PoolName{ID: id, Name: cmp.Or(pool.Name, id)})
		}
	}
	if slices.Contains(v.Acts, ActVerify) {
		spec, _ := u.pol.Form(l.Facts.Form)
		for _, f := range spec.Fields {
			if slices.Contains(answerable, f.Kind) && !f.Unseen() {
				q := FormField{Name: f.Name, Label: cmp.Or(f.Label, f.Name), Choices: f.Choices, Long: f.Kind == form.MessageKind}
				if f.Kind == form.BooleanKind {
					q.Choices = []string{"yes", "no"}
				}
				v.Questions = append(v.Questions, q)
			}
		}
	}
}

// ahead is what the system does with a lead next, and when.
func (u viewer) ahead(l lead.Lead) []Deadline {
	var ahead []Deadline
	for _, d := range lead.Ahead(l, u.pol.Rules(l.Team)) {
		ahead = append(ahead, Deadline(d))
	}
	return ahead
}

// summary is the lead's row without contact data and names.
func (u viewer) summary(l lead.Lead) Summary {
	s := Summary{
		ID: l.ID, Number: l.Number, Product: l.Product, Version: l.Version,
		State: l.State, Since: l.Since, Created: l.Created, Wait: l.Wait, Grade: l.Grade, Fit: l.Fit,
		Maturity: l.Maturity, Behaviour: l.Behaviour, Chance: chanceOf(l.Chance),
		Team: l.Team, Cohort: l.Cohort, Pool: l.Pool, List: l.List, Tags: l.Tags, Owners: len(l.Owners),
		Touches: l.Touches, Country: l.Facts.Country, City: l.Facts.City, Acts: u.acts(l), Visible: true,
	}
	if l.Deadline != nil {
		s.Deadline = &Deadline{At: l.Deadline.At, Do: l.Deadline.Do}
	}
	if ahead := u.ahead(l); len(ahead) > 0 {
		s.Due = &ahead[len(ahead)-1]
	}
	if free := u.free(l); l.State == lead.StatePooled && free.After(u.now) {
		s.Free = free
	}
	if rep := l.Owner(); rep != "" {
		s.Rep = &Who{Kind: RoleRep, ID: rep}
	}
	if l.Value.Currency != "" {
		s.Value = &l.Value
	}
	return s
}
