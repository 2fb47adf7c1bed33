package app

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// policyAge is how long a function works on with the policy it knows before it
// asks for a newer one: half of the minute within which a new version must be
// in effect everywhere.
const policyAge = 30 * time.Second

// PolicyStore reads the policy's versions.
type PolicyStore interface {
	CurrentPolicy(ctx context.Context, known int) (policy.Record, error)
}

// Current is the policy in effect, kept compiled and asked for again every
// 30 seconds. When the table cannot be read the last one known goes on.
type Current struct {
	Store PolicyStore
	Now   func() time.Time

	mu      sync.Mutex
	policy  *policy.Policy
	checked time.Time
}

// Get returns the policy in effect.
func (c *Current) Get(ctx context.Context) (*policy.Policy, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now()
	if age := now.Sub(c.checked); c.policy != nil && age >= 0 && age < policyAge {
		return c.policy, nil
	}
	known := 0
	if c.policy != nil {
		known = c.policy.Version()
	}
	record, err := c.Store.CurrentPolicy(ctx, known)
	switch {
	case err == nil && record.Version == known && known > 0:
	case err == nil:
		compiled, err := Compile(record)
		if err != nil {
			return nil, err
		}
		c.policy = compiled
	case c.policy == nil && lead.KindOf(err) == lead.NotFound:
		return nil, &lead.Error{Kind: lead.Unavailable, Text: "there is no policy yet: apply one with `sluice policy apply`", Cause: err}
	case c.policy == nil:
		return nil, err
	}
	c.checked = now
	return c.policy, nil
}

// Compile makes a stored version ready for use.
func Compile(record policy.Record) (*policy.Policy, error) {
	var doc policy.Document
	if err := json.Unmarshal(record.Document, &doc); err != nil {
		return nil, &lead.Error{Kind: lead.Unavailable, Text: "the stored policy cannot be read", Cause: err}
	}
	compiled, err := policy.Compile(doc, record.Version)
	if err != nil {
		return nil, &lead.Error{Kind: lead.Unavailable, Text: "the stored policy cannot be used", Cause: err}
	}
	return compiled, nil
}
