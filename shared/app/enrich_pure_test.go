package app

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sluice/shared/identity"
	"sluice/shared/lead"
)

// TestBreaker holds what a breaker promises, whatever order questions and answers
// come in: a service that has not failed so often in a row is asked at once, one that
// has is left in peace for the whole pause and then asked once.
func TestBreaker(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most, pause := rapid.IntRange(1, 5).Draw(t, "most"), time.Duration(rapid.IntRange(1, 100).Draw(t, "pause"))*time.Second
		now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
		var b breaker
		row := 0           // failures since it last succeeded
		var last time.Time // failure or, once open, question
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			switch rapid.SampledFrom([]string{"ask", "ask", "fails", "fails", "answers"}).Draw(t, "step") {
			case "ask":
				open := row >= most
				want := !open || now.Sub(last) >= pause
				if got := b.ready(now, most, pause); got != want {
					t.Fatalf("asked: %t, %d failures in a row, %s since the last", got, row, now.Sub(last))
				}
				if open && want {
					last = now
				}
			case "fails":
				b.told(false, now, most, pause)
				row, last = row+1, now
			case "answers":
				b.told(true, now, most, pause)
				row = 0
			}
		}
	})
}

func TestReadAnswer(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 5000) + `"x"` + strings.Repeat("}", 5000)
	for name, c := range map[string]struct {
		answer, pointer, want string
	}{
		"a text":                    {`{"industry":"Education"}`, "/industry", "Education"},
		"inside":                    {`{"company":{"sector":{"name":"Education"}}}`, "/company/sector/name", "Education"},
		"a number":                  {`{"n":250}`, "/n", "250"},
		"a fraction":                {`{"n":-2.50}`, "/n", "-2.50"},
		"a large number":            {`{"n":12345678901234567890}`, "/n", "12345678901234567890"},
		"an endless number":         {`{"n":1` + strings.Repeat("0", 60) + `}`, "/n", ""},
		"a boolean":                 {`{"n":true}`, "/n", ""},
		"null":                      {`{"n":null}`, "/n", ""},
		"a list":                    {`{"n":["a"]}`, "/n", ""},
		"fields":                    {`{"n":{"a":"b"}}`, "/n", ""},
		"not there":                 {`{"n":1}`, "/m", ""},
		"below a text":              {`{"n":"a"}`, "/n/0", ""},
		"below null":                {`{"n":null}`, "/n/a", ""},
		"an element":                {`{"n":[{"m":"a"},{"m":"b"}]}`, "/n/1/m", "b"},
		"the first element":         {`["a","b"]`, "/0", "a"},
		"beyond the list":           {`["a","b"]`, "/2", ""},
		"after the list":            {`["a","b"]`, "/-", ""},
		"before the list":           {`["a","b"]`, "/-1", ""},
		"a sign":                    {`["a","b"]`, "/+1", ""},
		"a zero before":             {`["a","b"]`, "/01", ""},
		"of no element":             {`["a","b"]`, "/18446744073709551616", ""},
		"a name of digits":          {`{"1":"a"}`, "/1", "a"},
		"a tilde":                   {`{"a~b":"x"}`, "/a~0b", "x"},
		"a slash":                   {`{"a/b":"x"}`, "/a~1b", "x"},
		"a tilde before a one":      {`{"a~1b":"x","a/b":"y"}`, "/a~01b", "x"},
		"a broken tilde":            {`{"a~2":"x"}`, "/a~2", "x"},
		"a name without letters":    {`{"":{"":"x"}}`, "//", "x"},
		"Chinese":                   {`{"行业":"教育"}`, "/行业", "教育"},
		"escaped":                   {`{"\u0061":"\u6559\u80b2"}`, "/a", "教育"},
		"named twice, the last":     {`{"a":"x","a":"y"}`, "/a", "y"},
		"of two kinds":              {`{"a":"x","a":{"b":"y"}}`, "/a/b", "y"},
		"another case":              {`{"Industry":"x"}`, "/industry", ""},
		"an empty text":             {`{"a":""}`, "/a", ""},
		"blanks":                    {`{"a":" \t\n "}`, "/a", ""},
		"untidy":                    {`{"a":"  Further \n education\t"}`, "/a", "Further education"},
		"invisible and control":     {`{"a":"Edu\u0000ca\u200btion\u001b[31m\u202e"}`, "/a", "Education[31m"},
		"half of a character":       {`{"a":"\ud83d"}`, "/a", ""},
		"as long as may be":         {`{"a":"` + strings.Repeat("育", 60) + `"}`, "/a", strings.Repeat("育", 60)},
		"longer":                    {`{"a":"` + strings.Repeat("育", 61) + `"}`, "/a", ""},
		"a novel":                   {`{"a":"` + strings.Repeat("x", 1<<20) + `"}`, "/a", ""},
		"much beside it":            {`{"b":"` + strings.Repeat("x", 1<<20) + `","a":"y"}`, "/a", "y"},
		"deep":                      {deep, strings.Repeat("/a", 5000), "x"},
		"less deep than it is":      {deep, "/a/a", ""},
		"a text alone":              {`"x"`, "/a", ""},
		"blanks around":             {" \n {\"a\":\"x\"} \n", "/a", "x"},
		"a pointer to all":          {`{"a":"x"}`, "", ""},
		"a pointer without a slash": {`{"a":"x"}`, "a", "x"},
	} {
		got, err := readAnswer([]byte(c.answer), map[string]string{"industry": c.pointer})
		if err != nil || got["industry"] != c.want || len(got) > 1 {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
		}
	}
	for name, answer := range map[string]string{
		"nothing": "", "blanks": " ", "a page": "<html>", "cut off": `{"a":"x"`, "two": `{"a":"x"} {}`, "more after it": `{"a":"x"}]`,
		"not UTF-8 outside": "\xff{}", "too deep": strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "a number that is none": `{"a":01}`,
	} {
		if got, err := readAnswer([]byte(answer), map[string]string{"industry": "/a"}); lead.KindOf(err) != lead.Invalid || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestReadAnswerCountries: rules compare codes, so that a country by name is its code,
// and what is none is left out.
func TestReadAnswerCountries(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]string{"DE": "DE", "de": "DE", "Germany": "DE", "Deutschland": "DE", "中国": "CN", "DEU": "DE", "Atlantis": "", "": "", "7": ""} {
		body, err := json.Marshal(map[string]string{"c": told})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := readAnswer(body, map[string]string{"country": "/c"}); err != nil || got["country"] != want {
			t.Errorf("%q: %q, %v, want %q", told, got, err, want)
		}
	}
}

