package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// linkageSet is one table, or two, whose truth is known.
type linkageSet struct {
	name          string
	in, with      string // tables; none where the set is a folder of labelled pairs
	deep          string // that folder
	mapping       string
	truth         string // column
	pairs, id     string // file of pairs, and what its ids are of
	f1, precision float64
}

const (
	febrlNames = "given=given_name,family=surname,number=street_number,address=address_1,address=address_2,city=suburb,postcode=postcode,category=state,dob=date_of_birth"
	febrlAll   = febrlNames + ",id=soc_sec_id"
)

// linkageSets are the sets with the F1 that each has to reach; no column that
// tells the answer is mapped.
var linkageSets = []linkageSet{
	{name: "febrl1", in: "febrl/dataset1.csv", pairs: "febrl/truth_pairs_dataset1.csv", id: "rec_id", mapping: febrlAll},
	{name: "febrl2", in: "febrl/dataset2.csv", pairs: "febrl/truth_pairs_dataset2.csv", id: "rec_id", mapping: febrlAll},
	{name: "febrl3", in: "febrl/dataset3.csv", pairs: "febrl/truth_pairs_dataset3.csv", id: "rec_id", mapping: febrlAll, f1: 0.99},
	{name: "febrl3_no_ssn", in: "febrl/dataset3.csv", pairs: "febrl/truth_pairs_dataset3.csv", id: "rec_id", mapping: febrlNames, f1: 0.95},
	{name: "febrl4", in: "febrl/dataset4a.csv", with: "febrl/dataset4b.csv", pairs: "febrl/truth_pairs_dataset4.csv", id: "rec_id", mapping: febrlAll, f1: 0.995},
	{name: "fake1000", in: "splink-fake/fake_1000.csv", truth: "cluster", f1: 0.84, precision: 0.95,
		mapping: "given=first_name,family=surname,dob=dob,city=city,email=email"},
	{name: "fodors_zagats", deep: "deepmatcher-pairs/fodors-zagats", f1: 0.98, mapping: "company=name,address=addr,city=city,phone=phone,category=type"},
	{name: "dblp_acm", deep: "deepmatcher-pairs/dblp-acm", f1: 0.98, mapping: "text=title,full=authors,category=venue,number=year"},
}

func linkageSetNames() []string {
	var names []string
	for _, s := range linkageSets {
		names = append(names, "match."+s.name)
	}
	return names
}

// sets measures every set that is wanted.
func (b *linkageBench) sets(ctx context.Context) error {
	for _, set := range linkageSets {
		name := "match." + set.name
		if !b.wants(name) || b.absent(name, set.files()...) {
			continue
		}
		m, err := set.matching(ctx, b.data)
		if err != nil {
			return err
		}
		began := time.Now()
		if err := m.find(ctx); err != nil {
			return fmt.Errorf("match %s: %w", set.name, err)
		}
		seconds := time.Since(began).Seconds()
		r := m.report()
		b.quality(name, *r.Truth, seconds)
		b.atLeast(name+".f1", r.Truth.Clusters.F1, set.f1)
		b.atLeast(name+".p", r.Truth.Clusters.Precision, set.precision)
	}
	return nil
}

// deepParts are the files of a set of labelled pairs; the last one is judged.
var deepParts = []string{"train.csv", "valid.csv", "test.csv"}

func (s linkageSet) files() []string {
	if s.deep != "" {
		var files []string
		for _, part := range deepParts {
			files = append(files, filepath.Join(s.deep, part))
		}
		return files
	}
	return slices.DeleteFunc([]string{s.in, s.with, s.pairs}, func(file string) bool { return file == "" })
}

// matching reads the set as the command does.
func (s linkageSet) matching(ctx context.Context, data string) (*matching, error) {
	m := &matching{matchOptions: matchOptions{mapping: s.mapping, truth: s.truth, id: s.id}}
	if s.deep != "" {
		return m, s.readDeep(ctx, data, m)
	}
	m.in = filepath.Join(data, s.in)
	if s.with != "" {
		m.with = filepath.Join(data, s.with)
	}
	if s.pairs != "" {
		m.pairs = filepath.Join(data, s.pairs)
	}
	return m, m.read(ctx)
}

// readDeep makes two tables of the different records on each side of all pairs,
// whose labels it forgets, but for those of the test: they are what is judged.
func (s linkageSet) readDeep(ctx context.Context, data string, m *matching) error {
	left, right := &sheet{file: s.name + " left"}, &sheet{file: s.name + " right"}
	m.sheets = []*sheet{left, right}
	places := []map[string]int{{}, {}}
	type labelled struct {
		rows [2]int
		same bool
	}
	var test []labelled
	for _, part := range deepParts {
		file, err := readSheet(ctx, filepath.Join(data, s.deep, part), sheetOptions{})
		if err != nil {
			return err
		}
		label, err := file.column("label")
		if err != nil {
			return err
		}
		for _, row := range file.rows {
			pair := labelled{same: row[label] == "1"}
			for i, prefix := range []string{"l_", "r_"} {
				pair.rows[i] = m.sheets[i].distinct(file, row, prefix, places[i])
			}
			if part == deepParts[len(deepParts)-1] {
				test = append(test, pair)
			}
		}
	}
	m.known = &truth{from: "the pairs of the test", split: len(left.rows), same: map[[2]int]bool{}, closed: true}
	for _, p := range test {
		m.known.same[[2]int{p.rows[0], len(left.rows) + p.rows[1]}] = p.same
	}
	return m.mapColumns()
}

// distinct adds the record of one side of a pair where it is not there yet.
func (s *sheet) distinct(pairs *sheet, row []string, prefix string, places map[string]int) int {
	var record, columns []string
	for i, name := range pairs.columns {
		if column, ok := strings.CutPrefix(name, prefix); ok {
			record, columns = append(record, row[i]), append(columns, column)
		}
	}
	key := strings.Join(record, "\x00")
	place, ok := places[key]
	if !ok {
		place = len(s.rows)
		places[key] = place
		s.columns, s.rows, s.lines = columns, append(s.rows, record), append(s.lines, place)
	}
	return place
}
