package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

// TestTrainingOfARunningSystem has the train function that is deployed learn from the
// closed leads of a run: the next lead has a chance, and so has the one that was there
// before, when the sweep has walked through all.
func TestTrainingOfARunningSystem(t *testing.T) {
	var ahead atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	folder := t.TempDir()
	s, err := openSystem(t.Context(), systemOptions{memory: true, folder: folder, http: "127.0.0.1:0", edge: "127.0.0.1:0", now: clock,
		policy: samplePolicy, reps: sampleReps, quiet: true, log: t.Output(),
		change: func(doc *policy.Document) {
			won, closed := 40, 400
			doc.Score.Learn.Won, doc.Score.Learn.Closed = &won, &closed
		}})
	needEngine(t, err)
	t.Cleanup(s.close)
	if err := s.saveLocal(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"AWS_ENDPOINT_URL", "SLUICE_TABLE", "AWS_REGION", "SLUICE_KMS_KEY", "SLUICE_KEY_FILE"} {
		t.Setenv(name, "")
	}
	learns := func() string {
		t.Helper()
		return strings.TrimSpace(mustType(t, "invoke", "-fn", "train", "-dir", folder))
	}
	if answer := learns(); answer != `{"closed":0,"too_few":1,"won":0}` {
		t.Errorf("of no leads train learned %s", answer)
	}
	before := enquired(t, s, "+8613800000051")
	if before.Chance != 0 || before.Model != 0 {
		t.Errorf("without a model the lead is scored %+v", before)
	}
	r, now := rand.New(rand.NewPCG(1, 1)), time.Now()
	for i := range 500 {
		age, closed := 3+r.IntN(12), now.Add(-time.Duration(500-i)*time.Minute)
		o := score.Outcome{Lead: fmt.Sprint("closed-", i), Version: 3, Created: closed.Add(-time.Hour), Closed: closed,
			Won:   r.IntN(100) < map[bool]int{true: 60, false: 10}[age >= 6 && age <= 10],
			Known: map[string]string{"answer.age": fmt.Sprint(age), "hour": fmt.Sprint(r.IntN(24))}}
		if err := s.table.PutOutcome(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if answer := learns(); !strings.Contains(answer, `"closed":500,"promoted":1`) {
		t.Fatalf("train learned %s", answer)
	}
	ahead.Add(int64(time.Minute)) // and everybody asks for the model again
	if after := enquired(t, s, "+8613800000052"); after.Chance < lead.Certain*3/10 || after.Model != 2 {
		t.Errorf("with a model a lead of the best age is scored %+v", after)
	}
	await(t, "walk", 30*time.Second, func() bool {
		ahead.Add(int64(time.Minute))
		if err := s.sweep(t.Context(), clock()); err != nil {
			t.Fatal(err)
		}
		settle(t, s)
		l, err := s.table.Lead(t.Context(), before.ID)
		return err == nil && l.Model == 2 && l.Chance > 0
	})
}

// enquired is the lead of somebody who enquires now.
func enquired(t *testing.T, s *system, phone string) (l lead.Lead) {
	t.Helper()
	id := "l" + accepted(t, s, person(phone))
	await(t, "lead", 10*time.Second, func() bool {
		var err error
		l, err = s.table.Lead(t.Context(), id)
		return err == nil
	})
	return l
}

func TestLocalRunThatIsNone(t *testing.T) {
	if _, err := typed(t, "invoke", "-fn", "train", "-dir", t.TempDir()); err == nil || !strings.Contains(err.Error(), "make run") {
		t.Errorf("a training of no run ends with %v", err)
	}
	if _, err := typed(t, "invoke", "-fn", "score"); err == nil || !strings.Contains(err.Error(), "events/") {
		t.Errorf("score without a payload ends with %v", err)
	}
}
