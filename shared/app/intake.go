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
	switch env.Kind {
	case callKind:
		return in.reported(ctx, body)
	case enrichedKind:
		return in.enriched(ctx, body)
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
	if err := in.resembling(ctx, pol.Directory, &a); err != nil {
		return err
	}
	known, err := in.lookUp(ctx, pol.Directory, a)
	if err != nil {
		return err
	}
	quicker := 0 // others with the rep that was chosen
	for range commitAttempts {
		err := in.attempt(ctx, pol, a, known, now, quicker)
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			if err == nil {
				in.join(ctx, pol, known, a.env.ID)
			}
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
		if refused.Company {
			if a.about, err = in.Store.Company(ctx, a.company); err != nil {
				return err
			}
		}
		if len(refused.Keys) > 0 || refused.Person || refused.Lead {
			maps.Copy(a.holders, refused.Keys)
			if known, err = in.lookUp(ctx, pol.Directory, a); err != nil {
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
	alike    bool         // they are known by likeness, not by an identity key
	doubts   []lead.Doubt // persons who have one of the other identity keys
	same     []string     // of those, who is the same for sure
	lead     *lead.Lead   // the one that may be open for the product
	account  string       // the rep who looks after the person already
	customer bool         // the person has bought before
}

// lookUp reads the person who has one of the identity keys, or who it is by
// likeness.
func (in *intake) lookUp(ctx context.Context, pol *policy.Directory, a arrival) (known, error) {
	var k known
	for _, key := range a.keys { // in order of trust: the phone first
		holder := a.holders[key]
		if holder == "" {
			continue
		}
		person, err := personOf(ctx, in.Store, holder)
		switch {
		case err != nil:
			return known{}, err
		case k.person == nil:
			k.person = &person
		case person.ID != k.person.ID:
			if err := in.shared(ctx, pol, a, &k, person); err != nil {
				return known{}, err
			}
		}
	}
	if k.person == nil && a.likely != "" {
		person, err := personOf(ctx, in.Store, a.likely)
		if err != nil {
			return known{}, err
		}
		k.person, k.alike = &person, true
	}
	if k.person == nil {
		return known{}, nil
	}
	if leadID := k.person.Leads[a.spec.Product]; leadID != "" {
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
	person, reserve, err := in.person(ctx, a, k, now)
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
	a.facts.Account, a.facts.Customer = cmp.Or(k.account, a.account), k.customer
	capture := lead.Capture{Person: person.ID, Product: a.spec.Product, Submission: a.env.ID,
		Facts: a.facts, Private: private, Attribution: a.clean.Attribution}
	arriving := placing{lead: l, by: lead.System("intake"), now: now, private: answers, wait: quicker >= commitAttempts/2, refused: quicker}
	if k.lead == nil || k.alike {
		if capture.Number, err = in.numbers.Next(ctx, pol.NumberPrefix(), now); err != nil {
			return err
		}
	}
	if k.lead != nil {
		arriving.command = lead.Touch{Submission: a.env.ID, Facts: a.facts, Private: private, Attribution: a.clean.Attribution, Listed: a.spec.Unverified}
	} else {
		arriving.command = capture
		person.Leads[a.spec.Product] = l.ID
		if a.spec.Unverified {
			arriving.thenOf = pol.Cleansing().Team
			arriving.then = lead.Withhold{Team: arriving.thenOf}
		}
	}
	company, told := a.about.Learned(a.facts, a.env.At)
	write := func(after lead.Lead, c *lead.Change) {
		sub := a.env.submission(outcome, "")
		sub.Lead, sub.Person, sub.Expires = after.ID, person.ID, now.Add(pol.KeepSubmissions())
		c.Submission, c.Reserve = sub, reserve
		if k.person == nil || changed(*k.person, person) {
			person.Version++
			c.Person = &person
		}
		if told && a.company != "" {
			company.ID, company.Version = a.company, company.Version+1
			c.Company = &company
		}
	}
	if k.alike {
		return in.unite(ctx, pol, a, k, arriving, capture, write)
	}
	if k.lead == nil {
		arriving.ask = func(f lead.Facts) []policy.Enrichment {
			return slices.DeleteFunc(pol.Enrichers(f), func(e policy.Enrichment) bool { return sendable(a.details(), e.Send) == nil })
		}
	}
	return in.place.commit(ctx, pol, arriving, write)
}

// person is the stored person with what the submission adds, or a new one. One who is
// known by likeness stays as it is: see [intake.unite].
func (in *intake) person(ctx context.Context, a arrival, k known, now time.Time) (lead.Person, []lead.Key, error) {
	if k.alike {
		return k.person.Clone(), nil, nil
	}
	p := lead.Person{ID: "p" + a.env.ID, Created: now, Leads: map[string]string{}}
	if k.person != nil {
		p = k.person.Clone()
	}
	var reserve []lead.Key
	for _, key := range a.keys {
		holder := a.holders[key] // a key stays with whom it belongs to
		if !slices.Contains(p.Keys, key) && (holder == "" || holder == p.ID) {
			reserve = append(reserve, key)
			p.Keys = append(p.Keys, key)
		}
	}
	filled, err := in.fillIn(ctx, a, &p, now)
	if err != nil {
		return p, nil, err
	}
	if p.Alike = a.alike; k.person != nil {
		p.Alike = k.person.Alike
		if filled {
			d, err := openDetails(ctx, in.Vault, p)
			if err != nil {
				return p, nil, err
			}
			if p.Alike, err = alikeKeys(ctx, in.Vault, d); err != nil {
				return p, nil, err
			}
		}
	}
	if k.person == nil || filled {
		p.Doubts = p.Doubted(a.doubts...)
	}
	p.Doubts = p.Doubted(k.doubts...)
	for _, c := range a.consents {
		if slices.ContainsFunc(p.Consents, func(had lead.Consent) bool { return had.From == "" && had.Same(c) }) {
			continue
		}
		if len(a.address) > 0 {
			if c.Address, err = in.Vault.Seal(ctx, placePerson(p.ID, "ip"), a.address); err != nil {
				return p, nil, err
			}
		}
		p.Consents = append(p.Consents, c)
	}
	return p, reserve, nil
}

// fillIn fills the empty contact details of a person, and only those, and reports
// whether there were any.
func (in *intake) fillIn(ctx context.Context, a arrival, p *lead.Person, now time.Time) (filled bool, err error) {
	known := p.Version > 0
	gave := func(detail string) {
		if filled = true; known {
			p.Gave(detail, now)
		}
	}
	for _, d := range []struct{ detail, value string }{
		{lead.DetailName, a.contact.Name}, {lead.DetailPhone, a.contact.Phone},
		{lead.DetailEmail, a.contact.Email}, {lead.DetailCompany, a.contact.Company},
	} {
		to := p.Sealed(d.detail)
		if d.value == "" || len(*to) > 0 {
			continue
		}
		if *to, err = in.Vault.Seal(ctx, placePerson(p.ID, d.detail), []byte(d.value)); err != nil {
			return filled, err
		}
		gave(d.detail)
	}
	if p.City == "" && p.Country == "" && a.facts.City+a.facts.Country != "" {
		p.City, p.Country = a.facts.City, a.facts.Country
		gave(lead.DetailPlace)
	}
	return filled, nil
}

func changed(before, after lead.Person) bool {
	return len(before.Keys) != len(after.Keys) || len(before.Consents) != len(after.Consents) ||
		len(before.Given) != len(after.Given) || len(before.Doubts) != len(after.Doubts) ||
		len(before.Parts) != len(after.Parts) || !maps.Equal(before.Leads, after.Leads)
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
	said := maps.Clone(all)
	maps.Copy(all, a.clean.Private)
	if a.spec.Unverified { // what somebody sold us is worth less than what the person said
		maps.Copy(all, said)
	}
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

// again calls do until it is not refused: what stood in the way is read anew.
func (in *intake) again(do func() error) error {
	for range commitAttempts {
		err := do()
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return err
		}
	}
	return lead.Errorf(lead.Unavailable, "the message met others at the same moment; it is tried again")
}
