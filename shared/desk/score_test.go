package desk_test

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/gauge"
	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// model knows the city, the hour and the clicks, and the first and the last together.
func model() *predict.Model {
	return &predict.Model{
		Format: 1, Columns: []string{"city", "hour", "signal.click"}, Base: -1.75,
		Curves: []predict.Curve{
			{Column: 0, Levels: []string{"Beijing", "Hangzhou", "Shanghai"}, Points: []float64{-0.3, 0, -1.2, 0.35, 1.1}, Shares: []float64{.2, 0, .2, .3, .3}},
			{Column: 1, Edges: []float64{8, 18}, Points: []float64{0, 0, -0.1, 0.07, -0.2}, Shares: []float64{0, 0, .2, .6, .2}},
			{Column: 2, Edges: []float64{1}, Points: []float64{0, 0, -0.1, 0.6}, Shares: []float64{0, 0, .7, .3}},
		},
		Pairs: []predict.Pair{{A: 0, B: 2, GroupsA: []int{0, 0, 0, 0, 1}, GroupsB: []int{0, 0, 0, 1}, Points: [][]float64{{0, 0.05}, {-0.02, 0.2}}}},
	}
}

// trained keeps a training, and lets everybody know.
func (b *bundle) trained(r score.Record, m *predict.Model) {
	b.t.Helper()
	if m != nil {
		var err error
		if r.Model, err = m.Encode(); err != nil {
			b.t.Fatal(err)
		}
	}
	r.At = b.clock.Now()
	if err := b.table.PutTraining(b.t.Context(), r); err != nil {
		b.t.Fatal(err)
	}
	b.clock.pass(time.Minute)
}

// promoted is a training whose model was better.
func promoted(version int) score.Record {
	figures := func(better float64) *gauge.Summary {
		s := gauge.Measure([]float64{0.1 + better, 0.3, 0.2 - better, 0.6 + better, 0.55, 0.15}, []bool{true, false, false, true, true, false})
		return &s
	}
	return score.Record{Version: version, Verdict: score.Promoted, Why: "better on the newest 300 closed leads beyond chance", Closed: 1400, Won: 180, Judged: 300,
		Figures: figures(0.1), Incumbent: figures(0), Features: []score.Feature{{Name: "city", Weight: 0.7}, {Name: "signal.click", Weight: 0.3}},
		Suspects: []score.Suspect{{Name: "answer.promise", Why: "too good to be true: AUC 0.99 by itself"}}}
}

func tooFew(version int) score.Record {
	return score.Record{Version: version, Verdict: score.TooFew, Why: "640 leads are closed, 83 of them won", Closed: 640, Won: 83}
}

// rescored scores a lead anew, as the score function does after signals.
func (b *bundle) rescored(id string) lead.Lead {
	b.t.Helper()
	handler := app.Score(app.ScorePorts{Ports: b.app.Ports, Store: b.table, Vault: b.app.Vault, Policy: b.app.Policy})
	event := fmt.Sprintf(`{"Records":[{"messageId":"m","eventSource":"aws:sqs","body":%q}]}`, fmt.Sprintf(`{"leads":[%q],"cause":"signals"}`, id))
	if out, err := handler.Invoke(b.t.Context(), []byte(event)); err != nil || strings.Contains(string(out), `"m"`) {
		b.t.Fatalf("score: %v %s\n%s", err, out, &b.logs)
	}
	return b.lead(id)
}

// personal is what nobody reads in a score.
var personal = []string{"Test Person", "+86138", "138001", "@example.com", "call in the evening"}

func impersonal(t *testing.T, a answer) {
	t.Helper()
	for _, text := range personal {
		if strings.Contains(a.raw, text) {
			t.Errorf("the answer holds %q: %s", text, a.raw)
		}
	}
}

