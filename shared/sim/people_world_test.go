package sim

import (
	"slices"
	"strings"
	"testing"

	"sluice/shared/lead"
)

// played is a small world of some days without faults, at rest.
func played(t *testing.T, seed uint64) *World {
	t.Helper()
	o := Chance(seed)
	o.FaultRate, o.Outages, o.Rush, o.Listed = 0, 0, 0, 0
	o.Days, o.LeadsPerDay = 3, 10
	w := newWorld(o)
	w.run()
	for _, v := range w.violations {
		t.Errorf("seed %d: %s", seed, v)
	}
	return w
}

func printed(w *World) string {
	var b strings.Builder
	w.Report().Print(&b)
	return b.String()
}

func TestASeedDecidesEverything(t *testing.T) {
	t.Parallel()
	if one, again := printed(played(t, 7)), printed(played(t, 7)); one != again {
		t.Errorf("%s\nand then\n%s", one, again)
	}
}

// TestSmallWorldsMeetEverything: within a few worlds leads come into every state
// and every grade, every act is done and refused, every limit is met.
func TestSmallWorldsMeetEverything(t *testing.T) {
	t.Parallel()
	found := map[string]int{}
	for seed := range uint64(24) {
		w := played(t, 300+seed)
		r := w.Report()
		sums(t, w, r)
		for _, c := range slices.Concat(r.Posts, r.Outcomes) {
			found[c.What] += c.N
		}
		for _, a := range r.Acts {
			found[a.What+" done"] += a.Done
			found[a.What+" refused"] += a.Refused
		}
		for _, s := range r.States {
			found["state "+string(s.State)] += s.All
			for i, g := range lead.Grades {
				found["grade "+string(g)] += s.ByGrade[i]
			}
		}
		for _, p := range r.Pools {
			found[p.Pool+" claimed"] += p.Claimed
			found[p.Pool+" by hand"] += p.Assigned
			found[p.Pool+" came back"] += p.Woken
			for did, n := range p.Looks {
				found["look "+string(did)] += n
			}
			for _, arm := range p.Arms {
				found["credited with a reply"] += arm.Replied
				found["credited with a conversion"] += arm.Converted
			}
		}
		found["withdrawn"] += r.SLA.Withdrawn
		found["reclaimed"] += r.SLA.Reclaimed
		found["escalated"] += r.SLA.Escalated
		found["waited"] += r.SLA.Waited
		found["reminded"] += r.SLA.Reminded
		found["warned"] += r.SLA.Warned
		found["again"] += r.SLA.Again
		found["nudged"] += r.SLA.Nudged
		counters(w, found)
	}
	for _, what := range []string{
		"202 accepted", "303 accepted", "404 no such form", "409 key used for another body", "422 to be corrected",
		"created", "merged", "quarantined", "withdrawn", "reclaimed", "escalated", "waited",
		"reminded", "warned", "again", "nudged", "dial done", "a call's outcome done", "opt-out done",
		"look held_out", "look routed", "look listed", "look touched", "look rested", "look archived", "credited with a reply", "credited with a conversion",
		"paced", "won", "lost", "mixed", "recommended", "looked after", "at last day",
		"open-sea claimed", "open-sea by hand", "open-sea came back", "school-pool claimed",
		"state triage", "state pooled", "state nurturing", "state customer", "state junk", "state lost", "state unreachable",
		"state unverified", "state merged", "merge done", "merge refused", "divide done", "apart done", "signals done",
		"grade A+", "grade A", "grade B", "grade C", "grade D", "edit a rep done", "edit a rep refused",
	} {
		if found[what] == 0 {
			t.Errorf("never: %s", what)
		}
	}
	for _, act := range []string{"accept", "reject", "log", "hold", "recycle", "release", "junk", "lost", "unreachable", "convert", "confirm", "claim", "assign", "qualify", "move",
		"extend", "deal", "tag", "reveal", "verify"} {
		if found[act+" done"] == 0 || found[act+" refused"] == 0 {
			t.Errorf("%s: done %d times, refused %d times", act, found[act+" done"], found[act+" refused"])
		}
	}
}

// counters finds what only the reps' counters and the leads tell.
func counters(w *World, found map[string]int) {
	for _, r := range w.checker.reps {
		for _, n := range r.Won {
			found["won"] += n
		}
		for channel, n := range r.Tried {
			found["lost"] += n - r.Won[channel]
		}
		if found["mixed"] += len(r.Mix); !r.Paced.IsZero() {
			found["paced"]++
		}
		found["at last day"] += r.Last
	}
	for _, l := range w.checker.leads {
		if l.lead.Facts.Referrer != "" {
			found["recommended"]++
		}
		if l.lead.Facts.Account != "" {
			found["looked after"]++
		}
	}
}

// sums holds a report's figures against each other.
func sums(t *testing.T, w *World, r *Report) {
	t.Helper()
	leads, states, funnel, absorbed := w.leads, 0, r.Funnel[0].N, 0
	for id := range w.checker.leads { // of those who turned out to be known at once
		if w.checker.recorded[strings.TrimPrefix(id, "l")] == lead.OutcomeMerged {
			absorbed++
		}
	}
	for _, s := range r.States {
		states += s.All
	}
	if leads != states || leads != funnel {
		t.Errorf("seed %d: %d leads, %d in a state, %d in the funnel", r.Options.Seed, leads, states, funnel)
	}
	outcomes := map[string]int{}
	for _, c := range r.Outcomes {
		outcomes[c.What] = c.N
	}
	if outcomes["created"] != leads-absorbed || total(r.Outcomes) < r.Told || total(r.Outcomes) > r.Accepted {
		t.Errorf("seed %d: %d leads, %d posts accepted, %d submissions named, outcomes %v", r.Options.Seed, leads, r.Accepted, r.Told, r.Outcomes)
	}
	offers, given := r.SLA.Offers, 0
	for _, team := range r.Fairness {
		for _, rep := range team.Reps {
			given += rep.Offers + rep.ByHand
		}
	}
	if offers != given {
		t.Errorf("seed %d: %d offers, %d to reps", r.Options.Seed, offers, given)
	}
	for _, p := range r.Pools {
		if p.In != p.Claimed+p.Assigned+p.Woken+p.Moved+p.Closed+p.Left {
			t.Errorf("seed %d: %+v", r.Options.Seed, p)
		}
		looks := 0
		for _, n := range p.Looks {
			looks += n
		}
		if looks != p.Arms[0].Looks+p.Arms[1].Looks+p.Looks[lead.DidRetire] || p.Arms[1].Looks != p.Looks[lead.DidHold] {
			t.Errorf("seed %d: %+v", r.Options.Seed, p)
		}
	}
}

// TestACompanyGetsItsLeads: a company of so many leads a day gets about
// as many.
func TestACompanyGetsItsLeads(t *testing.T) {
	t.Parallel()
	w := newWorld(Options{Seed: 3, Days: 1, Reps: 12, LeadsPerDay: 150})
	w.run()
	if w.leads < 120 || w.leads > 220 {
		t.Errorf("%d leads on a Monday", w.leads)
	}
	for _, v := range w.violations {
		t.Error(v)
	}
}
