package identity

import "strings"

// mailbox is an address whose local part is in lower case. RFC 5321 leaves case
// to the receiver; no provider of note tells mailboxes apart by it.
type mailbox struct{ local, domain string }

// provider says which ways to write an address lead to the same mailbox. Only
// what a provider documents is in the table: two people must never become one.
type provider struct {
	tag    string // begins the part that is ignored; "" for none
	dots   bool   // dots are ignored
	domain string // the domain that stands for all of the provider's; "" keeps it
}

// key writes a mailbox in the one way that stands for all.
func (m mailbox) key() string {
	rule := providerOf(m.domain)
	local, domain := m.local, m.domain
	if rule.tag != "" {
		local, _, _ = strings.Cut(local, rule.tag)
	}
	if rule.dots {
		local = strings.ReplaceAll(local, ".", "")
	}
	if !dotAtom(local) { // nothing but a tag
		local = m.local
	}
	if rule.domain != "" {
		domain = rule.domain
	}
	return local + "@" + domain
}

// providerOf looks a domain up. Domains that a provider hosts for others
// cannot be told by their name and have no rule.
func providerOf(domain string) provider {
	switch domain {
	case "gmail.com", "googlemail.com":
		// Dots: support.google.com/mail/answer/7436150; tags:
		// support.google.com/mail/answer/22370; one mailbox under both names:
		// support.google.com/mail/answer/10313.
		return provider{tag: "+", dots: true, domain: "gmail.com"}
	case "msn.com", "passport.com":
		return microsoft
	case "icloud.com", "me.com", "mac.com":
		// Tags as in validator.js; that the three names lead to one mailbox is
		// true of older accounts only, so they are kept apart.
		return provider{tag: "+"}
	case "fastmail.com", "fastmail.fm":
		// fastmail.help/hc/en-us/articles/360060591053
		return provider{tag: "+"}
	case "proton.me", "protonmail.com", "protonmail.ch", "pm.me":
		// proton.me/support/addresses-and-aliases
		return provider{tag: "+"}
	case "ymail.com", "rocketmail.com":
		return yahoo
	case "yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "ya.ru":
		// One mailbox under all of them, tags: yandex.com/support/mail (special
		// addresses); the merge as in validator.js.
		return provider{tag: "+", domain: "yandex.ru"}
	case "mailbox.org", "posteo.de", "hey.com", "zohomail.com":
		return provider{tag: "+"} // each provider's help on sub-addresses
	case "yahoo.co.jp": // another company
		return provider{}
	}
	switch brand, country, _ := strings.Cut(domain, "."); brand {
	case "outlook", "hotmail", "live":
		if isCountryEnding(country) {
			return microsoft
		}
	case "yahoo":
		if isCountryEnding(country) {
			return yahoo
		}
	}
	return provider{}
}

var (
	// learn.microsoft.com/exchange/recipients-in-exchange-online/plus-addressing-in-exchange-online
	microsoft = provider{tag: "+"}
	// Disposable addresses are base-keyword, and no account name has a hyphen:
	// help.yahoo.com/kb/SLN3523.html.
	yahoo = provider{tag: "-"}
)

// isCountryEnding tells com, fr, co.uk, com.ar from a domain of its own.
func isCountryEnding(ending string) bool {
	for label := range strings.SplitSeq(ending, ".") {
		if len(label) < 2 || len(label) > 3 {
			return false
		}
	}
	return strings.Count(ending, ".") <= 1
}
