package lead_test

import (
	"errors"
	"testing"

	"sluice/shared/lead"
)

// TestErrorKinds keeps an error that says nothing of itself alive for a retry.
func TestErrorKinds(t *testing.T) {
	t.Parallel()
	cause := errors.New("wrong size")
	for err, want := range map[error]lead.Kind{
		cause:                          lead.Unavailable,
		lead.Errorf(lead.Denied, "no"): lead.Denied,
		&lead.Error{Kind: lead.Invalid, Field: "email", Text: "unreadable", Cause: cause}: lead.Invalid,
		errors.Join(cause, lead.Errorf(lead.Conflict, "meanwhile")):                       lead.Conflict,
	} {
		if got := lead.KindOf(err); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
	err := &lead.Error{Kind: lead.Invalid, Field: "email", Text: "unreadable", Cause: cause}
	if !errors.Is(err, cause) || err.Error() != "email: unreadable: wrong size" {
		t.Errorf("%v", err)
	}
}
