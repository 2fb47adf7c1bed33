package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// refusals are all the bad posts there are, by what is wrong with them.
func refusals() map[string]refusal {
	all := map[string]refusal{}
	for _, some := range []map[string]refusal{badBodies(), badValues(), badRequests()} {
		for name, c := range some {
			all[name] = c
		}
	}
	return all
}

// badBodies cannot be read at all.
func badBodies() map[string]refusal {
	good := typed().Encode()
	many := strings.Repeat("a=b&", 10_000)
	var members strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&members, `,"f%d":1`, i)
	}
	manyParts := make([]string, 0, 600)
	for i := range 300 {
		manyParts = append(manyParts, fmt.Sprint("f", i, "!"), "x")
	}
	form := "multipart/form-data; boundary=bnd"
	return map[string]refusal{
		"empty body":                  {body: "", status: 400, field: "body"},
		"blank body":                  {body: " \r\n ", status: 400, field: "body"},
		"empty JSON body":             {kind: asJSON, body: "", status: 400, field: "body"},
		"1 MB of fields":              {body: "name=" + strings.Repeat("x", 1<<20), status: 413, field: "body"},
		"1 MB of JSON":                {kind: asJSON, body: `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, status: 413, field: "body"},
		"1 MB of zeros":               {body: strings.Repeat("\x00", 1<<20), status: 413, field: "body"},
		"a megabyte's file":           {kind: form, body: multipartOf("bnd", "a!", strings.Repeat("x", 1<<20)), status: 413, field: "body"},
		"plain text":                  {kind: "text/plain", body: good, status: 415, field: "Content-Type"},
		"XML":                         {kind: "application/xml", body: "<name>" + secret + "</name>", status: 415, field: "Content-Type"},
		"no content type":             {kind: "-", body: good, status: 415, field: "Content-Type"},
		"broken content type":         {kind: "application/;;=", body: good, status: 415, field: "Content-Type"},
		"content type with a value":   {kind: "text/" + secret, body: good, status: 415, field: "Content-Type"},
		"another charset":             {kind: urlencoded + "; charset=gbk", body: good, status: 415, field: "Content-Type"},
		"broken percent encoding":     {body: "name=%zz", status: 400, field: "name"},
		"cut percent encoding":        {body: good + "&city=%4", status: 400, field: "city"},
		"multipart, no boundary":      {kind: "multipart/form-data", body: multipartOf("bnd", "name", secret), status: 400, field: "body"},
		"multipart, other boundary":   {kind: "multipart/form-data; boundary=else", body: multipartOf("bnd", "name", secret), status: 400, field: "body"},
		"multipart cut short":         {kind: form, body: strings.TrimSuffix(multipartOf("bnd", "name", secret), "--bnd--\r\n"), status: 400, field: "name"},
		"multipart cut in a header":   {kind: form, body: "--bnd\r\nContent-Dispo", status: 400, field: "body"},
		"multipart, part of no form":  {kind: form, body: "--bnd\r\nContent-Disposition: attachment\r\n\r\nx\r\n--bnd--\r\n", status: 400, field: "body"},
		"multipart, 300 files":        {kind: form, body: multipartOf("bnd", manyParts...), status: 413, field: "body"},
		"10,000 fields":               {body: many, status: 413, field: "body"},
		"10,000 members":              {kind: asJSON, body: `{"a":1` + members.String() + `}`, status: 413, field: "body"},
		"10,000 elements":             {kind: asJSON, body: `{"tags":["x"` + strings.Repeat(`,"x"`, 10_000) + `]}`, status: 413, field: "body"},
		"JSON that breaks off":        {kind: asJSON, body: `{"name":"` + secret, status: 400, field: "name"},
		"JSON array":                  {kind: asJSON, body: `[{"name":"` + secret + `"}]`, status: 400, field: "body"},
		"JSON text":                   {kind: asJSON, body: `"` + secret + `"`, status: 400, field: "body"},
		"JSON null":                   {kind: asJSON, body: `null`, status: 400, field: "body"},
		"JSON and more":               {kind: asJSON, body: `{"name":"x"} {"name":"y"}`, status: 400, field: "body"},
		"nested JSON":                 {kind: asJSON, body: `{"name":{"first":"` + secret + `"}}`, status: 422, field: "name"},
		"nested JSON array":           {kind: asJSON, body: `{"tags":[["x"]]}`, status: 422, field: "tags"},
		"deep JSON":                   {kind: asJSON, body: `{"name":` + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + `}`, status: 422, field: "name"},
		"duplicate JSON keys":         {kind: asJSON, body: `{"name":"x","name":"` + secret + `"}`, status: 400, field: "name"},
		"duplicate JSON keys, hidden": {kind: asJSON, body: `{"name":"x","\u006eame":"` + secret + `"}`, status: 400, field: "name"},
		"invalid UTF-8":               {body: "name=%ff%fe&phone=1", status: 400, field: "name"},
		"invalid UTF-8, raw":          {body: "name=\xff\xfe", status: 400, field: "name"},
		"invalid UTF-8 in a name":     {body: "%ff=1", status: 400, field: "body"},
		"invalid UTF-8 in JSON":       {kind: asJSON, body: "{\"name\":\"\xff\"}", status: 400, field: "body"},
		"control characters":          {body: "name=a%00b", status: 400, field: "name"},
		"escape sequence":             {body: "name=%1b%5b2J", status: 400, field: "name"},
		"control characters in JSON":  {kind: asJSON, body: `{"name":"a\u0000b"}`, status: 400, field: "name"},
		"control character in a name": {body: "na%0Ame=x", status: 400, field: "body"},
		"over-long value":             {body: "message=" + strings.Repeat("x", 9<<10), status: 413, field: "message"},
		"over-long name":              {body: strings.Repeat("x", 200) + "=1", status: 413, field: "body"},
		"a value as a name":           {body: url.QueryEscape(secret+"@example.com") + "=%ff", status: 400, field: "body"},
	}
}

// badValues can be read and are not what the form asks for.
func badValues() map[string]refusal {
	with := func(changes ...string) string { return typed(changes...).Encode() }
	without := func(names ...string) string {
		v := typed()
		for _, n := range names {
			v.Del(n)
		}
		return v.Encode()
	}
	return map[string]refusal{
		"no name":                    {body: without("name"), status: 422, field: "name", label: "Your name"},
		"a name of nothing":          {body: with("name", " \u200b\u3000 "), status: 422, field: "name", label: "Your name"},
		"no consent":                 {body: without("consent"), status: 422, field: "consent", label: "Harbour Learning may contact me"},
		"consent declined":           {body: with("consent", "no"), status: 422, field: "consent", label: "Harbour Learning may contact me"},
		"neither phone nor e-mail":   {body: without("phone", "email"), status: 422, field: "phone", label: "Phone"},
		"no name in JSON":            {kind: asJSON, body: `{"phone":"+1 415 555 0132","consent":true}`, status: 422, field: "name"},
		"name too long":              {body: with("name", strings.Repeat("长", 501)), status: 422, field: "name", label: "Your name"},
		"message too long":           {body: with("message", strings.Repeat("x", 4001)), status: 422, field: "message", label: "Anything we should know?"},
		"age in words":               {body: with("age", "seven "+secret), status: 422, field: "age", label: "Age of your child"},
		"no such choice":             {body: with("budget", secret), status: 422, field: "budget", label: "Budget a month"},
		"two names":                  {body: with() + "&name=other", status: 422, field: "name", label: "Your name"},
		"phone garbage":              {body: with("phone", "call me at noon", "email", ""), status: 422, field: "phone", label: "Phone"},
		"phone of zeros":             {body: with("phone", "00000000000", "email", ""), status: 422, field: "phone", label: "Phone"},
		"phone of 200 digits":        {body: with("phone", strings.Repeat("13912345", 25), "email", ""), status: 422, field: "phone", label: "Phone"},
		"e-mail garbage":             {body: with("phone", "", "email", secret+"@@example"), status: 422, field: "email", label: "E-mail"},
		"e-mail without domain":      {body: with("phone", "", "email", "zebra@"), status: 422, field: "email", label: "E-mail"},
		"e-mail of an address":       {body: with("phone", "", "email", "zebra@[192.0.2.1]"), status: 422, field: "email", label: "E-mail"},
		"both garbage":               {body: with("phone", "x", "email", "y"), status: 422, field: "phone", label: "Phone"},
		"header injected by e-mail":  {body: with("phone", "", "email", "zebra@example.com\r\nBcc: all@example.com"), status: 422, field: "email", label: "E-mail"},
		"header injected by thanks":  {body: with("thank_you", "https://www.example.com/\r\nSet-Cookie: a=b"), status: 422, field: "thank_you"},
		"thanks elsewhere":           {body: with("thank_you", "https://evil.example.org/"), status: 422, field: "thank_you"},
		"thanks by a suffix":         {body: with("thank_you", "https://evilwww.example.com/"), status: 422, field: "thank_you"},
		"thanks by a subdomain":      {body: with("thank_you", "https://www.example.com.example.org/"), status: 422, field: "thank_you"},
		"thanks by a user name":      {body: with("thank_you", "https://www.example.com@example.org/"), status: 422, field: "thank_you"},
		"thanks by a backslash":      {body: with("thank_you", `https://example.org\@www.example.com/`), status: 422, field: "thank_you"},
		"thanks without a scheme":    {body: with("thank_you", "//example.org/"), status: 422, field: "thank_you"},
		"thanks of slashes":          {body: with("thank_you", "///example.org"), status: 422, field: "thank_you"},
		"thanks as a path":           {body: with("thank_you", "/thanks"), status: 422, field: "thank_you"},
		"thanks by script":           {body: with("thank_you", "javascript:alert(1)"), status: 422, field: "thank_you"},
		"thanks by data":             {body: with("thank_you", "data:text/html,hi"), status: 422, field: "thank_you"},
		"thanks in clear text":       {body: with("thank_you", "http://www.example.com/"), status: 422, field: "thank_you"},
		"thanks with a tab":          {body: with("thank_you", "https://www.example.com\t.example.org/"), status: 422, field: "thank_you"},
		"thanks by full-width stops": {body: with("thank_you", "https://www．example．com/"), status: 422, field: "thank_you"},
		"thanks of a broken URL":     {body: with("thank_you", "https://%zz"), status: 422, field: "thank_you"},
	}
}

// badRequests are wrong beside their body.
func badRequests() map[string]refusal {
	good := typed().Encode()
	return map[string]refusal{
		"unknown form":              {path: "/f/none", body: good, status: 404, field: "form"},
		"unknown form, its page":    {method: http.MethodGet, path: "/f/none", status: 404, field: "form"},
		"closed form":               {path: "/f/closed", body: good, status: 404, field: "form"},
		"form of another spelling":  {path: "/f/Trial", body: good, status: 404, field: "form"},
		"foreign script":            {body: good, header: []string{"Origin", "https://example.org"}, status: 403, field: "origin"},
		"foreign script, JSON":      {kind: asJSON, body: `{}`, header: []string{"Origin", "https://example.org"}, status: 403, field: "origin"},
		"origin by a suffix":        {body: good, header: []string{"Origin", "https://www.example.com.example.org"}, status: 403, field: "origin"},
		"origin of another scheme":  {body: good, header: []string{"Origin", "http://www.example.com"}, status: 403, field: "origin"},
		"origin null":               {body: good, header: []string{"Origin", "null"}, status: 403, field: "origin"},
		"origin with a line break":  {body: good, header: []string{"Origin", "https://www.example.com\r\nX: y"}, status: 403, field: "origin", direct: true},
		"foreign preflight":         {method: http.MethodOptions, header: []string{"Origin", "https://example.org"}, status: 403, field: "origin"},
		"preflight of an unknown":   {method: http.MethodOptions, path: "/f/none", header: []string{"Origin", "https://www.example.com"}, status: 404, field: "form"},
		"PUT":                       {method: http.MethodPut, body: good, status: 405, field: "method"},
		"DELETE":                    {method: http.MethodDelete, status: 405, field: "method"},
		"PATCH of an unknown form":  {method: http.MethodPatch, path: "/f/none", body: good, status: 405, field: "method"},
		"post to the thanks":        {path: "/f/trial/thanks", body: good, status: 405, field: "method"},
		"another path":              {path: "/f/trial/" + secret, body: good, status: 404, field: "form"},
		"no form":                   {path: "/f/", body: good, status: 404, field: "form"},
		"idempotency key too long":  {body: good, header: []string{"Idempotency-Key", strings.Repeat("k", 201)}, status: 422, field: "Idempotency-Key"},
		"line break in the key":     {body: good, header: []string{"Idempotency-Key", "k\r\nSet-Cookie: a=b"}, status: 422, field: "Idempotency-Key", direct: true},
		"control character in it":   {body: good, header: []string{"Idempotency-Key", "k\x00"}, status: 422, field: "Idempotency-Key", direct: true},
		"idempotency key in script": {body: good, header: []string{"Idempotency-Key", "Schlüssel"}, status: 422, field: "Idempotency-Key"},
	}
}
