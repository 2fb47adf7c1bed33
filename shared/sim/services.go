package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	sqsapi "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/middleware"

	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/dynamo"
	"sluice/shared/policy"
	"sluice/shared/score"
	"sluice/shared/sim/table"
	"sluice/shared/vault"
)

// services opens the real clients over the models.
func (w *World) services() {
	options := table.Options{Now: w.clock, Lag: w.lag, Relax: w.opts.relax, Changed: w.changed}
	w.table = tableWith(w.doc).Clone(options)
	cfg := clients(transport{w})
	w.store = dynamo.Open(dynamodb.NewFromConfig(cfg), dynamo.Options{Table: "sluice"})
	w.vault = vault.New(vault.Options{Keys: w.store, Wrapper: wrapper{w}, Now: w.clock})
	w.sqs = sqsapi.NewFromConfig(cfg)
	w.ses = sesv2.NewFromConfig(cfg)
}

// clients configures the real clients to send to h.
func clients(h aws.HTTPClient) aws.Config {
	cfg := client.Config(config.AWS{Region: "us-east-1", Endpoint: "https://aws.example"})
	cfg.Credentials = aws.AnonymousCredentials{} // nobody checks signatures here
	cfg.HTTPClient = h
	cfg.APIOptions = append(cfg.APIOptions, withoutFrills)
	real := cfg.Retryer
	cfg.Retryer = func() aws.Retryer { return retryer{real().(aws.RetryerV2)} }
	return cfg
}

// withoutFrills leaves out of the SDK's requests what nothing here reads: they
// are an eighth of the time that a simulated call takes.
func withoutFrills(stack *middleware.Stack) error {
	for _, name := range []string{"ClientRequestID", "UserAgent", "RecursionDetection"} {
		_, _ = stack.Build.Remove(name) // not every client has each
	}
	_, _ = stack.Finalize.Remove("ComputePayloadHash")
	for _, name := range []string{"RequestIDRetriever", "AddRawResponseToMetadata", "RecordResponseTiming", "RequestResponseLogger"} {
		_, _ = stack.Deserialize.Remove(name)
	}
	return nil
}

// retryer is the SDK's own but for the pauses, which are the world's.
type retryer struct{ aws.RetryerV2 }

func (retryer) RetryDelay(int, error) (time.Duration, error) { return 0, nil }

// seed shows the first policy to the checker and adds the reps.
func (w *World) seed() {
	w.table.All(func(item table.Item) bool {
		w.changed([]table.Change{{After: item}})
		return true
	})
	for _, r := range w.reps {
		if err := w.store.PutRep(context.Background(), r); err != nil {
			panic(fmt.Sprintf("seed rep: %v", err))
		}
	}
	w.train()
	r := score.Rescore{Version: 1, Policy: 1, Model: w.model, Began: begin, Ended: begin}
	if err := w.store.PutRescore(context.Background(), r); err != nil {
		panic(fmt.Sprintf("seed the walk: %v", err))
	}
}

// tables are remembered by the policy that is in force in them and nothing else.
var tables sync.Map

// tableWith is a table with a first policy, to be cloned.
func tableWith(doc policy.Document) *table.Model {
	key := fmt.Sprintf("%s for %d users", doc.Name, len(doc.Users))
	if m, ok := tables.Load(key); ok {
		return m.(*table.Model)
	}
	m := table.New(table.Options{Now: func() time.Time { return begin }})
	cfg := clients(modelOnly{m})
	if err := dynamo.Open(dynamodb.NewFromConfig(cfg), dynamo.Options{Table: "sluice"}).PutPolicy(context.Background(), policyRecord(1, begin, doc)); err != nil {
		panic(fmt.Sprintf("seed policy: %v", err))
	}
	known, _ := tables.LoadOrStore(key, m)
	return known.(*table.Model)
}

// modelOnly is the HTTP client of a table that no world has yet.
type modelOnly struct{ table *table.Model }

func (m modelOnly) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return response(m.table.Answer(r.Header.Get("X-Amz-Target"), body)), nil
}

func policyRecord(version int, at time.Time, doc policy.Document) policy.Record {
	data, err := json.Marshal(doc)
	if err != nil {
		panic(fmt.Sprintf("encode policy: %v", err))
	}
	return policy.Record{Version: version, At: at, Author: "ops", Reason: "simulated", Document: data}
}
