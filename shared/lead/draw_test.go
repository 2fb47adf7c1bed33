package lead_test

import (
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// drawRules keeps an offer shorter than the protection, as a policy must.
func drawRules(t *rapid.T) lead.Rules {
	r := rules()
	span := func(name string, least, most time.Duration) time.Duration {
		return time.Duration(rapid.Int64Range(int64(least), int64(most)).Draw(t, name))
	}
	r.Accept.Time = span("accept", time.Minute, 4*time.Hour)
	r.Protect = span("protect", 4*day, 60*day) // longer than 4 hours of the office over a weekend
	r.Extend, r.Most = span("extend", 0, 40*day), span("most", 0, 90*day)
	r.Hold = span("hold", time.Minute, 40*day)
	r.HoldMost = span("hold at most", time.Minute, 100*day)
	r.CoolOff = span("cool-off", 0, 60*day)
	r.Zombie = rapid.SampledFrom([]time.Duration{0, time.Hour, 7 * day}).Draw(t, "zombie")
	r.Note = drawSpan(t, "note")
	r.List = rapid.SampledFrom([]time.Duration{0, time.Hour, 3 * day}).Draw(t, "list")
	r.Warn = rapid.SliceOfN(rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 4 * time.Hour, day, 2 * day}), 1, 3).Draw(t, "warn")
	r.MaxOffers = rapid.IntRange(0, 4).Draw(t, "offers")
	for _, g := range lead.Grades {
		r.FirstContact[g], r.Cadence[g] = drawSpan(t, "first contact"), drawSpan(t, "cadence")
	}
	r.Sweep = rapid.SampledFrom([]time.Duration{day, 7 * day, 30 * day}).Draw(t, "sweep")
	if rapid.Bool().Draw(t, "hours") {
		r.Hours = office{}
	}
	if rapid.Bool().Draw(t, "quiet") {
		r.Quiet = night{21, 11}
	}
	return r
}

func drawSpan(t *rapid.T, name string) lead.Span {
	if days := rapid.IntRange(-10, 20).Draw(t, name+" in days"); days > 0 {
		return lead.Span{Days: days}
	}
	return lead.Span{Time: time.Duration(rapid.Int64Range(int64(time.Minute), int64(3*day)).Draw(t, name))}
}

// office is open from 9 to 17, from Monday to Friday.
type office struct{}

func (office) After(from time.Time, s lead.Span) time.Time {
	at := opening(from)
	for range s.Days {
		for at = at.Add(day); weekend(at); {
			at = at.Add(day)
		}
	}
	for left := s.Time; left > 0; {
		room := at.Truncate(day).Add(17 * time.Hour).Sub(at)
		if left <= room {
			return at.Add(left)
		}
		left -= room
		at = opening(at.Add(room))
	}
	return at
}

func (office) Latest(at time.Time) time.Time {
	at = at.UTC()
	if opening(at).Equal(at) {
		return at
	}
	closed := at.Truncate(day).Add(17 * time.Hour)
	for closed.After(at) || weekend(closed) {
		closed = closed.Add(-day)
	}
	return closed
}

// opening is the moment itself where the office is open, else when it opens.
func opening(at time.Time) time.Time {
	at = at.UTC()
	opens := at.Truncate(day).Add(9 * time.Hour)
	switch {
	case !at.Before(opens.Add(8 * time.Hour)):
		opens = opens.Add(day)
	case !weekend(at) && at.After(opens):
		return at
	}
	for weekend(opens) {
		opens = opens.Add(day)
	}
	return opens
}

func weekend(at time.Time) bool { return at.Weekday() == time.Saturday || at.Weekday() == time.Sunday }

// night is quiet from an hour of the day in UTC on, for so many hours.
type night struct{ from, hours int }

func (n night) Until(at time.Time, _ string) time.Time {
	midnight := at.UTC().Truncate(day)
	since := (at.Sub(midnight) - time.Duration(n.from)*time.Hour + day) % day
	return at.Add(max(0, time.Duration(n.hours)*time.Hour-since))
}

func (n night) Awake() time.Duration { return day - time.Duration(n.hours)*time.Hour }

func drawScore(t *rapid.T) lead.Command {
	return lead.Score{Fit: rapid.IntRange(0, 3).Draw(t, "fit"), Grade: drawGrade(t), Behaviour: rapid.IntRange(0, 2).Draw(t, "behaviour"),
		Chance: rapid.SampledFrom([]int{0, 100, 2500}).Draw(t, "chance"), Maturity: rapid.SampledFrom(lead.Maturities).Draw(t, "maturity"),
		Model: rapid.IntRange(0, 2).Draw(t, "model"), Cause: rapid.SampledFrom([]string{"", "download"}).Draw(t, "cause")}
}

func drawGrade(t *rapid.T) lead.Grade { return rapid.SampledFrom(lead.Grades).Draw(t, "grade") }

