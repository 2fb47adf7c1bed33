package sim

import (
	"context"
	"errors"
	"iter"
	"time"

	"sluice/shared/pace"
)

// task is one invocation of a function, or one run of a program. It runs on a
// coroutine until it makes a remote call; then the agenda decides who goes on.
type task struct {
	world    *World
	name     string
	instance *instance // nil for a program
	worker   *worker
	ctx      context.Context
	cancel   context.CancelFunc
	deadline time.Time // when the platform ends it

	dead        bool // died or was ended: nothing that it still does reaches anybody
	faulty      bool // a fault hit it
	done        bool
	unreachable time.Time // until then no service answers it
	then        func()
}

// margin is what handlers leave of their time: see trigger.Margin and
// client.Margin.
const margin = time.Second

var errDead = errors.New("the process has died")

// begin starts a task; then is called once it has ended or died.
func (w *World) begin(t *task, limit time.Duration, run func(ctx context.Context), then func()) {
	t.world, t.deadline, t.then = w, w.now.Add(limit), then
	t.ctx, t.cancel = context.WithCancel(pace.With(context.Background(), t))
	t.worker = w.idleWorker()
	t.worker.job = func() {
		run(t.ctx)
		t.done = true
	}
	w.running++
	w.step(t)
}

// step lets a task run until it waits or ends.
func (w *World) step(t *task) {
	before := w.current
	w.current = t
	t.worker.next()
	w.current = before
	if !t.done {
		return
	}
	w.running--
	t.cancel()
	w.workers = append(w.workers, t.worker)
	t.worker = nil
	t.then()
}

// sleep lets others run for a while of virtual time.
func (t *task) sleep(d time.Duration) {
	t.world.after(d, func() { t.world.step(t) })
	t.worker.yield(struct{}{})
}

// left is how much of its time a task may still spend.
func (t *task) left() time.Duration { return t.deadline.Sub(t.world.now) - margin }

// wait sleeps for d, or until the task's time is over; then its context has
// ended, as it would have by then.
func (t *task) wait(d time.Duration) error {
	if left := t.left(); d >= left {
		t.sleep(max(0, left))
		t.cancel()
		return context.DeadlineExceeded
	}
	t.sleep(d)
	return nil
}

// die ends the process: the coroutine runs to its end, but reaches nobody.
func (t *task) die() {
	t.dead = true
	t.cancel()
	if t.instance != nil {
		t.instance.gone = true
	}
}

// Each implements [pace.Keeper]: what one process does at once is done in some
// order here. Calls of different processes interleave.
func (t *task) Each(n, _ int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	for _, i := range t.world.random.Perm(n) {
		do(i)
	}
}

// Pause implements [pace.Keeper]. How long is chosen anew: what is asked for was drawn
// by a chance that is not the world's.
func (t *task) Pause(ctx context.Context, _ time.Duration) error {
	if t.dead || ctx.Err() != nil {
		return context.Canceled
	}
	return t.wait(t.world.within(100 * time.Millisecond))
}

// worker is a coroutine that runs one job after the other. Coroutines are kept,
// because their stacks have grown to what handlers need.
type worker struct {
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
	job   func()
}

func (w *World) idleWorker() *worker {
	if n := len(w.workers); n > 0 {
		k := w.workers[n-1]
		w.workers = w.workers[:n-1]
		return k
	}
	k := &worker{}
	k.next, k.stop = iter.Pull(func(yield func(struct{}) bool) {
		k.yield = yield
		for {
			k.job()
			k.job = nil
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return k
}
