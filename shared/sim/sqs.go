package sim

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// sqs is a standard queue with its dead letters and the event source that feeds
// a function from it.
type sqs struct {
	world    *World
	name     string // of the queue, and of the function
	limit    time.Duration
	messages []*message // by arrival
	dead     []*message
	polling  time.Time // when the event source looks next; zero where nothing is there
}

type message struct {
	id       string
	body     string
	sent     time.Time
	visible  time.Time
	receives int
	receipt  int // of the last receive: an older one deletes nothing
	gone     bool
}

const (
	sqsPrefix        = "AmazonSQS."
	queueHost        = "https://queue.example/"
	batchMost        = 10
	visibilityFactor = 6 // times the function's limit, as the stack has it
	receivesMost     = 5
)

// sendMessage answers SendMessage.
func (w *World) sendMessage(target string, body []byte, delay time.Duration) (int, []byte) {
	var in struct{ QueueUrl, MessageBody string }
	if err := json.Unmarshal(body, &in); err != nil || target != sqsPrefix+"SendMessage" {
		return http.StatusBadRequest, []byte(`{"__type":"com.amazonaws.sqs#UnsupportedOperation","message":"this queue only takes messages"}`)
	}
	q := w.queues[strings.TrimPrefix(in.QueueUrl, queueHost)]
	m := &message{id: w.newID(), body: in.MessageBody, sent: w.now, visible: w.now.Add(delay)}
	w.checker.queued([]byte(in.MessageBody))
	q.messages = append(q.messages, m)
	q.poll(m.visible)
	sum := md5.Sum([]byte(in.MessageBody))
	return http.StatusOK, fmt.Appendf(nil, `{"MessageId":%q,"MD5OfMessageBody":%q}`, m.id, hex.EncodeToString(sum[:]))
}

// poll has the event source look at the queue soon after at.
func (q *sqs) poll(at time.Time) {
	at = at.Add(q.world.within(40 * time.Millisecond))
	if !q.polling.IsZero() && !q.polling.After(at) {
		return
	}
	q.polling = at
	q.world.at(at, func() {
		if q.polling.Equal(at) { // else a sooner look was put there since
			q.polling = time.Time{}
			q.receive()
		}
	})
}

// receive hands a batch of visible messages, in no order, to the function.
func (q *sqs) receive() {
	w := q.world
	if until, down := w.down(queueService); down {
		q.poll(until)
		return
	}
	var found []*message
	var next time.Time
	q.messages = slices.DeleteFunc(q.messages, func(m *message) bool {
		if m.gone {
			return true
		}
		if m.visible.After(w.now) {
			if next.IsZero() || m.visible.Before(next) {
				next = m.visible
			}
			return false
		}
		if m.receives >= receivesMost {
			q.dead = append(q.dead, m)
			w.deadLetter(q)
			return true
		}
		found = append(found, m)
		return false
	})
	w.random.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	for len(found) > 0 {
		n := 1 + w.random.IntN(min(len(found), batchMost))
		q.deliver(found[:n])
		found = found[n:]
	}
	if !next.IsZero() {
		q.poll(next)
	}
}

// deliver invokes the function with a batch.
func (q *sqs) deliver(messages []*message) {
	w := q.world
	kind := w.fault(batch, q.name)
	receipts := make([]int, len(messages))
	for i, m := range messages {
		m.receives++
		m.receipt++
		receipts[i] = m.receipt
		m.visible = w.now.Add(visibilityFactor * q.limit)
		if kind == Twice { // the queue forgets that it gave it away
			m.visible = w.now.Add(w.within(2 * time.Second))
		}
		q.poll(m.visible)
	}
	payload := q.event(messages)
	start := func() {
		w.invoke(q.name, payload, func(out []byte, err error) { q.settle(messages, receipts, out, err) })
	}
	if kind == Delayed {
		w.after(time.Second+w.within(60*time.Second), start)
		return
	}
	start()
}

// settle deletes what was handled. What was not comes back when its visibility
// timeout ends.
func (q *sqs) settle(messages []*message, receipts []int, out []byte, err error) {
	var answer events.SQSEventResponse
	if err != nil || json.Unmarshal(out, &answer) != nil {
		return
	}
	for i, m := range messages {
		failed := slices.ContainsFunc(answer.BatchItemFailures, func(f events.SQSBatchItemFailure) bool { return f.ItemIdentifier == m.id })
		if !failed && m.receipt == receipts[i] {
			m.gone = true
		}
	}
	q.messages = slices.DeleteFunc(q.messages, func(m *message) bool { return m.gone })
}

// event is the batch as Lambda sends it.
func (q *sqs) event(messages []*message) []byte {
	out := []byte(`{"Records":[`)
	for i, m := range messages {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"messageId":`...)
		out = strconv.AppendQuote(out, m.id)
		out = append(out, `,"body":`...)
		body, _ := json.Marshal(m.body) // a string
		out = append(out, body...)
		out = append(out, `,"attributes":{"ApproximateReceiveCount":"`...)
		out = strconv.AppendInt(out, int64(m.receives), 10)
		out = append(out, `","SentTimestamp":"`...)
		out = strconv.AppendInt(out, m.sent.UnixMilli(), 10)
		out = append(out, `"},"eventSource":"aws:sqs"}`...)
	}
	return append(out, "]}"...)
}

// redriveAfter is how long it takes the people who run the system to look at
// dead letters, and to redrive them.
const redriveAfter = 15 * time.Minute

// deadLetter rings the alarm: once the trouble is over the dead letters are
// redriven. What dies in calm would die again.
func (w *World) deadLetter(q *sqs) {
	w.deaths++
	if w.calm() {
		w.violate(Violation{Rule: "dead letter", Text: "a message to " + q.name + " failed five times though nothing was wrong"})
		return
	}
	w.alarm()
}

func (w *World) alarm() {
	if w.alarmed {
		return
	}
	w.alarmed = true
	w.after(redriveAfter, w.redrive)
}

// redrive puts all dead letters back, when no service is out of order.
func (w *World) redrive() {
	for _, o := range w.outages {
		if !w.now.Before(o.from) && w.now.Before(o.to) {
			w.after(redriveAfter, w.redrive)
			return
		}
	}
	w.alarmed = false
	for _, name := range queueNames {
		q := w.queues[name]
		for _, m := range q.dead {
			m.receives, m.visible = 0, w.now
			q.messages = append(q.messages, m)
		}
		if len(q.dead) > 0 {
			q.dead = nil
			q.poll(w.now)
		}
	}
	w.stream.redrive()
}
