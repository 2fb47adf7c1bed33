package lead_test

import (
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestCoolOffOf30Days: nobody who had a lead within the last 30 days gets it again,
// whichever way.
func TestCoolOffOf30Days(t *testing.T) {
	t.Parallel()
	worked := []lead.Command{toRep(bo), lead.Accept{Rep: bo}}
	ended := func(end ...lead.Command) []lead.Command { return append(worked[:2:2], end...) }
	for name, test := range map[string]struct {
		before []lead.Command
		again  lead.Command
	}{
		"claimed":          {ended(lead.Release{Rep: bo, Reason: "too far away"}), lead.Claim{Rep: bo, Team: "inside"}},
		"given by hand":    {ended(lead.Release{Rep: bo, Reason: "too far away"}), lead.Assign{Rep: bo}},
		"moved":            {ended(lead.Recycle{Rep: bo, Reason: "not yet"}), moveTo(lead.Move{Rep: bo, Team: "inside"})},
		"routed":           {ended(lead.Close{Rep: bo, As: lead.StateLost, Reason: "price"}), nil},
		"rejected, placed": {[]lead.Command{toRep(bo), lead.Reject{Rep: bo, Reason: "language"}}, lead.Assign{Rep: bo}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for ago, want := range map[time.Duration]lead.Kind{
				30*day - time.Minute: lead.Conflict, 30 * day: lead.Conflict, 30*day + time.Second: "",
			} {
				l := begin(t, lead.GradeA, test.before...).wait(ago)
				again := []lead.Command{test.again}
				if test.again == nil {
					again = []lead.Command{touch(), toRep(bo)}
				}
				err := l.do(again...)
				if got := kindOf(err); got != want || err == nil && l.lead.Owner() != bo {
					t.Errorf("%v after: %v", ago, err)
				}
			}
		})
	}
}

// kindOf is the kind of an error, and empty for none.
func kindOf(err error) lead.Kind {
	if err == nil {
		return ""
	}
	return lead.KindOf(err)
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

// TestSecondAssignmentAtMostTwice: a lead that reps let pass goes straight to a
// second and a third rep, and never to a fourth.
func TestSecondAssignmentAtMostTwice(t *testing.T) {
	t.Parallel()
	for name, accept := range map[string]bool{"not accepted": false, "accepted and not followed up": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, lead.GradeA)
			for i, rep := range []string{ann, bo, cy} {
				if err := l.do(toRep(rep)); err != nil || l.lead.Owner() != rep {
					t.Fatalf("rep %d: %v", i+1, err)
				}
				if accept {
					l.must(t, lead.Accept{Rep: rep})
				}
				if l.lapse(t); (l.lead.State == lead.StateRouting) != (i < 2) {
					t.Fatalf("after rep %d the lead is %s", i+1, l.lead.State)
				}
			}
			if l.lead.State != lead.StatePooled || l.lead.Pool != "sea" || l.lead.Offers != 0 {
				t.Errorf("the lead is %s in %q after %d offers", l.lead.State, l.lead.Pool, l.lead.Offers)
			}
		})
	}
	t.Run("nobody else can have it", func(t *testing.T) {
		t.Parallel()
		l := begin(t, lead.GradeA, toRep(ann)).lapse(t).must(t, lead.Route{Choice: lead.Choice{Team: "inside", Why: "all at cap"}})
		if l.lead.State != lead.StatePooled {
			t.Errorf("the lead is %s", l.lead.State)
		}
	})
	t.Run("out of a pool", func(t *testing.T) {
		t.Parallel()
		l := begin(t, lead.GradeA, lead.Route{Choice: lead.Choice{Team: "inside", Pool: "sea"}}, lead.Claim{Rep: ann, Team: "inside"}).lapse(t)
		l.must(t, toRep(bo)).lapse(t).must(t, toRep(cy)).lapse(t)
		if l.lead.State != lead.StatePooled {
			t.Errorf("after a claim and two assignments the lead is %s", l.lead.State)
		}
	})
}

// TestFrozenOnArrival: a lead that has just come into a pool with a freeze of two
// days cannot be claimed; a manager may give it to somebody.
func TestFrozenOnArrival(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]lead.Kind{0: lead.Conflict, 2*day - time.Second: lead.Conflict, 2 * day: ""} {
		l := begin(t, lead.GradeA, lead.Route{Choice: lead.Choice{Team: "inside", Pool: "frozen"}}).wait(after)
		if err := l.do(lead.Claim{Rep: ann, Team: "inside"}); kindOf(err) != want {
			t.Errorf("claimed after %v: %v", after, err)
		}
	}
	begin(t, lead.GradeA, lead.Route{Choice: lead.Choice{Team: "inside", Pool: "frozen"}}, lead.Assign{Rep: ann})
}

