// Package deliver sends messages: through SES in the stack, into a folder of
// .eml files on a laptop. Whether a message may be sent, and whether it was
// sent before, is decided by its caller.
package deliver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message/mail"
)

// Mail is one message to one person. ID names it for ever: sending it again
// with the same id is the same message, not a second one.
type Mail struct {
	ID       string
	At       time.Time
	From, To mail.Address
	Subject  string
	Text     string // UTF-8, lines ended by \n
	Class    Class
}

// Class says what a message is for. The contact budget depends on it.
type Class string

// The classes.
const (
	Internal      Class = "internal"      // to the company's own people
	Transactional Class = "transactional" // answers something a person did
)

// Sender sends a message; an error means that it may not have been sent.
type Sender interface {
	Send(context.Context, Mail) error
}

// Render writes the message as RFC 5322, with its id as Message-ID so that mail
// programs recognise a repeat. Line breaks in header fields are folded away.
func Render(m Mail) ([]byte, error) {
	var h mail.Header
	h.SetDate(m.At)
	h.SetAddressList("From", []*mail.Address{&m.From})
	h.SetAddressList("To", []*mail.Address{&m.To})
	h.SetSubject(oneLine(m.Subject))
	_, host, _ := strings.Cut(m.From.Address, "@")
	h.SetMessageID(m.ID + "@" + host)
	h.Set("Auto-Submitted", "auto-generated")
	h.Set("X-Sluice-Class", string(m.Class))
	h.SetContentType("text/plain", map[string]string{"charset": "utf-8"})

	var out bytes.Buffer
	w, err := mail.CreateSingleInlineWriter(&out, h)
	if err != nil {
		return nil, fmt.Errorf("render message %s: %w", m.ID, err)
	}
	if _, err := io.WriteString(w, m.Text); err != nil {
		return nil, fmt.Errorf("render message %s: %w", m.ID, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("render message %s: %w", m.ID, err)
	}
	return out.Bytes(), nil
}

// Address makes a mail address; the name may hold anything.
func Address(name, address string) mail.Address {
	return mail.Address{Name: oneLine(name), Address: address}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
