package form

import (
	"fmt"
	"log/slog"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits bound a post. A zero field means its default, which no honest form
// comes near.
type Limits struct {
	Body   int // bytes; 64 KiB
	Fields int // values; 200
	Parts  int // of a multipart body, files included; 200
	Name   int // bytes of a field's name; 100
	Value  int // bytes of a value; 8 KiB
}

const (
	defaultBody   = 64 << 10
	defaultFields = 200
	defaultName   = 100
	defaultValue  = 8 << 10
)

func (l Limits) filled() Limits {
	or := func(n, fallback int) int {
		if n > 0 {
			return n
		}
		return fallback
	}
	return Limits{
		Body: or(l.Body, defaultBody), Fields: or(l.Fields, defaultFields), Parts: or(l.Parts, defaultFields),
		Name: or(l.Name, defaultName), Value: or(l.Value, defaultValue),
	}
}

// Values are what a post says, by field name, in the order given. Every name
// and value is valid UTF-8 without control characters but tabs and line breaks.
type Values map[string][]string

// LogValue implements slog.LogValuer: values are personal data.
func (Values) LogValue() slog.Value { return slog.StringValue("[post]") }

// First returns the first value of a field, or "".
func (v Values) First(name string) string {
	if all := v[name]; len(all) > 0 {
		return all[0]
	}
	return ""
}

// Fault is a post that cannot be read. Its text holds no value of the post.
type Fault struct {
	Status  int    // HTTP status that says so: 400, 413, 415 or 422
	Field   string // the field at fault, where its name can be shown
	Reason  string // a stable code
	Message string // what to do about it
}

// Error implements error.
func (f *Fault) Error() string {
	if f.Field == "" {
		return fmt.Sprintf("parse post: %s", f.Reason)
	}
	return fmt.Sprintf("parse post: field %s: %s", f.Field, f.Reason)
}

// Parse reads the body of a post. Its content type must be
// application/x-www-form-urlencoded, multipart/form-data or application/json,
// in UTF-8. JSON is one flat object of strings, numbers, booleans, nulls and
// arrays of these; a null is a field left out. Files of a multipart body are
// skipped unread. The error is a *[Fault].
func Parse(contentType string, body []byte, limits Limits) (Values, error) {
	values, fault := parse(contentType, body, limits.filled())
	if fault != nil {
		return nil, fault
	}
	return values, nil
}

func parse(contentType string, body []byte, limits Limits) (Values, *Fault) {
	switch {
	case len(body) > limits.Body:
		return nil, &Fault{Status: 413, Reason: ReasonTooLarge,
			Message: fmt.Sprintf("the post is too large: send at most %d bytes", limits.Body)}
	case len(strings.TrimSpace(string(body))) == 0:
		return nil, &Fault{Status: 400, Reason: ReasonEmptyBody, Message: "the post is empty: send the form's fields"}
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, unsupported(ReasonMediaType)
	}
	if !isUTF8(params["charset"]) {
		return nil, unsupported(ReasonCharset)
	}
	r := reader{limits: limits, values: Values{}}
	switch media {
	case "application/x-www-form-urlencoded":
		return r.values, r.urlencoded(string(body))
	case "multipart/form-data":
		return r.values, r.multipart(body, params["boundary"])
	case "application/json":
		return r.values, r.json(body)
	}
	return nil, unsupported(ReasonMediaType)
}

func unsupported(reason string) *Fault {
	message := "send application/x-www-form-urlencoded, multipart/form-data or application/json"
	if reason == ReasonCharset {
		message = "send the post in UTF-8"
	}
	return &Fault{Status: 415, Reason: reason, Message: message}
}

func isUTF8(charset string) bool {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8":
		return true
	}
	return false
}

// reader collects values within the limits.
type reader struct {
	limits Limits
	values Values
	count  int
}

// name takes a field's name, once for all its values.
func (r *reader) name(name string) *Fault {
	switch {
	case len(name) > r.limits.Name:
		return &Fault{Status: 413, Reason: ReasonTooLong,
			Message: fmt.Sprintf("the name of a field is too long: use at most %d bytes", r.limits.Name)}
	case !utf8.ValidString(name):
		return &Fault{Status: 400, Reason: ReasonUTF8, Message: "the name of a field is not valid UTF-8"}
	case name == "":
		return &Fault{Status: 400, Reason: ReasonEncoding, Message: "a value has no field name"}
	case strings.ContainsFunc(name, isControl):
		return &Fault{Status: 400, Reason: ReasonControl, Message: "the name of a field has control characters in it"}
	}
	return nil
}

// add takes one value of a field whose name was taken.
func (r *reader) add(name, value string) *Fault {
	r.count++
	switch {
	case r.count > r.limits.Fields:
		return r.tooMany()
	case len(value) > r.limits.Value:
		return &Fault{Status: 413, Field: shown(name), Reason: ReasonTooLong,
			Message: fmt.Sprintf("the value is too long: send at most %d bytes", r.limits.Value)}
	case !utf8.ValidString(value):
		return &Fault{Status: 400, Field: shown(name), Reason: ReasonUTF8, Message: "the value is not valid UTF-8"}
	case strings.ContainsFunc(value, func(c rune) bool { return isControl(c) && c != '\n' && c != '\r' && c != '\t' }):
		return &Fault{Status: 400, Field: shown(name), Reason: ReasonControl, Message: "the value has control characters in it"}
	}
	r.values[name] = append(r.values[name], value)
	return nil
}

func (r *reader) tooMany() *Fault {
	return &Fault{Status: 413, Reason: ReasonTooMany,
		Message: fmt.Sprintf("the post has too many fields: send at most %d", r.limits.Fields)}
}

func broken(name, message string) *Fault {
	return &Fault{Status: 400, Field: shown(name), Reason: ReasonEncoding, Message: message}
}

func isControl(c rune) bool { return unicode.IsControl(c) }

// shown returns a field's name if it looks like one. Anything else a caller
// may have put in its place, personal data too, is not to be shown or logged.
func shown(name string) string {
	for i, c := range []byte(name) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
		if !letter && (i == 0 || (c < '0' || c > '9') && strings.IndexByte("-.[]", c) < 0) {
			return ""
		}
	}
	if len(name) > defaultName {
		return ""
	}
	return name
}
