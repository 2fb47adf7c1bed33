package match

import "math"

// household and colleagues are the relations that are told apart from being one.
const (
	household  = "one household"
	colleagues = "one company"
)

// shares says for each kind how often two who are related agree in it as if
// they were one entity; else they agree as strangers do. Given names and days of
// birth are shared by fathers and sons, and by twins.
var shares = map[string]map[Kind]float64{
	household: {
		Given: .02, Family: .97, Full: .02, Company: .1, Email: .1, Phone: .6, Date: .02, Postcode: .999, City: .999,
		Address: .999, Number: .999, Category: .99, ID: .001, Text: .05,
	},
	colleagues: {
		Given: .001, Family: .01, Full: .005, Company: .999, Email: .03, Phone: .4, Date: .002, Postcode: .95, City: .99,
		Address: .95, Number: .95, Category: .99, ID: .02, Text: .1,
	},
}

// relationsOf returns the relations that can be among the rows of a table: such
// of people, where it names people.
func relationsOf(fields []Field, prior float64) []Relation {
	var given, shared, company bool
	for _, f := range fields {
		switch f.Kind {
		case Given, Full:
			given = true
		case Company:
			company = true
		case Address, Phone, Family, Postcode:
			shared = true
		}
	}
	var list []Relation
	add := func(name string) {
		r := Relation{Name: name, Prior: prior}
		for _, f := range fields {
			r.Share = append(r.Share, shares[name][f.Kind])
		}
		list = append(list, r)
	}
	if given && shared {
		add(household)
	}
	if given && company {
		add(colleagues)
	}
	return list
}

// doubtful reports whether a pair must not be merged without a person, whatever
// its weight: another given name, another name but for one part, or another day
// of birth may be a twin, a daughter, a father.
func doubtful(fields []Field, levels []uint8) bool {
	for c, f := range fields {
		l := levels[c]
		switch f.Kind {
		case Given:
			if l == different || l == weak || l == fair {
				return true
			}
		case Full:
			if l == different || l == weak {
				return true
			}
		case Date:
			if l == different || l == weak {
				return true
			}
		}
	}
	return false
}

func log2(x float64) float64 { return math.Log2(x) }
