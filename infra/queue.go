package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

const (
	// receives is how often a message is tried before it goes to its DLQ.
	receives = 5
	// keptDays is how long a DLQ keeps a message, counted from its first send:
	// the longest SQS offers.
	keptDays = 14
	// visibilityFactor times the function's timeout is how long a message stays
	// hidden, as AWS advises for event source mappings.
	visibilityFactor = 6
)

type queue struct {
	awssqs.Queue
	name string
	dead awssqs.Queue // nil for the relay's failure queue, which is one itself
}

// queueSpec is the shape of a queue with its DLQ.
type queueSpec struct {
	ID     string
	Holds  string  // what a message is, for people
	For    spec    // the function that takes from it
	Late   float64 // seconds after which a waiting message rings an alarm
	Redeem string  // what to do about messages in the DLQ
}

// newQueue makes a queue, its DLQ, and an alarm on each.
func newQueue(s *sluiceStack, spec queueSpec) queue {
	dead := awssqs.NewQueue(s.Stack, jsii.String(spec.ID+"Dead"), &awssqs.QueueProps{
		Encryption:          awssqs.QueueEncryption_KMS,
		EncryptionMasterKey: s.key,
		EnforceSSL:          jsii.Bool(true),
		RetentionPeriod:     awscdk.Duration_Days(jsii.Number(keptDays)),
		// Naming the source here would be a cycle: the source names its DLQ.
		RedriveAllowPolicy: &awssqs.RedriveAllowPolicy{RedrivePermission: awssqs.RedrivePermission_ALLOW_ALL},
	})
	q := queue{name: spec.ID, dead: dead, Queue: awssqs.NewQueue(s.Stack, jsii.String(spec.ID+"Queue"), &awssqs.QueueProps{
		Encryption:          awssqs.QueueEncryption_KMS,
		EncryptionMasterKey: s.key,
		EnforceSSL:          jsii.Bool(true),
		VisibilityTimeout:   awscdk.Duration_Seconds(jsii.Number(visibilityFactor * spec.For.Timeout)),
		RetentionPeriod:     awscdk.Duration_Days(jsii.Number(4)),
		DeadLetterQueue:     &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: jsii.Number(receives)},
	})}
	s.alarms.add(spec.ID+"DeadLetters", alarm{
		Metric:  dead.MetricApproximateNumberOfMessagesVisible(over(1, "Maximum")),
		AtLeast: 1, Periods: 1,
		Runbook: fmt.Sprintf("%s failed %d times and wait in the DLQ for %d days at most: %s; then redrive the DLQ to its source",
			spec.Holds, receives, keptDays, spec.Redeem),
	})
	s.alarms.add(spec.ID+"Late", alarm{
		Metric:  q.MetricApproximateAgeOfOldestMessage(over(1, "Maximum")),
		AtLeast: spec.Late, Periods: 3,
		Runbook: fmt.Sprintf("%s have waited for %g s: see whether %s errs or is throttled, or whether more come in than it takes",
			spec.Holds, spec.Late, spec.For.Name),
	})
	return q
}

// newFailures makes the queue that says which part of the stream the relay
// could not tell.
func newFailures(s *sluiceStack) queue {
	q := queue{name: "RelayFailed", Queue: awssqs.NewQueue(s.Stack, jsii.String("RelayFailed"), &awssqs.QueueProps{
		Encryption:          awssqs.QueueEncryption_KMS,
		EncryptionMasterKey: s.key,
		EnforceSSL:          jsii.Bool(true),
		RetentionPeriod:     awscdk.Duration_Days(jsii.Number(keptDays)),
	})}
	accept(q.Queue, "AwsSolutions-SQS3", "This is itself where failures end: the relay's stream puts what it gave up here, nothing reads it but people")
	s.alarms.add("RelayFailed", alarm{
		Metric:  q.MetricApproximateNumberOfMessagesVisible(over(1, "Maximum")),
		AtLeast: 1, Periods: 1,
		Runbook: "The relay gave up history entries: each message names a place in the stream, readable for 24 h; " +
			"fix what the function's log tells, look the leads up at the desk, purge the queue. Deadlines still hold meanwhile",
	})
	return q
}

// newTransitKey encrypts what is only passing through: queues and alarms. It
// may go with the stack.
func newTransitKey(stack awscdk.Stack) awskms.Key {
	return newKey(stack, "TransitKey", "Sluice: encrypts queues and alarms", awscdk.RemovalPolicy_DESTROY)
}
