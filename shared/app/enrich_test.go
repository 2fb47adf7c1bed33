package app_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
	"sluice/shared/webhook"
)

// service is an enricher: it remembers what it was asked, and answers as it is told.
type service struct {
	mu     sync.Mutex
	asked  []app.Question
	answer string
	err    error
	silent bool // it says nothing at all
}

func (s *service) Ask(ctx context.Context, q app.Question) ([]byte, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	answer, err, silent := s.answer, s.err, s.silent
	s.mu.Unlock()
	if silent {
		<-ctx.Done()
		return nil, lead.Errorf(lead.Unavailable, "no answer in time")
	}
	return []byte(answer), err
}

func (s *service) answers(body string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer, s.err = body, err
}

func (s *service) all() []app.Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// bodies are what was asked, one after the other.
func (s *service) bodies() (all []string) {
	for _, q := range s.all() {
		all = append(all, string(q.Body))
	}
	return all
}

const school = `{"company":{"industry":"Education","staff":["51-200"],"seat":{"city":"Berlin","country":"Germany"}}}`

// asking is a house that asks the enricher firms what it does not know of companies.
func asking(t *testing.T, edits ...func(*policy.Document)) *bundle {
	t.Helper()
	b := setup(t, edit{policy: func(d *policy.Document) {
		asOffice(d)
		d.Enrichers = []policy.Enricher{{ID: "firms", URL: "https://firms.example.com/ask",
			Facts: map[string]string{"industry": "/company/industry", "headcount": "/company/staff/0"}}}
		d.Score.Profile = append(d.Score.Profile, score.Rule{Name: "a firm of size", When: `headcount == "51-200"`, Points: 7})
		for _, change := range edits {
			change(d)
		}
	}})
	b.asker.answers(school, nil)
	return b
}

// firm changes the enricher of the house.
func firm(change func(*policy.Enricher)) func(*policy.Document) {
	return func(d *policy.Document) { change(&d.Enrichers[0]) }
}

