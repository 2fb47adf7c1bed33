package sim

import (
	"math/rand/v2"
	"strings"
	"testing"

	"sluice/shared/identity"
)

// TestPhoneNumbersAreRealAndDistinct also holds them to their markers, in every
// way in which they are typed.
func TestPhoneNumbersAreRealAndDistinct(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	seen := map[string]int{}
	check := func(n int, number, region, marker string) {
		t.Helper()
		for range 4 {
			text := typed(r, number)
			got, err := identity.Phone(identity.PhoneInput{Raw: text, Region: region})
			if err != nil || got.E164 != number || !strings.Contains(text, marker) {
				t.Fatalf("%q of the %d-th number %s reads as %s: %v", text, n, number, got.E164, err)
			}
		}
		if before, twice := seen[number]; twice && before != n {
			t.Fatalf("the %d-th number is the %d-th one", n, before)
		}
		seen[number] = n
	}
	for n := 0; n < longPhones; n += 7 {
		check(n, phoneNumber(n), "DE", longPhone)
	}
	for n := range 10_000 {
		if number := chineseNumber(n); n != 7777 {
			check(-1-n, number, "CN", chinesePhone)
		} else if number != phoneNumber(n) {
			t.Errorf("%s", number)
		}
	}
}
