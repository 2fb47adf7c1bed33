package table

import (
	"bytes"
	"math/big"
	"strconv"
)

// Numbers are decimals of at most 38 digits, between 10^-130 and 10^126. Their
// text is canonical once read: no exponent, no zeros that could be left out.
const (
	mostDigits   = 38
	mostExponent = 125
	minExponent  = -130
)

// isPlainInteger reports whether a number is canonical and fits 64 bits, as
// nearly all are.
func isPlainInteger(text []byte) bool {
	digits := text
	if len(digits) > 1 && digits[0] == '-' {
		if digits = digits[1:]; digits[0] == '0' {
			return false
		}
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(digits) > 1 {
		return false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// integer is a plain integer's value.
func integer(text []byte) (int64, bool) {
	if !isPlainInteger(text) {
		return 0, false
	}
	var n int64
	for _, c := range bytes.TrimPrefix(text, []byte("-")) {
		n = n*10 + int64(c-'0')
	}
	if text[0] == '-' {
		n = -n
	}
	return n, true
}

// decimal is digits times ten to the power of exp; digits does not end in 0
// unless it is 0.
type decimal struct {
	digits *big.Int
	exp    int
}

// canonical is a number's text as the service writes it.
func canonical(text []byte) ([]byte, *fault) {
	if isPlainInteger(text) {
		return text, nil
	}
	d, f := readDecimal(text)
	if f != nil {
		return nil, f
	}
	return d.text(), nil
}

func readDecimal(text []byte) (decimal, *fault) {
	bad := func() (decimal, *fault) {
		return decimal{}, invalid("The parameter cannot be converted to a numeric value: %s", text)
	}
	mantissa, exp := text, 0
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		e, err := strconv.ParseInt(string(text[i+1:]), 10, 32)
		if err != nil {
			return bad()
		}
		mantissa, exp = text[:i], int(e)
	}
	negative := false
	if len(mantissa) > 0 && (mantissa[0] == '-' || mantissa[0] == '+') {
		negative, mantissa = mantissa[0] == '-', mantissa[1:]
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	digits := append(append([]byte(nil), whole...), fraction...)
	for _, c := range digits {
		if c < '0' || c > '9' {
			return bad()
		}
	}
	if len(digits) == 0 {
		return bad()
	}
	exp -= len(fraction)
	digits = bytes.TrimLeft(digits, "0")
	significant := bytes.TrimRight(digits, "0")
	exp += len(digits) - len(significant)
	if len(significant) == 0 {
		return decimal{digits: new(big.Int)}, nil
	}
	n, ok := new(big.Int).SetString(string(significant), 10)
	if !ok {
		return bad()
	}
	if negative {
		n.Neg(n)
	}
	return within(decimal{n, exp}, len(significant))
}

// within refuses a number of more digits, larger or smaller than the service
// takes.
func within(d decimal, significant int) (decimal, *fault) {
	switch top := d.exp + significant - 1; {
	case significant > mostDigits:
		return d, invalid("Attempting to store more than 38 significant digits in a Number")
	case top > mostExponent:
		return d, invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case top < minExponent:
		return d, invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	}
	return d, nil
}

func (d decimal) text() []byte {
	digits := new(big.Int).Abs(d.digits).String()
	var out []byte
	if d.digits.Sign() < 0 {
		out = append(out, '-')
	}
	point := len(digits) + d.exp // where the decimal point belongs
	switch {
	case d.exp >= 0:
		out = append(out, digits...)
		if d.digits.Sign() != 0 {
			out = append(out, bytes.Repeat([]byte("0"), d.exp)...)
		}
	case point > 0:
		out = append(append(append(out, digits[:point]...), '.'), digits[point:]...)
	default:
		out = append(append(append(out, "0."...), bytes.Repeat([]byte("0"), -point)...), digits...)
	}
	return out
}

// aligned brings two numbers to one exponent.
func aligned(a, b decimal) (x, y *big.Int, exp int) {
	exp = min(a.exp, b.exp)
	scale := func(d decimal) *big.Int {
		if d.exp == exp {
			return d.digits
		}
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.exp-exp)), nil)
		return power.Mul(power, d.digits)
	}
	return scale(a), scale(b), exp
}

// compareNumbers orders two canonical numbers.
func compareNumbers(a, b []byte) int {
	x, okX := integer(a)
	y, okY := integer(b)
	if okX && okY {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	m, _ := readDecimal(a)
	n, _ := readDecimal(b)
	p, q, _ := aligned(m, n)
	return p.Cmp(q)
}

// sum adds two canonical numbers, or takes the second from the first.
func sum(a, b []byte, minus bool) ([]byte, *fault) {
	x, okX := integer(a)
	y, okY := integer(b)
	if okX && okY {
		if minus {
			y = -y
		}
		return canonical(strconv.AppendInt(nil, x+y, 10)) // 18 digits each: no overflow
	}
	m, _ := readDecimal(a)
	n, _ := readDecimal(b)
	p, q, exp := aligned(m, n)
	total := new(big.Int)
	if minus {
		total.Sub(p, q)
	} else {
		total.Add(p, q)
	}
	d, f := readDecimal([]byte(total.String() + "E" + strconv.Itoa(exp)))
	if f != nil {
		return nil, f
	}
	return d.text(), nil
}

// numberSize is a number's size as the service counts it: one byte for each two
// digits without the zeros at both ends, one more, and one more of a negative.
func numberSize(text []byte) int {
	size, digits, zeros := 1, 0, 0
	for _, c := range text {
		switch {
		case c == '-':
			size++
		case c == '0' && digits == 0 || c == '.':
		case c == '0':
			zeros++
		default:
			digits += zeros + 1
			zeros = 0
		}
	}
	return size + (digits+1)/2
}
