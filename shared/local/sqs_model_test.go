package local

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// modelMessage is what the model knows of a message; its body names it.
type modelMessage struct {
	queue    string
	due      time.Time // visible from here on
	receives int       // in this queue
	handle   string    // of the last receive here
	deleted  bool
}

// model is a queue with dead letters, told in the simplest way, beside a real
// one that is killed and restarted at any moment.
type model struct {
	*rapid.T
	server   *SQS
	clock    *clock
	dir      string
	messages map[string]*modelMessage
	handles  []string // all that were ever given out
	sends    int
}

const (
	modelDead    = "intake-dead"
	modelReceive = 3 // receives before a message is dead
)

func TestQueueFollowsItsModel(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(root, "*")
		if err != nil {
			t.Fatal(err)
		}
		m := &model{T: t, clock: newClock(), dir: dir, messages: map[string]*modelMessage{}}
		m.open()
		m.call(m.server.createQueue(context.Background(), &createQueueIn{QueueName: modelDead}))
		policy := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, m.server.ARN(modelDead), modelReceive)
		m.call(m.server.createQueue(context.Background(), &createQueueIn{QueueName: "intake", Attributes: map[string]string{"RedrivePolicy": policy}}))
		defer func() { _ = m.server.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"send": m.send, "receive": m.receive, "delete": m.delete, "visibility": m.visibility,
			"advance": m.advance, "restart": m.restart, "redrive": m.redrive, "": m.check,
		})
	})
}

func (m *model) open() {
	server, err := OpenSQS(SQSOptions{Dir: m.dir, Now: m.clock.now})
	if err != nil {
		m.Fatalf("open: %v", err)
	}
	m.server = server
}

func (m *model) call(_ any, err error) {
	if err != nil {
		m.Fatal(err)
	}
}

// settle moves what was received too often and is due again.
func (m *model) settle() {
	for _, msg := range m.messages {
		if msg.queue == "intake" && msg.receives >= modelReceive && !msg.due.After(m.clock.now()) {
			*msg = modelMessage{queue: modelDead, due: m.clock.now(), deleted: msg.deleted}
		}
	}
}

func (m *model) available(queue string) (bodies []string) {
	m.settle()
	for body, msg := range m.messages {
		if msg.queue == queue && !msg.deleted && !msg.due.After(m.clock.now()) {
			bodies = append(bodies, body)
		}
	}
	return bodies
}

func (m *model) send(t *rapid.T) {
	n := rapid.IntRange(1, 3).Draw(t, "messages")
	in := &sendBatchIn{QueueUrl: "intake"}
	for i := range n {
		delay := rapid.IntRange(0, 20).Draw(t, "delay")
		m.sends++
		body := fmt.Sprint("message ", m.sends)
		in.Entries = append(in.Entries, sendEntry{Id: fmt.Sprint(i), MessageBody: body, DelaySeconds: &delay})
		m.messages[body] = &modelMessage{queue: "intake", due: m.clock.now().Add(time.Duration(delay) * time.Second)}
	}
	out, err := m.server.sendMessageBatch(context.Background(), in)
	if err != nil || len(out.Successful) != n {
		t.Fatalf("send: %v %v", out, err)
	}
}

