// Package client makes the one aws.Config that a function's service clients
// share. It does without the SDK's config package, which costs a Lambda 8 ms of
// start for credential sources that a Lambda never uses.
package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"

	"sluice/shared/config"
)

const (
	// Margin is left between the end of a remote call and the invocation's own
	// deadline, so that there is time to answer and to log.
	Margin = 500 * time.Millisecond

	attempts       = 3
	attemptTimeout = 5 * time.Second
	dialTimeout    = time.Second
	backoffFirst   = 50 * time.Millisecond
	backoffMost    = time.Second
	connections    = 64 // to one service; a warm function uses one, a local run many
)

// Config returns the configuration for all service clients of a process: build
// it once. Every call made with it ends before the deadline of its context by
// [Margin], takes at most 5 s an attempt and makes at most 3 attempts.
//
// Further roots of trust come from SSL_CERT_FILE; AWS_CA_BUNDLE is not read.
func Config(c config.AWS) aws.Config {
	cfg := aws.Config{
		Region:      c.Region,
		Credentials: aws.CredentialsProviderFunc(environment),
		HTTPClient:  httpClient(),
		Retryer:     retryer,
		APIOptions:  []func(*middleware.Stack) error{addDeadline},
	}
	if c.Endpoint != "" {
		cfg.BaseEndpoint = aws.String(c.Endpoint)
	}
	return cfg
}

// Deadline returns a context that ends [Margin] before ctx does. Calls through
// [Config] have it already; it is for work that goes on after them.
func Deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, end.Add(-Margin))
	}
	return context.WithCancel(ctx)
}

// environment reads the credentials at each call: Lambda sets them once, a
// shell or a test may change them.
func environment(context.Context) (aws.Credentials, error) {
	c := aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	if !c.HasKeys() {
		return aws.Credentials{}, errors.New("read credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set")
	}
	return c, nil
}

func httpClient() aws.HTTPClient {
	client := awshttp.NewBuildableClient().WithTimeout(attemptTimeout)
	dialer := client.GetDialer()
	dialer.Timeout = dialTimeout
	return client.WithTransportOptions(func(t *http.Transport) {
		t.DialContext = dialer.DialContext
		t.MaxIdleConnsPerHost = connections
		t.IdleConnTimeout = 90 * time.Second
	})
}

func retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			return Backoff(attempt), nil
		})
	})
}

// Backoff is how long to wait before the next attempt after the given number of
// failed ones, 1 or more: a random part of 50 ms, doubled each time, at most
// 1 s ("full jitter": callers that failed together do not come back together).
func Backoff(failed int) time.Duration {
	most := min(backoffMost, backoffFirst<<min(max(failed-1, 0), 10))
	return rand.N(most) + time.Millisecond
}

// addDeadline bounds the whole of a call, attempts and pauses together.
func addDeadline(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("SluiceDeadline",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			ctx, cancel := Deadline(ctx)
			defer cancel()
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
}
