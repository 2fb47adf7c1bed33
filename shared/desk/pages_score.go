package desk

import (
	"math"
	"net/http"
	"strconv"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// made is what a score is made of, for a page.
type made struct {
	Profile  []part
	Interest []part
	Reasons  []part // none where no model says a chance
	Policy   int
	Model    int    // 0 for none
	Small    int    // reasons that are too small to be listed
	Base     string // log-odds
	LogOdds  string
}

// part is one part of a score: what it is, what it adds, and a bar of that.
type part struct {
	Name, Value string
	Points      string
	Note        string // message, "" for none
	Bar         lean
	Off         bool // it adds nothing
	Signals     []app.SignalView
}

// lean is a bar on a line of length 100 that leans from the middle to the right, or to
// the left where it speaks against.
type lean struct {
	From, Width float64
	Against     bool
}

func leaning(points, most float64) lean {
	const middle = 50
	if most == 0 {
		return lean{From: middle}
	}
	width := math.Round(middle*10*math.Min(1, math.Abs(points)/most)) / 10
	if points < 0 {
		return lean{From: middle - width, Width: width, Against: true}
	}
	return lean{From: middle, Width: width}
}

// smallReason is the log-odds below which a page does not list a reason.
const smallReason = 0.005

// madeOf lays out what a score is made of.
func madeOf(s app.ScoreView) made {
	m := made{Policy: s.Policy, Model: s.Model}
	most := 0.0
	for _, c := range s.Profile.Criteria {
		most = max(most, math.Abs(float64(c.Points)))
	}
	for _, c := range s.Profile.Criteria {
		one := part{Name: c.Name, Points: signed(float64(c.Points), 0), Bar: leaning(float64(c.Points), most), Off: !c.Met}
		switch {
		case c.Failed:
			one.Note = "score.failed"
		case c.Must && c.Met:
			one.Note = "score.must_met"
		case c.Must:
			one.Note = "score.must_missing"
		case !c.Met:
			one.Note = "score.unmet"
		}
		m.Profile = append(m.Profile, one)
	}
	most = 0
	for _, i := range s.Interest {
		most = max(most, i.Points)
	}
	for _, i := range s.Interest {
		one := part{Name: string(i.Kind), Points: signed(i.Points, 1), Bar: leaning(i.Points, most), Signals: i.Signals}
		if i.Capped {
			one.Note = "score.capped"
		}
		m.Interest = append(m.Interest, one)
	}
	if s.Odds == nil {
		return m
	}
	m.Base, m.LogOdds = signed(s.Odds.Base, 2), signed(s.Odds.LogOdds, 2)
	if len(s.Odds.Reasons) > 0 {
		most = math.Abs(s.Odds.Reasons[0].Points)
	}
	for _, r := range s.Odds.Reasons {
		if math.Abs(r.Points) < smallReason {
			m.Small++
			continue
		}
		m.Reasons = append(m.Reasons, part{Name: r.Feature, Value: r.Value, Points: signed(r.Points, 2), Bar: leaning(r.Points, most)})
	}
	return m
}

// scoreData is what the page about a score shows.
type scoreData struct {
	Score app.ScoreView
	Made  made
	Table []gradeRow
	Odds  bool
	Moved string // whether the chance raised or lowered the grade: a message, "" where not
	Fades bool   // the score kept is not quite that of now
}

// gradeRow is a row of the table of grades.
type gradeRow struct {
	From  int // fit, 0 in the last row
	Cells []gradeCell
}

type gradeCell struct {
	Grade lead.Grade
	Here  bool
}

// scorePage tells how a lead is scored.
func (d *desk) scorePage(v visit) error {
	id := v.r.PathValue("lead")
	if !isWord.MatchString(id) {
		return lead.Errorf(lead.NotFound, "there is no such lead")
	}
	s, err := d.app.Score(v.r.Context(), v.user, id)
	if err != nil {
		return err
	}
	data := scoreData{Score: s, Made: madeOf(s), Odds: s.Odds != nil, Fades: s.Kept != s.Standing}
	if t := s.Table; t != nil {
		for i, grades := range t.Grades {
			row := gradeRow{}
			if i < len(t.Fit) {
				row.From = t.Fit[i]
			}
			for j, g := range grades {
				row.Cells = append(row.Cells, gradeCell{g, i == t.Row && j == t.Column})
			}
			data.Table = append(data.Table, row)
		}
		if t.Moved != "" {
			data.Moved = "score." + t.Moved
		}
	}
	v.view.Title = v.view.T("score.title", s.Number)
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "score", v.view)
	return nil
}

// madeNow is what the score of a lead that was just read is made of; nil where that
// cannot be told now. The lead is worth more than that.
func (d *desk) madeNow(v visit, l app.LeadView) *made {
	s, err := d.app.ScoreOf(v.r.Context(), l)
	if err != nil {
		d.Log.WarnContext(v.r.Context(), "score", "outcome", "not told: the lead is shown without what it is made of", "lead", l.ID, "error", err.Error())
		return nil
	}
	m := madeOf(s)
	return &m
}

// inRange names a range of numbers in a language.
func inRange(v page.View, b app.ShapeBin) string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	switch {
	case b.From != nil && b.Below != nil:
		return v.T("bin.between", number(*b.From), number(*b.Below))
	case b.From != nil:
		return v.T("bin.from", number(*b.From))
	case b.Below != nil:
		return v.T("bin.below", number(*b.Below))
	}
	return v.Word("bin", b.Label)
}
