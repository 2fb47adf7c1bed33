package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestAnswersCountOnce: notices that come again do not ask again, and answers that
// come again change nothing.
func TestAnswersCountOnce(t *testing.T) {
	t.Parallel()
	b := asking(t, func(d *policy.Document) {
		second := d.Enrichers[0]
		second.ID = "others"
		d.Enrichers = append(d.Enrichers, second)
	})
	l := b.enquire("school", office("Ada Quill", "ada@quillmere.de"))
	notices := b.notices(l.ID)
	for range 2 {
		if failed := b.handle("deliver", notices...); failed > 0 {
			t.Fatalf("deliver failed: %s", b.logs)
		}
	}
	answers := b.intake.take(10)
	if len(b.asker.all()) != 2 || len(answers) != 2 {
		t.Fatalf("asked %d times, %d answers; want one of each service", len(b.asker.all()), len(answers))
	}
	if failed := b.handle("intake", append(answers, answers...)...); failed > 0 { // all at once
		t.Fatalf("intake failed: %s", b.logs)
	}
	after := b.lead(l.ID)
	if after.Version != 3 || len(after.Asked) > 0 || after.Facts.Headcount != "51-200" {
		t.Errorf("version %d, asked %v, %+v", after.Version, after.Asked, after.Facts)
	}
	b.handle("intake", answers...)
	b.clock.pass(time.Hour)
	b.handle("deliver", notices...)
	if again := b.lead(l.ID); again.Version != after.Version || len(b.asker.all()) != 2 {
		t.Errorf("version %d, asked %d times", again.Version, len(b.asker.all()))
	}
}

// TestAskingSurvivesFaults: whatever fails on the way, the answer gets to the lead,
// once.
func TestAskingSurvivesFaults(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*bundle, *faults){
		"the notice is not noted":    func(_ *bundle, f *faults) { f.fail(1, "EndDelivery") },
		"the note's answer is lost":  func(_ *bundle, f *faults) { f.lose(1, "EndDelivery") },
		"the lead cannot be read":    func(_ *bundle, f *faults) { f.fail(1, "Lead") },
		"the details do not open":    func(_ *bundle, f *faults) { f.fail(1, "Open") },
		"the queue of intake is off": func(b *bundle, _ *faults) { b.intake.down = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := asking(t)
			f := b.withFaults()
			l := b.enquire("school", office("Ada Quill", "ada@quillmere.de"))
			notice := slices.DeleteFunc(b.notices(l.ID), func(n []byte) bool { return !strings.Contains(string(n), `"asked"`) })
			spoil(b, f)
			if b.handle("deliver", notice...) != 1 {
				t.Error("a notice that failed is not brought back")
			}
			b.intake.down = false
			b.clock.pass(time.Minute)
			if b.handle("deliver", notice...) != 0 {
				t.Errorf("it fails for good: %s", b.logs)
			}
			answers := b.intake.take(10)
			f.fail(1, "Commit")
			if b.handle("intake", answers[0]) != 1 {
				t.Error("an answer that was not written is not brought back")
			}
			f.lose(1, "Commit")
			for range 3 {
				b.handle("intake", answers...)
			}
			if after := b.lead(l.ID); after.Version != 2 || len(after.Asked) > 0 || after.Facts.Industry != "Education" {
				t.Errorf("version %d, asked %v, %+v", after.Version, after.Asked, after.Facts)
			}
		})
	}
}

// TestAnsweredIsNotAskedAgain: a notice that comes back after its answer has arrived
// does not ask again, even where the service knew nothing.
func TestAnsweredIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	b := asking(t)
	f := b.withFaults()
	b.asker.answers("", lead.Errorf(lead.NotFound, "the enricher knows nothing: it answers 404"))
	l := b.enquire("school", office("Ada Quill", "ada@quillmere.de"))
	notice := slices.DeleteFunc(b.notices(l.ID), func(n []byte) bool { return !strings.Contains(string(n), `"asked"`) })
	f.fail(1, "EndDelivery")
	b.handle("deliver", notice...)
	b.drain()
	b.clock.pass(time.Minute)
	if b.handle("deliver", notice...) != 0 || len(b.asker.all()) != 1 || len(b.intake.all()) != 0 {
		t.Errorf("asked %d times, %d answers more: %s", len(b.asker.all()), len(b.intake.all()), b.logs)
	}
	if after := b.lead(l.ID); b.why(l.ID) != "told" || after.Facts.Industry != "" || len(after.Asked) > 0 {
		t.Errorf("%s, %+v", b.why(l.ID), after)
	}
}

