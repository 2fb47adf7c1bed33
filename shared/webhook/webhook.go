// Package webhook signs and checks webhooks by the Standard Webhooks specification
// 1.0.0 (standardwebhooks.com), with its symmetric scheme: HMAC-SHA256 over the
// message's id, the moment of the attempt and the body as it travels. It sends
// nothing and reads no clock.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The names of the headers.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// Headers are what travels with a body.
type Headers struct {
	ID        string // the same for every attempt to deliver the message
	Timestamp string // of the attempt, in seconds since 1970
	Signature string // one for each secret, with a space between them
}

// Tolerance is how far an attempt's moment may be from the receiver's clock, before
// or after. An older one may be a replay.
const Tolerance = 5 * time.Minute

// What is wrong with a message. The texts are for its sender.
var (
	ErrHeaders   = errors.New("the headers webhook-id, webhook-timestamp and webhook-signature are needed, as Standard Webhooks has them")
	ErrTime      = errors.New("webhook-timestamp is more than 5 minutes off: sign each attempt anew, and see that the clock is right")
	ErrSignature = errors.New("no signature matches: see that the secret is right and that the body is signed as it is sent")
)

// idMost bounds an id, in bytes.
const idMost = 256

// scheme marks a symmetric signature.
const scheme = "v1"

// Sign returns the headers of an attempt, with a signature for each secret: while
// secrets are exchanged the receiver has either. The id must not hold a full stop.
func Sign(id string, at time.Time, body []byte, secrets ...Secret) Headers {
	h := Headers{ID: id, Timestamp: strconv.FormatInt(at.Unix(), 10)}
	var signatures []string
	for _, s := range secrets {
		signatures = append(signatures, scheme+","+base64.StdEncoding.EncodeToString(h.sum(body, s)))
	}
	h.Signature = strings.Join(signatures, " ")
	return h
}

// Verify checks a message against secrets, of which one must have signed it. Its
// error is one of those above.
func Verify(h Headers, body []byte, now time.Time, secrets ...Secret) error {
	if h.ID == "" || len(h.ID) > idMost || strings.ContainsRune(h.ID, '.') || h.Signature == "" {
		return ErrHeaders
	}
	seconds, err := strconv.ParseInt(h.Timestamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != h.Timestamp {
		return ErrHeaders
	}
	if off := now.Sub(time.Unix(seconds, 0)); off > Tolerance || off < -Tolerance {
		return ErrTime
	}
	for _, s := range secrets {
		want := h.sum(body, s)
		for signature := range strings.SplitSeq(h.Signature, " ") {
			version, text, _ := strings.Cut(signature, ",")
			got, err := base64.StdEncoding.DecodeString(text)
			if version == scheme && err == nil && hmac.Equal(got, want) {
				return nil
			}
		}
	}
	return ErrSignature
}

// sum is what a secret makes of a message.
func (h Headers) sum(body []byte, s Secret) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(h.ID + "." + h.Timestamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}
