package policy_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/rule"
)

// TestCleansingByDefault: what a document does not say of cleansing is this, and the
// sample says no more, but for addresses of example.com.
func TestCleansingByDefault(t *testing.T) {
	t.Parallel()
	d := sample(t)
	said := compile(t, d).Cleansing()
	d.Cleanse = policy.Cleanse{}
	left := compile(t, d).Cleansing()
	if left.Team != "young" || left.Disposable != policy.Drop || left.Undeliverable != policy.Drop || left.Role != policy.Accept ||
		left.Names != policy.Drop || left.Merge != 0.999 || left.Review != 0.5 {
		t.Errorf("by default %+v", left)
	}
	for detail, want := range map[string]policy.Survival{
		lead.DetailName: policy.Longest, lead.DetailCompany: policy.Longest,
		lead.DetailPhone: policy.Newest, lead.DetailEmail: policy.Newest, lead.DetailPlace: policy.Newest,
	} {
		if a, b := left.Survive(detail), said.Survive(detail); a != want || b != want {
			t.Errorf("of %s the %s is kept, in the sample the %s; want the %s", detail, a, b, want)
		}
	}
	if said.Undeliverable != policy.Accept {
		t.Error("the sample refuses the addresses it has")
	}
	if said.Team != left.Team || said.Merge != left.Merge || said.Review != left.Review || said.Disposable != left.Disposable ||
		said.Role != left.Role || said.Names != left.Names {
		t.Errorf("the sample says %+v, by default %+v", said, left)
	}
}

func TestCleansingAsSaid(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Cleanse = policy.Cleanse{Team: "schools", Disposable: policy.Quarantine, Undeliverable: policy.Accept, Role: policy.Drop, Names: policy.Accept,
		Merge: new(1.0), Review: new(0.001), Survive: map[string]policy.Survival{lead.DetailName: policy.Oldest, lead.DetailPhone: policy.Longest}}
	c := compile(t, d).Cleansing()
	if c.Team != "schools" || c.Disposable != policy.Quarantine || c.Undeliverable != policy.Accept || c.Role != policy.Drop || c.Names != policy.Accept ||
		c.Merge != 1 || c.Review != 0.001 {
		t.Errorf("%+v", c)
	}
	if c.Survive(lead.DetailName) != policy.Oldest || c.Survive(lead.DetailPhone) != policy.Longest || c.Survive(lead.DetailEmail) != policy.Newest {
		t.Error("what survives is not what was said")
	}
}

// firms is an enricher that says nothing but what it must.
func firms() policy.Enricher {
	return policy.Enricher{ID: "firms", URL: "https://firms.example.com/", Facts: map[string]string{"industry": "/industry", "headcount": "/staff"}}
}

func TestEnrichers(t *testing.T) {
	t.Parallel()
	d := sample(t)
	second, times := policy.Duration(time.Second), 3
	d.Enrichers = []policy.Enricher{firms(), {ID: "lines", URL: "https://lines.example.com/", Send: []string{policy.SendPhone},
		Facts: map[string]string{"line": "/type"}, Timeout: &second, Daily: new(0), Failures: &times, Pause: &second}}
	p := compile(t, d)
	first, ok := p.Enricher("firms")
	if want := (policy.Enrichment{ID: "firms", URL: "https://firms.example.com/", Send: []string{policy.SendDomain}, Facts: d.Enrichers[0].Facts,
		Timeout: 3 * time.Second, Daily: 1000, Failures: 5, Pause: 5 * time.Minute}); !ok || !reflect.DeepEqual(first, want) {
		t.Errorf("%+v, want the defaults %+v", first, want)
	}
	other, ok := p.Enricher("lines")
	if !ok || other.Timeout != time.Second || other.Daily != 0 || other.Failures != 3 || other.Pause != time.Second || !slices.Equal(other.Send, []string{policy.SendPhone}) {
		t.Errorf("%+v", other)
	}
	if _, ok := p.Enricher("nobody"); ok {
		t.Error("an unknown enricher is found")
	}
	for name, c := range map[string]struct {
		facts lead.Facts
		want  string
	}{
		"nothing is known": {lead.Facts{}, "firms lines"},
		"all is known":     {lead.Facts{Industry: "Education", Headcount: "11-50", Line: "mobile"}, ""},
		"one of two":       {lead.Facts{Industry: "Education", Line: "mobile"}, "firms"},
		"of the other":     {lead.Facts{Industry: "Education", Headcount: "11-50"}, "lines"},
		"what nobody asks": {lead.Facts{Industry: "Education", Headcount: "11-50", Line: "mobile", City: ""}, ""},
	} {
		var able []string
		for _, e := range p.Enrichers(c.facts) {
			able = append(able, e.ID)
		}
		if got := strings.Join(able, " "); got != c.want {
			t.Errorf("%s: %q can tell, want %q", name, got, c.want)
		}
	}
}

