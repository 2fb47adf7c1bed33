package deliver_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"

	"sluice/shared/app"
	"sluice/shared/deliver"
)

func sample() app.Mail {
	return app.Mail{
		ID: "lead-2-offered", At: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Class: app.Internal,
		From: app.Address{Name: "Sluice", Mail: "sluice@example.com"}, To: app.Address{Name: "王芳 \"Fang\"", Mail: "fang@example.org"},
		Subject: "New lead: 少儿编程", Text: "First line\nÜmlaut 第二行\n",
	}
}

func TestOutboxKeepsOneFileAMessage(t *testing.T) {
	t.Parallel()
	box := deliver.Outbox{Folder: filepath.Join(t.TempDir(), "outbox")}
	for range 2 {
		if err := box.Send(t.Context(), sample()); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(box.Folder)
	if err != nil || len(files) != 1 || files[0].Name() != "lead-2-offered.eml" {
		t.Fatalf("outbox holds %v (%v), want the one message", files, err)
	}
	f, err := os.Open(filepath.Join(box.Folder, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := mail.CreateReader(f)
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := r.Header.Subject()
	to, _ := r.Header.AddressList("To")
	part, err := r.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(part.Body)
	if subject != sample().Subject || to[0].Name != sample().To.Name || !bytes.Contains(text, []byte("第二行")) {
		t.Errorf("read back subject %q, to %v, text %q", subject, to, text)
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	t.Parallel()
	m := sample()
	m.Subject = "Hello\r\nBcc: everybody@example.net"
	m.To = app.Address{Name: "Eve\nBcc: everybody@example.net", Mail: "eve@example.org"}
	data, err := deliver.Render(m)
	if err != nil {
		t.Fatal(err)
	}
	r, err := mail.CreateReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if r.Header.Has("Bcc") {
		t.Errorf("a name or subject added a header:\n%s", data)
	}
}
