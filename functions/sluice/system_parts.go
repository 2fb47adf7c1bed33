package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/local"
	"sluice/shared/queue"
	"sluice/shared/schema"
)

// services starts the table's engine and the queues behind one edge, or uses the
// endpoint that AWS_ENDPOINT_URL names.
func (s *system) services(ctx context.Context) error {
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "sluice", "AWS_SECRET_ACCESS_KEY": "sluice"} {
		if os.Getenv(name) == "" {
			os.Setenv(name, value)
		}
	}
	aws := awsAt(os.Getenv("AWS_ENDPOINT_URL"))
	if aws.Endpoint == "" {
		var err error
		if aws.Endpoint, err = s.ownServices(ctx); err != nil {
			return err
		}
	}
	s.edgeAt = aws.Endpoint
	s.aws = client.Config(aws)
	s.aws.APIOptions = append(s.aws.APIOptions, s.watching)
	return nil
}

func awsAt(endpoint string) config.AWS {
	return config.AWS{Region: regionName(), Endpoint: endpoint}
}

func regionName() string {
	if region := os.Getenv("AWS_REGION"); region != "" {
		return region
	}
	return "us-east-1"
}

func (s *system) ownServices(ctx context.Context) (url string, err error) {
	data, queues := filepath.Join(s.opts.folder, "table"), filepath.Join(s.opts.folder, "queues")
	if s.opts.memory {
		data, queues = "", ""
	} else if err := os.MkdirAll(data, 0o700); err != nil {
		return "", fmt.Errorf("make data folder: %w", err)
	}
	engine, err := local.StartEngine(ctx, local.EngineOptions{Dir: data})
	if err != nil {
		return "", err
	}
	s.closers, s.engine = append(s.closers, engine.Stop), engine
	if s.sqs, err = local.OpenSQS(local.SQSOptions{Dir: queues, Now: s.opts.now}); err != nil {
		return "", err
	}
	edge := local.NewEdge(local.EdgeOptions{Engine: engine.URL(), SQS: s.sqs, Tap: s.tapped})
	s.closers = append(s.closers, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := edge.Shutdown(ctx); err != nil {
			s.log.Warn("stop edge", "error", err.Error())
		}
	})
	if url, err = edge.Listen(s.opts.edge); err != nil {
		return "", fmt.Errorf("%w (choose another with -edge)", err)
	}
	return url, nil
}

// tapped passes writes on to relay's source, where it is fed by them.
func (s *system) tapped(operation string, request []byte) {
	if s.tap != nil {
		s.tap.Tap(operation, request)
	}
}

// tell shows the history entries of a committed transaction to whoever wants to
// see them.
func (s *system) tell(tx *dynamodb.TransactWriteItemsInput) {
	if s.opts.tap == nil {
		return
	}
	for _, write := range tx.TransactItems {
		if write.Put == nil || !strings.HasPrefix(textOf(write.Put.Item, schema.SK), schema.HistoryPrefix) {
			continue
		}
		var entry lead.Entry
		if err := json.Unmarshal([]byte(textOf(write.Put.Item, schema.Doc)), &entry); err == nil {
			s.opts.tap(entry)
		}
	}
}

func textOf(item map[string]types.AttributeValue, name string) string {
	if v, ok := item[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

// resources makes the table and the queues where they are missing.
func (s *system) resources(ctx context.Context) error {
	s.name = tableName
	if s.sqs == nil {
		name, err := ownName(s.opts.folder)
		if err != nil {
			return err
		}
		s.name = name
	}
	if err := dynamo.CreateTable(ctx, dynamodb.NewFromConfig(s.aws), s.name, !s.fedByTap()); err != nil {
		return err
	}
	queues := sqs.NewFromConfig(s.aws)
	s.queues = map[string]string{}
	for _, name := range queueNames {
		if err := s.makeQueue(ctx, queues, name); err != nil {
			return fmt.Errorf("make queue %s: %w", name, err)
		}
	}
	failed := s.name + "-relay-failures"
	made, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &failed})
	if err != nil {
		return fmt.Errorf("make queue for relay's failures: %w", err)
	}
	s.queues["relay-failures"] = *made.QueueUrl
	return nil
}

// makeQueue makes a queue with its dead letters, as the stack does.
func (s *system) makeQueue(ctx context.Context, queues *sqs.Client, name string) error {
	dead := s.name + "-" + name + "-dlq"
	made, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &dead})
	if err != nil {
		return err
	}
	s.queues[name+"-dlq"] = *made.QueueUrl
	attributes, err := queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: made.QueueUrl, AttributeNames: []sqsAttribute{"QueueArn"}})
	if err != nil {
		return err
	}
	full := s.name + "-" + name
	if made, err = queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &full}); err != nil {
		return err
	}
	s.queues[name] = *made.QueueUrl
	_, err = queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: made.QueueUrl, Attributes: map[string]string{
		"VisibilityTimeout": "180",
		"RedrivePolicy":     fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":"5"}`, attributes.Attributes["QueueArn"]),
	}})
	return err
}

// ownName is the name of this folder's resources at somebody else's endpoint.
func ownName(folder string) (string, error) {
	file := filepath.Join(folder, "name")
	if name, err := os.ReadFile(file); err == nil {
		return strings.TrimSpace(string(name)), nil
	}
	name := tableName + "-" + app.NewID()
	return name, os.WriteFile(file, []byte(name+"\n"), 0o600)
}

