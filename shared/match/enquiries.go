package match

// The chances by which an enquiry is compared with stored persons. They are
// judgement, not learned: where a figure has a source, it says so.
//
// The prior: of the up to 50 persons that blocking brings, some by name, some by
// domain or number, about one in a hundred is the person who enquires: a share
// of duplicates of 5 to 10 of 100 among new enquiries is usual, of which exact
// keys take most.
const enquiryPrior = -6.6 // log2(1/97)

// chance is a level with its m and u.
type chance struct {
	level int
	m, u  float64
}

// enquiryLevels are m and u for each column. U is among persons brought by
// blocking, not among all: they share the start of a name, a domain or a number
// far more often than strangers do.
var enquiryLevels = []struct {
	field  Field
	levels []chance
}{
	// People write their own name alike: 80 of 100 the same, 11 with initials or
	// short forms, 5 with a slip (Winkler 1990 gives 5 to 10 of 100 for names).
	// Two of one name block have the very same full name about once in fifty.
	{Field{"name", Full}, []chance{
		{different, .010, .620}, {weak, .020, .280}, {part, .010, .025}, {fair, .110, .040}, {near, .050, .015}, {same, .800, .020}}},
	// People write where they work with or without its branch; one of ten has a
	// new employer. Colleagues come by one domain: one of six shares the company.
	{Field{"company", Company}, []chance{
		{different, .100, .780}, {weak, .030, .050}, {part, .050, .025}, {fair, .090, .015}, {near, .080, .010}, {same, .650, .120}}},
	// The very same address never comes here: it is a key. Of the others of one
	// person most are a private and a business one; slips are rare, but rarer by
	// chance. Colleagues have the same host.
	{Field{"e-mail", Email}, []chance{
		{different, .520, .760}, {weak, .040, .030}, {part, .090, .200}, {fair, .170, .006}, {near, .120, .002}, {same, .060, .002}}},
	// Nor does the very same number. One of ten numbers of one person is a slip
	// of the other; a switchboard's extensions differ in the last digits.
	{Field{"phone", Phone}, []chance{
		{different, .700, .960}, {weak, .060, .030}, {part, .050, .002}, {near, .150, .0015}, {same, .040, .0015}}},
	// People move little between enquiries; blocks are of one market, in which
	// the largest city holds one of ten.
	{Field{"city", City}, []chance{
		{different, .150, .840}, {weak, .010, .010}, {part, .040, .010}, {near, .050, .010}, {same, .750, .130}}},
	{Field{"country", Category}, []chance{
		{different, .020, .300}, {part, .010, .005}, {near, .010, .005}, {same, .960, .690}}},
}

// Enquiries is the fixed model by which a new enquiry is compared with stored
// persons. Its fields are, in this order: full name, company, e-mail address,
// phone number in E.164, city, country. Any may be missing.
//
// [Model.Compare] takes how many persons share the name block: of n people of
// one name, each is the enquirer with an n-th of the odds, so that a common name
// needs log2(n) bits more from elsewhere.
func Enquiries() Model {
	m := Model{Prior: enquiryPrior}
	for i, e := range enquiryLevels {
		c := Comparison{Field: i, Kind: e.field.Kind, Levels: make([]Level, levelCount)}
		for l, o := range outcomes[e.field.Kind] {
			c.Levels[l].Name = o.name
		}
		c.Levels[missing].Name = "missing"
		for _, given := range e.levels {
			c.Levels[given.level].M, c.Levels[given.level].U = given.m, given.u
			c.Levels[given.level].Bits = log2(given.m / given.u)
		}
		m.Fields = append(m.Fields, e.field)
		m.Comparisons = append(m.Comparisons, c)
	}
	return m
}
