package local

import (
	"context"
	"fmt"
	"regexp"
)

type batchFailure struct {
	Id          string
	SenderFault bool
	Code        string
	Message     string `json:",omitempty"`
}

type batchOut[T any] struct {
	Successful []T            `json:",omitempty"`
	Failed     []batchFailure `json:",omitempty"`
}

func (b *batchOut[T]) fail(id string, err error) {
	f := asFault(err)
	code, status := queryFault(f.code)
	b.Failed = append(b.Failed, batchFailure{Id: id, SenderFault: status < 500, Code: code, Message: f.message})
}

type batchID struct{ Id string }

// maxBatch is how many entries a batch may have. Source: SQS message quotas.
const maxBatch = 10

var entryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// checkBatch refuses a batch as a whole for its shape.
func checkBatch[T any](entries []T, id func(T) string) error {
	if len(entries) == 0 {
		return &fault{"EmptyBatchRequest", "There should be at least one entry in the request."}
	}
	if len(entries) > maxBatch {
		return &fault{"TooManyEntriesInBatchRequest", fmt.Sprintf("Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))}
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if !entryID.MatchString(id(e)) {
			return &fault{"InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."}
		}
		if seen[id(e)] {
			return &fault{"BatchEntryIdsNotDistinct", "Id " + id(e) + " repeated."}
		}
		seen[id(e)] = true
	}
	return nil
}

type sendBatchIn struct {
	QueueUrl string
	Entries  []sendEntry
}

type sentEntry struct {
	Id string
	sendOut
}

func (s *SQS) sendMessageBatch(_ context.Context, in *sendBatchIn) (batchOut[sentEntry], error) {
	var out batchOut[sentEntry]
	if err := checkBatch(in.Entries, func(e sendEntry) string { return e.Id }); err != nil {
		return out, err
	}
	total := 0
	for _, e := range in.Entries {
		total += e.size()
	}
	if total > MaxMessageBytes {
		return out, &fault{"BatchRequestTooLong", fmt.Sprintf("Batch requests cannot be longer than %d bytes. You have sent %d bytes.", MaxMessageBytes, total)}
	}
	if err := s.lock(); err != nil {
		return out, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return out, err
	}
	now := s.opts.Now()
	var accepted []*message
	for _, e := range in.Entries {
		m, err := s.newMessage(q, e, now)
		if err != nil {
			out.fail(e.Id, err)
			continue
		}
		accepted = append(accepted, m)
		out.Successful = append(out.Successful, sentEntry{Id: e.Id, sendOut: m.sent()})
	}
	if err := s.accept(q, now, accepted...); err != nil {
		return batchOut[sentEntry]{}, err
	}
	return out, nil
}

type deleteBatchIn struct {
	QueueUrl string
	Entries  []struct{ Id, ReceiptHandle string }
}

func (s *SQS) deleteMessageBatch(_ context.Context, in *deleteBatchIn) (batchOut[batchID], error) {
	var out batchOut[batchID]
	if err := checkBatch(in.Entries, func(e struct{ Id, ReceiptHandle string }) string { return e.Id }); err != nil {
		return out, err
	}
	if err := s.lock(); err != nil {
		return out, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return out, err
	}
	found := map[string]*message{} // two entries may name one message
	for _, e := range in.Entries {
		m, err := q.find(e.ReceiptHandle)
		if err != nil {
			out.fail(e.Id, err)
			continue
		}
		if m != nil {
			found[m.ID] = m
		}
		out.Successful = append(out.Successful, batchID{e.Id})
	}
	messages := make([]*message, 0, len(found))
	for _, m := range found {
		messages = append(messages, m)
	}
	if err := s.forget(q, messages...); err != nil {
		return batchOut[batchID]{}, err
	}
	return out, nil
}

type visibilityEntry struct {
	Id, ReceiptHandle string
	VisibilityTimeout *int
}

type visibilityBatchIn struct {
	QueueUrl string
	Entries  []visibilityEntry
}

func (s *SQS) changeVisibilityBatch(_ context.Context, in *visibilityBatchIn) (batchOut[batchID], error) {
	var out batchOut[batchID]
	if err := checkBatch(in.Entries, func(e visibilityEntry) string { return e.Id }); err != nil {
		return out, err
	}
	if err := s.lock(); err != nil {
		return out, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return out, err
	}
	for _, e := range in.Entries {
		if err := s.setVisibility(q, e.ReceiptHandle, e.VisibilityTimeout); err != nil {
			out.fail(e.Id, err)
			continue
		}
		out.Successful = append(out.Successful, batchID{e.Id})
	}
	return out, nil
}