func TestScoreByRules(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "GET /api/leads/" + l.ID + "/score"
	s := b.ok(rep, at, nil)
	impersonal(t, s)
	if s.body["grade"] != string(l.Grade) || s.body["maturity"] != "warm" || s.body["fit"] != float64(l.Fit) || s.body["behaviour"] != 25.0 || s.body["policy"] != 1.0 ||
		s.body["chance"] != nil || s.body["model"] != nil || s.body["odds"] != nil || s.body["kept"].(obj)["grade"] != string(l.Grade) {
		t.Errorf("it is scored %s", s.raw)
	}
	met, unmet, sum := 0, 0, 0.0
	for _, c := range s.body["profile"].(obj)["criteria"].([]any) {
		c := c.(obj)
		if sum += c["points"].(float64); c["met"] == true {
			met++
		} else if unmet++; c["points"] != 0.0 {
			t.Errorf("what is not met adds %v", c)
		}
	}
	if met < 5 || unmet < 5 || sum != s.body["profile"].(obj)["sum"] || sum != float64(l.Fit) {
		t.Errorf("%d criteria are met and %d not, which add up to %g: %s", met, unmet, sum, s.raw)
	}
	table := s.body["table"].(obj)
	row, column := int(table["row"].(float64)), int(table["column"].(float64))
	if cell := table["grades"].([]any)[row].([]any)[column]; cell != string(l.Grade) || table["moved"] != nil {
		t.Errorf("cell %d, %d is %v: %s", row, column, cell, s.raw)
	}
	interest := s.body["interest"].([]any)
	if len(interest) != 1 || interest[0].(obj)["kind"] != "enquiry" || interest[0].(obj)["points"] != 25.0 || len(interest[0].(obj)["signals"].([]any)) != 1 {
		t.Errorf("interest is %v", interest)
	}
	prospect := s.body["prospect"].(obj)
	if prospect["value"] != prospect["chance"].(float64)*prospect["worth"].(float64) || prospect["worth"] != 1.0 || !(prospect["urgency"].(float64) > 0.5) || prospect["due"] == nil {
		t.Errorf("prospect is %v", prospect)
	}

	only := s.body["rules_only"].(obj)
	if only["why"] != "nothing has been learned from closed leads yet: the first training is to come" || only["floor_won"] != 120.0 || only["floor_closed"] != 1000.0 || only["won"] != 0.0 {
		t.Errorf("there are rules only because %v", only)
	}
	b.trained(tooFew(1), nil)
	only = b.ok(rep, at, nil).body["rules_only"].(obj)
	if only["why"] != "640 leads are closed, 83 of them won" || only["won"] != 83.0 || only["closed"] != 640.0 || only["training"] != 1.0 {
		t.Errorf("after a training there are rules only because %v", only)
	}
}

func TestScoreByModel(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	b.trained(promoted(1), model())
	at := "GET /api/leads/" + l.ID + "/score"
	s := b.ok(rep, at, nil)
	impersonal(t, s)
	odds := s.body["odds"].(obj)
	sum, seen := odds["base"].(float64), map[string]any{}
	for _, r := range odds["reasons"].([]any) {
		sum += r.(obj)["points"].(float64)
		seen[r.(obj)["feature"].(string)] = r.(obj)["value"]
	}
	if sum != odds["log_odds"] {
		t.Errorf("base and reasons add up to %g, the log-odds are %v", sum, odds["log_odds"])
	}
	p := s.body["chance"].(float64)
	if want := 1 / (1 + math.Exp(-sum)); math.Abs(p-want) > 1e-4 || s.body["model"] != 1.0 || s.body["rules_only"] != nil {
		t.Errorf("the chance is %g, want %g: %s", p, want, s.raw)
	}
	if len(seen) != 4 || seen["city"] != "Shanghai" || seen["city × signal.click"] == nil {
		t.Errorf("the reasons are %v", odds["reasons"])
	}
	if kept := s.body["kept"].(obj); kept["chance"] != nil || kept["model"] != nil {
		t.Errorf("before it is scored anew it keeps %v", kept)
	}
	b.rescored(l.ID)
	s = b.ok(rep, at, nil)
	if kept := s.body["kept"].(obj); kept["chance"] != p || kept["model"] != 1.0 {
		t.Errorf("scored anew it keeps %v", kept)
	}
	shown := b.ok(rep, "GET /api/leads/"+l.ID, nil)
	if shown.body["chance"] != p || shown.body["model"] != 1.0 || shown.body["maturity"] != s.body["maturity"] || shown.body["behaviour"] != s.body["behaviour"] {
		t.Errorf("the lead shows %s", shown.raw)
	}
}

