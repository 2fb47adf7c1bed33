package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"
)

// urlencoded reads name=value pairs joined by &, as the URL standard has it: a
// pair without = is a name with an empty value, empty pairs are skipped.
func (r *reader) urlencoded(body string) *Fault {
	for pair := range strings.SplitSeq(body, "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return broken("", "the name of a field has a broken percent encoding")
		}
		if fault := r.name(name); fault != nil {
			return fault
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return broken(name, "the value has a broken percent encoding")
		}
		if fault := r.add(name, value); fault != nil {
			return fault
		}
	}
	return nil
}

func (r *reader) multipart(body []byte, boundary string) *Fault {
	if boundary == "" {
		return broken("", "the multipart content type has no boundary")
	}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for count := 1; ; count++ {
		part, err := parts.NextPart()
		switch {
		case err == io.EOF: // bare only after the last boundary; cut short, it comes wrapped
			return nil
		case err != nil:
			return broken("", "the multipart body is broken or cut short")
		case count > r.limits.Parts:
			return r.tooMany()
		}
		if fault := r.part(part); fault != nil {
			return fault
		}
	}
}

// part takes one part of a multipart body. A file is skipped: its bytes are
// bounded by the body and go nowhere.
func (r *reader) part(part *multipart.Part) *Fault {
	disposition, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil || disposition != "form-data" {
		return broken("", "a part of the multipart body is not form data")
	}
	name := params["name"]
	if fault := r.name(name); fault != nil {
		return fault
	}
	if _, isFile := params["filename"]; isFile {
		if _, err := io.Copy(io.Discard, part); err != nil {
			return broken(name, "the multipart body is broken or cut short")
		}
		return nil
	}
	// Quoted-printable is undone by the reader, and its header taken away.
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary":
	default:
		return broken(name, "the transfer encoding of the part is not supported")
	}
	if kind := part.Header.Get("Content-Type"); kind != "" {
		if _, params, err := mime.ParseMediaType(kind); err != nil || !isUTF8(params["charset"]) {
			fault := unsupported(ReasonCharset)
			fault.Field = shown(name)
			return fault
		}
	}
	value, err := io.ReadAll(part)
	if err != nil {
		return broken(name, "the multipart body is broken or cut short")
	}
	return r.add(name, string(value))
}

// json reads one flat object, token by token: a map would hide duplicate keys,
// and a float would change numbers.
func (r *reader) json(body []byte) *Fault {
	if !utf8.Valid(body) { // the decoder would put replacement characters
		return &Fault{Status: 400, Reason: ReasonUTF8, Message: "the body is not valid UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return broken("", "the body is not a JSON object")
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return broken("", "the JSON is broken or cut short")
		}
		name := key.(string) // the decoder allows nothing else here
		if fault := r.name(name); fault != nil {
			return fault
		}
		if seen[name] {
			return &Fault{Status: 400, Field: shown(name), Reason: ReasonDuplicate, Message: "the JSON object has this key twice"}
		}
		seen[name] = true
		if len(seen) > r.limits.Fields { // nulls and empty arrays add no value
			return r.tooMany()
		}
		if fault := r.member(d, name); fault != nil {
			return fault
		}
	}
	if _, err := d.Token(); err != nil {
		return broken("", "the JSON is broken or cut short")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return &Fault{Status: 400, Reason: ReasonTrailing, Message: "there is something after the JSON object"}
	}
	return nil
}

// member takes the value of a key: a scalar or an array of scalars.
func (r *reader) member(d *json.Decoder, name string) *Fault {
	token, err := d.Token()
	if err != nil {
		return broken(name, "the JSON is broken or cut short")
	}
	if token != json.Delim('[') {
		return r.scalar(name, token)
	}
	for d.More() {
		element, err := d.Token()
		if err != nil {
			return broken(name, "the JSON is broken or cut short")
		}
		if fault := r.scalar(name, element); fault != nil {
			return fault
		}
	}
	if _, err := d.Token(); err != nil {
		return broken(name, "the JSON is broken or cut short")
	}
	return nil
}

func (r *reader) scalar(name string, token json.Token) *Fault {
	switch value := token.(type) {
	case nil:
		return nil
	case string:
		return r.add(name, value)
	case json.Number:
		return r.add(name, value.String())
	case bool:
		if value {
			return r.add(name, "true")
		}
		return r.add(name, "false")
	}
	return &Fault{Status: 422, Field: shown(name), Reason: ReasonNested,
		Message: "the value is an object or a nested array: send flat fields"}
}
