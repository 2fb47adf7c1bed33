package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/route"
	"sluice/shared/score"
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
	came := lead.Lead{Created: noon}
	score := p.Score(came, facts, noon)
	if score.Grade != lead.GradeAPlus || score.Fit != 85 || score.Behaviour != 25 || score.Maturity != lead.Warm || score.Reasons[0] != "right age +30" {
		t.Errorf("score %+v", score)
	}
	young := p.Score(came, lead.Facts{Answers: map[string]any{"age": 2.0}}, noon)
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
		"score.grades[4].when": func(d *policy.Document) {
			d.Score.Matrix, d.Score.Grades = nil, byConditions()
			d.Score.Grades[4].When = "fit > 0"
		},
		"score.matrix.grades[1]":  func(d *policy.Document) { d.Score.Matrix.Grades[1] = []lead.Grade{"A"} },
		"score.grades":            func(d *policy.Document) { d.Score.Grades = byConditions() },
		"score.profile[2].bands":  func(d *policy.Document) { d.Score.Profile[2].Points = 5 },
		"score.hot":               func(d *policy.Document) { d.Score.Hot.Behaviour, d.Score.Hot.Chance = 0, 0 },
		"score.behaviour.signals": func(d *policy.Document) { d.Score.Behaviour.Signals["fax"] = score.Gain{Points: 1, Cap: 1} },
		"pools[0].likely":         func(d *policy.Document) { d.Pools[0].Likely = "has_fone" },
		"pools[0].list":           func(d *policy.Document) { d.Lists = nil },
		"teams[1].pools[0].pool":  func(d *policy.Document) { d.Teams[1].Pools = []lead.Segment{{Grades: lead.Grades, Pool: "nowhere"}} },
		"teams[1].hours.calendar": func(d *policy.Document) { d.Calendars = nil },
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

// TestRecordKeepsNothingGiven: a list or quiet hours that are given as none are
// none after the document was kept as well, and not the default.
func TestRecordKeepsNothingGiven(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Deadlines.TellManager, d.Deadlines.Extend = []lead.Grade{}, new(policy.Duration(0))
	d.Contact = policy.Contact{Limits: []lead.Limit{}, Grades: map[lead.Grade][]lead.Limit{}, Quiet: &hours.Quiet{}}
	d.Pools[0].HoldOut, d.Pools[0].RevealDaily = new(0.0), new(0)
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Record{Version: 7, Document: data}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	r, want := p.Rules("young"), compile(t, d).Rules("young")
	if r.Ladder[lead.GradeA] || r.Extend != 0 || !reflect.DeepEqual(r.Ladder, want.Ladder) {
		t.Errorf("the manager is told of %v, an extension is %v", r.Ladder, r.Extend)
	}
	person := lead.Person{Contacts: []time.Time{noon, noon, noon, noon, noon, noon, noon, noon}}
	l := lead.Lead{Grade: lead.GradeA, Pool: "open-sea"}
	if from := p.ContactFrom(person, l, noon); !from.Equal(noon) || p.Quiet(l, noon.Add(8*time.Hour)) {
		t.Errorf("contacted from %v, and quiet", from)
	}
	if p.Stock("open-sea").HoldOut != 0 || p.RevealLimit("open-sea") != 0 {
		t.Error("a zero of a pool is lost")
	}
	if !reflect.DeepEqual(p.Document(), d) {
		t.Error("the document changed on its way")
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
