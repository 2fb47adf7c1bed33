package predict

import (
	"strconv"
	"strings"
)

// Number reads the cell as a number: digits with a sign, a decimal point,
// thousands in groups of three, an exponent, a percent sign at the end. With
// comma the point and the comma change places.
func (c Cell) Number(comma bool) (float64, bool) {
	if c.kind != text {
		return c.number, c.kind == number
	}
	s := strings.TrimSuffix(c.text, "%")
	if len(s) == 0 || len(s) > 40 || s[0] > '9' {
		return 0, false // most texts end here
	}
	var buf [40]byte
	plain, ok := tidy(buf[:0], s, comma)
	if !ok {
		return 0, false
	}
	x, err := strconv.ParseFloat(string(plain), 64)
	return x, err == nil
}

// tidy copies a number as strconv reads it: without marks between thousands, with
// a decimal point. It refuses all else, so that nothing is spent on errors.
func tidy(to []byte, s string, comma bool) ([]byte, bool) {
	point, thousands := byte('.'), byte(',')
	if comma {
		point, thousands = thousands, point
	}
	i := 0
	if s[0] == '-' || s[0] == '+' {
		to, i = append(to, s[0]), 1
	}
	digits, group := 0, -1 // group counts the digits since the last mark of thousands
	for ; i < len(s); i++ {
		switch b := s[i]; {
		case '0' <= b && b <= '9':
			to = append(to, b)
			digits++
			if group >= 0 {
				group++
			}
			continue
		case b == thousands && digits > 0 && (group == 3 || group < 0 && digits <= 3):
			group = 0
			continue
		}
		break
	}
	if group >= 0 && group != 3 {
		return nil, false
	}
	if i < len(s) && s[i] == point {
		to = append(to, '.')
		for i++; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
			to = append(to, s[i])
			digits++
		}
	}
	if digits == 0 {
		return nil, false
	}
	return exponent(to, s[i:])
}

// exponent copies what follows the digits: nothing, or an exponent of at most two
// digits.
func exponent(to []byte, s string) ([]byte, bool) {
	if s == "" {
		return to, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return nil, false
	}
	to, s = append(to, 'e'), s[1:]
	if s != "" && (s[0] == '-' || s[0] == '+') {
		to, s = append(to, s[0]), s[1:]
	}
	if len(s) == 0 || len(s) > 2 {
		return nil, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return nil, false
		}
	}
	return append(to, s...), true
}
