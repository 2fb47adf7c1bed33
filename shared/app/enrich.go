package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

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

// breaker leaves a service in peace that fails again and again: closed until it has
// failed so often in a row, then open for a while, then one question decides.
type breaker struct {
	failed int
	open   time.Time // until then nobody asks
}

// ready reports whether the service may be asked now. Where the time is up it is
// asked once: until that is answered nobody else does.
func (b *breaker) ready(now time.Time, most int, pause time.Duration) bool {
	if now.Before(b.open) {
		return false
	}
	if b.failed >= most {
		b.open = now.Add(pause)
	}
	return true
}

// told notes how asking went.
func (b *breaker) told(ok bool, now time.Time, most int, pause time.Duration) {
	if ok {
		*b = breaker{}
		return
	}
	if b.failed++; b.failed >= most {
		b.open = now.Add(pause)
	}
}

// breakers are those of one running function: each learns for itself.
type breakers struct {
	mu   sync.Mutex
	each map[string]*breaker
}

func (b *breakers) of(id string) *breaker {
	if b.each == nil {
		b.each = map[string]*breaker{}
	}
	if b.each[id] == nil {
		b.each[id] = &breaker{}
	}
	return b.each[id]
}

func (b *breakers) ready(e policy.Enrichment, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.of(e.ID).ready(now, e.Failures, e.Pause)
}

func (b *breakers) told(e policy.Enrichment, ok bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of(e.ID).told(ok, now, e.Failures, e.Pause)
}

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

// told reports whether a text tells who the person is: a service that was told may say
// it back, and facts are kept in the clear.
func (d details) told(text string) bool {
	digits := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text)
	}
	for _, own := range []string{d.Name, d.Company, d.Email} {
		if own != "" && strings.EqualFold(text, own) {
			return true
		}
	}
	phone := digits(d.Phone)
	phone = phone[max(0, len(phone)-toldDigits):]
	return strings.Contains(text, "@") || len(phone) == toldDigits && strings.Contains(digits(text), phone)
}

// toldDigits at the end of a phone number tell whose it is.
const toldDigits = 7

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

// factMost bounds a fact that an enricher tells, in runes.
const factMost = 60

// readAnswer takes facts out of an answer by JSON pointers (RFC 6901). What is not
// there, is no single value or is no country where one is meant is passed over.
func readAnswer(body []byte, where map[string]string) (map[string]string, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var answer any
	if err := decoder.Decode(&answer); err != nil {
		return nil, lead.Errorf(lead.Invalid, "the enricher's answer is no JSON")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, lead.Errorf(lead.Invalid, "the enricher's answer has more after its JSON")
	}
	facts := map[string]string{}
	for _, fact := range slices.Sorted(maps.Keys(where)) {
		value := textAt(answer, where[fact])
		if fact == "country" { // rules compare codes
			value = identity.Country(value)
		}
		if value != "" && len([]rune(value)) <= factMost {
			facts[fact] = value
		}
	}
	return facts, nil
}

// textAt is the text or number that a JSON pointer leads to.
func textAt(at any, pointer string) string {
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch holder := at.(type) {
		case map[string]any:
			at = holder[unescape.Replace(step)]
		case []any:
			i, err := strconv.ParseUint(step, 10, 32)
			if err != nil || i >= uint64(len(holder)) || strconv.FormatUint(i, 10) != step {
				return ""
			}
			at = holder[i]
		default:
			return ""
		}
	}
	switch value := at.(type) {
	case string:
		return identity.Name(value)
	case json.Number:
		return value.String()
	}
	return ""
}

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
