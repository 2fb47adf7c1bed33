package main

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"

	"sluice/shared/identity"
)

// suites measures how numbers and addresses are read, in per cent of the cases.
func (b *linkageBench) suites(ctx context.Context) error {
	for _, suite := range []struct {
		name  string
		files []string
		goal  float64
		right func(map[string]string) bool
	}{
		{"match.phone_examples", []string{"phone-libphonenumber/example_numbers.csv"}, 100, func(row map[string]string) bool {
			n, err := identity.Phone(identity.PhoneInput{Raw: row["e164"]})
			return (err == nil || identity.Doubtful(err)) && n.E164 == row["e164"]
		}},
		{"match.phone_cases", []string{"phone-libphonenumber/number_match_cases.csv"}, 100, func(row map[string]string) bool {
			return string(identity.SamePhone(identity.PhoneInput{Raw: row["a"]}, identity.PhoneInput{Raw: row["b"]})) == row["match_type"]
		}},
		{"match.isemail", []string{"email-isemail/isemail_tests.csv", "email-isemail/isemail_tests_original.csv"}, 97, func(row map[string]string) bool {
			return (identity.EmailSyntax(row["address"]) == identity.SyntaxError) == (row["category"] == "ISEMAIL_ERR")
		}},
	} {
		if !b.wants(suite.name) || b.absent(suite.name, suite.files...) {
			continue
		}
		right, all := 0, 0
		for _, file := range suite.files {
			rows, err := casesIn(filepath.Join(b.data, file))
			if err != nil {
				return err
			}
			for _, row := range rows {
				all++
				if suite.right(row) {
					right++
				}
			}
		}
		percent := 100 * float64(right) / float64(max(all, 1))
		b.print(suite.name, percent, "%")
		b.atLeast(suite.name, percent, suite.goal)
	}
	return ctx.Err()
}

// casesIn reads a file of cases as they stand: here spaces are meant.
func casesIn(file string) ([]map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var all []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		all = append(all, row)
	}
	return all, nil
}
