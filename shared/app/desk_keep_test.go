package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// pooledLead makes a lead that its rep gave back to the pool of the team young, an
// hour ago.
func (b *bundle) pooledLead(n int) (lead.Lead, string) {
	b.t.Helper()
	l := b.enquire("trial", person("Person", phoneNumber(n), ""))
	former, on := l.Owner(), app.Target{Lead: l.ID}
	if _, err := b.desk.Accept(b.t.Context(), b.userOf(former), on); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.desk.Release(b.t.Context(), b.userOf(former), on, app.Return{Reason: "no time"}); err != nil {
		b.t.Fatal(err)
	}
	return b.lead(l.ID), former
}

// openPool lets members claim at once, as often as they like, and has one who is
// nothing else look after it.
func openPool(d *policy.Document) {
	for i := range d.Pools {
		many := 1000
		d.Pools[i].Freeze, d.Pools[i].ClaimDaily, d.Pools[i].Admins = nil, &many, []string{"max", "mia"}
	}
}

// others are the reps of the team young but for one.
func others(rep string) []string {
	return slices.DeleteFunc([]string{"amy", "ben", "cai"}, func(id string) bool { return id == rep })
}

// TestWhoMayDoWhat asks each user for each of the acts that are not as old as the
// others, on a lead that a rep works on and on one in the pool.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx, open := t.Context(), true
	l, rep, _ := b.working()
	if err := act(b.desk.LogActivity(ctx, rep, app.Target{Lead: l.ID}, app.Activity{Way: "meeting"})); err != nil {
		t.Fatal(err)
	}
	pooled, _ := b.pooledLead(1)
	acts := map[string]func(app.User, app.Target) error{
		"extend": func(u app.User, on app.Target) error { return act(b.desk.Extend(ctx, u, on, "budget is near")) },
		"deal": func(u app.User, on app.Target) error {
			return act(b.desk.Deal(ctx, u, on, app.Opportunity{Open: &open}))
		},
		"tag": func(u app.User, on app.Target) error {
			return act(b.desk.Tag(ctx, u, on, app.Tags{Add: []string{"fair-" + u.ID}}))
		},
		"reveal": func(u app.User, on app.Target) error { return act(b.desk.Reveal(ctx, u, on)) },
	}
	for _, c := range []struct {
		what, lead, may string // in the order in which they try
	}{
		{"tag", l.ID, rep.ID + " max"},
		{"tag", pooled.ID, "amy ben cai dan max mia"}, // mia is an admin of the pool
		{"deal", l.ID, rep.ID},
		{"extend", l.ID, "max"},
		{"reveal", l.ID, ""},
		{"reveal", pooled.ID, "amy ben cai dan"},
	} {
		var did []string
		for _, id := range strings.Fields("max eva dora mia cora omar amy ben cai dan") {
			if err := acts[c.what](b.user(id), app.Target{Lead: c.lead}); err == nil {
				did = append(did, id)
			} else if kind := lead.KindOf(err); kind == lead.Unavailable || kind == lead.Invalid {
				t.Errorf("%s by %s: %v", c.what, id, err)
			}
		}
		want := strings.Fields(c.may)
		slices.Sort(did)
		slices.Sort(want)
		if !slices.Equal(did, want) {
			t.Errorf("%s was done by %v, want %v", c.what, did, want)
		}
	}
	tagged := b.lead(pooled.ID)
	if want := []string{"fair-amy", "fair-ben", "fair-cai", "fair-dan", "fair-max", "fair-mia"}; !slices.Equal(tagged.Tags, want) {
		t.Errorf("tags are %v", tagged.Tags)
	}
	for user, want := range map[string]string{rep.ID: "rep " + rep.ID, "max": "manager max", "mia": "pool_admin mia", "dan": "rep dan"} {
		if !slices.ContainsFunc(append(b.history(pooled.ID), b.history(l.ID)...), func(e lead.Entry) bool { return e.By.Kind+" "+e.By.ID == want }) {
			t.Errorf("the history names nobody %q for %s", want, user)
		}
	}
}

