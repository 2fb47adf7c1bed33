package sim

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sluice/shared/sim/table"
)

// transport is the HTTP client of the AWS SDK: what is sent reaches the models.
type transport struct{ world *World }

// How long things take. What matters is only that calls of different processes
// interleave.
const (
	latencyLeast = 2 * time.Millisecond
	latencySpan  = 15 * time.Millisecond
	attemptLimit = 5 * time.Second // see client.Config
	lateMost     = 90 * time.Second
	backoffFirst = 50 * time.Millisecond
)

var (
	errNotSent = errors.New("connection refused")
	errLost    = errors.New("connection reset by peer")
	errWaited  = errors.New("timeout awaiting response headers")
)

// Do implements the SDK's HTTP client.
func (x transport) Do(r *http.Request) (*http.Response, error) {
	w := x.world
	c, err := w.newCall(r)
	if err != nil {
		return nil, err
	}
	t := w.current
	if t == nil { // the world is being set up
		return c.do()
	}
	if t.dead {
		return nil, errDead
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	kind := w.fault(c.class, c.target+" by "+t.name)
	if kind != "" {
		t.faulty = true
	}
	if kind == Killed {
		t.die()
		return nil, errDead
	}
	if err := t.wait(latencyLeast + w.within(latencySpan) + c.backoff(w)); err != nil {
		return nil, err
	}
	if kind == Unreachable {
		t.unreachable = w.now.Add(10 * time.Second)
	}
	if _, down := w.down(c.service); down || w.now.Before(t.unreachable) {
		t.faulty, kind = true, NotSent
	}
	return c.meet(t, kind)
}

// meet makes the call, as the fault has it.
func (c *call) meet(t *task, kind Kind) (*http.Response, error) {
	w := t.world
	switch kind {
	case NotSent:
		return nil, errNotSent
	case Lost:
		c.perform()
		return nil, errLost
	case Throttled, Conflict:
		return c.refuse(kind), nil
	case Slow:
		c.perform()
		t.sleep(max(0, t.left()))
		t.cancel()
		return nil, context.DeadlineExceeded
	case Late:
		w.after(attemptLimit+w.within(lateMost), c.perform)
		if err := t.wait(attemptLimit); err != nil {
			return nil, err
		}
		return nil, errWaited
	case KilledAfter:
		c.perform()
		t.die()
		return nil, errDead
	case Twice:
		c.perform()
	case Delayed:
		c.delay = time.Minute + w.within(10*time.Minute)
	}
	return c.do()
}

// call is one request to a service.
type call struct {
	world   *World
	class   class
	service service
	target  string
	body    []byte
	attempt int
	delay   time.Duration // of the message that is sent
}

const tablePrefix = "DynamoDB_20120810."

func (w *World) newCall(r *http.Request) (*call, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c := &call{world: w, target: r.Header.Get("X-Amz-Target"), body: body, attempt: 1}
	if _, after, ok := strings.Cut(r.Header.Get("Amz-Sdk-Request"), "attempt="); ok {
		number, _, _ := strings.Cut(after, ";")
		c.attempt, _ = strconv.Atoi(number)
	}
	switch name := strings.TrimPrefix(c.target, tablePrefix); {
	case r.URL.Path == mailPath:
		c.class, c.service, c.target = mailing, mailService, "SendEmail"
	case strings.HasPrefix(c.target, sqsPrefix):
		c.class, c.service = send, queueService
	case name == "TransactWriteItems":
		c.class, c.service = transact, tableService
	case strings.HasSuffix(name, "Query") || strings.HasSuffix(name, "GetItem"):
		c.class, c.service = read, tableService
	default:
		c.class, c.service = write, tableService
	}
	return c, nil
}

// backoff is the pause before a further attempt, which the SDK is told to leave
// to the world.
func (c *call) backoff(w *World) time.Duration {
	if c.attempt < 2 {
		return 0
	}
	return w.within(backoffFirst << min(c.attempt-2, 5))
}

// perform lets the service do what it is asked; nobody hears the answer.
func (c *call) perform() { _, _ = c.answer() }

func (c *call) do() (*http.Response, error) {
	status, body := c.answer()
	return response(status, body), nil
}

func (c *call) answer() (status int, body []byte) {
	switch c.service {
	case queueService:
		return c.world.sendMessage(c.target, c.body, c.delay)
	case mailService:
		return c.world.sendMail(c.body)
	}
	return c.world.table.Answer(c.target, c.body)
}

func (c *call) refuse(kind Kind) *http.Response {
	switch {
	case c.service == queueService:
		return response(http.StatusBadRequest, []byte(`{"__type":"com.amazonaws.sqs#RequestThrottled","message":"too many requests"}`))
	case c.service == mailService:
		return response(http.StatusTooManyRequests, []byte(`{"__type":"TooManyRequestsException","message":"too many requests"}`))
	case kind == Conflict:
		return response(table.Failure(table.Conflict, c.target, c.body))
	}
	return response(table.Failure(table.Throttled, c.target, c.body))
}

func response(status int, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": jsonType}, ContentLength: int64(len(body)),
		Body: io.NopCloser(bytes.NewReader(body))}
}

var jsonType = []string{"application/x-amz-json-1.0"}
