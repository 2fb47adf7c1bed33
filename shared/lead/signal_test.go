package lead_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

func TestSignalText(t *testing.T) {
	t.Parallel()
	at := time.Unix(1772442000, 0).UTC()
	for text, want := range map[string]lead.Signal{
		"open m-1 1772442000 100":                   {Kind: lead.SignalOpen, ID: "m-1", At: at, Sure: 100, Judged: at, Amount: 1},
		"click m.1:2_b 1772442000 0 1772442001 1":   {Kind: lead.SignalClick, ID: "m.1:2_b", At: at, Judged: at.Add(time.Second), Amount: 1},
		"dwell p 1772442000 70 1772442000 600":      {Kind: lead.SignalDwell, ID: "p", At: at, Sure: 70, Judged: at, Amount: 600},
		"of_tomorrow x 1772442000 100":              {Kind: "of_tomorrow", ID: "x", At: at, Sure: 100, Judged: at, Amount: 1},
		"reply " + strings.Repeat("i", 40) + " 0 1": {Kind: lead.SignalReply, ID: strings.Repeat("i", 40), At: time.Unix(0, 0).UTC(), Sure: 1, Judged: time.Unix(0, 0).UTC(), Amount: 1},
	} {
		var s lead.Signal
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("%q is read as %+v, %v", text, s, err)
		}
		if written, err := s.MarshalText(); err != nil || string(written) != text {
			t.Errorf("%q is written as %q, %v", text, written, err)
		}
	}
}

// TestSignalTextIsTidy: what is left out, or finer than a second, is written as it is
// kept, so that it can be read.
func TestSignalTextIsTidy(t *testing.T) {
	t.Parallel()
	s := lead.Signal{Kind: lead.SignalOpen, ID: "a", At: time.UnixMilli(1772442000999), Sure: 5}
	if text, err := s.MarshalText(); err != nil || string(text) != "open a 1772442000 5" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestSignalTextRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "open", "open m-1 1772442000", "open m-1 1772442000 100 1772442000", "open m-1 1772442000 100 1 1 1", "open  m-1 1772442000 100",
		"open m-1 soon 100", "open m-1 1772442000 1e2", "open m-1 99999999999999999999 100",
		"open m-1 1772442000 101", "open m-1 1772442000 -1", "open m-1 1772442000 9223372036854775807",
		"dwell m-1 1772442000 100 1772442000 601", "dwell m-1 1772442000 100 1772442000 0", "dwell m-1 1772442000 100 1772442000 -9",
		"dwell m-1 9223372036854775807 100", "dwell m-1 -9223372036854775808 100", "dwell m-1 1772442000 100 9223372036854775807 1", "click m-1 1772442000 100 1772441999 1",
	} {
		var s lead.Signal
		if err := s.UnmarshalText([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), "read signal: ") {
			t.Errorf("%q is read as %+v, %v", text, s, err)
		}
	}
}

// FuzzSignal reads anything without harm; what it reads it writes and reads the same,
// and joins with others once.
func FuzzSignal(f *testing.F) {
	for _, s := range signals() {
		text, _ := s.MarshalText()
		f.Add(string(text))
	}
	f.Add("open a -62135596800 100")
	f.Fuzz(func(t *testing.T, text string) {
		var s, again lead.Signal
		if s.UnmarshalText([]byte(text)) != nil {
			return
		}
		written, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if err := again.UnmarshalText(written); err != nil || again != s {
			t.Fatalf("%q is written as %q and read as %+v, %v", text, written, again, err)
		}
		if joined := lead.JoinSignals(nil, s, again, s); len(joined) != 1 || joined[0] != s {
			t.Fatalf("%q joins to %+v", text, joined)
		}
	})
}

// drawMany draws signals so many and so alike that they meet, and some are too many of
// their kind.
func drawMany(t *rapid.T, name string) []lead.Signal {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lead.Signal {
		s := lead.Signal{
			Kind: rapid.SampledFrom(lead.SignalKinds[:2]).Draw(t, "kind"), ID: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"),
			At: monday.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour), Sure: rapid.IntRange(0, 2).Draw(t, "sure"),
			Amount: rapid.IntRange(0, 2).Draw(t, "amount"),
		}
		if n := rapid.IntRange(-2, 2).Draw(t, "judged"); n >= 0 {
			s.Judged = s.At.Add(time.Duration(n) * time.Hour)
		}
		return s
	}), 0, 40).Draw(t, name)
}

