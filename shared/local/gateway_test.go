package local

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sluice/shared/trigger"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// answering is a function that answers as told.
func answering(name, answer string) Function {
	return Function{Name: name, Handler: handlerFunc(func(context.Context, []byte) ([]byte, error) { return []byte(answer), nil })}
}

func post(target, contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.RemoteAddr = "192.0.2.7:40312"
	return r
}

func TestGatewayMakesTheEventOfARestAPI(t *testing.T) {
	t.Parallel()
	form := post("http://forms.example.com/f/kitchen%20sink?utm=a+b&tag=1&tag=%26", "application/x-www-form-urlencoded", "name=Zo%C3%AB&x=1")
	form.Header.Add("Cookie", "a=1")
	form.Header.Add("Cookie", "b=2")
	form.Header.Set("X-Forwarded-For", "198.51.100.1")
	for name, r := range map[string]*http.Request{
		"form":      form,
		"multipart": post("/f/enquiry", "multipart/form-data; boundary=x", "--x\r\n\xff\r\n--x--"),
		"bare":      httptest.NewRequest(http.MethodGet, "/", nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var event []byte
			g := NewGateway(GatewayOptions{
				Now:    func() time.Time { return time.Date(2026, 3, 2, 9, 14, 7, 512e6, time.UTC) },
				NewID:  func() string { return "0b7f6e3a-0000-4000-8000-000000000001" },
				Routes: []Route{{Resource: "/", Function: Function{Handler: handlerFunc(nil)}}, {Resource: "/f/{form+}"}},
			})
			for i := range g.opts.Routes {
				g.opts.Routes[i].Function.Handler = handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
					event = payload
					return []byte(`{"statusCode":204}`), nil
				})
			}
			w := httptest.NewRecorder()
			g.ServeHTTP(w, r)
			if w.Code != http.StatusNoContent {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			golden(t, "gateway-"+name+".json", event)
		})
	}
}

// golden compares JSON with a file of testdata, or rewrites that.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, got, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, pretty.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := must[[]byte](t)(os.ReadFile(path))
	if !bytes.Equal(pretty.Bytes(), want) {
		t.Errorf("event differs from %s (-update rewrites it):\n%s", path, pretty.Bytes())
	}
}

func TestGatewayRoutes(t *testing.T) {
	t.Parallel()
	route := func(resource string, methods ...string) Route {
		return Route{Resource: resource, Methods: methods, Function: answering(resource, fmt.Sprintf(`{"statusCode":200,"body":%q}`, resource))}
	}
	g := NewGateway(GatewayOptions{Routes: []Route{route("/{proxy+}"), route("/"), route("/f/{form+}", "GET", "POST"), route("/f/new"), route("/u/{id}"), route("/u/{id}/x")}})
	for _, tt := range []struct{ method, path, want string }{
		{"GET", "/", "/"},
		{"GET", "/leads/17", "/{proxy+}"},
		{"POST", "/f/kitchen", "/f/{form+}"},
		{"POST", "/f/kitchen/thanks", "/f/{form+}"},
		{"GET", "/f/new", "/f/new"},
		{"PUT", "/f/new", "/f/new"},
		{"DELETE", "/f/kitchen", ""}, // the resource is found, the method is not
		{"GET", "/u/5", "/u/{id}"},
		{"GET", "/u/5/x", "/u/{id}/x"},
		{"GET", "/u/5/y", "/{proxy+}"},
		{"GET", "/f", "/{proxy+}"},
	} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, nil))
		if tt.want == "" && w.Code != http.StatusForbidden || tt.want != "" && w.Body.String() != tt.want {
			t.Errorf("%s %s: %d %s, want %q", tt.method, tt.path, w.Code, w.Body, tt.want)
		}
	}
}

