package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// act is what a person does to a lead through the desk; what is the last part
// of its address.
type act struct {
	user   string // who
	rep    string // the rep that the user is, "" where none
	lead   string
	what   string
	target string // of an assign or a move: to whom
	pool   string // of a move: into which
	bare   bool   // of a follow-up: without evidence that the customer was reached

	contacts bool      // of a follow-up: the person was contacted, and no reason is given for doing so too often
	done     time.Time // of a follow-up: when; zero is at once
}

// attempt is an act with what came of it. Positions count what the checker saw,
// so that they are ordered where moments are equal.
type attempt struct {
	act
	call, back int64 // back is 0 until it is answered
	status     int
	led        *stance // what a verified lead came to
	excused    bool    // at some moment meanwhile a limit, or the policy, stood against it
}

func (a *attempt) ok() bool { return a.status >= 200 && a.status < 300 }

// unknown reports whether nobody can tell what came of it.
func (a *attempt) unknown() bool { return a.back == 0 || a.status == 0 || a.status >= 500 }

// deed is a committed change of a lead.
type deed struct {
	at            int64
	by            lead.Actor
	what          string // "" for what only the system does
	before, after stance
	told          bool // is that of a recorded act
}

// story is all that happened to a lead.
type story struct {
	attempts []int
	deeds    []deed
}

// began notes that a person sets out to do something; the number is for ended.
func (c *checker) began(op act) int {
	c.position++
	i := len(c.acts)
	c.acts = append(c.acts, attempt{act: op, call: c.position})
	c.begun = append(c.begun, i)
	s := c.storyOf(op.lead)
	s.attempts = append(s.attempts, i)
	c.excuse()
	return i
}

// ended notes the answer's status, 0 where none came.
func (c *checker) ended(i, status int) {
	c.position++
	c.acts[i].back, c.acts[i].status = c.position, status
	c.begun = slices.DeleteFunc(c.begun, func(b int) bool { return b == i })
}

func (c *checker) storyOf(id string) *story {
	s := c.stories[id]
	if s == nil {
		s = &story{}
		c.stories[id] = s
	}
	return s
}

// story adds a committed entry to the story of its lead.
func (c *checker) story(m made) {
	s := c.storyOf(m.after.ID)
	s.deeds = append(s.deeds, deed{at: c.position, by: m.entry.By, what: actOf(m.entry),
		before: stanceOf(m.before), after: stanceOf(m.after)})
}

// actOf is the act that an entry tells of, "" where the system did it.
func actOf(e lead.Entry) string {
	if e.By.Kind == "system" {
		return ""
	}
	what := ""
	for _, event := range e.Events {
		switch e := event.(type) {
		case lead.Joined, lead.Absorbed, lead.Took, lead.Restored, lead.Returned: // of persons, not of a lead
			return ""
		case lead.Verified:
			return "verify"
		case lead.Moved:
			if e.Job != "" { // the sweep's, for a manager
				return ""
			}
			return "move"
		case lead.Qualified:
			return "qualify"
		case lead.Claimed:
			return "claim"
		case lead.Offered:
			return "assign"
		case lead.Accepted:
			return "accept"
		case lead.Rejected:
			return "reject"
		case lead.Logged:
			return "log"
		case lead.PutOnHold:
			return "hold"
		case lead.Converted:
			return "convert"
		case lead.HandedOver:
			return "confirm"
		case lead.Closed:
			return string(e.As)
		case lead.Extended:
			return "extend"
		case lead.Dealt:
			return "deal"
		case lead.Tagged:
			return "tag"
		case lead.Revealed:
			return "reveal"
		case lead.OptedOut:
			return "opt-out"
		case lead.Called, lead.Dialled:
			return "" // of a list, not of a lead
		case lead.Nurtured:
			what = "recycle"
		case lead.Pooled:
			what = "release"
		}
	}
	return what
}

// excuse notes which acts under way would be refused now for a reason that is
// not the lead's state: refusing them is right then.
func (c *checker) excuse() {
	for _, i := range c.begun {
		if a := &c.acts[i]; !a.excused {
			a.excused = c.hindered(a.act)
		}
	}
}

