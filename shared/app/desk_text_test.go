package app

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want lead.Contact }{
		{lead.Contact{Name: "Anna Test", Phone: "+4915112345678", Email: "anna.test@example.com", Company: "Example School"},
			lead.Contact{Name: "A••• T•••", Phone: "+49 ••• 78", Email: "a•••@e•••.com", Company: "E••• S•••"}},
		{lead.Contact{Name: "测试"}, lead.Contact{Name: "测•••"}},
		{lead.Contact{Phone: "110"}, lead.Contact{Phone: "1•••"}},
		{lead.Contact{Email: "a@localhost"}, lead.Contact{Email: "a•••@l•••"}},
		{lead.Contact{Email: "a@例.com"}, lead.Contact{Email: "a•••@例•••.com"}},
		{lead.Contact{}, lead.Contact{}},
	} {
		if got := mask(c.in); got != c.want {
			t.Errorf("masked %#v as name %q, phone %q, e-mail %q, company %q", c.in, got.Name, got.Phone, got.Email, got.Company)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("Anna Test", "+4915112345678", "anna@example.com")
	f.Add("", "1", "@")
	f.Fuzz(func(t *testing.T, name, phone, email string) {
		got := mask(lead.Contact{Name: name, Phone: phone, Email: email})
		if utf8.RuneCountInString(phone) > 8 && got.Phone == phone {
			t.Errorf("phone %q is not masked", phone)
		}
		if local, _, ok := strings.Cut(email, "@"); ok && len(local) > 8 && strings.Contains(got.Email, local) {
			t.Errorf("e-mail %q is masked as %q", email, got.Email)
		}
		if _, domain, _ := strings.Cut(email, "@"); strings.LastIndexByte(domain, '.') > 8 && strings.Contains(got.Email, domain) {
			t.Errorf("e-mail %q is masked as %q", email, got.Email)
		}
		for _, word := range strings.Fields(name) {
			if utf8.RuneCountInString(word) > 4 && slices.Contains(strings.Fields(got.Name), word) {
				t.Errorf("name %q is masked as %q", name, got.Name)
			}
		}
	})
}

func TestReason(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"wrong region": true, "budget below 1200": true, "2 children, 6 and 8": true, "地区不符": true, "": true, "  no time ": true,
		"call 13800138000": false, "138 0013 8000": false, "138-0013": false, "a@example.com": false, "two\nlines": false,
		"bell\a": false, "\u202egnorw": false, strings.Repeat("x", 81): false, "\xff": false, "١٢٣٤٥": false,
	} {
		got, err := field{"reason", text}.reason()
		if (err == nil) != ok {
			t.Errorf("reason %q: %v", text, err)
		}
		if err == nil && got != strings.TrimSpace(text) {
			t.Errorf("reason %q became %q", text, got)
		}
		if err != nil && lead.KindOf(err) != lead.Invalid {
			t.Errorf("reason %q is refused as %s", text, lead.KindOf(err))
		}
	}
}

func TestNote(t *testing.T) {
	t.Parallel()
	if got, err := (field{"note", " first\r\nsecond\tpart "}).note(); err != nil || got != "first\nsecond\tpart" {
		t.Errorf("note became %q: %v", got, err)
	}
	if _, err := (field{"note", strings.Repeat("é", noteMax)}).note(); err != nil {
		t.Errorf("a note of %d characters: %v", noteMax, err)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 20, 0, 0, 0, time.UTC) // the next day in Shanghai
	five := 5
	rep := lead.Rep{Active: true, Zone: "Asia/Shanghai", Cap: &five, Holding: 4, Day: "2026-03-05", Claims: 3}
	claim := lead.RepMove{Kind: lead.MoveClaim, Most: 4}
	for _, c := range []struct {
		name   string
		change func(*lead.Rep)
		move   lead.RepMove
		want   string // part of the refusal, "" for none
	}{
		{"below every limit", func(*lead.Rep) {}, claim, ""},
		{"at the cap", func(r *lead.Rep) { r.Holding = 5 }, claim, "you hold 5 leads"},
		{"no cap", func(r *lead.Rep) { r.Holding, r.Cap = 50, nil }, claim, ""},
		{"at the claim limit", func(r *lead.Rep) { r.Claims = 4 }, claim, "limit of 4 claims"},
		{"claims of yesterday", func(r *lead.Rep) { r.Claims, r.Day = 4, "2026-03-04" }, claim, ""},
		{"not active", func(r *lead.Rep) { r.Active = false }, claim, "not active"},
		{"by hand, at the cap", func(r *lead.Rep) { r.Holding = 5 }, lead.RepMove{Kind: lead.MoveByHand}, "this rep holds 5"},
		{"by hand, at the claim limit", func(r *lead.Rep) { r.Claims = 4 }, lead.RepMove{Kind: lead.MoveByHand}, ""},
	} {
		r := rep
		c.change(&r)
		err := limit(r, c.move, lead.Entry{At: now})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestStartTurns(t *testing.T) {
	t.Parallel()
	rep := func(id string, turns int) lead.Rep {
		return lead.Rep{ID: id, Active: true, Teams: []string{"young"}, Turns: map[string]int{"young": turns}}
	}
	gone := rep("gone", 900)
	gone.Active = false
	pol := policy.List(policy.Document{}, 1)
	reps := []lead.Rep{rep("a", 10), rep("b", 12), rep("c", 40), gone}
	if got := startTurns(pol, reps, lead.Rep{}, lead.Rep{ID: "new", Teams: []string{"young", "empty"}}); got["young"] != 12 || got["empty"] != 0 {
		t.Errorf("a new rep starts with %v", got)
	}
	if got := startTurns(pol, reps, reps[0], reps[0]); got["young"] != 10 {
		t.Errorf("a rep who stays in the team goes on with %v", got)
	}
	back := rep("back", 30) // left the team and comes back with more turns than the median
	back.Teams = []string{"other"}
	if got := startTurns(pol, reps, back, rep("back", 30)); got["young"] != 30 {
		t.Errorf("a rep who comes back goes on with %v", got)
	}
}
