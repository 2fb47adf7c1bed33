package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
)

// policyTarget says which table's policy is meant: the environment's, or else
// the one of the local run.
type policyTarget struct {
	folder, author, reason string
}

func policyCommand(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("policy: say which of check, apply, show, diff or rollback")
	}
	var to policyTarget
	flags := flag.NewFlagSet("policy "+args[0], flag.ContinueOnError)
	flags.StringVar(&to.folder, "dir", ".sluice", "folder of the local run, used where SLUICE_TABLE is not set")
	flags.StringVar(&to.author, "author", userName(), "who changes the policy")
	flags.StringVar(&to.reason, "reason", "", "why (required by apply and rollback)")
	version := flags.Int("version", 0, "version to show or diff against; 0 is the current one")
	repsFile := flags.String("reps", "", "file of reps for check: teams that get leads must have members")
	file, err := parseAround(flags, args[1:])
	if err != nil {
		return err
	}
	switch args[0] {
	case "check":
		reps, err := readReps(*repsFile)
		if err != nil {
			return err
		}
		doc, err := readPolicy(file, reps)
		if err == nil {
			fmt.Fprintf(out, "%s: no fault found (%d forms, %d teams, %d pools)\n", file, len(doc.Forms), len(doc.Teams), len(doc.Pools))
		}
		return err
	case "apply":
		return to.apply(ctx, file, out)
	case "show":
		return to.show(ctx, *version, out)
	case "diff":
		return to.diff(ctx, *version, file, out)
	case "rollback":
		return to.rollback(ctx, file, out)
	}
	return fmt.Errorf("policy: unknown command %q", args[0])
}

// parseAround parses flags before and after the one word that is not a flag,
// which it returns: people type them either way.
func parseAround(flags *flag.FlagSet, args []string) (word string, err error) {
	for {
		if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
			return word, err
		}
		if word != "" {
			return "", fmt.Errorf("%s: there is no use for %q beside %q", flags.Name(), flags.Arg(0), word)
		}
		word, args = flags.Arg(0), flags.Args()[1:]
	}
}

// readReps reads a file of reps, and none where none is named.
func readReps(file string) ([]lead.Rep, error) {
	if file == "" {
		return nil, nil
	}
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	reps, faults := document.ParseReps(source)
	return reps, refuse(file, faults)
}

// readPolicy reads a document whole, for a house with these reps; its error lists
// every fault with its line.
func readPolicy(file string, reps []lead.Rep) (policy.Document, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return policy.Document{}, err
	}
	doc, faults := document.ParseAmong(source, reps)
	if err := refuse(file, faults); err != nil {
		return policy.Document{}, err
	}
	return doc, nil
}

// refuse makes one error of a file's faults, each on its line.
func refuse(file string, faults []document.Fault) error {
	if len(faults) == 0 {
		return nil
	}
	var all []error
	for _, f := range faults {
		all = append(all, fmt.Errorf("%s:%s", file, f))
	}
	all = append(all, fmt.Errorf("%s is refused: %d faults", file, len(faults)))
	return errors.Join(all...)
}

func (to policyTarget) apply(ctx context.Context, file string, out io.Writer) error {
	if to.reason == "" {
		return errors.New("policy apply: say why with -reason")
	}
	table, err := to.table()
	if err != nil {
		return err
	}
	return applyPolicy(ctx, table, applying{file: file, author: to.author, reason: to.reason, now: time.Now(), out: out})
}

type applying struct {
	file, author, reason string
	now                  time.Time
	change               func(*policy.Document) // before it is applied; nil is none
	out                  io.Writer
}

