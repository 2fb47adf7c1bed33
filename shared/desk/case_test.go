package desk_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"sluice/shared/app"
	"sluice/shared/desk"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/route"
)

// everyStep makes the sample's teams go by every kind of step.
func everyStep(f *testing.F) *policy.Policy {
	doc, faults := document.Parse(sample(f, "sample.yaml"))
	if len(faults) > 0 {
		f.Fatal(faults)
	}
	levels := map[lead.Grade][]string{lead.GradeA: {"senior"}, lead.GradeB: {"junior"}}
	for _, by := range route.Steps {
		step := route.Step{By: by}
		switch by {
		case route.BySeniority:
			step.Levels = levels
		case route.ByCohort:
			step.Cohort = []route.Cohort{{Name: "spring", When: `city == "Shanghai"`, Reps: []string{"amy"}, From: "2026-03-01"}}
		case route.BySkill:
			step.Best = 2
		}
		team(&doc, "young").Distribution = append(team(&doc, "young").Distribution, step)
		step.Else = route.ElseWait
		team(&doc, "schools").Distribution = append(team(&doc, "schools").Distribution, step)
	}
	pol, err := policy.Compile(doc, 1)
	if err != nil {
		f.Fatal(err)
	}
	return pol
}

// FuzzCase reads what the API is sent as a case. It is refused with the field at
// fault or the like, or its explanation is as the document says.
func FuzzCase(f *testing.F) {
	pol := everyStep(f)
	reps, faults := document.ParseReps(sample(f, "reps.yaml"))
	if len(faults) > 0 {
		f.Fatal(faults)
	}
	doc, err := loaded()
	if err != nil {
		f.Fatal(err)
	}
	schema := doc.Components.Schemas["Route"].Value
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	for _, text := range []string{
		`{}`, `null`, `{"product":"school-classes","company":true,"answers":{"headcount":500,"role":"head"},"account":"eva"}`,
		`{"product":"kids-math","city":"Shanghai","country":"CN","grade":"A","owners":[{"rep":"amy","until":"2026-03-01T00:00:00Z"}],"at":"2026-03-08T20:00:00+08:00"}`,
		`{"at":"2036-03-04T07:00:00-23:59","referrer":"dan","channel":"referral","touches":-5}`, `{"answers":{"age":1e308,"city":["a",{"b":null}]}}`, `{"grade":"Z"}`, `{"product":7}`,
		`{"maturity":"hot","behaviour":60,"chance":0.4}`, `{"maturity":"luke"}`, `{"behaviour":1e9}`, `{"chance":1e-300}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var c app.Case
		err := desk.Decode(body, &c)
		var l lead.Lead
		at := now
		if err == nil {
			l, at, err = c.Lead(pol, now)
		}
		if err != nil {
			var e *lead.Error
			if errors.As(err, &e) && (e.Kind != lead.Invalid || e.Text == "") {
				t.Fatalf("%s is refused by %v", body, err)
			}
			return
		}
		how := pol.Routing().Explain(route.Query{Lead: l, Facts: l.Facts, Reps: reps, Now: at})
		out, err := json.Marshal(app.NewRouteView(how))
		if err != nil {
			t.Fatalf("%s is explained by what is no JSON: %v", body, err)
		}
		var shown any
		if err := json.Unmarshal(out, &shown); err != nil {
			t.Fatal(err)
		}
		if err := schema.VisitJSON(shown, openapi3.EnableJSONSchema2020()); err != nil {
			t.Fatalf("%s is explained against the document: %v\n%s", body, err, out)
		}
		if how.Choice.Rep != "" && !how.Choice.Wait.IsZero() || how.Choice.Team == "" {
			t.Fatalf("%s is to go to %+v", body, how.Choice)
		}
	})
}
