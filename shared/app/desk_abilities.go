package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// Abilities tell how well the reps of a team convert leads, as its routing
// believes: see [route.Ability].
type Abilities struct {
	Team     string           `json:"team"`
	Channels []ChannelAbility `json:"channels"` // with outcomes, in the policy's order
	Reps     []RepAbility     `json:"reps"`     // by name
}

// ChannelAbility is the conversion of a channel over the reps of the team, 0 to 1.
type ChannelAbility struct {
	Channel string  `json:"channel"`
	Mean    float64 `json:"mean"`
}

// RepAbility is one rep's conversion, over all and for each of the channels.
type RepAbility struct {
	Rep      Who                 `json:"rep"`
	Active   bool                `json:"active"`
	OnShift  bool                `json:"on_shift"` // now, active or not
	Overall  Estimate            `json:"overall"`
	Channels map[string]Estimate `json:"channels"`
}

// Estimate is a conversion, 0 to 1, with bounds between which it lies with a
// certainty of 90 %, and the rep's own counts.
type Estimate struct {
	Mean  float64 `json:"mean"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Tried int     `json:"tried"`
	Won   int     `json:"won"`
}

// Abilities shows how well the reps of a team convert leads; to its managers and
// dispatchers, and to ops.
func (d *Desk) Abilities(ctx context.Context, u User, team string) (Abilities, error) {
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return Abilities{}, err
	}
	if v := (viewer{User: u, pol: pol.Directory}); !v.seesTriage(team) {
		return Abilities{}, lead.Errorf(lead.NotFound, "there is no such team for you")
	}
	reps, err := d.Store.Reps(ctx)
	if err != nil {
		return Abilities{}, err
	}
	now := d.Now()
	ability := route.NewAbilities(reps, now).Of(team)
	reps = slices.DeleteFunc(slices.Clone(reps), func(r lead.Rep) bool { return !slices.Contains(r.Teams, team) })
	out := Abilities{Team: team, Channels: []ChannelAbility{}, Reps: []RepAbility{}}
	for _, channel := range triedChannels(pol.Directory, reps) {
		out.Channels = append(out.Channels, ChannelAbility{channel, ability.Channel(channel)})
	}
	for _, r := range reps {
		one := RepAbility{Rep: Who{Kind: RoleRep, ID: r.ID, Name: cmp.Or(r.Name, r.ID)}, Active: r.Active,
			OnShift: pol.OnShift(r, now), Overall: Estimate(ability.Overall(r.ID)), Channels: map[string]Estimate{}}
		for _, c := range out.Channels {
			one.Channels[c.Channel] = Estimate(ability.Of(r.ID, c.Channel))
		}
		out.Reps = append(out.Reps, one)
	}
	slices.SortFunc(out.Reps, func(a, b RepAbility) int {
		return cmp.Or(strings.Compare(a.Rep.Name, b.Rep.Name), strings.Compare(a.Rep.ID, b.Rep.ID))
	})
	return out, nil
}

// triedChannels lists the channels in which reps have outcomes: those of the
// policy in its order, then those that it has no more.
func triedChannels(pol *policy.Directory, reps []lead.Rep) []string {
	tried := map[string]bool{}
	for _, r := range reps {
		for channel, n := range r.Tried {
			if n > 0 {
				tried[channel] = true
			}
		}
	}
	var out []string
	for _, channel := range pol.Channels() {
		if tried[channel] {
			out = append(out, channel)
			delete(tried, channel)
		}
	}
	return append(out, slices.Sorted(maps.Keys(tried))...)
}
