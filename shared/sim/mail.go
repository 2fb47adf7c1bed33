package sim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/mail"
	"strings"
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