func TestExtensionIsWhatItSays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	l, rep, on := b.working()
	may := func() (app.LeadView, bool) {
		v, err := b.desk.Lead(ctx, rep, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		return v, slices.Contains(v.Acts, app.ActExtend)
	}
	v, offered := may()
	if offered || !v.Period.Protect.Equal(l.Period.Start.AddDate(0, 0, 30)) {
		t.Errorf("before the customer was reached the lead is protected until %s, to be extended: %t", v.Period.Protect, offered)
	}
	refusedFor(t, "extending it then", act(b.desk.Extend(ctx, rep, on, "soon")), lead.Conflict, "")
	if err := act(b.desk.LogActivity(ctx, rep, on, app.Activity{Way: "call", Seconds: 90})); err != nil {
		t.Fatal(err)
	}
	if _, offered := may(); !offered {
		t.Error("reached, it cannot be extended")
	}
	refusedFor(t, "extending it for nothing", act(b.desk.Extend(ctx, rep, on, " ")), lead.Invalid, "reason")
	if err := act(b.desk.Extend(ctx, rep, on, "budget is near")); err != nil {
		t.Fatal(err)
	}
	if v, offered = may(); offered || !v.Period.Extended || !v.Period.Protect.Equal(l.Period.Start.AddDate(0, 0, 60)) {
		t.Errorf("extended it is protected until %s, extended %t, to be extended again: %t", v.Period.Protect, v.Period.Extended, offered)
	}
	refusedFor(t, "extending it again", act(b.desk.Extend(ctx, rep, on, "budget is near")), lead.Conflict, "")
}

func TestOpenDealKeepsTheLead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	l, rep, on := b.working()
	deal := func(o app.Opportunity) error { return act(b.desk.Deal(ctx, rep, on, o)) }
	open, over := true, false
	worth, day := lead.Money{Amount: 500_000, Currency: "CNY"}, b.clock.Now().AddDate(0, 2, 0)
	for field, wrong := range map[string]app.Opportunity{
		"open": {}, "value": {Open: &over, Value: worth}, "close": {Open: &open, Close: b.clock.Now().AddDate(6, 0, 0)},
		"value ": {Open: &open, Value: lead.Money{Amount: 5, Currency: "yuan"}},
	} {
		refusedFor(t, field, deal(wrong), lead.Invalid, strings.TrimSpace(field))
	}
	if err := deal(app.Opportunity{Open: &open, Value: worth, Close: day}); err != nil {
		t.Fatal(err)
	}
	v, err := b.desk.Lead(ctx, rep, l.ID)
	if err != nil || !v.Period.Deal || !v.Period.Protect.IsZero() || v.Due.Do != lead.DutyEscalate {
		t.Errorf("with an open deal the lead shows %+v, due %+v (%v)", v.Period, v.Due, err)
	}
	b.until(l.ID, lead.DutyEscalate)
	if after := b.lead(l.ID); after.Owner() != rep.Rep {
		t.Errorf("with an open deal it went to %q", after.Owner())
	}
	told, err := b.desk.Timeline(ctx, rep, l.ID, app.Page{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(told.Entries, func(h app.Happening) bool {
		e := h.Events[0]
		return e.Kind == "dealt" && e.Open && *e.Value == worth && e.At.Equal(day)
	}) {
		t.Errorf("the time-line does not tell of the deal: %+v", told.Entries)
	}
	if err := deal(app.Opportunity{Open: &over}); err != nil || b.lead(l.ID).Period.Deal {
		t.Errorf("closing it: %v", err)
	}
}

func TestTagsAreWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, rep, on := b.working()
	for _, tag := range []string{"two words", "", "me@example.com", "13800138000", strings.Repeat("x", 41), "a\x00b"} {
		refusedFor(t, fmt.Sprintf("%q", tag), act(b.desk.Tag(t.Context(), rep, on, app.Tags{Add: []string{tag}})), lead.Invalid, "tags")
	}
}

// TestAheadSaysWhatComes: the reminder and then the end, as the sweep does it.
func TestAheadSaysWhatComes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", typed())
	rep := b.userOf(l.Owner())
	v, err := b.desk.Lead(t.Context(), rep, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	half, hour := l.Period.Start.Add(30*time.Minute), l.Period.Start.Add(time.Hour)
	if len(v.Ahead) != 2 || v.Ahead[0].Do != lead.DutyRemind || !v.Ahead[0].At.Equal(half) || v.Ahead[1].Do != lead.DutyWithdraw || !v.Ahead[1].At.Equal(hour) {
		t.Errorf("ahead are %+v, want a reminder at %s and the end at %s", v.Ahead, half, hour)
	}
	if *v.Due != v.Ahead[1] || v.Deadline.Do != lead.DutyRemind {
		t.Errorf("due is %+v, deadline %+v", v.Due, v.Deadline)
	}
	told, err := b.desk.Timeline(t.Context(), rep, l.ID, app.Page{})
	if err != nil || !slices.Equal(told.Ahead, v.Ahead) {
		t.Errorf("the time-line says %+v is ahead (%v)", told.Ahead, err)
	}
}

