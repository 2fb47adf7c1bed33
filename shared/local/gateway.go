package local

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Route says which function serves a resource of the API.
type Route struct {
	// Resource is the path's template as API Gateway has it: "/", "/f/{form}",
	// or with "/{proxy+}" for all of the rest, at least one segment.
	Resource string
	Methods  []string // none means ANY
	Function Function
}

// GatewayOptions says what a [Gateway] serves.
type GatewayOptions struct {
	Routes []Route
	// BinaryTypes are the media types whose bodies travel as base64, as in the
	// stack; nil means multipart/form-data and application/octet-stream.
	BinaryTypes []string
	Timeout     time.Duration // of the whole call; 0 is the 29 s of API Gateway
	Log         *slog.Logger  // of calls that a function did not answer; nil discards
	Now         func() time.Time
	NewID       func() string
}

// Gateway is an http.Handler that stands for a REST API (version 1) with Lambda
// proxy integrations behind a domain name: each request becomes the event that
// API Gateway sends, so that its decoding, limits and refusals are met here too.
type Gateway struct {
	opts GatewayOptions
}

const (
	maxRequest     = 10 << 20 // API Gateway's quota
	gatewayTimeout = 29 * time.Second
	stage          = "local"
)

// NewGateway builds a gateway. The most specific resource that matches serves:
// a literal segment comes before a parameter, a parameter before a greedy one.
func NewGateway(opts GatewayOptions) *Gateway {
	if opts.BinaryTypes == nil {
		opts.BinaryTypes = []string{"multipart/form-data", "application/octet-stream"}
	}
	opts.Timeout = cmp.Or(opts.Timeout, gatewayTimeout)
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.NewID == nil {
		opts.NewID = newID
	}
	opts.Routes = slices.Clone(opts.Routes)
	slices.SortStableFunc(opts.Routes, func(a, b Route) int {
		return slices.CompareFunc(segments(a.Resource), segments(b.Resource), func(x, y string) int {
			return cmp.Compare(openness(x), openness(y))
		})
	})
	return &Gateway{opts: opts}
}

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := g.opts.NewID()
	w.Header().Set("X-Amzn-Requestid", id)
	route, params, ok := g.route(r)
	if !ok {
		// What API Gateway says of an address it does not know.
		refuse(w, http.StatusForbidden, "Missing Authentication Token")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		refuse(w, http.StatusRequestEntityTooLarge, "Request Too Long")
		return
	} else if err != nil {
		refuse(w, http.StatusBadRequest, "Bad Request")
		return
	}
	payload, err := json.Marshal(g.event(r, eventSpec{id: id, resource: route.Resource, params: params, body: body}))
	if err != nil {
		panic(err) // a struct of strings always encodes
	}
	// A function runs to its end even if its caller hung up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), g.opts.Timeout)
	defer cancel()
	answer, err := route.Function.invoke(ctx, payload)
	var out events.APIGatewayProxyResponse
	if err == nil {
		out, err = decodeAnswer(answer)
	}
	if err != nil {
		g.fail(w, ctx, failure{id: id, err: err})
		return
	}
	g.write(w, r, out)
}

type failure struct {
	id  string
	err error
}

// fail answers for a function that did not.
func (g *Gateway) fail(w http.ResponseWriter, ctx context.Context, f failure) {
	g.opts.Log.ErrorContext(ctx, "gateway", "request", f.id, "error", f.err.Error())
	switch {
	case errors.Is(f.err, errTooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, "Request Too Long")
	case errors.Is(f.err, errTimedOut), errors.Is(f.err, context.DeadlineExceeded):
		refuse(w, http.StatusGatewayTimeout, "Endpoint request timed out")
	default:
		refuse(w, http.StatusBadGateway, "Internal server error")
	}
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": text}) // a caller that hung up needs no answer
}