// TestScoreMoved: a chance moves the grade out of its cell.
func TestScoreMoved(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	b.trained(promoted(1), &predict.Model{Format: 1, Base: -5})
	s := b.ok(rep, "GET /api/leads/"+l.ID+"/score", nil)
	table := s.body["table"].(obj)
	cell := table["grades"].([]any)[int(table["row"].(float64))].([]any)[int(table["column"].(float64))]
	if cell != string(l.Grade) || table["moved"] != "lowered" || s.body["grade"] == cell || !strings.Contains(s.body["how"].(string), "lowered by the chance") {
		t.Errorf("a chance of next to nothing makes it %s", s.raw)
	}
}

func TestScoreOfDisqualified(t *testing.T) {
	t.Parallel()
	b := setup(t)
	values := enquiry(1)
	values.Set("age", "2")
	l := b.enquire("trial", values)
	s := b.ok("mia", "GET /api/leads/"+l.ID+"/score", nil)
	impersonal(t, s)
	if against := s.body["disqualified"].([]any); against[0] != "too young" || s.body["grade"] != "D" || s.body["maturity"] != "cold" || s.body["table"] != nil {
		t.Errorf("a child too young is scored %s", s.raw)
	}
}

func TestScoreIsForWhoSeesTheLead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "GET /api/leads/" + l.ID + "/score"
	for _, user := range []string{rep, "max", "mia", "omar"} {
		impersonal(t, b.ok(user, at, nil))
	}
	for _, user := range []string{"eva", "dora", "cora"} {
		b.refused(user, at, nil, "404 not_found")
	}
	b.refused("", at, nil, "401 unauthenticated")
	b.refused("mia", "GET /api/leads/nobody/score", nil, "404 not_found")
	b.refused("mia", "GET /api/leads/no%20body/score", nil, "404 not_found")
	pooled, former := b.pooled(2)
	if _, ok := b.ok(former, "GET /api/leads/"+pooled.ID+"/score", nil).body["profile"]; !ok { // a member of the pool
		t.Error("in the pool the score says nothing")
	}
}

// told is a body of signals.
func told(signals ...obj) obj { return obj{"signals": signals} }

func (b *bundle) signal(kind, id string, ago time.Duration, more ...any) obj {
	s := obj{"kind": kind, "id": id, "at": b.clock.Now().Add(-ago)}
	for i := 0; i < len(more); i += 2 {
		s[more[i].(string)] = more[i+1]
	}
	return s
}

func TestSignals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "POST /api/leads/" + l.ID + "/signals"
	click, dwell, open := b.signal("click", "mail-7", time.Hour), b.signal("dwell", "s1", 2*time.Hour, "amount", 9), b.signal("open", "mail-7", time.Hour, "sure", 40)
	first := b.ok("mia", at, told(click, dwell, open))
	impersonal(t, first)
	if first.body["version"] != float64(l.Version+1) || first.header.Get("ETag") != fmt.Sprintf("%q", fmt.Sprint(l.Version+1)) {
		t.Errorf("answered %s", first.raw)
	}
	for _, again := range []obj{told(click, dwell, open), told(open), told(click, click)} {
		if a := b.ok("omar", at, again); a.body["version"] != first.body["version"] {
			t.Errorf("told again it is version %v", a.body["version"])
		}
	}
	judged := b.signal("open", "mail-7", time.Hour, "sure", 0, "judged", b.clock.Now())
	if a := b.ok("max", at, told(judged)); a.body["version"] != float64(l.Version+2) {
		t.Errorf("judged anew it is version %v", a.body["version"])
	}
	parts := map[string]float64{}
	s := b.ok(rep, "GET /api/leads/"+l.ID+"/score", nil)
	for _, i := range s.body["interest"].([]any) {
		parts[i.(obj)["kind"].(string)] = math.Round(i.(obj)["points"].(float64))
	}
	if fmt.Sprint(parts) != "map[click:6 dwell:9 enquiry:25 open:0]" || s.body["behaviour"] != 40.0 || s.body["kept"].(obj)["behaviour"] != 25.0 {
		t.Errorf("the parts are %v: %s", parts, s.raw)
	}
	if strings.Contains(s.raw, "mail-7") {
		t.Errorf("the score tells by which id a signal is known elsewhere: %s", s.raw)
	}
	before := b.lead(l.ID)
	after := b.rescored(l.ID)
	if before.Behaviour != 25 || after.Behaviour != 40 || after.Maturity != lead.Hot {
		t.Errorf("scored anew it is %+v", after.Standing())
	}
	var whats []string
	entries := b.ok(rep, "GET /api/leads/"+l.ID+"/timeline", nil).body["entries"].([]any)
	for _, e := range entries[1:] {
		for _, event := range e.(obj)["events"].([]any) {
			event := event.(obj)
			whats = append(whats, event["what"].(string))
			if event["kind"] == "scored" && (event["was"].(obj)["behaviour"] != 25.0 || event["score"].(obj)["behaviour"] != 40.0 || event["cause"] != "signals") {
				t.Errorf("scored anew it tells %v", event)
			}
			if event["kind"] == "engaged" && event["signals"].([]any)[0].(obj)["id"] != nil {
				t.Errorf("it tells the signal's id: %v", event)
			}
		}
	}
	text := strings.Join(whats, "; ")
	for _, want := range []string{"Signals of interest: Mails opened, Links clicked, Time on pages", "behaviour 25 → 40: signals of interest", "Maturity warm → hot"} {
		if !strings.Contains(text, want) {
			t.Errorf("the time-line says %q, want %q", text, want)
		}
	}
	b.refused("mia", at, told(b.signal("visit", "v1", 0)), "412 moved", "If-Match", `"1"`)
}

