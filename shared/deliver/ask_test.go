package deliver_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"sluice/shared/app"
	"sluice/shared/deliver"
	"sluice/shared/lead"
	"sluice/shared/webhook"
)

var _ app.Asker = (*deliver.Caller)(nil)

// question is one to a URL; "secret words" are what no error may hold.
func question(t *testing.T, url string) app.Question {
	t.Helper()
	return app.Question{Webhook: request(t, url), Timeout: 300 * time.Millisecond}
}

// says answers as a service does that knows something.
func says(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}
}

func TestAskIsSigned(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	url := vendor(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		says("application/json", `{"industry":"education"}`)(w, r)
	})
	q := question(t, url)
	told, err := laptop().Ask(t.Context(), q)
	if err != nil || string(told) != `{"industry":"education"}` {
		t.Fatalf("%s, %v", told, err)
	}
	h := webhook.Headers{ID: got.Header.Get("Webhook-Id"), Timestamp: got.Header.Get("Webhook-Timestamp"), Signature: got.Header.Get("Webhook-Signature")}
	if err := webhook.Verify(h, body, time.Now(), q.Secrets...); err != nil {
		t.Errorf("%+v: %v", h, err)
	}
	if got.Method != http.MethodPost || got.Header.Get("Accept") != "application/json" || string(body) != string(q.Body) {
		t.Errorf("the enricher got %s %v with %q", got.Method, got.Header, body)
	}
	q.Secrets = nil
	if _, err := laptop().Ask(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	for name := range got.Header {
		if strings.HasPrefix(name, "Webhook-") {
			t.Errorf("without a secret it is sent %s", name)
		}
	}
}

func TestAskAnswers(t *testing.T) {
	t.Parallel()
	const most = 64 << 10
	full := `{"a":"` + strings.Repeat("x", most-8) + `"}`
	zipped := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, `{}`)
		z.Close()
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   lead.Kind
	}{
		"JSON":                 {says("application/json", `{}`), ""},
		"JSON, its letters":    {says("Application/JSON; charset=utf-8", ` [1] `), ""},
		"JSON of a standard":   {says("application/problem+json", `null`), ""},
		"as much as may be":    {says("application/json", full), ""},
		"a byte more":          {says("application/json", full+" "), lead.Invalid},
		"a byte more, unknown": {chunked(full + " "), lead.Invalid},
		"endless":              {endless(t), lead.Invalid},
		"nothing at all":       {says("application/json", ""), lead.Invalid},
		"garbage":              {says("application/json", `{"secret":`), lead.Invalid},
		"two documents":        {says("application/json", `{}{"secret":1}`), lead.Invalid},
		"not UTF-8":            {says("application/json", "\xff\xfe"), lead.Invalid},
		"a page":               {says("text/html; charset=utf-8", `{"secret":1}`), lead.Invalid},
		"of no kind":           {says("", `{"secret":1}`), lead.Invalid},
		"of a broken kind":     {says("application/json; charset", `{"secret":1}`), lead.Invalid},
		"packed":               {zipped, lead.Invalid},
		"knows nothing":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, lead.NotFound},
		"not found":            {http.NotFound, lead.NotFound},
		"no HTTP":              {raw(t, "secret words\r\n\r\n"), lead.Unavailable},
		"a broken header":      {raw(t, "HTTP/1.1 200 OK\r\nsecret words\r\n\r\n"), lead.Unavailable},
		"breaks off":           {raw(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"secret\":1}"), lead.Unavailable},
		"a broken Location":    {raw(t, "HTTP/1.1 302 Found\r\nLocation: http://secret words:x/\r\nContent-Length: 0\r\n\r\n"), lead.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told, err := laptop().Ask(t.Context(), question(t, vendor(t, c.answer)+"/?key=secret"))
			wantCall(t, name, err, c.want)
			if (err == nil) != (told != nil) {
				t.Errorf("%d bytes beside %v", len(told), err)
			}
		})
	}
	for status, want := range map[int]lead.Kind{
		301: lead.Invalid, 307: lead.Invalid, 308: lead.Invalid, 400: lead.Invalid, 401: lead.Invalid, 402: lead.Invalid, 410: lead.Invalid,
		408: lead.Unavailable, 429: lead.Unavailable, 500: lead.Unavailable, 503: lead.Unavailable,
	} {
		_, err := laptop().Ask(t.Context(), question(t, vendor(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				t.Errorf("%d: it was followed to %s", status, r.URL.Path)
			}
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			io.WriteString(w, `{"secret":"words"}`)
		})))
		wantCall(t, http.StatusText(status), err, want)
	}
}