func TestReleaseGoesToPoolsOfTheTeam(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: func(d *policy.Document) {
		d.Pools = append(d.Pools, policy.Pool{ID: "guests", Name: "Guests", Teams: []string{"young"}}, policy.Pool{ID: "segment", Name: "Segment"}, policy.Pool{ID: "far", Name: "Far"})
		d.Teams[0].Pools = []lead.Segment{{Grades: []lead.Grade{lead.GradeD}, Pool: "segment"}}
	}})
	ctx := t.Context()
	l, rep, on := b.working()
	v, err := b.desk.Lead(ctx, rep, l.ID)
	var ids []string
	for _, p := range v.Pools {
		ids = append(ids, p.ID)
	}
	if want := []string{"open-sea", "segment", "guests"}; err != nil || !slices.Equal(ids, want) {
		t.Fatalf("it can be given back to %v (%v), want %v", ids, err, want)
	}
	for _, pool := range []string{"far", "school-pool", "nosuch"} {
		refusedFor(t, pool, act(b.desk.Release(ctx, rep, on, app.Return{Reason: "no time", Pool: pool})), lead.Invalid, "pool")
	}
	if err := act(b.desk.Release(ctx, rep, on, app.Return{Reason: "no time", Pool: "guests"})); err != nil {
		t.Fatal(err)
	}
	if after := b.lead(l.ID); after.Pool != "guests" {
		t.Errorf("it rests in %q", after.Pool)
	}
}

// TestTasksOfARep: what a rep has, ranked, with what is needed to act on it.
func TestTasksOfARep(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: only("amy"), policy: func(d *policy.Document) {
		oncePerDay(d)
		d.Ways = map[lead.Grade][]string{lead.GradeAPlus: {"call", "visit"}}
	}})
	ctx, amy := t.Context(), b.user("amy")
	ids := b.book("amy", 4) // the first and the third are accepted
	if err := act(b.desk.LogActivity(ctx, amy, app.Target{Lead: ids[0]}, app.Activity{Way: "call", Seconds: 60, Step: "send dates", StepAt: b.clock.Now().Add(5 * time.Hour)})); err != nil {
		t.Fatal(err)
	}
	list, err := b.desk.Tasks(ctx, amy, "")
	if err != nil || len(list.Tasks) != 4 || list.Cut {
		t.Fatalf("%d tasks (%v)", len(list.Tasks), err)
	}
	did := map[string]app.Task{}
	for i, task := range list.Tasks {
		did[task.Lead.ID] = task
		if i > 0 && task.Rank > list.Tasks[i-1].Rank {
			t.Error("the list is not in its own order")
		}
		if task.Lead.Contact == nil || task.Lead.Contact.Masked || task.Reach == nil || task.Lead.Rep.Name != "Amy Lin" {
			t.Errorf("task %+v lacks whom to call", task)
		}
	}
	for id, want := range map[string]lead.Do{ids[0]: lead.DoStep, ids[1]: lead.DoAccept, ids[2]: lead.DoFollowUp, ids[3]: lead.DoAccept} {
		if did[id].Do != want {
			t.Errorf("with lead %s amy is to %s, want %s", id, did[id].Do, want)
		}
	}
	if first := did[ids[0]]; first.Reach.Now || !first.Step.Equal(b.clock.Now().Add(5*time.Hour)) || first.Value != 0.4 || !slices.Equal(first.Ways, []string{"call", "visit"}) {
		t.Errorf("who was called today is the task %+v", first)
	}
	for user, want := range map[string]int{"max": 4, "omar": 4, "ben": -1, "dora": -1, "mia": -1} {
		got, err := b.desk.Tasks(ctx, b.user(user), "amy")
		if (err == nil) != (want >= 0) || err == nil && len(got.Tasks) != want {
			t.Errorf("%s sees %d tasks of amy (%v), want %d", user, len(got.Tasks), err, want)
		}
		if user == "omar" && err == nil && got.Tasks[0].Lead.Contact != nil {
			t.Error("ops is shown contact data")
		}
	}
	if _, err := b.desk.Tasks(ctx, b.user("mia"), ""); lead.KindOf(err) != lead.Denied {
		t.Errorf("who is no rep has tasks: %v", err)
	}
}
