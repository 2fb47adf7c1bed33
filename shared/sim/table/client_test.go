package table_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/dynamo"
	"sluice/shared/leadtest"
	"sluice/shared/sim/table"
)

// TestMain has generated requests be the same every time, so that what this
// package is held against is the same everywhere; -rapid.seed=N tries others.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.seed", "20261122"); err != nil {
		panic(err)
	}
	leadtest.Main(m)
}

// wire is an HTTP client whose service is a model.
type wire struct {
	mu    sync.Mutex // tests use several goroutines
	model *table.Model
	fail  table.Kind // 0 is not at all
}

func (w *wire) answer(target string, body []byte) (int, []byte) {
	if w.fail != 0 {
		return table.Failure(w.fail, target, body)
	}
	return w.model.Answer(target, body)
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	status, answer := w.answer(r.Header.Get("X-Amz-Target"), body)
	w.mu.Unlock()
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
}

// client is the real SDK's, over a model.
func client(m *table.Model) *dynamodb.Client { return clientOver(&wire{model: m}) }

// failing is a client whose requests all fail, and are sent once.
func failing(kind table.Kind) *dynamodb.Client {
	c := clientOver(&wire{fail: kind})
	return dynamodb.New(c.Options(), func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} })
}

func clientOver(h dynamodb.HTTPClient) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region:       "eu-central-1",
		HTTPClient:   h,
		BaseEndpoint: aws.String("http://store.example"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	})
}

// TestStore runs what is promised of the store on the model, as it is run on
// the engine.
func TestStore(t *testing.T) {
	t.Parallel()
	leadtest.Store(t, func(*testing.T) leadtest.StoreUnderTest {
		return dynamo.Open(client(table.New(table.Options{})), dynamo.Options{Table: "sluice"})
	})
}

// recorder keeps the last request.
type recorder struct {
	wire
	target string
	body   []byte
}

func (w *recorder) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.target, w.body = r.Header.Get("X-Amz-Target"), body
	r.Body = io.NopCloser(bytes.NewReader(body))
	return w.wire.Do(r)
}
