package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// table is rows ready to be compared. Columns and rows are brought into an
// order that depends on what they hold and nothing else, so that results do
// not depend on how they came.
type table struct {
	fields  []Field
	columns []int      // for each column here, which it was
	rows    [][]*value // by row here, then column here
	origin  []int      // for each row here, which it was
	side    []uint8    // for each row here, the table it came from
	two     bool       // whether there are two tables
	sizes   [2]int     // rows of each side
	groups  [][]int    // columns between which values are shifted
	pool    [][]*value // by column, the distinct values
}

// mostFields bounds the columns that are compared.
const mostFields = 64

// shifted lists which kinds people take for one another.
var shifted = [][]Kind{{Given, Family}, {Address, City}}

func newTable(fields []Field, tables [][][]string) (*table, error) {
	if len(fields) == 0 {
		return nil, fmt.Errorf("match rows: the table has no fields")
	}
	if len(fields) > mostFields {
		return nil, fmt.Errorf("match rows: %d fields, more than %d", len(fields), mostFields)
	}
	for i, f := range fields {
		if _, ok := outcomes[f.Kind]; !ok {
			return nil, fmt.Errorf("match rows: field %d has the unknown kind %q", i, f.Kind)
		}
	}
	t := &table{two: len(tables) == 2}
	cell := func(row []string, column int) string {
		if column < len(row) {
			return row[column]
		}
		return ""
	}
	// The parsed values of each column, one for all that write it alike.
	seen := make([]map[string]*value, len(fields))
	pool := make([][]*value, len(fields))
	sums := make([]uint64, len(fields))
	for c, f := range fields {
		seen[c] = map[string]*value{}
		byKey, first := map[string]*value{}, map[string]string{}
		for _, rows := range tables {
			for _, row := range rows {
				raw := cell(row, c)
				if seen[c][raw] == nil {
					v := parse(f.Kind, raw)
					id := v.key
					switch f.Kind {
					case Address, Text, Company: // the words may differ
						id += "\x00" + v.sorted()
					case Date, Number: // what is read of them may
						id += fmt.Sprint("\x00", v.day, v.number, v.isNum)
					}
					known := byKey[id]
					if known == nil {
						known = &v
						byKey[id] = known
						pool[c], first[id] = append(pool[c], known), raw
					} else if raw < first[id] { // one stands for all that are written differently, whichever came first
						*known, first[id] = v, raw
					}
					seen[c][raw] = known
				}
				sums[c] += mix(seen[c][raw].hash) // whatever the order
			}
		}
		slices.SortFunc(pool[c], compareValues)
	}
	for c := range fields {
		t.columns = append(t.columns, c)
	}
	slices.SortStableFunc(t.columns, func(a, b int) int {
		return cmp.Or(strings.Compare(string(fields[a].Kind), string(fields[b].Kind)), cmp.Compare(sums[a], sums[b]))
	})
	for _, c := range t.columns {
		t.fields = append(t.fields, fields[c])
		t.pool = append(t.pool, pool[c])
	}
	t.setRows(tables, func(row []string, c int) *value { return seen[c][cell(row, c)] })
	t.groups = groupsOf(t.fields, cmp.Compare[int])
	return t, nil
}

func compareValues(a, b *value) int {
	return cmp.Or(cmp.Compare(a.hash, b.hash), strings.Compare(a.key, b.key), strings.Compare(a.sorted(), b.sorted()))
}

func (t *table) setRows(tables [][][]string, read func(row []string, c int) *value) {
	order := 0 // the table that comes first here
	var sums [2]uint64
	var all [2][][]*value
	for side, rows := range tables {
		for _, row := range rows {
			values := make([]*value, len(t.columns))
			sum := uint64(0)
			for i, c := range t.columns {
				values[i] = read(row, c)
				sum = join(sum, values[i].hash)
			}
			sums[side] += sum
			all[side] = append(all[side], values)
		}
	}
	if len(tables) == 2 && (len(all[1]) < len(all[0]) || len(all[1]) == len(all[0]) && sums[1] < sums[0]) {
		order = 1
	}
	for i := range tables {
		side := i ^ order
		offset := 0
		if side == 1 {
			offset = len(all[0])
		}
		index := make([]int, len(all[side]))
		for j := range index {
			index[j] = j
		}
		slices.SortStableFunc(index, func(a, b int) int {
			for c := range t.columns {
				if d := compareValues(all[side][a][c], all[side][b][c]); d != 0 {
					return d
				}
			}
			return 0
		})
		for _, j := range index {
			t.rows = append(t.rows, all[side][j])
			t.origin = append(t.origin, offset+j)
			t.side = append(t.side, uint8(i))
		}
		t.sizes[i] = len(index)
	}
}

// linking reports whether the rows are of two tables.
func (t *table) linking() bool { return t.two }

// pairs is how many pairs there are to compare.
func (t *table) pairs() float64 {
	n := float64(len(t.rows))
	if t.linking() {
		return float64(t.sizes[0]) * float64(t.sizes[1])
	}
	return n * (n - 1) / 2
}

// wordCounts counts for each column with words the rows that hold each, and
// weighs the words.
func (t *table) wordCounts() []*Frequencies {
	list := make([]*Frequencies, len(t.fields))
	for c := range t.fields {
		count := map[*value]int{}
		filled := 0
		for _, row := range t.rows {
			if v := row[c]; !v.missing() {
				count[v]++
				filled++
			}
		}
		f := &Frequencies{Entities: filled, Counts: map[uint64]uint32{}}
		for v, n := range count {
			for i := range v.words {
				if i == 0 || v.words[i].hash != v.words[i-1].hash {
					f.Counts[v.words[i].hash] += uint32(n)
				}
			}
		}
		for _, v := range t.pool[c] {
			v.weigh(f)
		}
		for h, n := range f.Counts {
			if n < 2 {
				delete(f.Counts, h)
			}
		}
		list[c] = f
	}
	return list
}

// compare sets the level of every column for two rows.
func (t *table) compare(a, b []*value, levels []uint8) {
	compareRows(t.fields, t.groups, a, b, levels)
}

// compareWell does so and looks up short forms of names.
func (t *table) compareWell(a, b []*value, levels []uint8) {
	compareRows(t.fields, t.groups, a, b, levels)
	lookUp(t.fields, a, b, levels)
}

func lookUp(fields []Field, a, b []*value, levels []uint8) {
	for c, f := range fields {
		levels[c] = shortForms(f.Kind, a[c], b[c], levels[c])
	}
}

func compareRows(fields []Field, groups [][]int, a, b []*value, levels []uint8) {
	for c := range fields {
		levels[c] = levelOf(fields[c].Kind, a[c], b[c])
	}
	for _, group := range groups {
		shift(group, a, b, levels)
	}
}
