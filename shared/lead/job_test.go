package lead_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"testing"

	"sluice/shared/lead"
)

// TestJobCounts counts every lead, and names the first of those left where they
// were.
func TestJobCounts(t *testing.T) {
	t.Parallel()
	var j lead.Job
	for i := range lead.SkipsKept + 7 {
		why := "the rep is full"
		if i%2 == 1 {
			why = "it is over"
		}
		j.Skip(fmt.Sprint("l", i), why)
	}
	if j.Skipped["the rep is full"] != 29 || j.Skipped["it is over"] != 28 || len(j.Left) != lead.SkipsKept || j.Left[1] != (lead.Skip{Lead: "l1", Why: "it is over"}) {
		t.Errorf("skipped %v, named %d", j.Skipped, len(j.Left))
	}
	for _, rep := range []string{ann, "", bo, ann} { // one of them to a pool
		j.Give(rep)
	}
	if j.Moved != 4 || !maps.Equal(j.Given, map[string]int{ann: 2, bo: 1}) {
		t.Errorf("moved %d, given %v", j.Moved, j.Given)
	}
	var again lead.Job
	if err := json.Unmarshal([]byte(text(t, j)), &again); err != nil || !reflect.DeepEqual(j, again) {
		t.Errorf("kept and read again it is %+v, %v", again, err)
	}
}
