package identity

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

func TestPhone(t *testing.T) {
	t.Parallel()
	const mobile = "+8613800138000"
	tests := map[string]struct {
		in   PhoneInput
		want PhoneNumber
	}{
		"national":               {PhoneInput{"138 0013 8000", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"region in lower case":   {PhoneInput{"13800138000", " cn "}, PhoneNumber{mobile, "CN", Mobile}},
		"international":          {PhoneInput{"+86 138-0013-8000", ""}, PhoneNumber{mobile, "CN", Mobile}},
		"plus and prefix":        {PhoneInput{"+0086 13800138000", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"00 at home":             {PhoneInput{"0086 13800138000", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"00 where it is not":     {PhoneInput{"0086 13800138000", "US"}, PhoneNumber{mobile, "CN", Mobile}},
		"code without plus":      {PhoneInput{"86 13800138000", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"full width":             {PhoneInput{"＋８６　（１３８）００１３－８０００", ""}, PhoneNumber{mobile, "CN", Mobile}},
		"Arabic-Indic digits":    {PhoneInput{"١٣٨٠٠١٣٨٠٠٠", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"Devanagari digits":      {PhoneInput{"१३८००१३८०००", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"mathematical digits":    {PhoneInput{"𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"words around":           {PhoneInput{"电话：13800138000（微信同号）", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"a name after":           {PhoneInput{"13800138000 Example", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"the first of two":       {PhoneInput{"13800138000、13900139000", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"the first of two, /":    {PhoneInput{"13800138000/13900139000", "CN"}, PhoneNumber{mobile, "CN", Mobile}},
		"marks of direction":     {PhoneInput{"\u202a+86 13800138000\u202c", ""}, PhoneNumber{mobile, "CN", Mobile}},
		"Chinese extension":      {PhoneInput{"(010) 6552-9988转8001", "CN"}, PhoneNumber{"+861065529988", "CN", Fixed}},
		"extension":              {PhoneInput{"+1 202-555-0123 ext. 45", ""}, PhoneNumber{"+12025550123", "US", FixedOrMobile}},
		"URI":                    {PhoneInput{"tel:+1-202-555-0123;ext=45", ""}, PhoneNumber{"+12025550123", "US", FixedOrMobile}},
		"URI with context":       {PhoneInput{"tel:03-331-6005;phone-context=+64", ""}, PhoneNumber{"+6433316005", "NZ", Fixed}},
		"slash inside":           {PhoneInput{"030/123456", "DE"}, PhoneNumber{"+4930123456", "DE", Fixed}},
		"Italian zero stays":     {PhoneInput{"02 1234 5678", "IT"}, PhoneNumber{"+390212345678", "IT", Fixed}},
		"national prefix abroad": {PhoneInput{"+44 (0)20 7946 0018", ""}, PhoneNumber{"+442079460018", "GB", Fixed}},
		"a shared calling code":  {PhoneInput{"+1 613 555 0123", ""}, PhoneNumber{"+16135550123", "CA", FixedOrMobile}},
		"vanity":                 {PhoneInput{"1-800-FLOWERS", "US"}, PhoneNumber{"+18003569377", "US", TollFree}},
		"of no country":          {PhoneInput{"+800 1234 5679", ""}, PhoneNumber{"+80012345679", "", TollFree}},
		"transformed":            {PhoneInput{"0343 15 555 1212", "AR"}, PhoneNumber{"+5493435551212", "AR", Mobile}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Phone(tt.in)
			if err != nil || got != tt.want {
				t.Fatalf("got {%s %s %s}, %v, want {%s %s %s}", got.E164, got.Region, got.Line, err, tt.want.E164, tt.want.Region, tt.want.Line)
			}
		})
	}
}

func TestPhoneRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   PhoneInput
		want string
	}{
		"nothing":                   {PhoneInput{"", "CN"}, Empty},
		"blanks":                    {PhoneInput{" \t\u3000\u200b", "CN"}, Empty},
		"words":                     {PhoneInput{"call me", "CN"}, NotANumber},
		"signs":                     {PhoneInput{"+---", "CN"}, NotANumber},
		"an e-mail address":         {PhoneInput{"13800138000@example.com", "CN"}, NotANumber},
		"broken UTF-8":              {PhoneInput{"138\xff00138000", "CN"}, NotANumber},
		"no country":                {PhoneInput{"13800138000", ""}, NoCountry},
		"unknown country":           {PhoneInput{"13800138000", "XX"}, NoCountry},
		"three, no country":         {PhoneInput{"123", ""}, TooShort},
		"two digits":                {PhoneInput{"+8", "CN"}, TooShort},
		"without area code":         {PhoneInput{"555-0123", "US"}, TooShort},
		"too long":                  {PhoneInput{"138001380001234", "CN"}, TooLong},
		"endless":                   {PhoneInput{strings.Repeat("1", 300), "CN"}, TooLong},
		"unknown calling code":      {PhoneInput{"+210 3456 56789", ""}, Impossible},
		"an operator nobody has":    {PhoneInput{"11080138000", "CN"}, Impossible},
		"one digit, impossible":     {PhoneInput{"111 1111 1111", "CN"}, RepeatedDigits},
		"zeros":                     {PhoneInput{"00000000000", "CN"}, RepeatedDigits},
		"counting, impossible":      {PhoneInput{"12345678", "CN"}, SequentialDigits},
		"counting ten, impossible":  {PhoneInput{"1234567890", "US"}, SequentialDigits},
		"counting down, impossible": {PhoneInput{"9876543210", "US"}, SequentialDigits},
		"alternating, impossible":   {PhoneInput{"1212121212", "US"}, Fake},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Phone(tt.in)
			if ReasonOf(err) != tt.want || Doubtful(err) || got != (PhoneNumber{}) {
				t.Fatalf("got %s %q, want %q", got.E164, ReasonOf(err), tt.want)
			}
		})
	}
}

// What the plan allows may belong to somebody: the number comes along.
func TestPhoneDoubts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in     PhoneInput
		reason string
		want   string
	}{
		"one digit after the operator": {PhoneInput{"138 8888 8888", "CN"}, RepeatedDigits, "+8613888888888"},
		"eight after the operator":     {PhoneInput{"139 0000 0000", "CN"}, RepeatedDigits, "+8613900000000"},
		"counting":                     {PhoneInput{"01 23 45 67 89", "FR"}, SequentialDigits, "+33123456789"},
		"alternating":                  {PhoneInput{"91919191", "SG"}, Fake, "+6591919191"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Phone(tt.in)
			if !Doubtful(err) || ReasonOf(err) != tt.reason || got.E164 != tt.want {
				t.Fatalf("got %s %v, want %s in doubt: %s", got.E164, err, tt.want, tt.reason)
			}
		})
	}
	if _, err := Phone(PhoneInput{"13810000000", "CN"}); err != nil {
		t.Errorf("seven zeros: %v", err)
	}
	// Nobody types a hotline to fill a field.
	if _, err := Phone(PhoneInput{"+248 800 0000", ""}); err != nil {
		t.Errorf("toll-free number with zeros: %v", err)
	}
}

// A canonical number read again, from anywhere, is itself.
func TestPhoneIsStable(t *testing.T) {
	t.Parallel()
	kinds := []struct{ pattern, region string }{
		{`(\+86 |0086-|86)?1[3-9][0-9]{9}`, "CN"}, {`010 ?[2-8][0-9]{7}`, "CN"}, {`(\+1)?[2-9]0[1-9]-?[2-9][0-9]{6}`, "US"},
		{`07[4-9]00 ?[0-9]{6}`, "GB"}, {`\+49 15[0-9]{9}`, "DE"}, {`3[2-9][0-9]{8}`, "IT"}, {`8 ?9[0-9]{9}`, "RU"}, {`0?11 ?15 ?[2-6][0-9]{7}`, "AR"},
	}
	homes := rapid.SampledFrom([]string{"CN", "US", "DE", "GB", "IT", "AR", "NZ", "RU", ""})
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		in := PhoneInput{Raw: rapid.StringMatching(kind.pattern).Draw(t, "raw"), Region: kind.region}
		got, err := Phone(in)
		if err != nil && !Doubtful(err) {
			t.Skip("no number")
		}
		again, err2 := Phone(PhoneInput{Raw: got.E164, Region: homes.Draw(t, "elsewhere")})
		if again != got || ReasonOf(err) != ReasonOf(err2) {
			t.Fatalf("%v read again is %s (%v), not %s (%v)", in.Raw, again.E164, err2, got.E164, err)
		}
	})
}

// Numbers of every country, with a digit or two changed, written nationally or
// internationally, are read as libphonenumber reads them.
func TestPhoneAgrees(t *testing.T) {
	t.Parallel()
	regions := rapid.SampledFrom(slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())))
	kinds := rapid.SampledFrom([]phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE, phonenumbers.VOIP, phonenumbers.PREMIUM_RATE})
	formats := rapid.SampledFrom([]phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL})
	rapid.Check(t, func(t *rapid.T) {
		region := regions.Draw(t, "region")
		example := phonenumbers.GetExampleNumberForType(region, kinds.Draw(t, "kind"))
		if example == nil {
			example = phonenumbers.GetExampleNumber(region)
		}
		raw := []byte(phonenumbers.Format(example, formats.Draw(t, "format")))
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			if at := rapid.IntRange(0, len(raw)-1).Draw(t, "at"); raw[at] != '+' {
				raw[at] = byte(rapid.IntRange('0', '9').Draw(t, "digit"))
			}
		}
		if rapid.Bool().Draw(t, "elsewhere") {
			region = regions.Draw(t, "home")
		}
		compare(t, PhoneInput{string(raw), region})
	})
}

