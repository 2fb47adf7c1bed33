package leadtest

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

func (s *shelf) pool(name string) listing {
	return func(ctx context.Context, p lead.Page) ([]string, string, error) { return s.Pool(ctx, name, p) }
}

func (s *shelf) inbox(rep string) listing {
	return func(ctx context.Context, p lead.Page) ([]string, string, error) { return s.Inbox(ctx, rep, p) }
}

func (s *shelf) triage(team string) listing {
	return func(ctx context.Context, p lead.Page) ([]string, string, error) { return s.Triage(ctx, team, p) }
}

// byGrade places leads of all grades, a minute apart, and returns their ids in
// the order of a list: best grade first, oldest first within.
func (s *shelf) byGrade(t *testing.T, n int, choice lead.Choice) []string {
	t.Helper()
	byRank := make([][]string, len(lead.Grades))
	for i := range n {
		s.now = s.now.Add(time.Minute)
		rank := i * 2 % len(byRank)
		byRank[rank] = append(byRank[rank], s.place(t, lead.Grades[rank], choice).ID)
	}
	return slices.Concat(byRank...)
}

func heldOrder(t *testing.T, s *shelf) {
	pooled := s.byGrade(t, 22, lead.Choice{Pool: "open"})
	waiting := s.byGrade(t, 12, lead.Choice{Team: "red"})
	s.place(t, lead.GradeA, lead.Choice{Pool: "open#1"})
	s.place(t, lead.GradeA, lead.Choice{Team: "blue"})
	for _, limit := range []int{1, 3, 7, 22, 100} {
		settles(t, s.pool("open"), limit, pooled)
	}
	settles(t, s.triage("red"), 5, waiting)

	// A lead that is claimed leaves the pool.
	l, err := s.Lead(t.Context(), pooled[3])
	if err != nil {
		t.Fatal(err)
	}
	rep := s.rep(t, -1, -1)
	s.commit(t, s.run(t, l, lead.Claim{Rep: rep.ID, Team: "red"}))
	settles(t, s.pool("open"), 4, slices.Delete(slices.Clone(pooled), 3, 4))
	settles(t, s.inbox(rep.ID), 4, []string{l.ID})

	// A dispatcher sees what waits for a shift as well, until somebody has it.
	night := lead.Choice{Team: "green", Wait: s.now.Add(12 * time.Hour)}
	late := s.place(t, lead.GradeA, night)
	undecided := s.place(t, lead.GradeC, lead.Choice{Team: "green"})
	later := s.place(t, lead.GradeB, night)
	settles(t, s.triage("green"), 2, []string{late.ID, later.ID, undecided.ID})
	s.commit(t, s.run(t, late, lead.Route{Choice: lead.Choice{Team: "green", Rep: rep.ID}}))
	settles(t, s.triage("green"), 2, []string{later.ID, undecided.ID})
}

func inboxOrder(t *testing.T, s *shelf) {
	mine := s.byGrade(t, 11, lead.Choice{Team: "red", Rep: "rep1"})
	s.byGrade(t, 3, lead.Choice{Team: "red", Rep: "rep11"})
	settles(t, s.inbox("rep1"), 4, mine)

	// Accepting changes the deadline, not the place; closing takes it away.
	l, err := s.Lead(t.Context(), mine[0])
	if err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Minute)
	c := s.commit(t, s.run(t, l, lead.Accept{Rep: "rep1"}))
	settles(t, s.inbox("rep1"), 100, mine)
	s.commit(t, s.run(t, *c.Lead, lead.Close{Rep: "rep1", As: lead.StateLost, Reason: "price"}))
	settles(t, s.inbox("rep1"), 2, mine[1:])
}

