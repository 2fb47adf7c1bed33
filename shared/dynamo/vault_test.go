package dynamo_test

import (
	"path/filepath"
	"testing"

	"sluice/shared/dynamo"
	"sluice/shared/leadtest"
	"sluice/shared/vault"
)

// TestKeepsVaultKeys has two processes share the keys that the table keeps.
func TestKeepsVaultKeys(t *testing.T) {
	t.Parallel()
	client, name := leadtest.Table(t)
	file := filepath.Join(t.TempDir(), "key")
	process := func() *vault.Vault {
		return vault.New(vault.Options{Keys: dynamo.Open(client, dynamo.Options{Table: name}), Wrapper: vault.KeyFile(file)})
	}
	sealed, err := process().Seal(t.Context(), "place", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := process().Open(t.Context(), "place", sealed); err != nil || string(plain) != "secret" {
		t.Errorf("opened %d bytes, %v", len(plain), err)
	}
	table := dynamo.Open(client, dynamo.Options{Table: name})
	if added, err := table.SaveKey(t.Context(), "lookup", []byte(`{}`)); added || err != nil {
		t.Errorf("a name that is taken: added %t, %v", added, err)
	}
	keys, err := table.LoadKeys(t.Context())
	if err != nil || len(keys) != 2 || string(keys["lookup"]) == `{}` {
		t.Errorf("%d keys, %v; want 2 as they were", len(keys), err)
	}
}
