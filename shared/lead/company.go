package lead

import "time"

// Company is an organisation as far as it is known: what one of its people said, or
// an enricher told, fills what others of the same domain left empty.
type Company struct {
	ID      Key                   `json:"id"` // keyed hash of its registrable domain
	Version int                   `json:"v"`
	Known   map[string]string     `json:"known,omitempty"` // fact, by its name in expressions → value
	Origins map[string]Provenance `json:"origins,omitempty"`
	Account string                `json:"account,omitempty"` // the last lead that was won there: its rep looks after the company
}

// CompanyFacts lists what is kept of companies, by the names in expressions.
var CompanyFacts = []string{"industry", "headcount"}

// Learned returns the company with what the facts of one of its people tell that
// was not known, and whether that is anything. What came from the company itself
// tells nothing new.
func (c Company) Learned(f Facts, at time.Time) (Company, bool) {
	learned := false
	for _, fact := range fillable {
		value := *fact.of(&f)
		if !isCompanyFact(fact.name) || value == "" || c.Known[fact.name] != "" || f.Origins[fact.name].From == FromCompany {
			continue
		}
		from, derived := f.Origins[fact.name]
		if !derived {
			from = Provenance{From: FromPerson, At: at}
		}
		c.Known, c.Origins = with(c.Known, fact.name, value), with(c.Origins, fact.name, from)
		learned = true
	}
	return c, learned
}

// Tell fills the facts with what is known of the company.
func (c Company) Tell(f *Facts) {
	for _, name := range CompanyFacts {
		f.Fill(name, c.Known[name], Provenance{From: FromCompany, At: c.Origins[name].At})
	}
}

func isCompanyFact(name string) bool { return name == "industry" || name == "headcount" }
