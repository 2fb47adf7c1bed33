package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/leadtest"
)

// script is an HTTP client that answers transactions with cancellation reasons,
// one list a request, and with success where the list is empty.
type script struct {
	mu     sync.Mutex
	lists  []string // codes, set apart by commas; the last one stays
	tokens []string
}

func (s *script) Do(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, token, _ := strings.Cut(string(sent), `"ClientRequestToken":"`)
	token, _, _ = strings.Cut(token, `"`)
	s.tokens = append(s.tokens, token)

	status, body := http.StatusOK, "{}"
	if list := s.lists[0]; list != "" {
		var reasons []string
		for code := range strings.SplitSeq(list, ",") {
			reasons = append(reasons, fmt.Sprintf(`{"Code":%q}`, code))
		}
		status = http.StatusBadRequest
		body = `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled","CancellationReasons":[` +
			strings.Join(reasons, ",") + `]}`
	}
	if len(s.lists) > 1 {
		s.lists = s.lists[1:]
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (s *script) table() *dynamo.Table {
	return dynamo.Open(dynamodb.New(dynamodb.Options{
		Region:       "eu-central-1",
		HTTPClient:   s,
		BaseEndpoint: aws.String("http://store.example"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	}), dynamo.Options{Table: "sluice"})
}

// change has two writes.
func change() lead.Change {
	return lead.Change{
		Lead:  &lead.Lead{ID: "lead1", Version: 2, State: lead.StateNew},
		Entry: &lead.Entry{Lead: "lead1", Version: 2, Events: []lead.Event{lead.Swept{}}},
	}
}

func TestTransactionConflict(t *testing.T) {
	t.Parallel()
	const conflict = "None,TransactionConflict"
	for _, c := range []struct {
		name     string
		lists    []string
		requests int
		want     func(error) bool
	}{
		{"passes", []string{conflict, conflict, ""}, 3, func(err error) bool { return err == nil }},
		{"throttled, passes", []string{"ThrottlingError,None", ""}, 2, func(err error) bool { return err == nil }},
		{"stays", []string{conflict}, 6, isKind(lead.Unavailable)},
		{"with a failed condition", []string{"TransactionConflict,ConditionalCheckFailed"}, 1, isRefused},
		{"after a conflict, a failed condition", []string{conflict, "ConditionalCheckFailed,None"}, 2, isRefused},
		{"no reason to try again", []string{"ValidationError,None"}, 1, isKind(lead.Unavailable)},
		{"reasons of another transaction", []string{"TransactionConflict"}, 1, isKind(lead.Unavailable)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{lists: c.lists}
				err := s.table().Commit(t.Context(), change())
				if !c.want(err) {
					t.Errorf("error = %v", err)
				}
				var api smithy.APIError
				if errors.As(err, &api) {
					t.Errorf("an error of AWS came out: %T", api)
				}
				if len(s.tokens) != c.requests {
					t.Errorf("%d requests, want %d", len(s.tokens), c.requests)
				}
				for _, token := range s.tokens {
					if token == "" || token != s.tokens[0] {
						t.Errorf("tokens = %v, want one", s.tokens)
					}
				}
			})
		})
	}
}

func TestTransactionConflictEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{lists: []string{"TransactionConflict,None"}}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		if err := s.table().Commit(ctx, change()); !isKind(lead.Unavailable)(err) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want the context's end", err)
		}
	})
}

