package main

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"sluice/shared/config"
)

// environ renders the variables of the function whose id starts so.
func (m model) environ(f resource) map[string]string {
	env := map[string]string{}
	variables, _ := f.get("Environment", "Variables").(map[string]any)
	for name, value := range variables {
		env[name] = m.text(value)
	}
	return env
}

// function finds the function that the spec describes.
func (m model) function(t *testing.T, s spec) resource {
	t.Helper()
	for f := range m.of(t, "AWS::Lambda::Function") {
		if f.get("Description") == s.Does {
			return f
		}
	}
	t.Fatalf("%s is not in the templates", s.Name)
	return resource{}
}

func TestEveryFunction(t *testing.T) {
	m := cloud()
	roles := map[string]string{}
	for f := range m.of(t, "AWS::Lambda::Function") {
		if a := list(f.get("Architectures")); len(a) != 1 || a[0] != "arm64" || f.get("Runtime") != "provided.al2023" || f.get("Handler") != "bootstrap" {
			t.Errorf("%s does not run a bootstrap of ours on arm64", f.id)
		}
		role := m.target(f.get("Role"))
		if other, shared := roles[role.id]; shared || role.Type != "AWS::IAM::Role" {
			t.Errorf("%s shares the role %q with %q", f.id, role.id, other)
		}
		roles[role.id] = f.id
		if managed := role.get("ManagedPolicyArns"); managed != nil {
			t.Errorf("%s has somebody else's policies: %v", f.id, managed)
		}
		if m.target(f.get("LoggingConfig", "LogGroup")).Type != "AWS::Logs::LogGroup" || f.get("LoggingConfig", "LogFormat") != "JSON" {
			t.Errorf("%s has no JSON log of its own", f.id)
		}
		if f.get("TracingConfig", "Mode") != "Active" {
			t.Errorf("%s is not traced", f.id)
		}
	}
	if len(roles) != len(functions()) {
		t.Errorf("%d functions in the templates, want %d", len(roles), len(functions()))
	}
	for log := range m.of(t, "AWS::Logs::LogGroup") {
		if log.get("RetentionInDays") != 30.0 {
			t.Errorf("%s keeps lines for %v days", log.id, log.get("RetentionInDays"))
		}
	}
}

