package leadtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

// StoreUnderTest is the store of package app, told here again so that tests of
// that package can use this one.
type StoreUnderTest interface {
	Commit(context.Context, lead.Change) error
	Lead(ctx context.Context, id string) (lead.Lead, error)
	LeadAndRep(ctx context.Context, id, rep string) (lead.Lead, lead.Rep, error)
	Leads(ctx context.Context, ids []string) ([]lead.Lead, error)
	History(ctx context.Context, id string, p lead.Page) ([]lead.Entry, string, error)
	Entry(ctx context.Context, id string, version int) (lead.Entry, error)
	Person(ctx context.Context, id string) (lead.Person, error)
	Persons(ctx context.Context, ids []string) ([]lead.Person, error)
	Alike(ctx context.Context, keys []lead.Key, company lead.Key, limit int) ([][]string, lead.Company, error)
	Company(ctx context.Context, id lead.Key) (lead.Company, error)
	Submission(ctx context.Context, id string) (lead.Submission, error)
	Idempotent(ctx context.Context, key lead.Key) (lead.Submission, error)
	Tallies(ctx context.Context, pool string, cycles int) ([]lead.Tally, error)

	Due(ctx context.Context, shard int, until time.Time, limit int) (ids []string, more bool, err error)
	Inbox(ctx context.Context, rep string, p lead.Page) (ids []string, cursor string, err error)
	Pool(ctx context.Context, pool string, p lead.Page) (ids []string, cursor string, err error)
	Triage(ctx context.Context, team string, p lead.Page) (ids []string, cursor string, err error)
	Unverified(ctx context.Context, p lead.Page) (ids []string, cursor string, err error)
	Doubts(ctx context.Context, p lead.Page) (ids []string, cursor string, err error)
	Quarantine(ctx context.Context, p lead.Page) (ids []string, cursor string, err error)

	Reps(ctx context.Context) ([]lead.Rep, error)
	Rep(ctx context.Context, id string) (lead.Rep, error)
	PutRep(ctx context.Context, rep lead.Rep) error

	PutJob(context.Context, lead.Job) error
	Job(ctx context.Context, id string) (lead.Job, error)
	Jobs(ctx context.Context, p lead.Page) ([]lead.Job, string, error)
	OpenJobs(ctx context.Context, until time.Time, limit int) (ids []string, err error)

	CurrentPolicy(ctx context.Context, known int) (policy.Record, error)
	Policy(ctx context.Context, version int) (policy.Record, error)
	Policies(ctx context.Context, p lead.Page) ([]policy.Record, string, error)
	PutPolicy(ctx context.Context, r policy.Record) error

	Open(ctx context.Context, shard int, p lead.Page) (ids []string, cursor string, err error)
	CurrentModel(ctx context.Context, known int) (score.Record, error)
	Training(ctx context.Context, version int) (score.Record, error)
	Trainings(ctx context.Context, p lead.Page) ([]score.Record, string, error)
	PutTraining(ctx context.Context, r score.Record) error
	PutOutcome(ctx context.Context, o score.Outcome) error
	Outcomes(ctx context.Context, month time.Time, p lead.Page) ([]score.Outcome, string, error)
	Rescore(ctx context.Context) (score.Rescore, error)
	PutRescore(ctx context.Context, r score.Rescore) error

	BeginDelivery(ctx context.Context, id string, now, lease time.Time) (done bool, err error)
	EndDelivery(ctx context.Context, id string, now time.Time) error

	TakeNumbers(ctx context.Context, year, n int) (first int, err error)
	Spend(ctx context.Context, what, day string, most int) (bool, error)
}

