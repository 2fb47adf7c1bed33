package app_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// ask is one request to capture, sent directly or as API Gateway tells it.
type ask struct {
	method, path, body string
	header             http.Header
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (b *bundle) direct(a ask) answer {
	r := httptest.NewRequest(a.method, a.path, strings.NewReader(a.body))
	r.Header = a.header.Clone()
	w := httptest.NewRecorder()
	b.capture.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// gateway sends the request as an event of a REST API, its body in base64 where
// the API counts its content type as binary.
func (b *bundle) gateway(a ask, binary bool) answer {
	b.t.Helper()
	target, err := url.Parse(a.path)
	if err != nil {
		b.t.Fatal(err)
	}
	event := events.APIGatewayProxyRequest{
		Resource: "/f/{form+}", Path: target.EscapedPath(), HTTPMethod: a.method, MultiValueHeaders: a.header,
		MultiValueQueryStringParameters: target.Query(), Body: a.body, IsBase64Encoded: binary,
		RequestContext: events.APIGatewayProxyRequestContext{RequestID: "r1", Path: target.EscapedPath(),
			DomainName: "example.com", Identity: events.APIGatewayRequestIdentity{SourceIP: "192.0.2.44"}},
	}
	if binary {
		event.Body = base64.StdEncoding.EncodeToString([]byte(a.body))
	}
	var out events.APIGatewayProxyResponse
	b.invoke("capture", event, &out)
	body := out.Body
	if out.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(out.Body)
		if err != nil {
			b.t.Fatal(err)
		}
		body = string(decoded)
	}
	return answer{out.StatusCode, http.Header(out.MultiValueHeaders), body}
}

// everyWay sends the request directly and in each of the gateway's encodings,
// and holds that they answer alike. It returns the direct answer.
func (b *bundle) everyWay(a ask) answer {
	b.t.Helper()
	got := b.direct(a)
	for _, binary := range []bool{true, false} {
		if !binary && !utf8.ValidString(a.body) { // JSON cannot carry it
			continue
		}
		if other := b.gateway(a, binary); other.status != got.status || other.body != got.body {
			b.t.Errorf("through the gateway (base64 %t) the answer is %d %.200s\nwant %d %.200s", binary, other.status, other.body, got.status, got.body)
		}
	}
	return got
}

// multipartOf makes a multipart body; a name that ends in ! is a file.
func multipartOf(boundary string, pairs ...string) string {
	var out bytes.Buffer
	for i := 0; i+1 < len(pairs); i += 2 {
		name, isFile := strings.CutSuffix(pairs[i], "!")
		fmt.Fprintf(&out, "--%s\r\nContent-Disposition: form-data; name=%q", boundary, name)
		if isFile {
			out.WriteString("; filename=\"../../etc/passwd\"\r\nContent-Type: application/octet-stream")
		}
		out.WriteString("\r\n\r\n" + pairs[i+1] + "\r\n")
	}
	out.WriteString("--" + boundary + "--\r\n")
	return out.String()
}

// keyed gives the request an idempotency key, so that its answer is the same
// each time.
func (a ask) keyed(key string) ask {
	a.header.Set("Idempotency-Key", key)
	return a
}
