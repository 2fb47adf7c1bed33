package leadtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"sluice/shared/dial"
	"sluice/shared/lead"
)

// CallStore is the part of the store of package app that call lists need besides.
type CallStore interface {
	StoreUnderTest
	List(ctx context.Context, list string, p lead.Page) (ids []string, cursor string, err error)
	Figures(ctx context.Context, list string) (f dial.Figures, version int, err error)
	PutFigures(ctx context.Context, list string, version int, f dial.Figures) error
	Secret(ctx context.Context, name string) (lead.Sealed, error)
	PutSecret(ctx context.Context, name string, sealed lead.Sealed) error
}

// Calls tests what the store promises of call lists, as [Store] does.
func Calls(t *testing.T, open func(t *testing.T) CallStore) {
	for name, run := range map[string]func(*testing.T, *shelf, CallStore){
		"lists a call list apart from its pool": callListPlace,
		"keeps figures by version":              callFigures,
		"keeps secrets":                         secrets,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t)
			run(t, newShelf(t, store), store)
		})
	}
}

func (s *shelf) callList(store CallStore, list string) listing {
	return func(ctx context.Context, p lead.Page) ([]string, string, error) { return store.List(ctx, list, p) }
}

// callListPlace: a lead on a call list is listed there and not in its pool, until it
// is dialled or the next look takes it off.
func callListPlace(t *testing.T, s *shelf, store CallStore) {
	pooled := s.byGrade(t, 12, lead.Choice{Pool: "open"})
	listed := map[string]lead.Lead{}
	for i, id := range pooled {
		if i%2 == 0 {
			continue
		}
		l, err := s.Lead(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		s.now = l.Deadline.At
		c := s.commit(t, s.run(t, l, lead.Look{Did: lead.DidList, List: "spring#1"}))
		listed[id] = *c.Lead
	}
	on := func(in bool) []string {
		return slices.DeleteFunc(slices.Clone(pooled), func(id string) bool { _, ok := listed[id]; return ok != in })
	}
	for _, limit := range []int{1, 4, 100} {
		settles(t, s.callList(store, "spring#1"), limit, on(true))
		settles(t, s.pool("open"), limit, on(false))
	}
	settles(t, s.callList(store, "spring"), 10, nil)

	first, second := on(true)[0], on(true)[1]
	s.commit(t, s.run(t, listed[first], lead.Dial{List: "spring#1", Hand: "h1"}))
	l := listed[second]
	s.now = l.Deadline.At
	s.commit(t, s.run(t, l, lead.Look{Did: lead.DidRest}))
	delete(listed, first)
	delete(listed, second)
	settles(t, s.callList(store, "spring#1"), 3, on(true))
	settles(t, s.pool("open"), 3, on(false))
}

func callFigures(t *testing.T, s *shelf, store CallStore) {
	ctx := t.Context()
	if f, version, err := store.Figures(ctx, "spring"); f != (dial.Figures{}) || version != 0 || err != nil {
		t.Errorf("of a list nobody has dialled: %+v version %d, %v", f, version, err)
	}
	var f dial.Figures
	f.Answer(12 * time.Second)
	f.Talked(90 * time.Second)
	f.NoAnswer()
	wantKind(t, store.PutFigures(ctx, "spring", 2, f), lead.Conflict)
	if err := store.PutFigures(ctx, "spring", 1, f); err != nil {
		t.Fatal(err)
	}
	for _, version := range []int{1, 3} {
		wantKind(t, store.PutFigures(ctx, "spring", version, dial.Figures{}), lead.Conflict)
	}
	if got, version, err := store.Figures(ctx, "spring"); got != f || version != 1 || err != nil {
		t.Errorf("figures are %+v version %d, %v; want %+v", got, version, err, f)
	}
	if won := together(t, 8, func(int) error {
		err := store.PutFigures(ctx, "spring", 2, f)
		if err != nil && lead.KindOf(err) == lead.Conflict {
			return &lead.Refused{}
		}
		return err
	}); won != 1 {
		t.Errorf("%d of 8 put the second version, want 1", won)
	}
	if _, version, err := store.Figures(ctx, "autumn"); version != 0 || err != nil {
		t.Errorf("another list has version %d, %v", version, err)
	}
}

func secrets(t *testing.T, s *shelf, store CallStore) {
	ctx := t.Context()
	_, err := store.Secret(ctx, "calls/spring")
	wantKind(t, err, lead.NotFound)
	for _, sealed := range []lead.Sealed{[]byte{0, 1, 0xff, 2}, []byte("another")} {
		if err := store.PutSecret(ctx, "calls/spring", sealed); err != nil {
			t.Fatal(err)
		}
		if got, err := store.Secret(ctx, "calls/spring"); err != nil || string(got) != string(sealed) {
			t.Errorf("secret reads %d bytes, %v; want %d", len(got), err, len(sealed))
		}
	}
	_, err = store.Secret(ctx, "calls/spring2")
	wantKind(t, err, lead.NotFound)
}
