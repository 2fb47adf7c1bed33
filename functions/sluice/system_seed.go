package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"sluice/shared/client"
	"sluice/shared/lead"
	"sluice/shared/policy/document"
)

type sqsAttribute = types.QueueAttributeName

// The sample that an empty table starts with, from the project's folder.
var (
	samplePolicy = filepath.Join("testdata", "policies", "sample.yaml")
	sampleReps   = filepath.Join("testdata", "policies", "reps.yaml")
)

// seed applies the policy and the reps to an empty table, and notes who is who.
func (s *system) seed(ctx context.Context) error {
	_, err := s.table.CurrentPolicy(ctx, 0)
	switch {
	case lead.KindOf(err) == lead.NotFound && err != nil:
		err = applyPolicy(ctx, s.table, applying{file: fromProject(s.opts.policy), author: "sluice run",
			reason: "sample for an empty table", now: s.opts.now(), change: s.opts.change, out: io.Discard})
		if err == nil {
			err = s.seedReps(ctx)
		}
	}
	if err != nil {
		return err
	}
	return s.who(ctx)
}

func (s *system) seedReps(ctx context.Context) error {
	file := fromProject(s.opts.reps)
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	reps, faults := document.ParseReps(data)
	var all []error
	for _, f := range faults {
		all = append(all, fmt.Errorf("%s:%s", file, f))
	}
	for _, rep := range reps {
		all = append(all, s.table.PutRep(ctx, rep))
	}
	return errors.Join(all...)
}

// who reads the reps and users that a demonstration plays.
func (s *system) who(ctx context.Context) error {
	pol, err := s.policy.Get(ctx)
	if err != nil {
		return err
	}
	reps, err := s.table.Reps(ctx)
	if err != nil {
		return err
	}
	s.userOf, s.roles = map[string]string{}, map[string]string{}
	s.dispatchers, s.teams = map[string]string{}, map[string][]string{}
	for _, u := range pol.Users() {
		if u.Rep != "" {
			s.userOf[u.Rep] = u.ID
		}
		for _, role := range u.Roles {
			s.roles[string(role)] = u.ID
		}
	}
	for _, t := range pol.Teams() {
		s.dispatchers[t.ID] = t.Dispatcher
	}
	for _, r := range reps {
		if s.userOf[r.ID] == "" {
			continue
		}
		s.reps = append(s.reps, r.ID)
		for _, t := range r.Teams {
			s.teams[t] = append(s.teams[t], r.ID)
		}
	}
	return nil
}

// fromProject finds a file of the project from any folder within it.
func fromProject(file string) string {
	for _, up := range []string{"", "..", filepath.Join("..", "..")} {
		if path := filepath.Join(up, file); !filepath.IsAbs(file) {
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	return file
}

// saveLocal notes how other commands reach this run.
func (s *system) saveLocal() error {
	text := fmt.Sprintf("AWS_ENDPOINT_URL=%s\nAWS_REGION=%s\nAWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\nSLUICE_TABLE=%s\n",
		s.edgeAt, regionName(), os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), s.name)
	return os.WriteFile(filepath.Join(s.opts.folder, "env"), []byte(text), 0o600)
}

// localRun is the system that runs on this machine from a folder, as far as functions
// that are invoked beside it need to know it.
func localRun(ctx context.Context, folder string) (*system, error) {
	if err := loadLocal(folder); err != nil {
		return nil, err
	}
	s := &system{opts: systemOptions{folder: folder}, name: os.Getenv("SLUICE_TABLE"), edgeAt: os.Getenv("AWS_ENDPOINT_URL"), queues: map[string]string{}}
	queues := sqs.NewFromConfig(client.Config(awsAt(s.edgeAt)))
	for _, name := range queueNames {
		full := s.name + "-" + name
		found, err := queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &full})
		if err != nil {
			return nil, fmt.Errorf("find queue %s of the local run (does it run?): %w", name, err)
		}
		s.queues[name] = *found.QueueUrl
	}
	return s, nil
}

// loadLocal takes over how to reach the local run of a folder.
func loadLocal(folder string) error {
	data, err := os.ReadFile(filepath.Join(folder, "env"))
	if err != nil {
		return errors.New("there is no local run: start one with `make run`, or set SLUICE_TABLE and AWS credentials for a stack")
	}
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			if err := os.Setenv(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}
