package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// cleansing are about who is who: people who resemble each other, rows of lists,
// merges and their undoing, enrichers.
func cleansing() []Scenario {
	return []Scenario{
		{"an enquiry with a slip", wellKnown, func(c *cast) { c.slip(1) }},
		{"a slip by somebody whose lead was lost", func(c *cast) {
			wellKnown(c)
			c.byOwner("accept", nil)
			c.pass(time.Minute)
			c.byOwner("lost", because)
			c.pass(time.Minute)
		}, func(c *cast) { c.slip(1) }},
		{"a slip twice at once", wellKnown, func(c *cast) { c.slip(1); c.slip(1) }},
		{"a slip while the rep accepts", wellKnown, func(c *cast) { c.slip(1); c.byOwner("accept", nil) }},
		{"a slip by somebody who asks for something else", wellKnown, func(c *cast) {
			c.post(2, "", url.Values{"name": {emma}, "phone": {slipped(phoneOf(1))}, "email": {mistyped(mailOf(1))}, "city": {"Wien"}}, 6)
		}},
		{"somebody who may be known", wellKnown, func(c *cast) {
			c.post(0, "", url.Values{"name": {emma}, "phone": {slipped(phoneOf(1))}, "city": {"Wien"}}, 6)
		}},
		{"an enquiry with keys of two", strangers, (*cast).ofBoth},
		{"an enquiry that joins two", func(c *cast) { c.emma(1); c.slip(1); c.pass(2 * time.Minute) }, (*cast).ofBoth},
		{"a row of a list", nothing, func(c *cast) { c.row(1) }},
		{"a row twice at once", nothing, func(c *cast) { c.row(1); c.row(1) }},
		{"a row of somebody who rests", func(c *cast) { c.hopeless(1); c.pass(time.Minute) }, func(c *cast) {
			c.post(3, "", url.Values{"email": {mailOnList(1)}, "age": {"7"}}, 6)
		}},
		{"a row with a slip", wellKnown, func(c *cast) {
			c.post(3, "", url.Values{"name": {emma}, "phone": {slipped(phoneOf(1))}, "email": {mistyped(mailOf(1))}, "city": {"Wien"}}, 6)
		}},
		{"two rows of one company", nothing, func(c *cast) { c.ofCompany(1, "education"); c.ofCompany(2, "retail") }},
		{"a row is verified", bought, func(c *cast) { c.verify("dora") }},
		{"a row is verified twice at once", bought, func(c *cast) { c.verify("dora"); c.verify("max") }},
		{"a row is verified as the person enquires", bought, func(c *cast) { c.verify("dora"); c.emma(1) }},
		{"a row is thrown away as the person enquires", bought, func(c *cast) { c.does("dora", "", c.leads[0], "junk", because); c.emma(1) }},
		{"nobody verifies a row", func(c *cast) { bought(c); c.before(lead.DutyEscalate) }, func(c *cast) { c.pass(2 * time.Minute) }},
		{"two questions and money for one", func(c *cast) { c.enrich(1) }, func(c *cast) { c.schoolOf(1); c.schoolOf(32) }},
		{"an enricher tells of somebody who opts out", func(c *cast) { c.enrich(5) }, func(c *cast) {
			c.schoolOf(1)
			c.after(150*time.Millisecond, func() { c.byOwnerIfAny("opt-out") })
		}},
	}
}

