package form

import (
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

const (
	urlencoded = "application/x-www-form-urlencoded"
	mixed      = "multipart/form-data; boundary=b"
	asJSON     = "application/json"
)

// parts makes a multipart body with the boundary b, each part given as its
// headers, a blank line and the content.
func parts(all ...string) string {
	var b strings.Builder
	for _, part := range all {
		b.WriteString("--b\r\n" + strings.ReplaceAll(part, "\n", "\r\n") + "\r\n")
	}
	return b.String() + "--b--\r\n"
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind, body string
		want       Values
	}{
		"urlencoded":         {urlencoded, "name=Ada+B&city=M%C3%BCnchen&a=1&a=2", Values{"name": {"Ada B"}, "city": {"München"}, "a": {"1", "2"}}},
		"charset named":      {urlencoded + "; charset=UTF-8", "a=1", Values{"a": {"1"}}},
		"empty pairs":        {urlencoded, "&&a&b=&=", nil},
		"name alone":         {urlencoded, "a&b=", Values{"a": {""}, "b": {""}}},
		"= in a value":       {urlencoded, "a=b=c;d", Values{"a": {"b=c;d"}}},
		"Chinese":            {urlencoded, "姓名=艾达", Values{"姓名": {"艾达"}}},
		"line breaks kept":   {urlencoded, "m=a%0D%0Ab%09c", Values{"m": {"a\r\nb\tc"}}},
		"multipart":          {mixed, parts("Content-Disposition: form-data; name=\"name\"\n\nAda", "Content-Disposition: form-data; name=\"name\"\n\nBob"), Values{"name": {"Ada", "Bob"}}},
		"file skipped":       {mixed, parts("Content-Disposition: form-data; name=\"cv\"; filename=\"a.txt\"\nContent-Type: text/plain; charset=gbk\n\n\xff\x00", "Content-Disposition: form-data; name=\"a\"\n\n1"), Values{"a": {"1"}}},
		"no file chosen":     {mixed, parts("Content-Disposition: form-data; name=\"cv\"; filename=\"\"\nContent-Type: application/octet-stream\n\n"), Values{}},
		"quoted-printable":   {mixed, parts("Content-Disposition: form-data; name=\"a\"\nContent-Transfer-Encoding: quoted-printable\n\n=C3=A9"), Values{"a": {"é"}}},
		"no parts":           {mixed, "--b--\r\n", Values{}},
		"JSON":               {asJSON, `{"name":"Ada","age":7,"big":12345678901234567890,"ok":true,"no":false,"nil":null,"list":["a",1,null,true]}`, Values{"name": {"Ada"}, "age": {"7"}, "big": {"12345678901234567890"}, "ok": {"true"}, "no": {"false"}, "list": {"a", "1", "true"}}},
		"JSON escapes":       {asJSON, ` {"a":"\u827e\n"} ` + "\n", Values{"a": {"艾\n"}}},
		"JSON empty":         {asJSON, `{}`, Values{}},
		"JSON charset named": {asJSON + ";charset=utf-8", `{"a":[]}`, Values{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.kind, []byte(tt.body), Limits{})
			if tt.want == nil {
				if err == nil {
					t.Fatalf("got %v, want a fault", map[string][]string(got))
				}
				return
			}
			if err != nil || !maps.EqualFunc(got, tt.want, slices.Equal[[]string]) {
				t.Fatalf("got %v, %v, want %v", map[string][]string(got), err, map[string][]string(tt.want))
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	var many, manyJSON, manyParts strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&many, "f%d=&", i)
	}
	for i := range 4000 {
		fmt.Fprintf(&manyJSON, `,"f%d":null`, i)
	}
	for i := range 201 {
		fmt.Fprintf(&manyParts, "--b\r\nContent-Disposition: form-data; name=\"f%d\"; filename=\"\"\r\n\r\n\r\n", i)
	}
	field := func(name, content string) string {
		return parts("Content-Disposition: form-data; name=\"" + name + "\"\n\n" + content)
	}
	tests := map[string]struct {
		kind, body    string
		status        int
		reason, field string
	}{
		"empty body":                  {urlencoded, "", 400, ReasonEmptyBody, ""},
		"blank body":                  {asJSON, " \r\n", 400, ReasonEmptyBody, ""},
		"megabyte":                    {urlencoded, "a=" + strings.Repeat("x", 1<<20), 413, ReasonTooLarge, ""},
		"no content type":             {"", "a=1", 415, ReasonMediaType, ""},
		"text":                        {"text/plain", "a=1", 415, ReasonMediaType, ""},
		"broken content type":         {"application/json; charset", "{}", 415, ReasonMediaType, ""},
		"other charset":               {urlencoded + "; charset=gbk", "a=1", 415, ReasonCharset, ""},
		"other charset, JSON":         {asJSON + "; charset=utf-16", "{}", 415, ReasonCharset, ""},
		"ten thousand fields":         {urlencoded, many.String(), 413, ReasonTooLarge, ""},
		"too many fields":             {urlencoded, many.String()[:60000], 413, ReasonTooMany, ""},
		"too many keys":               {asJSON, `{"a":1` + manyJSON.String() + "}", 413, ReasonTooMany, ""},
		"too many elements":           {asJSON, `{"a":[1` + strings.Repeat(",1", 300) + "]}", 413, ReasonTooMany, ""},
		"too many parts":              {mixed, manyParts.String() + "--b--", 413, ReasonTooMany, ""},
		"long value":                  {urlencoded, "bio=" + strings.Repeat("x", 9000), 413, ReasonTooLong, "bio"},
		"long name":                   {urlencoded, strings.Repeat("n", 101) + "=1", 413, ReasonTooLong, ""},
		"no name":                     {urlencoded, "=1", 400, ReasonEncoding, ""},
		"broken percent":              {urlencoded, "city=%zz", 400, ReasonEncoding, "city"},
		"broken percent in name":      {urlencoded, "%=1", 400, ReasonEncoding, ""},
		"invalid UTF-8":               {urlencoded, "city=%ff%fe", 400, ReasonUTF8, "city"},
		"invalid UTF-8 name":          {urlencoded, "%ff=1", 400, ReasonUTF8, ""},
		"invalid UTF-8, JSON":         {asJSON, "{\"a\":\"\xff\"}", 400, ReasonUTF8, ""},
		"invalid UTF-8, multipart":    {mixed, field("a", "\xff"), 400, ReasonUTF8, "a"},
		"NUL":                         {urlencoded, "a=%00", 400, ReasonControl, "a"},
		"escape":                      {asJSON, `{"a":"\u001b[2J"}`, 400, ReasonControl, "a"},
		"C1 control":                  {urlencoded, "a=%C2%85", 400, ReasonControl, "a"},
		"header injection in name":    {urlencoded, "a%0D%0ASet-Cookie:x=1", 400, ReasonControl, ""},
		"no boundary":                 {"multipart/form-data", field("a", "1"), 400, ReasonEncoding, ""},
		"wrong boundary":              {"multipart/form-data; boundary=c", field("a", "1"), 400, ReasonEncoding, ""},
		"cut short":                   {mixed, field("a", "1")[:50], 400, ReasonEncoding, "a"},
		"no last boundary":            {mixed, strings.TrimSuffix(field("a", "1"), "--b--\r\n"), 400, ReasonEncoding, "a"},
		"part without name":           {mixed, parts("Content-Disposition: form-data\n\n1"), 400, ReasonEncoding, ""},
		"part without disposition":    {mixed, parts("X: y\n\n1"), 400, ReasonEncoding, ""},
		"part in base64":              {mixed, parts("Content-Disposition: form-data; name=\"a\"\nContent-Transfer-Encoding: base64\n\nMQ=="), 400, ReasonEncoding, "a"},
		"part in other charset":       {mixed, parts("Content-Disposition: form-data; name=\"a\"\nContent-Type: text/plain; charset=gbk\n\n1"), 415, ReasonCharset, "a"},
		"JSON broken":                 {asJSON, `{"a":`, 400, ReasonEncoding, "a"},
		"JSON cut after a value":      {asJSON, `{"a":1`, 400, ReasonEncoding, ""},
		"JSON cut in an array":        {asJSON, `{"a":[1`, 400, ReasonEncoding, "a"},
		"JSON mismatched":             {asJSON, `{"a":[1}`, 400, ReasonEncoding, "a"},
		"JSON array":                  {asJSON, `[1]`, 400, ReasonEncoding, ""},
		"JSON string":                 {asJSON, `"a"`, 400, ReasonEncoding, ""},
		"JSON with byte order mark":   {asJSON, "\ufeff{}", 400, ReasonEncoding, ""},
		"nested object":               {asJSON, `{"company":{"name":"x"}}`, 422, ReasonNested, "company"},
		"nested array":                {asJSON, `{"a":[[1]]}`, 422, ReasonNested, "a"},
		"object in an array":          {asJSON, `{"a":[{}]}`, 422, ReasonNested, "a"},
		"very deep":                   {asJSON, `{"a":` + strings.Repeat("[", 20000), 422, ReasonNested, "a"},
		"duplicate key":               {asJSON, `{"a":1,"a":2}`, 400, ReasonDuplicate, "a"},
		"duplicate key, escaped":      {asJSON, `{"a":1,"\u0061":2}`, 400, ReasonDuplicate, "a"},
		"trailing data":               {asJSON, `{"a":1} {}`, 400, ReasonTrailing, ""},
		"trailing bracket":            {asJSON, `{"a":1}]`, 400, ReasonTrailing, ""},
		"a name that is no field":     {asJSON, `{"13800138000":{}}`, 422, ReasonNested, ""},
		"an address instead of field": {asJSON, `{"ada@example.com":{}}`, 422, ReasonNested, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.kind, []byte(tt.body), Limits{})
			var fault *Fault
			if !errors.As(err, &fault) || got != nil {
				t.Fatalf("got %v, %v, want a fault", map[string][]string(got), err)
			}
			if fault.Status != tt.status || fault.Reason != tt.reason || fault.Field != tt.field || fault.Message == "" {
				t.Fatalf("got %d %q %q, want %d %q %q", fault.Status, fault.Reason, fault.Field, tt.status, tt.reason, tt.field)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	const body = "abc=12345&d=6"
	if _, err := Parse(urlencoded, []byte(body), Limits{Body: len(body), Fields: 2, Name: 3, Value: 5}); err != nil {
		t.Fatalf("at the limits: %v", err)
	}
	for name, limits := range map[string]Limits{
		"body": {Body: len(body) - 1}, "fields": {Fields: 1}, "name": {Name: 2}, "value": {Value: 4},
	} {
		var fault *Fault
		if _, err := Parse(urlencoded, []byte(body), limits); !errors.As(err, &fault) || fault.Status != 413 {
			t.Errorf("beyond the limit of %s: %v", name, err)
		}
	}
}

// The same fields are the same values, however they are sent.
func TestEncodingsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z_]{1,10}`), 1, 8, rapid.ID[string]).Draw(t, "names")
		text := rapid.StringMatching(`[a-zA-Z0-9 =&%+"\\'<>éä艾😀\n\t-]{0,30}`)
		query := url.Values{}
		for _, name := range names {
			query[name] = rapid.SliceOfN(text, 1, 3).Draw(t, name)
		}
		var form strings.Builder
		w := multipart.NewWriter(&form)
		object := "{"
		for i, name := range names {
			if i > 0 {
				object += ","
			}
			object += fmt.Sprintf("%q:[", name)
			for j, v := range query[name] {
				if j > 0 {
					object += ","
				}
				object += quote(v)
				if err := w.WriteField(name, v); err != nil {
					t.Fatal(err)
				}
			}
			object += "]"
		}
		w.Close()
		for kind, body := range map[string]string{urlencoded: query.Encode(), w.FormDataContentType(): form.String(), asJSON: object + "}"} {
			got, err := Parse(kind, []byte(body), Limits{})
			if err != nil || !reflect.DeepEqual(map[string][]string(got), map[string][]string(query)) {
				t.Fatalf("%s: got %v, %v, want %v", kind, map[string][]string(got), err, query)
			}
		}
	})
}

