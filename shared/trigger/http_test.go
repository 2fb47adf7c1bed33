package trigger_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"sluice/shared/trigger"
)

func serve(t *testing.T, event string, h http.HandlerFunc) events.APIGatewayProxyResponse {
	t.Helper()
	log, _ := newLog()
	var out events.APIGatewayProxyResponse
	if err := json.Unmarshal([]byte(invoke(t, trigger.HTTP(log, h), []byte(event))), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const get = `{"httpMethod":"GET","path":"/a"}`

func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		event string
		h     http.HandlerFunc
		want  events.APIGatewayProxyResponse
	}{
		"nothing written": {get, func(http.ResponseWriter, *http.Request) {},
			events.APIGatewayProxyResponse{StatusCode: 200}},
		"two cookies": {get, func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
			http.Error(w, "see there", http.StatusTeapot)
		}, events.APIGatewayProxyResponse{StatusCode: 418, Body: "see there\n", MultiValueHeaders: map[string][]string{
			"Content-Type": {"text/plain; charset=utf-8"}, "Set-Cookie": {"a=1", "b=2"}, "X-Content-Type-Options": {"nosniff"}}}},
		"type is found": {get, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<!doctype html><p>ü") },
			events.APIGatewayProxyResponse{StatusCode: 200, Body: "<!doctype html><p>ü", MultiValueHeaders: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}}},
		"binary": {get, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "font/woff2")
			_, _ = w.Write([]byte("wOF2"))
		}, events.APIGatewayProxyResponse{StatusCode: 200, Body: "d09GMg==", IsBase64Encoded: true, MultiValueHeaders: map[string][]string{"Content-Type": {"font/woff2"}}}},
		"text that is not UTF-8": {get, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte{0xff, 0xfe})
		}, events.APIGatewayProxyResponse{StatusCode: 200, Body: "//4=", IsBase64Encoded: true, MultiValueHeaders: map[string][]string{"Content-Type": {"text/plain"}}}},
		"head": {`{"httpMethod":"HEAD","path":"/a"}`, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "body") },
			events.APIGatewayProxyResponse{StatusCode: 200, MultiValueHeaders: map[string][]string{"Content-Type": {"text/plain; charset=utf-8"}}}},
		"no content": {get, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNoContent)
			if _, err := io.WriteString(w, "body"); err == nil {
				t.Error("wrote a body to a 204")
			}
		}, events.APIGatewayProxyResponse{StatusCode: 204}},
		"later header and status are lost": {get, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusAccepted)
			w.Header().Set("Late", "1")
			w.WriteHeader(http.StatusConflict)
		}, events.APIGatewayProxyResponse{StatusCode: 202}},
		"header injection": {get, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/x\r\nSet-Cookie: evil=1")
			w.WriteHeader(http.StatusSeeOther)
		}, events.APIGatewayProxyResponse{StatusCode: 303}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := serve(t, tt.event, tt.h)
			if tt.want.MultiValueHeaders == nil {
				tt.want.MultiValueHeaders = map[string][]string{}
			}
			a, _ := json.Marshal(got)
			b, _ := json.Marshal(tt.want)
			if string(a) != string(b) {
				t.Errorf("got  %s\nwant %s", a, b)
			}
		})
	}
}

func TestLargeAnswersFailReadably(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"as it is":    strings.Repeat("x", trigger.MaxAnswer+1),
		"by encoding": strings.Repeat("\x01", trigger.MaxAnswer/4),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, lines := newLog()
			answer := invoke(t, trigger.HTTP(log, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				_, _ = io.WriteString(w, body)
			})), []byte(get))
			if len(answer) > 1000 || !strings.Contains(answer, `"statusCode":500`) {
				t.Errorf("%d bytes: %.200s", len(answer), answer)
			}
			if line := lines.lines(t)[0]; line["level"] != "ERROR" || line["status"] != 500.0 {
				t.Errorf("line %v", line)
			}
		})
	}
}

