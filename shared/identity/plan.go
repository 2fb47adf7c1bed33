package identity

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// plan is the world's numbering plan, one territory a line, territories of one
// calling code in the order in which they are tried. It is libphonenumber's
// metadata (Apache-2.0) without the formats, written by TestPlanIsCurrent from
// github.com/nyaruka/phonenumbers, whose own tables cost five milliseconds to
// unpack at every start. Text needs no unpacking: a line is looked up when a
// number asks for it, and its patterns are compiled then.
//
//go:embed plan.tsv
var plan string

// The columns of a line.
const (
	colCode      = iota // country calling code
	colRegion           // ISO 3166 alpha-2, or 001 for codes of no country
	colDialOut          // pattern of the international prefix dialled there
	colTrunk            // pattern of the national prefix
	colTransform        // what replaces the national prefix, $1-style
	colLeading          // pattern that tells the territory within a shared code
	colLocal            // lengths that work only inside an area
	colGeneral          // any national number; then one column a line type
	colPremium
	colTollFree
	colShared
	colVoIP
	colPersonal
	colPager
	colUniversal
	colVoicemail
	colFixed
	colMobile
	columns
)

// sameAsFixed stands in the mobile column of a territory that does not tell
// mobile from fixed lines.
const sameAsFixed = "="

// territory is one line of the plan.
type territory [columns]string

func parseTerritory(line string) *territory {
	var t territory
	for i := range t {
		t[i], line, _ = strings.Cut(line, "\t")
	}
	return &t
}

// byRegion finds a country's line; nil where the region is not in the plan.
func byRegion(region string) *territory {
	if len(region) != 2 {
		return nil
	}
	at := strings.Index(plan, "\t"+region+"\t")
	if at < 0 {
		return nil
	}
	start := strings.LastIndexByte(plan[:at], '\n') + 1
	line, _, _ := strings.Cut(plan[start:], "\n")
	return parseTerritory(line)
}

// byCode finds the lines of a calling code, the main one first; nil where the
// code is not in use.
func byCode(code string) []*territory {
	mark := "\n" + code + "\t"
	at := strings.Index(plan, mark)
	if at < 0 {
		return nil
	}
	var found []*territory
	for rest := plan[at:]; strings.HasPrefix(rest, mark); {
		line, _, more := strings.Cut(rest[1:], "\n")
		found = append(found, parseTerritory(line))
		if !more {
			break
		}
		rest = rest[1+len(line):]
	}
	return found
}

// patterns keeps the compiled patterns of the plan: bounded by the plan, and
// each the same whoever compiled it.
var patterns sync.Map

func compiled(expr string) *regexp.Regexp {
	if re, ok := patterns.Load(expr); ok {
		return re.(*regexp.Regexp)
	}
	re, _ := patterns.LoadOrStore(expr, regexp.MustCompile(expr))
	return re.(*regexp.Regexp)
}

// matches reports whether a national number is one of the column's kind.
func (t *territory) matches(column int, national string) bool {
	lengths, pattern, ok := strings.Cut(t[column], ":")
	if !ok || lengths != "" && !hasLength(lengths, len(national)) {
		return false
	}
	return compiled("^(?:" + pattern + ")$").MatchString(national)
}

func hasLength(lengths string, n int) bool {
	want := strconv.Itoa(n)
	for l := range strings.SplitSeq(lengths, ",") {
		if l == want {
			return true
		}
	}
	return false
}

// fit says how a number's length compares with a territory's numbers.
type fit int

const (
	fitPossible fit = iota
	fitLocal        // lacks the area code
	fitShort
	fitLong
	fitNone // between two possible lengths
)

func (t *territory) fit(national string) fit {
	n := len(national)
	if t[colLocal] != "" && hasLength(t[colLocal], n) {
		return fitLocal
	}
	list, _, _ := strings.Cut(t[colGeneral], ":")
	var lengths []int
	for l := range strings.SplitSeq(list, ",") {
		length, _ := strconv.Atoi(l)
		lengths = append(lengths, length)
	}
	switch {
	case slices.Contains(lengths, n):
		return fitPossible
	case n < slices.Min(lengths):
		return fitShort
	case n > slices.Max(lengths):
		return fitLong
	}
	return fitNone
}

// line tells what kind of line a national number is; "" where the territory
// has no such number. The order is libphonenumber's: a pattern later in it may
// cover an earlier one.
func (t *territory) line(national string) Line {
	if !t.matches(colGeneral, national) {
		return ""
	}
	for column := colPremium; column <= colVoicemail; column++ {
		if !t.matches(column, national) {
			continue
		}
		switch column {
		case colPremium:
			return Premium
		case colTollFree:
			return TollFree
		case colVoIP:
			return VoIP
		}
		return Other
	}
	same := t[colMobile] == sameAsFixed
	switch {
	case t.matches(colFixed, national):
		if same || t.matches(colMobile, national) {
			return FixedOrMobile
		}
		return Fixed
	case !same && t.matches(colMobile, national):
		return Mobile
	}
	return ""
}
