package policy_test

import (
	"cmp"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/policy"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
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

func TestParseSpan(t *testing.T) {
	t.Parallel()
	span := func(days int, time time.Duration) policy.Span { return policy.Span{Days: days, Time: time} }
	for text, c := range map[string]struct {
		want    policy.Span
		written string // as it is written back, where that is another text
	}{
		"0s":       {span(0, 0), ""},
		"0d":       {span(0, 0), "0s"},
		"60m":      {span(0, time.Hour), "1h"},
		"4h":       {span(0, 4*time.Hour), ""},
		"3d":       {span(3, 0), ""},
		"1d4h":     {span(1, 4*time.Hour), ""},
		"2d0h":     {span(2, 0), "2d"},
		"0d90m":    {span(0, 90*time.Minute), "1h30m"},
		"36h":      {span(0, 36*time.Hour), ""}, // working hours are no working days
		"36h15m5s": {span(0, 36*time.Hour+15*time.Minute+5*time.Second), ""},
		"5d30s":    {span(5, 30*time.Second), ""},
		"366d":     {span(366, 0), ""},
		"500h":     {span(0, 500*time.Hour), ""},
		"9999999d": {span(3660, 0), "3660d"},
		"9999999h": {span(0, policy.MaxDuration), "87840h"},
	} {
		got, err := policy.ParseSpan(text)
		if err != nil || got != c.want {
			t.Errorf("%s is %+v, %v, want %+v", text, got, err, c.want)
		}
		if want := cmp.Or(c.written, text); got.String() != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", "0", "d", "h", "1w", "1w1d", "1d1w", "-1d", "+1d", "1d-1h", "1.5d", "1d 4h", " 1d", "4h1d", "1d1d", "1h1h", "1d4", "1D", "99999999d", "１d", "1y", "1dd"} {
		if got, err := policy.ParseSpan(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestSpanRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := policy.Span{
			Days: rapid.IntRange(0, 3660).Draw(t, "days"),
			Time: time.Duration(rapid.Int64Range(0, int64(policy.MaxDuration/time.Second)).Draw(t, "seconds")) * time.Second,
		}
		data, err := json.Marshal(map[string]policy.Span{"A": want})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]policy.Span
		if err := json.Unmarshal(data, &got); err != nil || got["A"] != want {
			t.Fatalf("%s is %v, %v, want %v", data, got, err, want)
		}
	})
}

// TestOldSpans: kept policies in which these were durations can still be read.
func TestOldSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]policy.Span{"1w": {Days: 7}, "2w1d12h": {Days: 15, Time: 12 * time.Hour}, "1d": {Days: 1}} {
		var got policy.Span
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%s is %+v, %v, want %+v", text, got, err, want)
		}
	}
	var got policy.Span
	if err := got.UnmarshalText([]byte("soon")); err == nil || !strings.Contains(err.Error(), "working time") {
		t.Errorf("soon is %v, %v", got, err)
	}
}

// FuzzParseSpan holds that no text panics, that what is read is within the bounds,
// and that it is read again as it is written.
func FuzzParseSpan(f *testing.F) {
	for _, text := range []string{"60m", "3d", "1d4h", "1w", "9999999d9999999h", "+1d", "0d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := policy.ParseSpan(text)
		if err != nil {
			return
		}
		if s.Days < 0 || s.Days > 3660 || s.Time < 0 || s.Time > policy.MaxDuration {
			t.Fatalf("%q is %+v", text, s)
		}
		if again, err := policy.ParseSpan(s.String()); err != nil || again != s {
			t.Fatalf("%q is %+v, written %s and read as %+v, %v", text, s, s, again, err)
		}
		d, err := policy.ParseDuration(text) // what is a span is a duration too
		if err != nil {
			t.Fatalf("%q is working time and no duration: %v", text, err)
		}
		if again, err := policy.ParseDuration(d.String()); err != nil || again != d {
			t.Fatalf("%q is %v, written %s and read as %v, %v", text, d, d, again, err)
		}
	})
}
