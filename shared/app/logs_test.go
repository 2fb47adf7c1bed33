package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// personal are the values by which the people of this test would be known.
// Every word of them is found nowhere else.
var personal = []string{
	"Quillfeather", "Ostrogradsky", "欧阳雪莺", "Zebrafinch Academy", "Bcckwheat",
	"+1 (415) 555-0171", "+86 139 1234 5678", "001-415-555-0172", "０１３９１２３４５６７９", "+49 30 901820",
	"Quillfeather.Ada@example.com", "o.strogradsky+trial@example.org", "ouyang@例子.example", "broken.buckwheat@@example",
	"198.51.100.77", "2001:db8::1234:5678",
	"my child lives at 17 Marigold Lane", "speaks with a lisp", "asked about alimony", "ring after dusk at the mill",
	"Netscape-Navigator-of-Ada",
}

// silent holds that a text tells nothing personal.
func silent(t *testing.T, where, text string) {
	t.Helper()
	for _, value := range personal {
		for _, needle := range needles(value) {
			if at := strings.Index(text, needle); at >= 0 {
				t.Errorf("%s tells %q as %q: …%.160s", where, value, needle, text[max(0, at-60):])
				break
			}
		}
	}
}

// TestNothingPersonalIsTold runs everything there is with people who would be
// recognised, and looks for them wherever they must not be.
func TestNothingPersonalIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.withFaults()
	w := &witness{bundle: b, faults: f}
	w.captures()
	w.intakes()
	w.deskActs()
	w.machine()

	silent(t, "the log", b.logs.String())
	for name, box := range map[string]*mailbox{"intake queue": b.intake, "route queue": b.route, "deliver queue": b.deliver} {
		for _, body := range box.sent {
			silent(t, "the "+name, string(body))
		}
	}
	for _, err := range w.errs {
		silent(t, "an error", err.Error())
	}
	if lines := strings.Count(b.logs.String(), "\n"); lines < 60 || len(w.errs) < 12 {
		t.Errorf("only %d log lines and %d errors were seen", lines, len(w.errs))
	}
	items := b.scan()
	kinds := map[string]int{}
	for _, item := range items {
		pk := item["pk"].(*types.AttributeValueMemberS).Value
		kind, _, _ := strings.Cut(pk, "#")
		kinds[kind]++
		for name, value := range item {
			silent(t, "attribute "+name+" of a "+kind+" item", plain(value))
		}
	}
	for _, kind := range []string{"K", "P", "L", "S", "I", "D", "REP", "VAULT", "NUMBER"} {
		if kinds[kind] == 0 {
			t.Errorf("no item of kind %s was looked at: %v", kind, kinds)
		}
	}
}

