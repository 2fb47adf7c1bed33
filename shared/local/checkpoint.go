package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// checkpoint keeps in a file how far each shard of one stream was handled. It is
// replaced whole by a rename, so that a killed process leaves the old or the new
// state; a machine that loses power may fall back, and repeats some records.
type checkpoint struct {
	path string

	mu    sync.Mutex
	state checkpointState
}

type checkpointState struct {
	Stream string          `json:"stream"`
	Shards map[string]mark `json:"shards"`
}

type mark struct {
	Sequence string `json:"sequence,omitempty"` // of the last record that was handled
	Done     bool   `json:"done,omitempty"`     // read to its end
}

type checkpointSpec struct{ path, stream string }

// openCheckpoint reads the file, if there is one. Marks of another stream, such
// as that of a table that was made anew, mean nothing here and are dropped.
func openCheckpoint(spec checkpointSpec) (*checkpoint, error) {
	c := &checkpoint{path: spec.path, state: checkpointState{Stream: spec.stream, Shards: map[string]mark{}}}
	if spec.path == "" {
		return c, nil
	}
	if err := os.MkdirAll(filepath.Dir(spec.path), 0o700); err != nil {
		return nil, fmt.Errorf("open checkpoint: %w", err)
	}
	content, err := os.ReadFile(spec.path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	var kept checkpointState
	if err == nil {
		err = json.Unmarshal(content, &kept)
	}
	if err != nil {
		return nil, fmt.Errorf("open checkpoint %s: %w; remove it to read the stream from its oldest record", spec.path, err)
	}
	if kept.Stream == spec.stream && kept.Shards != nil {
		c.state = kept
	}
	return c, nil
}

func (c *checkpoint) at(shard string) mark {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Shards[shard]
}

func (c *checkpoint) set(shard string, m mark) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Shards[shard] == m {
		return nil
	}
	c.state.Shards[shard] = m
	return c.save()
}

// keepOnly forgets the shards that the stream no longer has.
func (c *checkpoint) keepOnly(shards []types.Shard) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := len(c.state.Shards)
	maps.DeleteFunc(c.state.Shards, func(id string, _ mark) bool {
		return !slices.ContainsFunc(shards, func(s types.Shard) bool { return aws.ToString(s.ShardId) == id })
	})
	if len(c.state.Shards) == before {
		return nil
	}
	return c.save()
}

// save needs the lock.
func (c *checkpoint) save() error {
	if c.path == "" {
		return nil
	}
	content, err := json.Marshal(c.state)
	if err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	next := c.path + ".new"
	if err := os.WriteFile(next, content, 0o600); err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	return os.Rename(next, c.path)
}
