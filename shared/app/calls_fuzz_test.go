package app

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// FuzzCompleted reads what a vendor may post. What is taken reads back out of the
// queue as it was put in, within its bounds.
func FuzzCompleted(f *testing.F) {
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	for _, body := range []string{
		`{"type":"call.completed","call":"c-1","lead":"l1","outcome":"interested","seconds":95,"summary":"on Sunday","at":"2026-03-04T07:58:10+08:00"}`,
		`{"type":"call.completed","call":"c","lead":"l","outcome":"busy","more":[{"a":null}]}`,
		`{"type":"call.completed","at":"0000-01-01T00:00:00Z","call":"c","lead":"l","outcome":"busy"}`,
		`{"type":7}`, `{"at":"x"}`, `{"at":5}`, `null`, `[]`, ``, `{}{}`, `{"TYPE":"call.completed"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := readCompleted(body)
		if err != nil {
			if status, problem := hookAnswer(err); status != 400 && status != 422 || problem.Message == "" {
				t.Errorf("%s is answered %d %+v", body, status, problem)
			}
			return
		}
		summary, err := in.check(now)
		if err != nil {
			return
		}
		if len(in.Call) > callMost || in.Lead == "" || in.Seconds < 0 || in.Seconds > 86400 || len(summary) > 4*summaryMost {
			t.Errorf("%s is taken as %+v", body, in)
		}
		sent := in.report("m1", "spring", now)
		data, err := json.Marshal(sent)
		if err != nil {
			t.Fatalf("%s cannot be sent: %v", body, err)
		}
		if got, err := decodeReport(data); err != nil || !reflect.DeepEqual(got, sent) {
			t.Errorf("%s reads back as %+v, %v", data, got, err)
		}
	})
}
