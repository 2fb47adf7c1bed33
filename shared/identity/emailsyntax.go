package identity

// Syntax is what RFC 5321 and 5322 say of an address.
type Syntax string

// The verdicts on an address.
const (
	SyntaxValid Syntax = "valid"
	SyntaxOdd   Syntax = "odd" // allowed or once allowed, and never meant on a form
	SyntaxError Syntax = "error"
)

// EmailSyntax judges the syntax of an address.
func EmailSyntax(address string) Syntax { return SyntaxError }
