package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

func TestRevealShowsOnceAndCounts(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: func(d *policy.Document) {
		openPool(d)
		two, none := 2, 0
		d.Pools[0].RevealDaily = &two
		d.Pools = append(d.Pools, policy.Pool{ID: "closed", Name: "Closed", Teams: []string{"young"}, RevealDaily: &none})
	}})
	ctx := t.Context()
	l, former := b.pooledLead(1)
	member, on := b.user(others(former)[0]), app.Target{Lead: l.ID}
	before := b.logs.String()
	v, err := b.desk.Reveal(ctx, member, on)
	if err != nil || v.Contact == nil || v.Contact.Masked || !strings.HasPrefix(v.Contact.Phone, "+") || v.Private != nil {
		t.Fatalf("the look shows %+v, %v (%v)", v.Contact, v.Private, err)
	}
	if logged := strings.TrimPrefix(b.logs.String(), before); !strings.Contains(logged, `"msg":"reveal"`) || !strings.Contains(logged, l.ID) || strings.Contains(logged, v.Contact.Phone) {
		t.Errorf("the log says %s", logged)
	}
	if v, err = b.desk.Lead(ctx, member, l.ID); err != nil || !v.Contact.Masked || v.State != lead.StatePooled {
		t.Errorf("after it the lead shows %+v (%v)", v.Contact, err)
	}
	if err := act(b.desk.Reveal(ctx, member, on)); err != nil {
		t.Errorf("a second look: %v", err)
	}
	err = act(b.desk.Reveal(ctx, member, on))
	if lead.KindOf(err) != lead.Conflict || !strings.Contains(err.Error(), "today's limit of 2 looks") {
		t.Errorf("a third look: %v", err)
	}
	r, err := b.table.Rep(ctx, member.Rep)
	if err != nil || r.RevealsToday(b.clock.Now()) != 2 || r.Holding != 0 || r.Claims != 0 {
		t.Errorf("the rep counts %d looks, %d held, %d claims (%v)", r.Reveals, r.Holding, r.Claims, err)
	}
	b.clock.pass(24 * time.Hour)
	if err := act(b.desk.Reveal(ctx, member, on)); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if err := act(b.desk.Claim(ctx, member, on)); err != nil {
		t.Errorf("claiming after looking: %v", err)
	}
	refusedFor(t, "looking at what one has", act(b.desk.Reveal(ctx, member, on)), lead.Conflict, "")

	closed, owner := b.pooledLead(2)
	if _, err := b.desk.Move(ctx, b.user("max"), app.Target{Lead: closed.ID}, app.Relocation{Pool: "closed", Reason: "for nobody"}); err != nil {
		t.Fatal(err)
	}
	other := b.user(others(owner)[0])
	refusedFor(t, "looking in a pool that shows nothing", act(b.desk.Reveal(ctx, other, app.Target{Lead: closed.ID})), lead.Denied, "")
	if v, err := b.desk.Lead(ctx, other, closed.ID); err != nil || slices.Contains(v.Acts, app.ActReveal) {
		t.Errorf("it offers %v (%v)", v.Acts, err)
	}
}

// TestWhoLookedIsForTheAdmins: other members are told that somebody did.
func TestWhoLookedIsForTheAdmins(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx := t.Context()
	l, former := b.pooledLead(1)
	looks, asks := b.user(others(former)[0]), others(former)[1]
	if err := act(b.desk.Reveal(ctx, looks, app.Target{Lead: l.ID})); err != nil {
		t.Fatal(err)
	}
	for id, named := range map[string]bool{looks.ID: true, asks: false, former: false, "max": true, "mia": true, "omar": true} {
		told, err := b.desk.Timeline(ctx, b.user(id), l.ID, app.Page{})
		if err != nil {
			t.Fatal(err)
		}
		last := told.Entries[len(told.Entries)-1]
		if e := last.Events[0]; e.Kind != "revealed" || (e.Rep != nil) != named || (last.By.Name != "") != named || (last.By.ID != "") != named {
			t.Errorf("%s is told %+v by %+v, named: %t", id, e, last.By, named)
		}
	}
}

