package route

import (
	"cmp"
	"hash/fnv"
	"slices"
	"time"

	"sluice/shared/lead"
)

// Turns are counters that live as long as the rep, so that bursts, batches and
// restarts change nothing.

// standing is a member's place in the queue of the team.
type standing struct {
	share int
	had   int // turns in fact
	turns int // as they count: see front

	served time.Time // when the rep last got one
}

// compare puts who has fewer turns for a share first, and of those whom the front
// has moved up to the same place who had fewer before.
func (s standing) compare(o standing) int {
	return cmp.Or(cmp.Compare(s.turns*o.share, o.turns*s.share), cmp.Compare(s.had*o.share, o.had*s.share))
}

// comparePassed is compare for a team with steps, whose members may be passed
// over together again and again, such as juniors while seniors get the best leads.
// The front moves them all up to one place then, which says no more whose turn it
// is among them: it is theirs who got none for longest. A minute is no difference:
// of many leads at once those that decide at the same moment are to spread.
func (s standing) comparePassed(o standing) int {
	return cmp.Or(cmp.Compare(s.turns*o.share, o.turns*s.share), s.served.Truncate(time.Minute).Compare(o.served.Truncate(time.Minute)),
		cmp.Compare(s.had*o.share, o.had*s.share))
}

// lot draws a rep's lot for a lead.
func lot(id, rep string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	h.Write([]byte{0})
	h.Write([]byte(rep))
	// FNV mixes its last bytes weakly, and ids differ in just those: finish the
	// mixing as MurmurHash3 does.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

func shareOf(weights map[string]int, rep string) int {
	if w, ok := weights[rep]; ok {
		return max(0, w)
	}
	return 1
}

// front is the furthest that any member of a team has come: turns for a share.
type front struct{ turns, share, least int } // least is the smallest share in the team

func frontOf(team string, reps []lead.Rep, weights map[string]int) front {
	f := front{turns: 0, share: 1}
	for i := range reps {
		if !slices.Contains(reps[i].Teams, team) {
			continue
		}
		share := shareOf(weights, reps[i].ID)
		if share == 0 {
			continue
		}
		if f.least == 0 || share < f.least {
			f.least = share
		}
		if turns := reps[i].Turns[team]; turns*f.share > f.turns*share {
			f.turns, f.share = turns, share
		}
	}
	return f
}

// floor is the fewest turns that a member with a share can have who was always
// there. One turn moves a member on by one for its share, and only those who are
// not ahead of such a member get one: so the front is never further ahead of it
// than one turn of the smallest share.
func (f front) floor(share int) int {
	if f.least == 0 {
		return 0
	}
	behind := f.turns*f.least - f.share // at the front, less one turn of the smallest share
	unit := f.share * f.least
	return max(0, (share*behind+unit-1)/unit)
}

// Advance is by how much a rep's turns move when the rep gets a lead of the team:
// one, and for a rep who was away (on leave, off shift, full, passed over, or new)
// what the others went on by in the meantime. Counting it makes an absence neither
// a debt nor a credit: who comes back shares evenly from there on, rather than
// getting every lead until all that was missed is made up for. For reps who were
// always eligible it is one. Weights are shares by rep; reps not named have 1.
func Advance(team string, weights map[string]int, reps []lead.Rep, rep lead.Rep) int {
	turns := rep.Turns[team]
	floor := frontOf(team, reps, weights).floor(shareOf(weights, rep.ID))
	return max(turns, floor) + 1 - turns
}

// Median is where a new member of a team starts: at the middle, the lower one of
// two, of the turns for their share that its active members had, times the new
// one's share. So neither does every lead go to them, nor does each pass them by.
func Median(reps []lead.Rep, team string, weights map[string]int, rep string) int {
	var per []standing
	for _, r := range reps {
		if share := shareOf(weights, r.ID); r.Active && share > 0 && slices.Contains(r.Teams, team) {
			per = append(per, standing{share: share, turns: r.Turns[team]})
		}
	}
	if len(per) == 0 {
		return 0
	}
	slices.SortFunc(per, func(a, b standing) int { return cmp.Compare(a.turns*b.share, b.turns*a.share) })
	middle := per[(len(per)-1)/2]
	return middle.turns * shareOf(weights, rep) / middle.share
}