// pagingIsComplete reads a pool page by page while others add leads to it: each
// lead that was there before comes exactly once.
func pagingIsComplete(t *testing.T, s *shelf) {
	before := s.byGrade(t, 30, lead.Choice{Pool: "open"})
	settles(t, s.pool("open"), 100, before)
	seen := map[string]int{}
	for p := (lead.Page{Limit: 4}); ; {
		ids, cursor, err := s.Pool(t.Context(), "open", p)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			seen[id]++
		}
		if p.Cursor = cursor; cursor == "" {
			break
		}
		s.now = s.now.Add(time.Minute)
		for _, g := range []lead.Grade{lead.GradeAPlus, lead.GradeC} {
			if len(seen) < 40 { // else the list would never end
				s.place(t, g, lead.Choice{Pool: "open"})
			}
		}
	}
	for _, id := range before {
		if seen[id] != 1 {
			t.Errorf("%s was listed %d times", id, seen[id])
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was listed %d times", id, n)
		}
	}
}

func quarantineOrder(t *testing.T, s *shelf) {
	var want []string
	for i := range 13 {
		s.now = s.now.Add(time.Minute)
		sub := lead.Submission{ID: s.id("sub"), Received: s.now, Outcome: lead.OutcomeQuarantined, Reason: "invalid: phone"}
		if i%3 == 2 {
			sub.Outcome = lead.OutcomeTest
		} else {
			want = append(want, sub.ID)
		}
		s.commit(t, lead.Change{Submission: &sub})
	}
	settles(t, s.Quarantine, 4, want)
	settles(t, s.Quarantine, 100, want)
}

func dueOrder(t *testing.T, s *shelf) {
	start := s.now
	due := map[string]time.Time{}
	for range 40 {
		s.now = s.now.Add(time.Second)
		l := s.place(t, lead.GradeB, lead.Choice{Team: "red"})
		due[l.ID] = l.Deadline.At
	}
	until := start.Add(s.rules.Triage.Time + 20*time.Second) // the deadline of the 20th lead, to the nanosecond
	end := time.Now().Add(10 * time.Second)
	var got []string
	for got = s.dueBy(t, until); len(got) < 20 && time.Now().Before(end); got = s.dueBy(t, until) {
	}
	if len(got) != 20 {
		t.Fatalf("%d leads are due, want 20: the deadline itself counts", len(got))
	}
	if early := s.dueBy(t, until.Add(-1)); len(early) != 19 {
		t.Errorf("%d leads are due a nanosecond before, want 19", len(early))
	}
	for shard := range schema.DueShards {
		ids, more, err := s.Due(t.Context(), shard, until, 100)
		if err != nil || more {
			t.Fatalf("due = more %t, %v", more, err)
		}
		if !slices.IsSortedFunc(ids, func(a, b string) int { return due[a].Compare(due[b]) }) {
			t.Errorf("shard %d is not in order of deadlines: %v", shard, ids)
		}
		if len(ids) > 1 {
			cut, more, err := s.Due(t.Context(), shard, until, len(ids)-1)
			if err != nil || !more || !slices.Equal(cut, ids[:len(ids)-1]) {
				t.Errorf("limited = %v, more %t, %v", cut, more, err)
			}
		}
	}
	l, err := s.Lead(t.Context(), got[0])
	if err != nil {
		t.Fatal(err)
	}
	s.commit(t, s.run(t, l, lead.Close{As: lead.StateJunk, Reason: "test"}))
	for got = s.dueBy(t, until); len(got) > 19 && time.Now().Before(end); got = s.dueBy(t, until) {
	}
	if slices.Contains(got, l.ID) {
		t.Error("a closed lead is still due")
	}
}

func (s *shelf) dueBy(t *testing.T, until time.Time) []string {
	t.Helper()
	var all []string
	for shard := range schema.DueShards {
		ids, _, err := s.Due(t.Context(), shard, until, 100)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ids...)
	}
	return all
}

