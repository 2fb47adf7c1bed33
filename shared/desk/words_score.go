package desk

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// scored tells a score, and of one that there was before what is different and why.
func (w words) scored(e app.Event) string {
	now := e.Score
	if now == nil {
		now = &app.Standing{Grade: e.Grade, Fit: e.Fit}
	}
	if e.Was == nil {
		parts := []string{w.t("event.scored", string(now.Grade), now.Fit), w.t("score.behaviour_of", now.Behaviour)}
		if now.Chance > 0 {
			parts = append(parts, w.t("score.chance_of", page.View{}.Percent(now.Chance)))
		}
		if now.Maturity != "" {
			parts = append(parts, page.Word(w.lang, "maturity", string(now.Maturity)))
		}
		return strings.Join(parts, ", ")
	}
	var parts []string
	changed := func(key, was, is string) {
		if was != is {
			parts = append(parts, w.t(key, cmp.Or(was, "–"), cmp.Or(is, "–")))
		}
	}
	changed("score.grade_from", string(e.Was.Grade), string(now.Grade))
	changed("score.maturity_from", w.maturity(e.Was.Maturity), w.maturity(now.Maturity))
	changed("score.fit_from", strconv.Itoa(e.Was.Fit), strconv.Itoa(now.Fit))
	changed("score.behaviour_from", strconv.Itoa(e.Was.Behaviour), strconv.Itoa(now.Behaviour))
	changed("score.chance_from", chance(e.Was.Chance), chance(now.Chance))
	if len(parts) == 0 {
		parts = []string{w.t("score.same")}
	}
	text := capital(strings.Join(parts, ", "))
	if e.Cause != "" {
		text += ": " + page.Word(w.lang, "cause", e.Cause)
	}
	return text
}

// capital begins a sentence with a capital, where the script has any.
func capital(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[n:]
}

// chance tells a chance, "" for none.
func chance(p float64) string {
	if p == 0 {
		return ""
	}
	return page.View{}.Percent(p)
}

func (w words) maturity(m lead.Maturity) string {
	if m == "" {
		return ""
	}
	return page.Word(w.lang, "maturity", string(m))
}

// engaged tells signals of interest by their kinds, such as "2 × visit".
func (w words) engaged(e app.Event) string {
	var kinds []string
	for _, kind := range lead.SignalKinds {
		n := 0
		for _, s := range e.Signals {
			if s.Kind == kind {
				n++
			}
		}
		name := page.Word(w.lang, "signal", string(kind))
		switch {
		case n == 1:
			kinds = append(kinds, name)
		case n > 1:
			kinds = append(kinds, fmt.Sprintf("%d × %s", n, name))
		}
	}
	return w.t("event.engaged", strings.Join(kinds, ", "))
}

// signed shows points with their sign, rounded to so many digits, "0" for none.
func signed(points float64, digits int) string {
	text := strconv.FormatFloat(points, 'f', digits, 64)
	switch unit := math.Pow10(-digits); {
	case math.Abs(points) < unit/2:
		return "0"
	case points > 0:
		return "+" + text
	}
	return strings.Replace(text, "-", "−", 1)
}
