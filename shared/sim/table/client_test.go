package table_test

import (
	"bytes"
	"context"
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

func TestMain(m *testing.M) { leadtest.Main(m) }

// wire is an HTTP client whose service is a model.
type wire struct {
	mu    sync.Mutex // tests use several goroutines
	model *table.Model
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
	status, answer := w.model.Answer(r.Header.Get("X-Amz-Target"), body)
	w.mu.Unlock()
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
}

// client is the real SDK's, over a model.
func client(m *table.Model) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region:       "eu-central-1",
		HTTPClient:   &wire{model: m},
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
