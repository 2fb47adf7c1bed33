package year

import (
	"time"

	"sluice/shared/lead"
)

// reminded has a rep who let a lead lie take it up again, more often than not.
func (w *world) reminded(c *card, e lead.Reminded) {
	left := e.At.Unix() - w.now
	if c.plan > w.now && c.plan < e.At.Unix() || left <= 1 || !w.chance(0.5) {
		return
	}
	w.planWork(c, w.now+w.between(left/10, left))
}

// work is a rep's turn with a lead.
func (w *world) work(c *card) {
	rep, m := w.owner(c)
	if !m.there.within(w.now) {
		w.planWork(c, w.now)
		return
	}
	c.plan = 0
	by := lead.Actor{Kind: "rep", ID: rep.ID}
	switch {
	case w.chance(m.neglect):
	case c.State == lead.StateOffered:
		w.answer(c, by)
	case c.deal > 0 && w.now >= c.deal:
		w.decide(c, by)
	default:
		w.followUp(c, by, m)
	}
}

// answer is a rep's yes or no to an offer.
func (w *world) answer(c *card, by lead.Actor) {
	if w.chance(0.02) {
		w.must(c, w.do(c, by, c.Team, lead.Reject{Rep: by.ID, Reason: "not for me"}))
		return
	}
	w.must(c, w.do(c, by, c.Team, lead.Accept{Rep: by.ID}))
	mean := 4 * hour
	if c.Grade == lead.GradeA || c.Grade == lead.GradeAPlus {
		mean = 20 * minute
	}
	w.planWork(c, w.now+w.about(mean))
}

// followUp is an attempt to reach the customer, as far as they may be contacted, or
// a note.
func (w *world) followUp(c *card, by lead.Actor, m *member) {
	p := &w.persons[c.person]
	switch from := w.policy.ContactFrom(p.Person, c.Lead, w.time); {
	case from.IsZero():
		w.must(c, w.do(c, by, c.Team, lead.Close{Rep: by.ID, As: lead.StateLost, Reason: "does not want to be contacted"}))
		return
	case from.After(w.time):
		if w.chance(m.notes) {
			w.log(c, lead.Logged{Way: lead.WayNote}, by)
		}
		w.planWork(c, from.Unix()+w.about(2*hour))
		return
	case w.chance(m.notes / 2):
		w.log(c, lead.Logged{Way: lead.WayNote}, by)
		w.planWork(c, w.now+w.about(day))
		return
	}
	activity := w.attempt(c)
	reached := activity.Seconds > 30 || activity.Way == lead.WayMeeting || activity.Checked
	if reached && w.chance(0.6) {
		activity.StepAt = time.Unix(m.there.next(w.now+day/2+w.about(4*day)), 0).UTC()
	}
	if reached && w.chance(0.03) {
		activity.Grade = lead.Grades[w.random.IntN(len(lead.Grades))]
	}
	w.log(c, activity, by)
	p.Version++
	p.Contact(w.time)
	if reached {
		c.fails = 0
		w.outcome(c, by, m, activity.StepAt)
		return
	}
	c.fails++
	switch {
	case c.fails >= 3 && w.chance(0.5):
		w.must(c, w.do(c, by, c.Team, lead.Close{Rep: by.ID, As: lead.StateUnreachable, Reason: "three attempts"}))
	case activity.Way == lead.WayMail && w.chance(0.4):
		w.agenda.add(happening{at: w.now + w.about(day), what: reply, who: c.number, mark: c.mark})
		w.planWork(c, w.now+18*hour+w.about(3*hour))
	default:
		w.planWork(c, w.now+15*hour+w.about(3*hour))
	}
}

// attempt is a call, a mail, a visit or a meeting.
func (w *world) attempt(c *card) lead.Logged {
	switch x := w.random.Float64(); {
	case x < 0.75 && c.Facts.HasPhone:
		if w.chance(0.4) {
			return lead.Logged{Way: lead.WayCall} // nobody there
		}
		return lead.Logged{Way: lead.WayCall, Seconds: 40 + int(w.about(240))}
	case x < 0.90:
		return lead.Logged{Way: lead.WayMail}
	case x < 0.95:
		metres := int(w.about(150))
		return lead.Logged{Way: lead.WayVisit, Checked: metres <= 500, Metres: &metres}
	}
	return lead.Logged{Way: lead.WayMeeting}
}

