package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
)

// shelf is a store of policies that counts how often it is asked.
type shelf struct {
	record policy.Record
	err    error
	asked  int
}

func (s *shelf) CurrentPolicy(_ context.Context, known int) (policy.Record, error) {
	s.asked++
	if s.err != nil {
		return policy.Record{}, s.err
	}
	if known == s.record.Version {
		return policy.Record{Version: known}, nil
	}
	return s.record, nil
}

// current is a policy in effect over a shelf with the sample as version 1.
func current(t *testing.T) (*app.Current, *shelf, *clock, *lines) {
	t.Helper()
	doc, faults := document.Parse(read(t, "sample.yaml"))
	if faults != nil {
		t.Fatal(faults)
	}
	s := &shelf{record: policy.Record{Version: 1, Document: encode(t, doc)}}
	c := &clock{now: time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)}
	logs := &lines{}
	return &app.Current{Store: s, Now: c.Now, Log: slog.New(slog.NewJSONHandler(logs, nil))}, s, c, logs
}

// versions asks for both faces of the policy in effect; 0 is an error.
func versions(t *testing.T, c *app.Current) (directory, pol int, err error) {
	t.Helper()
	d, errD := c.Directory(t.Context())
	if errD == nil {
		directory = d.Version()
	}
	p, errP := c.Get(t.Context())
	if errP == nil {
		pol = p.Version()
	}
	return directory, pol, errors.Join(errD, errP)
}

func TestPolicyIsAskedForEveryHalfMinute(t *testing.T) {
	t.Parallel()
	c, s, clock, _ := current(t)
	for range 5 {
		if d, p, err := versions(t, c); d != 1 || p != 1 || err != nil {
			t.Fatalf("versions %d and %d: %v", d, p, err)
		}
	}
	clock.pass(30*time.Second - 1)
	versions(t, c)
	if s.asked != 1 {
		t.Errorf("asked %d times within 30 s", s.asked)
	}
	s.record.Version = 2
	clock.pass(1)
	if d, p, err := versions(t, c); d != 2 || p != 2 || err != nil || s.asked != 2 {
		t.Errorf("after 30 s versions %d and %d, asked %d times: %v", d, p, s.asked, err)
	}
	clock.pass(-time.Hour) // a clock that is set back does not keep the old one for an hour
	if versions(t, c); s.asked != 3 {
		t.Errorf("asked %d times after the clock was set back", s.asked)
	}
}

func TestKnownPolicyOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	c, s, clock, _ := current(t)
	s.err = errDown
	if d, p, err := versions(t, c); d != 0 || p != 0 || lead.KindOf(err) != lead.Unavailable {
		t.Errorf("before the first: %d and %d: %v", d, p, err)
	}
	s.err = lead.Errorf(lead.NotFound, "there is no policy")
	if _, _, err := versions(t, c); lead.KindOf(err) != lead.Unavailable || !strings.Contains(err.Error(), "sluice policy apply") {
		t.Errorf("without a policy: %v", err)
	}
	s.err = nil
	versions(t, c)
	s.err, s.asked = errDown, 0
	for range 4 {
		clock.pass(20 * time.Second)
		if d, p, err := versions(t, c); d != 1 || p != 1 || err != nil {
			t.Errorf("during the outage: %d and %d: %v", d, p, err)
		}
	}
	if s.asked != 2 {
		t.Errorf("asked %d times in 80 s of outage", s.asked)
	}
}

// TestBrokenPolicyDoesNotReplaceAGoodOne: a document that this build cannot use,
// from a newer one perhaps, is told and passed over until a better one is there.
func TestBrokenPolicyDoesNotReplaceAGoodOne(t *testing.T) {
	t.Parallel()
	unknown, _ := document.Parse(read(t, "sample.yaml"))
	unknown.Score.Profile[0].When = "has_fax"
	for name, broken := range map[string]json.RawMessage{
		"cut short":            json.RawMessage(`{"name":"Har`),
		"another type":         json.RawMessage(`{"name":7}`),
		"an unknown condition": encode(t, unknown),
	} {
		c, s, clock, logs := current(t)
		good := s.record
		s.record = policy.Record{Version: 1, Document: broken}
		if _, _, err := versions(t, c); lead.KindOf(err) != lead.Unavailable {
			t.Errorf("%s: at start: %v", name, err)
		}
		s.record = good
		s.record.Version = 2
		clock.pass(time.Minute)
		if d, p, err := versions(t, c); d != 2 || p != 2 || err != nil {
			t.Fatalf("%s: the good one is not picked up: %d and %d: %v", name, d, p, err)
		}
		s.record = policy.Record{Version: 3, Document: broken}
		clock.pass(time.Minute)
		for range 3 {
			if _, p, err := versions(t, c); p != 2 || err != nil {
				t.Errorf("%s: version %d: %v, want to go on with 2", name, p, err)
			}
		}
		if told := strings.Count(logs.String(), `"version":3`); told != 1 {
			t.Errorf("%s: told %d times: %s", name, told, logs)
		}
		s.record = good
		s.record.Version = 4
		clock.pass(time.Minute)
		if d, p, err := versions(t, c); d != 4 || p != 4 || err != nil {
			t.Errorf("%s: afterwards versions %d and %d: %v", name, d, p, err)
		}
	}
}
