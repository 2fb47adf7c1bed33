package desk

import (
	"net/http"
	"net/url"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// jobRefresh is after how many seconds the page of an open job is loaded anew:
// the sweep works on it once a minute.
const jobRefresh = 15

// jobRow is a job with its way in words.
type jobRow struct {
	app.JobView
	Of, Into string
	Tables   []counts
}

func (d *desk) jobPage(v visit) error {
	id := v.r.PathValue("job")
	if !isWord.MatchString(id) {
		return lead.Errorf(lead.NotFound, "there is no such job")
	}
	j, err := d.app.Job(v.r.Context(), v.user, id)
	if err != nil {
		return err
	}
	m, err := d.moving(v)
	if err != nil {
		return err
	}
	open := j.Ended.IsZero()
	if open {
		v.view.Refresh = jobRefresh
	}
	row := m.row(j)
	row.Tables = m.tables([]table{{"moves.given", j.Given, m.rep}, {"moves.skipped", j.Skipped, asIs}})
	v.view.Title = v.view.T("moves.job")
	v.view.Data = struct {
		jobRow
		Stop bool
	}{row, open && (v.user.Is(app.RoleManager) || v.user.ID == j.By)}
	d.render(v.w, v.r, http.StatusOK, "job", v.view)
	return nil
}

func (d *desk) stopPage(v visit) error {
	if err := d.checkPost(v.r); err != nil {
		return err
	}
	id := v.r.PathValue("job")
	if !isWord.MatchString(id) {
		return lead.Errorf(lead.NotFound, "there is no such job")
	}
	if _, err := d.app.StopJob(v.r.Context(), v.user, id); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, v.view.Base+"/moves/"+url.PathEscape(id)+"?done="+doneStop, http.StatusSeeOther)
	return nil
}

// row tells a job's way in words.
func (m moving) row(j app.JobView) jobRow {
	return jobRow{JobView: j, Of: m.of(j.From), Into: m.into(j.To)}
}

func (m moving) of(from lead.Origin) string {
	switch {
	case from.Rep != "":
		return m.words.t("moves.of_rep", m.rep(from.Rep))
	case from.Pool != "" && from.Tag != "":
		return m.words.t("moves.of_tag", m.names.of(toPool, from.Pool), from.Tag)
	case from.Pool != "":
		return m.words.t("moves.of_pool", m.names.of(toPool, from.Pool))
	case from.Cohort != "":
		return m.words.t("moves.of_class", m.names.of(toTeam, from.Team), from.Cohort)
	case from.Territory != "":
		return m.words.t("moves.of_territory", m.names.of(toTeam, from.Team), m.names.of(ofTerritory, from.Territory))
	case from.Team != "":
		return m.words.t("moves.of_team", m.names.of(toTeam, from.Team))
	}
	return m.words.t("moves.of_list", len(from.Leads))
}

func (m moving) into(to lead.Goal) string {
	switch {
	case to.Rep != "":
		return m.words.t("moves.into_rep", m.rep(to.Rep))
	case to.Team != "":
		return m.words.t("moves.into_team", m.names.of(toTeam, to.Team))
	case to.Pool != "":
		return m.words.t("moves.into_pool", m.names.of(toPool, to.Pool))
	}
	return m.words.t("to.anew")
}

func (m moving) rep(id string) string { return m.names.of(toRep, id) }
func asIs(text string) string         { return text }
