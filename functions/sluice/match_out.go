package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sluice/shared/match"
)

// write writes every file that was asked for.
func (m *matching) write(ctx context.Context) error {
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{m.outFile, m.writeClusters},
		{m.reviewFile, m.writeReview},
		{m.pageFile, func(out io.Writer) error { return m.page().print(out) }},
		{m.modelFile, func(out io.Writer) error {
			lines := json.NewEncoder(out)
			lines.SetIndent("", "  ")
			return lines.Encode(m.result.Model)
		}},
	} {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if f.name == "" {
			continue
		}
		if err := writeWhole(f.name, f.write); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

// writeWhole writes a file whole or not at all. It holds what is personal, so a
// new one is for its owner alone.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
		}
	}()
	if before, err := os.Stat(name); err == nil {
		if err := file.Chmod(before.Mode().Perm()); err != nil {
			return err
		}
	}
	buffered := bufio.NewWriter(file)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// records writes a table as the first one was written.
func (m *matching) records(out io.Writer, rows func(write func([]string) error) error) error {
	first := m.sheets[0]
	if first.mark {
		if _, err := io.WriteString(out, "\ufeff"); err != nil {
			return err
		}
	}
	w := csv.NewWriter(out)
	w.Comma, w.UseCRLF = first.comma, first.crlf
	if err := rows(w.Write); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

// writeClusters writes every row in its order with all its columns, those of the
// first table before those that only the second has, and what was found of it.
func (m *matching) writeClusters(out io.Writer) error {
	columns := slices.Clone(m.sheets[0].columns)
	places := [][]int{nil, nil} // of each sheet's columns in what is written
	for i, s := range m.sheets {
		for at, name := range s.columns {
			place := slices.Index(columns, name)
			if i == 0 {
				place = at // names may be empty
			} else if place < 0 || name == "" {
				place, columns = len(columns), append(columns, name)
			}
			places[i] = append(places[i], place)
		}
	}
	own := []string{"cluster", "cluster_size", "probability"}
	if len(m.sheets) == 2 {
		own = append(own, "source")
	}
	header := slices.Clone(columns)
	for _, name := range own {
		for slices.Contains(header, name) {
			name = "match_" + name
		}
		header = append(header, name)
	}
	sizes, nearest, sources := m.sizes(), m.nearest(), m.sources()
	return m.records(out, func(write func([]string) error) error {
		if err := write(header); err != nil {
			return err
		}
		record := make([]string, 0, len(header))
		for row, cluster := range m.result.Clusters {
			s, at := m.row(row)
			side := slices.Index(m.sheets, s)
			record = append(record[:0], make([]string, len(columns))...)
			for i, value := range s.rows[at] {
				record[places[side][i]] = value
			}
			probability := ""
			if sizes[cluster] > 1 {
				probability = probabilityText(nearest[row])
			}
			record = append(record, strconv.Itoa(cluster+1), strconv.Itoa(sizes[cluster]), probability)
			if len(m.sheets) == 2 {
				record = append(record, sources[side])
			}
			if err := write(record); err != nil {
				return err
			}
		}
		return nil
	})
}

// sizes are the rows of each cluster.
func (m *matching) sizes() map[int]int {
	sizes := map[int]int{}
	for _, c := range m.result.Clusters {
		sizes[c]++
	}
	return sizes
}

// nearest is the probability of each row's surest pair in its cluster.
func (m *matching) nearest() []float64 {
	nearest := make([]float64, len(m.result.Clusters))
	for _, p := range m.result.Pairs {
		if p.Linked {
			nearest[p.A], nearest[p.B] = max(nearest[p.A], p.Probability), max(nearest[p.B], p.Probability)
		}
	}
	return nearest
}

// writeReview writes the pairs that are not merged without a person, the surest
// first, both rows side by side.
func (m *matching) writeReview(out io.Writer) error {
	header := []string{"probability", "weight", "linked", "line_a", "line_b"}
	for _, c := range m.mapped[0] {
		header = append(header, c.column+"_a", c.column+"_b")
	}
	header = append(header, "evidence")
	return m.records(out, func(write func([]string) error) error {
		if err := write(header); err != nil {
			return err
		}
		for _, p := range m.result.Pairs {
			if p.Merge {
				continue
			}
			a, b := m.side(p.A), m.side(p.B)
			record := []string{probabilityText(p.Probability), fmt.Sprintf("%.2f", p.Weight), yesNo(p.Linked), strconv.Itoa(a.line), strconv.Itoa(b.line)}
			for i := range a.values {
				record = append(record, a.values[i], b.values[i])
			}
			if err := write(append(record, evidenceText(m.result.Model.Explain(p)))); err != nil {
				return err
			}
		}
		return nil
	})
}

// side is one row of a pair as the matcher saw it.
type side struct {
	line   int
	values []string // of the mapped columns
}

func (m *matching) side(row int) side {
	s, at := m.row(row)
	out := side{line: s.lines[at]}
	for _, c := range m.mapped[slices.Index(m.sheets, s)] {
		out.values = append(out.values, s.rows[at][c.at])
	}
	return out
}

// evidenceText tells what each comparison added, such as "dob: same +11.2".
func evidenceText(parts []match.Part) string {
	var all []string
	for _, p := range parts {
		all = append(all, partText(p))
	}
	return strings.Join(all, "; ")
}

func partText(p match.Part) string {
	text := p.Level + " " + bitsText(p.Weight)
	if len(p.Fields) > 0 {
		text = strings.Join(p.Fields, "+") + ": " + text
	}
	return text
}

// probabilityText never rounds a doubt away: below 1 it stays below.
func probabilityText(p float64) string {
	if p > 0.9999 && p < 1 {
		return "0.9999"
	}
	return strconv.FormatFloat(p, 'f', 4, 64)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
