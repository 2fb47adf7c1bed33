// Sluice is the command for people: it runs the whole system on a laptop, plays
// a demonstration, manages the policy, and measures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

type command struct {
	name, args, does string
	run              func(ctx context.Context, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"run", "[flags]", "run everything on this machine until interrupted", runCommand},
		{"demo", "[flags]", "play a month of business on a virtual clock and say where every lead is", demoCommand},
		{"policy", "check|apply|show|diff|rollback", "manage the policy", policyCommand},
		{"route", "explain -lead ID | -in FILE", "tell how a lead would be placed, and why", routeCommand},
		{"secret", "set calls/LIST|enricher/ID [whsec_…]", "keep the secret that is shared with a call list's vendor or an enricher", secretCommand},
		{"match", "-in FILE -map kind=column,…", "find the rows of tables that are the same person or company", matchCommand},
		{"train", "-in FILE -target COLUMN -positive VALUE", "learn from closed leads how likely one is to be won, and tell how good that is", trainCommand},
		{"explain", "-model FILE -in FILE", "tell the learned probability of rows, and the reasons", explainCommand},
		{"sim", "[-seed N] [-seeds N]", "play a quarter of business, or the suite of faults, in a simulated world", simCommand},
		{"year", "[-seed N] [-reps N] [-leads N]", "play a year of leads on the rules alone, and check every promise", yearCommand},
		{"bench", "[-only prefix]", "print figures as lines: name value unit", benchCommand},
		{"invoke", "-fn NAME [-event FILE] [-dir FOLDER]", "run one built function on one trigger payload", invokeCommand},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := dispatch(ctx, os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case errors.As(err, new(usageError)):
		fmt.Fprintln(os.Stderr, "sluice:", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "sluice:", err)
		os.Exit(1)
	}
}

// usageError is a fault in how a command was typed.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func dispatch(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, args[1:], out)
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: sluice <command> [flags]   (sluice <command> -h tells its flags)")
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  %-8s %-34s %s\n", c.name, c.args, c.does)
	}
	return flag.ErrHelp
}
