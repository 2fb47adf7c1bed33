package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// crashed copies the folder as kill -9 would leave it.
func crashed(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestQueuesSurviveACrash(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "queues") // made by the server
	b := openSQS(t, dir, newClock())
	url := b.create("intake", map[string]string{"VisibilityTimeout": "60"})
	b.create("gone", nil)
	must[*sqs.DeleteQueueOutput](t)(b.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: aws.String(b.base + "/000000000000/gone")}))
	b.send(url, "deleted")
	b.delete(url, b.receive(url)[0])
	b.send(url, "in flight <&> \u2028 é")
	inFlight := b.receive(url)[0]
	must[*sqs.SendMessageOutput](t)(b.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("late"), DelaySeconds: 10,
		MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("k")}}}))
	b.send(url, "waiting")
	must[*sqs.SetQueueAttributesOutput](t)(b.client.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"VisibilityTimeout": "90"}}))

	again := openSQS(t, crashed(t, dir), b.clock)
	url = again.create("intake", map[string]string{"VisibilityTimeout": "90"})
	if list := must[*sqs.ListQueuesOutput](t)(again.client.ListQueues(t.Context(), &sqs.ListQueuesInput{})); len(list.QueueUrls) != 1 {
		t.Errorf("queues after the crash: %v", list.QueueUrls)
	}
	got := again.receive(url)
	slices.SortFunc(got, func(a, b types.Message) int { return strings.Compare(*a.Body, *b.Body) })
	if len(got) != 2 || *got[0].Body != *inFlight.Body || *got[1].Body != "waiting" {
		t.Fatalf("received after the crash: %v", got)
	}
	if *got[0].MessageId != *inFlight.MessageId || got[0].Attributes["ApproximateReceiveCount"] != "2" {
		t.Errorf("the message in flight came back as %v", got[0])
	}
	again.clock.advance(10 * time.Second)
	if late := again.receive(url); len(late) != 1 || *late[0].Body != "late" || len(late[0].MessageAttributes) != 1 {
		t.Errorf("the delayed message came back as %v", late)
	}
}

func TestTornLineIsLeftOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := openSQS(t, dir, newClock())
	url := b.create("intake", nil)
	b.send(url, "first")
	before := readFile(t, filepath.Join(dir, "intake.jsonl"))
	b.send(url, "second")
	whole := readFile(t, filepath.Join(dir, "intake.jsonl"))
	for cut := len(before); cut < len(whole); cut += 17 {
		torn := crashed(t, dir)
		writeFile(t, filepath.Join(torn, "intake.jsonl"), whole[:cut])
		again := must[*SQS](t)(OpenSQS(SQSOptions{Dir: torn, Now: b.clock.now}))
		send(t, again, "third") // what follows a torn line is not glued to it
		again = must[*SQS](t)(OpenSQS(SQSOptions{Dir: crashed(t, torn), Now: b.clock.now}))
		if got := receive(t, again, 10); !slices.Equal(got, []string{"first", "third"}) {
			t.Fatalf("cut at %d: received %v", cut, got)
		}
	}
}

func TestDamageIsNotPassedOver(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]string{
		"no JSON":        `{"queue":{"name":"intake"}}` + "\n%%%\n",
		"before queue":   `{"delete":["a"]}` + "\n",
		"sent twice":     `{"queue":{"name":"intake"}}` + "\n" + strings.Repeat(`{"send":{"id":"a","body":"x"}}`+"\n", 2),
		"another queue":  `{"queue":{"name":"other"}}` + "\n",
		"bad attributes": `{"queue":{"name":"intake","attributes":{"DelaySeconds":"x"}}}` + "\n",
	} {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, "intake.jsonl"), []byte(lines))
		if _, err := OpenSQS(SQSOptions{Dir: dir}); err == nil || !strings.Contains(err.Error(), "intake") {
			t.Errorf("%s: opening gives %v", name, err)
		}
	}
}

// TestMoveCutShort leaves the journals as a crash between the two halves of a
// move to the dead letters would.
func TestMoveCutShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := openSQS(t, dir, newClock())
	url, dead := b.redriven("intake", 1)
	b.send(url, "poison")
	b.receive(url)
	b.clock.advance(30 * time.Second)
	source := filepath.Join(dir, "intake.jsonl")
	before := readFile(t, source)
	if got := b.depths(dead); got[0] != "1" {
		t.Fatalf("dead letters %v", got)
	}
	half := crashed(t, dir)
	writeFile(t, filepath.Join(half, "intake.jsonl"), before)
	again := openSQS(t, half, b.clock)
	if got := again.bodies(again.base + "/000000000000/intake"); got != nil {
		t.Errorf("the source has %v after the crash", got)
	}
	if got := again.bodies(again.base + "/000000000000/intake-dead"); !slices.Equal(got, []string{"poison"}) {
		t.Errorf("the dead letters are %v after the crash", got)
	}

	// The same for the way back, where the message gets a new id.
	deadFile := readFile(t, filepath.Join(dir, "intake-dead.jsonl"))
	must[*sqs.StartMessageMoveTaskOutput](t)(b.client.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(b.server.ARN("intake-dead"))}))
	half = crashed(t, dir)
	writeFile(t, filepath.Join(half, "intake-dead.jsonl"), deadFile)
	again = openSQS(t, half, b.clock)
	if got := again.bodies(again.base + "/000000000000/intake"); !slices.Equal(got, []string{"poison"}) {
		t.Errorf("the source has %v after the redrive", got)
	}
	if got := again.bodies(again.base + "/000000000000/intake-dead"); got != nil {
		t.Errorf("the dead letters are %v after the redrive", got)
	}
}

