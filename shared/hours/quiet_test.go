package hours_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

func TestQuietUntil(t *testing.T) {
	t.Parallel()
	night, siesta := hours.Quiet{From: "21:00", To: "09:00"}, hours.Quiet{From: "12:30", To: "15:00"}
	for name, c := range map[string]struct {
		quiet    hours.Quiet
		zone     string
		at, want string // no want is the moment itself
	}{
		"before":                    {night, "UTC", "2026-03-04 20:59:59", ""},
		"from then on":              {night, "UTC", "2026-03-04 21:00:00", "2026-03-05 09:00:00"},
		"to midnight":               {night, "UTC", "2026-03-04 23:59:59", "2026-03-05 09:00:00"},
		"after midnight":            {night, "UTC", "2026-03-05 00:00:00", "2026-03-05 09:00:00"},
		"a part of a second before": {night, "UTC", "2026-03-05T08:59:59.999999999Z", "2026-03-05 09:00:00"},
		"at its end":                {night, "UTC", "2026-03-05 09:00:00", ""},
		"with parts of a second":    {night, "UTC", "2026-03-05T09:00:00.5Z", ""},
		"within a day":              {siesta, "UTC", "2026-03-05 12:30:00", "2026-03-05 15:00:00"},
		"after it":                  {siesta, "UTC", "2026-03-05 15:00:00", ""},
		"around midnight":           {siesta, "UTC", "2026-03-05 00:00:00", ""},
		"in Shanghai":               {night, "Asia/Shanghai", "2026-03-04T14:00:00Z", "2026-03-05T01:00:00Z"},
		"until the day's end":       {hours.Quiet{From: "21:00", To: "24:00"}, "UTC", "2026-03-04 22:00:00", "2026-03-05 00:00:00"},
		"from midnight":             {hours.Quiet{From: "24:00", To: "09:00"}, "UTC", "2026-03-04 00:00:00", "2026-03-04 09:00:00"},
		"all but a minute":          {hours.Quiet{From: "09:01", To: "09:00"}, "UTC", "2026-03-04 09:01:00", "2026-03-05 09:00:00"},
		"none":                      {hours.Quiet{}, "UTC", "2026-03-04 23:00:00", ""},
		"faulty":                    {hours.Quiet{From: "21:00", To: "9"}, "UTC", "2026-03-04 23:00:00", ""},
		"a short night":             {night, "Europe/Berlin", "2026-03-28 23:00:00", "2026-03-29T07:00:00Z"},
		"a long night":              {night, "Europe/Berlin", "2026-10-24 23:00:00", "2026-10-25T08:00:00Z"},
		"an end that is skipped":    {hours.Quiet{From: "21:00", To: "02:30"}, "Europe/Berlin", "2026-03-28 23:00:00", "2026-03-29T01:00:00Z"},
		"a start that is skipped":   {hours.Quiet{From: "02:30", To: "05:00"}, "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29 05:00:00"},
		"all of it is skipped":      {hours.Quiet{From: "02:00", To: "03:00"}, "Europe/Berlin", "2026-03-29T01:00:00Z", ""},
		"an end that comes twice":   {hours.Quiet{From: "21:00", To: "02:30"}, "Europe/Berlin", "2026-10-25T00:10:00Z", "2026-10-25T00:30:00Z"},
		"its second time":           {hours.Quiet{From: "21:00", To: "02:30"}, "Europe/Berlin", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"},
		"an hour that comes twice":  {hours.Quiet{From: "02:00", To: "03:00"}, "Europe/Berlin", "2026-10-25T00:10:00Z", "2026-10-25T02:00:00Z"},
		"no midnight":               {hours.Quiet{From: "18:00", To: "24:00"}, "America/Havana", "2026-03-07 20:00:00", "2026-03-08T05:00:00Z"},
	} {
		at, want := moment(t, c.at, c.zone), moment(t, c.at, c.zone)
		if c.want != "" {
			want = moment(t, c.want, c.zone)
		}
		if problems := hours.CheckQuiet(c.quiet, ""); (problems != nil) != (name == "faulty") {
			t.Errorf("%s: %v", name, problems)
		}
		if got := hours.CompileQuiet(c.quiet).Until(at, lead.Zone(c.zone)); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestAwake(t *testing.T) {
	t.Parallel()
	for quiet, want := range map[hours.Quiet]time.Duration{
		{From: "21:00", To: "09:00"}: 12 * time.Hour, {From: "12:30", To: "15:00"}: 21*time.Hour + 30*time.Minute,
		{From: "00:00", To: "23:59"}: time.Minute, {From: "20:00", To: "24:00"}: 20 * time.Hour, {}: 24 * time.Hour, {From: "x", To: "09:00"}: 24 * time.Hour,
	} {
		if got := hours.CompileQuiet(quiet).Awake(); got != want {
			t.Errorf("%v: awake for %s, want %s", quiet, got, want)
		}
	}
}

func TestCheckQuiet(t *testing.T) {
	t.Parallel()
	for quiet, path := range map[hours.Quiet]string{
		{From: "21:00"}: "to", {To: "09:00"}: "from", {From: "9pm", To: "09:00"}: "from", {From: "21:00", To: "25:00"}: "to",
		{From: "09:00", To: "09:00"}: "to", {From: "00:00", To: "24:00"}: "to",
	} {
		for below, want := range map[string]string{"": path, "contact.quiet": "contact.quiet." + path} {
			if problems := hours.CheckQuiet(quiet, below); len(problems) != 1 || problems[0].Path != want {
				t.Errorf("%v: %v", quiet, problems)
			}
		}
	}
}

func drawQuiet(t *rapid.T) hours.Quiet {
	clock := rapid.SampledFrom([]string{"00:00", "00:30", "01:30", "02:00", "02:15", "03:00", "09:00", "21:00", "23:15", "24:00"})
	return hours.Quiet{From: clock.Draw(t, "from"), To: clock.Draw(t, "to")}
}

// TestQuietEndsWhereTheClocksSayIt: until then every minute is quiet, and then none
// is.
func TestQuietEndsWhereTheClocksSayIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := rapid.SampledFrom(places).Draw(t, "place"), drawQuiet(t)
		if hours.CheckQuiet(q, "") != nil {
			t.Skip("faulty")
		}
		zone := lead.Zone(p.zone)
		quiet := func(at time.Time) bool {
			clock := at.In(zone).Format("15:04")
			if q.From == "24:00" {
				return clock < q.To
			}
			if q.From < q.To {
				return q.From <= clock && clock < q.To
			}
			return q.From <= clock || clock < q.To
		}
		at := drawMoment(t, p)
		end := hours.CompileQuiet(q).Until(at, zone)
		if quiet(end) || end.Before(at) {
			t.Fatalf("%v at %s: until %s, which is quiet", q, at, end)
		}
		for ; at.Before(end); at = at.Truncate(time.Minute).Add(time.Minute) {
			if !quiet(at) {
				t.Fatalf("%v: quiet until %s, and not at %s", q, end, at)
			}
		}
	})
}

func FuzzQuiet(f *testing.F) {
	f.Add("21:00", "09:00", int64(1_774_750_000))
	f.Add("24:00", "00:01", int64(-1))
	f.Add("", "x", int64(1<<40))
	zone := lead.Zone("America/New_York")
	f.Fuzz(func(t *testing.T, from, to string, second int64) {
		q := hours.Quiet{From: from, To: to}
		s := hours.CompileQuiet(q)
		if awake := s.Awake(); awake <= 0 || awake > 24*time.Hour || hours.CheckQuiet(q, "") == nil && from != "" && awake == 24*time.Hour {
			t.Errorf("awake for %s", awake)
		}
		at := time.Unix(second%(1<<36), 0)
		if end := s.Until(at, zone); end.Before(at) || end.Sub(at) > 25*time.Hour || !s.Until(end, zone).Equal(end) {
			t.Errorf("%s until %s", at, end)
		}
	})
}

func BenchmarkQuietUntil(b *testing.B) {
	s, zone := hours.CompileQuiet(hours.Quiet{From: "21:00", To: "09:00"}), lead.Zone("Europe/Berlin")
	at := time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		s.Until(at, zone)
	}
}