// Store tests what the store of package app promises. It runs on every store
// there is; open returns an empty one for a test, which may share nothing with
// the others.
func Store(t *testing.T, open func(t *testing.T) StoreUnderTest) {
	cases := []struct {
		name string
		run  func(*testing.T, *shelf)
	}{
		{"reads back what was committed", commitReadsBack},
		{"commits all or nothing", commitIsAtomic},
		{"commits the same change once", commitIsIdempotent},
		{"refuses changes that contradict themselves", commitRefusesNonsense},
		{"keeps identity keys unique", identityKeysAreUnique},
		{"compares the person's version", personVersion},
		{"compares the lead's version", leadVersion},
		{"appends to history only", historyIsAppendOnly},
		{"records a submission once", submissionOnce},
		{"uses an idempotency key once", idempotencyOnce},
		{"moves counters under conditions", repMoves},
		{"counts results beside the rep", repResults},
		{"adds to the figures of cycles", tallies},
		{"keeps reps apart whose ids begin alike", repNeighbours},
		{"holds a pace against 16 writers", paceHolds},
		{"has one winner of 64 claims", claimsHaveOneWinner},
		{"makes one person of 16 arrivals", arrivalsMakeOnePerson},
		{"holds caps against 32 writers", capsHold},
		{"holds quotas and claim limits against 32 writers", dailyLimitsHold},
		{"equals the fold of its history", snapshotIsFold},
		{"lists pool and triage by grade and age", heldOrder},
		{"lists an inbox by grade and start", inboxOrder},
		{"pages completely while leads arrive", pagingIsComplete},
		{"lists quarantine by age", quarantineOrder},
		{"lists what is due by time", dueOrder},
		{"keeps places when leads are swept", placesStay},
		{"refuses foreign and broken cursors", cursorsAreChecked},
		{"reads many in order", readsMany},
		{"reads a lead with a rep", readsLeadAndRep},
		{"pages history", historyPages},
		{"names what is not there", notFound},
		{"guards records of reps", repRecords},
		{"versions jobs", jobVersions},
		{"lists jobs by age, and those that are open", jobLists},
		{"versions the policy", policyVersions},
		{"versions what was learned", modelVersions},
		{"keeps how leads ended", outcomesKept},
		{"versions the walk over all leads", rescoreVersions},
		{"pages through the open leads", openLeads},
		{"sends a message once", deliveries},
		{"hands out numbers once", numbers},
		{"finds persons who share a key", alikeFinds},
		{"keeps what is known of companies", companies},
		{"lists persons in doubt", doubtOrder},
		{"lists what is to be verified by grade and age", unverifiedOrder},
		{"spends a day's budget once", budgetHolds},
		{"commits merges whole", mergesAreAtomic},
		{"releases several leads of a rep at once", severalReleases},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, newShelf(t, open(t)))
		})
	}
}

// shelf is what a case works with: a store, a clock that stands still until it
// is turned, ids, and rules.
type shelf struct {
	StoreUnderTest
	now   time.Time
	rules lead.Rules
	ids   atomic.Int64
}

func newShelf(t *testing.T, s StoreUnderTest) *shelf {
	t.Helper()
	limits := map[lead.Grade]lead.Span{}
	for _, g := range lead.Grades {
		limits[g] = lead.Span{Days: 2}
	}
	return &shelf{StoreUnderTest: s,
		now: time.Date(2026, 3, 2, 9, 30, 0, 123456789, time.UTC),
		rules: lead.Rules{Policy: 1, New: time.Minute, Routing: time.Minute, Accept: lead.Span{Time: time.Hour}, Triage: lead.Span{Time: 4 * time.Hour},
			Manager: time.Hour, Nurture: 90 * 24 * time.Hour, Hold: 14 * 24 * time.Hour, HoldMost: 28 * 24 * time.Hour, Handoff: 24 * time.Hour,
			Sweep: 24 * time.Hour, Protect: 30 * 24 * time.Hour, CoolOff: 30 * 24 * time.Hour, MaxOffers: 2,
			FirstContact: limits, Cadence: limits, Pool: "open"}}
}

func (s *shelf) id(kind string) string { return fmt.Sprintf("%s%06d", kind, s.ids.Add(1)) }

