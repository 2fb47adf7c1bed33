package identity

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

var update = flag.Bool("update", false, "rewrite the tables from what they are made of")

// The plan is generated: a newer phonenumbers module fails here until the plan
// is written anew with -update.
func TestPlanIsCurrent(t *testing.T) {
	want := renderPlan(t)
	if *update {
		if err := os.WriteFile("plan.tsv", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if plan != want {
		t.Fatal("plan.tsv differs from the phonenumbers module: run go test ./shared/identity -run PlanIsCurrent -update")
	}
}

func renderPlan(t *testing.T) string {
	t.Helper()
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		t.Fatal(err)
	}
	territories := map[string]*phonenumbers.PhoneMetadata{}
	for _, m := range collection.GetMetadata() {
		territories[place(int(m.GetCountryCode()), m.GetId())] = m
	}
	codes := phonenumbers.GetSupportedCallingCodes()
	var b strings.Builder
	b.WriteByte('\n') // so that every line follows a line break
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		for _, region := range phonenumbers.GetRegionCodesForCountryCode(code) {
			m := territories[place(code, region)]
			if m == nil {
				t.Fatalf("no metadata for %s", place(code, region))
			}
			b.WriteString(renderTerritory(m) + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func place(code int, region string) string { return fmt.Sprintf("%d %s", code, region) }

func renderTerritory(m *phonenumbers.PhoneMetadata) string {
	mobile := kind(m.GetMobile())
	if m.GetSameMobileAndFixedLinePattern() {
		mobile = sameAsFixed
	}
	line := territory{
		colCode:      strconv.Itoa(int(m.GetCountryCode())),
		colRegion:    m.GetId(),
		colDialOut:   m.GetInternationalPrefix(),
		colTrunk:     m.GetNationalPrefixForParsing(),
		colTransform: m.GetNationalPrefixTransformRule(),
		colLeading:   m.GetLeadingDigits(),
		colLocal:     list(m.GetGeneralDesc().GetPossibleLengthLocalOnly()),
		colGeneral:   kind(m.GetGeneralDesc()),
		colPremium:   kind(m.GetPremiumRate()),
		colTollFree:  kind(m.GetTollFree()),
		colShared:    kind(m.GetSharedCost()),
		colVoIP:      kind(m.GetVoip()),
		colPersonal:  kind(m.GetPersonalNumber()),
		colPager:     kind(m.GetPager()),
		colUniversal: kind(m.GetUan()),
		colVoicemail: kind(m.GetVoicemail()),
		colFixed:     kind(m.GetFixedLine()),
		colMobile:    mobile,
	}
	return strings.Join(line[:], "\t")
}

// kind renders a kind of number as its lengths, a colon and its pattern; "" for
// a kind that the territory does not have.
func kind(d *phonenumbers.PhoneNumberDesc) string {
	if pattern := d.GetNationalNumberPattern(); pattern != "" && pattern != "NA" && !slices.Contains(d.GetPossibleLength(), -1) {
		return list(d.GetPossibleLength()) + ":" + pattern
	}
	return ""
}

func list(lengths []int32) string {
	var out []string
	for _, l := range slices.SortedFunc(slices.Values(lengths), cmp.Compare[int32]) {
		out = append(out, strconv.Itoa(int(l)))
	}
	return strings.Join(out, ",")
}
