package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"sluice/shared/config"
)

// functionNames lists what is deployed.
var functionNames = []string{"capture", "intake", "relay", "route", "score", "sweep", "train", "deliver", "desk"}

// buildFunction builds one function as `make build` does, for an architecture,
// and returns the binary's path in the folder.
func buildFunction(ctx context.Context, folder, name, arch string) (string, error) {
	binary := filepath.Join(folder, name+"-"+arch)
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-tags", "lambda.norpc,timetzdata,nethttpomithttp2",
		"-ldflags", "-s -w", "-o", binary, "sluice/functions/"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+map[bool]string{true: runtime.GOOS, false: "linux"}[arch == runtime.GOARCH], "GOARCH="+arch)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build function %s: %w\n%s", name, err, out)
	}
	return binary, nil
}

// zipped is the size of a binary as Lambda takes it: alone in a zip.
func zipped(binary string) (int, error) {
	data, err := os.ReadFile(binary)
	if err != nil {
		return 0, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { // about what the CDK's zip comes to
		return flate.NewWriter(to, flate.BestCompression)
	})
	entry, err := w.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := entry.Write(data); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return out.Len(), nil
}

// environ is the environment of a function that works on a system of this
// machine, by way of the config structs that the stack fills in.
func (s *system) environ(name string) (map[string]string, error) {
	aws := awsAt(s.edgeAt)
	vault := config.Vault{KeyFile: filepath.Join(s.opts.folder, "vault.key")}
	var cfg any
	switch name {
	case "capture":
		cfg = config.Capture{AWS: aws, Vault: vault, Table: s.name, IntakeQueue: s.queues["intake"]}
	case "intake":
		cfg = config.Intake{AWS: aws, Vault: vault, Table: s.name}
	case "relay":
		cfg = config.Relay{AWS: aws, RouteQueue: s.queues["route"], ScoreQueue: s.queues["score"], DeliverQueue: s.queues["deliver"]}
	case "route":
		cfg = config.Route{AWS: aws, Table: s.name}
	case "sweep":
		cfg = config.Sweep{AWS: aws, Vault: vault, Table: s.name, ScoreQueue: s.queues["score"]}
	case "score":
		cfg = config.Score{AWS: aws, Vault: vault, Table: s.name}
	case "train":
		cfg = config.Train{AWS: aws, Table: s.name}
	case "deliver":
		cfg = config.Deliver{AWS: aws, Vault: vault, Table: s.name, IntakeQueue: s.queues["intake"], Sender: "sluice@example.com", DeskURL: s.front}
	case "desk":
		cfg = config.Desk{AWS: aws, Vault: vault, Table: s.name, SignIn: "development"}
	default:
		return nil, fmt.Errorf("there is no function %q; there are %v", name, functionNames)
	}
	env, err := config.Environ(cfg)
	if err != nil {
		return nil, err
	}
	env["AWS_REGION"] = regionName() // Lambda sets it
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		env[name] = os.Getenv(name)
	}
	return env, nil
}

// quietSystem is a system in memory whose functions are only invoked by hand.
func quietSystem(ctx context.Context, folder string) (*system, error) {
	return openSystem(ctx, systemOptions{folder: folder, memory: true, http: "127.0.0.1:0", edge: "127.0.0.1:0",
		policy: samplePolicy, reps: sampleReps, quiet: true, idle: true, log: io.Discard})
}
