package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
	"sluice/shared/sim/table"
)

// scene is a checker that watches a real store over the table's model, in which
// the conditions may be switched off, so that a test can write what must never
// be written.
type scene struct {
	t        testing.TB
	checker  *checker
	model    *table.Model
	store    *dynamo.Table
	policy   *policy.Directory
	reps     []lead.Rep
	clock    time.Time
	lawless  bool           // no condition holds anything back
	alter    map[string]any // attributes of leads' snapshots that the checker sees otherwise
	trouble  bool
	likeness float64 // of any two persons
	seen     [][]table.Change
	broken   []Violation
	number   int
}

func newScene(t testing.TB) *scene {
	t.Helper()
	s := &scene{t: t, clock: begin.Add(10 * time.Hour), likeness: 1}
	s.model = table.New(table.Options{Now: s.now, Relax: func(table.Condition) bool { return s.lawless },
		Changed: func(changes []table.Change) {
			s.seen = append(s.seen, s.altered(changes))
			s.checker.committed(s.seen[len(s.seen)-1])
		}})
	s.checker = (&checker{now: s.now, since: s.calmSince, table: s.model, mail: func(person string) string { return person + "@quillon.example" },
		alike:  func(string, string) (float64, bool) { return s.likeness, true },
		report: func(v Violation) { s.broken = append(s.broken, v) }, markers: [][]byte{[]byte("Quillon")}}).init()
	cfg := client.Config(config.AWS{Region: "us-east-1", Endpoint: "https://aws.example"})
	cfg.Credentials = credentials.NewStaticCredentialsProvider("sim", "sim", "")
	cfg.HTTPClient = direct{s.model}
	s.store = dynamo.Open(dynamodb.NewFromConfig(cfg), dynamo.Options{Table: "sluice"})

	doc, reps := shortTerms[0].document(userStep), staff(Options{Days: 1, Reps: 4, LeadsPerDay: 5}, rand.New(rand.NewPCG(1, 1)))
	doc.Enrichers = enrichers(1)
	data, err := json.Marshal(doc)
	s.must(err)
	s.must(s.store.PutPolicy(t.Context(), policy.Record{Version: 1, Document: data}))
	s.must(s.store.PutRescore(t.Context(), score.Rescore{Version: 1, Policy: 1, Began: begin, Ended: begin}))
	s.policy = policy.List(doc, 1)
	for _, r := range reps {
		r.Teams, r.Shifts, r.Leave, r.Cap, r.Quota, r.Active = []string{"kids"}, nil, nil, new(3), new(2), true
		s.must(s.store.PutRep(t.Context(), r))
		s.reps = append(s.reps, r)
	}
	return s
}

// direct is the SDK's HTTP client: the table's model answers at once.
type direct struct{ model *table.Model }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status, answer := d.model.Answer(r.Header.Get("X-Amz-Target"), body)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer))}, nil
}

func (s *scene) now() time.Time { return s.clock }

func (s *scene) calmSince() time.Time {
	if s.trouble {
		return s.clock.Add(day)
	}
	return time.Time{}
}

func (s *scene) pass(d time.Duration) { s.clock = s.clock.Add(d) }

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) ctx() context.Context { return s.t.Context() }

// rep is the id of one of the reps.
func (s *scene) rep(n int) string { return s.reps[n].ID }

func (s *scene) by(n int) lead.Actor { return lead.Actor{Kind: "rep", ID: s.rep(n)} }

// change decides commands on a lead as it is, with the counters' moves.
func (s *scene) change(id string, by lead.Actor, commands ...lead.Command) lead.Change {
	s.t.Helper()
	before := lead.Lead{ID: id}
	if w := s.checker.leads[id]; w != nil {
		before = w.lead
	}
	after, entry, err := lead.Run(before, by, s.policy.Rules("kids"), s.clock, commands...)
	s.must(err)
	return s.whole(after, entry)
}

// whole is the change by which an entry led to a lead, with all that it writes.
func (s *scene) whole(after lead.Lead, entry lead.Entry) lead.Change {
	s.t.Helper()
	c := lead.NewChange(after, entry)
	s.meets(&c)
	for i := range c.Moves {
		if m := &c.Moves[i]; m.Kind != lead.MoveRelease {
			r, err := s.store.Rep(s.ctx(), m.Rep)
			s.must(err)
			m.Expect(r, s.clock)
		}
	}
	return c
}

func (s *scene) commit(c lead.Change) {
	s.t.Helper()
	s.must(s.store.Commit(s.ctx(), c))
}

// do commits commands as they should be.
func (s *scene) do(id string, by lead.Actor, commands ...lead.Command) {
	s.t.Helper()
	s.commit(s.change(id, by, commands...))
}

// arrival is a new person with a lead, to which more happens at once.
func (s *scene) arrival(more ...lead.Command) lead.Change {
	s.number++
	n := fmt.Sprint(s.number)
	facts, score := lead.Facts{Product: "kids-coding"}, lead.Score{Fit: 70, Grade: lead.GradeA}
	if s.checker.answersOf != nil { // somebody looks
		facts.HasPhone, facts.HasEmail, facts.Answers = true, true, map[string]any{"age": 7.0}
		score = s.checker.policies[s.policy.Version()].Score(lead.Lead{Product: facts.Product, Facts: facts, Touches: 1, Created: s.clock}, facts, s.clock)
	}
	commands := append([]lead.Command{lead.Capture{Number: "F-" + n, Person: "ps" + n, Product: "kids-coding", Submission: "s" + n,
		Facts: facts}, score}, more...)
	c := s.change("ls"+n, lead.System("intake"), commands...)
	c.Reserve = []lead.Key{lead.Key("k" + n)}
	c.Person = &lead.Person{ID: "ps" + n, Version: 1, Keys: c.Reserve, Leads: map[string]string{"kids-coding": "ls" + n}, Created: s.clock}
	c.Submission = &lead.Submission{ID: "s" + n, Form: "trial", Received: s.clock, Outcome: lead.OutcomeCreated, Lead: "ls" + n, Person: "ps" + n,
		Idem: lead.Key("i" + n), Raw: lead.Sealed("sealed"), Expires: s.clock.Add(time.Hour)}
	return c
}

