package leadtest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/gauge"
	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// weights are a model of about so many bytes that a table cannot make much smaller.
func weights(n int) []byte {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	var out bytes.Buffer
	for out.WriteString(`{"points":[0`); out.Len() < n-2; {
		fmt.Fprintf(&out, ",%g", rnd.Float64())
	}
	out.WriteString("]}")
	return out.Bytes()
}

// training is a record with all that there may be.
func training(version int, model []byte) score.Record {
	won := 60
	return score.Record{Version: version, At: time.Date(2026, 3, version, 3, 0, 0, 0, time.UTC), Verdict: score.Kept, Why: "words", Closed: 1200, Won: 150, Judged: 240,
		Figures: &gauge.Summary{Rows: 240, AUC: 0.7}, Incumbent: &gauge.Summary{Rows: 240, AUC: 0.5}, Features: []score.Feature{{Name: "source", Weight: 0.4}},
		Suspects: []score.Suspect{{Name: "tags", Why: "too good"}}, LastClosed: time.Date(2026, 3, 1, 9, 0, 0, 5, time.UTC),
		Learn: score.Learn{Won: &won, Drop: []string{"answer.x"}}, Model: model}
}

func modelVersions(t *testing.T, s *shelf) {
	ctx := t.Context()
	current := func(known, want int, model []byte) {
		t.Helper()
		r, err := s.CurrentModel(ctx, known)
		if err != nil || r.Version != want || !bytes.Equal(r.Model, model) {
			t.Fatalf("known %d: model %d of %d bytes, %v; want %d of %d bytes", known, r.Version, len(r.Model), err, want, len(model))
		}
	}
	current(0, 0, nil)
	current(3, 0, nil)
	_, err := s.Training(ctx, 1)
	wantKind(t, err, lead.NotFound)
	for _, version := range []int{-1, 0, 2} {
		wantKind(t, s.PutTraining(ctx, training(version, nil)), lead.Conflict)
	}

	put := func(r score.Record) {
		t.Helper()
		if err := s.PutTraining(ctx, r); err != nil {
			t.Fatal(err)
		}
		got, err := s.Training(ctx, r.Version)
		wantSame(t, "training", got, r, err)
	}
	put(training(1, nil)) // nothing is in force yet
	current(0, 0, nil)
	small, large := []byte(`{"points":[1,2]}`), weights(300<<10)
	second := training(2, small)
	second.Verdict = score.Promoted
	put(second)
	current(0, 2, small)
	current(2, 2, nil) // known
	third := training(3, nil)
	third.Champion = 2
	put(third) // which promotes nothing
	current(0, 2, small)
	current(1, 2, small)
	fourth := training(4, large)
	fourth.Champion = 2
	put(fourth)
	current(2, 4, large)

	for _, version := range []int{3, 4, 6} {
		wantKind(t, s.PutTraining(ctx, training(version, small)), lead.Conflict)
	}
	for _, model := range [][]byte{weights(1 << 20), []byte(`"` + strings.Repeat("x", 2<<20) + `"`)} { // though the table makes the second small
		err = s.PutTraining(ctx, training(5, model))
		wantKind(t, err, lead.Invalid)
		if !strings.Contains(err.Error(), "larger") {
			t.Errorf("of a model that is too large it says %q", err)
		}
	}
	current(4, 4, nil)

	const writers = 16
	if won := together(t, writers, func(i int) error {
		r := training(5, []byte(fmt.Sprintf(`{"points":[%d]}`, i)))
		if err := s.PutTraining(ctx, r); err == nil || lead.KindOf(err) != lead.Conflict {
			return err
		}
		return &lead.Refused{}
	}); won != 1 {
		t.Errorf("%d of %d put the fifth training, want 1", won, writers)
	}
	if last, err := s.CurrentModel(ctx, 4); err != nil || last.Version != 5 || len(last.Model) == 0 {
		t.Errorf("then model %d is in force, %v", last.Version, err)
	}
	none := training(6, nil) // the one in force goes out of it
	put(none)
	current(5, 0, nil)

	versions := func(ctx context.Context, p lead.Page) (ids []string, cursor string, err error) {
		found, cursor, err := s.Trainings(ctx, p)
		for _, r := range found {
			ids = append(ids, fmt.Sprint(r.Version))
			if r.Model != nil || r.Figures == nil {
				t.Errorf("training %d is listed as %+v", r.Version, r)
			}
		}
		return ids, cursor, err
	}
	for _, limit := range []int{1, 4, 6, 100} {
		if got := all(t, versions, limit); !slices.Equal(got, []string{"6", "5", "4", "3", "2", "1"}) {
			t.Errorf("trainings by %d: %v", limit, got)
		}
	}
	_, _, err = s.Trainings(ctx, lead.Page{Cursor: "x"})
	wantKind(t, err, lead.Invalid)
}

