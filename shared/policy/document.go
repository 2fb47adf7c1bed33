// Package policy holds what a house decides for itself: forms, scoring, routing,
// teams, deadlines, pools and people. A [Document] is its text as data, kept in
// versions ([Record]); [Compile] makes of it the [Policy] that functions ask.
//
// People write the document as YAML: package document reads that, checks it
// against the JSON Schema and names every fault with its line. It is apart from
// this package so that no function carries a YAML reader and a schema.
package policy

import (
	"encoding/json"
	"fmt"
	"time"

	"sluice/shared/form"
	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
	"sluice/shared/score"
)

// Document is one version of a policy. What is left out has the default named
// with its field; an explicit zero means zero.
type Document struct {
	Name         string      `json:"name"`
	Region       string      `json:"region,omitempty"`        // ISO 3166 alpha-2, of phone numbers without a country code
	Locale       string      `json:"locale,omitempty"`        // BCP 47; en
	Zone         string      `json:"zone,omitempty"`          // IANA, of the hours and dates in routing rules; UTC
	NumberPrefix string      `json:"number_prefix,omitempty"` // of lead numbers; L
	Products     []Product   `json:"products"`
	Channels     []string    `json:"channels"`
	Forms        []form.Spec `json:"forms"`
	Score        score.Spec  `json:"score"`
	Routing      route.Spec  `json:"routing"`
	Teams        []Team      `json:"teams"`
	Deadlines    Deadlines   `json:"deadlines,omitzero"`
	Pools        []Pool      `json:"pools"`
	Users        []User      `json:"users"`

	Territories []route.Territory `json:"territories,omitempty"`
	Calendars   []hours.Calendar  `json:"calendars,omitempty"`

	Contact    Contact                 `json:"contact,omitzero"`
	LightTouch *Letter                 `json:"light_touch,omitempty"` // to a customer who said "not now"; none without one
	Ways       map[lead.Grade][]string `json:"ways,omitempty"`        // that reps are advised to follow up in
	Lists      []CallList              `json:"lists,omitempty"`
	Cleanse    Cleanse                 `json:"cleanse,omitzero"`
	Enrichers  []Enricher              `json:"enrichers,omitempty"`

	Limits    Limits    `json:"limits,omitzero"`
	Retention Retention `json:"retention,omitzero"`
}

// Product is something a person can be interested in.
type Product struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Team is who gets leads together, and its own rules.
type Team struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Dispatcher string         `json:"dispatcher"`         // user who places what nobody can take
	Manager    string         `json:"manager"`            // user who is told when nobody acts
	Pool       string         `json:"pool"`               // where its leads rest
	Single     string         `json:"single,omitempty"`   // rep who is its only contact
	Weights    map[string]int `json:"weights,omitempty"`  // rep → share of its leads; 1
	Deadlines  Deadlines      `json:"deadlines,omitzero"` // where they differ from the document's
	Hours      *Week          `json:"hours,omitempty"`    // when the team works: its deadlines count these; around the clock
	Pools      []lead.Segment `json:"pools,omitempty"`    // where those of its leads rest that do not in Pool; the first that fits

	Mode         route.Mode   `json:"mode,omitempty"`         // even
	Premium      []lead.Grade `json:"premium,omitempty"`      // of the mode growth; A+ and A
	Distribution []route.Step `json:"distribution,omitempty"` // before the mode's own choice
	Verdicts     []string     `json:"verdicts,omitempty"`     // of a team that qualifies leads for others
}

// Deadlines are how long each step may take. The defaults are those of the
// product's description, §2, §8 and §9. A Span counts the team's working time, a
// Duration counts around the clock.
type Deadlines struct {
	New          *Duration           `json:"new,omitempty"`           // a new lead is scored; 2m
	Routing      *Duration           `json:"routing,omitempty"`       // a lead is routed; 2m
	Wait         *Duration           `json:"wait,omitempty"`          // a lead waits for the next shift; 16h, 0s for not at all
	Accept       *Span               `json:"accept,omitempty"`        // an offer stands; 60m
	Triage       *Span               `json:"triage,omitempty"`        // a dispatcher decides; 4h
	Verify       *Span               `json:"verify,omitempty"`        // the cleansing team confirms a lead from a list; 3d
	Manager      *Duration           `json:"manager,omitempty"`       // after an escalation, the next; 24h
	Nurture      *Duration           `json:"nurture,omitempty"`       // a parked lead rests; 30d
	Hold         *Duration           `json:"hold,omitempty"`          // "not now" rests between light touches; 30d
	HoldMost     *Duration           `json:"hold_most,omitempty"`     // "not now" rests in all; 90d
	List         *Duration           `json:"list,omitempty"`          // a lead stays on a call list that nobody dials; 3d
	Handoff      *Duration           `json:"handoff,omitempty"`       // customer success confirms; 24h
	Sweep        *Duration           `json:"sweep,omitempty"`         // each pooled lead is looked at once in; 30d
	Protect      *Duration           `json:"protect,omitempty"`       // a rep keeps an unconverted lead; 30d
	Extend       *Duration           `json:"extend,omitempty"`        // the one extension adds; 30d, 0s for none
	ProtectMost  *Duration           `json:"protect_most,omitempty"`  // with the extension, at most; 60d
	CoolOff      *Duration           `json:"cool_off,omitempty"`      // a former owner does not get it again; 30d, 0s for at once
	StepGrace    *Duration           `json:"step_grace,omitempty"`    // a planned step may be late by; 24h, 0s for not at all
	Zombie       *Duration           `json:"zombie,omitempty"`        // a lead without update and planned step is kept; 7d, 0s for as long as the others say
	Note         *Span               `json:"note,omitempty"`          // an activity without evidence buys, once; 1d
	Log          *Duration           `json:"log,omitempty"`           // activities are logged within; 24h
	Talk         *Duration           `json:"talk,omitempty"`          // a call that is evidence lasts; 30s
	Near         *int                `json:"near,omitempty"`          // metres within which a check-in is evidence; 500
	Warn         []Duration          `json:"warn,omitempty"`          // before a lead is taken back; 24h and 4h
	TellManager  []lead.Grade        `json:"tell_manager,omitzero"`   // grades of which the last warning goes to the manager too; all
	MaxOffers    *int                `json:"max_offers,omitempty"`    // reps who get a lead one after the other before the pool; 3
	FirstContact map[lead.Grade]Span `json:"first_contact,omitempty"` // after accepting; A+ and A 1h, B 1d, C 3d, D 7d
	Cadence      map[lead.Grade]Span `json:"cadence,omitempty"`       // between follow-ups; A+ 1d, A 2d, B 5d, C and D 10d
}