func TestAdminsAssignTheLeadsOfTheirPool(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: func(d *policy.Document) {
		openPool(d)
		d.Pools[0].Assigned, d.Pools[1].Admins = true, nil
	}})
	ctx, mia := t.Context(), b.user("mia")
	l, former := b.pooledLead(1)
	member, on := b.user(others(former)[0]), app.Target{Lead: l.ID}
	refusedFor(t, "claiming what is assigned", act(b.desk.Claim(ctx, member, on)), lead.Denied, "")
	if _, err := b.desk.ClaimMany(ctx, member, "open-sea", []string{l.ID}); lead.KindOf(err) != lead.Denied {
		t.Errorf("claiming many: %v", err)
	}
	list, err := b.desk.Pool(ctx, mia, "open-sea", app.Only{}, app.Page{})
	if err != nil || len(list.Leads) != 1 || list.Leads[0].Contact == nil || !list.Leads[0].Contact.Masked ||
		!slices.Equal(list.Leads[0].Acts, []app.Act{app.ActAssign, app.ActMove, app.ActTag}) {
		t.Fatalf("the admin sees %+v (%v)", list.Leads, err)
	}
	members, err := b.desk.Members(ctx, mia, "open-sea")
	if err != nil || len(members) != 4 {
		t.Errorf("%d members (%v)", len(members), err)
	}
	for _, pool := range []string{"school-pool", "nosuch"} {
		if _, err := b.desk.Members(ctx, mia, pool); lead.KindOf(err) != lead.NotFound {
			t.Errorf("the members of %s: %v", pool, err)
		}
	}
	refusedFor(t, "to who is no member", act(b.desk.Assign(ctx, mia, on, "eva")), lead.Invalid, "rep")
	refusedFor(t, "into another's pool", act(b.desk.Move(ctx, mia, on, app.Relocation{Pool: "school-pool", Reason: "x"})), lead.Invalid, "pool")
	refusedFor(t, "through the rules", act(b.desk.Move(ctx, mia, on, app.Relocation{Anew: true, Reason: "x"})), lead.Denied, "")
	v, err := b.desk.Assign(ctx, mia, on, member.Rep)
	if err != nil || v.Contact != nil || len(v.Acts) > 0 {
		t.Errorf("assigned it shows a marketer %+v with %v (%v)", v.Contact, v.Acts, err)
	}
	if after := b.lead(l.ID); after.Owner() != member.Rep || after.State != lead.StateOffered {
		t.Errorf("the lead is %s with %q", after.State, after.Owner())
	}
	refusedFor(t, "once it has left the pool", act(b.desk.Move(ctx, mia, on, app.Relocation{Rep: former, Reason: "x"})), lead.Denied, "")
	b.counters()
}

