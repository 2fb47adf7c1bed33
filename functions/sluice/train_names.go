package main

import (
	"fmt"
	"slices"
	"strings"
)

// columnsListed reads lists of names with commas. A name may have a comma itself:
// then it is a list of its own.
func columnsListed(s *sheet, flag string, lists []string) (names []string, err error) {
	for _, list := range lists {
		parts := strings.Split(list, ",")
		if slices.Contains(s.columns, list) {
			parts = []string{list}
		}
		for _, name := range parts {
			if name = strings.TrimSpace(name); name == "" || slices.Contains(names, name) {
				continue
			}
			if _, err := columnNamed(s, flag, name); err != nil {
				return nil, err
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// columnNamed finds the column that a flag names, or fails with names like it.
func columnNamed(s *sheet, flag, name string) (int, error) {
	if i := slices.Index(s.columns, name); i >= 0 {
		return i, nil
	}
	if len(s.columns) == 1 {
		return 0, fmt.Errorf("%s: all of the header is one column, %q: another character parts the values, name it with -sep", s.file, short(s.columns[0]))
	}
	if near := nearNames(s.columns, name); len(near) > 0 {
		return 0, fmt.Errorf("%s %q: %s has no such column; did you mean %s?", flag, name, s.file, strings.Join(near, " or "))
	}
	return 0, fmt.Errorf("%s %q: %s has no such column; there are %s", flag, name, s.file, strings.Join(s.columns, ", "))
}

// nearNames are the names that somebody may have meant, the nearest first.
func nearNames(names []string, meant string) []string {
	folded := strings.ToLower(strings.TrimSpace(meant))
	distances := map[string]int{}
	var near []string
	for _, name := range names {
		other := strings.ToLower(name)
		d := edits(folded, other)
		if folded != "" && other != "" && (strings.Contains(other, folded) || strings.Contains(folded, other)) {
			d = min(d, 1)
		}
		if d <= max(1, len([]rune(folded))/4) && name != "" {
			near, distances[name] = append(near, name), d
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return distances[a] - distances[b] })
	near = near[:min(len(near), 3)]
	for i, name := range near {
		near[i] = fmt.Sprintf("%q", name)
	}
	return near
}

// edits counts the letters to insert, delete or replace (Levenshtein, 1966).
func edits(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, q := range to {
			replaced := diagonal
			if r != q {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
