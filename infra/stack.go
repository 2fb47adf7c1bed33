package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"sluice/shared/config"
	"sluice/shared/schema"
)

// sluiceStack is everything that works on the data.
type sluiceStack struct {
	awscdk.Stack
	opts   options
	key    awskms.Key // of queues and alarms
	alarms alarms
}

func newSluiceStack(app constructs.Construct, data *dataStack, opts options) *sluiceStack {
	stack := awscdk.NewStack(app, jsii.String("Sluice"), &awscdk.StackProps{
		Description: jsii.String("Sluice: takes enquiries, decides who talks to whom by when"),
	})
	s := &sluiceStack{Stack: stack, opts: opts, key: newTransitKey(stack)}
	s.alarms = newAlarms(stack, s.key, opts.AlarmEmail)
	if opts.exampleAddresses() && !opts.Local {
		awscdk.Annotations_Of(stack).AddWarningV2(jsii.String("sluice:addresses"),
			jsii.String("sender or alarmEmail is still an example address: no mail will arrive; pass -c sender=… -c alarmEmail=…"))
	}

	intakeQueue := newQueue(s, queueSpec{ID: "Intake", Holds: "Submissions", For: intake, Late: 120,
		Redeem: "the intake log names each by id; answered with success, so none may be dropped"})
	routeQueue := newQueue(s, queueSpec{ID: "Route", Holds: "Leads to route again", For: route, Late: 120,
		Redeem: "the route log names each by id; their deadlines hold, so the sweep may have acted already"})
	scoreQueue := newQueue(s, queueSpec{ID: "Score", Holds: "Leads to score anew", For: score, Late: 600,
		Redeem: "the score log names each by id; until then they keep the score they had, and how they ended is not learned from"})
	deliverQueue := newQueue(s, queueSpec{ID: "Deliver", Holds: "Messages to reps", For: deliver, Late: 300,
		Redeem: "the deliver log names each by id; check the SES sender"})

	api := newAPI(s)
	forms, pages := s.capture(data, intakeQueue), s.desk(data, api.url)
	api.serve(s, forms, pages)
	fns := []function{
		forms,
		s.intake(data, intakeQueue),
		s.relay(data, routeQueue, scoreQueue, deliverQueue),
		s.route(data, routeQueue),
		s.score(data, scoreQueue),
		s.sweep(data, scoreQueue),
		s.train(data),
		s.deliver(data, deliverQueue, intakeQueue, api.url),
		pages,
	}
	watchTable(s.alarms, data.table)
	if !opts.Local {
		newFirewall(s, api)
		newBudget(stack, opts)
		newDashboard(s, view{fns: fns, queues: []queue{intakeQueue, routeQueue, scoreQueue, deliverQueue}, table: data.table, api: api})
	}
	output(stack, "ApiUrl", "Base address; forms post to /f/{form} under it", &api.url)
	output(stack, "LandingPageUrl", "The landing page of the sample policy's form", jsii.String(api.url+"/f/trial"))
	output(stack, "DeskUrl", "Where reps and managers work", jsii.String(api.url+"/"))
	return s
}

// capture writes to the table only when a new data key is due: leads are
// written by intake alone.
func (s *sluiceStack) capture(data *dataStack, to queue) function {
	var cfg config.Capture
	return newFunction(s, capture, &cfg,
		data.table.give(&cfg.Table, []string{"dynamodb:GetItem", "dynamodb:Query"}),
		data.table.put(schema.VaultPartition),
		data.vault.give(&cfg.KMSKey, seal, open),
		to.give(&cfg.IntakeQueue))
}

func (s *sluiceStack) intake(data *dataStack, from queue) function {
	var cfg config.Intake
	f := newFunction(s, intake, &cfg,
		data.table.give(&cfg.Table, committing(), schema.LikeNameIndex, schema.LikePlaceIndex),
		data.vault.give(&cfg.KMSKey, seal, open))
	f.consume(from, 20)
	return f
}

