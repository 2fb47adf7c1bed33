package sim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

var repNames = []string{"Amy", "Ben", "Cai", "Dan", "Eva", "Fei", "Gus", "Ida", "Jon", "Kim", "Lea", "Nils"}

// repNumber is a rep without anything that worlds differ in.
func repNumber(i int) lead.Rep {
	id := fmt.Sprintf("r%d", i+1)
	return lead.Rep{ID: id, Name: fmt.Sprintf("%s %d", repNames[i%len(repNames)], i+1), Email: id + "@fernway.example", Zone: "UTC", Active: true}
}

var allTeams = []string{"kids", "maths", "schools", "enquiries"}

// staff are the reps of a world. In one without arrivals of its own they are all
// of every team, at any time and without limits, so that a script can count on
// them.
func staff(o Options, r *rand.Rand) []lead.Rep {
	reps := make([]lead.Rep, o.Reps)
	for i := range reps {
		rep := repNumber(i)
		switch {
		case o.LeadsPerDay == 0:
			rep.Teams = slices.Clone(allTeams)
		case o.LeadsPerDay < companySize:
			smallStaff(&rep, i, r)
		default:
			companyStaff(&rep, i, o, r)
		}
		reps[i] = rep
	}
	return reps
}

// smallStaff: everybody is of one or two teams, with limits that are soon
// reached; some work by shifts.
func smallStaff(rep *lead.Rep, i int, r *rand.Rand) {
	rep.Teams = []string{allTeams[i%3]}
	if i == 1 {
		rep.Teams = append(rep.Teams, "enquiries")
	} else if second := allTeams[r.IntN(len(allTeams))]; second != rep.Teams[0] {
		rep.Teams = append(rep.Teams, second)
	}
	if r.IntN(10) > 0 {
		rep.Cap = new(2 + r.IntN(9))
	}
	if r.IntN(10) < 6 {
		rep.Quota = new(1 + r.IntN(8))
	}
	if r.IntN(4) == 0 {
		rep.Pace = new(pick(r, []int{20, 60, 600, 3000})) // a lead in 36 hours to one in 14 minutes
	}
	if r.IntN(2) == 0 {
		rep.Target = new(r.IntN(3))
	}
	if r.IntN(3) > 0 {
		rep.Territories = pick(r, [][]string{{"germany"}, {"berlin"}, {"austria"}, {"berlin", "austria"}})
	}
	rep.Level = pick(r, []string{"", "junior", "senior"})
	if r.IntN(6) == 0 {
		rep.Calendar = "house"
	}
	if r.IntN(3) == 0 {
		rep.Zone = pick(r, []string{"UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York"})
		from := r.IntN(14)
		rep.Shifts = []lead.Shift{{Days: []time.Weekday{1, 2, 3, 4, 5, time.Weekday(6 * r.IntN(2))},
			From: fmt.Sprintf("%02d:00", from), To: fmt.Sprintf("%02d:30", from+7+r.IntN(3))}}
	}
	if r.IntN(6) == 0 {
		away := begin.AddDate(0, 0, r.IntN(4))
		rep.Leave = []lead.Leave{{From: away.Format(time.DateOnly), To: away.AddDate(0, 0, r.IntN(3)).Format(time.DateOnly)}}
	}
}

// companyStaff: half of the reps work with children, a quarter each with maths
// and with schools, whose enquiries they look at first. Two in five are there at any time, one of them without limits; the
// others work by shifts in three zones. Limits are a little above what comes in.
func companyStaff(rep *lead.Rep, i int, o Options, r *rand.Rand) {
	rep.Teams = []string{[]string{"kids", "maths", "schools", "kids"}[i%4]}
	rep.Level, rep.Target = []string{"senior", "junior"}[i%2], new(2+i%3)
	if rep.Teams[0] == "schools" {
		rep.Teams, rep.Territories = append(rep.Teams, "enquiries"), []string{[]string{"germany", "austria", "berlin"}[i%3]}
	}
	if i%5 == 0 {
		return
	}
	load := float64(o.LeadsPerDay) / float64(o.Reps) * float64(len(rep.Teams)) // a school's lead is given twice
	if i%7 == 2 {
		rep.Pace = new(max(10, int(load*(20+20*r.Float64()))))
	}
	rep.Cap = new(max(5, int(load*(5+5*r.Float64()))))
	rep.Quota = new(max(3, int(load*(2+2*r.Float64()))))
	if i%5 == 1 {
		return
	}
	rep.Zone = []string{"Europe/Berlin", "Asia/Shanghai", "America/New_York"}[i%3]
	weekdays := []time.Weekday{1, 2, 3, 4, 5}
	rep.Shifts = []lead.Shift{{Days: weekdays, From: "08:00", To: "12:30"}, {Days: weekdays, From: "13:00", To: "18:30"}}
	if r.IntN(4) == 0 {
		away := begin.AddDate(0, 0, r.IntN(max(1, o.Days)))
		rep.Leave = []lead.Leave{{From: away.Format(time.DateOnly), To: away.AddDate(0, 0, 4+r.IntN(8)).Format(time.DateOnly)}}
	}
}

