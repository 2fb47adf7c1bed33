package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/mail"
	"strings"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/schema"
)

// mailPath is where SES takes messages.
const mailPath = "/v2/email/outbound-emails"

// sendMail answers SendEmail.
func (w *World) sendMail(body []byte) (int, []byte) {
	var in struct {
		Content     struct{ Raw struct{ Data []byte } }
		Destination struct{ ToAddresses []string }
	}
	bad := []byte(`{"__type":"BadRequestException","message":"not a message"}`)
	if err := json.Unmarshal(body, &in); err != nil || len(in.Destination.ToAddresses) != 1 {
		return http.StatusBadRequest, bad
	}
	m, err := mail.ReadMessage(bytes.NewReader(in.Content.Raw.Data))
	if err != nil {
		return http.StatusBadRequest, bad
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(m.Header.Get("Message-Id"), "<"), "@")
	w.mails++
	w.checker.mailed(id, in.Destination.ToAddresses[0], in.Content.Raw.Data, w.current == nil || w.current.faulty)
	return http.StatusOK, []byte(`{"MessageId":"taken"}`)
}

// answersOf are a lead's sensitive answers, read past all faults.
func (w *World) answersOf(l lead.Lead) map[string]any {
	if len(l.Private) == 0 {
		return nil
	}
	at := w.current
	w.current = nil // no process of the system asks
	defer func() { w.current = at }()
	plain, err := w.vault.Open(context.Background(), "lead/"+l.ID+"/private", l.Private)
	var answers map[string]any
	if err != nil || json.Unmarshal(plain, &answers) != nil {
		return nil
	}
	return answers
}

// mailOf is a person's e-mail address, read past all faults: the checker compares
// with it. Empty is none.
func (w *World) mailOf(person string) string {
	at := w.current
	w.current = nil // no process of the system asks
	defer func() { w.current = at }()
	item, _ := w.table.Get("P#"+person, "P")
	var p lead.Person
	if json.Unmarshal([]byte(item.Text(schema.Doc)), &p) != nil {
		return ""
	}
	contact, err := app.OpenContact(context.Background(), w.vault, p)
	if err != nil {
		return ""
	}
	return contact.Email
}
