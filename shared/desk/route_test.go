package desk_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// change puts a changed policy into effect.
func (b *bundle) change(edit func(*policy.Document)) {
	b.t.Helper()
	record, err := b.table.CurrentPolicy(b.t.Context(), 0)
	if err != nil {
		b.t.Fatal(err)
	}
	var doc policy.Document
	if err := json.Unmarshal(record.Document, &doc); err != nil {
		b.t.Fatal(err)
	}
	edit(&doc)
	if record.Document, err = json.Marshal(doc); err != nil {
		b.t.Fatal(err)
	}
	record.Version++
	if err := b.table.PutPolicy(b.t.Context(), record); err != nil {
		b.t.Fatal(err)
	}
	b.clock.pass(time.Minute)
}

func team(d *policy.Document, id string) *policy.Team {
	return &d.Teams[slices.IndexFunc(d.Teams, func(t policy.Team) bool { return t.ID == id })]
}

// qualifying makes young a team that qualifies leads for schools.
func qualifying(d *policy.Document) {
	team(d, "young").Verdicts = []string{"ready", "too early"}
	d.Routing.Rules = slices.Insert(d.Routing.Rules, 0, route.Rule{Name: "qualified", When: `verdict == "ready"`, Team: "schools"})
}

// waiting leaves young to the one rep who has shifts, and ends today's: a lead
// waits then.
func (b *bundle) waiting(n int) lead.Lead {
	b.t.Helper()
	b.change(func(d *policy.Document) { team(d, "young").Single = "dan" })
	b.clock.pass(6 * time.Hour)
	l := b.enquire("trial", enquiry(n))
	if l.State != lead.StateRouting || l.Wait.IsZero() {
		b.t.Fatalf("lead is %s until %s, want it to wait", l.State, l.Wait)
	}
	return l
}

// sweep plays the sweep's minute.
func (b *bundle) sweep() {
	b.t.Helper()
	b.clock.pass(time.Minute)
	handler := app.Sweep(app.SweepPorts{Ports: b.app.Ports, Store: b.table, Vault: b.app.Vault, Policy: b.app.Policy, Score: &b.score})
	event := fmt.Sprintf(`{"source":"aws.events","detail-type":"Scheduled Event","time":%q,"detail":{}}`, b.clock.Now().Format(time.RFC3339))
	if _, err := handler.Invoke(b.t.Context(), []byte(event)); err != nil {
		b.t.Fatalf("sweep: %v\n%s", err, &b.logs)
	}
}

func TestQualify(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "/api/leads/" + l.ID
	b.ok(rep, "POST "+at+"/accept", nil)
	b.refused(rep, "POST "+at+"/qualify", obj{"verdict": "ready"}, "409 conflict")
	b.change(qualifying)
	seen := b.ok(rep, "GET "+at, nil)
	if got := fmt.Sprint(seen.body["verdicts"]); got != "[ready too early]" || !strings.Contains(fmt.Sprint(seen.body["acts"]), "qualify") {
		t.Errorf("verdicts are %s, acts %v", got, seen.body["acts"])
	}
	if a := b.refused(rep, "POST "+at+"/qualify", obj{"verdict": "great"}, "422 invalid"); a.body["field"] != "verdict" {
		t.Errorf("an unknown verdict is at fault in %v", a.body["field"])
	}
	b.refused(peer(rep), "POST "+at+"/qualify", obj{"verdict": "ready"}, "404 not_found")
	b.refused("max", "POST "+at+"/qualify", obj{"verdict": "ready"}, "403 denied")
	b.refused(rep, "POST "+at+"/qualify", obj{"verdict": "ready"}, "412 moved", "If-Match", `"1"`)
	b.ok(rep, "POST "+at+"/qualify", obj{"verdict": "ready", "note": "Has a budget."})
	after := b.lead(l.ID)
	if after.State != lead.StateRouting || after.Facts.Verdict != "ready" {
		t.Errorf("qualified lead is %s with verdict %q", after.State, after.Facts.Verdict)
	}
	how := b.ok("max", "GET "+at+"/route", nil)
	if how.body["team"] != "schools" || how.body["rule"] != "qualified" || how.body["facts"].(obj)["verdict"] != "ready" {
		t.Errorf("a qualified lead would go to %s", how.raw)
	}
	told := b.ok("max", "GET "+at+"/timeline", nil).raw
	for _, want := range []string{"Qualified: ready", `"verdict":"ready"`, "Has a budget."} {
		if !strings.Contains(told, want) {
			t.Errorf("time-line lacks %q: %s", want, told)
		}
	}
}