// decodeAnswer is as strict as API Gateway: an answer with another shape is 502.
func decodeAnswer(answer []byte) (events.APIGatewayProxyResponse, error) {
	var out events.APIGatewayProxyResponse
	dec := json.NewDecoder(strings.NewReader(string(answer)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out); err != nil {
		return out, errors.New("malformed Lambda proxy response")
	}
	if out.StatusCode < 200 || out.StatusCode > 599 {
		return out, fmt.Errorf("malformed Lambda proxy response: status %d", out.StatusCode)
	}
	return out, nil
}

// write sends a function's answer. As in API Gateway a base64 body is decoded
// only for a caller whose first accepted media type is a binary one.
func (g *Gateway) write(w http.ResponseWriter, r *http.Request, out events.APIGatewayProxyResponse) {
	body := []byte(out.Body)
	accept, _, _ := strings.Cut(r.Header.Get("Accept"), ",")
	if out.IsBase64Encoded && g.binary(accept) {
		decoded, err := base64.StdEncoding.DecodeString(out.Body)
		if err != nil {
			refuse(w, http.StatusBadGateway, "Internal server error")
			return
		}
		body = decoded
	}
	header := w.Header()
	for name, v := range out.Headers {
		header.Set(name, v)
	}
	for name, values := range out.MultiValueHeaders {
		header[http.CanonicalHeaderKey(name)] = values
	}
	for _, own := range []string{"Connection", "Content-Length", "Transfer-Encoding"} {
		header.Del(own)
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	w.WriteHeader(out.StatusCode)
	_, _ = w.Write(body) // a HEAD or 204 takes none; a caller that hung up needs none
}

func (g *Gateway) binary(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && slices.ContainsFunc(g.opts.BinaryTypes, func(t string) bool {
		return t == kind || t == "*/*" || strings.HasSuffix(t, "/*") && strings.HasPrefix(kind, strings.TrimSuffix(t, "*"))
	})
}

type eventSpec struct {
	id, resource string
	params       map[string]string
	body         []byte
}

// proxyEvent is the library's event, with the body that API Gateway sends as
// null where there is none.
type proxyEvent struct {
	events.APIGatewayProxyRequest
	Body            *string `json:"body"`
	IsBase64Encoded bool    `json:"isBase64Encoded"`
}

func (g *Gateway) event(r *http.Request, spec eventSpec) proxyEvent {
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	_, port, _ := net.SplitHostPort(r.Host)
	now := g.opts.Now()
	header := maps.Clone(r.Header)
	header.Set("Host", r.Host)
	header.Set("X-Forwarded-For", strings.Join(append(header.Values("X-Forwarded-For"), ip), ", "))
	header.Set("X-Forwarded-Port", cmp.Or(port, "80"))
	header.Set("X-Forwarded-Proto", "http")
	path := cmp.Or(r.URL.EscapedPath(), "/")

	e := proxyEvent{APIGatewayProxyRequest: events.APIGatewayProxyRequest{
		Resource:                        spec.resource,
		Path:                            path,
		HTTPMethod:                      r.Method,
		Headers:                         lastValues(header),
		MultiValueHeaders:               header,
		QueryStringParameters:           lastValues(r.URL.Query()),
		MultiValueQueryStringParameters: orNull(r.URL.Query()),
		PathParameters:                  orNull(spec.params),
		RequestContext: events.APIGatewayProxyRequestContext{
			AccountID: Account, APIID: "local", Stage: stage, Protocol: r.Proto,
			DomainName: r.Host, RequestID: spec.id, ExtendedRequestID: spec.id,
			ResourcePath: spec.resource, Path: path, HTTPMethod: r.Method,
			RequestTime: now.UTC().Format("02/Jan/2006:15:04:05 -0700"), RequestTimeEpoch: now.UnixMilli(),
			Identity: events.APIGatewayRequestIdentity{SourceIP: ip, UserAgent: r.UserAgent()},
		},
	}}
	if len(spec.body) > 0 {
		text := string(spec.body) // what is not UTF-8 is garbled by the encoder, as it is by API Gateway
		if e.IsBase64Encoded = g.binary(r.Header.Get("Content-Type")); e.IsBase64Encoded {
			text = base64.StdEncoding.EncodeToString(spec.body)
		}
		e.Body = &text
	}
	return e
}
