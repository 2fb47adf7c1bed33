package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
)

// trips holds how many round trips to the table something takes.
func (b *bundle) trips(what string, want int, do func() error) {
	b.t.Helper()
	before := b.table.Meter()
	if err := do(); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	if got := b.table.Meter().Sub(before).RoundTrips; got != want {
		b.t.Errorf("%s took %d round trips, want %d", what, got, want)
	}
}

// act makes an act's error all that counts.
func act(_ app.LeadView, err error) error { return err }

func (b *bundle) user(id string) app.User {
	b.t.Helper()
	u, err := b.desk.User(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return u
}

// TestRoundTripsAtTheDesk follows a lead from hand to hand with a warm policy.
// In every answer one trip is the person.
func TestRoundTripsAtTheDesk(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t, edit{policy: openPool}), t.Context()
	l := b.enquire("trial", typed())
	on, d, manager := app.Target{Lead: l.ID}, b.desk, b.user("max")
	rep := b.userOf(l.Owner())

	b.trips("a user by id and by address", 0, func() error {
		if _, err := d.User(ctx, manager.ID); err != nil {
			return err
		}
		_, err := d.UserByEmail(ctx, "MAX@example.com")
		return err
	})
	b.trips("looking at it as its rep", 2, func() error { return act(d.Lead(ctx, rep, l.ID)) }) // lead+rep
	b.trips("its history", 2, func() error { _, err := d.Timeline(ctx, rep, l.ID, app.Page{}); return err })
	b.trips("accepting", 3, func() error { return act(d.Accept(ctx, rep, on)) }) // lead+rep, commit
	// The person is read before the commit here, and written with it.
	b.trips("logging a call", 3, func() error {
		return act(d.LogActivity(ctx, rep, on, app.Activity{Way: "call", Seconds: 60, Summary: "spoke"}))
	})
	b.trips("logging a note", 3, func() error { return act(d.LogActivity(ctx, rep, on, app.Activity{Way: "note", Summary: "busy"})) })
	here := app.CheckIn{Point: app.Point{Lat: 31.24, Lon: 121.49}}
	b.trips("logging a visit", 4, func() error { // where the customer is, the history tells
		return act(d.LogActivity(ctx, rep, on, app.Activity{Way: "visit", CheckIn: &here, Beyond: "an appointment was made"}))
	})
	b.trips("extending", 3, func() error { return act(d.Extend(ctx, rep, on, "budget is near")) })
	open := true
	b.trips("opening a deal", 3, func() error { return act(d.Deal(ctx, rep, on, app.Opportunity{Open: &open})) })
	b.trips("tagging", 3, func() error { return act(d.Tag(ctx, rep, on, app.Tags{Add: []string{"fair"}})) })
	b.trips("opting out", 3, func() error { return act(d.OptOut(ctx, rep, on)) })
	b.trips("the tasks", 4, func() error { _, err := d.Tasks(ctx, rep, ""); return err }) // rep, inbox, leads, persons
	b.trips("releasing", 3, func() error { return act(d.Release(ctx, rep, on, app.Return{Reason: "no time"})) })
	fresh := slices.DeleteFunc([]string{"amy", "ben", "cai"}, func(id string) bool { return id == rep.Rep }) // of the cool-off
	colleague := b.user(fresh[0])
	b.trips("looking at its contact data", 3, func() error { return act(d.Reveal(ctx, colleague, on)) })
	b.trips("claiming", 3, func() error { return act(d.Claim(ctx, colleague, on)) })
	b.trips("releasing again", 3, func() error { return act(d.Release(ctx, colleague, on, app.Return{Reason: "no time"})) })
	b.trips("looking at it as a manager", 2, func() error { return act(d.Lead(ctx, manager, l.ID)) }) // lead
	b.trips("assigning", 4, func() error { return act(d.Assign(ctx, manager, on, fresh[1])) })        // lead, rep, commit
	b.counters()
}

