package leadtest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"sluice/shared/lead"
)

// arrival is the change by which a submission of a new person becomes a lead.
func (s *shelf) arrival(t *testing.T, keys ...lead.Key) lead.Change {
	t.Helper()
	person := lead.Person{ID: s.id("person"), Version: 1, Phone: lead.Sealed("sealed phone"), Keys: keys,
		Leads: map[string]string{}, Created: s.now}
	sub := lead.Submission{ID: s.id("sub"), Form: "sofa", Received: s.now, Outcome: lead.OutcomeCreated,
		Raw: lead.Sealed("sealed form"), Expires: s.now.Add(90 * 24 * time.Hour).Truncate(time.Second)}
	blank := lead.Lead{ID: s.id("lead")}
	c := s.run(t, blank, lead.Capture{Person: person.ID, Product: "sofa", Submission: sub.ID},
		lead.Score{Fit: 70, Grade: lead.GradeB}, lead.Route{Choice: lead.Choice{Team: "red"}})
	person.Leads["sofa"], sub.Lead, sub.Person = blank.ID, blank.ID, person.ID
	c.Person, c.Reserve, c.Submission = &person, keys, &sub
	return c
}

func commitReadsBack(t *testing.T, s *shelf) {
	c := s.arrival(t, "phone-hash", "mail-hash")
	c.Submission.Idem = "idem-hash"
	rep := s.rep(t, 5, 5)
	c.Moves = []lead.RepMove{s.move(rep, lead.MoveAssign)}
	s.commit(t, c)

	ctx := t.Context()
	l, err := s.Lead(ctx, c.Lead.ID)
	wantSame(t, "lead", l, *c.Lead, err)
	p, err := s.Person(ctx, c.Person.ID)
	wantSame(t, "person", p, *c.Person, err)
	e, err := s.Entry(ctx, c.Lead.ID, 1)
	wantSame(t, "entry", e, *c.Entry, err)
	sub, err := s.Submission(ctx, c.Submission.ID)
	wantSame(t, "submission", sub, *c.Submission, err)
	if string(sub.Raw) != string(c.Submission.Raw) || !sub.Expires.Equal(c.Submission.Expires) {
		t.Errorf("submission's raw form or expiry came back changed: %d bytes, %v", len(sub.Raw), sub.Expires)
	}
	sub, err = s.Idempotent(ctx, "idem-hash")
	wantSame(t, "submission by idempotency key", sub, *c.Submission, err)
	if after, want := s.mustRep(t, rep.ID), c.Moves[0].Count(rep); after.Holding != want.Holding ||
		after.Today != want.Today || after.Turns["red"] != want.Turns["red"] || after.Day != want.Day {
		t.Errorf("rep = %+v, want counters of %+v", after, want)
	}
	if err := s.Commit(ctx, lead.Change{}); err != nil {
		t.Errorf("a change of nothing: %v", err)
	}
}

func commitIsAtomic(t *testing.T, s *shelf) {
	s.commit(t, s.arrival(t, "taken"))
	c := s.arrival(t, "free", "taken")
	rep := s.rep(t, 5, 5)
	c.Moves = []lead.RepMove{s.move(rep, lead.MoveAssign)}
	refusedBy(t, s.Commit(t.Context(), c))

	ctx := t.Context()
	_, err := s.Lead(ctx, c.Lead.ID)
	wantKind(t, err, lead.NotFound)
	_, err = s.Person(ctx, c.Person.ID)
	wantKind(t, err, lead.NotFound)
	_, err = s.Entry(ctx, c.Lead.ID, 1)
	wantKind(t, err, lead.NotFound)
	_, err = s.Submission(ctx, c.Submission.ID)
	wantKind(t, err, lead.NotFound)
	if after := s.mustRep(t, rep.ID); after.Holding != 0 || after.Today != 0 {
		t.Errorf("rep counts %d held, %d today after a refused commit", after.Holding, after.Today)
	}
	s.commit(t, s.arrival(t, "free")) // the refused change did not take the key
}

