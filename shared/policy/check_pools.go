package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/rule"
)

const (
	maxArchive = 3650 * day

	// maxHoldOut is the largest share that is left alone: what is compared with
	// need not be larger than what is worked.
	maxHoldOut = 0.5
)

// segment checks one of the places where some of a team's leads rest.
func (c *checker) segment(at string, s lead.Segment, d Document, products, pools []string) {
	c.refer(at+".pool", "pool", s.Pool, pools)
	if s.Pool == "" {
		c.report(at+".pool", "name the pool in which these leads rest")
	}
	for i, product := range s.Products {
		c.refer(fmt.Sprintf("%s.products[%d]", at, i), "product", product, products)
	}
	for i, channel := range s.Channels {
		c.refer(fmt.Sprintf("%s.channels[%d]", at, i), "channel", channel, d.Channels)
	}
	if len(s.Products)+len(s.Channels)+len(s.Grades)+len(s.Countries) == 0 {
		c.report(at, "say which leads: by products, grades, channels or countries; the team's own pool is for all others")
	}
}

func poolFaults(d Document) []rule.Problem {
	c := &checker{}
	house := d.Deadlines.over(Defaults()).Sweep
	for i, p := range d.Pools {
		at := fmt.Sprintf("pools[%d]", i)
		c.bounded(at+".sweep", p.Sweep, minSweep, maxDeadline)
		c.bounded(at+".archive", p.Archive, day, maxArchive)
		cycle := time.Duration(or(p.Sweep, Duration(house)))
		if freeze := time.Duration(or(p.Freeze, 0)); freeze >= cycle && cycle >= minSweep {
			c.report(at+".freeze", "let freeze be shorter than sweep, %s: nobody could claim a lead before the sweep looks at it", Duration(cycle))
		}
		if p.HoldOut != nil && *p.HoldOut > maxHoldOut {
			c.report(at+".hold_out", "leave at most half of the leads alone, 0.5: a tenth is enough to compare with")
		}
		if p.Assigned && len(p.Admins) == 0 {
			c.report(at+".admins", "name the admins of the pool: they assign its leads, and nobody claims them")
		}
		c.letter(at+".reactivate", p.Reactivate)
	}
	for i, l := range d.Lists {
		// Leads are posted where a browser may be sent: to https, or this machine.
		if _, ok := (form.Spec{ThankYou: l.URL}).ThankYouURL(l.URL); l.URL != "" && !ok {
			c.report(fmt.Sprintf("lists[%d].url", i), "write a web address with https, without a user name; http is for this machine only")
		}
	}
	for i, t := range d.Teams {
		for j, s := range t.Pools {
			c.countries(fmt.Sprintf("teams[%d].pools[%d].countries", i, j), s.Countries)
		}
	}
	c.letter("light_touch", d.LightTouch)
	return c.problems
}

// blanks are what is filled in where a letter names them.
var blanks = []string{"{name}", "{number}"}

func (c *checker) letter(at string, l *Letter) {
	if l == nil {
		return
	}
	for _, part := range []struct{ name, text string }{{"subject", l.Subject}, {"text", l.Text}} {
		if strings.TrimSpace(part.text) == "" {
			c.report(at+"."+part.name, "write something here: this is what the person reads")
		}
		for rest := part.text; ; {
			_, after, found := strings.Cut(rest, "{")
			inside, next, closed := strings.Cut(after, "}")
			if !found || !closed {
				break
			}
			if blank := "{" + inside + "}"; !slices.Contains(blanks, blank) {
				c.report(at+"."+part.name, "nothing is filled in for %.40s: there are %s", blank, list(blanks))
			}
			rest = next
		}
	}
}
