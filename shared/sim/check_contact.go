package sim

import (
	"slices"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

// touching is a contact with a person, by what the budget goes by.
type touching struct {
	at      time.Time
	policy  int
	grade   lead.Grade
	country string
}

// contacts judges each contact of an entry with the person. They are written in the
// same commit, so that no two contacts count as one.
func (c *checker) contacts(m *made, t *commit) {
	l := m.after
	x := touching{m.entry.At, m.entry.Policy, l.Grade, l.Facts.Country}
	for _, event := range m.entry.Events {
		switch e := event.(type) {
		case lead.Swept:
			if e.Did == lead.DidTouch || e.Did == lead.DidList {
				c.touched(m, t, x)
			}
		case lead.Nudged:
			if e.Skipped == "" {
				c.touched(m, t, x)
			}
		case lead.Logged:
			x.grade = m.before.Grade
			if e.Way != lead.WayNote && !e.Inbound {
				c.met(m, t, e, x)
			}
		}
	}
}

// touched judges a contact by the system: within the budget as it was, awake, and
// not against the person's will.
func (c *checker) touched(m *made, t *commit, x touching) {
	who := c.reserved(m, t, x)
	if who == nil {
		return
	}
	if c.breaks(ruleBudget, who.OptOut.IsZero()) {
		c.tell(ruleBudget, m.after.ID, "%s contacts person %s, who opted out at %s", m.entry.ID(), m.after.Person, who.OptOut)
	}
	if c.breaks(ruleBudget, !c.quietOf(x.policy, x.country).at(x.at)) {
		c.tell(ruleBudget, m.after.ID, "%s contacts person %s in quiet hours", m.entry.ID(), m.after.Person)
	}
	if over, fits := c.fits(who.Contacts, x); c.breaks(ruleBudget, fits) {
		c.tell(ruleBudget, m.after.ID, "%s contacts person %s beyond %+v, after %v", m.entry.ID(), m.after.Person, over, who.Contacts)
	}
}

// met judges a contact by a rep: where it is beyond the budget, and nowhere else,
// the history says why.
func (c *checker) met(m *made, t *commit, e lead.Logged, x touching) {
	if !e.Done.IsZero() {
		x.at = e.Done
	}
	who := c.reserved(m, t, x)
	if who == nil {
		return
	}
	over, fits := c.fits(untilNextDay(who.Contacts, x.at), x)
	if c.breaks(ruleBudget, (fits && who.OptOut.IsZero()) == (e.Beyond == "")) {
		c.tell(ruleBudget, m.after.ID, "%s meets person %s, who opted out at %s, after %v, beyond %+v, because %q", m.entry.ID(), m.after.Person, who.OptOut, who.Contacts, over, e.Beyond)
	}
}

// untilNextDay are the contacts that count for one that is told of afterwards: those
// before it and within a day after it.
func untilNextDay(contacts []time.Time, at time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(contacts), func(c time.Time) bool { return !c.Before(at.Add(day)) })
}

// reserved is the person as they were before a contact that the commit must count;
// nil where it does not.
func (c *checker) reserved(m *made, t *commit, x touching) *acquainted {
	who, id := t.known[m.after.Person], m.after.Person
	if c.breaks(ruleBudget, who != nil && slices.Contains(c.persons[id].Contacts, second(x.at))) {
		c.tell(ruleBudget, m.after.ID, "%s contacts person %s at %s and does not count it", m.entry.ID(), id, x.at)
		return nil
	}
	return who
}

// second is a moment as contacts are kept.
func second(at time.Time) time.Time { return at.UTC().Truncate(time.Second) }

// fits reports whether the budget allows one more contact, or which limit does not.
func (c *checker) fits(contacts []time.Time, x touching) (over lead.Limit, fits bool) {
	zone := c.zoneOf(x.policy, x.country)
	today := dayNumber(x.at, zone)
	for _, limit := range c.limitsOf(x.policy, x.grade) {
		n := 0
		for _, at := range contacts {
			if dayNumber(at, zone) > today-limit.Days {
				n++
			}
		}
		if n >= limit.Most {
			return limit, false
		}
	}
	return lead.Limit{}, true
}

// dayNumber counts the days by the clocks of a zone.
func dayNumber(at time.Time, zone *time.Location) int {
	_, offset := at.In(zone).Zone()
	return int((at.Unix() + int64(offset)) / int64(day/time.Second))
}

