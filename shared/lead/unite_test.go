package lead_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// TestUndoneMergeLeavesNoTrace merges two persons whatever they are and takes that
// back at once: both are as before, letter by letter.
func TestUndoneMergeLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPerson(t, "a"), drawPerson(t, "b")
		wasA, wasB := rapidText(t, a), rapidText(t, b)
		u := drawUnion(t, a, b)
		union := rapidText(t, u)
		one, gone := unite(t, a, b, u)
		if rapidText(t, a) != wasA || rapidText(t, b) != wasB || rapidText(t, u) != union {
			t.Fatal("merging changed what it was given")
		}
		merged(t, a, b, one, gone)
		both := rapidText(t, []lead.Person{one, gone})
		again, other := divide(t, one, gone)
		if rapidText(t, []lead.Person{one, gone}) != both {
			t.Fatal("taking it back changed what it was given")
		}
		same(t, a, again)
		same(t, b, other)
	})
}

// merged is what is true of two persons who were just made one.
func merged(t *rapid.T, a, b, one, gone lead.Person) {
	for _, p := range []lead.Person{a, b} {
		for _, at := range p.Contacts {
			if times(one.Contacts, at) < times(p.Contacts, at) {
				t.Fatalf("the contact of %s at %v is lost: %v", p.ID, at, one.Contacts)
			}
		}
		if !p.OptOut.IsZero() && (one.OptOut.IsZero() || one.OptOut.After(p.OptOut)) {
			t.Fatalf("%s opted out %v, the two %v", p.ID, p.OptOut, one.OptOut)
		}
		if contactable(p).After(contactable(one)) {
			t.Fatalf("%s may be contacted from %v on, the two from %v", p.ID, contactable(p), contactable(one))
		}
	}
	switch {
	case len(one.Contacts) != len(a.Contacts)+len(b.Contacts) || !slices.IsSortedFunc(one.Contacts, time.Time.Compare):
		t.Fatalf("%d and %d contacts make %v", len(a.Contacts), len(b.Contacts), one.Contacts)
	case gone.Into != a.ID || one.Parts[len(one.Parts)-1].Person != b.ID:
		t.Fatalf("%s went into %s, whose parts are %v", b.ID, gone.Into, one.Parts)
	case len(one.Consents) != len(a.Consents)+len(b.Consents):
		t.Fatalf("%d and %d consents make %d", len(a.Consents), len(b.Consents), len(one.Consents))
	}
	for _, id := range slices.Concat(a.Apart, b.Apart) {
		if !slices.Contains(one.Apart, id) && id != a.ID && len(one.Apart) < 32 {
			t.Fatalf("that it is not %s is forgotten: %v", id, one.Apart)
		}
	}
	if slices.Contains(one.Apart, a.ID) && !slices.Contains(a.Apart, a.ID) {
		t.Fatal("it is not itself any more")
	}
	for _, d := range slices.Concat(b.Doubts, a.Doubts) {
		i := slices.IndexFunc(one.Doubts, func(kept lead.Doubt) bool { return kept.With == d.With })
		mine := slices.ContainsFunc(a.Doubts, func(mine lead.Doubt) bool { return rapidText(t, mine) == rapidText(t, d) })
		other := mine || !slices.ContainsFunc(a.Doubts, func(mine lead.Doubt) bool { return mine.With == d.With })
		settled := d.With == a.ID || d.With == b.ID || !mine && slices.Contains(one.Apart, d.With)
		switch {
		case i >= 0 && settled:
			t.Fatalf("it may still be %s: %v, not %v", d.With, one.Doubts, one.Apart)
		case i < 0 && !settled && len(one.Doubts) < 8, i >= 0 && other && rapidText(t, one.Doubts[i]) != rapidText(t, d):
			t.Fatalf("that it may be %s is lost, or its evidence: %v", d.With, one.Doubts)
		}
	}
	bounded(t, one)
	if gone.Into = ""; rapidText(t, gone) != rapidText(t, b) {
		t.Fatalf("who was merged is\n%s\nwas\n%s", rapidText(t, gone), rapidText(t, b))
	}
}

