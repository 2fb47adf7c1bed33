package predict

import (
	"math"
	"strconv"
	"strings"
)

// Cell is one value of a row: a number, a text, or nothing. The zero value is
// missing. Cells are comparable.
type Cell struct {
	kind   kind
	number float64
	text   string
}

type kind uint8

const (
	missing kind = iota
	number
	text
)

// Number is a cell with a number. What is not a finite number is missing.
func Number(x float64) Cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Cell{}
	}
	return Cell{kind: number, number: x + 0} // no negative zero
}

// Text is a cell with a text, without the space around it. The empty text is
// missing. A text that reads as a number is one for features that are numbers.
func Text(s string) Cell {
	if s = strings.TrimSpace(s); s == "" {
		return Cell{}
	}
	return Cell{kind: text, text: s}
}

// Flag is the text "yes" or "no".
func Flag(b bool) Cell {
	if b {
		return Text("yes")
	}
	return Text("no")
}

// Missing tells that the cell holds nothing.
func (c Cell) Missing() bool { return c.kind == missing }

// String is the cell as a person would read it; a missing one is empty.
func (c Cell) String() string {
	if c.kind == number {
		return strconv.FormatFloat(c.number, 'f', -1, 64)
	}
	return c.text
}
