package local

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// postponing is a queue that notes for how long messages are hidden.
type postponing struct {
	QueueClient
	seconds []int32
}

func (p *postponing) ChangeMessageVisibilityBatch(_ context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	for _, e := range in.Entries {
		p.seconds = append(p.seconds, e.VisibilityTimeout)
	}
	return &sqs.ChangeMessageVisibilityBatchOutput{}, nil
}

// Five receives must span more than the 45 s for which a delivery that died
// keeps others away, or its message would end in the dead letters.
func TestQueueSourceRetriesLaterEachTime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		retry time.Duration
		want  []int32
	}{
		{time.Second, []int32{1, 4, 16, 60, 60}},
		{time.Millisecond, []int32{0, 0, 0, 0, 0}},
		{2 * time.Minute, []int32{120, 120, 120, 120, 120}},
		{0, nil},
	} {
		queue := &postponing{}
		s := NewQueueSource(QueueSourceOptions{Client: queue, URL: "http://127.0.0.1/q", Retry: test.retry})
		for receives := range 5 {
			m := types.Message{MessageId: aws.String("m"), ReceiptHandle: aws.String("r"),
				Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(receives + 1)}}
			if err := s.settle(t.Context(), []types.Message{m}, []string{"m"}); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(queue.seconds, test.want) {
			t.Errorf("with %s a message comes back after %v seconds, want %v", test.retry, queue.seconds, test.want)
		}
	}
}
