package app_test

import (
	"slices"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// TestSampleOfAWeek draws of what amy and ben hold, and judges what they recorded.
func TestSampleOfAWeek(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: only("amy")}) // it is a Wednesday, in week 10
	ctx, manager := t.Context(), b.user("max")
	ids := b.book("amy", 30) // half of them are accepted
	for i := 0; i < 30; i += 2 {
		a := app.Activity{Way: "note"}
		if i%4 == 0 {
			a = app.Activity{Way: "call", Seconds: 60, Summary: "spoke", Step: "send dates", StepAt: b.clock.Now().AddDate(0, 0, 1)}
		}
		if err := act(b.desk.LogActivity(ctx, b.user("amy"), app.Target{Lead: ids[i]}, a)); err != nil {
			t.Fatal(err)
		}
	}
	b.clock.pass(7 * 24 * time.Hour)
	got, err := b.desk.Sample(ctx, manager, "young", "")
	if err != nil || got.Week != "2026-W10" || !got.From.Equal(time.Date(2026, 3, 1, 16, 0, 0, 0, time.UTC)) || len(got.Leads) != 10 {
		t.Fatalf("sample %+v (%v)", got, err)
	}
	sum := 0
	for _, l := range got.Leads {
		at := slices.Index(ids, l.Lead)
		want := 25 // a note is logged in time and no more
		if at%4 == 0 {
			want = 100
		}
		if at < 0 || at%2 == 1 || l.Score != want || l.Rep.Name != "Amy Lin" || l.Number == "" || l.Activity.IsZero() {
			t.Errorf("lead %d of the sample is %+v, want a score of %d", at, l, want)
		}
		sum += l.Score
	}
	if len(got.Reps) != 1 || got.Reps[0].Leads != 10 || got.Reps[0].Score != (sum+5)/10 {
		t.Errorf("by rep it is %+v, of %d in all", got.Reps, sum)
	}
	again, err := b.desk.Sample(ctx, manager, "young", "2026-W10")
	if err != nil || !slices.Equal(again.Leads, got.Leads) {
		t.Errorf("drawn again it is another sample (%v)", err)
	}
	// This week nobody has done anything; the next step of some is planned for later.
	now, err := b.desk.Sample(ctx, manager, "young", "2026-W11")
	if err != nil || len(now.Leads) != 10 || now.Leads[0].Score != 0 {
		t.Errorf("of this week it is %+v (%v)", now, err)
	}
	for _, week := range []string{"2026-W12", "last", "2026-W99"} {
		_, err := b.desk.Sample(ctx, manager, "young", week)
		refusedFor(t, week, err, lead.Invalid, "week")
	}
	if old, err := b.desk.Sample(ctx, manager, "young", "2026-W08"); err != nil || len(old.Leads) != 0 {
		t.Errorf("of before they had anything it is %+v (%v)", old.Leads, err)
	}
	for user, sees := range map[string]bool{"amy": false, "dora": false, "omar": false, "mia": false} {
		if _, err := b.desk.Sample(ctx, b.user(user), "young", ""); (err == nil) != sees || lead.KindOf(err) != lead.NotFound {
			t.Errorf("%s asks for a sample: %v", user, err)
		}
	}
	// reps, 4 inboxes, a batch of leads, 10 histories; more where some are left out.
	b.trips("a sample", 16, func() error { _, err := b.desk.Sample(ctx, manager, "young", "2026-W10"); return err })
}
