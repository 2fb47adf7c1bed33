package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/leadtest"
	"sluice/shared/local"
)

// commandEnv makes this binary the command itself, for tests that kill it.
const commandEnv = "SLUICE_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandEnv) != "" {
		main()
		return
	}
	leadtest.Main(m)
}

// open starts a system for a test, on free ports and with the sample policy.
func open(t *testing.T, opts systemOptions) *system {
	t.Helper()
	if opts.folder == "" {
		opts.folder = t.TempDir()
	}
	opts.http, opts.edge, opts.policy, opts.reps, opts.quiet = "127.0.0.1:0", "127.0.0.1:0", samplePolicy, sampleReps, true
	opts.log = t.Output()
	s, err := openSystem(t.Context(), opts)
	needEngine(t, err)
	t.Cleanup(func() {
		if s.sqs == nil {
			withdraw(s)
		}
		s.close()
	})
	return s
}

// needEngine skips where the engine is not installed, unless the machine is said
// to have it.
func needEngine(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, local.ErrNotInstalled) && os.Getenv("SLUICE_REQUIRE_ENGINE") == "" {
		t.Skipf("no engine here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// withdraw removes what a system made at somebody else's endpoint, as far as it
// is there.
func withdraw(s *system) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, _ = dynamodb.NewFromConfig(s.aws).DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &s.name})
	for _, url := range s.queues {
		_, _ = sqs.NewFromConfig(s.aws).DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url})
	}
}

// ownServices keeps an endpoint that the tests run against away from a test of
// the services that the command starts itself.
func ownServices(t *testing.T) { t.Setenv("AWS_ENDPOINT_URL", "") }

// await asks until ok or the time is over, and returns how long it took.
func await(t *testing.T, what string, most time.Duration, ok func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Since(began) > most {
			t.Fatalf("%s: not within %s", what, most)
		}
		<-tick.C
	}
	return time.Since(began)
}

func settle(t *testing.T, s *system) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := s.settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// person is the post of somebody to the sample's trial form.
func person(phone string) url.Values {
	return url.Values{"name": {"Emma Foster"}, "phone": {phone}, "age": {"7"}, "budget": {"high"}, "consent": {"yes"}}
}

// posted is how a post to a form was answered.
type posted struct {
	status     int
	submission string
	err        error
}

// post sends a form as a program does.
func post(ctx context.Context, url string, values url.Values) posted {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(values.Encode()))
	if err != nil {
		return posted{err: err}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	var answer struct{ Submission string }
	status, err := ask(req, &answer)
	return posted{status: status, submission: answer.Submission, err: err}
}

// accepted posts a form that must be taken and returns the submission's id.
func accepted(t *testing.T, s *system, values url.Values) string {
	t.Helper()
	p := post(t.Context(), s.front+"/f/trial", values)
	if p.err != nil || p.status != http.StatusAccepted || p.submission == "" {
		t.Fatalf("post answered %+v", p)
	}
	return p.submission
}

// api asks the desk as a user and returns the status.
func api(t *testing.T, s *system, user, call string, body, into any) int {
	t.Helper()
	method, path, _ := strings.Cut(call, " ")
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.front+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer dev:"+user)
	status, err := ask(req, into)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func ask(req *http.Request, into any) (int, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err == nil && into != nil && res.StatusCode < 300 {
		err = json.Unmarshal(data, into)
	}
	return res.StatusCode, err
}

// mails lists the files of the outbox that match.
func mails(t *testing.T, s *system, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.outbox, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// inQueue counts the messages of a queue that can be received.
func inQueue(t *testing.T, s *system, name string) string {
	t.Helper()
	url := s.queues[name]
	out, err := sqs.NewFromConfig(s.aws).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url,
		AttributeNames: []sqsAttribute{"ApproximateNumberOfMessages"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes["ApproximateNumberOfMessages"]
}
