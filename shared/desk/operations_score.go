package desk

import (
	"net/http"
	"strconv"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// scoreOperations are those of scores and what they are learned from.
func (d *desk) scoreOperations() []operation {
	return []operation{
		{http.MethodGet, "/api/leads/{lead}/score", d.score},
		{http.MethodPost, "/api/leads/{lead}/signals", d.signals},
		{http.MethodGet, "/api/models", d.models},
		{http.MethodGet, "/api/models/{version}", d.model},
	}
}

func (d *desk) score(c call) (any, error) {
	id, err := c.id("lead")
	if err != nil {
		return nil, err
	}
	return d.app.Score(c.Context(), c.user, id)
}

func (d *desk) signals(c call) (any, error) {
	return act(c, func(on app.Target, in app.Interest) (app.LeadView, error) {
		return d.app.Engage(c.Context(), c.user, on, in)
	})
}

func (d *desk) models(c call) (any, error) {
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Trainings(c.Context(), c.user, p)
}

func (d *desk) model(c call) (any, error) {
	version, err := trainingIn(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Training(c.Context(), c.user, version)
}

// trainingIn is the training of the path. What cannot be its number is that of none.
func trainingIn(r *http.Request) (int, error) {
	const digits = 9 // more cannot be counted to
	text := r.PathValue("version")
	version, err := strconv.Atoi(text)
	if err != nil || version < 1 || len(text) > digits || strconv.Itoa(version) != text {
		return 0, lead.Errorf(lead.NotFound, "there is no such training")
	}
	return version, nil
}
