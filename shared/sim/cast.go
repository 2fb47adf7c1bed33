package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"sluice/shared/lead"
)

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
	c.post(0, "", url.Values{"age": {"16"}, "email": {mailOnList(person)}}, 6)
}

func mailOnList(person int) string { return fmt.Sprintf("list.%d@quillon.example", person) }

// crowd has several processes know the reps as they are now.
func (c *cast) crowd() {
	for i := range 6 {
		c.hopeless(100 + i)
	}
	c.pass(4 * time.Second)
}

// school posts the form for schools, whose leads are another team's.
func (c *cast) school(person int) {
	c.post(1, "", url.Values{"company": {"Quillon School"}, "email": {fmt.Sprintf("school.%d@quillon.example", person)}}, 6)
}

func (c *cast) post(form int, key string, body url.Values, tries int) {
	if body.Get("name") == "" {
		body.Set("name", personalMarkers[0])
	}
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
	pool, _ := body["pool"].(string)
	data, _ := json.Marshal(body) // strings and numbers
	if body == nil {
		data = []byte("{}")
	}
	way, _ := body["way"].(string)
	n := c.checker.began(act{user: user, rep: rep, lead: id, what: what, target: target, pool: pool, bare: way != lead.WayMeeting, contacts: what == "log"})
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

func (c *cast) snapshot() lead.Lead { return c.leadOf(c.leads[0]) }

func (c *cast) leadOf(id string) lead.Lead {
	item, ok := c.table.Get("L#"+id, "L")
	var l lead.Lead
	if !ok || json.Unmarshal([]byte(item.Text("doc")), &l) != nil {
		panic("scenario: there is no lead")
	}
	l.ID = id
	return l
}

func (c *cast) byOwner(what string, body map[string]any) { c.byOwnerOf(0, what, body) }

func (c *cast) byOwnerOf(n int, what string, body map[string]any) {
	rep := c.leadOf(c.leads[n]).Owner()
	c.does(rep, rep, c.leads[n], what, body)
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

// elsewhere is a manager's move to the first rep who does not have the lead.
func (c *cast) elsewhere() map[string]any {
	owner := c.owner()
	i := slices.IndexFunc(c.reps, func(r lead.Rep) bool { return r.ID != owner })
	return map[string]any{"rep": c.reps[i].ID, "reason": "shared out anew"}
}

// both gives two leads to the first rep, who alone can take any then.
func (c *cast) both() {
	c.limit(9, 9)
	c.enquire(1)
	c.enquire(2)
	c.pass(time.Minute)
	free := 9
	for _, r := range c.reps[1:] {
		r.Revision, r.Cap = 2, &free
		c.put(r)
	}
}

// remove begins a job that moves leads.
func (c *cast) remove(from, to map[string]any) {
	body, _ := json.Marshal(map[string]any{"from": from, "to": to, "reason": "shared out anew"}) // texts
	c.ask(request{function: "desk", method: "POST", path: "/api/moves", user: c.role("manager"),
		header: map[string]string{"Content-Type": "application/json"}, body: body}, func(a answer) {
		var begun struct{ ID string }
		if a.status == http.StatusOK && json.Unmarshal(a.body, &begun) == nil {
			c.job = begun.ID
		}
	})
}

// stopJob has the manager stop the job that was begun, once.
func (c *cast) stopJob() {
	job := c.job
	if c.job = ""; job != "" {
		c.ask(request{function: "desk", method: "POST", path: "/api/moves/" + job + "/stop", user: c.role("manager"),
			header: map[string]string{"Content-Type": "application/json"}, body: []byte("{}")}, func(answer) {})
	}
}

// pace gives the first rep a pace and lets no other rep take a lead.
func (c *cast) pace(n int) {
	none := 0
	for i, r := range c.reps {
		r.Revision = 1
		if r.Pace = &n; i > 0 {
			r.Pace, r.Cap = nil, &none
		}
		c.put(r)
	}
	c.pass(time.Minute)
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
