package route_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// crew are reps of whom each differs in something that steps go by. Of equals c has
// had the fewest turns, then d.
func crew() []lead.Rep {
	return []lead.Rep{
		rep("a", turns(9), func(r *lead.Rep) {
			r.Level, r.Territories, r.Target, r.Months = "senior", []string{"east"}, ptr(2), map[string]int{"2026-03": 2}
		}),
		rep("b", turns(9), func(r *lead.Rep) {
			r.Level, r.Territories, r.Target, r.Months = "senior", []string{"china"}, ptr(2), map[string]int{"2026-02": 2}
		}),
		rep("c", turns(8), func(r *lead.Rep) {
			r.Level, r.Target, r.Months = "junior", ptr(3), map[string]int{"2026-03": 2, "2026-01": 9}
		}),
		rep("d", turns(9), func(r *lead.Rep) { r.Level = "trainee"; r.Months = map[string]int{"2026-03": 9} }),
	}
}

func off(r *lead.Rep)  { r.Shifts = shifts("20:00-21:00") } // eight hours from noon
func away(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-03-01", To: "2026-03-31"}} }
func full(r *lead.Rep) { r.Cap = ptr(0) }
func owner(rep string, ago time.Duration) lead.Lead {
	return lead.Lead{Owners: []lead.Owner{{Rep: rep, Until: noon.Add(-ago)}}}
}

// TestSteps narrows the choice of the crew by one step after the other.
func TestSteps(t *testing.T) {
	t.Parallel()
	seniority := route.Step{By: route.BySeniority, Levels: map[lead.Grade][]string{"A": {"head", "senior"}, "B": {"trainee"}}}
	cohort := route.Step{By: route.ByCohort, Cohort: []route.Cohort{
		{Name: "early", When: `campaign == "spring"`, Reps: []string{"a"}, To: "2026-03-03"},
		{Name: "spring", When: `campaign == "spring"`, Reps: []string{"b", "d"}, From: "2026-03-04", To: "2026-03-04"},
		{Name: "late", When: `campaign startsWith "s"`, Reps: []string{"d"}},
	}}
	with := func(s route.Step, edit func(*route.Step)) route.Step { edit(&s); return s }
	otherwise := func(s route.Step, e route.Else) route.Step { s.Else = e; return s }
	by := func(b route.By) route.Step { return route.Step{By: b} }
	of := func(grade lead.Grade) lead.Lead { return lead.Lead{Grade: grade} }
	from := func(f lead.Facts) lead.Lead { return lead.Lead{Facts: f} }
	for name, c := range map[string]struct {
		steps []route.Step
		lead  lead.Lead
		edit  map[string]func(*lead.Rep)
		want  string // the reps from whom one is chosen; where to otherwise
		told  string
	}{
		"no step":                      {nil, of("A"), nil, "a b c d", ""},
		"account owner":                {[]route.Step{by(route.ByAccount)}, from(lead.Facts{Account: "b"}), nil, "b", "account owner"},
		"no account":                   {[]route.Step{by(route.ByAccount)}, of("A"), nil, "a b c d", ""},
		"account owner off":            {[]route.Step{by(route.ByAccount)}, from(lead.Facts{Account: "b"}), map[string]func(*lead.Rep){"b": off}, "a c d", "account owner (nobody)"},
		"account owner elsewhere":      {[]route.Step{by(route.ByAccount)}, from(lead.Facts{Account: "z"}), nil, "a b c d", "account owner (nobody)"},
		"account owner awaited":        {[]route.Step{otherwise(by(route.ByAccount), route.ElseWait)}, from(lead.Facts{Account: "b"}), map[string]func(*lead.Rep){"b": off}, "waits until 20:00", "account owner (not there now)"},
		"account owner away for long":  {[]route.Step{otherwise(by(route.ByAccount), route.ElseWait)}, from(lead.Facts{Account: "b"}), map[string]func(*lead.Rep){"b": away}, "a c d", "account owner (nobody)"},
		"account owner full":           {[]route.Step{otherwise(by(route.ByAccount), route.ElseWait)}, from(lead.Facts{Account: "b"}), map[string]func(*lead.Rep){"b": full}, "a c d", "account owner (nobody)"},
		"account owner or dispatcher":  {[]route.Step{otherwise(by(route.ByAccount), route.ElseTriage)}, from(lead.Facts{Account: "b"}), map[string]func(*lead.Rep){"b": off}, "dispatcher", "account owner (nobody)"},
		"referrer":                     {[]route.Step{by(route.ByReferrer)}, from(lead.Facts{Referrer: "d"}), nil, "d", "referrer"},
		"previous owner":               {[]route.Step{by(route.ByPrevious)}, owner("a", 40*day), nil, "a", "previous owner"},
		"previous owner, cooling off":  {[]route.Step{by(route.ByPrevious)}, owner("a", 20*day), nil, "b c d", "previous owner (nobody)"},
		"the latest owner there":       {[]route.Step{by(route.ByPrevious)}, lead.Lead{Owners: []lead.Owner{{Rep: "a"}, {Rep: "b"}, {Rep: "d"}}}, map[string]func(*lead.Rep){"d": off}, "b", "previous owner"},
		"never had by anybody":         {[]route.Step{by(route.ByPrevious)}, of("A"), nil, "a b c d", ""},
		"not before":                   {[]route.Step{by(route.ByOthers)}, owner("a", 40*day), nil, "b c d", "not before"},
		"had by nobody before":         {[]route.Step{by(route.ByOthers)}, of("A"), nil, "a b c d", ""},
		"seniority":                    {[]route.Step{seniority}, of("A"), nil, "a b", "seniority head, senior"},
		"seniority of another grade":   {[]route.Step{seniority}, of("B"), nil, "d", "seniority trainee"},
		"seniority of no grade":        {[]route.Step{seniority}, of("C"), nil, "a b c d", ""},
		"cohort":                       {[]route.Step{cohort}, from(lead.Facts{Campaign: "spring"}), nil, "b d", "cohort spring"},
		"cohort without dates":         {[]route.Step{cohort}, from(lead.Facts{Campaign: "summer"}), nil, "d", "cohort late"},
		"no cohort":                    {[]route.Step{cohort}, from(lead.Facts{Campaign: "winter"}), nil, "a b c d", ""},
		"narrowest territory":          {[]route.Step{by(route.ByTerritory)}, from(lead.Facts{Country: "CN", City: "Shanghai"}), nil, "a", "territory east"},
		"territory around it":          {[]route.Step{by(route.ByTerritory)}, from(lead.Facts{Country: "CN", City: "Shanghai"}), map[string]func(*lead.Rep){"a": off}, "b", "territory china"},
		"wider territory":              {[]route.Step{by(route.ByTerritory)}, from(lead.Facts{Country: "CN"}), nil, "b", "territory china"},
		"no territory":                 {[]route.Step{by(route.ByTerritory)}, from(lead.Facts{Country: "DE"}), nil, "a b c d", ""},
		"territory without reps":       {[]route.Step{by(route.ByTerritory)}, from(lead.Facts{Country: "CN", City: "Shanghai"}), map[string]func(*lead.Rep){"a": off, "b": off}, "c d", "territory east (nobody)"},
		"territory awaited":            {[]route.Step{otherwise(by(route.ByTerritory), route.ElseWait)}, from(lead.Facts{Country: "CN", City: "Shanghai"}), map[string]func(*lead.Rep){"a": off, "b": off}, "waits until 20:00", "territory east (not there now)"},
		"qualified":                    {[]route.Step{by(route.ByTarget)}, of("A"), nil, "a b", "quota-qualified"},
		"for grades":                   {[]route.Step{with(by(route.ByTarget), func(s *route.Step) { s.Grades = []lead.Grade{"A"} })}, of("B"), nil, "a b c d", ""},
		"for some":                     {[]route.Step{with(by(route.ByTarget), func(s *route.Step) { s.When = `channel == "fair"` })}, from(lead.Facts{Channel: "fair"}), nil, "a b", "quota-qualified"},
		"not for others":               {[]route.Step{with(by(route.ByTarget), func(s *route.Step) { s.When = `channel == "fair"` })}, of("A"), nil, "a b c d", ""},
		"for who knows whom":           {[]route.Step{with(by(route.ByTarget), func(s *route.Step) { s.When = `answer.age + 1 > 3` })}, of("A"), nil, "a b c d", ""},
		"two":                          {[]route.Step{by(route.ByTarget), by(route.ByTerritory)}, from(lead.Facts{Country: "CN", City: "Shanghai"}), nil, "a", "quota-qualified, then territory east"},
		"two that exclude each other":  {[]route.Step{seniority, by(route.ByAccount)}, lead.Lead{Grade: "A", Facts: lead.Facts{Account: "c"}}, nil, "a b", "seniority head, senior, then account owner (nobody)"},
		"the one left decides nothing": {[]route.Step{by(route.ByAccount), seniority}, lead.Lead{Grade: "A", Facts: lead.Facts{Account: "c"}}, nil, "c", "account owner"},
		// The other senior is off, but not of the territory: nobody to wait for.
		"awaited within the steps before": {[]route.Step{by(route.ByTerritory), otherwise(seniority, route.ElseWait)},
			lead.Lead{Grade: "A", Facts: lead.Facts{Country: "CN"}},
			map[string]func(*lead.Rep){"a": off, "b": func(r *lead.Rep) { r.Level = "junior" }, "c": func(r *lead.Rep) { r.Territories = []string{"china"} }},
			"b c", "territory china, then seniority head, senior (nobody)"},
		"awaited, of those who fit twice": {[]route.Step{by(route.ByTerritory), otherwise(seniority, route.ElseWait)},
			lead.Lead{Grade: "A", Facts: lead.Facts{Country: "CN"}},
			map[string]func(*lead.Rep){"b": off, "c": func(r *lead.Rep) { r.Territories = []string{"china"} },
				"a": func(r *lead.Rep) { r.Shifts = shifts("18:00-19:00") }},
			"waits until 20:00", "territory china, then seniority head, senior (not there now)"},
		"nobody there at all": {[]route.Step{otherwise(by(route.ByAccount), route.ElseTriage)}, from(lead.Facts{Account: "b"}),
			map[string]func(*lead.Rep){"a": off, "b": off, "c": off, "d": full}, "waits until 20:00", ""},
	} {
		table, problems := route.Compile(route.Plan{
			Routing: route.Spec{Fallback: "young"},
			Ways:    []route.Way{{Team: "young", Steps: c.steps, CoolOff: 30 * day, Wait: 16 * time.Hour}},
			Territories: []route.Territory{{ID: "china", When: `country == "CN"`, Inside: []route.Territory{
				{ID: "east", When: `city == "Shanghai"`},
			}}},
		})
		if problems != nil {
			t.Fatalf("%s: %v", name, problems)
		}
		reps := crew()
		for i := range reps {
			if edit := c.edit[reps[i].ID]; edit != nil {
				edit(&reps[i])
			}
		}
		choice := table.Choose(route.Query{Lead: c.lead, Facts: c.lead.Facts, Reps: reps, Now: noon})
		if !choice.Wait.IsZero() && choice.Grounds.More > 0 {
			t.Errorf("%s: the lead waits, and %d could have it", name, choice.Grounds.More)
		}
		if got := outcome(choice); got != c.want || strings.Join(choice.Grounds.Steps, ", then ") != c.told {
			t.Errorf("%s: %s by %q, want %s by %q (%s)", name, got, choice.Grounds.Steps, c.want, c.told, choice.Why)
		}
	}
}

// outcome is from whom a choice was made, in the order of their ids, or where the
// lead goes.
func outcome(c lead.Choice) string {
	switch {
	case !c.Wait.IsZero():
		return "waits until " + c.Wait.Format("15:04")
	case c.Rep == "":
		return "dispatcher"
	}
	var ids []string
	for _, id := range []string{"a", "b", "c", "d"} {
		for _, f := range c.Grounds.First {
			if f.Rep == id {
				ids = append(ids, id)
			}
		}
	}
	return strings.Join(ids, " ")
}

// TestSkill goes by the best few of the channel. Of equals at the end of the list
// all are in it.
func TestSkill(t *testing.T) {
	t.Parallel()
	record := func(id string, fair, site int) lead.Rep {
		return rep(id, func(r *lead.Rep) {
			r.Tried, r.Won = map[string]int{"fair": 200, "site": 200}, map[string]int{"fair": fair, "site": site}
		})
	}
	reps := []lead.Rep{record("a", 80, 10), record("b", 40, 40), record("c", 40, 40), record("d", 10, 80)}
	for _, c := range []struct {
		best    int
		channel string
		edit    func(*lead.Rep)
		want    string
	}{
		{0, "fair", func(*lead.Rep) {}, "a"},
		{1, "site", func(*lead.Rep) {}, "d"},
		{2, "fair", func(*lead.Rep) {}, "a b c"},
		{3, "site", func(*lead.Rep) {}, "b c d"},
		{9, "site", func(*lead.Rep) {}, "a b c d"},
		{1, "fair", func(r *lead.Rep) { r.Active = r.ID != "a" }, "b c"}, // the best of those who are there
	} {
		table := teamOf(t, route.Way{Steps: []route.Step{{By: route.BySkill, Best: c.best}}})
		there := make([]lead.Rep, len(reps))
		for i := range reps {
			there[i] = reps[i]
			c.edit(&there[i])
		}
		l := lead.Lead{Facts: lead.Facts{Channel: c.channel}}
		choice := table.Choose(route.Query{Lead: l, Facts: l.Facts, Reps: there, Now: noon})
		if got := outcome(choice); got != c.want || fmt.Sprint(choice.Grounds.Steps) != fmt.Sprintf("[skill, best %d]", max(1, c.best)) {
			t.Errorf("best %d of %s: %s by %q, want %s", c.best, c.channel, got, choice.Grounds.Steps, c.want)
		}
	}
}

// TestGrowth: a recommended lead goes to the referrer's rep, a premium one to who
// reached the target, and the rest by turns.
func TestGrowth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		premium []lead.Grade
		lead    lead.Lead
		want    string
	}{
		{nil, lead.Lead{Grade: "A+"}, "a b"},
		{nil, lead.Lead{Grade: "A"}, "a b"},
		{nil, lead.Lead{Grade: "B"}, "a b c d"},
		{nil, lead.Lead{Grade: "A", Facts: lead.Facts{Referrer: "d"}}, "d"},
		{[]lead.Grade{"B"}, lead.Lead{Grade: "A"}, "a b c d"},
		{[]lead.Grade{"B"}, lead.Lead{Grade: "B"}, "a b"},
	} {
		table := teamOf(t, route.Way{Mode: route.Growth, Premium: c.premium})
		choice := table.Choose(route.Query{Lead: c.lead, Facts: c.lead.Facts, Reps: crew(), Now: noon})
		if got := outcome(choice); got != c.want {
			t.Errorf("premium %v, %+v: %s, want %s", c.premium, c.lead, got, c.want)
		}
	}
}
