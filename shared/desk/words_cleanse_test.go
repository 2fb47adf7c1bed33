package desk_test

import (
	"strings"
	"testing"

	"sluice/shared/app"
	"sluice/shared/desk"
	"sluice/shared/page"
)

// TestEveryEventHasWords: whatever the API says can happen is told in every language.
func TestEveryEventHasWords(t *testing.T) {
	t.Parallel()
	kinds := openDocument(t).Components.Schemas["Event"].Value.Properties["kind"].Value.Enum
	if len(kinds) < 40 {
		t.Fatalf("only %d kinds", len(kinds))
	}
	for _, lang := range page.Languages {
		for _, kind := range kinds {
			e := app.Event{Kind: kind.(string), Rep: &app.Who{Name: "Amy"}, Added: []string{"fair"}}
			if text := desk.What(lang.Tag, e); text == "" || strings.HasPrefix(text, "event.") || strings.Contains(text, "%!") {
				t.Errorf("%s is told as %q in %s", kind, text, lang.Name)
			}
		}
	}
	for _, c := range []struct {
		want string
		e    app.Event
	}{
		{"firmbook told what was not known", app.Event{Kind: "enriched", Of: []string{"firmbook"}}},
		{"firmbook told nothing", app.Event{Kind: "enriched", Of: []string{"firmbook"}, Why: "no usable answer"}},
		{"firmbook, listly asked for what is not known", app.Event{Kind: "asked", Of: []string{"firmbook", "listly"}}},
		{"Its own person's again: the merge was undone", app.Event{Kind: "joined", Undone: true}},
		{"Found on a list again: fair", app.Event{Kind: "touched", Listed: true, Form: "fair"}},
	} {
		if got := desk.What("en", c.e); got != c.want {
			t.Errorf("%+v is told as %q, want %q", c.e, got, c.want)
		}
	}
}

func TestLeadIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"l1": "l1", " p2 ": "p2", "https://desk.example.com/prod/leads/l1?lang=zh": "l1", "/persons/p2#x": "p2", "http://x/leads/l1/route": "l1", "": "", "/leads/": "",
	} {
		if got := desk.LeadIn(text); got != want {
			t.Errorf("%q means %q, want %q", text, got, want)
		}
	}
}

func FuzzLeadIn(f *testing.F) {
	f.Add("https://desk.example.com/leads/l1?x")
	f.Add("/persons//leads/#")
	f.Fuzz(func(t *testing.T, text string) {
		if got := desk.LeadIn(text); strings.Contains(got, "/leads/") || strings.Contains(got, "/persons/") || !strings.Contains(text, got) {
			t.Errorf("%q means %q", text, got)
		}
	})
}
