package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/trigger"
)

// IntakePorts are what intake works with.
type IntakePorts struct {
	Ports
	Store  Store
	Vault  Vault
	Policy *Current
}

// Intake turns each queued submission into a lead, a touch on one, or a
// quarantined submission, and records what came of calls: one transaction each.
func Intake(p IntakePorts) lambda.Handler {
	in := &intake{IntakePorts: p, place: newPlacer(p.Store), numbers: &Numbering{Store: p.Store}}
	in.calls = &callRecorder{store: p.Store, vault: p.Vault, place: in.place}
	return trigger.SQS(p.Log, func(ctx context.Context, m trigger.Message) error {
		return in.take(ctx, m.Body)
	})
}

type intake struct {
	IntakePorts
	place   *placer
	numbers *Numbering
	calls   *callRecorder
}

// commitAttempts bounds how often one message is decided anew after a refused
// transaction, before the queue brings it back.
const commitAttempts = 12

// take ends one submission. A message that is no envelope is an error for ever
// and goes to the dead letters; everything else has an outcome.
func (in *intake) take(ctx context.Context, body []byte) error {
	env, err := decodeEnvelope(body)
	if err != nil {
		return err
	}
	if env.Kind == callKind {
		return in.reported(ctx, body)
	}
	now := in.Now()
	pol, err := in.Policy.Get(ctx)
	if err != nil {
		return err
	}
	arrival, err := in.read(ctx, pol, env)
	if err != nil {
		if lead.KindOf(err) != lead.Invalid {
			return err
		}
		return in.quarantine(ctx, pol, env, reasonOf(err))
	}
	return in.settle(ctx, pol, arrival, now)
}

// settle commits the arrival, deciding anew on what stood in the way.
func (in *intake) settle(ctx context.Context, pol *policy.Policy, a arrival, now time.Time) error {
	var known known
	quicker := 0 // others with the rep that was chosen
	for range commitAttempts {
		err := in.attempt(ctx, pol, a, known, now, quicker)
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return err
		}
		switch {
		case refused.Submission != nil: // delivered twice: it has its outcome
			return nil
		case refused.Idem != "" && refused.Idem != a.env.ID:
			a.env.Idem = ""
			return in.quarantine(ctx, pol, a.env, "idempotency_key: used before with another body")
		}
		if len(refused.Reps) > 0 {
			quicker++
		}
		if len(refused.Keys) > 0 || refused.Person || refused.Lead {
			if known, err = in.lookUp(ctx, a, refused); err != nil {
				return err
			}
		}
	}
	return lead.Errorf(lead.Unavailable, "the submission met others at the same moment; it is tried again")
}

// known is what is stored about the person who enquired: nothing at first, for
// most people are new, and a refused transaction tells when they are not.
type known struct {
	person   *lead.Person
	lead     *lead.Lead // the one that may be open for the product
	account  string     // the rep who looks after the person already
	customer bool       // the person has bought before
}

func (in *intake) lookUp(ctx context.Context, a arrival, refused *lead.Refused) (known, error) {
	maps.Copy(a.holders, refused.Keys)
	id := ""
	for _, k := range a.keys { // in order of trust: the phone first
		id = cmp.Or(id, a.holders[k])
	}
	if id == "" {
		return known{}, nil
	}
	person, err := in.Store.Person(ctx, id)
	if err != nil {
		return known{}, err
	}
	k := known{person: &person}
	if leadID := person.Leads[a.spec.Product]; leadID != "" {
		l, err := in.Store.Lead(ctx, leadID)
		if err != nil {
			return known{}, err
		}
		if l.State != lead.StateCustomer { // whose next interest is a lead of its own
			k.lead = &l
		}
	}
	return k, in.others(ctx, a.spec.Product, &k)
}

