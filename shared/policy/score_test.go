package policy_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// TestScoreByDefault pins what scoring goes by where a policy says nothing.
func TestScoreByDefault(t *testing.T) {
	t.Parallel()
	gain := func(points, cap float64) score.Gain { return score.Gain{Points: points, Cap: cap} }
	if want := map[lead.SignalKind]score.Gain{
		"open": gain(2, 8), "click": gain(6, 18), "visit": gain(4, 16), "dwell": gain(1, 12), "download": gain(10, 25), "event": gain(20, 40),
		"reply": gain(25, 50), "enquiry": gain(25, 50), "talk": gain(20, 40),
	}; !maps.Equal(score.Gains, want) {
		t.Errorf("gains %v, want %v", score.Gains, want)
	}
	won, closed := score.Learn{}.Floor()
	for name, c := range map[string]struct{ got, want any }{
		"half-life": {score.HalfLife, 14.0},
		"hot":       {score.DefaultHot, score.Bar{Fit: 40, Behaviour: 45, Chance: 0.5}},
		"warm":      {score.DefaultWarm, score.Bar{Behaviour: 20, Chance: 0.15}},
		"won":       {won, 120},
		"closed":    {closed, 1000},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	d := sample(t)
	d.Score = score.Spec{Profile: []score.Rule{{Name: "phone given", When: "has_phone", Points: 40}}, Grades: []score.GradeRule{{Grade: lead.GradeD}}}
	if problems := policy.Check(d); problems != nil {
		t.Fatal(problems)
	}
	p := compile(t, d)
	phone := lead.Facts{HasPhone: true}
	for name, c := range map[string]struct {
		days, chance float64
		signals      []lead.Signal
		facts        lead.Facts
		behaviour    int
		maturity     lead.Maturity
	}{
		"an enquiry":                     {facts: phone, behaviour: 25, maturity: lead.Warm},
		"an enquiry of a fortnight":      {days: 14, facts: phone, behaviour: 13, maturity: lead.Cold}, // half of it
		"and a reply":                    {facts: phone, signals: signals(lead.SignalReply, 0), behaviour: 50, maturity: lead.Hot},
		"and a reply, and no fit":        {signals: signals(lead.SignalReply, 0), behaviour: 50, maturity: lead.Warm},
		"and many clicks, which are few": {facts: phone, signals: signals(lead.SignalClick, 0, 0, 0, 0, 0, 0), behaviour: 43, maturity: lead.Warm},
		"nothing, and a good chance":     {days: 300, facts: phone, chance: 0.5, maturity: lead.Hot},
		"nothing, and some chance":       {days: 300, facts: phone, chance: 0.15, maturity: lead.Warm},
		"nothing, and little chance":     {days: 300, facts: phone, chance: 0.1499, maturity: lead.Cold},
	} {
		l := lead.Lead{Created: before(c.days), Signals: lead.JoinSignals(nil, c.signals...)}
		if got := p.With(chance(c.chance)).Score(l, c.facts, noon); got.Behaviour != c.behaviour || got.Maturity != c.maturity {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// before is so many days before noon.
func before(days float64) time.Time {
	return noon.Add(-time.Duration(days * float64(day))).Truncate(time.Second)
}

// signals are of a kind and so many days old, and surely a person's.
func signals(kind lead.SignalKind, days ...float64) []lead.Signal {
	var all []lead.Signal
	for i, n := range days {
		all = append(all, lead.Signal{Kind: kind, ID: fmt.Sprint(kind, i), At: before(n), Sure: 100})
	}
	return all
}

// chance is a model that says the same chance of every lead; none for 0.
func chance(p float64) *score.Learned {
	if p == 0 {
		return nil
	}
	return score.NewLearned(&predict.Model{Format: 1, Base: math.Log(p / (1 - p))}, 1, time.UTC)
}

// scoring is a lead, and the score that it is to have.
type scoring struct {
	days, chance float64 // since it came in; of the model, if any
	signals      []lead.Signal
	facts        lead.Facts
	fit          int
	grade        lead.Grade
	maturity     lead.Maturity
	reason       string // one of them, where one is asked for
}

func checkScores(t *testing.T, p *policy.Policy, cases map[string]scoring) {
	t.Helper()
	for name, c := range cases {
		l := lead.Lead{Created: before(c.days), Signals: lead.JoinSignals(nil, c.signals...), Facts: c.facts}
		got := p.With(chance(c.chance)).Score(l, c.facts, noon)
		if got.Fit != c.fit || got.Grade != c.grade || got.Maturity != c.maturity ||
			c.reason != "" && !slices.Contains(got.Reasons, c.reason) {
			t.Errorf("%s: %+v, want fit %d, grade %s, %s, %s", name, got, c.fit, c.grade, c.maturity, c.reason)
		}
	}
}

// TestSampleScores: a profile of consumers. What enquires now is graded by its fit
// alone; who shows more interest is graded better, and who shows none for weeks worse.
func TestSampleScores(t *testing.T) {
	t.Parallel()
	child := func(age any, more ...any) lead.Facts {
		f := lead.Facts{HasPhone: true, HasEmail: true, City: "Shanghai", Answers: map[string]any{"age": age}}
		for i := 0; i < len(more); i += 2 {
			f.Answers[more[i].(string)] = more[i+1]
		}
		return f
	}
	best, good, school := child(8.0, "budget", "high"), child(8.0), lead.Facts{HasEmail: true, Company: true, Answers: map[string]any{"headcount": 300.0, "role": "head"}}
	online, unreachable := child(13.0), child(8.0)
	online.City, unreachable.HasPhone, unreachable.HasEmail = "北京", false, false
	checkScores(t, compile(t, sample(t)), map[string]scoring{
		"the ideal":                {facts: best, fit: 85, grade: "A+", maturity: lead.Warm, reason: "right age +30"},
		"no budget":                {facts: good, fit: 65, grade: "A", maturity: lead.Warm, reason: "city where we teach +15"},
		"a school":                 {facts: school, fit: 70, grade: "A", maturity: lead.Warm, reason: "decides +20"},
		"only just of age, online": {facts: online, fit: 30, grade: "C", maturity: lead.Warm, reason: "city where we teach +5"},
		"nothing but a phone":      {facts: lead.Facts{HasPhone: true}, fit: 15, grade: "C", maturity: lead.Warm},
		"nothing but an address":   {facts: lead.Facts{HasEmail: true}, fit: 5, grade: "D", maturity: lead.Warm},
		"nobody can reach them":    {facts: unreachable, grade: "D", maturity: lead.Warm, reason: "missing: can be reached"},
		"too young":                {facts: child(3.0, "budget", "high"), fit: 55, grade: "D", maturity: lead.Cold, reason: "disqualified: too young"},
		"grown up":                 {facts: child(19.0), fit: 35, grade: "D", maturity: lead.Cold, reason: "disqualified: no child of school age"},
		"came to a trial day":      {facts: good, signals: signals(lead.SignalEvent, 2), fit: 65, grade: "A+", maturity: lead.Hot, reason: "event +29"},
		"replied last week":        {days: 5, facts: child(13.0), signals: signals(lead.SignalReply, 1), fit: 40, grade: "A", maturity: lead.Hot},
		"silent for weeks":         {days: 21, facts: good, fit: 65, grade: "B", maturity: lead.Cold},
		"likely all the same":      {days: 21, chance: 0.4, facts: good, fit: 65, grade: "A", maturity: lead.Hot},
		"unlikely":                 {chance: 0.01, facts: best, fit: 85, grade: "A", maturity: lead.Warm},
	})
}

// TestBusinessExample: a profile of companies, and rules that go by what is ripe.
func TestBusinessExample(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(path + "business.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, faults := document.Parse(source)
	if faults != nil {
		t.Fatal(faults)
	}
	p := compile(t, d)
	ideal := lead.Facts{Industry: "Logistics", Headcount: "51-200", Country: "DE", Answers: map[string]any{
		"budget": "more", "role": "finance", "need": "replace", "start": "quarter"}}
	abroad, small, agency, curious := ideal, ideal, ideal, lead.Facts{FreeMail: true, Answers: map[string]any{"role": "other", "need": "curious", "start": "later"}}
	abroad.Country, small.Headcount, agency.Industry = "US", "2-10", "Payroll"
	checkScores(t, p, map[string]scoring{
		"the ideal":           {facts: ideal, fit: 100, grade: "A", maturity: lead.Warm, reason: "headcount +20"},
		"came to a webinar":   {facts: ideal, signals: signals(lead.SignalEvent, 1), fit: 100, grade: "A+", maturity: lead.Hot, reason: "event +25"},
		"where we may not":    {facts: abroad, grade: "D", maturity: lead.Cold, reason: "missing: region"},
		"very small":          {facts: small, fit: 60, grade: "B", maturity: lead.Warm, reason: "headcount -20"},
		"one of our own":      {facts: agency, fit: 90, grade: "D", maturity: lead.Cold, reason: "disqualified: agency"},
		"only curious":        {facts: curious, grade: "D", maturity: lead.Cold, reason: "willing -10"},
		"wants a call":        {facts: lead.Facts{Answers: map[string]any{"talk": true, "signs": true}}, fit: 25, grade: "C", maturity: lead.Warm, reason: "willing +10"},
		"a paper and no more": {facts: lead.Facts{Headcount: "201-500"}, signals: signals(lead.SignalDownload, 0), fit: 20, grade: "C", maturity: lead.Warm},
		"after a month":       {days: 30, facts: ideal, fit: 100, grade: "A", maturity: lead.Cold},
		"after three months":  {days: 90, facts: ideal, fit: 100, grade: "B", maturity: lead.Cold},
		"likely":              {days: 90, chance: 0.3, facts: ideal, fit: 100, grade: "A", maturity: lead.Hot},
		"unlikely":            {chance: 0.01, facts: ideal, fit: 100, grade: "B", maturity: lead.Warm},
	})
	for name, c := range map[string]struct {
		lead       lead.Lead
		rule, goes string
	}{
		"hot":            {lead.Lead{Maturity: lead.Hot, Grade: "A+"}, "hot ones to sales", "sales"},
		"warm":           {lead.Lead{Maturity: lead.Warm, Grade: "A"}, "warm ones are looked at", "enquiries"},
		"warm, likely":   {lead.Lead{Maturity: lead.Warm, Grade: "D", Chance: 2000}, "likely ones to sales", "sales"},
		"warm, unlikely": {lead.Lead{Maturity: lead.Warm, Grade: "A", Chance: 1999}, "warm ones are looked at", "enquiries"},
		"cold, poor":     {lead.Lead{Maturity: lead.Cold, Grade: "D"}, "poor and cold ones rest", "open-sea"},
		"cold, good":     {lead.Lead{Maturity: lead.Cold, Grade: "A"}, "fallback", "enquiries"},
	} {
		got := placed(p, c.lead, ideal, nil, noon)
		if goes := got.Pool; got.Rule != c.rule || goes != c.goes && got.Team != c.goes {
			t.Errorf("%s: %+v", name, got)
		}
		c.lead.Pool = "open-sea"
		if likely := p.Likely(c.lead, noon); likely != (c.lead.Maturity == lead.Hot || c.lead.Chance >= 1000) {
			t.Errorf("%s: likely %t", name, likely)
		}
	}
	for product, want := range map[string]float64{"payroll": 2700, "time-sheets": 750, "": 0.3} {
		if got := p.Value(lead.Lead{Product: product, Chance: 3000}); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is worth %g, want %g", product, got, want)
		}
	}
	if got, want := p.Value(lead.Lead{Product: "payroll", Grade: "B"}), 0.11*9000; math.Abs(got-want) > 1e-9 { // the chance of its grade
		t.Errorf("without a model it is worth %g, want %g", got, want)
	}
	if won, closed := d.Score.Learn.Floor(); won != 150 || closed != 1500 {
		t.Errorf("learned from %d won of %d closed", won, closed)
	}
}

// TestCheckScoreAtTheBounds: what is just within the bounds is let through, what is
// just beyond is told. The bad documents show the texts.
func TestCheckScoreAtTheBounds(t *testing.T) {
	t.Parallel()
	for path, edit := range map[string]func(*score.Spec, bool){
		"score.matrix.fit[0]": func(s *score.Spec, beyond bool) { // 15, 5 and 30
			s.Profile = s.Profile[:3]
			s.Matrix.Fit[0] = either(beyond, 51, 50)
			s.Matrix.Fit[1], s.Matrix.Fit[2], s.Matrix.Fit[3] = 40, 30, 20
		},
		"score.matrix.behaviour[0]": func(s *score.Spec, beyond bool) {
			s.Behaviour.Signals = only(lead.SignalReply, 41, lead.SignalTalk, either(beyond, 0.4, 0.5))
			s.Matrix.Behaviour = []int{42, 10}
		},
		"score.hot.behaviour": func(s *score.Spec, beyond bool) {
			s.Behaviour.Signals = only(lead.SignalReply, either(beyond, 39.4, 39.5))
		},
		"score.hot.fit": func(s *score.Spec, beyond bool) {
			s.Profile = slices.Clone(s.Profile[:1])
			s.Profile[0].Points = either(beyond, 34, 35)
		},
		"score.profile": func(s *score.Spec, beyond bool) {
			s.Hot, s.Profile = nil, []score.Rule{{Name: "age", Bands: []score.Band{{When: "answer.age > 6", Points: either(beyond, 39, 40)}, {When: "answer.age > 4", Points: 10}}}}
		},
		"score.warm.behaviour": func(s *score.Spec, beyond bool) { s.Hot.Fit, s.Warm.Behaviour = 0, either(beyond, 40, 39) },
		"score.warm.chance":    func(s *score.Spec, beyond bool) { s.Warm.Fit, s.Warm.Chance = 35, either(beyond, 0.35, 0.34) },
		"score.hot.chance":     func(s *score.Spec, beyond bool) { s.Warm, s.Hot.Fit, s.Hot.Chance = nil, 0, either(beyond, 0.15, 0.16) },
		"score.matrix.grades[1][0]": func(s *score.Spec, beyond bool) {
			s.Matrix.Grades[0][0], s.Matrix.Grades[1][0] = either(beyond, lead.GradeA, lead.GradeAPlus), lead.GradeAPlus
		},
		"score.matrix.grades[2][1]": func(s *score.Spec, beyond bool) { s.Matrix.Grades[2][1] = either(beyond, lead.GradeAPlus, lead.GradeA) },
		"score.worth.art":           func(s *score.Spec, beyond bool) { s.Worth[either(beyond, "art", "kids-math")] = 2 },
		"score.learn.keep[0]": func(s *score.Spec, beyond bool) {
			s.Learn.Keep = []string{either(beyond, "carrier", "answer.headcount")}
		},
		"score.learn.drop[0]": func(s *score.Spec, beyond bool) {
			s.Learn.Drop = []string{either(beyond, "answer.budget", "answer.role")}
		},
		"score.learn.drop[1]": func(s *score.Spec, beyond bool) {
			s.Learn.Drop = []string{"city", either(beyond, "signal.call", "signal.talk")}
		},
		"score.profile[2].bands[1].when": func(s *score.Spec, beyond bool) {
			s.Profile[2].Bands[1].When = either(beyond, "answer.age >= 6 and answer.age <= 12", "answer.age >= 5 and answer.age <= 12")
		},
		"score.profile[3].when": func(s *score.Spec, beyond bool) { s.Profile[3].When = either(beyond, "touches < 0", "touches <= 0") },
		"score.disqualify[1].when": func(s *score.Spec, beyond bool) {
			s.Disqualify[1].When = either(beyond, "answer.aeg > 18", "answer.age > 17")
		},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			beyond := faults(t, func(d *policy.Document) { edit(&d.Score, true) })
			if path == "score.learn.keep[0]" { // of two that exclude each other the second is at fault
				path = "score.learn.drop[0]"
			}
			if !slices.Contains(beyond, path) {
				t.Errorf("beyond the bound there are faults at %q", beyond)
			}
			if within := faults(t, func(d *policy.Document) { edit(&d.Score, false) }); slices.Contains(within, path) {
				t.Errorf("within the bound there are faults at %q", within)
			}
		})
	}
}

// only is signals of nothing but these kinds, each up to its cap.
func only(kindsAndCaps ...any) map[lead.SignalKind]score.Gain {
	gains := map[lead.SignalKind]score.Gain{}
	for _, kind := range lead.SignalKinds {
		gains[kind] = score.Gain{Cap: 100} // of no points
	}
	for i := 0; i < len(kindsAndCaps); i += 2 {
		cap := reflect.ValueOf(kindsAndCaps[i+1]).Convert(reflect.TypeFor[float64]()).Float()
		gains[kindsAndCaps[i].(lead.SignalKind)] = score.Gain{Points: 1, Cap: cap}
	}
	return gains
}

// TestFaultsOfMaturity: the texts that a maturity can be are known wherever a
// condition routes, and nowhere else is there one.
func TestFaultsOfMaturity(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		`maturity == "luke"`: `maturity is never "luke": it is one of hot, warm, cold`, `maturity in ["hot", "cold"]`: "", `maturity == ""`: "",
		`chance == nil or chance >= 0.2 and behaviour > 30`: "", `chance > 0.9999`: "never holds", `chance == "likely"`: "from 0 to 1",
	} {
		for path, edit := range map[string]func(*policy.Document){
			"routing.rules[2].when":         func(d *policy.Document) { d.Routing.Rules[2].When = when },
			"territories[1].when":           func(d *policy.Document) { d.Territories[1].When = when },
			"teams[1].distribution[0].when": func(d *policy.Document) { d.Teams[1].Distribution[0].When = when },
			"pools[0].likely":               func(d *policy.Document) { d.Pools[0].Likely = when },
			"score.profile[1].when":         func(d *policy.Document) { d.Score.Profile[1].When = when },
		} {
			d := sample(t)
			edit(&d)
			var texts []string
			for _, p := range policy.Check(d) {
				if p.Path == path {
					texts = append(texts, p.Text)
				}
			}
			wanted := want
			if strings.HasPrefix(path, "score") && want != "from 0 to 1" {
				wanted = "it is not known yet when this is asked"
			}
			if told := strings.Join(texts, "; "); (wanted == "") != (told == "") || !strings.Contains(told, wanted) {
				t.Errorf("%s: %s is told of with %q, want %q", path, when, told, wanted)
			}
		}
	}
}
