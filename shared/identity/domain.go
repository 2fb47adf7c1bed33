package identity

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Site is who a host name belongs to.
type Site struct {
	Registrable string // what somebody registered, in lower-case ASCII: example.co.uk, xn--bcher-kva.example
	Label       string // its own label in Unicode, to compare with names: example, bücher
	Suffix      string // the public suffix, in lower-case ASCII: co.uk
}

// Domain finds what was registered of a host name, by the public suffix list
// with its private part: every shop under myshopify.com is one of its own. A
// URL's scheme, port and path are dropped. It is empty for addresses, names of
// one label, and public suffixes themselves.
func Domain(host string) Site {
	name := hostOf(host)
	if name == "" {
		return Site{}
	}
	registrable, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return Site{}
	}
	label, suffix, _ := strings.Cut(registrable, ".")
	if unicode, err := idna.ToUnicode(label); err == nil {
		label = unicode
	}
	return Site{Registrable: registrable, Label: label, Suffix: suffix}
}

// hostOf is the host name in what somebody wrote as one, in lower-case ASCII;
// "" where there is none.
func hostOf(written string) string {
	const longest = 2048 // of a URL in practice
	if len(written) > longest {
		return ""
	}
	text := strings.TrimSpace(strings.Map(narrow, written))
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	text = strings.TrimPrefix(text, "//")
	if end := strings.IndexAny(text, "/?#"); end >= 0 {
		text = text[:end]
	}
	text = text[strings.LastIndexByte(text, '@')+1:]
	if _, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return ""
	}
	text, _, _ = strings.Cut(text, ":")
	domain, fault := mailDomain(strings.TrimSuffix(text, "."))
	if fault != nil {
		return ""
	}
	return domain
}