func TestTokenTellsChangesApart(t *testing.T) {
	t.Parallel()
	s := &script{lists: []string{""}}
	table := s.table()
	move := func(day string) []lead.RepMove {
		return []lead.RepMove{{Rep: "rep1", Kind: lead.MoveClaim, Day: day, Revision: 1}}
	}
	ended := func(channel, month string) []lead.RepMove {
		return []lead.RepMove{{Rep: "rep1", Kind: lead.MoveRelease, Result: lead.ResultWon, Channel: channel, Month: month}}
	}
	assigned := func(g lead.Grade, paced time.Time) []lead.RepMove {
		return []lead.RepMove{{Rep: "rep1", Kind: lead.MoveAssign, Team: "red", Grade: g, PacedTo: paced}}
	}
	for _, edit := range []func(*lead.Change){
		func(*lead.Change) {},
		func(c *lead.Change) { c.Lead.Fit = 1 },
		func(c *lead.Change) { c.Entry.By = lead.System("x") },
		func(c *lead.Change) { c.Moves = move("2026-03-02") },
		func(c *lead.Change) { c.Moves = move("2026-03-03") },
		func(c *lead.Change) { c.Moves = ended("website", "2026-03") },
		func(c *lead.Change) { c.Moves = ended("phone", "2026-03") },
		func(c *lead.Change) { c.Moves = ended("website", "2026-04") },
		func(c *lead.Change) { c.Moves = assigned(lead.GradeA, time.Time{}) },
		func(c *lead.Change) { c.Moves = assigned(lead.GradeB, time.Time{}) },
		func(c *lead.Change) { c.Moves = assigned(lead.GradeB, time.UnixMilli(1)) },
		func(c *lead.Change) { c.Moves = assigned(lead.GradeB, time.UnixMilli(2)) },
		func(c *lead.Change) { c.Submission = &lead.Submission{ID: "s", Raw: lead.Sealed("a")} },
		func(c *lead.Change) { c.Submission = &lead.Submission{ID: "s", Raw: lead.Sealed("b")} },
	} {
		c := change()
		edit(&c)
		if err := table.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for _, token := range s.tokens {
		if seen[token] || len(token) > 36 {
			t.Errorf("token %q came twice or is too long", token)
		}
		seen[token] = true
	}
}

// TestOwnWriteIsFound commits changes again after DynamoDB has forgotten their
// tokens, as it does after ten minutes.
func TestOwnWriteIsFound(t *testing.T) {
	t.Parallel()
	client, name := leadtest.Table(t)
	forgetful := dynamodb.New(client.Options(), func(o *dynamodb.Options) {
		n := 0
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("ForgetToken",
				func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
					if write, ok := in.Parameters.(*dynamodb.TransactWriteItemsInput); ok {
						n++
						write.ClientRequestToken = aws.String(fmt.Sprint("token-", n))
					}
					return next.HandleInitialize(ctx, in)
				}), middleware.Before)
		})
	})
	table := dynamo.Open(forgetful, dynamo.Options{Table: name})
	entry := func(version int, by string) lead.Change {
		return lead.Change{
			Lead:  &lead.Lead{ID: "lead1", Version: version, State: lead.StateNew},
			Entry: &lead.Entry{Lead: "lead1", Version: version, By: lead.System(by), Events: []lead.Event{lead.Swept{}}},
		}
	}
	sub := func(raw string) lead.Change {
		return lead.Change{Submission: &lead.Submission{ID: "sub1", Raw: lead.Sealed(raw)}}
	}
	for _, step := range []struct {
		name string
		c    lead.Change
		want func(error) bool
	}{
		{"first", entry(1, "a"), isNil},
		{"first again", entry(1, "a"), isNil},
		{"another's first", entry(1, "b"), isRefused},
		{"second", entry(2, "a"), isNil},
		{"first again, when the lead has moved on", entry(1, "a"), isNil},
		{"submission", sub("a"), isNil},
		{"submission again", sub("a"), isNil},
		{"another of its id", sub("b"), func(err error) bool { return !isNil(err) && !isRefused(err) }},
	} {
		if err := table.Commit(t.Context(), step.c); !step.want(err) {
			t.Errorf("%s: error = %v", step.name, err)
		}
	}
	if l, err := table.Lead(t.Context(), "lead1"); err != nil || l.Version != 2 {
		t.Errorf("lead = version %d, %v; want 2", l.Version, err)
	}
}

func isNil(err error) bool { return err == nil }

func isRefused(err error) bool {
	var refused *lead.Refused
	return errors.As(err, &refused) && refused.Lead
}

func isKind(kind lead.Kind) func(error) bool {
	return func(err error) bool {
		var e *lead.Error
		return errors.As(err, &e) && e.Kind == kind
	}
}
