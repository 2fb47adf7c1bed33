package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/trigger"
)

// DeliverPorts are what deliver works with.
type DeliverPorts struct {
	Ports
	Store   Store
	Vault   Vault
	Policy  *Current
	Sender  Sender
	Caller  Caller // hands leads of call lists to their vendors
	Asker   Asker  // asks enrichers
	Intake  Queue  // is told what they said
	From    string // address that messages come from
	DeskURL string // base of links to the desk; empty leaves links out
}

// deliveryLease is how long one delivery of a notice keeps others away: longer
// than the function may run, shorter than the queue's visibility timeout.
const deliveryLease = 45 * time.Second

// Deliver tells people what concerns them. Each notice is recorded before and
// after it is sent: a redelivered one is not sent again. Only a crash in the
// instant between the mail system's yes and the record of it can repeat a
// message, which then has the same Message-ID.
func Deliver(p DeliverPorts) lambda.Handler {
	d := &delivery{DeliverPorts: p}
	return trigger.SQS(p.Log, func(ctx context.Context, m trigger.Message) error {
		var n Notice
		if err := json.Unmarshal(m.Body, &n); err != nil || n.Lead == "" || n.Version < 1 || n.Kind == "" {
			return malformed("a notice")
		}
		return d.deliver(ctx, n)
	})
}

type delivery struct {
	DeliverPorts
	breakers breakers
}

func (d *delivery) deliver(ctx context.Context, n Notice) error {
	now := d.Now()
	done, err := d.Store.BeginDelivery(ctx, n.ID(), now, now.Add(deliveryLease))
	if done || err != nil {
		return err
	}
	switch n.Kind {
	case NoticeListed:
		err = d.requestCall(ctx, n, now)
	case NoticeAsked:
		err = d.ask(ctx, n, now)
	default:
		err = d.mail(ctx, n, now)
	}
	if err != nil {
		return err
	}
	return d.Store.EndDelivery(ctx, n.ID(), d.Now())
}

func (d *delivery) mail(ctx context.Context, n Notice, now time.Time) error {
	mail, err := d.compose(ctx, n, now)
	if err != nil || mail == nil {
		return err
	}
	return d.Sender.Send(ctx, *mail)
}

// compose writes the message, or nothing where it no longer concerns its
// receiver: contact data is for who has the lead.
func (d *delivery) compose(ctx context.Context, n Notice, now time.Time) (*Mail, error) {
	receiver := "" // the rep, where it is one
	if n.Kind == NoticeOffered || n.Kind == NoticeMoved || n.Kind == NoticeReminded || n.Kind == NoticeMerged {
		receiver = n.To
	}
	l, rep, err := d.Store.LeadAndRep(ctx, n.Lead, receiver)
	if err != nil {
		return nil, err
	}
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	mail := &Mail{ID: n.ID(), At: now, Class: Internal, From: Address{Name: "Sluice", Mail: d.From}}
	switch n.Kind {
	case NoticeOffered:
		return d.offered(ctx, pol, n, l, rep, mail)
	case NoticeMoved:
		return d.moved(ctx, pol, n, rep, mail)
	case NoticeMerged:
		return d.merged(l, rep, mail)
	case NoticeEscalated:
		return d.escalated(pol, n, l, mail)
	case NoticeReminded:
		return d.reminded(pol, n, l, rep, mail)
	case NoticeWarned:
		return d.warned(ctx, pol, n, l, mail)
	case NoticeRevived:
		return d.toPerson(ctx, pol, pol.Stock(n.To).Reactivate, l, mail)
	case NoticeNudged:
		return d.toPerson(ctx, pol, pol.LightTouch(), l, mail)
	}
	return nil, lead.Errorf(lead.Invalid, "unknown kind of notice %q", n.Kind)
}

func (d *delivery) offered(ctx context.Context, pol *policy.Directory, n Notice, l lead.Lead, rep lead.Rep, mail *Mail) (*Mail, error) {
	if l.Owner() != n.To {
		return nil, nil
	}
	if rep.ID == "" {
		return nil, lead.Errorf(lead.NotFound, "there is no such rep")
	}
	contact, err := openContact(ctx, d.Store, d.Vault, l.Person)
	if err != nil {
		return nil, err
	}
	history, _, err := d.Store.History(ctx, l.ID, Page{Limit: 20})
	if err != nil {
		return nil, err
	}
	mail.To = Address{Name: rep.Name, Mail: rep.Email}
	mail.Subject = fmt.Sprintf("New lead %s: %s, %s", l.Number, l.Grade, l.Product)
	mail.Text = d.offerText(l, taking(l, pol), rep, contact, history)
	return mail, nil
}

