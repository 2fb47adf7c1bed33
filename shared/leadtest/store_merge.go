package leadtest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"sluice/shared/lead"
)

// met stores a new person who is found by the keys given.
func (s *shelf) met(t *testing.T, alike ...lead.Key) lead.Person {
	t.Helper()
	p := lead.Person{ID: s.id("person"), Version: 1, Created: s.now, Alike: alike, Leads: map[string]string{}}
	s.commit(t, lead.Change{Person: &p})
	return p
}

// writes stores a person's next version.
func (s *shelf) writes(t *testing.T, p lead.Person, edit func(*lead.Person)) lead.Person {
	t.Helper()
	p = p.Clone()
	p.Version++
	edit(&p)
	s.commit(t, lead.Change{Person: &p})
	return p
}

// alike lists who shares keys, as a list without pages.
func (s *shelf) alike(limit, place int, keys ...lead.Key) listing {
	return func(ctx context.Context, _ lead.Page) ([]string, string, error) {
		found, _, err := s.Alike(ctx, keys, "", limit)
		if err == nil && len(found) != len(keys) {
			err = fmt.Errorf("%d lists for %d keys", len(found), len(keys))
		}
		if err != nil {
			return nil, "", err
		}
		return found[place], "", nil
	}
}

// alikeFinds: persons who share a key are found, the newest first, as long as they are
// nobody else.
func alikeFinds(t *testing.T, s *shelf) {
	const limit = 3
	var ids []string
	for range 4 {
		ids = append(ids, s.met(t, "name1", "place1").ID)
	}
	other := s.met(t, "name1", "place2")
	s.met(t, "name2", "")
	s.met(t)
	settles(t, s.alike(limit, 0, "name1", "place2"), limit, []string{other.ID, ids[3], ids[2]})
	settles(t, s.alike(limit, 1, "name1", "place2"), limit, []string{other.ID})
	settles(t, s.alike(100, 1, "name1", "place1"), 100, []string{ids[3], ids[2], ids[1], ids[0]})
	settles(t, s.alike(limit, 0, "", "place2"), limit, nil)
	settles(t, s.alike(limit, 0, "place1", "name1"), limit, nil) // a name is no place

	p := s.writes(t, other, func(p *lead.Person) { p.Alike = []lead.Key{"", "place2"} })
	settles(t, s.alike(limit, 0, "name1", "place2"), limit, []string{ids[3], ids[2], ids[1]})
	p = s.writes(t, p, func(p *lead.Person) { p.Into = ids[0] })
	settles(t, s.alike(limit, 1, "name1", "place2"), limit, nil)
	s.writes(t, p, func(p *lead.Person) { p.Into = "" })
	settles(t, s.alike(limit, 1, "name1", "place2"), limit, []string{other.ID})

	found, company, err := s.Alike(t.Context(), nil, "", limit)
	if err != nil || len(found) != 0 || company.ID != "" {
		t.Errorf("nothing asked: %v, %+v, %v", found, company, err)
	}
}

func companies(t *testing.T, s *shelf) {
	ctx := t.Context()
	if c, err := s.Company(ctx, "domain1"); err != nil || c.ID != "" || c.Version != 0 {
		t.Errorf("a company that nobody knows: %+v, %v", c, err)
	}
	first := lead.Company{ID: "domain1", Version: 1, Known: map[string]string{"industry": "furniture"},
		Origins: map[string]lead.Provenance{"industry": {From: lead.FromPerson, At: s.now}}}
	s.commit(t, lead.Change{Company: &first})
	got, err := s.Company(ctx, "domain1")
	if err != nil || got.Known["industry"] != "furniture" || got.Origins["industry"].From != lead.FromPerson || got.Version != 1 {
		t.Errorf("company = %+v, %v", got, err)
	}
	for _, version := range []int{1, 3} {
		late := lead.Company{ID: "domain1", Version: version, Account: "lead1"}
		if refused := refusedBy(t, s.Commit(ctx, lead.Change{Company: &late})); !refused.Company || refused.Person || refused.Lead {
			t.Errorf("version %d: refused = %+v", version, refused)
		}
	}
	won := together(t, 8, func(i int) error {
		next := first
		next.Version, next.Account = 2, fmt.Sprint("lead", i)
		return s.Commit(ctx, lead.Change{Company: &next})
	})
	if won != 1 {
		t.Errorf("%d of 8 wrote the second version", won)
	}
	settles(t, func(ctx context.Context, _ lead.Page) ([]string, string, error) {
		_, known, err := s.Alike(ctx, []lead.Key{"", ""}, "domain1", 5)
		return []string{fmt.Sprint(known.Version)}, "", err
	}, 1, []string{"2"})
}

