package policy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// faults are the paths of what is wrong with the sample once it was edited.
func faults(t *testing.T, edit func(*policy.Document)) []string {
	t.Helper()
	d := sample(t)
	edit(&d)
	var paths []string
	for _, p := range policy.Check(d) {
		paths = append(paths, p.Path)
	}
	return paths
}

// TestCheckAtTheBounds: what is just within the bounds is let through, what is just
// beyond is told. The bad documents show the texts.
func TestCheckAtTheBounds(t *testing.T) {
	t.Parallel()
	d := func(d time.Duration) *policy.Duration { return new(policy.Duration(d)) }
	for path, edit := range map[string]func(*policy.Document, bool){
		"pools[0].sweep": func(p *policy.Document, beyond bool) {
			p.Pools[0].Sweep = d(either(beyond, day-time.Second, day))
		},
		"pools[1].sweep": func(p *policy.Document, beyond bool) {
			p.Pools[1].Sweep = d(either(beyond, 366*day+time.Second, 366*day))
		},
		"pools[0].freeze": func(p *policy.Document, beyond bool) {
			p.Pools[0].Freeze = d(either(beyond, 30*day, 30*day-time.Second))
		},
		"pools[1].hold_out": func(p *policy.Document, beyond bool) { p.Pools[1].HoldOut = new(either(beyond, 0.51, 0.5)) },
		"pools[1].archive": func(p *policy.Document, beyond bool) {
			p.Pools[1].Archive = d(either(beyond, day-time.Second, day))
		},
		"pools[0].admins": func(p *policy.Document, beyond bool) {
			p.Pools[0].Assigned, p.Pools[0].Admins = true, either(beyond, nil, []string{"max"})
		},
		"deadlines.accept": func(p *policy.Document, beyond bool) {
			p.Deadlines.Accept = &policy.Span{Time: either(beyond, 59*time.Second, time.Minute)}
		},
		"deadlines.note": func(p *policy.Document, beyond bool) {
			p.Deadlines.Note = &policy.Span{Days: 366, Time: either(beyond, time.Second, 0)}
		},
		"deadlines.triage": func(p *policy.Document, beyond bool) {
			p.Deadlines.Triage = &policy.Span{Days: either(beyond, 367, 366)}
		},
		"deadlines.talk": func(p *policy.Document, beyond bool) { p.Deadlines.Talk = d(either(beyond, time.Hour+1, time.Hour)) },
		"deadlines.log": func(p *policy.Document, beyond bool) {
			p.Deadlines.Log = d(either(beyond, 59*time.Second, 60*time.Second))
		},
		"deadlines.sweep": func(p *policy.Document, beyond bool) {
			p.Deadlines.Sweep = d(either(beyond, 23*time.Hour, 24*time.Hour))
		},
		"deadlines.warn[1]": func(p *policy.Document, beyond bool) {
			p.Deadlines.Warn[1] = policy.Duration(either(beyond, 59*time.Second, time.Minute))
		},
		"deadlines.warn[0]": func(p *policy.Document, beyond bool) {
			p.Deadlines.Warn[0] = policy.Duration(either(beyond, 30*day, 30*day-1))
		},
		"deadlines.protect": func(p *policy.Document, beyond bool) { p.Deadlines.Protect = d(either(beyond, 60*day+1, 60*day)) },
		"deadlines.hold":    func(p *policy.Document, beyond bool) { p.Deadlines.Hold = d(either(beyond, 90*day+1, 90*day)) },
		"deadlines.zombie":  func(p *policy.Document, beyond bool) { p.Deadlines.Zombie = d(either(beyond, 60*day+1, 60*day)) },
		"teams[0].deadlines.protect_most": func(p *policy.Document, beyond bool) {
			p.Teams[0].Deadlines.ProtectMost = d(either(beyond, 30*day-1, 30*day))
		},
		"teams[0].deadlines.hold_most": func(p *policy.Document, beyond bool) {
			p.Teams[0].Deadlines.HoldMost = d(either(beyond, 30*day-1, 30*day))
		},
		"teams[1].hours": func(p *policy.Document, beyond bool) { // two hours a week
			p.Teams[1].Hours.Shifts = []policy.Shift{{Days: []string{"wed"}, From: "09:00", To: "11:00"}}
			p.Teams[1].Deadlines.Accept = &policy.Span{Time: either(beyond, 9*time.Hour, 8*time.Hour)}
		},
		"teams[1].hours.shifts[0].days[1]": func(p *policy.Document, beyond bool) {
			p.Teams[1].Hours.Shifts[0].Days[1] = either(beyond, "Tue", "sun")
		},
		"contact.zones.GB": func(p *policy.Document, beyond bool) {
			p.Contact.Zones["GB"] = either(beyond, "Europe/Londn", "Europe/London")
		},
		"region": func(p *policy.Document, beyond bool) { p.Region = either(beyond, "UK", "GB") },
	} {
		if paths := faults(t, func(p *policy.Document) { edit(p, true) }); !slices.Contains(paths, path) {
			t.Errorf("%s: beyond the bound there are faults at %q", path, paths)
		}
		if paths := faults(t, func(p *policy.Document) { edit(p, false) }); slices.Contains(paths, path) {
			t.Errorf("%s: within the bound there is a fault", path)
		}
	}
}

