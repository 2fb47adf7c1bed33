package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

// Score tells how a lead is scored, to whoever sees the lead.
func (d *Desk) Score(ctx context.Context, u User, id string) (ScoreView, error) {
	_, l, _, err := d.seen(ctx, u, id)
	if err != nil {
		return ScoreView{}, err
	}
	view, err := d.explain(ctx, l)
	if err == nil && view.Odds == nil {
		view.RulesOnly, err = d.rulesOnly(ctx)
	}
	return view, err
}

// ScoreOf is [Desk.Score] of a lead as it was just shown, which reads nothing more: it
// does not say why no model says a chance, where none does.
func (d *Desk) ScoreOf(ctx context.Context, v LeadView) (ScoreView, error) {
	if !v.Visible {
		return ScoreView{}, notFound()
	}
	return d.explain(ctx, v.of)
}

func (d *Desk) explain(ctx context.Context, l lead.Lead) (ScoreView, error) {
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return ScoreView{}, err
	}
	private, err := openAnswers(ctx, d.Vault, l)
	if err != nil {
		return ScoreView{}, err
	}
	now := d.Now()
	return scoreView(pol, l, pol.ExplainScore(l, scoring(l.Facts, private), now), now), nil
}

func scoreView(pol *policy.Policy, l lead.Lead, x score.Explanation, now time.Time) ScoreView {
	s := x.Score
	v := ScoreView{
		Lead: l.ID, Number: l.Number, Product: l.Product, State: l.State, At: now, Policy: pol.Version(),
		Standing: standing(lead.Standing{Fit: s.Fit, Behaviour: s.Behaviour, Chance: s.Chance, Grade: s.Grade, Maturity: s.Maturity}, s.Model),
		Kept:     standing(l.Standing(), l.Model), ByHand: l.ByHand, Reasons: append([]string{}, l.Reasons...),
		Profile:  ProfileView{Criteria: append([]score.Criterion{}, x.Criteria...)},
		Interest: interest(l, x.Parts), How: x.How, Against: x.Against, Failed: x.Failed, Prospect: prospect(pol.Directory, l, now),
	}
	for _, c := range x.Criteria {
		v.Profile.Sum += c.Points
	}
	if !x.Unassisted {
		v.Odds = &OddsView{Base: x.Base, LogOdds: x.Base, Reasons: []ModelReason{}}
		for _, r := range x.Reasons {
			v.Odds.LogOdds += r.Points
			v.Odds.Reasons = append(v.Odds.Reasons, ModelReason(r))
		}
	}
	if m := pol.Document().Score.Matrix; m != nil && len(x.Against) == 0 {
		v.Table = gradeTable(m, s)
	}
	return v
}

// interest lists the signals of a lead by the parts that they are.
func interest(l lead.Lead, parts []score.Part) []InterestView {
	all := []InterestView{}
	for _, p := range parts {
		part := InterestView{Kind: p.Kind, Points: p.Points, Capped: p.Capped, Signals: []SignalView{}}
		for _, s := range l.Enquired() {
			if s.Kind == p.Kind {
				part.Signals = append(part.Signals, signalView(s))
			}
		}
		all = append(all, part)
	}
	return all
}

func gradeTable(m *score.Matrix, s lead.Score) *GradeTable {
	within := func(bounds []int, n int) int {
		if i := slices.IndexFunc(bounds, func(b int) bool { return n >= b }); i >= 0 {
			return i
		}
		return len(bounds)
	}
	t := &GradeTable{Fit: m.Fit, Behaviour: m.Behaviour, Grades: m.Grades, Row: within(m.Fit, s.Fit), Column: within(m.Behaviour, s.Behaviour)}
	switch cell := t.Grades[t.Row][t.Column]; cmp.Compare(s.Grade.Rank(), cell.Rank()) {
	case -1:
		t.Moved = "raised"
	case 1:
		t.Moved = "lowered"
	}
	return t
}

func prospect(pol *policy.Directory, l lead.Lead, now time.Time) Prospect {
	p := Prospect{Value: pol.Value(l), Worth: 1}
	if worth, ok := pol.Document().Score.Worth[l.Product]; ok {
		p.Worth = worth
	}
	p.Chance = p.Value / p.Worth
	for _, t := range lead.Tasks([]lead.Lead{l}, pol.Rules, func(lead.Lead) float64 { return 1 }, now) {
		p.Urgency, p.Due = t.Rank, &t.Due
	}
	return p
}

// rulesOnly says why no model says a chance.
func (d *Desk) rulesOnly(ctx context.Context) (*RulesOnly, error) {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	last, _, err := d.Store.Trainings(ctx, Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	r := &RulesOnly{Why: "nothing has been learned from closed leads yet: the first training is to come"}
	r.FloorWon, r.FloorClosed = pol.Document().Score.Learn.Floor()
	for _, t := range last {
		r.Why, r.Training, r.At, r.Won, r.Closed = t.Why, t.Version, t.At, t.Won, t.Closed
		if inForce := inForce(t); inForce > 0 {
			r.Why = fmt.Sprintf("model %d is in force and was not read here yet", inForce)
		}
	}
	return r, nil
}

// inForce is the model that is in force after a training, 0 for none.
func inForce(t score.Record) int {
	if t.Verdict == score.Promoted {
		return t.Version
	}
	return t.Champion
}