func TestMoveALead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n, c := range []struct {
		name  string
		to    obj
		state lead.State
		owner string
	}{
		{"to a rep", obj{"rep": "eva"}, lead.StateOffered, "eva"},
		{"to a pool", obj{"pool": "school-pool"}, lead.StatePooled, ""},
		{"anew", obj{"anew": true}, lead.StateRouting, ""},
	} {
		l, rep := b.offered(n)
		at := "/api/leads/" + l.ID
		if got := b.ok("max", "GET "+at, nil).body["acts"]; !strings.Contains(fmt.Sprint(got), "move") {
			t.Errorf("%s: acts are %v", c.name, got)
		}
		b.refused(rep, "POST "+at+"/move", with(c.to, "reason", "rep is away"), "403 denied")
		b.refused("dora", "POST "+at+"/move", c.to, "404 not_found")
		b.ok("max", "POST "+at+"/move", c.to)
		if after := b.lead(l.ID); after.State != c.state || after.Owner() != c.owner {
			t.Errorf("%s: lead is %s with %q", c.name, after.State, after.Owner())
		}
		if told := b.ok("max", "GET "+at+"/timeline", nil).raw; !strings.Contains(told, "Moved by the manager") || !strings.Contains(told, "rep is away") {
			t.Errorf("%s: time-line is %s", c.name, told)
		}
	}
	l, _ := b.offered(9)
	for _, c := range []struct {
		to    obj
		field string
	}{
		{obj{"reason": "x"}, "rep"}, {obj{"rep": "eva", "anew": true}, "rep"}, {obj{"rep": "nobody"}, "rep"}, {obj{"pool": "nosuch"}, "pool"},
		{obj{"anew": true, "reason": "call 138 0013 8000"}, "reason"}, {obj{"anew": true, "team": "young"}, "team"},
	} {
		if a := b.refused("max", "POST /api/leads/"+l.ID+"/move", c.to, "422 invalid"); a.body["field"] != c.field {
			t.Errorf("%v: field is %v, want %s", c.to, a.body["field"], c.field)
		}
	}
}

func TestExplainedInTheTimeline(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	offered := func(user string) obj {
		for _, entry := range b.ok(user, "GET /api/leads/"+l.ID+"/timeline", nil).body["entries"].([]any) {
			for _, event := range entry.(obj)["events"].([]any) {
				if grounds, ok := event.(obj)["grounds"]; ok {
					return grounds.(obj)
				}
			}
		}
		t.Fatalf("%s is told no grounds", user)
		return nil
	}
	seen := offered("max")
	if first := seen["first"].([]any); len(first) != 4 || first[0].(obj)["rep"].(obj)["id"] != rep || seen["of"] != "turns" {
		t.Errorf("grounds are %v", seen)
	}
	// A rep is not told how colleagues stand.
	if seen := offered(rep); seen["first"] != nil || seen["more"] != float64(4) {
		t.Errorf("the rep is told %v", seen)
	}

	waits := b.waiting(2)
	a := b.ok("dora", "GET /api/leads/"+waits.ID, nil)
	if until := waits.Wait.UTC().Format(time.RFC3339); a.body["wait"] != until {
		t.Errorf("lead waits until %v, want %s", a.body["wait"], until)
	}
	told := b.ok("dora", "GET /api/leads/"+waits.ID+"/timeline", nil).raw
	for _, want := range []string{"Waits for a shift of team young, until 2026-03-05 01:00 UTC", `"why":"off shift","n":1,"reps":[{"kind":"rep","id":"dan"`} {
		if !strings.Contains(told, want) {
			t.Errorf("time-line lacks %q: %s", want, told)
		}
	}
}

