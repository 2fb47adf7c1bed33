package identity

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rows reads a CSV file of the measuring data, which is not part of the
// repository: $SLUICE_DATA, or beside the checkout.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	root := os.Getenv("SLUICE_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Skipf("no measuring data (set SLUICE_DATA): %s", name)
	}
	records := records(string(data))
	var all []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		all = append(all, row)
	}
	return all
}

// records reads CSV as RFC 4180 has it. encoding/csv would turn the line breaks
// within the addresses, which matter here, into newlines.
func records(text string) [][]string {
	var all [][]string
	for text = strings.TrimRight(text, "\r\n"); text != ""; {
		var record []string
		for more := true; more; {
			var field string
			field, text = cutField(text)
			record = append(record, field)
			text, more = strings.CutPrefix(text, ",")
		}
		text = strings.TrimPrefix(strings.TrimPrefix(text, "\r"), "\n")
		all = append(all, record)
	}
	return all
}

func cutField(text string) (field, rest string) {
	rest, quoted := strings.CutPrefix(text, `"`)
	if !quoted {
		end := strings.IndexAny(text, ",\r\n")
		if end < 0 {
			end = len(text)
		}
		return text[:end], text[end:]
	}
	for {
		part, after, _ := strings.Cut(rest, `"`)
		field += part
		if rest, quoted = strings.CutPrefix(after, `"`); !quoted {
			return field, rest
		}
		field += `"`
	}
}

// Every example number of libphonenumber is read. The few that count or repeat
// digits are read in doubt.
func TestExampleNumbers(t *testing.T) {
	t.Parallel()
	read, doubts, total := 0, 0, 0
	for _, row := range rows(t, "phone-libphonenumber/example_numbers.csv") {
		got, err := Phone(PhoneInput{Raw: row["e164"]})
		if err != nil && !Doubtful(err) || got.E164 != row["e164"] {
			t.Errorf("%s (%s %s): %v", row["e164"], row["region"], row["type"], err)
		} else {
			read++
		}
		if err != nil {
			doubts++
		}
		total++
	}
	t.Logf("score: %d of %d numbers read, %d in doubt", read, total, doubts)
	if doubts > 24 {
		t.Errorf("%d of %d in doubt, at most 24 before", doubts, total)
	}
}

// Where libphonenumber's own test reads a valid number, so does this package.
// It also reads three that are refused there for the length of an extension.
func TestLibphonenumberCases(t *testing.T) {
	t.Parallel()
	lenient, total := 0, 0
	for _, row := range rows(t, "phone-libphonenumber/parse_cases.csv") {
		got, err := Phone(PhoneInput{Raw: row["input"], Region: row["default_region"]})
		accepted := err == nil || Doubtful(err)
		switch {
		case accepted && row["outcome"] == "error":
			lenient++
		case accepted && got.E164 != row["expected_e164"]:
			t.Errorf("%q in %q is %s, want %s", row["input"], row["default_region"], got.E164, row["expected_e164"])
		}
		total++
	}
	t.Logf("%d cases, %d read here only", total, lenient)
	if lenient > 3 {
		t.Errorf("%d of %d are read here only, at most 3 before", lenient, total)
	}
}

// No address that isemail calls an error is accepted, and no ordinary one is
// refused: of the valid ones only a domain of one label and a false xn-- label.
func TestIsEmailSuites(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"isemail_tests.csv", "isemail_tests_original.csv"} {
		accepted, valid := 0, 0
		for _, row := range rows(t, "email-isemail/"+name) {
			_, err := Email(row["address"])
			switch row["category"] {
			case "ISEMAIL_ERR":
				if err == nil {
					t.Errorf("accepted %q: %s", row["address"], row["diagnosis"])
				}
			case "ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN":
				valid++
				if err == nil {
					accepted++
				}
			}
		}
		t.Logf("%s: %d of %d valid addresses accepted", name, accepted, valid)
		if accepted < valid-1 {
			t.Errorf("%s: %d of %d valid addresses accepted", name, accepted, valid)
		}
	}
}

// SamePhone gives what libphonenumber's isNumberMatch gives.
func TestNumberMatchCases(t *testing.T) {
	t.Parallel()
	right, total := 0, 0
	for _, row := range rows(t, "phone-libphonenumber/number_match_cases.csv") {
		a, b := PhoneInput{Raw: row["a"]}, PhoneInput{Raw: row["b"]}
		if got, back := SamePhone(a, b), SamePhone(b, a); got != PhoneMatch(row["match_type"]) || back != got {
			t.Errorf("%q and %q: %s, the other way round %s, want %s", row["a"], row["b"], got, back, row["match_type"])
		} else {
			right++
		}
		total++
	}
	t.Logf("score: %d of %d cases", right, total)
}

// EmailSyntax judges as isemail does: what that calls an error is one, and
// nothing else is.
func TestIsEmailSyntax(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"isemail_tests.csv", "isemail_tests_original.csv"} {
		right, total := 0, 0
		for _, row := range rows(t, "email-isemail/"+name) {
			got := EmailSyntax(row["address"])
			if (got == SyntaxError) == (row["category"] == "ISEMAIL_ERR") {
				right++
			} else {
				t.Logf("%s: %q is %s, want %s", row["id"], row["address"], got, row["diagnosis"])
			}
			if got == SyntaxValid && row["category"] != "ISEMAIL_VALID_CATEGORY" && row["category"] != "ISEMAIL_DNSWARN" {
				t.Errorf("%s: %q is valid, want %s", row["id"], row["address"], row["diagnosis"])
			}
			total++
		}
		t.Logf("%s, score: %d of %d, %.1f %%", name, right, total, 100*float64(right)/float64(total))
		if right*100 < total*97 {
			t.Errorf("%s: %d of %d, at least 97 %%", name, right, total)
		}
	}
}

// NameBlock finds most pairs of records that are one person's, although both
// names may be mistyped, swapped or missing, and puts few strangers together.
func TestNameBlockOnFebrl(t *testing.T) {
	t.Parallel()
	block := map[string]string{}
	sizes := map[string]int{}
	for _, row := range rows(t, "febrl/dataset3.csv") {
		b := NameBlock(strings.TrimSpace(row[" given_name"]) + " " + strings.TrimSpace(row[" surname"]))
		block[row["rec_id"]] = b
		sizes[b]++
	}
	found, total := 0, 0
	for _, row := range rows(t, "febrl/truth_pairs_dataset3.csv") {
		if b := block[row["id_l"]]; b != "" && b == block[row["id_r"]] {
			found++
		}
		total++
	}
	pairs := 0
	for b, n := range sizes {
		if b != "" {
			pairs += n * (n - 1) / 2
		}
	}
	t.Logf("score: %d of %d pairs (%.1f %%) among %d candidates", found, total, 100*float64(found)/float64(total), pairs)
	if found*100 < total*50 || pairs > 4*total {
		t.Errorf("%d of %d pairs, at least 50 %%, among %d candidates", found, total, pairs)
	}
}