// applyPolicy adds a file's document as the next version.
func applyPolicy(ctx context.Context, table *dynamo.Table, a applying) error {
	reps, err := table.Reps(ctx)
	if err != nil {
		return err
	}
	doc, err := readPolicy(a.file, reps)
	if err != nil {
		return err
	}
	if a.change != nil {
		a.change(&doc)
	}
	source, err := os.ReadFile(a.file)
	if err != nil {
		return err
	}
	current, err := table.CurrentPolicy(ctx, 0)
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return err
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("encode policy: %w", err)
	}
	record := policy.Record{Version: current.Version + 1, At: a.now, Author: a.author, Reason: a.reason, Document: data, Source: string(source)}
	if err := table.PutPolicy(ctx, record); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "policy version %d is in effect everywhere within a minute\n", record.Version)
	return nil
}

func (to policyTarget) show(ctx context.Context, version int, out io.Writer) error {
	table, err := to.table()
	if err != nil {
		return err
	}
	if version == 0 {
		return to.list(ctx, table, out)
	}
	record, err := table.Policy(ctx, version)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, record.Source)
	return err
}

// list tells the versions, newest first, and then the current document.
func (to policyTarget) list(ctx context.Context, table *dynamo.Table, out io.Writer) error {
	current, err := table.CurrentPolicy(ctx, 0)
	if err != nil {
		return err
	}
	for page := (app.Page{Limit: 50}); ; {
		records, cursor, err := table.Policies(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range records {
			mark := " "
			if r.Version == current.Version {
				mark = "*"
			}
			fmt.Fprintf(out, "# %s version %d, %s, by %s: %s\n", mark, r.Version, r.At.UTC().Format("2006-01-02 15:04 MST"), r.Author, r.Reason)
		}
		if cursor == "" {
			break
		}
		page.Cursor = cursor
	}
	_, err = io.WriteString(out, current.Source)
	return err
}

// diff tells what changes from a version to a file, or to the current version
// where no file is named.
func (to policyTarget) diff(ctx context.Context, version int, file string, out io.Writer) error {
	table, err := to.table()
	if err != nil {
		return err
	}
	current, err := table.CurrentPolicy(ctx, 0)
	if err != nil {
		return err
	}
	old := current
	if version != 0 {
		if old, err = table.Policy(ctx, version); err != nil {
			return err
		}
	}
	before, after := policy.Document{}, policy.Document{}
	if err := json.Unmarshal(old.Document, &before); err != nil {
		return fmt.Errorf("read policy version %d: %w", old.Version, err)
	}
	if file != "" {
		after, err = readPolicy(file, nil)
	} else {
		err = json.Unmarshal(current.Document, &after)
	}
	if err != nil {
		return err
	}
	changes, err := policy.Diff(before, after)
	if err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Fprintln(out, c)
	}
	fmt.Fprintf(out, "%d changes\n", len(changes))
	return nil
}

// rollback makes an older version's document the newest version.
func (to policyTarget) rollback(ctx context.Context, arg string, out io.Writer) error {
	version, err := strconv.Atoi(arg)
	if err != nil || to.reason == "" {
		return errors.New("policy rollback: name the version to go back to, and say why with -reason")
	}
	table, err := to.table()
	if err != nil {
		return err
	}
	old, err := table.Policy(ctx, version)
	if err != nil {
		return err
	}
	current, err := table.CurrentPolicy(ctx, 0)
	if err != nil {
		return err
	}
	old.Version, old.At, old.Author, old.Reason = current.Version+1, time.Now(), to.author, to.reason
	if err := table.PutPolicy(ctx, old); err != nil {
		return err
	}
	fmt.Fprintf(out, "policy version %d is version %d again, in effect everywhere within a minute\n", old.Version, version)
	return nil
}

// table opens the table that is meant.
func (to policyTarget) table() (*dynamo.Table, error) {
	name := os.Getenv("SLUICE_TABLE")
	if name == "" {
		if err := loadLocal(to.folder); err != nil {
			return nil, err
		}
		name = os.Getenv("SLUICE_TABLE")
	}
	return dynamo.Open(dynamodb.NewFromConfig(client.Config(awsAt(os.Getenv("AWS_ENDPOINT_URL")))), dynamo.Options{Table: name}), nil
}

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
