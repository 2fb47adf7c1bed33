package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
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
	contains(t, out.String(), "Where every lead is", "Promises broken", "scored anew: signals", "rules only")
	if r.score.signals == 0 || r.score.causes["signals"] == 0 || sum(r.score.nights) != 4 || r.score.last.Version != r.score.nights["too_few"] {
		t.Errorf("of scores is told %+v", r.score)
	}
	contains(t, r.verdict(), "no promise was broken")

	// The same seed posts the same enquiries, whatever the reps do with them.
	posts, interests := replay(t, p)
	if !maps.Equal(posts, r.posts) {
		t.Errorf("played again the posts are answered %v, not %v", posts, r.posts)
	}
	for i, id := range p.accepted {
		if is, was := interests[i], p.interests["l"+id]; fmt.Sprint(is) != fmt.Sprint(was) {
			t.Errorf("played again the %d. is interested %v, not %v", i, is, was)
		}
	}
}

// What people do tells how much they want it, as far as it can.
func TestInterestShows(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 3))
	shown, all := map[int]float64{}, map[int]float64{}
	for range 2000 {
		i := interestOf(r)
		all[i.buys]++
		for _, s := range i.before {
			if s.after >= 0 {
				t.Fatalf("a sign before the enquiry is %s after it", s.after)
			}
			shown[i.buys]++
		}
		for _, s := range i.later {
			if s.after <= 0 {
				t.Fatalf("a sign after the enquiry is %s before it", -s.after)
			}
		}
	}
	if len(all) != 3 || shown[30]/all[30] < 2*shown[9]/all[9] || shown[9]/all[9] < 2*shown[2]/all[2] {
		t.Errorf("of %v people %v signs are known", all, shown)
	}
}

// replay posts the enquiries of a play's seed once more: how they are answered, and the
// interest behind those that are accepted.
func replay(t *testing.T, p *play) (tally, []interest) {
	t.Helper()
	again := play{playing: p.playing, clock: p.clock, system: p.system}
	again.begin()
	for range p.enquiries {
		if err := again.enquire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var interests []interest
	for _, id := range again.accepted {
		interests = append(interests, again.interests["l"+id])
	}
	return again.posts, interests
}

func TestDemoRefusesTheImpossible(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"-enquiries", "0"}, {"-days", "400"}, {"-enquiries", "many"}} {
		if _, err := typed(t, append([]string{"demo"}, words...)...); err == nil {
			t.Errorf("demo %v was played", words)
		}
	}
}
