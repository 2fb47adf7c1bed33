package main

import (
	"strings"
	"testing"
)

func TestYearCommand(t *testing.T) {
	t.Parallel()
	out, err := typed(t, "year", "-seed", "3", "-leads", "4000", "-reps", "12")
	if err != nil {
		t.Error(err)
	}
	for _, want := range []string{"2026 with 4000 leads of", "12 reps, seed 3", "Stock sweep", "Promises", "decisions a second"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report has no %q: %.400s", want, out)
		}
	}
	for args, want := range map[string]string{"-leads 3": "leads: give 100", "-reps 1": "reps: give 5"} {
		if _, err := typed(t, append([]string{"year"}, strings.Fields(args)...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one about %q", args, err, want)
		}
	}
}
