package predict

import "strconv"

// Shape is one curve, for reports.
type Shape struct {
	Feature string
	Bins    []Bin // missing, other, levels, ranges; without those that no learned row was in
}

// Bin is one step of a curve.
type Bin struct {
	Label    string
	From, To float64 // of a range of numbers: From ≤ x < To; the first and the last one are open
	Range    bool    // From and To count
	Points   float64 // log-odds
	Share    float64 // of the learned rows, 0 to 1
}

// Shapes are the model's curves, in its order.
func (m *Model) Shapes() []Shape {
	shapes := make([]Shape, 0, len(m.Curves))
	for i := range m.Curves {
		c := &m.Curves[i]
		s := Shape{Feature: m.name(c)}
		for bin, points := range c.Points {
			if c.Shares[bin] > 0 {
				s.Bins = append(s.Bins, c.shapeBin(bin, points))
			}
		}
		shapes = append(shapes, s)
	}
	return shapes
}

func (c *Curve) shapeBin(bin int, points float64) Bin {
	b := Bin{Points: points, Share: c.Shares[bin]}
	at := bin - binFirst
	switch {
	case bin == BinMissing:
		b.Label = "missing"
	case bin == BinOther && c.Bins() == binFirst:
		b.Label = "given"
	case bin == BinOther:
		b.Label = "other"
	case c.Read != "":
		b.Label = c.Read.label(at)
	case at < len(c.Levels):
		b.Label = c.Levels[at]
	default:
		c.label(&b, at-len(c.Levels))
	}
	return b
}

func (c *Curve) label(b *Bin, at int) {
	b.Range = true
	if at > 0 {
		b.From = c.Edges[at-1]
		b.Label = "from " + short(b.From)
	}
	if at < len(c.Edges) {
		b.To = c.Edges[at]
		if b.Label != "" {
			b.Label += " "
		}
		b.Label += "below " + short(b.To)
	}
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
