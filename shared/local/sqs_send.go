package local

import (
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// attribute is a message attribute as it stands on the wire.
type attribute struct {
	DataType    string // String, Number or Binary, with an optional ".label"
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

// sendEntry is what a single send and an entry of a batch have in common.
type sendEntry struct {
	Id                string
	MessageBody       string
	DelaySeconds      *int
	MessageAttributes map[string]attribute
}

type sendIn struct {
	QueueUrl string
	sendEntry
}

type sendOut struct {
	MessageId              string
	MD5OfMessageBody       string
	MD5OfMessageAttributes string `json:",omitempty"`
}

func (s *SQS) sendMessage(_ context.Context, in *sendIn) (sendOut, error) {
	if err := s.lock(); err != nil {
		return sendOut{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return sendOut{}, err
	}
	now := s.opts.Now()
	m, err := s.newMessage(q, in.sendEntry, now)
	if err != nil {
		return sendOut{}, err
	}
	if err := s.accept(q, now, m); err != nil {
		return sendOut{}, err
	}
	return m.sent(), nil
}

// newMessage checks what is sent.
func (s *SQS) newMessage(q *queue, in sendEntry, now time.Time) (*message, error) {
	delay := q.set.delay
	if in.DelaySeconds != nil {
		most := numericAttributes()["DelaySeconds"].most
		if *in.DelaySeconds < 0 || *in.DelaySeconds > most {
			return nil, invalidParameter("DelaySeconds", fmt.Sprintf("must be from 0 to %d", most))
		}
		delay = time.Duration(*in.DelaySeconds) * time.Second
	}
	switch size := in.size(); {
	case in.MessageBody == "":
		return nil, &fault{"MissingParameter", "The request must contain the parameter MessageBody."}
	case size > q.set.maxBytes:
		return nil, invalidParameter("MessageBody", fmt.Sprintf("message must be shorter than %d bytes", q.set.maxBytes))
	case !allowedText(in.MessageBody):
		return nil, &fault{"InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF."}
	}
	if err := checkAttributes(in.MessageAttributes); err != nil {
		return nil, err
	}
	return &message{
		ID: s.opts.NewID(), Body: in.MessageBody, Attributes: in.MessageAttributes,
		Sent: now.UnixMilli(), Delay: delay.Milliseconds(), place: visible,
	}, nil
}

// accept makes messages durable, then known.
func (s *SQS) accept(q *queue, now time.Time, messages ...*message) error {
	entries := make([]entry, len(messages))
	for i, m := range messages {
		entries[i].Send = m
	}
	if err := q.journal.append(entries...); err != nil {
		return err
	}
	for _, m := range messages {
		q.add(m, now.Add(time.Duration(m.Delay)*time.Millisecond), now)
	}
	s.compact(q)
	return nil
}

func (m *message) sent() sendOut {
	return sendOut{MessageId: m.ID, MD5OfMessageBody: md5Hex(m.Body), MD5OfMessageAttributes: md5OfAttributes(m.Attributes)}
}

// size counts as AWS does: body, and each attribute's name, type and value.
func (in *sendEntry) size() int {
	n := len(in.MessageBody)
	for name, a := range in.MessageAttributes {
		n += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return n
}

// allowedText: the characters that XML 1.0 allows.
func allowedText(s string) bool {
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			if _, width := utf8.DecodeRuneInString(s[i:]); width == 1 {
				return false
			}
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r == 0xFFFE, r == 0xFFFF:
			return false
		}
	}
	return true
}

// maxAttributes a message may carry. Source: SQS message quotas.
const maxAttributes = 10

var attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

func checkAttributes(attributes map[string]attribute) error {
	if len(attributes) > maxAttributes {
		return invalidParameter("MessageAttributes", fmt.Sprintf("at most %d are allowed", maxAttributes))
	}
	for name, a := range attributes {
		kind, _, _ := strings.Cut(a.DataType, ".")
		empty := a.StringValue == ""
		if kind == "Binary" {
			empty = len(a.BinaryValue) == 0
		}
		switch {
		case len(name) > 256 || !attributeName.MatchString(name):
			return invalidParameter("MessageAttributes", "the name "+name+" is not allowed")
		case kind != "String" && kind != "Number" && kind != "Binary":
			return invalidParameter("MessageAttributes", "the type of "+name+" must be String, Number or Binary")
		case empty:
			return invalidParameter("MessageAttributes", name+" must contain a non-empty value of its type")
		case !allowedText(a.StringValue):
			return invalidParameter("MessageAttributes", name+" has characters that are not allowed")
		}
	}
	return nil
}

func invalidParameter(name, why string) error {
	return &fault{"InvalidParameterValue", "Value for parameter " + name + " is invalid. Reason: " + why + "."}
}

func md5Hex(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}

// md5OfAttributes is the digest that SDKs compare: over the attributes in
// order of name, each as length and text of name and type, a byte for the kind
// of value, length and value. Source: SQS Developer Guide, "Calculating the
// MD5 message digest for message attributes".
func md5OfAttributes(attributes map[string]attribute) string {
	if len(attributes) == 0 {
		return ""
	}
	const text, binaryKind = 1, 2
	h := md5.New()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		hashPart(h, name)
		hashPart(h, a.DataType)
		if strings.HasPrefix(a.DataType, "Binary") {
			h.Write([]byte{binaryKind})
			hashPart(h, string(a.BinaryValue))
		} else {
			h.Write([]byte{text})
			hashPart(h, a.StringValue)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashPart(h hash.Hash, part string) {
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
	_, _ = io.WriteString(h, part)
}
