package match_test

import (
	"testing"

	"sluice/shared/match"
)

// TestEnquiries holds the fixed model against what a careful person would do
// with each case.
func TestEnquiries(t *testing.T) {
	type row = [6]string // name, company, e-mail, phone, city, country
	const merge, review, fresh = "merge", "review", "new"
	tests := []struct {
		why    string
		a, b   row
		common int
		want   string
	}{
		// The same name and company.
		{"name and company", row{"Vera Lindgrün", "Nordlicht GmbH"}, row{"Vera Lindgrün", "Nordlicht GmbH"}, 1, merge},
		{"legal form left out", row{"Vera Lindgrün", "Nordlicht GmbH"}, row{"Vera Lindgruen", "Nordlicht", "", "", "", "DE"}, 1, review},
		{"name, company, country", row{"Vera Lindgrün", "Nordlicht GmbH", "", "", "", "DE"}, row{"Vera Lindgrün", "Nordlicht", "", "", "", "DE"}, 1, merge},
		{"other way round", row{"Lindgrün, Vera", "Nordlicht GmbH"}, row{"Vera Lindgrün", "Nordlicht GmbH"}, 1, merge},
		{"name, company, city", row{"Vera Lindgrün", "Nordlicht", "", "", "Kiel", "DE"}, row{"Vera Lindgrün", "Nordlicht", "", "", "Kiel", "DE"}, 1, merge},
		{"common name and company", row{"Anna Schmidt", "Nordlicht GmbH"}, row{"Anna Schmidt", "Nordlicht GmbH"}, 40, review},
		{"name and company, another city", row{"Vera Lindgrün", "Nordlicht GmbH", "", "", "Kiel"}, row{"Vera Lindgrün", "Nordlicht GmbH", "", "", "Lübeck"}, 1, review},
		{"name and company, second address", row{"Vera Lindgrün", "Nordlicht GmbH", "vera@nordlicht.example"}, row{"Vera Lindgrün", "Nordlicht GmbH", "lindgruen@web.example"}, 1, merge},
		{"common name and company, second address", row{"Anna Schmidt", "Nordlicht GmbH", "anna@nordlicht.example"}, row{"Anna Schmidt", "Nordlicht GmbH", "as1980@web.example"}, 20, review},
		{"initial and company", row{"V. Lindgrün", "Nordlicht GmbH"}, row{"Vera Lindgrün", "Nordlicht GmbH"}, 1, review},
		{"nickname and company", row{"Bill Hartwell", "Acre Tools Ltd"}, row{"William Hartwell", "Acre Tools"}, 1, review},
		{"slip in the name, company, city", row{"Vera Lindgrünn", "Nordlicht", "", "", "Kiel"}, row{"Vera Lindgrün", "Nordlicht", "", "", "Kiel"}, 1, review},
		{"company written otherwise", row{"Vera Lindgrün", "Nordlicht Solar GmbH"}, row{"Vera Lindgrün", "Nordlicht Solar Nord GmbH"}, 1, review},
		// The name without more.
		{"name only", row{"Vera Lindgrün"}, row{"Vera Lindgrün"}, 1, review},
		{"common name only", row{"Anna Schmidt"}, row{"Anna Schmidt"}, 40, fresh},
		{"name and city", row{"Vera Lindgrün", "", "", "", "Kiel"}, row{"Vera Lindgrün", "", "", "", "Kiel"}, 1, review},
		{"name, city, country", row{"Vera Lindgrün", "", "", "", "Kiel", "DE"}, row{"Vera Lindgrün", "", "", "", "Kiel", "DE"}, 1, review},
		{"common name and city", row{"Anna Schmidt", "", "", "", "Berlin"}, row{"Anna Schmidt", "", "", "", "Berlin"}, 200, fresh},
		{"name, another city", row{"Anna Schmidt", "", "", "", "Berlin"}, row{"Anna Schmidt", "", "", "", "Kiel"}, 12, fresh},
		{"name, another company", row{"Vera Lindgrün", "Nordlicht"}, row{"Vera Lindgrün", "Bergmann Bau"}, 5, fresh},
		{"name, another country", row{"Anna Schmidt", "", "", "", "", "DE"}, row{"Anna Schmidt", "", "", "", "", "AT"}, 8, fresh},
		// Near misses of keys.
		{"digit off, same name", row{"Vera Lindgrün", "", "", "+4915112345678"}, row{"Vera Lindgrün", "", "", "+4915112335678"}, 1, merge},
		{"digits swapped, same name", row{"Vera Lindgrün", "", "", "+4915112345678"}, row{"Vera Lindgrün", "", "", "+4915112354678"}, 1, merge},
		{"digit off, common name", row{"Anna Schmidt", "", "", "+4915112345678"}, row{"Anna Schmidt", "", "", "+4915112335678"}, 60, review},
		{"digit off, another name", row{"Vera Lindgrün", "", "", "+4915112345678"}, row{"Oskar Brand", "", "", "+4915112335678"}, 1, fresh},
		{"digit off, no name", row{"", "", "", "+4915112345678"}, row{"Vera Lindgrün", "", "", "+4915112335678"}, 1, review},
		{"extension of a switchboard, another name", row{"Vera Lindgrün", "", "", "+49431555011"}, row{"Oskar Brand", "", "", "+49431555077"}, 1, fresh},
		{"extension of a switchboard, same name", row{"Vera Lindgrün", "", "", "+49431555011"}, row{"Vera Lindgrün", "", "", "+49431555077"}, 1, review},
		{"slip in the host, same name", row{"Vera Lindgrün", "", "v.lindgruen@gmail.com"}, row{"Vera Lindgrün", "", "v.lindgruen@gmial.com"}, 1, merge},
		{"slip in the host, no name", row{"", "", "v.lindgruen@gmail.com"}, row{"Vera Lindgrün", "", "v.lindgruen@gmial.com"}, 1, review},
		{"slip in the host, another name", row{"Oskar Brand", "", "info@kiel.example"}, row{"Vera Lindgrün", "", "info@kile.example"}, 1, fresh},
		{"same mailbox elsewhere, same name", row{"Vera Lindgrün", "", "v.lindgruen@gmail.com"}, row{"Vera Lindgrün", "", "v.lindgruen@web.example"}, 1, review},
		{"same mailbox elsewhere, same name and city", row{"Vera Lindgrün", "", "v.lindgruen@gmail.com", "", "Kiel"}, row{"Vera Lindgrün", "", "v.lindgruen@web.example", "", "Kiel"}, 1, review},
		{"same mailbox elsewhere, common name", row{"Anna Schmidt", "", "anna.schmidt@gmail.com"}, row{"Anna Schmidt", "", "anna.schmidt@web.example"}, 60, review},
		{"tag, same name", row{"Vera Lindgrün", "", "vera+offers@nordlicht.example"}, row{"Vera Lindgrün", "", "vera@nordlicht.example"}, 1, merge},
		{"host in common, another name", row{"Vera Lindgrün", "", "vera@nordlicht.example"}, row{"Oskar Brand", "", "brand@nordlicht.example"}, 1, fresh},
		{"another address and number", row{"Vera Lindgrün", "", "vera@nordlicht.example", "+4915112345678"}, row{"Vera Lindgrün", "", "post@bergmann.example", "+4317654321"}, 1, review},
		// One company, one household.
		{"colleague", row{"Vera Lindgrün", "Nordlicht GmbH"}, row{"Oskar Brand", "Nordlicht GmbH"}, 1, fresh},
		{"colleague, city, host", row{"Vera Lindgrün", "Nordlicht", "vera@nordlicht.example", "", "Kiel", "DE"}, row{"Oskar Brand", "Nordlicht", "oskar@nordlicht.example", "", "Kiel", "DE"}, 1, fresh},
		{"colleague of one family name", row{"Vera Brand", "Nordlicht GmbH"}, row{"Oskar Brand", "Nordlicht GmbH"}, 1, fresh},
		{"household", row{"Vera Brand", "", "", "", "Kiel", "DE"}, row{"Oskar Brand", "", "", "", "Kiel", "DE"}, 1, fresh},
		{"household, number alike", row{"Vera Brand", "", "", "+4943112345671", "Kiel"}, row{"Oskar Brand", "", "", "+4943112345672", "Kiel"}, 1, fresh},
		{"company only", row{"", "Nordlicht GmbH", "", "", "Kiel"}, row{"Vera Lindgrün", "Nordlicht GmbH", "", "", "Kiel"}, 1, fresh},
		{"nothing", row{}, row{}, 1, fresh},
		// Chinese names.
		{"two characters only", row{"王伟"}, row{"王伟"}, 50, fresh},
		{"two characters and city", row{"王伟", "", "", "", "北京"}, row{"王伟", "", "", "", "北京"}, 50, fresh},
		{"two characters and company", row{"王伟", "华夏机械有限公司"}, row{"王伟", "华夏机械"}, 50, review},
		{"two characters and company, not counted", row{"王伟", "华夏机械有限公司"}, row{"王伟", "华夏机械"}, 1, review},
		{"two characters, company, number off", row{"王伟", "华夏机械", "", "+8613812345678"}, row{"王伟", "华夏机械", "", "+8613812345687"}, 10, merge},
		{"three characters and company", row{"欧阳文静", "华夏机械有限公司"}, row{"欧阳文静", "华夏机械"}, 1, merge},
		{"characters and pinyin", row{"李小明", "华夏机械", "", "", "上海"}, row{"Li Xiaoming", "华夏机械", "", "", "上海"}, 1, review},
		{"given name first in pinyin", row{"Xiaoming Li", "华夏机械", "lixm@huaxia.example"}, row{"Li Xiaoming", "华夏机械", "lixm@qq.com"}, 1, merge},
		{"one family name", row{"王伟", "华夏机械"}, row{"王芳", "华夏机械"}, 50, fresh},
	}
	m := match.Enquiries()
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			e := m.Compare(m.Prepare(tt.a[:]), m.Prepare(tt.b[:]), tt.common)
			got := fresh
			switch {
			case e.Merge:
				got = merge
			case e.Probability >= match.DefaultReview:
				got = review
			}
			if got != tt.want {
				t.Errorf("%s at %.5f, want %s: %v", got, e.Probability, tt.want, e.Parts)
			}
			if back := m.Compare(m.Prepare(tt.b[:]), m.Prepare(tt.a[:]), tt.common); back.Weight != e.Weight {
				t.Errorf("weight %v, the other way round %v", e.Weight, back.Weight)
			}
		})
	}
}
