package policy

import (
	"cmp"
	"slices"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
)

// Week is when a team works, as people write it.
type Week struct {
	Zone     string  `json:"zone,omitempty"`     // IANA; the house's
	Shifts   []Shift `json:"shifts,omitempty"`   // all day on every day that is not off
	Calendar string  `json:"calendar,omitempty"` // of holidays, by its id
}

// Shift is a part of some days, as people write it.
type Shift struct {
	Days []string `json:"days"` // mon, tue, …
	From string   `json:"from"` // 15:04
	To   string   `json:"to"`   // 15:04, 24:00 for the day's end
}

// Shifts are shifts with their days as numbers. A name that is none counts as
// Sunday: whoever read it has said so.
func Shifts(written []Shift) []lead.Shift {
	var shifts []lead.Shift
	for _, w := range written {
		shift := lead.Shift{From: w.From, To: w.To}
		for _, name := range w.Days {
			shift.Days = append(shift.Days, time.Weekday(max(0, slices.Index(route.Weekdays(), name))))
		}
		shifts = append(shifts, shift)
	}
	return shifts
}

// week is the week in a house whose zone is that.
func (w Week) week(zone string) hours.Week {
	return hours.Week{Zone: cmp.Or(w.Zone, zone), Shifts: Shifts(w.Shifts), Calendar: w.Calendar}
}
