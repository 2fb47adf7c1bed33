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

func TestSignalTextRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "open", "open m-1 1772442000", "open m-1 1772442000 100 1772442000", "open m-1 1772442000 100 1 1 1", "open  m-1 1772442000 100",
		"open m-1 soon 100", "open m-1 1772442000 1e2", "open m-1 99999999999999999999 100",
		"open m-1 1772442000 101", "open m-1 1772442000 -1", "open m-1 1772442000 9223372036854775807",
		"dwell m-1 1772442000 100 1772442000 601", "dwell m-1 1772442000 100 1772442000 0", "dwell m-1 1772442000 100 1772442000 -9",
		"dwell m-1 9223372036854775807 100", "dwell m-1 -9223372036854775808 100", "dwell m-1 1772442000 100 9223372036854775807 1",
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

// TestSignalsOfHistory: what the history tells of by itself.
func TestSignalsOfHistory(t *testing.T) {
	t.Parallel()
	told := func(c lead.Command) *life {
		l := working(t, ann).wait(day)
		return l.must(t, c)
	}
	reply := lead.Logged{Way: lead.WayMail, Inbound: true}
	earlier := reply
	earlier.Done = monday.Add(time.Hour)
	tomorrow := lead.Call{List: "spring", Call: "c-1", Outcome: lead.Talked, Done: monday.Add(40 * day)}
	for name, c := range map[string]struct {
		command lead.Command
		want    lead.SignalKind
		at      time.Time
	}{
		"an enquiry":               {touch(), lead.SignalEnquiry, monday.Add(day)},
		"on a list once more":      {command: listed()},
		"a reply":                  {lead.Log{Rep: ann, Activity: reply}, lead.SignalReply, monday.Add(day)},
		"a reply, logged late":     {lead.Log{Rep: ann, Activity: earlier}, lead.SignalReply, monday.Add(time.Hour)},
		"a call of ours":           {command: call(ann)},
		"they talked":              {lead.Call{Outcome: lead.Talked}, lead.SignalTalk, monday.Add(day)},
		"interested":               {lead.Call{Outcome: lead.Interested, Done: monday}, lead.SignalTalk, monday},
		"by a clock that is ahead": {tomorrow, lead.SignalTalk, monday.Add(day)},
		"nobody answered":          {command: lead.Call{Outcome: lead.NoAnswer}},
		"not interested":           {command: lead.Call{Outcome: lead.NotInterested}},
	} {
		got := told(c.command).lead.Signals
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s is a signal: %v", name, got)
		case c.want != "" && (len(got) != 1 || got[0].Kind != c.want || !got[0].At.Equal(c.at) || got[0].Sure != 100):
			t.Errorf("%s: %v, want %s at %v", name, got, c.want, c.at)
		}
	}
}

// TestEnquired: a lead that came from a list never enquired, whatever became of it,
// until they do.
func TestEnquired(t *testing.T) {
	t.Parallel()
	enquiries := func(l *life) (n int) {
		for _, s := range l.lead.Enquired() {
			if s.Kind == lead.SignalEnquiry {
				n++
			}
		}
		return n
	}
	for name, c := range map[string]struct {
		life *life
		want int
	}{
		"an enquiry":                 {captured(t), 1},
		"and another":                {captured(t).wait(time.Hour).must(t, touch()), 2},
		"and then on a list":         {captured(t).must(t, listed()), 1},
		"from a list":                {fromList(t), 0},
		"verified":                   {fromList(t).must(t, lead.Verify{}), 0},
		"on a list once more":        {fromList(t).must(t, listed()), 0},
		"then they enquire":          {fromList(t).wait(time.Hour).must(t, touch()), 1},
		"merged, and that is undone": {absorbed(t, fromList(t)).must(t, lead.Restore{Why: "two persons"}), 0},
	} {
		if got := enquiries(c.life); got != c.want {
			t.Errorf("%s: %d enquiries, want %d", name, got, c.want)
		}
		if len(c.life.lead.Signals) > c.want {
			t.Errorf("%s: it keeps %v", name, c.life.lead.Signals)
		}
	}
}

