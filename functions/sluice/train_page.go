package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"sluice/shared/gauge"
	"sluice/shared/predict"
)

// The page of a report needs nothing but itself: no script, no font, no host.
//
//go:embed train_report.html
var trainPageText string

// trainPage is what the page shows beside the report.
type trainPage struct {
	trainReport
	Lift   []gauge.Point
	Shapes []predict.Shape
}

const (
	liftSteps  = 50
	shapesTold = 24
	leastDrawn = 0.0005 // points of a feature
)

// shapeChart is the drawing of one feature.
type shapeChart struct {
	Feature string
	Points  float64 // mean of the absolute points
	Chart   template.HTML
	Notes   []string // what is not drawn
}

// Calibration draws what was predicted against what came true.
func (p *trainPage) Calibration() (template.HTML, error) {
	return drawCalibration(p.Measures.Reliability)
}

// Gain draws how many successes are found in how many rows.
func (p *trainPage) Gain() (template.HTML, error) { return drawLift(p.Lift) }

// Curves draws the features, the most important first.
func (p *trainPage) Curves() ([]shapeChart, error) {
	var all []shapeChart
	for _, f := range p.Features[:min(len(p.Features), shapesTold)] {
		if f.Points < leastDrawn {
			break
		}
		for _, s := range p.Shapes {
			if s.Feature != f.Feature {
				continue
			}
			chart, notes, err := drawShape(s)
			if err != nil {
				return nil, fmt.Errorf("draw %s: %w", s.Feature, err)
			}
			all = append(all, shapeChart{s.Feature, f.Points, chart, notes})
		}
	}
	return all, nil
}

// print writes the page.
func (p *trainPage) print(out io.Writer) error {
	page, err := template.New("report").Funcs(template.FuncMap{
		"thousands": thousands,
		"percent":   percentText,
		"points":    func(x float64) string { return fmt.Sprintf("%.3f", x) },
		"share":     func(part, of int) float64 { return float64(part) / float64(max(of, 1)) },
	}).Parse(trainPageText)
	if err != nil {
		return err
	}
	return page.Execute(out, p)
}
