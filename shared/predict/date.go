package predict

import (
	"strconv"
	"strings"
	"time"
)

// Read is what a curve reads of a date: what comes round again. A day itself
// never does, so it teaches nothing about days to come.
type Read string

// What is read of a date.
const (
	Weekday Read = "weekday"
	Month   Read = "month"
	Hour    Read = "hour"
)

// values is how many there are.
func (r Read) values() int {
	switch r {
	case Weekday:
		return 7
	case Month:
		return 12
	case Hour:
		return 24
	}
	return 0
}

// of counts from 0: Monday, January, midnight.
func (r Read) of(d Date) (int, bool) {
	switch r {
	case Weekday:
		day := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Weekday()
		return (int(day) + 6) % 7, true
	case Month:
		return d.Month - 1, true
	}
	return d.Hour, d.Timed
}

func (r Read) label(v int) string {
	switch r {
	case Weekday:
		return time.Weekday((v + 1) % 7).String()
	case Month:
		return time.Month(v + 1).String()
	}
	return strconv.Itoa(v) + ":00"
}

// Order is the order in which dates of digits are written.
type Order string

// Orders of year, month and day. All of them also read months that are written
// out in English.
const (
	YearFirst  Order = "ymd"
	DayFirst   Order = "dmy"
	MonthFirst Order = "mdy"
)

// Date is a day, and the hour where the cell tells it.
type Date struct {
	Year, Month, Day, Hour int
	Timed                  bool // the cell tells a time of day
}

// Date reads the cell as a date, such as 2024-01-31, 2024-01-31T10:00:00Z,
// 31.01.2024, 1/31/24, 31 Jan 2024 or 20240131. Zones are ignored: the date is
// the one that is written.
func (c Cell) Date(order Order) (Date, bool) {
	switch {
	case c.kind == number && order == YearFirst:
		return compact(c.number)
	case c.kind != text || len(c.text) < 6 || len(c.text) > 40:
		return Date{}, false
	}
	if x, ok := c.Number(false); ok {
		if order == YearFirst && len(c.text) == 8 {
			return compact(x)
		}
		return Date{}, false
	}
	var fields [3]field
	rest, ok := c.text, true
	for i := range fields {
		if fields[i], rest, ok = nextField(rest, i == 2); !ok {
			return Date{}, false
		}
	}
	d, ok := arrange(fields, order)
	if !ok {
		return Date{}, false
	}
	return d, clock(&d, strings.TrimLeft(rest, " T,"))
}

func compact(x float64) (Date, bool) {
	if x < 19000101 || x > 21001231 || x != float64(int(x)) {
		return Date{}, false
	}
	n := int(x)
	d := Date{Year: n / 10000, Month: n / 100 % 100, Day: n % 100}
	return d, d.real()
}

// real tells that the calendar has the day, in years that a business has data of.
func (d Date) real() bool {
	if d.Year < 1900 || d.Year > 2100 || d.Month < 1 || d.Month > 12 || d.Day < 1 {
		return false
	}
	return d.Day <= time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// field is a part of a date: a number of some digits, or a month's name.
type field struct {
	value, digits int // no digits: a month's name
}

func nextField(s string, last bool) (field, string, bool) {
	i := 0
	var f field
	for i < len(s) && '0' <= s[i] && s[i] <= '9' && i < 5 {
		f.value = f.value*10 + int(s[i]-'0')
		i++
	}
	if f.digits = i; i == 0 {
		for i < len(s) && 'a' <= lower(s[i]) && lower(s[i]) <= 'z' {
			i++
		}
		if f.value = monthNamed(s[:i]); f.value == 0 {
			return f, "", false
		}
	}
	s = s[i:]
	if last {
		return f, s, true
	}
	between := strings.TrimLeft(s, "-/., ")
	return f, between, len(between) < len(s)
}

// monthNamed is 1 to 12, or 0. Three letters are enough.
func monthNamed(s string) int {
	if len(s) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if len(s) <= len(name) && CompareLevels(s, name[:len(s)]) == 0 {
			return int(m)
		}
	}
	return 0
}

func arrange(f [3]field, order Order) (Date, bool) {
	year, month, day := f[2], f[1], f[0]
	switch {
	case f[0].digits == 0:
		month, day = f[0], f[1]
	case f[1].digits == 0 && f[0].digits == 4, f[1].digits > 0 && order == YearFirst:
		year, month, day = f[0], f[1], f[2]
	case f[1].digits > 0 && order == MonthFirst:
		month, day = f[0], f[1]
	}
	d := Date{Year: year.value, Month: month.value, Day: day.value}
	switch {
	case year.digits == 2 && order != YearFirst:
		d.Year += 2000
		if d.Year >= 2070 {
			d.Year -= 100
		}
	case year.digits != 4:
		return Date{}, false
	}
	return d, day.digits > 0 && day.digits <= 2 && month.digits <= 2 && d.real()
}

// clock reads the hour, where there is one.
func clock(d *Date, s string) bool {
	if s == "" {
		return true
	}
	i := 0
	for i < len(s) && i < 2 && '0' <= s[i] && s[i] <= '9' {
		d.Hour = d.Hour*10 + int(s[i]-'0')
		i++
	}
	if i == 0 || i >= len(s) || s[i] != ':' || d.Hour > 23 {
		return false
	}
	if n := len(s); lower(s[n-1]) == 'm' && d.Hour <= 12 {
		switch lower(s[n-2]) {
		case 'p':
			d.Hour = d.Hour%12 + 12
		case 'a':
			d.Hour %= 12
		}
	}
	d.Timed = true
	return true
}
