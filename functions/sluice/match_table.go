package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// What a table may come to at most. Nobody keeps people in such columns; files
// that do are broken, or meant to break something.
const (
	maxColumns  = 1_000
	maxValue    = 64 << 10 // bytes of one value
	maxRecord   = 4 << 20  // bytes of one row
	maxFile     = 2 << 30  // bytes of a file, in UTF-8
	sheetSample = 64 << 10 // bytes that separator and encoding are guessed from
)

// sheet is a table as a file holds it: every row has a value for every column.
type sheet struct {
	file    string
	columns []string
	rows    [][]string
	lines   []int // where each row starts
	comma   rune
	crlf    bool // rows ended so
	foreign bool // it was decoded from an encoding that was named
	mark    bool // what is written starts with a byte order mark, for Excel guesses without
}

// sheetOptions say how to read a table; the zero value finds out by itself.
type sheetOptions struct {
	encoding string // "" takes UTF-8 and what a byte order mark names
	comma    rune   // 0 guesses
	maxRows  int    // 0 is no limit
	repeat   bool   // names of columns may repeat
}

// parse reads the flags of a command that takes a table, with the one for what parts its
// values, and has them checked.
func (o *sheetOptions) parse(flags *flag.FlagSet, args []string, check func(rest []string) error) error {
	sep := flags.String("sep", "auto", "what parts values: comma, semicolon, tab or pipe")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return usageError{err}
	}
	comma, err := separatorNamed(*sep)
	if o.comma = comma; err == nil {
		err = check(flags.Args())
	}
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", flags.Name(), err)}
	}
	return nil
}

// readSheet reads a table from a file.
func readSheet(ctx context.Context, file string, o sheetOptions) (*sheet, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseSheet(ctx, file, f, o)
}

// parseSheet reads a table; its errors name the file and the line.
func parseSheet(ctx context.Context, file string, in io.Reader, o sheetOptions) (*sheet, error) {
	s := &sheet{file: file, comma: o.comma}
	text, err := s.decoded(in, o.encoding)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	limited := &io.LimitedReader{R: text, N: maxFile}
	buffered := bufio.NewReaderSize(limited, sheetSample)
	sample, err := buffered.Peek(sheetSample)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if line, _, ok := bytes.Cut(sample, []byte("\n")); ok {
		s.crlf = bytes.HasSuffix(line, []byte("\r"))
	} else if bytes.Contains(sample, []byte("\r")) {
		return nil, fmt.Errorf("%s: lines end as on very old computers (a carriage return alone): save the file again", file)
	}
	if s.comma == 0 {
		s.comma = separator(sample)
	}
	if err := s.records(ctx, buffered, o); err != nil {
		return nil, err
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("%s: there is more than %d bytes in this file", file, int64(maxFile))
	}
	return s, nil
}

func (s *sheet) records(ctx context.Context, in io.Reader, o sheetOptions) error {
	bounded := &boundedReader{r: in}
	reader := csv.NewReader(bounded)
	reader.Comma, reader.FieldsPerRecord = s.comma, -1
	reader.TrimLeadingSpace = s.comma != '\t' // else an empty value is taken for space
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		bounded.left = maxRecord
		record, err := reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return s.parseFault(err)
		}
		line, _ := reader.FieldPos(0)
		if err := s.take(record, line, o); err != nil {
			return err
		}
	}
	switch {
	case s.columns == nil:
		return fmt.Errorf("%s: the file is empty", s.file)
	case len(s.rows) == 0:
		return fmt.Errorf("%s: there are no rows below the header", s.file)
	}
	return nil
}

