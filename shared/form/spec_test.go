package form

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	if found := demo().Check(); len(found) > 0 {
		t.Fatalf("faults in a good form: %v", found)
	}
	bad := Spec{
		ID: "Demo Form", Region: "China",
		Fields: []Field{
			{Name: "a", Kind: "colour"}, {Name: "a", Kind: Text}, {Name: "", Kind: Text}, {Name: "c", Kind: ChoiceKind},
			{Name: "d", Kind: ConsentKind}, {Name: ThankYouField, Kind: HiddenKind}, {Name: "e", Kind: Text, Max: 100000},
			{Name: "i", Kind: IndustryKind, Sensitive: true}, {Name: "j", Kind: IndustryKind}, {Name: "h", Kind: HeadcountKind}, {Name: "k", Kind: HeadcountKind},
		},
		AnyOf: [][]string{{"a", "phone"}}, Origins: []string{"www.example.com", "https://a.example.com/path", "*"},
		ThankYou: "http://www.example.com", ThankYouHosts: []string{"https://www.example.com", "*.example.com"},
	}
	want := []string{
		"any_of[0][1]", "consent", "fields", "fields[0].kind", "fields[10].kind", "fields[1].name", "fields[2].name", "fields[3].choices", "fields[5].name",
		"fields[6].max", "fields[7].sensitive", "fields[8].kind", "id", "origins[0]", "origins[1]", "region", "thank_you", "thank_you_hosts[0]",
	}
	var got []string
	for _, p := range bad.Check() {
		got = append(got, p.Field)
		if p.Reason == "" || p.Message == "" {
			t.Errorf("fault without words: %v", p)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("got  %v\nwant %v", got, want)
	}
}

func TestSpecAsJSON(t *testing.T) {
	t.Parallel()
	const document = `{"id":"demo","product":"course","fields":[{"name":"phone","kind":"phone","required":true,"max":40},{"name":"topic","kind":"choice","sensitive":true,"choices":["a"]}],
		"any_of":[["phone"]],"consent":{"text":"t","version":"1","purpose":"p","basis":"consent"},"origins":["*"],"thank_you":"https://www.example.com","thank_you_hosts":["*.example.com"],"unverified":true,"closed":true}`
	var got Spec
	if err := json.Unmarshal([]byte(document), &got); err != nil {
		t.Fatal(err)
	}
	want := Spec{
		ID: "demo", Product: "course", Fields: []Field{{Name: "phone", Kind: PhoneKind, Required: true, Max: 40}, {Name: "topic", Kind: ChoiceKind, Sensitive: true, Choices: []string{"a"}}},
		AnyOf: [][]string{{"phone"}}, Consent: &Consent{"t", "1", "p", "consent"}, Origins: []string{"*"}, ThankYou: "https://www.example.com", ThankYouHosts: []string{"*.example.com"}, Unverified: true, Closed: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
}
