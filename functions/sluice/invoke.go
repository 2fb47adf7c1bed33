package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"sluice/shared/local"
)

// invokeCommand runs a real bootstrap on one payload and prints what it answers and
// logs: against an empty system in memory, or the local run of a folder.
func invokeCommand(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("invoke", flag.ContinueOnError)
	name := flags.String("fn", "", "function, such as intake")
	event := flags.String("event", "", "file with the trigger's payload; without one sweep and train are started as of now")
	running := flags.String("dir", "", "folder of the local run to work on, such as .sluice; without one an empty system is made")
	if err := flags.Parse(args); err != nil {
		return err
	}
	byClock := *event == "" && rhythms[*name] > 0
	var payload []byte
	if !byClock {
		var err error
		if payload, err = os.ReadFile(*event); err != nil {
			return fmt.Errorf("invoke: %w (the payloads are in events/)", err)
		}
	}
	folder, err := os.MkdirTemp("", "sluice-invoke-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	var s *system
	if *running != "" {
		s, err = localRun(ctx, *running)
	} else {
		s, err = quietSystem(ctx, folder)
	}
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
	invoke := func() ([]byte, error) { return r.Invoke(ctx, payload) }
	if byClock {
		invoke = func() ([]byte, error) {
			return scheduleOf(local.Function{Name: *name, Handler: r}, nil).Fire(ctx, time.Now())
		}
	}
	answer, err := invoke()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", answer)
	return err
}
