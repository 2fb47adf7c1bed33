package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"sluice/shared/identity"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Asker asks services outside; package deliver implements it.
type Asker interface {
	// Ask posts a question and returns the answer's body, JSON of bounded length. An
	// error of kind NotFound says that nothing is known, one of kind Invalid is for
	// good, any other may be over later. None holds anything of the question or the
	// answer but its status.
	Ask(ctx context.Context, q Question) ([]byte, error)
}

// Question is what a service outside is asked.
type Question struct {
	Webhook               // signed where there are secrets
	Timeout time.Duration // of the whole
}

// SecretOfEnricher names the secrets that the house shares with an enricher.
func SecretOfEnricher(id string) string { return "enricher/" + id }

// Why an enricher told nothing.
const (
	failedGone    = "no longer in the policy"
	failedClosed  = "the lead is closed"
	failedKnown   = "nothing is missing"
	failedNothing = "nothing to ask it by"
	failedPeace   = "left in peace after it failed"
	failedBudget  = "the day's budget is spent"
	failedAnswer  = "no usable answer"
)

// ask has an enricher asked for what is not known of a lead, and tells intake what it
// said: it alone writes.
func (d *delivery) ask(ctx context.Context, n Notice, now time.Time) error {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return err
	}
	l, err := d.Store.Lead(ctx, n.Lead)
	if err != nil || !slices.Contains(l.Asked, n.To) {
		return err
	}
	told := enrichment{Kind: enrichedKind, Lead: l.ID, By: n.To, At: now.UTC()}
	if told.Facts, told.Failed, err = d.question(ctx, pol, n, l, now); err != nil {
		return err
	}
	d.Log.InfoContext(ctx, "enrich", "outcome", cmp.Or(told.Failed, "told"), "enricher", n.To, "lead", l.ID, "facts", len(told.Facts))
	return send(ctx, d.Intake, told)
}

// question asks, and returns the facts, or why there are none.
func (d *delivery) question(ctx context.Context, pol *policy.Directory, n Notice, l lead.Lead, now time.Time) (map[string]string, string, error) {
	e, ok := pol.Enricher(n.To)
	switch {
	case !ok:
		return nil, failedGone, nil
	case !l.State.Open():
		return nil, failedClosed, nil
	case !e.Tells(l.Facts):
		return nil, failedKnown, nil
	}
	person, err := personOf(ctx, d.Store, l.Person)
	if err != nil {
		return nil, "", err
	}
	known, err := openDetails(ctx, d.Vault, person)
	if err != nil {
		return nil, "", err
	}
	asked := sendable(known, e.Send)
	if len(asked) == 0 || !person.OptOut.IsZero() {
		return nil, failedNothing, nil
	}
	secrets, err := ReadSecrets(ctx, d.Store, d.Vault, SecretOfEnricher(e.ID))
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return nil, "", err
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, "", fmt.Errorf("encode question: %w", err)
	}
	if !d.breakers.ready(e, now) {
		return nil, failedPeace, nil
	}
	left := e.Daily > 0
	if left {
		if left, err = d.Store.Spend(ctx, SecretOfEnricher(e.ID), now.UTC().Format(time.DateOnly), e.Daily); err != nil {
			return nil, "", err
		}
	}
	if !left {
		return nil, failedBudget, nil
	}
	answer, err := d.Asker.Ask(ctx, Question{Timeout: e.Timeout,
		Webhook: Webhook{ID: n.ID(), URL: e.URL, At: now, Body: body, Secrets: secrets}})
	var facts map[string]string
	switch {
	case err == nil:
		facts, err = readAnswer(answer, e.Facts)
	case lead.KindOf(err) == lead.NotFound:
		err = nil
	case ctx.Err() != nil: // it is our time that is up
		return nil, "", err
	}
	d.breakers.told(e, err == nil, d.Now())
	if err != nil {
		d.Log.WarnContext(ctx, "enrich", "outcome", "failed", "enricher", e.ID, "lead", l.ID, "error", err.Error())
		return nil, failedAnswer, nil
	}
	maps.DeleteFunc(facts, func(_, value string) bool { return known.told(value) })
	return facts, "", nil
}

// sendable are the details that an enricher is told; none where one of them is
// missing that it is asked by.
func sendable(d details, wanted []string) map[string]string {
	told := map[string]string{}
	for _, what := range wanted {
		value := ""
		switch what {
		case policy.SendDomain:
			value = companySite(d.Email).Registrable
		case policy.SendCompany:
			value = d.Company
		case policy.SendCountry:
			value = d.Country
		case policy.SendCity:
			value = d.City
		case policy.SendEmail:
			value = d.Email
		case policy.SendPhone:
			value = d.Phone
		}
		if value == "" {
			return nil
		}
		told[what] = value
	}
	return told
}

// companySite is the site of a company's address; empty for that of a provider.
func companySite(address string) identity.Site {
	email, err := identity.Email(address)
	if err != nil {
		return identity.Site{}
	}
	return siteOf(email, identity.Mailbox(email))
}

func siteOf(email identity.Address, box identity.MailFacts) identity.Site {
	if box.Free || box.Disposable || box.Undeliverable {
		return identity.Site{}
	}
	return identity.Domain(email.Domain)
}