func (m *model) receive(t *rapid.T) {
	queue := rapid.SampledFrom([]string{"intake", modelDead}).Draw(t, "queue")
	most := rapid.IntRange(1, 10).Draw(t, "most")
	hide := rapid.IntRange(0, 30).Draw(t, "visibility")
	want := m.available(queue)
	out, err := m.server.receiveMessage(context.Background(), &receiveIn{
		QueueUrl: queue, MaxNumberOfMessages: &most, VisibilityTimeout: &hide, AttributeNames: []string{"ApproximateReceiveCount"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Messages) != min(most, len(want)) {
		t.Fatalf("received %d of at most %d from %s, available are %v", len(out.Messages), most, queue, want)
	}
	for _, got := range out.Messages {
		i := slices.Index(want, got.Body)
		if i < 0 {
			t.Fatalf("received %q from %s, available are %v", got.Body, queue, want)
		}
		want = slices.Delete(want, i, i+1) // none twice
		msg := m.messages[got.Body]
		msg.receives++
		msg.due = m.clock.now().Add(time.Duration(hide) * time.Second)
		msg.handle = got.ReceiptHandle
		m.handles = append(m.handles, queue+"\x00"+got.ReceiptHandle)
		if count := got.Attributes["ApproximateReceiveCount"]; count != fmt.Sprint(msg.receives) {
			t.Fatalf("%s says it was received %s times, not %d", got.Body, count, msg.receives)
		}
	}
}

// pick draws any handle ever given out, and the message it is the latest of.
func (m *model) pick(t *rapid.T) (queue, handle string, latest *modelMessage) {
	if len(m.handles) == 0 {
		t.Skip("nothing received yet")
	}
	pair := rapid.SampledFrom(m.handles).Draw(t, "handle")
	for i := range pair {
		if pair[i] == 0 {
			queue, handle = pair[:i], pair[i+1:]
		}
	}
	for _, msg := range m.messages {
		if msg.handle == handle && msg.queue == queue && !msg.deleted {
			latest = msg
		}
	}
	return queue, handle, latest
}

func (m *model) delete(t *rapid.T) {
	m.settleBoth()
	queue, handle, latest := m.pick(t)
	m.call(m.server.deleteMessage(context.Background(), &deleteIn{QueueUrl: queue, ReceiptHandle: handle}))
	if latest != nil {
		latest.deleted = true
	}
}

func (m *model) visibility(t *rapid.T) {
	m.settleBoth()
	queue, handle, latest := m.pick(t)
	seconds := rapid.IntRange(0, 40).Draw(t, "seconds")
	_, err := m.server.changeVisibility(context.Background(), &visibilityIn{QueueUrl: queue, ReceiptHandle: handle, VisibilityTimeout: &seconds})
	inFlight := latest != nil && latest.due.After(m.clock.now())
	if (err == nil) != inFlight {
		t.Fatalf("change visibility of a message in flight (%v): %v", inFlight, err)
	}
	if inFlight {
		latest.due = m.clock.now().Add(time.Duration(seconds) * time.Second)
	}
}

// settleBoth brings both sides to the same moment: the real queue moves dead
// letters only when it is looked at.
func (m *model) settleBoth() {
	m.settle()
	m.call(m.server.getQueueAttributes(context.Background(), &getQueueAttributesIn{QueueUrl: "intake"}))
}

func (m *model) advance(t *rapid.T) {
	m.clock.advance(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
}

// restart kills the server, perhaps within a write, and opens its folder again.
func (m *model) restart(t *rapid.T) {
	_ = m.server.Close() // writes nothing
	if rapid.Bool().Draw(t, "torn") {
		file, err := os.OpenFile(filepath.Join(m.dir, "intake.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = file.WriteString(`{"send":{"id":"torn","bo`)
		m.call(nil, err)
		m.call(nil, file.Close())
	}
	m.open()
	for _, msg := range m.messages {
		if msg.receives > 0 {
			msg.due = m.clock.now()
		}
	}
}

func (m *model) redrive(*rapid.T) {
	back := m.available(modelDead)
	m.call(m.server.startMoveTask(context.Background(), &startMoveIn{SourceArn: m.server.ARN(modelDead)}))
	for _, body := range back {
		*m.messages[body] = modelMessage{queue: "intake", due: m.clock.now()}
	}
}

// check compares the depths after every step.
func (m *model) check(t *rapid.T) {
	m.settleBoth()
	for _, name := range []string{"intake", modelDead} {
		var want depth
		for _, msg := range m.messages {
			switch {
			case msg.deleted || msg.queue != name:
			case !msg.due.After(m.clock.now()):
				want.visible++
			case msg.receives == 0:
				want.delayed++
			default:
				want.inFlight++
			}
		}
		if got := m.server.queues[name].depth(m.clock.now()); got != want {
			t.Fatalf("%s has %+v, not %+v", name, got, want)
		}
	}
}
