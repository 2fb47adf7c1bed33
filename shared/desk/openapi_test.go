package desk_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"sluice/shared/desk"
)

// document31 is the API's description, to hold answers against.
type document31 struct {
	*openapi3.T
	paths []described
}

type described struct {
	pattern *regexp.Regexp
	path    string
	item    *openapi3.PathItem
}

// loaded is the document, read once for all tests.
var loaded = sync.OnceValues(func() (*document31, error) {
	data, err := os.ReadFile("openapi.json")
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, err
	}
	d := &document31{T: doc}
	param := regexp.MustCompile(`\\\{[a-z]+\\\}`)
	for path, item := range doc.Paths.Map() {
		pattern := param.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+")
		d.paths = append(d.paths, described{regexp.MustCompile("^" + pattern + "$"), path, item})
	}
	// An address without parameters comes before those that fit it too.
	slices.SortFunc(d.paths, func(a, b described) int { return strings.Count(a.path, "{") - strings.Count(b.path, "{") })
	return d, nil
})

func openDocument(t *testing.T) *document31 {
	t.Helper()
	d, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// check holds an answer against its operation: the status must be listed, and
// the body fit its schema. Addresses that the API does not have are left out.
func (d *document31) check(t *testing.T, r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	at := slices.IndexFunc(d.paths, func(p described) bool { return p.pattern.MatchString(r.URL.Path) })
	if at < 0 {
		return
	}
	op := d.paths[at].item.GetOperation(r.Method)
	if op == nil {
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s %s answered %d and is not in the document", r.Method, d.paths[at].path, w.Code)
		}
		return
	}
	answer := op.Responses.Value(strconv.Itoa(w.Code))
	if answer == nil {
		t.Errorf("%s answered %d, which the document does not list: %s", op.OperationID, w.Code, w.Body)
		return
	}
	kind := w.Header().Get("Content-Type")
	media := answer.Value.Content[kind]
	if media == nil {
		t.Errorf("%s answered %d as %q, which the document does not list", op.OperationID, w.Code, kind)
		return
	}
	var body any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Errorf("%s answered %d with no JSON: %v", op.OperationID, w.Code, err)
		return
	}
	if err := media.Schema.Value.VisitJSON(body, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors()); err != nil {
		t.Errorf("%s answered %d against its schema: %v\n%s", op.OperationID, w.Code, err, w.Body)
	}
}

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	doc := openDocument(t)
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("document is OpenAPI %s, want 3.1", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context(), openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Error(err)
	}
}

func TestDocumentHasEveryRoute(t *testing.T) {
	t.Parallel()
	doc := openDocument(t)
	var described []string
	ids := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			described = append(described, method+" "+path)
			if ids[op.OperationID] || op.OperationID == "" || op.Summary == "" {
				t.Errorf("%s %s has no operationId of its own, or no summary", method, path)
			}
			ids[op.OperationID] = true
			for _, name := range regexp.MustCompile(`\{([a-z]+)\}`).FindAllStringSubmatch(path, -1) {
				if op.Parameters.GetByInAndName("path", name[1]) == nil {
					t.Errorf("%s %s does not describe its parameter %s", method, path, name[1])
				}
			}
		}
	}
	served := desk.Operations()
	slices.Sort(described)
	slices.Sort(served)
	if !slices.Equal(described, served) {
		t.Errorf("described and served differ:\n%s\n---\n%s", strings.Join(described, "\n"), strings.Join(served, "\n"))
	}
}
