package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sluice/shared/match"
)

// matchOptions are what the command was told.
type matchOptions struct {
	in, with             string // tables
	mapping, mappingWith string
	truth, pairs, id     string
	table                sheetOptions
	json                 bool

	outFile, reviewFile, pageFile, modelFile string // that are written, where they are named

	match.Options
}

// matching is one run of the command.
type matching struct {
	matchOptions
	sheets []*sheet   // one, or two that are linked
	mapped [][]mapped // of each sheet, in the same order
	known  *truth
	result match.Result
}

// matchCommand finds the rows of one table, or of two, that are the same.
func matchCommand(ctx context.Context, args []string, out io.Writer) error {
	o, err := matchFlags(args)
	if err != nil {
		return err
	}
	m := &matching{matchOptions: o}
	if err := m.read(ctx); err != nil {
		return err
	}
	began := time.Now()
	if err := m.find(ctx); err != nil {
		return err
	}
	progress("compared %d pairs of %d rows in %.1f s", m.result.Compared, m.result.Rows, time.Since(began).Seconds())
	if err := m.write(ctx); err != nil {
		return err
	}
	r := m.report()
	if o.json {
		lines := json.NewEncoder(out)
		lines.SetIndent("", "  ")
		return lines.Encode(r)
	}
	return r.print(out)
}

// matchFlags reads the flags and refuses what cannot be meant.
func matchFlags(args []string) (matchOptions, error) {
	var o matchOptions
	flags := flag.NewFlagSet("match", flag.ContinueOnError)
	list := func(to *string) func(string) error {
		return func(text string) error {
			*to = strings.TrimPrefix(*to+","+text, ",")
			return nil
		}
	}
	flags.StringVar(&o.in, "in", "", "table to look for the same rows in (CSV with a header)")
	flags.StringVar(&o.with, "with", "", "second table, to be linked with the first")
	flags.Func("map", "what the columns hold: kind=column,… (kinds: "+kindNames()+"; dob is a date); a kind may come several times", list(&o.mapping))
	flags.Func("map-with", "the same for the second table, where its columns have other names", list(&o.mappingWith))
	flags.StringVar(&o.table.encoding, "encoding", "", "of the tables, where it is not UTF-8: utf-16le, gb18030, gbk, big5, shift_jis, windows-1252, latin-1, …")
	flags.IntVar(&o.table.maxRows, "max-rows", 1_000_000, "rows of a table at most")
	flags.StringVar(&o.truth, "truth", "", "column whose equal values tell the same entity: only for measuring")
	flags.StringVar(&o.pairs, "pairs", "", "file of pairs of ids that are the same (a third column may say 1 or 0): only for measuring")
	flags.StringVar(&o.id, "id", "", "column that the ids of -pairs are of")
	flags.StringVar(&o.outFile, "out", "", "file for the rows with their clusters; values stay as they are but for spaces around them, so that a formula is one again")
	flags.StringVar(&o.reviewFile, "review", "", "file for the pairs that are not merged without a person, with the evidence")
	flags.StringVar(&o.pageFile, "report", "", "file for the report as a page (HTML)")
	flags.StringVar(&o.modelFile, "model", "", "file for what was learned (JSON)")
	flags.BoolVar(&o.json, "json", false, "print the report as JSON")
	flags.Float64Var(&o.Merge, "merge", match.DefaultMerge, "probability from which a pair is merged without a person")
	flags.Float64Var(&o.Link, "link", match.DefaultLink, "probability from which a pair counts as the same in clusters")
	flags.Float64Var(&o.Review, "review-from", match.DefaultReview, "probability from which a pair is for a person to see")
	return o, o.table.parse(flags, args, o.check)
}

func (o *matchOptions) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("there is no use for %q", rest[0])
	case o.in == "":
		return errors.New("name a table with -in (sluice match -h tells the flags)")
	case o.mappingWith != "" && o.with == "":
		return errors.New("-map-with is for the table of -with")
	case o.truth != "" && o.pairs != "":
		return errors.New("the truth is told by -truth or by -pairs, not by both")
	case o.id != "" && o.pairs == "":
		return errors.New("-id is for the ids of -pairs")
	case o.table.maxRows < 1:
		return errors.New("-max-rows is at least 1")
	}
	if !(0 < o.Review && o.Review <= o.Link && o.Link <= o.Merge && o.Merge <= 1) {
		return fmt.Errorf("-review-from %v, -link %v and -merge %v are probabilities above 0, up to 1, in this order", o.Review, o.Link, o.Merge)
	}
	if _, err := encodingNamed(o.table.encoding); err != nil {
		return err
	}
	return o.checkFiles()
}

