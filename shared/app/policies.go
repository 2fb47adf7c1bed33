package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// policyAge is how long a function works on with the policy it knows before it
// asks for a newer one: half of the minute within which a new version must be
// in effect everywhere.
const policyAge = 30 * time.Second

// PolicyStore reads the policy's versions.
type PolicyStore interface {
	CurrentPolicy(ctx context.Context, known int) (policy.Record, error)
}

// ModelStore reads the models' versions.
type ModelStore interface {
	CurrentModel(ctx context.Context, known int) (score.Record, error)
}

// Current is the policy in effect with the model in force, asked for again every 30
// seconds. When the table cannot be read, or the new version is one that this build
// cannot use, the last good one goes on: a house does not stop for a document, nor for
// what it has learned.
type Current struct {
	Store  PolicyStore
	Models ModelStore // nil scores by rules only
	Now    func() time.Time
	Log    *slog.Logger // told of a version that cannot be used; may be nil
	Read   Reader       // nil reads each version anew

	mu        sync.Mutex
	seen      int           // version last read
	record    policy.Record // of the directory
	directory *policy.Directory
	compiled  int            // version last compiled, whether it could be or not
	policy    *policy.Policy // nil until one is asked for
	checked   time.Time

	model   int            // version last read
	learned *score.Learned // nil for none
	looked  time.Time
}

// Reader makes what is worked with out of a stored version. A process reads a
// version once; who runs many processes in one may remember what they read.
type Reader interface {
	Directory(policy.Record) (*policy.Directory, error)
	Compile(policy.Record) (*policy.Policy, error)
}

type anew struct{}

func (anew) Directory(r policy.Record) (*policy.Directory, error) { return r.Directory() }
func (anew) Compile(r policy.Record) (*policy.Policy, error)      { return r.Compile() }

func (c *Current) reader() Reader {
	if c.Read == nil {
		return anew{}
	}
	return c.Read
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
	if c.compiled != c.record.Version {
		switch pol, err := c.reader().Compile(c.record); {
		case err == nil:
			c.policy = pol
		case c.policy == nil:
			return nil, unusable(err)
		default:
			c.passOver(ctx, c.record.Version, err)
		}
		c.compiled = c.record.Version
	}
	if err := c.learn(ctx); err != nil {
		return nil, err
	}
	return c.policy.With(c.learned), nil
}

// learn asks for a newer model when it is time to. Without one there are rules: but a
// process that could not ask yet does not score as if there were none.
func (c *Current) learn(ctx context.Context) error {
	now := c.Now()
	if age := now.Sub(c.looked); c.Models == nil || !c.looked.IsZero() && age >= 0 && age < policyAge {
		return nil
	}
	record, err := c.Models.CurrentModel(ctx, c.model)
	if err != nil && record.Version == 0 && c.looked.IsZero() {
		return err
	}
	c.looked = now
	switch {
	case err == nil && record.Version == c.model:
		return nil
	case err == nil && record.Version == 0:
		c.learned = nil
	case err == nil:
		var model *predict.Model
		if model, err = predict.Decode(record.Model); err == nil {
			c.learned = score.NewLearned(model, record.Version, c.directory.Clock())
		}
	}
	if err != nil && c.Log != nil {
		c.Log.WarnContext(ctx, "model", "outcome", "passed over: what was in force goes on", "error", err.Error())
	}
	if err == nil || record.Version > 0 {
		c.model = record.Version
	}
	return nil
}

// refresh asks for a newer version when it is time to.
func (c *Current) refresh(ctx context.Context) error {
	now := c.Now()
	if age := now.Sub(c.checked); c.directory != nil && age >= 0 && age < policyAge {
		return nil
	}
	record, err := c.Store.CurrentPolicy(ctx, c.seen)
	switch {
	case err == nil && c.directory != nil && record.Version == c.seen:
	case err == nil:
		switch directory, err := c.reader().Directory(record); {
		case err == nil:
			c.record, c.directory = record, directory
		case c.directory == nil:
			return unusable(err)
		default:
			c.passOver(ctx, record.Version, err)
		}
		c.seen = record.Version
	case c.directory == nil && lead.KindOf(err) == lead.NotFound:
		return &lead.Error{Kind: lead.Unavailable, Text: "there is no policy yet: apply one with `sluice policy apply`", Cause: err}
	case c.directory == nil:
		return err
	}
	c.checked = now
	return nil
}

// passOver tells of a version that cannot be used.
func (c *Current) passOver(ctx context.Context, version int, err error) {
	if c.Log != nil {
		c.Log.ErrorContext(ctx, "policy", "outcome", "passed over: the last good version goes on", "version", version, "error", err.Error())
	}
}

func unusable(err error) error {
	return &lead.Error{Kind: lead.Unavailable, Text: "the stored policy cannot be used", Cause: err}
}
