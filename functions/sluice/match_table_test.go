package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// encoded writes a text in an encoding.
func encodedAs(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSheetReads(t *testing.T) {
	t.Parallel()
	want := [][]string{{"id", "name", "city"}, {"1", "Ada Example", "Köln"}, {"2", "", "上海"}, {"3", "Bo \"B\" Sample,\nJr", ""}}
	plain := "id,name,city\n1,Ada Example,Köln\n2,,上海\n3,\"Bo \"\"B\"\" Sample,\nJr\",\n"
	crlf := strings.ReplaceAll(strings.ReplaceAll(plain, "\n", "\r\n"), "Sample,\r\nJr", "Sample,\nJr")
	for name, c := range map[string]struct {
		text string
		o    sheetOptions
	}{
		"plain":              {text: plain},
		"no last line end":   {text: strings.TrimSpace(plain)},
		"windows lines":      {text: crlf},
		"mark":               {text: "\ufeff" + plain},
		"spaces":             {text: "id, name, city\n1 , Ada Example,\tKöln \n2,   ,\u3000上海\u3000\n3,  \"Bo \"\"B\"\" Sample,\nJr\", \n"},
		"blank lines":        {text: "\n" + strings.Replace(plain, "\n", "\n\n  \n", 1)},
		"semicolons":         {text: "id;name;city\n1;Ada Example;Köln\n2;;上海\n3;\"Bo \"\"B\"\" Sample,\nJr\";\n"},
		"tabs":               {text: "id\tname\tcity\n1\tAda Example\tKöln\n2\t\t上海\n3\t\"Bo \"\"B\"\" Sample,\nJr\"\t\n"},
		"pipes":              {text: "id|name|city\n1|Ada Example|Köln\n2||上海\n3|\"Bo \"\"B\"\" Sample,\nJr\"|\n"},
		"named separator":    {text: plain, o: sheetOptions{comma: ','}},
		"UTF-16 with mark":   {text: encodedAs(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), plain)},
		"UTF-16 big endian":  {text: encodedAs(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), plain)},
		"UTF-16 by name":     {text: encodedAs(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), plain), o: sheetOptions{encoding: "utf-16le"}},
		"GB18030":            {text: encodedAs(t, simplifiedchinese.GB18030, plain), o: sheetOptions{encoding: "gb18030"}},
		"mark before a name": {text: "\ufeff" + plain, o: sheetOptions{encoding: "gb18030"}},
	} {
		s, err := parseSheet(t.Context(), "people.csv", strings.NewReader(c.text), c.o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := append([][]string{s.columns}, s.rows...); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s: read %q", name, got)
		}
		if s.crlf != (name == "windows lines") {
			t.Errorf("%s: windows lines are %v", name, s.crlf)
		}
		if mark := strings.Contains(name, "mark") || strings.HasPrefix(name, "UTF-16") || name == "GB18030"; s.mark != mark {
			t.Errorf("%s: the mark is %v", name, s.mark)
		}
	}
	latin := encodedAs(t, charmap.Windows1252, "name;city\nZoë Example;Málaga\n")
	for _, name := range []string{"windows-1252", "latin-1", "ISO-8859-1"} {
		s, err := parseSheet(t.Context(), "people.csv", strings.NewReader(latin), sheetOptions{encoding: name})
		if err != nil || s.rows[0][0] != "Zoë Example" || s.rows[0][1] != "Málaga" {
			t.Errorf("%s: %v %v", name, s, err)
		}
	}
}

// A header in which two separators are as good is decided by the rows.
func TestSeparatorIsWhatTheRowsAgreeOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rune{
		"name;city, country\nAda Example;Köln, DE\nBo Sample;Rome\n": ';',
		"name,city;country\nAda Example,Köln;DE\nBo Sample,Rome\n":   ',',
		"name\nAda Example\n":         ',',
		"a|b,c\n1|2,3\n4|5\n6|7\n":    '|',
		"a;b\n\"1,2,3,4\";\"5,6,7\"":  ';',
		"only a header with no break": ',',
	} {
		if got := separator([]byte(text)); got != want {
			t.Errorf("%q is parted by %q, want %q", text, got, want)
		}
	}
}

func TestSheetFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, want string
		o          sheetOptions
	}{
		"empty":            {text: "", want: "people.csv: the file is empty"},
		"only spaces":      {text: "\n\n", want: "the file is empty"},
		"no rows":          {text: "a,b\n", want: "people.csv: there are no rows below the header"},
		"short row":        {text: "a,b\n1,2\n\n3\n", want: "people.csv:4: this row has 1 values, and the header 2 columns"},
		"long row":         {text: "a,b\n\"1\n1\",2\n1,2,3\n", want: "people.csv:4: this row has 3 values"},
		"twins":            {text: "a,b, a\n1,2,3\n", want: `people.csv:1: columns 1 and 3 are both called "a"`},
		"open quote":       {text: "a,b\n1,2\n\"3,4\n", want: "people.csv:3: a quoted value does not end"},
		"bare quote":       {text: "a,b\n1,5\" pipe\n", want: "people.csv:2: a quote inside a value"},
		"endless quote":    {text: "a,b\n1,\"" + strings.Repeat("2,3\n", maxRecord/3), want: "is a quote not closed?"},
		"long value":       {text: "a,b\n1," + strings.Repeat("x", maxValue+1) + "\n", want: "people.csv:2: a value of 65537 bytes"},
		"many columns":     {text: strings.Repeat("a,", maxColumns) + "b\n", want: "there are 1001 columns"},
		"many rows":        {text: "a,b\n1,2\n3,4\n", want: "people.csv:3: there are more than 1 rows: allow more with -max-rows", o: sheetOptions{maxRows: 1}},
		"workbook":         {text: "PK\x03\x04rest", want: "save it as CSV"},
		"compressed":       {text: "\x1f\x8brest", want: "compressed"},
		"old lines":        {text: "a,b\r1,2\r", want: "carriage return"},
		"zeros":            {text: "a\x00,\x00b\x00\n\x00", want: "-encoding utf-16le"},
		"latin":            {text: "name,city\nAda Example,M\xe1laga\n", want: `people.csv:2: this is not UTF-8: with -encoding windows-1252 it reads "Málaga"`},
		"chinese":          {text: "name,city\nAda Example,\xc9\xcf\xba\xa3\n", want: `with -encoding gb18030 it reads "上海"`},
		"latin header":     {text: "n\xe1me,city\nAda Example,x\n", want: "people.csv:1: this is not UTF-8"},
		"wrong encoding":   {text: "name,city\nAda Example,M\xe1\xff\n", want: "name another -encoding", o: sheetOptions{encoding: "gb18030"}},
		"unknown encoding": {text: "a,b\n1,2\n", want: `-encoding "klingon" is not known; there are utf-8`, o: sheetOptions{encoding: "klingon"}},
	} {
		s, err := parseSheet(t.Context(), "people.csv", strings.NewReader(c.text), c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) || !utf8.ValidString(err.Error()) || len(err.Error()) > 400 {
			t.Errorf("%s: %v, %v; want %q", name, s, err, c.want)
		}
	}
}

// What is written as CSV is read back, whatever is in it.
func TestSheetReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Map(rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune(" ,;\t|\"'\n=+-@ö上🙂")), rapid.Rune())), func(s string) string {
			return strings.TrimSpace(strings.Map(func(r rune) rune {
				if r == '\r' || r == 0 || r == utf8.RuneError || r == '\ufeff' {
					return -1
				}
				return r
			}, s))
		})
		columns := rapid.IntRange(2, 5).Draw(t, "columns")
		header := make([]string, columns)
		for i := range header {
			header[i] = fmt.Sprint("c", i, value.Draw(t, "name"))
		}
		rows := rapid.SliceOfN(rapid.SliceOfN(value, columns, columns), 1, 8).Draw(t, "rows")
		comma := rapid.SampledFrom([]rune(",;\t|")).Draw(t, "comma")
		var text bytes.Buffer
		text.WriteString(rapid.SampledFrom([]string{"", "\ufeff"}).Draw(t, "mark"))
		w := csv.NewWriter(&text)
		w.Comma, w.UseCRLF = comma, rapid.Bool().Draw(t, "crlf")
		if err := w.WriteAll(append([][]string{header}, rows...)); err != nil {
			t.Fatal(err)
		}
		s, err := parseSheet(t.Context(), "people.csv", &text, sheetOptions{comma: comma})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.columns, header) || !slices.EqualFunc(s.rows, rows, slices.Equal) {
			t.Fatalf("wrote %q %q\nread  %q %q", header, rows, s.columns, s.rows)
		}
	})
}

func FuzzSheet(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "\ufeffa;b\r\n\"1\n\";2\r\n", "a\tb\n\t\n", "a|b\n1", "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x002\x00", "a,a\n", "\"", "a,b\n1,\xe1\n"} {
		f.Add([]byte(text), "")
		f.Add([]byte(text), "gb18030")
	}
	f.Fuzz(func(t *testing.T, data []byte, encoding string) {
		s, err := parseSheet(t.Context(), "people.csv", bytes.NewReader(data), sheetOptions{encoding: encoding, maxRows: 1000})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "people.csv:") {
				t.Errorf("the fault names no file: %v", err)
			}
			return
		}
		line := 0
		for i, row := range s.rows {
			if len(row) != len(s.columns) || s.lines[i] <= line {
				t.Fatalf("row %d has %d of %d values, on line %d after %d", i, len(row), len(s.columns), s.lines[i], line)
			}
			line = s.lines[i]
			for _, value := range row {
				if !utf8.ValidString(value) || value != strings.TrimSpace(value) {
					t.Fatalf("row %d has %q", i, value)
				}
			}
		}
	})
}
