// Package local runs on one machine what the stack runs in AWS: Amazon's own
// DynamoDB engine as a child process, and one edge on a loopback address that
// speaks DynamoDB and SQS, so that application code knows nothing but
// AWS_ENDPOINT_URL.
package local

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrNotInstalled is found with errors.Is in the error of [StartEngine] when
// Java or the engine's jar is not on this machine.
var ErrNotInstalled = errors.New("not installed")

const (
	// DefaultHeapMB holds a table of about 100,000 leads in memory.
	DefaultHeapMB = 512

	startTimeout = 90 * time.Second // a start takes 2 s; on a busy machine several start at once
	stopGrace    = 5 * time.Second
	startTries   = 3 // a free port may be taken before the engine binds it
)

// EngineOptions says how the engine is started. The zero value is an engine in
// memory, started with the tools of the module around the working directory.
type EngineOptions struct {
	Dir    string    // the database's folder, made if missing; "" keeps data in memory
	Tools  string    // the folder that holds node_modules; "" looks for infra beside go.mod, upwards
	HeapMB int       // largest Java heap in MiB; 0 is DefaultHeapMB
	Log    io.Writer // what the engine prints; nil discards it
}

// Engine is a running DynamoDB Local. Each access key id (letters and digits
// only) has a database of its own. The engine listens on all interfaces, it
// knows no other way: a machine that others can reach needs a firewall.
type Engine struct {
	url  string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	err  error         // how it ended; read after done
	tail *tailWriter
	stop sync.Once
}

// StartEngine starts DynamoDB Local on a free port and returns when it
// answers, after about 2 s. ctx bounds the start only; [Engine.Stop] ends the
// process, and so does the end of this one (on Linux even by kill -9).
func StartEngine(ctx context.Context, opts EngineOptions) (*Engine, error) {
	java, err := findJava()
	if err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	jar, err := findJar(opts.Tools)
	if err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	store := []string{"-inMemory"}
	if opts.Dir != "" {
		dir, err := filepath.Abs(opts.Dir) // the engine runs in the jar's folder
		if err == nil {
			err = os.MkdirAll(dir, 0o700)
		}
		if err != nil {
			return nil, fmt.Errorf("start engine: make data folder: %w", err)
		}
		store = []string{"-dbPath", dir}
	}

	var e *Engine
	for range startTries {
		e, err = launch(ctx, launchSpec{java: java, jar: jar, store: store, opts: opts})
		if err == nil || !errors.Is(err, errPortTaken) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	return e, nil
}

// URL is the engine's endpoint, "http://127.0.0.1:port".
func (e *Engine) URL() string { return e.url }

// Done is closed when the process has ended, whoever ended it.
func (e *Engine) Done() <-chan struct{} { return e.done }

// Stop ends the engine and waits until it is gone: politely first, by force
// after 5 s. It may be called more than once.
func (e *Engine) Stop() {
	e.stop.Do(func() {
		if e.cmd.Process.Signal(syscall.SIGTERM) != nil {
			_ = e.cmd.Process.Kill() // Windows knows no SIGTERM
		}
		select {
		case <-e.done:
		case <-time.After(stopGrace):
			_ = e.cmd.Process.Kill()
		}
	})
	<-e.done
}

var errPortTaken = errors.New("port was taken by another process")

type launchSpec struct {
	java, jar string
	store     []string
	opts      EngineOptions
}

func launch(ctx context.Context, spec launchSpec) (*Engine, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	heap := cmp.Or(spec.opts.HeapMB, DefaultHeapMB)
	args := []string{
		"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", // starts sooner and stays under 165 MB
		"-Xmx" + strconv.Itoa(heap) + "m",
		"-Djava.library.path=./DynamoDBLocal_lib",
		"-jar", spec.jar,
		"-disableTelemetry",
		"-cors", "http://127.0.0.1", // the default lets every web page read the database
		"-port", strconv.Itoa(port),
	}
	e := &Engine{
		url:  "http://127.0.0.1:" + strconv.Itoa(port),
		cmd:  exec.Command(spec.java, append(args, spec.store...)...),
		done: make(chan struct{}),
		tail: &tailWriter{next: cmp.Or(spec.opts.Log, io.Discard)},
	}
	e.cmd.Dir = filepath.Dir(spec.jar)
	e.cmd.Env = append(os.Environ(), "DDB_LOCAL_TELEMETRY=0")
	e.cmd.Stdout, e.cmd.Stderr = e.tail, e.tail
	dieWithParent(e.cmd)
	if err := e.run(); err != nil {
		return nil, fmt.Errorf("run %s: %w", spec.java, err)
	}
	if err := e.awaitReady(ctx); err != nil {
		e.Stop()
		return nil, err
	}
	return e, nil
}

// run starts the process and waits for it on one OS thread that belongs to
// nobody else: on Linux the child is told of the death of the thread that made
// it, and the runtime may end any thread it has no use for.
func (e *Engine) run() error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := e.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		e.err = e.cmd.Wait()
		close(e.done)
	}()
	return <-started
}

// awaitReady asks until the engine answers as DynamoDB does.
func (e *Engine) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 5 * time.Second}
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-e.done:
			return e.explain()
		case <-ctx.Done():
			return fmt.Errorf("await engine: %w; it printed: %s", ctx.Err(), e.tail)
		case <-tick.C:
			if answers(ctx, client, e.url) {
				return nil
			}
		}
	}
}

func answers(ctx context.Context, client *http.Client, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("{}"))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	req.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=ready/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return err == nil && resp.StatusCode == http.StatusOK && bytes.Contains(body, []byte("TableNames"))
}

// explain says why the engine ended before it was ready, and what to do.
func (e *Engine) explain() error {
	switch out := e.tail.String(); {
	case strings.Contains(out, "UnsupportedClassVersionError"):
		return errors.New("the Java runtime is older than 17: install a Java 17 runtime (Debian: apt-get install openjdk-17-jre-headless) or point JAVA_HOME at one")
	case strings.Contains(out, "Address already in use"), strings.Contains(out, "Failed to bind"):
		return errPortTaken
	default:
		return fmt.Errorf("engine ended at start: %v; it printed: %s", e.err, out)
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// tailWriter passes on what is written and keeps the end of it for messages.
type tailWriter struct {
	mu   sync.Mutex
	next io.Writer
	last []byte
}

const tailBytes = 4 << 10

func (t *tailWriter) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if extra := len(t.last) - tailBytes; extra > 0 {
		t.last = slices.Delete(t.last, 0, extra)
	}
	_, _ = t.next.Write(p) // a log that fails must not stop the engine
	return len(p), nil
}

func (t *tailWriter) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.last))
}
