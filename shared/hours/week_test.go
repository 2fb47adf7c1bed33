package hours_test

import (
	"slices"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

func TestCheckWeek(t *testing.T) {
	t.Parallel()
	good := week("Europe/Berlin", "anything", "09:00-12:00", "13:00-24:00")
	for _, w := range []hours.Week{good, {}, daily("", "09:00-18:00")} {
		if problems := hours.CheckWeek(w, "teams[0].hours"); problems != nil {
			t.Errorf("good week: %v", problems)
		}
	}
	for path, edit := range map[string]func(*hours.Week){
		"zone":           func(w *hours.Week) { w.Zone = "Nowhere/Land" },
		"shifts":         func(w *hours.Week) { w.Shifts = slices.Repeat(shifts("09:00-10:00"), 51) },
		"shifts[0].days": func(w *hours.Week) { w.Shifts = []lead.Shift{{From: "09:00", To: "10:00"}} },
		"shifts[1].days": func(w *hours.Week) {
			w.Shifts = append(shifts("09:00-10:00"), lead.Shift{Days: []time.Weekday{7}, From: "09:00", To: "10:00"})
		},
		"shifts[0].from": func(w *hours.Week) { w.Shifts = shifts("9-10:00") },
		"shifts[0].to":   func(w *hours.Week) { w.Shifts = shifts("09:00-09:00") },
	} {
		w := good
		edit(&w)
		for below, want := range map[string]string{"": path, "teams[0].hours": "teams[0].hours." + path} {
			if problems := hours.CheckWeek(w, below); len(problems) != 1 || problems[0].Path != want {
				t.Errorf("%s: problems %v", want, problems)
			}
		}
	}
	if problems := hours.CheckWeek(hours.Week{Zone: "Local"}, ""); len(problems) != 1 {
		t.Errorf("the zone of the machine: %v", problems)
	}
}
