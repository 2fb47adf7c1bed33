package lead_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

var team = []string{"ann", "bo", "cy", "di"}

// TestEveryLife plays random commands on a lead under random rules, with the
// clock moving, and holds what must be true whatever people do.
func TestEveryLife(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &world{life: newLife(), seen: map[string]lead.Lead{}}
		w.rules = drawRules(t)
		t.Repeat(map[string]func(*rapid.T){
			"":        w.holds,
			"wait":    w.wait,
			"command": func(t *rapid.T) { w.play(t, drawCommand(t, w.now)) },
			"rep":     func(t *rapid.T) { w.play(t, drawOwn(t, w.lead.Owner(), w.now)) },
			"manager": func(t *rapid.T) { w.play(t, drawMove(t, rapid.SampledFrom(team).Draw(t, "rep"))) },
			"enquiry": func(t *rapid.T) {
				first := lead.Command(capture())
				if w.lead.State != "" {
					first = touch()
				}
				w.play(t, first, drawScore(t), toRep(rapid.SampledFrom(team).Draw(t, "rep")))
			},
			"deadline": func(t *rapid.T) {
				if w.lead.Deadline == nil {
					t.Skip("none")
				}
				if w.now.Before(w.lead.Deadline.At) {
					w.now = w.lead.Deadline.At
				}
				if rapid.Bool().Draw(t, "and route") {
					w.play(t, lead.Expire{}, toRep(rapid.SampledFrom(team).Draw(t, "rep")))
					return
				}
				w.play(t, lead.Expire{})
			},
		})
		w.folds(t)
		for look, snapshot := range w.seen {
			if rapidText(t, snapshot) != look {
				t.Fatalf("a snapshot changed later\nfrom %s\n  to %s", look, rapidText(t, snapshot))
			}
		}
	})
}

// world is a life with what a reader of its history knows.
type world struct {
	*life
	owner string               // by the events alone
	at    time.Time            // when the owner accepted or claimed it, by the events alone
	left  map[string]time.Time // rep → when they last had it, by the events alone
	late  bool                 // somebody acted after the deadline, before the system did
	seen  map[string]lead.Lead // snapshots handed out, by what they looked like then
}

func (w *world) wait(t *rapid.T) {
	most := rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, day, 40 * day}).Draw(t, "most")
	w.now = w.now.Add(time.Duration(rapid.Int64Range(0, int64(most)).Draw(t, "wait")))
}

// play runs commands as one entry and checks what the entry says.
func (w *world) play(t *rapid.T, commands ...lead.Command) {
	before, length, look := w.lead, len(w.history), rapidText(t, w.lead)
	err := w.do(commands...)
	if rapidText(t, before) != look {
		t.Fatalf("%T changed the lead it was given", commands[0])
	}
	if err != nil {
		if kind := lead.KindOf(err); kind == lead.Unavailable || kind == "" {
			t.Fatalf("%T: %v says nothing of its kind", commands[0], err)
		}
		return
	}
	if len(w.history) == length {
		return
	}
	w.seen[rapidText(t, w.lead)] = w.lead
	entry := w.history[length]
	w.follow(t, entry)
	switch c := commands[0].(type) {
	case lead.Move:
		w.moved(t, before, c)
	case lead.Qualify:
		if l := w.lead; l.State != lead.StateRouting || l.Offers != 0 || l.Facts.Verdict != c.Verdict || !l.Wait.IsZero() {
			t.Fatalf("qualified as %q, the lead is %q with the verdict %q", c.Verdict, l.State, l.Facts.Verdict)
		}
	}

	overdue := before.Deadline != nil && !before.Deadline.At.After(w.now)
	_, expired := commands[0].(lead.Expire)
	w.late = w.late && w.lead.Period != nil || overdue && !expired
	if d := w.lead.Deadline; d != nil && !w.late && d.At.Before(w.now) {
		t.Fatalf("%T at %v: the deadline %v lies in the past", commands[0], w.now, d)
	}
}

