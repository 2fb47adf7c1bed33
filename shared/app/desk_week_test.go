package app

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

func TestWeekOf(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for text, monday := range map[string]string{
		"2026-W47": "2026-11-16", "2026-W01": "2025-12-29", "2026-W53": "2026-12-28", "2024-W01": "2024-01-01", "2021-W01": "2021-01-04", "2020-W53": "2020-12-28",
	} {
		w, ok := weekOf(text, shanghai)
		if !ok || w.from.Format(time.DateOnly+" 15:04 -07") != monday+" 00:00 +08" || w.to.Sub(w.from) != 7*24*time.Hour || w.String() != text {
			t.Errorf("%s is from %s to %s, called %s (%t)", text, w.from, w.to, w, ok)
		}
	}
	for _, text := range []string{"", "2026", "2026-W54", "2025-W53", "2026-W00", "2026-W7", "2026-w47", "2026W47", "26-W47", "2026-W47 ", "-001-W01", "+026-W47", "2026-W+7", "0000-W01", "２０２６-W47"} {
		if w, ok := weekOf(text, time.UTC); ok {
			t.Errorf("%q is the week from %s", text, w.from)
		}
	}
}

func FuzzWeekOf(f *testing.F) {
	f.Add("2026-W47")
	f.Add("9999-W52")
	f.Add("0001-W01")
	f.Fuzz(func(t *testing.T, text string) {
		w, ok := weekOf(text, time.UTC)
		if !ok {
			return
		}
		if w.String() != text || w.from.Weekday() != time.Monday || !w.has(w.from) || w.has(w.to) {
			t.Errorf("%q is %s from %s", text, w, w.from)
		}
	})
}

// TestWeekBefore: a moment lies in the week after the one before it, also where the
// clocks change.
func TestWeekBefore(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "America/Los_Angeles"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0)
		w := weekBefore(at, zone)
		again, ok := weekOf(w.String(), zone)
		if !ok || !again.from.Equal(w.from) || !again.to.Equal(w.to) {
			t.Fatalf("the week before %s is %s, which is from %s", at, w, again.from)
		}
		if w.has(at) || at.Before(w.to) || weekBefore(at.AddDate(0, 0, 7), zone).String() == w.String() {
			t.Fatalf("%s does not lie in the week after %s", at, w)
		}
	})
}

func TestJudge(t *testing.T) {
	t.Parallel()
	w, _ := weekOf("2026-W10", time.UTC)
	on := func(days float64) time.Time { return w.from.Add(time.Duration(days * 24 * float64(time.Hour))) }
	text := lead.Sealed("sealed")
	full := lead.Logged{Way: "call", Summary: text, Step: text, StepAt: on(9)}
	entry := func(at time.Time, e ...lead.Event) lead.Entry { return lead.Entry{At: at, Events: e} }
	for name, c := range map[string]struct {
		history []lead.Entry
		want    Completeness
	}{
		"nothing":           {nil, Completeness{}},
		"of other weeks":    {[]lead.Entry{entry(on(-0.1), full), entry(on(7), full)}, Completeness{}},
		"all of it":         {[]lead.Entry{entry(on(1), full)}, Completeness{on(1), "call", true, true, true, true, 100}},
		"the last counts":   {[]lead.Entry{entry(on(1), full), entry(on(2), lead.Logged{Way: "note", Bare: true})}, Completeness{on(2), "note", false, false, false, true, 25}},
		"as it took place":  {[]lead.Entry{entry(on(3), full), entry(on(3.5), lead.Logged{Way: "mail", Done: on(2)})}, Completeness{on(3), "call", true, true, true, true, 100}},
		"logged late":       {[]lead.Entry{entry(on(3), lead.Logged{Way: "call", Done: on(1.5), Summary: text, Bare: true})}, Completeness{on(1.5), "call", true, false, false, false, 25}},
		"just in time":      {[]lead.Entry{entry(on(2), lead.Logged{Way: "call", Done: on(1)})}, Completeness{on(1), "call", false, false, true, true, 50}},
		"logged next week":  {[]lead.Entry{entry(on(7.2), lead.Logged{Way: "call", Done: on(6.5)})}, Completeness{on(6.5), "call", false, false, true, true, 50}},
		"done the week ago": {[]lead.Entry{entry(on(0.2), lead.Logged{Way: "call", Done: on(-0.2)})}, Completeness{}},
		"a step, no date":   {[]lead.Entry{entry(on(1), lead.Logged{Way: "call", Step: text})}, Completeness{on(1), "call", false, false, true, true, 50}},
		"a date, no step":   {[]lead.Entry{entry(on(1), lead.Logged{Way: "call", StepAt: on(9)})}, Completeness{on(1), "call", false, false, true, true, 50}},
		"among others":      {[]lead.Entry{entry(on(1), lead.Resumed{}, full, lead.Due{})}, Completeness{on(1), "call", true, true, true, true, 100}},
	} {
		if got := judge(c.history, w, 24*time.Hour); got != c.want {
			t.Errorf("%s: judged %+v, want %+v", name, got, c.want)
		}
	}
}

