package identity

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// otherNames are names in use that CLDR does not give.
const otherNames = `CN prc peoplesrepublicofchina mainlandchina 中国大陆 中华人民共和国 内地 中國 chn
HK hongkong hongkongsar 香港 中国香港
MO macau 澳门 中国澳门
TW taiwan 台灣 台湾 中国台湾
US usa unitedstatesofamerica america us estadosunidos eeuu etatsunis vereinigtestaatenvonamerika amerika 美利坚合众国
GB uk greatbritain britain england scotland wales northernireland grossbritannien inglaterra angleterre 大不列颠
NL holland paysbas
CZ czechrepublic tschechischerepublik
RU russianfederation
KR korea southkorea republicofkorea sudkorea coreadelsur 大韩民国
KP dprk
TR turkey turkei turquia
CI ivorycoast
MM burma
MK macedonia
SZ swaziland
CV capeverde
AE uae emirates
VA holysee
DE brd bundesrepublikdeutschland germany
CH swiss
VN vietnam
IR persia
IE eire republicofireland
BO plurinationalstateofbolivia
`

// The names are generated: newer CLDR data fails here until they are written
// anew with -update.
func TestCountriesAreCurrent(t *testing.T) {
	names := map[string]string{}
	put := func(name, code string) {
		if key := placeKey(name); key != "" && names[key] == "" {
			names[key] = code
		}
	}
	regions := countryRegions(t)
	for _, region := range regions { // codes come before names that are written like one
		put(region.String(), region.String())
		put(region.ISO3(), region.String())
	}
	for line := range strings.SplitSeq(strings.TrimSpace(otherNames), "\n") {
		code, others, _ := strings.Cut(line, " ")
		for other := range strings.FieldsSeq(others) {
			put(other, code)
		}
	}
	for _, region := range regions {
		own, _ := language.MustParse("und-" + region.String()).Base()
		for _, in := range []language.Tag{language.English, language.SimplifiedChinese, language.German, language.Spanish, language.French,
			language.Italian, language.Portuguese, language.Japanese, language.TraditionalChinese, language.Make(own.String())} {
			if namer := display.Regions(in); namer != nil {
				put(namer.Name(region), region.String())
			}
		}
	}
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(names)) {
		lines = append(lines, key+"\t"+names[key])
	}
	holdTo(t, "countries.tsv", countries, strings.Join(lines, "\n"))
}

// countryRegions are the codes that ISO 3166-1 has given out.
func countryRegions(t *testing.T) []language.Region {
	t.Helper()
	var all []language.Region
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			region, err := language.ParseRegion(string([]rune{a, b}))
			if err != nil || !region.IsCountry() || region.Canonicalize() != region || region.String() != string([]rune{a, b}) {
				continue
			}
			switch region.String() { // CLDR's own, and reserved ones
			case "AC", "AN", "CP", "CQ", "CS", "DG", "EA", "EU", "EZ", "FQ", "IC", "NT", "PC", "QO", "SU", "TA", "UN", "XA", "XB", "XK", "YU", "ZZ":
				continue
			}
			all = append(all, region)
		}
	}
	if len(all) != 249 {
		t.Fatalf("%d countries: ISO 3166-1 has 249: %v", len(all), all)
	}
	return all
}