// records plans the day's changes of reps' records.
func (p *people) records(start time.Time) {
	for range p.whole(p.mood.moves) {
		p.at(start.Add(p.hour()), p.editSomebody)
	}
}

// editSomebody changes a rep's record: limits, leave, teams, or whether they are
// there at all, which is undone some hours later. Now and then two people change
// it at once.
func (p *people) editSomebody() {
	r := p.world.random
	i := r.IntN(len(p.crew))
	ops := p.role(policy.RoleOps)
	p.edit(ops, i, p.edits(), 2)
	if r.IntN(4) == 0 {
		p.edit(p.managerOf(i), i, p.edits(), 2)
	}
}

// managerOf is who manages a rep's first team.
func (p *people) managerOf(i int) string { return p.teamOf(p.crew[i].teams[0]).Manager }

// edits is a change of a record, and what undoes it, nil for nothing.
func (p *people) edits() change {
	r := p.world.random
	n, more := r.IntN(3), r.IntN(2) == 0
	switch r.IntN(8) {
	case 6:
		return change{do: func(rep *lead.Rep) { adjust(&rep.Pace, n+1, more) }}
	case 7:
		where := pick(r, []string{"germany", "berlin", "austria"})
		return change{do: func(rep *lead.Rep) { rep.Territories, rep.Target, rep.Level = []string{where}, &n, "senior" }}
	case 0:
		return change{do: func(rep *lead.Rep) { adjust(&rep.Cap, n+1, more) }}
	case 1:
		return change{do: func(rep *lead.Rep) { adjust(&rep.Quota, n+1, more) }}
	case 2:
		today := p.world.now
		return change{do: func(rep *lead.Rep) {
			rep.Leave = []lead.Leave{{From: today.Format(time.DateOnly), To: today.AddDate(0, 0, n).Format(time.DateOnly)}}
		}}
	case 3, 4:
		team := pick(r, allTeams)
		return change{do: func(rep *lead.Rep) { p.move(rep, team) }}
	}
	return change{do: func(rep *lead.Rep) { rep.Active = false }, undo: func(rep *lead.Rep) { rep.Active = true }}
}

type change struct{ do, undo func(*lead.Rep) }

// adjust changes a limit by a part of itself, and gives one that has none.
func adjust(limit **int, n int, more bool) {
	value := 8
	if *limit != nil {
		value = **limit
	}
	by := max(1, value*n/6)
	if more {
		value += by
	} else {
		value = max(1, value-by)
	}
	*limit = &value
}

// move takes a rep out of a team that has others, or adds the rep to it.
func (p *people) move(rep *lead.Rep, team string) {
	if !slices.Contains(rep.Teams, team) {
		rep.Teams = append(rep.Teams, team)
		return
	}
	others := slices.ContainsFunc(p.crew, func(c crewmate) bool { return c.id != rep.ID && c.active && c.of(team) })
	if others && len(rep.Teams) > 1 {
		rep.Teams = slices.DeleteFunc(slices.Clone(rep.Teams), func(t string) bool { return t == team })
	}
}

// edit reads the record, changes it and writes it back, and does all of that
// again where somebody else was quicker or no answer came.
func (p *people) edit(user string, i int, c change, tries int) {
	path := "/api/reps/" + p.crew[i].id
	again := func(status int) bool {
		retry := (status == http.StatusConflict || status == 0 || status >= 500) && tries > 1
		if retry {
			p.after(p.soon(20*time.Minute), func() { p.edit(user, i, c, tries-1) })
		}
		return retry
	}
	p.reads(user, path, nil, func(a answer) {
		var record app.RepView
		if a.status != http.StatusOK || json.Unmarshal(a.body, &record) != nil {
			again(a.status)
			return
		}
		c.do(&record.Rep)
		changed, _ := json.Marshal(record) // as it was read
		p.world.ask(request{function: "desk", method: http.MethodPut, path: path, user: user, header: jsonBody, body: changed}, func(a answer) {
			p.figures.act("edit a rep", a.status)
			p.sensible("PUT "+path, a.status)
			if a.status == http.StatusOK && json.Unmarshal(a.body, &record) == nil {
				p.crew[i].teams, p.crew[i].active, p.crew[i].always = record.Teams, record.Active, false
			}
			if !again(a.status) && c.undo != nil {
				p.after(time.Hour+p.soon(day), func() { p.edit(user, i, change{do: c.undo}, editTries) })
			}
		})
	})
}

// editTries is how often somebody tries to change a record.
const editTries = 5
