package form

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sluice/shared/identity"
)

// value reads one value of a field by its kind and puts it in its place.
func (c *check) value(f Field, value string) {
	contact := &c.clean.Contact
	switch f.Kind {
	case NameKind:
		c.fill(f, &contact.Name, identity.Name(value))
	case GivenKind:
		c.fill(f, &contact.Given, identity.Name(value))
	case FamilyKind:
		c.fill(f, &contact.Family, identity.Name(value))
	case CompanyKind:
		c.fill(f, &contact.Company, identity.Name(value))
	case CityKind:
		c.fill(f, &contact.City, identity.Name(value))
	case IndustryKind:
		c.fill(f, &contact.Industry, identity.Name(value))
	case HeadcountKind:
		c.fill(f, &contact.Headcount, identity.Name(value))
	case PhoneKind:
		_, err := identity.Phone(identity.PhoneInput{Raw: value, Region: c.region})
		if identity.ReasonOf(err) == identity.NoCountry {
			err = nil
		}
		c.detail(f, err)
		c.fill(f, &contact.Phone, value)
	case EmailKind:
		// The value as posted: a line break in an address is not to be healed.
		value = strings.Trim(c.raw(f), " \t")
		_, err := identity.Email(value)
		c.detail(f, err)
		c.fill(f, &contact.Email, value)
	case CountryKind:
		code := strings.ToUpper(value)
		if !isCountry(code) {
			c.problem(f, ReasonNoCountry, fmt.Sprintf("Please give %s as a code of two letters, such as CN.", f.label()))
			return
		}
		c.fill(f, &contact.Country, code)
	case NumberKind:
		n, ok := number(value)
		if !ok {
			c.problem(f, ReasonNoNumber, fmt.Sprintf("Please give a number for %s.", f.label()))
			return
		}
		c.keep(f, n)
	case ReferralKind:
		c.clean.Referral = value
	case BooleanKind, ConsentKind:
		c.yes(f, value)
	default:
		c.keep(f, value)
	}
}

// raw is the first value of a field that is not blank, as it was posted.
func (c *check) raw(f Field) string {
	i := slices.IndexFunc(c.values[f.Name], func(v string) bool { return oneLine(v) != "" })
	return c.values[f.Name][i]
}

// keep stores an answer where those may see it who should.
func (c *check) keep(f Field, value any) {
	if f.Sensitive || f.Kind == MessageKind {
		c.clean.Private[f.Name] = value
		return
	}
	c.clean.Answers[f.Name] = value
}

// fill sets a contact field; of two fields of one kind the second is private.
func (c *check) fill(f Field, field *string, value string) {
	switch {
	case *field == "":
		*field = value
	default:
		c.clean.Private[f.Name] = value
	}
}

// detail notes whether a phone number or e-mail address is one.
func (c *check) detail(f Field, err error) {
	var fault *identity.Fault
	switch {
	case err == nil, identity.Doubtful(err):
		c.reach++
	case errors.As(err, &fault):
		p := placed{Problem{f.Name, fault.Reason, fault.Error()}, c.order}
		if f.Required {
			c.problems = append(c.problems, p)
		} else {
			c.bad = append(c.bad, p)
		}
	}
}

func (c *check) yes(f Field, value string) {
	var yes bool
	switch strings.ToLower(value) {
	case "1", "true", "on", "yes", "y":
		yes = true
	case "0", "false", "off", "no", "n":
	default:
		c.problem(f, ReasonNoBoolean, fmt.Sprintf("Please answer %s with yes or no.", f.label()))
		return
	}
	switch {
	case f.Kind == BooleanKind:
		c.keep(f, yes)
	case yes && c.spec.Consent != nil:
		c.clean.Consents = append(c.clean.Consents, *c.spec.Consent)
	case f.Required:
		c.problem(f, ReasonNotAccepted, fmt.Sprintf("Please accept: %s.", f.label()))
	}
}

func (c *check) choice(f Field, given []string) {
	for _, value := range given {
		if !slices.Contains(f.Choices, value) {
			c.problem(f, ReasonNoChoice, fmt.Sprintf("Please choose one of the values offered for %s.", f.label()))
			return
		}
	}
	slices.Sort(given)
	if given = slices.Compact(given); len(given) > 1 {
		c.keep(f, given)
		return
	}
	c.keep(f, given[0])
}

// number reads a decimal number, in digits of any width, with thousands
// separated by commas or spaces or not at all.
func number(value string) (float64, bool) {
	value = norm.NFKC.String(value)
	whole, fraction, _ := strings.Cut(strings.ReplaceAll(value, " ", ","), ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if i > 0 && len(g) != 3 {
			return 0, false
		}
	}
	plain := strings.Join(groups, "")
	if strings.Contains(value, ".") {
		plain += "." + fraction
	}
	if strings.Trim(plain, "+-.0123456789eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(plain, 64)
	return n, err == nil && !math.IsInf(n, 0)
}
