package form

// Shown is a form to be shown: empty, or with what was typed and what is wrong
// with it.
type Shown struct {
	Spec     Spec
	Status   int // HTTP status of the answer; 0 is 200
	Values   Values
	Problems []Problem
}
