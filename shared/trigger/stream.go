package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// Stream makes a handler that calls tell once for each history entry in a batch
// of the table's stream, one after the other, so that the entries of a lead are
// told in their order. Records of other items are passed over: the event source
// filters them already, and a filter that was edited must not turn them into
// entries.
//
// At the first failure the rest of the batch is left alone and that record is
// reported by its sequence number: a stream delivers everything from there on
// again. An entry is therefore told at least once, and tell must be harmless
// twice.
func Stream(log *slog.Logger, tell func(context.Context, lead.Entry) error) lambda.Handler {
	return handler(func(ctx context.Context, payload []byte) ([]byte, error) {
		var event streamEvent
		if err := decode(payload, &event); err != nil {
			return nil, err
		}
		for _, record := range event.Records {
			if record.Change.Sequence == "" {
				return nil, errors.New("decode event: a record without sequence number cannot be reported")
			}
		}
		ctx, cancel := withMargin(ctx)
		defer cancel()
		for _, record := range event.Records {
			if !record.isHistory() {
				continue
			}
			if err := tellRecord(ctx, log, record, tell); err != nil {
				return streamAnswer(record.Change.Sequence)
			}
		}
		return streamAnswer("")
	})
}

// streamEvent is what is read of a batch. The library's own type decodes every
// attribute and panics on a kind it does not know, which would fail the
// neighbours too; here only strings are looked at.
type streamEvent struct {
	Records []streamRecord `json:"Records"`
}

type streamRecord struct {
	EventName string `json:"eventName"`
	Change    struct {
		Sequence string               `json:"SequenceNumber"`
		Keys     map[string]attribute `json:"Keys"`
		NewImage map[string]attribute `json:"NewImage"`
	} `json:"dynamodb"`
}

// attribute is empty where it is no string.
type attribute struct {
	S string `json:"S"`
}

func (r streamRecord) isHistory() bool {
	return strings.HasPrefix(r.Change.Keys[schema.SK].S, schema.HistoryPrefix) &&
		r.EventName == string(events.DynamoDBOperationTypeInsert)
}

// entry reads the entry that a history item carries. Its sealed fields stay
// sealed.
func (r streamRecord) entry() (lead.Entry, error) {
	var entry lead.Entry
	doc := r.Change.NewImage[schema.Doc].S
	if doc == "" {
		return entry, lead.Errorf(lead.Invalid, "history item has no %s", schema.Doc)
	}
	if err := entry.UnmarshalJSON([]byte(doc)); err != nil {
		return entry, lead.Errorf(lead.Invalid, "decode history entry: %s", fault(err))
	}
	if entry.Lead == "" || entry.Version < 1 {
		return entry, lead.Errorf(lead.Invalid, "history entry names no lead and version")
	}
	return entry, nil
}

func tellRecord(ctx context.Context, log *slog.Logger, record streamRecord, tell func(context.Context, lead.Entry) error) error {
	began := time.Now()
	attrs := []slog.Attr{slog.String("sequence", record.Change.Sequence)}
	err := contain(func() error {
		entry, err := record.entry()
		if err != nil {
			return err
		}
		attrs = append(attrs, slog.String("entry", entry.ID()))
		if ctx.Err() != nil {
			return errNoTime
		}
		return tell(ctx, entry)
	})
	logOutcome(ctx, log, line{what: "entry", attrs: attrs, took: time.Since(began), err: err})
	return err
}

// fault says what is wrong with JSON without quoting a value of it, as the
// decoder's own text may. Other errors are the domain's: ids and names of kinds.
func fault(err error) string {
	var mismatch *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &mismatch):
		return fmt.Sprintf("unexpected type of %q", mismatch.Field)
	case errors.As(err, &syntax):
		return fmt.Sprintf("malformed JSON at byte %d", syntax.Offset)
	default:
		return err.Error()
	}
}

// streamAnswer reports the record to begin again with, "" for none.
func streamAnswer(sequence string) ([]byte, error) {
	answer := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
	if sequence != "" {
		answer.BatchItemFailures = append(answer.BatchItemFailures,
			events.DynamoDBBatchItemFailure{ItemIdentifier: sequence})
	}
	return json.Marshal(answer)
}
