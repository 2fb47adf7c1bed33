package lead

import (
	"maps"
	"slices"
)

// EventKinds lists the names of the events that can be read back.
func EventKinds() []string { return slices.Sorted(maps.Keys(decoders)) }

// ReadAny is the general way to read an entry.
func (e *Entry) ReadAny(data []byte) error { return e.readAny(data) }

// ReadOwn is the short way to read an entry; false where it does not.
func ReadOwn(data []byte) (Entry, bool) { return readOwn(data) }