// checkFiles refuses to write over what is read, or twice to one file, and where
// there is no folder: all that before the work, not after it.
func (o *matchOptions) checkFiles() error {
	taken := []string{o.in}
	for _, file := range []string{o.with, o.pairs, o.outFile, o.reviewFile, o.pageFile, o.modelFile} {
		if file == "" {
			continue
		}
		if read := file == o.with || file == o.pairs; !read {
			if folder, err := os.Stat(filepath.Dir(file)); err != nil || !folder.IsDir() {
				return fmt.Errorf("there is no folder for %s", file)
			}
			if slices.ContainsFunc(taken, func(other string) bool { return sameFile(file, other) }) {
				return fmt.Errorf("%s is named for two things: what is written needs a file of its own", file)
			}
		}
		taken = append(taken, file)
	}
	return nil
}

func sameFile(a, b string) bool {
	left, err := os.Stat(a)
	right, err2 := os.Stat(b)
	if err == nil && err2 == nil {
		return os.SameFile(left, right)
	}
	absA, err := filepath.Abs(a)
	absB, err2 := filepath.Abs(b)
	return err == nil && err2 == nil && absA == absB
}

// read reads tables, mapping and truth.
func (m *matching) read(ctx context.Context) error {
	first, err := readSheet(ctx, m.in, m.table)
	if err != nil {
		return err
	}
	m.sheets = []*sheet{first}
	if m.with != "" {
		second, err := readSheet(ctx, m.with, m.table)
		if err != nil {
			return err
		}
		m.sheets = append(m.sheets, second)
	}
	if m.mapping == "" {
		return usageError{errors.New(suggestMapping(first))}
	}
	if err := m.mapColumns(); err != nil {
		return usageError{fmt.Errorf("match: %w", err)}
	}
	return m.readTruth(ctx)
}

func (m *matching) mapColumns() error {
	mapping, err := parseMapping(m.mapping)
	if err != nil {
		return fmt.Errorf("-map: %w", err)
	}
	mappings := [][]mapped{mapping, mapping}
	if m.mappingWith != "" {
		second, err := parseMapping(m.mappingWith)
		if err != nil {
			return fmt.Errorf("-map-with: %w", err)
		}
		if mappings[1], err = paired(mapping, second); err != nil {
			return err
		}
	}
	for i, s := range m.sheets {
		columns, err := locate(s, mappings[i])
		if err != nil {
			return err
		}
		for _, c := range columns {
			if c.column == m.truth || c.column == m.id {
				return fmt.Errorf("column %q is mapped, and tells the truth: what is measured must not see it", c.column)
			}
		}
		m.mapped = append(m.mapped, columns)
	}
	return nil
}

func (m *matching) readTruth(ctx context.Context) error {
	var t truth
	var err error
	switch {
	case m.truth != "":
		if t, err = columnTruth(m.truth, m.sheets); err != nil {
			return usageError{fmt.Errorf("match: %w", err)}
		}
	case m.pairs != "":
		if t, err = listTruth(ctx, m.pairs, m.id, m.sheets, m.table); err != nil {
			return err
		}
	default:
		return nil
	}
	m.known = &t
	return nil
}

// find does the work. How far it is is told where it takes long.
func (m *matching) find(ctx context.Context) error {
	told := time.Now()
	m.Progress = func(stage string, done, total int) {
		if time.Since(told) > 2*time.Second {
			told = time.Now()
			progress("%s: %.0f %%", stage, 100*float64(done)/float64(max(total, 1)))
		}
	}
	var tables []match.Table
	for i, s := range m.sheets {
		tables = append(tables, mappedTable(s, m.mapped[i]))
	}
	var err error
	if len(tables) == 2 {
		m.result, err = match.Link(ctx, tables[0], tables[1], m.Options)
	} else {
		m.result, err = match.Dedupe(ctx, tables[0], m.Options)
	}
	return err
}

// row is a row of the result in the table it comes from.
func (m *matching) row(i int) (s *sheet, at int) {
	if n := len(m.sheets[0].rows); i >= n {
		return m.sheets[1], i - n
	}
	return m.sheets[0], i
}

// sources names the tables, each by another name.
func (m *matching) sources() []string {
	var names []string
	for _, s := range m.sheets {
		names = append(names, filepath.Base(s.file))
	}
	if len(names) == 2 && names[0] == names[1] {
		return []string{m.in, m.with}
	}
	return names
}
