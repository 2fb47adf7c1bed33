package identity

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMailbox(t *testing.T) {
	t.Parallel()
	tests := map[string]MailFacts{
		"ada@gmail.com":          {Provider: "gmail.com", Free: true},
		"ada@googlemail.com":     {Provider: "gmail.com", Free: true},
		"ada@hotmail.co.uk":      {Provider: "outlook.com", Free: true},
		"ada@vip.qq.com":         {Provider: "qq.com", Free: true},
		"ada@126.com":            {Provider: "163.com", Free: true},
		"ada@web.de":             {Provider: "web.de", Free: true},
		"ada@gmx.at":             {Provider: "gmx.net", Free: true},
		"ada@tuta.com":           {Provider: "tuta.com", Free: true},
		"ada@mailinator.com":     {Disposable: true},
		"ada@any.mailinator.com": {Disposable: true},
		"ada@mailinator.ibm.com": {},
		"ada@ibm.com":            {},
		"ada@outlook.ibm.com":    {},
		"info@ibm.com":           {Role: true},
		"sales2@ibm.com":         {Role: true},
		"info.berlin@ibm.com":    {Role: true},
		"support-de+x@ibm.com":   {Role: true},
		"sydney@ibm.com":         {},
		"no-reply@ibm.com":       {Role: true, Undeliverable: true},
		"noreply+7@ibm.com":      {Role: true, Undeliverable: true},
		"mailer-daemon@ibm.com":  {Role: true, Undeliverable: true},
		"asdf@ibm.com":           {Role: true, Undeliverable: true},
		"test@gmail.com":         {Provider: "gmail.com", Free: true, Role: true, Undeliverable: true},
		"aaaa@ibm.com":           {Undeliverable: true},
		"ada@example.com":        {Undeliverable: true},
		"ada@mail.example.org":   {Undeliverable: true},
		"ada@test.com":           {Undeliverable: true},
		"ada@intranet.local":     {Undeliverable: true},
		"ada@ibm.test":           {Undeliverable: true},
		"ada@ibm.notatld":        {Undeliverable: true},
		"ada@site.github.io":     {},
		"ada@firma.中国":           {},
		"Ada.B@gmial.com":        {Disposable: true, Suggest: "Ada.B@gmail.com"},
		"ada@gmai.com":           {Suggest: "ada@gmail.com"},
		"ada@gamil.com":          {Suggest: "ada@gmail.com"},
		"ada@gmail.con":          {Undeliverable: true, Suggest: "ada@gmail.com"},
		"ada@gmail.co":           {Suggest: "ada@gmail.com"},
		"ada@hotmial.com":        {Disposable: true, Suggest: "ada@hotmail.com"},
		"ada@outlok.com":         {Suggest: "ada@outlook.com"},
		"ada@yahho.com":          {Suggest: "ada@yahoo.com"},
		"ada@iclould.com":        {Suggest: "ada@icloud.com"},
		"ada@qq.con":             {Undeliverable: true, Suggest: "ada@qq.com"},
		"ada@163.con":            {Undeliverable: true, Suggest: "ada@163.com"},
		"ada@mail.com":           {Provider: "mail.com", Free: true},
		"ada@ymail.com":          {Provider: "yahoo.com", Free: true},
		"ada@aq.com":             {},
		"ada@live.de":            {Provider: "outlook.com", Free: true},
		"ada@xn--mnchen-3ya.de":  {},
	}
	for raw, want := range tests {
		address, err := Email(raw)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if got := Mailbox(address); got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", raw, got, want)
		}
	}
	if got := Mailbox(Address{}); got != (MailFacts{}) {
		t.Errorf("of no address is known %+v", got)
	}
}

// Whatever is suggested is an address at a provider that is well known, and
// nothing better is known for it.
func TestSuggestionsAreWellKnown(t *testing.T) {
	t.Parallel()
	known := strings.Fields(wellKnown)
	rapid.Check(t, func(t *rapid.T) {
		domain := rapid.SampledFrom(known).Draw(t, "domain")
		at := rapid.IntRange(0, len(domain)).Draw(t, "at")
		end := rapid.IntRange(at, min(at+1, len(domain))).Draw(t, "end")
		typed := domain[:at] + rapid.StringMatching(`[a-z]{0,1}`).Draw(t, "slip") + domain[end:]
		address, err := Email("ada@" + typed)
		if err != nil {
			t.Skip("no address")
		}
		facts := Mailbox(address)
		if facts.Suggest == "" {
			return
		}
		meant, err := Email(facts.Suggest)
		if err != nil || !listed(" "+wellKnown+" ", meant.Domain) {
			t.Fatalf("for %s is suggested %s (%v)", address.Full, facts.Suggest, err)
		}
		if again := Mailbox(meant); again.Suggest != "" || !again.Free || again.Undeliverable {
			t.Fatalf("%s, suggested for %s, is %+v", meant.Full, address.Full, again)
		}
	})
}

