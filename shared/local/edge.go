package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// EdgeOptions says what stands behind an [Edge].
type EdgeOptions struct {
	Engine string // URL of DynamoDB Local; "" answers DynamoDB calls with an error
	SQS    *SQS   // nil answers SQS calls with an error

	// Tap is told of each write to DynamoDB that succeeded, before the caller
	// is: the operation's name, such as TransactWriteItems, and the request as
	// JSON, which it may keep. It runs in the call, so it must be quick; calls
	// run side by side, so it must be safe for that. May be nil.
	Tap func(target string, request []byte)
}

// Edge is the one address that AWS_ENDPOINT_URL names: it tells the services
// apart by X-Amz-Target. It checks no signatures, so it listens on loopback
// addresses only.
type Edge struct {
	opts   EdgeOptions
	client *http.Client

	mu      sync.Mutex
	servers []*http.Server
}

// NewEdge builds an edge; it is an http.Handler, and [Edge.Listen] serves it.
func NewEdge(opts EdgeOptions) *Edge {
	transport := &http.Transport{
		MaxIdleConns:        engineConns,
		MaxIdleConnsPerHost: engineConns,
		IdleConnTimeout:     engineIdle,
		DisableCompression:  true, // bytes pass as they are, so that their checksum holds
	}
	return &Edge{opts: opts, client: &http.Client{Transport: transport}}
}

const (
	// engineConns are kept open: more callers at once than a machine that runs
	// the engine too can use.
	engineConns = 256
	// engineIdle is below the 30 s after which the engine's server closes an
	// idle connection, so that no request is sent into a closing one.
	engineIdle = 20 * time.Second
	// callerIdle is above the 90 s of Go's own clients, for the same reason.
	callerIdle = 5 * time.Minute
	// headerTimeout bounds a caller that connects and says nothing.
	headerTimeout = 10 * time.Second
)

// ServeHTTP answers one AWS JSON call.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The whole request is read before anything is answered or passed on: a
	// connection on which bytes are still arriving cannot be used again.
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	service, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case service == "AmazonSQS" && e.opts.SQS != nil:
		e.opts.SQS.serve(w, r, body)
	case (service == "DynamoDB_20120810" || service == "DynamoDBStreams_20120810") && e.opts.Engine != "":
		e.forward(w, r, call{op: op, body: body})
	default:
		writeJSON(w, http.StatusBadRequest, map[string]string{
			"__type":  "UnknownOperationException",
			"message": fmt.Sprintf("There is no service %q here. This edge has %s, told apart by the header X-Amz-Target.", service, e.services()),
		})
	}
}

func (e *Edge) services() string {
	var have []string
	if e.opts.Engine != "" {
		have = append(have, "DynamoDB", "DynamoDB Streams")
	}
	if e.opts.SQS != nil {
		have = append(have, "SQS")
	}
	if len(have) == 0 {
		return "no service"
	}
	return strings.Join(have, ", ")
}

type call struct {
	op   string
	body []byte
}

// forward passes a call to the engine and its answer back, byte for byte.
func (e *Edge) forward(w http.ResponseWriter, r *http.Request, c call) {
	status, header, answer, err := e.ask(r, c)
	if err != nil {
		// SDKs take this for a passing fault and try again.
		writeJSON(w, http.StatusInternalServerError, map[string]string{
			"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": err.Error(),
		})
		return
	}
	if status == http.StatusOK && e.opts.Tap != nil && slices.Contains(writes(), c.op) {
		e.opts.Tap(c.op, c.body)
	}
	maps.Copy(w.Header(), header)
	w.WriteHeader(status)
	_, _ = w.Write(answer) // a caller that hung up needs no answer
}

func (e *Edge) ask(r *http.Request, c call) (status int, header http.Header, answer []byte, err error) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, e.opts.Engine, bytes.NewReader(c.body))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("ask engine: %w", err)
	}
	for name, values := range r.Header {
		if name == "Authorization" || name == "Content-Type" || strings.HasPrefix(name, "X-Amz") {
			req.Header[name] = values
		}
	}
	resp, err := e.client.Do(req)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("ask engine: %w", err)
	}
	defer resp.Body.Close()
	if answer, err = io.ReadAll(resp.Body); err != nil {
		return 0, nil, nil, fmt.Errorf("read engine's answer: %w", err)
	}
	header = http.Header{}
	for name, values := range resp.Header {
		if name == "Content-Type" || strings.HasPrefix(name, "X-Amz") {
			header[name] = values
		}
	}
	return resp.StatusCode, header, answer, nil
}

// writes are the operations that can change items.
func writes() []string {
	return []string{"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem",
		"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}
}

// Listen serves the edge on a loopback address such as "127.0.0.1:4566", or
// "127.0.0.1:0" for any free port, until [Edge.Shutdown], and returns its URL.
func (e *Edge) Listen(addr string) (url string, err error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("listen: %q is not a loopback address such as 127.0.0.1: nothing here checks who calls", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: e, ReadHeaderTimeout: headerTimeout, IdleTimeout: callerIdle}
	e.mu.Lock()
	e.servers = append(e.servers, server)
	e.mu.Unlock()
	go func() { _ = server.Serve(l) }() // ends with Shutdown
	return "http://" + l.Addr().String(), nil
}

// Shutdown ends waiting receives, closes the servers once they have answered
// what they took, cutting them off when ctx ends, and then the queues. The
// engine stays: it belongs to whoever started it.
func (e *Edge) Shutdown(ctx context.Context) error {
	e.mu.Lock()
	servers := e.servers
	e.servers = nil
	e.mu.Unlock()
	if e.opts.SQS != nil {
		e.opts.SQS.endWaits()
	}
	var faults []error
	for _, server := range servers {
		if err := server.Shutdown(ctx); err != nil {
			faults = append(faults, err, server.Close())
		}
	}
	if e.opts.SQS != nil {
		faults = append(faults, e.opts.SQS.Close())
	}
	e.client.CloseIdleConnections()
	return errors.Join(faults...)
}
