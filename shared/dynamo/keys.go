package dynamo

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// attributes is an item, or a part of one.
type attributes = map[string]types.AttributeValue

// key is the primary key of one item. Each kind of item has its own type, so
// that no partition key meets another kind's sort key.
type key interface{ pair() (pk, sk string) }

type (
	identityKey   lead.Key
	personKey     string
	leadKey       string
	submissionKey string
	idemKey       lead.Key
	repKey        string
	resultsKey    string
	jobKey        string
	policyKey     int
	currentKey    struct{}
	trainingKey   int
	modelKey      struct{}
	rescoreKey    struct{}
	outcomeKey    struct{ month, lead string }
	deliveryKey   string
	numberKey     int
	vaultKey      string
	secretKey     string
	callListKey   string
	companyKey    lead.Key
	spentKey      struct{ what, day string }
	tallyKey      struct {
		pool, cycle, shard string
	}
	historyKey struct {
		lead    string
		version int
	}
)

// Partitions and prefixes.
const (
	personPrefix     = "P#"
	leadPrefix       = "L#"
	submissionPrefix = "S#"
	repPartition     = "REP"
	resultsSuffix    = "#results"
	jobPartition     = "JOB"
	tallyPrefix      = "CYCLE#"
	spentPrefix      = "SPENT#"
	policyPartition  = "POLICY"
	policyPrefix     = "V#"
	modelPartition   = schema.ModelPartition
	outcomePrefix    = "OUTCOME#"
)

// keyOfIdentity is where an identity key is reserved for a person, and found
// when the reservation is refused.
func keyOfIdentity(hash lead.Key) identityKey { return identityKey(hash) }

// keyOfPerson is where a person is read and written.
func keyOfPerson(id string) personKey { return personKey(id) }

// keyOfLead is where a lead's snapshot is read and written. Its history shares
// the partition.
func keyOfLead(id string) leadKey { return leadKey(id) }

// keyOfEntry is where the entry that led to a lead's version is appended.
func keyOfEntry(id string, version int) historyKey { return historyKey{lead: id, version: version} }

// keyOfSubmission is where a submission is recorded with how it ended.
func keyOfSubmission(id string) submissionKey { return submissionKey(id) }

// keyOfIdem is where a caller's idempotency key leads to the submission that
// used it first.
func keyOfIdem(hash lead.Key) idemKey { return idemKey(hash) }

// keyOfRep is where a rep's record and counters are. All reps share a
// partition, so that one query reads the roster.
func keyOfRep(id string) repKey { return repKey(id) }

// keyOfResults is where the results of a rep's work are counted: in the same
// partition, so that the roster's query reads them along.
func keyOfResults(rep string) resultsKey { return resultsKey(rep) }

// keyOfJob is where a job that moves leads is kept. All jobs share a partition,
// in the order of their beginning.
func keyOfJob(id string) jobKey { return jobKey(id) }

// keyOfPolicy is where a version of the policy is kept for ever.
func keyOfPolicy(version int) policyKey { return policyKey(version) }

// keyOfCurrentPolicy is asked every half minute for the version in effect.
func keyOfCurrentPolicy() currentKey { return currentKey{} }

// keyOfTraining is where a training is kept for ever, with its model.
func keyOfTraining(version int) trainingKey { return trainingKey(version) }

// keyOfModel is asked every half minute for the model in force.
func keyOfModel() modelKey { return modelKey{} }

// keyOfRescore is where the walk is kept that scores all leads anew.
func keyOfRescore() rescoreKey { return rescoreKey{} }

// keyOfOutcome is where it is kept how a lead ended. The leads of a month share a
// partition.
func keyOfOutcome(created time.Time, id string) outcomeKey {
	return outcomeKey{created.UTC().Format(outcomeMonth), id}
}

// outcomeMonth is the form of a month in keys.
const outcomeMonth = "2006-01"

// keyOfTally is where the leads of a shard are counted that a cycle of a pool's
// sweep looked at. All cycles of a pool share a partition, in their order.
func keyOfTally(pool string, cycle time.Time, shard string) tallyKey {
	return tallyKey{pool, cycle.UTC().Format(time.RFC3339), shard}
}

// keyOfCompany is where a company is read and written.
func keyOfCompany(id lead.Key) companyKey { return companyKey(id) }

// keyOfSpent counts what a day's budget of something was spent on.
func keyOfSpent(what, day string) spentKey { return spentKey{what, day} }

// keyOfDelivery is claimed before a message is sent.
func keyOfDelivery(id string) deliveryKey { return deliveryKey(id) }

// keyOfNumbers counts the lead numbers that a year has handed out.
func keyOfNumbers(year int) numberKey { return numberKey(year) }

// keyOfVault is where the vault keeps a wrapped key.
func keyOfVault(name string) vaultKey { return vaultKey(name) }

// keyOfSecret is where a secret is kept that is shared with a system outside.
func keyOfSecret(name string) secretKey { return secretKey(name) }

// keyOfCallList is where the figures are that a call list is paced by.
func keyOfCallList(list string) callListKey { return callListKey(list) }

