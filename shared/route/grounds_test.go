package route_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// TestGrounds is what a choice rests on, as it is kept.
func TestGrounds(t *testing.T) {
	t.Parallel()
	reps := []lead.Rep{rep("a", turns(7)), rep("b", turns(3)), rep("c", off), rep("d", turns(6)), rep("e", off), rep("f", full)}
	for i := range 4 {
		reps = append(reps, rep(fmt.Sprint("g", i), turns(7)))
	}
	var many []lead.Rep
	for i := range 9 {
		many = append(many, rep(fmt.Sprint("m", i), full))
	}
	there := `"not":["2 off shift: c e","1 at cap: f"`
	for _, c := range []struct {
		way     route.Way
		account string
		reps    []lead.Rep
		want    string
	}{
		// b is moved up to 6 by the front of 7, and was passed over for longer than d.
		{route.Way{}, "", reps, `{"first":["b 6","d 6","a 7","g0 7","g1 7"],"more":2,` + there + `]}`},
		{route.Way{Weights: map[string]int{"d": 2, "a": 0}}, "", []lead.Rep{reps[0], reps[1], reps[3]},
			`{"first":["b 3","d 3"],"not":["1 without a share: a"]}`},
		{route.Way{Steps: []route.Step{{By: route.ByAccount}}}, "a", reps,
			`{"by":["account owner"],"first":["a 7"],` + there + `,"6 passed over: b d g0 g1 g2 g3"]}`},
		{route.Way{Steps: []route.Step{{By: route.ByAccount, Else: route.ElseTriage}}}, "f", reps,
			`{"by":["account owner (nobody)"],"of":"nobody","more":7,` + there + `]}`},
		{route.Way{Single: "a"}, "", reps, `{"of":"contact","first":["a 7"]}`},
		{route.Way{Mode: route.Efficiency}, "", reps[:1], `{"of":"gain","first":["a 110"]}`},
		{route.Way{}, "", nil, `{"of":"nobody"}`},
		{route.Way{Single: "a"}, "", nil, `{"of":"contact"}`},
		{route.Way{}, "", many, `{"of":"nobody","not":["9 at cap: m0 m1 m2 m3 m4 m5"]}`},
	} {
		l := lead.Lead{ID: "l", Grade: "B", Facts: lead.Facts{Account: c.account}}
		choice := teamOf(t, c.way).Choose(route.Query{Lead: l, Facts: l.Facts, Reps: c.reps, Now: noon})
		if data, err := json.Marshal(choice.Grounds); err != nil || string(data) != c.want {
			t.Errorf("%v: %s\nwant %s", err, data, c.want)
		}
	}
}

// TestGroundsStaySmall: whatever ids and names there are, and however many reps,
// what is kept of a choice takes little room, and counts every member.
func TestGroundsStaySmall(t *testing.T) {
	t.Parallel()
	largest := 0
	rapid.Check(t, func(t *rapid.T) {
		id := strings.Repeat("n", rapid.IntRange(1, 44).Draw(t, "id"))
		n := rapid.SampledFrom([]int{0, 1, 3, 12, 100, 500}).Draw(t, "reps")
		bad := rapid.SliceOfN(rapid.IntRange(0, 8), 1, 9).Draw(t, "reasons")
		var reps []lead.Rep
		for i := range n {
			reps = append(reps, rep(fmt.Sprintf("%s-%03d", id, i), turns(i*997), func(r *lead.Rep) { spoil(r, bad[i%len(bad)]) }))
		}
		way := route.Way{CoolOff: day, Wait: day, Mode: rapid.SampledFrom(route.Modes).Draw(t, "mode"), Weights: map[string]int{}}
		for i := range n {
			if bad[i%len(bad)] == 8 {
				way.Weights[reps[i].ID] = 0
			}
		}
		name := rapid.SampledFrom([]string{"spring", "<&>\"\\\x01", "规", strings.Repeat("规", 40), strings.Repeat("<", 40)}).Draw(t, "name")
		var many []string
		for i := range 20 {
			many = append(many, fmt.Sprintf("%s-%d", id, i))
		}
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			way.Steps = append(way.Steps, rapid.SampledFrom([]route.Step{
				{By: route.ByAccount}, {By: route.ByTarget},
				{By: route.BySkill, Best: 400},
				{By: route.BySeniority, Levels: map[lead.Grade][]string{"A": many}},
				{By: route.ByCohort, Cohort: []route.Cohort{{Name: name, When: "true", Reps: many}}},
			}).Draw(t, "step"))
		}
		l := lead.Lead{ID: "l", Grade: "A", Facts: lead.Facts{Account: "nobody"}}
		for i := range min(n, 12) {
			l.Owners = append(l.Owners, lead.Owner{Rep: reps[i].ID, Until: noon})
		}
		way.Team = "young"
		choice := compiled(t, route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{way}}).
			Choose(route.Query{Lead: l, Facts: l.Facts, Reps: reps, Now: noon})
		data, err := json.Marshal(choice.Grounds)
		if err != nil || len(data) > 450 {
			t.Fatalf("%d bytes, %v: %s", len(data), err, data)
		}
		largest = max(largest, len(data))
		counted := len(choice.Grounds.First) + choice.Grounds.More
		for _, p := range choice.Grounds.Not {
			counted += p.N
		}
		if counted != n {
			t.Fatalf("%d of %d members are counted: %s", counted, n, data)
		}
		if choice.Rep != "" && choice.Grounds.First[0].Rep != choice.Rep {
			t.Fatalf("%s is chosen, %s", choice.Rep, data)
		}
		if choice.Why != choice.Grounds.String() && len(choice.Why) > 160 { // what follows from the grounds is not kept beside them
			t.Fatalf("%d bytes of why: %s", len(choice.Why), choice.Why)
		}
		if !utf8.Valid(data) || bytes.ContainsRune(data, utf8.RuneError) {
			t.Fatalf("a name is cut within a character: %s", data)
		}
	})
	if largest < 250 {
		t.Errorf("the largest had %d bytes", largest)
	}
}

// spoil keeps a rep from getting a lead for one of the reasons, or none.
func spoil(r *lead.Rep, reason int) {
	switch reason {
	case 0:
		r.Active = false
	case 1:
		r.Leave = []lead.Leave{{From: "2026-01-01", To: "2026-12-31"}}
	case 2:
		off(r)
	case 3:
		full(r)
	case 4:
		r.Quota = ptr(0)
	case 5:
		r.Pace = ptr(0)
	}
}
