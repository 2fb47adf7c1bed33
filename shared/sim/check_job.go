package sim

import (
	"encoding/json"
	"maps"
	"slices"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// moving is a job as last written, and what it has done by the histories.
type moving struct {
	lead.Job
	moved map[string]bool // leads
	given map[string]int  // rep → leads
}

// job judges a change of a job: one version on, never beginning again, and asking
// for the same.
func (c *checker) job(p part) {
	j := c.jobs[p.id]
	if j == nil {
		j = &moving{moved: map[string]bool{}, given: map[string]int{}}
		c.jobs[p.id] = j
	}
	var after lead.Job
	err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &after)
	if c.breaks(ruleVersion, err == nil && after.ID == p.id && after.Version == j.Version+1 && after.Version == versionOf(p.after)) {
		c.tell(ruleVersion, "", "job %s goes from version %d to %d: %v", p.id, j.Version, after.Version, err)
	}
	fits := after.Next.IsZero() != after.Ended.IsZero()
	if j.Version > 0 {
		fits = fits && !j.Next.IsZero() && after.By == j.By && after.To == j.To && after.Seen >= j.Seen && after.Moved >= j.Moved
	}
	if c.breaks(ruleJob, fits) {
		c.tell(ruleJob, "", "job %s goes from %+v to %+v", p.id, j.Job, after)
	}
	shard, due := "", ""
	if !after.Next.IsZero() {
		shard, due = dueJobs, after.Next.UTC().Format(stampText)+"#"+p.id
	}
	if c.breaks(ruleIndex, p.after.Text(schema.DueShard) == shard && p.after.Text(schema.DueAt) == due) {
		c.tell(ruleIndex, "", "job %s, to be worked on at %s, stands at %q", p.id, after.Next, p.after.Text(schema.DueAt))
	}
	j.Job = after
}

// jobMoves holds that a lead is moved by a job that is under way, to where the job
// says, and once.
func (c *checker) jobMoves(m made, id string) {
	j, l := c.jobs[id], m.after
	if c.breaks(ruleJob, j != nil) {
		c.tell(ruleJob, l.ID, "%s is of job %s, which there is not", m.entry.ID(), id)
		return
	}
	to := j.To
	fits := j.By == m.entry.By.ID && !j.moved[l.ID] && slices.Contains(j.Teams, m.before.Team) && slices.Contains(j.Doing, l.ID) &&
		l.Pool == to.Pool && (l.State == lead.StateRouting) == to.Anew && (l.Owner() != "") == (to.Rep != "" || to.Team != "")
	if owner := l.Owner(); owner != "" {
		fits = fits && (to.Rep == "" || to.Rep == owner) && (to.Team == "" || to.Team == l.Team)
		j.given[owner]++
	}
	if c.breaks(ruleJob, fits) {
		c.tell(ruleJob, l.ID, "%s moves it to %s with %q for job %+v", m.entry.ID(), l.State, l.Owner(), j.Job)
	}
	j.moved[l.ID] = true
}

// jobsEnded holds that every job has come to its end, with all counted: a job that
// was stopped may have been in the middle of a page.
func (c *checker) jobsEnded() {
	for _, id := range slices.Sorted(maps.Keys(c.jobs)) {
		j, skipped := c.jobs[id], 0
		for _, n := range j.Skipped {
			skipped += n
		}
		all := j.Moved == len(j.moved) && maps.Equal(j.Given, j.given) && len(j.Doing) == 0 && len(j.Lists) == 0
		if c.breaks(ruleJob, j.Next.IsZero() && j.Seen == j.Moved+skipped && (j.Halted || all)) {
			c.tell(ruleJob, "", "job %s has moved %d leads, %v by rep: %+v", id, len(j.moved), j.given, j.Job)
		}
	}
}
