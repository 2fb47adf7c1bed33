package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"sluice/shared/gauge"
	"sluice/shared/predict"
)

// Sizes of drawings in points. A page scales them to its columns, so they are of
// the width of a phone: letters stay readable there.
const (
	chartWidth = 300
	curveHigh  = 200
	barHigh    = 17 // of a level
	levelsTold = 14 // of a feature
	labelRunes = 20
	outside    = 6   // that the last figure of an axis reaches over its end
	leastPoint = 0.2 // that an axis of points reaches: what is next to nothing looks like it
)

var (
	lineColor  = color.RGBA{R: 0x2b, G: 0x5f, B: 0x9e, A: 0xff}
	upColor    = color.RGBA{R: 0x2b, G: 0x7a, B: 0x4b, A: 0xff}
	downColor  = color.RGBA{R: 0xb0, G: 0x4a, B: 0x3a, A: 0xff}
	chanceLine = color.RGBA{R: 0x99, G: 0x99, B: 0x99, A: 0xff}
)

func newChart(x, y string) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	p.BackgroundColor = nil // the page has one
	for _, style := range []*font.Font{&p.X.Label.TextStyle.Font, &p.Y.Label.TextStyle.Font, &p.X.Tick.Label.Font, &p.Y.Tick.Label.Font} {
		style.Variant, style.Size = "Sans", 9
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{Y: 0xdd}, color.Gray{Y: 0xdd}
	p.Add(grid)
	return p
}

// svg draws a chart as an element for a page, of the page's width. The library
// escapes the texts in it.
func svg(p *plot.Plot, high float64) (template.HTML, error) {
	c := vgsvg.NewWith(vgsvg.UseWH(chartWidth, vg.Length(high)))
	p.Draw(draw.New(c))
	var out bytes.Buffer
	if _, err := c.WriteTo(&out); err != nil {
		return "", err
	}
	_, drawn, ok := strings.Cut(out.String(), "<g ")
	if !ok {
		return "", errors.New("the drawing is not SVG")
	}
	return template.HTML(fmt.Sprintf(`<svg role="img" viewBox="0 %d %d %.0f"><g %s`, -outside, chartWidth+2*outside, high+outside, drawn)), nil
}

// drawCalibration draws bins with the bars that chance alone explains.
func drawCalibration(bins []gauge.Bin) (template.HTML, error) {
	p := newChart("said", "came true")
	points := make(plotter.XYs, len(bins))
	bars := make(plotter.YErrors, len(bins))
	high := 0.1
	for i, b := range bins {
		points[i].X, points[i].Y = b.Said, b.Seen
		bars[i].Low, bars[i].High = 1.96*b.Error, 1.96*b.Error
		high = max(high, b.Said, b.Seen)
	}
	high = min(1, high*1.08)
	even, err := plotter.NewLine(plotter.XYs{{}, {X: high, Y: high}})
	if err != nil {
		return "", err
	}
	even.Color = chanceLine
	p.Add(even)
	if len(bins) > 0 {
		seen, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return "", err
		}
		seen.Color, dots.Color, dots.Shape, dots.Radius = lineColor, lineColor, draw.CircleGlyph{}, 2.5
		chance, err := plotter.NewYErrorBars(struct {
			plotter.XYer
			plotter.YErrorer
		}{points, bars})
		if err != nil {
			return "", err
		}
		chance.Color = lineColor
		p.Add(chance, seen, dots)
	}
	p.X.Min, p.Y.Min, p.X.Max, p.Y.Max = 0, 0, high, high
	return svg(p, 0.85*chartWidth)
}

// drawLift draws the share of successes against the share of rows.
func drawLift(curve []gauge.Point) (template.HTML, error) {
	p := newChart("rows, the best first", "successes")
	points := make(plotter.XYs, len(curve))
	for i, at := range curve {
		points[i].X, points[i].Y = at.Rows, at.Found
	}
	found, err := plotter.NewLine(points)
	if err != nil {
		return "", err
	}
	chance, err := plotter.NewLine(plotter.XYs{{}, {X: 1, Y: 1}})
	if err != nil {
		return "", err
	}
	found.Color, found.Width, chance.Color = lineColor, 1.5, chanceLine
	p.Add(chance, found)
	p.X.Min, p.Y.Min, p.X.Max, p.Y.Max = 0, 0, 1, 1
	return svg(p, 0.85*chartWidth)
}