// TestCheckCleansingAtTheBounds: what is just within the bounds is let through, what
// is just beyond is told at its path.
func TestCheckCleansingAtTheBounds(t *testing.T) {
	t.Parallel()
	d := func(d time.Duration) *policy.Duration { return new(policy.Duration(d)) }
	one := func(p *policy.Document, edit func(*policy.Enricher)) {
		e := firms()
		edit(&e)
		p.Enrichers = []policy.Enricher{e}
	}
	url := func(bad, good string) func(*policy.Document, bool) {
		return func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.URL = either(beyond, bad, good) })
		}
	}
	pointer := func(bad, good string) func(*policy.Document, bool) {
		return func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.Facts["industry"] = either(beyond, bad, good) })
		}
	}
	for name, c := range map[string]struct {
		path string
		edit func(*policy.Document, bool)
	}{
		"the team": {"cleanse.team", func(p *policy.Document, beyond bool) { p.Cleanse.Team = either(beyond, "cleaners", "schools") }},
		"merge below review": {"cleanse.merge", func(p *policy.Document, beyond bool) {
			p.Cleanse.Merge, p.Cleanse.Review = new(either(beyond, 0.9499, 0.95)), new(0.95)
		}},
		"review above the default": {"cleanse.review", func(p *policy.Document, beyond bool) {
			p.Cleanse.Merge, p.Cleanse.Review = nil, new(either(beyond, 0.9991, 0.999))
		}},
		"merge below the default": {"cleanse.merge", func(p *policy.Document, beyond bool) {
			p.Cleanse.Merge, p.Cleanse.Review = new(either(beyond, 0.4999, 0.5)), nil
		}},
		"a list's form": {"forms[0].unverified", func(p *policy.Document, beyond bool) {
			p.Forms[0].Unverified, p.Routing.Fallback, p.Cleanse.Team = true, "", either(beyond, "", "schools")
		}},
		"two enrichers of a name": {"enrichers[1].id", func(p *policy.Document, beyond bool) {
			p.Enrichers = []policy.Enricher{firms(), firms()}
			p.Enrichers[1].ID = either(beyond, "firms", "other")
		}},
		"a name that marks other facts": {"enrichers[0].id", func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.ID = either(beyond, lead.FromDesk, "desks") })
		}},
		"too quick": {"enrichers[0].timeout", func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.Timeout = d(either(beyond, 0, time.Second)) })
		}},
		"too slow": {"enrichers[0].timeout", func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.Timeout = d(either(beyond, 11*time.Second, 10*time.Second)) })
		}},
		"no pause": {"enrichers[0].pause", func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.Pause = d(either(beyond, 0, time.Second)) })
		}},
		"a long pause": {"enrichers[0].pause", func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.Pause = d(either(beyond, day+time.Second, day)) })
		}},
		"a fact": {"enrichers[0].facts.fit", func(p *policy.Document, beyond bool) {
			one(p, func(e *policy.Enricher) { e.Facts[either(beyond, "fit", "city")] = "/fit" })
		}},
		"plain http":        {"enrichers[0].url", url("http://firms.example.com/", "http://127.0.0.1:8099/")},
		"of this machine":   {"enrichers[0].url", url("http://10.0.0.1/", "http://localhost/")},
		"a private address": {"enrichers[0].url", url("https://192.168.0.1/", "https://192.169.0.1/")},
		"of the link":       {"enrichers[0].url", url("https://[fe80::1]/", "https://[2a00::1]/")},
		"of no dot":         {"enrichers[0].url", url("https://metadata/", "https://metadata.example.com./")},
		"a user":            {"enrichers[0].url", url("https://key@firms.example.com/", "https://firms.example.com/?key=1")},
		"a number":          {"enrichers[0].url", url("https://firms.1/", "https://firms.1x.com/")},
		"a tilde":           {"enrichers[0].facts.industry", pointer("/a~/b", "/a~0/b")},
		"a tilde more":      {"enrichers[0].facts.industry", pointer("/a~2", "/a~01~10")},
		"a slash":           {"enrichers[0].facts.industry", pointer("a/b", "/a/b/0")},
	} {
		if paths := faults(t, func(p *policy.Document) { c.edit(p, true) }); !slices.Contains(paths, c.path) {
			t.Errorf("%s: beyond the bound there are faults at %q", name, paths)
		}
		if paths := faults(t, func(p *policy.Document) { c.edit(p, false) }); slices.Contains(paths, c.path) {
			t.Errorf("%s: within the bound there is a fault", name)
		}
	}
}