func TestManyAreClaimedOneByOne(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx := t.Context()
	var ids []string
	former := map[string]string{}
	for n := range 6 {
		l, rep := b.pooledLead(n)
		ids = append(ids, l.ID)
		former[l.ID] = rep
	}
	amy := b.user("amy")
	ids = append(ids, "lnobody")
	var out app.Claims
	mine := 0
	for _, id := range ids {
		if rep, ok := former[id]; ok && rep != "amy" {
			mine++
		}
	}
	// rep, leads, and a transaction for each that may be hers.
	b.trips("claiming many", 2+mine, func() (err error) { out, err = b.desk.ClaimMany(ctx, amy, "open-sea", ids); return err })
	if out.Claimed != mine || len(out.Leads) != len(ids) {
		t.Errorf("claimed %+v, want %d", out, mine)
	}
	for i, c := range out.Leads {
		rep, known := former[c.Lead]
		switch {
		case c.Lead != ids[i]:
			t.Errorf("the answer is not in the order asked: %+v", out.Leads)
		case known && rep != "amy":
			if !c.Claimed || b.lead(c.Lead).Owner() != "amy" {
				t.Errorf("%+v, with %q", c, b.lead(c.Lead).Owner())
			}
		case known && !strings.Contains(c.Why, "cool-off"), !known && c.Why != "there is no such lead":
			t.Errorf("refused as %q", c.Why)
		}
	}
	for name, wrong := range map[string][]string{"none": nil, "twice": {"l1", "l1"}, "not an id": {"L 1"}, "too many": strings.Fields(strings.Repeat("l ", 51))} {
		_, err := b.desk.ClaimMany(ctx, amy, "open-sea", wrong)
		refusedFor(t, name, err, lead.Invalid, "leads")
	}
	if _, err := b.desk.ClaimMany(ctx, b.user("eva"), "open-sea", ids); lead.KindOf(err) != lead.NotFound {
		t.Errorf("in a pool of others: %v", err)
	}
	if _, err := b.desk.ClaimMany(ctx, b.user("max"), "open-sea", ids); lead.KindOf(err) != lead.Denied {
		t.Errorf("by a manager: %v", err)
	}
	b.counters()
}

// TestManyAreClaimedAsFarAsItGoes: at the day's limit, or the cap, the rest are not
// tried.
func TestManyAreClaimedAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy func(*policy.Document)
		most   *int
		why    string
	}{
		"the day's limit": {func(d *policy.Document) { openPool(d); two := 2; d.Pools[0].ClaimDaily = &two }, nil, "today's limit of 2 claims"},
		"the cap":         {openPool, new(2), "you hold 2 leads"},
	} {
		b := setup(t, edit{policy: c.policy, reps: func(reps []lead.Rep) []lead.Rep {
			uncapped(reps)
			reps[0].Active = false // amy is offered nothing, so that she had nothing before
			return reps
		}})
		ctx := t.Context()
		var ids []string
		for n := range 5 {
			l, _ := b.pooledLead(n)
			ids = append(ids, l.ID)
		}
		amy, err := b.table.Rep(ctx, "amy")
		if err != nil {
			t.Fatal(err)
		}
		amy.Active, amy.Cap = true, c.most
		if err := b.table.PutRep(ctx, amy); err != nil {
			t.Fatal(err)
		}
		var out app.Claims
		b.trips(name, 2+2, func() (err error) { out, err = b.desk.ClaimMany(ctx, b.user("amy"), "open-sea", ids); return err })
		for i, one := range out.Leads {
			if one.Claimed != (i < 2) || (i >= 2) != strings.Contains(one.Why, c.why) {
				t.Errorf("%s: lead %d: %+v", name, i, one)
			}
		}
		b.counters()
	}
}