// Pool is a named set of leads without an owner, for its members to claim.
type Pool struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Teams      []string `json:"teams,omitempty"`       // whose reps are members
	Reps       []string `json:"reps,omitempty"`        // further members
	Admins     []string `json:"admins,omitempty"`      // users
	ClaimDaily *int     `json:"claim_daily,omitempty"` // claims of one member a day; 20

	Assigned    bool      `json:"assigned,omitempty"`     // members do not claim: the admins assign
	RevealDaily *int      `json:"reveal_daily,omitempty"` // looks of one member a day at contact data of leads not claimed; 10
	Freeze      *Duration `json:"freeze,omitempty"`       // a lead that came in cannot be claimed for; 0s
	Sweep       *Duration `json:"sweep,omitempty"`        // each lead is looked at once in; as the house's deadlines say
	HoldOut     *float64  `json:"hold_out,omitempty"`     // share that a cycle leaves alone, to compare with; 0.1
	Likely      string    `json:"likely,omitempty"`       // condition of the leads that go to reps or a call list; grade in ["A+", "A"]
	List        string    `json:"list,omitempty"`         // call list of the likely ones that no rep can have now
	Reactivate  *Letter   `json:"reactivate,omitempty"`   // message to the others; none without one
	Archive     *Duration `json:"archive,omitempty"`      // a lead that has been known for so long is archived; 730d
}

// Letter is a message to a person.
type Letter struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Contact bounds how often and when people are contacted, by whomever. Lists and
// quiet hours that are given and empty are none.
type Contact struct {
	Limits []lead.Limit                `json:"limits,omitzero"` // 1 a day, 3 in 7 days, 8 in 30
	Grades map[lead.Grade][]lead.Limit `json:"grades,omitzero"` // beside those, for leads of a grade; A+ and A 1 a day, C 2 in 7 days
	Quiet  *hours.Quiet                `json:"quiet,omitempty"` // when nobody is written to by the system; 21:00 to 08:00
	Zones  map[string]string           `json:"zones,omitempty"` // country, ISO 3166 alpha-2 → time zone of its people; the house's
}

// CallList is leads to be called: by a dialler of the house or by a vendor.
type CallList struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"` // of the vendor, to which each lead is posted; without one a dialler asks for them
}

// Role is what a user may do.
type Role string

// The roles.
const (
	RoleRep             Role = "rep"
	RoleDispatcher      Role = "dispatcher"
	RoleManager         Role = "manager"
	RoleMarketer        Role = "marketer"
	RoleCustomerSuccess Role = "customer_success"
	RoleOps             Role = "ops"
)

// Roles lists the roles.
var Roles = []Role{RoleRep, RoleDispatcher, RoleManager, RoleMarketer, RoleCustomerSuccess, RoleOps}

// User is a person who signs in.
type User struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Roles []Role   `json:"roles"`
	Rep   string   `json:"rep,omitempty"`   // the rep that a user of role rep is
	Teams []string `json:"teams,omitempty"` // whose leads a dispatcher or manager sees
}

// Limits bound one form post.
type Limits struct {
	Body   *int `json:"body,omitempty"`   // bytes; 65536
	Fields *int `json:"fields,omitempty"` // values; 200
	Parts  *int `json:"parts,omitempty"`  // of a multipart body; 200
	Name   *int `json:"name,omitempty"`   // bytes of a field's name; 100
	Value  *int `json:"value,omitempty"`  // bytes of a value; 8192
}

// Retention is how long things are kept.
type Retention struct {
	Submissions *Duration `json:"submissions,omitempty"` // raw posts, for replay; 90d
}

// Record is a document as it is kept. Numbers start at 1 and have no gaps.
type Record struct {
	Version  int             `json:"version"`
	At       time.Time       `json:"at"`
	Author   string          `json:"author"`
	Reason   string          `json:"reason"`
	Document json.RawMessage `json:"document,omitempty"` // a Document
	Source   string          `json:"source,omitempty"`   // the YAML as it came, with its comments
}

// Compile compiles the record's document.
func (r Record) Compile() (*Policy, error) {
	d, err := r.read()
	if err != nil {
		return nil, err
	}
	return Compile(d, r.Version)
}

// Directory lists the record's document.
func (r Record) Directory() (*Directory, error) {
	d, err := r.read()
	if err != nil {
		return nil, err
	}
	return List(d, r.Version), nil
}

func (r Record) read() (d Document, err error) {
	if err := json.Unmarshal(r.Document, &d); err != nil {
		return d, fmt.Errorf("decode policy %d: %w", r.Version, err)
	}
	return d, nil
}
