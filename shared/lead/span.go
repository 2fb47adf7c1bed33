package lead

import "time"

// Span is how long something may take in working time: so many working days, and
// then so much of one.
type Span struct {
	Days int           // working days, each to the same hour of the clock
	Time time.Duration // further working time
}

// Hours is when a team works.
type Hours interface {
	// After is when a span of working time has passed since from: from itself for
	// none, where from is working time.
	After(from time.Time, s Span) time.Time
	// Latest is the last working moment at or before another: the end of work where
	// that is none itself.
	Latest(at time.Time) time.Time
}

// after is when a span has passed by the hours, or around the clock where there
// are none.
func after(h Hours, from time.Time, s Span) time.Time {
	if h == nil {
		return from.Add(time.Duration(s.Days)*24*time.Hour + s.Time)
	}
	return h.After(from, s)
}
