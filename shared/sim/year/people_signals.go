package year

import (
	"strconv"

	"sluice/shared/lead"
)

// shown are the signals of interest that people give besides enquiring, those that take
// them less effort more often.
var shown = []lead.SignalKind{lead.SignalOpen, lead.SignalOpen, lead.SignalClick, lead.SignalVisit, lead.SignalVisit, lead.SignalDwell,
	lead.SignalDownload, lead.SignalEvent, lead.SignalEvent}

// show has somebody give signals of interest, after which the lead is scored anew. Some
// opens are a machine's.
func (w *world) show(c *card) {
	if c.State == lead.StateMerged {
		return
	}
	var signals []lead.Signal
	for n := range 1 + w.random.IntN(3) {
		s := lead.Signal{Kind: shown[w.random.IntN(len(shown))], ID: strconv.FormatInt(w.now, 36) + "." + strconv.Itoa(n), At: w.time, Sure: 100}
		if s.Kind == lead.SignalOpen && w.chance(0.4) {
			s.Sure = 20
		}
		signals = append(signals, s)
	}
	w.must(c, w.do(c, lead.Actor{Kind: "marketer", ID: "tools"}, c.Team, lead.Engage{Signals: signals}))
	w.must(c, w.do(c, lead.System("score"), c.Team, w.policy.Score(c.Lead, c.Facts, w.time)))
	if w.chance(0.4) {
		w.plan(w.now+w.about(10*day), show, c.number)
	}
}
