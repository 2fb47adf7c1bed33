package policy_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/policy"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"0s": 0, "90s": 90 * time.Second, "60m": time.Hour, "4h": 4 * time.Hour, "3d": 3 * day, "2w": 14 * day,
		"1h30m": 90 * time.Minute, "1w2d3h4m5s": 9*day + 3*time.Hour + 4*time.Minute + 5*time.Second,
		"9999999w": policy.MaxDuration,
	} {
		if got, err := policy.ParseDuration(text); err != nil || time.Duration(got) != want {
			t.Errorf("%s is %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "5", "h", "-1h", "1.5h", "1h ", "1 h", "1m1h", "1h1h", "1y", "99999999d", "１h"} {
		if got, err := policy.ParseDuration(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestDurationRoundTrip(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", time.Hour: "1h", 30 * 24 * time.Hour: "30d", 14 * 24 * time.Hour: "2w", 36 * time.Hour: "1d12h", 90 * time.Second: "1m30s",
	} {
		if got := policy.Duration(d).String(); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := policy.Duration(time.Duration(rapid.Int64Range(0, int64(policy.MaxDuration/time.Second)).Draw(t, "seconds")) * time.Second)
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got policy.Duration
		if err := json.Unmarshal(data, &got); err != nil || got != want {
			t.Fatalf("%s is %v, %v, want %v", data, got, err, want)
		}
	})
}