func (w *world) log(c *card, a lead.Logged, by lead.Actor) {
	w.must(c, w.do(c, by, c.Team, lead.Log{Rep: by.ID, Activity: a}))
}

// reply is a customer's answer to the rep, who logs it when they see it.
func (w *world) reply(c *card) {
	rep, m := w.owner(c)
	seen := m.there.next(w.now)
	if c.State != lead.StateWorking && c.State != lead.StatePaused || seen >= end {
		return
	}
	if seen > w.now { // at night
		w.agenda.add(happening{at: seen + w.about(2*hour), what: reply, who: c.number, mark: c.mark})
		return
	}
	by := lead.Actor{Kind: "rep", ID: rep.ID}
	a := lead.Logged{Way: lead.WayMail, Inbound: true}
	if w.chance(0.2) { // logged only now
		a.Done = w.time.Add(-time.Duration(w.about(12*hour)) * time.Second)
	}
	w.log(c, a, by)
	w.outcome(c, by, m, time.Time{})
}

// hopes are how likely a talk converts, by grade.
var hopes = map[lead.Grade]float64{lead.GradeAPlus: 0.20, lead.GradeA: 0.13, lead.GradeB: 0.07, lead.GradeC: 0.035, lead.GradeD: 0.015}

// outcome is what a talk led to.
func (w *world) outcome(c *card, by lead.Actor, m *member, step time.Time) {
	hope := hopes[c.Grade] * m.skill
	x := w.random.Float64()
	over := func(p float64) bool { x -= p; return x < 0 }
	var next lead.Command
	switch {
	case c.deal > 0: // it takes its time
	case over(hope / 2):
		next = lead.Convert{Rep: by.ID, Value: lead.Money{Amount: 90_000, Currency: "EUR"}}
	case over(hope / 2):
		c.deal = w.now + 2*day + w.about(16*day)
		next = lead.Deal{Rep: by.ID, Open: true, Value: lead.Money{Amount: 200_000, Currency: "EUR"}, Close: time.Unix(c.deal, 0).UTC()}
	case over(0.25):
		next = lead.Close{Rep: by.ID, As: lead.StateLost, Reason: "bought elsewhere"}
	case over(0.05):
		next = lead.Close{Rep: by.ID, As: lead.StateJunk, Reason: "no need"}
	case over(0.04):
		next = lead.Recycle{Rep: by.ID, Reason: "not yet"}
	case over(0.05):
		next = lead.Hold{Rep: by.ID, Reason: "after the holidays"}
	case over(0.04) && c.Cohort == "":
		next = lead.Release{Rep: by.ID, Reason: "no time"}
	case w.now-c.Period.Start.Unix() > 20*day && !c.Period.Extended && !c.Period.Touched.IsZero() && over(0.5):
		next = lead.Extend{Rep: by.ID, Reason: "nearly there"}
	case w.chance(0.006):
		w.plan(w.now+w.about(hour), wishOut, c.number)
	}
	if _, hold := next.(lead.Hold); hold && (c.State != lead.StateWorking || c.Period.Held >= 90*24*time.Hour) {
		next = nil
	}
	if next != nil {
		w.must(c, w.do(c, by, c.Team, next))
	}
	switch {
	case c.Period == nil:
	case c.State == lead.StatePaused:
		w.planWork(c, w.now+20*day+w.about(35*day))
	case !step.IsZero():
		w.planWork(c, step.Unix()+w.about(3*hour))
	default:
		w.planWork(c, w.now+12*hour+w.about(cadence[c.Grade]))
	}
}

// cadence is after what time a rep gets back to a customer without a planned step.
var cadence = map[lead.Grade]int64{lead.GradeAPlus: 8 * hour, lead.GradeA: 16 * hour, lead.GradeB: 2 * day, lead.GradeC: 3 * day, lead.GradeD: 3 * day}

// decide is how an open deal ends.
func (w *world) decide(c *card, by lead.Actor) {
	switch x := w.random.Float64(); {
	case x < 0.55:
		w.must(c, w.do(c, by, c.Team, lead.Convert{Rep: by.ID, Value: lead.Money{Amount: 200_000, Currency: "EUR"}, Order: c.ID}))
	case x < 0.85:
		w.must(c, w.do(c, by, c.Team, lead.Close{Rep: by.ID, As: lead.StateLost, Reason: "no budget"}))
	default:
		c.deal = 0
		w.must(c, w.do(c, by, c.Team, lead.Deal{Rep: by.ID}))
		w.planWork(c, w.now+w.about(2*day))
	}
}
