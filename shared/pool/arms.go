package pool

import "sluice/shared/lead"

// Arms adds up the figures of a cycle, as [lead.Tally] has them: how many leads were
// looked at, and what became of those that were treated and of those held out. What
// was archived is of neither arm.
func Arms(figures map[string]int) (looked int, treated, held Tally) {
	for _, did := range lead.Dids {
		n := figures[string(did)]
		looked += n
		switch did {
		case lead.DidHold:
			held.Leads += n
		case lead.DidRetire:
		default:
			treated.Leads += n
		}
	}
	of := func(what string) int { return figures[string(lead.DidHold)+"."+what] }
	treated.Replied, treated.Converted = figures[lead.CreditReply], figures[lead.CreditConvert]
	held.Replied, held.Converted = of(lead.CreditReply), of(lead.CreditConvert)
	return looked, treated, held
}