func FuzzPhone(f *testing.F) {
	for _, seed := range []PhoneInput{
		{"138 0013 8000", "CN"}, {"+1 202-555-0123 ext. 45", ""}, {"0343 15 555 1212", "AR"},
		{"tel:03-331-6005;phone-context=+64", "NZ"}, {"1800 SIX FLAGS", "US"}, {"8 (423) 202-25-11, доб. 100", "RU"},
		{"＋８６　１３８", "CN"}, {"(0xx) 1187654321", "AR"}, {"0~01-650-253-0000", "PL"}, {"08001234", "DE"}, {"+39 02", "IT"},
	} {
		f.Add(seed.Raw, seed.Region)
	}
	f.Fuzz(func(t *testing.T, raw, region string) { compare(t, PhoneInput{raw, region}) })
}

// compare holds the engine against libphonenumber: what it accepts is valid
// there, in the same country and of the same kind, and a plain number that is
// valid there is read alike.
func compare(t interface{ Fatalf(string, ...any) }, in PhoneInput) {
	got, err := Phone(in)
	accepted := err == nil || Doubtful(err)
	if !accepted && got != (PhoneNumber{}) {
		t.Fatalf("refused with a number: %s", got.E164)
	}
	if accepted {
		lib, err := phonenumbers.Parse(got.E164, "")
		if err != nil || !phonenumbers.IsValidNumber(lib) {
			t.Fatalf("%s is not valid to libphonenumber: %v", got.E164, err)
		}
		region := strings.Replace(phonenumbers.GetRegionCodeForNumber(lib), "001", "", 1)
		if line := lineOf(phonenumbers.GetNumberType(lib)); got.Region != region || got.Line != line {
			t.Fatalf("%s is %s %s, libphonenumber says %s %s", got.E164, got.Region, got.Line, region, line)
		}
	}
	if !isPlain(in.Raw) || !phonenumbers.GetSupportedRegions()[in.Region] {
		return
	}
	lib, err := phonenumbers.Parse(in.Raw, in.Region)
	if err != nil || !phonenumbers.IsValidNumber(lib) {
		return
	}
	if want := phonenumbers.Format(lib, phonenumbers.E164); !accepted || got.E164 != want {
		t.Fatalf("Phone(%q, %q) = %s, libphonenumber says %s", in.Raw, in.Region, got.E164, want)
	}
}

func lineOf(kind phonenumbers.PhoneNumberType) Line {
	switch kind {
	case phonenumbers.MOBILE:
		return Mobile
	case phonenumbers.FIXED_LINE:
		return Fixed
	case phonenumbers.FIXED_LINE_OR_MOBILE:
		return FixedOrMobile
	case phonenumbers.VOIP:
		return VoIP
	case phonenumbers.TOLL_FREE:
		return TollFree
	case phonenumbers.PREMIUM_RATE:
		return Premium
	}
	return Other
}

// isPlain reports whether a text is a number without letters, extensions or
// anything else that this package reads in its own way.
func isPlain(raw string) bool {
	return strings.Trim(raw, "0123456789 -().") == "" ||
		strings.HasPrefix(raw, "+") && strings.Trim(raw[1:], "0123456789 -().") == ""
}