// TestJoinSignals holds what makes order and repetition of messages harmless: joining
// is associative, commutative and idempotent.
func TestJoinSignals(t *testing.T) {
	t.Parallel()
	join := func(sets ...[]lead.Signal) []lead.Signal { return lead.JoinSignals(nil, slices.Concat(sets...)...) }
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawMany(t, "a"), drawMany(t, "b"), drawMany(t, "c")
		all := join(a, b, c)
		for name, other := range map[string][]lead.Signal{
			"b and c first":   lead.JoinSignals(join(a), join(b, c)...),
			"a and b first":   lead.JoinSignals(join(a, b), c...),
			"in reverse":      lead.JoinSignals(join(c), join(b, a)...),
			"shuffled":        join(rapid.Permutation(slices.Concat(a, b, c)).Draw(t, "order")),
			"told again":      lead.JoinSignals(all, slices.Concat(b, a)...),
			"joined with all": lead.JoinSignals(all, all...),
			"one by one": func() (one []lead.Signal) {
				for _, s := range slices.Concat(c, a, b) {
					one = lead.JoinSignals(one, s)
				}
				return one
			}(),
		} {
			if !slices.Equal(all, other) {
				t.Fatalf("%s:\n%v\n%v", name, other, all)
			}
		}
		kinds := map[lead.SignalKind]int{}
		for i, s := range all {
			if kinds[s.Kind]++; kinds[s.Kind] > 16 {
				t.Fatalf("%d of kind %s are kept", kinds[s.Kind], s.Kind)
			}
			if i > 0 && all[i-1].Kind == s.Kind && all[i-1].At.Before(s.At) {
				t.Fatalf("%v is before %v", all[i-1], s)
			}
		}
	})
}

// TestLatestJudgementCounts, whichever arrives first, and of two at one moment the
// more doubtful one.
func TestLatestJudgementCounts(t *testing.T) {
	t.Parallel()
	open := lead.Signal{Kind: lead.SignalOpen, ID: "m-1", At: monday, Sure: 90}
	judged := func(after time.Duration, sure int) lead.Signal {
		s := open
		s.Judged, s.Sure = s.At.Add(after), sure
		return s
	}
	for name, c := range map[string]struct {
		told []lead.Signal
		want int
	}{
		"a machine after all":        {[]lead.Signal{open, judged(time.Hour, 5)}, 5},
		"a person after all":         {[]lead.Signal{judged(time.Hour, 5), judged(2*time.Hour, 95)}, 95},
		"two at once":                {[]lead.Signal{judged(time.Hour, 40), judged(time.Hour, 60)}, 40},
		"at the moment itself":       {[]lead.Signal{open, judged(0, 20)}, 20},
		"within a second, told late": {[]lead.Signal{judged(time.Hour+time.Millisecond, 70), judged(time.Hour, 80)}, 70},
	} {
		for _, told := range [][]lead.Signal{c.told, {c.told[1], c.told[0]}, {c.told[1], c.told[0], c.told[1]}} {
			if got := lead.JoinSignals(nil, told...); len(got) != 1 || got[0].Sure != c.want {
				t.Errorf("%s: told %v it is %v, want %d", name, told, got, c.want)
			}
		}
	}
}

func TestEngageRefuses(t *testing.T) {
	t.Parallel()
	for field, edit := range map[string]func(*lead.Signal){
		"kind":   func(s *lead.Signal) { s.Kind = "wish" },
		"id":     func(s *lead.Signal) { s.ID = "" },
		"id ":    func(s *lead.Signal) { s.ID = "two words" },
		"id  ":   func(s *lead.Signal) { s.ID = strings.Repeat("x", 41) },
		"id é":   func(s *lead.Signal) { s.ID = "é" },
		"at":     func(s *lead.Signal) { s.At = monday.Add(6 * time.Minute) },
		"at ":    func(s *lead.Signal) { s.At = time.Time{} },
		"judged": func(s *lead.Signal) { s.Judged = s.At.Add(-time.Second) },
		"judged ": func(s *lead.Signal) {
			s.Judged = monday.Add(6 * time.Minute)
		},
		"sure":    func(s *lead.Signal) { s.Sure = 101 },
		"sure ":   func(s *lead.Signal) { s.Sure = -1 },
		"amount":  func(s *lead.Signal) { s.Amount = 2 },
		"amount ": func(s *lead.Signal) { s.Kind, s.Amount = lead.SignalDwell, 601 },
		"amount-": func(s *lead.Signal) { s.Kind, s.Amount = lead.SignalDwell, -1 },
	} {
		l, told := captured(t), signals()[1:]
		edit(&told[1])
		want := "signals[1]." + strings.TrimRight(field, " -é")
		err := l.do(lead.Engage{Signals: told})
		var refusal *lead.Error
		if !errors.As(err, &refusal) || refusal.Kind != lead.Invalid || refusal.Field != want || len(l.lead.Signals) != 0 {
			t.Errorf("%s: %v, want %s", field, err, want)
		}
	}
	if err := captured(t).do(lead.Engage{Signals: make([]lead.Signal, 101)}); kindOf(err) != lead.Invalid {
		t.Errorf("101 signals: %v", err)
	}
	if err := newLife().do(lead.Engage{Signals: signals()}); kindOf(err) != lead.NotFound {
		t.Errorf("no lead: %v", err)
	}
	if err := absorbed(t, working(t, ann)).do(lead.Engage{Signals: signals()}); kindOf(err) != lead.Conflict {
		t.Errorf("a merged lead: %v", err)
	}
}

