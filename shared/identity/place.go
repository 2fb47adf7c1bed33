package identity

// City is the key to compare cities by.
func City(raw string) string { return Name(raw) }

// Country is a country's ISO 3166-1 alpha-2 code, or "".
func Country(raw string) string { return "" }

// Postcode is the key to compare postcodes by.
func Postcode(raw string) string { return Name(raw) }