// TestExtendedOnce: the protection is extended once, with evidence or by a manager,
// to 60 days at most, and time on hold comes on top.
func TestExtendedOnce(t *testing.T) {
	t.Parallel()
	far, more := plan(ann, monday.Add(200*day)), lead.Extend{Rep: ann, Reason: "budget in May"}
	begun := func(commands ...lead.Command) *life {
		return begin(t, lead.GradeA, append([]lead.Command{toRep(ann), lead.Accept{Rep: ann}}, commands...)...)
	}
	l := begun()
	if err := l.do(more); lead.KindOf(err) != lead.Conflict {
		t.Errorf("extended without having reached the customer: %v", err)
	}
	l.must(t, lead.Extend{Reason: "Ann was ill"})
	if err := l.must(t, far).do(more); lead.KindOf(err) != lead.Conflict {
		t.Errorf("extended again: %v", err)
	}
	for _, none := range []func(*lead.Rules){func(r *lead.Rules) { r.Extend = 0 }, func(r *lead.Rules) { r.Most = r.Protect }} {
		l = begun(far)
		if none(&l.rules); lead.KindOf(l.do(more)) != lead.Conflict {
			t.Error("extended against the policy")
		}
	}
	l = begun(far)
	l.rules.Extend = 45 * day
	if l.must(t, more); !l.end().At.Equal(monday.Add(60 * day)) {
		t.Errorf("extended by 45 days it ends %v", l.end())
	}
	if l.wait(10*day).must(t, lead.Hold{Rep: ann}).wait(20*day).must(t, far); !l.end().At.Equal(monday.Add(80 * day)) {
		t.Errorf("20 days on hold, and it ends %v", l.end())
	}
}

// TestKept: a lead of a class and one with an open deal stay where they are, and the
// manager is told each day that nobody acts. Once the deal is closed the rep has
// 24 hours, and is warned 4 hours before they are over.
func TestKept(t *testing.T) {
	t.Parallel()
	open := lead.Deal{Rep: ann, Open: true}
	for name, play := range map[string][]lead.Command{
		"a class":       {ofClass(ann), lead.Accept{Rep: ann}},
		"an offer":      {ofClass(ann)},
		"a deal":        {toRep(ann), lead.Accept{Rep: ann}, open},
		"a deal, later": {toRep(ann), lead.Accept{Rep: ann}, lead.Hold{Rep: ann}, open},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, lead.GradeA, play...).until(t, monday.Add(200*day))
			if l.lead.Owner() != ann {
				t.Fatalf("after 200 days %q has the lead: %s", l.lead.Owner(), l.told())
			}
			if want := "rep told 1, manager told " + map[bool]string{false: "200", true: "111"}[l.lead.State == lead.StatePaused]; !strings.Contains(l.told(), want) {
				t.Errorf("%s, want %s", l.told(), want)
			}
			if !l.lead.Period.Deal {
				return
			}
			l.must(t, lead.Deal{Rep: ann})
			over := l.now
			if l.until(t, over.Add(20*time.Hour-time.Second)); !strings.Contains(l.told(), "rep told 1,") {
				t.Errorf("20 hours after the deal: %s", l.told())
			}
			if l.until(t, over.Add(day-time.Second)); !strings.Contains(l.told(), "rep told 2,") || l.lead.Owner() != ann {
				t.Errorf("24 hours after the deal: %s", l.told())
			}
			if l.until(t, over.Add(day+time.Second)); l.lead.Owner() != "" {
				t.Errorf("a day after the deal: %s", l.told())
			}
		})
	}
	t.Run("opened again", func(t *testing.T) {
		t.Parallel()
		l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, open, lead.Deal{Rep: ann}, open)
		if got := l.until(t, monday.Add(time.Hour)).told(); got != "working ann, rep told 1, manager told 1" {
			t.Errorf("after the time for the first contact: %s", got)
		}
	})
	t.Run("a call once it is closed", func(t *testing.T) {
		t.Parallel()
		l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, open).until(t, monday.Add(40*day)).must(t, lead.Deal{Rep: ann})
		l.until(t, l.now.Add(22*time.Hour)).must(t, call(ann))
		if got := l.until(t, l.now.Add(time.Hour)).told(); !strings.Contains(got, "working ann, rep told 3,") {
			t.Errorf("an hour before the end: %s", got)
		}
		if l.until(t, l.now.Add(time.Hour)); l.lead.Owner() != "" {
			t.Errorf("a day after the deal: %s", l.told())
		}
	})
	t.Run("followed up", func(t *testing.T) {
		t.Parallel()
		l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, open)
		for range 60 {
			l.until(t, l.now.Add(20*time.Hour)).must(t, call(ann))
		}
		if got := l.told(); got != "working ann, rep told 1, manager told 1" { // before the first call
			t.Errorf("a deal that is followed up for 50 days: %s", got)
		}
	})
}

// TestReleasedLeadOfAClass: the rep does not give it away, a manager moves it.
func TestReleasedLeadOfAClass(t *testing.T) {
	t.Parallel()
	l := begin(t, lead.GradeA, ofClass(ann), lead.Accept{Rep: ann})
	if err := l.do(lead.Release{Rep: ann, Reason: "on leave"}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("released: %v", err)
	}
	if l.must(t, moveTo(lead.Move{Rep: bo, Team: "inside"})); l.lead.Cohort == "" || l.lead.Owner() != bo {
		t.Errorf("moved to %s, of the class %q", l.lead.Owner(), l.lead.Cohort)
	}
	if l.must(t, moveTo(lead.Move{Pool: "sea"})); l.lead.Cohort != "" {
		t.Errorf("in the pool it is of the class %q", l.lead.Cohort)
	}
}