// take adds one record: the header first.
func (s *sheet) take(record []string, line int, o sheetOptions) error {
	for i, value := range record {
		if len(value) > maxValue {
			return s.fault(line, "a value of %d bytes: at most %d are read", len(value), maxValue)
		}
		if err := s.wrongEncoding(value, o.encoding); err != nil {
			return s.fault(line, "%w", err)
		}
		record[i] = strings.TrimSpace(value)
	}
	if s.columns == nil {
		return s.header(record, line, o.repeat)
	}
	if len(record) == 1 && record[0] == "" && len(s.columns) > 1 {
		return nil // a line of spaces
	}
	if len(record) != len(s.columns) {
		return s.fault(line, "this row has %d values, and the header %d columns", len(record), len(s.columns))
	}
	if o.maxRows > 0 && len(s.rows) == o.maxRows {
		return s.fault(line, "there are more than %d rows: allow more with -max-rows", o.maxRows)
	}
	s.rows, s.lines = append(s.rows, record), append(s.lines, line)
	return nil
}

func (s *sheet) header(names []string, line int, repeat bool) error {
	if len(names) > maxColumns {
		return s.fault(line, "there are %d columns: at most %d are read", len(names), maxColumns)
	}
	for i, name := range names {
		if before := slices.Index(names[:i], name); before >= 0 && name != "" && !repeat {
			return s.fault(line, "columns %d and %d are both called %q: a name is needed for each", before+1, i+1, name)
		}
	}
	s.columns = names
	return nil
}

// column finds a column by its name, or fails with the names there are.
func (s *sheet) column(name string) (int, error) {
	if i := slices.Index(s.columns, name); i >= 0 && name != "" {
		return i, nil
	}
	return 0, fmt.Errorf("%s: there is no column %q; there are %s", s.file, name, strings.Join(s.columns, ", "))
}

func (s *sheet) fault(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", s.file, line, fmt.Errorf(format, args...))
}

func (s *sheet) parseFault(err error) error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return fmt.Errorf("%s: %w", s.file, err)
	}
	switch {
	case errors.Is(at.Err, csv.ErrBareQuote):
		return s.fault(at.Line, `a quote inside a value that does not start with one: write "5"" pipe" for 5" pipe`)
	case errors.Is(at.Err, csv.ErrQuote):
		return s.fault(at.StartLine, "a quoted value does not end as it should")
	}
	return s.fault(at.Line, "%w", at.Err)
}

// boundedReader refuses to go on where one record takes too much: an unclosed
// quote would swallow the rest of the file.
type boundedReader struct {
	r    io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("a row of more than %d bytes: is a quote not closed?", maxRecord)
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// separators in the order in which a doubt is decided.
var separators = []struct {
	comma rune
	names string // of -sep
}{{',', "comma ,"}, {';', `semicolon ;`}, {'\t', `tab \t`}, {'|', "pipe |"}}

// separatorNamed is the separator that the flag -sep names; 0 is to be guessed.
func separatorNamed(name string) (rune, error) {
	if name == "" || name == "auto" {
		return 0, nil
	}
	for _, s := range separators {
		if name == string(s.comma) || slices.Contains(strings.Fields(s.names), name) {
			return s.comma, nil
		}
	}
	return 0, fmt.Errorf("-sep %q: there are comma, semicolon, tab and pipe", name)
}

// separator guesses what parts values: what parts the first lines into the most
// columns, alike in all of them.
func separator(sample []byte) rune {
	if end := bytes.LastIndexByte(sample, '\n'); end >= 0 && len(sample) == sheetSample {
		sample = sample[:end+1]
	}
	best, most := ',', 0
	for _, s := range separators {
		if n := alike(sample, s.comma); n > most {
			best, most = s.comma, n
		}
	}
	return best
}

// alike scores a separator: the columns of the header, times those of the first
// rows that have as many.
func alike(sample []byte, comma rune) int {
	reader := csv.NewReader(bytes.NewReader(sample))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = comma, -1, true
	reader.TrimLeadingSpace = comma != '\t'
	header, err := reader.Read()
	if err != nil || len(header) < 2 {
		return 0
	}
	rows := 1
	for range 50 {
		record, err := reader.Read()
		if err != nil {
			break
		}
		if len(record) == len(header) {
			rows++
		}
	}
	return rows * len(header)
}
