package app

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Activity is a follow-up as the rep logs it.
type Activity struct {
	Way       string     `json:"way"` // one of [lead.Ways]
	Summary   string     `json:"summary,omitempty"`
	Objection string     `json:"objection,omitempty"`
	Step      string     `json:"step,omitempty"` // the next one
	StepAt    time.Time  `json:"step_at,omitzero"`
	Grade     lead.Grade `json:"grade,omitempty"` // where the rep changes it

	Done    time.Time `json:"done,omitzero"`     // when it took place; just now where empty
	Seconds int       `json:"seconds,omitempty"` // talked, of a call
	Inbound bool      `json:"inbound,omitempty"` // it came from the customer
	CheckIn *CheckIn  `json:"check_in,omitempty"`
	Links   []string  `json:"links,omitempty"`  // to attachments, over HTTPS
	Beyond  string    `json:"beyond,omitempty"` // why the person was contacted although they are to be left in peace
}

// The bounds of an activity.
const (
	doneDays   = 31           // how long ago it may have taken place
	talkMost   = 24 * 60 * 60 // seconds
	linksMost  = 5
	linkLength = 500 // bytes
)

// LogActivity records a follow-up. One by which the person was contacted counts
// for their contact budget in the same transaction.
func (d *Desk) LogActivity(ctx context.Context, u User, on Target, a Activity) (LeadView, error) {
	beyond, err := a.check(d.Now())
	if err != nil {
		return LeadView{}, err
	}
	logged, err := d.sealActivity(ctx, on, a)
	if err != nil {
		return LeadView{}, err
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		p, err := u.planFor(l, lead.Log{Rep: u.Rep, Activity: logged})
		if err != nil {
			return p, err
		}
		if a.CheckIn != nil && logged.Metres == nil {
			if logged.Metres, err = d.distance(ctx, l.ID, *a.CheckIn); err != nil {
				return p, err
			}
			p.command = lead.Log{Rep: u.Rep, Activity: logged}
		}
		if !a.contacts() {
			return p, nil
		}
		p.person = func(person *lead.Person, now time.Time) (lead.Command, error) {
			at := now
			if !a.Done.IsZero() {
				at = a.Done
			}
			activity := logged
			if activity.Beyond, err = excuse(u.pol, *person, l, at, beyond); err != nil {
				return nil, err
			}
			person.Contact(at)
			return lead.Log{Rep: u.Rep, Activity: activity}, nil
		}
		return p, nil
	})
}

// contacts reports whether somebody of ours contacted the person.
func (a Activity) contacts() bool { return a.Way != lead.WayNote && !a.Inbound }

// check refuses what cannot be, and returns the cleaned reason for a contact beyond
// the budget.
func (a Activity) check(now time.Time) (beyond string, err error) {
	switch {
	case a.Way != "" && !slices.Contains(lead.Ways, a.Way):
		return "", field{"way", a.Way}.invalid("say how the customer was reached: call, mail, visit, chat, meeting or note")
	case a.StepAt.After(now.AddDate(1, 0, 0)):
		return "", field{"step_at", ""}.invalid("the next step lies more than a year ahead")
	case !a.Done.IsZero() && a.Done.Before(now.AddDate(0, 0, -doneDays)):
		return "", field{"done", ""}.invalid("an activity is logged within %d days", doneDays)
	case a.Seconds != 0 && a.Way != lead.WayCall:
		return "", field{"seconds", ""}.invalid("how long you talked belongs to a call")
	case a.Seconds < 0 || a.Seconds > talkMost:
		return "", field{"seconds", ""}.invalid("give how long you talked in seconds, up to a day")
	case a.CheckIn != nil && a.Way != lead.WayVisit:
		return "", field{"check_in", ""}.invalid("a check-in belongs to a visit")
	case a.CheckIn != nil && !a.CheckIn.sound():
		return "", field{"check_in", ""}.invalid("give the place in degrees and its accuracy in metres")
	case len(a.Links) > linksMost:
		return "", field{"links", ""}.invalid("give at most %d links", linksMost)
	}
	for _, link := range a.Links {
		if !isLink(link) {
			return "", field{"links", ""}.invalid("a link begins with https:// and has at most %d bytes", linkLength)
		}
	}
	return field{"beyond", a.Beyond}.reason()
}

// isLink reports whether a text is an address that a page may lead to.
func isLink(text string) bool {
	at, err := url.Parse(text)
	return err == nil && len(text) <= linkLength && at.Scheme == "https" && at.Hostname() != "" && at.User == nil &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// sealActivity is the activity as the history keeps it.
func (d *Desk) sealActivity(ctx context.Context, on Target, a Activity) (lead.Logged, error) {
	logged := lead.Logged{Way: a.Way, StepAt: a.StepAt.UTC(), Grade: a.Grade, Seconds: a.Seconds, Inbound: a.Inbound}
	if !a.Done.IsZero() {
		logged.Done = a.Done.UTC().Truncate(time.Second)
	}
	for _, text := range []struct {
		field
		to *lead.Sealed
	}{
		{field{"summary", a.Summary}, &logged.Summary},
		{field{"objection", a.Objection}, &logged.Objection},
		{field{"step", a.Step}, &logged.Step},
	} {
		sealed, err := d.seal(ctx, on, text.field)
		if err != nil {
			return logged, err
		}
		*text.to = sealed
	}
	var err error
	if len(a.Links) > 0 {
		if logged.Links, err = d.sealJSON(ctx, on, a.Links); err != nil {
			return logged, err
		}
	}
	if a.CheckIn == nil {
		return logged, nil
	}
	logged.Checked = true
	if a.CheckIn.Customer != nil {
		logged.Metres = a.CheckIn.Customer.metres(a.CheckIn.Point)
	}
	logged.Place, err = d.sealJSON(ctx, on, a.CheckIn)
	return logged, err
}

func (d *Desk) sealJSON(ctx context.Context, on Target, v any) (lead.Sealed, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return d.Vault.Seal(ctx, placeNote(on.Lead), data)
}

// excuse is the reason to keep with a contact at a moment: none where the person
// might be contacted then, else the one given, without which it is refused. What
// came within a day after the moment counts as well, so that nobody is within the
// budget by logging the later contact first.
func excuse(pol *policy.Directory, p lead.Person, l lead.Lead, at time.Time, beyond string) (string, error) {
	p.Contacts = slices.DeleteFunc(slices.Clone(p.Contacts), func(c time.Time) bool { return !c.Before(at.AddDate(0, 0, 1)) })
	from := pol.ContactFrom(p, l, at)
	switch refused := (&lead.Error{Kind: lead.Conflict, Field: "beyond"}); {
	case !from.IsZero() && !from.After(at):
		return "", nil
	case beyond != "":
		return beyond, nil
	case from.IsZero():
		refused.Text = "the person does not want to be contacted any more: if it happened all the same, say why in beyond"
		return "", refused
	default:
		refused.Text = "the person was contacted as often as the policy allows and may be again from " + from.UTC().Format("2006-01-02 15:04 MST") +
			" on: if it happened all the same, say why in beyond"
		return "", refused
	}
}