func either[T any](beyond bool, bad, good T) T {
	if beyond {
		return bad
	}
	return good
}

// TestOffersEndWhileProtected: it is the slowest week that counts, by the days as by
// the hours of a span.
func TestOffersEndWhileProtected(t *testing.T) {
	t.Parallel()
	weekdays := []string{"mon", "tue", "wed", "thu", "fri"}
	for name, c := range map[string]struct {
		days     []string
		from, to string
		accept   policy.Span
		protect  time.Duration
		told     bool
	}{
		"over a weekend":               {weekdays, "09:00", "18:00", policy.Span{Time: 4 * time.Hour}, 3 * day, false},
		"over a weekend, too short":    {weekdays, "09:00", "18:00", policy.Span{Time: 4 * time.Hour}, 66 * time.Hour, true},
		"days over a weekend":          {weekdays, "09:00", "18:00", policy.Span{Days: 2}, 5 * day, false},
		"days over a weekend, short":   {weekdays, "09:00", "18:00", policy.Span{Days: 2}, 4 * day, true},
		"days and hours":               {weekdays, "09:00", "18:00", policy.Span{Days: 1, Time: 9 * time.Hour}, 5 * day, false},
		"days and hours, short":        {weekdays, "09:00", "18:00", policy.Span{Days: 1, Time: 9 * time.Hour}, 95 * time.Hour, true},
		"around the clock":             {[]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, "00:00", "24:00", policy.Span{Time: 4 * time.Hour}, 5 * time.Hour, false},
		"of a day, a day a week":       {[]string{"sat"}, "09:00", "18:00", policy.Span{Days: 3}, 28*day + 9*time.Hour, false},
		"of a day, a day a week, less": {[]string{"sat"}, "09:00", "18:00", policy.Span{Days: 3}, 27 * day, true},
	} {
		paths := faults(t, func(d *policy.Document) {
			d.Teams[1].Hours = &policy.Week{Shifts: []policy.Shift{{Days: c.days, From: c.from, To: c.to}}}
			d.Teams[1].Deadlines = policy.Deadlines{Accept: &c.accept, Protect: new(policy.Duration(c.protect))}
		})
		if told := slices.Contains(paths, "teams[1].hours"); told != c.told || len(paths) > 1 {
			t.Errorf("%s: faults at %q", name, paths)
		}
	}
}

// TestCountries: the list is that of ISO 3166-1, as far as others know it, and has
// every country whose telephone numbers are known.
func TestCountries(t *testing.T) {
	t.Parallel()
	known := func(code string) bool {
		return len(faults(t, func(d *policy.Document) {
			d.Teams[0].Pools = []lead.Segment{{Countries: []string{code}, Pool: "open-sea"}}
		})) == 0
	}
	n := 0
	for i := range 26 * 26 {
		code := string([]byte{'A' + byte(i/26), 'A' + byte(i%26)})
		if !strings.Contains(policy.Countries, code) {
			continue
		}
		n++
		if region, err := language.ParseRegion(code); err != nil || !region.IsCountry() || region.Canonicalize().String() != code {
			t.Errorf("%s is no country: %v", code, err)
		}
	}
	if n != 250 {
		t.Errorf("%d countries, want the 249 of the standard and Kosovo", n)
	}
	for region := range phonenumbers.GetSupportedRegions() {
		if !strings.Contains(policy.Countries, region) && !slices.Contains([]string{"AC", "TA"}, region) { // islands of SH
			t.Errorf("%s has telephone numbers and is no country", region)
		}
	}
	for code, want := range map[string]bool{"CN": true, "XK": true, "UK": false, "EU": false, "cn": false, "C": false, "": false, "A D": false, "CN DE": false} {
		if known(code) != want {
			t.Errorf("%q is known: %t, want %t", code, !want, want)
		}
	}
}