// drawShape draws a feature: ranges of numbers as steps, levels as bars. What
// does not fit, and what has no place on an axis, is told in words.
func drawShape(s predict.Shape) (template.HTML, []string, error) {
	var ranges, levels []predict.Bin
	for _, b := range s.Bins {
		if b.Range {
			ranges = append(ranges, b)
		} else {
			levels = append(levels, b)
		}
	}
	if len(ranges) >= 2 {
		var notes []string
		for _, b := range levels {
			notes = append(notes, noteOf(b))
		}
		chart, err := drawSteps(ranges)
		return chart, notes[:min(len(notes), 5)], err
	}
	if levels = append(levels, ranges...); len(levels) == 0 {
		return "", []string{"no row has had a value"}, nil
	}
	slices.SortStableFunc(levels, func(a, b predict.Bin) int { return cmp.Compare(b.Share, a.Share) })
	var notes []string
	if more := len(levels) - levelsTold; more > 0 {
		share := 0.0
		for _, b := range levels[levelsTold:] {
			share += b.Share
		}
		notes = []string{fmt.Sprintf("and %d rarer ones (%s of the rows)", more, percentText(share))}
		levels = levels[:levelsTold]
	}
	chart, err := drawBars(levels)
	return chart, notes, err
}

func noteOf(b predict.Bin) string {
	return fmt.Sprintf("%s: %+.2f (%s of the rows)", short(b.Label), b.Points, percentText(b.Share))
}

// drawSteps draws ranges that follow each other. The outer two are open, and
// drawn a little way.
func drawSteps(ranges []predict.Bin) (template.HTML, error) {
	p := newChart("", "points")
	first, last := ranges[0].To, ranges[len(ranges)-1].From
	margin := (last - first) / 12
	if margin == 0 {
		margin = max(math.Abs(first)/12, 1)
	}
	var points plotter.XYs
	for i, b := range ranges {
		from, to := b.From, b.To
		if i == 0 {
			from = first - margin
		}
		if i == len(ranges)-1 {
			to = last + margin
		}
		points = append(points, plotter.XY{X: from, Y: b.Points}, plotter.XY{X: to, Y: b.Points})
	}
	line, err := plotter.NewLine(points)
	if err != nil {
		return "", err
	}
	line.Color, line.Width = lineColor, 1.5
	even, err := plotter.NewLine(plotter.XYs{{X: first - margin}, {X: last + margin}})
	if err != nil {
		return "", err
	}
	even.Color = chanceLine
	p.Add(even, line)
	p.Y.Min, p.Y.Max = min(p.Y.Min, -leastPoint), max(p.Y.Max, leastPoint)
	return svg(p, curveHigh)
}

// drawBars draws levels, the most frequent one on top.
func drawBars(levels []predict.Bin) (template.HTML, error) {
	p := newChart("points", "")
	names := make([]string, len(levels))
	for sign, fill := range map[float64]color.Color{1: upColor, -1: downColor} {
		values := make(plotter.Values, len(levels))
		for i, b := range levels {
			if b.Points*sign > 0 {
				values[len(levels)-1-i] = b.Points
			}
		}
		bars, err := plotter.NewBarChart(values, barHigh*0.6)
		if err != nil {
			return "", err
		}
		bars.Horizontal, bars.Color, bars.LineStyle.Width = true, fill, 0
		p.Add(bars)
	}
	for i, b := range levels {
		names[len(levels)-1-i] = fmt.Sprintf("%s %.0f%%", cut(b.Label, labelRunes), 100*b.Share)
	}
	p.NominalY(names...)
	p.X.Min, p.X.Max = min(p.X.Min, -leastPoint), max(p.X.Max, leastPoint)
	p.Y.Tick.Label.Font.Size = 8
	return svg(p, float64(barHigh*len(levels)+45))
}

// cut shortens a label.
func cut(label string, most int) string {
	if r := []rune(label); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return label
}