func TestWhoTellsOfSignals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at, body := "POST /api/leads/"+l.ID+"/signals", told(b.signal("event", "fair", time.Hour))
	b.refused(rep, at, body, "403 denied")
	for _, user := range []string{"eva", "dora", "cora"} { // who do not see it
		b.refused(user, at, body, "404 not_found")
	}
	b.refused("", at, body, "401 unauthenticated")
	b.refused("mia", "POST /api/leads/nobody/signals", body, "404 not_found")
	if got := b.lead(l.ID); got.Version != l.Version {
		t.Errorf("refused, it is version %d", got.Version)
	}
	b.ok(rep, "POST /api/leads/"+l.ID+"/reject", obj{"reason": "wrong region"}) // it waits for the dispatcher
	b.ok("dora", at, body)
	pooled, former := b.pooled(2)
	b.refused(former, "POST /api/leads/"+pooled.ID+"/signals", body, "403 denied")
	b.ok("mia", "POST /api/leads/"+pooled.ID+"/signals", body)
}

func TestSignalFaults(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, _ := b.offered(1)
	at := "POST /api/leads/" + l.ID + "/signals"
	good := func(field string, value any) obj {
		s := b.signal("click", "c1", time.Hour)
		s[field] = value
		return s
	}
	without := func(field string) obj {
		s := b.signal("click", "c1", time.Hour)
		delete(s, field)
		return s
	}
	var many []obj
	for i := range 101 {
		many = append(many, b.signal("visit", fmt.Sprint("v", i), time.Minute))
	}
	for _, c := range []struct {
		body  any
		field string
	}{
		{obj{}, "signals"}, {told(), "signals"}, {obj{"signals": []obj{}}, "signals"}, {obj{"signals": nil}, "signals"}, {told(many...), "signals"},
		{obj{"signals": "click"}, "signals"}, {obj{"signal": []obj{}}, "signal"}, {obj{"signals": []any{"click c1 1772611200 100"}}, "signals"},
		{told(without("kind")), "signals[0].kind"}, {told(good("kind", "like")), "signals[0].kind"}, {told(good("kind", 7)), "signals.kind"},
		{told(without("id")), "signals[0].id"}, {told(good("id", "person1@example.com")), "signals[0].id"}, {told(good("id", "a b")), "signals[0].id"},
		{told(good("id", strings.Repeat("x", 41))), "signals[0].id"}, {told(good("id", "<script>")), "signals[0].id"},
		{told(without("at")), "signals[0].at"}, {told(good("at", b.clock.Now().Add(time.Hour))), "signals[0].at"}, {told(good("at", "1999-12-31T00:00:00Z")), "signals[0].at"},
		{told(good("at", "yesterday")), ""}, {told(good("at", 1772611200)), ""},
		{told(good("sure", 101)), "signals[0].sure"}, {told(good("sure", -1)), "signals[0].sure"}, {told(good("sure", "yes")), "signals.sure"}, {told(good("sure", 99.5)), "signals.sure"},
		{told(good("amount", 2)), "signals[0].amount"}, {told(good("amount", -1)), "signals[0].amount"}, {told(b.signal("dwell", "d", 0, "amount", 601)), "signals[0].amount"},
		{told(good("amount", 1e30)), "signals.amount"}, {told(good("judged", b.clock.Now().Add(-2*time.Hour))), "signals[0].judged"},
		{told(good("judged", b.clock.Now().Add(time.Hour))), "signals[0].judged"}, {told(good("points", 100)), "points"},
		{told(b.signal("visit", "v", 0), good("kind", "")), "signals[1].kind"},
	} {
		a := b.refused("mia", at, c.body, "422 invalid")
		if got, _ := a.body["field"].(string); got != c.field {
			t.Errorf("of %v the field is %q, want %q: %s", c.body, got, c.field, a.raw)
		}
		impersonal(t, a)
	}
	b.refused("mia", at, "[", "400 malformed")
	b.refused("mia", at, `{"signals":[]} {}`, "400 malformed")
	b.refused("mia", at, `{"signals":"`+strings.Repeat("x", 70<<10)+`"}`, "413 too_large")
	b.refused("mia", at, told(good("id", "c1")), "415 media_type", "Content-Type", "text/plain")
	if got := b.lead(l.ID); got.Version != l.Version || len(got.Signals) != 0 {
		t.Errorf("refused, it has %v", got.Signals)
	}
	if a := b.ok("mia", at, told(many[:100]...)); a.body["version"] != float64(l.Version+1) {
		t.Errorf("of a hundred it is version %v", a.body["version"])
	}
}

