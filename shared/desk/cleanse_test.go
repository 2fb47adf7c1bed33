package desk_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
)

// lists adds a form by which rows of a bought list come in.
func (b *bundle) lists() {
	b.t.Helper()
	doc, faults := document.Parse(sample(b.t, "sample.yaml"))
	if len(faults) > 0 {
		b.t.Fatal(faults)
	}
	f := doc.Forms[slices.IndexFunc(doc.Forms, func(f form.Spec) bool { return f.ID == "school" })]
	f.ID, f.Channel, f.Unverified, f.Fields = "bought", "purchased-list", true, slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i].Required = false
	}
	doc.Forms = append(doc.Forms, f)
	data, err := json.Marshal(doc)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.table.PutPolicy(b.t.Context(), policy.Record{Version: 2, At: b.clock.Now(), Author: "test", Reason: "lists", Document: data}); err != nil {
		b.t.Fatal(err)
	}
	b.clock.pass(2 * time.Minute)
}

// row is what a list tells of somebody.
func row(name, phone string) url.Values {
	return url.Values{"name": {name}, "phone": {phone}, "company": {"Quillmere School"}, "consent": {"yes"}}
}

// doubted makes two persons who may be one, each with a lead.
func (b *bundle) doubted() (one, two lead.Lead) {
	b.t.Helper()
	one = b.enquire("trial", enquiry(1))
	b.clock.pass(time.Hour)
	two = b.enquire("demo-zh", enquiry(14))
	p, err := b.table.Person(b.t.Context(), two.Person)
	if err != nil {
		b.t.Fatal(err)
	}
	p.Version++
	p.Doubts = p.Doubted(lead.Doubt{With: one.Person, Probability: 0.81, At: b.clock.Now(), Evidence: []lead.Evidence{
		{Detail: "name", Level: "alike", Weight: 6.2}, {Detail: "e-mail", Level: "different", Weight: -1.5}}})
	if err := b.table.Commit(b.t.Context(), lead.Change{Person: &p}); err != nil {
		b.t.Fatal(err)
	}
	return one, two
}

func TestCleansingByAPI(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.doubted()
	list := b.ok("dora", "GET /api/doubts", nil).body["doubts"].([]any)
	if len(list) != 1 || list[0].(obj)["probability"] != 0.81 || list[0].(obj)["person"].(obj)["id"] != one.Person {
		t.Errorf("the doubts are %v", list)
	}
	if raw := b.ok("omar", "GET /api/doubts", nil).raw; strings.Contains(raw, "Test Person") || strings.Contains(raw, "+86") {
		t.Errorf("ops see %s", raw)
	}
	b.refused("amy", "GET /api/doubts", nil, "403 denied")
	b.refused("amy", "GET /api/persons/"+one.Person, nil, "404 not_found")
	b.refused("dora", "GET /api/persons/pnobody", nil, "404 not_found")
	b.refused("dora", "GET /api/doubts?limit=0", nil, "422 invalid")

	at := "/api/persons/" + two.ID // named by a lead
	p := b.ok("dora", "GET "+at, nil)
	if p.header.Get("ETag") != `"2"` || p.body["id"] != two.Person || len(p.body["doubts"].([]any)) != 1 {
		t.Errorf("the person is %s", p.raw)
	}
	b.refused("dora", "POST "+at+"/merge", obj{"with": one.ID}, "412 moved", "If-Match", `"1"`)
	b.refused("dora", "POST "+at+"/merge", obj{"with": one.ID}, "422 invalid", "If-Match", "x")
	b.refused("dora", "POST "+at+"/merge", obj{"person": one.ID}, "422 invalid")
	b.refused("dora", "POST "+at+"/merge", obj{"with": "pnobody"}, "422 invalid")
	b.refused("amy", "POST "+at+"/merge", obj{"with": one.ID}, "404 not_found")
	b.refused("omar", "POST "+at+"/merge", obj{"with": one.ID}, "403 denied")
	merged := b.ok("dora", "POST "+at+"/merge", obj{"with": one.ID, "why": "confirmed on the phone"}, "If-Match", `"2"`)
	if parts := merged.body["parts"].([]any); merged.body["id"] != one.Person || len(parts) != 1 || parts[0].(obj)["why"] != "confirmed on the phone" || len(merged.body["leads"].([]any)) != 2 {
		t.Errorf("merged they are %s", merged.raw)
	}
	b.ok("max", "POST "+at+"/merge", obj{"with": one.ID}) // agreed
	b.refused("dora", "POST "+at+"/apart", obj{"with": two.ID}, "422 invalid")
	b.refused("dora", "POST /api/persons/"+two.Person+"/apart", obj{"with": one.Person}, "409 conflict")
	b.ok("dora", "POST /api/persons/"+one.Person+"/divide", obj{"with": two.Person})
	b.refused("dora", "POST /api/persons/"+one.Person+"/divide", obj{"with": two.Person}, "409 conflict")
	b.refused("dora", "POST /api/persons/"+one.Person+"/divide", nil, "409 conflict")
	b.ok("dora", "POST "+at+"/apart", obj{"with": one.Person})
	if list := b.ok("dora", "GET /api/doubts", nil).body["doubts"].([]any); len(list) != 0 {
		t.Errorf("told apart, the doubts are %v", list)
	}
	if told := b.ok("max", "GET /api/leads/"+two.ID+"/timeline", nil, "Accept-Language", "zh").raw; !strings.Contains(told, `"kind":"joined"`) || !strings.Contains(told, "合并撤销") {
		t.Errorf("the time-line tells %s", told)
	}
}

