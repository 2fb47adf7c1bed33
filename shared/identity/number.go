package identity

import (
	"strings"
	"unicode"
)

// National numbers have between two and seventeen digits: the ITU says fifteen
// at most, calling code included, and Germany has longer ones. The bounds are
// libphonenumber's.
const (
	minNational = 2
	maxNational = 17

	// No country's numbers are shorter: Niue and Saint Helena have four digits.
	shortestWhole = 4
)

// dialled is what somebody wrote as a number, cleaned: digits, and whether a
// plus stood before them.
type dialled struct {
	digits string
	plus   bool
}

// number is a dialled number split at its calling code, with the territory
// whose rules it was read by. Region and line are known once it is located.
type number struct {
	code, national string
	by             *territory
	region         string
	line           Line
}

// read splits a dialled number as somebody in the home territory means it. The
// steps are libphonenumber's: plus or international prefix, calling code
// written without either, then national prefix. home may be nil; then only an
// international number can be read.
func (d dialled) read(home *territory) (number, *Fault) {
	n, fault := d.split(home)
	if fault != nil {
		return number{}, fault
	}
	n.national = n.by.stripTrunk(n.national)
	switch {
	case len(n.national) < minNational:
		return number{}, phoneFault(TooShort)
	case len(n.national) > maxNational:
		return number{}, phoneFault(TooLong)
	}
	return n, nil
}

func (d dialled) split(home *territory) (number, *Fault) {
	if d.plus {
		if n, ok := international(d.digits); ok {
			return n, nil
		}
		// People write a plus before the international prefix as well.
		if rest, ok := stripDialOut(home, d.digits); ok {
			if n, ok := international(rest); ok {
				return n, nil
			}
		}
		if len(d.digits) <= minNational {
			return number{}, phoneFault(TooShort)
		}
		return number{}, phoneFault(Impossible)
	}
	switch {
	case home == nil && len(d.digits) < shortestWhole:
		return number{}, phoneFault(TooShort)
	case home == nil:
		return number{}, phoneFault(NoCountry)
	}
	if rest, ok := stripDialOut(home, d.digits); ok {
		if len(rest) <= minNational {
			return number{}, phoneFault(TooShort)
		}
		if n, ok := international(rest); ok {
			return n, nil
		}
		return number{}, phoneFault(Impossible)
	}
	if rest, ok := strings.CutPrefix(d.digits, home[colCode]); ok && home.betterWithout(d.digits, rest) {
		return number{code: home[colCode], national: home.stripTrunk(rest), by: mainTerritory(home)}, nil
	}
	return number{code: home[colCode], national: d.digits, by: home}, nil
}

// betterWithout reports whether digits that begin with the home calling code
// are a number only once it is taken away.
func (t *territory) betterWithout(whole, rest string) bool {
	return !t.general(whole) && t.general(t.stripTrunk(rest)) || t.fit(whole) == fitLong
}

// general is the general pattern alone, without the lengths.
func (t *territory) general(national string) bool {
	_, pattern, _ := strings.Cut(t[colGeneral], ":")
	return compiled("^(?:" + pattern + ")$").MatchString(national)
}

// international splits digits that begin with a calling code; none begins with
// a zero.
func international(digits string) (number, bool) {
	if len(digits) <= minNational || digits[0] == '0' {
		return number{}, false
	}
	for i := 1; i <= min(3, len(digits)); i++ {
		if found := byCode(digits[:i]); found != nil {
			return number{code: digits[:i], national: digits[i:], by: found[0]}, true
		}
	}
	return number{}, false
}

func mainTerritory(t *territory) *territory { return byCode(t[colCode])[0] }

// stripDialOut takes the prefix off that is dialled at home for numbers abroad.
func stripDialOut(home *territory, digits string) (string, bool) {
	if home == nil || home[colDialOut] == "" {
		return "", false
	}
	at := compiled("^(?:" + home[colDialOut] + ")").FindStringIndex(digits)
	if at == nil || strings.HasPrefix(digits[at[1]:], "0") {
		return "", false
	}
	return digits[at[1]:], true
}

// stripTrunk takes the national prefix off, or puts what it stands for in its
// place, unless a viable number would become none.
func (t *territory) stripTrunk(national string) string {
	if t[colTrunk] == "" || national == "" {
		return national
	}
	re := compiled("^(?:" + t[colTrunk] + ")")
	at := re.FindStringSubmatchIndex(national)
	if at == nil {
		return national
	}
	bare := national[at[1]:]
	if last := at[len(at)-2]; t[colTransform] != "" && last >= 0 {
		bare = re.ReplaceAllString(national, t[colTransform])
	}
	if t.general(national) && !t.general(bare) {
		return national
	}
	return bare
}

// locate finds the territory within the calling code that has the number, and
// the kind of line it is there; no territory has an impossible one.
func (n number) locate() (number, bool) {
	shared := byCode(n.code)
	for _, t := range shared {
		line := Line("")
		if lead := t[colLeading]; lead == "" || len(shared) == 1 {
			line = t.line(n.national)
		} else if compiled("^(?:" + lead + ")").MatchString(n.national) {
			line = t.line(n.national)
			n.region, n.line = t[colRegion], line
			return n, line != ""
		}
		if line != "" {
			n.region, n.line = t[colRegion], line
			return n, true
		}
	}
	return n, false
}

// digitOf is the value of a decimal digit of any script. Unicode encodes each
// script's digits in a row from zero, and so do the ranges of the table begin
// with a zero.
func digitOf(r rune) (byte, bool) {
	if r < 0x80 {
		return byte(r), '0' <= r && r <= '9'
	}
	for _, span := range unicode.Nd.R16 {
		if rune(span.Lo) <= r && r <= rune(span.Hi) {
			return '0' + byte((r-rune(span.Lo))%10), true
		}
	}
	for _, span := range unicode.Nd.R32 {
		if rune(span.Lo) <= r && r <= rune(span.Hi) {
			return '0' + byte((r-rune(span.Lo))%10), true
		}
	}
	return 0, false
}