// moved is what a manager's move must have led to.
func (w *world) moved(t *rapid.T, before lead.Lead, c lead.Move) {
	l, want := w.lead, lead.StateRouting
	switch {
	case c.Rep != "" && (before.State == lead.StateWorking || before.State == lead.StatePaused):
		want = lead.StateWorking
	case c.Rep != "":
		want = lead.StateOffered
	case c.Pool != "":
		want = lead.StatePooled
	}
	offers := 0
	if c.Rep != "" {
		offers = 1
	}
	if l.State != want || l.Owner() != c.Rep || l.Pool != c.Pool || l.Offers != offers || !l.Wait.IsZero() || l.Job != cmp.Or(c.Job, before.Job) {
		t.Fatalf("%+v of %q leads to %q with %q in %q after %d offers", c, before.State, l.State, l.Owner(), l.Pool, l.Offers)
	}
}

// follow reads an entry as the reps' counters and a suspicious colleague would.
func (w *world) follow(t *rapid.T, entry lead.Entry) {
	holdings := map[string]int{}
	if w.owner != "" {
		holdings[w.owner] = 1
	}
	moved := map[string]bool{}
	for _, m := range lead.Moves(w.lead, entry) {
		if moved[m.Rep] {
			t.Fatalf("one entry moves the counters of %s twice: %v", m.Rep, entry.Events)
		}
		moved[m.Rep] = true
		counted := m.Count(lead.Rep{})
		holdings[m.Rep] += counted.Holding
		if m.Kind == lead.MoveAssign && counted.Mix[w.lead.Grade] != 1 {
			t.Fatalf("a lead of grade %q is counted as %v", w.lead.Grade, counted.Mix)
		}
		if m.Result != "" && (counted.Tried[w.lead.Facts.Channel] != 1 || (counted.Months[lead.MonthOf(w.now)] == 1) != (m.Result == lead.ResultWon)) {
			t.Fatalf("a lead that was %s is counted as %+v", m.Result, counted)
		}
	}
	start := func(rep string) {
		if w.owner != "" {
			t.Fatalf("%s gets the lead that %s has", rep, w.owner)
		}
		if until, ok := w.left[rep]; ok && entry.At.Sub(until) <= w.rules.CoolOff {
			t.Fatalf("%s gets the lead again after %v", rep, entry.At.Sub(until))
		}
		w.owner, w.at = rep, time.Time{}
	}
	won := slices.ContainsFunc(entry.Events, func(e lead.Event) bool {
		kind := lead.KindOfEvent(e)
		return kind == "converted" || kind == "qualified"
	})
	for i, e := range entry.Events {
		switch e := e.(type) {
		case lead.Offered:
			start(e.Rep)
		case lead.Claimed:
			start(e.Rep)
			w.at = entry.At
		case lead.Accepted:
			w.at = entry.At
		case lead.Ended:
			if e.Rep != w.owner {
				t.Fatalf("the period of %s ends while %q has the lead", e.Rep, w.owner)
			}
			if e.Result != "" && w.at.IsZero() || won != (e.Result == lead.ResultWon) || (e.Result == "") != (e.Channel == "") {
				t.Fatalf("the period, accepted %v, ends with the result %q: %v", w.at, e.Result, entry.Events)
			}
			if w.left == nil {
				w.left = map[string]time.Time{}
			}
			w.owner, w.left[e.Rep] = "", entry.At
		case lead.Due:
			if i != len(entry.Events)-1 {
				t.Fatalf("the deadline is not the last event: %v", entry.Events)
			}
		}
	}
	for rep, n := range holdings {
		want := 0
		if rep == w.owner {
			want = 1
		}
		if n != want {
			t.Fatalf("%s holds %d by the moves, %d by the events", rep, n, want)
		}
	}
}

