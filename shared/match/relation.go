package match

import "math"

// The relations that are told apart from being one.
const (
	household  = "one household"
	colleagues = "one company"
	premises   = "one address" // two companies in one house
	branches   = "one name"    // branches of a company
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
	premises: {
		Company: .01, Email: .05, Phone: .3, Date: .02, Postcode: .999, City: .999, Address: .99, Number: .99, Category: .5, ID: .01, Text: .01,
	},
	branches: {
		Company: .99, Email: .1, Phone: .03, Date: .05, Postcode: .01, City: .2, Address: .005, Number: .005, Category: .95, ID: .01, Text: .5,
	},
}

// relationsOf returns the relations that can be among the rows of a table: such
// of people, where it names people.
func relationsOf(fields []Field, prior float64) []Relation {
	var given, shared, company, place bool
	for _, f := range fields {
		switch f.Kind {
		case Given, Full:
			given = true
		case Company:
			company = true
		case Address, Phone, Postcode:
			shared, place = true, true
		case Family:
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
	if company && !given && place {
		add(premises)
		add(branches)
	}
	return list
}

// doubtful reports whether a pair must not be merged without a person, whatever
// its weight: another given name, another name but for one part, or another day
// of birth may be a twin, a daughter, a father. In a table without people so it
// is with another company.
func doubtful(fields []Field, levels []uint8) bool {
	people := false
	for _, f := range fields {
		people = people || f.Kind == Given || f.Kind == Family || f.Kind == Full
	}
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
		case Company:
			if !people && (l == different || l == weak) {
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
