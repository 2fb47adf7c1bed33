// Package vault encrypts contact data field by field and makes the keyed hashes
// by which a person is found without the table knowing phone or address.
//
// It is an envelope: fields are sealed with 32-byte data keys (AES-256-GCM),
// the data keys are kept in the table wrapped by one key that never leaves KMS
// (in the stack) or a key file (on a laptop). A process unwraps each key once,
// so that sealing a lead needs no call. A new data key is begun every 90 days;
// the old ones stay for opening. The look-up key is one for ever: a person must
// be found by the hash of years ago.
//
// A sealed field is
//
//	version 1 (1 byte) | number of the data key (4) | nonce (12) | ciphertext and tag
//
// authenticated together with the place it is kept in. Nonces are random: a
// data key seals up to 2^32 fields before two of them meet with a probability
// of 2^-32.
package vault

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"sluice/shared/lead"
)

const (
	// RotateAfter is how long a data key seals; it opens for ever.
	RotateAfter = 90 * 24 * time.Hour

	version   = 1
	keySize   = 32
	nonceSize = 12
	head      = 1 + 4 + nonceSize
	tagSize   = 16
	hashSize  = 16 // 128 bits of the HMAC: no collision to be met, and a short key
)

// KeyStore keeps wrapped keys; package dynamo implements it.
type KeyStore interface {
	// LoadKeys returns the record of each key by its name.
	LoadKeys(ctx context.Context) (map[string][]byte, error)
	// SaveKey keeps a record under a name that is free; added is false where
	// the name is taken, and nothing is changed then.
	SaveKey(ctx context.Context, name string, record []byte) (added bool, err error)
}

// Wrapper encrypts keys with a key that it does not give away.
type Wrapper interface {
	Wrap(ctx context.Context, key []byte) ([]byte, error)
	Unwrap(ctx context.Context, wrapped []byte) ([]byte, error)
}

// Options are what a vault is made of.
type Options struct {
	Keys    KeyStore
	Wrapper Wrapper
	Now     func() time.Time // nil is time.Now
}

// Vault seals, opens and hashes. It may be used by several goroutines.
type Vault struct {
	keys    KeyStore
	wrapper Wrapper
	now     func() time.Time

	ring atomic.Pointer[ring] // nil until first needed
	load sync.Mutex           // held while keys are read or made
}

// New returns a vault. It makes no call: keys are read, and made where there
// are none, when the first field is sealed, opened or hashed.
func New(o Options) *Vault {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Vault{keys: o.Keys, wrapper: o.Wrapper, now: o.Now}
}

// Seal encrypts plaintext bound to the place it is kept in, such as
// "person/<id>/phone". Errors are of kind Unavailable.
func (v *Vault) Seal(ctx context.Context, place string, plaintext []byte) (lead.Sealed, error) {
	r, err := v.forSealing(ctx)
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, head, head+len(plaintext)+tagSize)
	sealed[0] = version
	binary.BigEndian.PutUint32(sealed[1:], r.current)
	nonce := sealed[head-nonceSize : head]
	rand.Read(nonce) // never fails
	return r.data[r.current].Seal(sealed, nonce, plaintext, []byte(place)), nil
}

// Open decrypts what Seal made for the same place. What was changed, was sealed
// for another place or under a key that is not ours is Invalid, without saying
// which.
func (v *Vault) Open(ctx context.Context, place string, sealed lead.Sealed) ([]byte, error) {
	if len(sealed) < head+tagSize || sealed[0] != version {
		return nil, unopened()
	}
	aead, err := v.dataKey(ctx, binary.BigEndian.Uint32(sealed[1:]))
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, sealed[head-nonceSize:head], sealed[head:], []byte(place))
	if err != nil {
		return nil, unopened()
	}
	return plain, nil
}

// Hash is the keyed hash of an identity key such as "phone:+49…": 22 characters
// of base64url, the same for ever.
func (v *Vault) Hash(ctx context.Context, plain string) (lead.Key, error) {
	r, err := v.loaded(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, r.lookUp)
	mac.Write([]byte(plain))
	return lead.Key(base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:hashSize])), nil
}

func (v *Vault) dataKey(ctx context.Context, number uint32) (cipher.AEAD, error) {
	r, err := v.loaded(ctx)
	if err != nil {
		return nil, err
	}
	if aead, ok := r.data[number]; ok {
		return aead, nil
	}
	// Another process may have begun a new key since ours were read.
	if r, err = v.reload(ctx, r); err != nil {
		return nil, err
	}
	if aead, ok := r.data[number]; ok {
		return aead, nil
	}
	return nil, unopened()
}

func unopened() error {
	return lead.Errorf(lead.Invalid, "what was sealed here does not open")
}
