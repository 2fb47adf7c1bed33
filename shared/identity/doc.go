// Package identity says what a contact detail really is: it reads phone
// numbers, e-mail addresses and names as people write them and gives each its
// one canonical form, by which two submissions are recognised as the same
// person's.
//
// Everything is pure, and nothing is unpacked at start: the numbering plan is
// text that is looked at as numbers come. Errors are [Fault] values with a
// stable code and a sentence for the person; none holds the detail itself.
package identity
