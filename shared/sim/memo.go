package sim

import (
	"encoding/json"
	"strconv"
	"sync"

	"sluice/shared/policy"
)

// readBefore is shared by all worlds: they have few policies, and each of their
// many processes reads the one in force.
var readBefore reader

// reader remembers what it made of each version of a policy.
type reader struct{ directories, policies, documents sync.Map }

type remembered[T any] struct {
	value *T
	err   error
}

func remember[T any](known *sync.Map, r policy.Record, read func() (*T, error)) (*T, error) {
	key := strconv.Itoa(r.Version) + " " + string(r.Document)
	if m, ok := known.Load(key); ok {
		m := m.(remembered[T])
		return m.value, m.err
	}
	value, err := read()
	known.Store(key, remembered[T]{value, err})
	return value, err
}

// Directory implements app.Reader.
func (m *reader) Directory(r policy.Record) (*policy.Directory, error) {
	return remember(&m.directories, r, r.Directory)
}

// Compile implements app.Reader.
func (m *reader) Compile(r policy.Record) (*policy.Policy, error) {
	return remember(&m.policies, r, r.Compile)
}

// Document reads the document alone.
func (m *reader) Document(r policy.Record) (*policy.Document, error) {
	return remember(&m.documents, r, func() (*policy.Document, error) {
		d := &policy.Document{}
		return d, json.Unmarshal(r.Document, d)
	})
}
