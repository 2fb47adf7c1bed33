package sim

import (
	"encoding/json"
	"maps"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// ending judges a record of how a lead ended: a later one replaces it, no other does.
func (c *checker) ending(p part) {
	var o score.Outcome
	err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &o)
	if c.breaks(ruleEnding, err == nil && o.Lead == p.sk && o.Version == versionOf(p.after) && o.Version > versionOf(p.before)) {
		c.tell(ruleEnding, p.sk, "its outcome of version %d is replaced by %q", versionOf(p.before), p.after.Text(schema.Doc))
	}
	w := c.leads[p.sk]
	if c.breaks(ruleEnding, w != nil && o.Version <= w.lead.Version && w.lead.Created.UTC().Format("2006-01") == p.id) {
		c.tell(ruleEnding, p.sk, "an outcome of its version %d is kept in %s", o.Version, p.id)
	}
	c.endings[p.sk] = o
}

// endedAs holds that what is kept of a lead's end is by its newest one, and that one that
// goes on has none.
func (c *checker) endedAs(l lead.Lead, history []lead.Entry) {
	want := score.OutcomeOf(history, c.policies[c.inForce[len(c.inForce)-1].number].Clock())
	is := c.endings[l.ID]
	fits := is.Closed.IsZero()
	if !want.Closed.IsZero() {
		fits = is.Closed.Equal(want.Closed) && is.Created.Equal(want.Created) && is.Won == want.Won && maps.Equal(is.Known, want.Known)
	}
	if c.breaks(ruleEnding, fits) {
		c.tell(ruleEnding, l.ID, "%s since %s; its outcome is kept as %+v, by its history %+v", l.State, l.Since.Format(time.DateTime), is, want)
	}
}
