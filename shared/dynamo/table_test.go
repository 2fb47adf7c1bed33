package dynamo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/leadtest"
)

// busy answers batch reads, leaving out all but the first keys of each call.
type busy struct {
	take  int
	calls []int // keys asked for
}

func (b *busy) Do(r *http.Request) (*http.Response, error) {
	var in struct {
		RequestItems map[string]struct {
			Keys []map[string]map[string]string
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	keys := in.RequestItems["sluice"].Keys
	b.calls = append(b.calls, len(keys))
	n := min(b.take, len(keys))
	var items []map[string]any
	for _, key := range keys[:n] {
		id, isLead := strings.CutPrefix(key["pk"]["S"], "L#")
		if !isLead { // a rep
			id = key["sk"]["S"]
		}
		items = append(items, map[string]any{"pk": key["pk"], "sk": key["sk"], "doc": map[string]string{"S": fmt.Sprintf(`{"id":%q}`, id)}})
	}
	out := map[string]any{"Responses": map[string]any{"sluice": items}}
	if n < len(keys) {
		out["UnprocessedKeys"] = map[string]any{"sluice": map[string]any{"Keys": keys[n:]}}
	}
	body, err := json.Marshal(out)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(string(body))), Request: r}, err
}

// TestUnprocessedKeys: what a batch leaves out is asked for again, until nothing
// comes any more.
func TestUnprocessedKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &busy{take: 30}
		table := dynamo.Open(dynamodb.New(dynamodb.Options{Region: "eu-central-1", HTTPClient: b, BaseEndpoint: aws.String("http://store.example"),
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
			})}), dynamo.Options{Table: "sluice"})
		ids := make([]string, 130)
		for i := range ids {
			ids[i] = fmt.Sprintf("lead%03d", i)
		}
		leads, err := table.Leads(t.Context(), ids)
		if err != nil || len(leads) != len(ids) || leads[0].ID != "lead000" || leads[129].ID != "lead129" {
			t.Fatalf("%d leads, %v", len(leads), err)
		}
		if got := fmt.Sprint(b.calls); got != "[100 70 40 10 30]" {
			t.Errorf("calls for %s keys, want [100 70 40 10 30]", got)
		}
		if cost := table.Meter(); cost.ReadUnits != 65 || cost.RoundTrips != 5 {
			t.Errorf("cost = %+v, want half a unit for each lead once", cost)
		}
		before := table.Meter()
		b.take, b.calls = 1, nil
		l, rep, err := table.LeadAndRep(t.Context(), "lead000", "rep1")
		if err != nil || l.ID != "lead000" || rep.ID != "rep1" || fmt.Sprint(b.calls) != "[2 1]" {
			t.Errorf("lead %q and rep %q by calls for %v keys, %v", l.ID, rep.ID, b.calls, err)
		}
		if cost := table.Meter().Sub(before); cost.ReadUnits != 2 || cost.RoundTrips != 2 {
			t.Errorf("cost = %+v, want both read strongly, the one left out as well", cost)
		}
		for name, read := range map[string]func() error{
			"leads":        func() error { _, err := table.Leads(t.Context(), ids[:2]); return err },
			"lead and rep": func() error { _, _, err := table.LeadAndRep(t.Context(), "lead000", "rep1"); return err },
		} {
			b.take, b.calls = 0, nil
			if err := read(); !isKind(lead.Unavailable)(err) || len(b.calls) > 8 {
				t.Errorf("%s: nothing comes: %d calls, %v", name, len(b.calls), err)
			}
		}
	})
}

// TestErrorsOfAWSStopHere calls everything on a table that is not there.
func TestErrorsOfAWSStopHere(t *testing.T) {
	t.Parallel()
	client, _ := leadtest.Table(t)
	table := dynamo.Open(client, dynamo.Options{Table: "not-there"})
	ctx, now := t.Context(), time.Now()
	for name, call := range map[string]func() error{
		"commit":        func() error { return table.Commit(ctx, change()) },
		"lead":          func() error { _, err := table.Lead(ctx, "x"); return err },
		"leads":         func() error { _, err := table.Leads(ctx, []string{"x"}); return err },
		"lead and rep":  func() error { _, _, err := table.LeadAndRep(ctx, "x", "y"); return err },
		"history":       func() error { _, _, err := table.History(ctx, "x", lead.Page{}); return err },
		"due":           func() error { _, _, err := table.Due(ctx, 0, now, 1); return err },
		"pool":          func() error { _, _, err := table.Pool(ctx, "x", lead.Page{}); return err },
		"reps":          func() error { _, err := table.Reps(ctx); return err },
		"put rep":       func() error { return table.PutRep(ctx, lead.Rep{ID: "x"}) },
		"policy":        func() error { _, err := table.CurrentPolicy(ctx, 0); return err },
		"delivery":      func() error { _, err := table.BeginDelivery(ctx, "x", now, now); return err },
		"delivery done": func() error { return table.EndDelivery(ctx, "x", now) },
		"numbers":       func() error { _, err := table.TakeNumbers(ctx, 2026, 1); return err },
		"vault's keys":  func() error { _, err := table.LoadKeys(ctx); return err },
		"a vault's key": func() error { _, err := table.SaveKey(ctx, "x", []byte("{}")); return err },
	} {
		err := call()
		var api smithy.APIError
		if !isKind(lead.Unavailable)(err) || errors.As(err, &api) {
			t.Errorf("%s: error = %v, want kind unavailable and no type of AWS", name, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := table.Lead(cancelled, "x"); !errors.Is(err, context.Canceled) || !isKind(lead.Unavailable)(err) {
		t.Errorf("cancelled: error = %v", err)
	}
}

func TestCreateTable(t *testing.T) {
	t.Parallel()
	client, name := leadtest.Table(t)
	if err := dynamo.CreateTable(t.Context(), client, name, false); err != nil {
		t.Errorf("a table that is there: %v", err)
	}
	ttl, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil || aws.ToString(ttl.TimeToLiveDescription.AttributeName) != "expires" {
		t.Errorf("expiry = %+v, %v", ttl, err)
	}
	streamed := name + "-streamed"
	if err := dynamo.CreateTable(t.Context(), client, streamed, true); err != nil {
		t.Fatal(err)
	}
	defer client.DeleteTable(context.WithoutCancel(t.Context()), &dynamodb.DeleteTableInput{TableName: &streamed})
	out, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &streamed})
	if err != nil {
		t.Fatal(err)
	}
	if s := out.Table.StreamSpecification; s == nil || s.StreamViewType != types.StreamViewTypeNewImage {
		t.Errorf("stream = %+v, want new images", s)
	}
	for _, index := range out.Table.GlobalSecondaryIndexes {
		if index.Projection.ProjectionType != types.ProjectionTypeKeysOnly {
			t.Errorf("index %s holds more than keys", *index.IndexName)
		}
	}
}
