package score_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/score"
)

// table is a matrix as a house might have it.
func table() *score.Matrix {
	return &score.Matrix{
		Fit: []int{70, 40}, Behaviour: []int{50, 20},
		Grades: [][]lead.Grade{{"A+", "A", "B"}, {"A", "B", "C"}, {"C", "D", "D"}},
		Raise:  0.6, Lower: 0.1,
	}
}

// pointed is a spec by which answers say how many points of fit and behaviour a lead
// has: one question each for 64, 32, …, 1 points, and signals of one kind a point each.
func pointed(s score.Spec) score.Spec {
	for n := 64; n > 0; n /= 2 {
		s.Profile = append(s.Profile, score.Rule{Name: fmt.Sprint("fit ", n), When: fmt.Sprintf(`answer.f%d == true`, n), Points: n})
	}
	s.Behaviour = score.Behaviour{Signals: map[lead.SignalKind]score.Gain{lead.SignalDwell: {Points: 1, Cap: 100}}}
	return s
}

// pointedLead is a lead of so much fit and behaviour by a pointed spec.
func pointedLead(fit, behaviour int) lead.Lead {
	l := listed()
	l.Facts.Answers = map[string]any{}
	for n := 64; n > 0; n /= 2 {
		l.Facts.Answers[fmt.Sprint("f", n)] = fit&n != 0
	}
	if behaviour > 0 {
		l.Signals = []lead.Signal{{Kind: lead.SignalDwell, ID: "d", At: noon, Sure: 100, Judged: noon, Amount: behaviour}}
	}
	return l
}

// certain is a model that gives every lead the same chance.
func certain(t *testing.T, p int) *score.Learned {
	t.Helper()
	if p == 0 {
		return nil
	}
	return constant(t, float64(p)/lead.Certain)
}

// TestMatrix looks at every cell at each of its edges, with every chance that makes a
// difference.
func TestMatrix(t *testing.T) {
	t.Parallel()
	m := compile(t, pointed(score.Spec{Matrix: table()}))
	worse := map[lead.Grade]lead.Grade{"A+": "A", "A": "B", "B": "C", "C": "D", "D": "D"}
	better := map[lead.Grade]lead.Grade{"A+": "A+", "A": "A+", "B": "A", "C": "B", "D": "C"}
	for row, fits := range [][]int{{70, 71, 100}, {40, 69}, {0, 39}} {
		for column, behaviours := range [][]int{{50, 51, 100}, {20, 49}, {0, 19}} {
			plain := table().Grades[row][column]
			for _, fit := range fits {
				for _, behaviour := range behaviours {
					l := pointedLead(fit, behaviour)
					for chance, want := range map[int]lead.Grade{
						0: plain, 1: worse[plain], 999: worse[plain], 1000: plain, 5999: plain, 6000: better[plain], 9999: better[plain],
					} {
						x := m.Explain(l, l.Facts, certain(t, chance), noon)
						if x.Score.Fit != fit || x.Score.Behaviour != behaviour || x.Score.Chance != chance {
							t.Fatalf("scored %+v, wanted %d, %d, %d", x.Score, fit, behaviour, chance)
						}
						if x.Score.Grade != want {
							t.Errorf("fit %d, behaviour %d, chance %d: %s, want %s (%s)", fit, behaviour, chance, x.Score.Grade, want, x.How)
						}
						how := fmt.Sprintf("row %d by fit, column %d by behaviour", row+1, column+1)
						switch {
						case chance >= 6000:
							how += "; raised by the chance"
						case chance > 0 && chance < 1000:
							how += "; lowered by the chance"
						}
						if x.How != how {
							t.Errorf("%q, want %q", x.How, how)
						}
					}
				}
			}
		}
	}
}

// TestMatrixWithoutChances: a house that names none is not moved by any.
func TestMatrixWithoutChances(t *testing.T) {
	t.Parallel()
	s := table()
	s.Raise, s.Lower = 0, 0
	m := compile(t, pointed(score.Spec{Matrix: s}))
	for _, chance := range []int{0, 1, 9999} {
		if got := m.Score(pointedLead(50, 30), pointedLead(50, 30).Facts, certain(t, chance), noon); got.Grade != "B" {
			t.Errorf("by the chance %d it is %s", chance, got.Grade)
		}
	}
}

// TestCompiledIsItsOwn: what becomes of a spec later is nothing to the model.
func TestCompiledIsItsOwn(t *testing.T) {
	t.Parallel()
	s := table()
	m := compile(t, pointed(score.Spec{Matrix: s}))
	s.Fit[0], s.Grades[0][0], s.Raise = 1, "D", 0.01
	if got := m.Score(pointedLead(80, 60), pointedLead(80, 60).Facts, certain(t, 3000), noon); got.Grade != "A+" {
		t.Errorf("it is %s", got.Grade)
	}
}

