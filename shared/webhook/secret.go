package webhook

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a key that sender and receiver share. It prints as a mark, so that it
// can be logged by accident without harm.
type Secret struct{ key []byte }

// prefix tells what the text of a secret is.
const prefix = "whsec_"

// The specification's bounds of a key, in bytes.
const (
	keyLeast = 24
	keyMost  = 64
)

// NewSecret makes a secret of random bytes, 24 to 64.
func NewSecret(random []byte) (Secret, error) {
	if len(random) < keyLeast || len(random) > keyMost {
		return Secret{}, fmt.Errorf("a secret has %d to %d bytes, this one has %d", keyLeast, keyMost, len(random))
	}
	return Secret{key: append([]byte(nil), random...)}, nil
}

// ParseSecret reads the text of a secret: "whsec_" and base64. Its error quotes
// nothing of it.
func ParseSecret(text string) (Secret, error) {
	encoded, ok := strings.CutPrefix(text, prefix)
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil || strings.ContainsAny(encoded, "\r\n") { // which the decoder passes over
		return Secret{}, fmt.Errorf("a secret is %s and base64 without spaces", prefix)
	}
	return NewSecret(key)
}

// Text is the secret as ParseSecret reads it.
func (s Secret) Text() string { return prefix + base64.StdEncoding.EncodeToString(s.key) }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// String implements fmt.Stringer.
func (Secret) String() string { return "[secret]" }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return "[secret]" }
