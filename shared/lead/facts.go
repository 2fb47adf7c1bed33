package lead

import (
	"log/slog"
	"sync"
	"time"
)

// Facts are what rules may look at. They hold nothing that identifies a person,
// and no answer that a form marks as sensitive. The expr tags are the names
// used in policy expressions.
type Facts struct {
	Product   string         `json:"product,omitempty" expr:"product"`
	Form      string         `json:"form,omitempty" expr:"form"`
	Campaign  string         `json:"campaign,omitempty" expr:"campaign"`
	Channel   string         `json:"channel,omitempty" expr:"channel"`
	Source    string         `json:"source,omitempty" expr:"source"`     // utm_source or the like
	Language  string         `json:"language,omitempty" expr:"language"` // BCP 47
	Country   string         `json:"country,omitempty" expr:"country"`   // ISO 3166 alpha-2, from the phone or the form
	City      string         `json:"city,omitempty" expr:"city"`
	Line      string         `json:"line,omitempty" expr:"line"` // kind of phone line: mobile, fixed, …
	HasPhone  bool           `json:"phone,omitempty" expr:"has_phone"`
	HasEmail  bool           `json:"email,omitempty" expr:"has_email"`
	Company   bool           `json:"company,omitempty" expr:"has_company"`
	FreeMail  bool           `json:"free_mail,omitempty" expr:"free_mail"` // the address is of a provider that anybody can have one of
	RoleMail  bool           `json:"role_mail,omitempty" expr:"role_mail"` // the address is an office's, such as info@…
	Carrier   string         `json:"carrier,omitempty" expr:"carrier"`     // of the phone's number range
	Industry  string         `json:"industry,omitempty" expr:"industry"`   // of the company
	Headcount string         `json:"headcount,omitempty" expr:"headcount"` // of the company: a band, such as 11-50
	Touches   int            `json:"n,omitempty" expr:"touches"`
	Customer  bool           `json:"customer,omitempty" expr:"customer"`     // the person has bought before
	Account   string         `json:"account,omitempty" expr:"account_owner"` // the rep who looks after the person already
	Referrer  string         `json:"referrer,omitempty" expr:"referrer"`     // the rep of whoever recommended us
	Verdict   string         `json:"verdict,omitempty" expr:"verdict"`       // of the team that qualified the lead
	Answers   map[string]any `json:"answers,omitempty" expr:"answer"`

	// Origins are of the facts that the person did not say: by the names in
	// expressions. What only a phone number or an address can tell needs none.
	Origins map[string]Provenance `json:"from,omitempty" expr:"-"`

	// Filled for grade rules. The chance is from 0 to 1; nil where no model says one,
	// and comparing it is false then.
	Fit       int `json:"-" expr:"fit"`
	Behaviour int `json:"-" expr:"behaviour"`
	Chance    any `json:"-" expr:"chance"`
	// Filled for routing rules as well. The hour, 0 to 23, the day of the week,
	// such as mon, and the date, such as 2026-11-22, are those of the house.
	Grade       Grade    `json:"-" expr:"grade"`
	Maturity    string   `json:"-" expr:"maturity"`    // hot, warm or cold
	Territories []string `json:"-" expr:"territories"` // from the widest to the narrowest
	Owners      int      `json:"-" expr:"owners"`      // reps who had the lead before
	Age         int      `json:"-" expr:"age_days"`    // since the lead came in
	Hour        int      `json:"-" expr:"hour"`
	Weekday     string   `json:"-" expr:"weekday"`
	Date        string   `json:"-" expr:"date"`
}

// Attribution says how a submission came about. URLs are without their query.
type Attribution struct {
	UTMSource   string `json:"utm_source,omitempty"`
	UTMMedium   string `json:"utm_medium,omitempty"`
	UTMCampaign string `json:"utm_campaign,omitempty"`
	UTMTerm     string `json:"utm_term,omitempty"`
	UTMContent  string `json:"utm_content,omitempty"`
	ClickID     string `json:"click_id,omitempty"`   // as given by the ad platform
	ClickKind   string `json:"click_kind,omitempty"` // gclid, fbclid, msclkid, ttclid, …
	Referrer    string `json:"referrer,omitempty"`
	Landing     string `json:"landing,omitempty"`
}