// What the stack writes, the function must be able to read at cold start.
func TestEveryConfigLoadsBack(t *testing.T) {
	cases := map[string]struct {
		spec
		load func(func(string) string) error
	}{
		"capture": {capture, load[config.Capture]},
		"intake":  {intake, load[config.Intake]},
		"relay":   {relay, load[config.Relay]},
		"route":   {route, load[config.Route]},
		"score":   {score, load[config.Score]},
		"sweep":   {sweep, load[config.Sweep]},
		"train":   {train, load[config.Train]},
		"deliver": {deliver, load[config.Deliver]},
		"desk":    {desk, load[config.Desk]},
	}
	for _, s := range functions() {
		c, tested := cases[s.Name]
		if !tested {
			t.Errorf("%s has no case", s.Name)
			continue
		}
		for name, m := range map[string]model{"cloud": cloud(), "local": local()} {
			env := m.environ(m.function(t, c.spec))
			if _, set := env["AWS_REGION"]; set {
				t.Errorf("%s: %s sets what Lambda sets itself and refuses to be given", name, s.Name)
			}
			env["AWS_REGION"] = "eu-central-1"
			if err := c.load(func(name string) string { return env[name] }); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func load[T any](getenv func(string) string) error {
	_, err := config.Load[T](getenv)
	return err
}

// The optional fields that only the stack can know.
func TestOptionalFieldsAreFilled(t *testing.T) {
	getenv := func(m model, s spec) func(string) string {
		env := m.environ(m.function(t, s))
		env["AWS_REGION"] = "eu-central-1"
		return func(name string) string { return env[name] }
	}
	in := func(m model) (config.Desk, config.Deliver) {
		desk, err1 := config.Load[config.Desk](getenv(m, desk))
		mail, err2 := config.Load[config.Deliver](getenv(m, deliver))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		return desk, mail
	}
	desk, mail := in(cloud())
	if desk.SignIn != "cognito" || !strings.HasPrefix(desk.Issuer, "<People") || !strings.HasPrefix(desk.ClientID, "<DeskClient") ||
		!strings.HasPrefix(desk.Domain, "https://<PeopleDomain") {
		t.Errorf("the desk signs people in by %+v", desk)
	}
	if mail.Sender != cdkContext()["sender"] || !strings.HasSuffix(mail.DeskURL, "/live") {
		t.Errorf("mail goes out by %+v", mail)
	}
	if desk.KMSKey == "" || desk.KeyFile != "" || mail.KMSKey == "" {
		t.Error("the vault has no key")
	}
	desk, _ = in(local())
	if desk.SignIn != "development" || desk.Issuer != "" {
		t.Errorf("locally people sign in by %+v", desk)
	}
}

// What runs by the clock runs alone, and rings when it stands still.
func TestSchedules(t *testing.T) {
	type rhythm struct {
		at      string
		retries float64
		hours   float64 // of standing still
	}
	want := map[string]rhythm{sweep.Does: {"rate(1 minute)", 0, 5.0 / 60}, train.Does: {"cron(0 0 * * ? *)", 1, 26}}
	for name, m := range map[string]model{"cloud": cloud(), "local": local()} {
		got := map[string]rhythm{}
		for rule := range m.of(t, "AWS::Events::Rule") {
			targets := list(rule.get("Targets"))
			if rule.get("State") != "ENABLED" || len(targets) != 1 {
				t.Fatalf("%s: %s is %v and starts %d functions", name, rule.id, rule.get("State"), len(targets))
			}
			target := resource{Properties: targets[0].(map[string]any)}
			f := m.target(target.get("Arn"))
			if f.get("ReservedConcurrentExecutions") != 1.0 {
				t.Errorf("%s: %v of %s may run at once", name, f.get("ReservedConcurrentExecutions"), f.id)
			}
			got[f.get("Description").(string)] = rhythm{at: rule.get("ScheduleExpression").(string),
				retries: target.get("RetryPolicy", "MaximumRetryAttempts").(float64)}
		}
		for a := range m.of(t, "AWS::CloudWatch::Alarm") {
			if a.get("TreatMissingData") != "breaching" {
				continue
			}
			f := m.target(list(a.get("Dimensions"))[0].(map[string]any)["Value"])
			r := got[f.get("Description").(string)]
			r.hours = a.get("Period").(float64) * a.get("EvaluationPeriods").(float64) / 3600
			got[f.get("Description").(string)] = r
			if a.get("MetricName") != "Invocations" || a.get("Statistic") != "Sum" || a.get("Threshold") != 1.0 || a.get("ComparisonOperator") != "LessThanThreshold" {
				t.Errorf("%s: %s does not ring when %s stands still", name, a.id, f.id)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: functions run %v, want %v", name, got, want)
		}
		for config := range m.of(t, "AWS::Lambda::EventInvokeConfig") {
			f := m.target(config.get("FunctionName"))
			if w := want[f.get("Description").(string)]; config.get("MaximumRetryAttempts") != w.retries {
				t.Errorf("%s: a start of %s is tried again %v times", name, f.id, config.get("MaximumRetryAttempts"))
			}
		}
	}
}

// An alarm of errors looks further back than a run takes: Lambda counts an error for
// the moment at which the run began.
func TestErrorsOfLongRunsRing(t *testing.T) {
	m := cloud()
	for a := range m.of(t, "AWS::CloudWatch::Alarm") {
		if a.get("Namespace") == "AWS/Lambda" && a.get("MetricName") == "Errors" {
			f := m.target(list(a.get("Dimensions"))[0].(map[string]any)["Value"])
			if looks, runs := a.get("Period").(float64), f.get("Timeout").(float64); looks < 3*runs {
				t.Errorf("%s looks back %g s, %s runs for up to %g s", a.id, looks, f.id, runs)
			}
		}
	}
}

// Some 50,000 closed leads with 60 features are learned from at once.
func TestTrainHasRoomAndTime(t *testing.T) {
	f := cloud().function(t, train)
	if memory, runs := f.get("MemorySize").(float64), f.get("Timeout").(float64); memory < 3008 || runs < 900 {
		t.Errorf("train has %g MB and %g s", memory, runs)
	}
}

// Errors and throttles of each function ring.
func TestEveryFunctionIsWatched(t *testing.T) {
	m := cloud()
	watched := map[string][]string{}
	for a := range m.of(t, "AWS::CloudWatch::Alarm") {
		if a.get("Namespace") == "AWS/Lambda" {
			id := m.target(list(a.get("Dimensions"))[0].(map[string]any)["Value"]).id
			watched[id] = append(watched[id], a.get("MetricName").(string))
		}
	}
	for f := range m.of(t, "AWS::Lambda::Function") {
		for _, metric := range []string{"Errors", "Throttles"} {
			if !slices.Contains(watched[f.id], metric) {
				t.Errorf("%s of %s ring nowhere: only %v", metric, f.id, watched[f.id])
			}
		}
	}
	if !slices.Contains(watched[m.function(t, relay).id], "IteratorAge") {
		t.Error("nothing rings when the relay falls behind")
	}
}

// Only what holds no state may be named here by hand; the rest are names that
// CloudFormation makes, so that two stacks fit into one account.
func TestNoPhysicalNames(t *testing.T) {
	names := map[string]string{
		"AWS::SQS::Queue": "QueueName", "AWS::DynamoDB::Table": "TableName", "AWS::Lambda::Function": "FunctionName",
		"AWS::SNS::Topic": "TopicName", "AWS::IAM::Role": "RoleName", "AWS::CloudWatch::Alarm": "AlarmName",
		"AWS::Events::Rule": "Name", "AWS::Cognito::UserPool": "UserPoolName",
	}
	m := cloud()
	for _, kind := range slices.Sorted(maps.Keys(names)) {
		for r := range m.of(t, kind) {
			if name := r.get(names[kind]); name != nil {
				t.Errorf("%s is named %v", r.id, name)
			}
		}
	}
}
