package identity

import (
	"strings"
	"testing"
)

func TestEmailSyntax(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", maxLocalPart)
	tests := map[Syntax][]string{
		SyntaxValid: {"ada@example.com", "a.d+a@b-c.example", "!#$%&'*+-/=?^_`{|}~@example.com", long + "@example.com", "A@EXAMPLE.COM"},
		SyntaxOdd: {`"a b"@example.com`, `"\""@example.com`, `"a".b@example.com`, "(x)ada(y(z))@example.com", "ada@[192.0.2.1]", "ada@[IPv6:::1]", "ada@localhost",
			"ada @ example . com", "ada@example.com\r\n ", " ada@example.com", long + "a@example.com", "ada@under_score.example", "ada@192.0.2.1"},
		SyntaxError: {"", "@", "ada", "ada@", "@example.com", ".ada@example.com", "ada.@example.com", "a..b@example.com", "a b@example.com", "ada@example..com",
			"ada@-example.com", "ada@example-.com", `"ada@example.com`, `a"b"@example.com`, "(ada@example.com", "ada@[192.0.2.1", "ada@[[]", "ada@example.com\n",
			"ada@example.com\r\n", "ada\x00@example.com", "\"a\x00\"@example.com", "adé@example.com", "ada@example.com)", "ada@b@example.com", "ada@example.com.", `"\`, `(\`},
	}
	for want, all := range tests {
		for _, address := range all {
			if got := EmailSyntax(address); got != want {
				t.Errorf("%q is %s, want %s", address, got, want)
			}
		}
	}
}
