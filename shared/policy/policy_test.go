package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/route"
)

const (
	day  = 24 * time.Hour
	path = "../../testdata/policies/"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func sample(t testing.TB) policy.Document {
	t.Helper()
	source, err := os.ReadFile(path + "sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, faults := document.Parse(source)
	if faults != nil {
		t.Fatal(faults)
	}
	return d
}

func reps(t testing.TB) []lead.Rep {
	t.Helper()
	source, err := os.ReadFile(path + "reps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	reps, faults := document.ParseReps(source)
	if faults != nil {
		t.Fatal(faults)
	}
	return reps
}

func compile(t testing.TB, d policy.Document) *policy.Policy {
	t.Helper()
	p, err := policy.Compile(d, 7)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDefaults are the figures of the product's description: a document that
// says nothing of them has these.
func TestDefaults(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Deadlines, d.Limits, d.Retention = policy.Deadlines{}, policy.Limits{}, policy.Retention{}
	d.Pools[0].ClaimDaily, d.Locale, d.NumberPrefix = nil, "", ""
	p := compile(t, d)
	r := p.Rules("young")
	for name, c := range map[string]struct{ got, want any }{
		"new":            {r.New, 2 * time.Minute},
		"routing":        {r.Routing, 2 * time.Minute},
		"accept":         {r.Accept, 60 * time.Minute},
		"triage":         {r.Triage, 4 * time.Hour},
		"manager":        {r.Manager, 24 * time.Hour},
		"nurture":        {r.Nurture, 30 * day},
		"hold":           {r.Hold, 30 * day},
		"handoff":        {r.Handoff, 24 * time.Hour},
		"sweep":          {r.Sweep, 30 * day},
		"protect":        {r.Protect, 30 * day},
		"cool-off":       {r.CoolOff, 30 * day},
		"step grace":     {r.StepGrace, 24 * time.Hour},
		"offers":         {r.MaxOffers, 2},
		"first, A+":      {r.FirstContact["A+"], time.Hour},
		"first, A":       {r.FirstContact["A"], time.Hour},
		"first, B":       {r.FirstContact["B"], 24 * time.Hour},
		"first, C":       {r.FirstContact["C"], 3 * day},
		"first, D":       {r.FirstContact["D"], 7 * day},
		"first, none":    {r.FirstContact[""], 7 * day},
		"cadence, A+":    {r.Cadence["A+"], day},
		"cadence, A":     {r.Cadence["A"], 2 * day},
		"cadence, B":     {r.Cadence["B"], 5 * day},
		"cadence, C":     {r.Cadence["C"], 10 * day},
		"cadence, D":     {r.Cadence["D"], 10 * day},
		"cadence, none":  {r.Cadence[""], 10 * day},
		"claims a day":   {p.ClaimLimit("open-sea"), 20},
		"raw posts":      {p.KeepSubmissions(), 90 * day},
		"locale":         {p.Locale(), "en"},
		"prefix":         {p.NumberPrefix(), "L"},
		"body":           {p.Limits().Body, 64 << 10},
		"fields":         {p.Limits().Fields, 200},
		"parts":          {p.Limits().Parts, 200},
		"name":           {p.Limits().Name, 100},
		"value":          {p.Limits().Value, 8 << 10},
		"policy version": {r.Policy, 7},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

func TestRulesOfTeams(t *testing.T) {
	t.Parallel()
	d := sample(t)
	zero, offers := policy.Duration(0), 5
	d.Deadlines.FirstContact = map[lead.Grade]policy.Duration{"D": policy.Duration(9 * day)}
	d.Teams[1].Deadlines.CoolOff, d.Teams[1].Deadlines.MaxOffers = &zero, &offers
	p := compile(t, d)
	young, schools, none := p.Rules("young"), p.Rules("schools"), p.Rules("")
	if young.Accept != time.Hour || schools.Accept != 4*time.Hour || none.Accept != time.Hour {
		t.Errorf("accept %v, %v, %v", young.Accept, schools.Accept, none.Accept)
	}
	if schools.CoolOff != 0 || schools.MaxOffers != 5 || young.CoolOff != 30*day || young.MaxOffers != 2 {
		t.Errorf("an explicit zero is zero: %v %d, %v %d", schools.CoolOff, schools.MaxOffers, young.CoolOff, young.MaxOffers)
	}
	if schools.FirstContact["A"] != 4*time.Hour || schools.FirstContact["B"] != day || young.FirstContact["A"] != time.Hour {
		t.Errorf("first contact %v, %v", schools.FirstContact, young.FirstContact)
	}
	if young.FirstContact[""] != 9*day || schools.FirstContact[""] != 9*day {
		t.Errorf("a lead without a grade counts as D: %v, %v", young.FirstContact[""], schools.FirstContact[""])
	}
	if young.Pool != "open-sea" || schools.Pool != "school-pool" || none.Pool != "open-sea" || p.Rules("gone").Pool != "open-sea" {
		t.Errorf("pools %s, %s, %s", young.Pool, schools.Pool, none.Pool)
	}
}

func TestSampleAnswers(t *testing.T) {
	t.Parallel()
	p := compile(t, sample(t))
	if f, ok := p.Form("trial"); !ok || f.Region != "CN" || f.Product != "kids-coding" {
		t.Errorf("form %+v, %t", f, ok)
	}
	if _, ok := p.Form("none"); ok || len(p.Forms()) != 3 {
		t.Error("an unknown form is found, or a known one is not")
	}
	if u, ok := p.User("AMY@example.com"); !ok || u.ID != "amy" || !u.Has(policy.RoleRep) || u.Has(policy.RoleOps) {
		t.Errorf("user %+v, %t", u, ok)
	}
	if u, ok := p.UserOfRep("dan"); !ok || u.ID != "dan" {
		t.Errorf("user of rep %+v, %t", u, ok)
	}
	if _, ok := p.UserOfRep(""); ok {
		t.Error("a user who is no rep is found as one")
	}
	for _, role := range policy.Roles {
		if !slices.ContainsFunc(p.Users(), func(u policy.User) bool { return u.Has(role) }) {
			t.Errorf("nobody has the role %s", role)
		}
	}
	if team, ok := p.Team("schools"); !ok || team.Dispatcher != "dora" || len(p.Teams()) != 2 {
		t.Errorf("team %+v, %t", team, ok)
	}
	if !p.IsMember("open-sea", lead.Rep{Teams: []string{"young"}}) || p.IsMember("school-pool", lead.Rep{Teams: []string{"young"}}) {
		t.Error("the members of a pool are the reps of its teams")
	}
	if p.ClaimLimit("school-pool") != 10 || p.Region() != "CN" || p.Version() != 7 || p.Name() != "Harbour Learning" {
		t.Error("plain fields are lost")
	}
}

// TestSampleScoresAndRoutes is what the README shows: good leads are graded well
// and are offered at any hour.
func TestSampleScoresAndRoutes(t *testing.T) {
	t.Parallel()
	p := compile(t, sample(t))
	facts := lead.Facts{Product: "kids-coding", Form: "trial", Channel: "website", Country: "CN", City: "Shanghai", HasPhone: true, HasEmail: true,
		Answers: map[string]any{"age": 8.0, "budget": "high"}}
	score := p.Score(facts)
	if score.Grade != lead.GradeAPlus || score.Fit != 85 || score.Reasons[0] != "right age +30" {
		t.Errorf("score %+v", score)
	}
	young := p.Score(lead.Facts{Answers: map[string]any{"age": 2.0}})
	if young.Grade != lead.GradeD || young.Reasons[0] != "disqualified: too young" {
		t.Errorf("score %+v", young)
	}
	delete(facts.Answers, "budget") // sensitive
	for hour := range 24 * 7 {
		now := noon.Add(time.Duration(hour) * time.Hour)
		for _, product := range []string{"kids-coding", "school-classes", "unknown"} {
			facts.Product = product
			choice := placed(p, lead.Lead{ID: "l", Grade: score.Grade, Fit: score.Fit}, facts, reps(t), now)
			if choice.Rep == "" || choice.Team == "" || choice.Rule == "" {
				t.Fatalf("%s at %v: %+v", product, now, choice)
			}
		}
	}
	facts.Product, facts.Channel = "kids-math", "purchased-list"
	if choice := placed(p, lead.Lead{Grade: lead.GradeD}, facts, reps(t), noon); choice.Pool != "open-sea" {
		t.Errorf("%+v", choice)
	}
	if choice := placed(p, lead.Lead{Grade: lead.GradeB}, facts, reps(t), noon); choice.Team != "young" || choice.Rule != "kids" {
		t.Errorf("%+v", choice)
	}
}

// placed is where the policy sends a lead.
func placed(p *policy.Policy, l lead.Lead, facts lead.Facts, reps []lead.Rep, now time.Time) lead.Choice {
	return p.Routing().Choose(route.Query{Lead: l, Facts: facts, Reps: reps, Now: now})
}

func TestCheckRep(t *testing.T) {
	t.Parallel()
	p := compile(t, sample(t))
	for _, r := range reps(t) {
		if problems := p.CheckRep(r); problems != nil {
			t.Errorf("%s: %v", r.ID, problems)
		}
		r.Teams, r.Zone = append([]string{"gone"}, r.Teams...), ""
		r.Territories, r.Calendar = []string{"moon"}, "lunar"
		var paths []string
		problems := p.CheckRep(r)
		for _, problem := range problems {
			paths = append(paths, problem.Path)
		}
		if !slices.Equal(paths, []string{"zone", "teams[0]", "territories[0]", "calendar"}) {
			t.Errorf("%s: %v", r.ID, problems)
		}
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	p := compile(t, sample(t))
	all := []lead.Rep{
		{ID: "a", Teams: []string{"young"}, Turns: map[string]int{"young": 50}},
		{ID: "b", Teams: []string{"young"}, Turns: map[string]int{"young": 10}},
	}
	if a, b := p.Advance("young", all[0], all), p.Advance("young", all[1], all); a != 1 || b != 40 {
		t.Errorf("steps %d and %d, want 1 and 40", a, b)
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for want, edit := range map[string]func(*policy.Document){
		"score.profile[0].when": func(d *policy.Document) { d.Score.Profile[0].When = "has_fone" },
		"routing.rules[0].team": func(d *policy.Document) { d.Routing.Rules[0].Team = "nobody" },
		"routing.fallback":      func(d *policy.Document) { d.Routing.Fallback = "" },
		"teams[0].pool":         func(d *policy.Document) { d.Teams[0].Pool = "nowhere" },
		"teams[1].dispatcher":   func(d *policy.Document) { d.Teams[1].Dispatcher = "" },
		"score.grades[4].when":  func(d *policy.Document) { d.Score.Grades[4].When = "fit > 0" },
	} {
		d := sample(t)
		edit(&d)
		if p, err := policy.Compile(d, 1); p != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	record := policy.Record{Version: 3, At: noon, Author: "omar", Reason: "first", Document: data, Source: "# as it came"}
	stored, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	var back policy.Record
	if err := json.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	p, err := back.Compile()
	if err != nil || p.Version() != 3 || back.Source != record.Source || !back.At.Equal(noon) {
		t.Errorf("%v: %+v", err, back)
	}
	again, err := json.Marshal(p.Document())
	if err != nil || string(again) != string(data) {
		t.Errorf("the document changed on its way: %v", err)
	}
	if _, err := (policy.Record{Version: 4, Document: []byte(`{"deadlines":{"accept":"soon"}}`)}).Compile(); err == nil {
		t.Error("a broken record compiles")
	}
}

func BenchmarkCompile(b *testing.B) {
	d := sample(b)
	data, err := json.Marshal(d)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (policy.Record{Version: 1, Document: data}).Compile(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRoute is one decision with 200 rules, of which the last holds, and
// 500 reps in five zones; it is to take 200 µs at most.
func BenchmarkRoute(b *testing.B) {
	d := sample(b)
	d.Routing.Rules = nil
	for i := range 200 {
		d.Routing.Rules = append(d.Routing.Rules, route.Rule{
			Name: fmt.Sprintf("rule %d", i), Team: "young",
			When: fmt.Sprintf(`campaign == "c%d" and country in ["CN", "SG"] and answer.age >= 4`, i),
		})
	}
	p := compile(b, d)
	zones := []string{"Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Asia/Singapore"}
	limit := 100
	var all []lead.Rep
	for i := range 500 {
		all = append(all, lead.Rep{
			ID: fmt.Sprint("rep-", i), Teams: []string{"young"}, Active: true, Zone: zones[i%len(zones)], Cap: &limit, Quota: &limit,
			Shifts: []lead.Shift{{Days: []time.Weekday{1, 2, 3, 4, 5}, From: "09:00", To: "12:00"}, {Days: []time.Weekday{1, 2, 3, 4, 5}, From: "13:00", To: "18:00"}},
			Turns:  map[string]int{"young": i % 7},
		})
	}
	facts := lead.Facts{Campaign: "c199", Country: "CN", Answers: map[string]any{"age": 7.0}}
	b.ReportAllocs()
	for b.Loop() {
		if choice := placed(p, lead.Lead{ID: "l"}, facts, all, noon); choice.Rep == "" || choice.Rule != "rule 199" {
			b.Fatal(choice)
		}
	}
}
