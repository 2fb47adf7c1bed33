package learn

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"sluice/shared/predict"
)

// How a column becomes a feature.
const (
	leastRows     = 10       // of a level that is not pooled with the rare ones
	levelRoom     = 80 << 10 // bytes of an artifact for the levels of all columns
	mostLevels    = 1 << 14
	levelBytes    = 20   // of a level in an artifact, beside its name
	mostBins      = 64   // ranges of a column of numbers
	numbersAbove  = 0.5  // share of numbers in a column of numbers, the rest being words such as "unknown"
	datesAbove    = 0.9  // share of dates in a column of dates
	uniqueAbove   = 0.9  // share of values of their own that makes texts identifiers
	enoughToJudge = 50   // values, before unique ones make an identifier
	givenBounds   = 0.01 // share of rows that must be missing, and be given, for that to be a feature
)

// feature is a column with the curves that it gets.
type feature struct {
	curves []predict.Curve
	why    string // it gets none
}

// tally counts the values of a column.
type tally struct {
	value predict.Cell // the first of those that are written alike
	rows  int
}

// read finds out what a column is, without a look at the answers.
func read(column Column) feature {
	values, given := count(column.Cells)
	rows := len(column.Cells)
	switch {
	case given == 0:
		return feature{why: "it is empty"}
	case len(values) == 1 && given == rows:
		return feature{why: "it is the same in every row"}
	case len(values) == 1:
		return presence(rows, given, "it has only one value")
	}
	if order, ok := datesIn(values, given); ok {
		return dates(column.Cells, order, given)
	}
	if comma, ok := numbersIn(values, given); ok {
		return numbers(column.Cells, values, given, comma)
	}
	if given >= enoughToJudge && float64(len(values)) >= uniqueAbove*float64(given) {
		return presence(rows, given, "nearly every row has a value of its own: it names the row")
	}
	levels := frequent(values)
	if len(levels) == 0 {
		return presence(rows, given, fmt.Sprintf("none of its %d values is in %d rows", len(values), leastRows))
	}
	return feature{curves: []predict.Curve{{Levels: levels}}}
}

// presence makes a feature of whether there is a value at all.
func presence(rows, given int, why string) feature {
	least := max(leastRows, int(givenBounds*float64(rows)))
	if given < least || rows-given < least {
		return feature{why: why}
	}
	return feature{curves: []predict.Curve{{}}}
}

// count lists the values, the most frequent ones first, and how many cells have one.
func count(cells []predict.Cell) (values []tally, given int) {
	index := make(map[string]int)
	for _, c := range cells {
		if c.Missing() {
			continue
		}
		given++
		key := asciiLower(c.String())
		i, ok := index[key]
		if !ok {
			i = len(values)
			index[key] = i
			values = append(values, tally{value: c})
		}
		values[i].rows++
	}
	slices.SortStableFunc(values, func(a, b tally) int { return b.rows - a.rows })
	return values, given
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// frequent picks the values that become levels, the most frequent ones first.
func frequent(values []tally) []string {
	var levels []string
	for _, v := range values {
		if v.rows < leastRows {
			break
		}
		if s := v.value.String(); utf8.ValidString(s) {
			levels = append(levels, s)
		}
	}
	return levels
}

// limitLevels leaves each column as many of its most frequent levels as there is
// room for in all, and puts them into their order.
func limitLevels(curves []predict.Curve) {
	most := sort.Search(mostLevels, func(most int) bool {
		room := levelRoom
		for _, c := range curves {
			for _, level := range c.Levels[:min(most, len(c.Levels))] {
				room -= len(level) + levelBytes
			}
		}
		return room < 0
	}) - 1
	for i := range curves {
		c := &curves[i]
		c.Levels = c.Levels[:min(most, len(c.Levels))]
		slices.SortFunc(c.Levels, predict.CompareLevels)
	}
}
