package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// playFor bounds how long random stories are played on the engine.
const playFor = 15 * time.Second

// TestWhateverHappens plays random interleavings: enquiries of few people,
// messages delivered again, together and with lost answers, orders told late,
// twice and out of order, people at the desk, and the sweep with the clock
// moving. What must hold then holds.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	began, found := time.Now(), false
	stories := 0
	rapid.Check(t, func(rt *rapid.T) {
		if time.Since(began) > playFor && !found {
			return
		}
		defer func() { found = found || rt.Failed() }()
		stories++
		s := newStory(t)
		rt.Repeat(map[string]func(*rapid.T){
			"enquiry":         s.enquiry,
			"another enquiry": s.enquiry,
			"intake":          s.intakes,
			"intake again":    s.intakes,
			"relay":           s.relays,
			"route":           s.routes,
			"desk":            s.act,
			"more at desk":    s.act,
			"pool":            s.claim,
			"sweep":           s.sweeps,
		})
		s.end(rt)
	})
	t.Logf("%d stories", stories)
}

// story is a system with what happened in it.
type story struct {
	*bundle
	faults   *faults
	messages [][]byte
	orders   [][]byte
	posted   map[string]string // submission → phone
	leadIDs  map[string]string // submission → lead
}

func newStory(t *testing.T) *story {
	b := setup(t, edit{reps: func(reps []lead.Rep) []lead.Rep {
		two := 2
		for i := range reps {
			reps[i].Cap, reps[i].Quota, reps[i].Shifts = &two, nil, nil
		}
		return reps
	}})
	s := &story{bundle: b, posted: map[string]string{}, leadIDs: map[string]string{}}
	s.faults = b.withFaults()
	return s
}

// enquiry is of one of three people, who share addresses and mix them up.
func (s *story) enquiry(t *rapid.T) {
	form := rapid.SampledFrom([]string{"trial", "demo-zh"}).Draw(t, "form")
	phone := phoneNumber(rapid.IntRange(0, 2).Draw(t, "phone"))
	email := rapid.SampledFrom([]string{"", "a@example.com", "b@example.com"}).Draw(t, "email")
	if form == "trial" && email != "" && rapid.Bool().Draw(t, "no phone") {
		phone = ""
	}
	id := s.accepted(form, person("Person", phone, email))
	s.posted[id] = phone
	s.messages = append(s.messages, s.intake.take(10)...)
}

// intakes delivers some of all messages there ever were, at the same time.
func (s *story) intakes(t *rapid.T) {
	if len(s.messages) == 0 {
		t.Skip("none")
	}
	batch := rapid.SliceOfN(rapid.SampledFrom(s.messages), 1, 4).Draw(t, "messages")
	lost := rapid.IntRange(0, 3).Draw(t, "lost answers") == 0
	if lost {
		s.faults.lose(1, "Commit")
	}
	failed := s.handle("intake", batch...)
	s.faults.lose(0, "Commit")
	if failed > 0 && !lost {
		t.Fatalf("%d of %d messages failed: %s", failed, len(batch), s.logs)
	}
	s.look()
}

// look notes the leads that came of the submissions so far.
func (s *story) look() {
	for id := range s.posted {
		if s.leadIDs[id] != "" {
			continue
		}
		if sub, err := s.table.Submission(s.t.Context(), id); err == nil {
			s.leadIDs[id] = sub.Lead
		}
	}
}

func (s *story) pick(t *rapid.T) lead.Lead {
	ids := slices.Compact(slices.Sorted(maps.Values(s.leadIDs)))
	if len(ids) == 0 {
		t.Skip("none")
	}
	return s.lead(rapid.SampledFrom(ids).Draw(t, "lead"))
}

func (s *story) relays(t *rapid.T) {
	history := s.history(s.pick(t).ID)
	s.relay(rapid.SliceOfN(rapid.SampledFrom(history), 1, 3).Draw(t, "entries")...)
	s.orders = append(s.orders, s.route.take(100)...)
}

func (s *story) routes(t *rapid.T) {
	if len(s.orders) == 0 {
		t.Skip("none")
	}
	if failed := s.handle("route", rapid.SliceOfN(rapid.SampledFrom(s.orders), 1, 3).Draw(t, "orders")...); failed > 0 {
		t.Fatalf("route failed: %s", s.logs)
	}
}

// act does something at the desk, whether it is allowed or not.
func (s *story) act(t *rapid.T) {
	l := s.pick(t)
	on, ctx, d := app.Target{Lead: l.ID}, s.t.Context(), s.desk
	user := s.userOf("amy")
	if l.Owner() != "" {
		user = s.userOf(l.Owner())
	}
	manager := app.User{ID: "max", Roles: []string{app.RoleManager, app.RoleDispatcher, app.RoleSuccess}, Teams: []string{"young", "schools"}}
	acts := map[string]func() (app.LeadView, error){
		"accept":  func() (app.LeadView, error) { return d.Accept(ctx, user, on) },
		"reject":  func() (app.LeadView, error) { return d.Reject(ctx, user, on, app.Rejection{Reason: "too far"}) },
		"log":     func() (app.LeadView, error) { return d.LogActivity(ctx, user, on, app.Activity{Way: "call"}) },
		"hold":    func() (app.LeadView, error) { return d.Hold(ctx, user, on, "later") },
		"release": func() (app.LeadView, error) { return d.Release(ctx, user, on, app.Return{Reason: "no time"}) },
		"recycle": func() (app.LeadView, error) { return d.Recycle(ctx, user, on, "too young") },
		"close": func() (app.LeadView, error) {
			return d.Close(ctx, user, on, app.Closing{As: lead.StateLost, Reason: "gone"})
		},
		"convert": func() (app.LeadView, error) { return d.Convert(ctx, user, on, app.Win{}) },
		"confirm": func() (app.LeadView, error) { return d.Confirm(ctx, manager, on) },
		"assign": func() (app.LeadView, error) {
			return d.Assign(ctx, manager, on, rapid.SampledFrom([]string{"amy", "ben"}).Draw(t, "to"))
		},
	}
	names := []string{"accept", "accept", "reject", "log", "hold", "release", "recycle", "close", "convert", "confirm", "assign"}
	name := rapid.SampledFrom(names).Draw(t, "act")
	if _, err := acts[name](); err != nil && lead.KindOf(err) == lead.Unavailable {
		t.Fatalf("%s a lead that is %s: %v", name, l.State, err)
	}
}

