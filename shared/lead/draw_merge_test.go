package lead_test

import (
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// drawCleansing draws what becomes of a lead from a list, and of what is not known.
func drawCleansing(t *rapid.T) lead.Command {
	facts, enrichers := drawFacts(t), []string{"atlas", "register"}
	return rapid.SampledFrom([]lead.Command{
		listed(), lead.Withhold{Team: "cleansing"}, lead.Withhold{Team: "cleansing"}, lead.Withhold{},
		lead.Verify{}, lead.Verify{Facts: facts, Private: lead.Sealed("need"), Note: lead.Sealed("note")},
		lead.Ask{Of: rapid.SliceOfN(rapid.SampledFrom(enrichers), 0, 3).Draw(t, "asked")},
		lead.Enrich{By: rapid.SampledFrom(enrichers).Draw(t, "enricher"), Facts: facts},
	}).Draw(t, "cleansing")
}

// drawUniting draws what a merge of two persons, or its undoing, does to a lead.
func drawUniting(t *rapid.T, rep string) lead.Command {
	facts := drawFacts(t)
	back := facts
	back.Channel = "website"
	of := rapid.SampledFrom([]string{"p1", "p2"}).Draw(t, "person")
	other := rapid.SampledFrom([]string{"l2", "l3"}).Draw(t, "other lead")
	taken := drawSignals(t, monday)
	return rapid.SampledFrom([]lead.Command{
		lead.Join{Person: of}, lead.Join{Person: of, Undone: true}, lead.Absorb{Into: other, Person: "p2"},
		lead.Take{Lead: other, Facts: facts, Touches: 1}, lead.Take{Lead: other, Facts: facts, Touches: 2, Private: lead.Sealed("both"), Signals: taken},
		lead.Return{Lead: other, Facts: back, Touches: 1, Signals: lead.JoinSignals(nil, taken...)}, lead.Restore{Rep: rep, Why: "two persons"}, lead.Restore{Why: "two persons"},
	}).Draw(t, "uniting")
}

// drawSignals draws signals up to a moment.
func drawSignals(t *rapid.T, until time.Time) []lead.Signal {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lead.Signal { return drawSignal(t, until) }), 0, 4).Draw(t, "signals")
}

// drawFacts draws facts of which some may come from elsewhere.
func drawFacts(t *rapid.T) lead.Facts {
	var f lead.Facts
	from := rapid.SampledFrom([]string{lead.FromPhone, lead.FromCompany, "atlas"})
	word := rapid.SampledFrom([]string{"", "", "a", "b"})
	for _, name := range []string{"country", "city", "industry"} {
		value, derived := word.Draw(t, name), rapid.Bool().Draw(t, name+" is derived")
		if at := rapid.SampledFrom([]time.Time{{}, monday}).Draw(t, name+" at"); f.Fill(name, value, lead.Provenance{From: from.Draw(t, name+" from"), At: at}) && !derived {
			delete(f.Origins, name)
		}
	}
	if len(f.Origins) == 0 {
		f.Origins = nil
	}
	f.Campaign, f.Channel, f.Account = word.Draw(t, "campaign"), word.Draw(t, "channel"), word.Draw(t, "account")
	f.HasPhone, f.RoleMail = rapid.Bool().Draw(t, "phone"), rapid.Bool().Draw(t, "role mail")
	for _, name := range []string{"age", "budget"} {
		if v := word.Draw(t, name); v != "" {
			if f.Answers == nil {
				f.Answers = map[string]any{}
			}
			f.Answers[name] = v
		}
	}
	return f
}
