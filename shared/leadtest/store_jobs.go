package leadtest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"sluice/shared/lead"
)

func jobVersions(t *testing.T, s *shelf) {
	ctx := t.Context()
	job := lead.Job{ID: "j1", Version: 1, By: "manager1", Teams: []string{"red"}, At: s.now, Why: "rep1 leaves", Next: s.now,
		From: lead.Origin{Rep: "rep1"}, To: lead.Goal{Team: "red"}, Lists: []string{"Rrep1"}}
	put := func(version, seen int) error {
		j := job
		j.Version, j.Seen = version, seen
		return s.PutJob(ctx, j)
	}
	wantKind(t, put(2, 0), lead.Conflict)
	if err := s.PutJob(ctx, job); err != nil {
		t.Fatal(err)
	}
	got, err := s.Job(ctx, job.ID)
	wantSame(t, "job", got, job, err)
	for _, version := range []int{1, 3} {
		wantKind(t, put(version, 1), lead.Conflict)
	}
	if won := together(t, 8, func(i int) error { // two sweeps that work on one job
		if err := put(2, i+10); lead.KindOf(err) != lead.Conflict || err == nil {
			return err
		}
		return &lead.Refused{}
	}); won != 1 {
		t.Errorf("%d of 8 put the second version, want 1", won)
	}
	if got, err := s.Job(ctx, job.ID); err != nil || got.Version != 2 || got.Seen < 10 {
		t.Errorf("job = %+v, %v", got, err)
	}
	_, err = s.Job(ctx, "j2")
	wantKind(t, err, lead.NotFound)
}

func jobLists(t *testing.T, s *shelf) {
	ctx := t.Context()
	var ids []string // the newest first
	for i := range 9 {
		job := lead.Job{ID: fmt.Sprintf("j%02d", i), Version: 1, At: s.now, Next: s.now.Add(time.Duration(20-i) * time.Minute)}
		if i%3 == 0 { // over
			job.Next = time.Time{}
		}
		if err := s.PutJob(ctx, job); err != nil {
			t.Fatal(err)
		}
		ids = append([]string{job.ID}, ids...)
	}
	jobs := func(ctx context.Context, p lead.Page) (ids []string, cursor string, err error) {
		found, cursor, err := s.Jobs(ctx, p)
		for _, j := range found {
			ids = append(ids, j.ID)
		}
		return ids, cursor, err
	}
	for _, limit := range []int{1, 4, 9, 100} {
		if got := all(t, jobs, limit); !slices.Equal(got, ids) {
			t.Errorf("jobs by %d = %v, want %v", limit, got, ids)
		}
	}
	if _, _, err := s.Jobs(ctx, lead.Page{Cursor: "x"}); lead.KindOf(err) != lead.Invalid || err == nil {
		t.Errorf("a broken cursor: %v", err)
	}

	open := func(until time.Time, limit int) listing {
		return func(ctx context.Context, _ lead.Page) ([]string, string, error) {
			ids, err := s.OpenJobs(ctx, until, limit)
			return ids, "", err
		}
	}
	settles(t, open(s.now.Add(time.Hour), 0), 100, []string{"j08", "j07", "j05", "j04", "j02", "j01"})
	settles(t, open(s.now.Add(15*time.Minute), 0), 100, []string{"j08", "j07", "j05"}) // the moment itself counts
	settles(t, open(s.now.Add(time.Hour), 2), 2, []string{"j08", "j07"})

	stopped, err := s.Job(ctx, "j08")
	if err != nil {
		t.Fatal(err)
	}
	stopped.Version, stopped.Next = 2, time.Time{}
	if err := s.PutJob(ctx, stopped); err != nil {
		t.Fatal(err)
	}
	settles(t, open(s.now.Add(time.Hour), 0), 100, []string{"j07", "j05", "j04", "j02", "j01"})
	if leads := s.dueBy(t, s.now.Add(time.Hour)); len(leads) != 0 {
		t.Errorf("jobs are due as leads: %v", leads)
	}
}
