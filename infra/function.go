package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"sluice/shared/config"
)

// spec is the shape of one function.
type spec struct {
	ID       string  // construct id
	Name     string  // folder under functions, and under build
	Does     string  // shown in the console
	Memory   float64 // MB; CPU comes with it
	Timeout  float64 // seconds
	Alone    bool    // at most one at a time
	Complain string  // what to do when it errs; ends up in its alarms
}

var (
	capture = spec{ID: "Capture", Name: "capture", Memory: 1024, Timeout: 10,
		Does:     "Takes form posts and webhooks, and queues them before it answers",
		Complain: "posts are being answered 5xx: read the function's log by request id; check the table, the vault's key and the intake queue"}
	intake = spec{ID: "Intake", Name: "intake", Memory: 1024, Timeout: 30,
		Does:     "Turns queued submissions into leads, touches or quarantine",
		Complain: "submissions wait in the intake queue: read the function's log; nothing is lost, failed ones end in the intake DLQ"}
	relay = spec{ID: "Relay", Name: "relay", Memory: 512, Timeout: 30,
		Does:     "Tells what follows from each history entry",
		Complain: "consequences are late (the sweep acts for them within minutes): read the function's log; check the route, score and deliver queues"}
	route = spec{ID: "Route", Name: "route", Memory: 512, Timeout: 30,
		Does:     "Routes leads again after a reject, an expiry or a release",
		Complain: "leads wait for a rep (their deadline still holds): read the function's log"}
	score = spec{ID: "Score", Name: "score", Memory: 512, Timeout: 30,
		Does:     "Scores leads anew, and keeps how they ended",
		Complain: "leads keep the score they had: read the function's log; check the table and the vault's key"}
	sweep = spec{ID: "Sweep", Name: "sweep", Memory: 512, Timeout: 55, Alone: true,
		Does:     "Acts each minute on every lead whose deadline has come",
		Complain: "deadlines are not acted on: read the function's log now; the next good run catches up by itself"}
	// 50,000 closed leads of 60 features take 0.8 GB and, by two cores, half a minute.
	train = spec{ID: "Train", Name: "train", Memory: 3008, Timeout: 900, Alone: true,
		Does:     "Learns each night from closed leads how likely one is to convert",
		Complain: "the model in force stays: read the function's log; where it ran out of time or memory raise Memory in infra/function.go"}
	deliver = spec{ID: "Deliver", Name: "deliver", Memory: 512, Timeout: 30,
		Does:     "Sends mail to reps, leads of call lists to their vendors, and questions to enrichers",
		Complain: "reps are not being told, or a vendor of a call list is not: read the function's log; check that the sender is verified and out of the SES sandbox, that the vendor answers, and the intake queue"}
	desk = spec{ID: "Desk", Name: "desk", Memory: 1024, Timeout: 15,
		Does:     "Answers the JSON API and the pages for people",
		Complain: "the desk answers 5xx: read the function's log by request id; check the table and the sign-in domain"}
)

// functions lists every function there is.
func functions() []spec {
	return []spec{capture, intake, relay, route, score, sweep, train, deliver, desk}
}

type function struct {
	awslambda.Function
	spec  spec
	allow permit
}

// permit adds a statement to a function's role.
type permit func(statement awsiam.PolicyStatementProps)

// A gift hands one resource to one function: it fills in the config's field and
// permits what the function does there. Giving by halves is not possible.
type gift func(permit)

// newFunction makes a function with a role and a log of its own. cfg points at
// the config that the gifts fill in; a field left empty is an error on the
// function, which stops the synth.
func newFunction(s *sluiceStack, spec spec, cfg any, gifts ...gift) function {
	logs := awslogs.NewLogGroup(s.Stack, jsii.String(spec.ID+"Log"), &awslogs.LogGroupProps{
		Retention:     s.opts.retention(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	role := awsiam.NewRole(s.Stack, jsii.String(spec.ID+"Role"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description: jsii.String("Sluice " + spec.Name),
	})
	allow := func(statement awsiam.PolicyStatementProps) {
		role.AddToPolicy(awsiam.NewPolicyStatement(&statement))
	}
	allow(awsiam.PolicyStatementProps{
		Actions:   jsii.Strings("logs:CreateLogStream", "logs:PutLogEvents"),
		Resources: &[]*string{logs.LogGroupArn()},
	})
	for _, give := range gifts {
		give(allow)
	}
	environ, fault := config.Environ(cfg)
	f := function{spec: spec, allow: allow, Function: awslambda.NewFunction(s.Stack, jsii.String(spec.ID), &awslambda.FunctionProps{
		Description:   jsii.String(spec.Does),
		Runtime:       awslambda.Runtime_PROVIDED_AL2023(),
		Architecture:  awslambda.Architecture_ARM_64(),
		Handler:       jsii.String("bootstrap"),
		Code:          awslambda.Code_FromAsset(jsii.String(asset(s.opts.Assets, spec)), nil),
		MemorySize:    &spec.Memory,
		Timeout:       awscdk.Duration_Seconds(&spec.Timeout),
		Environment:   pointers(environ),
		Role:          role,
		LogGroup:      logs,
		LoggingFormat: awslambda.LoggingFormat_JSON,
		Tracing:       awslambda.Tracing_ACTIVE,
		ReservedConcurrentExecutions: map[bool]*float64{
			true: jsii.Number(1),
		}[spec.Alone],
	})}
	if fault != nil {
		awscdk.Annotations_Of(f.Function).AddError(jsii.String(fault.Error()))
	}
	accept(role, "AwsSolutions-IAM5", "X-Ray has no resources to name: its two write actions take only *", "Resource::*")
	f.watch(s.alarms)
	return f
}

func (f function) watch(alarms alarms) {
	// Lambda counts an error when the function ends, for the moment at which it began:
	// a shorter period than some runs would be over before it is told of theirs.
	period := max(5, 4*f.spec.Timeout/60)
	alarms.add(f.spec.ID+"Errors", alarm{
		Metric:  f.MetricErrors(over(period, "Sum")),
		AtLeast: 1, Periods: 1,
		Runbook: "Sluice " + f.spec.Name + " returned errors: " + f.spec.Complain,
	})
	alarms.add(f.spec.ID+"Throttles", alarm{
		Metric:  f.MetricThrottles(over(5, "Sum")),
		AtLeast: 1, Periods: 2,
		Runbook: "Sluice " + f.spec.Name + " is throttled: raise the account's Lambda concurrency in this region; work waits meanwhile",
	})
}

// over is a statistic over so many minutes.
func over(minutes float64, statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Period: awscdk.Duration_Minutes(&minutes), Statistic: &statistic}
}

func pointers(values map[string]string) *map[string]*string {
	out := make(map[string]*string, len(values))
	for name, value := range values {
		out[name] = &value
	}
	return &out
}