func TestRequestsOfOddEvents(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		event  string
		status int
		check  func(*http.Request) bool
	}{
		"broken base64":  {`{"httpMethod":"POST","path":"/a","body":"%%","isBase64Encoded":true}`, 400, nil},
		"single headers": {`{"httpMethod":"GET","path":"/a","headers":{"x-a":"1"},"queryStringParameters":{"q":"ä&"}}`, 200, func(r *http.Request) bool { return r.Header.Get("X-A") == "1" && r.FormValue("q") == "ä&" }},
		"lists count more": {`{"httpMethod":"GET","path":"/a","headers":{"X-A":"1","X-B":"2"},"multiValueHeaders":{"X-A":["3","4"]}}`, 200, func(r *http.Request) bool {
			return slices.Equal(r.Header["X-A"], []string{"3", "4"}) && slices.Equal(r.Header["X-B"], []string{"2"})
		}},
		"header injection": {`{"httpMethod":"GET","path":"/a","multiValueHeaders":{"X-A":["1\r\nX-B: 2","ok"]}}`, 200, func(r *http.Request) bool { return slices.Equal(r.Header["X-A"], []string{"ok"}) }},
		"escaped path":     {`{"httpMethod":"GET","path":"/f/a%2Fb%20c"}`, 200, func(r *http.Request) bool { return r.URL.Path == "/f/a/b c" && r.URL.EscapedPath() == "/f/a%2Fb%20c" }},
		"decoded path":     {`{"httpMethod":"GET","path":"/f/100%"}`, 200, func(r *http.Request) bool { return r.URL.Path == "/f/100%" && r.URL.EscapedPath() == "/f/100%25" }},
		"domain name":      {`{"httpMethod":"GET","path":"/base/a","requestContext":{"path":"/base/a","domainName":"forms.example.com"}}`, 200, func(r *http.Request) bool { return r.Host == "forms.example.com" && trigger.Prefix(r.Context()) == "" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			called := false
			out := serve(t, tt.event, func(_ http.ResponseWriter, r *http.Request) {
				called = true
				if tt.check != nil && !tt.check(r) {
					t.Errorf("request %+v", r)
				}
			})
			if out.StatusCode != tt.status || called != (tt.check != nil) {
				t.Errorf("status %d, called %t", out.StatusCode, called)
			}
		})
	}
}

// FuzzHTTP holds that no event breaks the translation, and that what a mux would
// answer to the same request over a socket it answers here.
func FuzzHTTP(f *testing.F) {
	for _, name := range []string{"capture-form", "capture-json", "capture-multipart", "desk-inbox"} {
		f.Add(load(f, name))
	}
	f.Add([]byte(get))
	f.Add([]byte(`{"httpMethod":"G ET","path":"*","multiValueHeaders":{"":[""]}}`))
	log := slog.New(slog.DiscardHandler)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /f/{form}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		_ = r.ParseMultipartForm(1 << 16)
		_, _ = w.Write(body)
	})
	h := trigger.HTTP(log, mux)
	f.Fuzz(func(t *testing.T, payload []byte) {
		answer, err := h.Invoke(t.Context(), payload)
		if err != nil {
			return // not an API Gateway event
		}
		var out events.APIGatewayProxyResponse
		if err := json.Unmarshal(answer, &out); err != nil || out.StatusCode < 200 || out.StatusCode > 599 {
			t.Fatalf("answer %.300s: %v", answer, err)
		}
		if out.StatusCode == http.StatusInternalServerError {
			t.Fatalf("the handler panicked on %.300s", payload)
		}
		if _, err := base64.StdEncoding.DecodeString(out.Body); out.IsBase64Encoded && err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		for name, values := range out.MultiValueHeaders {
			for _, v := range values {
				if strings.ContainsAny(name+v, "\r\n\x00") {
					t.Fatalf("header %q: %q", name, v)
				}
				w.Header().Add(name, v)
			}
		}
	})
}
