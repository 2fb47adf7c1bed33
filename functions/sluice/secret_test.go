package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/webhook"
)

// tells posts what came of a call as a vendor with a secret does, and returns the
// status.
func tells(t *testing.T, s *system, id, body, secret string) int {
	t.Helper()
	key, err := webhook.ParseSecret(strings.TrimSpace(secret))
	if err != nil {
		t.Fatal(err)
	}
	h := webhook.Sign(id, time.Now(), []byte(body), key)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.front+"/hooks/calls/callers", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {h.ID}, "Webhook-Timestamp": {h.Timestamp}, "Webhook-Signature": {h.Signature}}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// TestSecretOfARunningSystem sets the secret of the sample's call list, by which its
// vendor's webhook brings a lead to a rep.
func TestSecretOfARunningSystem(t *testing.T) {
	s := open(t, systemOptions{memory: true})
	if err := s.saveLocal(); err != nil {
		t.Fatal(err)
	}
	sluice := func(words ...string) (string, error) {
		for _, name := range []string{"AWS_ENDPOINT_URL", "SLUICE_TABLE", "AWS_REGION", "SLUICE_KMS_KEY", "SLUICE_KEY_FILE"} {
			t.Setenv(name, "")
		}
		return typed(t, append(words, "-dir", s.opts.folder)...)
	}
	for _, words := range [][]string{{"secret"}, {"secret", "set"}, {"secret", "get", "calls/callers"}, {"secret", "set", "callers"},
		{"secret", "set", "calls/callers", "hunter2"}, {"secret", "set", "calls/callers", "a", "b"}} {
		if out, err := sluice(words...); err == nil || out != "" {
			t.Errorf("sluice %v: %q, %v", words, out, err)
		}
	}
	id := "l" + accepted(t, s, person("+8613800000001"))
	user := ""
	await(t, "offer", 5*time.Second, func() bool { user = offeredTo(t, s, id); return user != "" })
	told := func(call string, outcome lead.Answer) string {
		return `{"type":"call.completed","lead":"` + id + `","call":"` + call + `","outcome":"` + string(outcome) + `"}`
	}
	first, err := sluice("secret", "set", "calls/callers")
	if err != nil {
		t.Fatal(err)
	}
	if status := tells(t, s, "m1", told("c-1", lead.Talked), first); status != http.StatusAccepted {
		t.Fatalf("the hook answered %d", status)
	}
	await(t, "call on the time-line", 10*time.Second, func() bool {
		l, err := s.table.Lead(t.Context(), id)
		return err == nil && len(l.Calls) == 1
	})
	second, err := sluice("secret", "set", "calls/callers", "-rotate")
	if err != nil {
		t.Fatal(err)
	}
	for i, secret := range []string{first, second} {
		if status := tells(t, s, "m2", told("c-2", lead.Talked), secret); status != http.StatusAccepted {
			t.Errorf("secret %d after the rotation: %d", i+1, status)
		}
	}
	given := "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	if out, err := sluice("secret", "set", "calls/callers", given); err != nil || strings.Contains(out, "whsec") {
		t.Fatalf("printed %q, %v", out, err)
	}
	for secret, want := range map[string]int{first: http.StatusUnauthorized, second: http.StatusUnauthorized, given: http.StatusAccepted} {
		if status := tells(t, s, "m3", told("c-3", lead.Talked), secret); status != want {
			t.Errorf("once another is given, a secret is answered %d, want %d", status, want)
		}
	}
}

// TestSecretKeepsKeysApart: without the stack's key nothing is sealed for its table.
func TestSecretKeepsKeysApart(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "env"), []byte("AWS_ENDPOINT_URL=http://127.0.0.1:9\nSLUICE_TABLE=sluice-x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "SLUICE_TABLE": "of-a-stack", "SLUICE_KMS_KEY": "", "SLUICE_KEY_FILE": ""} {
		t.Setenv(name, value)
	}
	if _, err := typed(t, "secret", "set", "calls/callers", "-dir", folder); err == nil || !strings.Contains(err.Error(), "SLUICE_KMS_KEY") {
		t.Errorf("error %v, want to be told of the key", err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Errorf("the folder holds %v, %v", files, err)
	}
}
