package app

import (
	"context"
	"time"
)

// Mail is one message to one person. ID names it for ever: sending it again
// with the same id is the same message, not a second one.
type Mail struct {
	ID       string
	At       time.Time
	From, To Address
	Subject  string
	Text     string // UTF-8, lines ended by \n
	Class    Class
}

// Address is where a message comes from or goes to. The name may hold anything.
type Address struct{ Name, Mail string }

// Class says what a message is for. The contact budget depends on it.
type Class string

// The classes.
const (
	Internal      Class = "internal"      // to the company's own people
	Transactional Class = "transactional" // answers something a person did
	Marketing     Class = "marketing"     // nobody asked for it: under the contact budget, and with a way to opt out
)

// Sender sends a message; an error means that it may not have been sent. Package
// deliver has two.
type Sender interface {
	Send(context.Context, Mail) error
}
