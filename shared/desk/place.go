package desk

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"sluice/shared/lead"
)

// place is where leads come from or go to, as one choice of a form: a kind, and
// after a colon which one.
type place string

const (
	toAnew      place = "anew"
	toRep       place = "rep"
	toTeam      place = "team"
	toPool      place = "pool"
	ofTerritory place = "territory" // and a slash between team and territory
	ofCohort    place = "cohort"    // and a slash between team and class
)

// choice is an option for one of the kind.
func (p place) choice(id, label, group string) choice {
	return choice{Value: string(p) + ":" + id, Label: label, Group: group}
}

func placeOf(value string) (place, string) {
	kind, id, _ := strings.Cut(value, ":")
	return place(kind), id
}

// goal is where a form sends leads; what no form of ours sends is nowhere.
func goal(value string) lead.Goal {
	switch kind, id := placeOf(value); kind {
	case toAnew:
		return lead.Goal{Anew: true}
	case toRep:
		return lead.Goal{Rep: id}
	case toTeam:
		return lead.Goal{Team: id}
	case toPool:
		return lead.Goal{Pool: id}
	}
	return lead.Goal{}
}

// origin is which leads a form means: one of its choices, or those listed, by id
// or by the address of their page.
func origin(value, list string) lead.Origin {
	var from lead.Origin
	switch kind, id := placeOf(value); kind {
	case toRep:
		from.Rep = id
	case toTeam:
		from.Team = id
	case ofTerritory:
		from.Team, from.Territory, _ = strings.Cut(id, "/")
	case ofCohort:
		from.Team, from.Cohort, _ = strings.Cut(id, "/")
	case toPool:
		from.Pool = id
	}
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r <= ' ' || r == ',' || r == ';' }) {
		if at := strings.LastIndex(word, "/leads/"); at >= 0 {
			word, _, _ = strings.Cut(word[at+len("/leads/"):], "?")
		}
		from.Leads = append(from.Leads, word)
	}
	return from
}

// atField names the field of a form that stands for others of the use case.
func atField(err error, name string, others ...string) error {
	var e *lead.Error
	if !errors.As(err, &e) || !slices.Contains(others, e.Field) {
		return err
	}
	named := *e
	named.Field = name
	return &named
}

// names are those of a kind's ids, as far as the user may know them.
type names map[place]map[string]string

func (n names) add(kind place, id, name string) {
	if n[kind] == nil {
		n[kind] = map[string]string{}
	}
	n[kind][id] = name
}

// of is the name of an id, the id where there is none.
func (n names) of(kind place, id string) string { return cmp.Or(n[kind][id], id) }
