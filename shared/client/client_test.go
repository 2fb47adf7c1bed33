package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/client"
	"sluice/shared/config"
)

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// keys sets credentials for a test, which can then not run beside others.
func keys(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "id1")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret1")
	t.Setenv("AWS_SESSION_TOKEN", "session1")
}

func TestConfig(t *testing.T) {
	keys(t)
	cfg := client.Config(config.AWS{Region: "eu-central-1", Endpoint: "http://127.0.0.1:4566"})
	if cfg.Region != "eu-central-1" || aws.ToString(cfg.BaseEndpoint) != "http://127.0.0.1:4566" {
		t.Errorf("region %q, endpoint %q", cfg.Region, aws.ToString(cfg.BaseEndpoint))
	}
	if plain := client.Config(config.AWS{Region: "eu-central-1"}); plain.BaseEndpoint != nil {
		t.Errorf("endpoint = %q, want that of AWS", *plain.BaseEndpoint)
	}
	c, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil || c.AccessKeyID != "id1" || c.SecretAccessKey != "secret1" || c.SessionToken != "session1" {
		t.Errorf("credentials = %s, %v", c.AccessKeyID, err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "id2")
	if c, err := cfg.Credentials.Retrieve(t.Context()); err != nil || c.AccessKeyID != "id2" {
		t.Errorf("credentials = %s, %v, want those set since", c.AccessKeyID, err)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if _, err := cfg.Credentials.Retrieve(t.Context()); err == nil || strings.Contains(err.Error(), "id2") {
		t.Errorf("error = %v, want one that names the variables alone", err)
	}
}

func TestAttempts(t *testing.T) {
	keys(t)
	synctest.Test(t, func(t *testing.T) {
		cfg := client.Config(config.AWS{Region: "eu-central-1", Endpoint: "http://queue.example"})
		var calls atomic.Int64
		cfg.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
			calls.Add(1)
			return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{},
				Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
		})
		start := time.Now()
		_, err := sqs.NewFromConfig(cfg).ListQueues(t.Context(), &sqs.ListQueuesInput{})
		if err == nil || calls.Load() != 3 {
			t.Errorf("%d attempts, %v; want 3", calls.Load(), err)
		}
		if took := time.Since(start); took > 160*time.Millisecond {
			t.Errorf("pauses of %v, want at most 50 and 100 ms", took)
		}
	})
}

// TestCallEndsBeforeDeadline: a service that does not answer must not take the
// time that the invocation needs to fail in order.
func TestCallEndsBeforeDeadline(t *testing.T) {
	keys(t)
	synctest.Test(t, func(t *testing.T) {
		cfg := client.Config(config.AWS{Region: "eu-central-1", Endpoint: "http://queue.example"})
		cfg.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := sqs.NewFromConfig(cfg).ListQueues(ctx, &sqs.ListQueuesInput{})
		if took := time.Since(start); err == nil || took != 3*time.Second-client.Margin || ctx.Err() != nil {
			t.Errorf("ended after %v with %v, want %v before the deadline", took, err, client.Margin)
		}
	})
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := client.Deadline(t.Context())
		defer cancel()
		if _, ok := ctx.Deadline(); ok {
			t.Error("a deadline out of nothing")
		}
		outer, stop := context.WithTimeout(t.Context(), 100*time.Millisecond) // less than the margin
		defer stop()
		ctx, cancel = client.Deadline(outer)
		defer cancel()
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("error = %v: nothing should be begun in the last moment", ctx.Err())
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for failed, most := range map[int]time.Duration{0: 50, 1: 50, 2: 100, 3: 200, 5: 800, 6: 1000, 60: 1000} {
		seen := map[time.Duration]bool{}
		for range 200 {
			d := client.Backoff(failed)
			if d <= 0 || d > most*time.Millisecond+time.Millisecond {
				t.Fatalf("after %d: %v, want at most %d ms", failed, d, most)
			}
			seen[d] = true
		}
		if len(seen) < 100 {
			t.Errorf("after %d: only %d different pauses", failed, len(seen))
		}
	}
}
