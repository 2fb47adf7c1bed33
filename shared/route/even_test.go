package route_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/route"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) // a Wednesday

func rep(id string, edits ...func(*lead.Rep)) lead.Rep {
	r := lead.Rep{ID: id, Name: id, Teams: []string{"young"}, Active: true, Zone: "UTC", Turns: map[string]int{}}
	for _, edit := range edits {
		edit(&r)
	}
	return r
}

func turns(n int) func(*lead.Rep) { return func(r *lead.Rep) { r.Turns["young"] = n } }

func ptr(n int) *int { return &n }

// request asks for the rep whose turn it is in a team that shares evenly.
type request struct {
	Team    string
	Weights map[string]int
	Reps    []lead.Rep
	Lead    lead.Lead
	Now     time.Time
	CoolOff time.Duration
	Single  string
}

// pick is who it is, with the members who were skipped, by reason.
type pick struct {
	Rep, Why   string
	Considered int
	Skipped    map[string]int
}

func even(r request) (pick, bool) {
	table, problems := route.Compile(route.Plan{
		Routing: route.Spec{Fallback: r.Team},
		Ways:    []route.Way{{Team: r.Team, Weights: r.Weights, Single: r.Single, CoolOff: r.CoolOff}},
	})
	if problems != nil {
		panic(problems)
	}
	c := table.Choose(route.Query{Lead: r.Lead, Facts: r.Lead.Facts, Reps: r.Reps, Now: r.Now})
	p := pick{Rep: c.Rep, Why: c.Why, Considered: len(c.Grounds.First) + c.Grounds.More, Skipped: map[string]int{}}
	for _, not := range c.Grounds.Not {
		p.Skipped[not.Why] = not.N
		p.Considered += not.N
	}
	return p, c.Rep != ""
}