// TestConditionsOfCompanies: what a form asks of companies and what enrichers tell
// are facts that conditions name; where they come from is not.
func TestConditionsOfCompanies(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Forms[2].Fields = append(d.Forms[2].Fields, form.Field{Name: "branch", Kind: form.IndustryKind}, form.Field{Name: "staff", Kind: form.HeadcountKind})
	when := `industry == "Education" and headcount in ["11-50", "51-200"] and carrier != "" and not free_mail and not role_mail`
	d.Score.Profile = append(d.Score.Profile, d.Score.Profile[0])
	last := &d.Score.Profile[len(d.Score.Profile)-1]
	last.Name, last.When = "a school that we know", when
	d.Routing.Rules = append(d.Routing.Rules, d.Routing.Rules[3])
	d.Routing.Rules[3].Name, d.Routing.Rules[3].When = "schools that we know", when
	d.Pools[0].Likely = when
	if found := policy.Check(d); len(found) > 0 {
		t.Fatalf("faults %v", found)
	}
	p := compile(t, d)
	school := lead.Facts{Product: "kids-math", Industry: "Education", Headcount: "11-50", Carrier: "Three", Company: true, HasEmail: true}
	private := school
	private.FreeMail = true
	if a, b := p.Score(lead.Lead{}, school, time.Now()).Fit, p.Score(lead.Lead{}, private, time.Now()).Fit; a-b != last.Points {
		t.Errorf("fit %d and %d", a, b)
	}
	for name, facts := range map[string]lead.Facts{"schools that we know": school, "kids": private} {
		if choice := placed(p, lead.Lead{Grade: lead.GradeB}, facts, reps(t), noon); choice.Rule != name {
			t.Errorf("by %q, want %q", choice.Rule, name)
		}
	}
	for _, bad := range []string{`origins != nil`, `origins.industry == "firms"`, `answer.branch == "Education"`, `Industry == "Education"`, `headcount > 50`, `free_mail == "yes"`} {
		d := sample(t)
		d.Forms[2].Fields = append(d.Forms[2].Fields, form.Field{Name: "branch", Kind: form.IndustryKind})
		d.Routing.Rules[0].When = bad
		if found := policy.Check(d); !slices.ContainsFunc(found, func(p rule.Problem) bool { return p.Path == "routing.rules[0].when" }) {
			t.Errorf("%s: faults %v", bad, found)
		}
	}
}
