package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// working makes a lead that its rep has accepted.
func (b *bundle) working() (lead.Lead, app.User, app.Target) {
	b.t.Helper()
	l := b.enquire("trial", typed())
	rep, on := b.userOf(l.Owner()), app.Target{Lead: l.ID}
	if _, err := b.desk.Accept(b.t.Context(), rep, on); err != nil {
		b.t.Fatal(err)
	}
	return b.lead(l.ID), rep, on
}

func (b *bundle) personOf(l lead.Lead) lead.Person {
	b.t.Helper()
	p, err := b.table.Person(b.t.Context(), l.Person)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// lastLogged is the newest follow-up of a lead.
func (b *bundle) lastLogged(id string) lead.Logged {
	b.t.Helper()
	for _, entry := range slices.Backward(b.history(id)) {
		for _, e := range entry.Events {
			if logged, ok := e.(lead.Logged); ok {
				return logged
			}
		}
	}
	b.t.Fatal("nothing was logged")
	return lead.Logged{}
}

// refusedFor holds that an error is of a kind and names a field.
func refusedFor(t *testing.T, what string, err error, kind lead.Kind, field string) {
	t.Helper()
	var e *lead.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Field != field {
		t.Errorf("%s: %v, want %s at %q", what, err, kind, field)
	}
}

// oncePerDay is the limit that the tests of the budget go by, by the clocks of
// Shanghai.
func oncePerDay(d *policy.Document) {
	d.Contact.Limits, d.Contact.Grades, d.Contact.Zones = []lead.Limit{{Most: 1, Days: 1}}, map[lead.Grade][]lead.Limit{}, nil
}

func TestContactsCountForTheBudget(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: oncePerDay})
	l, rep, on := b.working()
	log := func(a app.Activity) error { return act(b.desk.LogActivity(t.Context(), rep, on, a)) }
	contacts := func() int { return len(b.personOf(l).Contacts) }

	for _, free := range []app.Activity{{Way: "note"}, {Way: "mail", Inbound: true}, {Way: "call", Inbound: true, Seconds: 40}} {
		if err := log(free); err != nil || contacts() != 0 {
			t.Errorf("%+v: %v, %d contacts; what the customer did, and notes, are none", free, err, contacts())
		}
	}
	if err := log(app.Activity{Way: "call", Beyond: "asked to be called"}); err != nil || contacts() != 1 {
		t.Fatalf("first call: %v, %d contacts", err, contacts())
	}
	if got := b.lastLogged(l.ID).Beyond; got != "" {
		t.Errorf("a call within the budget is kept as beyond it: %q", got)
	}
	version := b.personOf(l).Version
	for _, way := range []string{"call", "mail", "chat", "visit", "meeting"} {
		err := log(app.Activity{Way: way})
		refusedFor(t, "a second contact by "+way, err, lead.Conflict, "beyond")
		if !strings.Contains(err.Error(), "from 2026-03-04 16:00 UTC on") { // midnight in Shanghai
			t.Errorf("it is told as %v", err)
		}
	}
	if contacts() != 1 || b.personOf(l).Version != version {
		t.Error("a refused contact was counted")
	}
	if err := log(app.Activity{Way: "call", Beyond: "the customer asked for it"}); err != nil || contacts() != 2 {
		t.Errorf("beyond the budget, with a reason: %v, %d contacts", err, contacts())
	}
	if got := b.lastLogged(l.ID).Beyond; got != "the customer asked for it" {
		t.Errorf("the reason is kept as %q", got)
	}
	if v, err := b.desk.Lead(t.Context(), rep, l.ID); err != nil || v.Reach.Now || v.Reach.From.IsZero() || v.Reach.OptedOut {
		t.Errorf("the lead says %+v of the budget (%v)", v.Reach, err)
	}
	b.clock.pass(9 * time.Hour)
	yesterday := app.Activity{Way: "mail", Done: b.clock.Now().Add(-10 * time.Hour)}
	refusedFor(t, "a mail of yesterday, when there had been calls", log(yesterday), lead.Conflict, "beyond")
	if err := log(app.Activity{Way: "mail"}); err != nil || contacts() != 3 {
		t.Errorf("the next day: %v, %d contacts", err, contacts())
	}
}

