package sim

import (
	"cmp"
	"slices"
	"testing"

	"sluice/shared/lead"
)

// happened is one moment of a lead's story: somebody asks, is answered, or
// something is committed.
type happened func(s *scene, id string)

// asks begins the act of a name by a rep: "claim" of rep 0, say.
func asks(rep int, what string) happened {
	return func(s *scene, id string) {
		s.checker.began(act{user: s.rep(rep), rep: s.rep(rep), lead: id, what: what})
	}
}

// gets answers the nth act.
func gets(n, status int) happened {
	return func(s *scene, _ string) { s.checker.ended(n, status) }
}

// does commits commands of a rep.
func does(rep int, commands func(s *scene) lead.Command) happened {
	return func(s *scene, id string) { s.do(id, s.by(rep), commands(s)) }
}

func claims(rep int) happened {
	return does(rep, func(s *scene) lead.Command { return lead.Claim{Rep: s.rep(rep), Team: "kids"} })
}

func releases(rep int) happened {
	return does(rep, func(s *scene) lead.Command { return lead.Release{Rep: s.rep(rep), Reason: "no time"} })
}

func writes(rep int) happened {
	return does(rep, func(s *scene) lead.Command {
		return lead.Log{Rep: s.rep(rep), Activity: lead.Logged{Way: lead.WayNote}}
	})
}

// comesBack is a further enquiry, which wakes a lead that rests.
func comesBack(s *scene, id string) { s.merge(id) }

// TestLinear tells stories of a lead that rests in a pool.
func TestLinear(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		broken []string
		story  []happened
	}{
		"one claim":                         {nil, []happened{asks(0, "claim"), claims(0), gets(0, 200)}},
		"two claims, one wins":              {nil, []happened{asks(0, "claim"), asks(1, "claim"), claims(1), gets(0, 409), gets(1, 200)}},
		"two claims, both are told to win":  {[]string{"answers", "linearizable"}, []happened{asks(0, "claim"), asks(1, "claim"), claims(1), gets(0, 200), gets(1, 200)}},
		"a second claim is told to win":     {[]string{"answers", "linearizable"}, []happened{asks(0, "claim"), claims(0), gets(0, 200), asks(1, "claim"), gets(1, 200)}},
		"a claim refused for no reason":     {[]string{"linearizable"}, []happened{asks(0, "claim"), gets(0, 409)}},
		"a claim not found for no reason":   {[]string{"linearizable"}, []happened{asks(0, "claim"), gets(0, 404)}},
		"a claim refused before the winner": {[]string{"linearizable"}, []happened{asks(0, "claim"), gets(0, 409), asks(1, "claim"), claims(1), gets(1, 200)}},
		"a claim refused as wrong":          {nil, []happened{asks(0, "claim"), gets(0, 422)}},
		"a claim refused, but done":         {[]string{"answers"}, []happened{asks(0, "claim"), claims(0), gets(0, 409)}},
		"a claim told done, but not done":   {[]string{"answers", "linearizable"}, []happened{asks(0, "claim"), gets(0, 200)}},
		"no answer, done":                   {nil, []happened{asks(0, "claim"), claims(0), gets(0, 0), asks(1, "claim"), gets(1, 409)}},
		"no answer, done later":             {nil, []happened{asks(0, "claim"), gets(0, 503), asks(1, "claim"), claims(0), gets(1, 409)}},
		"no answer, never done":             {nil, []happened{asks(0, "claim"), gets(0, 0), asks(1, "claim"), claims(1), gets(1, 200)}},
		"no answer, asked again":            {nil, []happened{asks(0, "claim"), claims(0), gets(0, 0), asks(0, "claim"), gets(1, 409)}},
		"never answered":                    {nil, []happened{asks(0, "claim"), claims(0)}},
		"no answer does not excuse others":  {[]string{"answers", "linearizable"}, []happened{asks(0, "claim"), gets(0, 0), asks(1, "claim"), claims(1), gets(1, 200), asks(2, "claim"), gets(2, 200)}},
		"the customer was quicker":          {nil, []happened{asks(0, "claim"), comesBack, gets(0, 409)}},
		"the customer came before":          {[]string{"answers", "linearizable"}, []happened{comesBack, asks(0, "claim"), gets(0, 200)}},
		"a log that is lost": {[]string{"answers"}, []happened{asks(0, "claim"), claims(0), gets(0, 200),
			asks(0, "log"), gets(1, 200)}},
		"a log that is done twice": {[]string{"answers"}, []happened{asks(0, "claim"), claims(0), gets(0, 200),
			asks(0, "log"), writes(0), writes(0), gets(1, 200)}},
		"a log after the release": {[]string{"answers", "linearizable"}, []happened{asks(0, "claim"), claims(0), gets(0, 200),
			asks(0, "release"), releases(0), gets(1, 200), asks(0, "log"), gets(2, 200)}},
		"a log beside the release": {nil, []happened{asks(0, "claim"), claims(0), gets(0, 200),
			asks(0, "release"), asks(0, "log"), writes(0), releases(0), gets(1, 200), gets(2, 200)}},
		"a claim within the cool-off": {nil, []happened{asks(0, "claim"), claims(0), gets(0, 200),
			asks(0, "release"), releases(0), gets(1, 200), asks(0, "claim"), gets(2, 409)}},
		"acts that nobody recorded": {nil, []happened{claims(0), releases(0), asks(1, "claim"), claims(1), gets(0, 200)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			id := s.pools()
			for _, h := range test.story {
				h(s, id)
			}
			s.checker.linearize([]string{id})
			if got := s.rules(); !slices.Equal(got, test.broken) {
				t.Errorf("broken rules %v, want %v: %v", got, test.broken, s.broken)
			}
		})
	}
}

