package route

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
)

// Request asks for the rep whose turn it is.
type Request struct {
	Team    string
	Weights map[string]int // rep → share, 0 for none; reps not named have 1
	Reps    []lead.Rep     // those of other teams are passed over
	Lead    lead.Lead
	Now     time.Time
	CoolOff time.Duration
	Single  string // the rep who is the team's only contact; empty for all
}

// Pick is the rep who gets the lead, and why.
type Pick struct {
	Rep        string
	Why        string         // at most 160 bytes
	Considered int            // members of the team
	Skipped    map[string]int // reason → members; with the eligible ones they make Considered
}

// skips are the reasons for which a member of the team is skipped, in the order
// in which they are asked and told.
var skips = [...]string{"inactive", "without a share", "on leave", "off shift", "at cap", "at quota", "had it before"}

// The reasons as places in skips.
const (
	inactive = iota
	shareless
	away
	offShift
	atCap
	atQuota
	former
	eligibleRep // no reason
)

// Even picks the eligible rep with the fewest turns for their share. Turns are
// counters that live as long as the rep, so that bursts, batches and restarts
// change nothing; among equals the lead's id decides, which favours nobody. It
// reports false where nobody is eligible; Why then tells what stood in the way.
//
// Who was away is owed nothing: see [Step].
func Even(r Request) (Pick, bool) {
	pick := Pick{}
	var skipped [len(skips)]int
	moments := moments{now: r.Now}
	front := frontOf(r.Team, r.Reps, r.Weights)
	var best standing
	eligible := 0
	for i := range r.Reps {
		rep := &r.Reps[i]
		if !slices.Contains(rep.Teams, r.Team) || (r.Single != "" && rep.ID != r.Single) {
			continue
		}
		pick.Considered++
		share := shareOf(r.Weights, rep.ID)
		if reason := r.skip(rep, share, &moments); reason != eligibleRep {
			skipped[reason]++
			continue
		}
		eligible++
		s := standing{rep: rep, share: share, turns: max(rep.Turns[r.Team], front.floor(share))}
		if best.rep == nil || s.before(best, r.Lead.ID) {
			best = s
		}
	}
	pick.Skipped = make(map[string]int, len(skips))
	for i, n := range skipped {
		if n > 0 {
			pick.Skipped[skips[i]] = n
		}
	}
	pick.Why = r.why(pick, eligible)
	if best.rep == nil {
		return pick, false
	}
	pick.Rep = best.rep.ID
	return pick, true
}

// skip says why a member does not get the lead.
func (r *Request) skip(rep *lead.Rep, share int, moments *moments) int {
	if !rep.Active {
		return inactive
	}
	if share <= 0 {
		return shareless
	}
	at := moments.in(rep.Zone)
	switch {
	case onLeave(rep, at.day):
		return away
	case !inShift(rep, at):
		return offShift
	case rep.Cap != nil && rep.Holding >= *rep.Cap:
		return atCap
	case rep.Quota != nil && today(rep, at.day) >= *rep.Quota:
		return atQuota
	case r.Lead.HadBy(rep.ID, r.Now, r.CoolOff):
		return former
	}
	return eligibleRep
}

func today(rep *lead.Rep, day string) int {
	if rep.Day < day {
		return 0
	}
	return rep.Today
}

func (r *Request) why(p Pick, eligible int) string {
	var b strings.Builder
	switch {
	case p.Considered == 0 && r.Single != "":
		return "the team's contact is not one of its reps"
	case p.Considered == 0:
		return "the team has no reps"
	case eligible == 0:
		fmt.Fprintf(&b, "nobody eligible among %d", p.Considered)
	case r.Single != "":
		return "the team's only contact"
	default:
		fmt.Fprintf(&b, "fewest turns of %d eligible among %d", eligible, p.Considered)
	}
	separator := ": "
	for _, reason := range skips {
		if n := p.Skipped[reason]; n > 0 {
			fmt.Fprintf(&b, "%s%d %s", separator, n, reason)
			separator = ", "
		}
	}
	return cut(b.String())
}

// standing is a member's place in the queue of the team.
type standing struct {
	rep   *lead.Rep
	turns int
	share int
}

// before compares turns for a share; equals are put in an order of their own for
// each lead, so that nobody is always first.
func (s standing) before(o standing, id string) bool {
	if a, b := s.turns*o.share, o.turns*s.share; a != b {
		return a < b
	}
	a, b := lot(id, s.rep.ID), lot(id, o.rep.ID)
	return a < b || a == b && s.rep.ID < o.rep.ID
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

// Step is by how much a rep's turns move when the rep gets a lead of the team:
// one, and for a rep who was away (on leave, off shift, full, or new) what the
// others went on by in the meantime. Counting it makes an absence neither a debt
// nor a credit: who comes back shares evenly from there on, rather than getting
// every lead until all that was missed is made up for. For reps who were always
// eligible it is one.
func Step(r Request, rep lead.Rep) int {
	turns := rep.Turns[r.Team]
	floor := frontOf(r.Team, r.Reps, r.Weights).floor(shareOf(r.Weights, rep.ID))
	return max(turns, floor) + 1 - turns
}

// Median is the middle of the turns that the members of a team had, the lower
// one of two: where a new member starts, so that not every lead goes to them.
func Median(reps []lead.Rep, team string) int {
	var turns []int
	for _, rep := range reps {
		if rep.Active && slices.Contains(rep.Teams, team) {
			turns = append(turns, rep.Turns[team])
		}
	}
	if len(turns) == 0 {
		return 0
	}
	slices.Sort(turns)
	return turns[(len(turns)-1)/2]
}
