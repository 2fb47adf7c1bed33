package match

import (
	"strconv"
	"strings"
	"unicode"
)

// day is a date as it was written: its parts need not be a day that exists, as
// a slip of a digit is still evidence.
type day struct {
	year, month, date int
	ok                bool
}

func (d day) digits() []rune {
	return []rune(strconv.Itoa(10000*d.year + 100*d.month + d.date + 100000000)[1:])
}

// months by their first three letters, in English, German, French and Spanish
// where these differ.
var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
	"ene": 1, "fev": 2, "avr": 4, "abr": 4, "ago": 8, "dic": 12,
}

// readDate reads a date: 2006-01-02, 20060102, 02.01.2006, 1/2/2006, 2 Jan 2006,
// 2006年1月2日, each also followed by a time of day. Of 3/4/2006 the day is the
// first, unless it cannot be.
func readDate(raw string) (day, bool) {
	text := fold(strings.TrimSpace(raw))
	if i := strings.IndexAny(text, "t "); i >= 8 && isDigits(strings.NewReplacer("-", "", "/", "", ".", "").Replace(text[:i])) {
		text = text[:i]
	}
	var parts []int
	var widths []int
	month := 0
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.Is(unicode.Han, r) }) {
		switch {
		case isDigits(w) && len(w) <= 8:
			n, _ := strconv.Atoi(w)
			parts, widths = append(parts, n), append(widths, len(w))
		case len(w) >= 3 && months[w[:3]] > 0:
			month = months[w[:3]]
		default: // 2nd, 3rd
			if n := strings.TrimRight(w, "stndrh"); isDigits(n) && len(n) <= 2 {
				d, _ := strconv.Atoi(n)
				parts, widths = append(parts, d), append(widths, len(n))
			}
		}
	}
	var d day
	switch {
	case month > 0 && len(parts) == 2 && widths[0] == 4:
		d = day{parts[0], month, parts[1], true}
	case month > 0 && len(parts) == 2:
		d = day{parts[1], month, parts[0], true}
	case month > 0:
		return day{}, false
	case len(parts) == 1 && widths[0] == 8:
		n := parts[0]
		d = day{n / 10000, n / 100 % 100, n % 100, true}
		if d.year < 1800 || d.year > 2200 { // 02012006
			if y := n % 10000; y >= 1800 && y <= 2200 {
				d = day{y, n / 10000 % 100, n / 1000000, true}
			}
		}
	case len(parts) == 3 && widths[0] >= 3:
		d = day{parts[0], parts[1], parts[2], true}
	case len(parts) == 3:
		d = day{parts[2], parts[1], parts[0], true}
		if d.month > 12 && d.date <= 12 {
			d.month, d.date = d.date, d.month
		}
		if d.year < 100 && widths[2] == 2 {
			d.year += 1900
			if d.year < 1930 {
				d.year += 100
			}
		}
	default:
		return day{}, false
	}
	if d.year > 9999 || d.month > 99 || d.date > 99 || d == (day{ok: true}) {
		return day{}, false
	}
	return d, true
}

// readNumber reads a number: 1200, 1,200.50, 1.200,50, 12 %, -3; letters behind
// a house number are left out.
func readNumber(raw string) (float64, bool) {
	text := strings.TrimSpace(fold(raw))
	end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune("+-.,' ", r) })
	if end >= 0 {
		text = text[:end]
	}
	text = strings.NewReplacer("'", "", " ", "").Replace(text)
	comma, point := strings.LastIndexByte(text, ','), strings.LastIndexByte(text, '.')
	switch {
	case comma > point && point >= 0: // 1.200,50
		text = strings.Replace(strings.ReplaceAll(text, ".", ""), ",", ".", 1)
	case comma >= 0 && point < 0 && strings.Count(text, ",") == 1 && len(text)-comma != 4: // 12,5
		text = strings.Replace(text, ",", ".", 1)
	default:
		text = strings.ReplaceAll(text, ",", "")
	}
	if strings.Count(text, ".") > 1 {
		text = strings.ReplaceAll(text, ".", "")
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && n-n == 0
}

// readPhone returns the digits of the first phone number in a text, without the
// signs of a call abroad and a national zero before them.
func readPhone(raw string) string {
	var digits []byte
	gap := false
	for _, r := range fold(raw) {
		switch {
		case r >= '0' && r <= '9':
			if gap && len(digits) >= 7 {
				return trimPhone(digits)
			}
			gap = false
			digits = append(digits, byte(r))
		case unicode.IsLetter(r) || r == ',' || r == ';':
			gap = true // an extension or a second number
		}
		if len(digits) >= 20 {
			break
		}
	}
	return trimPhone(digits)
}

func trimPhone(digits []byte) string {
	text := strings.TrimLeft(string(digits), "0")
	if len(text) < 4 {
		return ""
	}
	return text
}