func TestOptedOutIsLeftInPeace(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: oncePerDay})
	ctx := t.Context()
	l, rep, on := b.working()
	if _, err := b.desk.OptOut(ctx, rep, on); err != nil {
		t.Fatal(err)
	}
	if p := b.personOf(l); !p.OptOut.Equal(b.clock.Now()) {
		t.Errorf("the person opted out at %s", p.OptOut)
	}
	v, err := b.desk.Lead(ctx, rep, l.ID)
	if err != nil || v.Reach.Now || !v.Reach.OptedOut {
		t.Errorf("the lead says %+v (%v)", v.Reach, err)
	}
	refusedFor(t, "opting out again", act(b.desk.OptOut(ctx, rep, on)), lead.Conflict, "")
	refusedFor(t, "a call", act(b.desk.LogActivity(ctx, rep, on, app.Activity{Way: "call"})), lead.Conflict, "beyond")
	if err := act(b.desk.LogActivity(ctx, rep, on, app.Activity{Way: "call", Beyond: "an appointment was made"})); err != nil {
		t.Errorf("a call with a reason: %v", err)
	}
}

// TestTwoContactsAtOneMoment: of two reps with leads of one person one is refused,
// however close they are.
func TestTwoContactsAtOneMoment(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: oncePerDay})
	ctx := t.Context()
	f := b.withFaults()
	l, rep, on := b.working()
	other := b.enquire("demo-zh", map[string][]string{"name": {"Emma"}, "phone": {"+1 415 555 0132"}, "age": {"8"}, "consent": {"yes"}})
	if other.Person != l.Person {
		t.Fatal("they are two people")
	}
	colleague := b.userOf(other.Owner())
	if _, err := b.desk.Accept(ctx, colleague, app.Target{Lead: other.ID}); err != nil {
		t.Fatal(err)
	}
	f.meanwhile("Commit", func() {
		if err := act(b.desk.LogActivity(ctx, colleague, app.Target{Lead: other.ID}, app.Activity{Way: "call"})); err != nil {
			t.Error(err)
		}
	})
	refusedFor(t, "the slower one", act(b.desk.LogActivity(ctx, rep, on, app.Activity{Way: "call"})), lead.Conflict, "beyond")
	if p := b.personOf(l); len(p.Contacts) != 1 {
		t.Errorf("%d contacts, want 1", len(p.Contacts))
	}
	if after := b.lead(l.ID); after.Version != 2 {
		t.Errorf("the lead of the slower one has version %d", after.Version)
	}
}

func TestVisitsAreCheckedIn(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: func(d *policy.Document) {
		d.Contact.Limits, d.Contact.Grades = []lead.Limit{}, map[lead.Grade][]lead.Limit{}
	}})
	ctx := t.Context()
	l, rep, on := b.working()
	log := func(in app.CheckIn) lead.Logged {
		t.Helper()
		if err := act(b.desk.LogActivity(ctx, rep, on, app.Activity{Way: "visit", CheckIn: &in})); err != nil {
			t.Fatal(err)
		}
		return b.lastLogged(l.ID)
	}
	bund, tower := app.Point{Lat: 31.24, Lon: 121.49}, app.Point{Lat: 31.2397, Lon: 121.4998}
	first := log(app.CheckIn{Point: bund, Accuracy: 20})
	if !first.Checked || first.Metres != nil || first.Bare {
		t.Errorf("the first check-in is %+v, want one without a distance", first)
	}
	if strings.Contains(string(first.Place), "31.2") || len(first.Place) == 0 {
		t.Error("the place is kept in the clear, or not at all")
	}
	if second := log(app.CheckIn{Point: tower, Accuracy: 20}); second.Metres == nil || *second.Metres < 900 || *second.Metres > 960 || !second.Bare {
		t.Errorf("932 m from the first place the check-in is %+v, and no evidence", second)
	}
	if third := log(app.CheckIn{Point: bund, Customer: &bund}); third.Metres == nil || *third.Metres != 0 || third.Bare {
		t.Errorf("where the customer is, the check-in is %+v", third)
	}
	if fourth := log(app.CheckIn{Point: tower, Customer: nil}); fourth.Metres == nil || *fourth.Metres < 900 {
		t.Errorf("the customer's place is forgotten: %+v", fourth)
	}
	told, err := b.desk.Timeline(ctx, rep, l.ID, app.Page{})
	if err != nil {
		t.Fatal(err)
	}
	last := told.Entries[len(told.Entries)-1].Events[0]
	if last.Place == nil || last.Place.Point != tower || last.Metres == nil || !last.Checked {
		t.Errorf("the time-line tells %+v", last)
	}
}

