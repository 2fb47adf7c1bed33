package desk

import (
	"errors"
	"strings"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// answerPrefix stands before the names of a form's own questions, apart from ours.
const answerPrefix = "answer."

// verifyInputs are the fields by which a lead from a list is verified, with what is
// known so far.
func verifyInputs(v visit, l app.LeadView) []input {
	known := l.Contact
	if known == nil {
		known = &app.Contact{}
	}
	var fields []input
	for _, f := range []struct{ name, typed, value string }{
		{"name", "text", known.Name}, {"phone", "tel", known.Phone}, {"email", "email", known.Email}, {"company", "text", known.Company},
		{"city", "text", l.City}, {"country", "text", l.Country}, {"industry", "text", l.Industry}, {"headcount", "text", l.Headcount},
	} {
		fields = append(fields, input{Name: f.name, Kind: "line", Type: f.typed, Value: f.value, Half: true, Max: 200})
	}
	fields = append(fields, input{Name: "note", Kind: "text", Hint: v.view.T("hint.need")})
	for _, q := range l.Questions {
		field := input{Name: answerPrefix + q.Name, Label: q.Label, Kind: "line", Type: "text", Half: true, Extra: true}
		switch {
		case len(q.Choices) > 0:
			field.Kind = "choice"
			for _, c := range q.Choices {
				field.Choices = append(field.Choices, choice{Value: c, Label: c})
			}
		case q.Long:
			field.Kind, field.Half = "text", false
		}
		fields = append(fields, field)
	}
	return fields
}

// verification reads the form of a verification.
func (d *desk) verification(v visit, on app.Target) (app.LeadView, error) {
	form := v.r.PostFormValue
	in := app.Verification{Name: form("name"), Phone: form("phone"), Email: form("email"), Company: form("company"), City: form("city"),
		Country: form("country"), Industry: form("industry"), Headcount: form("headcount"), Note: form("note"), Answers: map[string]string{}}
	for name := range v.r.PostForm {
		if asked, ok := strings.CutPrefix(name, answerPrefix); ok && form(name) != "" {
			in.Answers[asked] = form(name)
		}
	}
	after, err := d.app.Verify(v.r.Context(), v.user, on, in)
	var e *lead.Error
	if errors.As(err, &e) {
		if _, asked := in.Answers[e.Field]; asked {
			err = atField(err, answerPrefix+e.Field, e.Field)
		}
	}
	return after, err
}
