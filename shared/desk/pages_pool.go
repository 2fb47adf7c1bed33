package desk

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// poolData is what the page of a pool shows.
type poolData struct {
	listing
	Pool   app.PoolView
	Only   app.Only
	Grades []lead.Grade
	Many   bool   // leads of the page can be claimed together
	Query  string // of this page, to come back to
	Told   *claimsTold
}

// claimsTold is what came of claiming many leads.
type claimsTold struct {
	Text string
	Left []claimLeft
}

type claimLeft struct{ ID, Number, Why string }

func (d *desk) poolPage(v visit) error { return d.showPool(v, nil) }

// showPool shows a page of a pool, and what came of claims on it.
func (d *desk) showPool(v visit, told *claimsTold) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	only, err := onlyOf(v.r)
	if err != nil {
		return err
	}
	id := v.r.PathValue("pool")
	list, err := d.app.Pool(v.r.Context(), v.user, id, only, p)
	if err != nil {
		return err
	}
	data := poolData{listing: listing{Empty: v.view.T("pool.empty"), Rows: rows(list.Leads), More: moreAt(v, "/pools/"+id, list.Cursor)}, Only: only, Grades: lead.Grades, Told: told}
	if only != (app.Only{}) {
		data.Empty = v.view.T("pool.none_such")
	}
	data.Pool, _ = v.places.Pool(id)
	switch {
	case data.Pool.Assigned:
		data.Lede = v.view.T("pool.assigned")
	case data.Pool.Left != nil:
		data.Lede = v.view.T("pool.left", *data.Pool.Left)
	default:
		data.Lede = v.view.T("pool.lede")
	}
	if data.Pool.Looks != nil {
		data.Lede += " " + v.view.T("pool.looks", *data.Pool.Looks)
	}
	if told != nil { // what stays is known by its number
		for i, left := range told.Left {
			for _, row := range data.Rows {
				if row.ID == left.ID {
					told.Left[i].Number = row.Number
				}
			}
		}
	}
	data.Many = slices.ContainsFunc(data.Rows, func(r row) bool { return r.Claim })
	query := v.r.URL.Query()
	query.Del("done")
	data.Query = query.Encode()
	if err := d.receivers(v, data.Rows, id); err != nil {
		return err
	}
	v.view.Title = v.view.T("pool.title", data.Pool.Name)
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "pool", v.view)
	return nil
}

// claimsPage claims the leads that were ticked, and shows the pool as it is then.
func (d *desk) claimsPage(v visit) error {
	if err := d.checkPost(v.r); err != nil {
		return err
	}
	id, ticked := v.r.PathValue("pool"), v.r.PostForm["lead"]
	v.view.Self = "/pools/" + url.PathEscape(id) + "?" + v.r.URL.RawQuery // a post has no address to come back to
	if len(ticked) == 0 {
		return d.showPool(v, &claimsTold{Text: v.view.T("pool.none_ticked")})
	}
	claims, err := d.app.ClaimMany(v.r.Context(), v.user, id, ticked)
	if err != nil {
		return err
	}
	told := &claimsTold{Text: v.view.T("pool.claimed", claims.Claimed, len(claims.Leads))}
	for _, c := range claims.Leads {
		if !c.Claimed {
			told.Left = append(told.Left, claimLeft{c.Lead, c.Lead, c.Why})
		}
	}
	if v.places, err = d.app.Places(v.r.Context(), v.user); err != nil { // fewer claims are left
		return err
	}
	return d.showPool(v, told)
}

// cyclesPage tells what the sweep of a pool did and what it was worth.
func (d *desk) cyclesPage(v visit) error {
	id := v.r.PathValue("pool")
	report, err := d.app.Stock(v.r.Context(), v.user, id)
	if err != nil {
		return err
	}
	name := id
	if pool, ok := v.places.Pool(id); ok {
		name = pool.Name
	}
	v.view.Title = v.view.T("cycles.title", name)
	replied, converted := lifts{Of: lead.CreditReply}, lifts{Of: lead.CreditConvert}
	for _, c := range report.Cycles {
		replied.add(v.view, c, c.Replied, func(a app.Arm) int { return a.Replied })
		converted.add(v.view, c, c.Converted, func(a app.Arm) int { return a.Converted })
	}
	v.view.Data = struct {
		app.StockReport
		Dids  []lead.Did
		Lifts []lifts
	}{report, lead.Dids, []lifts{replied, converted}}
	d.render(v.w, v.r, http.StatusOK, "cycles", v.view)
	return nil
}

// lifts tell what leads did in answer to the sweep, by cycle.
type lifts struct {
	Of   string
	Rows []liftTold
}

// liftTold compares the leads that were worked with and those held out.
type liftTold struct {
	Began                           time.Time
	Treated, HeldOut, Diff, Between string
	Extra                           float64
	Says                            string // helps, harms or little
}

func (l *lifts) add(v page.View, c app.Cycle, lift app.Lift, count func(app.Arm) int) {
	arm := func(a app.Arm, rate float64) string {
		return fmt.Sprintf("%d/%d (%s)", count(a), a.Leads, v.Percent(rate))
	}
	row := liftTold{Began: c.Began, Treated: arm(c.Treated, lift.Treated), HeldOut: arm(c.HeldOut, lift.HeldOut), Diff: points(lift.Diff),
		Between: points(lift.Low) + " … " + points(lift.High), Extra: math.Round(lift.Extra*10) / 10, Says: "little"}
	switch {
	case lift.Enough && lift.Diff > 0:
		row.Says = "helps"
	case lift.Enough:
		row.Says = "harms"
	}
	l.Rows = append(l.Rows, row)
}

// points shows a difference of rates in percentage points.
func points(diff float64) string { return strconv.FormatFloat(100*diff, 'f', 1, 64) }
