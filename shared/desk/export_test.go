package desk

import "sluice/shared/app"

// Operations lists the routes of the API, as "GET /api/me".
func Operations() []string {
	var all []string
	for _, op := range (&desk{}).operations() {
		all = append(all, op.method+" "+op.path)
	}
	return all
}

// What tells an event in a language.
func What(lang string, e app.Event) string { return words{lang: lang}.what(e) }

// LeadIn reads which lead or person somebody means.
var LeadIn = leadIn

// What reads what people type is tested for every input.
var (
	SafeBack = safeBack
	Amount   = amount
	TalkTime = talkTime
	CheckIn  = checkIn
	WordsIn  = wordsIn
)
