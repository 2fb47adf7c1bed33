package app

import (
	"encoding/json"
	"net/http"

	"sluice/shared/form"
)

// refuseProgram answers a program with what is wrong as a problem document (RFC 9457):
// the first problem as its detail, all of them as its errors.
func refuseProgram(w http.ResponseWriter, status int, problems []form.Problem) error {
	doc := struct {
		Type   string         `json:"type"`
		Title  string         `json:"title"`
		Status int            `json:"status"`
		Detail string         `json:"detail,omitempty"`
		Field  string         `json:"field,omitempty"`
		Errors []form.Problem `json:"errors"`
	}{Type: "about:blank", Title: http.StatusText(status), Status: status, Errors: problems}
	if len(problems) > 0 {
		doc.Detail, doc.Field = problems[0].Message, problems[0].Field
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, err = w.Write(data)
	return err
}
