package webhook_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"pgregory.net/rapid"

	"sluice/shared/webhook"
)

func secret(t testing.TB, text string) webhook.Secret {
	t.Helper()
	s, err := webhook.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// vectors are those that the specification's own libraries are tested with.
var vectors = []struct {
	secret, id string
	at         int64
	body       string
	signature  string
}{
	{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
		`{"test": 2432232314}`, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	{"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1649367553,
		`{"email":"test@example.com","username":"test_user"}`, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="},
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		at := time.Unix(v.at, 0)
		h := webhook.Sign(v.id, at.Add(999*time.Millisecond), []byte(v.body), secret(t, v.secret))
		if h.ID != v.id || h.Timestamp != strconv.FormatInt(v.at, 10) || h.Signature != v.signature {
			t.Errorf("signed %+v, want %s", h, v.signature)
		}
		if err := webhook.Verify(h, []byte(v.body), at, secret(t, v.secret)); err != nil {
			t.Errorf("%s: %v", v.id, err)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	v := vectors[0]
	at, mine := time.Unix(v.at, 0), secret(t, v.secret)
	other := secret(t, vectors[1].secret)
	good := webhook.Sign(v.id, at, []byte(v.body), mine)
	wrong := webhook.Sign(v.id, at, []byte(v.body), other).Signature
	with := func(change func(h *webhook.Headers)) webhook.Headers {
		h := good
		change(&h)
		return h
	}
	for _, c := range []struct {
		name string
		h    webhook.Headers
		body string
		now  time.Time
		want error
	}{
		{"as it was sent", good, v.body, at, nil},
		{"at the last second", good, v.body, at.Add(webhook.Tolerance), nil},
		{"a clock that is behind", good, v.body, at.Add(-webhook.Tolerance), nil},
		{"too old", good, v.body, at.Add(webhook.Tolerance + 1), webhook.ErrTime},
		{"from the future", good, v.body, at.Add(-webhook.Tolerance - 1), webhook.ErrTime},
		{"another body", good, v.body + " ", at, webhook.ErrSignature},
		{"another id", with(func(h *webhook.Headers) { h.ID += "x" }), v.body, at, webhook.ErrSignature},
		{"another moment", with(func(h *webhook.Headers) { h.Timestamp = strconv.FormatInt(v.at+1, 10) }), v.body, at, webhook.ErrSignature},
		{"another secret", with(func(h *webhook.Headers) { h.Signature = wrong }), v.body, at, webhook.ErrSignature},
		{"one of several signatures", with(func(h *webhook.Headers) { h.Signature = wrong + " v2,AAAA v1a,AAAA v1 , " + h.Signature }), v.body, at, nil},
		{"of another scheme", with(func(h *webhook.Headers) { h.Signature = "v2" + strings.TrimPrefix(h.Signature, "v1") }), v.body, at, webhook.ErrSignature},
		{"half a signature", with(func(h *webhook.Headers) { h.Signature = "v1," }), v.body, at, webhook.ErrSignature},
		{"no base64", with(func(h *webhook.Headers) { h.Signature += "!" }), v.body, at, webhook.ErrSignature},
		{"no id", with(func(h *webhook.Headers) { h.ID = "" }), v.body, at, webhook.ErrHeaders},
		{"an endless id", with(func(h *webhook.Headers) { h.ID = strings.Repeat("x", 257) }), v.body, at, webhook.ErrHeaders},
		{"an id that could be more", with(func(h *webhook.Headers) { h.ID = "a.1" }), v.body, at, webhook.ErrHeaders},
		{"no moment", with(func(h *webhook.Headers) { h.Timestamp = "" }), v.body, at, webhook.ErrHeaders},
		{"a moment written otherwise", with(func(h *webhook.Headers) { h.Timestamp = "+" + h.Timestamp }), v.body, at, webhook.ErrHeaders},
		{"a moment that is none", with(func(h *webhook.Headers) { h.Timestamp = "99999999999999999999" }), v.body, at, webhook.ErrHeaders},
		{"no signature", with(func(h *webhook.Headers) { h.Signature = "" }), v.body, at, webhook.ErrHeaders},
	} {
		if err := webhook.Verify(c.h, []byte(c.body), c.now, mine); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if err := webhook.Verify(good, []byte(v.body), at); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("without a secret: %v", err)
	}
	if err := webhook.Verify(good, []byte(v.body), at, other, mine); err != nil {
		t.Errorf("with the secret before and this one: %v", err)
	}
}

// TestAgreesWithTheStandardsLibrary signs here and checks there, and the other way
// round.
func TestAgreesWithTheStandardsLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 24, 64).Draw(t, "key")
		mine, err := webhook.NewSecret(key)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := standard.NewWebhook(mine.Text())
		if err != nil {
			t.Fatal(err)
		}
		id := rapid.StringMatching(`[A-Za-z0-9_-]{1,40}`).Draw(t, "id")
		at := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "at"), 0)
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")

		h := webhook.Sign(id, at, body, mine)
		header := http.Header{}
		header.Set(webhook.HeaderID, h.ID)
		header.Set(webhook.HeaderTimestamp, h.Timestamp)
		header.Set(webhook.HeaderSignature, h.Signature)
		if err := theirs.VerifyIgnoringTimestamp(body, header); err != nil {
			t.Fatalf("the standard's library: %v", err)
		}
		if h.Signature, err = theirs.Sign(id, at, body); err != nil {
			t.Fatal(err)
		}
		if err := webhook.Verify(h, body, at, mine); err != nil {
			t.Fatalf("what the standard's library signed: %v", err)
		}
	})
}

