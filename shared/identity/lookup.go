package identity

import "strings"

// lookUp finds a key's value in a table: lines in the order of their bytes,
// each a key, or a key, a tab and a value. It looks at the text as it lies
// there, so that a table costs nothing until it is asked.
func lookUp(table, key string) (value string, ok bool) {
	if key == "" || strings.ContainsAny(key, "\t\n") {
		return "", false
	}
	for low, high := 0, len(table); low < high; {
		middle := low + (high-low)/2
		start := low + strings.LastIndexByte(table[low:middle], '\n') + 1
		line, _, _ := strings.Cut(table[start:], "\n")
		here, value, _ := strings.Cut(line, "\t")
		switch {
		case here == key:
			return value, true
		case here < key:
			low = start + len(line) + 1
		default:
			high = start
		}
	}
	return "", false
}