func TestModels(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const list = "GET /api/models"
	none := b.ok("mia", list, nil)
	if none.body["in_force"] != 0.0 || len(none.body["trainings"].([]any)) != 0 || fmt.Sprint(none.body["floor"]) != "map[closed:1000 won:120]" {
		t.Errorf("before the first training there is %s", none.raw)
	}
	b.trained(tooFew(1), nil)
	b.trained(promoted(2), model())
	kept := promoted(3)
	kept.Verdict, kept.Why, kept.Champion = score.Kept, "not better beyond chance", 2
	b.trained(kept, nil)
	page := b.ok("omar", list+"?limit=2", nil)
	trainings := page.body["trainings"].([]any)
	if page.body["in_force"] != 2.0 || len(trainings) != 2 || trainings[0].(obj)["version"] != 3.0 || trainings[0].(obj)["in_force"] != nil || trainings[1].(obj)["in_force"] != true {
		t.Fatalf("listed is %s", page.raw)
	}
	newest := trainings[1].(obj)
	if newest["verdict"] != "promoted" || newest["judged"] != 300.0 || newest["challenger"].(obj)["auc"] == nil || newest["incumbent"].(obj)["log_loss"] == nil ||
		newest["suspects"].([]any)[0].(obj)["name"] != "answer.promise" || newest["features"].([]any)[0].(obj)["weight"] != 0.7 {
		t.Errorf("a training is listed as %v", newest)
	}
	rest := b.ok("max", list+"?limit=2&cursor="+url.QueryEscape(page.body["cursor"].(string)), nil)
	if few := rest.body["trainings"].([]any); len(few) != 1 || few[0].(obj)["won"] != 83.0 || rest.body["cursor"] != nil {
		t.Errorf("the rest is %s", rest.raw)
	}

	m := b.ok("mia", list+"/2", nil)
	shapes := m.body["shapes"].([]any)
	if m.body["in_force"] != true || m.body["base"] != -1.75 || m.body["pairs"] != 1.0 || len(shapes) != 3 {
		t.Fatalf("the model is %s", m.raw)
	}
	var bins []string
	for _, shape := range shapes {
		for _, bin := range shape.(obj)["bins"].([]any) {
			bin := bin.(obj)
			bins = append(bins, fmt.Sprint(bin["label"], "/", bin["from"], "/", bin["below"], "/", bin["points"]))
		}
	}
	if got, want := strings.Join(bins, " "), "missing/<nil>/<nil>/-0.3 Beijing/<nil>/<nil>/-1.2 Hangzhou/<nil>/<nil>/0.35 Shanghai/<nil>/<nil>/1.1 "+
		"below 8/<nil>/8/-0.1 from 8 below 18/8/18/0.07 from 18/18/<nil>/-0.2 below 1/<nil>/1/-0.1 from 1/1/<nil>/0.6"; got != want {
		t.Errorf("the shapes are %s, want %s", got, want)
	}
	if old := b.ok("mia", list+"/1", nil); old.body["shapes"] != nil || old.body["verdict"] != "too_few" || old.body["challenger"] != nil {
		t.Errorf("of too few leads there is %s", old.raw)
	}

	for _, user := range []string{"amy", "dora", "cora"} {
		b.refused(user, list, nil, "403 denied")
		b.refused(user, list+"/2", nil, "403 denied")
		b.refused(user, list+"/99", nil, "403 denied")
	}
	b.refused("", list, nil, "401 unauthenticated")
	for _, version := range []string{"0", "-1", "4", "02", "2.0", "2e0", "+2", "two", "99999999999999999999", "%00", "٢"} {
		b.refused("mia", list+"/"+version, nil, "404 not_found")
	}
	b.refused("mia", list+"?limit=0", nil, "422 invalid")
	b.refused("mia", list+"?cursor=nonsense", nil, "422 invalid")
	b.refused("mia", "POST /api/models", obj{}, "405 method_not_allowed")
}

