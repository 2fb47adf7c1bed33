package learn

import (
	"sluice/shared/predict"
)

// How long dates must reach for what is read of them to come round again.
const (
	daysForWeekdays = 28
	daysForMonths   = 730
	hoursForHours   = 4 // different hours
)

// datesIn tells whether nearly all values are dates, and in which order.
func datesIn(values []tally, given int) (predict.Order, bool) {
	best, most := predict.Order(""), 0
	for _, order := range []predict.Order{predict.YearFirst, predict.DayFirst, predict.MonthFirst} {
		rows := 0
		for _, v := range values {
			if _, ok := v.value.Date(order); ok {
				rows += v.rows
			}
		}
		if rows > most {
			best, most = order, rows
		}
	}
	return best, float64(most) >= datesAbove*float64(given)
}

// dates makes features of what comes round again; a day itself teaches nothing
// about days to come.
func dates(cells []predict.Cell, order predict.Order, given int) feature {
	first, last := int(1e9), 0
	hours := make(map[int]bool)
	for _, c := range cells {
		d, ok := c.Date(order)
		if !ok {
			continue
		}
		day := d.Year*365 + d.Month*30 + d.Day // near enough
		first, last = min(first, day), max(last, day)
		if d.Timed {
			hours[d.Hour] = true
		}
	}
	var f feature
	add := func(r predict.Read) { f.curves = append(f.curves, predict.Curve{Read: r, Order: order}) }
	if last-first >= daysForWeekdays {
		add(predict.Weekday)
	}
	if last-first >= daysForMonths {
		add(predict.Month)
	}
	if len(hours) >= hoursForHours {
		add(predict.Hour)
	}
	if len(f.curves) == 0 {
		return presence(len(cells), given, "its dates reach over too short a time for weekdays or months to tell")
	}
	return f
}