// bounded holds what a person's item must not outgrow.
func bounded(t *rapid.T, p lead.Person) {
	if len(p.Doubts) > 8 || len(p.Apart) > 32 || len(p.Parts) > 20 {
		t.Fatalf("%d doubts, %d persons that it is not, %d parts", len(p.Doubts), len(p.Apart), len(p.Parts))
	}
	for _, d := range p.Doubts {
		again := func(other lead.Doubt) bool { return other.With == d.With }
		if d.With == p.ID || len(slices.DeleteFunc(slices.Clone(p.Doubts), again)) != len(p.Doubts)-1 {
			t.Fatalf("%s has the doubts %v", p.ID, p.Doubts)
		}
	}
}

// TestMergesAreUndoneInAnyOrderThatIsLeft merges several persons into each other and
// takes all merges back, any that is the last of its person first.
func TestMergesAreUndoneInAnyOrderThatIsLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var persons, before []lead.Person
		for i := range rapid.IntRange(2, 5).Draw(t, "persons") {
			p := drawPerson(t, fmt.Sprintf("p%d", i))
			persons, before = append(persons, p), append(before, p)
		}
		alone := func(p lead.Person) bool { return p.Into == "" }
		pick := func(name string, may func(lead.Person) bool) *lead.Person {
			var some []int
			for i, p := range persons {
				if may(p) {
					some = append(some, i)
				}
			}
			return &persons[rapid.SampledFrom(some).Draw(t, name)]
		}
		merges := rapid.IntRange(1, len(persons)-1).Draw(t, "merges")
		for range merges {
			a := pick("a", alone)
			b := pick("b", func(p lead.Person) bool { return alone(p) && p.ID != a.ID })
			*a, *b = unite(t, *a, *b, drawUnion(t, *a, *b))
			bounded(t, *a)
		}
		earlier := map[string]int{}
		for _, p := range before {
			earlier[p.ID] = len(p.Parts)
		}
		for range merges {
			a := pick("undone", func(p lead.Person) bool { return alone(p) && len(p.Parts) > earlier[p.ID] })
			b := &persons[slices.IndexFunc(persons, func(p lead.Person) bool { return p.ID == a.Parts[len(a.Parts)-1].Person })]
			*a, *b = divide(t, *a, *b)
		}
		for i := range persons {
			same(t, before[i], persons[i])
		}
	})
}

// TestOptOutWithdrawnAndGiven: a wish that changed since the merge is the one that
// holds, and who had it before keeps their own.
func TestOptOutWithdrawnAndGiven(t *testing.T) {
	t.Parallel()
	before, later := monday, noon.Add(day)
	for name, test := range map[string]struct{ a, b, now, wantA, wantB time.Time }{
		"nobody's":            {},
		"of the one":          {a: before, now: before, wantA: before},
		"of the other":        {b: before, now: before, wantB: before},
		"of both, later":      {now: later, wantA: later, wantB: later},
		"of the other, again": {b: before, now: later, wantA: later, wantB: before},
		"withdrawn":           {a: before, b: before, wantB: before},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, gone, err := lead.Unite(lead.Person{ID: "a", OptOut: test.a}, lead.Person{ID: "b", OptOut: test.b}, lead.Union{}, lead.System("test"), "", noon)
			if err != nil {
				t.Fatal(err)
			}
			one.OptOut = test.now
			a, b, err := lead.Divide(one, gone)
			if err != nil || !a.OptOut.Equal(test.wantA) || !b.OptOut.Equal(test.wantB) {
				t.Errorf("opted out %v and %v, %v", a.OptOut, b.OptOut, err)
			}
		})
	}
}

// TestManyContactsSurvive merges two who were contacted as often as is remembered, and
// whose next contact crowds the oldest out: taken back, each has all of their own.
func TestManyContactsSurvive(t *testing.T) {
	t.Parallel()
	often := func(id string, offset time.Duration) lead.Person {
		p := lead.Person{ID: id, Leads: map[string]string{}}
		for i := range 64 {
			p.Contact(monday.Add(offset + time.Duration(i)*time.Hour))
		}
		return p
	}
	a, b := often("a", 0), often("b", 30*time.Minute)
	one, gone, err := lead.Unite(a, b, lead.Union{}, lead.System("test"), "", monday.Add(64*time.Hour))
	if err != nil || len(one.Contacts) != 128 {
		t.Fatalf("%d contacts, %v", len(one.Contacts), err)
	}
	last := monday.Add(70 * time.Hour)
	one.Contact(last)
	alone, again, err := lead.Divide(one, gone)
	if err != nil {
		t.Fatal(err)
	}
	a.Contacts, b.Contacts = append(a.Contacts, last), append(b.Contacts, last)
	if !slices.Equal(alone.Contacts, a.Contacts) || !slices.Equal(again.Contacts, b.Contacts) {
		t.Errorf("%d and %d contacts are left", len(alone.Contacts), len(again.Contacts))
	}
}

