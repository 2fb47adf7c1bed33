package policy_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

var update = flag.Bool("update", false, "write golden files")

func TestDiffGolden(t *testing.T) {
	t.Parallel()
	old, edited := sample(t), sample(t)
	accept, claims := policy.Span{Time: 90 * time.Minute}, 15
	edited.Name = "Harbour Academy"
	edited.Deadlines.Accept = &accept
	edited.Deadlines.FirstContact["B"] = policy.Span{Time: 12 * time.Hour}
	edited.Channels = append(edited.Channels, "radio")
	editScore(&old, &edited)
	edited.Routing.Rules[0], edited.Routing.Rules[1] = edited.Routing.Rules[1], edited.Routing.Rules[0]
	edited.Forms[0].Fields[3].Required = true
	edited.Forms[0].AnyOf = nil
	edited.Teams[0].Weights = map[string]int{"gus": 2}
	edited.Pools[1].ClaimDaily = &claims
	edited.Users = slices.Insert(edited.Users, 0, policy.User{ID: "zoe", Name: "Zoe", Email: "zoe@example.com", Roles: []policy.Role{policy.RoleOps}})
	editFollowUp(&old, &edited)
	editCleansing(&old, &edited)
	changes, err := policy.Diff(old, edited)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s\n  - %s\n  + %s\n", c.Path, c.Old, c.New)
	}
	const golden = path + "diff.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("diff:\n%s", b.String())
	}
}

// byConditions are grades without a matrix.
func byConditions() []score.GradeRule {
	return []score.GradeRule{{Grade: lead.GradeAPlus, When: "fit >= 80"}, {Grade: lead.GradeA, When: "fit >= 60"},
		{Grade: lead.GradeB, When: "fit >= 35"}, {Grade: lead.GradeC, When: "fit >= 15"}, {Grade: lead.GradeD}}
}

// editScore changes what there is of scoring.
func editScore(old, edited *policy.Document) {
	old.Score.Grades, edited.Score.Grades = byConditions(), byConditions()
	s := &edited.Score
	s.Profile[2].Bands[0].Points = 35
	s.Profile[5].Bands = slices.Insert(s.Profile[5].Bands, 1, score.Band{When: `city == "Leeds"`, Points: 10})
	s.Profile[12].Must = false
	s.Grades[0].When = "fit >= 85"
	s.Disqualify = s.Disqualify[:1]
	s.Behaviour = score.Behaviour{Signals: map[lead.SignalKind]score.Gain{
		lead.SignalEvent: {Points: 30, Cap: 50, HalfLife: new(30.0)}, lead.SignalTalk: {Points: 20, Cap: 20}}}
	s.Matrix.Grades[0][2], s.Matrix.Raise = lead.GradeB, 0.5
	s.Hot, s.Warm = nil, &score.Bar{Fit: 10, Behaviour: 15, Chance: 0.1}
	s.Worth["kids-math"] = 4
	s.Learn = score.Learn{Won: new(200), Keep: []string{"city"}, Drop: []string{"carrier", "answer.age"}}
}

// editFollowUp changes what there is of working time, pools and contacts.
func editFollowUp(old, edited *policy.Document) {
	d := &edited.Deadlines
	d.Warn, d.TellManager, d.Near, d.Note = d.Warn[:1], []lead.Grade{}, new(300), &policy.Span{Days: 1, Time: 4 * time.Hour}
	d.Zombie = nil
	young, schools := &edited.Teams[0], &edited.Teams[1]
	young.Hours.Shifts[0].Days, young.Hours.Calendar = young.Hours.Shifts[0].Days[:5], "china"
	schools.Hours = nil
	old.Teams[0].Pools = []lead.Segment{{Grades: []lead.Grade{"C", "D"}, Pool: "open-sea"}, {Countries: []string{"DE"}, Pool: "school-pool"}}
	young.Pools = []lead.Segment{{Countries: []string{"DE", "SG"}, Pool: "school-pool"}, {Grades: []lead.Grade{"C", "D"}, Pool: "open-sea"}}
	sea := &edited.Pools[0]
	sea.HoldOut, sea.Likely, sea.List, sea.Freeze = new(0.2), "fit >= 60", "", new(policy.Duration(0))
	sea.Reactivate = &policy.Letter{Subject: sea.Reactivate.Subject, Text: "Hello {name}, a place is free.\n"}
	edited.Pools[1].Assigned = true
	edited.Contact.Limits = edited.Contact.Limits[:2]
	edited.Contact.Quiet = &hours.Quiet{From: "20:00", To: "08:00"}
	edited.Contact.Zones["US"] = "America/New_York"
	edited.Lists[0].URL = "https://calls.example.com/leads"
	edited.LightTouch = nil
	edited.Ways["B"] = append(edited.Ways["B"], "webinar")
}

// editCleansing changes what there is of cleansing and enriching.
func editCleansing(old, edited *policy.Document) {
	c := &edited.Cleanse
	c.Team, c.Role, c.Merge, c.Review = "schools", policy.Drop, new(0.9999), nil
	c.Survive = map[string]policy.Survival{"name": policy.Newest, "phone": policy.Newest}
	old.Cleanse.Names = ""
	edited.Deadlines.Verify = &policy.Span{Days: 1}
	edited.Forms[1].Unverified = true
	firms := policy.Enricher{ID: "firms", URL: "https://firms.example.com/a", Facts: map[string]string{"industry": "/industry", "headcount": "/staff"}}
	lines := policy.Enricher{ID: "lines", URL: "https://lines.example.com/", Send: []string{policy.SendPhone}, Facts: map[string]string{"line": "/type"}}
	old.Enrichers = []policy.Enricher{firms}
	firms.URL, firms.Send, firms.Timeout, firms.Daily = "https://firms.example.com/b", []string{policy.SendDomain, policy.SendCountry}, new(policy.Duration(5*time.Second)), new(0)
	firms.Facts = map[string]string{"industry": "/company/industry", "city": "/city"}
	edited.Enrichers = []policy.Enricher{lines, firms}
}

func TestDiffOfTheSameIsEmpty(t *testing.T) {
	t.Parallel()
	if changes, err := policy.Diff(sample(t), sample(t)); err != nil || len(changes) > 0 {
		t.Errorf("%v, %v", changes, err)
	}
	if changes, err := policy.Diff(policy.Document{}, sample(t)); err != nil || len(changes) == 0 {
		t.Errorf("%v, %v", changes, err)
	}
	one, two := sample(t), sample(t)
	one.Score.Grades, two.Score.Grades = byConditions(), byConditions()
	one.Score.Grades = append(one.Score.Grades, one.Score.Grades[0]) // no longer told apart by grade
	two.Score.Grades[0].Grade = lead.GradeA
	if changes, err := policy.Diff(one, two); err != nil || len(changes) != 1 || changes[0].Path != "score.grades" {
		t.Errorf("%v, %v", changes, err)
	}
}
