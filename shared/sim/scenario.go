package sim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"sluice/shared/lead"
)

// Scenario is a short piece of business by script, for trying every fault at
// every call of it.
type Scenario struct {
	Name  string
	setup func(*cast) // what has happened before, without faults
	act   func(*cast)
}

// cast is who acts in a scenario.
type cast struct {
	*World
	leads []string // as they were created
}

// Scenarios lists them all.
func Scenarios() []Scenario {
	return []Scenario{
		{"an enquiry", nothing, func(c *cast) { c.enquire(1) }},
		{"an enquiry to warm functions", func(c *cast) { c.enquire(1); c.pass(time.Minute) }, func(c *cast) { c.enquire(2) }},
		{"one person twice at once", nothing, func(c *cast) { c.enquire(1); c.enquire(1) }},
		{"a program that repeats itself", nothing, func(c *cast) { c.program(1, "key-1"); c.program(1, "key-1") }},
		{"a key used for two bodies", nothing, func(c *cast) { c.program(1, "key-1"); c.program(2, "key-1") }},
		{"quarantine", nothing, func(c *cast) { c.enquire(-1) }},
		{"a touch on an open lead", offered, func(c *cast) { c.enquire(1) }},
		{"two enquiries for one place", func(c *cast) { c.limit(1, 9) }, func(c *cast) { c.enquire(1); c.enquire(2) }},
		{"a claim and an enquiry for the last place", func(c *cast) {
			c.limit(2, 9)
			c.hopeless(1)
			c.pass(time.Minute)
			c.enquire(2)
			c.pass(time.Minute)
		}, func(c *cast) {
			c.school(3)
			c.after(20*time.Millisecond, func() { c.does("r1", "r1", c.leads[0], "claim", nil) })
		}},
		{"two teams and one quota", func(c *cast) {
			c.limit(9, 2)
			c.enquire(1)
			c.pass(time.Minute)
		}, func(c *cast) { c.enquire(2); c.school(3); c.school(4) }},
		{"two teams at midnight", func(c *cast) {
			c.limit(9, 9)
			c.enquire(1)
			c.runUntil(c.now.Truncate(day).Add(day - time.Second))
		}, func(c *cast) {
			for i := range 12 {
				at := c.now.Add(time.Second - 240*time.Millisecond + time.Duration(i)*20*time.Millisecond)
				c.at(at, func() { c.enquire(10 + i) })
				c.at(at, func() { c.school(10 + i) })
			}
		}},
		{"one person asks for two things at once", offered, func(c *cast) { c.with(1, "home"); c.maths(1) }},
		{"eight enquiries at once for reps who have claimed", func(c *cast) {
			for i := range c.reps {
				c.hopeless(i)
			}
			c.pass(time.Minute)
			for i, r := range c.reps {
				c.does(r.ID, r.ID, c.leads[i], "claim", nil)
			}
			c.pass(time.Minute)
		}, func(c *cast) {
			for i := range 8 {
				c.enquire(1 + i)
			}
		}},
		{"the last claim of the day twice at once", func(c *cast) {
			for i := range 4 {
				c.hopeless(i)
			}
			c.pass(time.Minute)
			c.does("r1", "r1", c.leads[0], "claim", nil)
			c.does("r1", "r1", c.leads[1], "claim", nil)
			c.pass(time.Minute)
		}, func(c *cast) {
			c.does("r1", "r1", c.leads[2], "claim", nil)
			c.does("r1", "r1", c.leads[3], "claim", nil)
		}},
		{"a rep added twice at once", nothing, func(c *cast) {
			r := repNumber(7)
			r.Teams = allTeams
			c.put(r)
			c.put(r)
		}},
		{"two policies at once", nothing, func(c *cast) {
			c.apply(policyChange(c.doc, c.random), 5)
			c.apply(policyChange(c.doc, c.random), 5)
		}},
		{"accept", offered, func(c *cast) { c.byOwner("accept", nil) }},
		{"accept twice at once", offered, func(c *cast) { c.byOwner("accept", nil); c.byOwner("accept", nil) }},
		{"reject", offered, func(c *cast) { c.byOwner("reject", because) }},
		{"dispatch", rejected, func(c *cast) { c.dispatch("assign", map[string]any{"rep": c.reps[0].ID}) }},
		{"nobody dispatches", rejected, func(c *cast) { c.pass(5 * time.Hour) }},
		{"nobody accepts", offered, func(c *cast) { c.pass(4 * time.Hour) }},
		{"accept as the time runs out", offered, func(c *cast) { c.lastMoment("accept", nil) }},
		{"log", working, func(c *cast) { c.byOwner("log", called) }},
		{"nobody follows up", working, func(c *cast) { c.pass(11 * 24 * time.Hour) }},
		{"log as the time runs out", working, func(c *cast) { c.lastMoment("log", called) }},
		{"release", working, func(c *cast) { c.byOwner("release", because) }},
		{"release while the customer comes back", working, func(c *cast) { c.byOwner("release", because); c.enquire(1) }},
		{"hold", working, func(c *cast) { c.byOwner("hold", because) }},
		{"recycle", working, func(c *cast) { c.byOwner("recycle", because) }},
		{"close", working, func(c *cast) { c.byOwner("lost", because) }},
		{"convert", working, func(c *cast) { c.byOwner("convert", won) }},
		{"confirm", converted, func(c *cast) { c.does(c.role("customer_success"), "", c.leads[0], "confirm", nil) }},
		{"a claim", pooled, func(c *cast) { c.claim(0) }},
		{"claims at once", pooled, func(c *cast) { c.claim(0); c.claim(1); c.claim(2) }},
		{"claims against a manager", pooled, func(c *cast) {
			c.claim(0)
			c.manage("assign", map[string]any{"rep": c.reps[1].ID})
		}},
		{"a claim while the customer comes back", pooled, func(c *cast) { c.claim(0); c.enquire(1) }},
		{"a claim while the rep's record changes", pooled, func(c *cast) { c.claim(0); c.edit(0) }},
		{"an enquiry while the policy changes", nothing, func(c *cast) {
			c.enquire(1)
			c.apply(policyChange(c.doc, c.random), 5)
		}},
		{"an enquiry while a version is deployed", offered, func(c *cast) {
			c.enquire(2)
			c.after(30*time.Millisecond, c.deploy)
		}},
	}
}