func TestExplainALead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.change(func(d *policy.Document) { team(d, "young").Mode, team(d, "young").Distribution = "", nil })
	l, rep := b.offered(1)
	at := "GET /api/leads/" + l.ID + "/route"
	how := b.ok("max", at, nil).body
	rules := how["rules"].([]any)
	if len(rules) != 4 || rules[0].(obj)["held"] != false || rules[3].(obj)["held"] != true || how["rule"] != "kids" {
		t.Errorf("rules are %v", rules)
	}
	if how["outcome"] != "rep" || how["rep"].(obj)["id"] == rep || how["mode"] != "even" || how["of"] != "turns" {
		t.Errorf("outcome is %v for %v in mode %v by %v, offered to %s", how["outcome"], how["rep"], how["mode"], how["of"], rep)
	}
	for _, m := range how["members"].([]any) {
		stand := m.(obj)
		if want := map[bool]any{true: "had it before", false: nil}[stand["rep"] == rep]; stand["reason"] != want {
			t.Errorf("%s stands as %v, want %v", stand["rep"], stand["reason"], want)
		}
	}
	if facts := how["facts"].(obj); facts["grade"] != "A+" || facts["has_phone"] != true || facts["weekday"] != "wed" || facts["answer"].(obj)["age"] != float64(7) {
		t.Errorf("facts are %v", facts)
	}
	b.refused(rep, at, nil, "403 denied")
	b.refused("mia", at, nil, "403 denied")
	b.refused("dora", at, nil, "404 not_found") // it does not wait for her
	b.ok("omar", at, nil)
	b.refused("max", "GET /api/leads/lnosuch/route", nil, "404 not_found")
}

func TestExplainACase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const explain = "POST /api/route/explain"
	for _, c := range []struct {
		in   obj
		want string
	}{
		{nil, "rep young fallback"},
		{obj{"product": "school-classes"}, "rep schools schools"},
		{obj{"product": "kids-math", "answers": obj{"age": 3}}, "nurture young too young yet"},
		{obj{"channel": "purchased-list", "grade": "D"}, "pool young bought addresses rest first"},
		{obj{"product": "kids-math", "at": "2026-12-25T03:00:00Z"}, "rep young kids"},
	} {
		how := b.ok("dora", explain, c.in).body
		if got := fmt.Sprint(how["outcome"], " ", how["team"], " ", how["rule"]); got != c.want {
			t.Errorf("%v goes to %s, want %s", c.in, got, c.want)
		}
	}
	ripe := b.ok("dora", explain, obj{"maturity": "hot", "behaviour": 77, "chance": 0.25, "touches": 3}).body["facts"].(obj)
	if ripe["maturity"] != "hot" || ripe["behaviour"] != float64(77) || ripe["chance"] != 0.25 || ripe["touches"] != float64(3) {
		t.Errorf("of what is said of its score there is %v", ripe)
	}
	fresh := b.ok("dora", explain, obj{"phone": true}).body["facts"].(obj)
	if _, ok := fresh["chance"]; ok || fresh["maturity"] != "warm" || fresh["behaviour"] != float64(25) {
		t.Errorf("of what is not said there is %v", fresh)
	}
	stands := b.ok("max", explain, obj{"product": "kids-math", "at": "2026-12-25T03:00:00Z"}).body["members"].([]any)
	for _, m := range stands {
		if stand := m.(obj); stand["rep"] == "dan" && (stand["reason"] != "on leave" || stand["able"] != "2027-01-05T01:00:00Z") {
			t.Errorf("dan, who is on leave until the new year, stands as %v", stand)
		}
	}
	for _, c := range []struct {
		in    any
		field string
	}{
		{obj{"prodcut": "x"}, "prodcut"}, {obj{"product": 7}, "product"}, {obj{"grade": "E"}, "grade"},
		{obj{"maturity": "luke"}, "maturity"}, {obj{"behaviour": 101}, "behaviour"}, {obj{"behaviour": -1}, "behaviour"}, {obj{"chance": 1.01}, "chance"},
		{obj{"chance": -0.1}, "chance"}, {obj{"chance": "high"}, "chance"}, {obj{"owners": []obj{{"rep": 7}}}, "owners.rep"},
		{obj{"at": "2199-01-01T00:00:00Z"}, "at"}, {obj{"at": "0001-01-01T00:00:01Z"}, "at"}, {obj{"hour": 7}, "hour"}, {obj{"answers": []int{1}}, "answers"},
	} {
		if a := b.refused("max", explain, c.in, "422 invalid"); a.body["field"] != c.field {
			t.Errorf("%v: field is %v, want %s", c.in, a.body["field"], c.field)
		}
	}
	for _, at := range []string{`"tomorrow"`, `7`, `"2026-13-01T00:00:00Z"`} {
		b.refused("max", explain, `{"at":`+at+`}`, "422 invalid")
	}
	b.refused("max", explain, `{"at":`, "400 malformed")
	b.refused("amy", explain, nil, "403 denied")
	b.refused("cora", explain, nil, "403 denied")
}

