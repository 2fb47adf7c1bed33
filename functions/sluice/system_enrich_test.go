package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/webhook"
)

// TestEnricherOfARunningSystem lets a service on this machine tell what is not known
// of a company: the question is signed by the secret that was set, and what it says is
// on the lead and known of the company's next person.
func TestEnricherOfARunningSystem(t *testing.T) {
	var mu sync.Mutex
	var asked []webhook.Headers
	var bodies []string
	firms := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		bodies = append(bodies, string(body))
		asked = append(asked, webhook.Headers{ID: r.Header.Get(webhook.HeaderID), Timestamp: r.Header.Get(webhook.HeaderTimestamp), Signature: r.Header.Get(webhook.HeaderSignature)})
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"industry":"Education","staff":"51-200"}`)
	}))
	t.Cleanup(firms.Close)
	sample, err := os.ReadFile(fromProject(samplePolicy))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "policy.yaml")
	enrichers := "\nenrichers:\n  - {id: firms, url: \"" + firms.URL + "/ask\", facts: {industry: /industry, headcount: /staff}}\n"
	if err := os.WriteFile(file, append(sample, enrichers...), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := openSystem(t.Context(), systemOptions{memory: true, folder: folder, http: "127.0.0.1:0", edge: "127.0.0.1:0",
		policy: file, reps: sampleReps, quiet: true, log: t.Output()})
	needEngine(t, err)
	t.Cleanup(s.close)
	if err := s.saveLocal(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"AWS_ENDPOINT_URL", "SLUICE_TABLE", "AWS_REGION", "SLUICE_KMS_KEY", "SLUICE_KEY_FILE"} {
		t.Setenv(name, "")
	}
	for _, name := range []string{"enricher", "enricher/", "enrichers/firms", "enricher/fi rms", "firms"} {
		if out, err := typed(t, "secret", "set", name, "-dir", folder); err == nil || out != "" {
			t.Errorf("the secret of %q is set: %q", name, out)
		}
	}
	secret, err := webhook.ParseSecret(strings.TrimSpace(mustType(t, "secret", "set", "enricher/firms", "-dir", folder)))
	if err != nil {
		t.Fatal(err)
	}
	enquire := func(phone, email string) (l lead.Lead) {
		t.Helper()
		post := person(phone)
		post.Set("email", email)
		id := "l" + accepted(t, s, post)
		await(t, "facts of the company", 10*time.Second, func() bool {
			l, err = s.table.Lead(t.Context(), id)
			return err == nil && l.Facts.Headcount == "51-200" && l.Facts.Industry == "Education" && len(l.Asked) == 0
		})
		return l
	}
	if l := enquire("+8613800000001", "first@quillmere.de"); l.Facts.Origins["industry"].From != "firms" {
		t.Errorf("origins are %v", l.Facts.Origins)
	}
	if l := enquire("+8613800000002", "second@quillmere.de"); l.Facts.Origins["industry"].From != lead.FromCompany {
		t.Errorf("origins of the next one are %v", l.Facts.Origins)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 1 || bodies[0] != `{"domain":"quillmere.de"}` {
		t.Fatalf("asked %q", bodies)
	}
	if err := webhook.Verify(asked[0], []byte(bodies[0]), time.Now(), secret); err != nil {
		t.Errorf("the question is signed %+v: %v", asked[0], err)
	}
}
