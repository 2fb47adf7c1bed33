package main

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/leadtest"
)

// elsewhere points the test at an endpoint that the command does not own.
func elsewhere(t *testing.T) (url string) {
	t.Helper()
	url = leadtest.Engine(t)
	t.Setenv("AWS_ACCESS_KEY_ID", leadtest.Credentials(t))
	t.Setenv("AWS_ENDPOINT_URL", url)
	return url
}

func TestSomebodyElsesEndpoint(t *testing.T) {
	url := elsewhere(t)
	if got := leadtest.Engine(t); got != url {
		t.Errorf("tests of other packages would work at %s, not at %s", got, url)
	}
	folder := t.TempDir()
	first := open(t, systemOptions{folder: folder})
	if first.sqs != nil || first.edgeAt != url {
		t.Errorf("the system works at %s and has services of its own: %t", first.edgeAt, first.sqs != nil)
	}
	if !strings.HasPrefix(first.name, tableName+"-") {
		t.Errorf("the table has no name of its own: %s", first.name)
	}
	hasResources(t, first)
	id := "l" + accepted(t, first, person("+8613800000021"))
	await(t, "offer", 5*time.Second, func() bool { return offeredTo(t, first, id) != "" })
	await(t, "mail", 10*time.Second, func() bool { return len(mails(t, first, id+"-*-offered.eml")) == 1 })
	first.close()

	again := open(t, systemOptions{folder: folder})
	if again.name != first.name {
		t.Errorf("after a restart the table is %s, not %s", again.name, first.name)
	}
	if offeredTo(t, again, id) == "" {
		t.Error("the lead is gone after a restart")
	}
	other, err := ownName(t.TempDir())
	if err != nil || other == first.name {
		t.Errorf("another folder has the same table %s (%v)", other, err)
	}
}

func hasResources(t *testing.T, s *system) {
	t.Helper()
	tables, err := dynamodb.NewFromConfig(s.aws).ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil || !slices.Contains(tables.TableNames, s.name) {
		t.Errorf("the endpoint has no table %s (%v)", s.name, err)
	}
	queues, err := sqs.NewFromConfig(s.aws).ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: &s.name})
	if want := 2*len(queueNames) + 1; err != nil || len(queues.QueueUrls) != want {
		t.Errorf("the endpoint has %v (%v), want %d queues", queues, err, want)
	}
}

func TestDemoAtSomebodyElsesEndpoint(t *testing.T) {
	elsewhere(t)
	p := playDemo(t, playing{folder: t.TempDir(), enquiries: 4, days: 1, seed: 3, progress: io.Discard})
	t.Cleanup(func() { withdraw(p.system) })
	report, err := p.report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.check(); err != nil || report.stages["1 leads"] == 0 || report.stages["3 accepted"] == 0 {
		t.Errorf("the demo saw %v (%v)", report.stages, err)
	}
}
