package identity

// Company is what a company's name really is.
type Company struct {
	Name string // tidied, as written
	Key  string // to compare by: without the legal form
	Form string // the legal form, as in the table of forms; "" for none
}

// ReadCompany takes a company's name apart.
func ReadCompany(raw string) Company { return Company{Name: Name(raw), Key: Name(raw)} }
