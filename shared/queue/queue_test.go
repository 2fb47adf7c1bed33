package queue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

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
	q := queue.Open(client, *made.QueueUrl)
	want := []string{`{"name":"Grüße 你好"}`}
	if err := q.Send(t.Context(), []byte(want[0])); err != nil {
		t.Fatal(err)
	}
	var bodies [][]byte
	for i := range 23 {
		bodies = append(bodies, fmt.Appendf(nil, `{"n":%d}`, i))
		want = append(want, string(bodies[i]))
	}
	if err := q.SendAll(t.Context(), bodies); err != nil {
		t.Fatal(err)
	}
	if err := q.SendAll(t.Context(), nil); err != nil {
		t.Errorf("nothing: %v", err)
	}
	var got []string
	for len(got) < len(want) {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5})
		if err != nil || len(out.Messages) == 0 {
			t.Fatalf("received %d of %d, %v", len(got), len(want), err)
		}
		for _, m := range out.Messages {
			got = append(got, *m.Body)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("received %v, want %v", got, want)
	}
	if err := queue.Open(client, *made.QueueUrl+"-none").Send(t.Context(), []byte("{}")); !isUnavailable(err) {
		t.Errorf("no such queue: %v", err)
	}
}

// service answers batches: the entries whose body is in bad fail, each as often
// as told, by the sender's fault where the body is "{".
type service struct {
	bad   map[string]int
	calls [][]string // bodies
}

func (s *service) Do(r *http.Request) (*http.Response, error) {
	var in struct {
		Entries []struct{ Id, MessageBody string }
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	var sent, failed []map[string]any
	var bodies []string
	for _, e := range in.Entries {
		bodies = append(bodies, e.MessageBody)
		if s.bad[e.MessageBody] > 0 {
			s.bad[e.MessageBody]--
			failed = append(failed, map[string]any{"Id": e.Id, "Code": "InternalError", "SenderFault": e.MessageBody == "{"})
			continue
		}
		sent = append(sent, map[string]any{"Id": e.Id, "MessageId": "m"})
	}
	s.calls = append(s.calls, bodies)
	body, _ := json.Marshal(map[string]any{"Successful": sent, "Failed": failed})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

func (s *service) queue() *queue.Queue {
	return queue.Open(sqs.New(sqs.Options{
		Region: "eu-central-1", HTTPClient: s, BaseEndpoint: aws.String("http://queue.example"),
		DisableMessageChecksumValidation: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	}), "http://queue.example/1/q")
}

func TestSendAll(t *testing.T) {
	t.Parallel()
	twelve := strings.Split("a b c d e f g h i j k l", " ")
	large := []string{strings.Repeat("x", 200<<10), strings.Repeat("y", 200<<10), "z"}
	for _, c := range []struct {
		name   string
		bodies []string
		bad    map[string]int
		calls  [][]string
		ok     bool
	}{
		{"ten a call", twelve, nil, [][]string{twelve[:10], twelve[10:]}, true},
		{"no more than fits", large, nil, [][]string{large[:1], large[1:]}, true},
		{"failed ones again", twelve[:3], map[string]int{"b": 2}, [][]string{twelve[:3], {"b"}, {"b"}}, true},
		{"failed too often", twelve[:2], map[string]int{"a": 9}, [][]string{twelve[:2], {"a"}, {"a"}}, false},
		{"sender's fault", []string{"{", "a"}, map[string]int{"{": 9}, [][]string{{"{", "a"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &service{bad: c.bad}
				var bodies [][]byte
				for _, b := range c.bodies {
					bodies = append(bodies, []byte(b))
				}
				err := s.queue().SendAll(t.Context(), bodies)
				if c.ok && err != nil || !c.ok && !isUnavailable(err) {
					t.Errorf("error = %v", err)
				}
				if !slices.EqualFunc(s.calls, c.calls, slices.Equal) {
					t.Errorf("%d calls, want %d as told", len(s.calls), len(c.calls))
				}
			})
		})
	}
}

func isUnavailable(err error) bool {
	var e *lead.Error
	var api smithy.APIError
	return errors.As(err, &e) && e.Kind == lead.Unavailable && !errors.As(err, &api)
}
