package match

// The chances by which an enquiry is compared with stored persons. They are
// judgement, not learned, and set so that a careful person agrees with the
// outcome of every case in TestEnquiries.
//
// The prior: of some 3,000 persons of a market whom an enquiry could be, it is
// one in one case of ten (5 to 10 of 100 new enquiries come from people already
// known, of which exact keys take most).
const enquiryPrior = -15

// enquiryPersons is how many persons the share of a name is taken of.
const enquiryPersons = 50_000

// twoCharacters is how many persons at least share a Chinese name of one family
// and one given character: the commonest, such as 王伟, are borne by some
// 300,000 of 1.4 billion, the average one by far fewer.
const twoCharacters = 8

// mailboxTie is how much less the name of a mailbox says beside that of its owner, in
// bits: half of all mailboxes have just the name before the @.
const mailboxTie = 7.5

// chance is a level with its m and u.
type chance struct {
	level int
	m, u  float64
}

// enquiryLevels are m and u for each column.
var enquiryLevels = []struct {
	field  Field
	levels []chance
}{
	// People write their own name alike: 80 of 100 the same, 11 with initials or
	// short forms, 5 with a slip (Winkler 1990 gives 5 to 10 of 100 for names). A
	// full name is shared by one stranger in about 13,000, a rare one by one in
	// 100,000; a family name by one in 100.
	{Field{"name", Full}, []chance{
		{different, .010, .968}, {weak, .020, .030}, {part, .010, .001}, {fair, .110, .0002}, {near, .050, .000025}, {same, .800, .000077}}},
	// People write where they work with or without its branch; one of ten has a
	// new employer. Of two strangers one pair in 800 works for one company.
	{Field{"company", Company}, []chance{
		{different, .100, .980}, {weak, .030, .010}, {part, .050, .003}, {fair, .090, .0015}, {near, .080, .0003}, {same, .650, .0012}}},
	// The very same address never comes here: it is a key. Of the others of one
	// person most are a private and a business one; slips are rare, but by chance
	// rarer. Colleagues have the same host.
	{Field{"e-mail", Email}, []chance{
		{different, .620, .900}, {weak, .040, .005}, {part, .090, .094}, {fair, .170, .0003}, {near, .080, .000015}, {same, .010, .000001}}},
	// Nor does the very same number. One of seven numbers of one person is a slip
	// of the other; a switchboard's extensions differ in the last digits.
	{Field{"phone", Phone}, []chance{
		{different, .700, .996}, {weak, .060, .002}, {part, .050, .00002}, {near, .150, .000025}, {same, .040, .000001}}},
	// People move little between enquiries; the largest city of a market holds
	// one of ten.
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
// one name each is the enquirer with an n-th of the odds, so that a common name
// needs log2(n) bits more from elsewhere.
func Enquiries() Model {
	m := Model{Prior: enquiryPrior}
	for i, e := range enquiryLevels {
		c := Comparison{Field: i, Kind: e.field.Kind, Levels: make([]Level, levelCount)}
		for l, o := range outcomes[e.field.Kind] {
			c.Levels[l].Name = o.name
		}
		c.Levels[missing].Name = "missing"
		var ms, us [levelCount]float64
		for _, given := range e.levels {
			ms[given.level], us[given.level] = given.m, given.u
		}
		c.set(ms, us, 0)
		if c.Kind == Full {
			c.Values = &Frequencies{Entities: enquiryPersons}
		}
		m.Fields = append(m.Fields, e.field)
		m.Comparisons = append(m.Comparisons, c)
	}
	// A mailbox is named after its owner, and two of one name have mailboxes of one
	// name with whomever they have them.
	m.Ties = []Tie{{First: 0, Second: 2, Level: fair, Bits: mailboxTie}}
	return m
}
