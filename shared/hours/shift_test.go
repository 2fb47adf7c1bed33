package hours_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

// always has no calendars.
var always *hours.Calendars

var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

// shifts reads spans such as 09:00-18:00, worked every day.
func shifts(spans ...string) (all []lead.Shift) {
	for _, span := range spans {
		from, to, _ := strings.Cut(span, "-")
		all = append(all, lead.Shift{Days: everyDay, From: from, To: to})
	}
	return all
}

func TestOnShiftAndNextShift(t *testing.T) {
	t.Parallel()
	weekdays := []lead.Shift{{Days: []time.Weekday{1, 2, 3, 4, 5}, From: "09:00", To: "18:00"}}
	for name, c := range map[string]struct {
		rep  lead.Rep
		now  string
		on   bool
		next string // empty for none
	}{
		"no shifts":             {lead.Rep{Zone: "UTC"}, "2026-03-04T03:00:00Z", true, "2026-03-04T03:00:00Z"},
		"first minute":          {lead.Rep{Zone: "UTC", Shifts: weekdays}, "2026-03-04T09:00:00Z", true, "2026-03-04T09:00:00Z"},
		"last minute":           {lead.Rep{Zone: "UTC", Shifts: weekdays}, "2026-03-04T17:59:59Z", true, "2026-03-04T17:59:59Z"},
		"end":                   {lead.Rep{Zone: "UTC", Shifts: weekdays}, "2026-03-04T18:00:00Z", false, "2026-03-05T09:00:00Z"},
		"before":                {lead.Rep{Zone: "UTC", Shifts: weekdays}, "2026-03-04T08:59:00Z", false, "2026-03-04T09:00:00Z"},
		"weekend":               {lead.Rep{Zone: "UTC", Shifts: weekdays}, "2026-03-06T20:00:00Z", false, "2026-03-09T09:00:00Z"},
		"Shanghai":              {lead.Rep{Zone: "Asia/Shanghai", Shifts: weekdays}, "2026-03-04T00:30:00Z", false, "2026-03-04T01:00:00Z"},
		"next day there":        {lead.Rep{Zone: "Asia/Shanghai", Shifts: weekdays}, "2026-03-08T23:00:00Z", false, "2026-03-09T01:00:00Z"},
		"several a day":         {lead.Rep{Zone: "UTC", Shifts: shifts("14:00-18:00", "08:00-12:00")}, "2026-03-04T12:30:00Z", false, "2026-03-04T14:00:00Z"},
		"until midnight":        {lead.Rep{Zone: "UTC", Shifts: shifts("20:00-24:00")}, "2026-03-04T23:59:00Z", true, "2026-03-04T23:59:00Z"},
		"leave":                 {lead.Rep{Zone: "UTC", Leave: []lead.Leave{{From: "2026-03-04", To: "2026-03-06"}}}, "2026-03-04T10:00:00Z", false, "2026-03-07T00:00:00Z"},
		"leave in zone":         {lead.Rep{Zone: "Asia/Shanghai", Leave: []lead.Leave{{From: "2026-03-05", To: "2026-03-05"}}}, "2026-03-04T16:30:00Z", false, "2026-03-05T16:00:00Z"},
		"long leave":            {lead.Rep{Zone: "UTC", Leave: []lead.Leave{{From: "2026-03-01", To: "2026-04-30"}}}, "2026-03-04T10:00:00Z", false, ""},
		"no working day":        {lead.Rep{Zone: "UTC", Shifts: []lead.Shift{{From: "09:00", To: "10:00"}}}, "2026-03-04T10:00:00Z", false, ""},
		"clocks go forward":     {lead.Rep{Zone: "Europe/Berlin", Shifts: shifts("02:30-06:00")}, "2026-03-29T00:30:00Z", false, "2026-03-29T01:00:00Z"},
		"skipped to another":    {lead.Rep{Zone: "America/Havana", Shifts: shifts("00:30-06:00")}, "2026-03-08T03:00:00Z", false, "2026-03-08T05:00:00Z"},
		"shown first":           {lead.Rep{Zone: "Europe/Berlin", Shifts: shifts("02:30-06:00")}, "2026-10-25T00:10:00Z", false, "2026-10-25T00:30:00Z"},
		"shown again":           {lead.Rep{Zone: "Europe/Berlin", Shifts: shifts("02:30-06:00")}, "2026-10-25T01:10:00Z", false, "2026-10-25T01:30:00Z"},
		"put back into a shift": {lead.Rep{Zone: "Europe/Berlin", Shifts: shifts("00:00-02:30")}, "2026-10-25T00:40:00Z", false, "2026-10-25T01:00:00Z"},
		"shown between":         {lead.Rep{Zone: "Europe/Berlin", Shifts: shifts("02:00-02:10", "02:30-02:40")}, "2026-10-25T00:20:00Z", false, "2026-10-25T00:30:00Z"},
		"clocks go backward":    {lead.Rep{Zone: "Europe/Berlin", Shifts: shifts("02:00-03:00")}, "2026-10-25T01:30:00Z", true, "2026-10-25T01:30:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if on := always.OnShift(c.rep, now); on != c.on {
			t.Errorf("%s: on shift %t, want %t", name, on, c.on)
		}
		next := ""
		if at := always.NextShift(c.rep, now); !at.IsZero() {
			next = at.UTC().Format(time.RFC3339)
		}
		if next != c.next {
			t.Errorf("%s: next shift %q, want %q", name, next, c.next)
		}
	}
}