// placesStay: a lead that is swept or escalated keeps its place, though the
// moment it is in the state since moves.
func placesStay(t *testing.T, s *shelf) {
	pooled := s.byGrade(t, 6, lead.Choice{Pool: "open"})
	waiting := s.byGrade(t, 6, lead.Choice{Team: "red"})
	settles(t, s.pool("open"), 100, pooled)
	s.now = s.now.Add(2 * day)
	for _, id := range []string{pooled[0], waiting[0]} {
		l, err := s.Lead(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		var due lead.Command = lead.Expire{}
		if l.State == lead.StatePooled {
			due = lead.Look{Did: lead.DidRest}
		}
		s.commit(t, s.run(t, l, due))
	}
	settles(t, s.pool("open"), 100, pooled)
	settles(t, s.triage("red"), 100, waiting)
}

func cursorsAreChecked(t *testing.T, s *shelf) {
	s.byGrade(t, 4, lead.Choice{Pool: "open"})
	s.byGrade(t, 4, lead.Choice{Pool: "other"})
	id := s.byGrade(t, 4, lead.Choice{Team: "red"})[0]
	ctx := t.Context()
	_, cursor, err := s.Pool(ctx, "open", lead.Page{Limit: 2})
	if err != nil || cursor == "" {
		t.Fatalf("cursor = %q, %v", cursor, err)
	}
	if strings.Contains(cursor, "open") {
		t.Errorf("cursor %q is not opaque", cursor)
	}
	history := func(ctx context.Context, p lead.Page) ([]string, string, error) {
		_, next, err := s.History(ctx, id, p)
		return nil, next, err
	}
	policies := func(ctx context.Context, p lead.Page) ([]string, string, error) {
		_, next, err := s.Policies(ctx, p)
		return nil, next, err
	}
	for name, list := range map[string]listing{"other pool": s.pool("other"), "triage": s.triage("open"), "inbox": s.inbox("open"),
		"quarantine": s.Quarantine, "history": history, "policies": policies} {
		if _, _, err := list(ctx, lead.Page{Cursor: cursor}); lead.KindOf(err) != lead.Invalid || err == nil {
			t.Errorf("%s takes a pool's cursor: %v", name, err)
		}
	}
	plain, _ := base64.RawURLEncoding.DecodeString(cursor)
	for _, broken := range []string{"x", "e30", cursor[1:], cursor + "=", cursor + "\n", "AAAA" + cursor,
		base64.RawURLEncoding.EncodeToString(append([]byte(" "), plain...))} {
		if _, _, err := s.Pool(ctx, "open", lead.Page{Cursor: broken}); err == nil || lead.KindOf(err) != lead.Invalid {
			t.Errorf("cursor %q: error = %v, want kind invalid", broken, err)
		}
	}
	if ids, _, err := s.Pool(ctx, "open", lead.Page{Limit: -1}); err != nil || len(ids) != 4 {
		t.Errorf("no limit: %v, %v", ids, err)
	}
}

func historyPages(t *testing.T, s *shelf) {
	c := s.run(t, lead.Lead{ID: "lead1"}, lead.Capture{Person: "person1", Product: "sofa"}, lead.Route{Choice: lead.Choice{Pool: "open"}})
	s.commit(t, c)
	const n = 12
	for range n - 1 {
		s.now = c.Lead.Deadline.At
		c = s.run(t, *c.Lead, lead.Look{Did: lead.DidRest})
		s.commit(t, c)
	}
	var versions []int
	for p := (lead.Page{Limit: 5}); ; {
		entries, cursor, err := s.History(t.Context(), "lead1", p)
		if err != nil || len(entries) > 5 {
			t.Fatalf("page of %d, %v", len(entries), err)
		}
		for _, e := range entries {
			versions = append(versions, e.Version)
		}
		if p.Cursor = cursor; cursor == "" {
			break
		}
	}
	want := make([]int, n)
	for i := range want {
		want[i] = i + 1
	}
	if !slices.Equal(versions, want) {
		t.Errorf("versions = %v, want %v", versions, want)
	}
	if _, cursor, err := s.History(t.Context(), "lead1", lead.Page{Limit: n}); err != nil || cursor != "" {
		t.Errorf("a full last page has the cursor %q, %v", fmt.Sprint(cursor), err)
	}
}
