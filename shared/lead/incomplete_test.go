package lead_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestIncomplete refuses commands that lack something.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	pooled := func(t *testing.T) *life { return captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}}) }
	worked := func(t *testing.T) *life { return working(t, ann) }
	activity := func(a lead.Logged) lead.Command { return lead.Log{Rep: ann, Activity: a} }
	for name, test := range map[string]struct {
		life    func(*testing.T) *life
		command lead.Command
		field   string
	}{
		"claimed by nobody":       {pooled, lead.Claim{}, "rep"},
		"given to nobody":         {pooled, lead.Assign{Team: "inside"}, "rep"},
		"given for no team":       {pooled, lead.Assign{Rep: ann}, "team"},
		"released for no reason":  {worked, lead.Release{Rep: ann}, "reason"},
		"recycled for no reason":  {worked, lead.Recycle{Rep: ann}, "reason"},
		"closed for no reason":    {worked, lead.Close{Rep: ann, As: lead.StateLost}, "reason"},
		"closed as a customer":    {worked, lead.Close{Rep: ann, As: lead.StateCustomer, Reason: "bought"}, "as"},
		"no way of contact":       {worked, activity(lead.Logged{}), "way"},
		"a step in the past":      {worked, activity(lead.Logged{Way: "call", StepAt: monday.Add(-time.Second)}), "step_at"},
		"a grade that is none":    {worked, activity(lead.Logged{Way: "call", Grade: "E"}), "grade"},
		"a value with no money":   {worked, lead.Convert{Rep: ann, Value: lead.Money{Amount: 5}}, "value"},
		"a value below nothing":   {worked, lead.Convert{Rep: ann, Value: lead.Money{Amount: -5, Currency: "EUR"}}, "value"},
		"a choice of nothing":     {captured, lead.Route{}, ""},
		"a choice without a team": {captured, lead.Route{Choice: lead.Choice{Rep: ann}}, ""},
		"qualified for nothing":   {worked, lead.Qualify{Rep: ann}, "verdict"},
		"moved for no reason":     {worked, lead.Move{Pool: "cold"}, "reason"},
		"moved nowhere":           {worked, moveTo(lead.Move{Team: "field"}), "to"},
		"moved to no team's rep":  {worked, moveTo(lead.Move{Rep: cy}), "team"},
		"moved to a rep and pool": {worked, moveTo(lead.Move{Rep: cy, Team: "field", Pool: "cold"}), "to"},
		"moved to a rep and anew": {worked, moveTo(lead.Move{Rep: cy, Team: "field", Anew: true}), "to"},
		"moved to pool and anew":  {worked, moveTo(lead.Move{Pool: "cold", Anew: true}), "to"},
		"extended for no reason":  {worked, lead.Extend{Rep: ann}, "reason"},
		"a deal of less than 0":   {worked, lead.Deal{Rep: ann, Open: true, Value: lead.Money{Amount: -1, Currency: "EUR"}}, "value"},
		"a deal with no money":    {worked, lead.Deal{Rep: ann, Open: true, Value: lead.Money{Amount: 1}}, "value"},
		"done in an hour":         {worked, activity(lead.Logged{Way: "call", Done: monday.Add(time.Hour)}), "done"},
		"talked for less than 0":  {worked, activity(lead.Logged{Way: "call", Seconds: -1}), "seconds"},
		"revealed to nobody":      {pooled, lead.Reveal{}, "rep"},
		"no tag":                  {pooled, lead.Tag{Add: []string{""}}, "tags"},
		"a tag of two words":      {pooled, lead.Tag{Add: []string{"trade fair"}}, "tags"},
		"a tag of two lines":      {pooled, lead.Tag{Remove: []string{"trade\nfair"}}, "tags"},
		"a tag too long":          {pooled, lead.Tag{Add: []string{strings.Repeat("x", 41)}}, "tags"},
		"too many tags":           {pooled, lead.Tag{Add: many(21)}, "tags"},
		"called with no outcome":  {pooled, lead.Call{List: "spring"}, "outcome"},
		"waits for no team":       {captured, lead.Route{Choice: lead.Choice{Wait: monday.Add(day)}}, ""},
		"waits for this moment":   {captured, waitFor(monday), ""},
		"no command":              {captured, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := test.life(t)
			_, err := lead.Decide(l.lead, test.command, l.rules, l.now)
			e, ok := err.(*lead.Error)
			if !ok || e.Kind != lead.Invalid || e.Field != test.field {
				t.Errorf("got %v, want invalid at %q", err, test.field)
			}
		})
	}
}

// many are so many tags.
func many(n int) []string {
	var tags []string
	for i := range n {
		tags = append(tags, strings.Repeat("x", i+1))
	}
	return tags
}

// TestTags: a lead has at most 20, each once, in order; putting on what is there and
// taking off what is not is no news.
func TestTags(t *testing.T) {
	t.Parallel()
	l := captured(t).must(t, lead.Tag{Add: []string{"fair", "demo", "fair"}})
	tags := l.lead.Tags
	if !slices.Equal(tags, []string{"demo", "fair"}) {
		t.Errorf("the tags are %v", tags)
	}
	entries := len(l.history)
	if l.must(t, lead.Tag{Add: []string{"fair"}, Remove: []string{"cold"}}, lead.Tag{}); len(l.history) != entries {
		t.Error("nothing is told")
	}
	if e := l.history[2].Events[0].(lead.Tagged); len(e.Add) != 2 {
		t.Errorf("put on are %v", e.Add)
	}
	l.must(t, lead.Tag{Add: []string{"cold", "demo"}, Remove: []string{"fair", "fair", "cold"}})
	if e := l.history[entries].Events[0].(lead.Tagged); len(e.Add) != 0 || len(e.Remove) != 1 {
		t.Errorf("put on are %v, taken off %v", e.Add, e.Remove)
	}
	if !slices.Equal(l.lead.Tags, []string{"demo"}) || !slices.Equal(tags, []string{"demo", "fair"}) {
		t.Errorf("the tags are %v, before they were %v", l.lead.Tags, tags)
	}
	l.must(t, lead.Tag{Add: many(19)})
	if err := l.do(lead.Tag{Add: []string{"one-more"}}); lead.KindOf(err) != lead.Invalid {
		t.Errorf("a tag too many: %v", err)
	}
	l.must(t, lead.Tag{Add: []string{"one-more"}, Remove: []string{"demo"}})
}