// moved tells a rep once of all the leads that a job moves to them.
func (d *delivery) moved(ctx context.Context, pol *policy.Directory, n Notice, rep lead.Rep, mail *Mail) (*Mail, error) {
	if rep.ID == "" {
		return nil, lead.Errorf(lead.NotFound, "there is no such rep")
	}
	job, err := d.Store.Job(ctx, n.Job)
	if err != nil {
		return nil, err
	}
	by := job.By
	if u, ok := pol.User(job.By); ok {
		by = u.Name
	}
	mail.To = Address{Name: rep.Name, Mail: rep.Email}
	mail.Subject = "Leads are moved to you"
	mail.Text = fmt.Sprintf("Hello %s,\n\n%s moves leads to you: %s.\nThey are in your inbox; their first follow-up counts from now.\n", rep.Name, by, job.Why)
	if d.DeskURL != "" {
		mail.Text += strings.TrimSuffix(d.DeskURL, "/") + "/\n"
	}
	return mail, nil
}

// merged tells a rep that a lead which they had goes on as another one.
func (d *delivery) merged(l lead.Lead, rep lead.Rep, mail *Mail) (*Mail, error) {
	if rep.ID == "" || l.Merged == nil || l.Merged.Rep != rep.ID {
		return nil, nil
	}
	mail.To = Address{Name: rep.Name, Mail: rep.Email}
	mail.Subject = fmt.Sprintf("Lead %s goes on as another one", l.Number)
	mail.Text = fmt.Sprintf("Hello %s,\n\nlead %s (%s) turned out to be of a person whom somebody is in touch with already. It goes on as that lead, with all that is known; you need do nothing more.\n",
		rep.Name, l.Number, l.Product)
	return mail, nil
}

func (d *delivery) offerText(l lead.Lead, due *lead.Deadline, rep lead.Rep, c lead.Contact, history []lead.Entry) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	field := func(label, value string) {
		if value != "" {
			line("%-9s %s", label+":", value)
		}
	}
	line("Hello %s,\n\na lead is yours to accept: %s (%s, grade %s).\n", rep.Name, l.Number, l.Product, l.Grade)
	field("Name", c.Name)
	field("Phone", c.Phone)
	field("E-mail", c.Email)
	field("Company", c.Company)
	field("From", strings.Trim(l.Facts.Channel+" / "+l.Facts.Campaign, " /"))
	if due != nil && l.State == lead.StateOffered {
		line("\nPlease accept by %s.", due.At.In(zoneOf(rep)).Format("2 January 15:04 MST"))
	}
	if d.DeskURL != "" {
		line("%s/leads/%s", strings.TrimSuffix(d.DeskURL, "/"), l.ID)
	}
	line("\nWhy this grade: %s", cmp.Or(strings.Join(l.Reasons, "; "), "no rule of the profile matched"))
	line("\nWhat happened so far:")
	for _, entry := range history {
		for _, e := range entry.Events {
			if text := Describe(e); text != "" {
				line("  %s  %s", entry.At.In(zoneOf(rep)).Format("2006-01-02 15:04"), text)
			}
		}
	}
	return b.String()
}

func (d *delivery) escalated(pol *policy.Directory, n Notice, l lead.Lead, mail *Mail) (*Mail, error) {
	team, _ := pol.Team(n.To)
	manager, ok := pol.User(team.Manager)
	if !ok || team.Manager == "" {
		return nil, nil
	}
	mail.To = Address{Name: manager.Name, Mail: manager.Email}
	mail.Subject = fmt.Sprintf("Lead %s waits: nobody acted in time", l.Number)
	mail.Text = fmt.Sprintf("Hello %s,\n\nlead %s (%s, grade %s) has been %s since %s and nobody acted on it in time.\n",
		manager.Name, l.Number, l.Product, l.Grade, l.State, l.Since.Format("2 January 15:04 MST"))
	if d.DeskURL != "" {
		mail.Text += fmt.Sprintf("%s/leads/%s\n", strings.TrimSuffix(d.DeskURL, "/"), l.ID)
	}
	return mail, nil
}

// openContact reads a person's contact data in the clear.
func openContact(ctx context.Context, store Leads, vault Vault, person string) (lead.Contact, error) {
	p, err := personOf(ctx, store, person)
	if err != nil {
		return lead.Contact{}, err
	}
	return OpenContact(ctx, vault, p)
}

// OpenContact opens what a person's record has of contact data.
func OpenContact(ctx context.Context, vault Vault, p lead.Person) (lead.Contact, error) {
	var c lead.Contact
	for _, f := range []struct {
		name   string
		sealed lead.Sealed
		to     *string
	}{{"name", p.Name, &c.Name}, {"phone", p.Phone, &c.Phone}, {"email", p.Email, &c.Email}, {"company", p.Company, &c.Company}} {
		if len(f.sealed) == 0 {
			continue
		}
		plain, err := vault.Open(ctx, placePerson(p.ID, f.name), f.sealed)
		if err != nil {
			return lead.Contact{}, fmt.Errorf("open %s of person %s: %w", f.name, p.ID, err)
		}
		*f.to = string(plain)
	}
	return c, nil
}

func zoneOf(r lead.Rep) *time.Location {
	if zone, err := time.LoadLocation(r.Zone); err == nil {
		return zone
	}
	return time.UTC
}
