package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"sluice/shared/lead"
)

// demoReport is what a month came to.
type demoReport struct {
	posts, outcomes, acts, states, stages tally
	reasons                               tally // of quarantine
	byGrade                               map[lead.State]map[lead.Grade]int
	perRep                                tally
	mails, offers                         int
	accept                                []time.Duration
	score                                 scoreReport
	faults                                []error
}

// report reads every accepted submission and every lead back from the table.
func (p *play) report(ctx context.Context) (*demoReport, error) {
	r := &demoReport{posts: p.posts, acts: p.acts, outcomes: tally{}, states: tally{}, stages: tally{}, reasons: tally{},
		perRep: tally{}, byGrade: map[lead.State]map[lead.Grade]int{}}
	for _, id := range p.accepted {
		sub, err := p.system.table.Submission(ctx, id)
		if err != nil {
			r.faults = append(r.faults, fmt.Errorf("submission %s was answered with success and has no outcome: %w", id, err))
			continue
		}
		r.outcomes[string(sub.Outcome)]++
		if sub.Outcome == lead.OutcomeQuarantined {
			r.reasons[sub.Reason]++
		}
	}
	var leads []lead.Lead
	for _, id := range slices.Sorted(maps.Keys(p.history)) {
		l, err := p.system.table.Lead(ctx, id)
		if err != nil {
			return nil, err
		}
		r.lead(l, p.history[id], p.clock.Now())
		leads = append(leads, l)
	}
	if err := p.scores(ctx, r, leads); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(p.system.outbox, "*-offered.eml"))
	r.mails = len(files)
	return r, err
}

// lead counts one lead and checks it against its history.
func (r *demoReport) lead(l lead.Lead, history []lead.Entry, now time.Time) {
	slices.SortFunc(history, func(a, b lead.Entry) int { return cmp.Compare(a.Version, b.Version) })
	stored, err := json.Marshal(l)
	folded, err2 := json.Marshal(lead.Fold(history))
	if err := errors.Join(err, err2); err != nil || string(stored) != string(folded) {
		r.faults = append(r.faults, fmt.Errorf("lead %s is not the fold of its history: %s is stored, %s was told (%v)", l.ID, stored, folded, err))
	}
	if l.State.Open() != (l.Deadline != nil) {
		r.faults = append(r.faults, fmt.Errorf("lead %s is %s with deadline %v", l.ID, l.State, l.Deadline))
	}
	if l.Deadline != nil && now.Sub(l.Deadline.At) > 2*time.Minute {
		r.faults = append(r.faults, fmt.Errorf("lead %s is overdue since %s", l.ID, l.Deadline.At))
	}
	r.states[string(l.State)]++
	if r.byGrade[l.State] == nil {
		r.byGrade[l.State] = map[lead.Grade]int{}
	}
	r.byGrade[l.State][l.Grade]++
	r.stage(history)
}

// stage counts how far the lead came.
func (r *demoReport) stage(history []lead.Entry) {
	reached := map[string]bool{"1 leads": true}
	var offered time.Time
	for _, entry := range history {
		for _, e := range entry.Events {
			switch e := e.(type) {
			case lead.Offered:
				reached["2 offered"] = true
				offered = entry.At
				r.offers++
				r.perRep[e.Rep]++
			case lead.Accepted:
				reached["3 accepted"] = true
				r.accept = append(r.accept, entry.At.Sub(offered))
			case lead.Claimed:
				reached["3 accepted"] = true
			case lead.Logged:
				reached["4 followed up"] = true
			case lead.Converted:
				reached["5 converted"] = true
			}
		}
	}
	for s := range reached {
		r.stages[s]++
	}
}

// check is an error where a promise was broken.
func (r *demoReport) check() error {
	if len(r.faults) > 0 {
		return fmt.Errorf("%d promises broken, the first: %w", len(r.faults), r.faults[0])
	}
	return nil
}

// verdict sums the month up in a line.
func (r *demoReport) verdict() string {
	kept := "no promise was broken"
	if n := len(r.faults); n > 0 {
		kept = fmt.Sprintf("%d promises were broken", n)
	}
	return fmt.Sprintf("%d enquiries were accepted, %d became leads, %d converted; %s.",
		r.posts["202"], r.stages["1 leads"], r.stages["5 converted"], kept)
}

func (r *demoReport) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	defer w.Flush()
	r.table(w, "At the door (HTTP status)", r.posts)
	r.table(w, "Outcome of what was accepted", r.outcomes)
	r.table(w, "Reasons of quarantine", r.reasons)
	fmt.Fprintln(w, "\nFunnel")
	before := 0
	for _, stage := range slices.Sorted(maps.Keys(r.stages)) {
		share := ""
		if n := r.stages[stage]; before > 0 {
			share = fmt.Sprintf("%d %% of the stage before", 100*n/before)
		}
		before = r.stages[stage]
		fmt.Fprintf(w, "  %s\t%d\t%s\n", stage[2:], before, share)
	}
	fmt.Fprint(w, "\nWhere every lead is")
	for _, g := range lead.Grades {
		fmt.Fprintf(w, "\t%s", g)
	}
	fmt.Fprintln(w, "\tall")
	for _, s := range slices.Sorted(maps.Keys(r.byGrade)) {
		fmt.Fprintf(w, "  %s", s)
		for _, g := range lead.Grades {
			fmt.Fprintf(w, "\t%d", r.byGrade[s][g])
		}
		fmt.Fprintf(w, "\t%d\n", r.states[string(s)])
	}
	r.score.print(w)
	r.table(w, "Offers per rep", r.perRep)
	r.table(w, "What people did", r.acts)
	slices.Sort(r.accept)
	if n := len(r.accept); n > 0 {
		fmt.Fprintf(w, "\nAccepted within\t%s (median), %s (slowest)\n", r.accept[n/2].Round(time.Minute), r.accept[n-1].Round(time.Minute))
	}
	fmt.Fprintf(w, "Offers told by mail\t%d of %d (the rest were answered or withdrawn before the mail was due)\n", r.mails, r.offers)
	fmt.Fprintf(w, "Promises broken\t%d\n", len(r.faults))
}

func (r *demoReport) table(w io.Writer, title string, t tally) {
	fmt.Fprintf(w, "\n%s\n", title)
	for _, k := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(w, "  %s\t%d\n", k, t[k])
	}
}

// outboxOf is where a run keeps its mail.
func outboxOf(folder string) string { return filepath.Join(folder, "outbox") }
