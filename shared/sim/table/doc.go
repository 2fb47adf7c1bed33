// Package table is an in-process model of DynamoDB for the one table that
// package dynamo designs. It knows nothing of leads: a [Model] answers requests
// as the service does, bytes in and bytes out, so that the real client runs on
// top of it. It reads no clock and no chance of its own, so a run that gives it
// both is repeatable.
//
// # What is modelled
//
// GetItem, BatchGetItem, PutItem, UpdateItem, DeleteItem, TransactWriteItems and
// Query, on the table and on its two indexes, with condition, key condition and
// update expressions, ReturnValues, idempotency tokens, pages and errors. Table
// names are not looked at. [Options.Lag] lets indexes and eventually consistent
// reads trail behind. [Options.Relax] lets conditions hold that do not, to prove
// that they are needed. [Failure] is what the service answers when it does not
// execute a request.
//
// # What is not
//
// Throughput and its limits, capacity figures, streams, purging of what has
// expired, sets, projection and filter expressions, parentheses around operands,
// what UPDATED_OLD and UPDATED_NEW return of lists, the list of reserved words
// (any name may stand without placeholder), and the order of index entries with
// the same sort key, which the service does not promise. A request that uses a
// parameter that is not modelled is refused rather than answered wrongly.
//
// # How it is known to be true
//
// Amazon's own engine is asked the same: 2,500 generated sequences of requests,
// and cases that chance seldom makes, must be answered alike; where the engine
// differs from the service, the test says how. The tests of the store run on
// both. What indexes hold, and lag, are compared with an obvious model.
package table
