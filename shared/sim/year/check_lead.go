package year

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// track is what the checker knows of a lead.
type track struct {
	state lead.State
	grade lead.Grade
	due   int64 // the deadline, rounded up; 0 for none
	set   int64 // when it was set

	// Of the period, while a rep has the lead.
	rep      int16 // -1 for none
	start    int64
	accepted bool
	clock    int64      // when the follow-up that is due began to be timed
	graded   lead.Grade // by which it is timed
	answered bool       // the clock was started by a follow-up
	first    int64      // first reminder since
	told     int64      // last reminder
	toldFor  int64      // of which moment
	paused   int64      // since when on hold
	noted    bool       // a note without evidence has moved what is due
	held     int64
	extended bool
	deal     bool
	dealt    bool  // there was a deal
	freed    int64 // when that was closed
	cohort   bool
	round    int // reps who got the lead since it came round

	former []tenure

	interest int  // as it was scored last
	news     bool // somebody has shown interest since
	hot      bool
	ripened  bool // in nurturing, in this entry

	berth int64 // since when in a pool; 0 is not
	next  int64 // the first cycle in which it has to be looked at
	last  int64 // the last in which it was; -1 for none
}

// tenure is that a rep had a lead.
type tenure struct {
	rep   int16
	until int64
}

// open lists the states in which the system owes a lead something.
var open = []lead.State{lead.StateNew, lead.StateRouting, lead.StateOffered, lead.StateTriage, lead.StateWorking, lead.StatePaused,
	lead.StateNurturing, lead.StatePooled, lead.StateConverted}

// entry reads a history entry as it is committed.
func (k *checker) entry(c *card, after *lead.Lead, e *lead.Entry) {
	if int(c.number) == len(k.leads) {
		k.leads = append(k.leads, track{rep: -1, last: -1})
	}
	for int(c.person) >= len(k.people) {
		k.people = append(k.people, book{})
	}
	t := &k.leads[c.number]
	k.now = e.At.Unix()
	if t.due > 0 {
		late := k.now - max(t.due, t.set)
		if e.By.ID == "sweep" && t.due <= k.now {
			k.lateMost = max(k.lateMost, late)
			k.judged[ruleActed]++
		}
		k.judge(ruleLate, late <= lateMost, c.ID, "%d s", late)
	}
	dues, expired := 0, false
	for _, event := range e.Events {
		switch event := event.(type) {
		case lead.Due:
			dues++
			t.due, t.set = 0, k.now
			if !event.At.IsZero() {
				t.due = event.At.Add(time.Second - 1).Unix()
			}
		case lead.Expired:
			expired = event.Duty == lead.DutyWithdraw || event.Duty == lead.DutyReclaim
		case lead.Ended:
			k.ended(t, event, expired, c.ID)
		default:
			k.contacts(c, t, event) // by the grade before it
			k.period(t, event, c)
			k.pooled(t, event, c.ID)
		}
	}
	if t.ripened {
		k.judge(ruleRipe, false, c.ID, "left in nurturing")
		t.ripened = false
	}
	isOpen := slices.Contains(open, t.state)
	k.judge(ruleDeadline, dues <= 1 && isOpen == (t.due > 0), c.ID, "%d set at once, %s, due %d", dues, t.state, t.due)
	same := after.Deadline == nil && t.due == 0 || after.Deadline != nil && after.Deadline.At.Add(time.Second-1).Unix() == t.due
	k.judge(ruleState, after.State == t.state && after.Grade == t.grade && same && (t.rep >= 0) == (after.Period != nil), c.ID,
		"%s %s, want %s %s", after.State, after.Grade, t.state, t.grade)
}

