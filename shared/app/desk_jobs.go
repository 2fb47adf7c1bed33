package app

import (
	"context"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// JobView is a job as people see it.
type JobView struct {
	ID      string         `json:"id"`
	By      string         `json:"by"`
	At      time.Time      `json:"at"`
	Reason  string         `json:"reason"`
	From    lead.Origin    `json:"from"`
	To      lead.Goal      `json:"to"`
	State   string         `json:"state"` // open, done or stopped
	Ended   time.Time      `json:"ended,omitzero"`
	Seen    int            `json:"seen"`
	Moved   int            `json:"moved"`
	Given   map[string]int `json:"given,omitempty"`   // rep → leads
	Skipped map[string]int `json:"skipped,omitempty"` // why → leads
	Left    []lead.Skip    `json:"left,omitempty"`    // the first of those
}

func jobView(j lead.Job) JobView {
	v := JobView{ID: j.ID, By: j.By, At: j.At, Reason: j.Why, From: j.From, To: j.To, State: "open", Ended: j.Ended,
		Seen: j.Seen, Moved: j.Moved, Given: j.Given, Skipped: j.Skipped, Left: j.Left}
	switch {
	case j.Halted:
		v.State = "stopped"
	case j.Next.IsZero():
		v.State = "done"
	}
	return v
}

// seesJob reports whether the user sees a job: ops every one, a manager those of
// own teams, anybody their own.
func (u User) seesJob(j lead.Job) bool {
	return u.Is(RoleOps) || u.ID == j.By || u.Is(RoleManager) && slices.ContainsFunc(j.Teams, func(t string) bool { return slices.Contains(u.Teams, t) })
}

// removes reports whether the user begins jobs: managers do, and admins of pools.
func (u viewer) removes() bool {
	return u.Is(RoleManager) || slices.ContainsFunc(u.pol.Pools(), func(p policy.Pool) bool { return slices.Contains(p.Admins, u.ID) })
}

// JobList is a page of jobs, the newest first. An empty cursor is the end.
type JobList struct {
	Jobs   []JobView `json:"jobs"`
	Cursor string    `json:"cursor,omitempty"`
}

// Jobs lists the jobs that the user sees.
func (d *Desk) Jobs(ctx context.Context, u User, p Page) (JobList, error) {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return JobList{}, err
	}
	if v := (viewer{User: u, pol: pol}); !u.Is(RoleOps) && !v.removes() {
		return JobList{}, lead.Errorf(lead.Denied, "only managers and ops see these jobs")
	}
	jobs, cursor, err := d.Store.Jobs(ctx, bounded(p))
	if err != nil {
		return JobList{}, err
	}
	out := JobList{Jobs: []JobView{}, Cursor: cursor}
	for _, j := range jobs {
		if u.seesJob(j) {
			out.Jobs = append(out.Jobs, jobView(j))
		}
	}
	return out, nil
}

// Job shows one job.
func (d *Desk) Job(ctx context.Context, u User, id string) (JobView, error) {
	j, err := d.job(ctx, u, id)
	return jobView(j), err
}

func (d *Desk) job(ctx context.Context, u User, id string) (lead.Job, error) {
	j, err := d.Store.Job(ctx, id)
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return lead.Job{}, err
	}
	if err != nil || !u.seesJob(j) {
		return lead.Job{}, lead.Errorf(lead.NotFound, "there is no such job for you")
	}
	return j, nil
}

// StopJob ends a job before its end: what it has moved stays moved.
func (d *Desk) StopJob(ctx context.Context, u User, id string) (JobView, error) {
	for range deskAttempts {
		j, err := d.job(ctx, u, id)
		if err != nil {
			return JobView{}, err
		}
		if !u.Is(RoleManager) && u.ID != j.By {
			return JobView{}, lead.Errorf(lead.Denied, "only managers stop jobs")
		}
		if j.Next.IsZero() {
			return jobView(j), nil
		}
		j.Version++
		j.Next, j.Ended, j.Halted = time.Time{}, d.Now().UTC(), true
		if err = d.Store.PutJob(ctx, j); err == nil {
			return jobView(j), nil
		}
		if lead.KindOf(err) != lead.Conflict {
			return JobView{}, err
		}
	}
	return JobView{}, lead.Errorf(lead.Unavailable, "the job is being worked on: try again")
}