func commitIsIdempotent(t *testing.T, s *shelf) {
	rep := s.rep(t, 5, 5)
	c := s.arrival(t, "phone-hash")
	c.Moves = []lead.RepMove{s.move(rep, lead.MoveByHand)}
	s.commit(t, c)
	s.commit(t, c)
	quarantined := lead.Change{Submission: &lead.Submission{ID: s.id("sub"), Outcome: lead.OutcomeQuarantined, Raw: lead.Sealed("a")}}
	s.commit(t, quarantined)
	s.commit(t, quarantined)
	if after := s.mustRep(t, rep.ID); after.Holding != 1 {
		t.Errorf("rep holds %d after the same change twice, want 1", after.Holding)
	}
	// Counters alone are no proof of being the same change.
	hand := lead.Change{Moves: []lead.RepMove{s.move(rep, lead.MoveByHand)}}
	s.commit(t, hand)
	s.commit(t, hand)
	if after := s.mustRep(t, rep.ID); after.Holding != 3 {
		t.Errorf("rep holds %d after two moves more, want 3", after.Holding)
	}
}

func commitRefusesNonsense(t *testing.T, s *shelf) {
	good := s.arrival(t, "phone-hash")
	rep := s.rep(t, 5, 5)
	for name, spoil := range map[string]func(*lead.Change){
		"lead without id":         func(c *lead.Change) { c.Lead = &lead.Lead{Version: 1} },
		"lead without version":    func(c *lead.Change) { c.Lead = &lead.Lead{ID: "x"} },
		"entry of another lead":   func(c *lead.Change) { c.Entry = &lead.Entry{Lead: "x", Version: 1} },
		"entry of another time":   func(c *lead.Change) { c.Entry = &lead.Entry{Lead: c.Lead.ID, Version: 2} },
		"keys without person":     func(c *lead.Change) { c.Person = nil },
		"empty key":               func(c *lead.Change) { c.Reserve = []lead.Key{""} },
		"submission without id":   func(c *lead.Change) { c.Submission = &lead.Submission{} },
		"assignment without team": func(c *lead.Change) { c.Moves = []lead.RepMove{{Rep: rep.ID, Kind: lead.MoveAssign, Revision: 1}} },
		"unknown move":            func(c *lead.Change) { c.Moves = []lead.RepMove{{Rep: rep.ID, Kind: "push"}} },
		"two moves of a rep": func(c *lead.Change) {
			c.Moves = []lead.RepMove{s.move(rep, lead.MoveRelease), s.move(rep, lead.MoveAssign)}
		},
		"too large": func(c *lead.Change) { c.Submission = &lead.Submission{ID: "x", Raw: make([]byte, 401<<10)} },
	} {
		c := good
		spoil(&c)
		err := s.Commit(t.Context(), c)
		var e *lead.Error
		if !errors.As(err, &e) || e.Kind != lead.Invalid {
			t.Errorf("%s: error = %v, want kind invalid", name, err)
		}
	}
	s.commit(t, good)
}

func identityKeysAreUnique(t *testing.T, s *shelf) {
	first := s.commit(t, s.arrival(t, "a", "b"))
	second := s.commit(t, s.arrival(t, "c"))
	refused := refusedBy(t, s.Commit(t.Context(), s.arrival(t, "b", "c", "d")))
	want := map[lead.Key]string{"b": first.Person.ID, "c": second.Person.ID}
	if len(refused.Keys) != 2 || refused.Keys["b"] != want["b"] || refused.Keys["c"] != want["c"] {
		t.Errorf("keys taken = %v, want %v", refused.Keys, want)
	}
	if refused.Lead || refused.Person || refused.Submission != nil || refused.Idem != "" || refused.Reps != nil {
		t.Errorf("refusal names more than the keys: %v", refused)
	}
	s.commit(t, s.arrival(t, "e", "e")) // asked for twice by one person is once
}

