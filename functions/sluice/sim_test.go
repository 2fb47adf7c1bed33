package main

import (
	"strings"
	"testing"
)

func TestSimCommand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want []string // in what is printed
	}{
		{[]string{"-scenario", "accept", "-faults", "3:lost,4:killed"}, []string{"No promise was broken."}},
		{[]string{"-chance", "-seed", "3"}, []string{"Funnel", "Messages and faults", "No promise was broken.", "leads a second"}},
		{[]string{"-days", "2", "-reps", "4", "-leads-per-day", "12", "-seed", "5"}, []string{"2 days, 4 reps, about 12 enquiries a day, seed 5", "No promise was broken."}},
		{[]string{"-scenario", "accept", "-trace"}, []string{"ask      POST /api/leads/", "transact"}},
	} {
		out, err := typed(t, append([]string{"sim"}, c.args...)...)
		if err != nil {
			t.Errorf("%v: %v", c.args, err)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v prints no %q: %.400s", c.args, want, out)
			}
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-days", "0"}, "days: give 1 to 3650"},
		{[]string{"-leads-per-day", "-4"}, "leads a day"},
		{[]string{"-fault-rate", "2"}, "fault rate"},
		{[]string{"-faults", "3"}, "number:kind"},
		{[]string{"-scenario", "a tea party"}, "there is no scenario"},
	} {
		if _, err := typed(t, append([]string{"sim"}, c.args...)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v, want one about %q", c.args, err, c.want)
		}
	}
}