// period follows who has the lead, and in what state it is.
func (k *checker) period(t *track, e lead.Event, c *card) {
	state := t.state
	switch e := e.(type) {
	case lead.Captured:
		t.state, t.news = lead.StateNew, true
	case lead.Touched, lead.Engaged, lead.Called:
		t.news = true
	case lead.Scored:
		k.judge(ruleFades, t.news || e.Behaviour <= t.interest, c.ID, "from %d to %d", t.interest, e.Behaviour)
		t.ripened = t.state == lead.StateNurturing && !t.hot && e.Maturity == lead.Hot
		t.interest, t.news, t.hot = e.Behaviour, false, e.Maturity == lead.Hot
		t.grade = e.Grade
		if t.clock == k.now {
			t.graded = t.grade
		}
	case lead.Woken:
		k.judged[ruleRipe] += one(t.ripened)
		t.state, t.ripened = lead.StateRouting, false
		if !e.Again {
			t.round = 0
		}
	case lead.Waiting:
		t.state = lead.StateRouting
	case lead.Offered:
		t.state = lead.StateOffered
		if e.How == lead.ByOffer {
			t.cohort = e.Cohort != ""
			k.judge(ruleRound, t.round < roundMost, c.ID, "offered to %d", t.round+1)
		}
		k.takes(t, e.Rep, c.ID)
		k.reps[t.rep].offered(k, e, t.grade, c.ID)
	case lead.Claimed:
		t.state = lead.StateWorking
		k.takes(t, e.Rep, c.ID)
		t.accepted, t.clock, t.graded = true, k.now, t.grade
		k.judge(ruleFreeze, k.now-t.berth >= freeze, c.ID, "after %d s", k.now-t.berth)
		k.reps[t.rep].claimed(k, c.ID)
	case lead.Revealed:
		k.reps[k.byRep[e.Rep]].reveals(k, c.ID)
	case lead.Accepted:
		t.state = lead.StateWorking
		t.accepted, t.clock, t.graded, t.answered = true, k.now, t.grade, false
	case lead.Triaged:
		t.state = lead.StateTriage
	case lead.Logged:
		t.news = t.news || e.Inbound
		if e.Grade != "" {
			t.grade = e.Grade
		}
		if t.noted = e.Bare; !e.Bare {
			t.clock, t.graded, t.answered = k.now, t.grade, true
		}
	case lead.Reminded:
		if t.told, t.toldFor = k.now, e.At.Unix(); t.first < t.began() {
			t.first = k.now
		}
	case lead.Escalated:
		if t.rep >= 0 { // in place of taking the lead back
			k.judged[ruleCohort], k.judged[ruleDeal] = k.judged[ruleCohort]+one(t.cohort), k.judged[ruleDeal]+one(t.deal)
		}
	case lead.Extended:
		t.extended = true
	case lead.Dealt:
		if t.deal, t.dealt = e.Open, true; !e.Open {
			t.freed = k.now
		}
	case lead.PutOnHold:
		t.state, t.paused = lead.StatePaused, k.now
	case lead.Resumed:
		t.state = lead.StateWorking
		t.held += k.now - t.paused
		t.clock, t.graded, t.answered, t.paused = k.now, t.grade, false, 0
	case lead.Nurtured:
		t.state = lead.StateNurturing
	case lead.Pooled:
		t.state, t.cohort, t.round = lead.StatePooled, false, 0
	case lead.Converted:
		t.state = lead.StateConverted
	case lead.HandedOver:
		t.state = lead.StateCustomer
	case lead.Closed:
		t.state = e.As
	}
	if state == lead.StatePooled && t.state != lead.StatePooled {
		k.leaves(t, c.ID)
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// takes begins a period.
func (k *checker) takes(t *track, rep string, id string) {
	n := k.byRep[rep]
	t.former = slices.DeleteFunc(t.former, func(f tenure) bool { return k.now-f.until > coolOff })
	k.judge(ruleCoolOff, !slices.ContainsFunc(t.former, func(f tenure) bool { return f.rep == n }), id, "rep %s", rep)
	t.rep, t.start, t.round = n, k.now, t.round+1
	t.accepted, t.answered, t.extended, t.deal, t.dealt, t.noted = false, false, false, false, false, false
	t.clock, t.first, t.told, t.toldFor, t.paused, t.held, t.freed = k.now, 0, 0, 0, 0, 0, 0
}

// ended judges how a rep lost a lead.
func (k *checker) ended(t *track, e lead.Ended, expired bool, id string) {
	if expired {
		k.judge(ruleCohort, !t.cohort, id, "rep %s", e.Rep)
		k.judge(ruleDeal, !t.deal, id, "rep %s", e.Rep)
		k.judge(ruleWarned, t.told >= t.began() && t.told > t.start, id, "rep %s, %s", e.Rep, e.Why)
		if t.told > 0 {
			k.notice(t, e, id)
		}
	}
	k.keeping(t, id)
	k.reps[t.rep].gone(k, e)
	t.former = append(t.former, tenure{t.rep, k.now})
	t.rep, t.clock = -1, 0
}

// began is when what the rep is to be reminded of began to be timed.
func (t *track) began() int64 { return max(t.clock, t.paused, t.freed) }

// notice judges how long the rep had from the first and from the last reminder on.
func (k *checker) notice(t *track, e lead.Ended, id string) {
	clock := t.began()
	early, last := noticeEarly, min(noticeLong, (k.now-clock)/2)
	switch best := t.graded == lead.GradeA || t.graded == lead.GradeAPlus; {
	case !t.accepted:
		early, last = 0, noticeOffer
	case best && !t.answered && t.paused == 0:
		early, last = 0, min(last, noticeHour)
	}
	if k.now-clock < early+2*slack { // there was no time for it
		early = 0
	}
	if t.noted { // where that moves the deadline a little, the first comes from before and the last late
		early, last = 0, last/2
	}
	k.judge(ruleNotice, k.now-t.first >= early-slack && k.now-t.told >= last-slack && k.now >= t.toldFor, id,
		"rep %s, %s: told %d s and %d s before, promised %d and %d, told of %d s later", e.Rep, e.Why, k.now-t.first, k.now-t.told, early, last, t.toldFor-k.now)
}

// keeping judges how long a rep has had a lead.
func (k *checker) keeping(t *track, id string) {
	if !t.accepted || t.dealt || t.cohort {
		return
	}
	held := t.held
	if t.paused > 0 {
		held += k.now - t.paused
	}
	most := keepMost + extendMost*int64(one(t.extended))
	k.judge(ruleProtect, k.now-t.start-held <= most+keepingSlack, id, "rep %s for %d s and %d on hold", k.reps[t.rep].id, k.now-t.start-held, held)
}
