// Package queue sends messages to SQS.
package queue

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/lead"
)

// Queue is one SQS queue. It may be used by several goroutines.
type Queue struct {
	// The one operation, so that not all of SQS is linked.
	send func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	url  string
}

// Open returns the queue at url. It makes no call.
func Open(client *sqs.Client, url string) *Queue {
	return &Queue{send: client.SendMessage, url: url}
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

// unavailable is where errors of AWS end: nothing of their types goes further.
func unavailable(err error) error {
	return &lead.Error{Kind: lead.Unavailable, Text: "the queue cannot be reached: try again",
		Cause: errors.New(err.Error())}
}
