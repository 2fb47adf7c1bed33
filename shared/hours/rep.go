package hours

import (
	"fmt"
	"time"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

const (
	maxPace  = 100_000 // in leads of 30 days: a lead every 26 seconds
	maxLevel = 60      // bytes

	maxShifts = 50
	maxLeave  = 100
)

// CheckRep lists what is wrong with the record of a rep. Paths are those of its
// JSON, such as "shifts[0].from". Whether the teams exist is not asked.
func CheckRep(rep lead.Rep) []rule.Problem {
	var problems []rule.Problem
	report := reporter(&problems, "")
	if rep.ID == "" {
		report("id", "give the rep an id")
	}
	if rep.Name == "" {
		report("name", "give the rep a name")
	}
	if !isZone(rep.Zone) {
		report("zone", noZone)
	}
	if rep.Cap != nil && *rep.Cap < 0 {
		report("cap", "leave the cap out for no cap; 0 gives the rep no leads; it cannot be below")
	}
	if rep.Quota != nil && *rep.Quota < 0 {
		report("quota", "leave the quota out for no quota; 0 gives the rep no new leads; it cannot be below")
	}
	if rep.Pace != nil && (*rep.Pace < 0 || *rep.Pace > maxPace) {
		report("pace", "leave the pace out for none; 0 gives the rep no leads; the most is %d in 30 days", maxPace)
	}
	if rep.Target != nil && *rep.Target < 0 {
		report("target", "leave the target out for a rep who is never qualified; it cannot be below 0")
	}
	if _, err := time.Parse(time.DateOnly, rep.Since); err != nil && rep.Since != "" {
		report("since", "write a date such as 2026-05-01")
	}
	if len(rep.Level) > maxLevel {
		report("level", "shorten the level to %d bytes", maxLevel)
	}
	if len(rep.Shifts) > maxShifts || len(rep.Leave) > maxLeave {
		report("shifts", "give at most %d shifts and %d leaves", maxShifts, maxLeave)
	}
	checkShifts(rep.Shifts, report)
	for i, leave := range rep.Leave {
		at := fmt.Sprintf("leave[%d]", i)
		if _, err := time.Parse(time.DateOnly, leave.From); err != nil {
			report(at+".from", "write a date such as 2026-05-01")
		}
		if _, err := time.Parse(time.DateOnly, leave.To); err != nil {
			report(at+".to", "write a date such as 2026-05-01")
		} else if leave.To < leave.From {
			report(at+".to", "end the leave on or after the day on which it starts")
		}
	}
	return problems
}
