package identity

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// carrierPrefixes reads the module's table, which it does not export: the
// names, then each prefix as the difference from the one before, with the index
// of its name.
func carrierPrefixes(t *testing.T) map[string]string {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/nyaruka/phonenumbers").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "data", "prefix_to_carriers", "en.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(plain)
	fixed := func(to any) {
		if err := binary.Read(in, binary.LittleEndian, to); err != nil {
			t.Fatal(err)
		}
	}
	var size, count uint32
	fixed(&size)
	text := make([]byte, size)
	if _, err := io.ReadFull(in, text); err != nil {
		t.Fatal(err)
	}
	names := strings.Split(string(text), "\n")
	fixed(&count)
	prefixes := map[string]string{}
	for prefix := uint64(0); count > 0; count-- {
		step, err := binary.ReadUvarint(in)
		if err != nil {
			t.Fatal(err)
		}
		prefix += step
		var name uint16
		fixed(&name)
		prefixes[strconv.FormatUint(prefix, 10)] = names[name]
	}
	return prefixes
}

// The carriers are generated: a newer phonenumbers module fails here until they
// are written anew with -update.
func TestCarriersAreCurrent(t *testing.T) {
	prefixes := carrierPrefixes(t)
	var lines []string
	for prefix, name := range prefixes {
		if len(prefix) > longestPrefix {
			t.Fatalf("prefix %s is longer than %d", prefix, longestPrefix)
		}
		told := ""
		for n := len(prefix) - 1; n > 1 && told == ""; n-- {
			told = prefixes[prefix[:n]]
		}
		if name != told {
			lines = append(lines, prefix+"\t"+name)
		}
	}
	slices.Sort(lines)
	holdTo(t, "carriers.tsv", carriers, strings.Join(lines, "\n"))
}

// The module gives the same carrier for every prefix that it has.
func TestCarrier(t *testing.T) {
	t.Parallel()
	for prefix, want := range carrierPrefixes(t) {
		number := prefix + strings.Repeat("0", max(0, 11-len(prefix)))
		if got := Carrier("+" + number); got != want && want != "" {
			read, err := phonenumbers.Parse("+"+number, "")
			if err != nil {
				continue
			}
			if theirs, _ := phonenumbers.GetCarrierForNumber(read, "en"); theirs != got {
				t.Errorf("+%s is %q, want %q", number, got, theirs)
			}
		}
	}
	tests := map[string]string{"+8613800138000": "China Mobile", "+8613012345678": "China Unicom", "+8618912345678": "China Telecom",
		"+4917112345678": "T-Mobile", "+12025550123": "", "13800138000": "", "": "", "+": "", "+999": ""}
	for number, want := range tests {
		if got := Carrier(number); got != want {
			t.Errorf("%s is %q, want %q", number, got, want)
		}
	}
}

func BenchmarkCarrier(b *testing.B) {
	for b.Loop() {
		Carrier("+8613800138000")
	}
}
