package desk

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"

	"sluice/shared/app"
	"sluice/shared/lead"
)

func (d *desk) tasks(c call) (any, error) {
	return d.app.Tasks(c.Context(), c.user, c.URL.Query().Get("rep"))
}

func (d *desk) extend(c call) (any, error) {
	return act(c, func(on app.Target, in reasonBody) (app.LeadView, error) {
		return d.app.Extend(c.Context(), c.user, on, in.Reason)
	})
}

func (d *desk) deal(c call) (any, error) {
	return act(c, func(on app.Target, in app.Opportunity) (app.LeadView, error) {
		return d.app.Deal(c.Context(), c.user, on, in)
	})
}

func (d *desk) tag(c call) (any, error) {
	return act(c, func(on app.Target, in app.Tags) (app.LeadView, error) {
		return d.app.Tag(c.Context(), c.user, on, in)
	})
}

func (d *desk) optOut(c call) (any, error) {
	return act(c, func(on app.Target, _ nothing) (app.LeadView, error) {
		return d.app.OptOut(c.Context(), c.user, on)
	})
}

func (d *desk) reveal(c call) (any, error) {
	return act(c, func(on app.Target, _ nothing) (app.LeadView, error) {
		return d.app.Reveal(c.Context(), c.user, on)
	})
}

func (d *desk) pools(c call) (any, error) {
	pools, err := d.app.Pools(c.Context(), c.user)
	return struct {
		Pools []app.PoolView `json:"pools"`
	}{pools}, err
}

func (d *desk) pool(c call) (any, error) {
	id, err := c.id("pool")
	if err != nil {
		return nil, err
	}
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	only, err := onlyOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Pool(c.Context(), c.user, id, only, p)
}

// onlyOf reads which leads of a list are meant.
func onlyOf(r *http.Request) (app.Only, error) {
	only := app.Only{Tag: r.URL.Query().Get("tag"), Grade: lead.Grade(r.URL.Query().Get("grade"))}
	if only.Grade != "" && only.Grade.Rank() == len(lead.Grades) {
		return only, &lead.Error{Kind: lead.Invalid, Field: "grade", Text: "the grades are A+, A, B, C and D"}
	}
	return only, nil
}

func (d *desk) claims(c call) (any, error) {
	type body struct {
		Leads []string `json:"leads"`
	}
	id, err := c.id("pool")
	if err != nil {
		return nil, err
	}
	in, err := read[body](c)
	if err != nil {
		return nil, err
	}
	return d.app.ClaimMany(c.Context(), c.user, id, in.Leads)
}

func (d *desk) members(c call) (any, error) {
	id, err := c.id("pool")
	if err != nil {
		return nil, err
	}
	reps, err := d.app.Members(c.Context(), c.user, id)
	return struct {
		Reps []app.RepView `json:"reps"`
	}{reps}, err
}

func (d *desk) cycles(c call) (any, error) {
	id, err := c.id("pool")
	if err != nil {
		return nil, err
	}
	report, err := d.app.Stock(c.Context(), c.user, id)
	if err != nil {
		return nil, err
	}
	switch c.URL.Query().Get("format") {
	case "", "json":
		return report, nil
	case "csv":
		return stockCSV(report)
	}
	return nil, &lead.Error{Kind: lead.Invalid, Field: "format", Text: "the formats are json and csv"}
}

// stockCSV is the report with a row for each cycle. Rates are parts of one.
func stockCSV(report app.StockReport) (file, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	head := []string{"pool", "began", "ends", "looked"}
	for _, did := range lead.Dids {
		head = append(head, string(did))
	}
	for _, of := range []string{lead.CreditReply, lead.CreditConvert} {
		for _, what := range []string{"treated", "held_out", "diff", "low", "high", "extra"} {
			head = append(head, of+"_"+what)
		}
	}
	w.Write(head)
	for _, c := range report.Cycles {
		row := []string{report.Pool, c.Began.UTC().Format("2006-01-02"), c.Ends.UTC().Format("2006-01-02"), strconv.Itoa(c.Looked)}
		for _, did := range lead.Dids {
			row = append(row, strconv.Itoa(c.Did[did]))
		}
		row = append(row, strconv.Itoa(c.Treated.Replied), strconv.Itoa(c.HeldOut.Replied))
		row = append(row, liftRow(c.Replied)...)
		row = append(row, strconv.Itoa(c.Treated.Converted), strconv.Itoa(c.HeldOut.Converted))
		row = append(row, liftRow(c.Converted)...)
		w.Write(row)
	}
	w.Flush()
	return file{kind: "text/csv; charset=utf-8", name: report.Pool + "-cycles.csv", body: out.Bytes()}, w.Error()
}

func liftRow(l app.Lift) []string {
	var row []string
	for _, n := range []float64{l.Diff, l.Low, l.High, l.Extra} {
		row = append(row, strconv.FormatFloat(n, 'f', 4, 64))
	}
	return row
}

func (d *desk) sample(c call) (any, error) {
	id, err := c.id("team")
	if err != nil {
		return nil, err
	}
	return d.app.Sample(c.Context(), c.user, id, c.URL.Query().Get("week"))
}
