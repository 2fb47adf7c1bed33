package lead

import (
	"errors"
	"fmt"
)

// Kind says what a caller can do about an error: it decides the HTTP status,
// whether a queue tries again, and whether a submission is quarantined.
type Kind string

// The kinds of error.
const (
	Invalid     Kind = "invalid"     // the request is wrong and stays wrong: 422, quarantine
	Conflict    Kind = "conflict"    // the lead is not in a state that allows it, or a limit is reached: 409
	NotFound    Kind = "not_found"   // 404
	Denied      Kind = "denied"      // the caller may not do this: 403
	Unavailable Kind = "unavailable" // try again later: 503, redelivery
)

// Error is an error whose text may be shown to the caller. What caused it is
// for the log alone.
type Error struct {
	Kind  Kind
	Field string // the field at fault, where there is one
	Text  string // what is wrong and what to do next
	Cause error  // never shown
}

// Errorf makes an error of a kind with a text for the caller.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// Error implements error.
func (e *Error) Error() string {
	text := e.Text
	if e.Field != "" {
		text = e.Field + ": " + text
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of err: Unavailable for an error that says nothing of
// itself, so that it is tried again rather than dropped.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Unavailable
}