// TestRotation has a message signed with the old and the new secret, which either
// alone accepts.
func TestRotation(t *testing.T) {
	t.Parallel()
	before, after, at := secret(t, vectors[0].secret), secret(t, vectors[1].secret), time.Unix(1_700_000_000, 0)
	h := webhook.Sign("m1", at, []byte("{}"), after, before)
	for _, s := range []webhook.Secret{before, after} {
		if err := webhook.Verify(h, []byte("{}"), at, s); err != nil {
			t.Error(err)
		}
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	for text, good := range map[string]bool{
		vectors[0].secret: true,
		strings.TrimPrefix(vectors[0].secret, "whsec_"): false,
		"whsec_":                                              false,
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS":               false,
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n":            false,
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La":                  false, // 21 bytes
		"whsec_" + strings.Repeat("MfKQ9r8GKYqrTwjU", 5):      true,
		"whsec_" + strings.Repeat("MfKQ9r8GKYqrTwjU", 6):      false,
		"whpk_" + strings.TrimPrefix(vectors[0].secret, "wh"): false,
	} {
		s, err := webhook.ParseSecret(text)
		if (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
		if good && s.Text() != text {
			t.Errorf("%q reads back as %q", text, s.Text())
		}
		if err != nil && len(text) > 8 && strings.Contains(err.Error(), text[6:]) {
			t.Errorf("the error quotes the secret: %v", err)
		}
	}
	s := secret(t, vectors[0].secret)
	if printed := fmt.Sprintf("%v %+v %#v %s", s, s, s, s.LogValue()); strings.Contains(printed, "MfKQ") || strings.Contains(printed, "0x31") {
		t.Errorf("a secret prints as %s", printed)
	}
}

func FuzzVerify(f *testing.F) {
	for _, v := range vectors {
		f.Add(v.id, strconv.FormatInt(v.at, 10), v.signature, []byte(v.body))
	}
	f.Add("", "", "", []byte(nil))
	f.Add("a.b", "-1", "v1, v1,", []byte("."))
	mine := secret(f, vectors[0].secret)
	v := vectors[0]
	f.Fuzz(func(t *testing.T, id, at, signature string, body []byte) {
		err := webhook.Verify(webhook.Headers{ID: id, Timestamp: at, Signature: signature}, body, time.Unix(v.at, 0), mine)
		if err != nil {
			return
		}
		// Nothing but what was signed with the secret is accepted.
		seconds, _ := strconv.ParseInt(at, 10, 64)
		if again := webhook.Sign(id, time.Unix(seconds, 0), body, mine); !strings.Contains(signature, again.Signature) || again.Timestamp != at {
			t.Errorf("accepted %q %q %q", id, at, signature)
		}
	})
}

func FuzzParseSecret(f *testing.F) {
	f.Add(vectors[0].secret)
	f.Add("whsec_====")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := webhook.ParseSecret(text); err == nil && s.Text() != text {
			t.Errorf("%q reads back as %q", text, s.Text())
		}
	})
}
