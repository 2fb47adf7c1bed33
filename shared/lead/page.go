package lead

// Page asks for a part of a list: at most Limit items after Cursor, the opaque
// mark that the page before returned; an empty cursor starts.
type Page struct {
	Limit  int
	Cursor string
}
