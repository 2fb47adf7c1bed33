package lead_test

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

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
