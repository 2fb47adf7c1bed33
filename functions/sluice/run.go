package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

func runCommand(ctx context.Context, args []string, out io.Writer) error {
	opts := systemOptions{}
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.StringVar(&opts.folder, "dir", ".sluice", "folder for the data, keys and mail")
	flags.StringVar(&opts.http, "http", "127.0.0.1:8080", "address of pages and API; port 0 is any free one")
	flags.StringVar(&opts.edge, "edge", "127.0.0.1:4566", "address of the AWS services; port 0 is any free one")
	flags.StringVar(&opts.policy, "policy", samplePolicy, "policy for an empty table")
	flags.StringVar(&opts.reps, "reps", sampleReps, "reps for an empty table")
	flags.BoolVar(&opts.memory, "memory", false, "forget everything at the end")
	flags.BoolVar(&opts.quiet, "quiet", false, "log errors only")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := openSystem(ctx, opts)
	if err != nil {
		return err
	}
	if err := s.saveLocal(); err != nil {
		s.close()
		return err
	}
	pol, err := s.policy.Get(ctx)
	if err != nil {
		s.close()
		return err
	}
	fmt.Fprintf(out, "Sluice runs until you press Ctrl-C.\n\n  Desk          %s/\n", s.front)
	for _, f := range pol.Forms() {
		fmt.Fprintf(out, "  Landing page  %s/f/%s   (%s)\n", s.front, f.ID, f.Name)
	}
	fmt.Fprintf(out, "  OpenAPI       %s/openapi.json\n  Mail          %s\n  AWS services  %s (set AWS_ENDPOINT_URL to it)\n\n", s.front, s.outbox, s.edgeAt)
	select {
	case <-ctx.Done():
	case <-s.died():
		err = errors.New("the table's engine has ended: nothing can be kept; start again, the data on disk is as it was")
	}
	fmt.Fprintln(out, "\nstopping: finishing what is under way")
	s.close()
	return err
}
