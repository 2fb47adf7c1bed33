package sim

import (
	"context"
	"encoding/json"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/match"
)

// enquiries is the model by which enquiries are compared with persons.
var enquiries = match.Enquiries()

// alike compares two persons as their items have them, past all faults: the checker
// judges merges by it.
func (w *World) alike(a, b string) (probability float64, merge bool) {
	seen := enquiries.Compare(enquiries.Prepare(w.valuesOf(a)), enquiries.Prepare(w.valuesOf(b)), 1)
	return seen.Probability, seen.Merge
}

// valuesOf are a person's details in the order in which they are compared.
func (w *World) valuesOf(doc string) []string {
	at := w.current
	w.current = nil // no process of the system asks
	defer func() { w.current = at }()
	var p lead.Person
	if json.Unmarshal([]byte(doc), &p) != nil {
		return nil
	}
	c, err := app.OpenContact(context.Background(), w.vault, p)
	if err != nil {
		return nil
	}
	return []string{c.Name, c.Company, c.Email, c.Phone, p.City, p.Country}
}
