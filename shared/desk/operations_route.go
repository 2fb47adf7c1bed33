package desk

import (
	"sluice/shared/app"
)

func (d *desk) qualify(c call) (any, error) {
	return act(c, func(on app.Target, in app.Verdict) (app.LeadView, error) {
		return d.app.Qualify(c.Context(), c.user, on, in)
	})
}

func (d *desk) move(c call) (any, error) {
	return act(c, func(on app.Target, in app.Relocation) (app.LeadView, error) {
		return d.app.Move(c.Context(), c.user, on, in)
	})
}

func (d *desk) explainLead(c call) (any, error) {
	id, err := c.id("lead")
	if err != nil {
		return nil, err
	}
	return d.app.ExplainLead(c.Context(), c.user, id)
}

func (d *desk) explainCase(c call) (any, error) {
	in, err := read[app.Case](c)
	if err != nil {
		return nil, err
	}
	return d.app.ExplainCase(c.Context(), c.user, in)
}

func (d *desk) foresee(c call) (any, error) {
	in, err := read[app.Removal](c)
	if err != nil {
		return nil, err
	}
	return d.app.Foresee(c.Context(), c.user, in)
}

func (d *desk) remove(c call) (any, error) {
	in, err := read[app.Removal](c)
	if err != nil {
		return nil, err
	}
	return d.app.Remove(c.Context(), c.user, in)
}

func (d *desk) jobs(c call) (any, error) {
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Jobs(c.Context(), c.user, p)
}

func (d *desk) job(c call) (any, error) {
	id, err := c.id("job")
	if err != nil {
		return nil, err
	}
	return d.app.Job(c.Context(), c.user, id)
}

func (d *desk) stopJob(c call) (any, error) {
	id, err := c.id("job")
	if err != nil {
		return nil, err
	}
	if _, err := read[nothing](c); err != nil {
		return nil, err
	}
	return d.app.StopJob(c.Context(), c.user, id)
}

func (d *desk) abilities(c call) (any, error) {
	id, err := c.id("team")
	if err != nil {
		return nil, err
	}
	return d.app.Abilities(c.Context(), c.user, id)
}