func TestMoveManyLeads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ids []string
	owners := map[string]int{}
	for n := range 6 {
		l, rep := b.offered(n)
		ids = append(ids, l.ID)
		owners[rep]++
	}
	ask := obj{"from": obj{"team": "young"}, "to": obj{"rep": "eva"}, "reason": "team closes"}
	plan := b.ok("max", "POST /api/moves/preview", ask).body
	if plan["leads"] != float64(6) || plan["moved"] != float64(6) || plan["given"].(obj)["eva"] != float64(6) || len(plan["owners"].(obj)) != len(owners) {
		t.Errorf("preview is %v, owners %v", plan, owners)
	}
	if got := b.lead(ids[0]); got.Owner() == "eva" {
		t.Error("looking at a move moved a lead")
	}
	begun := b.ok("max", "POST /api/moves", ask).body
	if begun["state"] != "open" || begun["by"] != "max" {
		t.Errorf("job is %v", begun)
	}
	at := fmt.Sprint("/api/moves/", begun["id"])
	b.sweep()
	done := b.ok("omar", "GET "+at, nil).body
	if done["state"] != "done" || done["moved"] != float64(6) || done["given"].(obj)["eva"] != float64(6) {
		t.Errorf("job ended as %v", done)
	}
	for _, id := range ids {
		if got := b.lead(id); got.Owner() != "eva" || got.Team != "schools" {
			t.Errorf("lead %s is with %q of %s", id, got.Owner(), got.Team)
		}
	}
	if told := b.ok("max", "GET /api/leads/"+ids[0]+"/timeline", nil).raw; !strings.Contains(told, fmt.Sprintf(`"job":%q`, begun["id"])) {
		t.Errorf("time-line does not name the job: %s", told)
	}

	back := b.ok("max", "POST /api/moves", obj{"from": obj{"leads": ids[:2]}, "to": obj{"anew": true}, "reason": "back"}).body
	halted := b.ok("max", fmt.Sprint("POST /api/moves/", back["id"], "/stop"), nil).body
	if halted["state"] != "stopped" || halted["moved"] != float64(0) {
		t.Errorf("stopped job is %v", halted)
	}
	first := b.ok("max", "GET /api/moves?limit=1", nil).body
	if jobs := first["jobs"].([]any); len(jobs) != 1 || jobs[0].(obj)["id"] != back["id"] {
		t.Errorf("newest job is %v", jobs)
	}
	rest := b.ok("max", fmt.Sprint("GET /api/moves?cursor=", first["cursor"]), nil).body
	if jobs := rest["jobs"].([]any); len(jobs) != 1 || jobs[0].(obj)["id"] != begun["id"] || rest["cursor"] != nil {
		t.Errorf("the page after it is %v", rest)
	}
	b.refused("omar", "POST "+at+"/stop", nil, "403 denied")
	b.refused("amy", "GET "+at, nil, "404 not_found")
	b.refused("max", "GET /api/moves/jnosuch", nil, "404 not_found")
	b.refused("max", "POST "+at+"/stop", obj{"why": "x"}, "422 invalid")
}

