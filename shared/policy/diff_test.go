package policy_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
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
	edited.Score.Profile[2].Points = 35
	edited.Score.Grades[0].When = "fit >= 85"
	edited.Score.Disqualify = edited.Score.Disqualify[:1]
	edited.Routing.Rules[0], edited.Routing.Rules[1] = edited.Routing.Rules[1], edited.Routing.Rules[0]
	edited.Forms[0].Fields[3].Required = true
	edited.Forms[0].AnyOf = nil
	edited.Teams[0].Weights = map[string]int{"gus": 2}
	edited.Pools[1].ClaimDaily = &claims
	edited.Users = slices.Insert(edited.Users, 0, policy.User{ID: "zoe", Name: "Zoe", Email: "zoe@example.com", Roles: []policy.Role{policy.RoleOps}})
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

func TestDiffOfTheSameIsEmpty(t *testing.T) {
	t.Parallel()
	if changes, err := policy.Diff(sample(t), sample(t)); err != nil || len(changes) > 0 {
		t.Errorf("%v, %v", changes, err)
	}
	if changes, err := policy.Diff(policy.Document{}, sample(t)); err != nil || len(changes) == 0 {
		t.Errorf("%v, %v", changes, err)
	}
	one, two := sample(t), sample(t)
	one.Score.Grades = append(one.Score.Grades, one.Score.Grades[0]) // no longer told apart by grade
	two.Score.Grades[0].Grade = lead.GradeA
	if changes, err := policy.Diff(one, two); err != nil || len(changes) != 1 || changes[0].Path != "score.grades" {
		t.Errorf("%v, %v", changes, err)
	}
}
