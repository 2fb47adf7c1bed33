package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"testing"
	"time"
)

func playDemo(t *testing.T, with playing) *play {
	t.Helper()
	p, err := newPlay(t.Context(), with)
	needEngine(t, err)
	t.Cleanup(p.system.close)
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	if err := p.run(ctx); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDemoAddsUp(t *testing.T) {
	p := playDemo(t, playing{folder: t.TempDir(), enquiries: 60, days: 4, seed: 7, progress: io.Discard})
	r, err := p.report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.check(); err != nil {
		t.Error(err)
	}
	sum := func(t tally) (n int) {
		for v := range maps.Values(t) {
			n += v
		}
		return n
	}
	leads := r.outcomes["created"]
	if n := sum(r.posts); n != 60 {
		t.Errorf("%d posts were answered: %v", n, r.posts)
	}
	if r.posts["202"] != sum(r.outcomes) || len(p.accepted) != r.posts["202"] {
		t.Errorf("%d posts were accepted and have the outcomes %v", r.posts["202"], r.outcomes)
	}
	if r.stages["1 leads"] != leads || sum(r.states) != leads || len(p.history) != leads {
		t.Errorf("%d leads were created; %d are in the funnel, %v are in the states", leads, r.stages["1 leads"], r.states)
	}
	if r.stages["2 offered"] > leads || r.stages["4 followed up"] > r.stages["3 accepted"] || r.mails > r.offers || r.stages["3 accepted"] == 0 {
		t.Errorf("the funnel does not narrow: %v, %d mails of %d offers", r.stages, r.mails, r.offers)
	}
	var out bytes.Buffer
	r.print(&out)
	contains(t, out.String(), "Where every lead is", "Promises broken")
	contains(t, r.verdict(), "no promise was broken")

	// The same seed posts the same enquiries, whatever the reps do with them.
	if posts := replay(t, p); !maps.Equal(posts, r.posts) {
		t.Errorf("played again the posts are answered %v, not %v", posts, r.posts)
	}
}

// replay posts the enquiries of a play's seed once more.
func replay(t *testing.T, p *play) tally {
	t.Helper()
	again := play{playing: p.playing, clock: p.clock, system: p.system}
	again.begin()
	for range p.enquiries {
		if err := again.enquire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return again.posts
}

func TestDemoRefusesTheImpossible(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"-enquiries", "0"}, {"-days", "400"}, {"-enquiries", "many"}} {
		if _, err := typed(t, append([]string{"demo"}, words...)...); err == nil {
			t.Errorf("demo %v was played", words)
		}
	}
}
