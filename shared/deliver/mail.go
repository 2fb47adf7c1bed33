// Package deliver sends messages: through SES in the stack, into a folder of
// .eml files on a laptop. Whether a message may be sent, and whether it was
// sent before, is decided by its caller.
package deliver

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-message/mail"

	"sluice/shared/app"
)

// Render writes the message as RFC 5322, with its id as Message-ID so that mail
// programs recognise a repeat. Line breaks in header fields are folded away.
func Render(m app.Mail) ([]byte, error) {
	var h mail.Header
	h.SetDate(m.At)
	h.SetAddressList("From", []*mail.Address{address(m.From)})
	h.SetAddressList("To", []*mail.Address{address(m.To)})
	h.SetSubject(oneLine(m.Subject))
	_, host, _ := strings.Cut(m.From.Mail, "@")
	h.SetMessageID(m.ID + "@" + host)
	h.Set("Auto-Submitted", "auto-generated")
	h.Set("X-Sluice-Class", string(m.Class))
	if m.Class == app.Marketing {
		h.Set("List-Unsubscribe", "<mailto:"+m.From.Mail+"?subject=unsubscribe>")
	}
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

func address(a app.Address) *mail.Address {
	return &mail.Address{Name: oneLine(a.Name), Address: a.Mail}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
