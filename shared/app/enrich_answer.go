package app

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sluice/shared/identity"
	"sluice/shared/lead"
)

// factMost bounds a fact that an enricher tells, in runes.
const factMost = 60

// readAnswer takes facts out of an answer by JSON pointers (RFC 6901). What is not
// there, is no single value or is no country where one is meant is passed over.
func readAnswer(body []byte, where map[string]string) (map[string]string, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var answer any
	if err := decoder.Decode(&answer); err != nil {
		return nil, lead.Errorf(lead.Invalid, "the enricher's answer is no JSON")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, lead.Errorf(lead.Invalid, "the enricher's answer has more after its JSON")
	}
	facts := map[string]string{}
	for _, fact := range slices.Sorted(maps.Keys(where)) {
		value := textAt(answer, where[fact])
		if fact == "country" { // rules compare codes
			value = identity.Country(value)
		}
		if value != "" && len([]rune(value)) <= factMost {
			facts[fact] = value
		}
	}
	return facts, nil
}

// textAt is the text or number that a JSON pointer leads to.
func textAt(at any, pointer string) string {
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch holder := at.(type) {
		case map[string]any:
			at = holder[unescape.Replace(step)]
		case []any:
			i, err := strconv.ParseUint(step, 10, 32)
			if err != nil || i >= uint64(len(holder)) || strconv.FormatUint(i, 10) != step {
				return ""
			}
			at = holder[i]
		default:
			return ""
		}
	}
	switch value := at.(type) {
	case string:
		return identity.Name(value)
	case json.Number:
		return value.String()
	}
	return ""
}

// told reports whether a text tells who the person is: a service that was told may say
// it back, and facts are kept in the clear.
func (d details) told(text string) bool {
	digits := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text)
	}
	for _, own := range []string{d.Name, d.Company, d.Email} {
		if own != "" && strings.EqualFold(text, own) {
			return true
		}
	}
	phone := digits(d.Phone)
	phone = phone[max(0, len(phone)-toldDigits):]
	return strings.Contains(text, "@") || len(phone) == toldDigits && strings.Contains(digits(text), phone)
}

// toldDigits at the end of a phone number tell whose it is.
const toldDigits = 7
