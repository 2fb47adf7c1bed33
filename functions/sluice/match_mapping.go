package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sluice/shared/match"
)

// mapped is a column of a table and what it holds.
type mapped struct {
	column string
	kind   match.Kind
	at     int // of the column
}

// kindNames lists the kinds that a mapping may name.
func kindNames() string {
	var names []string
	for _, k := range match.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// parseMapping reads the value of -map: kind=column, as often as needed, with
// commas between, and in quotes where the name of a column has a comma.
func parseMapping(text string) ([]mapped, error) {
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("nothing is mapped")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.TrimLeadingSpace = true
	parts, err := reader.Read()
	if err == nil && reader.InputOffset() != int64(len(text)) {
		err = errors.New("it goes on in another line")
	}
	if err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	var all []mapped
	for _, part := range parts {
		name, column, ok := strings.Cut(part, "=")
		name, column = strings.TrimSpace(name), strings.TrimSpace(column)
		if !ok || name == "" || column == "" {
			return nil, fmt.Errorf("%q is not kind=column, such as given=first_name", part)
		}
		kind, err := match.ReadKind(name)
		if err != nil {
			return nil, fmt.Errorf("%q is no kind of column; there are %s", name, kindNames())
		}
		if slices.ContainsFunc(all, func(m mapped) bool { return m.column == column }) {
			return nil, fmt.Errorf("column %q is mapped twice", column)
		}
		all = append(all, mapped{column: column, kind: kind})
	}
	return all, nil
}

// locate finds the columns of a mapping in a table.
func locate(s *sheet, mapping []mapped) ([]mapped, error) {
	out := slices.Clone(mapping)
	for i, m := range mapping {
		at, err := s.column(m.column)
		if err != nil {
			return nil, err
		}
		out[i].at = at
	}
	return out, nil
}

// paired puts the mapping of the second table into the order of the first's:
// the first address goes with the first address.
func paired(first, second []mapped) ([]mapped, error) {
	left := slices.Clone(second)
	var out []mapped
	for _, m := range first {
		i := slices.IndexFunc(left, func(o mapped) bool { return o.kind == m.kind })
		if i < 0 {
			return nil, fmt.Errorf("-map has more columns of kind %s than -map-with", m.kind)
		}
		out, left = append(out, left[i]), slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("-map-with has more columns of kind %s than -map", left[0].kind)
	}
	return out, nil
}

// mappedTable is what the matcher sees of a sheet.
func mappedTable(s *sheet, mapping []mapped) match.Table {
	t := match.Table{Rows: make([][]string, len(s.rows))}
	for _, m := range mapping {
		t.Fields = append(t.Fields, match.Field{Name: m.column, Kind: m.kind})
	}
	cells := make([]string, len(s.rows)*len(mapping))
	for r, row := range s.rows {
		t.Rows[r], cells = cells[:len(mapping):len(mapping)], cells[len(mapping):]
		for i, m := range mapping {
			t.Rows[r][i] = row[m.at]
		}
	}
	return t
}

// guesses of what a column holds: by its name, or by most of its values.
var guesses = []struct {
	kind        match.Kind
	name, value *regexp.Regexp
}{
	{match.Email, regexp.MustCompile(`(?i)e.?mail|邮箱`), regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)},
	{match.Date, regexp.MustCompile(`(?i)birth|^dob$|geburt|生日|出生`), regexp.MustCompile(`^(19|20)\d\d[-/.]?[01]?\d[-/.]?[0-3]?\d$|^[0-3]?\d[-/.][01]?\d[-/.](19|20)\d\d$`)},
	{match.Phone, regexp.MustCompile(`(?i)phone|mobile|^tel|telefon|手机|电话`), regexp.MustCompile(`^\+?[\d ()/.-]{9,20}$`)},
	{match.Given, regexp.MustCompile(`(?i)^(given|first|fore).?names?$|^given$|vorname|^名$`), nil},
	{match.Family, regexp.MustCompile(`(?i)^(family|last|sur).?name$|nachname|^姓$`), nil},
	{match.Company, regexp.MustCompile(`(?i)company|organi[sz]ation|firma|公司|单位`), nil},
	{match.Postcode, regexp.MustCompile(`(?i)post.?code|^zip|^plz$|邮编`), nil},
	{match.City, regexp.MustCompile(`(?i)city|town|suburb|^ort$|城市`), nil},
	{match.ID, regexp.MustCompile(`(?i)soc_?sec|^ssn|passport|tax|vat|身份证`), nil},
	{match.Number, regexp.MustCompile(`(?i)number$|^no$|^nr$|hausnummer`), nil},
	{match.Address, regexp.MustCompile(`(?i)addr|street|strasse|straße|地址`), nil},
	{match.Full, regexp.MustCompile(`(?i)^(full.?)?name$|contact|姓名`), nil},
	{match.Category, regexp.MustCompile(`(?i)^(state|country|gender|sex|type)$|省|性别`), nil},
}

// guessKind says what a column seems to hold, "" where it does not know.
func guessKind(s *sheet, column int) match.Kind {
	for _, g := range guesses {
		if g.name.MatchString(s.columns[column]) {
			return g.kind
		}
	}
	for _, g := range guesses {
		filled, fit := 0, 0
		for _, row := range s.rows[:min(len(s.rows), 200)] {
			if value := row[column]; value != "" {
				filled++
				if g.value != nil && g.value.MatchString(value) {
					fit++
				}
			}
		}
		if fit > 0 && fit*10 >= filled*8 {
			return g.kind
		}
	}
	return ""
}

// suggestMapping tells the columns of a table and how to map them, for somebody
// who does not know yet.
func suggestMapping(s *sheet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "match: say with -map what the columns hold: -map kind=column,kind=column\n\n%s has the columns\n", s.file)
	var parts []string
	for i, name := range s.columns {
		kind, example := guessKind(s, i), ""
		for _, row := range s.rows {
			if example = row[i]; example != "" {
				break
			}
		}
		fmt.Fprintf(&b, "  %-24s %-10s such as %q\n", cmp.Or(name, "(no name)"), kind, short(example))
		if kind != "" && name != "" {
			part := string(kind) + "=" + name
			if strings.ContainsAny(part, ",\"\n") {
				part = `"` + strings.ReplaceAll(part, `"`, `""`) + `"`
			}
			parts = append(parts, part)
		}
	}
	fmt.Fprintf(&b, "\nkinds: %s\n", kindNames())
	if len(parts) > 0 {
		fmt.Fprintf(&b, "\nby names and values, perhaps\n  -map '%s'\nwithout what names the row or tells the answer", strings.Join(parts, ","))
	}
	return strings.TrimRight(b.String(), "\n")
}
