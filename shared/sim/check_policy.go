package sim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sluice/shared/policy"
	"sluice/shared/sim/table"
)

// policyItem keeps the versions of the policy, each for ever, and which of them
// came into force when.
func (c *checker) policyItem(p part) {
	if p.sk == "CURRENT" {
		v := versionOf(p.after)
		if c.breaks(rulePolicy, v == versionOf(p.before)+1) {
			c.tell(rulePolicy, "", "the policy goes from version %d to %d", versionOf(p.before), v)
		}
		c.inForce, c.changes = append(c.inForce, version{v, c.now()}), append(c.changes, c.now())
		return
	}
	p.id = p.sk
	if !c.fresh(p, "policy") {
		return
	}
	number, err := strconv.Atoi(strings.TrimPrefix(p.sk, "V#"))
	var compiled *policy.Policy
	var doc policy.Document
	if err == nil {
		compiled, doc, err = compiledOf(p.after, number)
	}
	if c.breaks(rulePolicy, err == nil) {
		c.tell(rulePolicy, "", "policy %s cannot be read: %v", p.sk, err)
		return
	}
	c.policies[number], c.documents[number] = compiled, doc
}

// compiledOf compiles the document that a version's item holds.
func compiledOf(i table.Item, number int) (*policy.Policy, policy.Document, error) {
	var body struct{ Document json.RawMessage }
	r, err := gzip.NewReader(bytes.NewReader(i.Binary("body")))
	if err != nil {
		return nil, policy.Document{}, fmt.Errorf("unpack document: %w", err)
	}
	if err := json.NewDecoder(r).Decode(&body); err != nil {
		return nil, policy.Document{}, err
	}
	record := policy.Record{Version: number, Document: body.Document}
	doc, err := readBefore.Document(record)
	if err != nil {
		return nil, policy.Document{}, err
	}
	compiled, err := readBefore.Compile(record)
	return compiled, *doc, err
}

// policyLag is how long a function may still go by an older version.
const policyLag = 2 * time.Minute

// recent lists the versions by which somebody may decide now, the newest first.
// While the table cannot be read any older one may go on.
func (c *checker) recent() []*policy.Policy {
	var out []*policy.Policy
	for i := len(c.inForce) - 1; i >= 0; i-- {
		if d := c.policies[c.inForce[i].number]; d != nil {
			out = append(out, d)
		}
		if c.calm() && c.now().Sub(c.inForce[i].at) > policyLag {
			break
		}
	}
	return out
}
