package document_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
)

// clock is how tables write a moment.
const clock = "Mon 2006-01-02 15:04"

var tableHead = []string{"| # | when | lead | who | why |", "|---|---|---|---|---|"}

// readRoutes reads a table's file: a title, what it is about, the policy, the
// reps, and the rows. Whatever else looks like a block or a row is refused.
func readRoutes(t *testing.T, file string) *scenario {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &scenario{lines: strings.Split(string(source), "\n")}
	if !strings.HasPrefix(s.lines[0], "# ") || len(s.lines) < 3 || s.lines[2] == "" {
		t.Fatal("begin with a title and with what the table is about")
	}
	var blocks []string
	var inBlock bool
	var table []int
	for i, line := range s.lines {
		switch {
		case strings.HasPrefix(line, "```"):
			if inBlock = !inBlock; inBlock && line != "```yaml" {
				t.Fatalf("line %d: a block is of yaml", i+1)
			} else if inBlock {
				blocks = append(blocks, "")
			}
		case inBlock:
			blocks[len(blocks)-1] += line + "\n"
		case strings.HasPrefix(line, "|"):
			table = append(table, i)
		}
	}
	if len(blocks) != 2 || inBlock || len(table) < 3 {
		t.Fatalf("%d blocks and a table of %d lines: write the policy, the reps and a table", len(blocks), len(table))
	}
	for n, i := range table {
		if i != table[0]+n || n < 2 && s.lines[i] != tableHead[n] {
			t.Fatalf("line %d: write one table, with the head\n%s", i+1, strings.Join(tableHead, "\n"))
		}
	}
	s.readPolicy(t, blocks[0])
	for _, i := range table[2:] {
		s.readRow(t, i)
	}
	s.readReps(t, blocks[1])
	return s
}

func (s *scenario) readPolicy(t *testing.T, block string) {
	t.Helper()
	house, err := os.ReadFile(filepath.Join(routes, "house.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	d, faults := document.Parse(append(house, block...))
	if faults != nil {
		t.Fatalf("house.yaml with this policy behind it:\n%s", lines(faults))
	}
	if s.policy, err = policy.Compile(d, 1); err != nil {
		t.Fatal(err)
	}
	if s.zone, err = time.LoadLocation(d.Zone); err != nil {
		t.Fatal(err)
	}
	s.doc = d
}

func (s *scenario) readRow(t *testing.T, i int) {
	t.Helper()
	cells := strings.Split(strings.Trim(s.lines[i], "|"), "|")
	if len(cells) != 5 {
		t.Fatalf("line %d has %d cells", i+1, len(cells))
	}
	for n := range cells {
		cells[n] = strings.TrimSpace(cells[n])
	}
	r := row{i, cells[0], cells[1], cells[2], cells[3], cells[4]}
	if want := fmt.Sprint(len(s.rows) + 1); r.number != want {
		t.Fatalf("line %d: this is row %s", i+1, want)
	}
	now, err := s.moment(r.when)
	if err != nil {
		t.Fatalf("line %d: %v", i+1, err)
	}
	if n := len(s.rows); n > 0 {
		if last, _ := s.moment(s.rows[n-1].when); now.Before(last) {
			t.Fatalf("line %d: row %s comes before the one above it", i+1, r.number)
		}
	}
	s.rows = append(s.rows, r)
}

// moment reads when a row happens. A day and a weekday that do not go together
// are a slip.
func (s *scenario) moment(when string) (time.Time, error) {
	at, err := time.ParseInLocation(clock, when, s.zone)
	if err == nil && at.Format(clock) != when {
		err = fmt.Errorf("%s is a %s", when, at.Format(clock))
	}
	return at, err
}

// soFar is what a rep's counters say before the first row.
type soFar struct {
	Turns     map[string]int     `json:"turns"`
	Holding   int                `json:"holding"`
	Today     int                `json:"today"`
	Yesterday int                `json:"yesterday"`
	Won       map[string]string  `json:"won"`
	Months    map[string]int     `json:"months"`
	Grades    map[lead.Grade]int `json:"grades"`
}

func (s *scenario) readReps(t *testing.T, block string) {
	t.Helper()
	var written []map[string]any
	if err := yaml.Unmarshal([]byte(block), &written); err != nil {
		t.Fatal(err)
	}
	counters := make([]soFar, len(written))
	for i, w := range written {
		strict(t, w["so_far"], &counters[i])
		delete(w, "so_far")
	}
	records, err := json.Marshal(written)
	if err != nil {
		t.Fatal(err)
	}
	reps, faults := document.ParseReps(records)
	if faults != nil {
		t.Fatalf("reps: %s", lines(faults))
	}
	for i := range reps {
		for _, p := range s.policy.CheckRep(reps[i]) {
			t.Fatalf("rep %s: %s: %s", reps[i].ID, p.Path, p.Text)
		}
		s.start(t, &reps[i], counters[i])
	}
	for _, p := range policy.Unmanned(s.doc, reps) {
		t.Fatalf("%s: %s", p.Path, p.Text)
	}
	s.reps = reps
}

// strict reads what JSON can hold into a type that has all of its fields.
func strict(t *testing.T, value, into any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("so_far: %v", err)
	}
}

// start sets the counters of a rep to what happened before the first row.
func (s *scenario) start(t *testing.T, rep *lead.Rep, c soFar) {
	t.Helper()
	now, err := s.moment(s.rows[0].when)
	if err != nil {
		t.Fatal(err)
	}
	rep.Holding, rep.Today, rep.Last, rep.Day, rep.Months = c.Holding, c.Today, c.Yesterday, rep.DayOf(now), c.Months
	rep.Turns, rep.Mix, rep.Tried, rep.Won = c.Turns, c.Grades, map[string]int{}, map[string]int{}
	for team := range c.Turns {
		if !slices.Contains(rep.Teams, team) {
			t.Fatalf("rep %s has turns of %s, and is not of that team", rep.ID, team)
		}
	}
	for grade := range c.Grades {
		if !slices.Contains(lead.Grades, grade) {
			t.Fatalf("rep %s: there is no grade %s", rep.ID, grade)
		}
	}
	for month := range c.Months {
		if _, err := time.Parse("2006-01", month); err != nil {
			t.Fatalf("rep %s: %v", rep.ID, err)
		}
	}
	for channel, text := range c.Won {
		var won, tried int
		if _, err := fmt.Sscanf(text, "%d of %d", &won, &tried); err != nil || !slices.Contains(s.doc.Channels, channel) {
			t.Fatalf("rep %s: write such as website: 8 of 40, not %s: %s", rep.ID, channel, text)
		}
		rep.Won[channel], rep.Tried[channel] = won, tried
	}
}
