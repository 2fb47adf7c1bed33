package policy

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/match"
	"sluice/shared/rule"
)

// The bounds of an enricher's times.
const (
	minEnrich = time.Second
	maxEnrich = 10 * time.Second
	maxPause  = day
)

func cleanseFaults(d Document) []rule.Problem {
	c := &checker{}
	merge, review := or(d.Cleanse.Merge, match.DefaultMerge), or(d.Cleanse.Review, reviewDefault)
	if merge < review {
		c.report("cleanse."+first("merge", d.Cleanse.Merge != nil, "review"),
			"let merge be at least review: enquiries are merged from %v, and looked at from %v", merge, review)
	}
	if cmp.Or(d.Cleanse.Team, d.Routing.Fallback) == "" {
		for i, f := range d.Forms {
			if f.Unverified {
				c.report(fmt.Sprintf("forms[%d].unverified", i), "name the team that verifies what comes from lists, under cleanse.team")
			}
		}
	}
	for i, e := range d.Enrichers {
		c.enricher(fmt.Sprintf("enrichers[%d]", i), e)
	}
	return c.problems
}

// sources are what facts are marked with that come from no enricher.
var sources = []string{lead.FromPhone, lead.FromCompany, lead.FromDesk, lead.FromPerson, "domain"}

func (c *checker) enricher(at string, e Enricher) {
	if slices.Contains(sources, e.ID) {
		c.report(at+".id", "facts of other origin are marked with %q: give another id", e.ID)
	}
	if !callable(e.URL) {
		c.report(at+".url", "write a web address with https, of a public host, without a user name; http is for this machine only")
	}
	for _, fact := range slices.Sorted(maps.Keys(e.Facts)) {
		here := at + ".facts." + fact
		if !slices.Contains(lead.Fillable(), fact) {
			c.report(here, "%.40q is no fact that can be filled: use %s", fact, list(lead.Fillable()))
		}
		if !isPointer(e.Facts[fact]) {
			c.report(here, "write a JSON pointer, such as /company/industry; a ~ in a name is written ~0 and a / is written ~1")
		}
	}
	c.bounded(at+".timeout", e.Timeout, minEnrich, maxEnrich)
	c.bounded(at+".pause", e.Pause, minEnrich, maxPause)
}

// callable reports whether an address can be one that is called: by https at a public
// host, or on this machine. Where a name leads to is looked at when it is called, and
// only there is known whether this machine may be.
func callable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Fragment != "" {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	ip, err := netip.ParseAddr(host)
	ip = ip.Unmap()
	switch own := host == "localhost" || err == nil && ip.IsLoopback(); {
	case own:
		return u.Scheme == "https" || u.Scheme == "http"
	case u.Scheme != "https":
		return false
	case err == nil:
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	// What ends in a number is an address in another spelling, not a name.
	return len(labels) > 1 && !slices.Contains(labels, "") && strings.Trim(last, "0123456789") != "" && !strings.HasPrefix(last, "0x")
}

// isPointer reports whether a text is a JSON pointer (RFC 6901) into an answer.
func isPointer(text string) bool {
	bare := strings.NewReplacer("~0", "", "~1", "").Replace(text)
	return strings.HasPrefix(text, "/") && !strings.Contains(bare, "~")
}