var (
	because = map[string]any{"reason": "no time this month"}
	called  = map[string]any{"way": "call", "summary": "spoke about the lesson"}
	won     = map[string]any{"value": map[string]any{"amount": 120_000, "currency": "CNY"}}
)

func nothing(*cast) {}

func offered(c *cast) {
	c.enquire(1)
	c.pass(2 * time.Minute)
}

func rejected(c *cast) {
	offered(c)
	c.byOwner("reject", because)
	c.pass(time.Minute)
}

func working(c *cast) {
	offered(c)
	c.byOwner("accept", nil)
	c.pass(time.Minute)
}

func converted(c *cast) {
	working(c)
	c.byOwner("convert", won)
	c.pass(time.Minute)
}

func pooled(c *cast) {
	working(c)
	c.byOwner("release", because)
	c.pass(time.Minute)
}

// pass lets time go by.
func (c *cast) pass(d time.Duration) { c.runUntil(c.now.Add(d)) }

// enquire posts the first form as one of the invented people, again where no
// answer comes. The person of number -1 gives nothing that can be reached.
func (c *cast) enquire(person int) { c.program(person, "") }

// program is enquire by a program, with an idempotency key.
func (c *cast) program(person int, key string) {
	phone := fmt.Sprintf("+8613977770%03d", person)
	if person < 0 {
		phone = "+8613888888888" // nobody has such a number
	}
	c.post(0, key, url.Values{"age": {"7"}, "phone": {phone}}, 6)
}

// with is enquire with a further address.
func (c *cast) with(person int, mail string) {
	c.post(0, "", url.Values{"phone": {fmt.Sprintf("+8613977770%03d", person)}, "email": {mail + "@quillon.example"}}, 6)
}

// maths is enquire for another product.
func (c *cast) maths(person int) {
	c.post(2, "", url.Values{"phone": {fmt.Sprintf("+8613977770%03d", person)}}, 6)
}

// hopeless posts what goes to rest in a pool.
func (c *cast) hopeless(person int) {
	c.post(0, "", url.Values{"age": {"16"}, "email": {fmt.Sprintf("list.%d@quillon.example", person)}}, 6)
}

// school posts the form for schools, whose leads are another team's.
func (c *cast) school(person int) {
	c.post(1, "", url.Values{"company": {"Quillon School"}, "email": {fmt.Sprintf("school.%d@quillon.example", person)}}, 6)
}

func (c *cast) post(form int, key string, body url.Values, tries int) {
	body.Set("name", personalMarkers[0])
	body.Set("consent", "yes")
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	if key != "" {
		header["Idempotency-Key"] = key
	}
	c.ask(request{function: "capture", method: "POST", path: "/f/" + c.doc.Forms[form].ID, header: header, body: []byte(body.Encode())}, func(a answer) {
		var out struct{ Submission string }
		switch {
		case a.status == 202 && json.Unmarshal(a.body, &out) == nil:
			c.checker.captured(out.Submission)
		case (a.status == 0 || a.status >= 500) && tries > 1:
			c.after(time.Minute, func() { c.post(form, key, body, tries-1) })
		}
	})
}

