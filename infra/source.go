package main

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"sluice/shared/schema"
)

// rhythm says when a function is started, and for how long one start is good.
type rhythm struct {
	ID       string
	Does     string
	Schedule awsevents.Schedule
	Within   awscdk.Duration // a start that is older is dropped
	Again    float64         // how often a start that failed is tried again
}

// runs has the function started by a rule.
func (f function) runs(r rhythm) {
	f.ConfigureAsyncInvoke(&awslambda.EventInvokeConfigOptions{MaxEventAge: r.Within, RetryAttempts: &r.Again})
	awsevents.NewRule(f.Stack(), &r.ID, &awsevents.RuleProps{
		Description: &r.Does,
		Schedule:    r.Schedule,
		Targets: &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(f.Function, &awseventstargets.LambdaFunctionProps{
			MaxEventAge: r.Within, RetryAttempts: &r.Again,
		})},
	})
}

// The mappings are made at the lowest level: the higher one grants with
// wildcards (every key action that starts with GenerateDataKey, streams of
// every table).

// consume feeds the queue to the function and permits taking its messages, at
// most atOnce batches at a time.
func (f function) consume(q queue, atOnce float64) {
	f.allow(awsiam.PolicyStatementProps{
		Actions: jsii.Strings("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility",
			"sqs:GetQueueAttributes"),
		Resources: &[]*string{q.QueueArn()},
	})
	f.allow(awsiam.PolicyStatementProps{
		Actions:    jsii.Strings("kms:Decrypt"),
		Resources:  &[]*string{q.EncryptionMasterKey().KeyArn()},
		Conditions: via(q.Queue, "sqs"),
	})
	awslambda.NewCfnEventSourceMapping(f.Function, jsii.String("Queue"), &awslambda.CfnEventSourceMappingProps{
		FunctionName:          f.FunctionName(),
		EventSourceArn:        q.QueueArn(),
		BatchSize:             jsii.Number(10),
		FunctionResponseTypes: jsii.Strings("ReportBatchItemFailures"),
		ScalingConfig:         &awslambda.CfnEventSourceMapping_ScalingConfigProperty{MaximumConcurrency: &atOnce},
	})
}

// follow feeds each new history entry of the table to the function and permits
// reading the stream. Where a batch stands in the stream goes to failed when
// the retries are spent: about a quarter of an hour for one bad entry, or one
// hour after it was written. Until then a bad entry holds up its shard, and the
// sweep does by the lead's deadline what the relay could not tell.
func (f function) follow(t table, failed queue) {
	f.allow(awsiam.PolicyStatementProps{
		Actions: jsii.Strings("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator",
			"dynamodb:ListStreams"),
		Resources: &[]*string{t.TableStreamArn()},
	})
	// Lambda's pollers decrypt the stream in the function's name.
	f.allow(awsiam.PolicyStatementProps{
		Actions:   jsii.Strings("kms:Decrypt"),
		Resources: &[]*string{t.key.KeyArn()},
	})
	failed.allowSend(f.allow)
	awslambda.NewCfnEventSourceMapping(f.Function, jsii.String("Stream"), &awslambda.CfnEventSourceMappingProps{
		FunctionName:               f.FunctionName(),
		EventSourceArn:             t.TableStreamArn(),
		StartingPosition:           jsii.String("TRIM_HORIZON"),
		BatchSize:                  jsii.Number(100),
		ParallelizationFactor:      jsii.Number(4),
		FunctionResponseTypes:      jsii.Strings("ReportBatchItemFailures"),
		BisectBatchOnFunctionError: jsii.Bool(true),
		MaximumRetryAttempts:       jsii.Number(15),
		MaximumRecordAgeInSeconds:  jsii.Number(3600),
		DestinationConfig: &awslambda.CfnEventSourceMapping_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventSourceMapping_OnFailureProperty{Destination: failed.QueueArn()},
		},
		FilterCriteria: &awslambda.CfnEventSourceMapping_FilterCriteriaProperty{
			Filters: []any{&awslambda.CfnEventSourceMapping_FilterProperty{Pattern: jsii.String(newHistory())}},
		},
	})
}

// newHistory is the pattern of a history entry's insertion. Entries are never
// changed; their expiry is a REMOVE and does not match.
func newHistory() string {
	type object = map[string]any
	pattern, err := json.Marshal(object{
		"eventName": []string{"INSERT"},
		"dynamodb": object{"Keys": object{schema.SK: object{"S": []any{
			object{"prefix": schema.HistoryPrefix},
		}}}},
	})
	if err != nil {
		panic(err) // maps and strings always marshal
	}
	return string(pattern)
}
