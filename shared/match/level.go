package match

import "slices"

// Levels of every comparison, from nothing known to the same. Not every kind
// has them all; what each means for a kind is told by its name.
const (
	missing = iota
	different
	weak
	part
	fair
	near
	moved
	same
	levelCount
)

// outcome is a level of a kind: its name, and its share among pairs of one
// entity before anything is learned.
type outcome struct {
	name string
	m    float64
}

// outcomes are the levels of each kind, from different on; those without a
// name do not occur. The shares are those of tables of middling quality: some
// 80 of 100 values agree, some 10 are near.
var outcomes = map[Kind][levelCount]outcome{
	Given:    {different: {"different", .05}, weak: {"similar letters", .02}, part: {"initial, short form or part", .04}, fair: {"alike, both common names", .01}, near: {"alike", .08}, moved: {"in another column", .03}, same: {"same", .77}},
	Family:   {different: {"different", .05}, weak: {"similar letters", .02}, part: {"initial or part", .03}, fair: {"alike, both common names", .01}, near: {"alike", .08}, moved: {"in another column", .03}, same: {"same", .78}},
	Full:     {different: {"different", .02}, weak: {"one name the same, others not", .04}, part: {"half the names the same", .05}, fair: {"initials, short forms or parts", .10}, near: {"alike", .09}, same: {"same", .70}},
	Company:  {different: {"different", .04}, weak: {"some words the same", .05}, part: {"half the words the same", .06}, fair: {"most words the same", .10}, near: {"alike", .10}, same: {"same", .65}},
	Address:  {different: {"different", .08}, weak: {"some words the same", .06}, part: {"half the words the same", .07}, fair: {"most words the same", .09}, near: {"alike", .12}, moved: {"in another column", .03}, same: {"same", .55}},
	Text:     {different: {"different", .04}, weak: {"some words the same", .05}, part: {"half the words the same", .06}, fair: {"most words the same", .10}, near: {"alike", .10}, same: {"same", .65}},
	Email:    {different: {"different", .15}, weak: {"similar letters", .03}, part: {"same host", .05}, fair: {"same mailbox name, other host", .03}, near: {"alike", .06}, same: {"same", .68}},
	Phone:    {different: {"different", .20}, weak: {"same but for the last digits", .02}, part: {"one more than the other", .03}, near: {"one digit off", .04}, same: {"same", .71}},
	Date:     {different: {"different", .03}, weak: {"same year, or same day of another generation", .03}, part: {"close", .03}, fair: {"two parts the same", .05}, near: {"one digit off or swapped", .06}, same: {"same", .80}},
	Postcode: {different: {"different", .10}, weak: {"same area", .06}, near: {"one sign off", .07}, same: {"same", .77}},
	City:     {different: {"different", .08}, weak: {"similar letters", .02}, part: {"part of the other", .03}, near: {"alike", .08}, moved: {"in another column", .01}, same: {"same", .78}},
	Number:   {different: {"different", .10}, weak: {"within a tenth", .02}, near: {"one off", .06}, same: {"same", .82}},
	Category: {different: {"different", .10}, part: {"some words the same", .04}, near: {"alike", .04}, same: {"same", .82}},
	ID:       {different: {"different", .08}, weak: {"similar", .02}, near: {"one sign off", .06}, same: {"same", .84}},
}

// levelOf compares two values of a kind.
func levelOf(kind Kind, a, b *value) uint8 {
	if a.missing() || b.missing() {
		return missing
	}
	if a.hash == b.hash && a.key == b.key {
		return same
	}
	switch kind {
	case Given, Family:
		return nameLevel(a, b)
	case Full:
		return fullLevel(a, b, false)
	case Company, Text, Address:
		return wordsLevel(a, b)
	case Email:
		return emailLevel(a, b)
	case Phone:
		return phoneLevel(a.runes, b.runes)
	case Date:
		return dateLevel(a, b)
	case Postcode:
		return postcodeLevel(a.runes, b.runes)
	case City:
		return cityLevel(a, b)
	case Number:
		return numberLevel(a, b)
	case Category:
		return categoryLevel(a, b)
	}
	return idLevel(a.runes, b.runes)
}

func emailLevel(a, b *value) uint8 {
	short := min(len(a.local), len(b.local))
	sameHost := a.host == b.host
	sameLocal := slices.Equal(a.local, b.local)
	switch {
	case sameLocal && (sameHost || edits([]rune(a.host), []rune(b.host), 2) <= 2),
		sameHost && short >= 4 && edits(a.local, b.local, 2) <= 1 && !mereNumber(a.local, b.local),
		short >= 4 && ceiling(a.spelling, b.spelling) > 0.8 && edits(a.runes, b.runes, 3) <= 1+min(len(a.runes), len(b.runes))/12 && !mereNumber(a.local, b.local):
		return near
	case sameLocal && short >= 4:
		return fair
	case short >= 5 && ceiling(a.spelling, b.spelling) >= 0.85 && (jaroWinkler(a.runes, b.runes) >= 0.92 || bag(a.runes, b.runes) >= .9):
		return weak
	case sameHost:
		return part
	}
	return different
}