// TestEngageTellsNews: what is known, or too old to count, is not written again.
func TestEngageTellsNews(t *testing.T) {
	t.Parallel()
	l := captured(t).wait(2 * day)
	written := func(what string, n int, told ...lead.Signal) {
		t.Helper()
		entries := len(l.history)
		if err := l.do(lead.Engage{Signals: told}); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		got := 0
		for _, entry := range l.history[entries:] {
			got += len(entry.Events[0].(lead.Engaged).Signals)
		}
		if got != n || !slices.Equal(l.lead.Signals, lead.Fold(l.history).Signals) {
			t.Errorf("%s: %d are written, want %d: %v", what, got, n, l.lead.Signals)
		}
	}
	written("three", 3, signals()...)
	written("told again", 0, signals()...)
	written("twice at once", 1, lead.Signal{Kind: lead.SignalOpen, ID: "o", At: monday}, lead.Signal{Kind: lead.SignalOpen, ID: "o", At: monday})
	written("none", 0)
	judged := signals()[0]
	judged.Judged, judged.Sure = judged.Judged.Add(-time.Hour), 7
	written("an earlier judgement", 0, judged)
	judged.Judged = l.now
	written("a later judgement", 1, judged)
	later := func(i int) lead.Signal {
		return lead.Signal{Kind: lead.SignalVisit, ID: "v", At: l.now.Add(time.Duration(i-20) * time.Minute), Sure: 100}
	}
	for i := range 20 {
		written(fmt.Sprintf("visit %d", i), 1, later(i))
	}
	written("older than those that are kept", 0, later(3))
	if len(l.lead.Signals) != 3+1+16 {
		t.Errorf("%d are kept", len(l.lead.Signals))
	}
}

// TestSizeOfLead bounds what signals and scores add to what is kept of a lead: a new
// one has none, and the most there can be stay within what a few write units hold.
func TestSizeOfLead(t *testing.T) {
	t.Parallel()
	l := newLife().must(t, capture())
	bare := len(text(t, l.lead))
	l.must(t, lead.Score{Fit: 80, Behaviour: 25, Chance: 1234, Grade: lead.GradeA, Maturity: lead.Warm, Model: 12})
	if got := len(text(t, l.lead)) - bare; got > 80 || len(l.lead.Signals) > 0 {
		t.Errorf("a score adds %d bytes, and %v", got, l.lead.Signals)
	}
	l.wait(day)
	for _, kind := range lead.SignalKinds {
		for i := range 20 {
			s := lead.Signal{Kind: kind, ID: fmt.Sprintf("%040d", i), At: monday.Add(time.Duration(i) * time.Second), Sure: 100, Judged: l.now, Amount: 1}
			if kind == lead.SignalDwell {
				s.Amount = 600
			}
			l.must(t, lead.Engage{Signals: []lead.Signal{s}})
		}
	}
	had := l.lead
	had.Signals = nil
	if got := len(text(t, l.lead)) - len(text(t, had)); got > 12<<10 {
		t.Errorf("the most signals take %d bytes", got)
	}
	var kept lead.Lead
	if err := json.Unmarshal([]byte(text(t, l.lead)), &kept); err != nil || !slices.Equal(kept.Signals, l.lead.Signals) {
		t.Errorf("kept, they are %v, %v", kept.Signals, err)
	}
}