// TestTimeThatIsUp: where the function itself has no time left, the service is not to
// blame, and is asked again.
func TestTimeThatIsUp(t *testing.T) {
	t.Parallel()
	b := asking(t, firm(func(e *policy.Enricher) { e.Failures = new(1) }))
	l := b.enquire("school", office("Ada Quill", "ada@quillmere.de"))
	notices := b.notices(l.ID)
	b.asker.silent = true
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var batch events.SQSEvent
	for i, n := range notices {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint("m", i), Body: string(n)})
	}
	out, err := b.run["deliver"].Invoke(ctx, encode(t, batch))
	var answer events.SQSEventResponse
	if err != nil || json.Unmarshal(out, &answer) != nil || len(answer.BatchItemFailures) != 1 || len(b.intake.all()) != 0 {
		t.Fatalf("%s, %v; %d answers", out, err, len(b.intake.all()))
	}
	b.asker.silent = false
	b.clock.pass(time.Minute)
	if b.handle("deliver", notices...) != 0 || len(b.asker.all()) != 2 {
		t.Errorf("asked %d times: %s", len(b.asker.all()), b.logs)
	}
}

// TestOneCompanyManyAnswers: answers about people of one company that come at the same
// moment are all taken.
func TestOneCompanyManyAnswers(t *testing.T) {
	t.Parallel()
	b := asking(t)
	var ids []string
	var notices [][]byte
	for _, name := range unlike {
		email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@quillmere.de"
		l := b.enquire("school", office(name, email))
		ids, notices = append(ids, l.ID), append(notices, b.notices(l.ID)...)
	}
	if failed := b.handle("deliver", notices...); failed > 0 {
		t.Fatalf("deliver failed: %s", b.logs)
	}
	answers := b.intake.take(100)
	if len(answers) != len(ids) {
		t.Fatalf("%d answers of %d", len(answers), len(ids))
	}
	if failed := b.handle("intake", answers...); failed > 0 {
		t.Fatalf("intake failed %d: %s", failed, b.logs)
	}
	for _, id := range ids {
		if l := b.lead(id); l.Facts.Industry != "Education" || len(l.Asked) > 0 {
			t.Errorf("lead %s: %+v, asked %v", id, l.Facts, l.Asked)
		}
	}
}

// TestAnswersThatAreNone: a message that is no answer of an enricher goes to the dead
// letters, and changes nothing.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	b := asking(t)
	l := b.enquire("school", office("Ada Quill", "ada@quillmere.de"))
	good := map[string]any{"kind": "enriched", "lead": l.ID, "by": "firms", "at": b.clock.Now(), "facts": map[string]string{"industry": "Education"}}
	with := func(name string, value any) []byte {
		m := maps.Clone(good)
		if m[name] = value; value == nil {
			delete(m, name)
		}
		return encode(t, m)
	}
	for name, body := range map[string][]byte{
		"of no lead": with("lead", nil), "of nobody": with("by", nil), "of an unknown lead": with("lead", "l-none"), "with more": with("person", "p1"),
		"with facts of another kind": with("facts", map[string]int{"industry": 5}), "at no time": with("at", "today"),
	} {
		if b.handle("intake", body) != 1 {
			t.Errorf("an answer %s was taken", name)
		}
	}
	if b.handle("intake", with("by", "somebody")) != 0 { // who was not asked, or has answered
		t.Errorf("an answer of somebody else fails: %s", b.logs)
	}
	if after := b.lead(l.ID); after.Version != l.Version || after.Facts.Industry != "" {
		t.Fatalf("version %d, %+v", after.Version, after.Facts)
	}
	odd := with("facts", map[string]string{"industry": "Education", "fit": "100", "has_phone": "true", "account_owner": "amy"})
	if b.handle("intake", odd) != 0 {
		t.Fatalf("%s", b.logs)
	}
	if after := b.lead(l.ID); after.Facts.Industry != "Education" || after.Facts.Account != "" || after.Facts.HasPhone {
		t.Errorf("%+v", after.Facts)
	}
}
