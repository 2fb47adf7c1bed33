package identity

import "strings"

// The words around a name that are no part of it, folded and without dots.
// They are dropped wherever they stand, so that a key does not hang on the
// order; words that are names too (Don, Pan, King, Major) are not among them.
const (
	titles = " mr mrs ms miss mx dr dr-ing dr-med prof professor doctor mister sir madam mme mlle monsieur madame mademoiselle herr herrn frau fraulein " +
		"dipl sr sra srta senor senora senorita dra dna signor signora signorina sigra dott dottssa mevrouw mevr meneer dhr drs " +
		"rev reverend sayin gospodin gospoja shri smt "
	suffixes = " jr ii iii iv phd esq msc bsc dds cpa cfa dphil llm llb "
	// Only where something marks them as such: a comma before, a dot behind, capitals.
	markedSuffixes = " sr mba md ma ba rn pe junior senior "
	markedTitles   = " fr ing mag med hc don dona capt col gen lt sgt hon "

	particles = " van von der den de del della di da dos das do du la le el al bin ibn ben ten ter zu zum zur vom af av "
)

// hanTitles are what follows a Chinese name, the longer of two that end alike
// first.
const hanTitles = "董事长 总经理 副总 先生 女士 小姐 老师 太太 夫人 同学 同志 经理 总监 主任 主管 教授 博士 医生 大夫 律师 会计 老板 师傅 院长 校长 局长 处长 科长 部长 工程师 总"

func listed(list, word string) bool {
	return word != "" && !strings.Contains(word, " ") && strings.Contains(list, " "+word+" ")
}

// bare is a written word as the lists have it.
func bare(word string) string { return strings.ReplaceAll(fold(strings.Trim(word, ",;")), ".", "") }

func isTitle(word string) bool {
	return listed(titles, bare(word)) || strings.HasSuffix(word, ".") && listed(markedTitles, bare(word))
}

func isSuffix(word string) bool { return listed(suffixes, bare(word)) }

// cutHanTitle takes the form of address off a Chinese name.
func cutHanTitle(name string) (rest, title string) {
	for title := range strings.SplitSeq(hanTitles, " ") {
		if rest, ok := strings.CutSuffix(name, title); ok && rest != "" {
			return rest, title
		}
	}
	return name, ""
}
