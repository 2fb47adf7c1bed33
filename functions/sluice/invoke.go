package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"

	"sluice/shared/local"
)

// invokeCommand runs a real bootstrap on one payload, against an empty system in
// memory, and prints what it answers and logs.
func invokeCommand(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("invoke", flag.ContinueOnError)
	name := flags.String("fn", "", "function, such as intake")
	event := flags.String("event", "", "file with the trigger's payload")
	if err := flags.Parse(args); err != nil {
		return err
	}
	payload, err := os.ReadFile(*event)
	if err != nil {
		return fmt.Errorf("invoke: %w (the payloads are in events/)", err)
	}
	folder, err := os.MkdirTemp("", "sluice-invoke-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	s, err := quietSystem(ctx, folder)
	if err != nil {
		return err
	}
	defer s.close()
	env, err := s.environ(*name)
	if err != nil {
		return err
	}
	binary, err := buildFunction(ctx, folder, *name, runtime.GOARCH)
	if err != nil {
		return err
	}
	r, err := local.StartRuntime(ctx, local.RuntimeOptions{Binary: binary, Name: *name, Env: env, Output: os.Stderr})
	if err != nil {
		return err
	}
	defer r.Stop()
	answer, err := r.Invoke(ctx, payload)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", answer)
	return err
}
