package sim

import (
	"bytes"
	"regexp"

	"sluice/shared/sim/table"
)

// chanceText is where a short text may turn up by chance: long runs of base64,
// which is how encrypted values stand in documents and on the wire, and moments.
var chanceText = regexp.MustCompile(`[A-Za-z0-9+/]{32,}={0,2}|\.[0-9]{1,9}(?:Z|\b)|"N":"[0-9]+"`)

// exposes is the marker of an invented person that a text shows, nil for none.
func (c *checker) exposes(text []byte) []byte {
	for _, m := range c.markers {
		if bytes.Contains(text, m) && bytes.Contains(chanceText.ReplaceAll(text, nil), m) {
			return m
		}
	}
	return nil
}

// private holds that an item shows nobody's data: not in its keys, its
// attributes or its places in the indexes.
func (c *checker) private(i table.Item) {
	c.image = i.AppendImage(c.image[:0])
	if m := c.exposes(c.image); c.breaks(rulePrivate, m == nil) {
		pk, sk := i.Key()
		c.tell(rulePrivate, "", "item %s %s shows %q", pk, sk, m)
	}
}

// logged judges a line of a log.
func (c *checker) logged(line []byte) {
	if m := c.exposes(line); c.breaks(rulePrivate, m == nil) {
		c.tell(rulePrivate, "", "a log line shows %q: %s", m, line)
	}
}

// queued judges the body of a message to a queue.
func (c *checker) queued(body []byte) {
	if m := c.exposes(body); c.breaks(rulePrivate, m == nil) {
		c.tell(rulePrivate, "", "a message to a queue shows %q", m)
	}
}