// limitsOf are the limits of contacts that hold for leads of a grade by a version
// of the policy, and where it says nothing those of the product's description.
func (c *checker) limitsOf(policy int, g lead.Grade) []lead.Limit {
	contact := c.documents[policy].Contact
	all, grades := contact.Limits, contact.Grades
	if all == nil {
		all = []lead.Limit{{Most: 1, Days: 1}, {Most: 3, Days: 7}, {Most: 8, Days: 30}}
	}
	if grades == nil {
		daily := []lead.Limit{{Most: 1, Days: 1}}
		grades = map[lead.Grade][]lead.Limit{lead.GradeAPlus: daily, lead.GradeA: daily, lead.GradeC: {{Most: 2, Days: 7}}}
	}
	return slices.Concat(all, grades[g])
}

// zoneOf is whose clocks count for the people of a country.
func (c *checker) zoneOf(policy int, country string) *time.Location {
	doc := c.documents[policy]
	name, ok := doc.Contact.Zones[country]
	if !ok {
		name = doc.Zone
	}
	return lead.Zone(name)
}

// silence is when people are left in peace: from one minute of the day to another.
type silence struct {
	from, to int
	zone     *time.Location
}

// quietOf is the silence of a country by a version of the policy.
func (c *checker) quietOf(policy int, country string) silence {
	q := hours.Quiet{From: "21:00", To: "08:00"}
	if given := c.documents[policy].Contact.Quiet; given != nil {
		q = *given
	}
	return silence{minuteOf(q.From), minuteOf(q.To), c.zoneOf(policy, country)}
}

func minuteOf(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

func (n silence) at(t time.Time) bool {
	t = t.In(n.zone)
	minute := t.Hour()*60 + t.Minute()
	if n.from <= n.to {
		return n.from <= minute && minute < n.to
	}
	return n.from <= minute || minute < n.to
}

func (n silence) length() time.Duration {
	const ofDay = 24 * 60
	return time.Duration((n.to-n.from+ofDay)%ofDay) * time.Minute
}

// contacted holds that a person's contacts are those that the commit's entries tell
// of, and that who opted out stays so.
func (c *checker) contacted(id string, before, after *acquainted, t *commit) {
	if before.Into != after.Into || len(after.Parts) < len(before.Parts) { // told elsewhere
		return
	}
	var told []time.Time
	opted := before.OptOut
	for _, p := range t.persons { // who is merged into them brings what they have
		if other := t.known[p.id]; other != nil && c.persons[p.id].Into == id && other.Into == "" {
			told = append(told, c.persons[p.id].Contacts...)
			if at := c.persons[p.id].OptOut; !at.IsZero() && (opted.IsZero() || at.Before(opted)) {
				opted = at
			}
		}
	}
	for _, m := range t.made {
		if m.after.Person != id {
			continue
		}
		for _, event := range m.entry.Events {
			switch e := event.(type) {
			case lead.Swept, lead.Nudged:
				told = append(told, second(m.entry.At))
			case lead.Logged:
				told = append(told, second(m.entry.At))
				if !e.Done.IsZero() {
					told[len(told)-1] = second(e.Done)
				}
			case lead.OptedOut:
				// Who was merged with somebody who opted out may do so themself.
				if opted.IsZero() || len(before.Parts) > 0 && second(after.OptOut).Equal(second(m.entry.At)) {
					opted = m.entry.At
				}
			}
		}
	}
	for _, at := range after.Contacts {
		if c.breaks(ruleBudget, slices.Contains(before.Contacts, at) || slices.Contains(told, at)) {
			c.tell(ruleBudget, "", "person %s counts a contact at %s that nobody tells of", id, at)
		}
	}
	for _, at := range before.Contacts {
		if c.breaks(ruleBudget, slices.Contains(after.Contacts, at) || c.now().Sub(at) > contactsCount) {
			c.tell(ruleBudget, "", "person %s counts the contact at %s no more", id, at)
		}
	}
	if c.breaks(ruleBudget, second(after.OptOut).Equal(second(opted))) {
		c.tell(ruleBudget, "", "person %s is marked as opted out at %s, by the histories at %s", id, after.OptOut, opted)
	}
}

// contactsCount is for how long a contact counts by any policy of a world.
const contactsCount = 30 * day