func TestMoveManyFaults(t *testing.T) {
	t.Parallel()
	b := setup(t)
	all := func(from, to obj) obj { return obj{"from": from, "to": to, "reason": "rep leaves"} }
	for _, c := range []struct {
		in    obj
		field string
	}{
		{all(obj{}, obj{"anew": true}), "from"}, {all(obj{"rep": "amy", "team": "young"}, obj{"anew": true}), "from"},
		{all(obj{"rep": "amy"}, obj{}), "to"}, {all(obj{"rep": "amy"}, obj{"rep": "ben", "pool": "open-sea"}), "to"},
		{all(obj{"rep": "nobody"}, obj{"anew": true}), "from.rep"}, {all(obj{"rep": "amy"}, obj{"rep": "amy"}), "to.rep"},
		{all(obj{"team": "nosuch"}, obj{"anew": true}), "from.team"}, {all(obj{"team": "young", "territory": "moon"}, obj{"anew": true}), "from.territory"},
		{all(obj{"leads": []string{"l1", "l1"}}, obj{"anew": true}), "from.leads"}, {all(obj{"leads": []string{"L 1"}}, obj{"anew": true}), "from.leads"},
		{with(all(obj{"rep": "amy"}, obj{"anew": true}), "reason", ""), "reason"}, {all(obj{"rpe": "amy"}, obj{"anew": true}), "rpe"}, {all(obj{"leads": "l1"}, obj{}), "from.leads"},
	} {
		for _, request := range []string{"POST /api/moves", "POST /api/moves/preview"} {
			if a := b.refused("max", request, c.in, "422 invalid"); a.body["field"] != c.field {
				t.Errorf("%s %v: field is %v, want %s", request, c.in, a.body["field"], c.field)
			}
		}
	}
	for _, user := range strings.Fields("amy dora mia omar") {
		b.refused(user, "POST /api/moves", all(obj{"rep": "amy"}, obj{"anew": true}), "403 denied")
	}
	b.refused("max", "GET /api/moves/preview", nil, "405 method_not_allowed")
}

// outcomes wins and loses leads of the form trial, and says how many of each rep.
func (b *bundle) outcomes(n int) (tried, won map[string]int) {
	b.t.Helper()
	tried, won = map[string]int{}, map[string]int{}
	for i := range n {
		l, rep := b.offered(i)
		at := "POST /api/leads/" + l.ID
		b.ok(rep, at+"/accept", nil)
		tried[rep]++
		if i%3 == 0 {
			b.ok(rep, at+"/convert", nil)
			won[rep]++
		} else {
			b.ok(rep, at+"/lost", obj{"reason": "too expensive"})
		}
	}
	return tried, won
}

func TestAbilities(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tried, won := b.outcomes(9)
	got := b.ok("dora", "GET /api/teams/young/abilities", nil).body
	channels := got["channels"].([]any)
	if len(channels) != 1 || channels[0].(obj)["channel"] != "website" {
		t.Fatalf("channels are %v", channels)
	}
	reps := got["reps"].([]any)
	if len(reps) != 4 {
		t.Fatalf("reps are %v", reps)
	}
	for _, r := range reps {
		one := r.(obj)
		id := one["rep"].(obj)["id"].(string)
		for _, e := range []any{one["overall"], one["channels"].(obj)["website"]} {
			estimate := e.(obj)
			if estimate["tried"] != float64(tried[id]) || estimate["won"] != float64(won[id]) {
				t.Errorf("%s has %v, want %d won of %d", id, estimate, won[id], tried[id])
			}
			low, mean, high := estimate["low"].(float64), estimate["mean"].(float64), estimate["high"].(float64)
			if !(0 <= low && low <= mean && mean <= high && high <= 1 && low < high) {
				t.Errorf("%s: %v is no estimate", id, estimate)
			}
		}
		if one["on_shift"] != true || one["active"] != true {
			t.Errorf("%s is on shift: %v, active: %v", id, one["on_shift"], one["active"])
		}
		record := b.ok("max", "GET /api/reps/"+id, nil).body
		if tried[id] > 0 && (record["tried"].(obj)["website"] != float64(tried[id]) || record["turns"].(obj)["young"] == nil) {
			t.Errorf("%s has the counters %v", id, record)
		}
		if won[id] > 0 && record["months"].(obj)["2026-03"] != float64(won[id]) {
			t.Errorf("%s converted by month %v, want %d", id, record["months"], won[id])
		}
		// A record may be sent back as it was read, counters included.
		b.ok("omar", "PUT /api/reps/"+id, with(with(with(record, "level", "senior"), "target", 5), "pace", 60))
		if again := b.ok("omar", "GET /api/reps/"+id, nil).body; again["level"] != "senior" || again["pace"] != float64(60) || fmt.Sprint(again["tried"]) != fmt.Sprint(record["tried"]) {
			t.Errorf("%s is now %v", id, again)
		}
	}
	if none := b.ok("max", "GET /api/teams/schools/abilities", nil).body; len(none["reps"].([]any)) == 0 {
		t.Error("a team without outcomes of its own has no reps")
	}
}
