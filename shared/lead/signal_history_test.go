package lead_test

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestSignalsOfHistory: what the history tells of by itself.
func TestSignalsOfHistory(t *testing.T) {
	t.Parallel()
	told := func(c lead.Command) *life {
		l := working(t, ann).wait(day)
		return l.must(t, c)
	}
	reply := lead.Logged{Way: lead.WayMail, Inbound: true}
	earlier := reply
	earlier.Done = monday.Add(time.Hour)
	tomorrow := lead.Call{List: "spring", Call: "c-1", Outcome: lead.Talked, Done: monday.Add(40 * day)}
	for name, c := range map[string]struct {
		command lead.Command
		want    lead.SignalKind
		at      time.Time
	}{
		"an enquiry":               {touch(), lead.SignalEnquiry, monday.Add(day)},
		"on a list once more":      {command: listed()},
		"a reply":                  {lead.Log{Rep: ann, Activity: reply}, lead.SignalReply, monday.Add(day)},
		"a reply, logged late":     {lead.Log{Rep: ann, Activity: earlier}, lead.SignalReply, monday.Add(time.Hour)},
		"a call of ours":           {command: call(ann)},
		"they talked":              {lead.Call{Outcome: lead.Talked}, lead.SignalTalk, monday.Add(day)},
		"interested":               {lead.Call{Outcome: lead.Interested, Done: monday}, lead.SignalTalk, monday},
		"by a clock that is ahead": {tomorrow, lead.SignalTalk, monday.Add(day)},
		"nobody answered":          {command: lead.Call{Outcome: lead.NoAnswer}},
		"not interested":           {command: lead.Call{Outcome: lead.NotInterested}},
	} {
		got := told(c.command).lead.Signals
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s is a signal: %v", name, got)
		case c.want != "" && (len(got) != 1 || got[0].Kind != c.want || !got[0].At.Equal(c.at) || got[0].Sure != 100):
			t.Errorf("%s: %v, want %s at %v", name, got, c.want, c.at)
		}
	}
}

// TestEnquired: a lead that came from a list never enquired, whatever became of it,
// until they do.
func TestEnquired(t *testing.T) {
	t.Parallel()
	enquiries := func(l *life) (n int) {
		for _, s := range l.lead.Enquired() {
			if s.Kind == lead.SignalEnquiry {
				n++
			}
		}
		return n
	}
	for name, c := range map[string]struct {
		life *life
		want int
	}{
		"an enquiry":                 {captured(t), 1},
		"and another":                {captured(t).wait(time.Hour).must(t, touch()), 2},
		"and then on a list":         {captured(t).must(t, listed()), 1},
		"from a list":                {fromList(t), 0},
		"verified":                   {fromList(t).must(t, lead.Verify{}), 0},
		"on a list once more":        {fromList(t).must(t, listed()), 0},
		"then they enquire":          {fromList(t).wait(time.Hour).must(t, touch()), 1},
		"merged, and that is undone": {absorbed(t, fromList(t)).must(t, lead.Restore{Why: "two persons"}), 0},
	} {
		if got := enquiries(c.life); got != c.want {
			t.Errorf("%s: %d enquiries, want %d", name, got, c.want)
		}
		if len(c.life.lead.Signals) > c.want {
			t.Errorf("%s: it keeps %v", name, c.life.lead.Signals)
		}
	}
}

// TestContacted: what counts as the first contact with somebody of ours.
func TestContacted(t *testing.T) {
	t.Parallel()
	triaged := func() *life {
		return captured(t).must(t, lead.Route{Choice: lead.Choice{Team: "inside", Why: "nobody is on shift"}})
	}
	for name, c := range map[string]struct {
		life *life
		want bool
	}{
		"new":                  {captured(t), false},
		"accepted":             {working(t, ann), false},
		"signals":              {working(t, ann).must(t, lead.Engage{Signals: signals()[1:]}), false},
		"nobody answered":      {triaged().must(t, lead.Call{Outcome: lead.NoAnswer}, lead.Call{Outcome: lead.Busy}), false},
		"released":             {working(t, ann).must(t, lead.Release{Rep: ann, Reason: "on leave"}), false},
		"called":               {working(t, ann).must(t, call(ann)), true},
		"a note":               {working(t, ann).must(t, note(ann)), true},
		"a vendor talked":      {triaged().must(t, lead.Call{Outcome: lead.Talked}), true},
		"wrong number":         {triaged().must(t, lead.Call{Outcome: lead.WrongNumber}), true},
		"not now":              {working(t, ann).must(t, lead.Hold{Rep: ann}), true},
		"a deal":               {working(t, ann).must(t, lead.Deal{Rep: ann, Open: true}), true},
		"qualified":            {working(t, ann).must(t, lead.Qualify{Rep: ann, Verdict: "enterprise"}), true},
		"converted":            {working(t, ann).must(t, lead.Convert{Rep: ann}), true},
		"closed":               {closed(t, lead.StateLost), true},
		"merged is no contact": {absorbed(t, working(t, ann)), false},
	} {
		if got := !c.life.lead.Contacted.IsZero(); got != c.want {
			t.Errorf("%s: contacted %v", name, c.life.lead.Contacted)
		}
	}
	late := lead.Log{Rep: ann, Activity: lead.Logged{Way: lead.WayMail, Inbound: true, Done: monday.Add(time.Hour)}}
	if l := working(t, ann).wait(day).must(t, late); !l.lead.Contacted.Equal(monday.Add(time.Hour)) {
		t.Errorf("logged late, it was at %v", l.lead.Contacted)
	}
	l := working(t, ann).wait(time.Hour).must(t, call(ann))
	first := l.now
	if l.wait(time.Hour).must(t, call(ann), touch()); !l.lead.Contacted.Equal(first) {
		t.Errorf("the first contact was at %v, not %v", first, l.lead.Contacted)
	}
}
