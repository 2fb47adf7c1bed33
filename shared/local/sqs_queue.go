package local

import (
	"cmp"
	"container/heap"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// message is one accepted send. The exported fields are what a journal keeps
// and are never changed by a caller; times are epoch milliseconds, as SQS
// reports them.
type message struct {
	ID         string               `json:"id"`
	Origin     string               `json:"origin,omitempty"` // the first ID, where a redrive has given another
	Hop        int                  `json:"hop,omitempty"`    // moves between queues so far
	Body       string               `json:"body"`
	Attributes map[string]attribute `json:"attributes,omitempty"`
	Sent       int64                `json:"sent"`
	Delay      int64                `json:"delay,omitempty"`  // milliseconds from Sent
	Source     string               `json:"source,omitempty"` // the queue it was dead-lettered from
	Receives   int                  `json:"receives,omitempty"`
	First      int64                `json:"first,omitempty"` // first receive

	seq   uint64    // arrival in this queue
	due   time.Time // when a hidden message is visible again
	place int       // index among the hidden, or visible
	gone  bool      // deleted; an entry in the ready list is skipped
	size  int64     // bytes of its journal line
}

const visible = -1

// root names the message across redrives: of all live messages only one has
// it, so two with the same root are one message whose move was cut short.
func (m *message) root() string { return cmp.Or(m.Origin, m.ID) }

// handle is a receipt handle. It names the receive, so it goes stale with the
// next one.
func (m *message) handle() string {
	raw := m.ID + " " + strconv.Itoa(m.Receives)
	return base64.RawURLEncoding.EncodeToString([]byte(raw))
}

// queue is the state of one queue. The server's lock guards it.
type queue struct {
	name     string
	given    map[string]string // attributes as they were set
	set      settings          // the same, parsed, with defaults
	created  time.Time
	modified time.Time
	messages map[string]*message // all that are not deleted, by ID
	ready    fifo
	hidden   hiddenHeap // delayed or in flight
	wake     chan struct{}
	journal  *journal // nil in memory
	live     int64    // journal bytes of messages
	seq      uint64
}

func newQueue(name string) *queue {
	return &queue{name: name, given: map[string]string{}, messages: map[string]*message{}, wake: make(chan struct{})}
}

// know takes a message in, to be shown or hidden by the caller.
func (q *queue) know(m *message) {
	q.seq++
	m.seq = q.seq
	q.messages[m.ID] = m
	q.live += m.size
}

// add takes a message in that is not to be seen before due.
func (q *queue) add(m *message, due, now time.Time) {
	q.know(m)
	if due.After(now) {
		q.hide(m, due)
		return
	}
	q.show(m)
}

func (q *queue) hide(m *message, due time.Time) {
	m.due = due
	heap.Push(&q.hidden, m)
}

// postpone gives a hidden message another time to be visible again.
func (q *queue) postpone(m *message, due time.Time) {
	m.due = due
	heap.Fix(&q.hidden, m.place)
}

func (q *queue) show(m *message) {
	m.place = visible
	q.ready.push(m)
	q.broadcast()
}

// broadcast ends every wait for this queue.
func (q *queue) broadcast() {
	close(q.wake)
	q.wake = make(chan struct{})
}

// remove forgets a message, wherever it is.
func (q *queue) remove(m *message) {
	if m.place != visible {
		heap.Remove(&q.hidden, m.place)
	}
	m.gone = true
	delete(q.messages, m.ID)
	q.live -= m.size
}

// nextDue pops a hidden message whose time has come, or nothing.
func (q *queue) nextDue(now time.Time) *message {
	if len(q.hidden) == 0 || q.hidden[0].due.After(now) {
		return nil
	}
	m := heap.Pop(&q.hidden).(*message)
	m.place = visible
	return m
}

func (q *queue) expired(m *message, now time.Time) bool {
	return !time.UnixMilli(m.Sent).Add(q.set.retention).After(now)
}

// find looks a receipt handle up. A handle that was once valid but names an
// older receive, or a message that is gone, finds nothing.
func (q *queue) find(handle string) (*message, error) {
	raw, err := base64.RawURLEncoding.DecodeString(handle)
	id, _, ok := strings.Cut(string(raw), " ")
	if err != nil || !ok {
		return nil, &fault{"ReceiptHandleIsInvalid", fmt.Sprintf("The input receipt handle %q is not a valid receipt handle.", handle)}
	}
	if m := q.messages[id]; m != nil && m.Receives > 0 && m.handle() == handle {
		return m, nil
	}
	return nil, nil
}

// inOrder lists the messages as they arrived.
func (q *queue) inOrder() []*message {
	return slices.SortedFunc(maps.Values(q.messages), func(a, b *message) int { return cmp.Compare(a.seq, b.seq) })
}

type depth struct{ visible, delayed, inFlight int }

func (q *queue) depth(now time.Time) (d depth) {
	for _, m := range q.messages {
		switch {
		case q.expired(m, now):
		case m.place == visible || !m.due.After(now):
			d.visible++
		case m.Receives == 0:
			d.delayed++
		default:
			d.inFlight++
		}
	}
	return d
}

// purge forgets all messages.
func (q *queue) purge() {
	clear(q.messages)
	q.ready, q.hidden, q.live = fifo{}, nil, 0
}

// fifo is a list that gives its room back as it is emptied.
type fifo struct {
	items []*message
	head  int
}

func (f *fifo) push(m *message) { f.items = append(f.items, m) }

// pop returns the oldest message that was not deleted meanwhile, or nil.
func (f *fifo) pop() *message {
	for f.head < len(f.items) {
		m := f.items[f.head]
		f.items[f.head] = nil
		if f.head++; f.head*2 > len(f.items) {
			f.items = slices.Delete(f.items, 0, f.head)
			f.head = 0
		}
		if !m.gone {
			return m
		}
	}
	return nil
}

// hiddenHeap keeps the message that is due first at the top.
type hiddenHeap []*message

func (h hiddenHeap) Len() int { return len(h) }

func (h hiddenHeap) Less(i, j int) bool {
	if c := h[i].due.Compare(h[j].due); c != 0 {
		return c < 0
	}
	return h[i].seq < h[j].seq
}

func (h hiddenHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

func (h *hiddenHeap) Push(x any) {
	m := x.(*message)
	m.place = len(*h)
	*h = append(*h, m)
}

func (h *hiddenHeap) Pop() any {
	last := len(*h) - 1
	m := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	m.place = visible
	return m
}
