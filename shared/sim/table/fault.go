package table

import (
	"fmt"
	"net/http"
)

// fault is an answer that is an error.
type fault struct {
	code    string // the type without its namespace
	message string
	item    *stored  // of a failed condition, where its image was asked for
	reasons []reason // of a cancelled transaction, one for each of its writes
	ofWrite bool     // in a transaction, it is a reason of one write
}

// reason says what became of one write of a cancelled transaction.
type reason struct {
	code    string
	message string
	item    *stored
}

// Codes of faults and of reasons.
const (
	validation       = "ValidationException"
	serialization    = "SerializationException"
	conditionFailed  = "ConditionalCheckFailedException"
	cancelled        = "TransactionCanceledException"
	conflict         = "TransactionConflictException"
	throttled        = "ProvisionedThroughputExceededException"
	internal         = "InternalServerError"
	tokenMismatch    = "IdempotentParameterMismatchException"
	unknownOperation = "UnknownOperationException"

	reasonNone       = "None"
	reasonCondition  = "ConditionalCheckFailed"
	reasonValidation = "ValidationError"
	reasonConflict   = "TransactionConflict"
)

func invalid(format string, args ...any) *fault {
	return &fault{code: validation, message: fmt.Sprintf(format, args...)}
}

func (f *fault) status() int {
	if f.code == internal {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// answer is the error as the service writes it.
func (f *fault) answer() []byte {
	space, message := "com.amazonaws.dynamodb.v20120810", "message"
	switch f.code {
	case validation, unknownOperation:
		space = "com.amazon.coral.validate"
	case serialization:
		space = "com.amazon.coral.service"
	case cancelled:
		message = "Message"
	}
	out := append([]byte(nil), `{"__type":"`...)
	out = append(append(append(out, space...), '#'), f.code...)
	out = append(append(append(out, `","`...), message...), `":`...)
	out = appendText(out, f.message)
	if f.item != nil {
		out = append(append(out, `,"Item":`...), f.item.image...)
	}
	if f.reasons != nil {
		out = append(out, `,"CancellationReasons":[`...)
		for i, r := range f.reasons {
			if i > 0 {
				out = append(out, ',')
			}
			out = r.append(out)
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

func (r reason) append(out []byte) []byte {
	out = append(out, `{"Code":`...)
	out = appendText(out, r.code)
	if r.message != "" {
		out = append(out, `,"Message":`...)
		out = appendText(out, r.message)
	}
	if r.item != nil {
		out = append(append(out, `,"Item":`...), r.item.image...)
	}
	return append(out, '}')
}

// cancel makes one fault of the reasons.
func cancel(reasons []reason) *fault {
	message := "Transaction cancelled, please refer cancellation reasons for specific reasons ["
	for i, r := range reasons {
		if i > 0 {
			message += ", "
		}
		message += r.code
	}
	return &fault{code: cancelled, message: message + "]", reasons: reasons}
}
