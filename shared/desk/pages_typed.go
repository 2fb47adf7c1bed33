package desk

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// typed is what somebody typed into the fields of a form.
type typed func(name string) string

// activity reads the form of a follow-up.
func activity(form typed, zone *time.Location) (app.Activity, error) {
	a := app.Activity{Way: form("way"), Summary: form("summary"), Objection: form("objection"), Step: form("step"), Grade: lead.Grade(form("grade")),
		Inbound: form("inbound") != "", Links: strings.Fields(form("links")), Beyond: form("beyond")}
	for _, f := range []struct {
		name string
		to   *time.Time
	}{{"step_at", &a.StepAt}, {"done", &a.Done}} {
		at, err := localTime(field{f.name, form(f.name)}, zone)
		if err != nil {
			return a, err
		}
		*f.to = at
	}
	var err error
	if a.Seconds, err = talkTime(form("seconds")); err != nil {
		return a, err
	}
	a.CheckIn, err = checkIn(form("check_in"))
	return a, err
}

// opportunity reads the form of a deal.
func opportunity(form typed, zone *time.Location) (app.Opportunity, error) {
	open := form("over") == ""
	o := app.Opportunity{Open: &open}
	if !open {
		return o, nil
	}
	w, err := win(form("value"), form("currency"), "")
	if err != nil {
		return o, err
	}
	o.Value = w.Value
	o.Close, err = localTime(field{"close", form("close")}, zone)
	return o, err
}

func win(value, currency, order string) (app.Win, error) {
	w := app.Win{Order: order}
	if strings.TrimSpace(value) == "" {
		return w, nil
	}
	w.Value.Currency = strings.ToUpper(strings.TrimSpace(currency))
	if w.Value.Currency == "" {
		return w, &lead.Error{Kind: lead.Invalid, Field: "currency", Text: "give the currency, such as EUR"}
	}
	var err error
	w.Value.Amount, err = amount(value, w.Value.Currency)
	return w, err
}

// field is what was typed into one field.
type field struct{ name, text string }

// localTime reads what a browser's field for a date, with a time or without one,
// sends: without a zone, so that it is the user's.
func localTime(f field, zone *time.Location) (time.Time, error) {
	if f.text == "" {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, f.text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &lead.Error{Kind: lead.Invalid, Field: f.name, Text: "give a date and time such as 2026-03-09 14:00"}
}

// talkTime reads how long somebody talked, in minutes or as 4:30, in seconds.
func talkTime(text string) (int, error) {
	minutes, seconds, _ := strings.Cut(strings.TrimSpace(text), ":")
	if minutes == "" && seconds == "" {
		return 0, nil
	}
	m, err := strconv.ParseUint(minutes, 10, 16)
	s, err2 := strconv.ParseUint(cmp.Or(seconds, "0"), 10, 16)
	if err != nil || err2 != nil || s >= 60 {
		return 0, &lead.Error{Kind: lead.Invalid, Field: "seconds", Text: "give minutes, or minutes and seconds such as 4:30"}
	}
	return int(m)*60 + int(s), nil
}

// checkIn reads a place such as "31.2304, 121.4737"; nil for none.
func checkIn(text string) (*app.CheckIn, error) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	if len(parts) == 0 {
		return nil, nil
	}
	if len(parts) == 2 {
		lat, err := strconv.ParseFloat(parts[0], 64)
		lon, err2 := strconv.ParseFloat(parts[1], 64)
		if err == nil && err2 == nil {
			return &app.CheckIn{Point: app.Point{Lat: lat, Lon: lon}}, nil
		}
	}
	return nil, &lead.Error{Kind: lead.Invalid, Field: "check_in", Text: "give latitude and longitude in degrees, such as 31.2304, 121.4737"}
}

// wordsIn are the words of a list, however they are separated.
func wordsIn(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return r <= ' ' || r == ',' || r == ';' || r == '\u00a0' || r == '\u3000' || r == '，' || r == '、'
	})
}
