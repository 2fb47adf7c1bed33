package lead

import "time"

// Job moves many leads for a manager, a page at a time. What it is about to do and
// what came of it are kept before and after each page, and a lead remembers the
// last job that moved it: so a job goes on where it stopped, whatever stopped it,
// and moves and counts no lead twice.
type Job struct {
	ID      string    `json:"id"`
	Version int       `json:"v"`     // counted with each page
	By      string    `json:"by"`    // user
	Teams   []string  `json:"teams"` // whose leads the user may move
	At      time.Time `json:"at"`
	Why     string    `json:"why"`
	From    Origin    `json:"from"`
	To      Goal      `json:"to"`

	Lists  []string  `json:"lists,omitempty"` // still to be worked through, the first as from Cursor on; see package app
	Cursor string    `json:"cursor,omitempty"`
	Doing  []string  `json:"doing,omitempty"` // leads of the page being worked on
	Next   time.Time `json:"next,omitzero"`   // when it is worked on; zero once it is over
	Ended  time.Time `json:"ended,omitzero"`
	Halted bool      `json:"halted,omitempty"` // somebody stopped it

	Seen    int            `json:"seen"` // leads looked at
	Moved   int            `json:"moved"`
	Given   map[string]int `json:"given,omitempty"`   // rep → leads
	Skipped map[string]int `json:"skipped,omitempty"` // why → leads
	Left    []Skip         `json:"left,omitempty"`    // the first of those
}

// Origin says which leads a job moves: exactly one of a list, all that a rep has,
// all of a team's that reps have or that wait for its dispatcher, there of one
// territory or one class where that is given, and all that rest in a pool, there of
// one tag where that is given.
type Origin struct {
	Leads     []string `json:"leads,omitempty"`
	Rep       string   `json:"rep,omitempty"`
	Team      string   `json:"team,omitempty"`
	Territory string   `json:"territory,omitempty"`
	Cohort    string   `json:"cohort,omitempty"`
	Pool      string   `json:"pool,omitempty"`
	Tag       string   `json:"tag,omitempty"`
}

// Goal says where leads are moved to: exactly one of a rep, a team whose reps
// share them, a pool, and routing anew.
type Goal struct {
	Rep  string `json:"rep,omitempty"`
	Team string `json:"team,omitempty"`
	Pool string `json:"pool,omitempty"`
	Anew bool   `json:"anew,omitempty"`
}

// Skip is a lead that a job left where it was.
type Skip struct {
	Lead string `json:"lead"`
	Why  string `json:"why"`
}

// SkipsKept bounds the leads that a job names as left where they were.
const SkipsKept = 50

// Skip notes that a lead was left where it was.
func (j *Job) Skip(lead, why string) {
	if j.Skipped == nil {
		j.Skipped = map[string]int{}
	}
	j.Skipped[why]++
	if len(j.Left) < SkipsKept {
		j.Left = append(j.Left, Skip{lead, why})
	}
}

// Give notes that a lead was moved, to a rep where it is one.
func (j *Job) Give(rep string) {
	j.Moved++
	if rep == "" {
		return
	}
	if j.Given == nil {
		j.Given = map[string]int{}
	}
	j.Given[rep]++
}
