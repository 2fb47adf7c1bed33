package predict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// Limits of an artifact.
const (
	MaxBytes   = 1 << 20
	maxColumns = 2000
	maxPoints  = 1000 // log-odds of one bin
	format     = 1
)

// Decode reads an artifact. It refuses one that is too large, has fields that it
// does not know or says what cannot be, and names the field. A model that it
// returns never panics.
func Decode(data []byte) (*Model, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("model: %d bytes are more than %d", len(data), MaxBytes)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var m Model
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("model: something follows its end")
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return &m, nil
}

// Encode writes the artifact, the same bytes for the same model. It refuses what
// Decode would.
func (m *Model) Encode() ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("encode model: %w", err)
	}
	if b.Len() > MaxBytes {
		return nil, fmt.Errorf("model: %d bytes are more than %d", b.Len(), MaxBytes)
	}
	return b.Bytes(), nil
}

func (m *Model) check() error {
	switch {
	case m.Format != format:
		return fmt.Errorf("model.format: %d is not %d", m.Format, format)
	case len(m.Columns) > maxColumns:
		return fmt.Errorf("model.features: %d are more than %d", len(m.Columns), maxColumns)
	case !sane(m.Base):
		return fmt.Errorf("model.base: %g is out of range", m.Base)
	}
	seen := make(map[string]bool, len(m.Columns))
	for i, name := range m.Columns {
		if name == "" || !utf8.ValidString(name) || seen[name] {
			return fmt.Errorf("model.features[%d]: %q is empty, not UTF-8 or there twice", i, name)
		}
		seen[name] = true
	}
	for i := range m.Curves {
		if err := m.Curves[i].check(len(m.Columns)); err != nil {
			return fmt.Errorf("model.curves[%d].%w", i, err)
		}
	}
	for i := range m.Pairs {
		if err := m.Pairs[i].check(m.Curves); err != nil {
			return fmt.Errorf("model.pairs[%d].%w", i, err)
		}
	}
	return nil
}

func sane(points float64) bool { return math.Abs(points) <= maxPoints }

func (c *Curve) check(columns int) error {
	switch {
	case c.Column < 0 || c.Column >= columns:
		return fmt.Errorf("column: there is no feature %d", c.Column)
	case c.Read != "" && c.Read.values() == 0:
		return fmt.Errorf("read: %q is unknown", c.Read)
	case (c.Read != "") != (c.Order != ""):
		return errors.New("order: it goes with read")
	case c.Order != "" && c.Order != YearFirst && c.Order != DayFirst && c.Order != MonthFirst:
		return fmt.Errorf("order: %q is unknown", c.Order)
	case c.Read != "" && len(c.Levels)+len(c.Edges) > 0:
		return errors.New("read: a date has neither levels nor edges")
	case len(c.Points) != c.Bins():
		return fmt.Errorf("points: %d for %d bins", len(c.Points), c.Bins())
	case len(c.Shares) != c.Bins():
		return fmt.Errorf("shares: %d for %d bins", len(c.Shares), c.Bins())
	}
	for i, level := range c.Levels {
		if level == "" || !utf8.ValidString(level) || i > 0 && CompareLevels(c.Levels[i-1], level) >= 0 {
			return fmt.Errorf("levels[%d]: %q is empty, not UTF-8 or not above the one before", i, level)
		}
	}
	for i, edge := range c.Edges {
		if math.IsNaN(edge) || math.IsInf(edge, 0) || i > 0 && c.Edges[i-1] >= edge {
			return fmt.Errorf("edges[%d]: %g is not above the one before", i, edge)
		}
	}
	for i := range c.Points {
		if !sane(c.Points[i]) {
			return fmt.Errorf("points[%d]: %g is out of range", i, c.Points[i])
		}
		if !(c.Shares[i] >= 0 && c.Shares[i] <= 1) {
			return fmt.Errorf("shares[%d]: %g is not from 0 to 1", i, c.Shares[i])
		}
	}
	return nil
}

func (p *Pair) check(curves []Curve) error {
	if p.A < 0 || p.A >= len(curves) {
		return fmt.Errorf("a: there is no curve %d", p.A)
	}
	if p.B < 0 || p.B >= len(curves) || p.A == p.B {
		return fmt.Errorf("b: there is no other curve %d", p.B)
	}
	if len(p.Points) == 0 {
		return errors.New("points: there are none")
	}
	if err := checkGroups(p.GroupsA, curves[p.A].Bins(), len(p.Points)); err != nil {
		return fmt.Errorf("groups_a%w", err)
	}
	if err := checkGroups(p.GroupsB, curves[p.B].Bins(), len(p.Points[0])); err != nil {
		return fmt.Errorf("groups_b%w", err)
	}
	for i, row := range p.Points {
		if len(row) != len(p.Points[0]) {
			return fmt.Errorf("points[%d]: %d of %d groups", i, len(row), len(p.Points[0]))
		}
		for j, points := range row {
			if !sane(points) {
				return fmt.Errorf("points[%d][%d]: %g is out of range", i, j, points)
			}
		}
	}
	return nil
}

func checkGroups(groups []int, bins, count int) error {
	if len(groups) != bins {
		return fmt.Errorf(": %d for %d bins", len(groups), bins)
	}
	for i, g := range groups {
		if g < 0 || g >= count {
			return fmt.Errorf("[%d]: there is no group %d", i, g)
		}
	}
	return nil
}
