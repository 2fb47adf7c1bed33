package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// phones is the call list of worlds that have one; people of the house dial it.
const phones = "phones"

// ring has a dispatcher's people call those on the list when somebody has come onto
// it, several at once now and then.
func (p *people) ring() {
	in := p.soon(3 * time.Hour)
	p.after(in, p.dial)
	if p.chance(p.mood.hasty) {
		p.after(in, p.dial)
	}
}

// dial asks for numbers and tells what came of the calls, now and then twice.
func (p *people) dial() {
	r := p.world.random
	who := p.teamOf("kids").Dispatcher
	floor := map[string]any{"free": 1 + r.IntN(3), "busy": r.IntN(2), "ringing": r.IntN(2)}
	p.posts(who, "/api/lists/"+phones+"/next", "dial", floor, func(a answer) {
		var found struct{ Leads []struct{ Lead string } }
		if a.status != http.StatusOK || json.Unmarshal(a.body, &found) != nil {
			return
		}
		for _, one := range found.Leads {
			p.calls++
			call := fmt.Sprint("call-", p.calls)
			p.after(20*time.Second+p.soon(4*time.Minute), func() { p.outcome(who, one.Lead, call, 4) })
		}
	})
}

// outcome tells what came of a call, again where no answer came.
func (p *people) outcome(who, lead, call string, tries int) {
	r := p.world.random
	out := map[string]any{"lead": lead, "call": call, "ring": 5 + r.IntN(25),
		"outcome": pick(r, []string{"no_answer", "busy", "talked", "interested", "interested", "not_interested", "wrong_number", "do_not_call", "abandoned"})}
	if r.IntN(3) == 0 {
		out["seconds"], out["summary"] = 60+r.IntN(300), "Mrs Quillon is at home in the evening."
	}
	p.posts(who, "/api/lists/"+phones+"/outcomes", "a call's outcome", out, func(a answer) {
		if (a.status == 0 || a.status >= 500 || p.chance(p.mood.hasty)) && tries > 1 {
			p.after(p.soon(10*time.Minute), func() { p.outcome(who, lead, call, tries-1) })
		}
	})
}
