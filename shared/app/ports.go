// Package app says which decision answers which trigger. Each function of the
// system is one constructor here ([Capture], [Intake], [Relay], [Route],
// [Score], [Sweep], [Deliver]) that takes its ports and returns a Lambda handler; the
// mains and the local run choose the adapters. What people do at the desk is
// [Desk].
//
// Handlers only commit. What follows from a change is told by [Relay] alone.
package app

import (
	"context"
	"log/slog"
	"time"

	"sluice/shared/dial"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

// Page asks for a part of a list.
type Page = lead.Page

// Leads reads and writes leads; package dynamo implements it.
type Leads interface {
	// Commit writes a change whole or not at all. A *lead.Refused says what
	// stood in the way; other errors are of kind Unavailable.
	Commit(context.Context, lead.Change) error
	// Lead reads a lead strongly; NotFound where there is none.
	Lead(ctx context.Context, id string) (lead.Lead, error)
	// LeadAndRep reads a lead and a rep strongly in one request, though not
	// both at one moment; NotFound where there is no lead. The rep is the zero
	// Rep, whose ID is empty, where there is none or rep is "".
	LeadAndRep(ctx context.Context, id, rep string) (lead.Lead, lead.Rep, error)
	// Leads reads many at once, in the order asked, leaving out unknown ones.
	Leads(ctx context.Context, ids []string) ([]lead.Lead, error)
	// History lists a lead's entries, oldest first.
	History(ctx context.Context, id string, p Page) ([]lead.Entry, string, error)
	// Entry reads one history entry; NotFound where there is none.
	Entry(ctx context.Context, id string, version int) (lead.Entry, error)
	Person(ctx context.Context, id string) (lead.Person, error)
	Persons(ctx context.Context, ids []string) ([]lead.Person, error)
	// Alike finds persons who share a key of lead.Person.Alike, the newest first
	// and at most limit a key, together with what is known of a company: in one
	// round trip, eventually consistent. Empty keys have nobody.
	Alike(ctx context.Context, keys []lead.Key, company lead.Key, limit int) ([][]string, lead.Company, error)
	// Company reads what is known of a company, the zero Company where that is
	// nothing.
	Company(ctx context.Context, id lead.Key) (lead.Company, error)
	Submission(ctx context.Context, id string) (lead.Submission, error)
	// Tallies lists the figures of a pool's cycles, the newest first.
	Tallies(ctx context.Context, pool string, cycles int) ([]lead.Tally, error)
	// Idempotent returns the submission that used an idempotency key; NotFound
	// where none did.
	Idempotent(ctx context.Context, key lead.Key) (lead.Submission, error)
}

// Lists are the sparse indexes: eventually consistent, paged, ids only.
type Lists interface {
	// Due lists leads of one shard whose deadline is at or before until, the
	// most overdue first; more says that the limit cut the list.
	Due(ctx context.Context, shard int, until time.Time, limit int) (ids []string, more bool, err error)
	// Open lists the open leads of one shard by their deadlines, the most overdue
	// first.
	Open(ctx context.Context, shard int, p Page) (ids []string, cursor string, err error)
	// Inbox lists what a rep holds, best grade first, oldest first within.
	Inbox(ctx context.Context, rep string, p Page) (ids []string, cursor string, err error)
	// Pool lists what rests in a pool and is on no call list, best grade first, oldest
	// first within.
	Pool(ctx context.Context, pool string, p Page) (ids []string, cursor string, err error)
	// List lists what is on a call list and was not dialled yet, in the same order.
	List(ctx context.Context, list string, p Page) (ids []string, cursor string, err error)
	// Triage lists what waits for a team's dispatcher or for a shift of the team, in
	// the same order.
	Triage(ctx context.Context, team string, p Page) (ids []string, cursor string, err error)
	// Unverified lists leads that wait for the cleansing team, in the same order.
	Unverified(ctx context.Context, p Page) (ids []string, cursor string, err error)
	// Doubts lists persons of whom there is a doubt whether they are others, oldest
	// first.
	Doubts(ctx context.Context, p Page) (ids []string, cursor string, err error)
	// Quarantine lists submissions in quarantine, oldest first.
	Quarantine(ctx context.Context, p Page) (ids []string, cursor string, err error)
}

// Reps reads and writes the records of reps.
type Reps interface {
	// Reps reads all of them, with their counters.
	Reps(ctx context.Context) ([]lead.Rep, error)
	Rep(ctx context.Context, id string) (lead.Rep, error)
	// PutRep writes the record, not the counters. Rep.Revision is the one that
	// was read, 0 for a new rep; Conflict where it moved on. A new rep of a team
	// starts with the turns given in Rep.Turns.
	PutRep(ctx context.Context, rep lead.Rep) error
}

// Jobs reads and writes the jobs by which managers move many leads.
type Jobs interface {
	// PutJob writes a job; Conflict where Job.Version-1 is not what is stored.
	PutJob(context.Context, lead.Job) error
	Job(ctx context.Context, id string) (lead.Job, error)
	// Jobs lists jobs, the newest first.
	Jobs(ctx context.Context, p Page) ([]lead.Job, string, error)
	// OpenJobs lists jobs that are to be worked on by then, the longest waiting
	// first.
	OpenJobs(ctx context.Context, until time.Time, limit int) (ids []string, err error)
}

// Policies reads and writes the versions of the policy.
type Policies interface {
	// CurrentPolicy returns the current version, and its document unless it is
	// the version already known to the caller; NotFound before the first.
	CurrentPolicy(ctx context.Context, known int) (policy.Record, error)
	Policy(ctx context.Context, version int) (policy.Record, error)
	// Policies lists versions, newest first, without their documents.
	Policies(ctx context.Context, p Page) ([]policy.Record, string, error)
	// PutPolicy adds a version and makes it current in one step; Conflict where
	// Record.Version-1 is not current.
	PutPolicy(ctx context.Context, r policy.Record) error
}

// Deliveries keeps track of messages, so that each is sent once.
type Deliveries interface {
	// BeginDelivery takes the message for the caller until the lease ends;
	// done says that it was sent before. Unavailable where another has it.
	BeginDelivery(ctx context.Context, id string, now, lease time.Time) (done bool, err error)
	EndDelivery(ctx context.Context, id string, now time.Time) error
}

// Numbers hands out blocks of lead numbers.
type Numbers interface {
	// TakeNumbers reserves n numbers of a year and returns the first.
	TakeNumbers(ctx context.Context, year, n int) (first int, err error)
}

// Dialling keeps what was measured of the call lists that the house dials.
type Dialling interface {
	// Figures reads those of a list with their version, 0 where there are none.
	Figures(ctx context.Context, list string) (f dial.Figures, version int, err error)
	// PutFigures writes them under a version that is one more than the stored one;
	// Conflict where it is not.
	PutFigures(ctx context.Context, list string, version int, f dial.Figures) error
}

// Budgets count what a day may cost.
type Budgets interface {
	// Spend takes one of the most that a day has for something; false where nothing
	// is left.
	Spend(ctx context.Context, what, day string, most int) (bool, error)
}

// Models reads and writes what is learned of closed leads.
type Models interface {
	// CurrentModel returns the version of the model in force, and the model unless it
	// is the version known to the caller. Version 0 says that none is.
	CurrentModel(ctx context.Context, known int) (score.Record, error)
	// Training reads a training with its model; NotFound where there is none.
	Training(ctx context.Context, version int) (score.Record, error)
	// Trainings lists trainings, newest first, without their models.
	Trainings(ctx context.Context, p Page) ([]score.Record, string, error)
	// PutTraining keeps a training, and takes its model into force where it has one;
	// Conflict where Record.Version-1 is not the last training.
	PutTraining(ctx context.Context, r score.Record) error
	// PutOutcome keeps how a lead ended, unless a later one is kept.
	PutOutcome(ctx context.Context, o score.Outcome) error
	// Outcomes lists how the leads ended that came in a month, in no telling order.
	Outcomes(ctx context.Context, month time.Time, p Page) ([]score.Outcome, string, error)
	// Rescore reads the walk that scores all leads anew; the zero one before the first.
	Rescore(ctx context.Context) (score.Rescore, error)
	// PutRescore writes the walk; Conflict where Rescore.Version-1 is not what is
	// stored.
	PutRescore(ctx context.Context, r score.Rescore) error
}

// Secrets keeps what is shared with systems outside, sealed.
type Secrets interface {
	// Secret reads a sealed secret; NotFound where there is none.
	Secret(ctx context.Context, name string) (lead.Sealed, error)
	PutSecret(ctx context.Context, name string, sealed lead.Sealed) error
}

// Store is all of it: the table.
type Store interface {
	Leads
	Lists
	Reps
	Jobs
	Policies
	Deliveries
	Numbers
	Dialling
	Budgets
	Models
	Secrets
}

// Vault seals and opens contact data; package vault implements it.
type Vault interface {
	// Seal encrypts plaintext bound to the place it is kept in, such as
	// "person/<id>/phone": it opens nowhere else.
	Seal(ctx context.Context, place string, plaintext []byte) (lead.Sealed, error)
	Open(ctx context.Context, place string, sealed lead.Sealed) ([]byte, error)
	// Hash is the keyed hash of an identity key such as "phone:+49…".
	Hash(ctx context.Context, plain string) (lead.Key, error)
}

// Queue sends one message durably before it returns.
type Queue interface {
	Send(ctx context.Context, body []byte) error
}

// Ports are what every function has.
type Ports struct {
	Log   *slog.Logger
	Now   func() time.Time // read once a message
	NewID func() string    // unique, ordered by time, without meaning
}
