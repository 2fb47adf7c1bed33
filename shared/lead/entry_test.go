package lead_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// plain declares the layout of a stored entry. It is kept for ever.
func plain(e lead.Entry) any {
	type event struct {
		Kind string     `json:"e"`
		Data lead.Event `json:"d"`
	}
	out := struct {
		Lead    string     `json:"lead"`
		Version int        `json:"v"`
		At      time.Time  `json:"at"`
		By      lead.Actor `json:"by"`
		Policy  int        `json:"policy,omitempty"`
		Events  []event    `json:"events"`
	}{Lead: e.Lead, Version: e.Version, At: e.At, By: e.By, Policy: e.Policy}
	for _, happened := range e.Events {
		out.Events = append(out.Events, event{lead.KindOfEvent(happened), happened})
	}
	return out
}

// anyEntry draws entries with all that JSON must escape.
var anyEntry = rapid.Custom(func(t *rapid.T) lead.Entry {
	word := rapid.OneOf(
		rapid.StringMatching(`[a-z0-9-]{0,12}`), rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{`"`, `\`, `}`, `{"e":"`, `","d":{}}`, "<&>", "\u2028", "ü"}),
	)
	event := rapid.OneOf(rapid.SampledFrom(events), rapid.Map(word, func(s string) lead.Event {
		return lead.Offered{Rep: s, Team: s + "}", Why: `{` + s}
	}), rapid.Map(word, func(s string) lead.Event {
		return lead.Triaged{Team: s, Grounds: &lead.Grounds{Steps: []string{s, "}"}, First: []lead.Candidate{{Rep: s, Figure: 1e-7}},
			Not: []lead.Passed{{Why: s + `"`, N: -1, Reps: []string{"", s}}}}}
	}), rapid.Map(word, func(s string) lead.Event {
		return lead.Ended{Rep: s, Result: lead.Result(s), Channel: s + "#"}
	}), rapid.Map(word, func(s string) lead.Event {
		return lead.Absorbed{Into: s, Person: "}" + s, From: s + `"`, State: lead.State(s), Pool: s, Rep: `\` + s}
	}), rapid.Map(word, func(s string) lead.Event {
		from := map[string]lead.Provenance{s: {From: strings.ReplaceAll(s, " ", "")}, "city": {From: "atlas", At: monday}}
		return lead.Enriched{By: s, Facts: lead.Facts{Industry: s, City: s, Origins: from}, Failed: s}
	}), rapid.Map(word, func(s string) lead.Event {
		return lead.Took{Lead: s, Facts: lead.Facts{Headcount: s}, Private: lead.Sealed(s), Touches: len(s)}
	}), rapid.Map(word, func(s string) lead.Event {
		return lead.Touched{Facts: lead.Facts{Answers: map[string]any{s: []any{s, nil, 1.5, map[string]any{}}}}}
	}))
	zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 8*3600), time.FixedZone("", -90*60)}).Draw(t, "zone")
	return lead.Entry{
		Lead: word.Draw(t, "lead"), Version: rapid.OneOf(rapid.IntRange(-2, 12), rapid.Int()).Draw(t, "version"),
		At:     time.Unix(rapid.Int64Range(-1<<30, 1<<33).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano")).In(zone),
		By:     lead.Actor{Kind: word.Draw(t, "kind"), ID: word.Draw(t, "id")},
		Policy: rapid.OneOf(rapid.IntRange(-2, 12), rapid.Int()).Draw(t, "policy"),
		Events: rapid.SliceOfN(event, 0, 6).Draw(t, "events"),
	}
})

// TestEntryLayout holds that an entry is written as declared, byte for byte, and
// that the short way to read it and the general one see the same.
func TestEntryLayout(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := anyEntry.Draw(t, "entry")
		want, err := json.Marshal(plain(e))
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.MarshalJSON()
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("written as %s, %v\nwant %s", got, err, want)
		}
		if got, err = json.Marshal(e); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("encoded as %s, %v\nwant %s", got, err, want)
		}
		sameRead(t, want)
		if n := len(want); n > 0 {
			want[rapid.IntRange(0, n-1).Draw(t, "at")] = rapid.Byte().Draw(t, "typo")
			sameRead(t, want)
		}
	})
}

// sameRead reads data in both ways.
func sameRead(t rapid.TB, data []byte) {
	var short, general lead.Entry
	errShort, err := short.UnmarshalJSON(data), general.ReadAny(data)
	same := reflect.DeepEqual(short, general) || err == nil && written(short) == written(general) // NaN is not itself
	if !same || (err == nil) != (errShort == nil) || err != nil && err.Error() != errShort.Error() {
		t.Fatalf("%q\nis read as %#v, %v\nand in general as %#v, %v", data, short, errShort, general, err)
	}
}

func written(e lead.Entry) string {
	data, err := e.MarshalJSON()
	return fmt.Sprint(string(data), err)
}

// TestEntriesAreReadTheShortWay holds that the short way is taken: the general
// one would hide that it never is.
func TestEntriesAreReadTheShortWay(t *testing.T) {
	t.Parallel()
	e := lead.Entry{Lead: "l1", Version: 1, At: monday, By: lead.System("intake"), Policy: 12,
		Events: append([]lead.Event{lead.Woken{Why: `said "}" and \`}}, events...)}
	if got, ok := lead.ReadOwn([]byte(text(t, e))); !ok || !reflect.DeepEqual(got, e) {
		t.Errorf("read %t as %#v", ok, got)
	}
}

// TestTheGeneralWayIsLeftTheRest has entries that are a little other than they
// are written, sound and not.
func TestTheGeneralWayIsLeftTheRest(t *testing.T) {
	t.Parallel()
	const own = `{"lead":"l1","v":2,"at":"2026-03-02T09:00:00Z","by":{"kind":"rep"},"policy":3,"events":[{"e":"swept","d":{}}]}`
	if _, ok := lead.ReadOwn([]byte(own)); !ok {
		t.Fatal("the entry itself is not read")
	}
	for _, edit := range [][2]string{
		{`"v":2`, `"v":02`}, {`"v":2`, `"v":0`}, {`"v":2`, `"v":-2`}, {`"v":2`, `"v":2e0`}, {`"v":2`, `"v":`}, {`"v":2`, `"v":9999999999`},
		{`"v":2`, `"v":99999999999999999999`}, {`"l1"`, "\"l\x80\""}, {`"l1"`, "\"l\n\""}, {`"l1"`, `"l\n"`}, {`"l1"`, `"ü"`}, {`"l1"`, `"l`}, {`"l1"`, `1`},
		{`"2026-03-02T09:00:00Z"`, `null`}, {`"2026-03-02T09:00:00Z"`, `"today"`}, {`09:00:00Z`, `09:00:00\u005a`},
		{`"kind":"rep"`, `"kind":"rep","id":1`}, {`"kind":"rep"`, `"id":"ann"`}, {`},"policy"`, `,"policy"`}, {`"policy"`, `"policies"`},
		{`[{"e":"swept","d":{}}]`, `[]`}, {`[{"e":"swept","d":{}}]`, `null`}, {`{}}]`, `{}},]`}, {`{}}]`, `{}}{"e":"swept","d":{}}]`}, {`{}}`, `{}`},
		{`{}`, `{"}"}`}, {`{}`, `{{}}`}, {`{}`, `null`}, {`{}`, `[]`}, {`{}`, `"{}"`}, {`{}`, `{`}, {`{}`, ``}, {`swept`, `flown`}, {`"d"`, `"D"`}, {`"d":{}`, `"d":{},"d":{}`},
		{`]}`, `]} `}, {`]}`, `]}x`}, {`]}`, `]`}, {`{"lead"`, ` {"lead"`}, {own, ``}, {own, `null`}, {`,"v"`, `, "v"`},
	} {
		data := []byte(strings.Replace(own, edit[0], edit[1], 1))
		if got, ok := lead.ReadOwn(data); ok {
			t.Errorf("%s is read as %#v", data, got)
		}
		sameRead(t, data)
	}
}

// TestEntryNotWritten holds that what has no JSON is an error and not a broken
// entry.
func TestEntryNotWritten(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]lead.Entry{
		"moment": {At: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"number": {Events: []lead.Event{lead.Touched{Facts: lead.Facts{Answers: map[string]any{"n": math.NaN()}}}}},
	} {
		if out, err := e.MarshalJSON(); err == nil {
			t.Errorf("%s: written as %s", name, out)
		}
	}
}