func TestEvenSkips(t *testing.T) {
	t.Parallel()
	ended := func(d time.Duration) lead.Lead {
		return lead.Lead{ID: "l", Owners: []lead.Owner{{Rep: "a", Until: noon.Add(-d)}}}
	}
	for name, c := range map[string]struct {
		edit func(*lead.Rep)
		lead lead.Lead
		want string // reason to be skipped, empty for none
	}{
		"always there":        {func(*lead.Rep) {}, lead.Lead{}, ""},
		"inactive":            {func(r *lead.Rep) { r.Active = false }, lead.Lead{}, "inactive"},
		"on shift":            {func(r *lead.Rep) { r.Shifts = shifts("09:00-18:00") }, lead.Lead{}, ""},
		"off shift":           {func(r *lead.Rep) { r.Shifts = shifts("13:00-18:00") }, lead.Lead{}, "off shift"},
		"evening in Shanghai": {func(r *lead.Rep) { r.Zone, r.Shifts = "Asia/Shanghai", shifts("09:00-18:00") }, lead.Lead{}, "off shift"},
		"on leave":            {func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-03-01", To: "2026-03-04"}} }, lead.Lead{}, "on leave"},
		"leave over":          {func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-03-01", To: "2026-03-03"}} }, lead.Lead{}, ""},
		"leave to come":       {func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-03-05", To: "2026-03-05"}} }, lead.Lead{}, ""},
		"below cap":           {func(r *lead.Rep) { r.Cap, r.Holding = ptr(3), 2 }, lead.Lead{}, ""},
		"at cap":              {func(r *lead.Rep) { r.Cap, r.Holding = ptr(3), 3 }, lead.Lead{}, "at cap"},
		"cap of none":         {func(r *lead.Rep) { r.Cap = ptr(0) }, lead.Lead{}, "at cap"},
		"below quota":         {func(r *lead.Rep) { r.Quota, r.Day, r.Today = ptr(3), "2026-03-04", 2 }, lead.Lead{}, ""},
		"at quota":            {func(r *lead.Rep) { r.Quota, r.Day, r.Today = ptr(3), "2026-03-04", 3 }, lead.Lead{}, "at quota"},
		"quota of yesterday":  {func(r *lead.Rep) { r.Quota, r.Day, r.Today = ptr(3), "2026-03-03", 3 }, lead.Lead{}, ""},
		"day in the rep's zone": {func(r *lead.Rep) {
			r.Zone, r.Quota, r.Day, r.Today = "Pacific/Kiritimati", ptr(3), "2026-03-05", 3
		}, lead.Lead{}, "at quota"},
		"quota of tomorrow": {func(r *lead.Rep) { r.Quota, r.Day, r.Today = ptr(3), "2026-03-05", 3 }, lead.Lead{}, "at quota"},
		"quota of none":     {func(r *lead.Rep) { r.Quota = ptr(0) }, lead.Lead{}, "at quota"},
		"owner":             {func(*lead.Rep) {}, lead.Lead{Period: &lead.Period{Rep: "a"}}, "had it before"},
		"recent owner":      {func(*lead.Rep) {}, ended(29 * 24 * time.Hour), "had it before"},
		"owner of old":      {func(*lead.Rep) {}, ended(31 * 24 * time.Hour), ""},
		"without a share":   {func(r *lead.Rep) { r.ID = "none" }, lead.Lead{}, "without a share"},
		"unknown zone":      {func(r *lead.Rep) { r.Zone, r.Shifts = "Nowhere/Land", shifts("09:00-18:00") }, lead.Lead{}, ""},
		"of another team":   {func(r *lead.Rep) { r.Teams = []string{"other"} }, lead.Lead{}, "not considered"},
		"also of the team":  {func(r *lead.Rep) { r.Teams = []string{"other", "young"} }, lead.Lead{}, ""},
	} {
		r := rep("a", c.edit)
		got, ok := even(request{
			Team: "young", Reps: []lead.Rep{r}, Lead: c.lead, Now: noon, CoolOff: 30 * 24 * time.Hour,
			Weights: map[string]int{"none": 0},
		})
		skipped := strings.Join(keys(got.Skipped), ",")
		if got.Considered == 0 {
			skipped = "not considered"
		}
		if ok != (c.want == "") || skipped != c.want || (ok && got.Rep != r.ID) {
			t.Errorf("%s: picked %t %+v, want skipped %q", name, ok, got, c.want)
		}
	}
}

func TestEvenTellsWhy(t *testing.T) {
	t.Parallel()
	off := func(r *lead.Rep) { r.Shifts = shifts("00:00-01:00") }
	full := func(r *lead.Rep) { r.Cap = ptr(0) }
	for want, c := range map[string]struct {
		single string
		reps   []lead.Rep
	}{
		"fewest turns of 2 eligible among 2":                   {"", []lead.Rep{rep("a"), rep("b")}},
		"the only one eligible among 4: 2 off shift, 1 at cap": {"", []lead.Rep{rep("a", off), rep("b", full), rep("c"), rep("d", off)}},
		"nobody eligible among 2: 1 off shift, 1 at cap":       {"", []lead.Rep{rep("a", off), rep("b", full)}},
		"the team has no reps":                                 {"", nil},
		"the team's only contact":                              {"b", []lead.Rep{rep("a"), rep("b", turns(9))}},
		"nobody eligible among 1: 1 at cap":                    {"b", []lead.Rep{rep("a"), rep("b", full)}},
		"the team's contact is not one of its reps":            {"x", []lead.Rep{rep("a")}},
	} {
		got, _ := even(request{Team: "young", Reps: c.reps, Now: noon, Single: c.single})
		if got.Why != want {
			t.Errorf("why %q, want %q", got.Why, want)
		}
	}
}

func TestEvenFewestTurnsForTheirShare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		turns   [3]int
		weights map[string]int
		want    string
	}{
		"fewest":          {[3]int{5, 4, 5}, nil, "b"},
		"of double share": {[3]int{5, 5, 8}, map[string]int{"c": 2}, "c"},
		"half a turn off": {[3]int{4, 5, 9}, map[string]int{"c": 2}, "a"},
	} {
		got, _ := even(request{Team: "young", Weights: c.weights, Now: noon,
			Reps: []lead.Rep{rep("a", turns(c.turns[0])), rep("b", turns(c.turns[1])), rep("c", turns(c.turns[2]))}})
		if got.Rep != c.want {
			t.Errorf("%s: %s, want %s", name, got.Rep, c.want)
		}
	}
}

// TestEvenFavoursNobodyAmongEquals: a first lead falls on each of three reps
// about as often, wherever they stand in the list.
func TestEvenFavoursNobodyAmongEquals(t *testing.T) {
	t.Parallel()
	got := map[string]int{}
	const leads = 3000
	for i := range leads {
		first, _ := even(request{Team: "young", Now: noon, Lead: lead.Lead{ID: fmt.Sprintf("lead-%06d", i)},
			Reps: []lead.Rep{rep("rep-1"), rep("rep-2"), rep("rep-3")}})
		got[first.Rep]++
	}
	for id, n := range got {
		if n < leads/3-150 || n > leads/3+150 { // six standard deviations
			t.Errorf("%s has %d of %d", id, n, leads)
		}
	}
}

// team is a set of reps whose counters move as the store would move them.
type team struct {
	reps    []lead.Rep
	weights map[string]int
	got     map[string]int
}

func (tm *team) give(id string) (pick, bool) {
	r := request{Team: "young", Weights: tm.weights, Reps: tm.reps, Now: noon, Lead: lead.Lead{ID: id}}
	got, ok := even(r)
	if !ok {
		return got, false
	}
	for i := range tm.reps {
		if tm.reps[i].ID == got.Rep {
			step := route.Advance("young", tm.weights, tm.reps, tm.reps[i])
			tm.reps[i].Turns = maps.Clone(tm.reps[i].Turns)
			tm.reps[i].Turns["young"] += step
			tm.reps[i].Holding++
		}
	}
	tm.got[got.Rep]++
	return got, true
}

// TestEvenIsFair: whoever else comes and goes, reps who are always there get
// leads within one for each unit of their share, an ineligible rep gets none,
// and every member is accounted for.
func TestEvenIsFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tm := team{weights: map[string]int{}, got: map[string]int{}}
		steady := rapid.IntRange(1, 5).Draw(t, "steady reps")
		fickle := rapid.IntRange(0, 4).Draw(t, "other reps")
		for i := range steady + fickle {
			tm.reps = append(tm.reps, rep(fmt.Sprintf("rep-%d", i)))
			if rapid.Bool().Draw(t, "weighted") {
				tm.weights[tm.reps[i].ID] = rapid.IntRange(1, 4).Draw(t, "weight")
			}
		}
		for n := range rapid.IntRange(1, 120).Draw(t, "leads") {
			for i := steady; i < len(tm.reps); i++ {
				tm.reps[i].Active = rapid.Bool().Draw(t, "active")
			}
			got, ok := tm.give(fmt.Sprintf("lead-%d-%d", n, rapid.IntRange(0, 1000).Draw(t, "id")))
			if !ok {
				t.Fatal("nobody was picked")
			}
			eligible := 0
			for _, r := range tm.reps {
				if r.Active {
					eligible++
				} else if r.ID == got.Rep {
					t.Fatalf("picked %s, who is not there", r.ID)
				}
			}
			if skipped := sum(got.Skipped); skipped+eligible != got.Considered || got.Considered != len(tm.reps) {
				t.Fatalf("%d skipped and %d eligible of %d", skipped, eligible, got.Considered)
			}
			for _, a := range tm.reps[:steady] {
				for _, b := range tm.reps[:steady] {
					if spread := tm.per(a.ID) - tm.per(b.ID); spread > 1 {
						t.Fatalf("%s is %.2f turns ahead of %s", a.ID, spread, b.ID)
					}
				}
			}
		}
	})
}