// scan reads the whole table as it is stored.
func (b *bundle) scan() []map[string]types.AttributeValue {
	b.t.Helper()
	var items []map[string]types.AttributeValue
	pages := dynamodb.NewScanPaginator(b.client, &dynamodb.ScanInput{TableName: &b.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	return items
}

// plain is an attribute as text, whatever its type.
func plain(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberB:
		return string(v.Value)
	case *types.AttributeValueMemberM:
		var all strings.Builder
		for name, member := range v.Value {
			all.WriteString(name + " " + plain(member) + " ")
		}
		return all.String()
	case *types.AttributeValueMemberL:
		var all strings.Builder
		for _, member := range v.Value {
			all.WriteString(plain(member) + " ")
		}
		return all.String()
	}
	return fmt.Sprintf("%v", v)
}

// witness plays the test's story and keeps every error.
type witness struct {
	*bundle
	*faults
	errs  []error
	leads []lead.Lead
}

func (w *witness) heard(_ any, err error) {
	if err != nil {
		w.errs = append(w.errs, err)
	}
}

// captures posts good and bad forms, with personal data also where none belongs.
func (w *witness) captures() {
	p := personal
	post := func(name, phone, email string, more ...string) url.Values {
		v := person(name, phone, email)
		v.Set("message", "my child lives at 17 Marigold Lane")
		for i := 0; i+1 < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	for _, v := range []url.Values{
		post(p[0], p[5], p[10], "referrer", "https://www.example.com/a?mail="+p[10], "landing_page", "https://www.example.com/?"+p[5], "nickname", p[0]),
		post(p[1], p[7], p[11], p[11], "yes", "notes", p[17]),
		post(p[2], p[6], "", "budget", "low", "thank_you", "https://www.example.com/?who="+p[0]),
		post(p[0], "", strings.ToUpper(p[10]), "message", p[18]),
		post(p[2], p[8], p[12]),
	} {
		for _, binary := range []bool{true, false} {
			a := refusal{body: v.Encode(), header: []string{"User-Agent", p[20], "X-Forwarded-For", p[14], "Referer", "https://www.example.com/" + p[10]}}.ask(asJSON)
			if got := w.gateway(a.keyed("order of "+url.QueryEscape(v.Get("name"))), binary); got.status != http.StatusAccepted {
				w.t.Fatalf("answered %d %s", got.status, got.body)
			}
		}
	}
	school := post(p[1], p[9], p[11], "company", p[3], "country", "DE")
	w.accepted("school", school)
	bad := []ask{
		refusal{body: post(p[4], "call "+p[4], p[13]).Encode()}.ask(asPage),
		refusal{body: "name=" + p[0] + "&email=%ff"}.ask(asPage),
		refusal{kind: asJSON, body: `{"name":"` + p[0] + `","` + p[10] + `":{"a":1}}`}.ask(asJSON),
		refusal{kind: "text/" + p[0], body: p[10]}.ask(asPage),
		refusal{path: "/f/" + url.PathEscape(p[10]), body: "a=b"}.ask(asPage),
		refusal{method: http.MethodGet, path: "/f/trial?name=" + url.QueryEscape(p[0]) + "&email=" + url.QueryEscape(p[10]), kind: "-"}.ask(asPage),
		refusal{body: school.Encode(), header: []string{"Origin", "https://" + p[0] + ".example.org"}}.ask(asPage),
		refusal{body: post(p[0], p[5], p[10]).Encode(), header: []string{"Idempotency-Key", "order of " + url.QueryEscape(p[1])}}.ask(asJSON),
		refusal{body: post(p[0], p[5], p[10], "thank_you", "https://"+p[0]+".example.org/").Encode()}.ask(asJSON),
	}
	for _, a := range bad {
		w.everyWay(a)
	}
	w.intake.down = true
	w.everyWay(refusal{body: post(p[0], p[5], p[10]).Encode()}.ask(asJSON))
	w.intake.down = false
	w.fail(3, "Seal")
	w.everyWay(refusal{body: post(p[0], p[5], p[10]).Encode()}.ask(asJSON))
}

// intakes takes all in, what is broken and what comes twice included.
func (w *witness) intakes() {
	p := personal
	w.queue(app.Envelope{}, "name="+p[0]+"&phone=call+"+p[4]+"&email="+p[13]+"&consent=yes")
	w.queue(app.Envelope{Type: "text/plain"}, p[16])
	w.queue(app.Envelope{Type: asJSON}, `{"`+p[10]+`":[[1]]}`)
	messages := w.intake.take(100)
	for _, method := range []string{"Open", "Reps", "Commit"} {
		w.fail(1, method)
		w.handle("intake", messages[0])
	}
	w.handle("intake", append(messages, messages...)...)
	// What is no envelope may be anything at all.
	for _, body := range []string{p[10], `{"id":"` + p[0] + `"}`, `{"at":"` + p[10] + `"}`, `{"raw":"` + p[5] + `"}`, `["` + p[0] + `"]`,
		`{"id":1,"form":"` + p[1] + `"}`, `{"lead":"x","v":14155550171.5}`, `{"lead":14155550171}`} {
		for _, function := range []string{"intake", "route", "deliver"} {
			if w.handle(function, []byte(body)) != 1 {
				w.t.Errorf("%s took %q", function, body)
			}
		}
	}
	w.drain()
	for _, item := range w.scan() {
		if sk := plain(item["sk"]); sk == "L" {
			_, id, _ := strings.Cut(plain(item["pk"]), "#")
			w.leads = append(w.leads, w.lead(id))
		}
	}
	if len(w.leads) < 3 {
		w.t.Fatalf("only %d leads came of it: %s", len(w.leads), w.logs)
	}
}

// deskActs does everything that people do, notes included, and what they may not.
func (w *witness) deskActs() {
	p, ctx := personal, w.t.Context()
	d := w.desk
	for i, l := range w.leads {
		on := app.Target{Lead: l.ID}
		if l.State != lead.StateOffered {
			continue
		}
		u := w.userOf(l.Owner())
		w.heard(d.Reject(ctx, u, on, app.Rejection{Reason: "it is " + p[10]}))
		w.heard(d.Reject(ctx, u, on, app.Rejection{Reason: "call " + p[6]}))
		w.heard(d.Accept(ctx, ops, on))
		w.heard(d.Claim(ctx, u, on))
		w.heard(d.Lead(ctx, u, l.ID))
		if i%3 == 2 {
			w.heard(d.Reject(ctx, u, on, app.Rejection{Reason: "too far", Note: p[16]}))
			continue
		}
		w.heard(d.Accept(ctx, u, on))
		w.heard(d.LogActivity(ctx, u, on, app.Activity{Way: p[0]}))
		w.heard(d.LogActivity(ctx, u, on, app.Activity{Way: "call", Summary: p[17], Objection: p[18], Step: p[19], StepAt: w.clock.Now().Add(time.Hour)}))
		w.heard(d.LogActivity(ctx, u, on, app.Activity{Way: "call", Summary: strings.Repeat(p[17], 400)}))
		w.heard(d.Hold(ctx, u, on, "after the holidays"))
		w.heard(d.Convert(ctx, u, on, app.Win{Value: lead.Money{Amount: 1, Currency: p[0]}}))
		w.heard(d.Assign(ctx, app.User{ID: "max", Roles: []string{app.RoleManager}, Teams: []string{"young"}}, on, p[0]))
		w.fail(1, "Open")
		w.heard(d.Lead(ctx, u, l.ID))
		w.fail(1, "Commit")
		w.heard(d.Release(ctx, u, on, app.Return{Reason: "no time"}))
		if i%3 == 0 {
			w.heard(d.Release(ctx, u, on, app.Return{Reason: "no time", Pool: p[0]}))
			w.heard(d.Release(ctx, u, on, app.Return{Reason: "no time"}))
			continue
		}
		w.heard(d.Convert(ctx, u, on, app.Win{Value: lead.Money{Amount: 100, Currency: "EUR"}}))
	}
	w.heard(d.UserByEmail(ctx, p[10]))
	w.heard(d.Lead(ctx, ops, p[10]))
	w.heard(d.Submission(ctx, ops, p[10]))
	w.heard(d.Quarantine(ctx, ops, app.Page{}))
}

// machine lets all that follows happen, failures included, for some weeks.
func (w *witness) machine() {
	for range 8 {
		for _, l := range w.leads {
			w.relay(w.history(l.ID)...)
		}
		for i, notice := range w.deliver.take(1000) {
			if i%5 == 0 {
				for _, method := range []string{"Open", "EndDelivery"} {
					w.fail(1, method)
					w.handle("deliver", notice)
					w.clock.pass(time.Minute)
				}
			}
			w.handle("deliver", notice)
		}
		for i, order := range w.route.take(1000) {
			if i%2 == 0 {
				w.fail(1, "Commit")
			}
			w.handle("route", order)
		}
		w.clock.pass(5 * 24 * time.Hour)
		w.lose(1, "Commit")
		_, err := w.sweepOnce()
		w.heard(nil, err)
		_, err = w.sweepOnce()
		w.heard(nil, err)
	}
	if len(w.mails()) == 0 {
		w.t.Error("no mail was sent")
	}
}
