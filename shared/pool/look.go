package pool

import (
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Asking is what a look at a lead may have to ask for. What is not needed is not
// asked for.
type Asking struct {
	// Choose is how the lead would be routed now: without a rep where nobody can have
	// it at once.
	Choose func(scored lead.Lead) (lead.Choice, error)
	// Person is whose lead it is.
	Person func() (lead.Person, error)
}

// Outcome is what follows from a look.
type Outcome struct {
	Team     string         // by whose rules the commands are decided
	Commands []lead.Command // of one history entry
	Person   *lead.Person   // as contacted, to be written with the entry; nil where nobody is contacted
}

// Look decides on a pooled lead whose turn it is: it is scored anew, and likely ones
// go to a rep or on the pool's call list, others get the pool's message, as far as
// the person may be contacted now. A share is left alone, to compare with, and what
// has been known for too long is archived. Whoever does not want to be contacted is
// nobody to be called or given to a rep either.
func Look(p *policy.Policy, l lead.Lead, score lead.Score, now time.Time, ask Asking) (Outcome, error) {
	rules := p.Rules(l.Team)
	scored, _, err := lead.Run(l, lead.System("sweep"), rules, now, score)
	if err != nil {
		return Outcome{}, err
	}
	stock := p.Stock(l.Pool)
	did := func(look lead.Look) Outcome { return Outcome{Team: l.Team, Commands: []lead.Command{score, look}} }
	cycle := lead.CycleAt(now, rules.Cycle(l.Pool))
	switch {
	case now.Sub(l.Created) >= stock.Archive:
		return did(lead.Look{Did: lead.DidRetire, Why: "known for as long as the policy keeps leads in pools"}), nil
	case HeldOut(stock.HoldOut, l.ID, int(cycle.Unix())):
		return did(lead.Look{Did: lead.DidHold}), nil
	}
	likely := p.Likely(scored, now)
	onList := likely && stock.List != "" && l.Facts.HasPhone
	if !likely && (stock.Reactivate == nil || !l.Facts.HasEmail) {
		return did(lead.Look{Did: lead.DidRest, Why: unreachable}), nil
	}
	person, err := ask.Person()
	if err != nil {
		return Outcome{}, err
	}
	if likely && person.OptOut.IsZero() {
		choice, err := ask.Choose(scored)
		if err != nil {
			return Outcome{}, err
		}
		if choice.Rep != "" {
			return Outcome{Team: choice.Team, Commands: []lead.Command{
				score, lead.Look{Did: lead.DidRoute, Why: "grade " + string(scored.Grade)}, lead.Route{Choice: choice}}}, nil
		}
	}
	if !onList && (stock.Reactivate == nil || !l.Facts.HasEmail) {
		return did(lead.Look{Did: lead.DidRest, Why: unreachable}), nil
	}
	if why := inPeace(p.Directory, person, scored, now); why != "" {
		return did(lead.Look{Did: lead.DidRest, Why: why}), nil
	}
	out := did(lead.Look{Did: lead.DidTouch})
	if onList {
		out = did(lead.Look{Did: lead.DidList, List: stock.List})
	}
	out.Person = contacted(person, now)
	return out, nil
}

// Nudge decides on the light touch that is due to a customer who said "not now".
func Nudge(p *policy.Directory, l lead.Lead, now time.Time, person func() (lead.Person, error)) (Outcome, error) {
	did := func(n lead.Nudge) Outcome { return Outcome{Team: l.Team, Commands: []lead.Command{n}} }
	if p.LightTouch() == nil || !l.Facts.HasEmail {
		return did(lead.Nudge{Skipped: unreachable}), nil
	}
	whose, err := person()
	if err != nil {
		return Outcome{}, err
	}
	if why := inPeace(p, whose, l, now); why != "" {
		return did(lead.Nudge{Skipped: why}), nil
	}
	out := did(lead.Nudge{})
	out.Person = contacted(whose, now)
	return out, nil
}

// unreachable is why nothing is sent where there is nothing to send, or no address.
const unreachable = "no way to reach them by itself"

// inPeace is why the system may not contact a person about a lead now; empty where
// it may.
func inPeace(p *policy.Directory, person lead.Person, l lead.Lead, now time.Time) string {
	switch from := p.ContactFrom(person, l, now); {
	case from.IsZero():
		return "opted out"
	case from.After(now):
		return "contacted as often as the policy allows"
	case p.Quiet(l, now):
		return "quiet hours"
	}
	return ""
}

// contacted is the person with a contact more: written with what contacts them, so
// that nobody else does at the same moment.
func contacted(p lead.Person, now time.Time) *lead.Person {
	p = p.Clone()
	p.Version++
	p.Contact(now)
	return &p
}
