package app_test

import (
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

var ops = app.User{ID: "omar", Roles: []string{app.RoleOps}}

// TestQuarantineReasons changes the policy between capture and intake, and
// queues what capture would not.
func TestQuarantineReasons(t *testing.T) {
	t.Parallel()
	small := 60
	for name, c := range map[string]struct {
		change func(*policy.Document)
		env    app.Envelope // queued as it is, where its body is set
		body   string
		want   string
	}{
		"field now required": {change: field(0, "message", func(f *form.Field) { f.Required = true }), want: "message: missing"},
		"choice gone":        {change: field(0, "budget", func(f *form.Field) { f.Choices = []string{"none"} }), want: "budget: not a choice"},
		"field of a kind":    {change: field(0, "city", func(f *form.Field) { f.Kind = form.NumberKind }), want: "city: not a number"},
		"shorter field":      {change: field(0, "name", func(f *form.Field) { f.Max = 3 }), want: "name: too long"},
		"form removed":       {change: func(d *policy.Document) { d.Forms[0].ID = "trial-2" }, want: "form: no longer configured"},
		"smaller posts":      {change: func(d *policy.Document) { d.Limits.Body = &small }, want: "too large"},
		"shorter values":     {change: func(d *policy.Document) { d.Limits.Value = &[]int{5}[0] }, want: "city: too long|email: too long|name: too long|phone: too long"},
		"both garbage":       {body: "name=" + secret + "&phone=call+" + secret + "&email=" + secret + "&consent=yes", want: "phone: not a number"},
		"invalid UTF-8":      {body: "name=%ff" + secret, want: "name: invalid UTF-8"},
		"nothing":            {body: " ", want: "empty body"},
		"unreadable":         {env: app.Envelope{Type: "text/plain"}, body: secret, want: "media type"},
		"no form":            {env: app.Envelope{Form: "nowhere"}, body: "a=b", want: "form: no longer configured"},
		"another's parcel":   {env: app.Envelope{ID: "moved"}, body: "a=b", want: "what was sealed here does not open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := ""
			if c.body != "" {
				id = b.queue(c.env, c.body)
			} else {
				id = b.accepted("trial", typed())
				doc := b.document()
				c.change(&doc)
				b.apply(doc, 2)
				b.clock.pass(time.Minute)
			}
			message := b.intake.take(1)[0]
			if c.env.ID != "" { // the name of another submission around what was sealed for this one
				message = []byte(strings.Replace(string(message), id, id+"x", 1))
				id += "x"
			}
			if b.handle("intake", message) != 0 {
				t.Fatalf("not kept: %s", b.logs)
			}
			sub := b.submission(id)
			if sub.Outcome != lead.OutcomeQuarantined || !strings.Contains("|"+c.want+"|", "|"+sub.Reason+"|") {
				t.Errorf("ended as %s because of %q, want %q", sub.Outcome, sub.Reason, c.want)
			}
			if strings.Contains(sub.Reason+b.logs.String(), secret) {
				t.Error("the reason or the log holds what was typed")
			}
			if len(sub.Raw) == 0 || sub.Lead != "" || sub.Person != "" {
				t.Errorf("the post is lost, or has a lead: %+v", sub)
			}
			list, err := b.desk.Quarantine(t.Context(), ops, app.Page{})
			if err != nil || len(list.Submissions) != 1 || list.Submissions[0].ID != id || list.Submissions[0].Reason != sub.Reason {
				t.Errorf("the quarantine lists %+v (%v)", list, err)
			}
		})
	}
}

// field changes a field of a form.
func field(at int, name string, change func(*form.Field)) func(*policy.Document) {
	return func(d *policy.Document) {
		for i := range d.Forms[at].Fields {
			if d.Forms[at].Fields[i].Name == name {
				change(&d.Forms[at].Fields[i])
			}
		}
	}
}

// queue seals a body past capture and queues it, filling what the envelope
// lacks. It returns the submission's id.
func (b *bundle) queue(e app.Envelope, body string) string {
	b.t.Helper()
	if e.ID == "" {
		e.ID = app.NewID()
	}
	if e.Form == "" {
		e.Form = "trial"
	}
	if e.Type == "" {
		e.Type = urlencoded
	}
	e.At = b.clock.Now()
	env, err := app.Pack(b.t.Context(), b.vault, e, []byte(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.intake.Send(b.t.Context(), encode(b.t, env)); err != nil {
		b.t.Fatal(err)
	}
	return e.ID
}

// TestQuarantineIsListedInPages: nothing is left out, oldest first.
func TestQuarantineIsListedInPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var want []string
	for range 7 {
		want = append(want, b.queue(app.Envelope{}, "name="+secret))
		b.clock.pass(time.Second)
	}
	b.drain()
	var got []string
	for page := (app.Page{Limit: 3}); ; {
		list, err := b.desk.Quarantine(t.Context(), ops, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list.Submissions {
			got = append(got, s.ID)
		}
		if page.Cursor = list.Cursor; page.Cursor == "" {
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("listed %v, want %v", got, want)
	}
}
