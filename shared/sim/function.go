package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/app"
	"sluice/shared/deliver"
	"sluice/shared/desk"
	"sluice/shared/page"
	"sluice/shared/queue"
	"sluice/shared/trigger"
	"sluice/shared/vault"
)

// instance is one process of a function. It handles one invocation at a time
// and keeps what it knows between them, until it dies or a new version is
// deployed.
type instance struct {
	handler lambda.Handler
	desk    *app.Desk // of the desk: what its pages show
	version int       // of the deployment
	busy    bool
	gone    bool
}

// limits are the functions' time limits, as the stack has them.
var limits = map[string]time.Duration{
	"capture": 10 * time.Second, "intake": 30 * time.Second, "relay": 30 * time.Second, "route": 30 * time.Second,
	"score": 30 * time.Second, "sweep": 55 * time.Second, "train": 15 * time.Minute, "deliver": 30 * time.Second, "desk": 15 * time.Second,
}

var queueNames = []string{"intake", "route", "score", "deliver"}

// invoke runs a function on a payload; then is called with its answer, or with
// an error where it failed, died or was ended.
func (w *World) invoke(function string, payload []byte, then func(out []byte, err error)) {
	var out []byte
	w.use(function, func(ctx context.Context, in *instance) (err error) {
		out, err = in.handler.Invoke(ctx, payload)
		return err
	}, func(err error) { then(out, err) })
}

// use has a process of a function do something; then is called with its error, or
// with that of a process that died.
func (w *World) use(function string, do func(context.Context, *instance) error, then func(error)) {
	in := w.instanceOf(function)
	t := &task{name: function, instance: in}
	var err error
	in.busy = true
	w.begin(t, limits[function], func(ctx context.Context) { err = do(ctx, in) }, func() {
		in.busy = false
		if !in.gone && in.version == w.version {
			w.idle[function] = append(w.idle[function], in)
		}
		if t.dead {
			err = errDead
		}
		then(err)
	})
}

// instanceOf is an idle process of the function, or a new one.
func (w *World) instanceOf(function string) *instance {
	idle := w.idle[function]
	if n := len(idle); n > 0 {
		at := w.random.IntN(n)
		in := idle[at]
		idle[at] = idle[n-1]
		w.idle[function] = idle[:n-1]
		return in
	}
	w.started++
	in := &instance{version: w.version}
	in.handler = w.wire(function, in)
	return in
}

// deploy replaces every process: those at work finish, on the version before.
func (w *World) deploy() {
	w.version++
	clear(w.idle)
	w.trace("deployed version %d", w.version)
}

// wire builds a function as its main does, over the world's services.
func (w *World) wire(function string, in *instance) lambda.Handler {
	ports := app.Ports{Log: w.log, Now: w.clock, NewID: w.newID}
	var store app.Store = w.store
	if w.opts.plant != nil {
		store = w.opts.plant(w, store)
	}
	v := vault.New(vault.Options{Keys: w.store, Wrapper: wrapper{w}, Now: w.clock})
	policy := &app.Current{Store: store, Now: w.clock, Log: w.log, Read: &readBefore}
	if w.opts.learns() { // without a model nothing comes of asking for one
		policy.Models = store
	}
	send := func(name string) app.Queue { return queue.Open(w.sqs, queueHost+name) }
	switch function {
	case "capture":
		return app.Capture(app.CapturePorts{Ports: ports, Store: store, Vault: v, Policy: policy, Intake: send("intake"), Pages: page.Pages{}})
	case "intake":
		return app.Intake(app.IntakePorts{Ports: ports, Store: store, Vault: v, Policy: policy})
	case "relay":
		return app.Relay(app.RelayPorts{Ports: ports, Route: send("route"), Score: send("score"), Deliver: send("deliver")})
	case "route":
		return app.Route(app.RoutePorts{Ports: ports, Store: store, Policy: policy})
	case "sweep":
		return app.Sweep(app.SweepPorts{Ports: ports, Store: store, Vault: v, Policy: policy, Score: send("score")})
	case "score":
		return app.Score(app.ScorePorts{Ports: ports, Store: store, Vault: v, Policy: policy})
	case "deliver":
		return app.Deliver(app.DeliverPorts{Ports: ports, Store: store, Vault: v, Policy: policy, Asker: asker{w}, Intake: send("intake"),
			Sender: deliver.NewSES(w.ses), From: "sluice@example.com", DeskURL: "https://desk.example.com"})
	case "desk":
		in.desk = &app.Desk{Ports: ports, Store: store, Vault: v, Policy: policy}
		return trigger.HTTP(w.log, desk.New(desk.Options{App: in.desk,
			SignIn: desk.Development{}, Log: w.log}))
	}
	panic("no such function: " + function)
}

// request is one HTTP request of a browser or a program.
type request struct {
	function           string // capture or desk
	method, path, user string
	query              map[string]string
	header             map[string]string
	body               []byte
}

// answer is what came back; status 0 is nothing: it was lost, or the function
// died, and what was asked for may or may not have been done.
type answer struct {
	status int
	body   []byte
}

// ask makes a request and calls then with the answer.
func (w *World) ask(r request, then func(answer)) {
	kind := w.fault(asking, r.method+" "+r.path)
	if kind == NotSent {
		w.after(w.within(time.Second), func() { then(answer{}) })
		return
	}
	headers := map[string]string{"Host": "sluice.example.com", "Accept": "application/json"}
	for name, value := range r.header {
		headers[name] = value
	}
	if r.user != "" {
		headers["Authorization"] = "Bearer dev:" + r.user
	}
	payload, err := json.Marshal(events.APIGatewayProxyRequest{Resource: "/{proxy+}", Path: r.path, HTTPMethod: r.method,
		Headers: headers, QueryStringParameters: r.query, Body: string(r.body),
		RequestContext: events.APIGatewayProxyRequestContext{RequestID: w.newID(), Stage: "$default"}})
	if err != nil {
		panic(fmt.Sprintf("encode request: %v", err)) // strings only
	}
	w.invoke(r.function, payload, func(out []byte, err error) {
		var a events.APIGatewayProxyResponse
		if err == nil {
			err = json.Unmarshal(out, &a)
		}
		switch {
		case errors.Is(err, errDead):
			then(answer{}) // API Gateway says that the function failed; the caller knows no more
		case err != nil:
			then(answer{status: 502})
		case kind == Lost:
			then(answer{})
		default:
			then(answer{status: a.StatusCode, body: []byte(a.Body)})
		}
	})
}

// wrapper stands for KMS. Which key it gives back follows from the order of
// wrapping alone, so that a world's hashes are the same every time.
type wrapper struct{ world *World }

func (x wrapper) Wrap(context.Context, []byte) ([]byte, error) {
	x.world.keys++
	return fmt.Appendf(nil, "key %d of world %d", x.world.keys, x.world.opts.Seed), nil
}

func (x wrapper) Unwrap(_ context.Context, wrapped []byte) ([]byte, error) {
	return digest(wrapped), nil
}