func (c *checker) hindered(a act) bool {
	w, rep := c.leads[a.lead], a.rep
	gives := a.what == "assign" || a.what == "move" && a.target != ""
	if gives {
		rep = a.target
	}
	r := c.reps[rep]
	switch {
	case w == nil:
		return true
	case a.what == "qualify":
		return slices.ContainsFunc(c.recent(), func(d *policy.Policy) bool {
			team, _ := d.Team(w.lead.Team)
			return len(team.Verdicts) == 0
		})
	case a.what == "log":
		return a.contacts && !c.mayContact(a, w.lead)
	case (a.what == "reveal" || a.what == "tag") && r != nil && w.lead.State == lead.StatePooled:
		return slices.ContainsFunc(c.recent(), func(d *policy.Policy) bool { return !d.IsMember(w.lead.Pool, r.Rep) })
	case a.what != "claim" && !gives:
		return false
	case r == nil || !r.Active || r.Cap != nil && r.Holding >= *r.Cap:
		return true
	}
	_, claimed := r.CountToday(c.now())
	for _, d := range c.recent() {
		for _, team := range append(r.Teams[:len(r.Teams):len(r.Teams)], w.lead.Team) {
			if w.lead.HadBy(rep, c.now(), d.Rules(team).CoolOff) {
				return true
			}
		}
		if a.what == "claim" && w.lead.State == lead.StatePooled && (claimed >= d.ClaimLimit(w.lead.Pool) || c.shut(d, w.lead, r.Rep)) {
			return true
		}
	}
	return false
}

// mayContact reports whether the budget of a lead's person lets a rep contact them.
func (c *checker) mayContact(a act, l lead.Lead) bool {
	who := c.persons[c.root(l.Person)]
	at := a.done
	if at.IsZero() {
		at = c.now()
	}
	return who.OptOut.IsZero() && !slices.ContainsFunc(c.recent(), func(d *policy.Policy) bool {
		_, fits := c.fits(untilNextDay(who.Contacts, at), touching{at, d.Version(), l.Grade, l.Facts.Country})
		return !fits
	})
}

// shut reports whether a pool does not let a rep claim a lead now.
func (c *checker) shut(d *policy.Policy, l lead.Lead, r lead.Rep) bool {
	pool, _ := d.Pool(l.Pool)
	frozen := pool.Freeze != nil && c.now().Before(l.Since.Add(time.Duration(*pool.Freeze)))
	return frozen || pool.Assigned || !d.IsMember(l.Pool, r)
}

// answers gives each deed of a person to the act that asked for it: what was
// answered with success was done once, and what was refused was not. Deeds that
// nobody was seen to ask for are left alone.
func (c *checker) answers(id string, s *story) {
	used := map[int]bool{}
	find := func(d *deed, fits func(i int, a *attempt) bool) int {
		best := -1
		for _, i := range s.attempts {
			a := &c.acts[i]
			mine := a.what == d.what && (d.by.ID == a.user || d.by.Kind == "rep" && d.by.ID == a.rep)
			if mine && a.call < d.at && fits(i, a) && (best < 0 || a.back < c.acts[best].back) {
				best = i
			}
		}
		return best
	}
	give := func(d *deed, by int) {
		if used[by], d.told = true, true; d.what == "verify" {
			c.acts[by].led = &d.after
		}
	}
	for i := range s.deeds {
		d := &s.deeds[i]
		if d.what == "" {
			continue
		}
		if by := find(d, func(i int, a *attempt) bool { return a.ok() && d.at < a.back && !used[i] }); by >= 0 {
			give(d, by)
		}
	}
	for i := range s.deeds {
		d := &s.deeds[i]
		if d.what == "" || d.told {
			continue
		}
		if by := find(d, func(i int, a *attempt) bool { return a.unknown() && !used[i] }); by >= 0 {
			give(d, by)
			continue
		}
		if by := find(d, func(int, *attempt) bool { return true }); c.breaks(ruleAnswer, by < 0) {
			c.tell(ruleAnswer, id, "%s of %s was done, but refused or not asked for as often: %s", d.what, d.by.ID, c.tellStory(s))
		}
	}
	for _, i := range s.attempts {
		if a := &c.acts[i]; a.ok() && c.breaks(ruleAnswer, used[i] || a.what == "tag") { // tags that are there already
			c.tell(ruleAnswer, id, "%s of %s was answered with success, but it was not done", a.what, a.user)
		}
	}
}
