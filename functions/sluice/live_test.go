package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/lead"
)

// offeredTo looks for a lead in the reps' inboxes.
func offeredTo(t *testing.T, s *system, id string) (user string) {
	t.Helper()
	for _, rep := range s.reps {
		var inbox struct{ Leads []struct{ ID, State string } }
		if status := api(t, s, s.userOf[rep], "GET /api/inbox", nil, &inbox); status != http.StatusOK {
			t.Fatalf("inbox answered %d", status)
		}
		for _, l := range inbox.Leads {
			if l.ID == id && l.State == string(lead.StateOffered) {
				return s.userOf[rep]
			}
		}
	}
	return ""
}

func TestPostIsOfferedWithinASecond(t *testing.T) {
	s := open(t, systemOptions{})
	began := time.Now()
	id := "l" + accepted(t, s, person("+8613800000001"))
	user := ""
	await(t, "offer", 5*time.Second, func() bool { user = offeredTo(t, s, id); return user != "" })
	t.Logf("offered %s after the post began", time.Since(began))
	took := await(t, "mail", 10*time.Second, func() bool { return len(mails(t, s, id+"-*-offered.eml")) == 1 })
	t.Logf("mail %s later", took)

	if status := api(t, s, user, "POST /api/leads/"+id+"/accept", struct{}{}, nil); status != http.StatusOK {
		t.Fatalf("accept answered %d", status)
	}
	var line struct {
		Entries []struct {
			By     struct{ Kind, ID string }
			Events []struct{ Kind string }
		}
	}
	if status := api(t, s, user, "GET /api/leads/"+id+"/timeline", nil, &line); status != http.StatusOK {
		t.Fatalf("timeline answered %d", status)
	}
	last := line.Entries[len(line.Entries)-1]
	var kinds []string
	for _, e := range line.Entries {
		for _, event := range e.Events {
			kinds = append(kinds, event.Kind)
		}
	}
	if last.By.ID != user || !slices.Contains(kinds, "captured") || !slices.Contains(kinds, "offered") || !slices.Contains(kinds, "accepted") {
		t.Errorf("time-line tells %v, the last of it by %q", kinds, last.By.ID)
	}
}

func TestPoisonGoesToTheDeadLetters(t *testing.T) {
	s := open(t, systemOptions{memory: true, retry: time.Millisecond})
	queues, intake := sqs.NewFromConfig(s.aws), s.queues["intake"]
	const poison = "{not an envelope"
	var ids []string
	for i := range 6 {
		ids = append(ids, accepted(t, s, person("+861380000010"+string(rune('0'+i)))))
		if i == 2 {
			body := poison
			if _, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &intake, MessageBody: &body}); err != nil {
				t.Fatal(err)
			}
		}
	}
	await(t, "dead letter", 20*time.Second, func() bool { return inQueue(t, s, "intake-dlq") == "1" })
	settle(t, s)
	dead := s.queues["intake-dlq"]
	out, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &dead})
	if err != nil || len(out.Messages) != 1 || *out.Messages[0].Body != poison {
		t.Errorf("dead letters hold %v (%v), not the poison", out, err)
	}
	for _, id := range ids {
		if sub, err := s.table.Submission(t.Context(), id); err != nil || sub.Outcome != lead.OutcomeCreated {
			t.Errorf("a neighbour of the poison ended as %q (%v)", sub.Outcome, err)
		}
	}
}
