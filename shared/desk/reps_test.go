package desk_test

import (
	"cmp"
	"testing"
)

func newRep() obj {
	return obj{"name": "Nia New", "email": "nia@example.com", "teams": []string{"young"}, "active": true, "zone": "Asia/Shanghai",
		"shifts": []obj{{"days": []int{1, 2, 3}, "from": "09:00", "to": "17:30"}}, "cap": 5, "rev": 0}
}

func with(o obj, field string, value any) obj {
	o[field] = value
	return o
}

func TestRepRecords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 8 {
		b.offered(n) // amy, ben and cai have turns now
	}
	added := b.ok("max", "PUT /api/reps/nia", newRep()).body
	if added["rev"] != float64(1) || added["holding"] != float64(0) {
		t.Errorf("new rep is %v", added)
	}
	stored, err := b.table.Rep(t.Context(), "nia")
	if err != nil || stored.Turns["young"] == 0 {
		t.Errorf("a new rep starts with %d turns: all next leads would go to them (%v)", stored.Turns["young"], err)
	}
	b.refused("max", "PUT /api/reps/nia", newRep(), "409 conflict")
	b.ok("max", "PUT /api/reps/nia", with(with(newRep(), "rev", 1), "active", false))
	if b.ok("omar", "GET /api/reps/nia", nil).body["active"] != false {
		t.Error("rep is still active")
	}
	l, rep := b.offered(20)
	b.ok(rep, "POST /api/leads/"+l.ID+"/reject", obj{"reason": "wrong region"})
	b.refused("dora", "POST /api/leads/"+l.ID+"/assign", obj{"rep": "nia"}, "409 conflict")

	b.refused("dora", "PUT /api/reps/nia", newRep(), "403 denied")
	b.refused("amy", "PUT /api/reps/amy", newRep(), "403 denied")
	b.refused("max", "PUT /api/reps/other", with(newRep(), "teams", []string{"nosuch"}), "422 invalid")
}

func TestRepRecordFaults(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		field string
		value any
		fault string // the field named, where it is a part of the other
	}{
		{"name", "", ""}, {"name", "a\nb", ""}, {"name", 7, ""}, {"email", "nobody", ""}, {"email", "Nia <nia@example.com>", ""}, {"teams", []string{}, ""},
		{"teams", []string{"young", "young"}, ""}, {"zone", "Mars/Base", ""}, {"zone", "", ""}, {"cap", -1, ""}, {"quota", -1, ""}, {"rev", -1, ""},
		{"shifts", []obj{{"days": []int{1}, "from": "17:00", "to": "09:00"}}, "shifts[0].to"}, {"shifts", []obj{{"days": []int{7}, "from": "09:00", "to": "17:00"}}, "shifts[0].days"},
		{"shifts", []obj{{"days": []int{}, "from": "09:00", "to": "17:00"}}, "shifts[0].days"}, {"leave", []obj{{"from": "2026-07-02", "to": "2026-07-01"}}, "leave[0].to"},
		{"pace", -1, ""}, {"target", -1, ""}, {"since", "last year", ""}, {"territories", []string{"nowhere"}, "territories[0]"}, {"calendar", "nosuch", ""},
		{"id", "other", ""},
	} {
		a := b.refused("omar", "PUT /api/reps/nia", with(newRep(), c.field, c.value), "422 invalid")
		if want := cmp.Or(c.fault, c.field); a.body["field"] != want {
			t.Errorf("%s=%v: field is %v, want %s", c.field, c.value, a.body["field"], want)
		}
	}
	b.refused("omar", "PUT /api/reps/NIA", newRep(), "422 invalid")
	if _, err := b.table.Rep(t.Context(), "nia"); err == nil {
		t.Error("a faulty record was written")
	}
}
