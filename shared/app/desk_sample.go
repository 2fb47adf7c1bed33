package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/pace"
)

// Sample is a look at how completely a team's reps record what they do: a few of
// the leads that they hold, drawn by lot.
type Sample struct {
	Team  string       `json:"team"`
	Week  string       `json:"week"` // of ISO 8601, such as 2026-W47
	From  time.Time    `json:"from"`
	To    time.Time    `json:"to"`
	Leads []SampleLead `json:"leads"`
	Reps  []SampleRep  `json:"reps"`
}

// SampleLead is one of the sample.
type SampleLead struct {
	Completeness
	Lead   string     `json:"lead"`
	Number string     `json:"number"`
	Grade  lead.Grade `json:"grade,omitempty"`
	Rep    Who        `json:"rep"`
}

// SampleRep is how complete the sampled leads of one rep are.
type SampleRep struct {
	Rep   Who `json:"rep"`
	Leads int `json:"leads"`
	Score int `json:"score"` // their mean, 0 to 100
}

// The bounds of a sample.
const (
	sampleSize     = 10
	sampleParallel = 8
	sampleRead     = 30 // leads that are read to find as many as are wanted
)

// Sample draws the leads of a team for a week, the one before this where none is
// given; to its managers. Those are drawn that reps have now and had accepted by
// then. A lead without an activity is left out where none was called for: it was
// accepted within the week, or its next step is planned for later.
func (d *Desk) Sample(ctx context.Context, u User, team, name string) (Sample, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Sample{}, err
	}
	if !has(v.pol.Team(team)) || !u.over(team, RoleManager) {
		return Sample{}, lead.Errorf(lead.NotFound, "there is no such team for you")
	}
	zone, err := time.LoadLocation(v.pol.Document().Zone) // UTC for ""
	if err != nil {
		zone = time.UTC
	}
	w := weekBefore(v.now, zone)
	if name != "" {
		var ok bool
		if w, ok = weekOf(name, zone); !ok || w.from.After(v.now) {
			return Sample{}, field{"week", ""}.invalid("give a week that has begun, such as %s", weekBefore(v.now, zone))
		}
	}
	leads, err := d.draw(ctx, team, w)
	if err != nil {
		return Sample{}, err
	}
	out := Sample{Team: team, Week: w.String(), From: w.from.UTC(), To: w.to.UTC(), Leads: []SampleLead{}, Reps: []SampleRep{}}
	if out.Leads, err = d.judged(ctx, v, leads, w); err != nil {
		return Sample{}, err
	}
	out.Reps = byRep(out.Leads)
	return out, nil
}

// draw puts the leads that a team's reps hold into the order in which the lot of
// the week takes them, and reads the first: those in the hands of the team.
func (d *Desk) draw(ctx context.Context, team string, w week) ([]lead.Lead, error) {
	reps, err := d.Store.Reps(ctx)
	if err != nil {
		return nil, err
	}
	reps = slices.DeleteFunc(reps, func(r lead.Rep) bool { return !slices.Contains(r.Teams, team) })
	pages := make([][]string, len(reps))
	faults := make([]error, len(reps))
	pace.Each(ctx, len(reps), sampleParallel, func(i int) {
		pages[i], _, faults[i] = d.Store.Inbox(ctx, reps[i].ID, Page{Limit: pageMax})
	})
	for _, err := range faults {
		if err != nil {
			return nil, err
		}
	}
	ids := lots(slices.Concat(pages...), w.String())
	leads, err := d.Store.Leads(ctx, ids[:min(len(ids), sampleRead)])
	return slices.DeleteFunc(leads, func(l lead.Lead) bool {
		return l.Owner() == "" || l.Team != team || l.Period.Accepted.IsZero() || !l.Period.Accepted.Before(w.to)
	}), err
}

// lots orders leads by the lot of a week.
func lots(ids []string, week string) []string {
	lot := make(map[string]string, len(ids))
	for _, id := range ids {
		sum := sha256.Sum256([]byte(week + " " + id))
		lot[id] = string(sum[:])
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(lot[a], lot[b]) })
	return slices.Compact(ids)
}

// judged judges the first leads of a drawing whose activity was called for.
func (d *Desk) judged(ctx context.Context, u viewer, leads []lead.Lead, w week) ([]SampleLead, error) {
	out, names := []SampleLead{}, d.names(u.pol)
	for len(leads) > 0 && len(out) < sampleSize {
		some := leads[:min(len(leads), sampleSize-len(out))]
		leads = leads[len(some):]
		found := make([]Completeness, len(some))
		faults := make([]error, len(some))
		pace.Each(ctx, len(some), sampleParallel, func(i int) {
			var history []lead.Entry
			if history, faults[i] = d.wholeHistory(ctx, some[i]); faults[i] == nil {
				found[i] = judge(history, w, u.pol.Rules(some[i].Team).Log)
			}
		})
		for i, l := range some {
			if faults[i] != nil {
				return nil, faults[i]
			}
			idle := l.Period.Accepted.After(w.from) || l.Period.NextStep.After(w.to)
			if found[i].Activity.IsZero() && idle {
				continue
			}
			out = append(out, SampleLead{Completeness: found[i], Lead: l.ID, Number: l.Number, Grade: l.Grade,
				Rep: Who{Kind: RoleRep, ID: l.Owner(), Name: names.rep(ctx, l.Owner())}})
		}
	}
	return out, nil
}

// wholeHistory reads a lead's history, at most historyPages of it.
func (d *Desk) wholeHistory(ctx context.Context, l lead.Lead) ([]lead.Entry, error) {
	var all []lead.Entry
	p := Page{Limit: pageMax}
	for range historyPages {
		history, cursor, err := d.Store.History(ctx, l.ID, p)
		if err != nil {
			return nil, err
		}
		all = append(all, history...)
		if p.Cursor = cursor; cursor == "" {
			break
		}
	}
	return all, nil
}

const historyPages = 5

func byRep(leads []SampleLead) []SampleRep {
	reps := []SampleRep{}
	for _, l := range leads {
		at := slices.IndexFunc(reps, func(r SampleRep) bool { return r.Rep.ID == l.Rep.ID })
		if at < 0 {
			at = len(reps)
			reps = append(reps, SampleRep{Rep: l.Rep})
		}
		reps[at].Leads++
		reps[at].Score += l.Score
	}
	for i := range reps {
		reps[i].Score = (reps[i].Score + reps[i].Leads/2) / reps[i].Leads
	}
	slices.SortFunc(reps, func(a, b SampleRep) int {
		return cmp.Or(strings.Compare(a.Rep.Name, b.Rep.Name), strings.Compare(a.Rep.ID, b.Rep.ID))
	})
	return reps
}