// others looks at the person's leads for other products: who has one of them, or
// has won one, looks after the person already. Most people have none.
func (in *intake) others(ctx context.Context, product string, k *known) error {
	var ids []string
	for _, name := range slices.Sorted(maps.Keys(k.person.Leads)) {
		if l := k.person.Leads[name]; name != product || k.lead == nil { // or a customer of this very product
			ids = append(ids, l)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	leads, err := in.Store.Leads(ctx, ids)
	if err != nil {
		return err
	}
	for _, l := range leads {
		switch won := l.State == lead.StateConverted || l.State == lead.StateCustomer; {
		case won:
			k.customer = true
			k.account = cmp.Or(k.account, l.LastOwner())
		case l.Period != nil:
			k.account = l.Owner()
		}
	}
	return nil
}

// attempt commits the whole change: the person, the lead with its first score
// and owner, and the submission's outcome. Where others were quicker with reps too
// often, the lead stays in routing for now.
func (in *intake) attempt(ctx context.Context, pol *policy.Policy, a arrival, k known, now time.Time, quicker int) error {
	person, reserve, err := in.person(ctx, a, k.person, now)
	if err != nil {
		return err
	}
	l, outcome := lead.Lead{ID: "l" + a.env.ID}, lead.OutcomeCreated
	if k.lead != nil {
		l, outcome = *k.lead, lead.OutcomeMerged
	}
	answers, private, err := in.answers(ctx, l, a)
	if err != nil {
		return err
	}
	a.facts.Account, a.facts.Customer = k.account, k.customer
	var first lead.Command
	if k.lead != nil {
		first = lead.Touch{Submission: a.env.ID, Facts: a.facts, Private: private, Attribution: a.clean.Attribution}
	} else {
		number, err := in.numbers.Next(ctx, pol.NumberPrefix(), now)
		if err != nil {
			return err
		}
		first = lead.Capture{Number: number, Person: person.ID, Product: a.spec.Product, Submission: a.env.ID,
			Facts: a.facts, Private: private, Attribution: a.clean.Attribution}
		person.Leads[a.spec.Product] = l.ID
	}
	arriving := placing{lead: l, by: lead.System("intake"), now: now, command: first, private: answers, wait: quicker >= commitAttempts/2, refused: quicker}
	return in.place.commit(ctx, pol, arriving, func(after lead.Lead, c *lead.Change) {
		sub := a.env.submission(outcome, "")
		sub.Lead, sub.Person, sub.Expires = after.ID, person.ID, now.Add(pol.KeepSubmissions())
		c.Submission, c.Reserve = sub, reserve
		if k.person == nil || changed(*k.person, person) {
			person.Version++
			c.Person = &person
		}
	})
}

// person is the stored person with what the submission adds, or a new one.
func (in *intake) person(ctx context.Context, a arrival, stored *lead.Person, now time.Time) (lead.Person, []lead.Key, error) {
	p := lead.Person{ID: "p" + a.env.ID, Created: now, Leads: map[string]string{}}
	if stored != nil {
		p = stored.Clone()
	}
	var reserve []lead.Key
	for _, k := range a.keys {
		holder := a.holders[k] // a key stays with whom it belongs to
		if !slices.Contains(p.Keys, k) && (holder == "" || holder == p.ID) {
			reserve = append(reserve, k)
			p.Keys = append(p.Keys, k)
		}
	}
	seal := func(field, value string, to *lead.Sealed) error {
		if value == "" || len(*to) > 0 { // only empty fields are filled
			return nil
		}
		sealed, err := in.Vault.Seal(ctx, placePerson(p.ID, field), []byte(value))
		*to = sealed
		return err
	}
	err := errors.Join(
		seal("name", a.contact.Name, &p.Name),
		seal("phone", a.contact.Phone, &p.Phone),
		seal("email", a.contact.Email, &p.Email),
		seal("company", a.contact.Company, &p.Company),
	)
	for _, c := range a.consents {
		if slices.ContainsFunc(p.Consents, func(had lead.Consent) bool { return had.Same(c) }) {
			continue
		}
		if len(a.address) > 0 {
			var sealErr error
			c.Address, sealErr = in.Vault.Seal(ctx, placePerson(p.ID, "ip"), a.address)
			err = errors.Join(err, sealErr)
		}
		p.Consents = append(p.Consents, c)
	}
	return p, reserve, err
}

func changed(before, after lead.Person) bool {
	return len(before.Keys) != len(after.Keys) || len(before.Consents) != len(after.Consents) ||
		len(before.Name) != len(after.Name) || len(before.Phone) != len(after.Phone) ||
		len(before.Email) != len(after.Email) || len(before.Company) != len(after.Company) ||
		!maps.Equal(before.Leads, after.Leads)
}

// quarantine keeps a submission that cannot become a lead, with its reason. The
// reason names fields and faults, never values.
func (in *intake) quarantine(ctx context.Context, pol *policy.Policy, env Envelope, reason string) error {
	sub := env.submission(lead.OutcomeQuarantined, reason)
	sub.Expires = in.Now().Add(pol.KeepSubmissions())
	err := in.Store.Commit(ctx, lead.Change{Submission: sub})
	var refused *lead.Refused
	if !errors.As(err, &refused) {
		return err
	}
	if refused.Submission == nil && refused.Idem != "" && refused.Idem != env.ID {
		env.Idem = ""
		return in.quarantine(ctx, pol, env, reason)
	}
	return nil
}

func reasonOf(err error) string {
	var e *lead.Error
	if errors.As(err, &e) {
		if e.Field != "" {
			return e.Field + ": " + e.Text
		}
		return e.Text
	}
	return "unreadable"
}

// answers joins the sensitive answers the lead has with the submission's, in
// the clear for scoring and sealed for keeping.
func (in *intake) answers(ctx context.Context, l lead.Lead, a arrival) (map[string]any, lead.Sealed, error) {
	all := map[string]any{}
	if len(l.Private) > 0 {
		data, err := in.Vault.Open(ctx, placePrivate(l.ID), l.Private)
		if err != nil {
			return nil, nil, err
		}
		if err := json.Unmarshal(data, &all); err != nil {
			return nil, nil, fmt.Errorf("read answers of lead %s: %w", l.ID, err)
		}
	}
	maps.Copy(all, a.clean.Private)
	if len(a.clean.Private) == 0 {
		return all, l.Private, nil
	}
	data, err := json.Marshal(all)
	if err != nil {
		return nil, nil, fmt.Errorf("keep answers of lead %s: %w", l.ID, err)
	}
	sealed, err := in.Vault.Seal(ctx, placePrivate(l.ID), data)
	return all, sealed, err
}
