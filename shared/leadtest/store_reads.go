package leadtest

import (
	"errors"
	"slices"
	"testing"

	"sluice/shared/lead"
)

func readsMany(t *testing.T, s *shelf) {
	var ids []string
	for range 3 {
		ids = append(ids, s.commit(t, s.arrival(t)).Lead.ID)
	}
	// More than one call's worth, in an order of the caller's own, one of them twice.
	var asked []string
	for range 120 {
		asked = append(asked, s.id("unknown"))
	}
	asked = slices.Insert(asked, 110, ids[2], ids[0])
	asked = append(asked, ids[1], ids[2])
	leads, err := s.Leads(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range leads {
		got = append(got, l.ID)
	}
	if want := []string{ids[2], ids[0], ids[1], ids[2]}; !slices.Equal(got, want) {
		t.Errorf("leads = %v, want %v", got, want)
	}
	first, err := s.Lead(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	persons, err := s.Persons(t.Context(), []string{"nobody", first.Person})
	if err != nil || len(persons) != 1 || persons[0].ID != first.Person {
		t.Errorf("persons = %v, %v", persons, err)
	}
	if none, err := s.Leads(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("no leads = %v, %v", none, err)
	}
}

func readsLeadAndRep(t *testing.T, s *shelf) {
	ctx := t.Context()
	l, rep := s.commit(t, s.arrival(t)).Lead, s.rep(t, 50, -1)
	read := func(id, rep string) (lead.Lead, lead.Rep) {
		t.Helper()
		gotLead, gotRep, err := s.LeadAndRep(ctx, id, rep)
		if err != nil {
			t.Fatalf("read lead and rep: %v", err)
		}
		return gotLead, gotRep
	}
	for i := range 20 { // each commit is seen by the read right after it
		c := s.run(t, *l, lead.Touch{Submission: s.id("sub")})
		c.Moves = []lead.RepMove{s.move(rep, lead.MoveAssign)}
		s.commit(t, c)
		gotLead, gotRep := read(l.ID, rep.ID)
		wantSame(t, "lead", gotLead, *c.Lead, nil)
		wantSame(t, "rep", gotRep, rep, nil)
		if gotRep.Holding != i+1 || gotRep.Today != i+1 || gotRep.Turns["red"] != i+1 {
			t.Fatalf("rep after %d moves = %+v, want its counters as they are", i+1, gotRep)
		}
		l, rep = c.Lead, gotRep
	}
	for _, unknown := range []string{"nobody", ""} {
		gotLead, gotRep := read(l.ID, unknown)
		wantSame(t, "lead", gotLead, *l, nil)
		wantSame(t, "no rep", gotRep, lead.Rep{}, nil)
	}
	for _, id := range []string{rep.ID, "nobody", ""} {
		_, gotRep, err := s.LeadAndRep(ctx, "x", id)
		wantKind(t, err, lead.NotFound)
		wantSame(t, "rep without a lead", gotRep, lead.Rep{}, nil)
	}
}

func notFound(t *testing.T, s *shelf) {
	ctx := t.Context()
	for name, read := range map[string]func() error{
		"lead":           func() error { _, err := s.Lead(ctx, "x"); return err },
		"entry":          func() error { _, err := s.Entry(ctx, "x", 1); return err },
		"person":         func() error { _, err := s.Person(ctx, "x"); return err },
		"submission":     func() error { _, err := s.Submission(ctx, "x"); return err },
		"idempotent":     func() error { _, err := s.Idempotent(ctx, "x"); return err },
		"rep":            func() error { _, err := s.Rep(ctx, "x"); return err },
		"current policy": func() error { _, err := s.CurrentPolicy(ctx, 0); return err },
		"policy":         func() error { _, err := s.Policy(ctx, 1); return err },
	} {
		var e *lead.Error
		if err := read(); !errors.As(err, &e) || e.Kind != lead.NotFound {
			t.Errorf("%s: error = %v, want kind not_found", name, err)
		}
	}
	if entries, cursor, err := s.History(ctx, "x", lead.Page{}); err != nil || len(entries) != 0 || cursor != "" {
		t.Errorf("history of no lead = %v, %q, %v", entries, cursor, err)
	}
}
