package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/vault"
)

// TestRotation lives through five years: new keys seal, old ones open, and
// hashes never change.
func TestRotation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, other := b.process(), b.process()
	key := hash(t, v, "mail:a@example.com")
	hash(t, other, "mail:a@example.com") // has read the first keys
	var kept []lead.Sealed
	numbers := map[string]bool{}
	for range 20 {
		sealed := seal(t, v, "place", "secret")
		kept = append(kept, sealed)
		numbers[string(sealed[1:5])] = true
		b.clock.turn(vault.RotateAfter)
	}
	if len(numbers) != 20 {
		t.Errorf("%d data keys in 20 periods", len(numbers))
	}
	for _, sealed := range kept {
		opens(t, other, "place", sealed, "secret") // learns of the new keys
		opens(t, b.process(), "place", sealed, "secret")
	}
	if hash(t, v, "mail:a@example.com") != key || hash(t, b.process(), "mail:a@example.com") != key {
		t.Error("rotating changed a hash")
	}
}

// TestRotationCanWait: while the store cannot be reached, the old key goes on.
func TestRotationCanWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.process()
	old := seal(t, v, "place", "secret")
	b.clock.turn(vault.RotateAfter)
	b.keys.setFail(errors.New("down"))
	if late := seal(t, v, "place", "secret"); !bytes.Equal(late[:5], old[:5]) {
		t.Error("sealed with a key that could not be saved")
	}
	b.keys.setFail(nil)
	b.clock.turn(time.Hour)
	if next := seal(t, v, "place", "secret"); bytes.Equal(next[:5], old[:5]) {
		t.Error("the rotation was never tried again")
	}
}

// TestFirstUseRace has many processes meet an empty store: they end with the
// same keys, whoever made them.
func TestFirstUseRace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const n = 24
	var wait sync.WaitGroup
	hashes, sealed := make([]lead.Key, n), make([]lead.Sealed, n)
	for i := range n {
		wait.Go(func() {
			v := b.process()
			var err1, err2 error
			hashes[i], err1 = v.Hash(t.Context(), "plain")
			sealed[i], err2 = v.Seal(t.Context(), "place", []byte("secret"))
			if err := errors.Join(err1, err2); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	v := b.process()
	for i := range n {
		if hashes[i] != hashes[0] {
			t.Error("processes hash differently")
		}
		opens(t, v, "place", sealed[i], "secret")
	}
	if len(b.keys.keys) != 2 {
		t.Errorf("%d keys were made, want 2", len(b.keys.keys))
	}
}

// TestOneVaultManyGoroutines rotates under load; run with -race.
func TestOneVaultManyGoroutines(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.process()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for range 50 {
				place := fmt.Sprint("place/", i)
				opens(t, v, place, seal(t, v, place, "secret"), "secret")
				b.clock.turn(vault.RotateAfter / 40)
			}
		})
	}
	wait.Wait()
	if len(b.keys.keys) < 4 {
		t.Errorf("%d keys, want some rotations", len(b.keys.keys))
	}
}