func TestVerifyingByAPI(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.lists()
	known := b.enquire("trial", enquiry(3))
	l := b.enquire("bought", row("Ada Quill", "+49 30 901820"))
	list := b.ok("dora", "GET /api/unverified", nil).body["leads"].([]any)
	if len(list) != 1 || list[0].(obj)["state"] != "unverified" {
		t.Fatalf("the list is %v", list)
	}
	b.refused("amy", "GET /api/unverified", nil, "403 denied")
	b.ok("omar", "GET /api/unverified", nil)
	at := "/api/leads/" + l.ID
	shown := b.ok("dora", "GET "+at, nil)
	if questions := shown.body["questions"].([]any); len(questions) != 3 || shown.body["person"] != l.Person {
		t.Errorf("the lead is %s", shown.raw)
	}
	b.refused("dora", "POST "+at+"/verify", obj{"email": "nobody"}, "422 invalid")
	b.refused("dora", "POST "+at+"/verify", obj{"answers": obj{"shoe": "42"}}, "422 invalid")
	b.refused("dora", "POST "+at+"/verify", obj{"colour": "red"}, "422 invalid")
	b.refused("dora", "POST "+at+"/verify", nil, "412 moved", "If-Match", `"7"`)
	b.refused("amy", "POST "+at+"/verify", nil, "404 not_found")
	taken := b.refused("dora", "POST "+at+"/verify", obj{"phone": enquiry(3).Get("phone")}, "409 conflict")
	if taken.body["field"] != "phone" || taken.body["with"] != known.ID {
		t.Errorf("another's number is answered %s", taken.raw)
	}
	v := b.ok("dora", "POST "+at+"/verify", obj{"city": "Berlin", "industry": "education", "answers": obj{"role": "head"}, "note": "needs a class in May"}, "If-Match", `"1"`)
	if v.body["state"] != "offered" || v.body["visible"] != false {
		t.Errorf("verified it is %s", v.raw)
	}
	shown = b.ok("max", "GET "+at, nil)
	if derived := shown.body["derived"].([]any); shown.body["industry"] != "education" || len(derived) != 3 {
		t.Errorf("it shows %s", shown.raw)
	}
	if told := b.ok("max", "GET "+at+"/timeline", nil).raw; !strings.Contains(told, `"kind":"verified"`) || !strings.Contains(told, "needs a class in May") || !strings.Contains(told, "Confirmed: real") {
		t.Errorf("the time-line tells %s", told)
	}
	second := b.enquire("bought", row("Boris Thackeray", "+49 30 901830"))
	b.ok("dora", "POST /api/leads/"+second.ID+"/junk", obj{"reason": "no such school"})
}

func TestReviewByPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.doubted()
	br := b.browser()
	br.signIn("dora")
	br.page("/", "Doubtful pairs", "To verify")
	body := br.page("/doubts", "Are they one?", "Test Person B", "Test Person O", "+8613800138037", "One person with a probability of 81 %", "E-mail: different",
		"against: -1.5 bits", "They are one: merge", "They are two", one.Number, two.Number, `href="#end"`, "/persons/"+one.Person+"/merge")
	if strings.Contains(body, "<script") {
		t.Error("the page has a script")
	}
	br.page("/doubts?lang=zh", "是同一人吗？", "是同一人：合并")
	br.page("/doubts?lang=en", "Are they one?")
	br.page("/persons/"+two.ID, "Test Person O", "May be the same as", "Merge with somebody")
	token := br.token("/doubts")
	at := "/persons/" + one.Person
	w := br.post(at+"/merge", url.Values{"csrf": {token}, "with": {"http://desk.example.com/leads/" + two.ID + "?x=1"}, "version": {"1"}, "why": {"a@b"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "kept in the clear") || !strings.Contains(w.Body.String(), "Side by side") {
		t.Errorf("a bad reason answered %d: %s", w.Code, w.Body)
	}
	w = br.post(at+"/merge", url.Values{"csrf": {token}, "with": {two.Person}, "version": {"9"}, "review": {"yes"}})
	if w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), "has changed since") {
		t.Errorf("an old page answered %d: %s", w.Code, w.Body)
	}
	w = br.post(at+"/merge", url.Values{"csrf": {token}, "with": {two.Person}, "version": {"1"}, "review": {"yes"}})
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/doubts?done=merge" {
		t.Fatalf("merging answered %d to %q: %s", w.Code, to, w.Body)
	}
	br.page("/doubts?done=merge", "Merged. It can be undone", "Nobody is in doubt.")
	br.page(at, "Merged into this person", "Dora Field", "Undo this merge", "from a merged person", one.Number, two.Number)
	br.page("/persons/"+two.Person, "was merged into another one", "/persons/"+one.Person)
	w = br.post(at+"/divide", url.Values{"csrf": {token}, "with": {two.Person}, "version": {"2"}, "why": {"two people of one name"}})
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != at+"?done=divide" {
		t.Fatalf("undoing answered %d to %q: %s", w.Code, to, w.Body)
	}
	if body := br.page(at+"?done=divide", "The merge was undone."); strings.Contains(body, "Merged into this person") {
		t.Error("the part is still shown")
	}
	br.page(at+"?with="+two.ID, "Side by side", "They are two")
	w = br.post(at+"/apart", url.Values{"csrf": {token}, "with": {two.Person}, "review": {"yes"}})
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/doubts?done=apart" {
		t.Errorf("telling apart answered %d to %q: %s", w.Code, to, w.Body)
	}
	br.page("/doubts?done=apart", "they are two", "Nobody is in doubt.")
	if w := br.post(at+"/erase", url.Values{"csrf": {token}}); w.Code != http.StatusNotFound {
		t.Errorf("another act answered %d", w.Code)
	}
	if w := br.post(at+"/merge", url.Values{"with": {two.Person}}); w.Code != http.StatusForbidden {
		t.Errorf("a post without our token answered %d", w.Code)
	}
	ops := b.browser()
	ops.signIn("omar")
	if body := ops.page(at, "known"); strings.Contains(body, "Test Person") || strings.Contains(body, "+86") || strings.Contains(body, `name="with"`) {
		t.Errorf("ops see %s", body)
	}
	rep := b.browser()
	rep.signIn("amy")
	if w := rep.get(at); w.Code != http.StatusNotFound {
		t.Errorf("a rep is answered %d", w.Code)
	}
}

func TestMergedLeadByPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.enquire("trial", enquiry(1)), b.enquire("trial", enquiry(14))
	b.ok("max", "POST /api/persons/"+one.ID+"/merge", obj{"with": two.ID})
	off, on := one, two
	if b.lead(two.ID).State == lead.StateMerged {
		off, on = two, one
	}
	br := b.browser()
	br.signIn(b.lead(on.ID).Owner())
	br.page("/leads/"+off.ID, "merged into another one of the same person", "/leads/"+on.ID, "Merged")
	if body := br.page("/leads/"+on.ID, "Took over another lead", "/leads/"+off.ID); strings.Contains(body, "/persons/") {
		t.Error("a rep is shown the way to the person")
	}
	manager := b.browser()
	manager.signIn("max")
	manager.page("/leads/"+on.ID, "/persons/"+one.Person)
}

func TestVerifyingByPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.lists()
	known := b.enquire("trial", enquiry(3))
	l := b.enquire("bought", row("Ada Quill", "+49 30 901820"))
	br := b.browser()
	br.signIn("dora")
	br.page("/unverified", "To verify", "Ada Quill", "These came from lists")
	at := "/leads/" + l.ID
	br.page(at, "Ada Quill", `value="+4930901820"`, "Confirm", "Your role", "Number of pupils", at+"/verify", at+"/junk", at+"/opt-out", "Phone line", "from the phone number")
	token := br.token(at)
	w := br.post(at+"/verify", url.Values{"csrf": {token}, "version": {"1"}, "phone": {enquiry(3).Get("phone")}, "note": {"what I typed"}})
	if body := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body, known.Number) || !strings.Contains(body, "/persons/"+l.ID+"?with="+known.ID) || !strings.Contains(body, "what I typed") {
		t.Errorf("another's number answered %d: %s", w.Code, body)
	}
	br.page("/persons/"+l.ID+"?with="+known.ID, "Side by side", "Ada Quill", "Test Person D")
	w = br.post(at+"/verify", url.Values{"csrf": {token}, "version": {"1"}, "answer.headcount": {"many"}})
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `id="verify-answer.headcount-wrong"`) {
		t.Errorf("a wrong answer answered %d: %s", w.Code, body)
	}
	w = br.post(at+"/verify", url.Values{"csrf": {token}, "version": {"1"}, "name": {"Ada Quill"}, "phone": {"+4930901820"}, "company": {"Quillmere School"},
		"city": {"Berlin"}, "country": {"DE"}, "answer.role": {"head"}, "answer.headcount": {""}, "note": {"needs a class"}})
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/unverified?done=verify" {
		t.Fatalf("verifying answered %d to %q: %s", w.Code, to, w.Body)
	}
	br.page("/unverified?done=verify", "Confirmed: the lead is on its way", "Nothing waits to be verified.")
	if after := b.lead(l.ID); after.State != lead.StateOffered || after.Facts.Answers["role"] != "head" || after.Facts.City != "Berlin" {
		t.Errorf("the lead is %s with %+v", after.State, after.Facts)
	}
}
