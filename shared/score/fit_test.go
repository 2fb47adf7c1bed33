package score_test

import (
	"slices"
	"testing"

	"sluice/shared/lead"
	"sluice/shared/score"
)

// TestBands: the first band that holds counts, and one that cannot be evaluated is
// passed over.
func TestBands(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{Profile: []score.Rule{{Name: "class", Bands: []score.Band{
		{When: "answer.size + 0 > 20", Points: 40}, // an error without a size
		{When: "answer.size > 10", Points: 25},
		{When: "answer.size > 0", Points: -10},
		{When: `channel == "list"`, Points: 0},
		{When: `has_phone`, Points: 5},
	}}}}))
	size := func(n float64) lead.Facts { return lead.Facts{Answers: map[string]any{"size": n}} }
	for name, c := range map[string]struct {
		facts lead.Facts
		want  score.Criterion
		why   []string
	}{
		"first":                       {size(21), score.Criterion{Points: 40, Met: true}, []string{"class +40"}},
		"its edge is the second's":    {size(20), score.Criterion{Points: 25, Met: true}, []string{"class +25"}},
		"second's edge":               {size(11), score.Criterion{Points: 25, Met: true}, []string{"class +25"}},
		"third":                       {size(10), score.Criterion{Points: -10, Met: true}, []string{"class -10"}},
		"none":                        {size(0), score.Criterion{}, nil},
		"met for nothing":             {lead.Facts{Channel: "list", HasPhone: true}, score.Criterion{Met: true}, nil},
		"one is passed over":          {lead.Facts{HasPhone: true}, score.Criterion{Points: 5, Met: true}, []string{"class +5"}},
		"none, and one was not asked": {lead.Facts{}, score.Criterion{Failed: true}, []string{"class could not be evaluated"}},
	} {
		x := m.Explain(lead.Lead{}, c.facts, nil, noon)
		if c.want.Name = "class"; x.Criteria[0] != c.want || x.Score.Fit != max(0, c.want.Points) || !slices.Equal(x.Score.Reasons, c.why) {
			t.Errorf("%s: %+v, fit %d by %q", name, x.Criteria, x.Score.Fit, x.Score.Reasons)
		}
	}
}

// TestMust: what is indispensable makes the fit 0 where it lacks, and what the other
// criteria came to is told all the same.
func TestMust(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{Profile: []score.Rule{
		{Name: "school", When: `industry == "education"`, Must: true},
		{Name: "place", Must: true, Bands: []score.Band{{When: `country == "CN"`, Points: 20}, {When: `country == "SG"`}}},
		{Name: "reachable", When: "has_phone", Points: 30},
	}}))
	for name, c := range map[string]struct {
		facts lead.Facts
		fit   int
		why   []string
	}{
		"all":                   {lead.Facts{Industry: "education", Country: "CN", HasPhone: true}, 50, []string{"reachable +30", "place +20"}},
		"a band without points": {lead.Facts{Industry: "education", Country: "SG", HasPhone: true}, 30, []string{"reachable +30"}},
		"no school":             {lead.Facts{Country: "CN", HasPhone: true}, 0, []string{"missing: school", "reachable +30", "place +20"}},
		"nothing":               {lead.Facts{}, 0, []string{"missing: school", "missing: place"}},
	} {
		if got := m.Score(lead.Lead{}, c.facts, nil, noon); got.Fit != c.fit || !slices.Equal(got.Reasons, c.why) {
			t.Errorf("%s: fit %d by %q, want %d by %q", name, got.Fit, got.Reasons, c.fit, c.why)
		}
	}
}

// TestSensitiveAnswersFit: a profile may ask what a form marks as sensitive.
func TestSensitiveAnswersFit(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{Profile: []score.Rule{{Name: "budget", When: "answer.budget > 1000", Points: 60}}}))
	open := lead.Facts{Answers: map[string]any{"budget": 5000.0}}
	l := lead.Lead{Private: lead.Sealed("sealed")}
	if a, b := m.Score(l, open, nil, noon).Fit, m.Score(l, lead.Facts{}, nil, noon).Fit; a != 60 || b != 0 {
		t.Errorf("fit %d with the answer, %d without", a, b)
	}
}
