package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestRuntime builds the function once for all of its parts.
func TestRuntime(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "bootstrap")
	if out, err := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", binary, "./testdata/bootstrap").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, test := range map[string]func(*testing.T, string){
		"runs a real binary":    runsARealBinary,
		"takes callers in turn": takesCallersInTurn,
		"ends when it hangs":    func(t *testing.T, binary string) { endsAt(t, binary, "hang") },
		"ends when it panics":   func(t *testing.T, binary string) { endsAt(t, binary, "panic") },
		"does not start":        doesNotStart,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, binary)
		})
	}
}

func startRuntime(t *testing.T, binary string, env map[string]string) (*Runtime, error) {
	t.Helper()
	r, err := StartRuntime(t.Context(), RuntimeOptions{Binary: binary, Name: "echo", Env: env, Output: t.Output()})
	if err == nil {
		t.Cleanup(r.Stop)
	}
	return r, err
}

func runsARealBinary(t *testing.T, binary string) {
	r := must[*Runtime](t)(startRuntime(t, binary, map[string]string{"GREETING": "hello"}))
	if r.Ready() <= 0 || r.Ready() > 5*time.Second {
		t.Errorf("ready after %s", r.Ready())
	}
	t.Logf("exec to first next: %s", r.Ready())
	seen := map[string]bool{}
	for i := range 3 { // one process serves one event after the other
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		answer := must[[]byte](t)(r.Invoke(ctx, fmt.Appendf(nil, `{"text":"no. %d"}`, i)))
		cancel()
		var got struct {
			Text, Request, ARN, Greeting, Home string
			Left                               float64
		}
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		if got.Text != fmt.Sprintf("no. %d", i) || got.Greeting != "hello" || got.Home != "" ||
			got.ARN != "arn:aws:lambda:us-east-1:000000000000:function:echo" || got.Left < 5 || got.Left > 7 || seen[got.Request] {
			t.Errorf("answer %s", answer)
		}
		seen[got.Request] = true
	}
	if _, err := r.Invoke(t.Context(), []byte(`{"do":"fail"}`)); err == nil {
		t.Error("a failure was an answer")
	} else if e, ok := errors.AsType[*FunctionError](err); !ok || e.Message != "as told" {
		t.Errorf("error %v", err)
	}
	if _, err := r.Invoke(t.Context(), []byte(`{}`)); err != nil {
		t.Errorf("a failed event ended the function: %v", err)
	}
	r.Stop()
	if _, err := r.Invoke(t.Context(), []byte(`{}`)); !errors.Is(err, errExited) {
		t.Errorf("after Stop: %v", err)
	}
}

func takesCallersInTurn(t *testing.T, binary string) {
	r := must[*Runtime](t)(startRuntime(t, binary, nil))
	var callers sync.WaitGroup
	for i := range 50 {
		callers.Go(func() {
			answer, err := r.Invoke(t.Context(), fmt.Appendf(nil, `{"text":"%d"}`, i))
			var got struct{ Text string }
			if err != nil || json.Unmarshal(answer, &got) != nil || got.Text != fmt.Sprint(i) {
				t.Errorf("caller %d got %s, %v", i, answer, err)
			}
		})
	}
	callers.Wait()
}

func endsAt(t *testing.T, binary, do string) {
	r := must[*Runtime](t)(startRuntime(t, binary, nil))
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := r.Invoke(ctx, fmt.Appendf(nil, `{"do":%q}`, do))
	if _, failed := errors.AsType[*FunctionError](err); failed != (do == "panic") || !failed && !errors.Is(err, errTimedOut) {
		t.Errorf("error %v", err)
	}
	<-r.exited
	if _, err := r.Invoke(t.Context(), []byte(`{}`)); !errors.Is(err, errExited) {
		t.Errorf("afterwards: %v", err)
	}
}

func doesNotStart(t *testing.T, binary string) {
	if _, err := startRuntime(t, binary, map[string]string{"FAIL_INIT": "1"}); !errors.Is(err, errExited) {
		t.Errorf("a binary that ends at start: %v", err)
	}
	if _, err := startRuntime(t, binary+"-none", nil); err == nil {
		t.Error("started a binary that is not there")
	}
}