func (s *story) claim(t *rapid.T) {
	user := s.userOf(rapid.SampledFrom([]string{"amy", "ben", "cai"}).Draw(t, "rep"))
	if _, err := s.desk.Claim(s.t.Context(), user, app.Target{Lead: s.pick(t).ID}); err != nil && lead.KindOf(err) == lead.Unavailable {
		t.Fatalf("claim: %v", err)
	}
}

func (s *story) sweeps(t *rapid.T) {
	s.clock.pass(time.Duration(rapid.SampledFrom([]int{1, 3, 60, 300, 60 * 24 * 3, 60 * 24 * 31}).Draw(t, "minutes")) * time.Minute)
	if rapid.IntRange(0, 3).Draw(t, "lost answer") == 0 {
		s.faults.lose(1, "Commit")
		_, _ = s.sweepOnce() // the next minute's looks again
		s.faults.lose(0, "Commit")
	}
	if counts := s.bundle.sweep(); counts["failed"] > 0 {
		t.Fatalf("sweep counts %v: %s", counts, s.logs)
	}
}

// end delivers what is left and holds what must be true.
func (s *story) end(t *rapid.T) {
	for _, m := range s.messages {
		if s.handle("intake", m) > 0 {
			t.Fatalf("intake failed: %s", s.logs)
		}
	}
	s.look()
	leads, err := s.table.Leads(s.t.Context(), slices.Compact(slices.Sorted(maps.Values(s.leadIDs))))
	if err != nil {
		t.Fatal(err)
	}
	created, touches := 0, map[string]int{}
	people := map[string]string{} // phone → person
	for id, phone := range s.posted {
		sub := s.submission(id)
		switch sub.Outcome {
		case lead.OutcomeCreated:
			created++
		case lead.OutcomeMerged:
		default:
			t.Errorf("a good submission ended as %q: %s", sub.Outcome, sub.Reason)
		}
		for at := sub.Lead; at != ""; { // of an absorbed lead they count for the one that goes on, too
			touches[at]++
			l := s.lead(at)
			if at = ""; l.Merged != nil {
				at = l.Merged.Into
			}
		}
		person := s.person(sub.Person)
		for person.Into != "" {
			person = s.person(person.Into)
		}
		if known := people[phone]; phone != "" && known != "" && known != person.ID {
			t.Errorf("one phone number belongs to %s and %s", known, person.ID)
		}
		people[phone] = person.ID
	}
	if created != len(leads) {
		t.Errorf("%d submissions created a lead, and there are %d leads", created, len(leads))
	}
	open, held := map[string]string{}, map[string]int{}
	for _, l := range leads {
		s.consistent(t, l)
		if l.Touches != touches[l.ID] {
			t.Errorf("lead %s counts %d submissions of %d", l.ID, l.Touches, touches[l.ID])
		}
		interest := fmt.Sprint(l.Person, l.Product)
		if other := open[interest]; other != "" && l.State.Open() {
			t.Errorf("leads %s and %s are open for one person and product", other, l.ID)
		}
		if l.State.Open() {
			open[interest] = l.ID
		}
		if l.Owner() != "" {
			held[l.Owner()]++
		}
	}
	s.inboxes(t, held)
}

// consistent holds that a lead is its history, and waits for one deadline while
// it is open.
func (s *story) consistent(t *rapid.T, l lead.Lead) {
	history := s.history(l.ID)
	stored, _ := json.Marshal(l)
	folded, _ := json.Marshal(lead.Fold(history))
	if string(stored) != string(folded) {
		t.Errorf("a lead is not its history:\nstored %s\nfolded %s", stored, folded)
	}
	if l.State.Open() != (l.Deadline != nil) {
		t.Errorf("a lead that is %s has the deadline %v", l.State, l.Deadline)
	}
	for i, entry := range history {
		if entry.Version != i+1 || len(entry.Events) == 0 {
			t.Errorf("entry %d has version %d and %d events", i+1, entry.Version, len(entry.Events))
		}
	}
}

// inboxes holds that what a rep holds is what the leads, the counter and the
// inbox say, within the cap.
func (s *story) inboxes(t *rapid.T, held map[string]int) {
	reps, err := s.table.Reps(s.t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reps {
		ids, _, err := s.table.Inbox(s.t.Context(), r.ID, app.Page{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		if r.Holding != held[r.ID] || len(ids) != held[r.ID] || r.Holding > *r.Cap {
			t.Errorf("rep %s owns %d leads, counts %d, sees %d, and may have %d", r.ID, held[r.ID], r.Holding, len(ids), *r.Cap)
		}
	}
}
