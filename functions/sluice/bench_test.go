package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"sluice/shared/app"
	"sluice/shared/config"
	"sluice/shared/lead"
	"sluice/shared/local"
)

func TestFiguresAreNameValueUnit(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	f := figures{&out}
	f.print("intake.write_units", 12, "units/lead")
	f.print("intake.vs_bare", 1.2345, "ratio")
	f.print("start.desk.zip", 4_500_000, "bytes")
	f.print("intake.none", 0, "ratio")
	f.print("sweep.half", 0.5, "units")
	want := "intake.write_units 12 units/lead\nintake.vs_bare 1.234 ratio\nstart.desk.zip 4500000 bytes\nintake.none 0 ratio\nsweep.half 0.5 units\n"
	if got := out.String(); got != want {
		t.Errorf("printed\n%swant\n%s", got, want)
	}
}

func TestBenchKnowsItsPrefixes(t *testing.T) {
	t.Parallel()
	for _, only := range []string{"outtake", "intakes"} {
		out, err := typed(t, "bench", "-only", only)
		if err == nil || !strings.Contains(err.Error(), only) || !strings.Contains(err.Error(), "intake, sweep, start, sim, route, year, score and match") || out != "" {
			t.Errorf("bench -only %s: %q, %v", only, out, err)
		}
	}
}

func TestZippedIsTheSizeOfTheZip(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "zeros")
	if err := os.WriteFile(file, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	size, err := zipped(file)
	if err != nil || size < 1000 || size > 5000 {
		t.Errorf("a MiB of zeros is %d bytes zipped (%v)", size, err)
	}
	var whole bytes.Buffer
	w := zip.NewWriter(&whole)
	entry, err := w.Create("bootstrap")
	if err == nil {
		_, err = entry.Write(make([]byte, 1<<20))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if size != whole.Len() {
		t.Errorf("zipped counts %d bytes; the whole zip has %d", size, whole.Len())
	}
}

// load reads an environment back as the function's main does.
func load(name string, env map[string]string) (any, error) {
	get := func(name string) string { return env[name] }
	switch name {
	case "capture":
		return config.Load[config.Capture](get)
	case "intake":
		return config.Load[config.Intake](get)
	case "relay":
		return config.Load[config.Relay](get)
	case "route":
		return config.Load[config.Route](get)
	case "score":
		return config.Load[config.Score](get)
	case "sweep":
		return config.Load[config.Sweep](get)
	case "train":
		return config.Load[config.Train](get)
	case "deliver":
		return config.Load[config.Deliver](get)
	}
	return config.Load[config.Desk](get)
}

func TestEnvironmentsLoadBack(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	s := &system{opts: systemOptions{folder: "data"}, name: "the-table", edgeAt: "http://127.0.0.1:4566", front: "http://127.0.0.1:8080",
		queues: map[string]string{"intake": "http://q/intake", "route": "http://q/route", "score": "http://q/score", "deliver": "http://q/deliver"}}
	for _, name := range functionNames {
		env, err := s.environ(name)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := load(name, env)
		if err != nil {
			t.Errorf("%s would not start: %v", name, err)
		}
		back, err := config.Environ(cfg)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for key, value := range back {
			if env[key] != value {
				t.Errorf("%s reads %s=%q, not %q", name, key, value, env[key])
			}
		}
		if env["AWS_REGION"] != "eu-central-1" || env["AWS_ACCESS_KEY_ID"] != "key" || env["AWS_ENDPOINT_URL"] != s.edgeAt {
			t.Errorf("%s lacks what Lambda sets: %v", name, env)
		}
	}
	if _, err := s.environ("nothing"); err == nil {
		t.Error("an unknown function has an environment")
	}
}

// TestBootstrapTakesAMessage runs the binary that is deployed on a queue's event
// and finds the lead in the table.
func TestBootstrapTakesAMessage(t *testing.T) {
	folder := t.TempDir()
	s, err := quietSystem(t.Context(), folder)
	needEngine(t, err)
	t.Cleanup(s.close)
	binary, err := buildFunction(t.Context(), folder, "intake", runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	env, err := s.environ("intake")
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	r, err := local.StartRuntime(t.Context(), local.RuntimeOptions{Binary: binary, Name: "intake", Env: env, Output: &logged})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if r.Stop(); t.Failed() {
			t.Logf("intake logged:\n%s", logged.String())
		}
	}()

	envelope, err := app.Pack(t.Context(), s.vault, app.Envelope{ID: app.NewID(), Form: "trial", At: s.opts.now(),
		Type: "application/x-www-form-urlencoded"}, []byte(person("+8613800000031").Encode()))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := r.Invoke(t.Context(), batch(t, encoded(t, envelope), "{poison"))
	if err != nil {
		t.Fatal(err)
	}
	var failed events.SQSEventResponse
	if err := json.Unmarshal(answer, &failed); err != nil {
		t.Fatal(err)
	}
	if len(failed.BatchItemFailures) != 1 || failed.BatchItemFailures[0].ItemIdentifier != "m1" {
		t.Errorf("answered %s, want the second message to fail alone", answer)
	}
	sub, err := s.table.Submission(t.Context(), envelope.ID)
	if err != nil || sub.Outcome != lead.OutcomeCreated {
		t.Fatalf("the submission ended as %q (%v)", sub.Outcome, err)
	}
	if l, err := s.table.Lead(t.Context(), sub.Lead); err != nil || l.Deadline == nil {
		t.Errorf("the lead is %+v (%v)", l, err)
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// batch is a queue's event, with messages m0, m1 and so on.
func batch(t *testing.T, bodies ...string) []byte {
	t.Helper()
	var event events.SQSEvent
	for i, body := range bodies {
		event.Records = append(event.Records, events.SQSMessage{MessageId: "m" + string(rune('0'+i)), Body: body, EventSource: "aws:sqs"})
	}
	return []byte(encoded(t, event))
}