func TestActivitiesThatCannotBe(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep, on := b.working()
	now, here := b.clock.Now(), app.CheckIn{Point: app.Point{Lat: 31, Lon: 121}}
	for name, c := range map[string]struct {
		a     app.Activity
		field string
	}{
		"in the future":        {app.Activity{Way: "call", Done: now.Add(time.Hour)}, "done"},
		"long ago":             {app.Activity{Way: "call", Done: now.AddDate(0, 0, -32)}, "done"},
		"less than nothing":    {app.Activity{Way: "call", Seconds: -1}, "seconds"},
		"more than a day":      {app.Activity{Way: "call", Seconds: 86_401}, "seconds"},
		"a mail that was said": {app.Activity{Way: "mail", Seconds: 60}, "seconds"},
		"a call at a place":    {app.Activity{Way: "call", CheckIn: &here}, "check_in"},
		"nowhere on earth":     {app.Activity{Way: "visit", CheckIn: &app.CheckIn{Point: app.Point{Lat: 91}}}, "check_in"},
		"too inaccurate":       {app.Activity{Way: "visit", CheckIn: &app.CheckIn{Accuracy: 50_001}}, "check_in"},
		"customer nowhere":     {app.Activity{Way: "visit", CheckIn: &app.CheckIn{Customer: &app.Point{Lon: -181}}}, "check_in"},
		"six links":            {app.Activity{Way: "call", Links: slices.Repeat([]string{"https://files.example.com/a"}, 6)}, "links"},
		"not over HTTPS":       {app.Activity{Way: "call", Links: []string{"http://files.example.com/a"}}, "links"},
		"a script":             {app.Activity{Way: "call", Links: []string{"javascript:alert(1)"}}, "links"},
		"somebody's password":  {app.Activity{Way: "call", Links: []string{"https://me:pw@files.example.com/a"}}, "links"},
		"a long link":          {app.Activity{Way: "call", Links: []string{"https://files.example.com/" + strings.Repeat("a", 500)}}, "links"},
		"a number as a reason": {app.Activity{Way: "call", Beyond: "call 13800138000"}, "beyond"},
	} {
		refusedFor(t, name, act(b.desk.LogActivity(t.Context(), rep, on, c.a)), lead.Invalid, c.field)
	}
	if after := b.lead(l.ID); after.Version != l.Version || len(b.personOf(l).Contacts) != 0 {
		t.Error("something was kept of what was refused")
	}
}

// TestLateActivitiesAreNoEvidence: what is told a day later does not start the
// clock of the follow-up.
func TestLateActivitiesAreNoEvidence(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: oncePerDay})
	l, rep, on := b.working()
	b.clock.pass(26 * time.Hour)
	for done, bare := range map[time.Duration]bool{25 * time.Hour: true, time.Hour: false} {
		a := app.Activity{Way: "call", Seconds: 120, Done: b.clock.Now().Add(-done), Links: []string{"https://files.example.com/offer.pdf"}}
		if err := act(b.desk.LogActivity(t.Context(), rep, on, a)); err != nil {
			t.Fatal(err)
		}
		if got := b.lastLogged(l.ID); got.Bare != bare || !got.Done.Equal(a.Done) || strings.Contains(string(got.Links), "offer") {
			t.Errorf("logged after %s it is %+v", done, got)
		}
	}
}

// TestBudgetOfTheLeadAsItIs: who logs a contact while a colleague's changes the grade
// is not refused by the old grade's limit.
func TestBudgetOfTheLeadAsItIs(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: func(d *policy.Document) {
		d.Contact.Limits = []lead.Limit{{Most: 2, Days: 1}}
		d.Contact.Grades = map[lead.Grade][]lead.Limit{}
		for _, g := range lead.Grades {
			if g != lead.GradeC {
				d.Contact.Grades[g] = []lead.Limit{{Most: 1, Days: 1}}
			}
		}
	}})
	f := b.withFaults()
	l, rep, on := b.working()
	if l.Grade == lead.GradeC {
		t.Fatal("the lead has the grade it is to come to")
	}
	log := func(a app.Activity) error { return act(b.desk.LogActivity(t.Context(), rep, on, a)) }
	f.meanwhile("Person", func() {
		if err := log(app.Activity{Way: "call", Grade: lead.GradeC}); err != nil {
			t.Error(err)
		}
	})
	if err := log(app.Activity{Way: "mail"}); err != nil {
		t.Errorf("a second contact with a lead of grade C: %v", err)
	}
}
