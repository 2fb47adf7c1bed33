package route

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

// Slots are what one rep can still take in the time looked at.
type Slots struct {
	Lift float64 // the rep's conversion relative to the average, 0 or more
	Room int     // leads; for a rep without cap and quota any number beyond the demand
}

// Demand is one class of leads still expected in that time.
type Demand struct {
	Chance   float64 // conversion probability, 0 to 1
	Expected float64 // leads; fractions allowed
}

// Prices returns for each rep what one of their slots is worth for the demand: by
// how much the best possible sum of chance × lift over the expected leads would
// fall without it. It is 0 where more slots are as good as are needed, and for a
// rep without room.
//
// The sum is largest where the best leads go to the best slots (Derman, Lieberman
// and Ross 1972, in the limit of many leads). Without one slot every lead behind
// it moves to the next: what is lost are the differences in lift, each times the
// chance of the lead that stood there.
//
// A lead that goes where its chance × lift less the price is largest leaves the
// slots of the good reps to the better leads that are still to come.
//
// Lifts and chances are finite; what is negative or not a number counts as 0.
func Prices(slots []Slots, demand []Demand) []float64 {
	prices := make([]float64, len(slots))
	queue := queueOf(demand)
	best := make([]placed, len(slots))
	for i, s := range slots {
		best[i].at = i
		if s.Lift > 0 {
			best[i].lift = s.Lift
		}
	}
	slices.SortFunc(best, func(a, b placed) int { return cmp.Compare(b.lift, a.lift) })
	room := 0.0 // of the reps so far
	for _, p := range best {
		room += float64(max(0, slots[p.at].Room))
		prices[p.at] = queue.last(room)
	}
	next, sum := 0.0, 0.0
	for _, p := range slices.Backward(best) {
		sum += (p.lift - next) * prices[p.at]
		next, prices[p.at] = p.lift, sum
	}
	for i, s := range slots {
		if s.Room <= 0 {
			prices[i] = 0
		}
	}
	return prices
}

// placed is a rep's lift and place in the caller's list.
type placed struct {
	lift float64
	at   int
}

// queue are the expected leads, best first. It is asked for ever later positions.
type queue struct {
	classes []Demand
	from    float64 // where the first class begins
}

func queueOf(demand []Demand) queue {
	var q queue
	for _, d := range demand {
		if d.Chance > 0 && d.Expected > 0 {
			q.classes = append(q.classes, d)
		}
	}
	slices.SortFunc(q.classes, func(a, b Demand) int { return cmp.Compare(b.Chance, a.Chance) })
	return q
}

// last is the chance of the one lead that stands before a position: where classes
// meet a mean.
func (q *queue) last(position float64) float64 {
	for len(q.classes) > 0 && q.from+q.classes[0].Expected <= position-1 {
		q.from += q.classes[0].Expected
		q.classes = q.classes[1:]
	}
	chance, from := 0.0, q.from
	for _, c := range q.classes {
		if from >= position {
			break
		}
		to := from + c.Expected
		chance += c.Chance * (min(to, position) - max(from, position-1, 0))
		from = to
	}
	return chance
}

// Outlook is what is still expected for a team today, by classes of grades, the
// best chance first: of the leads that its members got on their last working day
// the part that belongs to the rest of the day. The members are those who work
// today, for calendars have their holidays; nil is none. The rest of the
// day is the part that is left of a member's shifts, or of the calendar day where
// a member has none. Where nobody has a shift today, it is a day worked instead
// of another, and the shifts of all days count.
//
// Counters are the rep's and not the team's: what members get from their other
// teams takes their slots as well.
//
// Chances are the grades' conversion probabilities. The grades are expected to be
// mixed as in all leads that the team's members were ever given by distribution,
// and one more of each grade: without any, each is as likely.
func Outlook(team string, reps []lead.Rep, chances map[lead.Grade]float64, now time.Time, calendars *hours.Calendars) []Demand {
	var usual, swapped workday
	given, all := make([]int, len(lead.Grades)+1), len(chances) // by rank
	moments := hours.MomentsOf(now)
	for i := range reps {
		rep := &reps[i]
		if !rep.Active || !slices.Contains(rep.Teams, team) {
			continue
		}
		for grade, n := range rep.Mix {
			given[grade.Rank()] += n
			all += n
		}
		at := moments.In(rep.Zone)
		if hours.OnLeave(rep, at.Day) || calendars.Holiday(rep.Calendar, at.Day) {
			continue
		}
		if rest, ok := hours.Rest(rep, at, false); ok {
			usual.add(rep, at, rest)
		} else if rest, ok := hours.Rest(rep, at, true); ok {
			swapped.add(rep, at, rest)
		}
	}
	day := usual
	if day.members == 0 {
		day = swapped
	}
	grades := slices.SortedFunc(maps.Keys(chances), func(a, b lead.Grade) int {
		return cmp.Or(cmp.Compare(chances[b], chances[a]), cmp.Compare(a, b))
	})
	outlook := make([]Demand, len(grades))
	for i, grade := range grades {
		share := float64(given[grade.Rank()]+1) / float64(all)
		outlook[i] = Demand{Chance: chances[grade], Expected: share * day.toCome}
	}
	return outlook
}

// workday sums up the members who work on a day.
type workday struct {
	members int
	toCome  float64 // leads in the rest of the day
}

func (w *workday) add(rep *lead.Rep, at *hours.Moment, rest float64) {
	last := rep.Last
	if rep.Day < at.Day && rep.Today > 0 { // nothing is counted yet of this day
		last = rep.Today
	}
	w.members++
	w.toCome += rest * float64(last)
}
