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
	"sluice/shared/route"
)

// stocked writes leads that rest in a pool, without the way that led them there.
func (b *bundle) stocked(pool, team string, n int, commands ...lead.Command) []string {
	b.t.Helper()
	pol, err := b.policy.Directory(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	var ids []string
	for i := range n {
		blank := lead.Lead{ID: fmt.Sprintf("l%s%s%04d", pool[:1], team[:1], i)}
		all := append([]lead.Command{lead.Capture{Number: "L-1", Person: "p1", Product: "kids-coding", Submission: "s1"},
			lead.Score{Fit: i % 100, Grade: lead.Grades[i%len(lead.Grades)]}, lead.Route{Choice: lead.Choice{Pool: pool, Team: team}}}, commands...)
		after, entry, err := lead.Run(blank, lead.System("test"), pol.Rules(team), b.clock.Now(), all...)
		if err != nil {
			b.t.Fatal(err)
		}
		if err := b.table.Commit(b.t.Context(), lead.NewChange(after, entry)); err != nil {
			b.t.Fatal(err)
		}
		ids = append(ids, blank.ID)
	}
	return ids
}

// ended sweeps until a job is over.
func (b *bundle) ended(u app.User, job app.JobView) app.JobView {
	b.t.Helper()
	for range 5 {
		b.sweep()
		var err error
		if job, err = b.desk.Job(b.t.Context(), u, job.ID); err != nil {
			b.t.Fatal(err)
		}
		if job.State != "open" {
			return job
		}
		b.clock.pass(1)
	}
	b.t.Fatalf("the job goes on: %+v", job)
	return job
}

// TestPoolIsMovedWhole: although what is moved leaves the list that is worked
// through, every lead is looked at once.
func TestPoolIsMovedWhole(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: openPool})
	ctx, manager := t.Context(), b.user("max")
	ids := b.stocked("open-sea", "young", 230)
	tagged := b.stocked("school-pool", "schools", 30, lead.Tag{Add: []string{"fair"}})
	b.stocked("school-pool", "young", 25)
	all := app.Removal{From: lead.Origin{Pool: "open-sea"}, To: lead.Goal{Pool: "school-pool"}, Reason: "pools are joined"}
	seen, err := b.desk.Foresee(ctx, manager, all)
	if err != nil || seen.Leads != 230 || seen.Moved != 230 || seen.More || seen.States[lead.StatePooled] != 230 {
		t.Fatalf("foreseen %+v (%v)", seen, err)
	}
	job, err := b.desk.Remove(ctx, manager, all)
	if err != nil {
		t.Fatal(err)
	}
	if job = b.ended(manager, job); job.Seen != 230 || job.Moved != 230 || len(job.Skipped) > 0 {
		t.Errorf("job %+v, want 230 seen and moved", job)
	}
	for _, id := range ids {
		if l := b.lead(id); l.Pool != "school-pool" || l.Version != 2 {
			t.Fatalf("lead %s rests in %q at version %d", id, l.Pool, l.Version)
		}
	}
	if left, _, err := b.table.Pool(ctx, "open-sea", app.Page{}); err != nil || len(left) > 0 {
		t.Errorf("%d leads are left in the pool (%v)", len(left), err)
	}

	job, err = b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Pool: "school-pool", Tag: "fair"}, To: lead.Goal{Pool: "open-sea"}, Reason: "of the fair"})
	if err != nil {
		t.Fatal(err)
	}
	if job = b.ended(manager, job); job.Seen != 30 || job.Moved != 30 {
		t.Errorf("job %+v, want the 30 with the tag moved", job)
	}
	for _, id := range tagged {
		if l := b.lead(id); l.Pool != "open-sea" {
			t.Errorf("lead %s rests in %q", id, l.Pool)
		}
	}
}

// TestPoolIsMovedWithItsCallList: what is on the pool's call list rests in the pool.
func TestPoolIsMovedWithItsCallList(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: func(d *policy.Document) {
		openPool(d)
		d.Lists, d.Pools[0].List, d.Pools[1].List = []policy.CallList{{ID: "callers", Name: "Callers"}}, "callers", "callers"
	}})
	ctx, manager := t.Context(), b.user("max")
	ids, elsewhere := b.stocked("open-sea", "young", 7), b.stocked("school-pool", "schools", 2)
	b.clock.pass(61 * 24 * time.Hour)
	pol, err := b.policy.Directory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range append(slices.Clone(ids[:5]), elsewhere...) {
		after, entry, err := lead.Run(b.lead(id), lead.System("test"), pol.Rules("young"), b.clock.Now(), lead.Look{Did: lead.DidList, List: "callers"})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.table.Commit(ctx, lead.NewChange(after, entry)); err != nil {
			t.Fatal(err)
		}
	}
	if listed, _, err := b.table.List(ctx, "callers", app.Page{}); err != nil || len(listed) != 7 {
		t.Fatalf("%d leads are on the list (%v)", len(listed), err)
	}
	job, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Pool: "open-sea"}, To: lead.Goal{Pool: "school-pool"}, Reason: "pools are joined"})
	if err != nil {
		t.Fatal(err)
	}
	if job = b.ended(manager, job); job.Seen != 7 || job.Moved != 7 {
		t.Errorf("job %+v, want 7 seen and moved", job)
	}
	for _, id := range ids {
		if l := b.lead(id); l.Pool != "school-pool" || l.List != "" {
			t.Errorf("lead %s rests in %q, on the list %q", id, l.Pool, l.List)
		}
	}
	if l := b.lead(elsewhere[0]); l.List != "callers" {
		t.Errorf("a lead of another pool is on the list %q", l.List)
	}
}

