package lead

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Grounds are what the choice of a rep rested on, kept with the lead so that
// "why did it go there" has an answer for ever. Names are left out, never counts,
// where there are more than are worth keeping.
type Grounds struct {
	Steps []string    `json:"by,omitempty"`    // how the choice was narrowed, in order
	Of    Figure      `json:"of,omitempty"`    // by what the choice was made
	First []Candidate `json:"first,omitempty"` // who could have had it, the first choice first
	More  int         `json:"more,omitempty"`  // further ones who could
	Not   []Passed    `json:"not,omitempty"`   // who could not, by reason
}

// Figure is by what the choice among candidates was made.
type Figure string

// The figures.
const (
	ByTurns   Figure = ""        // turns for a share of one, fewest first
	ByGain    Figure = "gain"    // expected conversions in thousandths, less what the rep's slot is worth for others, most first
	ByContact Figure = "contact" // the team has one contact
	ByNobody  Figure = "nobody"  // no choice was made
)

// Candidate is a rep who could have had a lead.
type Candidate struct {
	Rep    string
	Figure float64
}

// Passed are the members of a team who could not have a lead for one reason.
type Passed struct {
	Why  string
	N    int
	Reps []string // some or all of them
}

// MarshalText implements encoding.TextMarshaler: "amy 12.5". An id has no spaces.
func (c Candidate) MarshalText() ([]byte, error) {
	return []byte(c.Rep + " " + strconv.FormatFloat(c.Figure, 'f', -1, 64)), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Candidate) UnmarshalText(text []byte) (err error) {
	rep, figure, _ := strings.Cut(string(text), " ")
	c.Rep = rep
	if c.Figure, err = strconv.ParseFloat(figure, 64); err != nil {
		return fmt.Errorf("decode candidate: %w", err)
	}
	return nil
}

// MarshalText implements encoding.TextMarshaler: "3 at cap: ben cai".
func (p Passed) MarshalText() ([]byte, error) {
	text := strconv.Itoa(p.N) + " " + p.Why
	if len(p.Reps) > 0 {
		text += ": " + strings.Join(p.Reps, " ")
	}
	return []byte(text), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Passed) UnmarshalText(text []byte) (err error) {
	n, rest, _ := strings.Cut(string(text), " ")
	if p.N, err = strconv.Atoi(n); err != nil {
		return fmt.Errorf("decode who was passed over: %w", err)
	}
	why, reps, named := strings.Cut(rest, ": ")
	if p.Why, p.Reps = why, nil; named {
		p.Reps = strings.Fields(reps)
	}
	return nil
}

// String tells the choice in a sentence.
func (g *Grounds) String() string {
	could := len(g.First) + g.More
	members := could
	for _, p := range g.Not {
		members += p.N
	}
	var b strings.Builder
	switch {
	case members == 0 && g.Of == ByContact:
		return "the team's contact is not one of its reps"
	case members == 0:
		return "the team has no reps"
	case could == 0:
		fmt.Fprintf(&b, "nobody eligible among %d", members)
	case g.Of == ByNobody:
		fmt.Fprintf(&b, "nobody fits of %d eligible among %d", could, members)
	case g.Of == ByContact:
		return "the team's only contact"
	case could == 1:
		fmt.Fprintf(&b, "the only one eligible among %d", members)
	case g.Of == ByGain:
		fmt.Fprintf(&b, "most gained of %d eligible among %d", could, members)
	default:
		fmt.Fprintf(&b, "fewest turns of %d eligible among %d", could, members)
	}
	if len(g.Steps) > 0 {
		b.WriteString(" by " + strings.Join(g.Steps, ", then "))
	}
	separator := ": "
	for _, p := range g.Not {
		fmt.Fprintf(&b, "%s%d %s", separator, p.N, p.Why)
		separator = ", "
	}
	return b.String()
}

// Reason tells how the rep was chosen.
func (o Offered) Reason() string { return reasonOf(o.Why, o.Grounds) }

// Reason tells why the dispatcher is to decide.
func (t Triaged) Reason() string { return reasonOf(t.Why, t.Grounds) }

// Reason tells why nobody can have the lead now.
func (w Waiting) Reason() string { return reasonOf(w.Why, w.Grounds) }

// reasonOf is what is kept as a reason, or else what the grounds tell.
func reasonOf(why string, g *Grounds) string {
	if g == nil {
		return why
	}
	return cmp.Or(why, g.String())
}

// why is what is kept of a choice's reason beside its grounds.
func (c Choice) why() string {
	if c.Grounds != nil && c.Why == c.Grounds.String() {
		return ""
	}
	return c.Why
}