func TestScorePages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "/leads/" + l.ID
	br := b.browser()
	br.signIn(rep)
	br.page(at, "How the score comes about", "What it is made of", "budget stated", "rules only", "Fit 85 of 100", "behaviour 25", "warm")
	br.page(at+"/score", "No model says a chance", "nothing has been learned from closed leads yet", "small budget", "not met", "a must, met", "(here)", "Urgency")
	br.page("/inbox", "warm")
	if w := br.get("/models"); w.Code != http.StatusForbidden {
		t.Errorf("a rep who asks for the models is answered %d", w.Code)
	}
	br.signIn("mia")
	br.page("/models", "No model is in force", "Nothing has been learned yet")
	b.trained(tooFew(1), nil)
	br.page("/models", "83 won of 120 needed", "640 closed of 1000 needed", "Too few closed leads")
	br.page("/models/1", "640 leads are closed, 83 of them won")
	br.page(at+"/score", "83 won of 120 needed", "Training 1")
	b.trained(promoted(2), model())
	br.page("/models", "Model 2 is in force.", "AUC", "1 left out")
	body := br.page("/models/2", "Taken into force", "AUC", "too good to be true", "Hangzhou", "from 8, below 18", "not known", "have points together, besides: 1.", "Log-odds")
	if strings.Count(body, `class="dot"`) != 6 || strings.Contains(body, "style=") {
		t.Errorf("the chart is not as it should be: %s", body)
	}
	b.ok("mia", "POST /api/leads/"+l.ID+"/signals", told(b.signal("event", "fair", time.Hour), b.signal("visit", "v", time.Hour), b.signal("visit", "w", time.Hour)))
	b.rescored(l.ID)
	br.page(at+"/score", "model 2", "Base", "Shanghai", "What the learned model adds")
	br.page(at+"?lang=zh", "兴趣信号：2 × 访问页面, 参加活动", "成熟度 温 → 热", "模型第 2 版")
	br.page(at+"/score?lang=zh", "理想客户画像", "对数几率")
	br.page("/models/2?lang=zh", "预测与实际", "8 起，18 以下")
	br.signIn(rep)
	br.page(at+"?lang=en", "chance", "hot", "behaviour 25 →", ": signals of interest")
	br.page("/tasks", "expected value", "chance", "hot")
	for _, path := range []string{"/leads/nobody/score", "/leads/a%20b/score", "/models/0", "/models/x"} {
		br.signIn("mia")
		if w := br.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s answered %d", path, w.Code)
		}
	}
}