// start opens the front and begins to poll.
func (s *system) start(ctx context.Context) error {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	gateway := local.NewGateway(local.GatewayOptions{Log: s.log, Now: s.opts.now, Routes: []local.Route{
		{Resource: "/f/{proxy+}", Function: s.function("capture")},
		{Resource: "/hooks/{proxy+}", Function: s.function("capture")},
		{Resource: "/", Function: s.function("desk")},
		{Resource: "/{proxy+}", Function: s.function("desk")},
	}})
	server := &http.Server{Handler: gateway, ReadHeaderTimeout: 10 * time.Second}
	s.closers = append(s.closers, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
	})
	go func() { _ = server.Serve(s.listener) }() // ends with Shutdown
	s.minutes = scheduleOf(s.function("sweep"), s.log)
	s.nights = scheduleOf(s.function("train"), s.log)
	if s.opts.idle {
		return nil
	}
	queues := sqs.NewFromConfig(s.aws)
	for _, name := range queueNames {
		source := local.NewQueueSource(local.QueueSourceOptions{Client: queues, URL: s.queues[name], Function: s.function(name),
			Retry: cmp.Or(s.opts.retry, time.Second), Log: s.log})
		s.parts = append(s.parts, source)
		s.running.Go(func() { _ = source.Run(ctx) })
	}
	s.startStream(ctx, queue.Open(queues, s.queues["relay-failures"]))
	if s.opts.tap == nil { // with a tap, time is the caller's
		s.running.Go(func() { _ = s.minutes.Run(ctx) })
		s.running.Go(func() { _ = s.nights.Run(ctx) })
	}
	return nil
}

// fedByTap says whether relay is fed with what passes the edge. Somebody else's
// endpoint has no tap; there the table has its stream.
func (s *system) fedByTap() bool { return s.opts.tap != nil && s.sqs != nil }

func (s *system) startStream(ctx context.Context, failed local.Sender) {
	relay := local.StreamFunction{Function: s.function("relay"), OnFailure: failed, Log: s.log}
	if s.fedByTap() {
		s.tap = local.NewTapSource(local.TapSourceOptions{StreamFunction: relay, Table: s.name, Now: s.opts.now})
		s.parts = append(s.parts, s.tap)
		s.running.Go(func() { s.ended("stream", s.tap.Run(ctx)) })
		return
	}
	stream := local.NewStreamSource(local.StreamSourceOptions{StreamFunction: relay, Table: s.name,
		Client: dynamodbstreams.NewFromConfig(s.aws), Checkpoint: filepath.Join(s.opts.folder, "stream.json")})
	s.parts = append(s.parts, stream)
	s.running.Go(func() { s.ended("stream", stream.Run(ctx)) })
}

func (s *system) ended(part string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		s.log.Error("part ended", "part", part, "error", err.Error())
	}
}

func (s *system) function(name string) local.Function {
	return local.Function{Name: name, Handler: s.handlers[name]}
}

// listen takes the front's address before anything refers to it.
func (s *system) listen() error {
	for _, addr := range []string{s.opts.http, s.opts.edge} {
		host, _, err := net.SplitHostPort(addr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return fmt.Errorf("listen: %q is not a loopback address such as 127.0.0.1:8080: nothing here checks who calls", addr)
		}
	}
	var err error
	if s.listener, err = net.Listen("tcp", s.opts.http); err != nil {
		return fmt.Errorf("%w (choose another with -http)", err)
	}
	s.closers = append(s.closers, func() { _ = s.listener.Close() })
	s.front = "http://" + s.listener.Addr().String()
	return nil
}

// rhythms are the functions that a clock starts, as the stack has them: sweep at each
// minute, train at each midnight (UTC).
var rhythms = map[string]time.Duration{"sweep": time.Minute, "train": 24 * time.Hour}

// trainTimeout is the stack's limit of a training.
const trainTimeout = 15 * time.Minute

// scheduleOf starts a function by the clock.
func scheduleOf(f local.Function, log *slog.Logger) *local.Schedule {
	if f.Name == "train" {
		f.Timeout = trainTimeout
	}
	return local.NewSchedule(local.ScheduleOptions{Rule: "sluice-" + f.Name, Function: f, Every: rhythms[f.Name], Log: log})
}

// sweep has the sweep run as of a moment, out of its turn.
func (s *system) sweep(ctx context.Context, at time.Time) error {
	_, err := s.sweepCounts(ctx, at)
	return err
}

func (s *system) sweepCounts(ctx context.Context, at time.Time) (map[string]int, error) {
	return fire(ctx, s.minutes, at)
}

// train has a training run as of a moment, out of its turn.
func (s *system) train(ctx context.Context, at time.Time) (map[string]int, error) {
	return fire(ctx, s.nights, at)
}

func fire(ctx context.Context, schedule *local.Schedule, at time.Time) (map[string]int, error) {
	answer, err := schedule.Fire(ctx, at)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	return counts, json.Unmarshal(answer, &counts)
}

// settle waits until nothing is under way.
func (s *system) settle(ctx context.Context) error { return local.Settle(ctx, s.parts...) }

// wake has the queues look at the clock again.
func (s *system) wake() {
	if s.sqs != nil {
		s.sqs.Wake()
	}
}