// TestGradesByConditions may look at fit, behaviour and chance, which without a model
// is nothing at all.
func TestGradesByConditions(t *testing.T) {
	t.Parallel()
	m := compile(t, pointed(score.Spec{Grades: []score.GradeRule{
		{Grade: "A+", When: "chance >= 0.5"},
		{Grade: "A", When: "fit >= 70 and behaviour >= 50"},
		{Grade: "B", When: "fit + answer.bonus > 60"},
		{Grade: "C", When: "chance == nil"},
		{Grade: "D"},
	}}))
	for name, c := range map[string]struct {
		fit, behaviour, chance int
		want                   lead.Grade
		how                    string
	}{
		"chance":          {0, 0, 5000, "A+", "condition 1 holds"},
		"not quite":       {0, 0, 4999, "D", "no condition before the last grade's holds"},
		"fit, behaviour":  {70, 50, 0, "A", "condition 2 holds"},
		"too little":      {70, 49, 0, "C", "condition 4 holds"},
		"no model at all": {0, 0, 0, "C", "condition 4 holds"},
	} {
		l := pointedLead(c.fit, c.behaviour)
		x := m.Explain(l, l.Facts, certain(t, c.chance), noon)
		if x.Score.Grade != c.want || x.How != c.how {
			t.Errorf("%s: %s, for %s", name, x.Score.Grade, x.How)
		}
		if failed := c.want != "A+" && c.want != "A"; failed != (len(x.Failed) == 1 && x.Failed[0] == "grade B") {
			t.Errorf("%s: not asked %v", name, x.Failed)
		}
	}
}

// TestBars at each of their edges.
func TestBars(t *testing.T) {
	t.Parallel()
	behaviour, chance := score.Bar{Fit: 30, Behaviour: 60}, score.Bar{Chance: 0.25}
	for name, c := range map[string]struct {
		hot, warm *score.Bar
		cases     map[[3]int]lead.Maturity // fit, behaviour, chance
	}{
		"the defaults": {nil, nil, map[[3]int]lead.Maturity{
			{40, 45, 0}: lead.Hot, {39, 100, 0}: lead.Warm, {40, 44, 0}: lead.Warm, {100, 20, 0}: lead.Warm, {0, 20, 0}: lead.Warm, {100, 19, 0}: lead.Cold,
			{40, 0, 5000}: lead.Hot, {39, 0, 9999}: lead.Warm, {40, 0, 4999}: lead.Warm, {0, 0, 1500}: lead.Warm, {0, 0, 1499}: lead.Cold, {0, 0, 0}: lead.Cold,
			{40, 45, 1}: lead.Hot,
		}},
		"one by behaviour, one by chance": {&behaviour, &chance, map[[3]int]lead.Maturity{
			{30, 60, 0}: lead.Hot, {30, 59, 9999}: lead.Warm, {29, 100, 2500}: lead.Warm, {29, 100, 2499}: lead.Cold, {100, 59, 0}: lead.Cold,
		}},
	} {
		m := compile(t, pointed(score.Spec{Matrix: table(), Hot: c.hot, Warm: c.warm}))
		for figures, want := range c.cases {
			l := pointedLead(figures[0], figures[1])
			if got := m.Score(l, l.Facts, certain(t, figures[2]), noon); got.Maturity != want {
				t.Errorf("%s: fit, behaviour and chance of %v are %s, want %s", name, figures, got.Maturity, want)
			}
		}
	}
}

// TestDefaultBars are what they say they are, for a lead that fits.
func TestDefaultBars(t *testing.T) {
	t.Parallel()
	m := compile(t, pointed(score.Spec{Matrix: table()}))
	for name, c := range map[string]struct {
		l    lead.Lead
		want lead.Maturity
	}{
		"one enquiry":                        {enquired(0), lead.Warm},
		"one enquiry, four days ago":         {enquired(4 * day), lead.Warm},
		"one enquiry, a week ago":            {enquired(7 * day), lead.Cold},
		"two enquiries at once":              {enquired(0, signal(lead.SignalEnquiry, "e", 0)), lead.Hot},
		"two enquiries, five days between":   {enquired(5*day, signal(lead.SignalEnquiry, "e", 0)), lead.Hot},
		"two enquiries, six days between":    {enquired(6*day, signal(lead.SignalEnquiry, "e", 0)), lead.Warm},
		"an enquiry and a reply a day later": {enquired(day, signal(lead.SignalReply, "r", 0)), lead.Hot},
		"an enquiry and a talk hours later":  {enquired(6*time.Hour, signal(lead.SignalTalk, "t", 0)), lead.Hot},
		"opens and clicks without end": {listed(signal(lead.SignalOpen, "a", 0), signal(lead.SignalOpen, "b", 0), signal(lead.SignalOpen, "c", 0), signal(lead.SignalOpen, "d", 0),
			signal(lead.SignalClick, "a", 0), signal(lead.SignalClick, "b", 0), signal(lead.SignalClick, "c", 0), signal(lead.SignalClick, "d", 0)), lead.Warm},
		"from a list": {listed(), lead.Cold},
	} {
		c.l.Facts = pointedLead(60, 0).Facts
		if got := m.Score(c.l, c.l.Facts, nil, noon); got.Maturity != c.want {
			t.Errorf("%s: %s by a behaviour of %d, want %s", name, got.Maturity, got.Behaviour, c.want)
		}
	}
}
