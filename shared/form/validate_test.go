package form

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// demo is a form with a field of every kind.
func demo() Spec {
	return Spec{
		ID: "demo", Product: "course", Region: "CN",
		Fields: []Field{
			{Name: "name", Label: "your name", Kind: NameKind, Required: true},
			{Name: "phone", Label: "phone", Kind: PhoneKind},
			{Name: "email", Label: "e-mail", Kind: EmailKind},
			{Name: "company", Kind: CompanyKind},
			{Name: "country", Kind: CountryKind},
			{Name: "city", Kind: CityKind},
			{Name: "seats", Label: "seats", Kind: NumberKind},
			{Name: "budget", Kind: NumberKind, Sensitive: true},
			{Name: "topic", Kind: ChoiceKind, Choices: []string{"a", "b", "c"}},
			{Name: "trial", Kind: BooleanKind},
			{Name: "role", Kind: Text, Max: 10},
			{Name: "note", Kind: MessageKind},
			{Name: "page", Kind: HiddenKind},
			{Name: "agree", Label: "the privacy notice", Kind: ConsentKind},
		},
		AnyOf:   [][]string{{"phone", "email"}},
		Consent: &Consent{Text: "You may call me.", Version: "3", Purpose: "sales", Basis: BasisConsent},
	}
}

// with returns an otherwise complete post.
func with(changes Values) Values {
	post := Values{"name": {"Ada Example"}, "phone": {"13800138000"}}
	for name, all := range changes {
		post[name] = all
	}
	return post
}

func TestValidateReads(t *testing.T) {
	t.Parallel()
	got, problems := demo().Validate(Values{
		"name": {"  Ada \u200b Example "}, "phone": {" 138 0013 8000"}, "email": {" Ada@example.com "}, "company": {"Example\nLtd"},
		"country": {"cn"}, "city": {"Xi’an"}, "seats": {"１,200"}, "budget": {"5e4"}, "topic": {"b", "a", "b"}, "trial": {"0", "on"},
		"role": {" head\tof\r\nx "}, "note": {" one\r\n two\n"}, "page": {"p1"}, "agree": {"yes"}, "wechat": {"ada"}, "tags": {"x", "y"},
		"utm_source": {"news\nletter"}, "utm_term": {strings.Repeat("ä", 300)}, "fbclid": {"f1"}, "gclid": {"g1"},
		"referrer": {"https://ada:pw@www.example.com/a?email=ada@example.com#x"}, "landing_page": {"javascript:alert(1)"},
		"thank_you": {" https://www.example.com/thanks "},
	})
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	want := Clean{
		Contact: Contact{Name: "Ada Example", Phone: "138 0013 8000", Email: "Ada@example.com", Company: "Example Ltd", Country: "CN", City: "Xi’an"},
		Answers: map[string]any{"seats": 1200.0, "topic": []string{"a", "b"}, "trial": true, "role": "head of x", "page": "p1"},
		Private: map[string]any{"budget": 50000.0, "note": "one\n two", "wechat": "ada", "tags": []string{"x", "y"}},
		Consents: []Consent{
			{Text: "You may call me.", Version: "3", Purpose: "sales", Basis: BasisConsent},
		},
		Attribution: lead.Attribution{UTMSource: "news letter", UTMTerm: strings.Repeat("ä", 200), ClickID: "g1", ClickKind: "gclid", Referrer: "https://www.example.com/a"},
		ThankYou:    "https://www.example.com/thanks",
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %#v\nwant %#v", got, want)
	}
}

