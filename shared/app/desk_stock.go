package app

import (
	"context"
	"time"

	"sluice/shared/lead"
	"sluice/shared/pool"
)

// StockReport tells what the sweep of a pool did and what it was worth, the newest
// cycle first.
type StockReport struct {
	Pool   string  `json:"pool"`
	Cycles []Cycle `json:"cycles"`
}

// Cycle is one cycle of a pool's sweep. What came of it still grows while leads
// reply and convert, also after its end.
type Cycle struct {
	Began     time.Time        `json:"began"`
	Ends      time.Time        `json:"ends"`   // as long as the policy now makes cycles
	Looked    int              `json:"looked"` // leads
	Did       map[lead.Did]int `json:"did"`    // all of it, with zeros
	Treated   Arm              `json:"treated"`
	HeldOut   Arm              `json:"held_out"`
	Replied   Lift             `json:"replied"`
	Converted Lift             `json:"converted"`
}

// Arm is what became of the leads that were worked with, or of those left alone.
type Arm struct {
	Leads     int `json:"leads"`
	Replied   int `json:"replied"`
	Converted int `json:"converted"`
}

// Lift is by how much the rate of the treated is higher than that of those held
// out, in [-1, 1], with the bounds of its 95 % interval: see [pool.LiftOf].
type Lift struct {
	Treated  float64 `json:"treated"`  // rate, 0 to 1
	HeldOut  float64 `json:"held_out"` // rate, 0 to 1
	Diff     float64 `json:"diff"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Extra    float64 `json:"extra"` // leads more than without the sweep
	ExtraMin float64 `json:"extra_low"`
	ExtraMax float64 `json:"extra_high"`
	Enough   bool    `json:"enough"` // the interval leaves out zero
}

// cyclesShown is how many cycles a report goes back.
const cyclesShown = 12

// seesStock reports whether the user sees what a pool's sweep did: who looks after
// the pool, marketers and ops.
func (u viewer) seesStock(pool string) bool {
	return has(u.pol.Pool(pool)) && (u.looksAfter(pool) || u.Is(RoleMarketer, RoleOps))
}

// Stock reports on the sweep of a pool.
func (d *Desk) Stock(ctx context.Context, u User, id string) (StockReport, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return StockReport{}, err
	}
	if !v.seesStock(id) {
		return StockReport{}, noPool()
	}
	tallies, err := d.Store.Tallies(ctx, id, cyclesShown)
	if err != nil {
		return StockReport{}, err
	}
	out := StockReport{Pool: id, Cycles: []Cycle{}}
	for _, t := range tallies {
		out.Cycles = append(out.Cycles, cycleOf(t, v.pol.Rules("").Cycle(id)))
	}
	return out, nil
}

// cycleOf adds up the figures of a cycle.
func cycleOf(t lead.Tally, length time.Duration) Cycle {
	c := Cycle{Began: t.Cycle, Ends: t.Cycle.Add(length), Did: map[lead.Did]int{}}
	for _, did := range lead.Dids {
		c.Did[did] = t.Add[string(did)]
	}
	looked, treated, held := pool.Arms(t.Add)
	c.Looked, c.Treated, c.HeldOut = looked, Arm(treated), Arm(held)
	replied, converted := pool.Lifts(treated, held)
	c.Replied, c.Converted = liftView(replied), liftView(converted)
	return c
}

func liftView(l pool.Lift) Lift {
	return Lift{Treated: l.Treated.P, HeldOut: l.HeldOut.P, Diff: l.Diff, Low: l.Low, High: l.High,
		Extra: l.Extra, ExtraMin: l.ExtraLow, ExtraMax: l.ExtraHigh, Enough: l.Enough}
}
