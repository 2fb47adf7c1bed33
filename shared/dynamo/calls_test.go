package dynamo_test

import (
	"testing"

	"sluice/shared/leadtest"
)

func TestCalls(t *testing.T) {
	t.Parallel()
	leadtest.Calls(t, func(t *testing.T) leadtest.CallStore { return open(t) })
}
