package hours

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// part is a span of a day in minutes by the clock, as 540 to 1080.
type part struct{ from, to int64 }

// CheckWeek lists what is wrong with a week. Paths are those of its JSON below the
// given one, such as "teams[0].hours.shifts[0].from". Whether its calendar exists
// is not asked.
func CheckWeek(w Week, path string) []rule.Problem {
	var problems []rule.Problem
	report := reporter(&problems, path)
	if w.Zone != "" && !isZone(w.Zone) {
		report("zone", noZone)
	}
	if len(w.Shifts) > maxShifts {
		report("shifts", "give at most %d shifts", maxShifts)
	}
	checkShifts(w.Shifts, report)
	return problems
}

// reporter collects faults at paths below one, or at the top where that is empty.
func reporter(problems *[]rule.Problem, below string) func(path, format string, args ...any) {
	return func(path, format string, args ...any) {
		if below != "" {
			path = below + "." + path
		}
		*problems = append(*problems, rule.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
	}
}

func checkShifts(shifts []lead.Shift, report func(path, format string, args ...any)) {
	for i, shift := range shifts {
		at := fmt.Sprintf("shifts[%d]", i)
		if len(shift.Days) == 0 {
			report(at+".days", "list the days of the shift")
		}
		for _, day := range shift.Days {
			if day < time.Sunday || day > time.Saturday {
				report(at+".days", "a day is 0, Sunday, to 6, Saturday")
			}
		}
		from, okFrom := minutes(shift.From)
		to, okTo := minutes(shift.To)
		if !okFrom {
			report(at+".from", "write a time of day such as 09:00")
		}
		if !okTo {
			report(at+".to", "write a time of day such as 18:00, or 24:00 for the day's end")
		}
		if okFrom && okTo && from >= to {
			report(at+".to", "end the shift after it starts; write one past midnight as two, until 24:00 and from 00:00")
		}
	}
}

// Hours compiles a week that was checked. No zone, as one that is unknown, is UTC:
// the house's is for the caller to fill in. A calendar that is unknown has no
// holidays, and nil calendars have none that is known.
func (c *Calendars) Hours(w Week) *Hours {
	h := &Hours{zone: lead.Zone(w.Zone)}
	if c != nil {
		h.calendar = c.calendars[w.Calendar]
	}
	if len(w.Shifts) == 0 {
		h.swapped = []part{{0, dayEnd}}
		for day := range h.days {
			h.days[day] = h.swapped
		}
		return h
	}
	for _, shift := range w.Shifts {
		from, okFrom := minutes(shift.From)
		to, okTo := minutes(shift.To)
		if !okFrom || !okTo || from >= to {
			continue
		}
		p := part{int64(from), int64(to)}
		h.swapped = append(h.swapped, p)
		for day := range h.days {
			if slices.Contains(shift.Days, time.Weekday(day)) {
				h.days[day] = append(h.days[day], p)
			}
		}
	}
	for day := range h.days {
		h.days[day] = union(h.days[day])
	}
	h.swapped = union(h.swapped)
	return h
}

// union joins parts that overlap or touch.
func union(parts []part) []part {
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.from, b.from) })
	var joined []part
	for _, p := range parts {
		if n := len(joined); n > 0 && p.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, p.to)
		} else {
			joined = append(joined, p)
		}
	}
	return joined
}
