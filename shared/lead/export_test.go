package lead

import (
	"maps"
	"slices"
)

// EventKinds lists the names of the events that can be read back.
func EventKinds() []string { return slices.Sorted(maps.Keys(decoders)) }
