package learn

import (
	"math"
	"slices"
	"strconv"

	"sluice/shared/predict"
)

// numbersIn tells whether most values are numbers, and whether they have a decimal
// comma.
func numbersIn(values []tally, given int) (comma, ok bool) {
	var rows [2]int
	var distinct [2]int
	for _, v := range values {
		for i, comma := range []bool{false, true} {
			if _, ok := v.value.Number(comma); ok {
				rows[i] += v.rows
				distinct[i]++
			}
		}
	}
	comma = rows[1] > rows[0]
	i := 0
	if comma {
		i = 1
	}
	return comma, float64(rows[i]) >= numbersAbove*float64(given) && distinct[i] > 1
}

func numbers(cells []predict.Cell, values []tally, given int, comma bool) feature {
	xs := make([]float64, 0, given)
	var words []tally
	for _, v := range values {
		if _, ok := v.value.Number(comma); !ok {
			words = append(words, v)
		}
	}
	for _, c := range cells {
		if x, ok := c.Number(comma); ok {
			xs = append(xs, x)
		}
	}
	if why := runningNumber(xs); why != "" {
		return presence(len(cells), given, why)
	}
	return feature{curves: []predict.Curve{{Comma: comma, Levels: frequent(words), Edges: edges(xs)}}}
}

// runningNumber tells whether the numbers, in the order of the rows, name the rows
// rather than measure something: whole, each there once, and either in order or
// of one length.
func runningNumber(xs []float64) string {
	if len(xs) < enoughToJudge {
		return ""
	}
	up, down := 0, 0
	for i, x := range xs {
		if x != math.Trunc(x) {
			return ""
		}
		if i > 0 && x >= xs[i-1] {
			up++
		}
		if i > 0 && x <= xs[i-1] {
			down++
		}
	}
	sorted := slices.Sorted(slices.Values(xs))
	once := len(slices.Compact(sorted))
	if float64(once) < 0.99*float64(len(xs)) {
		return ""
	}
	low, high := slices.Min(xs), slices.Max(xs)
	const inOrder = 0.95
	switch steps := float64(len(xs) - 1); {
	case float64(max(up, down)) >= inOrder*steps:
		return "it is a running number: it names the row"
	case digits(low) == digits(high) && digits(low) >= 5, high-low < 2*float64(len(xs)):
		return "it is a number that every row has of its own: it names the row"
	}
	return ""
}

func digits(x float64) int { return len(strconv.FormatFloat(math.Abs(x), 'f', 0, 64)) }

// edges cuts numbers into ranges of about as many rows each. A number that is
// there very often gets a range of its own.
func edges(xs []float64) []float64 {
	slices.Sort(xs)
	var cuts []float64
	inBin, left, bins := 0, len(xs), mostBins
	for i := 0; i < len(xs); {
		j := i + 1
		for j < len(xs) && xs[j] == xs[i] {
			j++
		}
		size := max(leastRows, left/max(1, bins))
		if inBin > 0 && (inBin >= size || inBin+(j-i) > size+size/2) {
			cuts = append(cuts, between(xs[i-1], xs[i]))
			left, bins, inBin = left-inBin, bins-1, 0
		}
		inBin += j - i
		i = j
	}
	if inBin < leastRows && len(cuts) > 1 {
		cuts = cuts[:len(cuts)-1]
	}
	if len(cuts) == 0 { // few rows beside one value
		cuts = []float64{between(xs[0], xs[len(xs)-1])}
	}
	return slices.Compact(cuts)
}

// between is the shortest number above low and up to high, near their middle.
func between(low, high float64) float64 {
	middle := low + (high-low)/2
	for precision := 1; precision <= 17; precision++ {
		x, err := strconv.ParseFloat(strconv.FormatFloat(middle, 'g', precision, 64), 64)
		if err == nil && low < x && x <= high {
			return x
		}
	}
	return high
}
