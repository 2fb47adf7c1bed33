package vault_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/vault"
)

// memory is a key store that can fail and counts its reads.
type memory struct {
	mu    sync.Mutex
	keys  map[string][]byte
	loads int
	fail  error
}

func (m *memory) LoadKeys(context.Context) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.loads++
	return maps.Clone(m.keys), m.fail
}

func (m *memory) SaveKey(_ context.Context, name string, record []byte) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil || m.keys[name] != nil {
		return false, m.fail
	}
	if m.keys == nil {
		m.keys = map[string][]byte{}
	}
	m.keys[name] = record
	return true, nil
}

func (m *memory) setFail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

// clock is a time that is turned by hand.
type clock struct{ nanos atomic.Int64 }

func (c *clock) now() time.Time       { return time.Unix(0, c.nanos.Load()) }
func (c *clock) turn(d time.Duration) { c.nanos.Add(int64(d)) }

type bench struct {
	keys  *memory
	file  string
	clock *clock
}

func setup(t testing.TB) *bench {
	t.Helper()
	b := &bench{keys: &memory{}, file: filepath.Join(t.TempDir(), "key"), clock: &clock{}}
	b.clock.turn(24 * time.Hour)
	return b
}

// process is a vault of a process of its own over the same store and file.
func (b *bench) process() *vault.Vault {
	return vault.New(vault.Options{Keys: b.keys, Wrapper: vault.KeyFile(b.file), Now: b.clock.now})
}

func seal(t testing.TB, v *vault.Vault, place, plain string) lead.Sealed {
	t.Helper()
	sealed, err := v.Seal(t.Context(), place, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func hash(t testing.TB, v *vault.Vault, plain string) lead.Key {
	t.Helper()
	key, err := v.Hash(t.Context(), plain)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func opens(t testing.TB, v *vault.Vault, place string, sealed lead.Sealed, want string) {
	t.Helper()
	if plain, err := v.Open(t.Context(), place, sealed); err != nil || string(plain) != want {
		t.Errorf("open %s = %d bytes, %v", place, len(plain), err)
	}
}

// wantUnopened requires an error that says no more than that it does not open.
func wantUnopened(t testing.TB, err error) {
	t.Helper()
	var e *lead.Error
	if !errors.As(err, &e) || e.Kind != lead.Invalid || e.Cause != nil || e.Field != "" {
		t.Errorf("error = %v, want one without detail", err)
	}
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.process()
	if b.keys.loads != 0 {
		t.Error("a vault reads keys before it is used")
	}
	const place = "person/p1/phone"
	for _, plain := range []string{"", "x", "+12025550123", strings.Repeat("long ", 100_000)} {
		sealed := seal(t, v, place, plain)
		if len(sealed) != len(plain)+33 {
			t.Errorf("%d bytes seal to %d, want 33 more", len(plain), len(sealed))
		}
		if len(plain) > 4 && bytes.Contains(sealed, []byte(plain[:5])) {
			t.Error("the plain text shows")
		}
		if bytes.Equal(sealed, seal(t, v, place, plain)) {
			t.Error("the same text seals to the same bytes")
		}
		opens(t, v, place, sealed, plain)
		opens(t, b.process(), place, sealed, plain)
		_, err := v.Open(t.Context(), "person/p2/phone", sealed)
		wantUnopened(t, err)
	}
}

func TestTamperedDoesNotOpen(t *testing.T) {
	t.Parallel()
	v := setup(t).process()
	sealed := seal(t, v, "place", "secret")
	for i := range sealed {
		changed := slices.Clone(sealed)
		changed[i] ^= 1
		_, err := v.Open(t.Context(), "place", changed)
		wantUnopened(t, err)
	}
	for n := range sealed {
		_, err := v.Open(t.Context(), "place", sealed[:n])
		wantUnopened(t, err)
	}
	_, err := setup(t).process().Open(t.Context(), "place", sealed) // other keys of the same number
	wantUnopened(t, err)
}

func TestHash(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.process()
	key := hash(t, v, "phone:+12025550123")
	if len(key) != 22 || key != hash(t, b.process(), "phone:+12025550123") {
		t.Errorf("hash = %q, want 22 characters, the same in each process", key)
	}
	if key == hash(t, v, "phone:+12025550124") || key == hash(t, setup(t).process(), "phone:+12025550123") {
		t.Error("another text or another key gives the same hash")
	}
}

func FuzzOpen(f *testing.F) {
	v := setup(f).process()
	ctx := context.Background()
	good, err := v.Seal(ctx, "place", []byte("secret"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("place", []byte(good))
	f.Add("elsewhere", []byte(good))
	f.Add("place", []byte(good[:30]))
	f.Add("", []byte{1})
	f.Fuzz(func(t *testing.T, place string, sealed []byte) {
		plain, err := v.Open(ctx, place, sealed)
		if err != nil {
			wantUnopened(t, err)
		} else if place != "place" || !bytes.Equal(sealed, good) || string(plain) != "secret" {
			t.Errorf("opened what was never sealed: %d bytes at %q", len(sealed), place)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	v := setup(b).process()
	seal(b, v, "person/p1/phone", "+12025550123")
	for b.Loop() {
		if _, err := v.Seal(b.Context(), "person/p1/phone", []byte("+12025550123")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	v := setup(b).process()
	sealed := seal(b, v, "person/p1/phone", "+12025550123")
	for b.Loop() {
		if _, err := v.Open(b.Context(), "person/p1/phone", sealed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	v := setup(b).process()
	for b.Loop() {
		if _, err := v.Hash(b.Context(), "phone:+12025550123"); err != nil {
			b.Fatal(err)
		}
	}
}