func TestJournalIsCompacted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newClock()
	s := must[*SQS](t)(OpenSQS(SQSOptions{Dir: dir, Now: c.now}))
	create(t, s)
	kept := strings.Repeat("k", 100)
	send(t, s, kept)
	receive(t, s, 1) // in flight, with its count
	body := strings.Repeat("x", 1<<20-100)
	for range 3 * compactFrom >> 20 {
		send(t, s, body)
		out := must[receiveOut](t)(s.receiveMessage(t.Context(), &receiveIn{QueueUrl: "intake"}))
		must[none](t)(s.deleteMessage(t.Context(), &deleteIn{QueueUrl: "intake", ReceiptHandle: out.Messages[0].ReceiptHandle}))
	}
	path := filepath.Join(dir, "intake.jsonl")
	if size := len(readFile(t, path)); size > compactFrom+1<<21 {
		t.Errorf("journal of one small message has %d bytes", size)
	}
	again := must[*SQS](t)(OpenSQS(SQSOptions{Dir: dir, Now: c.now}))
	if size := len(readFile(t, path)); size > 1000 {
		t.Errorf("journal has %d bytes after a start", size)
	}
	out := must[receiveOut](t)(again.receiveMessage(t.Context(), &receiveIn{QueueUrl: "intake", AttributeNames: []string{"All"}}))
	if len(out.Messages) != 1 || out.Messages[0].Body != kept || out.Messages[0].Attributes["ApproximateReceiveCount"] != "2" {
		t.Errorf("received %v", out)
	}
}

func TestJournalThatCannotBeWrittenRefusesTheSend(t *testing.T) {
	t.Parallel()
	s := must[*SQS](t)(OpenSQS(SQSOptions{Dir: t.TempDir()}))
	create(t, s)
	send(t, s, "before")
	if err := s.queues["intake"].journal.file.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.sendMessage(t.Context(), sendOf("lost")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a send that is not durable gives %v", err)
	}
	if _, err := s.receiveMessage(t.Context(), &receiveIn{QueueUrl: "intake"}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a receive that is not counted gives %v", err)
	}
	if d := s.queues["intake"].depth(time.Now()); d != (depth{visible: 1}) {
		t.Errorf("depth %+v", d)
	}
}

// FuzzReadJournal: whatever is read can be written and read again as the same.
func FuzzReadJournal(f *testing.F) {
	queue := `{"queue":{"name":"q","attributes":{"DelaySeconds":"1"},"created":1,"modified":2}}` + "\n"
	f.Add([]byte(queue + `{"send":{"id":"a","body":"x","sent":5}}` + "\n" + `{"receive":{"ids":["a"],"at":7}}` + "\n"))
	f.Add([]byte(queue + `{"send":{"id":"a","body":"x","sent":5}}` + "\n" + `{"delete":["a","b"]}` + "\n" + `{"send":{"id":"a","bo`))
	f.Add([]byte(queue + `{"send":{"id":"a","hop":2,"origin":"b","attributes":{"n":{"DataType":"Binary","BinaryValue":"AA=="}}}}` + "\n" + `{"purge":true}` + "\n"))
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := readJournal(bytes.NewReader(data))
		if err != nil || state.queue == nil {
			return
		}
		path := filepath.Join(t.TempDir(), "q.jsonl")
		j, err := createJournal(path, state.queue, state.messages)
		if err != nil {
			t.Fatal(err)
		}
		defer j.close()
		again, err := readJournal(bytes.NewReader(readFile(t, path)))
		if err != nil {
			t.Fatalf("read what was written: %v", err)
		}
		if before, after := summary(t, state), summary(t, again); before != after {
			t.Errorf("wrote %s, read %s", before, after)
		}
	})
}

func summary(t testing.TB, s journalState) string {
	t.Helper()
	return string(must[[]byte](t)(json.Marshal([]any{s.queue, len(s.messages), slices.Concat([]*message{{}}, s.messages)})))
}

// Calls without HTTP, on the queue intake.

func create(t testing.TB, s *SQS) {
	t.Helper()
	must[queueURLOut](t)(s.createQueue(t.Context(), &createQueueIn{QueueName: "intake"}))
}

func sendOf(body string) *sendIn {
	return &sendIn{QueueUrl: "intake", sendEntry: sendEntry{MessageBody: body}}
}

func send(t testing.TB, s *SQS, body string) {
	t.Helper()
	must[sendOut](t)(s.sendMessage(t.Context(), sendOf(body)))
}

func receive(t testing.TB, s *SQS, most int) (bodies []string) {
	t.Helper()
	for _, m := range must[receiveOut](t)(s.receiveMessage(t.Context(), &receiveIn{QueueUrl: "intake", MaxNumberOfMessages: &most})).Messages {
		bodies = append(bodies, m.Body)
	}
	return bodies
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	return must[[]byte](t)(os.ReadFile(path))
}

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(fmt.Errorf("write %s: %w", path, err))
	}
}
