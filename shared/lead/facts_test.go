package lead_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestNothingPersonalPrinted logs and prints what holds contact data.
func TestNothingPersonalPrinted(t *testing.T) {
	t.Parallel()
	const secret = "Example"
	contact := lead.Contact{Name: secret, Phone: secret, Email: secret, Company: secret}
	sealed := lead.Sealed(secret)
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "contact", contact, "sealed", sealed)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		fmt.Fprintf(&b, format, contact)
	}
	fmt.Fprintf(&b, "%v %s", sealed, sealed)
	if strings.Contains(b.String(), secret) {
		t.Errorf("printed: %s", b.String())
	}
}

// TestRepDay counts days where the rep lives.
func TestRepDay(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, time.March, 2, 17, 0, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"Asia/Shanghai": "2026-03-03", "Europe/Berlin": "2026-03-02", "": "2026-03-02", "Nowhere/At_all": "2026-03-02",
	} {
		rep := lead.Rep{Zone: zone, Day: "2026-03-02", Today: 4, Claims: 2, Reveals: 3}
		if got := rep.DayOf(evening); got != want {
			t.Errorf("in %q it is %s, want %s", zone, got, want)
		}
		assigned, claimed := rep.CountToday(evening)
		if still := want == rep.Day; still != (assigned == 4) || still != (claimed == 2) {
			t.Errorf("in %q %d assigned, %d claimed", zone, assigned, claimed)
		}
		if revealed := rep.RevealsToday(evening); (revealed == 3) != (want == rep.Day) {
			t.Errorf("in %q %d revealed", zone, revealed)
		}
	}
}

// TestCount moves the counters of a rep as the table does.
func TestCount(t *testing.T) {
	t.Parallel()
	paced := monday.Add(-time.Hour)
	before := lead.Rep{ID: "ann", Revision: 5, Pace: new(30), Day: "2026-03-01", Holding: 3, Today: 4, Last: 7, Claims: 2, Reveals: 5,
		Turns: map[string]int{"inside": 9}, Mix: map[lead.Grade]int{lead.GradeA: 6}, Paced: paced,
		Tried: map[string]int{"website": 5}, Won: map[string]int{"website": 2}, Months: map[string]int{"2026-02": 2}}
	release := func(result lead.Result) lead.RepMove {
		return lead.RepMove{Kind: lead.MoveRelease, Result: result, Channel: "trade fair", Month: "2026-03"}
	}
	newDay := func(r *lead.Rep) {
		r.Holding, r.Day, r.Last, r.Today, r.Claims, r.Reveals = 4, "2026-03-02", 4, 0, 0, 0
	}
	for name, test := range map[string]struct {
		move lead.RepMove
		want func(*lead.Rep)
	}{
		"assigned": {lead.RepMove{Kind: lead.MoveAssign, Grade: lead.GradeB}, func(r *lead.Rep) {
			newDay(r)
			r.Today, r.Turns, r.Paced = 1, map[string]int{"inside": 10}, paced.Add(day)
			r.Mix = map[lead.Grade]int{lead.GradeA: 6, lead.GradeB: 1}
		}},
		"assigned without a grade": {lead.RepMove{Kind: lead.MoveAssign}, func(r *lead.Rep) {
			newDay(r)
			r.Today, r.Turns, r.Paced = 1, map[string]int{"inside": 10}, paced.Add(day)
			r.Mix = map[lead.Grade]int{lead.GradeA: 6, "": 1}
		}},
		"assigned after an absence": {lead.RepMove{Kind: lead.MoveAssign, Grade: lead.GradeA, Step: 4}, func(r *lead.Rep) {
			newDay(r)
			r.Today, r.Turns, r.Paced, r.Mix = 1, map[string]int{"inside": 13}, paced.Add(day), map[lead.Grade]int{lead.GradeA: 7}
		}},
		"claimed":  {lead.RepMove{Kind: lead.MoveClaim}, func(r *lead.Rep) { newDay(r); r.Claims = 1 }},
		"revealed": {lead.RepMove{Kind: lead.MoveReveal}, func(r *lead.Rep) { newDay(r); r.Holding, r.Reveals = 3, 1 }},
		"by hand":  {lead.RepMove{Kind: lead.MoveByHand}, func(r *lead.Rep) { r.Holding = 4 }},
		"released": {release(""), func(r *lead.Rep) { r.Holding = 2 }},
		"lost": {release(lead.ResultLost), func(r *lead.Rep) {
			r.Holding, r.Tried = 2, map[string]int{"website": 5, "trade fair": 1}
		}},
		"won": {release(lead.ResultWon), func(r *lead.Rep) {
			r.Holding, r.Tried = 2, map[string]int{"website": 5, "trade fair": 1}
			r.Won, r.Months = map[string]int{"website": 2, "trade fair": 1}, map[string]int{"2026-02": 2, "2026-03": 1}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			move := test.move
			move.Rep, move.Team = "ann", "inside"
			move.Expect(before, monday)
			if move.SameDay || move.Day != "2026-03-02" || move.Revision != 5 || move.Turns != 9 || move.Paced != paced {
				t.Errorf("expects %+v", move)
			}
			look, want := fmt.Sprintf("%+v", before), before
			test.want(&want)
			if got := move.Count(before); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			if after := fmt.Sprintf("%+v", before); after != look {
				t.Errorf("the rep that was given became %s", after)
			}
			move.Count(lead.Rep{}) // the first of all
		})
	}
}

// TestCountersStayOnTheLaterDay: a decision made before midnight may come after
// one of the next day.
func TestCountersStayOnTheLaterDay(t *testing.T) {
	t.Parallel()
	rep := lead.Rep{ID: "ann", Day: "2026-03-03", Today: 4, Claims: 2}
	move := lead.RepMove{Rep: "ann", Team: "inside", Kind: lead.MoveAssign}
	if move.Expect(rep, monday); !move.SameDay || move.Day != "2026-03-03" {
		t.Errorf("expects %+v, want the later day", move)
	}
	if assigned, claimed := rep.CountToday(monday); assigned != 4 || claimed != 2 {
		t.Errorf("counts %d and %d, want those of the later day", assigned, claimed)
	}
	if after := move.Count(rep); after.Day != "2026-03-03" || after.Today != 5 {
		t.Errorf("counted %+v", after)
	}
}

// TestPersonClone shares nothing with the person it was made of.
func TestPersonClone(t *testing.T) {
	t.Parallel()
	p := lead.Person{Keys: []lead.Key{"k"}, Leads: map[string]string{"robots": "l1"}, Consents: []lead.Consent{{Purpose: "call"}}, Contacts: []time.Time{monday}, OptOut: monday}
	c := p.Clone()
	c.Keys[0], c.Leads["robots"], c.Consents[0].Purpose, c.Contacts[0] = "other", "other", "mail", monday.Add(day)
	if p.Keys[0] != "k" || p.Leads["robots"] != "l1" || p.Consents[0].Purpose != "call" || p.Contacts[0] != monday || c.OptOut != monday {
		t.Errorf("the person is %+v now", p)
	}
	if (lead.Person{}).Clone().Leads == nil {
		t.Error("a clone cannot be given a lead")
	}
}
