package identity

import "strings"

// wellKnown are the mail domains that are looked for behind a slip of the
// fingers: those with the most users.
const wellKnown = "gmail.com googlemail.com hotmail.com outlook.com yahoo.com icloud.com live.com protonmail.com " +
	"foxmail.com 163.com 126.com yeah.net sina.com sohu.com aliyun.com 139.com qq.com " +
	"hotmail.de hotmail.fr hotmail.it hotmail.es hotmail.co.uk outlook.de outlook.fr outlook.es yahoo.de yahoo.fr yahoo.es yahoo.it " +
	"yahoo.co.uk yahoo.co.jp yahoo.com.br web.de gmx.de gmx.net gmx.at gmx.ch t-online.de freenet.de arcor.de " +
	"orange.fr wanadoo.fr laposte.net libero.it virgilio.it tiscali.it terra.com.br comcast.net verizon.net bellsouth.net sbcglobal.net " +
	"yandex.ru rambler.ru seznam.cz"

// likelyMeant is the well-known domain of which one is a slip: one letter more,
// less or other, or two swapped. Short names have too many true neighbours, so
// that in them only the ending may be wrong.
func likelyMeant(domain string) string {
	if len(domain) > 20 {
		return ""
	}
	for known := range strings.SplitSeq(wellKnown, " ") {
		if domain == known {
			return ""
		}
	}
	for known := range strings.SplitSeq(wellKnown, " ") {
		label, ending, _ := strings.Cut(known, ".")
		theirLabel, theirEnding, _ := strings.Cut(domain, ".")
		switch {
		case theirLabel == label:
			if ending == "com" && slipped(theirEnding) {
				return known
			}
		case ending == theirEnding && len(label) >= 5 && oneSlip(theirLabel, label),
			ending == "com" && len(label) >= 5 && slipped(theirEnding) && oneSlip(theirLabel, label),
			domain == label+strings.ReplaceAll(ending, ".", ""): // the dot is missing: then there is no top-level domain
			return known
		}
	}
	return ""
}

// slipped lists what .com is mistyped as. Columbia's .co and Cameroon's .cm and
// Oman's .om are real, yet no large provider has its mail there.
func slipped(ending string) bool {
	return listed(" con cmo ocm comm coom cpm vom xom cim clm co cm om c ccom como comn coml ", ending)
}

// oneSlip reports whether two words are a Damerau distance of one apart, the
// first letter being right.
func oneSlip(a, b string) bool {
	if a == "" || b == "" || a == b || a[0] != b[0] && !strings.HasSuffix(a, b) && !(len(a) > 1 && a[0] == b[1] && a[1] == b[0]) {
		return false
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	start := 0
	for start < len(a) && a[start] == b[start] {
		start++
	}
	restA, restB := a[start:], b[start:]
	if len(a) < len(b) {
		return restA == restB[1:]
	}
	return restA[1:] == restB[1:] ||
		len(restA) > 1 && restA[0] == restB[1] && restA[1] == restB[0] && restA[2:] == restB[2:]
}
