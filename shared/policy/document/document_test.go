package document_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sluice/shared/policy/document"
)

var update = flag.Bool("update", false, "write golden files")

const policies = "../../../testdata/policies"

func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(policies, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func lines(faults []document.Fault) string {
	var b strings.Builder
	for _, f := range faults {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

func TestSamplesAreGood(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sample.yaml", "business.yaml", "cleansing.yaml"} {
		if _, faults := document.Parse(load(t, name)); faults != nil {
			t.Errorf("%s:\n%s", name, lines(faults))
		}
	}
	reps, faults := document.ParseReps(load(t, "reps.yaml"))
	if faults != nil {
		t.Errorf("reps:\n%s", lines(faults))
	}
	if len(reps) != 7 || !reps[3].Active || reps[3].Shifts[1].Days[0] != 2 || *reps[3].Cap != 60 || reps[3].Leave[0].To != "2027-01-02" {
		t.Errorf("reps %+v", reps)
	}
}

// TestOtherSpellings: line ends of Windows, a byte order mark and JSON are read
// alike.
func TestOtherSpellings(t *testing.T) {
	t.Parallel()
	source := load(t, "sample.yaml")
	want, _ := document.Parse(source)
	asJSON, err := json.MarshalIndent(want, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string][]byte{
		"carriage returns": bytes.ReplaceAll(source, []byte("\n"), []byte("\r\n")),
		"byte order mark":  append([]byte("\ufeff"), source...),
		"JSON":             asJSON,
	} {
		got, faults := document.Parse(source)
		if faults != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s reads as another document: %s", name, lines(faults))
		}
	}
}

// TestAliasRepeats: what an anchor holds can be said once, and a fault in it is
// told where it is repeated too.
func TestAliasRepeats(t *testing.T) {
	t.Parallel()
	source := string(load(t, "sample.yaml"))
	source = strings.Replace(source, `thank_you_hosts: [www.example.com, localhost, 127.0.0.1]`, `thank_you_hosts: &hosts [www.example.com, localhost, 127.0.0.1]`, 1)
	source = strings.Replace(source, `thank_you_hosts: [www.example.com, localhost, 127.0.0.1]`, `thank_you_hosts: *hosts`, 1)
	d, faults := document.Parse([]byte(source))
	if faults != nil || len(d.Forms[1].ThankYouHosts) != 3 {
		t.Errorf("%v, faults %s", d.Forms[1].ThankYouHosts, lines(faults))
	}
	_, faults = document.Parse([]byte(strings.Replace(source, "&hosts [www.example.com", "&hosts [7", 1)))
	if len(faults) != 2 || faults[0].Path != "forms[0].thank_you_hosts[0]" || faults[1].Path != "forms[1].thank_you_hosts[0]" ||
		faults[0].Line == faults[1].Line {
		t.Errorf("faults %s", lines(faults))
	}
}

// TestFaults holds every bad document to its golden list of faults.
func TestFaults(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(policies, "bad", "*.yaml"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d bad documents: %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := load(t, filepath.Join("bad", name))
			_, faults := document.Parse(source)
			if strings.HasPrefix(name, "reps-") {
				_, faults = document.ParseReps(source)
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(lines(faults)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(faults); got != string(want) || got == "" {
				t.Errorf("faults:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
