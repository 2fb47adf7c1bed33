package match

import "fmt"

// Kind says what a column holds, and so how its values are compared.
type Kind string

// The kinds of column.
const (
	Full     Kind = "full"     // a person's whole name, or several people's
	Given    Kind = "given"    // given names
	Family   Kind = "family"   // family names
	Company  Kind = "company"  // a company's name
	Email    Kind = "email"    // an e-mail address
	Phone    Kind = "phone"    // a phone number
	Date     Kind = "date"     // a day, such as a date of birth
	Postcode Kind = "postcode" // a postal code
	City     Kind = "city"     // a place
	Address  Kind = "address"  // a street, a house, any part of an address
	Number   Kind = "number"   // a quantity, a year, a house number
	Category Kind = "category" // one of a few values
	ID       Kind = "id"       // a number or code that somebody issued
	Text     Kind = "text"     // a title, free wording
)

// Kinds lists the kinds in the order of documentation.
func Kinds() []Kind {
	return []Kind{Full, Given, Family, Company, Email, Phone, Date, Postcode, City, Address, Number, Category, ID, Text}
}

// ReadKind returns the kind of a name; "dob" is a date.
func ReadKind(name string) (Kind, error) {
	if name == "dob" {
		return Date, nil
	}
	for _, k := range Kinds() {
		if string(k) == name {
			return k, nil
		}
	}
	return "", fmt.Errorf("read kind: no kind is called %q", name)
}
