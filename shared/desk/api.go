package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// call is one request to the API by somebody we know.
type call struct {
	*http.Request
	user app.User
	lang string
}

// operation is one thing that the API does; the document at /openapi.json tells
// of exactly these.
type operation struct {
	method, path string
	do           func(call) (any, error)
}

// tagged is an answer that has a version, for If-Match.
type tagged interface{ tag() string }

// file is an answer that is not JSON, to be kept under a name.
type file struct {
	kind, name string
	body       []byte
}

func (d *desk) mountAPI(mux *http.ServeMux) {
	paths := map[string]byMethod{}
	for _, op := range d.operations() {
		if paths[op.path] == nil {
			paths[op.path] = byMethod{}
		}
		paths[op.path][op.method] = d.endpoint(op)
	}
	for path, methods := range paths {
		mux.HandleFunc(path, d.serve(methods))
	}
	mux.HandleFunc("/openapi.json", d.serve(byMethod{http.MethodGet: d.document}))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		d.problem(w, r, lead.Errorf(lead.NotFound, "the API has no such address: see /openapi.json"))
	})
}

func (d *desk) endpoint(op operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u, err := d.user(r)
		if err != nil {
			d.problem(w, r, err)
			return
		}
		w.Header().Add("Vary", "Authorization, Cookie, Accept-Language")
		out, err := op.do(call{Request: r, user: u, lang: page.LanguageOf(r)})
		if err != nil {
			d.problem(w, r, err)
			return
		}
		if f, ok := out.(file); ok {
			w.Header().Set("Content-Type", f.kind)
			w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
			w.Header().Set("Content-Length", strconv.Itoa(len(f.body)))
			w.Write(f.body)
			return
		}
		var body bytes.Buffer
		if err := json.NewEncoder(&body).Encode(out); err != nil {
			d.problem(w, r, fmt.Errorf("encode answer: %w", err))
			return
		}
		if t, ok := out.(tagged); ok {
			w.Header().Set("ETag", t.tag())
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
		w.Write(body.Bytes())
	}
}

// maxBody is the largest body that the API reads, in bytes.
const maxBody = 64 << 10

// read decodes a request's JSON body strictly: what it does not know it refuses,
// so that a misspelt field is never silently left out. A request without a body
// is as good as one with an empty object.
func read[T any](c call) (T, error) {
	var v T
	body, err := io.ReadAll(io.LimitReader(c.Body, maxBody+1))
	switch {
	case err != nil:
		return v, &problem{Status: http.StatusBadRequest, Kind: "malformed", Detail: "the body ended early"}
	case len(body) > maxBody:
		return v, &problem{Status: http.StatusRequestEntityTooLarge, Kind: "too_large", Detail: "the body is larger than 64 KiB"}
	case len(bytes.TrimSpace(body)) == 0:
		return v, nil
	}
	if kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return v, &problem{Status: http.StatusUnsupportedMediaType, Kind: "media_type", Detail: "send the body as application/json"}
	}
	return v, Decode(body, &v)
}

// Decode reads one JSON value strictly. Its error is for the caller: it names the
// field at fault, and quotes no value.
func Decode(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return misread(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return &problem{Status: http.StatusBadRequest, Kind: "malformed", Detail: "there is more after the JSON value"}
	}
	return nil
}

// misread says what is wrong with JSON, without quoting a value.
func misread(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return &lead.Error{Kind: lead.Invalid, Field: fieldName(kind.Field), Text: "this is a JSON " + kindName(kind.Value) + ", which does not fit here"}
	}
	var moment *time.ParseError
	if errors.As(err, &moment) || strings.HasPrefix(err.Error(), "Time.UnmarshalJSON") { // the decoder does not say of which field
		return &lead.Error{Kind: lead.Invalid, Text: "write a moment such as \"2026-03-09T14:00:00Z\""}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name, _ = strconv.Unquote(name)
		if !isWord.MatchString(name) {
			name = ""
		}
		return &lead.Error{Kind: lead.Invalid, Field: name, Text: "there is no such field"}
	}
	return &problem{Status: http.StatusBadRequest, Kind: "malformed", Detail: "this is not the JSON that is expected here"}
}

// fieldName leaves out of a field's path the types that others are embedded in,
// which the decoder names as well: "Facts.product". Fields begin with a small letter.
func fieldName(path string) string {
	parts := slices.DeleteFunc(strings.Split(path, "."), func(part string) bool {
		return part != "" && part[0] >= 'A' && part[0] <= 'Z'
	})
	return strings.Join(parts, ".")
}

// kindName cuts the value off that the decoder names with a kind: "number 12.5".
func kindName(value string) string {
	name, _, _ := strings.Cut(value, " ")
	return name
}

// isWord is what ids and names of fields look like.
var isWord = regexp.MustCompile(`^[A-Za-z0-9_.~-]{1,128}$`)

// id is a part of the path. What cannot be an id is the id of nothing.
func (c call) id(name string) (string, error) {
	id := c.PathValue(name)
	if !isWord.MatchString(id) {
		return "", lead.Errorf(lead.NotFound, "there is no such %s", name)
	}
	return id, nil
}

// pageOf reads limit and cursor.
func pageOf(r *http.Request) (app.Page, error) {
	query := r.URL.Query()
	p := app.Page{Cursor: query.Get("cursor")}
	if text := query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			return p, &lead.Error{Kind: lead.Invalid, Field: "limit", Text: "give a number from 1 to 100"}
		}
		p.Limit = n
	}
	if len(p.Cursor) > 2048 {
		return p, &lead.Error{Kind: lead.Invalid, Field: "cursor", Text: "give the cursor of the page before, as it was"}
	}
	return p, nil
}

// target is the lead of the path, as the caller saw it where they say so.
func (c call) target() (app.Target, error) {
	id, err := c.id("lead")
	if err != nil {
		return app.Target{}, err
	}
	version, err := c.version()
	return app.Target{Lead: id, Version: version}, err
}

// version is what the caller saw of what they decide on, 0 where they do not say.
func (c call) version() (int, error) {
	match := strings.TrimSpace(c.Header.Get("If-Match"))
	if match == "" || match == "*" {
		return 0, nil
	}
	version, err := strconv.Atoi(strings.Trim(match, `"`))
	if err != nil || version < 1 {
		return 0, &lead.Error{Kind: lead.Invalid, Field: "If-Match", Text: "give the ETag as it was answered, such as \"3\""}
	}
	return version, nil
}