// TestLimitsExcuse lets a claim be refused where a limit stands against it, and
// not where none does.
func TestLimitsExcuse(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(r *lead.Rep){
		"cap":        func(r *lead.Rep) { r.Cap = new(0) },
		"inactive":   func(r *lead.Rep) { r.Active = false },
		"no member":  func(r *lead.Rep) { r.Teams = []string{"schools"} },
		"as he was":  func(*lead.Rep) {},
		"new e-mail": func(r *lead.Rep) { r.Email = "other@example.com" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			id := s.pools()
			n := s.checker.began(act{user: s.rep(0), rep: s.rep(0), lead: id, what: "claim"})
			r := s.reps[0]
			r.Revision = 1
			edit(&r)
			s.must(s.store.PutRep(s.ctx(), r))
			s.checker.ended(n, 409)
			s.checker.linearize([]string{id})
			var want []string
			if name == "as he was" || name == "new e-mail" {
				want = []string{"linearizable"}
			}
			if got := s.rules(); !slices.Equal(got, want) {
				t.Errorf("broken rules %v, want %v: %v", got, want, s.broken)
			}
		})
	}
}

// TestAssignments assigns by hand, by people who are no reps.
func TestAssignments(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first, second int // what two managers are answered
		broken        []string
	}{
		"one wins":         {200, 409, nil},
		"both win":         {200, 200, []string{"answers", "linearizable"}},
		"none of theirs":   {200, 404, nil},
		"one was not done": {409, 0, []string{"answers"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			id := s.pools()
			a := s.checker.began(act{user: "max", lead: id, what: "assign", target: s.rep(0)})
			b := s.checker.began(act{user: "mona", lead: id, what: "assign", target: s.rep(1)})
			s.do(id, lead.Actor{Kind: "manager", ID: "max"}, lead.Assign{Rep: s.rep(0), Team: "kids"})
			s.checker.ended(a, test.first)
			s.checker.ended(b, test.second)
			s.checker.linearize([]string{id})
			if got := s.rules(); !slices.Equal(got, test.broken) {
				t.Errorf("broken rules %v, want %v: %v", got, test.broken, s.broken)
			}
		})
	}
}

// TestNotMoved lists where nothing can be moved from, or assigned.
func TestNotMoved(t *testing.T) {
	t.Parallel()
	for _, s := range []stance{{state: lead.StateNew}, {state: lead.StateRouting}, {state: lead.StateConverted}, {state: lead.StateCustomer},
		{state: lead.StateLost}, {}, {state: lead.StateWorking, owner: "r1"}} {
		if next, allowed := s.after(act{user: "max", what: "move", target: "r1"}); allowed || next != s {
			t.Errorf("%v is moved to %v", s, next)
		}
	}
	if _, allowed := (stance{state: lead.StateRouting}).after(act{user: "max", what: "assign", target: "r1"}); allowed {
		t.Error("a lead that the machine places is assigned")
	}
}