// TestRoundTripsAfterBeingOvertaken: an act that met another reads the lead
// again, and nothing else.
func TestRoundTripsAfterBeingOvertaken(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), t.Context()
	f := b.withFaults()
	l := b.enquire("trial", typed())
	rep, on := b.userOf(l.Owner()), app.Target{Lead: l.ID}
	if _, err := b.desk.Accept(ctx, rep, on); err != nil {
		t.Fatal(err)
	}
	log := func(way, beyond string) func() error { // with a summary no two are the same
		return func() error {
			return act(b.desk.LogActivity(ctx, rep, on, app.Activity{Way: way, Summary: "again", Beyond: beyond}))
		}
	}
	quicker := func(do func() error) {
		f.meanwhile("Commit", func() {
			if err := do(); err != nil {
				t.Error(err)
			}
		})
	}
	// 3 of the quicker one; lead+rep, the refused commit, the lead, the commit,
	// the person of the other.
	quicker(log("note", ""))
	b.trips("two notes at once", 3+5, log("note", ""))
	// With a contact the person is read for each decision, and for the answer no more.
	quicker(log("note", ""))
	b.trips("a note and a call at once", 3+6, log("call", ""))
	quicker(log("mail", "the customer asked for it"))
	b.trips("two contacts at once", 3+6, log("call", "the customer asked for it"))
	if after := b.lead(l.ID); after.Version != 8 {
		t.Errorf("lead has version %d, want 8", after.Version)
	}
}

// TestRepWithoutRecord: a user of the policy may not have a record yet. They see
// what a pool shows to members by name, and cannot take it.
func TestRepWithoutRecord(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{
		policy: func(d *policy.Document) {
			for i := range d.Pools {
				d.Pools[i].Reps, d.Pools[i].Freeze = append(d.Pools[i].Reps, "amy"), nil
			}
		},
		reps: func(reps []lead.Rep) []lead.Rep {
			return slices.DeleteFunc(reps, func(r lead.Rep) bool { return r.ID == "amy" })
		},
	})
	ctx, amy, l := t.Context(), b.user("amy"), b.enquire("trial", typed())
	on := app.Target{Lead: l.ID}
	for _, id := range []string{l.ID, "x"} {
		_, err := b.desk.Lead(ctx, amy, id)
		if lead.KindOf(err) != lead.NotFound || err.Error() != "there is no such lead" {
			t.Errorf("lead %s of another: %v, want that there is none", id, err)
		}
	}
	rep := b.userOf(l.Owner())
	if err := errors.Join(act(b.desk.Accept(ctx, rep, on)), act(b.desk.Release(ctx, rep, on, app.Return{Reason: "no time"}))); err != nil {
		t.Fatal(err)
	}
	if v, err := b.desk.Lead(ctx, amy, l.ID); err != nil || v.Contact == nil || !v.Contact.Masked || !slices.Contains(v.Acts, app.ActClaim) {
		t.Errorf("in the pool it shows %+v with %v, %v", v.Contact, v.Acts, err)
	}
	if err := act(b.desk.Claim(ctx, amy, on)); lead.KindOf(err) != lead.Invalid {
		t.Errorf("claiming: %v, want that there is no such rep", err)
	}
}

// TestRoundTripsOfDelivery: begin, lead+rep, person, history, end for an offer;
// begin, lead, end for what no longer concerns its receiver.
func TestRoundTripsOfDelivery(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", typed())
	b.relay(b.history(l.ID)...)
	offers := b.deliver.take(10)
	if len(offers) != 1 {
		t.Fatalf("%d notices, want 1", len(offers))
	}
	deliver := func(notice []byte) func() error {
		return func() error {
			if b.handle("deliver", notice) != 0 {
				return fmt.Errorf("the notice came back: %s", b.logs)
			}
			return nil
		}
	}
	b.trips("an offer", 5, deliver(offers[0]))
	b.trips("an offer again", 1, deliver(offers[0]))
	b.trips("an offer of what another has", 3, deliver(encode(t, app.Notice{Lead: l.ID, Version: 2, Kind: app.NoticeOffered, To: "nobody"})))
	b.trips("an escalation", 3, deliver(encode(t, app.Notice{Lead: l.ID, Version: 3, Kind: app.NoticeEscalated, To: "young"})))
	if mails := b.mails(); len(mails) != 2 {
		t.Errorf("%d messages went out, want the offer and the escalation", len(mails))
	}
}

// TestOfferToRepWithoutRecord: the notice comes back and nothing is sent.
func TestOfferToRepWithoutRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", typed())
	_, err := b.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &b.name, Key: map[string]types.AttributeValue{
		schema.PK: &types.AttributeValueMemberS{Value: "REP"}, schema.SK: &types.AttributeValueMemberS{Value: l.Owner()}}})
	if err != nil {
		t.Fatal(err)
	}
	notice := encode(t, app.Notice{Lead: l.ID, Version: 1, Kind: app.NoticeOffered, To: l.Owner()})
	if b.handle("deliver", notice) != 1 || !strings.Contains(b.logs.String(), "there is no such rep") {
		t.Errorf("the notice did not come back for want of the rep: %s", b.logs)
	}
	if mails := b.mails(); len(mails) != 0 {
		t.Errorf("sent nevertheless: %v", mails)
	}
}
