package app

import (
	"context"
	"fmt"
	"strings"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// reminded tells a rep what the system is about to do with a lead of theirs, unless
// they have acted since.
func (d *delivery) reminded(pol *policy.Directory, n Notice, l lead.Lead, rep lead.Rep, mail *Mail) (*Mail, error) {
	due := remindedOf(l, pol)
	if l.Owner() != n.To || due == nil {
		return nil, nil
	}
	if rep.ID == "" {
		return nil, lead.Errorf(lead.NotFound, "there is no such rep")
	}
	mail.To = Address{Name: rep.Name, Mail: rep.Email}
	mail.Subject = fmt.Sprintf("Lead %s: %s by %s", l.Number, wanted(l), due.At.In(zoneOf(rep)).Format("2 January 15:04 MST"))
	mail.Text = fmt.Sprintf("Hello %s,\n\nlead %s (%s, grade %s) waits for you: %s by %s, or %s.\n%s",
		rep.Name, l.Number, l.Product, l.Grade, wanted(l), due.At.In(zoneOf(rep)).Format("2 January 15:04 MST"), otherwise(*due), d.link(l))
	return mail, nil
}

// warned tells a manager that a rep is about to lose a lead, unless that has
// changed since.
func (d *delivery) warned(ctx context.Context, pol *policy.Directory, n Notice, l lead.Lead, mail *Mail) (*Mail, error) {
	team, _ := pol.Team(n.To)
	manager, ok := pol.User(team.Manager)
	due := remindedOf(l, pol)
	if !ok || team.Manager == "" || due == nil || due.Do != lead.DutyReclaim {
		return nil, nil
	}
	who := l.Owner()
	if rep, err := d.Store.Rep(ctx, who); err == nil {
		who = rep.Name
	}
	mail.To = Address{Name: manager.Name, Mail: manager.Email}
	mail.Subject = fmt.Sprintf("Lead %s is about to be taken from %s", l.Number, who)
	mail.Text = fmt.Sprintf("Hello %s,\n\n%s has lead %s (%s, grade %s) and is asked to %s by %s, or %s.\n%s",
		manager.Name, who, l.Number, l.Product, l.Grade, wanted(l), due.At.UTC().Format("2 January 15:04 MST"), otherwise(*due), d.link(l))
	return mail, nil
}

// taking is what the system does with a rep's lead once it has reminded enough; nil
// where nobody has it.
func taking(l lead.Lead, pol *policy.Directory) *lead.Deadline {
	ahead := lead.Ahead(l, pol.Rules(l.Team))
	if l.Period == nil || len(ahead) == 0 {
		return nil
	}
	return &ahead[len(ahead)-1]
}

// remindedOf is taking where whoever has the lead was reminded since they got it or
// last acted; else a reminder has come too late to be true.
func remindedOf(l lead.Lead, pol *policy.Directory) *lead.Deadline {
	if p := l.Period; p == nil || p.Told.Before(l.Since) || p.Told.Before(p.Touched) {
		return nil
	}
	return taking(l, pol)
}

// wanted is what a rep is to do.
func wanted(l lead.Lead) string {
	if l.State == lead.StateOffered {
		return "accept"
	}
	return "follow up"
}

// otherwise is what happens otherwise.
func otherwise(due lead.Deadline) string {
	if due.Do == lead.DutyEscalate {
		return "your manager is told"
	}
	return "it goes to somebody else"
}

func (d *delivery) link(l lead.Lead) string {
	if d.DeskURL == "" {
		return ""
	}
	return fmt.Sprintf("%s/leads/%s\n", strings.TrimSuffix(d.DeskURL, "/"), l.ID)
}

// toPerson sends a person a message of the policy's, unless they have opted out
// since or the lead is being talked about already.
func (d *delivery) toPerson(ctx context.Context, pol *policy.Directory, letter *policy.Letter, l lead.Lead, mail *Mail) (*Mail, error) {
	if letter == nil || l.State != lead.StatePooled && l.State != lead.StatePaused || pol.Quiet(l, mail.At) {
		return nil, nil
	}
	person, err := personOf(ctx, d.Store, l.Person)
	if err != nil {
		return nil, err
	}
	contact, err := OpenContact(ctx, d.Vault, person)
	if err != nil {
		return nil, err
	}
	if !person.OptOut.IsZero() || contact.Email == "" {
		return nil, nil
	}
	mail.Class = Marketing
	mail.From.Name = pol.Name()
	mail.To = Address{Name: contact.Name, Mail: contact.Email}
	fill := strings.NewReplacer("{name}", contact.Name, "{number}", l.Number)
	mail.Subject, mail.Text = fill.Replace(letter.Subject), fill.Replace(letter.Text)
	return mail, nil
}