// Sealed is something encrypted by package vault: contact data, sensitive
// answers, notes. It prints as a mark, so that it can be logged by accident
// without harm.
type Sealed []byte

// LogValue implements slog.LogValuer.
func (Sealed) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// String implements fmt.Stringer.
func (Sealed) String() string { return "[sealed]" }

// Key is a keyed hash of a phone number, e-mail address or external id, by which
// a person is found without the table knowing it.
type Key string

// Contact is a person's contact data in the clear. It redacts itself in logs.
type Contact struct {
	Name, Phone, Email, Company string
}

// LogValue implements slog.LogValuer.
func (Contact) LogValue() slog.Value { return slog.StringValue("[contact]") }

// String implements fmt.Stringer.
func (Contact) String() string { return "[contact]" }

// GoString implements fmt.GoStringer.
func (Contact) GoString() string { return "[contact]" }

// Outcome is how a submission ended.
type Outcome string

// The outcomes of a submission.
const (
	OutcomeCreated     Outcome = "created"
	OutcomeMerged      Outcome = "merged" // a touch on an existing lead
	OutcomeQuarantined Outcome = "quarantined"
	OutcomeTest        Outcome = "test"
)

// Submission is one raw thing that arrived and how it ended. Raw is kept for
// replay and expires.
type Submission struct {
	ID       string    `json:"id"`
	Form     string    `json:"form"`
	Received time.Time `json:"at"`
	Outcome  Outcome   `json:"outcome"`
	Reason   string    `json:"reason,omitempty"` // of quarantine; a code and the field, never a value
	Lead     string    `json:"lead,omitempty"`
	Person   string    `json:"person,omitempty"`
	Print    string    `json:"print,omitempty"` // keyed fingerprint of the body
	Idem     Key       `json:"idem,omitempty"`  // keyed hash of the caller's idempotency key
	Type     string    `json:"type,omitempty"`  // content type of Raw
	Raw      Sealed    `json:"-"`
	Expires  time.Time `json:"-"` // when it may be purged
}

// Rep may own leads. The record is edited by people; the counters move with the
// leads, in the same transaction.
type Rep struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Teams    []string `json:"teams"`
	Active   bool     `json:"active"`
	Zone     string   `json:"zone"`            // IANA time zone of the shifts
	Shifts   []Shift  `json:"shifts"`          // none means always on shift
	Leave    []Leave  `json:"leave,omitempty"` // days off
	Language string   `json:"language,omitempty"`
	Cap      *int     `json:"cap,omitempty"`   // holdings at once; nil is no cap
	Quota    *int     `json:"quota,omitempty"` // new leads a day; nil is no quota
	Pace     *int     `json:"pace,omitempty"`  // new leads in 30 days, spread over them; nil is no pace
	Revision int      `json:"rev"`             // of the record; guards assignments made on an older one

	Level       string   `json:"level,omitempty"`       // such as senior, as the policy's distributions name it
	Since       string   `json:"since,omitempty"`       // first working day, 2006-01-02
	Target      *int     `json:"target,omitempty"`      // conversions a calendar month that qualify for premium leads
	Territories []string `json:"territories,omitempty"` // of the policy's tree
	Calendar    string   `json:"calendar,omitempty"`    // of holidays, by its id in the policy

	Holding int            `json:"-"` // leads held now
	Day     string         `json:"-"` // the day that Today and Claims count, in the rep's zone: 2006-01-02
	Today   int            `json:"-"` // leads assigned on Day
	Last    int            `json:"-"` // leads assigned on the day that was counted before
	Claims  int            `json:"-"` // leads claimed on Day
	Reveals int            `json:"-"` // looks at the contact data of pooled leads on Day
	Turns   map[string]int `json:"-"` // team → leads given by distribution, ever
	Served  time.Time      `json:"-"` // when distribution last gave the rep a lead
	Mix     map[Grade]int  `json:"-"` // grade → leads given by distribution, ever
	Paced   time.Time      `json:"-"` // from when on the pace allows the next lead

	Tried  map[string]int `json:"-"` // channel → leads worked to an outcome, won or not
	Won    map[string]int `json:"-"` // channel → those that converted
	Months map[string]int `json:"-"` // month in UTC, 2006-01 → conversions
}

