package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"sluice/shared/predict"
)

// explainOptions are what the command was told.
type explainOptions struct {
	model, in string
	row, most int
	table     sheetOptions
	json      bool
}

// rowReport takes the probability of one row apart.
type rowReport struct {
	Row     int            `json:"row"` // below the header, from 1
	Chance  float64        `json:"chance"`
	LogOdds float64        `json:"log_odds"`
	Base    float64        `json:"base"`    // log-odds of an average row
	Reasons []reasonReport `json:"reasons"` // the weightiest first
}

type reasonReport struct {
	Feature string  `json:"feature"`
	Value   string  `json:"value"`
	Points  float64 `json:"points"` // log-odds
}

// explainCommand tells the probability of each row of a table, and why.
func explainCommand(ctx context.Context, args []string, out io.Writer) error {
	o, err := explainFlags(args)
	if err != nil {
		return err
	}
	model, err := readModel(o.model)
	if err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	s, err := readTable(ctx, o.in, o.table)
	if err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	at, err := columnsOf(model, s)
	if err != nil {
		return usageError{fmt.Errorf("explain: %w", err)}
	}
	from, to := 0, len(s.rows)
	if o.row > 0 {
		if o.row > len(s.rows) {
			return usageError{fmt.Errorf("explain: -row %d: %s has %d rows", o.row, o.in, len(s.rows))}
		}
		from, to = o.row-1, o.row
	}
	lines := json.NewEncoder(out)
	for i := from; i < to; i++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r := explainRow(model, at, s.rows[i])
		r.Row = i + 1
		if o.json {
			err = lines.Encode(r)
		} else {
			err = r.print(out, o.most)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func explainFlags(args []string) (explainOptions, error) {
	var o explainOptions
	flags := flag.NewFlagSet("explain", flag.ContinueOnError)
	flags.StringVar(&o.model, "model", "", "file of the model, as sluice train writes it")
	flags.StringVar(&o.in, "in", "", "table of rows (CSV with a header, may be compressed with gzip)")
	flags.IntVar(&o.row, "row", 0, "tell of this row alone; the first below the header is 1")
	flags.IntVar(&o.most, "top", 12, "reasons of a row to print, the others are summed up")
	flags.StringVar(&o.table.encoding, "encoding", "", "of the table, where it is not UTF-8")
	flags.BoolVar(&o.json, "json", false, "print one line of JSON a row, with all reasons")
	return o, o.table.parse(flags, args, o.check)
}

func (o *explainOptions) check(rest []string) error {
	_, unknown := encodingNamed(o.table.encoding)
	switch {
	case unknown != nil:
		return unknown
	case len(rest) > 0:
		return fmt.Errorf("there is no use for %q", rest[0])
	case o.model == "":
		return errors.New("name the file of a model with -model (sluice train -out writes one)")
	case o.in == "":
		return errors.New("name a table with -in")
	case o.row < 0:
		return errors.New("-row is the number of a row; the first below the header is 1")
	case o.most < 1:
		return errors.New("-top is at least 1")
	}
	return nil
}

// maxModel is the size in bytes above which a file is not read: no model is so large.
const maxModel = 2 << 20

func readModel(file string) (*predict.Model, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("-model %s is a folder: name a file in it", file)
	case info.Size() > maxModel:
		return nil, fmt.Errorf("-model %s: %d bytes are no model", file, info.Size())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m, err := predict.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("-model %s: %w", file, err)
	}
	return m, nil
}

// columnsOf finds the model's features in a table; those that it does not have
// count as missing, and are told.
func columnsOf(m *predict.Model, s *sheet) ([]int, error) {
	names := m.Features()
	at := make([]int, len(names))
	var absent []string
	for i, name := range names {
		if at[i] = slices.Index(s.columns, name); at[i] < 0 {
			absent = append(absent, name)
		}
	}
	switch {
	case len(absent) == 0:
	case len(absent) == len(names):
		return nil, fmt.Errorf("%s has none of the model's columns, which are %s: is it another table, or is it parted otherwise (-sep)?", s.file, strings.Join(names, ", "))
	default:
		progress("%s has no column %s: taken for missing", s.file, strings.Join(absent, ", "))
	}
	return at, nil
}

// explainRow takes the probability of a row apart.
func explainRow(m *predict.Model, at []int, values []string) rowReport {
	row := make([]predict.Cell, len(at))
	for i, column := range at {
		if column >= 0 {
			row[i] = predict.Text(values[column])
		}
	}
	base, reasons := m.Explain(row)
	r := rowReport{Chance: m.Chance(row), LogOdds: m.LogOdds(row), Base: base}
	for _, reason := range reasons {
		r.Reasons = append(r.Reasons, reasonReport{reason.Feature, reason.Value, reason.Points})
	}
	slices.SortStableFunc(r.Reasons, func(a, b reasonReport) int { return cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)) })
	return r
}

// print writes the row for people. The figures are rounded, and what is left to
// the whole is in the last line, so that they add up.
func (r rowReport) print(out io.Writer, most int) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "Row %d: %s\n", r.Row, percentText(r.Chance))
	line := func(thousandths int, text string) {
		fmt.Fprintf(w, "\t%+.3f\t  %s\n", float64(thousandths)/1000, text)
	}
	whole := thousandths(r.LogOdds)
	left := whole - thousandths(r.Base)
	line(thousandths(r.Base), "an average row")
	told := 0
	for _, reason := range r.Reasons {
		points := thousandths(reason.Points)
		if told == most || points == 0 {
			break
		}
		told++
		left -= points
		line(points, reason.Feature+": "+short(cmp.Or(reason.Value, "missing")))
	}
	switch others := len(r.Reasons) - told; {
	case others > 0:
		line(left, fmt.Sprintf("%d others", others))
	case left != 0:
		line(left, "lost in rounding")
	}
	line(whole, "log-odds, which is a probability of "+percentText(r.Chance))
	return w.Flush()
}

// thousandths rounds, so that sums are of what is printed.
func thousandths(x float64) int { return int(math.Round(x * 1000)) }
