package deliver

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/webhook"
)

// CallerOptions say to whom webhooks and questions may go.
type CallerOptions struct {
	// Loopback lets them go to this machine too, by plain HTTP if need be: on a
	// laptop. Anywhere else they go by HTTPS to public addresses alone.
	Loopback bool
	Limit    time.Duration // of a whole attempt; 0 is 10 s
}

// Caller posts webhooks, signed by Standard Webhooks, and asks enrichers. It follows
// no redirect and uses no proxy.
type Caller struct {
	client   *http.Client
	loopback bool
}

const (
	attemptLimit = 10 * time.Second
	answerRead   = 64 << 10 // of an answer, so that its connection can be used again
)

// NewCaller makes a caller. It makes no call.
func NewCaller(o CallerOptions) *Caller { return newCaller(o, nil) }

// newCaller makes one that has names resolved; nil is as this machine does.
func newCaller(o CallerOptions, names *net.Resolver) *Caller {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Resolver: names, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !public(at.Addr(), o.Loopback) { // whatever the name resolved to
			return errPrivate
		}
		return nil
	}}
	return &Caller{loopback: o.Loopback, client: &http.Client{
		Timeout:       cmp.Or(o.Limit, attemptLimit),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConnsPerHost: 10, IdleConnTimeout: 30 * time.Second, DisableCompression: true},
	}}
}

// Call posts a webhook. Any answer of 2xx takes it. An error of kind Unavailable
// may be over later; one of kind Invalid is for good: the receiver refuses the
// message, or its address is none that may be called. No error holds anything of
// the message or of the answer but its status.
func (c *Caller) Call(ctx context.Context, w app.Webhook) error {
	answer, err := c.post(ctx, w)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, answerRead) // what it says is not asked
	return refusal(answer.StatusCode)
}

// post sends a message and returns the answer, whatever its status. It is signed
// where there are secrets.
func (c *Caller) post(ctx context.Context, w app.Webhook) (*http.Response, error) {
	if err := c.callable(w.URL); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(w.Body))
	if err != nil {
		return nil, lead.Errorf(lead.Invalid, "the receiver's address cannot be read")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Sluice")
	if len(w.Secrets) > 0 {
		signed := webhook.Sign(w.ID, w.At, w.Body, w.Secrets...)
		r.Header.Set(webhook.HeaderID, signed.ID)
		r.Header.Set(webhook.HeaderTimestamp, signed.Timestamp)
		r.Header.Set(webhook.HeaderSignature, signed.Signature)
	}
	answer, err := c.client.Do(r)
	switch {
	case errors.Is(err, errPrivate):
		return nil, errNotPublic()
	case err != nil:
		return nil, &lead.Error{Kind: lead.Unavailable, Text: "the receiver cannot be reached", Cause: bare(err)}
	}
	return answer, nil
}

// refusal is what an answer's status says against the message; nil for 2xx.
func refusal(status int) error {
	switch {
	case status/100 == 2:
		return nil
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooManyRequests:
		return lead.Errorf(lead.Unavailable, "the receiver answers %d", status)
	}
	return lead.Errorf(lead.Invalid, "the receiver refuses with %d", status)
}

// callable says what is wrong with an address before anything is sent to it.
func (c *Caller) callable(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil:
		return lead.Errorf(lead.Invalid, "the receiver's address cannot be read")
	case u.Scheme != "https" && !(u.Scheme == "http" && c.loopback && isLoopback(u.Hostname())):
		return lead.Errorf(lead.Invalid, "the receiver is called by https only")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !public(ip, c.loopback) {
		return errNotPublic()
	}
	return nil
}

func errNotPublic() error {
	return lead.Errorf(lead.Invalid, "the receiver has no public address")
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

var errPrivate = errors.New("not a public address")

// unroutable are networks that are not private by name, and yet nobody's on the
// internet, or that carry IPv4 within IPv6.
var unroutable = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// public reports whether an address is on the public internet, or on this machine
// where that may be called.
func public(ip netip.Addr, loopback bool) bool {
	ip = ip.Unmap()
	if ip.IsLoopback() {
		return loopback
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.ContainsFunc(unroutable, func(n netip.Prefix) bool { return n.Contains(ip) })
}

// bare is what went wrong with a request, without its address, which is nobody's
// business in a log, and without what was answered, which Go's own texts quote.
func bare(err error) error {
	var late interface{ Timeout() bool }
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var connection *net.OpError
	switch {
	case errors.As(err, &late) && late.Timeout():
		return fmt.Errorf("no answer in time: %w", context.DeadlineExceeded)
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &name):
		return errors.New("its name leads nowhere")
	case errors.As(err, &certificate):
		return errors.New("its certificate is not trusted")
	case errors.As(err, &connection):
		return connection.Err
	}
	return errors.New("what it answers is no HTTP, or broke off")
}
