package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"sluice/shared/match"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	examplePeople  = "testdata/people.csv"
	exampleMapping = "given=first_name,family=surname,dob=born,email=mail,phone=phone,city=city"
)

// rowsOf reads a CSV file, of which each row is a map.
func rowsOf(t *testing.T, file string, comma rune) (columns []string, rows []map[string]string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comma = comma
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return records[0], rows
}

// The example of the README finds nearly everybody, and writes all of it down.
func TestMatchFindsTheSamePeople(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	text := mustType(t, "match", "-in", examplePeople, "-map", exampleMapping, "-truth", "person",
		"-out", file("clusters.csv"), "-review", file("review.csv"), "-report", file("report.html"), "-model", file("model.json"))
	contains(t, text, "people.csv: 230 rows", "possible pairs compared", "Blocking rules", "What was learned", "born (date)", "Against column person", "merges without a person")

	columns, rows := rowsOf(t, file("clusters.csv"), ',')
	if want := []string{"person", "first_name", "surname", "born", "mail", "phone", "city", "cluster", "cluster_size", "probability"}; !slices.Equal(columns, want) {
		t.Errorf("columns are %q", columns)
	}
	_, before := rowsOf(t, examplePeople, ',')
	if len(rows) != len(before) {
		t.Fatalf("%d rows of %d", len(rows), len(before))
	}
	sizes, right, wrong, missed := map[string]int{}, 0, 0, 0
	for i, row := range rows {
		for column, value := range before[i] {
			if row[column] != value {
				t.Errorf("row %d has %s %q, was %q", i, column, row[column], value)
			}
		}
		sizes[row["cluster"]]++
		for _, other := range rows[:i] {
			switch together := row["cluster"] == other["cluster"]; {
			case together && row["person"] == other["person"]:
				right++
			case together:
				wrong++
			case row["person"] == other["person"]:
				missed++
			}
		}
	}
	if right < 60 || wrong > 3 {
		t.Errorf("%d pairs are right, %d wrong, %d missed", right, wrong, missed)
	}
	for i, row := range rows {
		p, err := strconv.ParseFloat(row["probability"], 64)
		if alone := row["cluster_size"] == "1"; row["cluster_size"] != strconv.Itoa(sizes[row["cluster"]]) || alone != (row["probability"] == "") || !alone && (err != nil || p <= 0 || p > 1) {
			t.Errorf("row %d is %v; %d are in its cluster", i, row, sizes[row["cluster"]])
		}
	}
	_, review := rowsOf(t, file("review.csv"), ',')
	for _, row := range review {
		a, err := strconv.Atoi(row["line_a"])
		if err != nil || row["evidence"] == "" || before[a-2]["surname"] != row["surname_a"] {
			t.Errorf("for a person: %v (%v)", row, err)
		}
	}
	var model match.Model
	data, err := os.ReadFile(file("model.json"))
	if err != nil || json.Unmarshal(data, &model) != nil || len(model.Comparisons) == 0 {
		t.Errorf("the model is %.200s (%v)", data, err)
	}
	if left, err := filepath.Glob(file(".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// Twice the same command writes the same bytes.
func TestMatchIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	var before string
	for range 2 {
		out := filepath.Join(t.TempDir(), "clusters.csv")
		text := mustType(t, "match", "-in", examplePeople, "-map", exampleMapping, "-json", "-out", out)
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if text += string(data); before != "" && text != before {
			t.Error("the second run differs")
		}
		before = text
	}
}

// Two tables of other separators, encodings and names of columns.
func TestMatchLinksTwoTables(t *testing.T) {
	t.Parallel()
	columns, rows := rowsOf(t, examplePeople, ',')
	var one, two strings.Builder
	one.WriteString("id;who;Vorname;Name;Geburt;Mail;Ort\r\n")
	two.WriteString("who,id,city,born,mail,given,family\n")
	for i, row := range rows {
		if i%2 == 0 {
			one.WriteString(strings.Join([]string{strconv.Itoa(i), row["person"], row["first_name"], row["surname"], row["born"], row["mail"], row["city"]}, ";") + "\r\n")
		} else {
			two.WriteString(strings.Join([]string{row["person"], strconv.Itoa(i), row["city"], row["born"], row["mail"], row["first_name"], row["surname"]}, ",") + "\n")
		}
	}
	encode := simplifiedchinese.GB18030.NewEncoder()
	first, err := encode.String(one.String())
	second, err2 := encode.String(two.String())
	if err := errors.Join(err, err2); err != nil || len(columns) != 7 {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "clusters.csv")
	text := mustType(t, "match", "-in", write(t, "a.csv", first), "-with", write(t, "b.csv", second), "-encoding", "gb18030", "-truth", "who",
		"-map", "given=Vorname,family=Name,dob=Geburt,email=Mail", "-map", "city=Ort",
		"-map-with", "family=family,given=given,dob=born,email=mail,city=city", "-out", out)
	contains(t, text, "a.csv: 115 rows", "b.csv: 115 rows", "of 13,225 possible pairs")
	data, err := os.ReadFile(out)
	if err != nil || !bytes.HasPrefix(data, []byte("\ufeffid;who;Vorname;Name;Geburt;Mail;Ort;city;born;mail;given;family;cluster;cluster_size;probability;source\r\n0;")) {
		t.Errorf("written as %.200q (%v)", data, err)
	}
	_, written := rowsOf(t, out, ';')
	linked := 0
	for i, row := range written {
		want := "a.csv"
		if i >= 115 {
			want = "b.csv"
		}
		if row["source"] != want || (row["Name"] == "") != (want == "b.csv") || (row["family"] == "") != (want == "a.csv") || row["who"] == "" {
			t.Errorf("row %d is %v", i, row)
		}
		if row["cluster_size"] != "1" {
			linked++
		}
	}
	if linked < 40 {
		t.Errorf("%d rows are linked", linked)
	}
}

func TestMatchFaults(t *testing.T) {
	t.Parallel()
	people := write(t, "people.csv", "id,name,mail,who\n1,Ada Example,ada@example.com,x\n2,Bo Sample,bo@example.com,y\n")
	other := write(t, "other.csv", "id,name\n1,Ada Example\n")
	ragged := write(t, "ragged.csv", "id,name\n1,Ada Example\n2\n")
	folder := t.TempDir()
	for _, c := range []struct {
		words string
		want  string
		usage bool
	}{
		{"", "name a table with -in", true},
		{"-in PEOPLE", "the columns\n  id", true},
		{"-in PEOPLE -map full=name extra", `no use for "extra"`, true},
		{"-in PEOPLE -map full=nmae", `there is no column "nmae"; there are id, name, mail, who`, true},
		{"-in PEOPLE -map fill=name", "there are full, given", true},
		{"-in PEOPLE -map full=name,email=name", "mapped twice", true},
		{"-in PEOPLE -map full=name -map email=name", "mapped twice", true},
		{"-in PEOPLE -map full=name,id=who -truth who", "tells the truth", true},
		{"-in PEOPLE -map full=name,id=id -pairs OTHER -id id", "tells the truth", true},
		{"-in PEOPLE -map full=name -truth whom", `no column "whom"`, true},
		{"-in PEOPLE -map full=name -truth who -pairs OTHER", "not by both", true},
		{"-in PEOPLE -map full=name -id id", "-id is for", true},
		{"-in PEOPLE -map full=name -pairs OTHER -id id", `no row has the id "Ada Example"`, false},
		{"-in PEOPLE -map full=name,email=mail -with OTHER", `other.csv: there is no column "mail"; there are id, name`, true},
		{"-in PEOPLE -map full=name -with OTHER -map-with email=mail", "-map has more columns of kind full", true},
		{"-in PEOPLE -map full=name -map-with full=name", "-map-with is for", true},
		{"-in PEOPLE -map full=name -sep dot", "there are comma, semicolon", true},
		{"-in PEOPLE -map full=name -encoding klingon", "is not known", true},
		{"-in PEOPLE -map full=name -merge 0.4", "in this order", true},
		{"-in PEOPLE -map full=name -merge 2", "in this order", true},
		{"-in PEOPLE -map full=name -link NaN", "in this order", true},
		{"-in PEOPLE -map full=name -review-from 0", "in this order", true},
		{"-in PEOPLE -map full=name -max-rows 1", "allow more with -max-rows", false},
		{"-in PEOPLE -map full=name -max-rows 0", "at least 1", true},
		{"-in PEOPLE -map full=name -out PEOPLE", "named for two things", true},
		{"-in PEOPLE -map full=name -out FOLDER/x.csv -review FOLDER/x.csv", "named for two things", true},
		{"-in PEOPLE -map full=name -out FOLDER/none/x.csv", "there is no folder", true},
		{"-in PEOPLE -frobnicate", "frobnicate", true},
		{"-in RAGGED -map full=name", "ragged.csv:3: this row has 1 values", false},
		{"-in FOLDER/none.csv -map full=name", "none.csv", false},
	} {
		words := strings.Fields(strings.NewReplacer("PEOPLE", people, "OTHER", other, "RAGGED", ragged, "FOLDER", folder).Replace(c.words))
		out, err := typed(t, append([]string{"match"}, words...)...)
		if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("sluice match %s: %q, %v; want %q", c.words, out, err, c.want)
		} else if errors.As(err, new(usageError)) != c.usage {
			t.Errorf("sluice match %s: of usage it is %v: %v", c.words, !c.usage, err)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestMatchStopsWhenInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out := filepath.Join(t.TempDir(), "clusters.csv")
	var text bytes.Buffer
	err := matchCommand(ctx, []string{"-in", examplePeople, "-map", exampleMapping, "-out", out}, &text)
	if !errors.Is(err, context.Canceled) || text.Len() > 0 {
		t.Errorf("went on: %v %s", err, &text)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written")
	}
}

// A file that is written keeps what it held until all of it is there.
func TestWriteWhole(t *testing.T) {
	t.Parallel()
	file := write(t, "x.csv", "before")
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := writeWhole(file, func(out io.Writer) error { _, err := io.WriteString(out, "after"); return errors.Join(err, broken) }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if data, err := os.ReadFile(file); string(data) != "before" {
		t.Errorf("it holds %q (%v)", data, err)
	}
	if err := writeWhole(file, func(out io.Writer) error { _, err := io.WriteString(out, "after"); return err }); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(file)
	if data, _ := os.ReadFile(file); string(data) != "after" || err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("it holds %q, mode %v (%v)", data, info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}
