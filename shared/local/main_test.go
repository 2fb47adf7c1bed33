package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// parentEnv makes this binary a process that starts an engine and then waits
// to be killed.
const parentEnv = "SLUICE_TEST_ENGINE_PARENT"

// shared is the one engine that all tests of this package use; a fresh access
// key gives each a database of its own.
var shared struct {
	once   sync.Once
	engine *Engine
	err    error
}

func memoryEngine(t testing.TB) *Engine {
	t.Helper()
	shared.once.Do(func() { shared.engine, shared.err = StartEngine(context.Background(), EngineOptions{}) })
	needEngine(t, shared.err)
	return shared.engine
}

func TestMain(m *testing.M) {
	if os.Getenv(parentEnv) != "" {
		e, err := StartEngine(context.Background(), EngineOptions{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(e.cmd.Process.Pid)
		<-e.Done()
		return
	}
	code := m.Run()
	if shared.engine != nil {
		shared.engine.Stop()
	}
	os.Exit(code)
}

// needEngine skips where the engine is not installed, unless the machine is
// said to have it.
func needEngine(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, ErrNotInstalled) && os.Getenv("SLUICE_REQUIRE_ENGINE") == "" {
		t.Skipf("no engine here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// listen serves an edge until the test ends.
func listen(t testing.TB, opts EdgeOptions) string {
	t.Helper()
	e := NewEdge(opts)
	url, err := e.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Shutdown(context.Background()); err != nil {
			t.Errorf("shut down edge: %v", err)
		}
	})
	return url
}

func awsConfig(url, key string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &url,
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
	}
}

func dynamoClient(url, key string) *dynamodb.Client {
	return dynamodb.NewFromConfig(awsConfig(url, key), func(o *dynamodb.Options) { o.DisableValidateResponseChecksum = true })
}

func sqsClient(url string) *sqs.Client { return sqs.NewFromConfig(awsConfig(url, "anybody")) }

// must unwraps a result whose error would be a fault of the test's own set-up.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
