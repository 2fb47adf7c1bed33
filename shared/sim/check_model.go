package sim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sluice/shared/predict"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// modelItem keeps the trainings, each for ever, which model came into force when, and
// the walk that scores all leads anew.
func (c *checker) modelItem(p part) {
	switch {
	case p.sk == "CURRENT":
		c.onward(p, "the model in force")
		inForce, _ := p.after.Number("inForce")
		if c.breaks(rulePolicy, inForce == 0 || c.models[int(inForce)] != nil) {
			c.tell(rulePolicy, "", "model %d is in force, which there is not", inForce)
		}
		if int(inForce) != c.model() {
			c.modelsInForce = append(c.modelsInForce, version{int(inForce), c.now()})
			c.changes = append(c.changes, c.now())
		}
	case p.sk == "RESCORE":
		c.walked(p)
	default:
		c.training(p)
	}
}

// training reads a training with its model, where it has one.
func (c *checker) training(p part) {
	p.id = p.sk
	if !c.fresh(p, "training") {
		return
	}
	number, err := strconv.Atoi(strings.TrimPrefix(p.sk, "V#"))
	if body := p.after.Binary("body"); err == nil && body != nil {
		var model *predict.Model
		if model, err = modelIn(body); err == nil {
			c.models[number] = score.NewLearned(model, number, c.policies[c.inForce[len(c.inForce)-1].number].Clock())
		}
	}
	if c.breaks(rulePolicy, err == nil) {
		c.tell(rulePolicy, "", "training %s cannot be read: %v", p.sk, err)
	}
}

func modelIn(body []byte) (*predict.Model, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var data json.RawMessage
	if err := json.NewDecoder(r).Decode(&data); err != nil {
		return nil, err
	}
	return predict.Decode(data)
}

// model is the version of the model in force, 0 for none.
func (c *checker) model() int {
	if n := len(c.modelsInForce); n > 0 {
		return c.modelsInForce[n-1].number
	}
	return 0
}

// recentModels lists the models by which somebody may score now. While the table
// cannot be read any older one may go on, but what began without one reads the one
// there is first.
func (c *checker) recentModels() []int {
	var out []int
	for i := len(c.modelsInForce) - 1; i >= 0; i-- {
		out = append(out, c.modelsInForce[i].number)
		if c.calm() && c.now().Sub(c.modelsInForce[i].at) > policyLag {
			return out
		}
	}
	if n := len(c.modelsInForce); n > 0 && c.now().Sub(c.modelsInForce[0].at) > policyLag && c.modelsInForce[0].at.Equal(begin) {
		return out // from the beginning there was one
	}
	return append(out, 0)
}

// walkStep is how many leads one run of the walk takes on at most.
const walkStep = 1000

// walked judges a step of the walk: it goes forward, in bounded steps, and begins anew
// only for another policy or model.
func (c *checker) walked(p part) {
	c.onward(p, "the walk")
	var before, r score.Rescore
	if doc := p.before.Text(schema.Doc); doc != "" {
		json.Unmarshal([]byte(doc), &before) // was read before
	}
	if err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &r); c.breaks(ruleAnew, err == nil) {
		c.tell(ruleAnew, "", "the walk cannot be read: %v", err)
		return
	}
	c.walk = r
	fits := (r.Policy > before.Policy || r.Policy == before.Policy && r.Model >= before.Model) && c.policies[r.Policy] != nil
	if same := r.Policy == before.Policy && r.Model == before.Model; same {
		fits = fits && before.Ended.IsZero() && r.Began.Equal(before.Began) && r.Sent >= before.Sent && r.Sent-before.Sent <= walkStep &&
			(r.Shard > before.Shard || r.Shard == before.Shard && r.Cursor >= before.Cursor)
	} else {
		fits = fits && r.Sent <= walkStep
	}
	if c.breaks(ruleAnew, fits) {
		c.tell(ruleAnew, "", "the walk goes from %+v to %+v", before, r)
	}
}

// walks judges the walks that should be over: at a quiet hour, or long enough after
// what made them necessary where nothing was wrong meanwhile.
func (c *checker) walks(quiet bool) {
	if len(c.changes) == 0 || len(c.inForce) == 0 {
		return
	}
	last := c.changes[len(c.changes)-1]
	most := walkMost + time.Duration(len(c.leads)/walkStep)*time.Minute
	if c.now().Sub(last) <= most || !quiet && c.since().After(last) {
		return
	}
	if !quiet {
		c.changes = c.changes[:0]
	}
	pol := c.inForce[len(c.inForce)-1].number
	if c.breaks(ruleAnew, c.walk.Policy == pol && c.walk.Model == c.model() && !c.walk.Ended.IsZero()) {
		c.tell(ruleAnew, "", "policy %d and model %d are in force since %s, and the walk is %+v", pol, c.model(), last, c.walk)
	}
	for _, id := range slices.Sorted(maps.Keys(c.leads)) {
		c.scoredAnew(c.leads[id], last)
	}
}
