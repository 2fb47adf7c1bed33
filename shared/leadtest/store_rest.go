package leadtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

func policyVersions(t *testing.T, s *shelf) {
	ctx := t.Context()
	record := func(version int) policy.Record {
		return policy.Record{Version: version, At: s.now, Author: "manager1", Reason: fmt.Sprintf("change %d", version),
			Document: json.RawMessage(fmt.Sprintf(`{"version":%d}`, version)), Source: "# a comment\nversion: 1\n"}
	}
	wantKind(t, s.PutPolicy(ctx, record(2)), lead.Conflict)
	wantKind(t, s.PutPolicy(ctx, record(0)), lead.Invalid)
	for v := range 7 {
		if err := s.PutPolicy(ctx, record(v+1)); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []int{1, 7, 9} {
		wantKind(t, s.PutPolicy(ctx, record(v)), lead.Conflict)
	}
	for known, want := range map[int]policy.Record{0: record(7), 6: record(7), 7: {Version: 7}} {
		got, err := s.CurrentPolicy(ctx, known)
		wantPolicy(t, got, want, err)
	}
	got, err := s.Policy(ctx, 3)
	wantPolicy(t, got, record(3), err)

	var versions []int
	for p := (lead.Page{Limit: 3}); ; {
		records, cursor, err := s.Policies(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			versions = append(versions, r.Version)
			if r.Document != nil || r.Source != "" || r.Author != "manager1" {
				t.Errorf("listed = %+v, want it without document", r)
			}
		}
		if p.Cursor = cursor; cursor == "" {
			break
		}
	}
	if want := []int{7, 6, 5, 4, 3, 2, 1}; !slices.Equal(versions, want) {
		t.Errorf("versions = %v, want %v", versions, want)
	}

	large := record(8)
	large.Document = json.RawMessage(`"` + strings.Repeat("a", 340<<10) + `"`)
	large.Source = strings.Repeat("b", 340<<10)
	if err := s.PutPolicy(ctx, large); err != nil {
		t.Fatalf("a large policy: %v", err)
	}
	got, err = s.CurrentPolicy(ctx, 7)
	wantPolicy(t, got, large, err)
	tooLarge := record(9)
	tooLarge.Source = strings.Repeat("c", 351<<10)
	wantKind(t, s.PutPolicy(ctx, tooLarge), lead.Invalid)
	dense := make([]byte, 300<<10) // does not compress
	for i := range dense {
		dense[i] = byte('0' + rand.IntN(75))
	}
	tooLarge.Source = string(dense)
	tooLarge.Document = json.RawMessage(`"` + strings.NewReplacer(`\`, "!", `"`, "!").Replace(string(dense)) + `"`)
	wantKind(t, s.PutPolicy(ctx, tooLarge), lead.Invalid)
}

func wantPolicy(t *testing.T, got, want policy.Record, err error) {
	t.Helper()
	if err != nil || got.Version != want.Version || !got.At.Equal(want.At) || got.Author != want.Author || got.Reason != want.Reason ||
		!bytes.Equal(got.Document, want.Document) || got.Source != want.Source {
		t.Errorf("policy = version %d by %q with %d bytes, %v; want version %d with %d bytes",
			got.Version, got.Author, len(got.Document), err, want.Version, len(want.Document))
	}
}

func deliveries(t *testing.T, s *shelf) {
	ctx, lease := t.Context(), s.now.Add(time.Minute)
	begin := func(id string, now time.Time) (bool, error) {
		return s.BeginDelivery(ctx, id, now, now.Add(time.Minute))
	}
	if done, err := begin("m1", s.now); done || err != nil {
		t.Fatalf("first: done %t, %v", done, err)
	}
	_, err := begin("m1", lease.Add(-time.Millisecond))
	wantKind(t, err, lead.Unavailable)
	if done, err := begin("m1", lease); done || err != nil { // its sender died
		t.Fatalf("after the lease: done %t, %v", done, err)
	}
	if err := s.EndDelivery(ctx, "m1", lease); err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{lease, lease.Add(20 * day)} {
		if done, err := begin("m1", now); !done || err != nil {
			t.Errorf("after it was sent: done %t, %v", done, err)
		}
	}
	if done, err := begin("m2", s.now); done || err != nil {
		t.Errorf("another message: done %t, %v", done, err)
	}
	var taken sync.Map
	together(t, 16, func(i int) error {
		if done, err := begin("m3", s.now); err == nil && !done {
			taken.Store(i, true)
		} else if lead.KindOf(err) != lead.Unavailable {
			return err
		}
		return nil
	})
	n := 0
	taken.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d of 16 took the message, want 1", n)
	}
}

func numbers(t *testing.T, s *shelf) {
	ctx := t.Context()
	if first, err := s.TakeNumbers(ctx, 2026, 3); err != nil || first != 1 {
		t.Fatalf("first = %d, %v", first, err)
	}
	if first, err := s.TakeNumbers(ctx, 2027, 1); err != nil || first != 1 {
		t.Errorf("first of another year = %d, %v", first, err)
	}
	_, err := s.TakeNumbers(ctx, 2026, 0)
	wantKind(t, err, lead.Invalid)
	firsts := make([]int, 12)
	together(t, len(firsts), func(i int) (err error) {
		firsts[i], err = s.TakeNumbers(ctx, 2026, 10)
		return err
	})
	slices.Sort(firsts)
	for i, first := range firsts {
		if first != 4+10*i {
			t.Errorf("blocks start at %v, want each ten after the one before", firsts)
			break
		}
	}
}

func repRecords(t *testing.T, s *shelf) {
	ctx := t.Context()
	rep := lead.Rep{ID: "rep-b", Name: "B", Email: "b@example.com", Teams: []string{"red"}, Active: true, Zone: "Asia/Shanghai",
		Shifts: []lead.Shift{{Days: []time.Weekday{1, 2}, From: "09:00", To: "18:00"}}, Cap: new(3), Turns: map[string]int{"red": 7}}
	if err := s.PutRep(ctx, rep); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.PutRep(ctx, rep), lead.Conflict)
	wantKind(t, s.PutRep(ctx, lead.Rep{}), lead.Invalid)
	wantKind(t, s.PutRep(ctx, lead.Rep{ID: "nobody", Revision: 1}), lead.Conflict)
	stored := s.mustRep(t, rep.ID)
	rep.Revision = 1
	wantSame(t, "rep", stored, rep, nil)
	if stored.Turns["red"] != 7 || stored.Holding != 0 || stored.Day != "" {
		t.Errorf("counters of a new rep = %+v", stored)
	}

	s.commit(t, lead.Change{Moves: []lead.RepMove{s.move(stored, lead.MoveAssign)}})
	edited := stored // read before the assignment
	edited.Name, edited.Cap, edited.Quota = "B2", nil, new(9)
	edited.Turns = map[string]int{"red": 0, "blue": 4}
	if err := s.PutRep(ctx, edited); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.PutRep(ctx, edited), lead.Conflict)
	after := s.mustRep(t, rep.ID)
	if after.Name != "B2" || after.Cap != nil || after.Quota == nil || after.Revision != 2 {
		t.Errorf("record = %+v", after)
	}
	if after.Holding != 1 || after.Today != 1 || after.Turns["red"] != 8 || after.Turns["blue"] != 4 {
		t.Errorf("counters = %+v, want them kept and the new team's turns as given", after)
	}
	if err := s.PutRep(ctx, lead.Rep{ID: "rep-a"}); err != nil {
		t.Fatal(err)
	}
	reps, err := s.Reps(ctx)
	if err != nil || len(reps) != 2 || reps[0].ID != "rep-a" || !sameCounters(reps[1], after) {
		t.Errorf("reps = %+v, %v", reps, err)
	}
	fresh := s.mustRep(t, "rep-a")
	s.commit(t, lead.Change{Moves: []lead.RepMove{s.move(fresh, lead.MoveAssign)}}) // a rep put without turns can be assigned to
}
