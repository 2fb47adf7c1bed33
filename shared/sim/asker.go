package sim

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// asker stands for the enrichers outside. What one of them knows follows from the
// question, so that it says the same whenever it is asked.
type asker struct{ world *World }

// thinking is how long an enricher may take that is not out of order.
const thinking = 400 * time.Millisecond

// Ask implements [app.Asker].
func (x asker) Ask(ctx context.Context, q app.Question) ([]byte, error) {
	w, t := x.world, x.world.current
	if t.dead {
		return nil, errDead
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	enricher := enricherAt(q.URL)
	kind := w.fault(outside, enricher+" by "+t.name)
	if kind != "" {
		t.faulty = true
	}
	if kind == Killed {
		t.die()
		return nil, errDead
	}
	if err := t.wait(latencyLeast + w.within(thinking)); err != nil {
		return nil, err
	}
	if _, down := w.down(outsideService); down || kind == NotSent {
		return nil, lead.Errorf(lead.Unavailable, "the enricher does not answer")
	}
	w.checker.asks(enricher, q.ID)
	switch kind {
	case Lost:
		return nil, lead.Errorf(lead.Unavailable, "the enricher's answer breaks off")
	case Slow:
		if err := t.wait(q.Timeout); err != nil {
			return nil, err
		}
		return nil, lead.Errorf(lead.Unavailable, "the enricher takes too long")
	case Throttled:
		return nil, lead.Errorf(lead.Unavailable, "the enricher refuses: 429")
	case Garbage:
		return []byte(pickBy(q.Body, `<html>`, `{"company":"of Quillon"}`, `{"company":{"industry":["Quillon"]},"city":{}}`, `[]`)), nil
	case KilledAfter:
		t.die()
		return nil, errDead
	}
	return knownOf(enricher, q.Body)
}

// enricherAt is the enricher at an address of the policies here.
func enricherAt(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

// knownOf is what an enricher knows: nothing of many, all or some of the others.
func knownOf(enricher string, question []byte) ([]byte, error) {
	if pickBy(question, "yes", "yes", "yes", "no") == "no" {
		return nil, lead.Errorf(lead.NotFound, "the enricher knows nothing: it answers 404")
	}
	if enricher == places {
		return fmt.Appendf(nil, `{"city":%q}`, pickBy(question, "Berlin", "Graz", "Hamburg")), nil
	}
	size := pickBy(question, `, "size": 40`, `, "size": "201-500"`, "")
	return fmt.Appendf(nil, `{"company": {"industry": %q%s}}`, pickBy(question, "education", "retail", "education", "care", "publishing"), size), nil
}

// pickBy picks by a text, the same every time.
func pickBy(text []byte, from ...string) string {
	h := fnv.New32a()
	h.Write(text)
	fmt.Fprint(h, len(from))
	return from[h.Sum32()%uint32(len(from))]
}
