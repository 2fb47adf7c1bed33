package dynamo_test

import (
	"testing"

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

func open(t testing.TB) *dynamo.Table {
	t.Helper()
	client, name := leadtest.Table(t)
	return dynamo.Open(client, dynamo.Options{Table: name})
}

// The table is the store of package app and the key store of package vault.
var (
	_ app.Store      = (*dynamo.Table)(nil)
	_ vault.KeyStore = (*dynamo.Table)(nil)
)
