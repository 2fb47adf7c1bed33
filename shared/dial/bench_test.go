package dial_test

import (
	"testing"
	"time"

	"sluice/shared/dial"
)

func BenchmarkDial(b *testing.B) {
	f := worked(2000, 500, 5)
	pacing := dial.Pacing{Abandon: dial.Abandon}
	for b.Loop() {
		pacing.Dial(f, dial.Floor{Free: 4, Busy: 46, Ringing: 10})
	}
}

// worked are the figures of a list of which so many were dialled, answered and
// abandoned, evenly spread.
func worked(dialled, answered, abandoned int) dial.Figures {
	var f dial.Figures
	for i := range dialled {
		if i*answered/dialled == (i+1)*answered/dialled {
			f.NoAnswer()
			continue
		}
		f.Answer(15 * time.Second)
		if call := f.Answered - 1; call*abandoned/answered != (call+1)*abandoned/answered {
			f.Abandon()
		} else {
			f.Talked(200 * time.Second)
		}
	}
	return f
}
