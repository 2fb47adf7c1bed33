// Package queue sends messages to SQS.
package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"sluice/shared/client"
	"sluice/shared/lead"
)

const (
	batchEntries = 10         // the most that SendMessageBatch takes
	batchBytes   = 256 * 1024 // well below AWS's 1 MiB; older emulators take no more
	batchTries   = 3          // for entries that failed one by one
)

// Queue is one SQS queue. It may be used by several goroutines.
type Queue struct {
	// Held one by one, so that not every operation of SQS is linked.
	send      func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	sendBatch func(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error)
	url       string
}

// Open returns the queue at url. It makes no call.
func Open(client *sqs.Client, url string) *Queue {
	return &Queue{send: client.SendMessage, sendBatch: client.SendMessageBatch, url: url}
}

// Send puts one message, valid UTF-8, on the queue and returns once SQS has
// stored it. An error is of kind Unavailable; the message may have been stored
// all the same.
func (q *Queue) Send(ctx context.Context, body []byte) error {
	_, err := q.send(ctx, &sqs.SendMessageInput{
		QueueUrl:    &q.url,
		MessageBody: aws.String(string(body)),
	})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// SendAll puts messages on the queue, ten a call. Entries that SQS could not
// take are tried again; an error of kind Unavailable says that at least one
// message may be missing, while others may have been stored.
func (q *Queue) SendAll(ctx context.Context, bodies [][]byte) error {
	for len(bodies) > 0 {
		n := chunk(bodies)
		if err := q.sendChunk(ctx, bodies[:n]); err != nil {
			return err
		}
		bodies = bodies[n:]
	}
	return nil
}

// chunk tells how many of the first bodies fit into one call, at least one.
func chunk(bodies [][]byte) int {
	n, size := 0, 0
	for _, body := range bodies {
		size += len(body)
		if n == batchEntries || n > 0 && size > batchBytes {
			break
		}
		n++
	}
	return n
}

func (q *Queue) sendChunk(ctx context.Context, bodies [][]byte) error {
	entries := make([]types.SendMessageBatchRequestEntry, len(bodies))
	for i, body := range bodies {
		entries[i] = types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(string(body))}
	}
	for try := 1; ; try++ {
		out, err := q.sendBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries})
		if err != nil {
			return unavailable(err)
		}
		if len(out.Failed) == 0 {
			return nil
		}
		again, fatal := failed(entries, out.Failed)
		if fatal != nil || try == batchTries {
			return unavailable(errors.Join(fatal, fmt.Errorf("%d of %d messages not taken", len(out.Failed), len(bodies))))
		}
		entries = again
		if err := pause(ctx, client.Backoff(try)); err != nil {
			return unavailable(err)
		}
	}
}

// failed picks the entries to send again. An entry at which the sender is at
// fault would fail again.
func failed(entries []types.SendMessageBatchRequestEntry, faults []types.BatchResultErrorEntry) (again []types.SendMessageBatchRequestEntry, fatal error) {
	lost := make(map[string]bool, len(faults))
	for _, f := range faults {
		if f.SenderFault {
			fatal = fmt.Errorf("message refused: %s", aws.ToString(f.Code))
		}
		lost[aws.ToString(f.Id)] = true
	}
	for _, e := range entries {
		if lost[*e.Id] {
			again = append(again, e)
		}
	}
	return again, fatal
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// unavailable is where errors of AWS end: nothing of their types goes further.
func unavailable(err error) error {
	return &lead.Error{Kind: lead.Unavailable, Text: "the queue cannot be reached: try again",
		Cause: errors.New(err.Error())}
}
