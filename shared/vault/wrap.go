package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"sluice/shared/config"
)

// encryptionContext is bound to every key that KMS wraps; the key's policy may
// ask for it.
func encryptionContext() map[string]string { return map[string]string{"sluice": "vault"} }

// NewWrapper returns the wrapper that a function's configuration names. It makes
// no call.
func NewWrapper(c config.Vault, cfg aws.Config) (Wrapper, error) {
	switch {
	case c.KMSKey != "" && c.KeyFile != "":
		return nil, errors.New("configure vault: both a KMS key and a key file are set")
	case c.KMSKey != "":
		return KMS(kms.NewFromConfig(cfg), c.KMSKey), nil
	case c.KeyFile != "":
		return KeyFile(c.KeyFile), nil
	}
	return nil, errors.New("configure vault: neither a KMS key nor a key file is set")
}

// KMS wraps with a symmetric KMS key, given by id or ARN.
func KMS(client *kms.Client, key string) Wrapper {
	return kmsWrapper{client.Encrypt, client.Decrypt, key}
}

type kmsWrapper struct {
	// Held one by one, so that not every operation of KMS is linked.
	encrypt func(context.Context, *kms.EncryptInput, ...func(*kms.Options)) (*kms.EncryptOutput, error)
	decrypt func(context.Context, *kms.DecryptInput, ...func(*kms.Options)) (*kms.DecryptOutput, error)
	key     string
}

func (w kmsWrapper) Wrap(ctx context.Context, key []byte) ([]byte, error) {
	out, err := w.encrypt(ctx, &kms.EncryptInput{KeyId: &w.key, Plaintext: key, EncryptionContext: encryptionContext()})
	if err != nil {
		return nil, errors.New(err.Error()) // types of AWS end here
	}
	return out.CiphertextBlob, nil
}

func (w kmsWrapper) Unwrap(ctx context.Context, wrapped []byte) ([]byte, error) {
	out, err := w.decrypt(ctx, &kms.DecryptInput{KeyId: &w.key, CiphertextBlob: wrapped, EncryptionContext: encryptionContext()})
	if err != nil {
		return nil, errors.New(err.Error())
	}
	return out.Plaintext, nil
}

// KeyFile wraps with the key in a file: 32 random bytes as base64, readable by
// its owner alone. The file is made when the first key is wrapped; it is all
// that can open the data, so it is backed up apart from them.
func KeyFile(path string) Wrapper { return keyFile(path) }

type keyFile string

func (f keyFile) Wrap(_ context.Context, key []byte) ([]byte, error) {
	aead, err := f.read()
	if errors.Is(err, fs.ErrNotExist) {
		if err = f.create(); err == nil {
			aead, err = f.read()
		}
	}
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, nonceSize, nonceSize+len(key)+tagSize)
	rand.Read(nonce) // never fails
	return aead.Seal(nonce, nonce, key, []byte(fileContext)), nil
}

func (f keyFile) Unwrap(_ context.Context, wrapped []byte) ([]byte, error) {
	aead, err := f.read()
	if err != nil {
		return nil, err
	}
	if len(wrapped) < nonceSize {
		return nil, errors.New("not a wrapped key")
	}
	key, err := aead.Open(nil, wrapped[:nonceSize], wrapped[nonceSize:], []byte(fileContext))
	if err != nil {
		return nil, fmt.Errorf("the key file %s is not the one that wrapped it", string(f))
	}
	return key, nil
}

const fileContext = "sluice vault"

func (f keyFile) read() (cipher.AEAD, error) {
	text, err := os.ReadFile(string(f))
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("read key file %s: it does not hold 32 bytes as base64", string(f))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// create makes the file whole or not at all: of several processes that do so at
// once one wins, and none ever reads half a key.
func (f keyFile) create() error {
	tmp, err := os.CreateTemp(filepath.Dir(string(f)), ".key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("create key file: %w", err)
	}
	defer os.Remove(tmp.Name())
	key := make([]byte, keySize)
	rand.Read(key)
	_, err = tmp.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	if err := os.Link(tmp.Name(), string(f)); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create key file: %w", err)
	}
	return nil
}
