package predict

import (
	"math"
	"sort"
	"strconv"
)

// Bins is how many bins the curve has.
func (c *Curve) Bins() int {
	n := binFirst + len(c.Levels) + c.Read.values()
	if len(c.Edges) > 0 {
		n += len(c.Edges) + 1
	}
	return n
}

// Bin is the bin that the cell falls into, from 0 to Bins()-1.
func (c *Curve) Bin(cell Cell) int {
	if cell.Missing() {
		return BinMissing
	}
	if c.Read != "" {
		return c.dateBin(cell)
	}
	if len(c.Levels) > 0 {
		if level, ok := c.level(cell); ok {
			return binFirst + level
		}
	}
	if len(c.Edges) > 0 {
		if x, ok := cell.Number(c.Comma); ok {
			return binFirst + len(c.Levels) + c.rangeOf(x)
		}
	}
	return BinOther
}

// rangeOf counts the edges at or below x.
func (c *Curve) rangeOf(x float64) int {
	low, high := 0, len(c.Edges)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if c.Edges[mid] <= x {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func (c *Curve) dateBin(cell Cell) int {
	d, ok := cell.Date(c.Order)
	if !ok {
		return BinOther
	}
	v, ok := c.Read.of(d)
	if !ok {
		return BinOther
	}
	return binFirst + v
}

func (c *Curve) level(cell Cell) (int, bool) {
	if cell.kind == text {
		return findLevel(c.Levels, cell.text)
	}
	if math.Abs(cell.number) >= longest {
		return 0, false
	}
	var buf [32]byte
	return findLevel(c.Levels, string(strconv.AppendFloat(buf[:0], cell.number, 'f', -1, 64)))
}

// longest is where numbers are no longer looked for among the levels.
const longest = 1e15

func findLevel(levels []string, s string) (int, bool) {
	i, found := sort.Find(len(levels), func(i int) int { return CompareLevels(s, levels[i]) })
	return i, found
}

// CompareLevels orders levels without regard to the case of Latin letters, so
// that "google" is "Google". It is negative where a comes first, 0 where the two
// are one level.
func CompareLevels(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// told is the cell as the curve understood it.
func (c *Curve) told(cell Cell, bin int) string {
	switch {
	case bin == BinMissing:
		return "missing"
	case c.Read != "" && bin >= binFirst:
		return c.Read.label(bin - binFirst)
	}
	return cell.String()
}
