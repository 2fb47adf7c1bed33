package year

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// TestPlaces holds the checker's own reckoning of zones against the time zone
// database, each quarter of an hour of the year.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, p := range places {
		zone, err := time.LoadLocation(p.zone)
		if err != nil {
			t.Fatal(err)
		}
		for moment := begin; moment < end; moment += 900 {
			want := time.Unix(moment, 0).In(zone)
			year, month, date := want.Date()
			days := time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / day
			clock := int64(want.Hour())*hour + int64(want.Minute())*minute
			if p.day(moment) != days || p.clock(moment) != clock || weekday(days) != want.Weekday() || dateOf(days) != want.Format(time.DateOnly) {
				t.Fatalf("%s at %v: day %d, %d s, want %d, %d", p.zone, want, p.day(moment), p.clock(moment), days, clock)
			}
			if back := p.when(days, clock); p.local(back) != p.local(moment) {
				t.Fatalf("%s shows %v again at %v", p.zone, want, time.Unix(back, 0).In(zone))
			}
		}
	}
}

// TestHolidays holds the list of days off against the calendars of the product.
func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, place := range []*place{&berlin, &newYork} {
		calendars, faults := hours.CompileCalendars([]hours.Calendar{calendar(place)})
		if faults != nil {
			t.Fatal(faults)
		}
		for d := begin / day; d < end/day; d++ {
			if date := dateOf(d); place.isOff(date) != calendars.Holiday(place.country, date) {
				t.Errorf("%s in %s: off %t, by the calendar %t", date, place.country, place.isOff(date), calendars.Holiday(place.country, date))
			}
		}
	}
}

// TestShifts holds the spans in which reps work against what the product says.
func TestShifts(t *testing.T) {
	t.Parallel()
	calendars, _ := hours.CompileCalendars([]hours.Calendar{calendar(&berlin), calendar(&newYork)})
	reps, members := staff(10, 3, random(3))
	for i, rep := range reps {
		for moment := begin; moment < end; moment += 900 {
			if at := time.Unix(moment, 0); members[i].shifts.within(moment) != calendars.OnShift(rep, at) {
				t.Fatalf("rep %s at %v: at work %t", rep.ID, at.UTC(), members[i].shifts.within(moment))
			}
		}
		for _, s := range members[i].ill {
			if next := members[i].there.next(s.from); next < s.to {
				t.Errorf("rep %s works at %d while ill from %d to %d", rep.ID, next, s.from, s.to)
			}
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all spans
		for at := begin; len(all) < 5; {
			from := at + rapid.Int64Range(1, 20).Draw(t, "gap")
			at = from + rapid.Int64Range(1, 20).Draw(t, "length")
			all = append(all, span{from, at})
		}
		moment := begin + rapid.Int64Range(0, 220).Draw(t, "moment")
		want := end
		for m := moment; m < begin+300 && want == end; m++ {
			if slices.ContainsFunc(all, func(s span) bool { return s.from <= m && m < s.to }) {
				want = m
			}
		}
		if got := all.next(moment); got != want || all.within(moment) != (want == moment) {
			t.Fatalf("next of %d is %d, want %d", moment, got, want)
		}
	})
}

func TestDivisions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, by := rapid.Int64Range(-1000, 1000).Draw(t, "n"), rapid.Int64Range(1, 50).Draw(t, "by")
		if f := floor(n, by); f*by > n || n-f*by >= by {
			t.Errorf("floor of %d by %d is %d", n, by, f)
		}
		if c := ceil(n, by); c*by < n || c*by-n >= by {
			t.Errorf("ceil of %d by %d is %d", n, by, c)
		}
	})
}

// TestAgenda takes happenings off in the order of their moments, and equals in that
// in which they were put there.
func TestAgenda(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var a agenda
		var want []happening
		for i, at := range rapid.SliceOf(rapid.Int64Range(0, 9)).Draw(t, "moments") {
			a.add(happening{at: at, who: int32(i)})
			want = append(want, happening{at: at, who: int32(i)})
			if rapid.IntRange(0, 3).Draw(t, "take") == 0 {
				want = taken(t, &a, want)
			}
		}
		for len(want) > 0 {
			want = taken(t, &a, want)
		}
	})
}

func taken(t *rapid.T, a *agenda, want []happening) []happening {
	slices.SortStableFunc(want, func(a, b happening) int { return int(a.at - b.at) })
	if got := a.next(); got.at != want[0].at || got.who != want[0].who {
		t.Fatalf("next is %d of %d, want %d of %d", got.who, got.at, want[0].who, want[0].at)
	}
	return want[1:]
}

// TestArrivals are as many as were asked for, in order, by day more than by night.
func TestArrivals(t *testing.T) {
	t.Parallel()
	moments := arrivals(20_000, random(1))
	if len(moments) != 20_000 || !slices.IsSorted(moments) || moments[0] < begin || moments[len(moments)-1] >= end {
		t.Fatalf("%d moments from %d to %d", len(moments), moments[0], moments[len(moments)-1])
	}
	hours := map[int64]int{}
	for _, m := range moments {
		hours[m/hour%24]++
	}
	if hours[14] < 3*hours[3] {
		t.Errorf("%d come at 14:00 and %d at 03:00", hours[14], hours[3])
	}
}

// TestOneContact is about the book of a person alone.
func TestOneContact(t *testing.T) {
	t.Parallel()
	b := book{days: []int32{100, 101, 105, 106}}
	for first, want := range map[int32]int{107: 0, 106: 1, 101: 3, 90: 4} {
		if got := b.since(first); got != want {
			t.Errorf("%d contacts since %d, want %d", got, first, want)
		}
	}
	if placeOf("US") != &newYork || placeOf("FR") != &berlin || len(lead.Grades) != 5 {
		t.Error("a place is not that of its country")
	}
}