// chunked answers without telling how much it is.
func chunked(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.(http.Flusher).Flush()
		io.WriteString(w, body)
	}
}

func endless(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for range 1000 {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
		t.Error("64 MB of an answer were read")
	}
}

// raw writes bytes and hangs up.
func raw(t *testing.T, bytes string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(connection, bytes)
		connection.Close()
	}
}

// TestAskKeepsItsTime: a service that says nothing, and one that says a little for
// ever, take no longer than the question allows.
func TestAskKeepsItsTime(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	defer close(over)
	silent := vendor(t, func(http.ResponseWriter, *http.Request) { <-over })
	dripping := vendor(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	})
	c := deliver.NewCaller(deliver.CallerOptions{Loopback: true})
	for name, url := range map[string]string{"silent": silent, "dripping": dripping} {
		q := question(t, url)
		began := time.Now()
		_, err := c.Ask(t.Context(), q)
		wantCall(t, name, err, lead.Unavailable)
		if took := time.Since(began); took < q.Timeout || took > q.Timeout+3*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: gave up after %s with %v", name, took, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := c.Ask(ctx, app.Question{Webhook: request(t, silent)}); !errors.Is(err, context.Canceled) {
		t.Errorf("when the caller has no time left: %v", err)
	}
}

func TestAskGoesToPublicAddressesOnly(t *testing.T) {
	t.Parallel()
	reached := false
	safe := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(safe.Close)
	inward := vendor(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, safe.URL, http.StatusTemporaryRedirect)
	})
	stack := deliver.NewCaller(deliver.CallerOptions{})
	for _, url := range []string{inward, safe.URL, strings.Replace(safe.URL, "127.0.0.1", "localhost", 1), "https://10.1.2.3/",
		"https://169.254.169.254/latest/meta-data", "https://[::ffff:10.1.2.3]/", "http://example.com/", "https://user:pass@example.com/", ""} {
		_, err := stack.Ask(t.Context(), question(t, url))
		wantCall(t, url, err, lead.Invalid)
	}
	_, err := laptop().Ask(t.Context(), question(t, inward)) // not even on a laptop, where it could go there
	wantCall(t, "a redirect", err, lead.Invalid)
	if reached {
		t.Error("a private address was asked")
	}
}

// TestNamesOfPrivateAddresses: it is the address that a name leads to at the moment of
// the call that counts, whoever answers for the name.
func TestNamesOfPrivateAddresses(t *testing.T) {
	t.Parallel()
	reached := false
	url := vendor(t, func(http.ResponseWriter, *http.Request) { reached = true })
	_, port, _ := strings.Cut(strings.TrimPrefix(url, "http://"), ":")
	for _, address := range []string{"127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"} {
		names := resolver(t, address)
		for name, o := range map[string]deliver.CallerOptions{"stack": {}, "laptop": {Loopback: true}} {
			if name == "laptop" && netip.MustParseAddr(address).IsLoopback() {
				continue
			}
			c := deliver.NewCallerBy(o, names)
			_, err := c.Ask(t.Context(), question(t, "https://facts.example.com:"+port+"/"))
			wantCall(t, name+" at "+address, err, lead.Invalid)
			wantCall(t, name+" at "+address, c.Call(t.Context(), request(t, "https://facts.example.com:"+port+"/")), lead.Invalid)
		}
	}
	if reached {
		t.Error("a private address was asked")
	}
}

// resolver answers every name with one address.
func resolver(t *testing.T, address string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	at := netip.MustParseAddr(address)
	go func() {
		for buffer := make([]byte, 1500); ; {
			n, from, err := server.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			asked := m.Questions[0]
			m.Response, m.Additionals = true, nil
			header := dnsmessage.ResourceHeader{Name: asked.Name, Type: asked.Type, Class: asked.Class, TTL: 0}
			switch {
			case asked.Type == dnsmessage.TypeA && at.Is4():
				m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: at.As4()}}}
			case asked.Type == dnsmessage.TypeAAAA && !at.Is4():
				m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: at.As16()}}}
			}
			if answer, err := m.Pack(); err == nil {
				server.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}
