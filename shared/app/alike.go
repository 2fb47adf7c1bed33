package app

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"sluice/shared/identity"
	"sluice/shared/lead"
	"sluice/shared/match"
	"sluice/shared/policy"
)

// alikeMost is how many persons a key an enquiry is compared with: the newest.
const alikeMost = 25

// details are a person's contact details in the clear, as they are compared.
type details struct {
	lead.Contact
	City, Country string
}

// values are the details in the order of the fields of match.Enquiries.
func (d details) values() []string {
	return []string{d.Name, d.Company, d.Email, d.Phone, d.City, d.Country}
}

// enquiries is the model by which enquiries are compared with persons: fixed, and
// only read.
var enquiries = match.Enquiries()

// alikeKeys are the keys under which a person can be found by who resembles them:
// how the name sounds, and where they are to be found: in their company, under the
// local part of their address, or within ten thousand phone numbers.
func alikeKeys(ctx context.Context, vault Vault, d details) ([]lead.Key, error) {
	block := identity.NameBlock(d.Name)
	keys := make([]lead.Key, 2)
	for i, plain := range []string{nameKey(block), placeKey(block, d)} {
		if plain == "" {
			continue
		}
		key, err := vault.Hash(ctx, plain)
		if err != nil {
			return nil, err
		}
		keys[i] = key[:min(len(key), alikeLength)]
	}
	return keys, nil
}

// alikeLength is enough of a hash: 80 bits or more. That two keys meet by chance
// costs a comparison.
const alikeLength = 16

func nameKey(block string) string {
	if block == "" {
		return ""
	}
	return "alike:name:" + block
}

func placeKey(block string, d details) string {
	initials := initialsOf(block)
	if site := companySite(d.Email); site.Label != "" && initials != "" {
		return "alike:company:" + site.Label + ":" + initials
	}
	if company := letters(identity.ReadCompany(d.Company).Key); company != "" && initials != "" {
		return "alike:company:" + company + ":" + initials
	}
	if email, err := identity.Email(d.Email); err == nil {
		if local, _, _ := strings.Cut(email.Key, "@"); len(letters(local)) >= localLeast {
			return "alike:local:" + letters(local)
		}
	}
	if len(d.Phone) > tailLength+4 && initials != "" {
		return "alike:phone:" + d.Phone[:len(d.Phone)-tailLength] + ":" + initials
	}
	return ""
}

const (
	localLeast = 5 // letters of an address that tell somebody
	tailLength = 4 // digits of a phone number in which a slip is forgiven
)

// initialsOf are the first letters of the words of a name's block.
func initialsOf(block string) string {
	var all []rune
	for word := range strings.FieldsSeq(block) {
		for _, r := range word {
			all = append(all, r)
			break
		}
	}
	return string(all)
}

// letters keeps letters and digits.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// resembling finds who the person may be who enquires, beyond those who have one of
// their identity keys, and what is known of their company: one read, and one more
// where somebody resembles them.
func (in *intake) resembling(ctx context.Context, pol *policy.Directory, a *arrival) error {
	d := a.details()
	var err error
	if a.alike, err = alikeKeys(ctx, in.Vault, d); err != nil {
		return err
	}
	found, company, err := in.Store.Alike(ctx, a.alike, a.company, alikeMost)
	if err != nil {
		return err
	}
	a.about = company
	company.Tell(&a.facts)
	if company.Account != "" {
		won, err := in.Store.Lead(ctx, company.Account)
		if err != nil && lead.KindOf(err) != lead.NotFound {
			return err
		}
		a.account = won.LastOwner()
	}
	ids := slices.Concat(found...)
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil
	}
	persons, err := in.Store.Persons(ctx, ids)
	if err != nil {
		return err
	}
	rules := pol.Cleansing()
	mine := enquiries.Prepare(d.values())
	var sure []string
	for _, p := range persons {
		if p.Into != "" || p.ID == "p"+a.env.ID { // merged since the index was written; or this very enquiry, delivered again
			continue
		}
		theirs, err := openDetails(ctx, in.Vault, p)
		if err != nil {
			return err
		}
		seen := enquiries.Compare(mine, enquiries.Prepare(theirs.values()), len(found[0]))
		if seen.Probability >= rules.Merge && seen.Merge {
			sure = append(sure, p.ID)
		}
		if seen.Probability >= rules.Review {
			a.doubts = append(a.doubts, lead.Doubt{With: p.ID, Probability: seen.Probability, Evidence: evidence(seen), At: in.Now().UTC(), Submission: a.env.ID})
		}
	}
	if len(sure) == 1 { // of two who are as like somebody decides
		a.likely = sure[0]
	}
	return nil
}

// evidence tells what speaks for and against, without the values.
func evidence(seen match.Evidence) []lead.Evidence {
	var told []lead.Evidence
	for _, part := range seen.Parts {
		told = append(told, lead.Evidence{Detail: strings.Join(part.Fields, ", "), Level: part.Level, Weight: rounded(part.Weight)})
	}
	return told
}

// rounded is a weight to a tenth of a bit.
func rounded(bits float64) float64 {
	const tenth = 10
	if bits < 0 {
		return -rounded(-bits)
	}
	return float64(int(bits*tenth+0.5)) / tenth
}

func (a *arrival) details() details {
	return details{Contact: a.contact, City: a.facts.City, Country: a.facts.Country}
}

// openDetails opens what is known of a person.
func openDetails(ctx context.Context, vault Vault, p lead.Person) (details, error) {
	c, err := OpenContact(ctx, vault, p)
	return details{Contact: c, City: p.City, Country: p.Country}, err
}

// shared notes the doubt that comes of one enquiry with the identity keys of two
// persons: they may be one, and are for sure where the enquiry is like both.
func (in *intake) shared(ctx context.Context, pol *policy.Directory, a arrival, k *known, other lead.Person) error {
	rules := pol.Cleansing()
	mine := enquiries.Prepare(a.details().values())
	like := func(p lead.Person) (match.Evidence, error) {
		theirs, err := openDetails(ctx, in.Vault, p)
		return enquiries.Compare(mine, enquiries.Prepare(theirs.values()), 1), err
	}
	first, err := like(*k.person)
	if err != nil {
		return err
	}
	second, err := like(other)
	if err != nil {
		return err
	}
	k.doubts = append(k.doubts, lead.Doubt{With: other.ID, Probability: first.Probability * second.Probability,
		Evidence: evidence(second), At: in.Now().UTC(), Submission: a.env.ID})
	if toldApart(*k.person, other) == nil && first.Merge && second.Merge && min(first.Probability, second.Probability) >= rules.Merge {
		k.same = append(k.same, other.ID)
	}
	return nil
}

// join merges the persons who are one for sure, as an enquiry has told. One that
// cannot be merged now stays in doubt, for somebody to decide.
func (in *intake) join(ctx context.Context, pol *policy.Policy, k known, submission string) {
	u := uniter{store: in.Store, vault: in.Vault, pol: pol, by: lead.System("intake"), now: in.Now, check: toldApart}
	for _, id := range k.same {
		if _, err := u.merge(ctx, k.person.ID, id, "alike: "+submission); err != nil {
			in.Log.WarnContext(ctx, "merge", "outcome", "left in doubt", "person", id, "error", err.Error())
		}
	}
}

// toldApart refuses persons whom somebody has decided to be two.
func toldApart(a, b lead.Person) error {
	if slices.Contains(a.Apart, b.ID) || slices.Contains(b.Apart, a.ID) {
		return lead.Errorf(lead.Conflict, "somebody has decided that these are two persons")
	}
	return nil
}
