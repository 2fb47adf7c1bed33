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
		rep := lead.Rep{Zone: zone, Day: "2026-03-02", Today: 4, Claims: 2}
		if got := rep.DayOf(evening); got != want {
			t.Errorf("in %q it is %s, want %s", zone, got, want)
		}
		assigned, claimed := rep.CountToday(evening)
		if still := want == rep.Day; still != (assigned == 4) || still != (claimed == 2) {
			t.Errorf("in %q %d assigned, %d claimed", zone, assigned, claimed)
		}
	}
}

// TestCount moves the counters of a rep as the table does.
func TestCount(t *testing.T) {
	t.Parallel()
	before := lead.Rep{ID: "ann", Day: "2026-03-01", Holding: 3, Today: 4, Claims: 2, Turns: map[string]int{"inside": 9}, Revision: 5}
	for kind, want := range map[lead.MoveKind]lead.Rep{
		lead.MoveAssign:  {Day: "2026-03-02", Holding: 4, Today: 1, Turns: map[string]int{"inside": 10}},
		lead.MoveClaim:   {Day: "2026-03-02", Holding: 4, Claims: 1, Turns: map[string]int{"inside": 9}},
		lead.MoveByHand:  {Day: "2026-03-01", Holding: 4, Today: 4, Claims: 2, Turns: map[string]int{"inside": 9}},
		lead.MoveRelease: {Day: "2026-03-01", Holding: 2, Today: 4, Claims: 2, Turns: map[string]int{"inside": 9}},
	} {
		move := lead.RepMove{Rep: "ann", Team: "inside", Kind: kind}
		move.Expect(before, monday)
		if move.SameDay || move.Day != "2026-03-02" || move.Revision != 5 || move.Turns != 9 {
			t.Errorf("%s expects %+v", kind, move)
		}
		want.ID, want.Revision = before.ID, before.Revision
		if got := move.Count(before); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", kind, got, want)
		}
		if before.Turns["inside"] != 9 {
			t.Fatalf("%s changed the rep it was given", kind)
		}
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
	p := lead.Person{Keys: []lead.Key{"k"}, Leads: map[string]string{"robots": "l1"}, Consents: []lead.Consent{{Purpose: "call"}}}
	c := p.Clone()
	c.Keys[0], c.Leads["robots"], c.Consents[0].Purpose = "other", "other", "mail"
	if p.Keys[0] != "k" || p.Leads["robots"] != "l1" || p.Consents[0].Purpose != "call" {
		t.Errorf("the person is %+v now", p)
	}
	if (lead.Person{}).Clone().Leads == nil {
		t.Error("a clone cannot be given a lead")
	}
}