func personVersion(t *testing.T, s *shelf) {
	person := func(version int, company string) lead.Change {
		return lead.Change{Person: &lead.Person{ID: "person1", Version: version, Company: lead.Sealed(company)}}
	}
	s.commit(t, person(1, "a"))
	for _, c := range []lead.Change{person(1, "b"), person(3, "b")} {
		if refused := refusedBy(t, s.Commit(t.Context(), c)); !refused.Person || refused.Lead {
			t.Errorf("version %d over 1: %v", c.Person.Version, refused)
		}
	}
	s.commit(t, person(2, "c"))
	if refused := refusedBy(t, s.Commit(t.Context(), person(2, "d"))); !refused.Person {
		t.Errorf("version 2 over 2: %v", refused)
	}
	refusedBy(t, s.Commit(t.Context(), lead.Change{Person: &lead.Person{ID: "person2", Version: 2}}))
}

// leadVersion commits snapshots without history, so that nothing but their own
// condition can refuse them.
func leadVersion(t *testing.T, s *shelf) {
	snapshot := func(version int, number string) lead.Change {
		return lead.Change{Lead: &lead.Lead{ID: "lead1", Version: version, Number: number, State: lead.StateNew}}
	}
	s.commit(t, snapshot(1, "a"))
	for _, c := range []lead.Change{snapshot(1, "b"), snapshot(3, "b")} {
		if refused := refusedBy(t, s.Commit(t.Context(), c)); !refused.Lead || refused.Person {
			t.Errorf("version %d over 1: %v", c.Lead.Version, refused)
		}
	}
	s.commit(t, snapshot(2, "c"))
	refusedBy(t, s.Commit(t.Context(), snapshot(2, "d")))
	if l, err := s.Lead(t.Context(), "lead1"); err != nil || l.Number != "c" {
		t.Errorf("lead = %+v, %v", l, err)
	}
}

func historyIsAppendOnly(t *testing.T, s *shelf) {
	entry := func(by string) lead.Change {
		return lead.Change{Entry: &lead.Entry{Lead: "lead1", Version: 1, At: s.now, By: lead.System(by), Events: []lead.Event{lead.Swept{}}}}
	}
	s.commit(t, entry("a"))
	if refused := refusedBy(t, s.Commit(t.Context(), entry("b"))); !refused.Lead {
		t.Errorf("refusal = %v, want the lead's", refused)
	}
	if e, err := s.Entry(t.Context(), "lead1", 1); err != nil || e.By.ID != "a" {
		t.Errorf("entry = %+v, %v", e, err)
	}
}

func submissionOnce(t *testing.T, s *shelf) {
	sub := lead.Submission{ID: "sub1", Form: "sofa", Received: s.now, Outcome: lead.OutcomeMerged, Lead: "lead1", Raw: lead.Sealed("raw")}
	s.commit(t, lead.Change{Submission: &sub})
	other := sub
	other.Lead = "lead2"
	refused := refusedBy(t, s.Commit(t.Context(), lead.Change{Submission: &other}))
	if refused.Submission == nil || refused.Submission.Lead != "lead1" || string(refused.Submission.Raw) != "raw" {
		t.Errorf("refusal = %+v, want the stored submission", refused.Submission)
	}
}

func idempotencyOnce(t *testing.T, s *shelf) {
	sub := lead.Submission{ID: "sub1", Received: s.now, Outcome: lead.OutcomeCreated, Idem: "idem"}
	s.commit(t, lead.Change{Submission: &sub})
	other := sub
	other.ID = "sub2"
	if refused := refusedBy(t, s.Commit(t.Context(), lead.Change{Submission: &other})); refused.Idem != "sub1" || refused.Submission != nil {
		t.Errorf("refusal = %+v, want the first submission's id", refused)
	}
	_, err := s.Submission(t.Context(), "sub2")
	wantKind(t, err, lead.NotFound)
}

func wantSame[T any](t *testing.T, what string, got, want T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("read %s: %v", what, err)
		return
	}
	a, errA := json.Marshal(got)
	b, errB := json.Marshal(want)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("%s came back as\n%s\nwant\n%s", what, a, b)
	}
}
