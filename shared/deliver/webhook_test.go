package deliver_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/deliver"
	"sluice/shared/lead"
	"sluice/shared/webhook"
)

// request is a webhook to a URL; "secret words" are what no error may hold.
func request(t *testing.T, url string) app.Webhook {
	t.Helper()
	s, err := webhook.ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	return app.Webhook{ID: "l1-4-listed", URL: url, At: time.Now(), Body: []byte(`{"phone":"secret words"}`), Secrets: []webhook.Secret{s}}
}

func laptop() *deliver.Caller {
	return deliver.NewCaller(deliver.CallerOptions{Loopback: true, Limit: 500 * time.Millisecond})
}

// vendor answers as told.
func vendor(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func TestCallIsSigned(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	url := vendor(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	w := request(t, url+"/calls?key=1")
	if err := laptop().Call(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	h := webhook.Headers{ID: got.Header.Get("Webhook-Id"), Timestamp: got.Header.Get("Webhook-Timestamp"), Signature: got.Header.Get("Webhook-Signature")}
	if err := webhook.Verify(h, body, time.Now(), w.Secrets...); err != nil || h.ID != w.ID {
		t.Errorf("%+v: %v", h, err)
	}
	if got.Method != http.MethodPost || got.Header.Get("Content-Type") != "application/json" || string(body) != string(w.Body) || got.URL.RawQuery != "key=1" {
		t.Errorf("vendor got %s %s with %q", got.Method, got.URL, body)
	}
}

func TestCallAnswers(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]lead.Kind{
		200: "", 202: "", 204: "", 299: "",
		301: lead.Invalid, 302: lead.Invalid, 307: lead.Invalid, 308: lead.Invalid,
		400: lead.Invalid, 401: lead.Invalid, 404: lead.Invalid, 410: lead.Invalid, 422: lead.Invalid,
		408: lead.Unavailable, 429: lead.Unavailable, 500: lead.Unavailable, 502: lead.Unavailable, 503: lead.Unavailable, 504: lead.Unavailable,
	} {
		var calls atomic.Int32
		url := vendor(t, func(w http.ResponseWriter, r *http.Request) {
			if calls.Add(1); r.URL.Path != "/" {
				t.Errorf("%d: the caller went on to %s", status, r.URL.Path)
			}
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			if status != http.StatusNoContent {
				io.WriteString(w, "secret words, repeated")
			}
		})
		err := laptop().Call(t.Context(), request(t, url+"/"))
		wantCall(t, http.StatusText(status), err, want)
		if n := calls.Load(); n != 1 {
			t.Errorf("%d: called %d times", status, n)
		}
	}
}

// wantCall requires an error of a kind, none where that is empty, that tells nothing
// of what was sent or answered.
func wantCall(t *testing.T, name string, err error, want lead.Kind) {
	t.Helper()
	var e *lead.Error
	switch {
	case want == "" && err == nil:
	case !errors.As(err, &e) || e.Kind != want:
		t.Errorf("%s: %v, want %q", name, err, want)
	case strings.Contains(err.Error(), "secret"):
		t.Errorf("%s: the error quotes what was sent: %v", name, err)
	}
}

func TestCallWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	slow := vendor(t, func(http.ResponseWriter, *http.Request) { <-over })
	endless := vendor(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		for range 1000 {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
		t.Error("64 MB of an answer were read")
	})
	gone := httptest.NewServer(nil)
	gone.Close()
	c := laptop()
	began := time.Now()
	err := c.Call(t.Context(), request(t, slow+"/?key=secret"))
	close(over)
	wantCall(t, "a vendor who does not answer", err, lead.Unavailable)
	if took := time.Since(began); took > 5*time.Second || !errors.Is(errors.Unwrap(err), context.DeadlineExceeded) {
		t.Errorf("gave up after %s with %v", took, err)
	}
	wantCall(t, "a vendor who is gone", c.Call(t.Context(), request(t, gone.URL+"/?key=secret")), lead.Unavailable)
	wantCall(t, "an endless answer", c.Call(t.Context(), request(t, endless)), "")
}

func TestCallGoesToPublicAddressesOnly(t *testing.T) {
	t.Parallel()
	reached := false
	plain := vendor(t, func(http.ResponseWriter, *http.Request) { reached = true })
	safe := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(safe.Close)
	stack := deliver.NewCaller(deliver.CallerOptions{})
	for _, url := range []string{
		plain, safe.URL, strings.Replace(safe.URL, "127.0.0.1", "localhost", 1), "https://[::1]:8443/", "https://[::ffff:127.0.0.1]/",
		"https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/",
		"https://0.0.0.0/", "https://[fd00::1]/", "https://[fe80::1]/", "https://[64:ff9b::a00:1]/", "https://224.0.0.1/", "https://255.255.255.255/",
		"http://example.com/", "ftp://example.com/", "https://user:pass@example.com/", "https:///calls", "https://", "::", "",
	} {
		wantCall(t, url, stack.Call(t.Context(), request(t, url)), lead.Invalid)
	}
	for _, url := range []string{"http://example.com/", "https://10.1.2.3/", "https://169.254.169.254/", "http://192.168.1.1/"} {
		wantCall(t, "a laptop to "+url, laptop().Call(t.Context(), request(t, url)), lead.Invalid)
	}
	if reached {
		t.Error("a private address was called")
	}
}
