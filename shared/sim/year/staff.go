package year

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"sluice/shared/lead"
)

// member is what there is to know of a rep beside the record.
type member struct {
	team    int
	shifts  spans   // of the year, less leave and holidays
	ill     spans   // days on which the record is inactive
	there   spans   // shifts less illness
	neglect float64 // chance to let a lead lie each time it is its turn
	notes   float64 // share of notes without evidence
	skill   float64 // of converting, 1 is usual
}

// staff makes the reps: three of five for team east. So many leads come in for each
// on a working day: caps and quotas are such that a busy one fills them.
func staff(n int, daily float64, random *rand.Rand) ([]lead.Rep, []member) {
	var reps []lead.Rep
	var members []member
	for i := range n {
		m := member{team: east, neglect: 0.01 + 0.05*random.Float64(), notes: 0.2 * random.Float64(), skill: 0.6 + 0.8*random.Float64()}
		if i >= 4 && i%5 >= 3 {
			m.team = west
		}
		t := teams[m.team]
		rep := lead.Rep{ID: fmt.Sprintf("r%d", i+1), Name: fmt.Sprintf("Rep %d", i+1), Email: fmt.Sprintf("r%d@fernway.example", i+1),
			Teams: []string{t.id}, Active: true, Zone: t.home.zone, Calendar: t.home.country, Revision: 1, Shifts: shifts(i, t),
			Cap: new(max(30, int(daily*9))), Quota: new(max(2, int(daily*1.35)))}
		rep.Leave = leaves(random)
		m.shifts = working(rep, t.home)
		m.ill = illness(t.home, random)
		m.there = without(m.shifts, m.ill)
		reps, members = append(reps, rep), append(members, m)
	}
	return reps, members
}

// shifts are early, with a break, late, or on Saturdays where the team works then.
func shifts(i int, t team) []lead.Shift {
	week := []time.Weekday{1, 2, 3, 4, 5}
	switch i % 4 {
	case 0:
		return []lead.Shift{{Days: week, From: "08:00", To: "16:30"}}
	case 1:
		return []lead.Shift{{Days: week, From: "09:00", To: "12:30"}, {Days: week, From: "13:15", To: "18:00"}}
	case 2:
		return []lead.Shift{{Days: week, From: "11:30", To: "20:00"}}
	}
	if slices.Contains(t.days, time.Saturday) {
		return []lead.Shift{{Days: []time.Weekday{2, 3, 4, 5, 6}, From: "09:00", To: "17:00"}}
	}
	return []lead.Shift{{Days: week, From: "09:30", To: "17:30"}}
}

// leaves are two weeks in summer, one at another time, and two single days.
func leaves(random *rand.Rand) []lead.Leave {
	leave := func(from, days int64) lead.Leave {
		return lead.Leave{From: dateOf(from), To: dateOf(from + days - 1)}
	}
	first := floor(begin, day)
	summer := first + 180 + random.Int64N(60)
	return []lead.Leave{leave(summer, 14), leave(first+random.Int64N(150), 7), leave(first+250+random.Int64N(60), 1), leave(first+320+random.Int64N(30), 1)}
}

// illness is two or three spells of up to a week, from six in the morning on.
func illness(home *place, random *rand.Rand) spans {
	var ill spans
	first := floor(begin, day)
	for i := range 2 + random.Int64N(2) {
		from := first + 10 + 115*i + random.Int64N(90)
		ill = append(ill, span{home.when(from, 6*hour), home.when(from+1+random.Int64N(6), 6*hour)})
	}
	return ill
}

// working lists the shifts of the year, day by day.
func working(rep lead.Rep, home *place) (list spans) {
	for d := floor(begin, day) - 1; d <= floor(end, day); d++ {
		date := dateOf(d)
		if home.isOff(date) || slices.ContainsFunc(rep.Leave, func(l lead.Leave) bool { return l.From <= date && date <= l.To }) {
			continue
		}
		for _, s := range rep.Shifts {
			if slices.Contains(s.Days, weekday(d)) {
				list = append(list, span{home.when(d, clockOf(s.From)), home.when(d, clockOf(s.To))})
			}
		}
	}
	return list
}

// clockOf reads a time of day such as 08:30.
func clockOf(text string) int64 { return at("1970-01-01 " + text) }

// without takes some spans out of others; those that are taken out hold whole ones.
func without(all, out spans) spans {
	return slices.DeleteFunc(slices.Clone(all), func(s span) bool { return out.within(s.from) || out.within(s.to-1) })
}
