package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sluice/shared/match"
)

// truth is what is known of which rows are the same: by a column that names the
// entity, or by a list of pairs.
type truth struct {
	from   string   // where it is known from, for the report
	split  int      // rows of the first of two tables, of which only pairs across count; 0 for one table
	entity []string // of each row, "" where it is not known; nil with a list
	same   map[[2]int]bool
	closed bool // only the pairs of the list are judged
}

// judge counts the pairs of rows that share a group, which is a number a row.
func (t truth) judge(group []int) match.Quality {
	if t.entity == nil {
		return t.judgeList(group)
	}
	var known []int
	var entity []string
	first := 0
	for row, e := range t.entity {
		if e == "" {
			continue
		}
		known, entity = append(known, group[row]), append(entity, e)
		if row < t.split {
			first = len(known)
		}
	}
	if t.split > 0 && first == 0 {
		return match.Quality{} // nothing is known of the first table
	}
	return match.Judge(known, entity, first)
}

func (t truth) judgeList(group []int) match.Quality {
	var q match.Quality
	for pair, same := range t.same {
		together := group[pair[0]] == group[pair[1]]
		switch {
		case same && together:
			q.TP++
		case same:
			q.FN++
		case together:
			q.FP++
		}
	}
	if !t.closed {
		q.FP = t.together(group) - q.TP
	}
	return q
}

// together counts the pairs of rows that share a group; of two tables, those of
// one row of each.
func (t truth) together(group []int) int {
	counts := map[int][2]int{}
	for row, g := range group {
		n := counts[g]
		if t.split > 0 && row >= t.split {
			n[1]++
		} else {
			n[0]++
		}
		counts[g] = n
	}
	total := 0
	for _, n := range counts {
		if t.split > 0 {
			total += n[0] * n[1]
		} else {
			total += n[0] * (n[0] - 1) / 2
		}
	}
	return total
}

// columnTruth takes the truth from a column of the tables.
func columnTruth(name string, sheets []*sheet) (truth, error) {
	t := truth{from: "column " + name}
	for i, s := range sheets {
		at, err := s.column(name)
		if err != nil {
			return truth{}, fmt.Errorf("-truth: %w", err)
		}
		if i == 1 {
			t.split = len(t.entity)
		}
		for _, row := range s.rows {
			t.entity = append(t.entity, row[at])
		}
	}
	return t, nil
}

// listTruth takes the truth from a file of pairs: two columns that name rows by
// their ids, and a third, where there is one, that says 1 for the same and 0 for
// not. Of two tables the first column names rows of the first.
func listTruth(ctx context.Context, file, id string, sheets []*sheet, o sheetOptions) (truth, error) {
	o.maxRows, o.repeat, o.comma = 0, true, 0
	list, err := readSheet(ctx, file, o)
	if err != nil {
		return truth{}, err
	}
	if n := len(list.columns); n < 2 || n > 3 {
		return truth{}, fmt.Errorf("%s: there are %d columns: two ids are needed, and a label if need be", file, n)
	}
	if id, err = idColumn(id, list, sheets[0]); err != nil {
		return truth{}, err
	}
	t := truth{from: "the pairs of " + file, same: map[[2]int]bool{}, closed: len(list.columns) == 3}
	var ids []map[string]int
	before := 0
	for _, s := range sheets {
		rows, err := rowsByID(s, id, before)
		if err != nil {
			return truth{}, err
		}
		ids, before = append(ids, rows), before+len(s.rows)
	}
	if len(sheets) == 2 {
		t.split = len(sheets[0].rows)
	}
	for i, row := range list.rows {
		if err := t.add(row, ids); err != nil {
			return truth{}, list.fault(list.lines[i], "%w", err)
		}
	}
	return t, nil
}

func (t truth) add(row []string, ids []map[string]int) error {
	a, ok := ids[0][row[0]]
	if !ok {
		return fmt.Errorf("no row has the id %q", short(row[0]))
	}
	b, ok := ids[len(ids)-1][row[1]]
	if !ok {
		return fmt.Errorf("no row has the id %q", short(row[1]))
	}
	same := true
	if len(row) == 3 {
		var err error
		if same, err = strconv.ParseBool(row[2]); err != nil {
			return fmt.Errorf("the label is %q: 1 says the same, and 0 not", short(row[2]))
		}
	}
	if a == b {
		return fmt.Errorf("%q is paired with itself", short(row[0]))
	}
	pair := [2]int{min(a, b), max(a, b)}
	if before, ok := t.same[pair]; ok && before != same {
		return fmt.Errorf("%q and %q are said to be the same, and not to be", short(row[0]), short(row[1]))
	}
	t.same[pair] = same
	return nil
}

// idColumn is the column that the ids of a list of pairs are of: the one that is
// named, or else one that the list's header names, with _l, _a or _1 behind it.
func idColumn(named string, list, s *sheet) (string, error) {
	if named != "" {
		_, err := s.column(named)
		return named, err
	}
	head := list.columns[0]
	for _, name := range []string{head, strings.TrimSuffix(head, "_l"), strings.TrimSuffix(head, "_a"), strings.TrimSuffix(head, "_1")} {
		if slices.Contains(s.columns, name) && name != "" {
			return name, nil
		}
	}
	return "", fmt.Errorf("say with -id which column of %s the ids of %s are of; there are %s", s.file, list.file, strings.Join(s.columns, ", "))
}

// rowsByID numbers the rows of a table on from those before it.
func rowsByID(s *sheet, column string, before int) (map[string]int, error) {
	at, err := s.column(column)
	if err != nil {
		return nil, fmt.Errorf("-id: %w", err)
	}
	rows := make(map[string]int, len(s.rows))
	for i, row := range s.rows {
		if first, ok := rows[row[at]]; ok {
			return nil, s.fault(s.lines[i], "%s is %q as on line %d: an id names one row", column, short(row[at]), s.lines[first-before])
		}
		rows[row[at]] = before + i
	}
	return rows, nil
}

// mergedGroups numbers the groups of rows that are merged without a person.
func mergedGroups(rows int, pairs []match.Pair) []int {
	group := make([]int, rows)
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for _, p := range pairs {
		if p.Merge {
			a, b := root(p.A), root(p.B)
			group[max(a, b)] = min(a, b)
		}
	}
	for i := range group {
		group[i] = root(i)
	}
	return group
}
