package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"sluice/shared/learn"
	"sluice/shared/predict"
)

// closedTable is a table of closed leads, and what came of them.
type closedTable struct {
	columns  learn.Table // without the target and what was dropped
	positive []bool
	won      int
	open     int             // rows without an outcome, which are left out
	unnamed  []learn.Dropped // columns
	others   []learn.Dropped // values of the target that are not positive, where there are several
}

// openTable opens a table that may be compressed with gzip.
func openTable(file string) (io.ReadCloser, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder: name a table in it", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewReader(f)
	if start, _ := buffered.Peek(2); string(start) != "\x1f\x8b" {
		return struct {
			io.Reader
			io.Closer
		}{buffered, f}, nil
	}
	unpacked, err := gzip.NewReader(buffered)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("unpack %s: %w", file, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, f}, nil
}

// readTable reads a table that may be compressed. Where it fails with a separator
// that was named, it says which one the file seems to have.
func readTable(ctx context.Context, file string, o sheetOptions) (*sheet, error) {
	f, err := openTable(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buffered := bufio.NewReaderSize(f, sheetSample)
	sample, _ := buffered.Peek(sheetSample) // the reading tells what is wrong
	guess := separator(sample)
	s, err := parseSheet(ctx, file, buffered, o)
	if o.comma != 0 && guess != o.comma && (err != nil || len(s.columns) == 1) && alike(sample, guess) > 0 {
		return nil, fmt.Errorf("%s: -sep names %q, and the values seem to be parted by %q", file, o.comma, guess)
	}
	return s, err
}

// read reads the table and says what is wrong with it.
func (t *training) read(ctx context.Context) error {
	s, err := readTable(ctx, t.in, t.table)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if err = t.locate(s); err == nil {
		t.closed, err = closedRows(s, t.trainOptions)
	}
	if err != nil {
		return usageError{fmt.Errorf("train: %w", err)}
	}
	n := len(t.closed.positive)
	progress("%s: %s closed rows, %s of them %s = %s", t.in, thousands(n), thousands(t.closed.won), t.target, t.positive)
	if (n < floorClosed || t.closed.won < floorWon) && !t.anyway {
		return fmt.Errorf("train: %s closed rows with %s successes are too few to learn from (the floor is %s with %s): the rules alone would score; -anyway learns nevertheless",
			thousands(n), thousands(t.closed.won), thousands(floorClosed), thousands(floorWon))
	}
	return nil
}

// locate finds the columns that -drop and -keep name.
func (o *trainOptions) locate(s *sheet) (err error) {
	if o.drop, err = columnsListed(s, "-drop", o.drop); err != nil {
		return err
	}
	if o.keep, err = columnsListed(s, "-keep", o.keep); err != nil {
		return err
	}
	for _, name := range append(slices.Clone(o.drop), o.keep...) {
		switch {
		case name == o.target:
			return fmt.Errorf("column %q is the target, and never a feature: it is not for -drop or -keep", name)
		case slices.Contains(o.drop, name) && slices.Contains(o.keep, name):
			return fmt.Errorf("column %q is in -drop and in -keep", name)
		}
	}
	return nil
}

// closedRows takes the rows that have an outcome.
func closedRows(s *sheet, o trainOptions) (*closedTable, error) {
	target, err := columnNamed(s, "-target", o.target)
	if err != nil {
		return nil, err
	}
	c := &closedTable{}
	values := map[string]int{}
	var rows [][]string
	for _, row := range s.rows {
		outcome := row[target]
		if outcome == "" {
			c.open++
			continue
		}
		values[outcome]++
		rows = append(rows, row)
		c.positive = append(c.positive, outcome == o.positive)
	}
	if err := c.count(values, o); err != nil {
		return nil, err
	}
	for i, name := range s.columns {
		if i == target || slices.Contains(o.drop, name) {
			continue
		}
		if name == "" {
			c.unnamed = append(c.unnamed, learn.Dropped{Feature: fmt.Sprintf("column %d", i+1), Why: "it has no name"})
			continue
		}
		column := learn.Column{Name: name, Cells: make([]predict.Cell, len(rows))}
		for r, row := range rows {
			column.Cells[r] = predict.Text(row[i])
		}
		c.columns = append(c.columns, column)
	}
	if len(c.columns) == 0 {
		return nil, errors.New("beside the target there is no column to learn from")
	}
	return c, nil
}

// count checks that there are successes and others.
func (c *closedTable) count(values map[string]int, o trainOptions) error {
	c.won = values[o.positive]
	seen := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(values[b]-values[a], strings.Compare(a, b))
	})
	var told []string
	for _, v := range seen[:min(len(seen), valuesTold)] {
		told = append(told, fmt.Sprintf("%q (%s rows)", short(v), thousands(values[v])))
	}
	if len(seen) > valuesTold {
		told = append(told, fmt.Sprintf("and %s others", thousands(len(seen)-valuesTold)))
	}
	there := strings.Join(told, ", ")
	switch {
	case len(seen) == 0:
		return fmt.Errorf("column %q of -target is empty in every row: no lead is closed", o.target)
	case o.positive == "":
		return fmt.Errorf("say with -positive which value of %q is a success; there are %s", o.target, there)
	case c.won == 0:
		return fmt.Errorf("-positive %q is never seen in column %q; there are %s", o.positive, o.target, there)
	case len(seen) == 1:
		return fmt.Errorf("column %q is %q in every row: to learn, there have to be rows that ended otherwise too", o.target, o.positive)
	}
	if len(seen) > 2 {
		for _, v := range seen {
			if v != o.positive && len(c.others) < valuesTold {
				c.others = append(c.others, learn.Dropped{Feature: short(v), Why: thousands(values[v])})
			}
		}
	}
	return nil
}

// valuesTold is how many values of the target a message lists.
const valuesTold = 8
