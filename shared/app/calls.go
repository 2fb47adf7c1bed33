package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/webhook"
)

// Webhook is a message to a system outside, to be signed with each of the secrets.
type Webhook struct {
	ID      string // the same for every attempt
	URL     string
	At      time.Time // of the attempt
	Body    []byte    // JSON
	Secrets []webhook.Secret
}

// Caller posts webhooks; package deliver implements it.
type Caller interface {
	// Call returns once the receiver has taken the message. An error of kind Invalid
	// is for good, any other may be over later.
	Call(ctx context.Context, w Webhook) error
}

// SecretOfList names the secrets that the house shares with the vendor of a call
// list.
func SecretOfList(list string) string { return "calls/" + list }

// ReadSecrets opens what is shared with a system outside, the newest first;
// NotFound where there is nothing.
func ReadSecrets(ctx context.Context, store Secrets, vault Vault, name string) ([]webhook.Secret, error) {
	sealed, err := store.Secret(ctx, name)
	if err != nil {
		return nil, err
	}
	plain, err := vault.Open(ctx, placeSecret(name), sealed)
	if err != nil {
		return nil, err
	}
	var secrets []webhook.Secret
	for text := range strings.FieldsSeq(string(plain)) {
		s, err := webhook.ParseSecret(text)
		if err != nil {
			return nil, &lead.Error{Kind: lead.Unavailable, Text: "a stored secret cannot be read", Cause: err}
		}
		secrets = append(secrets, s)
	}
	return secrets, nil
}

// KeepSecrets seals and keeps what is shared with a system outside, the newest
// first, in the place of what was.
func KeepSecrets(ctx context.Context, store Secrets, vault Vault, name string, secrets ...webhook.Secret) error {
	var texts []string
	for _, s := range secrets {
		texts = append(texts, s.Text())
	}
	sealed, err := vault.Seal(ctx, placeSecret(name), []byte(strings.Join(texts, " ")))
	if err != nil {
		return err
	}
	return store.PutSecret(ctx, name, sealed)
}

// callRecorder records what came of calls, whoever made them.
type callRecorder struct {
	store Store
	vault Vault
	place *placer
}

// callMade is one call and who tells of it.
type callMade struct {
	lead string
	by   lead.Actor
	now  time.Time
	call lead.Call
}

// record commits what came of a call: a customer who is interested is routed, and
// one who does not want to be called is opted out, in the same transaction. The lead
// is as it is then; fresh is false for a call that was told before.
func (r *callRecorder) record(ctx context.Context, pol *policy.Policy, m callMade) (after lead.Lead, fresh bool, err error) {
	quicker := 0 // others with the rep that was chosen
	for range commitAttempts {
		l, err := r.store.Lead(ctx, m.lead)
		if err != nil {
			return l, false, err
		}
		after, entry, err := lead.Run(l, m.by, pol.Rules(l.Team), m.now, m.call)
		if err != nil || len(entry.Events) == 0 {
			return l, false, err
		}
		person, err := r.optedOut(ctx, l, m)
		if err != nil {
			return l, false, err
		}
		if after.State == lead.StateRouting && l.State != lead.StateRouting {
			after, err = r.route(ctx, pol, l, person, m, quicker)
		} else {
			change := lead.NewChange(after, entry)
			change.Person = person
			err = r.store.Commit(ctx, change)
		}
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return after, err == nil, err
		}
		if len(refused.Reps) > 0 {
			quicker++
		}
	}
	return lead.Lead{}, false, lead.Errorf(lead.Unavailable, "the outcome met others at the same moment: try again")
}

// route commits the call and gives the lead to somebody.
func (r *callRecorder) route(ctx context.Context, pol *policy.Policy, l lead.Lead, person *lead.Person, m callMade, quicker int) (after lead.Lead, err error) {
	private, err := openAnswers(ctx, r.vault, l)
	if err != nil {
		return l, err
	}
	called := placing{lead: l, by: m.by, now: m.now, command: m.call, private: private, wait: quicker >= commitAttempts/2, refused: quicker}
	err = r.place.commit(ctx, pol, called, func(then lead.Lead, c *lead.Change) { after, c.Person = then, person })
	if err != nil && lead.KindOf(err) != lead.Unavailable { // nothing that the call is to blame for
		err = &lead.Error{Kind: lead.Unavailable, Text: "the lead cannot be given to anybody now: try again", Cause: err}
	}
	return after, err
}

// optedOut is the person of a lead who does not want to be called any more, to be
// written; nil where that is not so or is known.
func (r *callRecorder) optedOut(ctx context.Context, l lead.Lead, m callMade) (*lead.Person, error) {
	if m.call.Outcome != lead.DoNotCall {
		return nil, nil
	}
	person, err := personOf(ctx, r.store, l.Person)
	if err != nil || person.OptedOut() {
		return nil, err
	}
	person = person.Clone()
	person.Version++
	person.OptOut = m.now.UTC()
	return &person, nil
}
