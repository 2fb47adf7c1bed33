package policy_test

import (
	"slices"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestSegments: a lead that is given back rests in the pool of the first segment
// that is for it, also where it has no team and the fallback's pools count.
func TestSegments(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Teams[0].Pools = []lead.Segment{
		{Grades: []lead.Grade{"A+", "A"}, Countries: []string{"SG", "DE"}, Pool: "school-pool"},
		{Channels: []string{"referral"}, Products: []string{"kids-math"}, Pool: "best"},
		{Channels: []string{"referral"}, Pool: "school-pool"},
	}
	d.Pools = append(d.Pools, policy.Pool{ID: "best", Name: "Best"})
	p := compile(t, d)
	for _, c := range []struct {
		grade                           lead.Grade
		product, channel, country, want string
	}{
		{"A", "kids-coding", "website", "DE", "school-pool"},
		{"A", "kids-coding", "website", "CN", "open-sea"},
		{"B", "kids-coding", "website", "DE", "open-sea"},
		{"A", "kids-math", "referral", "SG", "school-pool"}, // the first that fits
		{"B", "kids-math", "referral", "SG", "best"},
		{"B", "kids-coding", "referral", "", "school-pool"},
	} {
		l := lead.Lead{State: lead.StateWorking, Grade: c.grade, Product: c.product, Facts: lead.Facts{Channel: c.channel, Country: c.country},
			Period: &lead.Period{Rep: "amy", Start: noon}}
		for _, team := range []string{"young", ""} {
			after, _, err := lead.Run(l, lead.System("test"), p.Rules(team), noon, lead.Release{Rep: "amy", Reason: "too far"})
			if err != nil || after.Pool != c.want {
				t.Errorf("%+v of team %q rests in %s: %v", c, team, after.Pool, err)
			}
		}
	}
}

func TestPoolsAndLists(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Pools[1].RevealDaily, d.Pools[1].HoldOut, d.Pools[1].Archive = new(0), new(0.0), new(policy.Duration(90*day))
	d.Pools[1].Sweep, d.Deadlines.Sweep = nil, new(policy.Duration(40*day))
	p := compile(t, d)
	sea, schools := p.Stock("open-sea"), p.Stock("school-pool")
	if sea.HoldOut != 0.1 || sea.List != "callers" || sea.Archive != 730*day || sea.Reactivate == nil || sea.Reactivate.Subject == "" {
		t.Errorf("the stock of the open sea: %+v", sea)
	}
	if schools != (policy.Stock{Archive: 90 * day}) || p.RevealLimit("school-pool") != 0 || p.RevealLimit("open-sea") != 10 {
		t.Errorf("an explicit zero is zero: %+v, %d reveals", schools, p.RevealLimit("school-pool"))
	}
	if r := p.Rules("young").Pools; r["open-sea"] != (lead.Resting{Cycle: 30 * day, Freeze: time.Hour}) || r["school-pool"] != (lead.Resting{Cycle: 40 * day}) {
		t.Errorf("a pool that names no cycle has the house's: %+v", r)
	}
	if l, ok := p.List("callers"); !ok || l.Name == "" || l.URL != "" || len(p.Lists()) != 1 {
		t.Errorf("call list %+v, %t", l, ok)
	}
	if _, ok := p.List("nobody"); ok {
		t.Error("an unknown call list is found")
	}
	if ways := p.Ways(lead.GradeB); !slices.Equal(ways, []string{"mail", "case studies", "demo"}) || p.Ways("") != nil {
		t.Errorf("ways of B %v, of no grade %v", ways, p.Ways(""))
	}
	if letter := p.LightTouch(); letter == nil || letter.Text == "" {
		t.Errorf("light touch %+v", letter)
	}
	if policy.List(policy.Document{}, 1).LightTouch() != nil {
		t.Error("a light touch out of nowhere")
	}
}

// TestLikely: a pool's own condition sees what routing rules see, and one that
// cannot be asked of a lead does not hold.
func TestLikely(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Pools[0].Likely = `grade == "B" and age_days >= 10 or answer.age * 2 == 16 or "east" in territories`
	p := compile(t, d)
	for name, c := range map[string]struct {
		lead lead.Lead
		want bool
	}{
		"old enough":             {lead.Lead{Grade: "B", Created: noon.AddDate(0, 0, -10)}, true},
		"too new":                {lead.Lead{Grade: "B", Created: noon.AddDate(0, 0, -9)}, false},
		"another grade":          {lead.Lead{Grade: "A", Created: noon.AddDate(0, 0, -10)}, false},
		"by an answer":           {lead.Lead{Grade: "D", Created: noon, Facts: lead.Facts{Answers: map[string]any{"age": 8.0}}}, true},
		"by a territory":         {lead.Lead{Grade: "D", Created: noon, Facts: lead.Facts{Country: "CN", City: "Shanghai", Answers: map[string]any{"age": 9.0}}}, true},
		"that cannot be asked":   {lead.Lead{Grade: "D", Created: noon, Facts: lead.Facts{Answers: map[string]any{"age": "eight"}}}, false},
		"of another pool":        {lead.Lead{Pool: "school-pool", Grade: "A", Created: noon}, true},
		"of a pool that is gone": {lead.Lead{Pool: "gone", Grade: "A+", Created: noon}, false},
	} {
		if c.lead.Pool == "" {
			c.lead.Pool = "open-sea"
		}
		if got := p.Likely(c.lead, noon); got != c.want {
			t.Errorf("%s: likely %t, want %t", name, got, c.want)
		}
	}
}

// TestContactFrom: the limits count days by the clocks of where the person is,
// those for everybody and those of the grade, and none after an opt-out.
func TestContactFrom(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		t.Helper()
		when, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	none := policy.Contact{Limits: []lead.Limit{}, Grades: map[lead.Grade][]lead.Limit{}}
	for name, c := range map[string]struct {
		contact  policy.Contact
		contacts []string // UTC
		grade    lead.Grade
		country  string
		now      string
		want     string
	}{
		"nobody yet":                   {country: "CN", now: "2026-03-04 12:00", want: "2026-03-04 12:00"},
		"once a day":                   {country: "CN", contacts: []string{"2026-03-04 02:00"}, now: "2026-03-04 12:00", want: "2026-03-04 16:00"},
		"another day there already":    {country: "CN", contacts: []string{"2026-03-04 15:59"}, now: "2026-03-04 16:00", want: "2026-03-04 16:00"},
		"by the zone of the country":   {country: "DE", contacts: []string{"2026-03-04 15:59"}, now: "2026-03-04 16:00", want: "2026-03-04 23:00"},
		"else by the house's":          {country: "FR", contacts: []string{"2026-03-04 02:00"}, now: "2026-03-04 12:00", want: "2026-03-04 16:00"},
		"three in seven days":          {country: "SG", contacts: []string{"2026-03-01 02:00", "2026-03-02 02:00", "2026-03-03 02:00"}, now: "2026-03-04 02:00", want: "2026-03-07 16:00"},
		"twice in seven days, grade C": {country: "SG", grade: "C", contacts: []string{"2026-03-01 02:00", "2026-03-02 02:00"}, now: "2026-03-04 02:00", want: "2026-03-07 16:00"},
		"but not for grade B":          {country: "SG", grade: "B", contacts: []string{"2026-03-01 02:00", "2026-03-02 02:00"}, now: "2026-03-04 02:00", want: "2026-03-04 02:00"},
		"without limits":               {contact: none, country: "CN", grade: "A", contacts: []string{"2026-03-04 02:00"}, now: "2026-03-04 12:00", want: "2026-03-04 12:00"},
	} {
		d := sample(t)
		if c.contact.Limits != nil {
			d.Contact.Limits, d.Contact.Grades = c.contact.Limits, c.contact.Grades
		}
		p := compile(t, d)
		var person lead.Person
		for _, contact := range c.contacts {
			person.Contacts = append(person.Contacts, at(contact))
		}
		l := lead.Lead{Grade: c.grade, Facts: lead.Facts{Country: c.country}}
		if got := p.ContactFrom(person, l, at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%s: from %v, want %s", name, got, c.want)
		}
		person.OptOut = at(c.now)
		if got := p.ContactFrom(person, l, at(c.now)); !got.IsZero() {
			t.Errorf("%s: contacted from %v after opting out", name, got)
		}
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	d := sample(t)
	p := compile(t, d)
	d.Contact.Quiet = &hours.Quiet{}
	loud := compile(t, d)
	for _, c := range []struct {
		country, now string
		want         bool
	}{
		{"CN", "2026-03-04T12:59:59Z", false}, // 20:59:59
		{"CN", "2026-03-04T13:00:00Z", true},
		{"CN", "2026-03-04T23:59:59Z", true},
		{"CN", "2026-03-05T00:00:00Z", false},
		{"DE", "2026-03-04T13:00:00Z", false},
		{"DE", "2026-03-04T20:00:00Z", true},
		{"DE", "2026-07-01T19:00:00Z", true}, // summer time
		{"US", "2026-03-04T13:00:00Z", true},
		{"FR", "2026-03-04T13:00:00Z", true}, // the house's zone
		{"", "2026-03-04T13:00:00Z", true},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		l := lead.Lead{Facts: lead.Facts{Country: c.country}}
		if got := p.Quiet(l, now); got != c.want {
			t.Errorf("quiet in %q at %s: %t", c.country, c.now, got)
		}
		if until := p.Rules("young").Quiet.Until(now, c.country); until.After(now) != c.want {
			t.Errorf("the rules have it quiet in %q at %s until %v", c.country, c.now, until)
		}
		if loud.Quiet(l, now) {
			t.Errorf("an empty quiet is none: quiet in %q at %s", c.country, c.now)
		}
	}
}
