package app_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// TestMergedTellsTheRep: whose lead goes on as another one is told, once, and nobody
// else is.
func TestMergedTellsTheRep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.brought(b.stranger("trial", 1), "working")
	second := b.stranger("trial", 2)
	b.follow(first)
	b.follow(second)
	before := len(b.mails())
	if _, err := b.desk.Merge(t.Context(), b.user("dora"), app.Merging{Person: first.Person, With: second.Person, Why: "the same"}); err != nil {
		t.Fatal(err)
	}
	gone := b.lead(second.ID)
	if gone.State != lead.StateMerged || gone.Merged.Rep != second.Owner() {
		t.Fatalf("%s, %+v", gone.State, gone.Merged)
	}
	notices := b.notices(gone.ID)
	var n app.Notice
	if len(notices) != 1 || json.Unmarshal(notices[0], &n) != nil || n.Kind != app.NoticeMerged || n.To != second.Owner() {
		t.Fatalf("notices %s", notices)
	}
	b.relay(b.history(first.ID)...) // the other lead's rep learns nothing of it
	for range 2 {
		if failed := b.handle("deliver", notices...); failed > 0 {
			t.Fatalf("deliver failed: %s", b.logs)
		}
	}
	mails := b.mails()
	if len(mails) != before+1 {
		t.Fatalf("%d mails came, want 1", len(mails)-before)
	}
	rep, err := b.table.Rep(t.Context(), second.Owner())
	if err != nil {
		t.Fatal(err)
	}
	mail := mails[slices.IndexFunc(mails, func(m string) bool { return strings.Contains(m, "goes on as another one") })]
	for _, want := range []string{rep.Email, "Subject: Lead " + gone.Number + " goes on as another one", "Message-Id: <" + n.ID() + "@example.com>"} {
		if !strings.Contains(mail, want) {
			t.Errorf("%q is not in the mail:\n%s", want, mail)
		}
	}
	if strings.Contains(mail, unlike[1]) || strings.Contains(mail, unlike[2]) {
		t.Errorf("the mail names the person:\n%s", mail)
	}
}

// TestMergedTellsNobody: where the merge was undone before the mail, or nobody had the
// lead, there is nothing to tell.
func TestMergedTellsNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.brought(b.stranger("trial", 1), "working"), b.stranger("trial", 2)
	merged, err := b.desk.Merge(t.Context(), b.user("dora"), app.Merging{Person: first.Person, With: second.Person, Why: "the same"})
	if err != nil {
		t.Fatal(err)
	}
	notices := b.notices(second.ID)
	if _, err := b.desk.Divide(t.Context(), b.user("dora"), app.Division{Person: merged.ID, Why: "not the same"}); err != nil {
		t.Fatal(err)
	}
	before := len(b.mails())
	if failed := b.handle("deliver", notices...); failed > 0 || len(b.mails()) != before {
		t.Errorf("%d failed, %d mails came: %s", failed, len(b.mails())-before, b.logs)
	}
	pooled := b.brought(b.stranger("trial", 4), "pooled")
	if _, err := b.desk.Merge(t.Context(), b.user("dora"), app.Merging{Person: first.Person, With: pooled.Person, Why: "the same"}); err != nil {
		t.Fatal(err)
	}
	if got := b.notices(pooled.ID); b.lead(pooled.ID).State != lead.StateMerged || len(got) > 0 {
		t.Errorf("it is %s, and %s follow", b.lead(pooled.ID).State, got)
	}
}
