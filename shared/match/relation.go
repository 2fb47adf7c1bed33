package match

import (
	"math"
	"slices"
)

// The relations that are told apart from being one.
const (
	household  = "one household"
	colleagues = "one company" // or a switchboard, or a mailbox
	premises   = "one address" // two companies in one house
	branches   = "one name"    // branches of a company
	works      = "one maker"   // two things of the same people, such as two editions
)

// shares says for each kind how often two who are related agree in it as if
// they were one entity; else they agree as strangers do. Given names and days of
// birth are shared by fathers and sons, and by twins.
var shares = map[string]map[Kind]float64{
	household: {
		Given: .05, Family: .97, Full: .05, Company: .1, Email: .1, Phone: .6, Date: .04, Postcode: .999, City: .999,
		Address: .999, Number: .999, Category: .99, ID: .001, Text: .05,
	},
	colleagues: {
		Given: .001, Family: .01, Full: .005, Company: .99, Email: .3, Phone: .6, Date: .002, Postcode: .8, City: .9,
		Address: .8, Number: .8, Category: .9, ID: .02, Text: .1,
	},
	premises: {
		Company: .01, Email: .05, Phone: .3, Date: .02, Postcode: .999, City: .999, Address: .99, Number: .99, Category: .5, ID: .01, Text: .01,
	},
	branches: {
		Company: .99, Email: .1, Phone: .03, Date: .05, Postcode: .01, City: .2, Address: .005, Number: .005, Category: .95, ID: .01, Text: .5,
	},
	works: {
		Full: .9, Given: .9, Family: .9, Company: .95, Email: .9, Phone: .9, Date: .03, Postcode: .9, City: .9, Address: .9, Number: .03, Category: .1, ID: .01, Text: .03,
	},
}

// relationsOf returns the relations that can be among the rows of a table: such
// of people, where it names people.
func relationsOf(fields []Field, prior float64) []Relation {
	var given, shared, company, place, text bool
	for _, f := range fields {
		switch f.Kind {
		case Given, Full:
			given = true
		case Company:
			company = true
		case Text:
			text = true
		case Address, Phone, Postcode, Email:
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
	if given && (company || shared) {
		add(colleagues)
	}
	if company && !given && place {
		add(premises)
		add(branches)
	}
	if text && (given || company) {
		add(works)
	}
	return list
}

// doubtful reports whether a pair must not be merged without a person, whatever
// its weight: another given name, another name but for one part, or another day
// of birth may be a twin, a daughter, a father. In a table without people so it
// is with another company.
func doubtful(fields []Field, levels []uint8) bool {
	for c, f := range fields {
		l := levels[c]
		switch f.Kind {
		case Given:
			if l == different || l == weak || l == fair {
				return true
			}
		case Full:
			if l == different || l == weak || l == part {
				return true
			}
		case Company:
			if (l == different || l == weak) && !people(fields) {
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

// people reports whether a table names people.
func people(fields []Field) bool {
	return slices.ContainsFunc(fields, func(f Field) bool { return f.Kind == Given || f.Kind == Family || f.Kind == Full })
}

// partly says for kinds whose values are alike among related entities without
// being equal how often they are, by level: two of one family name, two titles
// with words in common.
var partly = map[string]map[Kind][levelCount]float64{
	household:  {Full: {weak: .8}},
	colleagues: {Phone: {weak: .3}, Email: {part: .6}},
	premises:   {Phone: {weak: .4}},
	works:      {Text: {weak: .25, part: .2, fair: .1, near: .03}},
}

func log2(x float64) float64 { return math.Log2(x) }