// Shift is a weekly span of working time.
type Shift struct {
	Days []time.Weekday `json:"days"` // 0 is Sunday
	From string         `json:"from"` // 15:04
	To   string         `json:"to"`   // 15:04, 24:00 for the day's end
}

// Leave is a span of days off, both ends included, as 2006-01-02.
type Leave struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"`
}

// DayOf returns the rep's calendar day at now, UTC where the zone is unknown.
func (r Rep) DayOf(now time.Time) string {
	return now.In(Zone(r.Zone)).Format(time.DateOnly)
}

// zones remembers time zones: reading one opens a file. A zone never changes
// while a program runs.
var zones sync.Map // name → *time.Location

// Zone returns a time zone by its IANA name, UTC where it is unknown.
func Zone(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

// CountToday returns the rep's assignments and claims on the day of now. What was
// decided before midnight and comes after the first of the next day counts for
// that: counters never go back to a day that is over.
func (r Rep) CountToday(now time.Time) (assigned, claimed int) {
	if r.Day < r.DayOf(now) {
		return 0, 0
	}
	return r.Today, r.Claims
}

// RevealsToday returns the rep's looks at contact data on the day of now.
func (r Rep) RevealsToday(now time.Time) int {
	if r.Day < r.DayOf(now) {
		return 0
	}
	return r.Reveals
}

// The pace of a rep: so many leads in paceSpan, one after the other. What a rep
// could not take for lack of leads stays open for paceKept, so that nothing is lost
// to the hours of the day, and nobody is flooded after a leave.
const (
	paceSpan = 30 * 24 * time.Hour
	paceKept = 7 * 24 * time.Hour
)

// paceAfter is from when on the pace allows one more lead after one at now. It
// moves on by a fraction of the span with each lead, so that fractions add up: a
// pace of 14 gives 14 leads in 30 days. A rep without a lead so far starts at now.
// The store keeps milliseconds: rounded down, the next span would begin too soon.
func (r Rep) paceAfter(now time.Time) time.Time {
	from := r.PacedFrom()
	if from.IsZero() {
		from = now
	}
	if kept := now.Add(-paceKept); from.Before(kept) {
		from = kept
	}
	next := from.Add(paceSpan / time.Duration(max(1, *r.Pace)))
	return next.Add(time.Millisecond - 1).Truncate(time.Millisecond).UTC()
}

// PacedFrom is from when on the pace allows the next lead: at the latest one step
// after the last lead, for the pace may have been raised since. The zero time is
// any.
func (r *Rep) PacedFrom() time.Time {
	if r.Pace == nil || *r.Pace <= 0 || r.Served.IsZero() {
		return r.Paced
	}
	if latest := r.Served.Add(paceSpan/time.Duration(*r.Pace) + time.Second); r.Paced.After(latest) { // more than rounding
		return latest
	}
	return r.Paced
}

// PaceRoom is how many leads the pace of the rep allows from now until then; the
// rep has a pace.
func (r *Rep) PaceRoom(now, until time.Time) int {
	if *r.Pace <= 0 {
		return 0
	}
	from := r.PacedFrom()
	if from.IsZero() {
		from = now
	}
	if kept := now.Add(-paceKept); from.Before(kept) {
		from = kept
	}
	if !from.Before(until) {
		return 0
	}
	return 1 + int(until.Sub(from)/(paceSpan/time.Duration(*r.Pace)))
}

// Paces reports whether the pace of the rep allows a lead at now.
func (r *Rep) Paces(now time.Time) bool {
	return r.Pace == nil || *r.Pace > 0 && !now.Before(r.PacedFrom())
}

// Qualified reports whether the rep reached the target in the calendar month of
// now or in the one before: what was earned holds until the next month has had
// its chance. A rep without a target is not qualified.
func (r *Rep) Qualified(now time.Time) bool {
	if r.Target == nil {
		return false
	}
	now = now.UTC()
	before := MonthOf(now.AddDate(0, 0, -now.Day()))
	return max(r.Months[MonthOf(now)], r.Months[before]) >= *r.Target
}

// Actor is who did something.
type Actor struct {
	Kind string `json:"kind"` // system, rep, manager, dispatcher, person
	ID   string `json:"id,omitempty"`
}

// System is the machine itself, named by the function that acted.
func System(function string) Actor { return Actor{Kind: "system", ID: function} }
