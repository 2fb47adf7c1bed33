package desk

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// What the pages about moves say was done.
const (
	doneBegin = "begin"
	doneStop  = "stop"
)

// movesForm names the form in its faults.
const movesForm = "moves"

// movesData is what the page of many leads' moves shows: the form, and the jobs
// or what the form would do.
type movesData struct {
	Fields []input
	Typed  []fact // of the form that is looked at, to send again
	Plan   *movePlan
	Jobs   []jobRow
	More   string
}

// movePlan is what a removal would do.
type movePlan struct {
	app.Foresight
	Tables []counts
}

// counts is a table of numbers, the largest first.
type counts struct {
	Title string
	Rows  []count
}

type count struct {
	Label string
	N     int
}

// moving is one look at such a page: who asks, and what there is to name.
type moving struct {
	visit
	words       words
	names       names
	reps        []app.RepView
	territories []app.TerritoryView
	classes     []app.Cohort
}

func (d *desk) moving(v visit) (m moving, err error) {
	m = moving{visit: v, words: words{lang: v.view.Lang, zone: v.view.Zone}, names: names{}}
	if m.reps, err = d.movable(v); err != nil {
		return m, err
	}
	if m.classes, err = d.app.Cohorts(v.r.Context()); err != nil {
		return m, err
	}
	if m.territories, err = d.app.Territories(v.r.Context()); err != nil {
		return m, err
	}
	for _, r := range m.reps {
		m.names.add(toRep, r.ID, r.Name)
	}
	for _, t := range v.places.Teams {
		m.names.add(toTeam, t.ID, t.Name)
	}
	for _, p := range v.places.Pools {
		m.names.add(toPool, p.ID, p.Name)
	}
	for _, t := range m.territories {
		m.names.add(ofTerritory, t.ID, t.Name)
	}
	return m, nil
}