func TestPoolIsFiltered(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: func(d *policy.Document) {
		openPool(d)
		hour := policy.Duration(time.Hour)
		d.Pools[0].Freeze = &hour
	}})
	ctx, max := t.Context(), b.user("max")
	l, former := b.pooledLead(1)
	other, _ := b.pooledLead(2)
	if err := act(b.desk.Tag(ctx, max, app.Target{Lead: l.ID}, app.Tags{Add: []string{"fair"}})); err != nil {
		t.Fatal(err)
	}
	member := b.user(others(former)[0])
	for _, c := range []struct {
		only app.Only
		want []string
	}{
		{app.Only{}, []string{l.ID, other.ID}}, {app.Only{Tag: "fair"}, []string{l.ID}}, {app.Only{Tag: "fairs"}, nil},
		{app.Only{Grade: l.Grade}, []string{l.ID, other.ID}}, {app.Only{Grade: lead.GradeD}, nil},
	} {
		list, err := b.desk.Pool(ctx, member, "open-sea", c.only, app.Page{})
		var ids []string
		for _, s := range list.Leads {
			ids = append(ids, s.ID)
			if slices.Contains(s.Acts, app.ActClaim) || !s.Free.Equal(b.clock.Now().Add(time.Hour)) || s.Owners != 1 || !s.Contact.Masked {
				t.Errorf("a lead that has just come in shows %+v", s)
			}
		}
		slices.Sort(ids)
		slices.Sort(c.want)
		if err != nil || !slices.Equal(ids, c.want) {
			t.Errorf("%+v lists %v (%v)", c.only, ids, err)
		}
	}
	refusedFor(t, "claiming it", act(b.desk.Claim(ctx, member, app.Target{Lead: l.ID})), lead.Conflict, "")
	b.clock.pass(time.Hour)
	list, err := b.desk.Pool(ctx, member, "open-sea", app.Only{Tag: "fair"}, app.Page{})
	if err != nil || len(list.Leads) != 1 || !slices.Contains(list.Leads[0].Acts, app.ActClaim) || !list.Leads[0].Free.IsZero() {
		t.Errorf("an hour later it shows %+v (%v)", list.Leads, err)
	}
	if list, err = b.desk.Pool(ctx, b.user(former), "open-sea", app.Only{Tag: "fair"}, app.Page{}); err != nil || slices.Contains(list.Leads[0].Acts, app.ActClaim) {
		t.Errorf("who had it may claim it within the cool-off: %+v (%v)", list.Leads, err)
	}
}

// TestStockReport adds up what the sweep counted, cycle by cycle.
func TestStockReport(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: openPool})
	ctx := t.Context()
	began := lead.CycleAt(b.clock.Now(), 30*24*time.Hour)
	for i, add := range []map[string]int{
		{"touched": 500, "replied": 40, "converted": 10}, {"routed": 300, "listed": 50, "replied": 20}, {"rested": 40, "archived": 10, "held_out": 100, "held_out.replied": 2},
	} {
		tally := lead.Tally{Pool: "open-sea", Cycle: began, Shard: string(rune('0'+i)) + "0", Add: add}
		if err := b.table.Commit(ctx, lead.Change{Tally: &tally}); err != nil {
			t.Fatal(err)
		}
		tally.Cycle = began.AddDate(0, 0, -30)
		if err := b.table.Commit(ctx, lead.Change{Tally: &tally}); i == 0 && err != nil {
			t.Fatal(err)
		}
	}
	report, err := b.desk.Stock(ctx, b.user("mia"), "open-sea")
	if err != nil || len(report.Cycles) != 2 {
		t.Fatalf("%+v (%v)", report, err)
	}
	c := report.Cycles[0]
	if !c.Began.Equal(began) || !c.Ends.Equal(began.AddDate(0, 0, 30)) || c.Looked != 1000 || c.Did[lead.DidRoute] != 300 || c.Did[lead.DidHold] != 100 {
		t.Errorf("the newest cycle is %+v", c)
	}
	if (c.Treated != app.Arm{Leads: 890, Replied: 60, Converted: 10}) || (c.HeldOut != app.Arm{Leads: 100, Replied: 2}) {
		t.Errorf("arms are %+v and %+v", c.Treated, c.HeldOut)
	}
	if r := c.Replied; r.Treated != 60.0/890 || r.HeldOut != 0.02 || !(r.Low < r.Diff && r.Diff < r.High) || r.Extra < 41 || r.Extra > 43 {
		t.Errorf("replies are compared as %+v", r)
	}
	for user, sees := range map[string]bool{"max": true, "mia": true, "omar": true, "amy": false, "dora": false, "cora": false} {
		if _, err := b.desk.Stock(ctx, b.user(user), "open-sea"); (err == nil) != sees || err != nil && lead.KindOf(err) != lead.NotFound {
			t.Errorf("%s asks for the report: %v", user, err)
		}
	}
}