// TestMoves has a manager move a lead while others do something with it.
func TestMoves(t *testing.T) {
	t.Parallel()
	toSecond := func(s *scene) lead.Command { return lead.Move{Rep: s.rep(1), Team: "kids", Why: "ill"} }
	for name, test := range map[string]struct {
		rep, manager int // what they are answered
		moved        bool
		broken       []string
	}{
		"the manager is quicker":          {409, 200, true, nil},
		"the rep is quicker":              {200, 409, false, nil},
		"both are told that it is done":   {200, 200, true, []string{"answers", "linearizable"}},
		"neither is told":                 {0, 503, true, nil},
		"the manager is refused, but not": {409, 409, true, []string{"answers"}},
		"the manager's is not done":       {200, 200, false, []string{"answers", "linearizable"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			id := s.offers(0)
			s.checker.mailed(id+"-2-offered", s.reps[0].Email, nil, true)
			accepts := s.checker.began(act{user: s.rep(0), rep: s.rep(0), lead: id, what: "accept"})
			moves := s.checker.began(act{user: "max", lead: id, what: "move", target: s.rep(1)})
			if test.moved {
				s.do(id, byManager, toSecond(s))
			} else {
				s.do(id, s.by(0), lead.Accept{Rep: s.rep(0)})
				if test.manager == 409 { // moved into another's hands meanwhile
					s.do(id, s.by(0), lead.Convert{Rep: s.rep(0)})
				}
			}
			s.checker.ended(accepts, test.rep)
			s.checker.ended(moves, test.manager)
			s.checker.linearize([]string{id})
			if got := s.rules(); !slices.Equal(got, test.broken) {
				t.Errorf("broken rules %v, want %v: %v", got, test.broken, s.broken)
			}
		})
	}
}

// TestUndecided gives up on a story that is too long to be looked through, and
// says so.
func TestUndecided(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	id := s.pools()
	for range 6 {
		for i := range s.reps {
			asks(i, "claim")(s, id)
			asks(i, "release")(s, id)
		}
	}
	story := s.checker.stories[id]
	for _, rep := range s.reps { // each may have been done
		story.deeds = append(story.deeds, deed{at: s.checker.position, by: lead.Actor{Kind: "rep", ID: rep.ID}, what: "claim", told: true},
			deed{at: s.checker.position, by: lead.Actor{Kind: "rep", ID: rep.ID}, what: "release", told: true})
	}
	story.deeds = append(story.deeds, deed{at: s.checker.position + 1,
		before: stance{state: lead.StateJunk, owner: "nobody"}, after: stance{state: lead.StateJunk, owner: "nobody"}})
	s.checker.linearize([]string{id})
	if got := s.rules(); !slices.Equal(got, []string{"linearizable, decided"}) {
		t.Errorf("broken rules %v: %v", got, s.broken)
	}
}

