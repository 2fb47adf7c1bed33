package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// operation answers one call; the context carries the base of queue URLs.
type operation func(ctx context.Context, body []byte) (any, error)

// on binds a typed operation to the wire.
func on[In, Out any](op func(context.Context, *In) (Out, error)) operation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if err := json.Unmarshal(body, in); err != nil {
			return nil, &fault{"SerializationException", "The request is not the JSON this operation takes."}
		}
		return op(ctx, in)
	}
}

func (s *SQS) operations() map[string]operation {
	return map[string]operation{
		"CreateQueue":        on(s.createQueue),
		"GetQueueUrl":        on(s.getQueueURL),
		"GetQueueAttributes": on(s.getQueueAttributes),
		"SetQueueAttributes": on(s.setQueueAttributes),
		"ListQueues":         on(s.listQueues),
		"DeleteQueue":        on(s.deleteQueue),
		"PurgeQueue":         on(s.purgeQueue),

		"SendMessage":                  on(s.sendMessage),
		"SendMessageBatch":             on(s.sendMessageBatch),
		"ReceiveMessage":               on(s.receiveMessage),
		"DeleteMessage":                on(s.deleteMessage),
		"DeleteMessageBatch":           on(s.deleteMessageBatch),
		"ChangeMessageVisibility":      on(s.changeVisibility),
		"ChangeMessageVisibilityBatch": on(s.changeVisibilityBatch),

		"StartMessageMoveTask": on(s.startMoveTask),
		"ListMessageMoveTasks": on(s.listMoveTasks),
	}
}

// ServeHTTP answers AWS JSON 1.0 calls, named by X-Amz-Target: AmazonSQS.Name.
func (s *SQS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	s.serve(w, r, body)
}

func (s *SQS) serve(w http.ResponseWriter, r *http.Request, body []byte) {
	name, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	op, known := s.ops[name]
	if !known {
		writeFault(w, &fault{"UnknownOperationException", fmt.Sprintf("The operation %q is not part of this local SQS.", name)})
		return
	}
	out, err := op(withBase(r.Context(), "http://"+r.Host), body)
	if err != nil {
		writeFault(w, err)
		return
	}
	writeJSON(w, http.StatusOK, out)
}

type baseKey struct{}

func withBase(ctx context.Context, base string) context.Context {
	return context.WithValue(ctx, baseKey{}, base)
}

// queueURL is the queue's address as the caller sees the edge.
func queueURL(ctx context.Context, name string) string {
	base, _ := ctx.Value(baseKey{}).(string)
	return base + "/" + Account + "/" + name
}

// fault is an error of the protocol: its code, as the SDK knows the type, and
// a sentence for people.
type fault struct{ code, message string }

func (f *fault) Error() string { return f.code + ": " + f.message }

// queryFault tells the name that a code had in the older query protocol, which
// SDKs report as the error's code, and its status. Source: the trait
// aws.protocols#awsQueryError in the service's model.
func queryFault(code string) (query string, status int) {
	switch code {
	case "QueueDoesNotExist":
		return "AWS.SimpleQueueService.NonExistentQueue", http.StatusBadRequest
	case "QueueNameExists":
		return "QueueAlreadyExists", http.StatusBadRequest
	case "ReceiptHandleIsInvalid", "ResourceNotFoundException":
		return code, http.StatusNotFound
	case "BatchEntryIdsNotDistinct", "BatchRequestTooLong", "EmptyBatchRequest", "InvalidBatchEntryId",
		"MessageNotInflight", "TooManyEntriesInBatchRequest", "UnsupportedOperation":
		return "AWS.SimpleQueueService." + code, http.StatusBadRequest
	case "InternalError":
		return code, http.StatusInternalServerError
	case "ServiceUnavailable":
		return code, http.StatusServiceUnavailable
	default:
		return code, http.StatusBadRequest
	}
}

// asFault turns any error into one of the protocol. What is not a fault is
// the journal's; it is told whole, the caller being on this machine.
func asFault(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	return &fault{"InternalError", err.Error()}
}

func writeFault(w http.ResponseWriter, err error) {
	f := asFault(err)
	query, status := queryFault(f.code)
	blame := "Sender"
	if status >= http.StatusInternalServerError {
		blame = "Receiver"
	}
	w.Header().Set("X-Amzn-Query-Error", query+";"+blame)
	writeJSON(w, status, map[string]string{"__type": "com.amazonaws.sqs#" + f.code, "message": f.message})
}

func writeJSON(w http.ResponseWriter, status int, out any) {
	var buf bytes.Buffer
	code := json.NewEncoder(&buf)
	code.SetEscapeHTML(false)
	if err := code.Encode(out); err != nil {
		http.Error(w, "encode answer: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-Requestid", newID())
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // a caller that hung up needs no answer
}

// MaxBodyBytes is the largest request taken: DynamoDB's own limit of 16 MB for
// a batch, in JSON with its binary values in base64, stays below it.
const MaxBodyBytes = 32 << 20

// readBody reads a request whole, or answers 413 or 400 itself.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	var buf bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= MaxBodyBytes {
		buf.Grow(int(n) + bytes.MinRead)
	}
	_, err := io.Copy(&buf, http.MaxBytesReader(w, r.Body, MaxBodyBytes))
	if err == nil {
		return buf.Bytes(), true
	}
	status, code := http.StatusBadRequest, "SerializationException"
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		status, code = http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException"
	}
	writeJSON(w, status, map[string]string{"__type": code, "message": "read request: " + err.Error()})
	return nil, false
}
