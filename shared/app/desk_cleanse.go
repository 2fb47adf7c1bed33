package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"sluice/shared/lead"
)

// cleansing is the role in which the user decides who is who and what is real, ""
// where they may not: the cleansing team's dispatchers and managers do.
func (u viewer) cleansing() string {
	team := u.pol.Cleansing().Team
	for _, role := range []string{RoleDispatcher, RoleManager} {
		if u.over(team, role) {
			return role
		}
	}
	return ""
}

// sightOfPersons is how much of persons the user sees, whosever leads they have.
func (u viewer) sightOfPersons() sight {
	switch {
	case u.cleansing() != "":
		return full
	case u.Is(RoleOps):
		return blind
	}
	return unseen
}

func noPerson() error { return lead.Errorf(lead.NotFound, "there is no such person for you") }

// Doubts lists persons who may be one, for the cleansing team to decide; those first
// of whom there is a doubt for the longest time. A page may have less than its limit.
func (d *Desk) Doubts(ctx context.Context, u User, p Page) (Review, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Review{}, err
	}
	if v.sightOfPersons() == unseen {
		return Review{}, lead.Errorf(lead.Denied, "only the cleansing team decides who is who")
	}
	ids, cursor, err := d.Store.Doubts(ctx, bounded(p))
	if err != nil {
		return Review{}, err
	}
	persons, err := d.Store.Persons(ctx, ids)
	if err != nil {
		return Review{}, err
	}
	doubts, err := d.doubts(ctx, v, persons)
	if err != nil {
		return Review{}, err
	}
	return Review{Doubts: doubts, Cursor: cursor}, nil
}

// doubts shows the doubts of persons, each pair once, and logs the look.
func (d *Desk) doubts(ctx context.Context, u viewer, persons []lead.Person) ([]DoubtView, error) {
	type pair struct {
		a, b  string
		doubt lead.Doubt
	}
	var ids []string
	for _, p := range persons {
		for _, doubt := range p.Doubts {
			ids = append(ids, doubt.With)
		}
	}
	others, err := d.followed(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := map[string]lead.Person{}
	seen := map[[2]string]bool{}
	var pairs []pair
	for _, p := range persons {
		for _, doubt := range p.Doubts {
			other, ok := others[doubt.With]
			if !ok || p.Into != "" || other.ID == p.ID || apart(p, other) {
				continue // decided since
			}
			first, second := p, other
			if olderFirst(other, p) < 0 {
				first, second = other, p
			}
			if key := [2]string{first.ID, second.ID}; !seen[key] {
				seen[key] = true
				pairs = append(pairs, pair{first.ID, second.ID, doubt})
				all[first.ID], all[second.ID] = first, second
			}
		}
	}
	views, err := d.personViews(ctx, u, slices.Collect(maps.Values(all)))
	if err != nil {
		return nil, err
	}
	out := []DoubtView{}
	for _, p := range pairs {
		out = append(out, DoubtView{Person: views[p.a], With: views[p.b], Probability: p.doubt.Probability,
			Evidence: evidenceOf(p.doubt), At: p.doubt.At, Later: p.doubt.Submission != "" && "p"+p.doubt.Submission != p.b})
	}
	return out, nil
}

// olderFirst orders persons by when they were known, as merging does.
func olderFirst(a, b lead.Person) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

func apart(a, b lead.Person) bool {
	return slices.Contains(a.Apart, b.ID) || slices.Contains(b.Apart, a.ID)
}

func evidenceOf(doubt lead.Doubt) []Evidence {
	out := []Evidence{}
	for _, e := range doubt.Evidence {
		out = append(out, Evidence{Details: strings.Split(e.Detail, ", "), Level: e.Level, Bits: e.Weight})
	}
	return out
}
