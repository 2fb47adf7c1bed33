package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/app"
	"sluice/shared/deliver"
	"sluice/shared/desk"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/local"
	"sluice/shared/page"
	"sluice/shared/policy"
	"sluice/shared/queue"
	"sluice/shared/train"
	"sluice/shared/trigger"
	"sluice/shared/vault"
)

// systemOptions say how a whole system runs on this machine.
type systemOptions struct {
	folder       string                 // holds the data, the keys and the outbox
	memory       bool                   // keep the table and the queues in memory only
	http, edge   string                 // addresses to listen on; port 0 is any free one
	policy, reps string                 // files applied to an empty table
	change       func(*policy.Document) // of what the policy's file says, before it is applied; nil is none
	now          func() time.Time       // nil is the real clock
	tap          func(lead.Entry)       // told of each history entry; the stream is fed from it too, not from the engine
	quiet        bool                   // log errors only
	retry        time.Duration          // when a failed message comes back the first time, see local.QueueSourceOptions; 0 is a second
	idle         bool                   // start no pollers and no schedules: the caller invokes the functions
	log          io.Writer              // nil is standard error
}

// system is everything of Sluice in one process: the functions behind the
// events that start them in the cloud, over a real table and queues.
type system struct {
	opts   systemOptions
	log    *slog.Logger
	ports  app.Ports
	aws    aws.Config
	table  *dynamo.Table
	vault  *vault.Vault
	policy *app.Current
	queues map[string]string // name → URL
	outbox string
	front  string // URL of the API
	edgeAt string // URL that AWS_ENDPOINT_URL names
	name   string // of the table, and prefix of the queues

	see   atomic.Pointer[func(*dynamodb.TransactWriteItemsInput)] // of watch
	tries atomic.Int64                                            // transactions sent

	handlers map[string]lambda.Handler
	parts    []local.Part // queue sources and the stream
	sqs      *local.SQS   // nil at somebody else's endpoint
	engine   *local.Engine
	tap      *local.TapSource
	minutes  *local.Schedule // of sweep
	nights   *local.Schedule // of train
	closers  []func()
	listener net.Listener
	stop     context.CancelFunc
	running  sync.WaitGroup

	reps        []string            // ids
	userOf      map[string]string   // rep → user
	roles       map[string]string   // role → a user who has it
	dispatchers map[string]string   // team → user
	teams       map[string][]string // team → reps
}

// tableName names the table, and begins the queues' names. At somebody else's
// endpoint both get a suffix of their own.
const tableName = "sluice"

var queueNames = []string{"intake", "route", "score", "deliver"} // each with its dead letters

// openSystem starts everything and applies the policy to an empty table. What
// it started is stopped by close, also where it fails half way.
func openSystem(ctx context.Context, opts systemOptions) (_ *system, err error) {
	s := &system{opts: opts, handlers: map[string]lambda.Handler{}, outbox: outboxOf(opts.folder)}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.opts.now == nil {
		s.opts.now = app.Now
	}
	level := slog.LevelInfo
	if opts.quiet {
		level = slog.LevelError
	}
	if opts.log == nil {
		opts.log = os.Stderr
	}
	s.log = slog.New(slog.NewJSONHandler(opts.log, &slog.HandlerOptions{Level: level}))
	s.ports = app.Ports{Now: s.opts.now, NewID: app.NewID}
	if err := os.MkdirAll(opts.folder, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	if err := s.services(ctx); err != nil {
		return nil, err
	}
	if err := s.resources(ctx); err != nil {
		return nil, err
	}
	s.functions()
	if err := s.seed(ctx); err != nil {
		return nil, err
	}
	return s, s.start(ctx)
}

// portsOf are the ports of one function.
func (s *system) portsOf(function string) app.Ports {
	p := s.ports
	p.Log = s.log.With("function", function)
	return p
}

// functions builds every function as its main does, with the adapters of this
// machine.
func (s *system) functions() {
	queues := sqs.NewFromConfig(s.aws)
	s.table = dynamo.Open(dynamodb.NewFromConfig(s.aws), dynamo.Options{Table: s.name})
	s.vault = vault.New(vault.Options{Keys: s.table, Wrapper: vault.KeyFile(filepath.Join(s.opts.folder, "vault.key")), Now: s.opts.now})
	s.policy = &app.Current{Store: s.table, Models: s.table, Now: s.opts.now, Log: s.log}
	s.handlers["capture"] = app.Capture(app.CapturePorts{Ports: s.portsOf("capture"), Store: s.table, Vault: s.vault,
		Policy: s.policy, Intake: queue.Open(queues, s.queues["intake"]), Pages: page.Pages{}})
	s.handlers["intake"] = app.Intake(app.IntakePorts{Ports: s.portsOf("intake"), Store: s.table, Vault: s.vault, Policy: s.policy})
	s.handlers["relay"] = app.Relay(app.RelayPorts{Ports: s.portsOf("relay"),
		Route: queue.Open(queues, s.queues["route"]), Score: queue.Open(queues, s.queues["score"]), Deliver: queue.Open(queues, s.queues["deliver"])})
	s.handlers["route"] = app.Route(app.RoutePorts{Ports: s.portsOf("route"), Store: s.table, Policy: s.policy})
	s.handlers["sweep"] = app.Sweep(app.SweepPorts{Ports: s.portsOf("sweep"), Store: s.table, Vault: s.vault, Policy: s.policy,
		Score: queue.Open(queues, s.queues["score"])})
	s.handlers["score"] = app.Score(app.ScorePorts{Ports: s.portsOf("score"), Store: s.table, Vault: s.vault, Policy: s.policy})
	s.handlers["train"] = train.Handler(train.Ports{Ports: s.portsOf("train"), Store: s.table, Policy: s.policy})
	caller := deliver.NewCaller(deliver.CallerOptions{Loopback: true})
	s.handlers["deliver"] = app.Deliver(app.DeliverPorts{Ports: s.portsOf("deliver"), Store: s.table, Vault: s.vault, Policy: s.policy,
		Sender: deliver.Outbox{Folder: s.outbox}, From: "sluice@example.com", DeskURL: s.front,
		Caller: caller, Asker: caller, Intake: queue.Open(queues, s.queues["intake"])})
	people := s.portsOf("desk")
	s.handlers["desk"] = trigger.HTTP(people.Log, desk.New(desk.Options{
		App:    &app.Desk{Ports: people, Store: s.table, Vault: s.vault, Policy: s.policy},
		SignIn: desk.Development{}, Log: people.Log,
	}))
}

// died is closed when the engine ends before it is stopped; never at somebody
// else's endpoint.
func (s *system) died() <-chan struct{} {
	if s.engine == nil {
		return nil
	}
	return s.engine.Done()
}

// close stops what runs, the newest first, and waits for it.
func (s *system) close() {
	if s.stop != nil {
		s.stop()
	}
	s.running.Wait()
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
	s.closers = nil
}
