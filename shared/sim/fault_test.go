package sim

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for list, want := range map[string][]Fault{
		"":                     nil,
		"17:killed":            {{17, Killed}},
		"17:killed,23:lost":    {{17, Killed}, {23, Lost}},
		",3:killed-after,":     {{3, KilledAfter}},
		"1:twice,1:delayed":    {{1, Twice}, {1, Delayed}},
		"9999999:unreachable,": {{9999999, Unreachable}},
	} {
		if got, err := ParseFaults(list); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, %v", list, got, err)
		}
	}
	for _, list := range []string{"killed", "0:killed", "-1:killed", "1:", "1:explodes", "1 killed", "1:killed;2:lost", "99999999999999999999:lost"} {
		if got, err := ParseFaults(list); err == nil || !strings.Contains(err.Error(), "number:kind") {
			t.Errorf("%q: %v, %v: want to be told how it is written", list, got, err)
		}
	}
}

func FuzzParseFaults(f *testing.F) {
	f.Add("17:killed,23:lost")
	f.Add("1:twice,,2:x")
	f.Fuzz(func(t *testing.T, list string) {
		faults, err := ParseFaults(list)
		if err != nil {
			return
		}
		if again, err := ParseFaults(listOf(faults)); err != nil || !reflect.DeepEqual(again, faults) {
			t.Errorf("%q: %v, written and read again %v, %v", list, faults, again, err)
		}
	})
}
