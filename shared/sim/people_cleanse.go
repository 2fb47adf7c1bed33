package sim

import (
	"context"
	"errors"
	"net/http"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// verify is what the cleansing team does about a lead from a list: most are real,
// some are thrown away, some left lying.
func (p *people) verify(s *standing, by string) {
	in := p.untilDue(s, 6*time.Hour)
	switch roll := p.world.random.Float64(); {
	case roll < p.mood.ignores:
	case roll < p.mood.ignores+p.mood.dumps*2:
		p.later(in, s, doing{user: by, what: "junk", body: map[string]any{"reason": "nobody there"}})
	default:
		d := doing{user: by, lead: s.id, what: "verify", verified: p.verification()}
		p.later(in, s, d)
		if p.chance(p.mood.hasty) { // a colleague has the same row
			p.later(in, s, doing{user: p.teamOf("kids").Manager, what: "verify", verified: p.verification()})
		}
	}
}

// verification is what a call has told.
func (p *people) verification() *app.Verification {
	r := p.world.random
	v := &app.Verification{Note: "Mrs Quillon asks for a trial lesson."}
	if r.IntN(2) == 0 {
		v.City = pick(r, cities)
	}
	if r.IntN(3) == 0 {
		v.Industry, v.Answers = "education", map[string]string{"age": "7"}
	}
	if one := p.somebody(); one != nil && r.IntN(12) == 0 { // whose number turns out to be another's
		v.Phone = one.phone
	}
	if r.IntN(4) == 0 {
		v.Email = companyMail(p.mistakes())
	}
	return v
}

// mistakes numbers what must not come twice.
func (p *people) mistakes() int {
	p.calls++
	return 5_000 + p.calls
}

// doubting plans the day's looks at those who may be one.
func (p *people) doubting(start time.Time) {
	team := p.teamOf("kids")
	for range p.whole(3 * p.mood.lively) {
		at := start.Add(p.hour())
		p.at(at, func() { p.decideDoubts(team.Dispatcher) })
		if p.chance(p.mood.hasty * 2) {
			p.at(at, func() { p.decideDoubts(team.Manager) })
		}
	}
	for range p.whole(0.4 * p.mood.lively) { // two who are none
		p.at(start.Add(p.hour()), func() {
			if n := len(p.order); n > 1 {
				p.unites(team.Dispatcher, p.order[p.world.random.IntN(n)], p.order[p.world.random.IntN(n)])
			}
		})
	}
}

// decideDoubts looks at the doubts and decides some of them.
func (p *people) decideDoubts(user string) {
	var found app.Review
	p.world.atDesk(user, func(ctx context.Context, d *app.Desk, u app.User) (err error) {
		found, err = d.Doubts(ctx, u, app.Page{Limit: 10})
		return err
	}, func(status int) {
		p.figures.act("read", status)
		p.sensible("doubts", status)
		if status != http.StatusOK {
			return
		}
		for _, doubt := range found.Doubts {
			a, b := doubt.Person.ID, doubt.With.ID
			in := p.soon(30 * time.Minute)
			switch roll := p.world.random.Float64(); {
			case roll < 0.45:
				p.after(in, func() { p.unites(user, a, b) })
			case roll < 0.75:
				p.after(in, func() { p.apart(user, a, b) })
			}
		}
	})
}

func (p *people) unites(user, a, b string) {
	p.ofPersons(user, "merge", func(ctx context.Context, d *app.Desk, u app.User) error {
		_, err := d.Merge(ctx, u, app.Merging{Person: a, With: b, Why: "the same voice"})
		return err
	}, 3)
}

func (p *people) apart(user, a, b string) {
	p.ofPersons(user, "apart", func(ctx context.Context, d *app.Desk, u app.User) error {
		_, err := d.Apart(ctx, u, a, b)
		return err
	}, 3)
}

// divide takes back the last merge of a lead's person.
func (p *people) divide(user, id string) {
	p.ofPersons(user, "divide", func(ctx context.Context, d *app.Desk, u app.User) error {
		_, err := d.Divide(ctx, u, app.Division{Person: id, Why: "two who share a phone"})
		return err
	}, 3)
}

// ofPersons does something to persons, again where no answer came.
func (p *people) ofPersons(user, what string, do func(context.Context, *app.Desk, app.User) error, tries int) {
	if p.over() {
		return
	}
	p.world.atDesk(user, do, func(status int) {
		p.figures.act(what, status)
		p.sensible(what, status)
		if (status == 0 || status >= 500) && tries > 1 && p.chance(p.mood.stubborn) {
			p.after(p.soon(2*time.Minute), func() { p.ofPersons(user, what, do, tries-1) })
		}
	})
}

// regret is of somebody who has merged two who are none, or learns that the system
// has.
func (p *people) regret(s *standing) {
	if p.chance(0.35) {
		user := p.teamOf("kids").Dispatcher
		p.after(p.soon(8*time.Hour), func() { p.divide(user, s.id) })
		if p.chance(p.mood.hasty) {
			p.after(p.soon(8*time.Hour), func() { p.divide(p.teamOf("kids").Manager, s.id) })
		}
	}
}

// atDesk has a user do something at the desk that no page of it is about; then is
// called with the status that a page would have, 0 where no answer came.
func (w *World) atDesk(user string, do func(context.Context, *app.Desk, app.User) error, then func(status int)) {
	w.use("desk", func(ctx context.Context, in *instance) error {
		u, err := in.desk.User(ctx, user)
		if err != nil {
			return err
		}
		return do(ctx, in.desk, u)
	}, func(err error) {
		if errors.Is(err, errDead) {
			then(0)
			return
		}
		then(statusOf(err))
	})
}

func statusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return app.Status(lead.KindOf(err))
}
