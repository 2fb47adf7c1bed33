package sim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestPoliciesAreSound: every policy of every world passes the check that a
// policy of a house must pass, and there are few of them. Only the cycles of pools
// are shorter in small worlds, so that there are some within days.
func TestPoliciesAreSound(t *testing.T) {
	t.Parallel()
	distinct := map[string]bool{}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		o := Options{Seed: seed, Days: 1 + r.IntN(20), Reps: 3 + r.IntN(5), LeadsPerDay: 1 + r.IntN(30)}
		if seed%10 == 0 {
			o.Reps, o.LeadsPerDay = 40, 500
		}
		doc, reps := worldPolicy(o, r)
		changed := policyChange(doc, r)
		if changed.Name == doc.Name {
			t.Errorf("%s changes into itself", doc.Name)
		}
		for _, d := range []policy.Document{doc, changed} {
			sound(t, d, reps)
			data, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			distinct[string(data)] = true
		}
	}
	if n := len(distinct); n > 12 {
		t.Errorf("%d policies: each is compiled", n)
	}
	if base, err := json.Marshal(basePolicy()); err != nil || len(basePolicy().Users) != 7 {
		t.Errorf("the common policy was changed: %s, %v", base, err)
	}
}

func sound(t *testing.T, d policy.Document, reps []lead.Rep) {
	t.Helper()
	for _, p := range policy.Check(d) {
		if strings.HasSuffix(p.Path, ".sweep") && slices.ContainsFunc(shortTerms, func(t terms) bool { return t.name == d.Name }) {
			continue
		}
		t.Fatalf("%s: %s: %s", d.Name, p.Path, p.Text)
	}
	compiled, err := policy.Compile(d, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, rep := range reps {
		if problems := compiled.CheckRep(rep); len(problems) > 0 {
			t.Fatalf("%s: %v", rep.ID, problems)
		}
		if u, ok := compiled.UserOfRep(rep.ID); !ok || u.ID != rep.ID {
			t.Fatalf("%s cannot sign in", rep.ID)
		}
	}
}

// TestScriptsFindEverybody: in a world without arrivals every rep can take every
// lead at any time.
func TestScriptsFindEverybody(t *testing.T) {
	t.Parallel()
	doc, reps := worldPolicy(Options{Seed: 1, Reps: 4}, rand.New(rand.NewPCG(1, 1)))
	if doc.Forms[0].ID != trialForm || len(reps) != 4 {
		t.Fatalf("%s, %d reps", doc.Forms[0].ID, len(reps))
	}
	for _, r := range reps {
		if fmt.Sprint(r.Teams) != fmt.Sprint(allTeams) || r.Cap != nil || r.Quota != nil || len(r.Shifts)+len(r.Leave) > 0 || !r.Active {
			t.Errorf("%+v", r)
		}
	}
}
