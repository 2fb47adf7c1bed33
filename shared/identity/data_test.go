package identity

import (
	"encoding/csv"
	"os"
	"path/filepath"
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
	file, err := os.Open(filepath.Join(root, name))
	if err != nil {
		t.Skipf("no measuring data (set SLUICE_DATA): %s", name)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
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

// Every example number of libphonenumber is read. The few that count or repeat
// digits are read in doubt.
func TestExampleNumbers(t *testing.T) {
	t.Parallel()
	doubts, total := 0, 0
	for _, row := range rows(t, "phone-libphonenumber/example_numbers.csv") {
		got, err := Phone(PhoneInput{Raw: row["e164"]})
		if err != nil && !Doubtful(err) || got.E164 != row["e164"] {
			t.Errorf("%s (%s %s): %v", row["e164"], row["region"], row["type"], err)
		}
		if err != nil {
			doubts++
		}
		total++
	}
	t.Logf("%d numbers, %d in doubt", total, doubts)
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