func (s *sluiceStack) relay(data *dataStack, route, score, deliver queue) function {
	var cfg config.Relay
	f := newFunction(s, relay, &cfg, route.give(&cfg.RouteQueue), score.give(&cfg.ScoreQueue), deliver.give(&cfg.DeliverQueue))
	f.follow(data.table, newFailures(s))
	s.alarms.add("RelayLate", alarm{
		Metric:  f.Metric(jsii.String("IteratorAge"), over(1, "Maximum")),
		AtLeast: 60_000, Periods: 3, // milliseconds
		Runbook: "The relay is a minute behind the table: a bad entry may hold up its shard (read the function's log), or writes outrun it",
	})
	return f
}

func (s *sluiceStack) route(data *dataStack, from queue) function {
	var cfg config.Route
	f := newFunction(s, route, &cfg, data.table.give(&cfg.Table, committing()))
	f.consume(from, 5)
	return f
}

// score takes few batches at once: when all leads are scored anew, the table and the
// account's concurrency are for others too.
func (s *sluiceStack) score(data *dataStack, from queue) function {
	var cfg config.Score
	f := newFunction(s, score, &cfg, data.table.give(&cfg.Table, committing()), data.vault.give(&cfg.KMSKey, open))
	f.consume(from, 5)
	return f
}

// sweep runs each minute and never beside itself. A run that cannot start is
// dropped, because the next one does its work.
func (s *sluiceStack) sweep(data *dataStack, score queue) function {
	var cfg config.Sweep
	f := newFunction(s, sweep, &cfg, data.table.give(&cfg.Table, committing(), schema.DueIndex), data.vault.give(&cfg.KMSKey, open),
		score.give(&cfg.ScoreQueue))
	once := awscdk.Duration_Minutes(jsii.Number(1))
	f.runs(rhythm{ID: "EachMinute", Does: "Starts the sweep of due leads", Schedule: awsevents.Schedule_Rate(once), Within: once})
	s.alarms.add("SweepStill", alarm{
		Metric: f.MetricInvocations(over(5, "Sum")),
		Below:  1, Periods: 1, Silence: true,
		Runbook: "The sweep has not run for 5 minutes, so no deadline is acted on: see that the EachMinute rule is enabled and the function not throttled",
	})
	return f
}

// train runs each night and never beside itself. It writes what it learned and nothing
// else, and opens no contact data. A run that fails is tried once more.
func (s *sluiceStack) train(data *dataStack) function {
	var cfg config.Train
	f := newFunction(s, train, &cfg, data.table.give(&cfg.Table, reading()), data.table.put(schema.ModelPartition))
	f.runs(rhythm{ID: "EachNight", Does: "Starts the training on closed leads", Again: 1, Within: awscdk.Duration_Hours(jsii.Number(1)),
		Schedule: awsevents.Schedule_Cron(&awsevents.CronOptions{Hour: jsii.String("0"), Minute: jsii.String("0")})})
	s.alarms.add("TrainStill", alarm{
		Metric: f.MetricInvocations(over(60, "Sum")),
		Below:  1, Periods: 26, Silence: true,
		Runbook: "Nothing was learned from closed leads for 26 hours (a new stack rings until its first midnight, UTC): " +
			"see that the EachNight rule is enabled and the function not throttled. The model in force stays meanwhile",
	})
	return f
}

// deliver tells intake what enrichers said: it alone writes leads.
func (s *sluiceStack) deliver(data *dataStack, from, told queue, url string) function {
	cfg := config.Deliver{DeskURL: url}
	send := giveUnsent(&cfg.Sender, s.opts.Sender)
	if !s.opts.Local {
		send = newMail(s, s.opts.Sender).give(&cfg.Sender)
	}
	f := newFunction(s, deliver, &cfg, send,
		data.table.give(&cfg.Table, append(reading(), "dynamodb:PutItem", "dynamodb:UpdateItem")),
		data.vault.give(&cfg.KMSKey, open),
		told.give(&cfg.IntakeQueue))
	f.consume(from, 5)
	return f
}

func (s *sluiceStack) desk(data *dataStack, url string) function {
	var cfg config.Desk
	people := giveDevelopmentSignIn(&cfg)
	if !s.opts.Local {
		people = newSignIn(s.Stack, data.people, url).give(&cfg)
	}
	return newFunction(s, desk, &cfg, people,
		data.table.give(&cfg.Table, committing(), schema.HeldIndex),
		data.vault.give(&cfg.KMSKey, seal, open))
}
