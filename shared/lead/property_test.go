package lead_test

import (
	"encoding/json"
	"maps"
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
			"merge": func(t *rapid.T) {
				if merged := w.lead.Merged; merged != nil {
					w.play(t, lead.Restore{Rep: rapid.SampledFrom([]string{"", merged.Rep, merged.Rep}).Draw(t, "rep"), Why: "two persons"})
				} else if rapid.IntRange(0, 3).Draw(t, "merged") == 0 {
					w.play(t, lead.Absorb{Into: "l2", Person: "p2"})
				}
			},
			"cleanse":   func(t *rapid.T) { w.play(t, drawCleansing(t)) },
			"deadline":  w.expire,
			"deadline ": w.expire, // as often again: lives are to get beyond the first
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
	prior map[string]time.Time // the same, before the lead was absorbed
	late  bool                 // somebody acted after the deadline, before the system did
	held  tenure
	seen  map[string]lead.Lead // snapshots handed out, by what they looked like then
}

func (w *world) wait(t *rapid.T) {
	most := rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, day, 40 * day}).Draw(t, "most")
	w.now = w.now.Add(time.Duration(rapid.Int64Range(0, int64(most)).Draw(t, "wait")))
}

// expire lets the system act on the deadline, in time or late.
func (w *world) expire(t *rapid.T) {
	if w.lead.Deadline == nil {
		t.Skip("none")
	}
	if w.now.Before(w.lead.Deadline.At) {
		w.now = w.lead.Deadline.At
	}
	first := lead.Command(lead.Expire{})
	switch w.lead.Deadline.Do {
	case lead.DutyNudge:
		first = lead.Nudge{Skipped: rapid.SampledFrom([]string{"", "opted out"}).Draw(t, "skipped")}
	case lead.DutySweep:
		first = drawLook(t)
	case lead.DutyRoute, lead.DutyScore:
		w.play(t, toRep(rapid.SampledFrom(team).Draw(t, "rep")))
		return
	}
	if rapid.Bool().Draw(t, "and route") {
		w.play(t, first, toRep(rapid.SampledFrom(team).Draw(t, "rep")))
		return
	}
	w.play(t, first)
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
	w.watch(t, before, entry)
	switch c := commands[0].(type) {
	case lead.Move:
		w.moved(t, before, c)
	case lead.Qualify:
		if l := w.lead; l.State != lead.StateRouting || l.Offers != 0 || l.Facts.Verdict != c.Verdict || !l.Wait.IsZero() {
			t.Fatalf("qualified as %q, the lead is %q with the verdict %q", c.Verdict, l.State, l.Facts.Verdict)
		}
	}

	overdue := before.Deadline != nil && !before.Deadline.At.After(w.now)
	w.late = w.late && w.lead.Period != nil || overdue && !system(commands[0])
	// More than that may have been due meanwhile, or what a rep is granted may be over.
	behind := overdue && before.Deadline.At.Before(w.now) || w.held.tardy && w.lead.Owner() != ""
	d := w.lead.Deadline
	// Where another end comes first now, its reminder may be due already.
	atOnce := d != nil && d.Do == lead.DutyRemind && before.Owner() == w.lead.Owner() && before.State == w.lead.State
	if d != nil && !w.late && !behind && !atOnce && d.At.Before(w.now) {
		t.Fatalf("%T at %v: the deadline %v lies in the past", commands[0], w.now, d)
	}
}

// system reports whether a command is the system's, on a deadline.
func system(c lead.Command) bool {
	switch c.(type) {
	case lead.Expire, lead.Nudge, lead.Look, lead.Route:
		return true
	}
	return false
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
	prior := maps.Clone(w.left)
	for i, e := range entry.Events {
		switch e := e.(type) {
		case lead.Absorbed:
			w.prior = prior
		case lead.Restored: // nobody but the merge took it from them
			w.left = w.prior
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
	case (l.Pool != "") != (l.State == lead.StatePooled) || l.List != "" && l.Pool == "":
		t.Fatalf("%q is in the pool %q, on the list %q", l.State, l.Pool, l.List)
	case !l.Wait.IsZero() && (l.State != lead.StateRouting || l.Team == "" || !l.Deadline.At.Equal(l.Wait) || l.Deadline.Do != lead.DutyRoute):
		t.Fatalf("%q of %q waits until %v, due %v", l.State, l.Team, l.Wait, l.Deadline)
	case l.State == lead.StateTriage && l.Team == "":
		t.Fatal("no dispatcher has a lead in triage")
	case l.State == lead.StateUnverified && l.Team == "":
		t.Fatal("nobody verifies a lead from a list")
	case (l.State == lead.StateMerged) != (l.Merged != nil):
		t.Fatalf("%q was merged: %v", l.State, l.Merged)
	case l.Touches != l.Facts.Touches:
		t.Fatalf("%d touches, by the facts %d", l.Touches, l.Facts.Touches)
	}
	var kept lead.Lead
	if err := json.Unmarshal([]byte(rapidText(t, l)), &kept); err != nil {
		t.Fatal(err)
	}
	if next := lead.Next(kept, w.rules); rapidText(t, next) != rapidText(t, l.Deadline) {
		t.Fatalf("the deadline is %v, asked again %v", l.Deadline, next)
	}
	w.foresee(t)
	w.protects(t)
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
