package lead_test

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestLateReminder: a reminder that comes late leaves half of the notice that it
// should have given, and where two are due one is told, to the manager as well.
func TestLateReminder(t *testing.T) {
	t.Parallel()
	const end = 2 * day // of the cadence; told 24 and 4 hours before
	for name, test := range map[string]struct {
		told    []time.Duration // when the system gets to remind
		manager bool
		want    time.Duration // when it says that it takes the lead, and does
	}{
		"in time":                      {[]time.Duration{day, end - 4*time.Hour}, true, end},
		"the first a minute late":      {[]time.Duration{day + time.Minute}, false, end},
		"half of the notice late":      {[]time.Duration{day, end - 2*time.Hour}, true, end},
		"and a second":                 {[]time.Duration{day, end - 2*time.Hour + time.Second}, true, end + time.Second},
		"when it should have ended":    {[]time.Duration{day, end}, true, end + 2*time.Hour},
		"two at once":                  {[]time.Duration{end - 3*time.Hour}, true, end},
		"two at once, long afterwards": {[]time.Duration{10 * day}, true, 10*day + 2*time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, call(ann))
			for _, at := range test.told {
				l.now = monday.Add(at)
				l.must(t, lead.Expire{})
			}
			told := l.history[len(l.history)-1].Events[0].(lead.Reminded)
			if want := monday.Add(test.want); told.Manager != test.manager || told.Of != lead.DutyReclaim || !told.At.Equal(want) || !l.end().At.Equal(want) {
				t.Errorf("told %+v, taken %v after the call", told, l.end().At.Sub(monday))
			}
		})
	}
}

// TestLadder: of a grade whose manager is not told, the rep alone is.
func TestLadder(t *testing.T) {
	t.Parallel()
	for grade, want := range map[lead.Grade]string{
		lead.GradeB: "routing, rep told 2, manager told 1", lead.GradeC: "routing, rep told 2",
	} {
		l := begin(t, grade)
		l.rules.Ladder = map[lead.Grade]bool{lead.GradeB: true}
		if got := l.must(t, toRep(ann), lead.Accept{Rep: ann}, call(ann)).lapse(t).told(); got != want {
			t.Errorf("of grade %s: %s, want %s", grade, got, want)
		}
	}
}

// TestWarnedByLength: a limit of less than 8 hours is reminded of at its half and
// its three quarters, a longer one as the policy warns, and half way where that is
// longer than the limit.
func TestWarnedByLength(t *testing.T) {
	t.Parallel()
	const hour, second = time.Hour, time.Second
	for limit, want := range map[lead.Span][]time.Duration{
		{Time: 4 * hour}:        {2 * hour, 3 * hour, 4 * hour},
		{Time: 8*hour - second}: {4*hour - second/2, 6*hour - second*3/4, 8*hour - second},
		{Time: 8 * hour}:        {4 * hour, 8 * hour},
		{Days: 1}:               {20 * hour, 24 * hour},
		{Days: 2}:               {24 * hour, 44 * hour, 48 * hour},
	} {
		l := begin(t, lead.GradeA)
		l.rules.FirstContact = map[lead.Grade]lead.Span{lead.GradeA: limit}
		l.must(t, toRep(ann), lead.Accept{Rep: ann})
		moments(t, l, limit, want)
	}
	l := begin(t, lead.GradeA)
	l.rules.Warn = []time.Duration{4 * hour, day} // in any order
	l.rules.FirstContact = map[lead.Grade]lead.Span{lead.GradeA: {Days: 3}}
	moments(t, l.must(t, toRep(ann), lead.Accept{Rep: ann}), "3 days", []time.Duration{2 * day, 3*day - 4*hour, 3 * day})
	l = begin(t, lead.GradeA)
	l.rules.Warn = []time.Duration{day}
	l.rules.FirstContact = map[lead.Grade]lead.Span{lead.GradeA: {Time: 10 * hour}}
	moments(t, l.must(t, toRep(ann), lead.Accept{Rep: ann}), "10 hours", []time.Duration{5 * hour, 10 * hour})
}

func moments(t *testing.T, l *life, what any, want []time.Duration) {
	t.Helper()
	ahead := lead.Ahead(l.lead, l.rules)
	if len(ahead) != len(want) {
		t.Fatalf("%v: ahead lies %v", what, ahead)
	}
	for i, d := range ahead {
		if d.At.Sub(monday) != want[i] || (d.Do == lead.DutyRemind) != (i < len(want)-1) {
			t.Errorf("%v: number %d is %s after %v, want it after %v", what, i, d.Do, d.At.Sub(monday), want[i])
		}
	}
}

// TestOfferOfDays is reminded of half way, of one working day after four hours.
func TestOfferOfDays(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]time.Duration{1: 4 * time.Hour, 2: day, 3: day, 4: 2 * day} {
		l := begin(t, lead.GradeA)
		l.rules.Accept = lead.Span{Days: days}
		moments(t, l.must(t, toRep(ann)), days, []time.Duration{want, time.Duration(days) * day})
	}
}

// TestRemindedInWorkingTime: a reminder that would come when nobody works comes at
// the end of work before.
func TestRemindedInWorkingTime(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for limit, want := range map[lead.Span][]time.Duration{
		{Days: 2}: {day, day + 8*hour, 2 * day},
		{Days: 5}: {4*day + 8*hour, 7 * day}, // both on Friday
	} {
		l := begin(t, lead.GradeA)
		l.rules.Hours, l.rules.Zombie = office{}, 0
		l.rules.FirstContact = map[lead.Grade]lead.Span{lead.GradeA: limit}
		moments(t, l.must(t, toRep(ann), lead.Accept{Rep: ann}), limit, want)
	}
}

// TestNobodyIsTouchedAtNight puts a light touch off until the quiet is over.
func TestNobodyIsTouchedAtNight(t *testing.T) {
	t.Parallel()
	l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann})
	l.rules.Quiet = night{8, 4} // it is 9
	if l.must(t, lead.Hold{Rep: ann}); !l.lead.Deadline.At.Equal(monday.Add(30*day + 3*time.Hour)) {
		t.Errorf("touched lightly %v", l.lead.Deadline)
	}
}

// TestNotTheMachinesTurn: what has come too early, or twice, moves no more than the
// deadline.
func TestNotTheMachinesTurn(t *testing.T) {
	t.Parallel()
	l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, lead.Hold{Rep: ann})
	if err := l.do(lead.Nudge{}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("touched lightly on the first day: %v", err)
	}
	if l.until(t, monday.Add(89*day-time.Second)).now = l.lead.Deadline.At; lead.KindOf(l.do(lead.Nudge{})) != lead.Conflict {
		t.Errorf("touched lightly when %s is due", l.lead.Deadline.Do)
	}
	l = begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, lead.Hold{Rep: ann})
	l.now, l.rules.Hold = l.lead.Deadline.At, 40*day
	if l.must(t, lead.Nudge{}); !l.lead.Period.Nudged.IsZero() || !l.lead.Deadline.At.Equal(monday.Add(40*day)) {
		t.Errorf("touched lightly %v, due %v", l.lead.Period.Nudged, l.lead.Deadline)
	}
	l = begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann})
	l.now = l.lead.Deadline.At
	l.rules.FirstContact = map[lead.Grade]lead.Span{lead.GradeA: {Time: 2 * time.Hour}}
	if l.must(t, lead.Expire{}); !l.lead.Period.Told.IsZero() || !l.lead.Deadline.At.Equal(monday.Add(time.Hour)) {
		t.Errorf("reminded %v, due %v", l.lead.Period.Told, l.lead.Deadline)
	}
}