// TestNextShiftIsTheFirst: the rep works at the moment given, and at none
// before it.
func TestNextShiftIsTheFirst(t *testing.T) {
	t.Parallel()
	clock := rapid.SampledFrom([]string{"00:00", "02:30", "06:00", "09:15", "13:00", "18:45", "23:00", "24:00"})
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom(places).Draw(t, "place")
		r := lead.Rep{Zone: place.zone}
		for range rapid.IntRange(0, 3).Draw(t, "shifts") {
			r.Shifts = append(r.Shifts, lead.Shift{
				Days: rapid.SliceOfN(rapid.SampledFrom(everyDay), 1, 3).Draw(t, "days"),
				From: clock.Draw(t, "from"), To: clock.Draw(t, "to"),
			})
		}
		now := place.change().Add(time.Duration(rapid.IntRange(-15*24*60, 24*60).Draw(t, "minute")) * time.Minute)
		next := always.NextShift(r, now)
		if next.IsZero() {
			next = now.AddDate(0, 0, 14)
		} else if !always.OnShift(r, next) || next.Before(now) {
			t.Fatalf("not on shift at %v, the next shift from %v", next, now)
		}
		for at := now; at.Before(next); at = at.Add(5 * time.Minute) {
			if always.OnShift(r, at) {
				t.Fatalf("on shift at %v, before the next shift %v", at, next)
			}
		}
	})
}

func TestCheckRep(t *testing.T) {
	t.Parallel()
	good := lead.Rep{ID: "r", Name: "R", Zone: "Asia/Shanghai", Cap: ptr(0), Shifts: shifts("09:00-12:00", "20:00-24:00"),
		Leave: []lead.Leave{{From: "2026-05-01", To: "2026-05-01"}}}
	if problems := hours.CheckRep(good); problems != nil {
		t.Errorf("good rep: %v", problems)
	}
	for path, edit := range map[string]func(*lead.Rep){
		"id":             func(r *lead.Rep) { r.ID = "" },
		"name":           func(r *lead.Rep) { r.Name = "" },
		"zone":           func(r *lead.Rep) { r.Zone = "Nowhere/Land" },
		"cap":            func(r *lead.Rep) { r.Cap = ptr(-1) },
		"quota":          func(r *lead.Rep) { r.Quota = ptr(-1) },
		"shifts[0].days": func(r *lead.Rep) { r.Shifts = []lead.Shift{{From: "09:00", To: "10:00"}} },
		"shifts[1].from": func(r *lead.Rep) { r.Shifts = shifts("09:00-10:00", "9:00-10:00") },
		"shifts[0].to":   func(r *lead.Rep) { r.Shifts = shifts("22:00-06:00") },
		"leave[0].from":  func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "1 May", To: "2026-05-01"}} },
		"pace":           func(r *lead.Rep) { r.Pace = ptr(100_001) },
		"target":         func(r *lead.Rep) { r.Target = ptr(-1) },
		"since":          func(r *lead.Rep) { r.Since = "May" },
		"level":          func(r *lead.Rep) { r.Level = strings.Repeat("x", 61) },
		"shifts":         func(r *lead.Rep) { r.Leave = slices.Repeat(r.Leave, 101) },
		"leave[0].to":    func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-05-02", To: "2026-05-01"}} },
	} {
		r := good
		edit(&r)
		if problems := hours.CheckRep(r); len(problems) != 1 || problems[0].Path != path {
			t.Errorf("%s: problems %v", path, problems)
		}
	}
}

// TestClocksAreRead: a shift with a time that is none is never worked.
func TestClocksAreRead(t *testing.T) {
	t.Parallel()
	for clock, good := range map[string]bool{
		"00:00": true, "09:59": true, "19:05": true, "23:59": true, "24:00": true,
		"24:01": false, "25:00": false, "09:60": false, "9:00": false, "009:0": false, "09-00": false, "0a:00": false, "09:0/": false, ":9:00": false, "": false, "١٢:٠": false,
	} {
		var texts []string
		for _, p := range hours.CheckRep(lead.Rep{ID: "r", Name: "R", Zone: "UTC", Shifts: []lead.Shift{{Days: everyDay, From: "00:00", To: clock}}}) {
			texts = append(texts, p.Text)
		}
		empty := clock == "00:00" // ends when it starts
		if refused := strings.Contains(strings.Join(texts, ";"), "write a time of day"); refused == good || len(texts) > 0 != (!good || empty) {
			t.Errorf("%q: %q", clock, texts)
		}
	}
}

func ptr(n int) *int { return &n }