// holds is what is true of a lead at any moment.
func (w *world) holds(t *rapid.T) {
	l := w.lead
	switch {
	case l.State.Open() != (l.Deadline != nil):
		t.Fatalf("%q has the deadline %v", l.State, l.Deadline)
	case (l.Period != nil) != slices.Contains([]lead.State{lead.StateOffered, lead.StateWorking, lead.StatePaused}, l.State):
		t.Fatalf("%q has the period %v", l.State, l.Period)
	case l.Owner() != w.owner:
		t.Fatalf("%q has the lead, by its history %q", l.Owner(), w.owner)
	case (l.Pool != "") != (l.State == lead.StatePooled):
		t.Fatalf("%q is in the pool %q", l.State, l.Pool)
	case !l.Wait.IsZero() && (l.State != lead.StateRouting || l.Team == "" || !l.Deadline.At.Equal(l.Wait) || l.Deadline.Do != lead.DutyRoute):
		t.Fatalf("%q of %q waits until %v, due %v", l.State, l.Team, l.Wait, l.Deadline)
	case l.State == lead.StateTriage && l.Team == "":
		t.Fatal("no dispatcher has a lead in triage")
	case l.Touches != l.Facts.Touches:
		t.Fatalf("%d touches, by the facts %d", l.Touches, l.Facts.Touches)
	}
	if next := lead.Next(l, w.rules); rapidText(t, next) != rapidText(t, l.Deadline) {
		t.Fatalf("the deadline is %v, asked again %v", l.Deadline, next)
	}
	if l.Deadline == nil || l.Deadline.At.After(w.now) {
		if _, err := lead.Decide(l, lead.Expire{}, w.rules, w.now); err == nil {
			t.Fatalf("%q expires before its deadline", l.State)
		}
	}
}

// folds reads the history back and makes the lead of it.
func (w *world) folds(t *rapid.T) {
	for i, entry := range w.history {
		if entry.Version != i+1 || entry.Policy != w.rules.Policy {
			t.Fatalf("entry %d has version %d under policy %d", i+1, entry.Version, entry.Policy)
		}
	}
	var history []lead.Entry
	if err := json.Unmarshal([]byte(rapidText(t, w.history)), &history); err != nil {
		t.Fatal(err)
	}
	if len(history) == 0 {
		return
	}
	if got, want := rapidText(t, lead.Fold(history)), rapidText(t, w.lead); got != want {
		t.Fatalf("the history folds to\n%s, the lead is\n%s", got, want)
	}
}

func rapidText(t *rapid.T, v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestCoolOffOfMany lets a lead pass through as many hands as are remembered.
func TestCoolOffOfMany(t *testing.T) {
	t.Parallel()
	l := captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}})
	var reps []string
	for i := range 32 {
		rep := string(rune('A' + i))
		reps = append(reps, rep)
		l.wait(time.Minute).must(t, lead.Claim{Rep: rep}, lead.Release{Rep: rep, Reason: "no"})
	}
	for _, rep := range reps {
		if err := l.do(lead.Claim{Rep: rep}); lead.KindOf(err) != lead.Conflict {
			t.Fatalf("rep %s claims again: %v", rep, err)
		}
	}
	l.wait(rules().CoolOff).wait(time.Second).must(t, lead.Claim{Rep: reps[0]})
}

// TestErrorKinds keeps an error that says nothing of itself alive for a retry.
func TestErrorKinds(t *testing.T) {
	t.Parallel()
	cause := errors.New("wrong size")
	for err, want := range map[error]lead.Kind{
		cause:                          lead.Unavailable,
		lead.Errorf(lead.Denied, "no"): lead.Denied,
		&lead.Error{Kind: lead.Invalid, Field: "email", Text: "unreadable", Cause: cause}: lead.Invalid,
		errors.Join(cause, lead.Errorf(lead.Conflict, "meanwhile")):                       lead.Conflict,
	} {
		if got := lead.KindOf(err); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
	err := &lead.Error{Kind: lead.Invalid, Field: "email", Text: "unreadable", Cause: cause}
	if !errors.Is(err, cause) || err.Error() != "email: unreadable: wrong size" {
		t.Errorf("%v", err)
	}
}
