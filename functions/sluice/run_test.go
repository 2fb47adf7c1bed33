package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sluice/shared/leadtest"
	"sluice/shared/local"
)

// printed is what a command that still runs has printed.
type printed struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.String()
}

// after is the word that follows a label in what was printed.
func (p *printed) after(label string) string {
	_, rest, _ := strings.Cut(p.String(), label)
	if words := strings.Fields(rest); len(words) > 0 && rest[0] == ' ' {
		return strings.TrimSuffix(words[0], "/")
	}
	return ""
}

func TestRunStopsGracefully(t *testing.T) {
	ownServices(t)
	leadtest.Engine(t) // skips where there is none
	before := children(t, os.Getpid())
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out := &printed{}
	ended := make(chan error, 1)
	go func() {
		ended <- dispatch(ctx, []string{"run", "-dir", t.TempDir(), "-http", "127.0.0.1:0", "-edge", "127.0.0.1:0", "-quiet"}, out)
	}()
	await(t, "start", 30*time.Second, func() bool { return strings.Contains(out.String(), "AWS_ENDPOINT_URL") || len(ended) > 0 })
	front, edge := out.after("Desk"), out.after("AWS services")
	if !listening(front) || !listening(edge) {
		t.Fatalf("nobody listens at %s or %s; printed:\n%s", front, edge, out)
	}
	contains(t, out.String(), front+"/f/trial", front+"/openapi.json", "outbox")
	started := without(children(t, os.Getpid()), before)
	answer := post(ctx, front+"/f/trial", person("+8613800000041"))
	if answer.status != 202 {
		t.Errorf("post answered %+v", answer)
	}

	interrupt()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("run: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("run does not end")
	}
	contains(t, out.String(), "stopping")
	if listening(front) || listening(edge) || anyAlive(started) {
		t.Errorf("after the end, front listens: %t, edge: %t, engine alive: %t", listening(front), listening(edge), anyAlive(started))
	}
}

func without(all, some []int) (rest []int) {
	had := map[int]bool{}
	for _, pid := range some {
		had[pid] = true
	}
	for _, pid := range all {
		if !had[pid] {
			rest = append(rest, pid)
		}
	}
	return rest
}

// failing runs `sluice run`, which must not start, and returns its error.
func failing(t *testing.T, args ...string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := runCommand(ctx, append([]string{"-dir", t.TempDir(), "-quiet"}, args...), io.Discard)
	if err == nil {
		t.Fatalf("run %v started", args)
	}
	return err
}

func TestRunSaysWhatIsInItsWay(t *testing.T) {
	ownServices(t)
	leadtest.Engine(t) // skips where there is none
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	taken := busy.Addr().String()

	contains(t, failing(t, "-http", taken).Error(), taken, "-http")
	contains(t, failing(t, "-http", "0.0.0.0:0").Error(), "0.0.0.0:0", "loopback")
	contains(t, failing(t, "-http", "127.0.0.1:0", "-edge", "0.0.0.0:0").Error(), "0.0.0.0:0", "loopback")

	front := free(t)
	contains(t, failing(t, "-http", front, "-edge", taken).Error(), taken, "-edge")
	if listening("http://" + front) {
		t.Error("a run that did not start still listens")
	}
}

// free is an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestRunWithoutJava(t *testing.T) {
	ownServices(t)
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	front := free(t)
	err := failing(t, "-http", front, "-edge", "127.0.0.1:0")
	if !errors.Is(err, local.ErrNotInstalled) {
		t.Errorf("run without Java: %v", err)
	}
	contains(t, err.Error(), "Java 17", "make tools")
	if listening("http://" + front) {
		t.Error("a run that did not start still listens")
	}
}

func TestRunEndsWithItsEngine(t *testing.T) {
	ownServices(t)
	leadtest.Engine(t) // skips where there is none
	before := children(t, os.Getpid())
	out := &printed{}
	ended := make(chan error, 1)
	go func() {
		ended <- dispatch(t.Context(), []string{"run", "-dir", t.TempDir(), "-http", "127.0.0.1:0", "-edge", "127.0.0.1:0", "-quiet"}, out)
	}()
	await(t, "start", 90*time.Second, func() bool { return strings.Contains(out.String(), "AWS_ENDPOINT_URL") || len(ended) > 0 })
	killed := 0
	for _, pid := range children(t, os.Getpid()) {
		if !slices.Contains(before, pid) {
			killed++
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	if killed == 0 {
		t.Skip("the engine's process cannot be found here")
	}
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "engine has ended") {
			t.Errorf("run ended with %v, want the engine's end told", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("run goes on without its engine")
	}
}
