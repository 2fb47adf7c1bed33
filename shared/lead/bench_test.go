package lead_test

import (
	"encoding/json"
	"testing"

	"sluice/shared/lead"
)

// common are entries as a life begins and goes on with them.
var common = map[string]lead.Entry{
	"captured": {Lead: "01jn8e7l2", Version: 1, At: monday, By: lead.System("intake"), Policy: 3, Events: []lead.Event{
		lead.Captured(capture()), lead.Scored{Fit: 70, Grade: lead.GradeA, Reasons: []string{"budget is set"}},
		lead.Due{At: monday, Do: lead.DutyRoute}}},
	"offered": {Lead: "01jn8e7l2", Version: 2, At: monday, By: lead.System("route"), Policy: 3, Events: []lead.Event{
		lead.Offered{Rep: "ann", Team: "inside", How: lead.ByOffer, Rule: "everything", Why: "fewest turns"},
		lead.Due{At: monday.Add(day), Do: lead.DutyWithdraw}}},
	"accepted": {Lead: "01jn8e7l2", Version: 3, At: monday, By: lead.Actor{Kind: "rep", ID: "ann"}, Policy: 3, Events: []lead.Event{
		lead.Accepted{}, lead.Due{At: monday.Add(day), Do: lead.DutyReclaim}}},
}

func BenchmarkWriteEntry(b *testing.B) {
	for name, entry := range common {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(entry); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadEntry(b *testing.B) {
	for name, entry := range common {
		data := []byte(text(b, entry))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var e lead.Entry
				if err := e.UnmarshalJSON(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDayOf(b *testing.B) {
	rep := lead.Rep{Zone: "Asia/Shanghai"}
	b.ReportAllocs()
	for b.Loop() {
		rep.DayOf(monday)
	}
}
