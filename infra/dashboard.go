package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"
)

// view is what the dashboard shows.
type view struct {
	fns    []function
	queues []queue
	table  table
	api    api
}

const rowWidth = 24 // columns of a CloudWatch dashboard

// newDashboard draws the way of a lead from the top: the public edge, the
// functions, what waits in the queues, the table.
func newDashboard(s *sluiceStack, v view) {
	board := awscloudwatch.NewDashboard(s.Stack, jsii.String("Dashboard"), nil)
	row := func(graphs ...*awscloudwatch.GraphWidgetProps) {
		widgets := make([]awscloudwatch.IWidget, len(graphs))
		for i, g := range graphs {
			g.Width = jsii.Number(float64(rowWidth / len(graphs)))
			widgets[i] = awscloudwatch.NewGraphWidget(g)
		}
		board.AddWidgets(widgets...)
	}
	row(
		graph("API requests", v.api.MetricCount(over(1, "Sum"))),
		graph("API refused and failed", v.api.MetricClientError(over(1, "Sum")), v.api.MetricServerError(over(1, "Sum"))),
		graph("API latency, ms", v.api.MetricLatency(over(1, "p50")), v.api.MetricLatency(over(1, "p99"))),
	)
	row(
		each("Invocations", v.fns, function.MetricInvocations, "Sum"),
		each("Errors", v.fns, function.MetricErrors, "Sum"),
		each("Duration p99, ms", v.fns, function.MetricDuration, "p99"),
		each("Throttles", v.fns, function.MetricThrottles, "Sum"),
	)
	row(
		each("Waiting", v.queues, queue.MetricApproximateNumberOfMessagesVisible, "Maximum"),
		each("Oldest, s", v.queues, queue.MetricApproximateAgeOfOldestMessage, "Maximum"),
		each("In DLQs", v.queues, func(q queue, o *awscloudwatch.MetricOptions) awscloudwatch.Metric {
			return q.dead.MetricApproximateNumberOfMessagesVisible(o)
		}, "Maximum"),
	)
	row(
		graph("Table units", v.table.MetricConsumedReadCapacityUnits(over(1, "Sum")), v.table.MetricConsumedWriteCapacityUnits(over(1, "Sum"))),
		graph("Table throttles", v.table.Metric(jsii.String("ReadThrottleEvents"), over(1, "Sum")), v.table.Metric(jsii.String("WriteThrottleEvents"), over(1, "Sum"))),
	)
}

// named is what has a line of its own in a graph.
type named interface{ label() string }

func (f function) label() string { return f.spec.Name }
func (q queue) label() string    { return q.name }

// each draws one line for each thing.
func each[T named](title string, things []T, metric func(T, *awscloudwatch.MetricOptions) awscloudwatch.Metric, statistic string) *awscloudwatch.GraphWidgetProps {
	metrics := make([]awscloudwatch.IMetric, len(things))
	for i, thing := range things {
		opts := over(1, statistic)
		opts.Label = jsii.String(thing.label())
		metrics[i] = metric(thing, opts)
	}
	return graph(title, metrics...)
}

func graph(title string, metrics ...awscloudwatch.IMetric) *awscloudwatch.GraphWidgetProps {
	return &awscloudwatch.GraphWidgetProps{Title: &title, Left: &metrics}
}
