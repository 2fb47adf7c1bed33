package app

import (
	"context"
	"errors"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// jobs works on jobs that managers began, a few pages of each. What is not done
// is done in a minute; what fails is tried again then.
func (s *sweep) jobs(ctx context.Context, at time.Time, counts map[string]int) error {
	ids, err := s.Store.OpenJobs(ctx, at, jobsAtOnce)
	if err != nil || len(ids) == 0 {
		return err
	}
	pol, err := s.Policy.Get(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, id := range ids {
		moved, err := s.job(ctx, pol, id, at)
		counts["moved"] += moved
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// The bounds of one run's work on jobs.
const (
	jobsAtOnce = 10
	jobPages   = 10 // of one job: a thousand leads
)

func (s *sweep) job(ctx context.Context, pol *policy.Policy, id string, at time.Time) (moved int, err error) {
	j, err := s.Store.Job(ctx, id)
	if err != nil {
		return 0, err
	}
	before := j.Moved
	for range jobPages {
		if j.Next.IsZero() || ctx.Err() != nil {
			break
		}
		if err = s.step(ctx, pol, &j, at); err != nil {
			break
		}
	}
	if err != nil && lead.KindOf(err) == lead.Conflict { // stopped, or another run works on it
		err = nil
	}
	return j.Moved - before, err
}

// step does one page of a job: first those leads whose page was noted and whose
// outcome was not.
func (s *sweep) step(ctx context.Context, pol *policy.Policy, j *lead.Job, at time.Time) error {
	m, err := newMover(ctx, s.Store, pol, at)
	if err != nil {
		return err
	}
	save := func() error {
		j.Version++
		return s.Store.PutJob(ctx, *j)
	}
	var leads []lead.Lead
	switch {
	case len(j.Doing) > 0:
		for _, id := range j.Doing { // strongly: what was moved must be seen to be
			l, err := s.Store.Lead(ctx, id)
			if err != nil {
				return err
			}
			leads = append(leads, l)
		}
	case len(j.Lists) > 0:
		if leads, err = m.page(ctx, j); err != nil {
			return err
		}
		if len(leads) > 0 {
			if err := save(); err != nil {
				return err
			}
		}
	}
	if err := m.work(ctx, j, leads); err != nil {
		return err
	}
	if len(j.Lists) == 0 {
		j.Next, j.Ended = time.Time{}, at
	}
	return save()
}
