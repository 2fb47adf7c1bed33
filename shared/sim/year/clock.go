package year

import (
	"slices"
	"sort"
	"time"
)

// place is where people are: their country and its clocks in the year played.
// Moments are seconds since 1970.
type place struct {
	country, zone string
	winter        int64 // seconds that the clocks are ahead of UTC by
	from, to      int64 // while they are an hour further ahead
}

// The places. In Europe the clocks are changed at 01:00 UTC, in New York at 02:00
// by the clock.
var (
	berlin  = place{"DE", "Europe/Berlin", hour, at("2026-03-29 01:00"), at("2026-10-25 01:00")}
	vienna  = place{"AT", "Europe/Vienna", hour, berlin.from, berlin.to}
	london  = place{"GB", "Europe/London", 0, berlin.from, berlin.to}
	newYork = place{"US", "America/New_York", -5 * hour, at("2026-03-08 07:00"), at("2026-11-01 06:00")}

	places = []*place{&berlin, &vienna, &london, &newYork}
)

// at reads a moment in UTC.
func at(text string) int64 {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t.Unix()
}

func placeOf(country string) *place {
	for _, p := range places {
		if p.country == country {
			return p
		}
	}
	return &berlin // the house's
}

// local is what the clocks show, as if they were in UTC.
func (p *place) local(moment int64) int64 {
	if p.from <= moment && moment < p.to {
		return moment + p.winter + hour
	}
	return moment + p.winter
}

// day counts the days of a place since 1970.
func (p *place) day(moment int64) int64 { return floor(p.local(moment), day) }

// clock is the time of day in seconds.
func (p *place) clock(moment int64) int64 { return p.local(moment) - p.day(moment)*day }

// when is the moment at which the clocks show a time of day.
func (p *place) when(days, clock int64) int64 {
	moment := days*day + clock - p.winter
	if summer := moment - hour; p.from <= summer && summer < p.to {
		return summer
	}
	return moment
}

func floor(n, by int64) int64 {
	if n < 0 {
		return -((-n + by - 1) / by)
	}
	return n / by
}

func ceil(n, by int64) int64 { return -floor(-n, by) }

// weekday of a day counted since 1970, which began with a Thursday.
func weekday(days int64) time.Weekday { return time.Weekday((days + 4) % 7) }

// dateOf is a day counted since 1970 as 2006-01-02.
func dateOf(days int64) string { return time.Unix(days*day, 0).UTC().Format(time.DateOnly) }

// The public holidays of the year, by country.
var holidays = map[string][]string{
	"DE": {"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-10-03", "2026-12-25", "2026-12-26"},
	"US": {"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-07-04", "2026-09-07", "2026-10-12",
		"2026-11-11", "2026-11-26", "2026-12-25"},
}

// closed are the days on which the house does not work anywhere.
var closed = []string{"2026-12-24", "2026-12-31"}

// isOff reports whether a day is a holiday where a team is, or one of the house's.
func (p *place) isOff(date string) bool {
	return slices.Contains(holidays[p.country], date) || slices.Contains(closed, date)
}

// span is from a moment up to another.
type span struct{ from, to int64 }

// spans follow each other without touching.
type spans []span

// within reports whether a moment is in one of the spans.
func (s spans) within(moment int64) bool {
	i := s.after(moment)
	return i < len(s) && s[i].from <= moment
}

// next is the first moment from the given one on that is in a span, and the end of
// the year where none is.
func (s spans) next(moment int64) int64 {
	i := s.after(moment)
	if i == len(s) {
		return end
	}
	return max(moment, s[i].from)
}

// after is the place of the first span that ends after a moment.
func (s spans) after(moment int64) int {
	return sort.Search(len(s), func(i int) bool { return s[i].to > moment })
}