// TestContacted: what counts as the first contact with somebody of ours.
func TestContacted(t *testing.T) {
	t.Parallel()
	triaged := func() *life {
		return captured(t).must(t, lead.Route{Choice: lead.Choice{Team: "inside", Why: "nobody is on shift"}})
	}
	for name, c := range map[string]struct {
		life *life
		want bool
	}{
		"new":                  {captured(t), false},
		"accepted":             {working(t, ann), false},
		"signals":              {working(t, ann).must(t, lead.Engage{Signals: signals()[1:]}), false},
		"nobody answered":      {triaged().must(t, lead.Call{Outcome: lead.NoAnswer}, lead.Call{Outcome: lead.Busy}), false},
		"released":             {working(t, ann).must(t, lead.Release{Rep: ann, Reason: "on leave"}), false},
		"called":               {working(t, ann).must(t, call(ann)), true},
		"a note":               {working(t, ann).must(t, note(ann)), true},
		"a vendor talked":      {triaged().must(t, lead.Call{Outcome: lead.Talked}), true},
		"wrong number":         {triaged().must(t, lead.Call{Outcome: lead.WrongNumber}), true},
		"not now":              {working(t, ann).must(t, lead.Hold{Rep: ann}), true},
		"a deal":               {working(t, ann).must(t, lead.Deal{Rep: ann, Open: true}), true},
		"qualified":            {working(t, ann).must(t, lead.Qualify{Rep: ann, Verdict: "enterprise"}), true},
		"converted":            {working(t, ann).must(t, lead.Convert{Rep: ann}), true},
		"closed":               {closed(t, lead.StateLost), true},
		"merged is no contact": {absorbed(t, working(t, ann)), false},
	} {
		if got := !c.life.lead.Contacted.IsZero(); got != c.want {
			t.Errorf("%s: contacted %v", name, c.life.lead.Contacted)
		}
	}
	l := working(t, ann).wait(time.Hour).must(t, call(ann))
	first := l.now
	if l.wait(time.Hour).must(t, call(ann), touch()); !l.lead.Contacted.Equal(first) {
		t.Errorf("the first contact was at %v, not %v", first, l.lead.Contacted)
	}
}

// TestGradeByHandStays while the rep has the lead, whatever it is scored.
func TestGradeByHandStays(t *testing.T) {
	t.Parallel()
	scored := func(l *life) lead.Grade {
		l.wait(time.Minute).must(t, lead.Score{Fit: 5, Behaviour: 3, Grade: lead.GradeD, Maturity: lead.Cold, Cause: "open"})
		if l.lead.Fit != 5 || l.lead.Maturity != lead.Cold {
			t.Errorf("the rest is not scored: %+v", l.lead.Standing())
		}
		return l.lead.Grade
	}
	byHand := lead.Log{Rep: ann, Activity: lead.Logged{Way: lead.WayCall, Seconds: 90, Grade: lead.GradeB}}
	for name, c := range map[string]struct {
		commands []lead.Command
		want     lead.Grade
	}{
		"no word of it":          {[]lead.Command{call(ann)}, lead.GradeD},
		"by hand":                {[]lead.Command{byHand}, lead.GradeB},
		"and a call later":       {[]lead.Command{byHand, call(ann)}, lead.GradeB},
		"on hold":                {[]lead.Command{byHand, lead.Hold{Rep: ann}}, lead.GradeB},
		"released":               {[]lead.Command{byHand, lead.Release{Rep: ann, Reason: "on leave"}}, lead.GradeD},
		"another rep claims it":  {[]lead.Command{byHand, lead.Release{Rep: ann, Reason: "on leave"}, lead.Claim{Rep: cy}}, lead.GradeD},
		"moved to another rep":   {[]lead.Command{byHand, moveTo(lead.Move{Rep: cy, Team: "field"})}, lead.GradeD},
		"recycled":               {[]lead.Command{byHand, lead.Recycle{Rep: ann, Reason: "no budget"}}, lead.GradeD},
		"merged and then undone": {[]lead.Command{byHand, lead.Absorb{Into: "l2", Person: "p2"}, lead.Restore{Why: "two persons"}}, lead.GradeD},
	} {
		l := working(t, ann).must(t, c.commands...)
		if got := scored(l); got != c.want {
			t.Errorf("%s: scored D it is %s, want %s", name, got, c.want)
		}
		if text(t, lead.Fold(l.history)) != text(t, l.lead) {
			t.Errorf("%s: the history folds to another lead", name)
		}
	}
}