// office is the post of somebody who has an address of a company's, of whom nothing
// but that is known.
func office(name, email string, more ...string) url.Values {
	v := colleague(name, "", "", email)
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// notices are what relay tells deliver of a lead's last entry.
func (b *bundle) notices(id string) [][]byte {
	b.t.Helper()
	history := b.history(id)
	b.relay(history[len(history)-1])
	return b.deliver.take(100)
}

// follow lets everything happen that follows from a lead's last entry.
func (b *bundle) follow(l lead.Lead) lead.Lead {
	b.t.Helper()
	if failed := b.handle("deliver", b.notices(l.ID)...); failed > 0 {
		b.t.Fatalf("deliver failed %d notices: %s", failed, b.logs)
	}
	b.drain()
	return b.lead(l.ID)
}

// why is what an enricher's last answer failed for.
func (b *bundle) why(id string) string {
	b.t.Helper()
	for _, entry := range slices.Backward(b.history(id)) {
		for _, e := range entry.Events {
			if e, ok := e.(lead.Enriched); ok {
				return cmp.Or(e.Failed, "told")
			}
		}
	}
	return "not asked"
}

// TestEnrichedFillsWhatIsEmpty: what a service says fills what nobody has said, with
// where it comes from and since when; nothing else of the lead moves but its score.
func TestEnrichedFillsWhatIsEmpty(t *testing.T) {
	t.Parallel()
	b := asking(t, firm(func(e *policy.Enricher) {
		e.Facts["city"], e.Facts["country"], e.Facts["language"] = "/company/seat/city", "/company/seat/country", "/company/language"
	}))
	secret, err := webhook.NewSecret(slices.Repeat([]byte{9}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if err := app.KeepSecrets(t.Context(), b.table, b.vault, app.SecretOfEnricher("firms"), secret); err != nil {
		t.Fatal(err)
	}
	post := office("Ada Quill", "ada@mail.quillmere.de", "branch", "Nursery school", "city", "", "country", "FR")
	before := b.enquire("school", post)
	if !slices.Equal(before.Asked, []string{"firms"}) || before.Owner() == "" {
		t.Fatalf("asked are %v, the owner is %q", before.Asked, before.Owner())
	}
	b.clock.pass(90 * time.Second)
	if failed := b.handle("deliver", b.notices(before.ID)...); failed > 0 {
		t.Fatalf("deliver failed: %s", b.logs)
	}
	said := b.clock.Now()
	b.clock.pass(time.Minute)
	b.drain()
	after, asked := b.lead(before.ID), b.asker.all()
	if len(asked) != 1 || string(asked[0].Body) != `{"domain":"quillmere.de"}` || asked[0].URL != "https://firms.example.com/ask" || asked[0].Timeout != 3*time.Second ||
		len(asked[0].Secrets) != 1 || asked[0].Secrets[0].Text() != secret.Text() || !asked[0].At.Equal(said) || asked[0].ID != fmt.Sprintf("%s-1-asked-firms", before.ID) {
		t.Errorf("the enricher was asked %+v", asked)
	}
	f := after.Facts
	if f.Industry != "Nursery school" || f.Headcount != "51-200" || f.City != "Berlin" || f.Country != "FR" {
		t.Errorf("facts are %+v", f)
	}
	want := map[string]lead.Provenance{"headcount": {From: "firms", At: said}, "city": {From: "firms", At: said}}
	if !maps.Equal(f.Origins, want) {
		t.Errorf("origins are %v, want %v", f.Origins, want)
	}
	history := b.history(after.ID)
	last := history[len(history)-1]
	if after.Version != before.Version+1 || last.By != lead.System("enricher/firms") || after.Fit != before.Fit+7 || len(after.Asked) > 0 {
		t.Errorf("version %d after %d, by %v, fit %d after %d, still asked %v", after.Version, before.Version, last.By, after.Fit, before.Fit, after.Asked)
	}
	if after.Owner() != before.Owner() || after.State != before.State || !after.Deadline.At.Equal(before.Deadline.At) {
		t.Errorf("it was %s with %s and is %s with %s", before.State, before.Owner(), after.State, after.Owner())
	}
	if fold := lead.Fold(history); fold.Version != after.Version || fold.Facts.Headcount != f.Headcount || !maps.Equal(fold.Facts.Origins, f.Origins) {
		t.Errorf("the history folds to %+v", fold.Facts)
	}
	if got := b.mails(); len(got) != 1 {
		t.Errorf("%d mails, want the offer alone", len(got))
	}
}

// TestAnswersDoNotRoute: a lead that waits for a shift waits on, whatever is said of it:
// who gets it is for those who route.
func TestAnswersDoNotRoute(t *testing.T) {
	t.Parallel()
	b := asking(t)
	reps, err := b.table.Reps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range daytime(reps) { // it is eight o'clock
		if err := b.table.PutRep(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	before := b.enquire("school", office("Ada Quill", "ada@quillmere.de"))
	b.clock.pass(time.Hour)
	after := b.follow(before)
	if before.State != lead.StateRouting || after.State != lead.StateRouting || after.Owner() != "" || after.Facts.Industry != "Education" || !after.Deadline.At.Equal(before.Deadline.At) {
		t.Errorf("it was %s until %v and is %s with %q until %v: %+v", before.State, before.Deadline, after.State, after.Owner(), after.Deadline, after.Facts)
	}
}

// TestWhoIsAsked: a service is asked where something is missing, all that it is told
// is known, and the lead and its person still stand as they did.
func TestWhoIsAsked(t *testing.T) {
	t.Parallel()
	send := func(what ...string) func(*policy.Document) {
		return firm(func(e *policy.Enricher) { e.Send = what })
	}
	whole := []string{"branch", "Health", "people", "11-50"}
	all := []string{policy.SendDomain, policy.SendCompany, policy.SendCountry, policy.SendCity, policy.SendEmail, policy.SendPhone}
	for name, c := range map[string]struct {
		change func(*policy.Document)
		post   url.Values
		before func(*bundle, lead.Lead) // what happens until deliver has its turn
		want   string                   // the question; empty for none
		why    string
	}{
		"all is known":          {post: office("Ada Quill", "ada@quillmere.de", whole...), why: "not asked"},
		"one is missing":        {post: office("Ada Quill", "ada@quillmere.de", whole[:2]...), want: `{"domain":"quillmere.de"}`, why: "told"},
		"a provider's address":  {post: office("Ada Quill", "ada.quill@gmail.com"), why: "not asked"},
		"made for ten minutes":  {post: office("Ada Quill", "ada@mailinator.com", "phone", "+49 30 901820111"), why: "not asked"},
		"an office's address":   {post: office("Ada Quill", "info@quillmere.de"), want: `{"domain":"quillmere.de"}`, why: "told"},
		"a phone alone":         {post: office("Ada Quill", "", "phone", "+49 30 901820111"), why: "not asked"},
		"a company by its name": {change: send("company", "country"), post: office("Ada Quill", "", "phone", "+49 30 901820111", "company", "Quillmere GmbH"), want: `{"company":"Quillmere GmbH","country":"DE"}`, why: "told"},
		"half of a company":     {change: send("company", "country"), post: office("Ada Quill", "ada@quillmere.de"), why: "not asked"},
		"the phone":             {change: send("phone"), post: office("Ada Quill", "", "phone", "+49 30 901820111"), want: `{"phone":"+4930901820111"}`, why: "told"},
		"everything": {change: send(all...), post: office("Ada Quill", "Ada.Quill@quillmere.de", "phone", "+49 30 901820111", "company", "Quillmere"),
			want: `{"city":"Berlin","company":"Quillmere","country":"DE","domain":"quillmere.de","email":"Ada.Quill@quillmere.de","phone":"+4930901820111"}`, why: "told"},
		"on a list, not by the person": {change: func(d *policy.Document) { d.Forms[2].Unverified = true }, post: office("Ada Quill", "ada@quillmere.de"),
			want: `{"domain":"quillmere.de"}`, why: "told"},
		"the budget is nothing": {change: firm(func(e *policy.Enricher) { e.Daily = new(0) }), post: office("Ada Quill", "ada@quillmere.de"), why: "the day's budget is spent"},
		"who opted out": {post: office("Ada Quill", "ada@quillmere.de"), why: "nothing to ask it by", before: func(b *bundle, l lead.Lead) {
			b.changePerson(l, func(p *lead.Person) { p.OptOut = b.clock.Now() })
		}},
		"told by the person since": {post: office("Ada Quill", "ada@quillmere.de"), why: "nothing is missing", before: func(b *bundle, l lead.Lead) {
			b.enquire("school", office("Ada Quill", "ada@quillmere.de", whole...))
		}},
		"gone from the policy": {post: office("Ada Quill", "ada@quillmere.de"), why: "no longer in the policy", before: func(b *bundle, l lead.Lead) {
			d := b.document()
			d.Enrichers = nil
			b.apply(d, 2)
			b.clock.pass(time.Minute)
		}},
		"a closed lead": {post: office("Ada Quill", "ada@quillmere.de"), why: "the lead is closed", before: func(b *bundle, l lead.Lead) {
			b.brought(l, "lost")
		}},
		"a merged lead": {post: office("Ada Quill", "ada@quillmere.de"), why: "the lead is closed", before: func(b *bundle, l lead.Lead) {
			nearer := b.brought(b.stranger("school", 3), "working")
			if _, err := b.desk.Merge(b.t.Context(), b.user("dora"), app.Merging{Person: nearer.Person, With: l.Person, Why: "the same"}); err != nil {
				b.t.Fatal(err)
			}
			if got := b.lead(l.ID); got.State != lead.StateMerged {
				b.t.Fatalf("the lead is %s", got.State)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := asking(t)
			if c.change != nil {
				d := b.document()
				c.change(&d)
				b.apply(d, 2)
				b.clock.pass(time.Minute)
			}
			l := b.enquire("school", c.post)
			notices := b.notices(l.ID)
			if c.before != nil {
				c.before(b, l)
				b.deliver.take(100)
			}
			asked := len(b.asker.bodies())
			if failed := b.handle("deliver", notices...); failed > 0 {
				t.Fatalf("deliver failed: %s", b.logs)
			}
			b.drain()
			got := b.asker.bodies()[asked:]
			if strings.Join(got, " ") != c.want || b.why(l.ID) != c.why {
				t.Errorf("asked %q, %s; want %q, %s", got, b.why(l.ID), c.want, c.why)
			}
			if after := b.lead(l.ID); len(after.Asked) > 0 || c.before == nil && after.State != l.State {
				t.Errorf("%v has not answered yet, %s after %s", after.Asked, after.State, l.State)
			}
		})
	}
}

// TestTheNextOneIsNotAsked: what a service said of a company is known of its next
// people at once, whatever product they ask about.
func TestTheNextOneIsNotAsked(t *testing.T) {
	t.Parallel()
	b := asking(t)
	b.follow(b.enquire("school", office("Ada Quill", "ada@quillmere.de")))
	said := b.clock.Now()
	b.clock.pass(24 * time.Hour)
	for _, post := range []url.Values{office("Boris Thackeray", "boris@mail.quillmere.de"), office("Chen Yulan", "chen@quillmere.de", "people", "7")} {
		l := b.enquire("school", post)
		people := cmp.Or(post.Get("people"), "51-200")
		if l.Facts.Industry != "Education" || l.Facts.Headcount != people || b.why(l.ID) != "not asked" || len(l.Asked) > 0 {
			t.Errorf("%s: %+v, %s", post.Get("name"), l.Facts, b.why(l.ID))
		}
		if from := l.Facts.Origins["industry"]; from != (lead.Provenance{From: lead.FromCompany, At: said}) {
			t.Errorf("%s: the industry comes from %v", post.Get("name"), from)
		}
		b.follow(l)
	}
	if l := b.enquire("trial", person("Elin Sandgren", "+49 30 901820555", "elin@quillmere.de")); l.Facts.Headcount != "51-200" || len(l.Asked) > 0 {
		t.Errorf("for another product: %+v, asked %v", l.Facts, l.Asked)
	}
	b.follow(b.enquire("school", office("Dimitri Vasko", "dimitri@tarnbrook.de")))
	if got := b.asker.bodies(); !slices.Equal(got, []string{`{"domain":"quillmere.de"}`, `{"domain":"tarnbrook.de"}`}) {
		t.Errorf("asked %q", got)
	}
}

// TestNothingPersonalIsAskedAloud: a person is told to the service and to nobody else,
// even where the service says it back.
func TestNothingPersonalIsAskedAloud(t *testing.T) {
	t.Parallel()
	b := asking(t, firm(func(e *policy.Enricher) {
		e.Send = []string{policy.SendDomain, policy.SendCompany, policy.SendEmail, policy.SendPhone}
		e.Facts = map[string]string{"industry": "/who", "headcount": "/n", "carrier": "/mail", "line": "/phone"}
	}))
	who, company, email, phone := "Zephyrine Ostrogradsky", "Zebrafinch Academy", "z.ostrogradsky@zebrafinchers.de", "+49 30 90182077"
	echo := encode(t, map[string]string{"who": strings.ToUpper(who), "n": company, "mail": "mailto:" + email, "phone": "030/90182077"})
	post := office(who, email, "phone", phone, "company", company)
	var leads []lead.Lead
	for i, answer := range []func(){
		func() { b.asker.answers(string(echo), nil) },
		func() { b.asker.answers("{\""+email, nil) },
		func() { b.asker.answers("", lead.Errorf(lead.Unavailable, "the receiver answers 503")) },
	} {
		answer()
		product := []string{"school", "trial", "demo-zh"}[i]
		if product != "school" {
			post = person(who, phone, email)
			post.Set("company", company)
		}
		leads = append(leads, b.follow(b.enquire(product, post)))
		b.clock.pass(time.Hour)
	}
	if len(b.asker.all()) == 0 {
		t.Fatal("nobody was asked")
	}
	said := b.logs.String()
	for _, body := range slices.Concat(b.intake.sent, b.deliver.sent) {
		said += "\n" + string(body)
	}
	for _, l := range leads {
		said += "\n" + string(encode(t, l)) + string(encode(t, b.history(l.ID)))
	}
	for _, item := range b.scan() {
		for _, value := range item {
			said += "\n" + plain(value)
		}
	}
	for _, own := range []string{who, company, email, phone, "zebrafinchers", "030/90182077"} {
		for _, needle := range needles(own) {
			if at := strings.Index(said, needle); at >= 0 {
				t.Errorf("%q is told as %q: …%.200s", own, needle, said[max(0, at-80):])
				break
			}
		}
	}
	if f := leads[0].Facts; f.Industry+f.Headcount != "" || f.Origins["carrier"].From == "firms" {
		t.Errorf("facts are %+v", f)
	}
}