// arrives commits an arrival and returns its lead.
func (s *scene) arrives() string {
	s.t.Helper()
	c := s.arrival()
	s.commit(c)
	return c.Lead.ID
}

func toRep(rep string) lead.Route {
	return lead.Route{Choice: lead.Choice{Rule: "fallback", Team: "kids", Rep: rep, Why: "fewest turns"}}
}

var toPool = lead.Route{Choice: lead.Choice{Rule: "hopeless", Team: "kids", Pool: "open-sea", Why: "pooled by rule"}}

// offers brings a new lead to a rep, who hears of it.
func (s *scene) offers(n int) string {
	s.t.Helper()
	id := s.arrives()
	s.do(id, lead.System("route"), toRep(s.rep(n)))
	s.send(id+"-2-offered", s.reps[n].Email)
	return id
}

// send delivers a message as it should be.
func (s *scene) send(id, to string) {
	s.t.Helper()
	done, err := s.store.BeginDelivery(s.ctx(), id, s.clock, s.clock.Add(45*time.Second))
	s.must(err)
	if !done {
		s.checker.mailed(id, to, nil, false)
	}
	s.must(s.store.EndDelivery(s.ctx(), id, s.clock))
}

// pools brings a new lead into the pool.
func (s *scene) pools() string {
	s.t.Helper()
	id := s.arrives()
	s.do(id, lead.System("route"), toPool)
	return id
}

func (s *scene) claim(id string, n int) lead.Change {
	return s.change(id, s.by(n), lead.Claim{Rep: s.rep(n), Team: "kids"})
}

// altered shows the checker other snapshots than were written.
func (s *scene) altered(changes []table.Change) []table.Change {
	for i, c := range changes {
		if pk, sk := c.After.Key(); sk == "L" && len(s.alter) > 0 {
			scratch := table.New(table.Options{})
			scratch.Answer("DynamoDB_20120810.PutItem", fmt.Appendf(nil, `{"TableName":"sluice","Item":%s}`, c.After.Image()))
			whole := s.model
			s.model = scratch
			s.put(pk, sk, s.alter)
			s.model = whole
			changes[i].After, _ = scratch.Get(pk, sk)
		}
	}
	return changes
}

// put writes an item as it stands with some attributes changed, whatever the
// conditions; nil removes one.
func (s *scene) put(pk, sk string, changes map[string]any) {
	s.t.Helper()
	image := map[string]any{"pk": map[string]any{"S": pk}, "sk": map[string]any{"S": sk}}
	if i, ok := s.model.Get(pk, sk); ok {
		s.must(json.Unmarshal(i.Image(), &image))
	}
	for name, v := range changes {
		switch v := v.(type) {
		case string:
			image[name] = map[string]any{"S": v}
		case int:
			image[name] = map[string]any{"N": fmt.Sprint(v)}
		default:
			delete(image, name)
		}
	}
	body, err := json.Marshal(map[string]any{"TableName": "sluice", "Item": image})
	s.must(err)
	s.answer("PutItem", body)
}

func (s *scene) answer(operation string, body []byte) {
	s.t.Helper()
	if status, answer := s.model.Answer("DynamoDB_20120810."+operation, body); status != http.StatusOK {
		s.t.Fatalf("%s: %s", operation, answer)
	}
}

// rules are the names of the rules that were broken.
func (s *scene) rules() []string {
	var names []string
	for _, v := range s.broken {
		names = append(names, v.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// touch is a further submission of the person of a lead.
func (s *scene) touch(id string) lead.Change {
	s.number++
	n := fmt.Sprint(s.number)
	c := s.change(id, lead.System("intake"), lead.Touch{Submission: "s" + n, Facts: lead.Facts{Form: "trial"}})
	c.Submission = &lead.Submission{ID: "s" + n, Received: s.clock, Outcome: lead.OutcomeMerged, Lead: id, Person: c.Lead.Person}
	return c
}

func (s *scene) merge(id string) { s.commit(s.touch(id)) }

// again is a customer's next lead.
func (s *scene) again(id string) string {
	c := s.arrival()
	person := s.person(s.checker.leads[id].lead.Person)
	person.Version++
	person.Leads["kids-coding"] = c.Lead.ID
	c.Person, c.Reserve, c.Submission.Person = &person, nil, person.ID
	c.Lead.Person = person.ID
	first := c.Entry.Events[0].(lead.Captured)
	first.Person = person.ID
	c.Entry.Events[0] = first
	s.commit(c)
	return c.Lead.ID
}

func (s *scene) person(id string) lead.Person {
	p, err := s.store.Person(s.ctx(), id)
	s.must(err)
	return p.Clone()
}

func (s *scene) quarantine() {
	s.number++
	s.commit(lead.Change{Submission: &lead.Submission{ID: "s" + fmt.Sprint(s.number), Received: s.clock, Outcome: lead.OutcomeQuarantined, Reason: "phone: too short"}})
}