// merges are what the cleansing team does about who is who.
func merges() []Scenario {
	return []Scenario{
		{"a merge", strangers, (*cast).unite},
		{"a merge of somebody without leads for it", func(c *cast) { wellKnown(c); c.school(2); c.pass(2 * time.Minute) }, (*cast).unite},
		{"a merge twice at once", strangers, func(c *cast) { c.unite(); c.unite() }},
		{"a merge against telling apart", strangers, func(c *cast) {
			c.unite()
			c.atTable("max", func(ctx context.Context, d *app.Desk, u app.User) error {
				_, err := d.Apart(ctx, u, c.leads[0], c.leads[1])
				return err
			}, 4)
		}},
		{"two merges into one another at once", func(c *cast) { strangers(c); c.enquire(3); c.pass(2 * time.Minute) }, func(c *cast) {
			c.uniteTwo("dora", 0, 1)
			c.uniteTwo("max", 1, 2)
		}},
		{"a merge while the reps accept", strangers, func(c *cast) { c.unite(); c.byOwnerOf(0, "accept", nil); c.byOwnerOf(1, "accept", nil) }},
		{"a merge while a rep claims", func(c *cast) {
			wellKnown(c)
			c.hopeless(20)
			c.pass(2 * time.Minute)
		}, func(c *cast) {
			c.unite()
			c.after(30*time.Millisecond, func() { c.does("r1", "r1", c.leads[1], "claim", nil) })
		}},
		{"a merge of two leads of one rep", func(c *cast) { c.limit(9, 9); strangers(c) }, (*cast).unite},
		{"a merge while the person enquires", strangers, func(c *cast) { c.unite(); c.enquire(2) }},
		{"a merge while the person asks for something else", strangers, func(c *cast) { c.unite(); c.maths(2) }},
		{"a merge while a person opts out", strangers, func(c *cast) { c.unite(); c.byOwnerOf(1, "opt-out", nil) }},
		{"a merge while both are contacted", func(c *cast) {
			strangers(c)
			c.byOwnerOf(0, "accept", nil)
			c.byOwnerOf(1, "accept", nil)
			c.pass(time.Minute)
		}, func(c *cast) { c.unite(); c.byOwnerOf(0, "log", met); c.byOwnerOf(1, "log", met) }},
		{"an undoing", united, (*cast).divide},
		{"an undoing twice at once", united, func(c *cast) { c.divide(); c.divide() }},
		{"an undoing for a rep without room", func(c *cast) {
			united(c)
			c.edit(0)
			c.edit(1)
			c.edit(2)
			c.edit(3)
			c.pass(time.Minute)
		}, (*cast).divide},
		{"an undoing while the person enquires", united, func(c *cast) { c.divide(); c.enquire(2) }},
		{"an undoing while the rep works", func(c *cast) {
			united(c)
			c.does(c.heldBy(), c.heldBy(), c.goingOn(), "accept", nil)
			c.pass(time.Minute)
		}, func(c *cast) { c.divide(); c.does(c.heldBy(), c.heldBy(), c.goingOn(), "log", met) }},
		{"an undoing against another merge", func(c *cast) { united(c); c.enquire(3); c.pass(2 * time.Minute) }, func(c *cast) {
			c.divide()
			c.uniteTwo("max", 0, 2)
		}},
		{"an undoing of what the system merged", func(c *cast) { wellKnown(c); c.slip(1); c.pass(2 * time.Minute) }, (*cast).divide},
		{"an undoing of a row with a slip", func(c *cast) {
			wellKnown(c)
			c.post(3, "", url.Values{"name": {emma}, "phone": {slipped(phoneOf(1))}, "email": {mistyped(mailOf(1))}, "city": {"Wien"}}, 6)
			c.pass(2 * time.Minute)
		}, (*cast).divide},
	}
}

const emma = "Emma Quillonberg"

func phoneOf(person int) string { return phoneNumber(2 * person) }
func mailOf(person int) string  { return fmt.Sprintf("home.%d@mail.quillon.example", person) }

// emma posts the first form as somebody of whom much is known.
func (c *cast) emma(person int) {
	c.post(0, "", url.Values{"name": {emma}, "age": {"7"}, "phone": {phoneOf(person)}, "email": {mailOf(person)}, "city": {"Wien"}}, 6)
}

// slip is the same, mistyped.
func (c *cast) slip(person int) {
	c.post(0, "", url.Values{"name": {emma}, "age": {"8"}, "phone": {slipped(phoneOf(person))}, "email": {mistyped(mailOf(person))}, "city": {"Wien"}}, 6)
}

// ofBoth enquires with the phone of one and the address of the other.
func (c *cast) ofBoth() {
	c.post(0, "", url.Values{"name": {emma}, "age": {"7"}, "phone": {phoneOf(1)}, "email": {mistyped(mailOf(1))}, "city": {"Wien"}}, 6)
}

