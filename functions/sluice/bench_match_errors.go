package main

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// again is the same person in another row: some of the details are left out, new,
// or typed another way.
func (c *crowd) again(p resident) resident {
	before := p.values
	p.values = maps.Clone(before)
	fresh := resident{folk: p.folk, given: p.given, family: p.family, values: map[string]string{}}
	c.fill(fresh)
	if c.chance(12) { // moved
		for _, column := range []string{"address", "postcode", "city"} {
			p.values[column] = fresh.values[column]
		}
	}
	for _, change := range []struct {
		column       string
		new, missing int // of a hundred
	}{{"birth", 0, 20}, {"email", 15, 15}, {"phone", 12, 15}, {"address", 0, 15}, {"postcode", 0, 15}, {"city", 0, 8}} {
		switch {
		case c.chance(change.missing):
			p.values[change.column] = ""
		case c.chance(change.new) || before[change.column] == "" && c.chance(50):
			p.values[change.column] = fresh.values[change.column]
		}
	}
	c.retypeName(p)
	for _, column := range []string{"birth", "email", "phone", "address", "postcode", "city"} {
		if p.values[column] != "" {
			p.values[column] = c.retype(column, p.values[column])
		}
	}
	return p
}

// retypeName writes the name as another form got it.
func (c *crowd) retypeName(p resident) {
	v := p.values
	if p.folk.familyFirst && c.chance(15) {
		v["given"], v["family"] = p.given.other, p.family.other
	} else if !p.folk.familyFirst {
		if c.chance(25) {
			v["given"] = p.given.other
		}
		if c.chance(15) {
			v["family"] = p.family.other
		}
		if c.chance(4) {
			_, first := utf8.DecodeRuneInString(v["given"])
			v["given"] = v["given"][:first] + "."
		}
	}
	for _, column := range []string{"given", "family"} {
		switch {
		case c.chance(6):
			v[column] = c.slip(v[column])
		case c.chance(6):
			v[column] = strings.ToUpper(v[column])
		case c.chance(6):
			v[column] = strings.ToLower(v[column])
		}
	}
	if c.chance(4) {
		v["given"], v["family"] = v["family"], v["given"]
	}
}

// retype writes a value another way, or wrong.
func (c *crowd) retype(column, value string) string {
	roll := c.random.IntN(100)
	switch column {
	case "birth":
		year, month, day := value[:4], value[5:7], value[8:]
		switch {
		case roll < 4 && day <= "12":
			return year + "-" + day + "-" + month
		case roll < 8:
			return c.slipDigit(value)
		}
	case "email":
		name, host, _ := strings.Cut(value, "@")
		switch {
		case roll < 6:
			return c.slip(name) + "@" + host
		case roll < 12:
			return strings.ToUpper(name[:1]) + name[1:] + "@" + host
		}
	case "phone":
		return c.retypePhone(value, roll)
	case "address":
		switch {
		case roll < 20:
			return strings.NewReplacer("Street", "St", "Avenue", "Ave", "Road", "Rd.", "straße", "str.", "Calle", "C/", "号", "").Replace(value)
		case roll < 30:
			return c.slip(value)
		}
	case "postcode":
		if roll < 5 {
			return c.slipDigit(value)
		}
	case "city":
		switch {
		case roll < 5:
			return c.slip(value)
		case roll < 15:
			return strings.NewReplacer("ü", "ue", "ö", "oe", "á", "a", "上海", "上海市", "北京", "北京市", "深圳", "深圳市").Replace(value)
		}
	}
	return value
}

func (c *crowd) retypePhone(value string, roll int) string {
	code := 3
	if strings.HasPrefix(value, "+1") {
		code = 2
	}
	switch {
	case roll < 25: // as at home
		return value[code:]
	case roll < 40:
		return value[:code] + " " + value[code:code+3] + " " + value[code+3:]
	case roll < 50:
		return "00" + value[1:code] + value[code:code+3] + "-" + value[code+3:]
	case roll < 54:
		return value[:code] + c.slipDigit(value[code:])
	}
	return value
}

// slip is one slip of the finger: a letter too much, too few, another, or two
// in the wrong order.
func (c *crowd) slip(value string) string {
	letters := []rune(value)
	if len(letters) < 3 {
		return value
	}
	i := 1 + c.random.IntN(len(letters)-2)
	switch c.random.IntN(4) {
	case 0:
		return string(letters[:i]) + string(letters[i+1:])
	case 1:
		return string(letters[:i]) + string(letters[i]) + string(letters[i:])
	case 2:
		letters[i], letters[i+1] = letters[i+1], letters[i]
	default:
		if letters[i] < 128 {
			letters[i] = rune("aeiorstnl"[c.random.IntN(9)])
		}
	}
	return string(letters)
}

// slipDigit replaces one digit.
func (c *crowd) slipDigit(value string) string {
	text := []byte(value)
	for range 10 {
		if i := c.random.IntN(len(text)); text[i] >= '0' && text[i] <= '9' {
			text[i] = byte('0' + c.random.IntN(10))
			break
		}
	}
	return string(text)
}