func (k identityKey) pair() (string, string)   { return "K#" + string(k), "K" }
func (k personKey) pair() (string, string)     { return personPrefix + string(k), "P" }
func (k leadKey) pair() (string, string)       { return leadPrefix + string(k), "L" }
func (k submissionKey) pair() (string, string) { return submissionPrefix + string(k), "S" }
func (k idemKey) pair() (string, string)       { return "I#" + string(k), "I" }
func (k repKey) pair() (string, string)        { return repPartition, string(k) }
func (k resultsKey) pair() (string, string)    { return repPartition, string(k) + resultsSuffix }
func (k jobKey) pair() (string, string)        { return jobPartition, string(k) }
func (k tallyKey) pair() (string, string) {
	return tallyPrefix + k.pool, k.cycle + "#" + k.shard
}
func (k policyKey) pair() (string, string) {
	return policyPartition, fmt.Sprintf("%s%08d", policyPrefix, int(k))
}
func (currentKey) pair() (string, string) { return policyPartition, "CURRENT" }
func (k trainingKey) pair() (string, string) {
	return modelPartition, fmt.Sprintf("%s%08d", policyPrefix, int(k))
}
func (modelKey) pair() (string, string)      { return modelPartition, "CURRENT" }
func (rescoreKey) pair() (string, string)    { return modelPartition, "RESCORE" }
func (k outcomeKey) pair() (string, string)  { return outcomePrefix + k.month, k.lead }
func (k deliveryKey) pair() (string, string) { return "D#" + string(k), "D" }
func (k numberKey) pair() (string, string)   { return "NUMBER#" + strconv.Itoa(int(k)), "N" }
func (k vaultKey) pair() (string, string)    { return schema.VaultPartition, string(k) }
func (k secretKey) pair() (string, string)   { return "SECRET#" + string(k), "SECRET" }
func (k callListKey) pair() (string, string) { return "LIST#" + string(k), "LIST" }
func (k companyKey) pair() (string, string)  { return "O#" + string(k), "O" }
func (k spentKey) pair() (string, string)    { return spentPrefix + k.what, k.day }
func (k historyKey) pair() (string, string) {
	return leadPrefix + k.lead, fmt.Sprintf("%s%08d", schema.HistoryPrefix, k.version)
}

// keyAttributes is a key as DynamoDB takes it.
func keyAttributes(k key) attributes {
	pk, sk := k.pair()
	return attributes{schema.PK: text(pk), schema.SK: text(sk)}
}

// moment is fixed in width, so that moments sort as text.
const moment = "20060102T150405.000000000"

func stamp(t time.Time) string { return t.UTC().Format(moment) }

// shardOf spreads ids evenly over n partitions.
func shardOf(id string, n int) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return strconv.Itoa(int(h.Sum32() % uint32(n)))
}

// duePlace is a lead's place in the due index; empty where nothing is due.
func duePlace(l lead.Lead) (shard, at string) {
	if l.Deadline == nil {
		return "", ""
	}
	return shardOf(l.ID, schema.DueShards), stamp(l.Deadline.At) + "#" + l.ID
}

// heldPlace is a lead's place in the held index; empty where nobody has it who
// looks at a list.
func heldPlace(l lead.Lead) (holder, at string) {
	since := l.Created
	switch {
	case l.Period != nil:
		holder, since = inboxOf(l.Period.Rep), l.Period.Start
	case l.State == lead.StatePooled && l.List != "":
		holder = callListOf(l.List) + shardOf(l.ID, schema.HolderShards)
	case l.State == lead.StatePooled:
		holder = poolOf(l.Pool) + shardOf(l.ID, schema.HolderShards)
	case l.State == lead.StateUnverified:
		holder = unverified + shardOf(l.ID, schema.HolderShards)
	case l.State == lead.StateTriage, !l.Wait.IsZero():
		holder = triageOf(l.Team) + shardOf(l.ID, schema.HolderShards)
	default:
		return "", ""
	}
	return holder, strconv.Itoa(l.Grade.Rank()) + "#" + stamp(since) + "#" + l.ID
}

// quarantinePlace is a submission's place in the held index.
func quarantinePlace(s lead.Submission) (holder, at string) {
	if s.Outcome != lead.OutcomeQuarantined {
		return "", ""
	}
	return quarantine + shardOf(s.ID, schema.HolderShards), stamp(s.Received) + "#" + s.ID
}

// doubtPlace is a person's place in the held index; empty for those of whom there
// is no doubt.
func doubtPlace(p lead.Person) (holder, at string) {
	if p.Into != "" || len(p.Doubts) == 0 {
		return "", ""
	}
	return doubtful + shardOf(p.ID, schema.HolderShards), p.ID
}

// The partitions of the held index; all but an inbox are followed by a shard.
func inboxOf(rep string) string   { return "R#" + rep }
func poolOf(pool string) string   { return "P#" + pool + "#" }
func triageOf(team string) string { return "T#" + team + "#" }

func callListOf(list string) string { return "C#" + list + "#" }

const (
	quarantine = "Q#"
	unverified = "V#"
	doubtful   = "D#"
)

// dueJobs is the partition of the due index for jobs to be worked on.
const dueJobs = "J"

// idIn takes the id out of an item's partition key.
func idIn(item attributes) string {
	_, id, _ := strings.Cut(getText(item, schema.PK), "#")
	return id
}