// TestScoredSaysWhatChanged: a first score says neither what was nor why; the same
// score again is no news.
func TestScoredSaysWhatChanged(t *testing.T) {
	t.Parallel()
	first := lead.Score{Fit: 80, Behaviour: 25, Chance: 1200, Grade: lead.GradeA, Maturity: lead.Warm, Model: 2, Reasons: []string{"budget is set"},
		Was: &lead.Standing{Fit: 1}, Cause: "enquiry"}
	l := newLife().must(t, capture(), first)
	if e := l.history[1].Events[0].(lead.Scored); e.Was != nil || e.Cause != "" {
		t.Errorf("first: %+v", e)
	}
	if l.must(t, first); len(l.history) != 2 {
		t.Errorf("the same score is written again: %+v", l.history[2])
	}
	next := first
	next.Behaviour = 31
	l.must(t, next)
	e := l.history[2].Events[0].(lead.Scored)
	if want := (lead.Standing{Fit: 80, Behaviour: 25, Chance: 1200, Grade: lead.GradeA, Maturity: lead.Warm}); *e.Was != want || e.Cause != "enquiry" {
		t.Errorf("then: %+v after %+v", e, *e.Was)
	}
	for name, edit := range map[string]func(*lead.Score){
		"another model":  func(s *lead.Score) { s.Model = 3 },
		"another reason": func(s *lead.Score) { s.Reasons = []string{"has_phone +10"} },
		"no chance":      func(s *lead.Score) { s.Chance, s.Model = 0, 0 },
	} {
		again, entries := next, len(l.history)
		if edit(&again); l.do(again) != nil || len(l.history) != entries+1 {
			t.Errorf("%s is no news", name)
		}
	}
}

// TestRipens: a lead in nurturing that becomes hot is routed, once; what stays hot,
// or is elsewhere, is not.
func TestRipens(t *testing.T) {
	t.Parallel()
	score := func(m lead.Maturity, behaviour int, cause string) lead.Score {
		return lead.Score{Fit: 60, Behaviour: behaviour, Grade: lead.GradeB, Maturity: m, Cause: cause}
	}
	l := captured(t).must(t, score(lead.Warm, 20, "open"), lead.Route{Choice: lead.Choice{Nurture: true, Why: "not ripe"}}, score(lead.Warm, 30, "click"))
	if l.lead.State != lead.StateNurturing {
		t.Fatalf("warm, it is %s", l.lead.State)
	}
	l.must(t, score(lead.Hot, 55, "download"))
	woken, ok := l.history[len(l.history)-1].Events[1].(lead.Woken)
	if l.lead.State != lead.StateRouting || !ok || woken.Why != "ripe: download" {
		t.Fatalf("hot, it is %s: %+v", l.lead.State, woken)
	}
	l.must(t, lead.Route{Choice: lead.Choice{Nurture: true, Why: "nobody has time"}}, score(lead.Hot, 60, "visit"))
	if l.lead.State != lead.StateNurturing {
		t.Errorf("still hot, it is %s", l.lead.State)
	}
	l.must(t, score(lead.Warm, 30, "fades"), score(lead.Hot, 70, ""))
	if woken := l.history[len(l.history)-1].Events[1].(lead.Woken); l.lead.State != lead.StateRouting || woken.Why != "ripe" {
		t.Errorf("hot again, it is %s: %q", l.lead.State, woken.Why)
	}
	if l := working(t, ann).must(t, score(lead.Hot, 60, "reply")); l.lead.State != lead.StateWorking {
		t.Errorf("in the rep's hands, hot, it is %s", l.lead.State)
	}
}

func TestStandingDiffers(t *testing.T) {
	t.Parallel()
	was := lead.Standing{Fit: 50, Behaviour: 40, Chance: 2000, Grade: lead.GradeB, Maturity: lead.Warm}
	for name, c := range map[string]struct {
		edit func(*lead.Standing)
		want bool
	}{
		"the same":           {func(*lead.Standing) {}, false},
		"faded a little":     {func(s *lead.Standing) { s.Behaviour -= 4 }, false},
		"faded":              {func(s *lead.Standing) { s.Behaviour -= 5 }, true},
		"risen":              {func(s *lead.Standing) { s.Behaviour += 5 }, true},
		"a chance as good":   {func(s *lead.Standing) { s.Chance += 99 }, false},
		"a better chance":    {func(s *lead.Standing) { s.Chance += 100 }, true},
		"a worse chance":     {func(s *lead.Standing) { s.Chance -= 100 }, true},
		"no chance any more": {func(s *lead.Standing) { s.Chance = 0 }, true},
		"another fit":        {func(s *lead.Standing) { s.Fit++ }, true},
		"another grade":      {func(s *lead.Standing) { s.Grade = lead.GradeC }, true},
		"riper":              {func(s *lead.Standing) { s.Maturity = lead.Hot }, true},
	} {
		now := was
		c.edit(&now)
		if was.Differs(now) != c.want || now.Differs(was) != c.want {
			t.Errorf("%s: differs %t", name, was.Differs(now))
		}
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