// TestToldBack: what a service says back of who the person is would be kept in the
// clear.
func TestToldBack(t *testing.T) {
	t.Parallel()
	d := details{Contact: lead.Contact{Name: "Wren Alder", Company: "Alder Works", Email: "wren@alder.example", Phone: "+4930901820"}, City: "Berlin"}
	for text, want := range map[string]bool{
		"Education": false, "Berlin": false, "11-50": false, "Alder": false, "1000": false, "901820": false,
		"Wren Alder": true, "wren alder": true, "ALDER WORKS": true, "wren@alder.example": true, "<wren@alder.example>": true, "someone@else.example": true,
		"+4930901820": true, "030 901820": true, "0049 (30) 901820": true, "tel:+49-30-90-18-20": true,
	} {
		if got := d.told(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	if (details{}).told("") || (details{}).told("Education") {
		t.Error("of nobody something is told back")
	}
}

// FuzzReadAnswer reads what a service may answer. Whatever it is, what is taken is
// tidy, bounded and reads back as itself.
func FuzzReadAnswer(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"company":{"industry":"Education","staff":[1,250]}}`, "/company/staff/1"}, {`{"a~/":"x"}`, "/a~0~1"},
		{`{"a":"\u0000\ud83d\u202e"}`, "/a"}, {`{"a":"x","a":{"b":1e400}}`, "/a/b"}, {`[[[["x"]]]]`, "/0/0/0/0"}, {`"x"`, "/"}, {`{}{}`, ""},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	f.Fuzz(func(t *testing.T, body []byte, pointer string) {
		where := map[string]string{"industry": pointer, "headcount": "/a", "country": "/0"}
		facts, err := readAnswer(bytes.Clone(body), where)
		if err != nil {
			if lead.KindOf(err) != lead.Invalid || facts != nil {
				t.Errorf("%s: %v beside %v", body, facts, err)
			}
			return
		}
		if !json.Valid(body) {
			t.Errorf("%q is taken for JSON", body)
		}
		again := map[string]string{}
		for name, value := range facts {
			if where[name] == "" && name != "industry" || value == "" || utf8.RuneCountInString(value) > factMost || !utf8.ValidString(value) ||
				strings.ContainsFunc(value, unicode.IsControl) || value != strings.TrimSpace(value) {
				t.Errorf("%s: %s is %q", body, name, value)
			}
			if name == "country" && identity.Country(value) != value {
				t.Errorf("%s: %q is no country", body, value)
			}
			again[name] = "/" + name
		}
		told := enrichment{Kind: enrichedKind, Lead: "l1", By: "firms", At: time.Unix(1, 0).UTC(), Facts: facts}
		data, err := json.Marshal(told)
		if err != nil {
			t.Fatal(err)
		}
		var back enrichment
		if err := json.Unmarshal(data, &back); err != nil || !maps.Equal(back.Facts, facts) {
			t.Errorf("%s reads back as %v, %v", data, back, err)
		}
		inner, _ := json.Marshal(facts)
		if same, err := readAnswer(inner, again); err != nil || !reflect.DeepEqual(same, facts) && len(facts)+len(same) > 0 {
			t.Errorf("%v is read as %v the second time: %v", facts, same, err)
		}
		if names := slices.Collect(maps.Keys(facts)); len(names) > len(where) {
			t.Errorf("facts %v", names)
		}
	})
}