// doubtOrder lists persons in doubt as long as they are nobody else.
func doubtOrder(t *testing.T, s *shelf) {
	var persons []lead.Person
	var ids []string
	for i := range 9 {
		p := s.met(t, "name1", "")
		if i%3 < 2 {
			p = s.writes(t, p, func(p *lead.Person) { p.Doubts = []lead.Doubt{{With: "person0", Probability: 0.7, At: s.now}} })
			persons, ids = append(persons, p), append(ids, p.ID)
		}
	}
	settles(t, s.Doubts, 2, ids)
	settles(t, s.Doubts, 100, ids)
	s.writes(t, persons[0], func(p *lead.Person) { p.Into = "person0" })
	s.writes(t, persons[1], func(p *lead.Person) { p.Doubts = nil })
	settles(t, s.Doubts, 4, ids[2:])
	wantKind(t, func() error { _, _, err := s.Doubts(t.Context(), lead.Page{Cursor: "x"}); return err }(), lead.Invalid)
}

// unverifiedOrder lists what waits for the cleansing team, by grade and age.
func unverifiedOrder(t *testing.T, s *shelf) {
	var best, rest []string
	for i := range 8 {
		s.now = s.now.Add(1000)
		grade := lead.GradeA
		if i%2 == 1 {
			grade = lead.GradeC
		}
		c := s.run(t, lead.Lead{ID: s.id("lead")}, lead.Capture{Person: "person1", Product: "sofa", Submission: "sub1"},
			lead.Withhold{Team: "red"}, lead.Score{Fit: 50, Grade: grade})
		s.commit(t, c)
		if grade == lead.GradeA {
			best = append(best, c.Lead.ID)
		} else {
			rest = append(rest, c.Lead.ID)
		}
	}
	settles(t, s.Unverified, 3, slices.Concat(best, rest))
	settles(t, s.triage("red"), 10, nil)
	l, err := s.Lead(t.Context(), best[0])
	if err != nil {
		t.Fatal(err)
	}
	s.commit(t, s.run(t, l, lead.Verify{}, lead.Route{Choice: lead.Choice{Team: "red"}}))
	settles(t, s.Unverified, 10, slices.Concat(best[1:], rest))
	settles(t, s.triage("red"), 10, best[:1])
}

// budgetHolds: of 32 who ask at one moment as many may as the day has left.
func budgetHolds(t *testing.T, s *shelf) {
	const most = 10
	spend := func(what, day string, most int) bool {
		ok, err := s.Spend(t.Context(), what, day, most)
		if err != nil {
			t.Errorf("spend: %v", err)
		}
		return ok
	}
	spend("enricher/a", "2026-03-02", most)
	won := together(t, 32, func(int) error {
		if !spend("enricher/a", "2026-03-02", most) {
			return &lead.Refused{}
		}
		return nil
	})
	if won != most-1 {
		t.Errorf("%d were let through after the first, want %d", won, most-1)
	}
	for _, c := range []struct {
		what, day string
		most      int
		want      bool
	}{
		{"enricher/a", "2026-03-02", most, false},
		{"enricher/a", "2026-03-02", most + 1, true}, // the budget was raised
		{"enricher/a", "2026-03-02", 1, false},
		{"enricher/a", "2026-03-03", most, true},
		{"enricher/b", "2026-03-02", most, true},
	} {
		if got := spend(c.what, c.day, c.most); got != c.want {
			t.Errorf("%s on %s of %d: %t", c.what, c.day, c.most, got)
		}
	}
}

// union is the merge of two new persons who have a lead each that one rep holds.
func (s *shelf) union(t *testing.T, rep lead.Rep) lead.Change {
	t.Helper()
	var out lead.Change
	var persons []lead.Person
	var leads []lead.Lead
	for range 2 {
		c := s.arrival(t, lead.Key(s.id("key")))
		s.commit(t, c)
		s.commit(t, lead.Change{Moves: []lead.RepMove{s.move(s.mustRep(t, rep.ID), lead.MoveByHand)}})
		offered := s.run(t, *c.Lead, lead.Assign{Rep: rep.ID, Team: "red"})
		s.commit(t, offered)
		persons, leads = append(persons, *c.Person), append(leads, *offered.Lead)
	}
	a, b, err := lead.Unite(persons[0], persons[1], lead.Union{}, lead.System("test"), "the same voice", s.now)
	if err != nil {
		t.Fatal(err)
	}
	a.Version, b.Version = 2, 2
	absorbed := s.run(t, leads[1], lead.Absorb{Into: leads[0].ID, Person: a.ID})
	took := s.run(t, leads[0], lead.Take{Lead: leads[1].ID, Touches: 1})
	out.Moves = []lead.RepMove{{Rep: rep.ID, Kind: lead.MoveRelease}}
	out.Also = []lead.Change{{Person: &a}, {Person: &b}, absorbed, took}
	return out
}

