package hours_test

import (
	"math"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

func TestMoments(t *testing.T) {
	t.Parallel()
	moments := hours.MomentsOf(moment(t, "2026-03-07T16:30:59Z", "UTC"))
	for range 2 { // found anew, and known
		for zone, want := range map[string]hours.Moment{
			"UTC":              {Day: "2026-03-07", Weekday: time.Saturday, Minute: 16*60 + 30},
			"Asia/Shanghai":    {Day: "2026-03-08", Weekday: time.Sunday, Minute: 30},
			"America/New_York": {Day: "2026-03-07", Weekday: time.Saturday, Minute: 11*60 + 30},
			"Nowhere/Land":     {Day: "2026-03-07", Weekday: time.Saturday, Minute: 16*60 + 30},
		} {
			got := moments.In(zone)
			if *got != want {
				t.Errorf("%s: %+v, want %+v", zone, *got, want)
			}
			if got.Left() != 24*time.Hour-time.Duration(want.Minute)*time.Minute {
				t.Errorf("%s: %s left of the day", zone, got.Left())
			}
		}
	}
}

func TestTomorrow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ zone, now, want string }{
		"in UTC":             {"UTC", "2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z"},
		"at midnight":        {"UTC", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
		"in Shanghai":        {"Asia/Shanghai", "2026-12-31T16:00:00Z", "2027-01-01T16:00:00Z"},
		"over a long day":    {"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		"without a midnight": {"America/Havana", "2026-03-07T12:00:00Z", "2026-03-08T05:00:00Z"},
		"of two midnights":   {"Asia/Amman", "2021-10-28T12:00:00Z", "2021-10-28T21:00:00Z"},
	} {
		if got := hours.Tomorrow(moment(t, c.now, c.zone), c.zone); !got.Equal(moment(t, c.want, c.zone)) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shifts  []lead.Shift
		at      string
		allDays bool
		want    float64
		ok      bool
	}{
		"no shifts":      {nil, "2026-03-04T18:00:00Z", false, 0.25, true},
		"before":         {shifts("09:00-17:00"), "2026-03-04T08:00:00Z", false, 1, true},
		"within":         {shifts("09:00-17:00"), "2026-03-04T15:00:00Z", false, 0.25, true},
		"after":          {shifts("09:00-17:00"), "2026-03-04T17:00:00Z", false, 0, true},
		"of two":         {shifts("08:00-12:00", "13:00-17:00"), "2026-03-04T12:30:00Z", false, 0.5, true},
		"faulty":         {shifts("17:00-09:00", "x-y"), "2026-03-04T12:30:00Z", false, 0, false},
		"another day":    {week("", "", "09:00-17:00").Shifts, "2026-03-07T12:00:00Z", false, 0, false},
		"as of all days": {week("", "", "09:00-17:00").Shifts, "2026-03-07T13:00:00Z", true, 0.5, true},
	} {
		moments := hours.MomentsOf(moment(t, c.at, "UTC"))
		got, ok := hours.Rest(&lead.Rep{Shifts: c.shifts}, moments.In("UTC"), c.allDays)
		if math.Abs(got-c.want) > 1e-9 || ok != c.ok {
			t.Errorf("%s: %v, %t; want %v, %t", name, got, ok, c.want, c.ok)
		}
	}
}
