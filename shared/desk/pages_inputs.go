package desk

import (
	"fmt"
	"slices"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// inputs are the fields of an act's form.
func (d *desk) inputs(v visit, l app.LeadView, act app.Act) ([]input, error) {
	reason := input{Name: "reason", Kind: "line", Type: "text", Required: true, Hint: v.view.T("hint.reason")}
	for _, text := range v.view.List("reasons." + string(act)) {
		reason.Choices = append(reason.Choices, choice{Value: text})
	}
	switch act {
	case app.ActReject:
		return []input{reason, {Name: "note", Kind: "text"}}, nil
	case app.ActHold, app.ActRecycle, app.ActJunk, app.ActLost, app.ActUnreachable, app.ActExtend:
		return []input{reason}, nil
	case app.ActRelease:
		pool := input{Name: "pool", Kind: "choice"}
		for _, p := range l.Pools {
			pool.Choices = append(pool.Choices, choice{Value: p.ID, Label: p.Name})
		}
		if len(pool.Choices) < 2 { // the team's own it is
			return []input{reason}, nil
		}
		return []input{reason, pool}, nil
	case app.ActLog:
		return logInputs(v, l), nil
	case app.ActVerify:
		return verifyInputs(v, l), nil
	case app.ActConvert:
		return append(worthInputs(v), input{Name: "order", Kind: "line", Type: "text"}), nil
	case app.ActDeal:
		if l.Period.Deal {
			return nil, nil
		}
		return append(worthInputs(v), input{Name: "close", Kind: "line", Type: "date"}), nil
	case app.ActAssign:
		rep := input{Name: "rep", Kind: "choice", Required: true}
		reps, err := d.assignable(v, l.Pool)
		for _, r := range reps {
			rep.Choices = append(rep.Choices, choice{Value: r.ID, Label: load(r)})
		}
		return []input{rep}, err
	case app.ActQualify:
		verdict := input{Name: "verdict", Kind: "choice", Required: true}
		for _, text := range l.Verdicts {
			verdict.Choices = append(verdict.Choices, choice{Value: text, Label: text})
		}
		return []input{verdict, {Name: "note", Kind: "text"}}, nil
	case app.ActMove:
		to, err := d.placesTo(v, l)
		return []input{to, reason}, err
	case app.ActTag:
		fields := []input{{Name: "add", Kind: "line", Type: "text", OneOf: len(l.Tags) > 0, Required: len(l.Tags) == 0, Half: true, Hint: v.view.T("hint.tags")}}
		if len(l.Tags) == 0 {
			return fields, nil
		}
		remove := input{Name: "remove", Kind: "choice", OneOf: true, Half: true}
		for _, tag := range l.Tags {
			remove.Choices = append(remove.Choices, choice{Value: tag, Label: tag})
		}
		return append(fields, remove), nil
	}
	return nil, nil
}

func logInputs(v visit, l app.LeadView) []input {
	t := v.view.T
	way, grade := input{Name: "way", Kind: "choice", Required: true, Half: true}, input{Name: "grade", Kind: "choice", Half: true}
	for _, w := range lead.Ways {
		way.Choices = append(way.Choices, choice{Value: w, Label: v.view.Word("way", w)})
	}
	for _, g := range lead.Grades {
		grade.Choices = append(grade.Choices, choice{Value: string(g), Label: string(g)})
	}
	fields := []input{way, {Name: "seconds", Kind: "line", Type: "text", Half: true, Hint: t("hint.seconds")}}
	if l.Reach != nil && !l.Reach.Now || v.view.Wrong(string(app.ActLog), "beyond") != "" {
		beyond := input{Name: "beyond", Kind: "line", Type: "text", Hint: t("hint.beyond")}
		for _, text := range v.view.List("reasons.beyond") {
			beyond.Choices = append(beyond.Choices, choice{Value: text})
		}
		fields = append(fields, beyond)
	}
	return append(fields, input{Name: "inbound", Kind: "check"},
		input{Name: "summary", Kind: "text"}, input{Name: "objection", Kind: "text", Half: true}, input{Name: "step", Kind: "text", Half: true},
		input{Name: "step_at", Kind: "line", Type: "datetime-local", Half: true, Hint: t("hint.step_at", v.view.ZoneName())}, grade,
		input{Name: "done", Kind: "line", Type: "datetime-local", Half: true, Extra: true, Hint: t("hint.done", v.view.ZoneName())},
		input{Name: "check_in", Kind: "line", Type: "text", Half: true, Extra: true, Hint: t("hint.check_in")},
		input{Name: "links", Kind: "text", Extra: true, Hint: t("hint.links")})
}

func worthInputs(v visit) []input {
	return []input{{Name: "value", Kind: "line", Type: "text", Mode: "decimal", Half: true, Hint: v.view.T("hint.value")},
		{Name: "currency", Kind: "line", Type: "text", Half: true, Choices: []choice{{Value: "EUR"}, {Value: "USD"}, {Value: "CNY"}, {Value: "GBP"}}}}
}

// placesTo are where the user may move a lead.
func (d *desk) placesTo(v visit, l app.LeadView) (input, error) {
	manager := v.user.Is(app.RoleManager) && slices.Contains(v.user.Teams, l.Team)
	to := input{Name: "to", Kind: "choice", Required: true}
	if manager {
		to.Choices = append(to.Choices, choice{Value: string(toAnew), Label: v.view.T("to.anew")})
	}
	reps, err := d.assignable(v, l.Pool)
	for _, r := range reps {
		to.Choices = append(to.Choices, toRep.choice(r.ID, load(r), v.view.T("field.rep")))
	}
	for _, p := range v.places.Pools {
		if p.ID != l.Pool && (manager || p.Admin) {
			to.Choices = append(to.Choices, toPool.choice(p.ID, p.Name, v.view.T("field.pool")))
		}
	}
	return to, err
}

// load names a rep with how many leads they hold.
func load(r app.RepView) string {
	if r.Cap != nil {
		return fmt.Sprintf("%s (%d/%d)", r.Name, r.Holding, *r.Cap)
	}
	return fmt.Sprintf("%s (%d)", r.Name, r.Holding)
}