// mergesAreAtomic: a change with others beside it is written whole or not at all, and
// once.
func mergesAreAtomic(t *testing.T, s *shelf) {
	ctx := t.Context()
	rep := s.rep(t, -1, -1)
	c := s.union(t, rep)
	b, gone := *c.Also[1].Person, *c.Also[2].Lead
	for name, spoil := range map[string]func(*lead.Change) func(*lead.Refused) bool{
		"a person": func(c *lead.Change) func(*lead.Refused) bool {
			late := b
			late.Version++
			c.Also[1].Person = &late
			return func(r *lead.Refused) bool { return r.Person && !r.Lead }
		},
		"a lead": func(c *lead.Change) func(*lead.Refused) bool {
			late, entry := gone, *c.Also[2].Entry
			late.Version, entry.Version = late.Version+1, entry.Version+1
			c.Also[2] = lead.Change{Lead: &late, Entry: &entry}
			return func(r *lead.Refused) bool { return r.Lead && !r.Person }
		},
		"a rep": func(c *lead.Change) func(*lead.Refused) bool {
			c.Moves = []lead.RepMove{{Rep: "nobody", Kind: lead.MoveRelease}}
			return func(r *lead.Refused) bool { return len(r.Reps) == 1 }
		},
	} {
		spoiled := c
		spoiled.Also = slices.Clone(c.Also)
		fits := spoil(&spoiled)
		if refused := refusedBy(t, s.Commit(ctx, spoiled)); !fits(refused) {
			t.Errorf("%s moved on: refused = %v", name, refused)
		}
		if p, err := s.Person(ctx, b.ID); err != nil || p.Into != "" {
			t.Errorf("%s moved on: %+v, %v", name, p, err)
		}
		if l, err := s.Lead(ctx, gone.ID); err != nil || l.State != lead.StateOffered {
			t.Errorf("%s moved on: %+v, %v", name, l, err)
		}
	}
	s.commit(t, c)
	s.commit(t, c)
	for _, also := range c.Also {
		if also.Person != nil {
			p, err := s.Person(ctx, also.Person.ID)
			wantSame(t, "person", p, *also.Person, err)
			continue
		}
		l, err := s.Lead(ctx, also.Lead.ID)
		wantSame(t, "lead", l, *also.Lead, err)
	}
	if after := s.mustRep(t, rep.ID); after.Holding != 1 {
		t.Errorf("the rep holds %d after the same merge twice, want 1", after.Holding)
	}
	settles(t, s.inbox(rep.ID), 10, []string{c.Also[3].Lead.ID})
	for name, spoil := range map[string]func(*lead.Change){
		"a move of the same rep beside": func(c *lead.Change) {
			c.Also = append(slices.Clone(c.Also), lead.Change{Moves: []lead.RepMove{{Rep: rep.ID, Kind: lead.MoveRelease}}})
		},
		"nonsense beside": func(c *lead.Change) { c.Also = []lead.Change{{Person: &lead.Person{}}} },
	} {
		spoiled := c
		spoil(&spoiled)
		err := s.Commit(ctx, spoiled)
		if err == nil || lead.KindOf(err) != lead.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// severalReleases: several leads go from one rep at once.
func severalReleases(t *testing.T, s *shelf) {
	rep := s.rep(t, -1, -1)
	for range 5 {
		s.commit(t, lead.Change{Moves: []lead.RepMove{s.move(s.mustRep(t, rep.ID), lead.MoveByHand)}})
	}
	m := lead.RepMove{Rep: rep.ID, Kind: lead.MoveRelease, More: 2}
	before := s.mustRep(t, rep.ID)
	s.commit(t, lead.Change{Moves: []lead.RepMove{m}})
	if after := s.mustRep(t, rep.ID); after.Holding != 2 || !sameCounters(after, m.Count(before)) {
		t.Errorf("the rep holds %d of 5 after three have gone", after.Holding)
	}
}
