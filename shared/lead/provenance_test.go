package lead_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// TestProvenanceText writes and reads where facts come from.
func TestProvenanceText(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 8*3600)
	for want, o := range map[string]lead.Provenance{
		"phone":                      {From: lead.FromPhone},
		"atlas 2026-03-02T09:00:00Z": {From: "atlas", At: monday.Add(300 * time.Millisecond)},
		"desk 2026-03-02T09:00:00Z":  {From: lead.FromDesk, At: monday.In(east)},
		"":                           {},
	} {
		text, err := o.MarshalText()
		if err != nil || string(text) != want {
			t.Errorf("%v is written as %q, %v, want %q", o, text, err, want)
		}
		var read lead.Provenance
		if err := read.UnmarshalText(text); err != nil || read.From != o.From || !read.At.Equal(o.At.Truncate(time.Second)) || read.At.Location() != time.UTC {
			t.Errorf("%q is read as %v, %v", text, read, err)
		}
	}
	if text, err := (lead.Provenance{From: "a b"}).MarshalText(); err == nil {
		t.Errorf("a source with a blank is written as %q, which cannot be read", text)
	}
	for _, bad := range []string{" ", "atlas ", "atlas today", "atlas  2026-03-02T09:00:00Z", "at las 2026-03-02T09:00:00Z", "atlas 2026-03-02",
		"atlas 0000-01-01T00:00:00+01:00", "atlas 9999-12-31T23:59:59-01:00"} {
		var read lead.Provenance
		if err := read.UnmarshalText([]byte(bad)); err == nil || strings.Contains(err.Error(), "las") {
			t.Errorf("%q is read as %v, %v", bad, read, err)
		}
	}
}

// FuzzProvenance reads anything; what it reads it writes, and reads again the same.
func FuzzProvenance(f *testing.F) {
	for _, seed := range []string{"phone", "", " ", "atlas 2026-03-02T09:00:00Z", "atlas 2026-03-02T09:00:00.5+08:00", "a 0000-01-01T00:00:00+01:00", "a 9999-12-31T23:59:59-01:00", "a 0001-01-01T00:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		var first, second lead.Provenance
		if first.UnmarshalText([]byte(data)) != nil {
			return
		}
		kept, err := first.MarshalText()
		if err != nil {
			t.Fatalf("%q was read, but cannot be written: %v", data, err)
		}
		if err := second.UnmarshalText(kept); err != nil {
			t.Fatalf("%q was written, but cannot be read: %v", kept, err)
		}
		if again, _ := second.MarshalText(); string(again) != string(kept) || second.From != first.From || !second.At.Equal(first.At.Truncate(time.Second)) {
			t.Fatalf("%q is read as %v, written as %q and read as %v", data, first, kept, second)
		}
	})
}

// TestWhoSaidItWins has a fact that is known, or not, and one that is told, each said
// by somebody or derived, by all ways in which facts come to a lead.
func TestWhoSaidItWins(t *testing.T) {
	t.Parallel()
	const said, derived = "said", "derived"
	industry := func(how, value string) (f lead.Facts) {
		switch how {
		case said:
			f.Industry = value
		case derived:
			f.Fill("industry", value, lead.Provenance{From: value + "'s"})
		}
		return f
	}
	ways := map[string]func(lead.Facts) lead.Event{
		"enquired": func(f lead.Facts) lead.Event { return lead.Touched{Facts: f} },
		"verified": func(f lead.Facts) lead.Event { return lead.Verified{Facts: f} },
		"listed":   func(f lead.Facts) lead.Event { return lead.Touched{Facts: f, Listed: true} },
		"enriched": func(f lead.Facts) lead.Event { return lead.Enriched{By: "atlas", Facts: f} },
		"took":     func(f lead.Facts) lead.Event { return lead.Took{Lead: "l2", Facts: f} },
	}
	const old, new = "old", "new"
	for _, test := range []struct {
		known, told string
		want        map[string]string // way → value; the rest keep the old one
	}{
		{"", said, map[string]string{"enquired": new, "verified": new, "listed": new, "enriched": new, "took": new}},
		{"", derived, map[string]string{"enquired": new, "verified": new, "listed": new, "enriched": new, "took": new}},
		{said, "", nil},
		{said, said, map[string]string{"enquired": new, "verified": new}},
		{said, derived, nil},
		{derived, "", nil},
		{derived, said, map[string]string{"enquired": new, "verified": new, "took": new}},
		{derived, derived, map[string]string{"enquired": new, "verified": new}},
	} {
		for way, event := range ways {
			before := lead.Apply(lead.Lead{}, lead.Captured{Facts: industry(test.known, old)}, monday)
			look := text(t, before)
			after := lead.Apply(before, event(industry(test.told, new)), monday)
			value, how := industry(test.known, old).Industry, test.known
			if test.want[way] != "" {
				value, how = test.want[way], test.told
			}
			if want := industry(how, value); after.Facts.Industry != value || text(t, after.Facts.Origins["industry"]) != text(t, want.Origins["industry"]) {
				t.Errorf("known as %q, %s as %q: it is %q from %v", test.known, way, test.told, after.Facts.Industry, after.Facts.Origins)
			}
			if _, marked := after.Facts.Origins["industry"]; marked != (how == derived) {
				t.Errorf("known as %q, %s as %q: marked as %v", test.known, way, test.told, after.Facts.Origins)
			}
			if text(t, before) != look {
				t.Errorf("known as %q, %s as %q: the lead before changed to %s", test.known, way, test.told, text(t, before))
			}
		}
	}
}

