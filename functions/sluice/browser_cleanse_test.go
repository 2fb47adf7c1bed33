package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sluice/shared/lead"
)

// listForm is a form by which rows of a bought list come in.
const listForm = `
forms:
  - id: bought
    name: Bought list
    product: school-classes
    channel: purchased-list
    unverified: true
    fields:
      - {name: name, kind: name}
      - {name: phone, kind: phone}
      - {name: company, kind: company}
      - {name: role, label: Role, kind: choice, choices: [head, teacher, office, other]}
`

// TestCleansingInABrowser walks through what the cleansing team does, on a desktop and
// on a phone: who is who, and what is real.
func TestCleansingInABrowser(t *testing.T) {
	sample, err := os.ReadFile(fromProject(samplePolicy))
	if err != nil {
		t.Fatal(err)
	}
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(policy, []byte(strings.Replace(string(sample), "\nforms:\n", listForm, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := openSystem(t.Context(), systemOptions{folder: t.TempDir(), memory: true, http: "127.0.0.1:0", edge: "127.0.0.1:0",
		policy: policy, reps: sampleReps, quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := &visitor{t: t, ctx: browser(t, width), system: s, name: fmt.Sprintf("%d-", width)}
			v.decide(v.doubt(width))
			v.verify(width)
		})
	}
}

// send posts a form as a program does.
func (v *visitor) send(form string, values url.Values) {
	v.t.Helper()
	answer, err := http.PostForm(v.system.front+"/f/"+form, values)
	if err != nil {
		v.t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode >= 400 {
		v.t.Fatalf("the form answered %d", answer.StatusCode)
	}
}

// await waits until a list has a new entry, and returns it.
func (v *visitor) await(what string, list func() ([]string, error)) string {
	v.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		ids, err := list()
		if err != nil {
			v.t.Fatal(err)
		}
		if len(ids) > 0 {
			return ids[len(ids)-1]
		}
	}
	v.t.Fatalf("no %s within ten seconds", what)
	return ""
}

// doubt has somebody enquire with the phone of one person and the address of another,
// and returns who is in doubt.
func (v *visitor) doubt(salt int64) string {
	v.t.Helper()
	phone := func(n int64) string { return fmt.Sprintf("+1 415 555 %04d", 2000+salt+n) }
	mail := func(name string) string { return fmt.Sprintf("%s%d@example.com", name, salt) }
	person := func(name, phone, mail string) {
		v.send("trial", url.Values{"name": {name}, "phone": {phone}, "email": {mail}, "age": {"8"}, "city": {"Shanghai"}, "consent": {"yes"}})
	}
	names := map[int64][2]string{1280: {"Ada Quill", "Boris Thackeray-Wolstenholme"}, 390: {"Elin Sandgren", "Farid Abernathy-Nazari"}}[salt]
	person(names[0], phone(1), mail("first"))
	person(names[1], phone(2), mail("a.very.long.address.for.a.narrow.column"))
	for n := range int64(2) {
		v.await("lead", func() ([]string, error) { return v.offered(int(n) + 1) })
	}
	person("Gwen Tanabe", phone(1), mail("a.very.long.address.for.a.narrow.column"))
	return v.await("doubt", func() ([]string, error) {
		ids, _, err := v.system.table.Doubts(v.t.Context(), lead.Page{Limit: 20})
		return ids, err
	})
}

// offered are the leads of all reps, where there are that many.
func (v *visitor) offered(least int) ([]string, error) {
	var all []string
	for _, rep := range v.system.reps {
		ids, _, err := v.system.table.Inbox(v.t.Context(), rep, lead.Page{Limit: 20})
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	if len(all) < least {
		return nil, nil
	}
	return all, nil
}

// decide merges the two, undoes that, and tells them apart.
func (v *visitor) decide(person string) {
	v.t.Helper()
	v.do("sign in", chromedp.Navigate(v.system.front+"/sign-in?back=/doubts"), chromedp.Click(chromedp.CSS(`button[value="dora"]`)),
		chromedp.WaitVisible(chromedp.CSS(`form[action$="/merge"] button`)))
	v.do("see what speaks for it", chromedp.SetAttributes("details", map[string]string{"open": ""}))
	v.noSideways("doubts")
	v.do("merge", chromedp.Click(chromedp.CSS(`form[action$="/merge"] button`)), chromedp.WaitVisible(chromedp.CSS(`p.banner.good`)))
	v.noSideways("doubts-merged")
	p, err := v.system.table.Person(v.t.Context(), person)
	if err != nil {
		v.t.Fatal(err)
	}
	if p.Into != "" {
		person = p.Into
	}
	v.do("see the person", chromedp.Navigate(v.system.front+"/persons/"+person), chromedp.WaitVisible(chromedp.CSS(`form[method="get"] button`)))
	v.noSideways("person")
	v.do("undo", chromedp.SetAttributes(chromedp.CSS("details.extra"), map[string]string{"open": ""}),
		chromedp.Click(chromedp.CSS(`form[action$="/divide"] button`)), chromedp.WaitVisible(chromedp.CSS(`p.banner.good`)))
	v.do("see the doubt again", chromedp.Navigate(v.system.front+"/doubts"), chromedp.WaitVisible(chromedp.CSS(`form[action$="/apart"] button`)))
	v.do("tell them apart", chromedp.Click(chromedp.CSS(`form[action$="/apart"] button`)), chromedp.WaitVisible(chromedp.CSS(`p.banner.good`)))
	v.do("see that nothing is left", chromedp.WaitVisible(chromedp.CSS(`.empty`)))
}

// verify confirms a row of a list.
func (v *visitor) verify(salt int64) {
	v.t.Helper()
	row := map[int64][2]string{1280: {"Hiro Okafor", "Quillmere School"}, 390: {"Marta Lindqvist", "Tannhof Academy"}}[salt]
	v.send("bought", url.Values{"name": {row[0]}, "phone": {fmt.Sprintf("+49 30 90%04d", salt)}, "company": {row[1]}})
	id := v.await("lead to verify", func() ([]string, error) {
		ids, _, err := v.system.table.Unverified(v.t.Context(), lead.Page{Limit: 20})
		return ids, err
	})
	v.do("see the list", chromedp.Navigate(v.system.front+"/unverified"), chromedp.WaitVisible(chromedp.CSS(`a[href$="/leads/`+id+`"]`)))
	v.noSideways("unverified")
	v.do("open it", chromedp.Click(chromedp.CSS(`a[href$="/leads/`+id+`"]`)), chromedp.WaitVisible(chromedp.CSS(`form[action$="/verify"] [name="name"]`)))
	v.do("see the form's questions", chromedp.SetAttributes(chromedp.CSS("#act-verify .extra"), map[string]string{"open": ""}))
	v.noSideways("verify")
	v.do("mistype the number", chromedp.SetValue(chromedp.CSS(`[name="phone"]`), "12"), chromedp.Submit(chromedp.CSS(`form[action$="/verify"]`)),
		chromedp.WaitVisible(chromedp.CSS(`[aria-invalid="true"]`)))
	v.noSideways("verify-refused")
	v.do("confirm", chromedp.SetValue(chromedp.CSS(`[name="phone"]`), fmt.Sprintf("+49 30 90%04d", salt)), chromedp.SetValue(chromedp.CSS(`[name="city"]`), "Berlin"),
		chromedp.Submit(chromedp.CSS(`form[action$="/verify"]`)), chromedp.WaitVisible(chromedp.CSS(`p.banner.good`)))
	v.do("see it in Chinese", chromedp.Navigate(v.system.front+"/doubts?lang=zh-CN"), chromedp.WaitVisible(chromedp.CSS("body")))
	v.noSideways("doubts-zh")
	if l, err := v.system.table.Lead(v.t.Context(), id); err != nil || l.State == lead.StateUnverified {
		v.t.Errorf("the lead is %s (%v)", l.State, err)
	}
}
