package match_test

import (
	"fmt"
	"strings"

	"sluice/shared/match"
)

var firmFields = []match.Field{
	{Name: "firm", Kind: match.Company}, {Name: "street", Kind: match.Address}, {Name: "city", Kind: match.City}, {Name: "zip", Kind: match.Postcode},
	{Name: "phone", Kind: match.Phone}, {Name: "mail", Kind: match.Email}, {Name: "branch", Kind: match.Category},
}

// firms makes a table of companies: with legal forms or without, branches of
// one name in other cities, several firms in one house.
func (m *maker) firms(n int, duplicates float64) (match.Table, []string) {
	trades := strings.Fields("logistics tools software bakery motors textiles energy consulting foods printing garden steel")
	forms := []string{"", " Ltd", " Limited", " GmbH", " Inc.", " LLC"}
	if m.language == "zh" {
		trades, forms = strings.Fields("机械 软件 食品 能源 贸易 物流 电子 纺织"), []string{"", "有限公司", "股份有限公司"}
	}
	var rows [][]string
	var truth []string
	entities := 0
	add := func(row []string) {
		entities++
		add := func(r []string) { rows, truth = append(rows, r), append(truth, fmt.Sprint(entities)) }
		add(row)
		if m.Float64() >= duplicates {
			return
		}
		copied := append([]string(nil), row...)
		name, _, _ := strings.Cut(copied[0], forms[len(forms)-1])
		copied[0] = name + forms[m.IntN(len(forms))]
		for i := range copied {
			switch {
			case i > 0 && m.Float64() < m.gaps:
				copied[i] = ""
			case m.Float64() < m.typos:
				copied[i] = m.slip(copied[i])
			}
		}
		if m.IntN(6) == 0 {
			copied[4] = m.phone()
		}
		add(copied)
	}
	for len(rows) < n {
		name, trade := m.families[m.IntN(len(m.families))], trades[m.IntN(len(trades))]
		if m.language == "zh" {
			name += m.givens[m.IntN(len(m.givens))]
		}
		form := forms[m.IntN(len(forms))]
		at := func() []string {
			p := m.person()
			space := " "
			if m.language == "zh" {
				space = ""
			}
			return []string{name + space + trade + form, p.street + " " + p.house, p.city, p.zip, m.phone(), fmt.Sprintf("info@%s.example", m.mail(p)[:4]+fmt.Sprint(entities)), trade}
		}
		first := at()
		add(first)
		switch m.IntN(12) {
		case 0: // a branch
			add(at())
		case 1: // another firm in the house
			name, trade = m.families[m.IntN(len(m.families))]+"s", trades[m.IntN(len(trades))]
			other := at()
			copy(other[1:4], first[1:4])
			if m.IntN(3) == 0 {
				other[4] = first[4]
			}
			add(other)
		}
	}
	return match.Table{Fields: firmFields, Rows: rows}, truth
}
