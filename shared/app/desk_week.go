package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sluice/shared/lead"
)

// week is a week of ISO 8601: from Monday on, seven calendar days of a zone.
type week struct{ from, to time.Time }

// weekOf reads a week such as 2026-W47.
func weekOf(text string, zone *time.Location) (week, bool) {
	before, after, ok := strings.Cut(text, "-W")
	year, err := strconv.Atoi(before)
	n, err2 := strconv.Atoi(after)
	if !ok || err != nil || err2 != nil || len(before) != 4 || len(after) != 2 || year < 1 {
		return week{}, false
	}
	// The fourth of January is always in the first week.
	first := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC)
	monday := 4 - (int(first.Weekday())+6)%7 + 7*(n-1)
	w := week{time.Date(year, time.January, monday, 0, 0, 0, 0, zone), time.Date(year, time.January, monday+7, 0, 0, 0, 0, zone)}
	return w, w.String() == text
}

// weekBefore is the week before the one of a moment.
func weekBefore(at time.Time, zone *time.Location) week {
	year, month, day := at.In(zone).Date()
	monday := day - (int(at.In(zone).Weekday())+6)%7
	return week{time.Date(year, month, monday-7, 0, 0, 0, 0, zone), time.Date(year, month, monday, 0, 0, 0, 0, zone)}
}

// String names the week as [weekOf] reads it.
func (w week) String() string {
	// At noon of Thursday no change of clocks is near.
	year, n := w.from.Add(84 * time.Hour).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, n)
}

func (w week) has(at time.Time) bool { return !at.Before(w.from) && at.Before(w.to) }

// Completeness is how well an activity was recorded.
type Completeness struct {
	Activity time.Time `json:"activity,omitzero"` // when it took place; zero where there was none in the week
	Way      string    `json:"way,omitempty"`
	Summary  bool      `json:"summary"`
	Step     bool      `json:"step"`     // the next one, with its date
	Evidence bool      `json:"evidence"` // that the customer was reached
	Prompt   bool      `json:"prompt"`   // logged as soon as the policy asks for
	Score    int       `json:"score"`    // 0 to 100: a quarter for each of the four
}

// judge tells how well the last activity that took place within a week was recorded.
func judge(history []lead.Entry, w week, within time.Duration) Completeness {
	var c Completeness
	for _, entry := range history {
		for _, e := range entry.Events {
			logged, ok := e.(lead.Logged)
			if !ok {
				continue
			}
			at := entry.At
			if !logged.Done.IsZero() {
				at = logged.Done
			}
			if !w.has(at) || at.Before(c.Activity) {
				continue
			}
			c = Completeness{Activity: at, Way: logged.Way, Summary: len(logged.Summary) > 0, Step: len(logged.Step) > 0 && !logged.StepAt.IsZero(),
				Evidence: !logged.Bare, Prompt: entry.At.Sub(at) <= within}
		}
	}
	for _, held := range []bool{c.Summary, c.Step, c.Evidence, c.Prompt} {
		if held {
			c.Score += 25
		}
	}
	return c
}