func outcomesKept(t *testing.T, s *shelf) {
	ctx := t.Context()
	came := s.now.AddDate(0, 0, -1) // the first of the month
	outcome := func(id string, version int) score.Outcome {
		return score.Outcome{Lead: id, Version: version, Created: came, Closed: came.Add(time.Duration(version) * time.Hour), Won: version%2 == 0,
			Known: map[string]string{"source": "search", "answer.rooms": "3 or more"}}
	}
	of := func(month time.Time, limit int) (all []score.Outcome) {
		t.Helper()
		for p := (lead.Page{Limit: limit}); ; {
			page, cursor, err := s.Outcomes(ctx, month, p)
			if err != nil || len(page) > limit {
				t.Fatalf("a page of %d, %v", len(page), err)
			}
			if all = append(all, page...); cursor == "" {
				slices.SortFunc(all, score.Outcome.Compare)
				return all
			}
			p.Cursor = cursor
		}
	}
	put := func(o score.Outcome) {
		t.Helper()
		if err := s.PutOutcome(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	if got := of(came, 10); len(got) != 0 {
		t.Errorf("at first there are %v", got)
	}
	for _, order := range [][]int{{2, 3, 5}, {5, 3, 2}, {3, 5, 2, 5, 2}, {5}} { // the fifth is the latest
		id := s.id("lead")
		for _, version := range order {
			put(outcome(id, version))
		}
		for _, o := range of(came, 3) {
			if o.Lead == id {
				wantSame(t, "outcome", o, outcome(id, 5), nil)
			}
		}
	}
	id := s.id("lead")
	if won := together(t, 16, func(i int) error { return s.PutOutcome(ctx, outcome(id, i+1)) }); won != 16 {
		t.Errorf("%d of 16 wrote without an error", won)
	}
	open := outcome(id, 17) // open again
	open.Closed, open.Won, open.Known = time.Time{}, false, nil
	put(open)
	got := of(came, 2)
	if len(got) != 5 || got[0].Lead != id {
		t.Fatalf("the month has %+v", got)
	}
	wantSame(t, "an outcome that is none", got[0], open, nil)

	// A month is that of UTC in which the lead came.
	east := time.FixedZone("east", 8*3600)
	last, first := time.Date(2026, 3, 31, 23, 59, 59, 999, time.UTC), time.Date(2026, 4, 1, 7, 59, 0, 0, east)
	for i, at := range []time.Time{last, first, last.Add(time.Second)} {
		o := outcome(s.id("lead"), i+1)
		o.Created = at
		put(o)
	}
	if march, april, never := of(last, 100), of(last.AddDate(0, 0, 1), 100), of(first.AddDate(1, 0, 0), 100); len(march) != 7 || len(april) != 1 || len(never) != 0 {
		t.Errorf("March has %d, April %d, a month of next year %d", len(march), len(april), len(never))
	}
	for _, limit := range []int{1, 3, 7, 100} {
		if got := of(last, limit); len(got) != 7 {
			t.Errorf("by %d March has %d", limit, len(got))
		}
	}
	_, cursor, err := s.Outcomes(ctx, last, lead.Page{Limit: 1})
	if err != nil || cursor == "" {
		t.Fatalf("cursor %q, %v", cursor, err)
	}
	_, _, err = s.Outcomes(ctx, last.AddDate(0, 0, 1), lead.Page{Cursor: cursor})
	wantKind(t, err, lead.Invalid) // of another month
}

func rescoreVersions(t *testing.T, s *shelf) {
	ctx := t.Context()
	if r, err := s.Rescore(ctx); err != nil || r != (score.Rescore{}) {
		t.Fatalf("before the first walk: %+v, %v", r, err)
	}
	walk := score.Rescore{Version: 1, Policy: 3, Model: 2, Shard: 1, Cursor: "abc", Sent: 50, Began: s.now}
	wantKind(t, s.PutRescore(ctx, score.Rescore{Version: 2}), lead.Conflict)
	if err := s.PutRescore(ctx, walk); err != nil {
		t.Fatal(err)
	}
	got, err := s.Rescore(ctx)
	wantSame(t, "walk", got, walk, err)
	for _, version := range []int{1, 3} {
		wantKind(t, s.PutRescore(ctx, score.Rescore{Version: version}), lead.Conflict)
	}
	if won := together(t, 8, func(i int) error {
		r := walk
		r.Version, r.Sent, r.Ended = 2, i, s.now.Add(time.Hour)
		if err := s.PutRescore(ctx, r); err == nil || lead.KindOf(err) != lead.Conflict {
			return err
		}
		return &lead.Refused{}
	}); won != 1 {
		t.Errorf("%d of 8 walked on, want 1", won)
	}
	if got, err := s.Rescore(ctx); err != nil || got.Version != 2 || got.Ended.IsZero() {
		t.Errorf("the walk is %+v, %v", got, err)
	}
}

// openLeads pages through the shards while leads come in, move and are closed.
func openLeads(t *testing.T, s *shelf) {
	ctx := t.Context()
	var want [schema.DueShards][]string
	dues := map[string]string{}
	put := func(l lead.Lead, at time.Time) lead.Lead {
		t.Helper()
		l.Version++
		l.Deadline = &lead.Deadline{At: at, Do: lead.DutySweep}
		if l.State == lead.StateLost {
			l.Deadline = nil
		}
		s.commit(t, lead.Change{Lead: &l})
		return l
	}
	var leads []lead.Lead
	for i := range 60 {
		at := s.now.Add(time.Duration(i*17%20-10) * time.Hour) // three at each moment, half of them overdue
		l := put(lead.Lead{ID: s.id("lead"), State: lead.StatePooled, Pool: "open"}, at)
		dues[l.ID] = at.Format(time.RFC3339) + l.ID
		leads = append(leads, l)
	}
	put(lead.Lead{ID: s.id("lead"), State: lead.StateLost}, s.now) // never listed
	if err := s.PutJob(ctx, lead.Job{ID: "j1", Version: 1, At: s.now, Next: s.now}); err != nil {
		t.Fatal(err)
	}
	shard := func(n int) listing {
		return func(ctx context.Context, p lead.Page) ([]string, string, error) { return s.Open(ctx, n, p) }
	}
	total := 0
	for n := range schema.DueShards {
		want[n] = all(t, shard(n), 100)
		for end := time.Now().Add(10 * time.Second); n == schema.DueShards-1 && total+len(want[n]) < 60 && time.Now().Before(end); {
			want[n] = all(t, shard(n), 100)
		}
		total += len(want[n])
		if !slices.IsSortedFunc(want[n], func(a, b string) int { return strings.Compare(dues[a], dues[b]) }) {
			t.Errorf("shard %d is not in the order of the deadlines: %v", n, want[n])
		}
		for _, limit := range []int{1, 2, 7, len(want[n])} {
			if got := all(t, shard(n), max(1, limit)); !slices.Equal(got, want[n]) {
				t.Errorf("shard %d by %d: %v, want %v", n, limit, got, want[n])
			}
		}
	}
	if total != 60 {
		t.Fatalf("%d open leads are listed, want 60", total)
	}

	// Meanwhile leads come in, deadlines move, and leads are closed. Who does nothing is
	// listed once; who moves ahead again; nobody who was closed.
	moved, lost := map[string]bool{}, map[string]bool{}
	seen := map[string]int{}
	for n := range schema.DueShards {
		for p := (lead.Page{Limit: 2}); ; {
			ids, cursor, err := s.Open(ctx, n, p)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range ids {
				if seen[id]++; lost[id] {
					t.Errorf("lead %s is closed", id)
				}
			}
			if len(leads) > 0 { // not one of this page
				l := leads[len(leads)-1]
				leads = leads[:len(leads)-1]
				switch len(leads) % 4 {
				case 0:
					moved[l.ID] = true
					put(l, s.now.Add(-20*time.Hour)) // behind the walk
				case 1:
					moved[l.ID] = true
					put(l, s.now.Add(90*time.Hour)) // ahead
				case 2:
					lost[l.ID] = seen[l.ID] == 0
					moved[l.ID] = true
					l.State = lead.StateLost
					put(l, s.now)
				case 3:
					fresh := put(lead.Lead{ID: s.id("lead"), State: lead.StatePooled, Pool: "open"}, s.now.Add(time.Hour))
					moved[fresh.ID] = true
				}
			}
			if p.Cursor = cursor; cursor == "" {
				break
			}
		}
	}
	for _, ids := range want {
		for _, id := range ids {
			if !moved[id] && seen[id] != 1 {
				t.Errorf("lead %s, which did not move, was listed %d times", id, seen[id])
			}
		}
	}
	for id, n := range seen {
		if n > 2 {
			t.Errorf("lead %s was listed %d times", id, n)
		}
	}
	_, cursor, err := s.Open(ctx, 0, lead.Page{Limit: 1})
	if err != nil || cursor == "" {
		t.Fatalf("cursor %q, %v", cursor, err)
	}
	_, _, err = s.Open(ctx, 1, lead.Page{Cursor: cursor})
	wantKind(t, err, lead.Invalid) // of another shard
}
