package identity

import (
	_ "embed"
	"strings"
)

// nicknames has English nicknames, each with the names that it stands for. It
// is written by TestNicknamesAreCurrent from carltonnorthern's nicknames
// (Apache-2.0), the list that most record linkage uses.
//
//go:embed nicknames.tsv
var nicknames string

// familiar has names with their short forms in other languages, which that list
// lacks, and those that are one name in several languages: a line each. The
// source is common knowledge, as in dictionaries of given names. All folded.
const familiar = `
alexander sascha sasha sanja alex xander sander alejandro alessandro aleksander aleksandr alexandre
alexandra sascha sasha sandra alexa alejandra
alejandro alex jandro ale
antonio toni tono antonello nino tonio anton antoine
barbara babsi barbel basia
carmen carmela mamen
catherine katherine kathryn kate katharina kathrin katrin katja kathi kathe catalina caterina katarzyna kasia ekaterina katya
christian chris krischan kristian
christine christina christa chrissi tina krystyna kristina kirsten
concepcion concha conchita
daniel dani danny daniil
dmitri dima mitja dmitry
dolores lola loli
elisabeth elizabeth elise elsbeth lisbeth liesel lisa lisl sisi betti else ilse elsa isabel isabella elisabetta elzbieta ela
enrique quique kike henry heinrich henri enrico
eduardo edu lalo
ernst ernie ernesto
eva evi evita ewa
fernando nando fer
francisco paco pancho kiko curro fran franz francesco francis francois
franz franzl frank
friedrich fritz fiete frederik frederick
georg schorsch jorg jurgen jorge george giorgio jerzy yuri
gerhard gerd hardy
giovanni gianni nino vanni john juan johannes jean ivan jan
giuseppe beppe peppe pino joseph josef jose
guadalupe lupe lupita
guillermo memo guille william wilhelm guillaume guglielmo
gunther gunter
hannelore hanne lore
heinrich heinz hein heiner hinrich henri
ignacio nacho
isabel isa chabela
ivan wanja vanya
jakob jacob jaap jacques jaime jacobo
jan janek janusz
jesus chuy chucho suso
jean jeannot
jeronimo jero
johannes hans hannes johann jan jens jo
jose pepe pepito chepe josep
josef joseph sepp jupp beppo jozef
juan juanito juancho
katarzyna kasia kaska
klaus nikolaus claus niklas nikolai nicolas nicola
konrad conrad kurt
leonardo leo nardo
ludwig luggi lutz luis louis luigi ludovico
luis lucho luisito
malgorzata gosia malgosia margaret
manuel manolo manu lolo
margarete margarethe grete gretel greta gretchen margarita marguerite margherita margaret
maria mia mitzi marie mary mariechen maja
mariadelcarmen maricarmen
matthias matze hias mathias matthew mateo matteo matthieu maciej
mercedes merche meche
michael michel micha michi mischa misha mike miguel michele mikhail michal
mikhail misha mischa
moritz maurice mauricio maurizio
natalia natascha natasha
nikolai kolya
olga olya
otto otti
pablo paul paolo pavel pawel
paola pola
pedro perico peter pietro pierre piotr petr pyotr petra
philipp phil lipp felipe philippe filippo philip filip
rafael rafa rafi raphael raffaele
ramon moncho
roberto beto robert rob
rosario charo
rudolf rudi rolf rodolfo
salvador chava salva
santiago santi chago
sebastian basti bastian wastl sebas
sergei seryozha sergey sergio serge
sergio checo
siegfried sigi siggi
stanislaw staszek
stefan steffen steve stephan stephen steven esteban stefano etienne
susanne susi sanne suse susan susana suzanne
svetlana sveta
tatiana tanja tanya
teresa tere theresa therese
theodor theo
thomas tom tomas tommaso tomasz
ulrich uli ulli utz
ulrike uli ulli rike
vicente chente vincent vincenzo
vladimir vova wladimir volodya
walter walti walther
werner werni
wilhelm willi willy helmut wim
wolfgang wolfi wolf
yevgeny evgeny zhenya eugen eugene
`

// Nicknames reports whether two given names may be one person's: equal, one the
// other's short form, or both short forms of one name. What is left open:
// Sascha may be Alexander or Alexandra.
func Nicknames(a, b string) bool {
	a, b = oneWord(a), oneWord(b)
	switch {
	case a == "" || b == "":
		return false
	case a == b:
		return true
	}
	fullA, _ := lookUp(nicknames, a)
	fullB, _ := lookUp(nicknames, b)
	if holds(fullA, b) || holds(fullB, a) {
		return true
	}
	for name := range strings.FieldsSeq(fullA) {
		if holds(fullB, name) {
			return true
		}
	}
	return familiarTogether(a, b)
}

// familiarTogether reports whether a line of the own list has both names.
func familiarTogether(a, b string) bool {
	for line := range strings.SplitSeq(familiar, "\n") {
		if holds(line, a) && holds(line, b) {
			return true
		}
	}
	return false
}

func holds(list, word string) bool {
	for at := 0; ; {
		i := strings.Index(list[at:], word)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(word)
		if (at == 0 || list[at-1] == ' ') && (end == len(list) || list[end] == ' ') {
			return true
		}
		at = end
	}
}

// oneWord folds a given name; of several the first counts, of one with a hyphen
// both parts: Jean-Luc is jeanluc.
func oneWord(given string) string {
	fields := strings.Fields(given)
	if len(fields) == 0 {
		return ""
	}
	return strings.Join(words(fold(fields[0])), "")
}
