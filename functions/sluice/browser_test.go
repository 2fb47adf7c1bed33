package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sluice/shared/lead"
)

// browser starts a headless browser of the test's own, as wide as asked. With
// SLUICE_SHOTS set to a folder, shot keeps pictures there for people to look at.
func browser(t *testing.T, width int64) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("SLUICE_REQUIRE_CHROMIUM") != "" {
			t.Fatal("chromium is not installed, and SLUICE_REQUIRE_CHROMIUM is set")
		}
		t.Skip("chromium is not installed: install it to test the pages (Debian: apt-get install chromium)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(int(width), 900))
	ctx, stopAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stopAllocator)
	ctx, stopBrowser := chromedp.NewContext(ctx)
	t.Cleanup(stopBrowser)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		t.Fatalf("start browser: %v", err)
	}
	return ctx
}

func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("SLUICE_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPagesInABrowser walks the way of one lead through the pages: from the
// landing page to the rep's log, on a desktop and on a phone.
func TestPagesInABrowser(t *testing.T) {
	s, err := openSystem(t.Context(), systemOptions{folder: t.TempDir(), memory: true, http: "127.0.0.1:0", edge: "127.0.0.1:0",
		policy: samplePolicy, reps: sampleReps, quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := &visitor{t: t, ctx: browser(t, width), system: s, name: fmt.Sprintf("%d-", width)}
			v.enquire(width)
			v.work(v.awaitLead())
		})
	}
}

type visitor struct {
	t      *testing.T
	ctx    context.Context
	system *system
	name   string
}

func (v *visitor) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, stop := context.WithTimeout(v.ctx, 20*time.Second)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		body, _ := chromedp.Run(v.ctx, chromedp.Text(chromedp.CSS("body")))
		v.t.Fatalf("%s: %v; the page says: %.600s", what, err, body)
	}
}

// noSideways fails where the page is wider than the screen.
func (v *visitor) noSideways(page string) {
	v.t.Helper()
	over, err := chromedp.Run(v.ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	if err != nil {
		v.t.Fatal(err)
	}
	if over > 0 {
		v.t.Errorf("%s is %d pixels wider than the screen", page, over)
	}
	shot(v.t, v.ctx, v.name+page)
}

// enquire fills in the landing page, first without what is required.
func (v *visitor) enquire(salt int64) {
	v.t.Helper()
	v.do("open landing page", chromedp.Navigate(v.system.front+"/f/trial?utm_source=newsletter"),
		chromedp.WaitVisible(chromedp.CSS(`form [name="name"]`)))
	v.noSideways("landing")
	v.do("type", chromedp.SendKeys(chromedp.CSS(`[name="name"]`), "Emma Carter"),
		chromedp.SendKeys(chromedp.CSS(`[name="phone"]`), "12"),
		chromedp.Click(chromedp.CSS(`[name="consent"]`)), chromedp.Submit(chromedp.CSS("form")),
		chromedp.WaitVisible(chromedp.CSS(`[aria-invalid="true"]`)))
	if name, err := chromedp.Run(v.ctx, chromedp.Value(chromedp.CSS(`[name="name"]`))); err != nil || name != "Emma Carter" {
		v.t.Errorf("after a refusal the name typed is %q (%v)", name, err)
	}
	v.noSideways("landing-refused")
	v.do("mend and send", chromedp.SetValue(chromedp.CSS(`[name="phone"]`), fmt.Sprintf("+1 415 555 %04d", 1000+salt)),
		chromedp.SetValue(chromedp.CSS(`[name="age"]`), "8"), chromedp.SetValue(chromedp.CSS(`[name="city"]`), "Shanghai"),
		chromedp.Submit(chromedp.CSS("form")), chromedp.WaitNotPresent(chromedp.CSS(`[name="phone"]`)))
	v.noSideways("thanks")
}

// awaitLead signs in as the rep who got the lead and returns its id.
func (v *visitor) awaitLead() string {
	v.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		for _, rep := range v.system.reps {
			ids, _, err := v.system.table.Inbox(v.t.Context(), rep, lead.Page{Limit: 20})
			if err != nil {
				v.t.Fatal(err)
			}
			for _, id := range ids {
				l, err := v.system.table.Lead(v.t.Context(), id)
				if err != nil || l.State != "offered" {
					continue
				}
				v.signIn(v.system.userOf[rep])
				return id
			}
		}
		if time.Now().After(deadline) {
			v.t.Fatal("no lead was offered within ten seconds")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (v *visitor) signIn(user string) {
	v.t.Helper()
	v.do("open home", chromedp.Navigate(v.system.front+"/"), chromedp.WaitVisible(chromedp.CSS("body")))
	v.noSideways("home")
	v.do("sign in", chromedp.Navigate(v.system.front+"/sign-in?back=/inbox"),
		chromedp.WaitVisible(chromedp.CSS(fmt.Sprintf(`button[value=%q]`, user))))
	v.noSideways("sign-in")
	v.do("choose user", chromedp.Click(chromedp.CSS(fmt.Sprintf(`button[value=%q]`, user))),
		chromedp.WaitVisible(chromedp.CSS(`a[href*="/leads/"]`)))
	v.noSideways("inbox")
}

// work accepts the lead and logs a call.
func (v *visitor) work(id string) {
	v.t.Helper()
	v.do("open lead", chromedp.Navigate(v.system.front+"/leads/"+id),
		chromedp.WaitVisible(chromedp.CSS(`form[action$="/accept"]`)))
	v.noSideways("lead-offered")
	v.do("accept", chromedp.Click(chromedp.CSS(`form[action$="/accept"] button`)),
		chromedp.WaitNotPresent(chromedp.CSS(`form[action$="/accept"]`)),
		chromedp.WaitReady(chromedp.CSS(`form[action$="/log"]`)))
	v.noSideways("lead-working")
	v.do("log a call",
		chromedp.SetAttributes("details", map[string]string{"open": ""}),
		chromedp.SetValue(chromedp.CSS(`form[action$="/log"] [name="way"]`), "call"),
		chromedp.SetValue(chromedp.CSS(`form[action$="/log"] [name="summary"]`), "Wants to see the classroom first."),
		chromedp.Click(chromedp.CSS(`form[action$="/log"] button`)),
		chromedp.WaitVisible(`//*[contains(text(),"Wants to see the classroom first.")]`))
	v.noSideways("lead-logged")
	v.do("see the tasks", chromedp.Navigate(v.system.front+"/tasks"), chromedp.WaitVisible(chromedp.CSS(`a[href$="/leads/`+id+`#act-log"]`)))
	v.noSideways("tasks")
	v.do("go from a task to its lead", chromedp.Click(chromedp.CSS(`a[href$="/leads/`+id+`#act-log"]`)), chromedp.WaitVisible(chromedp.CSS(`#act-log .extra summary`)))
	v.do("give it back", chromedp.SetAttributes(chromedp.CSS("#act-release"), map[string]string{"open": ""}),
		chromedp.SetValue(chromedp.CSS(`form[action$="/release"] [name="reason"]`), "no time"),
		chromedp.Click(chromedp.CSS(`form[action$="/release"] button`)), chromedp.WaitVisible(chromedp.CSS(`p.banner.good`)))
	v.do("see the pool", chromedp.Navigate(v.system.front+"/pools/open-sea?grade="), chromedp.WaitVisible(chromedp.CSS(`a[href$="/leads/`+id+`"]`)))
	v.noSideways("pool")
	v.do("see it in Chinese", chromedp.Navigate(v.system.front+"/?lang=zh-CN"), chromedp.WaitVisible(chromedp.CSS("body")))
	v.noSideways("home-zh")
}
