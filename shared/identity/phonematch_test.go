package identity

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSamePhone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b PhoneInput
		want PhoneMatch
	}{
		"as written":           {PhoneInput{"+86 138 0013 8000", ""}, PhoneInput{"0086-13800138000", "CN"}, ExactMatch},
		"both at home":         {PhoneInput{"13800138000", "CN"}, PhoneInput{"＋86 13800138000", ""}, ExactMatch},
		"the writer's region":  {PhoneInput{"030 123456", "DE"}, PhoneInput{"+4930123456", ""}, ExactMatch},
		"no region":            {PhoneInput{"030 123456", ""}, PhoneInput{"+4930123456", ""}, NationalMatch},
		"another region":       {PhoneInput{"030 123456", "AT"}, PhoneInput{"+4930123456", ""}, NoMatch},
		"without the area":     {PhoneInput{"+4930123456", ""}, PhoneInput{"123456", ""}, ShortMatch},
		"extension on one":     {PhoneInput{"+4930123456 ext. 7", ""}, PhoneInput{"+4930123456", ""}, ShortMatch},
		"the same extension":   {PhoneInput{"(010) 6552-9988转8001", "CN"}, PhoneInput{"+861065529988 ext 8001", ""}, ExactMatch},
		"another extension":    {PhoneInput{"+861065529988x1", ""}, PhoneInput{"+861065529988x2", ""}, NoMatch},
		"of no country":        {PhoneInput{"+800 1234 5678", ""}, PhoneInput{"12345678", ""}, NationalMatch},
		"nothing":              {PhoneInput{"", ""}, PhoneInput{"+4930123456", ""}, NotNumbers},
		"two that are nothing": {PhoneInput{"none", ""}, PhoneInput{"none", ""}, NotNumbers},
		"last digit":           {PhoneInput{"+4930123456", ""}, PhoneInput{"+4930123457", ""}, NoMatch},
		"vanity":               {PhoneInput{"1-800-FLOWERS", "US"}, PhoneInput{"+18003569377", ""}, ExactMatch},
	}
	for name, tt := range tests {
		if got := SamePhone(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %q and %q: %s, want %s", name, tt.a.Raw, tt.b.Raw, got, tt.want)
		}
		if got := SamePhone(tt.b, tt.a); got != tt.want {
			t.Errorf("%s, the other way round: %s, want %s", name, got, tt.want)
		}
	}
}

// Numbers that read the same are the same, however they are written.
func TestSamePhoneAgreesWithPhone(t *testing.T) {
	t.Parallel()
	number := rapid.StringMatching(`(\+|00)?(49|86|1|44|)[ -]?0?[0-9]{3}[ -]?[0-9]{4,8}`)
	region := rapid.SampledFrom([]string{"", "CN", "DE", "US", "GB", "IT"})
	rapid.Check(t, func(t *rapid.T) {
		a := PhoneInput{number.Draw(t, "a"), region.Draw(t, "region")}
		b := PhoneInput{number.Draw(t, "b"), region.Draw(t, "other region")}
		if there, back := SamePhone(a, b), SamePhone(b, a); there != back {
			t.Fatalf("%v and %v: %s, the other way round %s", a.Raw, b.Raw, there, back)
		}
		read, err := Phone(a)
		if err != nil && !Doubtful(err) {
			return
		}
		if got := SamePhone(a, PhoneInput{Raw: read.E164}); got == NoMatch || got == NotNumbers {
			t.Fatalf("%q in %q is %s, which is %s", a.Raw, a.Region, read.E164, got)
		}
	})
}

func FuzzSamePhone(f *testing.F) {
	for _, seed := range []string{"+64 3 331-6005", "tel:331-6005;isub=1234;phone-context=abc.nz;a=%A1", "0116433316005#1235", "4", "Dog", "+43", "1800 siX-Flags"} {
		f.Add(seed, "+6433316005", "NZ")
	}
	f.Fuzz(func(t *testing.T, a, b, region string) {
		there := SamePhone(PhoneInput{a, region}, PhoneInput{b, ""})
		if back := SamePhone(PhoneInput{b, ""}, PhoneInput{a, region}); there != back {
			t.Fatalf("%q and %q: %s, the other way round %s", a, b, there, back)
		}
		if read, err := Phone(PhoneInput{a, region}); err == nil {
			Carrier(read.E164)
		}
	})
}

func BenchmarkSamePhone(b *testing.B) {
	for b.Loop() {
		SamePhone(PhoneInput{Raw: "+64 3 331-6005"}, PhoneInput{Raw: "03 331 6005"})
	}
}
