package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sluice/shared/hours"
	"sluice/shared/rule"
)

func contactFaults(d Document) []rule.Problem {
	c := &checker{}
	if d.Contact.Quiet != nil {
		c.problems = append(c.problems, hours.CheckQuiet(*d.Contact.Quiet, "contact.quiet")...)
	}
	for _, country := range slices.Sorted(maps.Keys(d.Contact.Zones)) {
		at := "contact.zones." + country
		c.country(at, country)
		for _, fault := range hours.CheckWeek(hours.Week{Zone: d.Contact.Zones[country]}, at) {
			c.report(at, "%s", fault.Text)
		}
	}
	if d.Region != "" {
		c.country("region", d.Region)
	}
	for i, f := range d.Forms {
		if f.Region != "" {
			c.country(fmt.Sprintf("forms[%d].region", i), f.Region)
		}
	}
	return c.problems
}

func (c *checker) countries(path string, codes []string) {
	for i, code := range codes {
		c.country(fmt.Sprintf("%s[%d]", path, i), code)
	}
}

func (c *checker) country(path, code string) {
	if !slices.Contains(strings.Fields(countries), code) {
		c.report(path, "there is no country %.40q: write two letters as ISO 3166 does, such as CN, or GB for the United Kingdom", code)
	}
}

// countries are the codes of ISO 3166-1, and XK, by which telephone numbers of
// Kosovo are known.
const countries = `
	AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
	CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
	GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
	KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
	MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
	SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
	UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`
