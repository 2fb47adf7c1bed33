package trigger

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
)

// HTTP makes a handler of a REST API's proxy events (version 1) that serves them
// with h. What API Gateway tells besides the request is asked of its context:
// [RequestID] and [Prefix]. The context ends a little before the function does.
//
// A panic of h, and an answer larger than Lambda takes, become a 500 without a
// word of the cause, which is logged.
func HTTP(log *slog.Logger, h http.Handler) lambda.Handler {
	return handler(func(ctx context.Context, payload []byte) ([]byte, error) {
		began := time.Now()
		var event proxyRequest
		if err := decode(payload, &event); err != nil {
			return nil, err
		}
		if event.Method == "" || event.Path == "" {
			return nil, errors.New("decode event: no method or path: not an API Gateway request")
		}
		ctx, cancel := withMargin(ctx)
		defer cancel()

		w := &recorder{header: http.Header{}, head: event.Method == http.MethodHead}
		err := contain(func() error {
			r, err := newRequest(ctx, event)
			if err != nil {
				w.fail(http.StatusBadRequest, lead.Invalid, "The request's body is not what its encoding says.")
				return nil
			}
			h.ServeHTTP(w, r)
			return nil
		})
		if err == nil && w.full {
			err = lead.Errorf(lead.Invalid, "answer of more than %d bytes", MaxAnswer)
		}
		if err != nil {
			w.fail(http.StatusInternalServerError, lead.Unavailable, "Something went wrong on our side. Please try again later.")
		}
		answer, status, tooLarge := w.answer()
		logOutcome(ctx, log, line{
			what: "request",
			attrs: []slog.Attr{
				slog.String("request", event.Context.RequestID),
				slog.String("method", event.Method),
				slog.String("resource", event.Resource), // the template: a path may hold what a person typed
				slog.Int("status", status),
			},
			took: time.Since(began),
			err:  cmp.Or(err, tooLarge),
		})
		return answer, nil
	})
}

// proxyRequest is what is read of an event.
type proxyRequest struct {
	Resource    string              `json:"resource"`
	Path        string              `json:"path"`
	Method      string              `json:"httpMethod"`
	Header      map[string]string   `json:"headers"`
	MultiHeader map[string][]string `json:"multiValueHeaders"`
	Query       map[string]string   `json:"queryStringParameters"`
	MultiQuery  map[string][]string `json:"multiValueQueryStringParameters"`
	Body        string              `json:"body"`
	IsBase64    bool                `json:"isBase64Encoded"`
	Context     struct {
		RequestID  string `json:"requestId"`
		Path       string `json:"path"`
		DomainName string `json:"domainName"`
		Identity   struct {
			SourceIP string `json:"sourceIp"`
		} `json:"identity"`
	} `json:"requestContext"`
}

// MaxAnswer is the largest answer of a function, in bytes of JSON: 6 MB is
// Lambda's quota for what is called synchronously.
const MaxAnswer = 6 << 20

type callKey struct{}

type call struct{ request, prefix string }

// RequestID is the id that API Gateway gave the request, as its access log has
// it; "" outside of a request.
func RequestID(ctx context.Context) string {
	c, _ := ctx.Value(callKey{}).(call)
	return c.request
}

// Prefix is what stands before the path in the address that the browser shows:
// "/stage" where the API is called by its own name, "" behind a domain name and
// on a laptop. Links to other pages must start with it.
func Prefix(ctx context.Context) string {
	c, _ := ctx.Value(callKey{}).(call)
	return c.prefix
}

// newRequest makes the request of an event. An error means a broken body.
func newRequest(ctx context.Context, event proxyRequest) (*http.Request, error) {
	body := event.Body
	if event.IsBase64 {
		decoded, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil, err
		}
		body = string(decoded)
	}
	header := sound(event.Header, event.MultiHeader)
	target := pathURL(event.Path)
	target.RawQuery = url.Values(merge(event.Query, event.MultiQuery)).Encode()

	prefix, whole := strings.CutSuffix(event.Context.Path, event.Path)
	if !whole {
		prefix = ""
	}
	r := &http.Request{
		Method: event.Method,
		URL:    target,
		Proto:  "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        header,
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
		Host:          header.Get("Host"),
		RequestURI:    target.RequestURI(),
	}
	if r.Host == "" {
		r.Host = event.Context.DomainName
	}
	delete(header, "Host") // as net/http has it: it is a field of the request
	if len(body) == 0 {
		r.Body = http.NoBody
	}
	if ip := event.Context.Identity.SourceIP; ip != "" {
		r.RemoteAddr = net.JoinHostPort(ip, "0") // the port is not told
	}
	return r.WithContext(context.WithValue(ctx, callKey{}, call{request: event.Context.RequestID, prefix: prefix})), nil
}

// pathURL takes the path as it was sent, and one that cannot have been sent so,
// such as one with a lone percent sign, as decoded already.
func pathURL(path string) *url.URL {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return &url.URL{Path: path}
	}
	return &url.URL{Path: decoded, RawPath: path}
}

// merge takes the lists of values where there are any, and the single values of
// names that have none, as hand-written events do.
func merge(single map[string]string, multi map[string][]string) map[string][]string {
	merged := make(map[string][]string, max(len(single), len(multi)))
	for name, v := range single {
		merged[name] = []string{v}
	}
	maps.Copy(merged, multi)
	return merged
}
