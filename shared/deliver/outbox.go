package deliver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"sluice/shared/app"
)

// Outbox keeps messages as .eml files in a folder, one file an id: sending the
// same message again writes the same file.
type Outbox struct{ Folder string }

// Send writes the message beside its place and moves it there, so that a reader
// never sees half of one.
func (o Outbox) Send(_ context.Context, m app.Mail) error {
	data, err := Render(m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return fmt.Errorf("make outbox: %w", err)
	}
	place := filepath.Join(o.Folder, filepath.Base(m.ID)+".eml")
	if err := os.WriteFile(place+".part", data, 0o600); err != nil {
		return fmt.Errorf("write message %s: %w", m.ID, err)
	}
	if err := os.Rename(place+".part", place); err != nil {
		return fmt.Errorf("place message %s: %w", m.ID, err)
	}
	return nil
}