func TestGatewayAnswers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer, accept string
		status         int
		body           string
		header         http.Header
	}{
		"cookies":            {`{"statusCode":303,"headers":{"location":"/thanks"},"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]},"body":""}`, "", 303, "", http.Header{"Location": {"/thanks"}, "Set-Cookie": {"a=1", "b=2"}}},
		"no type is JSON":    {`{"statusCode":200,"body":"{}"}`, "", 200, "{}", http.Header{"Content-Type": {"application/json"}}},
		"base64 as text":     {`{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, "text/html,application/octet-stream", 200, "aGk=", nil},
		"base64 decoded":     {`{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, "application/octet-stream", 200, "hi", nil},
		"broken base64":      {`{"statusCode":200,"body":"%","isBase64Encoded":true}`, "application/octet-stream", 502, "Internal server error", nil},
		"not JSON":           {`hello`, "", 502, "Internal server error", nil},
		"no status":          {`{"body":"x"}`, "", 502, "Internal server error", nil},
		"status as text":     {`{"statusCode":"200"}`, "", 502, "Internal server error", nil},
		"body not a string":  {`{"statusCode":200,"body":{"a":1}}`, "", 502, "Internal server error", nil},
		"unknown field":      {`{"statusCode":200,"status":200}`, "", 502, "Internal server error", nil},
		"impossible status":  {`{"statusCode":42}`, "", 502, "Internal server error", nil},
		"larger than Lambda": {`{"statusCode":200,"body":"` + strings.Repeat("x", MaxPayload) + `"}`, "", 413, "Request Too Long", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewGateway(GatewayOptions{Routes: []Route{{Resource: "/", Function: answering("f", tt.answer)}}})
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept", tt.accept)
			w := httptest.NewRecorder()
			g.ServeHTTP(w, r)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) || len(w.Body.String()) > 100 {
				t.Errorf("answer %d %.100s", w.Code, w.Body)
			}
			for name, want := range tt.header {
				if got := w.Header()[name]; !slices.Equal(got, want) {
					t.Errorf("header %s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestGatewayLimits(t *testing.T) {
	t.Parallel()
	called := false
	g := NewGateway(GatewayOptions{Routes: []Route{{Resource: "/", Function: Function{Handler: handlerFunc(func(context.Context, []byte) ([]byte, error) {
		called = true
		return []byte(`{"statusCode":200}`), nil
	})}}}})
	for name, r := range map[string]*http.Request{
		"over API Gateway's quota":   post("/", "text/plain", strings.Repeat("x", maxRequest+1)),
		"over Lambda's, by encoding": post("/", "application/octet-stream", strings.Repeat("x", MaxPayload*3/4)),
	} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		if w.Code != http.StatusRequestEntityTooLarge || called {
			t.Errorf("%s: status %d, called %t", name, w.Code, called)
		}
	}
}

func TestGatewayTimesOutAndOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		defer time.Sleep(time.Hour) // until what was left behind has ended
		g := NewGateway(GatewayOptions{Routes: []Route{{Resource: "/", Function: Function{Timeout: time.Minute, Handler: handlerFunc(func(context.Context, []byte) ([]byte, error) {
			time.Sleep(45 * time.Second)
			return nil, nil
		})}}, {Resource: "/quick", Function: Function{Handler: handlerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
			return []byte(`{"statusCode":200}`), ctx.Err()
		})}}}})
		began, w := time.Now(), httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if took := time.Since(began); w.Code != http.StatusGatewayTimeout || took != 29*time.Second {
			t.Errorf("status %d after %s", w.Code, took)
		}
		gone, hangUp := context.WithCancel(t.Context())
		hangUp()
		w = httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/quick", nil).WithContext(gone))
		if w.Code != http.StatusOK {
			t.Errorf("a caller that hung up ended the function: %d", w.Code)
		}
	})
}

// TestGatewayIsTransparent holds that a handler behind gateway and trigger sees
// and answers what it would over a plain socket.
func TestGatewayIsTransparent(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/f/{form}", func(w http.ResponseWriter, r *http.Request) {
		body := must[[]byte](t)(io.ReadAll(r.Body))
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprintf(w, "%s %s %q %q %q %q", r.Method, r.PathValue("form"), r.URL.Query(), r.Header["X-Two"], r.Header.Get("Content-Type"), body)
	})
	h := trigger.HTTP(discard(), mux)
	behind := httptest.NewServer(NewGateway(GatewayOptions{Routes: []Route{{Resource: "/{proxy+}", Function: Function{Handler: h}}}}))
	plain := httptest.NewServer(mux)
	t.Cleanup(behind.Close)
	t.Cleanup(plain.Close)
	for _, tt := range []struct{ method, path, contentType, body string }{
		{"GET", "/f/a%2Fb?x=1&x=%20&y", "", ""},
		{"POST", "/f/ü", "application/json", `{"name":"Zoë"}`},
		{"POST", "/f/b", "multipart/form-data; boundary=x", "--x\r\n\xff\x00\r\n--x--"},
		{"HEAD", "/f/c", "", ""},
		{"OPTIONS", "/f/c", "", ""},
		{"GET", "/elsewhere", "", ""},
	} {
		ask := func(base string) string {
			r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), tt.method, base+tt.path, strings.NewReader(tt.body)))
			r.Header = http.Header{"X-Two": {"1", "2"}, "Content-Type": {tt.contentType}}
			resp := must[*http.Response](t)(http.DefaultClient.Do(r))
			defer resp.Body.Close()
			body := must[[]byte](t)(io.ReadAll(resp.Body))
			return fmt.Sprintf("%d %q %s %s", resp.StatusCode, resp.Header["Set-Cookie"], cmp.Or(resp.Header.Get("Content-Type"), "none"), body)
		}
		if got, want := ask(behind.URL), ask(plain.URL); got != want {
			t.Errorf("%s %s:\nbehind the gateway %s\nplain              %s", tt.method, tt.path, got, want)
		}
	}
}
