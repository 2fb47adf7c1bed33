package pool_test

import (
	"testing"

	"sluice/shared/pool"
)

func TestArms(t *testing.T) {
	t.Parallel()
	looked, treated, held := pool.Arms(map[string]int{
		"held_out": 10, "routed": 5, "listed": 6, "touched": 70, "rested": 8, "archived": 3,
		"replied": 12, "converted": 2, "held_out.replied": 1, "held_out.converted": 0, "something new": 99,
	})
	if looked != 102 || treated != (pool.Tally{Leads: 89, Replied: 12, Converted: 2}) || held != (pool.Tally{Leads: 10, Replied: 1}) {
		t.Errorf("%d looked at, treated %+v, held out %+v", looked, treated, held)
	}
}