// run decides commands on a lead; it must be possible.
func (s *shelf) run(t *testing.T, l lead.Lead, commands ...lead.Command) lead.Change {
	t.Helper()
	after, entry, err := lead.Run(l, lead.System("test"), s.rules, s.now, commands...)
	if err != nil {
		t.Fatalf("decide: %v", err)
	}
	return lead.Change{Lead: &after, Entry: &entry}
}

// commit commits and must succeed.
func (s *shelf) commit(t *testing.T, c lead.Change) lead.Change {
	t.Helper()
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatalf("commit: %v", err)
	}
	return c
}

// place stores a new lead that a choice has placed; a rep's counters do not
// move with it.
func (s *shelf) place(t *testing.T, grade lead.Grade, choice lead.Choice) lead.Lead {
	t.Helper()
	blank := lead.Lead{ID: s.id("lead")}
	c := s.run(t, blank, lead.Capture{Person: "person1", Product: "sofa", Submission: "sub1"},
		lead.Score{Fit: 50, Grade: grade, Reasons: []string{"test"}}, lead.Route{Choice: choice})
	s.commit(t, c)
	return *c.Lead
}

// rep stores a new rep with limits, none where negative.
func (s *shelf) rep(t *testing.T, most, quota int) lead.Rep {
	t.Helper()
	rep := lead.Rep{ID: s.id("rep"), Name: "Rep", Active: true, Teams: []string{"red"}, Zone: "UTC"}
	if most >= 0 {
		rep.Cap = &most
	}
	if quota >= 0 {
		rep.Quota = &quota
	}
	if err := s.PutRep(t.Context(), rep); err != nil {
		t.Fatalf("put rep: %v", err)
	}
	return s.mustRep(t, rep.ID)
}

// paced gives a rep a pace.
func (s *shelf) paced(t *testing.T, rep lead.Rep, n int) lead.Rep {
	t.Helper()
	rep.Pace = &n
	if err := s.PutRep(t.Context(), rep); err != nil {
		t.Fatalf("put rep: %v", err)
	}
	return s.mustRep(t, rep.ID)
}

func (s *shelf) mustRep(t *testing.T, id string) lead.Rep {
	t.Helper()
	rep, err := s.Rep(t.Context(), id)
	if err != nil {
		t.Fatalf("read rep: %v", err)
	}
	return rep
}

// move is a move that expects the rep as given.
func (s *shelf) move(rep lead.Rep, kind lead.MoveKind) lead.RepMove {
	m := lead.RepMove{Rep: rep.ID, Kind: kind, Team: "red"}
	m.Expect(rep, s.now)
	return m
}

// refusedBy requires that a commit was refused and returns why.
func refusedBy(t *testing.T, err error) *lead.Refused {
	t.Helper()
	var refused *lead.Refused
	if !errors.As(err, &refused) {
		t.Fatalf("commit = %v, want a refusal", err)
	}
	return refused
}

func wantKind(t *testing.T, err error, kind lead.Kind) {
	t.Helper()
	var e *lead.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("error = %v, want kind %s", err, kind)
	}
}

// listing is one of the store's paged lists.
type listing func(ctx context.Context, p lead.Page) (ids []string, cursor string, err error)

// all reads a list to its end, page by page.
func all(t *testing.T, list listing, limit int) []string {
	t.Helper()
	var ids []string
	for p := (lead.Page{Limit: limit}); ; {
		page, cursor, err := list(t.Context(), p)
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		if len(page) > limit {
			t.Fatalf("page of %d, want at most %d", len(page), limit)
		}
		if ids = append(ids, page...); cursor == "" {
			return ids
		}
		p.Cursor = cursor
	}
}

// settles waits until a list, which may lag behind, has the ids wanted.
func settles(t *testing.T, list listing, limit int, want []string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(10 * time.Second)
	for {
		got := all(t, list, limit)
		if slices.Equal(got, want) {
			return
		}
		select {
		case <-end:
			t.Fatalf("list = %v, want %v", got, want)
		case <-tick.C:
		}
	}
}
