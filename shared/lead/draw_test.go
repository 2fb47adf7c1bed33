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
	r.Protect = span("protect", 5*time.Hour, 60*day)
	r.Hold = span("hold", time.Minute, 40*day)
	r.CoolOff = span("cool-off", 0, 60*day)
	r.MaxOffers = rapid.IntRange(0, 4).Draw(t, "offers")
	for _, g := range lead.Grades {
		r.FirstContact[g] = lead.Span{Time: span("first contact", time.Minute, 3*day)}
		r.Cadence[g] = lead.Span{Time: span("cadence", time.Minute, 20*day)}
	}
	return r
}

func drawScore(t *rapid.T) lead.Command {
	return lead.Score{Fit: rapid.IntRange(0, 3).Draw(t, "fit"), Grade: drawGrade(t)}
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
		waitFor(now.Add(rapid.SampledFrom([]time.Duration{-time.Minute, 0, 1, 15 * time.Hour, 15 * time.Hour, 3 * day}).Draw(t, "shift"))),
		lead.Route{Choice: lead.Choice{Wait: now.Add(day)}},
		drawMove(t, rep), drawMove(t, rep),
	}
	return rapid.SampledFrom(append(commands, own(t, rep, now)...)).Draw(t, "command")
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
		lead.Log{Rep: rep, Activity: lead.Logged{Way: "call"}},
		lead.Log{Rep: rep, Activity: lead.Logged{Way: "visit", StepAt: step, Grade: drawGrade(t)}},
		lead.Log{Rep: rep},
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
