package desk

// Operations lists the routes of the API, as "GET /api/me".
func Operations() []string {
	var all []string
	for _, op := range (&desk{}).operations() {
		all = append(all, op.method+" "+op.path)
	}
	return all
}

// What reads what people type is tested for every input.
var (
	SafeBack = safeBack
	Amount   = amount
	TalkTime = talkTime
	CheckIn  = checkIn
	WordsIn  = wordsIn
)