// drawCommand draws any command, sensible or not.
func drawCommand(t *rapid.T, now time.Time) lead.Command {
	rep := rapid.SampledFrom(append([]string{""}, team...)).Draw(t, "rep")
	commands := []lead.Command{
		capture(), touch(), drawScore(t), lead.Confirm{}, lead.Expire{},
		lead.Claim{Rep: rep, Team: "inside"}, lead.Claim{Rep: rep},
		lead.Assign{Rep: rep, Team: "field"}, lead.Assign{Rep: rep},
		toRep(rep), lead.Route{}, lead.Route{Choice: lead.Choice{Rep: rep}},
		lead.Route{Choice: lead.Choice{Team: "inside"}},
		lead.Route{Choice: lead.Choice{Pool: "cold"}},
		lead.Route{Choice: lead.Choice{Nurture: true}},
		ofClass(rep), lead.Reveal{Rep: rep}, lead.OptOut{}, lead.Nudge{}, drawLook(t), lead.Dial{List: "spring", Hand: "h-1"}, drawCall(t), drawCall(t),
		drawEngage(t, now), drawEngage(t, now),
		lead.Extend{Reason: "more time"}, lead.Extend{},
		lead.Tag{Add: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "not a tag"}), 0, 2).Draw(t, "tags"), Remove: []string{"b"}},
		waitFor(now.Add(rapid.SampledFrom([]time.Duration{-time.Minute, 0, 1, 15 * time.Hour, 15 * time.Hour, 3 * day}).Draw(t, "shift"))),
		lead.Route{Choice: lead.Choice{Wait: now.Add(day)}},
		drawMove(t, rep), drawMove(t, rep), drawCleansing(t), drawCleansing(t), drawUniting(t, rep), drawUniting(t, rep),
	}
	return rapid.SampledFrom(append(commands, own(t, rep, now)...)).Draw(t, "command")
}

// drawLook draws what the stock sweep does.
func drawLook(t *rapid.T) lead.Look {
	return lead.Look{Did: rapid.SampledFrom(lead.Dids).Draw(t, "did"), List: "spring", Why: "grade A"}
}

func drawCall(t *rapid.T) lead.Command {
	return lead.Call{List: "spring", Call: rapid.SampledFrom([]string{"", "c-1", "c-2"}).Draw(t, "call"),
		Outcome: rapid.SampledFrom(append(lead.Answers, "")).Draw(t, "outcome")}
}

// drawEngage draws signals of few names, so that some are told again and judged anew.
func drawEngage(t *rapid.T, now time.Time) lead.Command {
	return lead.Engage{Signals: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lead.Signal {
		s := drawSignal(t, now)
		s.Sure = rapid.SampledFrom([]int{0, 50, 100, 100, 100, 101}).Draw(t, "sure")
		return s
	}), 0, 3).Draw(t, "signals")}
}

// drawSignal draws a signal of the last days.
func drawSignal(t *rapid.T, now time.Time) lead.Signal {
	s := lead.Signal{
		Kind: rapid.SampledFrom(lead.SignalKinds).Draw(t, "kind"), ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id"),
		At: now.Add(-3*time.Hour - time.Duration(rapid.IntRange(0, 3).Draw(t, "days"))*day), Sure: rapid.IntRange(0, 100).Draw(t, "sure"),
	}
	if rapid.Bool().Draw(t, "judged") {
		s.Judged = s.At.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours")) * time.Hour)
	}
	if s.Kind == lead.SignalDwell {
		s.Amount = rapid.IntRange(0, 600).Draw(t, "minutes")
	}
	return s
}

// drawMove draws a manager's move, most of them to one place.
func drawMove(t *rapid.T, rep string) lead.Command {
	m := lead.Move{Rep: rep, Team: rapid.SampledFrom([]string{"field", "field", ""}).Draw(t, "team"), Why: "Ann is ill",
		Job: rapid.SampledFrom([]string{"", "j1", "j2"}).Draw(t, "job")}
	place := rapid.IntRange(0, 5).Draw(t, "place")
	if place != 5 && place > 0 {
		m.Rep = ""
	}
	if place == 1 || place == 5 {
		m.Pool = rapid.SampledFrom([]string{"sea", "cold"}).Draw(t, "pool")
	}
	m.Anew = place == 2
	return m
}

// drawOwn draws what the owner may do, so that lives get beyond the offer.
func drawOwn(t *rapid.T, owner string, now time.Time) lead.Command {
	if owner == "" {
		t.Skip("nobody has the lead")
	}
	if rapid.Bool().Draw(t, "accept") {
		return lead.Accept{Rep: owner}
	}
	return rapid.SampledFrom(own(t, owner, now)).Draw(t, "command")
}

func own(t *rapid.T, rep string, now time.Time) []lead.Command {
	step := now.Add(time.Duration(rapid.Int64Range(-int64(time.Hour), int64(50*day)).Draw(t, "step")))
	return []lead.Command{
		lead.Accept{Rep: rep},
		lead.Reject{Rep: rep, Reason: "no"}, lead.Reject{Rep: rep},
		note(rep), call(rep), plan(rep, step), lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayNote, StepAt: step}},
		lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayVisit, StepAt: step, Grade: drawGrade(t), Checked: true, Metres: new(rapid.IntRange(0, 1000).Draw(t, "metres"))}},
		lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayMail, Inbound: true, Done: now.Add(-time.Duration(rapid.Int64Range(0, int64(2*day)).Draw(t, "ago")))}},
		lead.Log{Rep: rep},
		lead.Extend{Rep: rep, Reason: "more time"}, lead.Deal{Rep: rep, Open: true}, lead.Deal{Rep: rep},
		lead.Hold{Rep: rep}, lead.Hold{Rep: rep},
		lead.Release{Rep: rep, Reason: "no"}, lead.Release{Rep: rep, Reason: "no", Pool: "cold"},
		lead.Recycle{Rep: rep, Reason: "not yet"},
		lead.Close{Rep: rep, As: rapid.SampledFrom([]lead.State{
			lead.StateJunk, lead.StateLost, lead.StateUnreachable, lead.StateCustomer,
		}).Draw(t, "as"), Reason: "no"},
		lead.Qualify{Rep: rep, Verdict: "enterprise"}, lead.Qualify{Rep: rep},
		lead.Convert{Rep: rep, Value: lead.Money{Amount: 5, Currency: "EUR"}},
	}
}