// quote writes a string in JSON, every character escaped that may be.
func quote(v string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range v {
		if r < 0x10000 {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

func FuzzParse(f *testing.F) {
	f.Add(urlencoded, []byte("name=Ada+B&city=M%C3%BCnchen&a=%00"))
	f.Add(mixed, []byte(parts("Content-Disposition: form-data; name=\"a\"\n\n1", "Content-Disposition: form-data; name=\"cv\"; filename=\"x\"\n\n\xff")))
	f.Add(mixed, []byte("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1"))
	f.Add(asJSON, []byte(`{"name":"Ada","age":7,"list":["a",1,null,true],"x":{}}`))
	f.Add(asJSON+"; charset=utf-8", []byte(`{"a":"\ud800"}`))
	limits := Limits{Body: 4096, Fields: 20, Parts: 20, Name: 30, Value: 500}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		values, err := Parse(kind, body, limits)
		if err != nil {
			var fault *Fault
			if !errors.As(err, &fault) || fault.Status < 400 || fault.Status > 422 || fault.Reason == "" || values != nil {
				t.Fatalf("refused with %#v", err)
			}
			return
		}
		count := 0
		for name, all := range values {
			if name == "" || len(name) > limits.Name || !utf8.ValidString(name) || strings.ContainsFunc(name, isControl) {
				t.Fatalf("name %q", name)
			}
			for _, v := range all {
				count++
				if len(v) > limits.Value || !utf8.ValidString(v) || strings.Contains(v, "\x00") {
					t.Fatalf("%s has the value %q", name, v)
				}
			}
		}
		if count > limits.Fields {
			t.Fatalf("%d values", count)
		}
	})
}
