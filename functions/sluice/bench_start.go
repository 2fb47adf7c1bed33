package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"sluice/shared/local"
)

// startRuns is how often each function is started.
const startRuns = 20

// benchStart measures each function as it is deployed: the size of its zip, and
// how long the real bootstrap takes from exec to asking for its first event.
func benchStart(ctx context.Context, f figures) error {
	folder, err := os.MkdirTemp("", "sluice-start-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	s, err := quietSystem(ctx, folder)
	if err != nil {
		return err
	}
	defer s.close()
	for _, name := range functionNames {
		progress("building and starting %s", name)
		deployed, err := buildFunction(ctx, folder, name, "arm64")
		if err != nil {
			return err
		}
		size, err := zipped(deployed)
		if err != nil {
			return err
		}
		binary, err := buildFunction(ctx, folder, name, runtime.GOARCH)
		if err != nil {
			return err
		}
		ready, err := s.startTimes(ctx, name, binary)
		if err != nil {
			return err
		}
		f.print("start."+name+".zip", float64(size), "bytes")
		f.print("start."+name+".ready", float64(median(ready).Microseconds())/1000, "ms")
	}
	return nil
}

func (s *system) startTimes(ctx context.Context, name, binary string) ([]time.Duration, error) {
	env, err := s.environ(name)
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	for range startRuns {
		r, err := local.StartRuntime(ctx, local.RuntimeOptions{Binary: binary, Name: name, Env: env})
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", name, err)
		}
		times = append(times, r.Ready())
		r.Stop()
	}
	return times, nil
}
