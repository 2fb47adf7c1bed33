package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"
)

// alarms is where every alarm of the stack rings.
type alarms struct {
	stack awscdk.Stack
	topic awssns.Topic
}

// alarm rings when the metric stands at AtLeast or more, or below Below, for so
// many periods in a row. Exactly one of the two limits is set.
type alarm struct {
	Metric  awscloudwatch.IMetric
	AtLeast float64
	Below   float64
	Periods float64
	Silence bool   // no data at all is bad too
	Runbook string // what happened, what it means, what to do; sent along
}

// newAlarms makes the encrypted topic and subscribes the address to it.
func newAlarms(stack awscdk.Stack, key awskms.Key, address string) alarms {
	topic := awssns.NewTopic(stack, jsii.String("Alarms"), &awssns.TopicProps{
		DisplayName: jsii.String("Sluice alarms"),
		MasterKey:   key,
		EnforceSSL:  jsii.Bool(true),
	})
	topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(&address, nil))
	// A topic with a policy of its own loses SNS's default one, and an encrypted
	// topic needs the sender to have the key: CloudWatch is given both by name.
	cloudWatch := func(resource *string, actions ...string) awsiam.PolicyStatement {
		return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
			Actions:    jsii.Strings(actions...),
			Resources:  &[]*string{resource},
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()}},
		})
	}
	topic.AddToResourcePolicy(cloudWatch(topic.TopicArn(), "sns:Publish"))
	key.AddToResourcePolicy(cloudWatch(jsii.String("*"), "kms:Decrypt", "kms:GenerateDataKey"), nil)
	return alarms{stack: stack, topic: topic}
}

func (a alarms) add(id string, alarm alarm) {
	threshold, comparison := alarm.AtLeast, awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD
	if alarm.Below > 0 {
		threshold, comparison = alarm.Below, awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD
	}
	missing := awscloudwatch.TreatMissingData_NOT_BREACHING
	if alarm.Silence {
		missing = awscloudwatch.TreatMissingData_BREACHING
	}
	awscloudwatch.NewAlarm(a.stack, jsii.String(id+"Alarm"), &awscloudwatch.AlarmProps{
		Metric:             alarm.Metric,
		Threshold:          &threshold,
		ComparisonOperator: comparison,
		EvaluationPeriods:  &alarm.Periods,
		TreatMissingData:   missing,
		AlarmDescription:   &alarm.Runbook,
	}).AddAlarmAction(awscloudwatchactions.NewSnsAction(a.topic))
}

// watchTable rings when writes are turned away. An on-demand table does so
// when one key takes more than its share, or a load doubles within minutes.
func watchTable(alarms alarms, t table) {
	alarms.add("TableThrottles", alarm{
		Metric:  t.Metric(jsii.String("WriteThrottleEvents"), over(5, "Sum")),
		AtLeast: 1, Periods: 2,
		Runbook: "The table turns writes away: SDKs retry, so leads are late but not lost; " +
			"see whether one key takes all writes, or a load more than doubled within half an hour",
	})
}

// newBudget tells the address when the account has spent four fifths of the
// amount, and when the month is forecast to pass it. It counts the whole
// account: what one stack costs is known only where cost tags are switched on.
func newBudget(stack awscdk.Stack, opts options) {
	tell := func(kind string, percent float64) *awsbudgets.CfnBudget_NotificationWithSubscribersProperty {
		return &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType:   &kind,
				ComparisonOperator: jsii.String("GREATER_THAN"),
				Threshold:          &percent,
				ThresholdType:      jsii.String("PERCENTAGE"),
			},
			Subscribers: []any{&awsbudgets.CfnBudget_SubscriberProperty{
				SubscriptionType: jsii.String("EMAIL"), Address: &opts.AlarmEmail,
			}},
		}
	}
	awsbudgets.NewCfnBudget(stack, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetType:  jsii.String("COST"),
			TimeUnit:    jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{Amount: &opts.MonthlyBudget, Unit: jsii.String("USD")},
		},
		NotificationsWithSubscribers: []any{tell("ACTUAL", 80), tell("FORECASTED", 100)},
	})
}
