package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Function is a Lambda function as the front, the queues, the stream and the
// schedules call it: a handler in this process, or a [Runtime].
type Function struct {
	Name    string // as in its ARN
	Handler lambda.Handler
	Timeout time.Duration // of one invocation; 0 is DefaultTimeout
}

const (
	// DefaultTimeout of an invocation, for functions that name none.
	DefaultTimeout = 30 * time.Second
	// MaxPayload is Lambda's quota for the event and for the answer of a
	// synchronous invocation, in bytes.
	MaxPayload = 6 << 20
)

var (
	errTimedOut = errors.New("task timed out")
	errTooLarge = errors.New("payload is larger than Lambda takes")
)

// ARN names the function.
func (f Function) ARN() string {
	return "arn:aws:lambda:us-east-1:" + Account + ":function:" + f.Name
}

// invoke calls the function once as Lambda does: with a request id, a deadline,
// and the quotas of payloads. It returns when the function does, or at the
// deadline, which a function that minds its context is ahead of; one that does
// not is left behind, where Lambda would end its process. ctx must not be one
// that ends early: nothing takes an invocation back.
func (f Function) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("invoke %s with %d bytes: %w", f.Name, len(payload), errTooLarge)
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(f.Timeout, DefaultTimeout))
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: newID(), InvokedFunctionArn: f.ARN()})

	type result struct {
		answer []byte
		err    error
	}
	ended := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if recover() != nil { // its value may hold what no log should
				r.err = errors.New("the function panicked")
			}
			ended <- r
		}()
		r.answer, r.err = f.Handler.Invoke(ctx, payload)
	}()
	select {
	case r := <-ended:
		if r.err == nil && len(r.answer) > MaxPayload {
			r.err = fmt.Errorf("answer of %d bytes: %w", len(r.answer), errTooLarge)
		}
		if r.err != nil {
			return nil, fmt.Errorf("invoke %s: %w", f.Name, r.err)
		}
		return r.answer, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("invoke %s: %w", f.Name, errTimedOut)
	}
}

// pause waits and says whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// backoff doubles from first with each attempt beyond the first, up to most.
func backoff(attempt int, first, most time.Duration) time.Duration {
	return min(most, first<<min(attempt-1, 20))
}