// movable are the reps whose leads, or to whom leads, the user may move: all that
// they see, or the members of the pools that they are an admin of.
func (d *desk) movable(v visit) ([]app.RepView, error) {
	if v.user.Is(app.RoleManager, app.RoleOps) {
		return d.app.Reps(v.r.Context(), v.user)
	}
	var all []app.RepView
	for _, p := range v.places.Pools {
		if !p.Admin {
			continue
		}
		members, err := d.app.Members(v.r.Context(), v.user, p.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range members {
			if !slices.ContainsFunc(all, func(other app.RepView) bool { return other.ID == r.ID }) {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

func (d *desk) movesPage(v visit) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	list, err := d.app.Jobs(v.r.Context(), v.user, p)
	if err != nil {
		return err
	}
	return d.showMoves(v, http.StatusOK, func(m moving, data *movesData) {
		for _, j := range list.Jobs {
			data.Jobs = append(data.Jobs, m.row(j))
		}
		data.More = more(v, list.Cursor)
	})
}

// showMoves shows the form with what was typed into it.
func (d *desk) showMoves(v visit, status int, fill func(moving, *movesData)) error {
	m, err := d.moving(v)
	if err != nil {
		return err
	}
	var data movesData
	if v.places.Moves {
		data.Fields = m.fields()
	}
	for _, name := range []string{"from", "tag", "leads", "to", "reason"} {
		data.Typed = append(data.Typed, fact{name, v.r.PostFormValue(name)})
	}
	for i := range data.Fields {
		data.Fields[i].Act, data.Fields[i].Value = movesForm, v.r.PostFormValue(data.Fields[i].Name)
	}
	fill(m, &data)
	v.view.Title = v.view.T("moves.title")
	v.view.Data = data
	d.render(v.w, v.r, status, "moves", v.view)
	return nil
}

// fields are those of the form: which leads, where to, and why. Who is no manager
// moves what rests in their pools.
func (m moving) fields() []input {
	t := m.view.T
	manager := m.user.Is(app.RoleManager)
	from := input{Name: "from", Kind: "choice", OneOf: manager, Required: !manager}
	to := input{Name: "to", Kind: "choice", Required: true}
	if manager {
		from.Hint = t("moves.from_hint")
		to.Choices = append(to.Choices, choice{Value: string(toAnew), Label: t("to.anew")})
	}
	for _, r := range m.reps {
		if manager {
			from.Choices = append(from.Choices, toRep.choice(r.ID, load(r), t("moves.from_rep")))
		}
		if r.Active {
			to.Choices = append(to.Choices, toRep.choice(r.ID, load(r), t("field.rep")))
		}
	}
	for _, team := range m.places.Teams {
		if !manager {
			break
		}
		from.Choices = append(from.Choices, m.ofTeam(team)...)
		to.Choices = append(to.Choices, toTeam.choice(team.ID, team.Name, t("moves.to_team")))
	}
	for _, p := range m.places.Pools {
		from.Choices = append(from.Choices, toPool.choice(p.ID, p.Name, t("moves.from_pool")))
		if manager || p.Admin {
			to.Choices = append(to.Choices, toPool.choice(p.ID, p.Name, t("field.pool")))
		}
	}
	reason := input{Name: "reason", Kind: "line", Type: "text", Required: true, Hint: t("hint.reason")}
	for _, text := range m.view.List("reasons.move") {
		reason.Choices = append(reason.Choices, choice{Value: text})
	}
	fields := []input{from, {Name: "tag", Kind: "line", Type: "text", Hint: t("moves.tag_hint")}}
	if manager {
		fields = append(fields, input{Name: "leads", Kind: "text", OneOf: true, Hint: t("moves.leads_hint"), Max: maxPost / 2})
	}
	return append(fields, to, reason)
}

// ofTeam are the parts of a team's leads that can be moved.
func (m moving) ofTeam(team app.TeamView) []choice {
	group := m.view.T("moves.from_team", team.Name)
	all := []choice{toTeam.choice(team.ID, m.view.T("moves.all"), group)}
	for _, place := range m.territories {
		label := strings.Repeat("– ", place.Depth) + place.Name
		all = append(all, ofTerritory.choice(team.ID+"/"+place.ID, label, group))
	}
	for _, class := range m.classes {
		if class.Team == team.ID {
			all = append(all, ofCohort.choice(team.ID+"/"+class.Name, m.view.T("moves.class", class.Name), group))
		}
	}
	return all
}

// removal reads the form.
func removal(r *http.Request) app.Removal {
	from := origin(r.PostFormValue("from"), r.PostFormValue("leads"))
	from.Tag = strings.TrimSpace(r.PostFormValue("tag"))
	return app.Removal{From: from, To: goal(r.PostFormValue("to")), Reason: r.PostFormValue("reason"), Key: r.PostFormValue("key")}
}

// previewPage tells what a removal would do.
func (d *desk) previewPage(v visit) error {
	if err := d.checkPost(v.r); err != nil {
		return err
	}
	v.view.Self = "/moves" // a post has no address to come back to
	plan, err := d.app.Foresee(v.r.Context(), v.user, removal(v.r))
	if err != nil {
		return d.movesFailed(v, err)
	}
	return d.showMoves(v, http.StatusOK, func(m moving, data *movesData) { data.Plan = m.plan(plan) })
}

// beginPage begins a removal.
func (d *desk) beginPage(v visit) error {
	if err := d.checkPost(v.r); err != nil {
		return err
	}
	j, err := d.app.Remove(v.r.Context(), v.user, removal(v.r))
	if err != nil {
		return d.movesFailed(v, err)
	}
	http.Redirect(v.w, v.r, v.view.Base+"/moves/"+url.PathEscape(j.ID)+"?done="+doneBegin, http.StatusSeeOther)
	return nil
}

// movesFailed shows the form with what is wrong in it.
func (d *desk) movesFailed(v visit, err error) error {
	err = atField(err, "from", "from.rep", "from.team", "from.territory", "from.cohort", "from.pool")
	err = atField(err, "tag", "from.tag")
	err = atField(err, "leads", "from.leads")
	err = atField(err, "to", "to.rep", "to.team", "to.pool", "to.anew")
	var e *lead.Error
	if !errors.As(err, &e) || e.Kind != lead.Invalid {
		return err
	}
	v.view.Fault = &page.Fault{Act: movesForm, Field: e.Field, Text: e.Text}
	return d.showMoves(v, problemOf(err).Status, func(moving, *movesData) {})
}

// plan tells what a removal would do in tables.
func (m moving) plan(f app.Foresight) *movePlan {
	byState, byGrade := map[string]int{}, map[string]int{}
	for state, n := range f.States {
		byState[string(state)] = n
	}
	for grade, n := range f.Grades {
		byGrade[cmp.Or(string(grade), "–")] = n
	}
	return &movePlan{f, m.tables([]table{
		{"moves.given", f.Given, m.rep}, {"moves.skipped", f.Skipped, asIs}, {"moves.owners", f.Owners, m.rep},
		{"moves.states", byState, func(state string) string { return m.view.Word("state", state) }}, {"moves.grades", byGrade, asIs},
	})}
}

// table is what a table of counts is made of.
type table struct {
	title string
	of    map[string]int
	name  func(string) string
}

// tables makes those that are not empty.
func (m moving) tables(all []table) []counts {
	var out []counts
	for _, t := range all {
		table := counts{Title: m.words.t(t.title)}
		for _, key := range slices.Sorted(maps.Keys(t.of)) {
			table.Rows = append(table.Rows, count{t.name(key), t.of[key]})
		}
		slices.SortStableFunc(table.Rows, func(a, b count) int { return cmp.Compare(b.N, a.N) })
		if len(table.Rows) > 0 {
			out = append(out, table)
		}
	}
	return out
}
