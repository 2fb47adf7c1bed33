package desk

import (
	"net/http"

	"sluice/shared/app"
)

// tasksPage tells a rep what to do next.
func (d *desk) tasksPage(v visit) error {
	rep := v.r.URL.Query().Get("rep")
	list, err := d.app.Tasks(v.r.Context(), v.user, rep)
	if err != nil {
		return err
	}
	v.view.Title = v.view.T("tasks.title")
	if rep != "" && rep != v.user.Rep {
		v.view.Title = v.view.T("tasks.of", rep)
	}
	v.view.Data = list
	d.render(v.w, v.r, http.StatusOK, "tasks", v.view)
	return nil
}

func samplePath(team string) string { return "/teams/" + team + "/sample" }

// samplePage tells how completely a few leads of a team were recorded.
func (d *desk) samplePage(v visit) error {
	team := v.r.PathValue("team")
	sample, err := d.app.Sample(v.r.Context(), v.user, team, v.r.URL.Query().Get("week"))
	if err != nil {
		return err
	}
	data := struct {
		app.Sample
		Teams []way
	}{Sample: sample}
	name := team
	for _, t := range v.places.Teams {
		data.Teams = append(data.Teams, way{Path: samplePath(t.ID), Text: t.Name})
		if t.ID == team {
			name = t.Name
		}
	}
	v.view.Title = v.view.T("sample.title", name)
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "sample", v.view)
	return nil
}
