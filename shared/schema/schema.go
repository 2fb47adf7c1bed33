// Package schema names what the stack builds and the functions use: the
// table's keys, indexes and attributes, and how far its indexes are spread.
// The meaning of every item is told in package dynamo.
package schema

// Attributes of the table.
const (
	PK      = "pk"      // partition key, string
	SK      = "sk"      // sort key, string
	Doc     = "doc"     // the item's content as JSON
	Version = "v"       // number; compare-and-swap guard of leads, persons and reps
	Expires = "expires" // number, epoch seconds; purges only, never times anything

	DueShard = "dueShard" // partition key of DueIndex
	DueAt    = "dueAt"    // sort key of DueIndex
	Holder   = "holder"   // partition key of HeldIndex
	HeldAt   = "heldAt"   // sort key of HeldIndex

	LikeName  = "likeName"  // partition key of LikeNameIndex
	LikePlace = "likePlace" // partition key of LikePlaceIndex
)

// Sparse indexes, both keys only: an index entry is rewritten only when its
// place changes, not when the lead does.
const (
	DueIndex  = "due"  // open leads by the moment the system must act on them
	HeldIndex = "held" // leads by who holds them, submissions in quarantine, persons in doubt

	// Persons who may be one, by keyed hashes of what they share. The sort key of
	// both is the table's partition key: in the order of their coming.
	LikeNameIndex  = "likeName"
	LikePlaceIndex = "likePlace"
)

// HistoryPrefix starts the sort key of every history item; the relay's event
// source filters on it.
const HistoryPrefix = "H#"

// VaultPartition is the partition key of the vault's wrapped keys, so that the
// stack can let a function add one and write nothing else.
const VaultPartition = "VAULT"

// ModelPartition is the partition key of what was learned, so that the stack can
// let a function add to that and write nothing else.
const ModelPartition = "MODEL"

const (
	// DueShards is how many partitions the due index is spread over. Each takes
	// 1,000 write units a second; a sweep asks each once.
	DueShards = 4
	// HolderShards is how many partitions a pool, a triage list or the
	// quarantine is spread over.
	HolderShards = 4
)
