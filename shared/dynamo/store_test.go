package dynamo_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/app"
	"sluice/shared/dynamo"
	"sluice/shared/leadtest"
	"sluice/shared/vault"
)

func TestMain(m *testing.M) { leadtest.Main(m) }

func TestStore(t *testing.T) {
	t.Parallel()
	leadtest.Store(t, func(t *testing.T) leadtest.StoreUnderTest { return open(t) })
}

// newTable makes a table of the test's own and returns its name.
func newTable(t testing.TB) (*dynamodb.Client, string) {
	t.Helper()
	client := dynamodb.NewFromConfig(leadtest.Config(t), func(o *dynamodb.Options) { o.DisableValidateResponseChecksum = true })
	name := "test-" + rand.Text()
	if err := dynamo.CreateTable(t.Context(), client, name, false); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Logf("delete table: %v", err)
		}
	})
	return client, name
}

func open(t testing.TB) *dynamo.Table {
	t.Helper()
	client, name := newTable(t)
	return dynamo.Open(client, dynamo.Options{Table: name})
}

// The table is the store of package app and the key store of package vault.
var (
	_ app.Store      = (*dynamo.Table)(nil)
	_ vault.KeyStore = (*dynamo.Table)(nil)
)