// TestLotsAreFair: each lead comes first as often as any, another week draws anew,
// and who asks again gets the same.
func TestLotsAreFair(t *testing.T) {
	t.Parallel()
	const leads, weeks = 20, 4000
	first := map[string]int{}
	for w := range weeks {
		var ids []string
		for i := range leads {
			ids = append(ids, fmt.Sprintf("l06h06k%04d", i))
		}
		drawn := slices.Clone(lots(slices.Clone(ids), fmt.Sprint(w)))
		slices.Reverse(ids)
		if again := lots(append(ids, ids[3]), fmt.Sprint(w)); !slices.Equal(again, drawn) {
			t.Fatalf("drawn again in week %d: %v, before %v", w, again, drawn)
		}
		first[drawn[0]]++
	}
	chi := 0.0
	for _, n := range first {
		chi += math.Pow(float64(n)-weeks/leads, 2) / (weeks / leads)
	}
	if len(first) != leads || chi > 43.8 { // of 19 degrees of freedom, once in a thousand
		t.Errorf("first were %v: chi-square %.1f", first, chi)
	}
}

// The places and their distances are those of the worked example of Sinnott, Virtues
// of the haversine (Sky and Telescope 68, 1984), and of well-known cities.
func TestMetres(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to Point
		km       float64
	}{
		{Point{36.12, -86.67}, Point{33.94, -118.40}, 2886.4}, {Point{52.52, 13.405}, Point{48.8566, 2.3522}, 877.5},
		{Point{0, 0}, Point{0, 180}, 20015.1}, {Point{90, 0}, Point{-90, 77}, 20015.1}, {Point{0, 179.9}, Point{0, -179.9}, 22.24}, {Point{31.2, 121.5}, Point{31.2, 121.5}, 0},
	} {
		if got := float64(*c.from.metres(c.to)) / 1000; math.Abs(got-c.km) > 0.5 {
			t.Errorf("from %v to %v are %.1f km, want %.1f", c.from, c.to, got, c.km)
		}
	}
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := point.Draw(t, "a"), point.Draw(t, "b"), point.Draw(t, "c")
		ab, ba, bc, ac := *a.metres(b), *b.metres(a), *b.metres(c), *a.metres(c)
		if ab != ba || ab < 0 || ab > 20_015_115 || ac > ab+bc+2 {
			t.Fatalf("%v %v %v: %d there, %d back, %d and %d round", a, b, c, ab, ba, bc, ac)
		}
	})
}

func TestIsLink(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://files.example.com/a.pdf?x=1#p": true, "https://例子.测试/文": true, "https://[2001:db8::1]/a": true,
		"": false, "https://": false, "https:///a": false, "//files.example.com": false, "http://files.example.com": false, "ftp://a.example": false,
		"HTTPS://files.example.com": true, "javascript:https://a": false, "https://a b": false, "https://a\n": false, "https://u@files.example.com": false, "https://:80": false,
	} {
		if got := isLink(text); got != want {
			t.Errorf("%q is a link: %t", text, got)
		}
	}
}

func FuzzIsLink(f *testing.F) {
	f.Add("https://files.example.com/a.pdf")
	f.Add("https://a\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if isLink(text) && (len(text) > linkLength || len(text) < len("https://a") || !sameFold(text[:8], "https://")) {
			t.Errorf("%q is a link", text)
		}
	})
}
