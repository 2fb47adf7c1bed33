// Package dynamo keeps everything in one DynamoDB table. Its [Table] is the
// store of package app and the key store of package vault. Attribute and index
// names that others need are in package schema.
//
// # Items
//
//	PK                SK             what                           Go type               guarded by
//	K#<hash>          K              identity key → person          lead.Key              does not exist
//	P#<id>            P              person                         lead.Person           version
//	L#<id>            L              lead, the fold of its history  lead.Lead             version
//	L#<id>            H#<8 digits>   one change of the lead         lead.Entry            does not exist
//	S#<id>            S              what arrived, how it ended     lead.Submission       does not exist
//	I#<hash>          I              idempotency key → submission   string                does not exist
//	REP               <id>           rep: record and counters       lead.Rep              revision; see below
//	REP               <id>#results   how the rep's work ended       lead.Rep              only added to
//	JOB               <id>           a job that moves many leads    lead.Job              version
//	CYCLE#<pool>      <began>#<shard> figures of a stock sweep       counters              only added to
//	POLICY            V#<8 digits>   a version of the policy        policy.Record         CURRENT's
//	POLICY            CURRENT        which version is in effect     int                   version
//	MODEL             V#<8 digits>   a training, with its model     score.Record           CURRENT's
//	MODEL             CURRENT        the last training, the model   int, int               version
//	                                 in force: not always the last
//	MODEL             RESCORE        the walk that scores all anew  score.Rescore          version
//	OUTCOME#<month>   <lead id>      how a lead of that month ended score.Outcome          of an earlier version
//	O#<hash>          O              company, by its domain         lead.Company          version
//	SPENT#<what>      <day>          what a day's budget went on    int                   below the budget
//	D#<id>            D              a message to be sent once      status, lease         not sent, lease over
//	NUMBER#<year>     N              lead numbers handed out        int                   added to
//	VAULT             <name>         a wrapped key                  vault's record        does not exist
//	SECRET#<name>     SECRET         shared with a system outside   lead.Sealed           written whole
//	LIST#<list>       LIST           what a call list is paced by   dial.Figures          version
//
// Content is JSON in the attribute doc. What a condition or an index looks at is
// an attribute of its own beside it: v of persons and leads; rev, cap, quota,
// holding, day, today, last, claims, reveals, turns, mix and paced of reps. A rep's results
// are counters alone, by channel and month, moved without a condition when the rep's work on
// a lead ends. The raw form of a submission is
// a binary attribute, and so are a policy's document and a model, gzipped, and a secret. Submissions,
// idempotency keys and deliveries carry expires; TTL only purges, so an item
// counts until it is gone.
//
// # Commit
//
// [Table.Commit] is the only writer of leads, persons, identity keys, history
// and submissions, and moves the counters of reps; all of a change is one
// transaction. A move's condition names everything the choice rested on:
//
//	assign   rev, day, holding < cap, today < quota, turns of the team and pace unchanged
//	hand     rev, holding < cap
//	claim    rev, day, holding < cap, claims < the limit given
//	reveal   rev, day, reveals < the limit given
//	release  the rep exists
//
// An absent cap or quota is no limit. The day is compared for being the same, or
// for being an earlier one: then the counters of the day start anew.
//
// # Indexes
//
// All are sparse and hold keys only. An entry is rewritten only when its place
// changes.
//
//	index  partition           sort                              holds
//	due    0 … DueShards-1     deadline # lead                   open leads; shard by hash of the id
//	due    J                   moment # job                      jobs that are not over
//	held   R#<rep>             grade # start of period # lead    what a rep has
//	held   P#<pool>#<shard>    grade # creation # lead           what rests in a pool and is on no call list
//	held   C#<list>#<shard>    grade # creation # lead           what rests in a pool and is on a call list
//	held   T#<team>#<shard>    grade # creation # lead           what waits for a dispatcher or a shift
//	held   V#<shard>           grade # creation # lead           what waits for the cleansing team
//	held   Q#<shard>           receipt # submission              what is in quarantine
//	held   D#<shard>           person                            of whom there is a doubt whether they are another
//	likeName, likePlace        <hash> | P#<id>                   persons who share a key, as new ones are compared with
//
// A grade is its rank, one digit, the best 0. A moment is UTC to the nanosecond
// in fixed width, so that text sorts as time does. In a pool or in triage the
// lead's creation stands for its age: it does not move when the lead is swept or
// escalated. Lists over shards ask every shard after the same place and merge.
//
// # Cost
//
// A new lead of a person with phone and e-mail is seven items of up to 1 KB and
// four index entries: 18 write units. A new score is two items, 4 units, and 2 more where
// the grade is another; how a lead ended is 1. A walk over all open leads reads half a
// unit for 25 of them. [Table.Meter] counts by AWS's rules.
package dynamo
