package trigger

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"sluice/shared/lead"
)

// recorder is the http.ResponseWriter that becomes a proxy answer.
type recorder struct {
	header http.Header
	sent   http.Header // the header as it was when the status was written
	status int         // 0 until written
	body   bytes.Buffer
	head   bool // answers a HEAD request: the body is counted, never sent
	full   bool // more was written than an answer can hold
}

var errFull = errors.New("the answer is too large")

// Header implements http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter. As in net/http the first status
// counts, and informational ones, which API Gateway cannot pass on, do not.
func (w *recorder) WriteHeader(status int) {
	if w.status != 0 || status < http.StatusOK {
		return
	}
	w.status = status
	w.sent = w.header.Clone()
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK) // unless it was
	if !bodyAllowed(w.status) {
		return 0, http.ErrBodyNotAllowed
	}
	if _, ok := w.sent["Content-Type"]; !ok && w.body.Len() == 0 && w.sent.Get("Content-Encoding") == "" {
		w.sent.Set("Content-Type", http.DetectContentType(p))
	}
	if w.body.Len()+len(p) > MaxAnswer {
		w.full = true
		return 0, errFull
	}
	return w.body.Write(p)
}

// fail replaces whatever was written by an error that may be shown.
func (w *recorder) fail(status int, kind lead.Kind, text string) {
	w.status, w.full = status, false
	w.sent = http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}}
	w.body.Reset()
	_ = json.NewEncoder(&w.body).Encode(map[string]any{"error": map[string]string{"kind": string(kind), "text": text}})
}

// answer renders what was recorded, and says with which status. Where it grew
// too large by its encoding it is replaced, and the error is for the log.
func (w *recorder) answer() (payload []byte, status int, err error) {
	w.WriteHeader(http.StatusOK) // where the handler wrote nothing at all
	if payload = w.render(); len(payload) > MaxAnswer {
		err = lead.Errorf(lead.Invalid, "answer of %d bytes, more than %d", len(payload), MaxAnswer)
		w.fail(http.StatusInternalServerError, lead.Invalid, "The answer is too large. Ask for less at a time.")
		payload = w.render()
	}
	return payload, w.status, err
}

func (w *recorder) render() []byte {
	out := events.APIGatewayProxyResponse{StatusCode: w.status, MultiValueHeaders: sound(nil, w.sent)}
	switch {
	case w.head || !bodyAllowed(w.status):
	case isText(w.sent, w.body.Bytes()):
		out.Body = w.body.String()
	default:
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(w.body.Bytes()), true
	}
	payload, err := json.Marshal(out)
	if err != nil {
		panic(err) // a struct of strings always encodes
	}
	return payload
}

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// isText says whether a body can travel as a JSON string. By name the type alone
// decides, so that a type is always sent in the same way; but what is not UTF-8
// would be garbled.
func isText(header http.Header, body []byte) bool {
	if header.Get("Content-Encoding") != "" || !utf8.Valid(body) {
		return false
	}
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	switch kind {
	case "", "application/json", "application/javascript", "application/xml", "application/x-www-form-urlencoded",
		"application/yaml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml")
}

// sound gives the names of a header their usual form and leaves out the lines
// with a control character: no client could have sent one, and API Gateway
// answers 502 to one. The single value of a name counts where it has no list.
func sound(single map[string]string, lists map[string][]string) http.Header {
	clean := make(http.Header, max(len(single), len(lists)))
	add := func(name, v string) {
		if name != "" && !hasControl(name) && !hasControl(v) {
			clean.Add(name, v)
		}
	}
	for name, v := range single {
		if _, listed := lists[name]; !listed {
			add(name, v)
		}
	}
	for name, values := range lists {
		for _, v := range values {
			add(name, v)
		}
	}
	return clean
}

func hasControl(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}