// TestEveryAct knows each act of the desk by what it leaves in the history.
func TestEveryAct(t *testing.T) {
	t.Parallel()
	rep, manager, system := lead.Actor{Kind: "rep", ID: "r1"}, lead.Actor{Kind: "manager", ID: "max"}, lead.System("sweep")
	for _, test := range []struct {
		what   string
		by     lead.Actor
		before stance
		events []lead.Event
		to     act // of a move
	}{
		{"claim", rep, stance{state: lead.StatePooled, owner: ""}, []lead.Event{lead.Claimed{Rep: "r1"}}, act{}},
		{"assign", manager, stance{state: lead.StateTriage, owner: ""}, []lead.Event{lead.Offered{Rep: "r1", How: lead.ByHand}}, act{}},
		{"accept", rep, stance{state: lead.StateOffered, owner: "r1"}, []lead.Event{lead.Accepted{}}, act{}},
		{"reject", rep, stance{state: lead.StateOffered, owner: "r1"}, []lead.Event{lead.Rejected{}, lead.Ended{Rep: "r1"}, lead.Triaged{}}, act{}},
		{"log", rep, stance{state: lead.StatePaused, owner: "r1"}, []lead.Event{lead.Logged{}, lead.Resumed{}}, act{}},
		{"hold", rep, stance{state: lead.StateWorking, owner: "r1"}, []lead.Event{lead.PutOnHold{}}, act{}},
		{"release", rep, stance{state: lead.StatePaused, owner: "r1"}, []lead.Event{lead.Ended{Rep: "r1"}, lead.Pooled{}}, act{}},
		{"recycle", rep, stance{state: lead.StateWorking, owner: "r1"}, []lead.Event{lead.Ended{Rep: "r1"}, lead.Nurtured{}}, act{}},
		{"recycle", manager, stance{state: lead.StateTriage, owner: ""}, []lead.Event{lead.Nurtured{}}, act{}},
		{"junk", manager, stance{state: lead.StateTriage, owner: ""}, []lead.Event{lead.Closed{As: lead.StateJunk}}, act{}},
		{"lost", rep, stance{state: lead.StateWorking, owner: "r1"}, []lead.Event{lead.Ended{Rep: "r1"}, lead.Closed{As: lead.StateLost}}, act{}},
		{"unreachable", rep, stance{state: lead.StateWorking, owner: "r1"}, []lead.Event{lead.Ended{Rep: "r1"}, lead.Closed{As: lead.StateUnreachable}}, act{}},
		{"convert", rep, stance{state: lead.StateWorking, owner: "r1"}, []lead.Event{lead.Converted{}, lead.Ended{Rep: "r1"}}, act{}},
		{"confirm", lead.Actor{Kind: "customer_success", ID: "cora"}, stance{state: lead.StateConverted, owner: ""}, []lead.Event{lead.HandedOver{}}, act{}},
		{"assign", manager, stance{state: lead.StateRouting, waits: true}, []lead.Event{lead.Offered{Rep: "r1", How: lead.ByHand}}, act{}},
		{"qualify", rep, stance{state: lead.StateWorking, owner: "r1"}, []lead.Event{lead.Qualified{Verdict: "classes"}, lead.Ended{Rep: "r1"}, lead.Woken{}}, act{}},
		{"qualify", rep, stance{state: lead.StatePaused, owner: "r1"}, []lead.Event{lead.Qualified{Verdict: "classes"}, lead.Ended{Rep: "r1"}, lead.Woken{}}, act{}},
		{"move", manager, stance{state: lead.StateWorking, owner: "r2"}, []lead.Event{lead.Moved{}, lead.Ended{Rep: "r2"}, lead.Offered{Rep: "r1"}, lead.Accepted{}}, act{target: "r1"}},
		{"move", manager, stance{state: lead.StatePaused, owner: "r2"}, []lead.Event{lead.Moved{}, lead.Ended{Rep: "r2"}, lead.Offered{Rep: "r1"}, lead.Accepted{}}, act{target: "r1"}},
		{"move", manager, stance{state: lead.StateOffered, owner: "r2"}, []lead.Event{lead.Moved{}, lead.Ended{Rep: "r2"}, lead.Offered{Rep: "r1"}}, act{target: "r1"}},
		{"move", manager, stance{state: lead.StateNurturing}, []lead.Event{lead.Moved{}, lead.Offered{Rep: "r1"}}, act{target: "r1"}},
		{"move", manager, stance{state: lead.StateRouting, waits: true}, []lead.Event{lead.Moved{}, lead.Offered{Rep: "r1"}}, act{target: "r1"}},
		{"move", manager, stance{state: lead.StateWorking, owner: "r2"}, []lead.Event{lead.Moved{}, lead.Ended{Rep: "r2"}, lead.Pooled{Pool: "sea"}}, act{pool: "sea"}},
		{"move", manager, stance{state: lead.StatePooled}, []lead.Event{lead.Moved{}, lead.Woken{}}, act{}},
		{"", system, stance{state: lead.StateNew}, []lead.Event{lead.Waiting{Until: begin}}, act{}},
		{"", system, stance{state: lead.StateOffered, owner: "r1"}, []lead.Event{lead.Expired{}, lead.Ended{Rep: "r1"}, lead.Pooled{}}, act{}},
	} {
		if got := actOf(lead.Entry{By: test.by, Events: test.events}); got != test.what {
			t.Errorf("%v of %s is taken for %q", test.events, test.by.Kind, got)
			continue
		}
		l := lead.Lead{State: test.before.state}
		if test.before.waits {
			l.Wait = begin
		}
		if test.before.owner != "" {
			l.Period = &lead.Period{Rep: test.before.owner}
		}
		for _, e := range test.events {
			l = lead.Apply(l, e, begin)
		}
		a := act{user: test.by.ID, what: test.what, target: "r1"}
		if test.what == "move" {
			a.target, a.pool = test.to.target, test.to.pool
		}
		if test.by.Kind == "rep" {
			a.rep = test.by.ID
		}
		want := stanceOf(l)
		if got, allowed := test.before.after(a); test.what != "" && (!allowed || got != want) {
			t.Errorf("%s by %s makes %v of %v (%t), want %v", test.what, cmp.Or(a.rep, a.user), got, test.before, allowed, want)
		}
	}
}
