package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sluice/shared/lead"
)

// The names of keys in the store.
const (
	lookUpName = "lookup"
	dataPrefix = "data-" // and the key's number
)

// retryRotation is how soon a rotation that went wrong is tried again; sealing
// goes on with the old key meanwhile.
const retryRotation = time.Minute

// record is how a key is kept.
type record struct {
	Wrapped []byte    `json:"key"`
	Made    time.Time `json:"made"`
}

// ring holds the unwrapped keys. It is never changed, only replaced.
type ring struct {
	lookUp  []byte
	data    map[uint32]cipher.AEAD
	current uint32    // seals: the highest number
	rotate  time.Time // when current is due to be followed
}

// loaded returns the keys, read at the first call.
func (v *Vault) loaded(ctx context.Context) (*ring, error) {
	if r := v.ring.Load(); r != nil {
		return r, nil
	}
	return v.reload(ctx, nil)
}

// forSealing is loaded with a data key that is not too old.
func (v *Vault) forSealing(ctx context.Context) (*ring, error) {
	r, err := v.loaded(ctx)
	if err != nil || v.now().Before(r.rotate) || !v.load.TryLock() {
		return r, err // whoever has the lock is rotating already
	}
	defer v.load.Unlock()
	if newer := v.ring.Load(); newer != r {
		return newer, nil
	}
	next, err := v.begin(ctx, r.current+1)
	if err != nil {
		later := *r
		later.rotate = v.now().Add(retryRotation)
		next = &later
	}
	v.ring.Store(next)
	return next, nil
}

// reload reads the keys anew, unless that was done since the caller saw known.
func (v *Vault) reload(ctx context.Context, known *ring) (*ring, error) {
	v.load.Lock()
	defer v.load.Unlock()
	if r := v.ring.Load(); r != known {
		return r, nil
	}
	r, err := v.read(ctx)
	if err == nil && (r.lookUp == nil || len(r.data) == 0) {
		r, err = v.first(ctx, r)
	}
	if err != nil {
		return nil, &lead.Error{Kind: lead.Unavailable, Text: "the keys for contact data cannot be read: try again", Cause: err}
	}
	v.ring.Store(r)
	return r, nil
}

// first makes the keys that an empty store lacks. Of several processes that do
// so at once one wins each key; all read back what is there in the end.
func (v *Vault) first(ctx context.Context, r *ring) (*ring, error) {
	if r.lookUp == nil {
		if err := v.make(ctx, lookUpName); err != nil {
			return nil, err
		}
	}
	return v.begin(ctx, max(1, r.current))
}

// begin makes the data key of a number, unless it is there, and reads all keys.
func (v *Vault) begin(ctx context.Context, number uint32) (*ring, error) {
	if err := v.make(ctx, fmt.Sprintf("%s%08d", dataPrefix, number)); err != nil {
		return nil, err
	}
	r, err := v.read(ctx)
	if err != nil {
		return nil, err
	}
	if r.lookUp == nil || r.data[number] == nil {
		return nil, errors.New("read keys: a key that was saved is not there")
	}
	return r, nil
}

func (v *Vault) make(ctx context.Context, name string) error {
	key := make([]byte, keySize)
	rand.Read(key) // never fails
	wrapped, err := v.wrapper.Wrap(ctx, key)
	if err != nil {
		return fmt.Errorf("wrap key %s: %w", name, err)
	}
	doc, err := json.Marshal(record{Wrapped: wrapped, Made: v.now().UTC()})
	if err != nil {
		return fmt.Errorf("encode key %s: %w", name, err)
	}
	if _, err := v.keys.SaveKey(ctx, name, doc); err != nil {
		return fmt.Errorf("save key %s: %w", name, err)
	}
	return nil
}

// read unwraps all keys of the store.
func (v *Vault) read(ctx context.Context) (*ring, error) {
	records, err := v.keys.LoadKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("load keys: %w", err)
	}
	r := &ring{data: map[uint32]cipher.AEAD{}}
	for name, doc := range records {
		if err := r.add(ctx, v.wrapper, name, doc); err != nil {
			return nil, fmt.Errorf("read key %s: %w", name, err)
		}
	}
	return r, nil
}

func (r *ring) add(ctx context.Context, w Wrapper, name string, doc []byte) error {
	var rec record
	if err := json.Unmarshal(doc, &rec); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	key, err := w.Unwrap(ctx, rec.Wrapped)
	if err != nil {
		return fmt.Errorf("unwrap: %w", err)
	}
	if len(key) != keySize {
		return fmt.Errorf("a key of %d bytes", len(key))
	}
	if name == lookUpName {
		r.lookUp = key
		return nil
	}
	digits, ok := strings.CutPrefix(name, dataPrefix)
	number, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil {
		return errors.New("not the name of a key")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return err
	}
	n := uint32(number)
	r.data[n] = aead
	if n >= r.current {
		r.current, r.rotate = n, rec.Made.Add(RotateAfter)
	}
	return nil
}
