package main

import "sluice/shared/sim/year"

// benchYear plays a year of 40 reps with 200,000 leads.
func benchYear(f figures) error {
	progress("playing a year of 40 reps with 200,000 leads")
	r, err := playYear(year.Options{Seed: 1, Leads: 200_000, Reps: 40})
	if err != nil {
		return err
	}
	f.print("year.seconds", r.Took.Seconds(), "s")
	f.print("year.leads", float64(r.Leads), "leads")
	f.print("year.violations", float64(r.Violations), "violations")
	f.print("year.decisions_per_s", r.PerSecond(), "decisions/s")
	f.print("year.late_max_s", r.LateMost.Seconds(), "s")
	f.print("year.lift.replied", 100*r.Replied.Diff, "points")
	f.print("year.lift.replied_low", 100*r.Replied.Low, "points")
	f.print("year.lift.converted", 100*r.Converted.Diff, "points")
	f.print("year.lift.converted_low", 100*r.Converted.Low, "points")
	return yearBroken(r)
}