func TestWellKnownAreFree(t *testing.T) {
	t.Parallel()
	for domain := range strings.FieldsSeq(wellKnown) {
		if facts := Mailbox(Address{Full: "ada@" + domain, Domain: domain}); !facts.Free || facts.Disposable || facts.Undeliverable || facts.Suggest != "" {
			t.Errorf("%s is %+v", domain, facts)
		}
	}
}

func TestDomain(t *testing.T) {
	t.Parallel()
	tests := map[string]Site{
		"example.com":                        {"example.com", "example", "com"},
		"WWW.Example.CO.UK.":                 {"example.co.uk", "example", "co.uk"},
		"https://shop.example.com:8443/a?b#": {"example.com", "example", "com"},
		"ada.github.io":                      {"ada.github.io", "ada", "github.io"},
		"www.bücher.de":                      {"xn--bcher-kva.de", "bücher", "de"},
		"xn--bcher-kva.de":                   {"xn--bcher-kva.de", "bücher", "de"},
		"公司.公司.cn":                           {"xn--55qx5d.xn--55qx5d.cn", "公司", "xn--55qx5d.cn"},
		"ｅｘａｍｐｌｅ。com":                        {"example.com", "example", "com"},
		"user@mail.example.com":              {"example.com", "example", "com"},
		"192.0.2.1":                          {},
		"[2001:db8::1]":                      {},
		"2001:db8::1":                        {},
		"localhost":                          {},
		"com":                                {},
		"co.uk":                              {},
		"":                                   {},
		"..":                                 {},
		"exa mple.com":                       {},
		"example.com..":                      {},
		"http://":                            {},
		strings.Repeat("a.", 2000) + "com":   {},
	}
	for host, want := range tests {
		if got := Domain(host); got != want {
			t.Errorf("%q: got %+v, want %+v", host, got, want)
		}
	}
}

func FuzzDomain(f *testing.F) {
	for _, seed := range []string{"https://www.bücher.de:80/x", "[::1]", "a.b.ck", "xn--a", "..", "@", "://", "公司.cn"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		site := Domain(host)
		if site.Registrable == "" {
			if site != (Site{}) {
				t.Fatalf("%q is %+v", host, site)
			}
			return
		}
		if again := Domain(site.Registrable); again != site {
			t.Fatalf("%q is %+v, and that %+v", host, site, again)
		}
		if again := Domain("www." + site.Registrable); len(site.Registrable) < 240 && again != site {
			t.Fatalf("below %+v is %+v", site, again)
		}
	})
}

func FuzzMailbox(f *testing.F) {
	for _, seed := range []string{"ada@gmial.com", "no-reply+x@mail.example.com", "+@b.co", "a@xn--55qx5d.cn", "a@b.c.d.e.f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		address, err := Email(raw)
		if err != nil {
			return
		}
		facts := Mailbox(address)
		if facts.Free && facts.Disposable || facts.Free && facts.Suggest != "" || facts.Free && facts.Provider == "" {
			t.Fatalf("%q is %+v", raw, facts)
		}
	})
}

func FuzzEmailSyntax(f *testing.F) {
	for _, seed := range []string{"ada@example.com", `"a b"@example.com`, "a(b(c))@[IPv6:::1]", "a@b\r\n ", "(\\", "\"\\\x00\"@a", "a.@b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		syntax := EmailSyntax(raw)
		if address, err := Email(raw); err == nil && address.Full == raw && plain(strings.ToLower(raw)) && syntax == SyntaxError {
			t.Fatalf("%q is an error, yet read", raw)
		}
	})
}

func BenchmarkMailbox(b *testing.B) {
	for name, raw := range map[string]string{"free": "ada@gmail.com", "company": "ada@mail.ibm.com", "mistyped": "ada@gmial.com"} {
		address, err := Email(raw)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Mailbox(address)
			}
		})
	}
}

func BenchmarkEmailSyntax(b *testing.B) {
	for b.Loop() {
		EmailSyntax(`"a b"(c)@example.com`)
	}
}
