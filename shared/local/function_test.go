package local

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func TestInvokeAsLambdaDoes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		payload string
		do      handlerFunc
		want    error
		quoted  string // must not be in the error
	}{
		"answers": {"{}", func(ctx context.Context, p []byte) ([]byte, error) {
			if d, _ := ctx.Deadline(); time.Until(d) != 3*time.Second {
				t.Errorf("deadline in %s", time.Until(d))
			}
			if lc, ok := lambdacontext.FromContext(ctx); !ok || lc.AwsRequestID == "" {
				t.Error("no request id")
			}
			return p, nil
		}, nil, ""},
		"hangs":        {"{}", func(context.Context, []byte) ([]byte, error) { time.Sleep(time.Minute); return nil, nil }, errTimedOut, ""},
		"large event":  {strings.Repeat("x", MaxPayload+1), nil, errTooLarge, ""},
		"large answer": {"{}", func(context.Context, []byte) ([]byte, error) { return make([]byte, MaxPayload+1), nil }, errTooLarge, ""},
		"panics":       {"{}", func(context.Context, []byte) ([]byte, error) { panic("zoe@example.org") }, errAny, "zoe"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				defer time.Sleep(time.Hour) // until what was left behind has ended
				_, err := Function{Name: "f", Handler: tt.do, Timeout: 3 * time.Second}.invoke(t.Context(), []byte(tt.payload))
				if !errors.Is(err, tt.want) && (tt.want != errAny || err == nil) {
					t.Errorf("error %v, want %v", err, tt.want)
				}
				if tt.quoted != "" && strings.Contains(err.Error(), tt.quoted) {
					t.Errorf("error quotes the panic: %v", err)
				}
			})
		})
	}
}

var errAny = errors.New("any error")