// does has somebody do something to a lead, again where no answer comes.
func (c *cast) does(user, rep, id, what string, body map[string]any) {
	c.tries(user, rep, id, what, body, 4)
}

func (c *cast) tries(user, rep, id, what string, body map[string]any, tries int) {
	target, _ := body["rep"].(string)
	data, _ := json.Marshal(body) // strings and numbers
	if body == nil {
		data = []byte("{}")
	}
	n := c.checker.began(act{user: user, rep: rep, lead: id, what: what, target: target})
	c.ask(request{function: "desk", method: "POST", path: "/api/leads/" + id + "/" + what, user: user,
		header: map[string]string{"Content-Type": "application/json"}, body: data}, func(a answer) {
		c.checker.ended(n, a.status)
		if (a.status == 0 || a.status >= 500) && tries > 1 {
			c.after(time.Minute, func() { c.tries(user, rep, id, what, body, tries-1) })
		}
	})
}

// owner is who has the first lead.
func (c *cast) owner() string { return c.snapshot().Owner() }

func (c *cast) snapshot() lead.Lead {
	item, ok := c.table.Get("L#"+c.leads[0], "L")
	var l lead.Lead
	if !ok || json.Unmarshal([]byte(item.Text("doc")), &l) != nil {
		panic("scenario: there is no lead")
	}
	return l
}

func (c *cast) byOwner(what string, body map[string]any) {
	rep := c.owner()
	c.does(rep, rep, c.leads[0], what, body)
}

// lastMoment does something within the very second in which the lead is due.
func (c *cast) lastMoment(what string, body map[string]any) {
	rep, due := c.owner(), c.snapshot().Deadline.At
	c.at(due.Truncate(time.Minute).Add(time.Minute-20*time.Millisecond), func() { c.does(rep, rep, c.leads[0], what, body) })
	c.runUntil(due.Add(5 * time.Minute))
}

// claim is by one of the reps who have not had the lead.
func (c *cast) claim(n int) {
	l := c.snapshot()
	var free []string
	for _, r := range c.reps {
		if !l.HadBy(r.ID, c.now, 1000*time.Hour) && slices.Contains(r.Teams, l.Team) {
			free = append(free, r.ID)
		}
	}
	if rep := free[n%len(free)]; true {
		c.does(rep, rep, c.leads[0], "claim", nil)
	}
}

func (c *cast) dispatch(what string, body map[string]any) {
	c.does(c.role("dispatcher"), "", c.leads[0], what, body)
}

func (c *cast) manage(what string, body map[string]any) {
	c.does(c.role("manager"), "", c.leads[0], what, body)
}

// role is a user of the role, of the first lead's team where there is one.
func (c *cast) role(role string) string {
	team := ""
	if len(c.leads) > 0 {
		team = c.snapshot().Team
	}
	for _, u := range c.doc.Users {
		for _, r := range u.Roles {
			if string(r) == role && (len(u.Teams) == 0 || team == "" || slices.Contains(u.Teams, team)) {
				return u.ID
			}
		}
	}
	panic("scenario: nobody is " + role)
}

// limit gives the first rep a cap and a quota and lets no other rep take a lead.
func (c *cast) limit(most, quota int) {
	none := 0
	for i, r := range c.reps {
		r.Revision = 1
		if r.Cap, r.Quota = &most, &quota; i > 0 {
			r.Cap = &none
		}
		c.put(r)
	}
	c.pass(time.Minute)
}

// edit changes a rep's record: it can take no lead any more.
func (c *cast) edit(n int) {
	none := 0
	r := c.reps[n]
	r.Revision, r.Cap = 1, &none
	c.put(r)
}

func (c *cast) put(r lead.Rep) {
	data, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	c.ask(request{function: "desk", method: "PUT", path: "/api/reps/" + r.ID, user: c.role("ops"),
		header: map[string]string{"Content-Type": "application/json"}, body: data}, func(answer) {})
}

// aftermath is how long a scenario's calls are counted after its act.
const aftermath = time.Minute

// play runs the scenario with faults at the given calls, counted from its act.
func (s Scenario) play(o Options) *World {
	o.Days, o.Reps = 0, 4
	faults := o.Faults
	o.Faults = nil
	w := newWorld(o)
	c := &cast{World: w}
	w.told = func(e lead.Entry) {
		if e.Version == 1 {
			c.leads = append(c.leads, e.Lead)
		}
	}
	s.setup(c)
	w.calls = 0
	if w.opts.classes != nil {
		*w.opts.classes = nil
	}
	for _, f := range faults {
		w.planned[f.At] = f.Kind
	}
	s.act(c)
	c.pass(aftermath)
	w.opts.classes = nil
	w.end, w.settling = w.now, 100*time.Minute
	w.run()
	return w
}
