package vault_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"sluice/shared/config"
	"sluice/shared/lead"
	"sluice/shared/vault"
)

// keyService is a KMS that "encrypts" by keeping the text as it is, and refuses
// another key or encryption context.
type keyService struct{ requests []string }

func (s *keyService) Do(r *http.Request) (*http.Response, error) {
	var in struct {
		KeyId                     string
		Plaintext, CiphertextBlob []byte
		EncryptionContext         map[string]string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	s.requests = append(s.requests, operation)
	status, answer := http.StatusOK, map[string]any{"CiphertextBlob": in.Plaintext, "Plaintext": in.CiphertextBlob}
	if in.KeyId != "alias/sluice" || fmt.Sprint(in.EncryptionContext) != "map[sluice:vault]" {
		status, answer = http.StatusBadRequest, map[string]any{"__type": "InvalidCiphertextException"}
	}
	body, _ := json.Marshal(answer)
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}},
		Body: io.NopCloser(strings.NewReader(string(body))), Request: r}, nil
}

func TestKMS(t *testing.T) {
	t.Parallel()
	s := &keyService{}
	client := kms.New(kms.Options{Region: "eu-central-1", HTTPClient: s,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		})})
	keys := &memory{}
	v := vault.New(vault.Options{Keys: keys, Wrapper: vault.KMS(client, "alias/sluice")})
	sealed := seal(t, v, "place", "secret")
	opens(t, v, "place", sealed, "secret")
	before := len(s.requests)
	for range 100 {
		seal(t, v, "place", "secret")
		hash(t, v, "plain")
	}
	if len(s.requests) != before {
		t.Errorf("sealing and hashing called KMS %d times", len(s.requests)-before)
	}
	opens(t, vault.New(vault.Options{Keys: keys, Wrapper: vault.KMS(client, "alias/sluice")}), "place", sealed, "secret")
	if got := strings.Join(s.requests[before:], " "); got != "Decrypt Decrypt" {
		t.Errorf("a new process called %s, want one Decrypt for each key", got)
	}
	if _, err := vault.KMS(client, "alias/other").Unwrap(t.Context(), []byte("x")); err == nil {
		t.Error("another key unwraps")
	}
}

func TestUnreadableKeys(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	unavailable := func(t *testing.T, v *vault.Vault) {
		t.Helper()
		_, err := v.Hash(ctx, "plain")
		var e *lead.Error
		if !errors.As(err, &e) || e.Kind != lead.Unavailable {
			t.Errorf("error = %v, want kind unavailable", err)
		}
	}
	t.Run("store down, then up", func(t *testing.T) {
		b := setup(t)
		v := b.process()
		b.keys.setFail(errors.New("down"))
		unavailable(t, v)
		b.keys.setFail(nil)
		hash(t, v, "plain")
	})
	t.Run("another key file", func(t *testing.T) {
		b := setup(t)
		hash(t, b.process(), "plain")
		other := setup(t)
		hash(t, other.process(), "plain")
		unavailable(t, vault.New(vault.Options{Keys: b.keys, Wrapper: vault.KeyFile(other.file)}))
	})
	t.Run("key file lost", func(t *testing.T) {
		b := setup(t)
		hash(t, b.process(), "plain")
		if err := os.Remove(b.file); err != nil {
			t.Fatal(err)
		}
		unavailable(t, b.process())
		if _, err := os.Stat(b.file); err == nil {
			t.Error("a new key file took the place of the lost one")
		}
	})
	for name, text := range map[string]string{"empty": "", "short": "c2hvcnQ=", "not base64": strings.Repeat("!", 44)} {
		t.Run("key file "+name, func(t *testing.T) {
			b := setup(t)
			if err := os.WriteFile(b.file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			unavailable(t, b.process())
		})
	}
	t.Run("a record that is none", func(t *testing.T) {
		b := setup(t)
		b.keys.keys = map[string][]byte{"lookup": []byte("{")}
		unavailable(t, b.process())
	})
}

func TestKeyFileIsPrivate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	hash(t, b.process(), "plain")
	info, err := os.Stat(b.file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file = %v, %v; want mode 0600", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(b.file)); len(left) != 1 {
		t.Errorf("%d files beside the key file", len(left)-1)
	}
}

func TestNewWrapper(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cfg config.Vault
		ok  bool
	}{
		{config.Vault{KMSKey: "alias/sluice"}, true},
		{config.Vault{KeyFile: "key"}, true},
		{config.Vault{}, false},
		{config.Vault{KMSKey: "alias/sluice", KeyFile: "key"}, false},
	} {
		if w, err := vault.NewWrapper(c.cfg, aws.Config{}); (err == nil && w != nil) != c.ok {
			t.Errorf("%+v: %v", c.cfg, err)
		}
	}
}
