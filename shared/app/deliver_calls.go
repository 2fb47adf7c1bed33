package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sluice/shared/lead"
)

// callRequested is the webhook that asks a vendor to call somebody.
type callRequested struct {
	Type     string    `json:"type"`      // call.requested
	At       time.Time `json:"timestamp"` // when the lead was put on the list
	ID       string    `json:"id"`        // of the request, as in the header webhook-id
	List     string    `json:"list"`
	Lead     string    `json:"lead"` // to be told again with what came of it
	Number   string    `json:"number,omitempty"`
	Phone    string    `json:"phone"` // E.164
	Name     string    `json:"name,omitempty"`
	Language string    `json:"language,omitempty"` // BCP 47
	Product  string    `json:"product"`
	From     time.Time `json:"from"`         // not before: the quiet hours of where the person is
	Due      time.Time `json:"due,omitzero"` // not after: then the lead leaves the list
}

// requestCall hands a lead to the vendor of the call list that it is on, unless it
// has left the list since or there is nobody to be called. A vendor who refuses it for
// good is not asked again: the lead goes back to its pool's members after a while.
func (d *delivery) requestCall(ctx context.Context, n Notice, now time.Time) error {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return err
	}
	list, _ := pol.List(n.To)
	l, err := d.Store.Lead(ctx, n.Lead)
	if err != nil || list.URL == "" || l.State != lead.StatePooled || l.List != n.To {
		return err
	}
	person, err := personOf(ctx, d.Store, l.Person)
	if err != nil {
		return err
	}
	contact, err := OpenContact(ctx, d.Vault, person)
	if err != nil || contact.Phone == "" || !person.OptOut.IsZero() {
		return err
	}
	secrets, err := ReadSecrets(ctx, d.Store, d.Vault, SecretOfList(n.To))
	if err != nil && lead.KindOf(err) == lead.NotFound {
		return lead.Errorf(lead.Unavailable, "call list %s has no secret to sign with: set one with `sluice secret set %s`", n.To, SecretOfList(n.To))
	} else if err != nil {
		return err
	}
	request := callRequested{Type: "call.requested", At: l.Looked.UTC(), ID: n.ID(), List: n.To, Lead: l.ID, Number: l.Number,
		Phone: contact.Phone, Name: contact.Name, Language: l.Facts.Language, Product: l.Product, From: now.UTC()}
	if quiet := pol.Rules(l.Team).Quiet; quiet != nil {
		request.From = quiet.Until(now, l.Facts.Country).UTC()
	}
	if l.Deadline != nil {
		request.Due = l.Deadline.At.UTC()
	}
	body, err := json.Marshal(request)
	if err != nil {
		return fmt.Errorf("encode request of a call: %w", err)
	}
	err = d.Caller.Call(ctx, Webhook{ID: n.ID(), URL: list.URL, At: now, Body: body, Secrets: secrets})
	if err != nil && lead.KindOf(err) == lead.Invalid {
		d.Log.ErrorContext(ctx, "call", "outcome", "refused by the vendor", "list", n.To, "lead", l.ID, "error", err.Error())
		return nil
	}
	return err
}
