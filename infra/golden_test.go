package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

var update = flag.Bool("update", false, "write testdata/template.golden.json anew")

// TestGolden shows every change of the templates in review. Hashes of assets
// are masked, since every build of a function changes them.
func TestGolden(t *testing.T) {
	text, err := json.MarshalIndent(cloud().raw, "", " ")
	must(err)
	got := regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(string(text), "<asset>") + "\n"
	path := filepath.Join("testdata", "template.golden.json")
	if *update {
		must(os.MkdirAll("testdata", 0o755))
		must(os.WriteFile(path, []byte(got), 0o644))
		return
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(file), "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			t.Fatalf("line %d is\n%s\nwant\n%s\nif it is meant, go test ./infra -run Golden -update",
				i+1, strings.Join(gotLines[max(0, i-3):i+1], "\n"), strings.Join(wantLines[max(0, i-3):i+1], "\n"))
		}
	}
	if len(gotLines) != len(wantLines) {
		t.Fatalf("%d lines, want %d; if it is meant, go test ./infra -run Golden -update", len(gotLines), len(wantLines))
	}
}

func TestNoFindingIsLeft(t *testing.T) {
	for name, m := range map[string]model{"cloud": cloud(), "local": local()} {
		for _, e := range m.errors {
			t.Errorf("%s: %s", name, e)
		}
	}
}

// The checks do run: a queue without anything is found out.
func TestChecksFindSomething(t *testing.T) {
	app := awscdk.NewApp(nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(nil), nil)
	stack := awscdk.NewStack(app, jsii.String("Careless"), nil)
	awssqs.NewQueue(stack, jsii.String("Queue"), nil)
	m := model{raw: map[string]any{}, resources: map[string]resource{}, exports: map[string]any{}}
	m.read(stack)
	found := func(rule string) bool {
		return slices.ContainsFunc(m.errors, func(e string) bool { return strings.Contains(e, rule) })
	}
	if !found("AwsSolutions-SQS3") || !found("AwsSolutions-SQS4") {
		t.Errorf("found only %q", m.errors)
	}
}

// Whatever is accepted is accepted for a reason, on the resource itself.
func TestEveryAcceptanceHasAReason(t *testing.T) {
	var accepted int
	for _, r := range cloud().resources {
		nag, _ := r.Metadata["cdk_nag"].(map[string]any)
		for _, rule := range list(nag["rules_to_suppress"]) {
			accepted++
			if reason, _ := rule.(map[string]any)["reason"].(string); len(strings.Fields(reason)) < 8 {
				t.Errorf("%s: %v is accepted because %q", r.id, rule.(map[string]any)["id"], reason)
			}
		}
	}
	if accepted == 0 {
		t.Error("nothing is accepted: reasons are not read")
	}
}

func TestOutputs(t *testing.T) {
	got := slices.Sorted(slices.Values(cloud().outputs))
	want := []string{"ApiUrl", "DeskUrl", "LandingPageUrl", "TableName", "UserPoolId", "VaultKeyArn"}
	if !slices.Equal(got, want) {
		t.Errorf("outputs are %v, want %v", got, want)
	}
}
