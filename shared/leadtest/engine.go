// Package leadtest holds what tests of several packages share. Nothing that is
// deployed imports it.
package leadtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"sluice/shared/local"
)

// shared is what one test binary starts, at most once.
var shared struct {
	once   sync.Once
	engine *local.Engine
	edge   *local.Edge
	url    string
	err    error

	mu   sync.Mutex
	keys map[testing.TB]string
}

// Engine returns the endpoint that AWS clients of a test talk to:
// $AWS_ENDPOINT_URL if that is set, else an edge with DynamoDB Local and
// queues, all in memory, which this test binary starts once. Where Java or the
// engine is not installed the test is skipped, or fails if
// SLUICE_REQUIRE_ENGINE is set, as it is in CI.
func Engine(t testing.TB) string {
	t.Helper()
	if url := os.Getenv("AWS_ENDPOINT_URL"); url != "" {
		return url
	}
	shared.once.Do(func() { shared.err = start() })
	if errors.Is(shared.err, local.ErrNotInstalled) && os.Getenv("SLUICE_REQUIRE_ENGINE") == "" {
		t.Skipf("no engine here: %v", shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.url
}

func start() error {
	queues, err := local.OpenSQS(local.SQSOptions{})
	if err != nil {
		return err
	}
	shared.engine, err = local.StartEngine(context.Background(), local.EngineOptions{})
	if err != nil {
		return err
	}
	shared.edge = local.NewEdge(local.EdgeOptions{Engine: shared.engine.URL(), SQS: queues})
	shared.url, err = shared.edge.Listen("127.0.0.1:0")
	return err
}

// Main runs a package's tests and stops what [Engine] started:
//
//	func TestMain(m *testing.M) { leadtest.Main(m) }
//
// Without it the engine ends with the process, on Linux.
func Main(m *testing.M) {
	code := m.Run()
	if shared.edge != nil {
		if err := shared.edge.Shutdown(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "stop edge:", err)
			code = max(code, 1)
		}
	}
	if shared.engine != nil {
		shared.engine.Stop()
	}
	os.Exit(code)
}

// Credentials returns an access key id that is this test's own. The engine
// keeps a database for each, so tests can run side by side on one table name.
// Where $AWS_ENDPOINT_URL and $AWS_ACCESS_KEY_ID are set, it is the latter.
func Credentials(t testing.TB) (accessKey string) {
	t.Helper()
	if key, ok := outerKey(); ok {
		return key
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if key := shared.keys[t]; key != "" {
		return key
	}
	if shared.keys == nil {
		shared.keys = map[testing.TB]string{}
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	// Letters and digits only: the engine refuses others. Not AKIA…, in which
	// LocalStack would look for an account number.
	key := "test" + hex.EncodeToString(b[:])
	shared.keys[t] = key
	t.Cleanup(func() {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		delete(shared.keys, t)
	})
	return key
}

// outerKey is the access key of an endpoint that was not started here.
func outerKey() (string, bool) {
	key := os.Getenv("AWS_ACCESS_KEY_ID")
	return key, key != "" && os.Getenv("AWS_ENDPOINT_URL") != ""
}

// Config configures AWS clients for [Engine] with this test's [Credentials].
// DynamoDB clients want o.DisableValidateResponseChecksum = true besides:
// without it the SDK may warn of checksums in the local engine's answers.
func Config(t testing.TB) aws.Config {
	t.Helper()
	url := Engine(t)
	secret, session := "secret", ""
	if _, ok := outerKey(); ok {
		secret, session = os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")
	}
	return aws.Config{
		Region:       cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1"),
		BaseEndpoint: &url,
		Credentials:  credentials.NewStaticCredentialsProvider(Credentials(t), secret, session),
	}
}
