package document_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// read turns what a row says of a lead into the lead as it was before and what
// happens to it now.
func (s *scenario) read(r *row, leads map[string]lead.Lead) (lead.Lead, []lead.Command, error) {
	words := strings.Split(r.lead, ", ")
	if number, again := strings.CutPrefix(words[0], "the lead of row "); again {
		l, known := leads[number]
		if !known || len(words) != 2 {
			return l, nil, fmt.Errorf("say which earlier row, and what happened: %q", r.lead)
		}
		commands, err := s.happens(words[1], l)
		return l, commands, err
	}
	capture := lead.Capture{Number: "L-" + r.number, Person: "person-" + r.number, Product: s.doc.Products[0].ID}
	score := lead.Score{Grade: lead.GradeB}
	for _, word := range words {
		if err := s.fact(word, &capture.Facts, &score); err != nil {
			return lead.Lead{}, nil, err
		}
	}
	if capture.Facts.Product != "" {
		capture.Product = capture.Facts.Product
	}
	return lead.Lead{ID: "lead-" + r.number}, []lead.Command{capture, score}, nil
}

// happens is what happened to a lead that an earlier row placed.
func (s *scenario) happens(word string, l lead.Lead) ([]lead.Command, error) {
	verdict, found := strings.CutPrefix(word, "found ")
	switch {
	case word == "still waiting" && !l.Wait.IsZero():
		return nil, nil
	case word == "not accepted":
		return []lead.Command{lead.Expire{}}, nil
	case found:
		if team, _ := s.policy.Team(l.Team); !slices.Contains(team.Verdicts, verdict) {
			return nil, fmt.Errorf("the verdicts of team %s are %v, not %q", l.Team, team.Verdicts, verdict)
		}
		return []lead.Command{lead.Accept{Rep: l.Owner()}, lead.Qualify{Rep: l.Owner(), Verdict: verdict}}, nil
	}
	return nil, fmt.Errorf("nothing is known of %q for a lead that is %s", word, l.State)
}

// ago is a phrase of the past, such as "had by amy 3 days ago".
var ago = regexp.MustCompile(`^(?:(had by) (\S+)|(came in)) (\d+) (hour|day)s? ago$`)

// fact reads one thing that is known of a new lead. Words with a place of their
// own, see [scenario.owners] and [scenario.created], are checked only.
func (s *scenario) fact(word string, f *lead.Facts, score *lead.Score) error {
	if past := ago.FindStringSubmatch(word); past != nil {
		if past[1] != "" {
			return s.isRep(past[2])
		}
		return nil
	}
	name, value, _ := strings.Cut(word, " ")
	one := func(into *string, known ...string) error {
		if *into = value; value == "" || len(known) > 0 && !slices.Contains(known, value) {
			return fmt.Errorf("%q: it is one of %v", word, known)
		}
		return nil
	}
	switch name {
	case "product":
		return one(&f.Product, ids(s.doc.Products, func(p policy.Product) string { return p.ID })...)
	case "channel":
		return one(&f.Channel, s.doc.Channels...)
	case "country":
		return one(&f.Country)
	case "city":
		return one(&f.City)
	case "campaign":
		return one(&f.Campaign)
	case "grade":
		return one((*string)(&score.Grade), ids(lead.Grades, func(g lead.Grade) string { return string(g) })...)
	case "maturity":
		return one((*string)(&score.Maturity), ids(lead.Maturities, func(m lead.Maturity) string { return string(m) })...)
	case "behaviour":
		n, err := strconv.Atoi(value)
		score.Behaviour = n
		return err
	case "chance":
		p, err := strconv.ParseFloat(value, 64)
		score.Chance = int(math.Round(p * lead.Certain))
		return err
	case "answer":
		return s.answer(value, f)
	}
	if word == "company" {
		f.Company = true
		return nil
	}
	if rep, ok := strings.CutPrefix(word, "account of "); ok {
		f.Account = rep
		return s.isRep(rep)
	}
	if rep, ok := strings.CutPrefix(word, "referred to "); ok {
		f.Referrer = rep
		return s.isRep(rep)
	}
	return fmt.Errorf("nothing is known of %q", word)
}

func (s *scenario) answer(text string, f *lead.Facts) error {
	name, value, _ := strings.Cut(text, " ")
	if !slices.ContainsFunc(s.doc.Forms[0].Fields, func(f form.Field) bool { return f.Name == name }) {
		return fmt.Errorf("no form asks for %q", name)
	}
	if f.Answers == nil {
		f.Answers = map[string]any{}
	}
	f.Answers[name] = value
	if number, err := strconv.ParseFloat(value, 64); err == nil {
		f.Answers[name] = number
	}
	return nil
}

// owners are the reps who had a new lead, the latest last.
func (s *scenario) owners(r *row, now time.Time) (owners []lead.Owner) {
	for word := range strings.SplitSeq(r.lead, ", ") {
		if past := ago.FindStringSubmatch(word); past != nil && past[1] != "" {
			owners = append(owners, lead.Owner{Rep: past[2], Until: before(past, now)})
		}
	}
	slices.SortStableFunc(owners, func(a, b lead.Owner) int { return a.Until.Compare(b.Until) })
	return owners
}

// created is when a lead came in.
func (s *scenario) created(r *row, was, now time.Time) time.Time {
	for word := range strings.SplitSeq(r.lead, ", ") {
		if past := ago.FindStringSubmatch(word); past != nil && past[3] != "" {
			return before(past, now)
		}
	}
	return was
}

func before(past []string, now time.Time) time.Time {
	n, _ := strconv.Atoi(past[4]) // digits
	if past[5] == "hour" {
		return now.Add(-time.Duration(n) * time.Hour)
	}
	return now.AddDate(0, 0, -n)
}

// isRep refuses a rep who is not of the table.
func (s *scenario) isRep(id string) error {
	if !slices.ContainsFunc(s.reps, func(r lead.Rep) bool { return r.ID == id }) {
		return fmt.Errorf("there is no rep %q", id)
	}
	return nil
}

func ids[T any](all []T, id func(T) string) (list []string) {
	for _, one := range all {
		list = append(list, id(one))
	}
	return list
}