func (tm *team) per(id string) float64 {
	w, ok := tm.weights[id]
	if !ok {
		w = 1
	}
	return float64(tm.got[id]) / float64(w)
}

// TestStepOwesNothingForAnAbsence: who was away while others got fifty each
// shares evenly afterwards, and so does a new member.
func TestStepOwesNothingForAnAbsence(t *testing.T) {
	t.Parallel()
	for _, weight := range []int{1, 100} {
		tm := team{got: map[string]int{}, weights: map[string]int{"a": weight, "b": weight, "c": weight}}
		tm.reps = []lead.Rep{rep("a"), rep("b"), rep("c", func(r *lead.Rep) { r.Active = false })}
		for i := range 100 {
			tm.give(fmt.Sprintf("before-%d", i))
		}
		tm.reps[2].Active = true
		clear(tm.got)
		for i := range 30 {
			tm.give(fmt.Sprintf("after-%d", i))
		}
		for id, n := range tm.got {
			if n < 9 || n > 11 {
				t.Errorf("weights of %d: %s got %d of 30 leads after the absence of c", weight, id, n)
			}
		}
	}
}

func TestEvenUnderCaps(t *testing.T) {
	t.Parallel()
	tm := team{got: map[string]int{}}
	for i := range 5 {
		tm.reps = append(tm.reps, rep(fmt.Sprintf("rep-%d", i), func(r *lead.Rep) { r.Cap = ptr(10) }))
	}
	placed := 0
	for i := range 300 {
		if _, ok := tm.give(fmt.Sprint(i)); ok {
			placed++
		}
	}
	if placed != 50 {
		t.Errorf("%d leads placed, the caps allow 50", placed)
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	inactive := rep("x", turns(900), func(r *lead.Rep) { r.Active = false })
	other := rep("y", turns(900), func(r *lead.Rep) { r.Teams = []string{"other"} })
	for want, reps := range map[int][]lead.Rep{
		0: {inactive, other},
		7: {rep("a", turns(7)), inactive},
		3: {rep("a", turns(3)), rep("b", turns(8)), other},
		5: {rep("a", turns(90)), rep("b", turns(5)), rep("c", turns(2))},
	} {
		if got := route.Median(reps, "young", nil, "new"); got != want {
			t.Errorf("median %d, want %d", got, want)
		}
	}
	shares := map[string]int{"b": 2, "none": 0, "new": 3}
	reps := []lead.Rep{rep("a", turns(4)), rep("b", turns(10)), rep("c", turns(6)), rep("none", turns(900))}
	if got := route.Median(reps, "young", shares, "new"); got != 15 { // b in the middle, with 5 for a share
		t.Errorf("median %d for a share of three, want 15", got)
	}
}

func keys(m map[string]int) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	return all
}

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}
