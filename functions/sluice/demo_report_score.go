package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/score"
)

// scoreReport is what a month came to as far as scores are concerned.
type scoreReport struct {
	signals    int   // told of
	causes     tally // of scores after the first
	grades     int   // of those that changed the grade
	maturities tally // of open leads
	nights     tally // trainings by their verdict
	last       score.Record
	inForce    score.Record // the zero one where none is
	chances    int          // open leads with a learned chance
}

// scores reads what was learned, and checks that it was learned from how every lead
// ended that is over.
func (p *play) scores(ctx context.Context, r *demoReport, leads []lead.Lead) error {
	s := scoreReport{signals: p.signals, nights: p.nights, causes: tally{}, maturities: tally{}}
	for _, history := range p.history {
		for _, entry := range history {
			for _, e := range entry.Events {
				if e, ok := e.(lead.Scored); ok && e.Was != nil {
					s.count(e)
				}
			}
		}
	}
	kept, err := p.outcomes(ctx)
	if err != nil {
		return err
	}
	for _, l := range leads {
		if l.State.Open() && l.Maturity != "" {
			s.maturities[string(l.Maturity)]++
		}
		if l.State.Open() && l.Chance > 0 {
			s.chances++
		}
		o, known := kept[l.ID]
		over, won := ended(l.State)
		if known = known && !o.Closed.IsZero(); known != over || over && o.Won != won {
			r.faults = append(r.faults, fmt.Errorf("lead %s is %s; its outcome is kept: %t, won: %t", l.ID, l.State, known, o.Won))
		}
	}
	if s.inForce, err = p.system.table.CurrentModel(ctx, 0); err != nil {
		return err
	}
	trainings, _, err := p.system.table.Trainings(ctx, app.Page{Limit: 1})
	if len(trainings) > 0 {
		s.last = trainings[0]
	}
	r.score = s
	return err
}

func (s *scoreReport) count(e lead.Scored) {
	cause := e.Cause
	if strings.HasPrefix(cause, "policy ") {
		cause = "policy or model"
	}
	s.causes[cause]++
	if e.Grade != e.Was.Grade {
		s.grades++
	}
}

// ended says whether a state is one to learn from, and whether it is won.
func ended(s lead.State) (over, won bool) {
	switch s {
	case lead.StateConverted, lead.StateCustomer:
		return true, true
	case lead.StateJunk, lead.StateLost, lead.StateUnreachable, lead.StateArchived:
		return true, false
	}
	return false, false
}

// outcomes are those of all leads that came in the month that was played.
func (p *play) outcomes(ctx context.Context) (map[string]score.Outcome, error) {
	all := map[string]score.Outcome{}
	for month := p.start; !month.After(p.end.AddDate(0, 1, 0)); month = month.AddDate(0, 1, 0) {
		for page := (app.Page{Limit: 1000}); ; {
			some, cursor, err := p.system.table.Outcomes(ctx, month, page)
			if err != nil {
				return nil, err
			}
			for _, o := range some {
				all[o.Lead] = o
			}
			if page.Cursor = cursor; cursor == "" {
				break
			}
		}
	}
	return all, nil
}

func (s *scoreReport) print(w io.Writer) {
	fmt.Fprintf(w, "\nScores\n  signals told of\t%d\n", s.signals)
	for _, cause := range slices.Sorted(maps.Keys(s.causes)) {
		fmt.Fprintf(w, "  scored anew: %s\t%d\n", cause, s.causes[cause])
	}
	fmt.Fprintf(w, "  grades that changed\t%d\n", s.grades)
	for _, m := range lead.Maturities {
		fmt.Fprintf(w, "  open leads, %s\t%d\n", m, s.maturities[string(m)])
	}
	fmt.Fprintln(w, "\nWhat was learned from closed leads")
	for _, verdict := range slices.Sorted(maps.Keys(s.nights)) {
		fmt.Fprintf(w, "  nights: %s\t%d\n", verdict, s.nights[verdict])
	}
	if s.inForce.Version == 0 {
		fmt.Fprintf(w, "  model in force\tnone: rules only. %s\n", s.last.Why)
		return
	}
	m := s.inForce
	fmt.Fprintf(w, "  model in force\tversion %d of %s: %d closed leads, %d of them won\n", m.Version, m.At.Format(time.DateOnly), m.Closed, m.Won)
	if m.Figures != nil && m.Incumbent != nil {
		fmt.Fprintf(w, "  on the %d newest\tAUC %.3f, log-loss %.3f (%.3f for what was in force before)\n", m.Judged, m.Figures.AUC, m.Figures.LogLoss, m.Incumbent.LogLoss)
	}
	var names []string
	for _, f := range m.Features[:min(5, len(m.Features))] {
		names = append(names, f.Name)
	}
	fmt.Fprintf(w, "  weighs most\t%s\n  open leads with a chance\t%d\n", strings.Join(names, ", "), s.chances)
}