// TestOriginsAreOfWhatIsKnown holds that nothing is marked that is not known, and
// that nothing known is lost, however facts come and go.
func TestOriginsAreOfWhatIsKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := lead.Apply(lead.Lead{}, lead.Captured{Facts: drawFacts(t)}, monday)
		for range rapid.IntRange(0, 8).Draw(t, "events") {
			before, look := l, rapidText(t, l)
			facts := drawFacts(t)
			l = lead.Apply(l, rapid.SampledFrom([]lead.Event{
				lead.Touched{Facts: facts}, lead.Touched{Facts: facts, Listed: true}, lead.Verified{Facts: facts},
				lead.Enriched{By: "atlas", Facts: facts}, lead.Took{Lead: "l2", Facts: facts},
			}).Draw(t, "event"), monday)
			for name := range l.Facts.Origins {
				if l.Facts.Value(name) == "" {
					t.Fatalf("%q is marked and not known: %+v", name, l.Facts)
				}
			}
			for _, name := range lead.Fillable() {
				_, marked := l.Facts.Origins[name]
				_, was := before.Facts.Origins[name]
				if known := before.Facts.Value(name); known != "" && (l.Facts.Value(name) == "" || !was && marked) {
					t.Fatalf("%q was %q, is %q, derived %t", name, known, l.Facts.Value(name), marked)
				}
			}
			for name := range before.Facts.Answers {
				if l.Facts.Answers[name] == nil {
					t.Fatalf("the answer %q is lost", name)
				}
			}
			if rapidText(t, before) != look {
				t.Fatal("a lead changed after the fact")
			}
		}
	})
}

// TestFill fills what is empty and can be filled, and nothing else.
func TestFill(t *testing.T) {
	t.Parallel()
	names := []string{"country", "city", "line", "carrier", "language", "industry", "headcount"}
	if !slices.Equal(lead.Fillable(), names) {
		t.Errorf("can be filled: %v", lead.Fillable())
	}
	var f lead.Facts
	for _, name := range names {
		if !f.Lacks(name) || f.Fill(name, "", lead.Provenance{From: "atlas"}) || !f.Fill(name, name+"!", lead.Provenance{From: "atlas"}) {
			t.Errorf("%s is not filled", name)
		}
		if f.Lacks(name) || f.Value(name) != name+"!" || f.Origins[name].From != "atlas" || f.Fill(name, "other", lead.Provenance{From: "else"}) {
			t.Errorf("%s is %q from %v", name, f.Value(name), f.Origins[name])
		}
	}
	if f.Country != "country!" || f.City != "city!" || f.Line != "line!" || f.Carrier != "carrier!" || f.Language != "language!" || f.Industry != "industry!" || f.Headcount != "headcount!" {
		t.Errorf("the facts are %+v", f)
	}
	if look := text(t, f); f.Fill("channel", "fair", lead.Provenance{}) || f.Lacks("channel") || f.Value("channel") != "" || text(t, f) != look {
		t.Errorf("the channel was filled: %+v", f)
	}
	other := f
	other.City = ""
	other.Fill("city", "Suzhou", lead.Provenance{From: "desk"})
	if f.Origins["city"].From != "atlas" {
		t.Error("facts that were copied are filled with the copy")
	}
}

// TestCompany: the first who knows something of a company tells the others, and what
// came from the company itself tells nothing new.
func TestCompany(t *testing.T) {
	t.Parallel()
	from := func(source string, at time.Time) lead.Facts {
		var f lead.Facts
		f.Fill("headcount", "11-50", lead.Provenance{From: source, At: at})
		return f
	}
	was := lead.Company{ID: "k"}
	c, learned := was.Learned(lead.Facts{Industry: "toys", City: "Suzhou", Language: "zh"}, monday)
	if !learned || len(c.Known) != 1 || c.Known["industry"] != "toys" || c.Origins["industry"] != (lead.Provenance{From: lead.FromPerson, At: monday}) || was.Known != nil {
		t.Fatalf("learned %t: %+v", learned, c)
	}
	if again, learned := c.Learned(lead.Facts{Industry: "games"}, monday); learned || again.Known["industry"] != "toys" {
		t.Errorf("learned once more: %+v", again)
	}
	if _, learned := c.Learned(from(lead.FromCompany, monday), monday); learned {
		t.Error("learned from itself")
	}
	later, learned := c.Learned(from("atlas", monday), monday.Add(day))
	if !learned || later.Origins["headcount"] != (lead.Provenance{From: "atlas", At: monday}) || len(c.Known) != 1 {
		t.Errorf("learned %t: %+v, before %+v", learned, later, c)
	}
	told := lead.Facts{Industry: "games"}
	later.Tell(&told)
	if told.Industry != "games" || told.Headcount != "11-50" || len(told.Origins) != 1 || told.Origins["headcount"] != (lead.Provenance{From: lead.FromCompany, At: monday}) {
		t.Errorf("told %+v", told)
	}
	if _, learned := later.Learned(told, monday); learned {
		t.Error("what the company told comes back as news")
	}
	var none lead.Facts
	if (lead.Company{}).Tell(&none); text(t, none) != "{}" {
		t.Errorf("a company of which nothing is known tells %+v", none)
	}
}
