package page

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Languages lists the languages of the pages, the fallback first. Another
// language is one more file in catalogues.
var Languages = []Language{
	{"en", "English"},
	{"zh", "中文"},
}

// Language is a catalogue's language: its BCP 47 tag and its own name.
type Language struct{ Tag, Name string }

// languageCookie remembers a language that was chosen by hand.
const languageCookie = "lang"

//go:embed catalogues/*.json
var catalogueFiles embed.FS

// catalogues are read at the first page, not at the start of a function.
var catalogues = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range Languages {
		data, err := catalogueFiles.ReadFile("catalogues/" + lang.Tag + ".json")
		var texts map[string]string
		if err == nil {
			err = json.Unmarshal(data, &texts)
		}
		if err != nil { // embedded: a test reads them all
			panic(fmt.Sprintf("read catalogue %s: %v", lang.Tag, err))
		}
		all[lang.Tag] = texts
	}
	return all
})

// Text returns the message of a key in a language, with its %s filled in. What
// the language lacks is told in English, and what no catalogue has as the key
// itself.
func Text(lang, key string, args ...any) string {
	text, ok := lookup(lang, key)
	if !ok {
		return key
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// Word is [Text] for the last part of a key, such as a state or a reason, that
// may not be in the catalogues: it is then shown as it is.
func Word(lang, group, word string) string {
	if text, ok := lookup(lang, group+"."+word); ok {
		return text
	}
	return word
}

func lookup(lang, key string) (string, bool) {
	all := catalogues()
	if text, ok := all[lang][key]; ok {
		return text, true
	}
	text, ok := all[Languages[0].Tag][key]
	return text, ok
}

// LanguageOf chooses the language of an answer: ?lang, the cookie of an earlier
// choice, Accept-Language, English.
func LanguageOf(r *http.Request) string {
	if tag, ok := known(r.URL.Query().Get("lang")); ok {
		return tag
	}
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if tag, ok := known(cookie.Value); ok {
			return tag
		}
	}
	return accepted(r.Header.Get("Accept-Language"))
}

// KeepLanguage remembers a language chosen by ?lang in a cookie.
func KeepLanguage(w http.ResponseWriter, r *http.Request) {
	if tag, ok := known(r.URL.Query().Get("lang")); ok {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: tag, Path: "/",
			MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
}

// known reduces a BCP 47 tag to a language of the pages: zh-Hans-CN is zh.
func known(tag string) (string, bool) {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	found := slices.ContainsFunc(Languages, func(l Language) bool { return l.Tag == primary })
	return primary, found
}

// accepted reads Accept-Language (RFC 9110, 12.5.4): the known language of the
// greatest weight, the first one where weights are equal.
func accepted(header string) string {
	best, weight := Languages[0].Tag, 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			parsed, err := strconv.ParseFloat(value, 64)
			if err != nil {
				continue
			}
			q = parsed
		}
		if lang, ok := known(tag); ok && q > weight && q <= 1 {
			best, weight = lang, q
		}
	}
	return best
}
