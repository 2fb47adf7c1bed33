package page

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// T is [Text] in the view's language.
func (v View) T(key string, args ...any) string { return Text(v.Lang, key, args...) }

// Word is [Word] in the view's language; the word may be of any string type.
func (v View) Word(group string, word any) string { return Word(v.Lang, group, str(word)) }

// Asset is the address of an asset.
func (v View) Asset(path string) string { return AssetURL(v.Base, path) }

// Languages lists the languages of the pages.
func (v View) Languages() []Language { return Languages }

// InLanguage is this page's address in another language.
func (v View) InLanguage(tag string) string {
	u, err := url.Parse(v.Self)
	if err != nil {
		return v.Base + "/?lang=" + tag
	}
	q := u.Query()
	q.Set("lang", tag)
	u.RawQuery = q.Encode()
	return v.Base + u.String()
}

// Time shows a moment in the view's zone: see [Time].
func (v View) Time(t time.Time) string { return Time(t, v.zone()) }

// Day shows the date of a moment in the view's zone.
func (v View) Day(t time.Time) string { return t.In(v.zone()).Format(time.DateOnly) }

// Time shows a moment to the minute with its distance from UTC, such as
// "2026-03-09 14:05 +01:00". Names of zones are not used: CST is three of them.
func Time(t time.Time, zone *time.Location) string {
	if zone == nil || zone == time.UTC {
		return t.UTC().Format("2006-01-02 15:04 UTC")
	}
	return t.In(zone).Format("2006-01-02 15:04 -07:00")
}

// Machine is the moment for the datetime attribute.
func (v View) Machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ZoneName names the zone in which times are shown.
func (v View) ZoneName() string { return v.zone().String() }

func (v View) zone() *time.Location {
	if v.Zone == nil {
		return time.UTC
	}
	return v.Zone
}

// Until tells how far a moment is away, such as "in 42 min" or "3 h overdue".
func (v View) Until(t time.Time) string {
	if d := t.Sub(v.Now); d >= 0 {
		return v.T("time.in", v.span(d))
	}
	return v.T("time.overdue", v.span(v.Now.Sub(t)))
}

// Ago tells how long ago a moment was.
func (v View) Ago(t time.Time) string {
	d := v.Now.Sub(t)
	if d < time.Minute {
		return v.T("time.now")
	}
	return v.T("time.ago", v.span(d))
}

// Urgency is the class of a deadline: late, soon (within the hour) or calm.
func (v View) Urgency(t time.Time) string {
	switch d := t.Sub(v.Now); {
	case d < 0:
		return "late"
	case d < time.Hour:
		return "soon"
	}
	return "calm"
}

// span rounds down to one unit: a person needs no more.
func (v View) span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return v.T("time.under_minute")
	case d < time.Hour:
		return v.T("time.minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return v.T("time.hours", int(d.Hours()))
	}
	return v.T("time.days", int(d.Hours()/24))
}

// Percent shows a part of one, such as "12 %" or, below ten, "4.2 %".
func (v View) Percent(part float64) string {
	digits := 0
	if part < 0.0995 {
		digits = 1
	}
	return strconv.FormatFloat(100*part, 'f', digits, 64) + " %"
}

// Figure shows a number with up to two digits after the point.
func (v View) Figure(n float64) string {
	return strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64)
}

// Value is what was typed into a field of the form that failed.
func (v View) Value(act, field string) string {
	if v.Fault == nil || v.Fault.Act != act {
		return ""
	}
	return v.Fault.Values[field]
}

// Wrong tells what is wrong with a field of a form, "" where nothing is.
func (v View) Wrong(act, field string) string {
	if v.Fault == nil || v.Fault.Act != act || v.Fault.Field != field {
		return ""
	}
	return v.Fault.Text
}

// GradeClass is the style class of a grade: "A+" becomes "g-aplus".
func (v View) GradeClass(grade any) string {
	g := strings.ToLower(str(grade))
	if g == "" {
		return "g-none"
	}
	return "g-" + strings.ReplaceAll(g, "+", "plus")
}

// str is the text of any string type.
func str(word any) string { return fmt.Sprint(word) }

// With is the view with other data, for a part of a page.
func (v View) With(data any) View {
	v.Data = data
	return v
}

// List is a message that lists choices, separated by bars.
func (v View) List(key string) []string { return strings.Split(v.T(key), "|") }
