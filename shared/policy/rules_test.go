package policy_test

import (
	"reflect"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestDefaults are the figures of the product's description, §2, §6, §8 and §9: a
// document that says nothing of them has these.
func TestDefaults(t *testing.T) {
	t.Parallel()
	hour, days := lead.Span{Time: time.Hour}, func(n int) lead.Span { return lead.Span{Days: n} }
	want := lead.Rules{
		New: 2 * time.Minute, Routing: 2 * time.Minute, Wait: 16 * time.Hour,
		Accept: lead.Span{Time: 60 * time.Minute}, Triage: lead.Span{Time: 4 * time.Hour}, Verify: days(3), Manager: 24 * time.Hour,
		Nurture: 30 * day, Hold: 30 * day, HoldMost: 90 * day, List: 3 * day, Handoff: 24 * time.Hour, Sweep: 30 * day,
		Protect: 30 * day, Extend: 30 * day, Most: 60 * day, CoolOff: 30 * day, StepGrace: 24 * time.Hour,
		Zombie: 7 * day, Note: days(1), Log: 24 * time.Hour, Talk: 30 * time.Second, Near: 500,
		Warn: []time.Duration{24 * time.Hour, 4 * time.Hour}, MaxOffers: 3,
		FirstContact: map[lead.Grade]lead.Span{"A+": hour, "A": hour, "B": days(1), "C": days(3), "D": days(7), "": days(7)},
		Cadence:      map[lead.Grade]lead.Span{"A+": days(1), "A": days(2), "B": days(5), "C": days(10), "D": days(10), "": days(10)},
		Ladder:       map[lead.Grade]bool{"A+": true, "A": true, "B": true, "C": true, "D": true, "": true},
	}
	if got := policy.Defaults(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want\n%+v", got, want)
	}

	d := sample(t)
	d.Deadlines, d.Limits, d.Retention, d.Contact, d.Locale, d.NumberPrefix = policy.Deadlines{}, policy.Limits{}, policy.Retention{}, policy.Contact{}, "", ""
	d.Pools = []policy.Pool{{ID: "open-sea", Name: "Open sea"}, {ID: "school-pool", Name: "Schools"}}
	d.Teams[0].Hours = nil
	p := compile(t, d)
	want.Policy, want.Pool, want.Quiet = 7, "open-sea", p.Rules("young").Quiet
	want.Pools = map[string]lead.Resting{"open-sea": {Cycle: 30 * day}, "school-pool": {Cycle: 30 * day}}
	if got := p.Rules("young"); !reflect.DeepEqual(got, want) || want.Quiet == nil {
		t.Errorf("the rules of a team:\n%+v, want\n%+v", got, want)
	}
	for name, c := range map[string]struct{ got, want any }{
		"claims a day":        {p.ClaimLimit("open-sea"), 20},
		"reveals a day":       {p.RevealLimit("open-sea"), 10},
		"stock":               {p.Stock("open-sea"), policy.Stock{HoldOut: 0.1, Archive: 730 * day}},
		"raw posts":           {p.KeepSubmissions(), 90 * day},
		"locale":              {p.Locale(), "en"},
		"prefix":              {p.NumberPrefix(), "L"},
		"body":                {p.Limits().Body, 64 << 10},
		"fields":              {p.Limits().Fields, 200},
		"parts":               {p.Limits().Parts, 200},
		"name":                {p.Limits().Name, 100},
		"value":               {p.Limits().Value, 8 << 10},
		"quiet for":           {24*time.Hour - want.Quiet.Awake(), 11 * time.Hour},
		"rules of no team":    {p.Rules("").Policy, 7},
		"hours of no team":    {p.Rules("").Hours == nil, true},
		"A+ leads are likely": {p.Likely(lead.Lead{Pool: "open-sea", Grade: "A+"}, noon), true},
		"A leads are likely":  {p.Likely(lead.Lead{Pool: "open-sea", Grade: "A"}, noon), true},
		"B leads are likely":  {p.Likely(lead.Lead{Pool: "open-sea", Grade: "B"}, noon), false},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

// TestSampleSaysTheDefaults: the sample shows what is in force anyway, so that its
// comments tell what leaving a line out means.
func TestSampleSaysTheDefaults(t *testing.T) {
	t.Parallel()
	d := sample(t)
	said := compile(t, d)
	d.Deadlines, d.Contact.Limits, d.Contact.Grades, d.Contact.Quiet = policy.Deadlines{}, nil, nil, nil
	left := compile(t, d)
	for _, team := range []string{"young", "schools", ""} {
		a, b := said.Rules(team), left.Rules(team)
		a.Hours, b.Hours, a.Quiet, b.Quiet = nil, nil, nil, nil
		if !reflect.DeepEqual(a, b) {
			t.Errorf("team %q:\n%+v, by default\n%+v", team, a, b)
		}
	}
	person := lead.Person{Contacts: []time.Time{noon.AddDate(0, 0, -6), noon.AddDate(0, 0, -4), noon.AddDate(0, 0, -2)}}
	for _, grade := range lead.Grades {
		l := lead.Lead{Grade: grade, Facts: lead.Facts{Country: "DE"}}
		if a, b := said.ContactFrom(person, l, noon), left.ContactFrom(person, l, noon); !a.Equal(b) {
			t.Errorf("grade %s: contacted from %v, by default %v", grade, a, b)
		}
	}
	if a, b := said.Rules("").Quiet, left.Rules("").Quiet; a.Awake() != b.Awake() || !a.Until(noon.Add(9*time.Hour), "DE").Equal(b.Until(noon.Add(9*time.Hour), "DE")) {
		t.Error("the quiet hours differ")
	}
}

func TestRulesOfTeams(t *testing.T) {
	t.Parallel()
	d := sample(t)
	zero, offers, near := policy.Duration(0), 5, 20
	d.Deadlines.FirstContact = map[lead.Grade]policy.Span{"D": {Days: 9}}
	schools := &d.Teams[1].Deadlines
	schools.CoolOff, schools.Extend, schools.Zombie, schools.MaxOffers, schools.Near = &zero, &zero, &zero, &offers, &near
	schools.Note, schools.Talk = &policy.Span{Time: 2 * time.Hour}, new(policy.Duration(time.Minute))
	schools.Verify = &policy.Span{Days: 1}
	schools.Warn, schools.TellManager = []policy.Duration{policy.Duration(2 * time.Hour)}, []lead.Grade{lead.GradeAPlus, lead.GradeD}
	p := compile(t, d)
	y, s, none := p.Rules("young"), p.Rules("schools"), p.Rules("")
	defaults := policy.Defaults()
	for name, c := range map[string]struct{ got, want any }{
		"accept, young":                  {y.Accept, lead.Span{Time: time.Hour}},
		"accept, schools":                {s.Accept, lead.Span{Time: 4 * time.Hour}},
		"accept, no team":                {none.Accept, lead.Span{Time: time.Hour}},
		"an explicit zero is zero":       {[]any{s.CoolOff, s.Extend, s.Zombie}, []any{time.Duration(0), time.Duration(0), time.Duration(0)}},
		"and the others keep theirs":     {[]any{y.CoolOff, y.Extend, y.Zombie}, []any{30 * day, 30 * day, 7 * day}},
		"offers":                         {[]int{s.MaxOffers, y.MaxOffers}, []int{5, 3}},
		"near":                           {[]float64{s.Near, y.Near}, []float64{20, 500}},
		"note":                           {[]lead.Span{s.Note, y.Note}, []lead.Span{{Time: 2 * time.Hour}, {Days: 1}}},
		"verify":                         {[]lead.Span{s.Verify, y.Verify, none.Verify}, []lead.Span{{Days: 1}, {Days: 3}, {Days: 3}}},
		"talk":                           {[]time.Duration{s.Talk, y.Talk}, []time.Duration{time.Minute, 30 * time.Second}},
		"warnings are not mixed":         {[][]time.Duration{s.Warn, y.Warn}, [][]time.Duration{{2 * time.Hour}, defaults.Warn}},
		"whose last warning is told":     {s.Ladder, map[lead.Grade]bool{"A+": true, "D": true, "": true}},
		"and all elsewhere":              {y.Ladder, defaults.Ladder},
		"first contact, A, schools":      {s.FirstContact["A"], lead.Span{Time: 4 * time.Hour}},
		"first contact, B, schools":      {s.FirstContact["B"], lead.Span{Days: 1}},
		"first contact, A, young":        {y.FirstContact["A"], lead.Span{Time: time.Hour}},
		"a lead without a grade is a D":  {[]lead.Span{y.FirstContact[""], s.FirstContact[""]}, []lead.Span{{Days: 9}, {Days: 9}}},
		"pools":                          {[]string{y.Pool, s.Pool, none.Pool, p.Rules("gone").Pool}, []string{"open-sea", "school-pool", "open-sea", "open-sea"}},
		"every pool's rests everywhere":  {s.Pools, y.Pools},
		"the freeze of a pool":           {s.Pools["open-sea"].Freeze, time.Hour},
		"the cycle of a pool without it": {y.Pools["school-pool"], lead.Resting{Cycle: 30 * day}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

// TestTeamHours: a team's deadlines count its own working time, in its zone and by
// its calendar.
func TestTeamHours(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Teams = append(d.Teams, d.Teams[1], d.Teams[1], d.Teams[1])
	d.Teams[2].ID, d.Teams[2].Hours = "berlin", &policy.Week{Zone: "Europe/Berlin", Shifts: d.Teams[1].Hours.Shifts, Calendar: "germany"}
	d.Teams[3].ID, d.Teams[3].Hours = "always", &policy.Week{}
	d.Teams[4].ID, d.Teams[4].Hours = "never", nil
	p := compile(t, d)
	const layout = "Mon 2006-01-02 15:04"
	span := lead.Span{Time: 4 * time.Hour} // until schools accept
	for _, c := range []struct{ team, zone, from, want string }{
		{"schools", "Asia/Shanghai", "Fri 2026-03-06 17:00", "Mon 2026-03-09 11:00"},
		{"schools", "Asia/Shanghai", "Wed 2026-03-04 09:00", "Wed 2026-03-04 13:00"},
		{"schools", "Asia/Shanghai", "Wed 2026-09-30 17:00", "Thu 2026-10-08 11:00"}, // the house's holidays
		{"schools", "Asia/Shanghai", "Fri 2026-10-09 17:00", "Sat 2026-10-10 11:00"}, // a Saturday that is worked
		{"young", "Asia/Shanghai", "Fri 2026-03-06 19:00", "Sat 2026-03-07 11:00"},
		{"berlin", "Europe/Berlin", "Thu 2026-04-02 17:00", "Tue 2026-04-07 11:00"}, // Easter
		{"always", "UTC", "Fri 2026-03-06 23:00", "Sat 2026-03-07 03:00"},
	} {
		zone := lead.Zone(c.zone)
		from, err := time.ParseInLocation(layout, c.from, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Rules(c.team).Hours.After(from, span).In(zone).Format(layout); got != c.want {
			t.Errorf("%s, %v from %s: %s, want %s", c.team, span, c.from, got, c.want)
		}
	}
	if h := p.Rules("never").Hours; h != nil {
		t.Errorf("a team without hours works around the clock, not %v", h)
	}
	offered := lead.Lead{State: lead.StateOffered, Team: "schools", Period: &lead.Period{Rep: "fei", Start: time.Date(2026, 3, 6, 17, 0, 0, 0, lead.Zone("Asia/Shanghai"))}}
	ahead := lead.Ahead(offered, p.Rules("schools"))
	if end := ahead[len(ahead)-1]; end.Do != lead.DutyWithdraw || end.At.In(lead.Zone("Asia/Shanghai")).Format(layout) != "Mon 2026-03-09 11:00" {
		t.Errorf("an offer of Friday 17:00 ends: %+v", ahead)
	}
}
