package app

import (
	"encoding/base32"
	"log/slog"
	"os"
	"time"

	"github.com/google/uuid"
)

// LivePorts are the ports of a running function: JSON lines on standard output,
// the real clock, fresh ids.
func LivePorts(function string) Ports {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("function", function)
	return Ports{Log: log, Now: Now, NewID: NewID}
}

// Now is the real clock to the millisecond: what is kept need not be longer.
func Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

var idText = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// NewID returns 26 lower-case letters and digits that sort by the time they were
// made (a version 7 UUID in base 32).
func NewID() string {
	id := uuid.Must(uuid.NewV7())
	return idText.EncodeToString(id[:])
}
