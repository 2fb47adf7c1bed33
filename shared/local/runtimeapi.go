package local

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// RuntimeOptions says which binary a [Runtime] starts.
type RuntimeOptions struct {
	Binary string            // path of the bootstrap
	Name   string            // the function's; "" is "function"
	Env    map[string]string // the whole environment, but for what Lambda itself sets
	Output io.Writer         // what the function prints; nil discards
}

// Runtime is a real bootstrap binary behind a Lambda Runtime API of its own. It
// is a lambda.Handler; like one Lambda instance it takes one event at a time.
type Runtime struct {
	name   string
	cmd    *exec.Cmd
	server *http.Server
	exited chan struct{} // closed when the process has ended

	ready   time.Duration
	started chan error // one value: nil at the first next, or what init reported
	calls   chan *runtimeCall
	current chan *runtimeCall // the call that the function is working on; capacity 1
}

type runtimeCall struct {
	id       string
	payload  []byte
	deadline time.Time
	answer   chan runtimeAnswer // capacity 1
}

type runtimeAnswer struct {
	body []byte
	err  error
}

// FunctionError is what a function answered instead of a result.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error implements error.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

var errExited = errors.New("the function's process has ended")

const (
	runtimeBase   = "/2018-06-01/runtime/"
	initTimeout   = 10 * time.Second // Lambda's own
	largestReport = 1 << 20
)

// StartRuntime runs the binary and returns when it asks for its first event. ctx
// bounds the start only; [Runtime.Stop] ends the process.
func StartRuntime(ctx context.Context, opts RuntimeOptions) (*Runtime, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start runtime: %w", err)
	}
	r := &Runtime{name: cmp.Or(opts.Name, "function"), exited: make(chan struct{}), started: make(chan error, 1),
		calls: make(chan *runtimeCall), current: make(chan *runtimeCall, 1)}
	r.cmd = exec.Command(opts.Binary)
	r.cmd.Stdout, r.cmd.Stderr = opts.Output, opts.Output
	r.cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + l.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME=" + r.name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256", "AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023"}
	for name, value := range opts.Env {
		r.cmd.Env = append(r.cmd.Env, name+"="+value)
	}
	dieWithParent(r.cmd)

	began := time.Now() // before the server can see the first next
	r.server = &http.Server{Handler: r.routes(began), ReadHeaderTimeout: headerTimeout}
	go func() { _ = r.server.Serve(l) }() // ends with Stop
	if err := r.launch(); err != nil {
		_ = r.server.Close()
		return nil, fmt.Errorf("start runtime %s: %w", opts.Binary, err)
	}
	ctx, cancel := context.WithTimeout(ctx, initTimeout)
	defer cancel()
	select {
	case err = <-r.started:
	case <-r.exited:
		err = errExited
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		r.Stop()
		return nil, fmt.Errorf("start runtime %s: %w", opts.Binary, err)
	}
	return r, nil
}

// launch starts the process from a thread of its own, as [Engine] does.
func (r *Runtime) launch() error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := r.cmd.Start()
		started <- err
		if err == nil {
			_ = r.cmd.Wait()
			close(r.exited)
		}
	}()
	return <-started
}

// Ready is the time from starting the process to its first request for an event:
// what Lambda calls the init phase.
func (r *Runtime) Ready() time.Duration { return r.ready }

// Invoke implements lambda.Handler. A function that fails answers a
// [FunctionError]; one that lets the deadline pass is killed, as Lambda does,
// and every later call fails.
func (r *Runtime) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(DefaultTimeout)
	}
	call := &runtimeCall{id: newID(), payload: payload, deadline: deadline, answer: make(chan runtimeAnswer, 1)}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case r.calls <- call:
	case <-timer.C:
		return nil, errTimedOut // it never began: others had it busy
	case <-r.exited:
		return nil, errExited
	}
	select {
	case a := <-call.answer:
		return a.body, a.err
	case <-r.exited:
		return nil, errExited
	case <-timer.C:
		_ = r.cmd.Process.Kill()
		return nil, errTimedOut
	}
}

// Stop ends the process and waits until it is gone: politely first, by force
// after a moment.
func (r *Runtime) Stop() {
	_ = r.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-r.exited:
	case <-time.After(stopGrace):
		_ = r.cmd.Process.Kill()
		<-r.exited
	}
	_ = r.server.Close()
}

func (r *Runtime) routes(began time.Time) http.Handler {
	mux := http.NewServeMux()
	first := make(chan struct{}, 1)
	first <- struct{}{}
	mux.HandleFunc("GET "+runtimeBase+"invocation/next", func(w http.ResponseWriter, req *http.Request) {
		select {
		case <-first:
			r.ready = time.Since(began)
			r.started <- nil
		default:
		}
		r.next(w, req)
	})
	mux.HandleFunc("POST "+runtimeBase+"invocation/{id}/response", func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, MaxPayload))
		if err != nil {
			err = fmt.Errorf("read the function's answer: %w", err)
		}
		r.finish(w, req.PathValue("id"), runtimeAnswer{body, err})
	})
	mux.HandleFunc("POST "+runtimeBase+"invocation/{id}/error", func(w http.ResponseWriter, req *http.Request) {
		r.finish(w, req.PathValue("id"), runtimeAnswer{err: reported(req)})
	})
	mux.HandleFunc("POST "+runtimeBase+"init/error", func(w http.ResponseWriter, req *http.Request) {
		select {
		case <-first:
			r.started <- reported(req)
		default:
		}
		w.WriteHeader(http.StatusAccepted)
	})
	return mux
}

// next hands out one event, when there is one.
func (r *Runtime) next(w http.ResponseWriter, req *http.Request) {
	select {
	case <-req.Context().Done():
	case call := <-r.calls:
		select {
		case <-r.current: // what it left unanswered is its caller's to time out
		default:
		}
		r.current <- call
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Lambda-Runtime-Aws-Request-Id", call.id)
		header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(call.deadline.UnixMilli(), 10))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", Function{Name: r.name}.ARN())
		header.Set("Lambda-Runtime-Trace-Id", fmt.Sprintf("Root=1-%08x-%s;Sampled=0", time.Now().Unix(), "000000000000000000000000"))
		_, _ = w.Write(call.payload)
	}
}

func (r *Runtime) finish(w http.ResponseWriter, id string, a runtimeAnswer) {
	select {
	case call := <-r.current:
		if call.id == id {
			call.answer <- a
			w.WriteHeader(http.StatusAccepted)
			return
		}
		r.current <- call
	default:
	}
	http.Error(w, "no such invocation", http.StatusBadRequest)
}

func reported(req *http.Request) error {
	e := &FunctionError{Type: "Unknown"}
	_ = json.NewDecoder(io.LimitReader(req.Body, largestReport)).Decode(e) // an unreadable report is an error all the same
	return e
}
