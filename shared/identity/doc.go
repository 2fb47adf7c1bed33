// Package identity says what a contact detail really is: it reads phone
// numbers, e-mail addresses, names of persons and companies, and places as
// people write them, and gives each the canonical form, or the key, by which two
// submissions are recognised as the same person's. Keys are for comparing, never
// for showing, and reading a key gives the same key.
//
// Everything is pure, and nothing is unpacked at start: the numbering plan,
// carriers, lists of mail domains, countries and readings of Chinese characters
// are text that is looked at as details come, written by the tests from the
// published data that each names. Errors are [Fault] values with a stable code
// and a sentence for the person; none holds the detail itself.
package identity
