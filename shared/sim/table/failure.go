package table

import "strings"

// Kind is a kind of failure that the service answers with without executing a
// request.
type Kind byte

// The kinds of failures.
const (
	Throttled Kind = iota + 1 // more requests than the table takes
	Conflict                  // another transaction is at the same items
	Internal                  // an error of the service, status 500
)

// Failure is the service's answer to a request that it does not execute: status
// and body. A transaction that is throttled or in conflict is cancelled with a
// reason for each of its writes, all but the first one None. Reads have no
// conflicts: they are throttled.
func Failure(kind Kind, target string, body []byte) (status int, answer []byte) {
	_, operation, _ := strings.Cut(target, ".")
	f := &fault{code: throttled, message: "The level of configured provisioned throughput for the table was exceeded"}
	switch {
	case kind == Internal:
		f = &fault{code: internal, message: "Internal server error"}
	case operation == "TransactWriteItems":
		r := reason{code: "ThrottlingError", message: "Throughput exceeds the current capacity of your table or index"}
		if kind == Conflict {
			r = reason{code: reasonConflict, message: "Transaction is ongoing for the item"}
		}
		f = cancel(rejected(r, body))
	case kind == Conflict && (operation == "PutItem" || operation == "UpdateItem" || operation == "DeleteItem"):
		f = &fault{code: conflict, message: "Transaction is ongoing for the item"}
	}
	return f.status(), f.answer()
}

// rejected gives the first write of a transaction a reason.
func rejected(first reason, body []byte) []reason {
	m := &Model{}
	m.readTransaction(&reader{in: body})
	reasons := make([]reason, max(1, len(m.many)))
	for i := range reasons {
		reasons[i].code = reasonNone
	}
	reasons[0] = first
	return reasons
}
