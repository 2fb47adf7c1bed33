package hours

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// maxOff bounds in days a span off: a longer one is a slip of the year.
const maxOff = 100

// Calendar is the days on which those who go by it do not work: the public
// holidays of a country, and days of its own. Countries whose holidays are decreed
// year by year, as China's are, have none to reckon: their calendars list the days
// off, and the weekend days that are worked instead.
type Calendar struct {
	ID      string       `json:"id"`
	Country string       `json:"country,omitempty"` // ISO 3166 alpha-2, or a region such as DE-BY; none for no public holidays
	Off     []lead.Leave `json:"off,omitempty"`     // further days off; a span without an end is its first day
	Work    []string     `json:"work,omitempty"`    // days worked whatever the others say, as 2006-01-02
}

// Calendars are compiled. They are safe for concurrent use; nil ones have no
// holidays.
type Calendars struct {
	calendars map[string]*calendar
}

// calendar remembers the years asked for, each in the place of its number.
type calendar struct {
	holidays []*cal.Holiday
	off      []lead.Leave
	work     []string
	years    [8]atomic.Pointer[year]
}

// year is the days of a year, a bit each by month and date.
type year struct {
	number    int
	off, work [13]uint32
}

// CompileCalendars checks calendars and compiles them. With problems there are
// none. Paths are such as "calendars[0].country".
func CompileCalendars(list []Calendar) (*Calendars, []rule.Problem) {
	compiled := &Calendars{calendars: map[string]*calendar{}}
	var problems []rule.Problem
	report := func(path, format string, args ...any) {
		problems = append(problems, rule.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
	}
	for i, c := range list {
		at := fmt.Sprintf("calendars[%d]", i)
		switch {
		case c.ID == "":
			report(at+".id", "give the calendar an id")
		case compiled.calendars[c.ID] != nil:
			report(at+".id", "%q is taken: give every calendar an id of its own", c.ID)
		}
		made := &calendar{work: c.Work}
		if c.Country != "" {
			var known bool
			if made.holidays, known = publicHolidays()[c.Country]; !known {
				report(at+".country", "no holidays are known of %q: give %s, or list the days under off", c.Country, alike(c.Country))
			}
		}
		for j, span := range c.Off {
			if span.To == "" {
				span.To = span.From
			}
			if field, text := faultOf(span); text != "" {
				report(fmt.Sprintf("%s.off[%d].%s", at, j, field), "%s", text)
			}
			made.off = append(made.off, span)
		}
		for j, day := range c.Work {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				report(fmt.Sprintf("%s.work[%d]", at, j), "write a date such as 2026-10-10")
			}
		}
		compiled.calendars[c.ID] = made
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return compiled, nil
}

// faultOf returns what is wrong with a span of days off, and where.
func faultOf(span lead.Leave) (field, text string) {
	from, errFrom := time.Parse(time.DateOnly, span.From)
	to, errTo := time.Parse(time.DateOnly, span.To)
	switch {
	case errFrom != nil:
		return "from", "write a date such as 2026-10-01"
	case errTo != nil:
		return "to", "write a date such as 2026-10-08, or leave it out for one day"
	case to.Before(from):
		return "to", "end the days off on or after the day on which they start"
	case to.Sub(from) >= maxOff*24*time.Hour:
		return "to", fmt.Sprintf("give at most %d days off at a stretch", maxOff)
	}
	return "", ""
}

// alike lists what could be meant by a country: its regions, else the countries.
func alike(country string) string {
	name, _, _ := strings.Cut(country, "-")
	var regions, countries []string
	for known := range publicHolidays() {
		switch of, _, isRegion := strings.Cut(known, "-"); {
		case isRegion && of == name:
			regions = append(regions, known)
		case !isRegion:
			countries = append(countries, known)
		}
	}
	if len(regions) > 0 {
		if slices.Contains(countries, name) {
			regions = append(regions, name)
		}
		countries = regions
	}
	slices.Sort(countries)
	return strings.Join(countries, ", ")
}

// Holiday reports whether a day, as 2006-01-02, is off by the calendar. Where a
// holiday on a weekend is moved to another day, both are off. By an unknown
// calendar, as by none, no day is.
func (c *Calendars) Holiday(id, day string) bool {
	y, month, date := c.find(id, day)
	return y != nil && y.off[month]&(1<<date) != 0
}

// Workday reports whether a day is one that the calendar has worked though it is
// on a weekend or a holiday.
func (c *Calendars) Workday(id, day string) bool {
	y, month, date := c.find(id, day)
	return y != nil && y.work[month]&(1<<date) != 0
}

// find returns the year of a day, nil where there is no such calendar or day.
func (c *Calendars) find(id, day string) (y *year, month, date int) {
	if c == nil || id == "" {
		return nil, 0, 0
	}
	calendar, ok := c.calendars[id]
	if !ok {
		return nil, 0, 0
	}
	number, month, date, ok := parts(day)
	if !ok {
		return nil, 0, 0
	}
	return calendar.year(number), month, date
}

func (c *calendar) year(number int) *year {
	place := &c.years[number%len(c.years)]
	y := place.Load()
	if y == nil || y.number != number {
		y = c.reckon(number)
		place.Store(y)
	}
	return y
}

// parts reads 2006-01-02, without asking how many days the month has.
func parts(day string) (year, month, date int, ok bool) {
	if len(day) != len(time.DateOnly) || day[4] != '-' || day[7] != '-' {
		return 0, 0, 0, false
	}
	number := func(digits string) (n int) {
		for i := range len(digits) {
			if digits[i] < '0' || digits[i] > '9' {
				return -1
			}
			n = n*10 + int(digits[i]-'0')
		}
		return n
	}
	year, month, date = number(day[:4]), number(day[5:7]), number(day[8:])
	return year, month, date, year >= 0 && 1 <= month && month <= 12 && 1 <= date && date <= 31
}

// reckoning is held while the library works: some of its holidays note the year
// that they are asked for.
var reckoning sync.Mutex

// reckon finds the days of a year.
func (c *calendar) reckon(number int) *year {
	y := &year{number: number}
	reckoning.Lock()
	cal.DefaultLoc = time.UTC // a day is the same wherever it is reckoned
	for _, holiday := range c.holidays {
		// A day may be moved across the turn of the year.
		for near := number - 1; near <= number+1; near++ {
			actual, observed := holiday.Calc(near)
			if !actual.IsZero() {
				y.mark(&y.off, actual)
				y.mark(&y.off, observed)
			}
		}
	}
	reckoning.Unlock()
	for _, span := range c.off {
		from, _ := time.Parse(time.DateOnly, span.From)
		to, _ := time.Parse(time.DateOnly, span.To)
		for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
			y.mark(&y.off, day)
		}
	}
	for _, text := range c.work {
		day, _ := time.Parse(time.DateOnly, text)
		y.mark(&y.work, day)
	}
	for month := range y.off {
		y.off[month] &^= y.work[month]
	}
	return y
}

func (y *year) mark(days *[13]uint32, day time.Time) {
	if year, month, date := day.Date(); year == y.number {
		days[month] |= 1 << date
	}
}
