package identity

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	source "github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// The readings are generated: a newer go-pinyin module fails here until they
// are written anew with -update.
func TestPinyinIsCurrent(t *testing.T) {
	var b strings.Builder
	seen := map[string]bool{}
	for r := firstHan; r <= lastHan; r++ {
		first, _, _ := strings.Cut(source.PinyinDict[int(r)], ",")
		read := fold(norm.NFC.String(first))
		if read == "m" || read == "n" || read == "hm" { // sounds, no syllables
			read = ""
		}
		if read != "" {
			seen[read] = true
		}
		fmt.Fprintf(&b, "%-*s", readingWidth, read)
		if (r-firstHan)%readingsLine == readingsLine-1 {
			b.WriteByte('\n')
		}
	}
	holdTo(t, "pinyin.txt", pinyin, b.String())
	seen["shei"] = true // a second reading
	var all []string
	for s := range seen {
		all = append(all, s)
	}
	slices.Sort(all)
	if have := strings.Fields(strings.Join(syllables[:], "")); !slices.Equal(have, all) {
		t.Errorf("syllables:\n%s, want\n%s", have, all)
	}
}