// wellKnown is an offered lead of a person of whom much is known.
func wellKnown(c *cast) {
	c.emma(1)
	c.pass(2 * time.Minute)
}

// strangers are two persons with a lead each that is offered.
func strangers(c *cast) {
	c.enquire(1)
	c.pass(time.Minute)
	c.enquire(2)
	c.pass(2 * time.Minute)
}

func united(c *cast) {
	strangers(c)
	c.unite()
	c.pass(time.Minute)
}

// row posts a row of a list.
func (c *cast) row(person int) {
	c.post(3, "", url.Values{"name": {emma}, "phone": {phoneOf(person)}, "email": {mailOf(person)}, "city": {"Wien"}}, 6)
}

func bought(c *cast) {
	c.row(1)
	c.pass(time.Minute)
}

// ofCompany posts a row of a list of somebody at a company.
func (c *cast) ofCompany(person int, industry string) {
	c.post(3, "", url.Values{"name": {emma}, "email": {fmt.Sprintf("office.%d@quillon1.school", person)}, "company": {"Quillon School"}, "industry": {industry}}, 6)
}

// schoolOf posts the form for schools from a company's address.
func (c *cast) schoolOf(person int) {
	c.post(1, "", url.Values{"name": {emma}, "company": {"Quillon School"}, "email": {companyMail(person)}}, 6)
}

// enrich has enrichers asked so often a day.
func (c *cast) enrich(daily int) {
	c.amend(func(d *policy.Document) { d.Enrichers = enrichers(daily)[:1] })
}

// byOwnerIfAny is by the rep who has the first lead, if it is there and somebody has.
func (c *cast) byOwnerIfAny(what string) {
	if len(c.leads) > 0 && c.owner() != "" {
		c.byOwner(what, nil)
	}
}

// verify confirms the first lead.
func (c *cast) verify(user string) {
	n := c.checker.began(act{user: user, lead: c.leads[0], what: "verify"})
	c.atDesk(user, func(ctx context.Context, d *app.Desk, u app.User) error {
		_, err := d.Verify(ctx, u, app.Target{Lead: c.leads[0]}, app.Verification{Industry: "education", Answers: map[string]string{"age": "7"}})
		return err
	}, func(status int) {
		c.checker.ended(n, status)
		if status == 0 || status >= http.StatusInternalServerError {
			c.after(time.Minute, func() { c.verifyAgain(user) })
		}
	})
}

func (c *cast) verifyAgain(user string) {
	if c.snapshot().State == lead.StateUnverified {
		c.verify(user)
	}
}

// unite merges the persons of the first two leads.
func (c *cast) unite() { c.uniteTwo("dora", 0, 1) }

func (c *cast) uniteTwo(user string, a, b int) {
	c.atTable(user, func(ctx context.Context, d *app.Desk, u app.User) error {
		_, err := d.Merge(ctx, u, app.Merging{Person: c.leads[a], With: c.leads[b], Why: "the same voice"})
		return err
	}, 4)
}

// divide takes the last merge of the first lead's person back.
func (c *cast) divide() {
	c.atTable("dora", func(ctx context.Context, d *app.Desk, u app.User) error {
		_, err := d.Divide(ctx, u, app.Division{Person: c.leads[0], Why: "two people"})
		return err
	}, 4)
}

// atTable does something to persons, again where no answer comes.
func (c *cast) atTable(user string, do func(context.Context, *app.Desk, app.User) error, tries int) {
	c.atDesk(user, do, func(status int) {
		if (status == 0 || status >= http.StatusInternalServerError) && tries > 1 {
			c.after(time.Minute, func() { c.atTable(user, do, tries-1) })
		}
	})
}

// goingOn is the lead of the first two that goes on.
func (c *cast) goingOn() string {
	i := slices.IndexFunc(c.leads, func(id string) bool { return c.leadOf(id).State != lead.StateMerged })
	return c.leads[i]
}

// heldBy is who has it.
func (c *cast) heldBy() string { return c.leadOf(c.goingOn()).Owner() }