// mereNumber reports whether two mailboxes differ in nothing but a number, as
// those of two people of one name do.
func mereNumber(a, b []rune) bool {
	letters := func(r []rune) string {
		end := len(r)
		for end > 0 && r[end-1] >= '0' && r[end-1] <= '9' {
			end--
		}
		return string(r[:end])
	}
	x, y := letters(a), letters(b)
	return x == y && (len(x) < len(a) || len(y) < len(b))
}

func phoneLevel(a, b []rune) uint8 {
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case len(a) >= 7 && edits(a, b, 1) == 1 && len(a) == len(b):
		if block := len(a) - 2; string(a[:block]) == string(b[:block]) && !swapped(a[block:], b[block:]) {
			return weak // two extensions of one switchboard differ like this too
		}
		return near
	case len(a) >= 6 && (string(b[len(b)-len(a):]) == string(a) || len(a) >= 8 && string(b[:len(a)]) == string(a)):
		return part
	case len(a) >= 7 && edits(a, b, 1) == 1:
		return near
	case len(a) >= 7 && string(a[:len(a)-3]) == string(b[:len(a)-3]):
		return weak
	}
	return different
}

func swapped(a, b []rune) bool {
	return len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

func postcodeLevel(a, b []rune) uint8 {
	short := min(len(a), len(b))
	switch {
	case short >= 4 && edits(a, b, 1) == 1:
		return near
	case short >= 3 && string(a[:2]) == string(b[:2]):
		return weak
	}
	return different
}

func cityLevel(a, b *value) uint8 {
	switch {
	case alike(a.spelling, b.spelling):
		return near
	case contains(a.words, b.words) || contains(b.words, a.words):
		return part
	case loose(a.spelling, b.spelling):
		return weak
	}
	return different
}

// contains reports whether all of the words are among those of the whole.
func contains(whole, words []word) bool {
	for i := range words {
		found := false
		for j := range whole {
			found = found || whole[j].hash == words[i].hash
		}
		if !found {
			return false
		}
	}
	return len(words) > 0
}

func numberLevel(a, b *value) uint8 {
	if a.isNum && b.isNum {
		x, y := a.number, b.number
		d := max(x-y, y-x)
		switch {
		case d <= 1:
			return near
		case min(len(a.runes), len(b.runes)) >= 2 && len(a.runes) == len(b.runes) && bag(a.runes, b.runes) == 1,
			min(len(a.runes), len(b.runes)) >= 3 && edits(a.runes, b.runes, 1) == 1:
			return near
		case d <= 0.1*max(max(x, -x), max(y, -y)):
			return weak
		}
		return different
	}
	if edits(a.runes, b.runes, 1) == 1 {
		return near
	}
	return different
}

func categoryLevel(a, b *value) uint8 {
	switch {
	case alike(a.spelling, b.spelling), len(a.runes) == len(b.runes) && bag(a.runes, b.runes) == 1:
		return near
	}
	for i := range a.words {
		if len(a.words[i].runes) > 2 && contains(b.words, a.words[i:i+1]) {
			return part
		}
	}
	return different
}

func idLevel(a, b []rune) uint8 {
	short := min(len(a), len(b))
	switch {
	case short >= 5 && edits(a, b, 1) == 1:
		return near
	case short >= 6 && edits(a, b, 2) == 2, short >= 6 && len(a) == len(b) && bag(a, b) == 1:
		return weak
	}
	return different
}

// dateLevel compares dates as people get them wrong: a digit, day and month,
// one part, or every part a little.
func dateLevel(a, b *value) uint8 {
	if !a.day.ok || !b.day.ok {
		if edits(a.runes, b.runes, 1) == 1 {
			return near
		}
		return different
	}
	x, y := a.day, b.day
	equal := 0
	for _, e := range []bool{x.year == y.year, x.month == y.month, x.date == y.date} {
		if e {
			equal++
		}
	}
	switch {
	case edits(a.runes, b.runes, 1) == 1, x.year == y.year && x.month == y.date && x.date == y.month:
		return near
	case equal == 2 && close(x.year-y.year, 11, 11):
		return fair
	case close(x.year-y.year, 1, 10) && (close(x.month-y.month, 1, 11)) && close(x.date-y.date, 3, 2):
		return part
	case equal > 0 && (x.year == y.year || equal == 2):
		return weak
	}
	return different
}

// close reports whether a difference is at most near, or exactly far.
func close(d, near, far int) bool {
	d = max(d, -d)
	return d <= near || d == far
}
