package queue_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"sluice/shared/lead"
	"sluice/shared/leadtest"
	"sluice/shared/queue"
)

func TestMain(m *testing.M) { leadtest.Main(m) }

func TestSend(t *testing.T) {
	t.Parallel()
	client := sqs.NewFromConfig(leadtest.Config(t))
	made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("send-" + leadtest.Credentials(t))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = client.DeleteQueue(context.Background(), &sqs.DeleteQueueInput{QueueUrl: made.QueueUrl})
	})
	const body = `{"name":"Grüße 你好"}`
	if err := queue.Open(client, *made.QueueUrl).Send(t.Context(), []byte(body)); err != nil {
		t.Fatal(err)
	}
	out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl, WaitTimeSeconds: 5})
	if err != nil || len(out.Messages) != 1 || *out.Messages[0].Body != body {
		t.Errorf("received %+v (%v), want the one message", out, err)
	}
	if err := queue.Open(client, *made.QueueUrl+"-none").Send(t.Context(), []byte("{}")); !isUnavailable(err) {
		t.Errorf("no such queue: %v", err)
	}
}

func isUnavailable(err error) bool {
	var api smithy.APIError
	return err != nil && lead.KindOf(err) == lead.Unavailable && !errors.As(err, &api)
}