// TestPoolIsMovedByItsAdmin: to members and own pools alone, whoseever the leads
// are. A manager of one team moves that team's leads only.
func TestPoolIsMovedByItsAdmin(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: func(d *policy.Document) {
		openPool(d)
		d.Pools[1].Admins = nil
	}})
	ctx, mia, manager := t.Context(), b.user("mia"), b.user("max")
	mine, theirs := b.stocked("open-sea", "young", 3), b.stocked("open-sea", "schools", 2)
	from := lead.Origin{Pool: "open-sea"}
	for field, r := range map[string]app.Removal{
		"to.rep": {From: from, To: lead.Goal{Rep: "eva"}}, "to.pool": {From: from, To: lead.Goal{Pool: "school-pool"}},
		"to.team": {From: from, To: lead.Goal{Team: "young"}}, "to.anew": {From: from, To: lead.Goal{Anew: true}},
	} {
		r.Reason = "new members"
		_, err := b.desk.Remove(ctx, mia, r)
		refusedFor(t, field, err, lead.Invalid, field)
	}
	for _, other := range []lead.Origin{{Pool: "school-pool"}, {Rep: "amy"}, {Team: "young"}, {Leads: mine}} {
		if _, err := b.desk.Remove(ctx, mia, app.Removal{From: other, To: lead.Goal{Rep: "amy"}, Reason: "x"}); lead.KindOf(err) != lead.Denied {
			t.Errorf("an admin moves %+v: %v", other, err)
		}
	}
	manager.Teams, manager.ID = []string{"young"}, "another"
	job, err := b.desk.Remove(ctx, manager, app.Removal{From: from, To: lead.Goal{Rep: "ben"}, Reason: "new members"})
	if err != nil {
		t.Fatal(err)
	}
	if job = b.ended(manager, job); job.Moved != len(mine) || job.Skipped["of a team that you do not manage"] != len(theirs) {
		t.Errorf("the manager's job %+v", job)
	}
	if job, err = b.desk.Remove(ctx, mia, app.Removal{From: from, To: lead.Goal{Rep: "amy"}, Reason: "new members"}); err != nil {
		t.Fatal(err)
	}
	if job = b.ended(mia, job); job.Moved != len(theirs) || job.Given["amy"] != len(theirs) {
		t.Errorf("the admin's job %+v", job)
	}
	if jobs, err := b.desk.Jobs(ctx, mia, app.Page{}); err != nil || len(jobs.Jobs) != 1 || jobs.Jobs[0].ID != job.ID {
		t.Errorf("the admin sees the jobs %+v (%v)", jobs.Jobs, err)
	}
	if _, err := b.desk.Jobs(ctx, b.user("dora"), app.Page{}); lead.KindOf(err) != lead.Denied {
		t.Errorf("a dispatcher sees jobs: %v", err)
	}
}

// TestClassIsMovedWhole: with its leads that wait and that are worked on, and none
// of another class.
func TestClassIsMovedWhole(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: func(d *policy.Document) {
		d.Teams[0].Distribution = []route.Step{{By: route.ByCohort, Cohort: []route.Cohort{
			{Name: "spring", When: `city == "Shanghai"`, Reps: []string{"amy"}}, {Name: "autumn", When: `city == "Beijing"`, Reps: []string{"amy"}}}}}
	}})
	ctx, manager := t.Context(), b.user("max")
	ids := b.book("amy", 4)
	values := person("Ida Stone", phoneNumber(9), "")
	values.Set("city", "Beijing")
	autumn := b.enquire("trial", values)
	if l := b.lead(ids[0]); l.Cohort != "spring" || autumn.Cohort != "autumn" {
		t.Fatalf("the classes are %q and %q", l.Cohort, autumn.Cohort)
	}
	if v, err := b.desk.Lead(ctx, b.user("amy"), ids[0]); err != nil || v.Cohort != "spring" || slices.Contains(v.Acts, app.ActRelease) {
		t.Errorf("a lead of a class shows %q with %v (%v)", v.Cohort, v.Acts, err)
	}
	_, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Rep: "amy", Cohort: "spring"}, To: lead.Goal{Rep: "ben"}, Reason: "x"})
	refusedFor(t, "a class of a rep", err, lead.Invalid, "from.cohort")
	_, err = b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Team: "young", Cohort: strings.Repeat("x", 81)}, To: lead.Goal{Rep: "ben"}, Reason: "x"})
	refusedFor(t, "a class with a long name", err, lead.Invalid, "from.cohort")
	job, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Team: "young", Cohort: "spring"}, To: lead.Goal{Rep: "ben"}, Reason: "new teacher"})
	if err != nil {
		t.Fatal(err)
	}
	if job = b.ended(manager, job); job.Moved != 4 || job.Seen != 4 {
		t.Errorf("job %+v, want the 4 of the class", job)
	}
	for i, id := range ids {
		l := b.lead(id)
		if want := map[bool]lead.State{true: lead.StateWorking, false: lead.StateOffered}[i%2 == 0]; l.Owner() != "ben" || l.Cohort != "spring" || l.State != want {
			t.Errorf("lead %d is %s with %q in class %q", i, l.State, l.Owner(), l.Cohort)
		}
	}
	if l := b.lead(autumn.ID); l.Owner() != "amy" {
		t.Errorf("the lead of another class is with %q", l.Owner())
	}
	classes, err := b.desk.Cohorts(ctx)
	if want := []app.Cohort{{Team: "young", Name: "spring"}, {Team: "young", Name: "autumn"}}; err != nil || !slices.Equal(classes, want) {
		t.Errorf("classes are %v (%v)", classes, err)
	}
	b.counters()
}
