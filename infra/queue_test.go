package main

import (
	"strings"
	"testing"
)

// deadLetters are the queues where failures end, by id: those a redrive policy
// names, and what an event source gives up to.
func (m model) deadLetters(t *testing.T) map[string]bool {
	dead := map[string]bool{}
	for q := range m.of(t, "AWS::SQS::Queue") {
		if arn := q.get("RedrivePolicy", "deadLetterTargetArn"); arn != nil {
			dead[m.target(arn).id] = true
		}
	}
	for source := range m.of(t, "AWS::Lambda::EventSourceMapping") {
		if arn := source.get("DestinationConfig", "OnFailure", "Destination"); arn != nil {
			dead[m.target(arn).id] = true
		}
	}
	return dead
}

func TestEveryQueueLosesNothing(t *testing.T) {
	m := cloud()
	dead := m.deadLetters(t)
	for q := range m.of(t, "AWS::SQS::Queue") {
		if q.get("KmsMasterKeyId") == nil {
			t.Errorf("%s is not encrypted with a key of ours", q.id)
		}
		if dead[q.id] {
			if kept := q.get("MessageRetentionPeriod"); kept != 14*24*3600.0 {
				t.Errorf("%s keeps failures for %v s, not 14 days", q.id, kept)
			}
			continue
		}
		if q.get("RedrivePolicy", "deadLetterTargetArn") == nil {
			t.Errorf("%s has no DLQ", q.id)
		}
		if tries := q.get("RedrivePolicy", "maxReceiveCount"); tries != 5.0 {
			t.Errorf("%s tries a message %v times", q.id, tries)
		}
	}
}

// A policy that denies what is not encrypted on its way.
func TestEveryQueueAndTopicRefusesPlainText(t *testing.T) {
	m := cloud()
	refuses := map[string]bool{}
	for _, kind := range []string{"AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"} {
		for policy := range m.of(t, kind) {
			for _, s := range list(policy.get("PolicyDocument", "Statement")) {
				s := s.(map[string]any)
				condition, _ := s["Condition"].(map[string]any)
				plain, _ := condition["Bool"].(map[string]any)
				if s["Effect"] == "Deny" && plain["aws:SecureTransport"] == "false" {
					refuses[m.target(s["Resource"]).id] = true
				}
			}
		}
	}
	for _, kind := range []string{"AWS::SQS::Queue", "AWS::SNS::Topic"} {
		for r := range m.of(t, kind) {
			if !refuses[r.id] {
				t.Errorf("%s takes plain text", r.id)
			}
		}
	}
}

func TestEveryDeadLetterRings(t *testing.T) {
	m := cloud()
	rings := map[string]bool{}
	for a := range m.of(t, "AWS::CloudWatch::Alarm") {
		if a.get("MetricName") == "ApproximateNumberOfMessagesVisible" && a.get("Threshold") == 1.0 {
			for _, d := range list(a.get("Dimensions")) {
				rings[m.target(d.(map[string]any)["Value"]).id] = true
			}
		}
	}
	dead := m.deadLetters(t)
	if len(dead) != 5 { // four DLQs and what the relay gives up
		t.Errorf("failures end in %d queues, want 5", len(dead))
	}
	for id := range dead {
		if !rings[id] {
			t.Errorf("nothing rings when a message is in %s", id)
		}
	}
}

func TestEveryAlarmTellsSomebodyWhatToDo(t *testing.T) {
	m := cloud()
	for a := range m.of(t, "AWS::CloudWatch::Alarm") {
		actions := list(a.get("AlarmActions"))
		if len(actions) != 1 || m.target(actions[0]).Type != "AWS::SNS::Topic" {
			t.Errorf("%s rings nowhere", a.id)
		}
		if runbook := m.text(a.get("AlarmDescription")); !strings.Contains(runbook, ":") || len(runbook) < 60 || len(runbook) > 1024 {
			t.Errorf("%s has no runbook line: %q", a.id, runbook)
		}
	}
	for s := range m.of(t, "AWS::SNS::Subscription") {
		if s.get("Endpoint") != cdkContext()["alarmEmail"] {
			t.Errorf("alarms go to %v", s.get("Endpoint"))
		}
	}
}

// CloudWatch must be let in by name: the topic's own policy replaces the
// default one, and the key is ours.
func TestAlarmsMayReachTheTopic(t *testing.T) {
	m := cloud()
	allowed := func(r resource, document, action string) bool {
		for _, s := range list(r.get(document, "Statement")) {
			s := s.(map[string]any)
			principal, _ := s["Principal"].(map[string]any)
			for _, a := range list(s["Action"]) {
				if s["Effect"] == "Allow" && principal["Service"] == "cloudwatch.amazonaws.com" && a == action {
					return true
				}
			}
		}
		return false
	}
	for topic := range m.of(t, "AWS::SNS::Topic") {
		key := m.target(topic.get("KmsMasterKeyId"))
		if !allowed(key, "KeyPolicy", "kms:GenerateDataKey") || !allowed(key, "KeyPolicy", "kms:Decrypt") {
			t.Errorf("CloudWatch may not use the key of %s", topic.id)
		}
	}
	for policy := range m.of(t, "AWS::SNS::TopicPolicy") {
		if !allowed(policy, "PolicyDocument", "sns:Publish") {
			t.Errorf("%s does not let CloudWatch publish", policy.id)
		}
	}
}

func TestEveryEventSource(t *testing.T) {
	m := cloud()
	for source := range m.of(t, "AWS::Lambda::EventSourceMapping") {
		if types := list(source.get("FunctionResponseTypes")); len(types) != 1 || types[0] != "ReportBatchItemFailures" {
			t.Errorf("%s fails a batch whole", source.id)
		}
		f, from := m.target(source.get("FunctionName")), m.target(source.get("EventSourceArn"))
		switch from.Type {
		case "AWS::SQS::Queue":
			if hidden, runs := from.get("VisibilityTimeout").(float64), f.get("Timeout").(float64); hidden < 6*runs {
				t.Errorf("%s hides a message for %g s, %s runs for up to %g s", from.id, hidden, f.id, runs)
			}
			if source.get("BatchSize") != 10.0 || source.get("ScalingConfig", "MaximumConcurrency") == nil {
				t.Errorf("%s has no bounds", source.id)
			}
			// When all leads are scored anew, nobody is crowded out.
			if atOnce, _ := source.get("ScalingConfig", "MaximumConcurrency").(float64); f.get("Description") == score.Does && atOnce > 5 {
				t.Errorf("%s takes %g batches at once", source.id, atOnce)
			}
		case "AWS::DynamoDB::Table":
			for _, bound := range []string{"MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "ParallelizationFactor"} {
				if n, _ := source.get(bound).(float64); n < 1 {
					t.Errorf("%s has no %s", source.id, bound)
				}
			}
			if source.get("BisectBatchOnFunctionError") != true {
				t.Errorf("%s does not bisect", source.id)
			}
			const want = `{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"H#"}]}}},"eventName":["INSERT"]}`
			filters := list(source.get("FilterCriteria", "Filters"))
			if len(filters) != 1 || filters[0].(map[string]any)["Pattern"] != want {
				t.Errorf("%s filters on %v", source.id, filters)
			}
		default:
			t.Errorf("%s reads %q", source.id, from.Type)
		}
	}
}
