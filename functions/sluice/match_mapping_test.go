package main

import (
	"slices"
	"strings"
	"testing"

	"sluice/shared/match"
)

func TestParseMapping(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]mapped{
		"given=first_name":                {{column: "first_name", kind: match.Given}},
		" given = first name , dob=born ": {{column: "first name", kind: match.Given}, {column: "born", kind: match.Date}},
		"address=a1,address=a2":           {{column: "a1", kind: match.Address}, {column: "a2", kind: match.Address}},
		`"address=street, number",id=a=b`: {{column: "street, number", kind: match.Address}, {column: "a=b", kind: match.ID}},
		`"full=the ""name""",phone=手机`:    {{column: `the "name"`, kind: match.Full}, {column: "手机", kind: match.Phone}},
	} {
		got, err := parseMapping(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is %v (%v)", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"": "nothing is mapped", "  ": "nothing is mapped", "given": `"given" is not kind=column`, "given=": "is not kind=column", "=x": "is not kind=column",
		"given=a,": "is not kind=column", "gvien=a": `"gvien" is no kind of column; there are full, given, family`, "given=a,family=a": `column "a" is mapped twice`,
		"given=a\nfamily=b": "another line", `given="a`: "read the mapping",
	} {
		if got, err := parseMapping(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %v (%v), want %q", text, got, err, want)
		}
	}
}

func TestMappingsOfTwoTablesArePaired(t *testing.T) {
	t.Parallel()
	read := func(text string) []mapped {
		m, err := parseMapping(text)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	got, err := paired(read("given=g,address=a1,address=a2"), read("address=x1,address=x2,given=x"))
	if want := read("given=x,address=x1,address=x2"); err != nil || !slices.Equal(got, want) {
		t.Errorf("paired as %v (%v)", got, err)
	}
	if _, err := paired(read("given=g,dob=d"), read("given=g")); err == nil || !strings.Contains(err.Error(), "-map has more columns of kind date") {
		t.Error(err)
	}
	if _, err := paired(read("given=g"), read("given=g,city=c")); err == nil || !strings.Contains(err.Error(), "-map-with has more columns of kind city") {
		t.Error(err)
	}
}

func FuzzMapping(f *testing.F) {
	for _, text := range []string{"given=a,family=b", `"address=a, b",dob=c`, "given==", "a=b\n", `"`, "id=\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseMapping(text)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, m := range all {
			if m.column == "" || seen[m.column] || !slices.Contains(match.Kinds(), m.kind) {
				t.Fatalf("%q is %v", text, all)
			}
			seen[m.column] = true
		}
	})
}

func TestSuggestedMapping(t *testing.T) {
	t.Parallel()
	s, err := parseSheet(t.Context(), "people.csv", strings.NewReader("no,First Name,surname,x1,x2,x3,\"Street, house\",,text\n"+
		"1,Ada,Example,,1990-02-03,+1 415 555 0132,1 Main St,a,b\n2,Bo,Sample,bo@example.com,,,,,\n"), sheetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	text := suggestMapping(s)
	contains(t, text, "-map kind=column", `such as "bo@example.com"`, "(no name)", "kinds: full, given",
		`-map 'number=no,given=First Name,family=surname,email=x1,date=x2,phone=x3,"address=Street, house"'`)
	_, suggestion, _ := strings.Cut(text, "-map '")
	suggestion, _, _ = strings.Cut(suggestion, "'\n")
	mapping, err := parseMapping(suggestion)
	if err == nil {
		_, err = locate(s, mapping)
	}
	if err != nil {
		t.Errorf("what is suggested is refused: %v", err)
	}
}
