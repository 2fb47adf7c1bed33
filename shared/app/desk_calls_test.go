package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// dialling is a house that dials so many leads itself, all of them on the list spring.
func dialling(t *testing.T, leads int) (*bundle, []string) {
	t.Helper()
	b, first := calling(t, nil)
	ids := []string{first.ID}
	for i := range leads - 1 {
		ids = append(ids, b.intoPool(b.enquire("trial", person("Person", phoneNumber(i), ""))).ID)
	}
	due := func(id string) time.Time { return b.lead(id).Deadline.At }
	for _, id := range slices.SortedFunc(slices.Values(ids), func(a, b string) int { return due(a).Compare(due(b)) }) {
		if b.until(id, lead.DutySweep); b.lead(id).List != "spring" {
			t.Fatalf("the look did %+v", b.did(id))
		}
	}
	for slices.ContainsFunc(ids, b.quiet) {
		b.clock.pass(time.Hour)
	}
	return b, ids
}

func (b *bundle) quiet(id string) bool {
	b.t.Helper()
	pol, err := b.policy.Directory(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return pol.Quiet(b.lead(id), b.clock.Now())
}

func (b *bundle) next(u app.User, f app.Floor) app.ToDial {
	b.t.Helper()
	out, err := b.desk.Next(b.t.Context(), u, "spring", f)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func TestNextHandsOutEachLeadOnce(t *testing.T) {
	t.Parallel()
	const leads = 24
	b, ids := dialling(t, leads)
	dora := b.user("dora")
	if all := b.next(dora, app.Floor{Busy: 3}); all.Dial != 0 || len(all.Leads) != 0 || all.Predictive {
		t.Errorf("with nobody free: %+v", all)
	}
	if none := b.next(dora, app.Floor{Free: 3, Ringing: 3}); none.Dial != 0 {
		t.Errorf("with a number for each: %+v", none)
	}

	var mu sync.Mutex
	got := map[string]int{}
	var group sync.WaitGroup
	for range 8 {
		desk := *b.desk
		group.Go(func() {
			out, err := desk.Next(context.Background(), dora, "spring", app.Floor{Free: 5, Ringing: 1})
			if err != nil || out.Dial != 4 || len(out.Leads) > 4 {
				t.Errorf("%+v, %v", out, err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, n := range out.Leads {
				got[n.Lead]++
				if !strings.HasPrefix(n.Phone, "+") || n.Product != "kids-coding" || n.Number == "" || n.Name == "" {
					t.Errorf("handed out %+v", n)
				}
			}
		})
	}
	group.Wait()
	for rest := 1; rest > 0; { // those for which two met
		more := b.next(dora, app.Floor{Free: 50})
		rest = len(more.Leads)
		for _, n := range more.Leads {
			got[n.Lead]++
		}
	}
	for _, id := range ids {
		if got[id] != 1 {
			t.Errorf("lead %s was handed out %d times", id, got[id])
		}
		if l := b.lead(id); l.List != "" || l.Dialled != "spring" || l.State != lead.StatePooled {
			t.Errorf("lead is %s on list %q, dialled from %q", l.State, l.List, l.Dialled)
		}
	}
	if len(got) != leads || strings.Count(b.logs.String(), `"msg":"reveal","user":"dora"`) == 0 {
		t.Errorf("%d leads were handed out of %d", len(got), leads)
	}
	// They are back in the pool for everybody.
	b.activate("amy")
	listing, err := b.table.Leads(t.Context(), ids)
	if err != nil || slices.ContainsFunc(listing, func(l lead.Lead) bool { return l.List != "" }) {
		t.Error(err)
	}
	pooled, _, err := b.table.Pool(t.Context(), listing[0].Pool, app.Page{Limit: 100})
	if err != nil || len(pooled) != leads {
		t.Errorf("%d leads are in the pool, %v; want %d", len(pooled), err, leads)
	}
}

func TestNextLeavesInPeace(t *testing.T) {
	t.Parallel()
	b, ids := dialling(t, 3)
	dora := b.user("dora")
	b.changePerson(b.lead(ids[1]), func(p *lead.Person) { p.OptOut = b.clock.Now() })
	b.changePerson(b.lead(ids[2]), func(p *lead.Person) { p.Phone = nil })
	out := b.next(dora, app.Floor{Free: 9})
	if len(out.Leads) != 1 || out.Leads[0].Lead != ids[0] {
		t.Errorf("handed out %+v, want the first alone", out.Leads)
	}
	if l := b.lead(ids[1]); l.List != "" || l.Dialled != "" {
		t.Errorf("who opted out stays on the list %q", l.List)
	}
	if l := b.lead(ids[2]); l.List != "spring" {
		t.Errorf("lead without a phone is on list %q", l.List)
	}

	night, one := dialling(t, 1)
	for !night.quiet(one[0]) {
		night.clock.pass(time.Hour)
	}
	if out := night.next(dora, app.Floor{Free: 9}); len(out.Leads) != 0 || out.Dial != 9 {
		t.Errorf("at night %+v is handed out", out)
	}
}

func TestWhoMayDial(t *testing.T) {
	t.Parallel()
	b, ids := dialling(t, 1)
	b.activate("amy")
	ctx := t.Context()
	for _, id := range []string{"amy", "dora", "max"} {
		u := b.user(id)
		if _, err := b.desk.Next(ctx, u, "spring", app.Floor{}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		for list, kind := range map[string]lead.Kind{"autumn": lead.NotFound, "nowhere": lead.NotFound, "": lead.NotFound} {
			if _, err := b.desk.Next(ctx, u, list, app.Floor{Free: 1}); lead.KindOf(err) != kind {
				t.Errorf("%s of list %q: %v", id, list, err)
			}
		}
	}
	for _, id := range []string{"mia", "eva"} { // a marketer, and a rep of another team
		if _, err := b.desk.Next(ctx, b.user(id), "spring", app.Floor{Free: 1}); lead.KindOf(err) != lead.NotFound {
			t.Errorf("%s: %v", id, err)
		}
		if _, err := b.desk.RecordCall(ctx, b.user(id), "spring", app.CallResult{Lead: ids[0], Call: "c", Outcome: lead.Busy}); lead.KindOf(err) != lead.NotFound {
			t.Errorf("%s told of a call: %v", id, err)
		}
	}
	for _, f := range []app.Floor{{Free: -1}, {Busy: -1}, {Ringing: -1}, {Free: 10_001}} {
		if _, err := b.desk.Next(ctx, b.user("dora"), "spring", f); lead.KindOf(err) != lead.Invalid {
			t.Errorf("%+v: %v", f, err)
		}
	}
	doc := b.document()
	doc.Lists[0].URL = "https://calls.example.com/"
	b.apply(doc, 2)
	b.clock.pass(time.Minute)
	if _, err := b.desk.Next(ctx, b.user("dora"), "spring", app.Floor{Free: 1}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("of a vendor's list: %v", err)
	}
}

func TestRecordCall(t *testing.T) {
	t.Parallel()
	b, ids := dialling(t, 6)
	ctx, dora := t.Context(), b.user("dora")
	tell := func(r app.CallResult) (app.CallRecorded, error) { return b.desk.RecordCall(ctx, dora, "spring", r) }
	if _, err := tell(app.CallResult{Lead: ids[0], Call: "c-0", Outcome: lead.Busy}); lead.KindOf(err) != lead.NotFound {
		t.Errorf("of a lead that was not handed out: %v", err)
	}
	if n := len(b.next(dora, app.Floor{Free: 9}).Leads); n != len(ids) {
		t.Fatalf("%d leads were handed out", n)
	}
	for name, r := range map[string]app.CallResult{
		"no call": {Lead: ids[0], Outcome: lead.Busy}, "no lead": {Call: "c", Outcome: lead.Busy}, "no outcome": {Lead: ids[0], Call: "c"},
		"endless ringing": {Lead: ids[0], Call: "c", Outcome: lead.Busy, Ring: 601}, "a negative one": {Lead: ids[0], Call: "c", Outcome: lead.Busy, Ring: -1},
		"an endless summary": {Lead: ids[0], Call: "c", Outcome: lead.Busy, Summary: strings.Repeat("x", 4001)},
	} {
		if _, err := tell(r); lead.KindOf(err) != lead.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.activate("amy")
	for i, c := range []struct {
		result app.CallResult
		want   lead.State
	}{
		{app.CallResult{Outcome: lead.NoAnswer}, lead.StatePooled},
		{app.CallResult{Outcome: lead.Interested, Ring: 12, Seconds: 200, Summary: strings.Repeat("é", 4000)}, lead.StateOffered},
		{app.CallResult{Outcome: lead.Abandoned, Ring: 8}, lead.StatePooled},
		{app.CallResult{Outcome: lead.DoNotCall, Ring: 10, Seconds: 20}, lead.StatePooled},
		{app.CallResult{Outcome: lead.WrongNumber, Ring: 10, Seconds: 20}, lead.StateUnreachable},
	} {
		c.result.Lead, c.result.Call = ids[i], fmt.Sprint("c-", i)
		for _, fresh := range []bool{true, false} {
			got, err := tell(c.result)
			if err != nil || got.State != c.want || got.Recorded != fresh || got.Lead != ids[i] {
				t.Errorf("%s: %+v, %v; want %s, recorded %t", c.result.Outcome, got, err, c.want, fresh)
			}
		}
		if calls := b.calls(ids[i]); len(calls) != 1 || calls[0].List != "spring" || calls[0].Seconds != c.result.Seconds {
			t.Errorf("%s: calls are %+v", c.result.Outcome, calls)
		}
	}
	f, version, err := b.table.Figures(ctx, "spring")
	if err != nil || version != 5 || f.Dialled != 5 || f.Answered != 4 || f.Abandoned != 1 || f.Talks != 3 || f.Ring != 10*time.Second || f.Talk != 80*time.Second {
		t.Errorf("figures of version %d are %+v, %v", version, f, err)
	}
	if p, err := b.table.Person(ctx, b.lead(ids[3]).Person); err != nil || p.OptOut.IsZero() {
		t.Errorf("who does not want to be called is not opted out (%v)", err)
	}
	if l := b.lead(ids[1]); l.Owner() != "amy" {
		t.Errorf("who is interested is with %q", l.Owner())
	}
	b.counters()
}

// TestFiguresAreCountedTogether: dialled by many at once, none is left out.
func TestFiguresAreCountedTogether(t *testing.T) {
	t.Parallel()
	b, ids := dialling(t, 6)
	dora := b.user("dora")
	b.next(dora, app.Floor{Free: 9})
	var group sync.WaitGroup
	for i, id := range ids {
		group.Go(func() {
			if _, err := b.desk.RecordCall(context.Background(), dora, "spring", app.CallResult{Lead: id, Call: fmt.Sprint(i), Outcome: lead.NoAnswer}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if f, _, err := b.table.Figures(t.Context(), "spring"); err != nil || f.Dialled != len(ids) {
		t.Errorf("figures count %d of %d, %v", f.Dialled, len(ids), err)
	}
}

// TestNextIsPacedByItsFigures: a list on which few answer is dialled ahead, one that
// lost too many is not.
func TestNextIsPacedByItsFigures(t *testing.T) {
	t.Parallel()
	b, _ := dialling(t, 1)
	dora := b.user("dora")
	f, _, err := b.table.Figures(t.Context(), "spring")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 400 {
		if i%5 > 0 {
			f.NoAnswer()
			continue
		}
		f.Answer(10 * time.Second)
		f.Talked(2 * time.Minute)
	}
	if err := b.table.PutFigures(t.Context(), "spring", 1, f); err != nil {
		t.Fatal(err)
	}
	ahead := b.next(dora, app.Floor{Free: 10, Busy: 20})
	if !ahead.Predictive || ahead.Dial <= 10 || len(ahead.Leads) != 1 || ahead.Why == "" {
		t.Errorf("where one in five answers: %+v", ahead)
	}
	for range 20 {
		f.Answer(10 * time.Second)
		f.Abandon()
	}
	if err := b.table.PutFigures(t.Context(), "spring", 2, f); err != nil {
		t.Fatal(err)
	}
	if one := b.next(dora, app.Floor{Free: 10, Busy: 20}); one.Predictive || one.Dial != 10 {
		t.Errorf("where a fifth was abandoned: %+v", one)
	}
}