// TestUniteRefused has what cannot be one, or two again.
func TestUniteRefused(t *testing.T) {
	t.Parallel()
	p := func(id, into string, parts ...string) lead.Person {
		person := lead.Person{ID: id, Into: into, Leads: map[string]string{}}
		for _, part := range parts {
			person.Parts = append(person.Parts, lead.Part{Person: part})
		}
		return person
	}
	full := p("a", "")
	for range 20 {
		full.Parts = append(full.Parts, lead.Part{Person: "x"})
	}
	for name, test := range map[string]struct {
		a, b   lead.Person
		divide bool
		want   lead.Kind
	}{
		"two":                          {p("a", ""), p("b", ""), false, ""},
		"the same":                     {p("a", ""), p("a", ""), false, lead.Invalid},
		"the first is somebody else":   {p("a", "c"), p("b", ""), false, lead.Conflict},
		"the second is somebody else":  {p("a", ""), p("b", "c"), false, lead.Conflict},
		"the one into the other":       {p("a", "b"), p("b", ""), false, lead.Conflict},
		"too many":                     {full, p("b", ""), false, lead.Conflict},
		"one less":                     {lead.Person{ID: "a", Parts: full.Parts[1:]}, p("b", ""), false, ""},
		"undone":                       {p("a", "", "b"), p("b", "a"), true, ""},
		"undone, nobody was merged":    {p("a", ""), p("b", "a"), true, lead.Conflict},
		"undone, another one came":     {p("a", "", "b", "c"), p("b", "a"), true, lead.Conflict},
		"undone, went on meanwhile":    {p("a", "z", "b"), p("b", "a"), true, lead.Conflict},
		"undone, was undone before":    {p("a", "", "b"), p("b", ""), true, lead.Conflict},
		"undone, merged into a third":  {p("a", "", "b"), p("b", "c"), true, lead.Conflict},
		"undone, of a part of a part":  {p("a", "", "b"), p("c", "b"), true, lead.Conflict},
		"undone, first of two is last": {p("a", "", "b", "c"), p("c", "a"), true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b, err := lead.Divide(test.a, test.b)
			if !test.divide {
				a, b, err = lead.Unite(test.a, test.b, lead.Union{}, lead.System("test"), "alike", monday)
			}
			if kindOf(err) != test.want {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if err != nil && (text(t, a) != text(t, test.a) || text(t, b) != text(t, test.b)) {
				t.Error("refused, and changed all the same")
			}
		})
	}
}

// unite merges b into a and reads both back as they are stored.
func unite(t *rapid.T, a, b lead.Person, u lead.Union) (lead.Person, lead.Person) {
	one, gone, err := lead.Unite(a, b, u, lead.System("test"), "alike", noon)
	if err != nil {
		t.Fatal(err)
	}
	return stored(t, one), stored(t, gone)
}

func divide(t *rapid.T, one, gone lead.Person) (lead.Person, lead.Person) {
	a, b, err := lead.Divide(one, gone)
	if err != nil {
		t.Fatal(err)
	}
	return stored(t, a), stored(t, b)
}

func stored(t *rapid.T, p lead.Person) (kept lead.Person) {
	if err := json.Unmarshal([]byte(rapidText(t, p)), &kept); err != nil {
		t.Fatal(err)
	}
	return kept
}

func same(t *rapid.T, want, got lead.Person) {
	if rapidText(t, got) != rapidText(t, want) {
		t.Fatalf("%s is\n%s\nwas\n%s", want.ID, rapidText(t, got), rapidText(t, want))
	}
}

// times is how often a moment is among others.
func times(all []time.Time, at time.Time) (n int) {
	for _, one := range all {
		if one.Equal(at) {
			n++
		}
	}
	return n
}

// contactable is from when on the person may be contacted by the usual budget.
func contactable(p lead.Person) time.Time {
	budget := lead.Budget{Limits: []lead.Limit{{Most: 1, Days: 1}, {Most: 3, Days: 7}, {Most: 8, Days: 30}}}
	return budget.From(p.Contacts, "", time.UTC, noon)
}