func TestValidateProblems(t *testing.T) {
	t.Parallel()
	type problem struct{ field, reason string }
	tests := map[string]struct {
		post Values
		want []problem
	}{
		"complete":                      {with(nil), nil},
		"nothing":                       {Values{}, []problem{{"name", ReasonMissing}, {"phone", ReasonOneOf}}},
		"blank name":                    {with(Values{"name": {" \u200b\n"}}), []problem{{"name", ReasonMissing}}},
		"neither phone nor e-mail":      {Values{"name": {"Ada"}}, []problem{{"phone", ReasonOneOf}}},
		"garbage phone":                 {with(Values{"phone": {"call me"}}), []problem{{"phone", "not a number"}}},
		"garbage phone, good e-mail":    {with(Values{"phone": {"call me"}, "email": {"ada@example.com"}}), nil},
		"garbage e-mail, good phone":    {with(Values{"email": {"ada@"}}), nil},
		"both garbage":                  {with(Values{"phone": {"0"}, "email": {"@"}}), []problem{{"phone", "too short"}, {"email", "not an address"}}},
		"forged header in e-mail":       {Values{"name": {"Ada"}, "email": {"ada@example.com\r\nBcc: x@example.com"}}, []problem{{"email", "bad characters"}}},
		"line break after e-mail":       {Values{"name": {"Ada"}, "email": {"ada@example.com\r\n"}}, []problem{{"email", "bad characters"}}},
		"forged header in name":         {with(Values{"name": {"Ada\r\nBcc: x@example.com"}}), nil},
		"made-up phone":                 {with(Values{"phone": {"13888888888"}}), nil}, // for a person to look at
		"impossible filler":             {with(Values{"phone": {"12345678"}}), []problem{{"phone", "sequential digits"}}},
		"phone of the country":          {with(Values{"phone": {"(646) 555-0123"}, "country": {"us"}}), nil},
		"phone of another country":      {with(Values{"phone": {"(646) 555-0123"}}), []problem{{"phone", "impossible"}}},
		"not a country":                 {with(Values{"country": {"China"}}), []problem{{"country", ReasonNoCountry}}},
		"not a number":                  {with(Values{"seats": {"many"}}), []problem{{"seats", ReasonNoNumber}}},
		"several":                       {with(Values{"role": {"a", "b"}}), []problem{{"role", ReasonSeveral}}},
		"the same twice":                {with(Values{"role": {"a", "", "a"}}), nil},
		"too long":                      {with(Values{"role": {"ääääääääääa"}}), []problem{{"role", ReasonTooLong}}},
		"as long as may be":             {with(Values{"role": {"ääääääääää"}}), nil},
		"name too long":                 {with(Values{"name": {strings.Repeat("a", 501)}}), []problem{{"name", ReasonTooLong}}},
		"not a choice":                  {with(Values{"topic": {"a", "z"}}), []problem{{"topic", ReasonNoChoice}}},
		"neither yes nor no":            {with(Values{"trial": {"maybe"}}), []problem{{"trial", ReasonNoBoolean}}},
		"all at once, in field order":   {Values{"trial": {"x"}, "seats": {"y"}, "email": {"z"}}, []problem{{"name", ReasonMissing}, {"email", "not an address"}, {"seats", ReasonNoNumber}, {"trial", ReasonNoBoolean}}},
		"consent neither given nor due": {with(Values{"agree": {"no"}}), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, found := demo().Validate(tt.post)
			var got []problem
			for _, p := range found {
				got = append(got, problem{p.Field, p.Reason})
				if p.Message == "" {
					t.Errorf("no message for %s: %s", p.Field, p.Reason)
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRequiredContact(t *testing.T) {
	t.Parallel()
	spec := Spec{Fields: []Field{{Name: "p", Kind: PhoneKind, Required: true}, {Name: "e", Kind: EmailKind, Required: true}}}
	_, got := spec.Validate(Values{"p": {"+86 138 0013 8000"}, "e": {"nonsense"}})
	if len(got) != 1 || got[0].Field != "e" || got[0].Reason != "not an address" {
		t.Errorf("garbage e-mail where it is required: %v", got)
	}
	_, got = spec.Validate(Values{"p": {"nonsense"}, "e": {"ada@example.com"}})
	if len(got) != 1 || got[0].Field != "p" {
		t.Errorf("garbage phone where it is required: %v", got)
	}
	// A group asks for more than a way to reach the person.
	spec.Fields[1].Required, spec.AnyOf = false, [][]string{{"e"}}
	if _, got = spec.Validate(Values{"p": {"+86 138 0013 8000"}, "e": {"nonsense"}}); len(got) != 1 || got[0].Reason != "not an address" {
		t.Errorf("garbage e-mail in a group of its own: %v", got)
	}
	spec.AnyOf = nil
	// Nobody can say what a national number is without a country.
	if _, got = spec.Validate(Values{"p": {"13800138000"}, "e": {"ada@example.com"}}); len(got) != 0 {
		t.Errorf("national number without a region: %v", got)
	}
}

// TestCompanyFacts: what a form asks of a company is told as facts of it, tidy and
// bounded, and is no answer. A form of a list is read like any other.
func TestCompanyFacts(t *testing.T) {
	t.Parallel()
	spec := Spec{ID: "list", Unverified: true, Fields: []Field{{Name: "email", Kind: EmailKind}, {Name: "branch", Label: "branch", Kind: IndustryKind, Required: true},
		{Name: "staff", Label: "staff", Kind: HeadcountKind, Max: 10}}}
	if found := spec.Check(); len(found) > 0 {
		t.Fatalf("faults %v", found)
	}
	for name, c := range map[string]struct {
		post                 Values
		industry, head, want string
	}{
		"both":         {Values{"email": {"a@example.com"}, "branch": {" Further\teducation "}, "staff": {"11\u201350"}}, "Further education", "11\u201350", ""},
		"one":          {Values{"email": {"a@example.com"}, "branch": {"教育"}, "staff": {"  "}}, "教育", "", ""},
		"no branch":    {Values{"email": {"a@example.com"}, "staff": {"7"}}, "", "7", "branch missing"},
		"two branches": {Values{"email": {"a@example.com"}, "branch": {"a", "b"}}, "", "", "branch several values"},
		"much staff":   {Values{"email": {"a@example.com"}, "branch": {"a"}, "staff": {"12345678901"}}, "a", "", "staff too long"},
	} {
		clean, problems := spec.Validate(c.post)
		got := ""
		for _, p := range problems {
			got += p.Field + " " + p.Reason
		}
		if clean.Contact.Industry != c.industry || clean.Contact.Headcount != c.head || got != c.want || len(clean.Answers)+len(clean.Private) > 0 {
			t.Errorf("%s: %q, %q, answers %v %v, problems %q", name, clean.Contact.Industry, clean.Contact.Headcount, clean.Answers, clean.Private, got)
		}
	}
}

func TestConsent(t *testing.T) {
	t.Parallel()
	spec := demo()
	spec.Fields[len(spec.Fields)-1].Required = true
	for name, post := range map[string]Values{"left open": with(nil), "declined": with(Values{"agree": {"no"}})} {
		clean, got := spec.Validate(post)
		if len(got) != 1 || got[0].Field != "agree" || got[0].Reason != ReasonNotAccepted || len(clean.Consents) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	spec = Spec{Consent: &Consent{Purpose: "sales", Basis: "legitimate_interest"}}
	if clean, _ := spec.Validate(Values{}); len(clean.Consents) != 1 {
		t.Errorf("another basis needs no act: %v", clean.Consents)
	}
	spec.Consent.Basis = BasisConsent
	if clean, _ := spec.Validate(Values{}); len(clean.Consents) != 0 {
		t.Errorf("consent needs an act: %v", clean.Consents)
	}
}

func TestFullName(t *testing.T) {
	t.Parallel()
	spec := Spec{Fields: []Field{{Name: "g", Kind: GivenKind}, {Name: "f", Kind: FamilyKind}}}
	for _, tt := range []struct{ given, family, want string }{
		{"Ada", "Example", "Ada Example"}, {"达", "艾", "艾达"}, {"Ada", "", "Ada"}, {"", "Example", "Example"},
	} {
		if clean, _ := spec.Validate(Values{"g": {tt.given}, "f": {tt.family}}); clean.Contact.Name != tt.want {
			t.Errorf("%q and %q make %q, want %q", tt.given, tt.family, clean.Contact.Name, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]float64{"7": 7, "-1.5": -1.5, "1,234,567.8": 1234567.8, "1 000": 1000, "１２": 12, "+3": 3, "1e3": 1000, ".5": .5} {
		if got, ok := number(value); !ok || got != want {
			t.Errorf("%q is %v, %v, want %v", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "x", "1,2", "0x10", "1e999", "Inf", "NaN", "1_000", "1.2.3", "--1", "5万"} {
		if got, ok := number(value); ok {
			t.Errorf("%q is %v, want none", value, got)
		}
	}
}

// No post whatever, once parsed, lets an answer out of its bounds: what rules
// see comes from fields that are not sensitive, and lies on one line.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	spec := demo()
	public := map[string]bool{"seats": true, "topic": true, "trial": true, "role": true, "page": true}
	name := rapid.SampledFrom([]string{"name", "phone", "email", "seats", "budget", "topic", "trial", "role", "note", "page", "agree", "utm_source", "other"})
	value := rapid.OneOf(rapid.SampledFrom([]string{"a", "on", "no", "12", "ada@example.com", "+8613800138000"}), rapid.StringN(0, 20, 60))
	rapid.Check(t, func(t *rapid.T) {
		post := Values(rapid.MapOf(name, rapid.SliceOfN(value, 0, 3)).Draw(t, "post"))
		clean, problems := spec.Validate(post)
		for field, answer := range clean.Answers {
			if text, ok := answer.(string); !public[field] || ok && (strings.ContainsAny(text, "\r\n\t") || text == "") {
				t.Fatalf("answer %s: %q", field, answer)
			}
		}
		for _, p := range problems {
			if _, ok := spec.field(p.Field); !ok || p.Reason == "" || p.Message == "" {
				t.Fatalf("problem %v", p)
			}
		}
	})
}
