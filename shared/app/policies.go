package app

import (
	"context"
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

// Current is the policy in effect, asked for again every 30 seconds. When the
// table cannot be read the last one known goes on.
type Current struct {
	Store PolicyStore
	Now   func() time.Time

	mu        sync.Mutex
	record    policy.Record
	directory *policy.Directory
	policy    *policy.Policy // nil until one is asked for
	checked   time.Time
}

// Directory returns who and what there is.
func (c *Current) Directory(ctx context.Context) (*policy.Directory, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.refresh(ctx)
	return c.directory, err
}

// Get returns the policy with its expressions compiled.
func (c *Current) Get(ctx context.Context) (*policy.Policy, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	if c.policy == nil {
		var err error
		if c.policy, err = c.record.Compile(); err != nil {
			return nil, unusable(err)
		}
	}
	return c.policy, nil
}

// refresh asks for a newer version when it is time to.
func (c *Current) refresh(ctx context.Context) error {
	now := c.Now()
	if age := now.Sub(c.checked); c.directory != nil && age >= 0 && age < policyAge {
		return nil
	}
	record, err := c.Store.CurrentPolicy(ctx, c.record.Version)
	switch {
	case err == nil && c.directory != nil && record.Version == c.record.Version:
	case err == nil:
		directory, err := record.Directory()
		if err != nil {
			return unusable(err)
		}
		c.record, c.directory, c.policy = record, directory, nil
	case c.directory == nil && lead.KindOf(err) == lead.NotFound:
		return &lead.Error{Kind: lead.Unavailable, Text: "there is no policy yet: apply one with `sluice policy apply`", Cause: err}
	case c.directory == nil:
		return err
	}
	c.checked = now
	return nil
}

func unusable(err error) error {
	return &lead.Error{Kind: lead.Unavailable, Text: "the stored policy cannot be used", Cause: err}
}
