package trigger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/trigger"
)

// BenchmarkEvents is what an event costs before and after the work itself.
func BenchmarkEvents(b *testing.B) {
	log := slog.New(slog.DiscardHandler)
	http := trigger.HTTP(log, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"leads":[{"id":"01jn8e7l2","state":"working"}]}`)
	}))
	for name, h := range map[string]lambda.Handler{
		"capture-form": http,
		"desk-inbox":   http,
		"intake-batch": trigger.SQS(log, func(context.Context, trigger.Message) error { return nil }),
		"relay-batch":  trigger.Stream(log, func(context.Context, lead.Entry) error { return nil }),
	} {
		var payload bytes.Buffer
		if err := json.Compact(&payload, load(b, name)); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.Invoke(b.Context(), payload.Bytes()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
