package app

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"sluice/shared/identity"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// enrichedKind marks an enrichment among what the intake queue holds.
const enrichedKind = "enriched"

// enrichment is what an enricher told on its way to intake. It holds nothing
// personal.
type enrichment struct {
	Kind   string            `json:"kind"`
	Lead   string            `json:"lead"`
	By     string            `json:"by"`
	At     time.Time         `json:"at"`
	Facts  map[string]string `json:"facts,omitempty"`
	Failed string            `json:"failed,omitempty"`
}

// enriched adds what an enricher told to a lead, and to what is known of its company.
func (in *intake) enriched(ctx context.Context, body []byte) error {
	var told enrichment
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&told); err != nil || told.Lead == "" || told.By == "" {
		return malformed("of an enricher")
	}
	pol, err := in.Policy.Get(ctx)
	if err != nil {
		return err
	}
	var facts lead.Facts
	for name, value := range told.Facts {
		facts.Fill(name, value, lead.Provenance{From: told.By, At: told.At})
	}
	return in.again(func() error { return in.enrich(ctx, pol, told, facts) })
}

func (in *intake) enrich(ctx context.Context, pol *policy.Policy, told enrichment, facts lead.Facts) error {
	l, err := in.Store.Lead(ctx, told.Lead)
	if err != nil || !slices.Contains(l.Asked, told.By) {
		return err
	}
	company, learned, err := in.learned(ctx, l, facts, told.At)
	if err != nil {
		return err
	}
	private, err := openAnswers(ctx, in.Vault, l)
	if err != nil {
		return err
	}
	arriving := placing{lead: l, by: lead.System(SecretOfEnricher(told.By)), now: in.Now(), private: private, wait: true,
		command: lead.Enrich{By: told.By, Facts: facts, Failed: told.Failed}}
	return in.place.commit(ctx, pol, arriving, func(_ lead.Lead, c *lead.Change) {
		if learned {
			c.Company = &company
		}
	})
}

// learned is what is known of a lead's company after an enricher told facts.
func (in *intake) learned(ctx context.Context, l lead.Lead, facts lead.Facts, at time.Time) (lead.Company, bool, error) {
	id, err := companyOf(ctx, in.Store, in.Vault, l.Person)
	if err != nil || id == "" {
		return lead.Company{}, false, err
	}
	company, err := in.Store.Company(ctx, id)
	if err != nil {
		return company, false, err
	}
	company, learned := company.Learned(facts, at)
	company.ID, company.Version = id, company.Version+1
	return company, learned, nil
}

// companyOf is the id of the company that a person has an address of; empty where they
// have none.
func companyOf(ctx context.Context, store Leads, vault Vault, person string) (lead.Key, error) {
	p, err := personOf(ctx, store, person)
	if err != nil {
		return "", err
	}
	known, err := openDetails(ctx, vault, p)
	if err != nil {
		return "", err
	}
	site := companySite(known.Email)
	if site.Registrable == "" {
		return "", nil
	}
	return vault.Hash(ctx, companyPlain(site))
}

// companyPlain is what a company's id is the hash of.
func companyPlain(site identity.Site) string { return "domain:" + site.Registrable }
