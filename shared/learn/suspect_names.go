package learn

import (
	"strings"
	"unicode"
)

// afterwards are words that in the name of a column mean that it is written after
// contact: all words of an entry have to be there, next to each other. Entries
// with = are the whole name.
var afterwards = []struct{ words, hint string }{
	{"=duration", callHint}, {"call duration", callHint}, {"call length", callHint}, {"call seconds", callHint}, {"call minutes", callHint}, {"talk time", callHint},
	{"通话时长", callHint},
	{"=tag", noteHint}, {"=tags", noteHint}, {"disposition", noteHint}, {"call result", noteHint}, {"call outcome", noteHint}, {"call notes", noteHint}, {"follow up", noteHint},
	{"lead quality", noteHint}, {"lead profile", noteHint}, {"lead status", noteHint}, {"lead stage", noteHint}, {"deal stage", noteHint}, {"跟进", noteHint},
	{"last activity", lastHint}, {"last notable activity", lastHint}, {"last contact", lastHint}, {"last call", lastHint}, {"last modified", lastHint},
	{"close date", endHint}, {"closed", endHint}, {"close value", endHint}, {"lost reason", endHint}, {"reason lost", endHint}, {"loss reason", endHint},
	{"won reason", endHint}, {"成交", endHint},
}

const (
	callHint = "its name says that it is of a call, and only after the call is it known"
	noteHint = "its name says that somebody writes it down after contact"
	lastHint = "its name says that it changes as long as somebody works on the row"
	endHint  = "its name says that it is of the end"
)

// afterContact is what the name of a column hints at, "" in most cases.
func afterContact(name string) string {
	words := wordsOf(name)
	text := " " + strings.Join(words, " ") + " "
	for _, a := range afterwards {
		whole, ok := strings.CutPrefix(a.words, "=")
		switch {
		case ok && strings.TrimSpace(text) == whole,
			!ok && strings.Contains(text, " "+a.words+" "),
			!ok && a.words[0] >= 0x80 && strings.Contains(text, a.words):
			return a.hint
		}
	}
	return ""
}

// wordsOf takes lead_quality, LeadQuality and Lead Quality for the same.
func wordsOf(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(string(runes[start:end])))
		}
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			cut(i)
			start = i + 1
		case i > 0 && unicode.IsUpper(r) && unicode.IsLower(runes[i-1]):
			cut(i)
			start = i
		}
	}
	cut(len(runes))
	return words
}
