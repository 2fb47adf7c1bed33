package match

// Enquiries is the fixed model by which a new enquiry is compared with stored
// persons. Its fields are full name, company, email, phone, city, country.
func Enquiries() *Model { return &Model{} }
