package identity

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestReadName(t *testing.T) {
	t.Parallel()
	tests := map[string]PersonName{
		"":                           {},
		"Ada":                        {Given: "Ada"},
		"Ada Example":                {Given: "Ada", Family: "Example"},
		"Example, Ada":               {Given: "Ada", Family: "Example"},
		"EXAMPLE Ada":                {Given: "Ada", Family: "EXAMPLE"},
		"ada b. example":             {Given: "ada b.", Family: "example"},
		"Dr. Ada Example":            {Given: "Ada", Family: "Example", Honorific: "Dr."},
		"Prof. Dr. med. Ada Example": {Given: "Ada", Family: "Example", Honorific: "Prof. Dr. med."},
		"Frau Example":               {Family: "Example", Honorific: "Frau"},
		"Mr. Example, Ada":           {Given: "Ada", Family: "Example", Honorific: "Mr."},
		"Ada Example Jr.":            {Given: "Ada", Family: "Example", Suffix: "Jr."},
		"Ada Example, PhD":           {Given: "Ada", Family: "Example", Suffix: "PhD"},
		"Ada Example, MD":            {Given: "Ada", Family: "Example", Suffix: "MD"},
		"Li, Ma":                     {Given: "Ma", Family: "Li"},
		"Example, Ada, III":          {Given: "Ada", Family: "Example", Suffix: "III"},
		"Ada \"Countess\" Example":   {Given: "Ada", Family: "Example", Nick: "Countess"},
		"Ada (Addie) Example":        {Given: "Ada", Family: "Example", Nick: "Addie"},
		"Ada van der Example":        {Given: "Ada", Family: "van der Example"},
		"Ada de la Example":          {Given: "Ada", Family: "de la Example"},
		"Sra. Ada Example":           {Given: "Ada", Family: "Example", Honorific: "Sra."},
		"Wang Xiaoming":              {Given: "Xiaoming", Family: "Wang"},
		"Xiaoming Wang":              {Given: "Xiaoming", Family: "Wang"},
		"Mr":                         {Given: "Mr"},
		"王伟":                         {Given: "伟", Family: "王", Chinese: true},
		"王 伟":                        {Given: "伟", Family: "王", Chinese: true},
		"伟 王":                        {Given: "伟", Family: "王", Chinese: true},
		"王先生":                        {Family: "王", Honorific: "先生", Chinese: true},
		"王伟 先生":                      {Given: "伟", Family: "王", Honorific: "先生", Chinese: true},
		"王总":                         {Family: "王", Honorific: "总", Chinese: true},
		"王伟总经理":                      {Given: "伟", Family: "王", Honorific: "总经理", Chinese: true},
		"欧阳修":                        {Given: "修", Family: "欧阳", Chinese: true},
		"诸葛孔明":                       {Given: "孔明", Family: "诸葛", Chinese: true},
		"王小明":                        {Given: "小明", Family: "王", Chinese: true},
		"王伟（Ada）":                    {Given: "伟", Family: "王", Nick: "Ada", Chinese: true},
		"Ada 王":                      {Given: "Ada", Family: "王", Chinese: true},
		"约翰·史密斯":                     {Given: "约翰", Family: "史密斯", Chinese: true},
		"Ｄｒ．　Ａｄａ　Ｅｘａｍｐｌｅ": {Given: "Ada", Family: "Example", Honorific: "Dr."},
		"Mr Wang Wei":          {Given: "Wang", Family: "Wei", Honorific: "Mr"},
		"陈方安生":                 {Given: "安生", Family: "陈方", Chinese: true},
		"(Ada)":                {Given: "Ada"},
		"  ,  ":                {Given: ","},
		"Ada Example MBA":      {Given: "Ada", Family: "Example", Suffix: "MBA"},
		"Nguyễn Văn An":        {Given: "Nguyễn Văn", Family: "An"},
		"Mr & Mrs Example":     {Family: "Example", Honorific: "Mr Mrs"},
		"Dr.-Ing. Ada Example": {Given: "Ada", Family: "Example", Honorific: "Dr.-Ing."},
		"Pan Wei":              {Given: "Pan", Family: "Wei"},
		"Mba Ada":              {Given: "Mba", Family: "Ada"},
		"Ada Example Sr":       {Given: "Ada", Family: "Example", Suffix: "Sr"},
	}
	for raw, want := range tests {
		if got := ReadName(raw); got != want {
			t.Errorf("%q:\n got {%q %q %q %q %q %v}\nwant {%q %q %q %q %q %v}", raw, got.Given, got.Family, got.Honorific, got.Suffix, got.Nick, got.Chinese,
				want.Given, want.Family, want.Honorific, want.Suffix, want.Nick, want.Chinese)
		}
	}
}

func TestNameKey(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{ // each key with ways to write it
		"ada example":      {"Ada Example", "EXAMPLE, ADA", "Dr. Ada Example", "Example Ada", "Ada Example, PhD", "Adà  Éxample", "Ada “Countess” Example", "Ａｄａ　Ｅｘａｍｐｌｅ"},
		"ada obrien":       {"Ada O'Brien", "O’Brien, Ada", "ada o`brien"},
		"jean luc muller":  {"Jean-Luc Müller", "Müller, Jean Luc", "Herr Jean-Luc Müller"},
		"ivan ivanov":      {"Иван Иванов", "Ivan Ivanov"},
		"sorensen":         {"Sørensen", "Mr Sorensen"},
		"王伟":               {"王伟", "王 伟", "王伟先生", "伟 王", "王伟（Ada）"},
		"ada 王":            {"Ada 王", "王 Ada"},
		"dr mr":            {"Mr Dr", "Dr. Mr."},
		"ada":              {"Ada", "Frau Ada"},
		"strasse":          {"Straße", "STRASSE"},
		"a b example":      {"A.B. Example", "A. B. Example", "Example, A B"},
		"berg der jan van": {"Jan van der Berg", "van der Berg, Jan"},
		"":                 {"", "…", "!?"},
	}
	for want, all := range tests {
		for _, raw := range all {
			if got := ReadName(raw).Key(); got != want {
				t.Errorf("%q has the key %q, want %q", raw, got, want)
			}
		}
	}
	for han, latin := range map[string]string{"王小明": "Wang Xiaoming", "单伟": "Shan Wei", "欧阳修": "Xiu Ouyang", "吕布": "Lu Bu", "曾国藩": "Zeng Guofan"} {
		if got, want := ReadName(han).Latin(), ReadName(latin).Key(); got != want {
			t.Errorf("%s is %q, %s is %q", han, got, latin, want)
		}
	}
}

func TestNicknames(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{"Bob Robert", "Bill William", "Liz Elizabeth", "Pepe José", "Sascha Alexander", "Sasha Alexandra", "Bob Rob", "Paco Francisco",
		"Kate Catherine", "Hans Johannes", "Uli Ulrich", "Gianni Giovanni", "ADA ada", "Tom Thomas", "Mike Michael", "Misha Mikhail", "Gosia Małgorzata"} {
		a, b, _ := strings.Cut(pair, " ")
		if !Nicknames(a, b) || !Nicknames(b, a) {
			t.Errorf("%s may not be %s", a, b)
		}
	}
	for _, pair := range []string{"Bob William", "Anna Robert", "Peter Paul", "Ada ", " Ada", "José Juan"} {
		a, b, _ := strings.Cut(pair, " ")
		if Nicknames(a, b) || Nicknames(b, a) {
			t.Errorf("%s may be %s", a, b)
		}
	}
}

func TestNameBlock(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"JN SMT":         {"John Smith", "SMITH, Jon", "Dr. Jon Smyth", "Smith John", "John Q. Smith", "Smith, Jon Jr."},
		"wang wei":       {"王伟", "Wang Wei", "Wei Wang", "WANG, Wei", "王伟先生", "王 伟", "Mr. Wei Wang", "王薇"},
		"ming wang xiao": {"王小明", "Wang Xiaoming", "Xiao Ming Wang", "Wang Xiao-Ming", "Xiaoming WANG"},
		"lu wei":         {"吕伟", "Lü Wei", "Lv Wei", "Wei Lyu", "Lu Wei"},
		"KTRN MLR":       {"Catherine Müller", "Katherine Mueller", "Kathryn Muller", "Katrin Möller"},
		"MR STFN":        {"Stephen Meyer", "Steven Maier", "Stefan Mayr"},
		"FLP XMT":        {"Philipp Schmidt", "Filip Schmitt"},
		"AFN AFNF":       {"Ivan Ivanov", "Иван Иванов"},
		"":               {"", "!", "…"},
	}
	for want, all := range tests {
		for _, raw := range all {
			if got := NameBlock(raw); got != want {
				t.Errorf("%q has the block %q, want %q", raw, got, want)
			}
		}
	}
}

func TestDoubtfulName(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"": Empty, " \u200b": Empty, "test": FillerWord, "Test Test": FillerWord, "N/A": FillerWord, "n.a.": FillerWord, "unknown": FillerWord, "测试": FillerWord, "匿名": FillerWord,
		"先生": FillerWord, "张三": FillerWord, "asdf": FillerWord, "xxx": RepeatedLetters, "aaa": RepeatedLetters, "Xxxx Xxxx": RepeatedLetters, "ababab": RepeatedLetters,
		"hjkl": KeyboardRun, "poiuy": KeyboardRun, "123": NoLetters, "😀": NoLetters, "...": NoLetters, "Ada 123": HasDigits, "A": SingleLetter,
		"https://example.com": HasLink, "win at www.example": HasLink, "example.com": HasLink, "Ada example.ru/x": HasLink, "ada@example.com": HasAddress,
		"<b>Ada</b>": HasMarkup, "[url=x]": HasMarkup, "ｔｅｓｔ": FillerWord, "first name": FillerWord,
		"Ada": "", "Ada Example": "", "王伟": "", "王": "", "Li": "", "Ng": "", "Abc": "", "Guest": "", "Nan": "", "Nil": "", "St. John": "", "A. B. Example": "", "J.Smith": "",
		"Kim Foo": "", "Foo Bar": FillerWord, "Guest User": FillerWord, "Nan Guest": "", "no name": FillerWord, "Ada Test": "", "Aa": "", "Anna": "", "Otto": "",
	}
	for raw, want := range tests {
		if got := DoubtfulName(raw); got != want {
			t.Errorf("%q is %q, want %q", raw, got, want)
		}
	}
}

// A key is its own key, and does not hang on the order of the words.
func TestNameKeyIsStable(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(rapid.StringMatching(`[A-Za-zÀ-ÖØ-öø-ÿ]{1,8}`), rapid.SampledFrom([]string{"Dr.", "Herr", "van", "der", "Jr", "O'Brien", "Jean-Luc", "Иван", "Wang", "Wei", "Ñandú", "ß"}))
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(word, 1, 5).Draw(t, "words")
		raw := strings.Join(all, " ")
		key := ReadName(raw).Key()
		if again := ReadName(key).Key(); again != key {
			t.Fatalf("key %q of %q has the key %q", key, raw, again)
		}
		shuffled := slices.Clone(all)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(all), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if other := ReadName(strings.Join(shuffled, " ")).Key(); other != key {
			t.Fatalf("%q has the key %q, %q has %q", raw, key, shuffled, other)
		}
		if len(all) == 2 {
			a, b := NameBlock(all[0]+" "+all[1]), NameBlock(all[1]+" "+all[0])
			if c := NameBlock(all[1] + ", " + all[0]); a != b && !titled(all) || a != c && !titled(all) {
				t.Fatalf("%q has the blocks %q, %q and %q", all, a, b, c)
			}
		}
	})
}

// titled reports whether a word is left out or moved by what it stands beside.
func titled(all []string) bool {
	return slices.ContainsFunc(all, func(w string) bool { return isTitle(w) || isSuffix(w) || listed(particles, bare(w)) })
}

func FuzzReadName(f *testing.F) {
	for _, seed := range []string{"Dr. Ada \"A\" van der Example, Jr.", "王伟（Ada）先生", "约翰·史密斯", "Ada 王", "(((", "\"\"", ",,", "Mr", "ǅ", "İ", "ﷺ", "a\u0301", "·王·", "!-0", "ﬁ", "Ⅷ", strings.Repeat("Щ", MaxName), strings.Repeat("ﷺ ", 60), "ﾄﾞ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		n := ReadName(raw)
		for _, part := range []string{n.Given, n.Family, n.Honorific, n.Suffix, n.Nick} {
			if !utf8.ValidString(part) || part != strings.TrimSpace(part) {
				t.Fatalf("%q became %+q", raw, []string{n.Given, n.Family, n.Honorific, n.Suffix, n.Nick})
			}
		}
		key := n.Key()
		if !n.Chinese && ReadName(key).Key() != key {
			t.Fatalf("key %q of %q has the key %q", key, raw, ReadName(key).Key())
		}
		if n.Latin() == "" != (key == "") {
			t.Fatalf("%q has the key %q and in Latin %q", raw, key, n.Latin())
		}
		if NameBlock(raw) == "" != (key == "") {
			t.Fatalf("%q has the key %q and the block %q", raw, key, NameBlock(raw))
		}
		DoubtfulName(raw)
		NameTokens(raw)
		Nicknames(raw, n.Given)
	})
}

func BenchmarkReadName(b *testing.B) {
	for b.Loop() {
		ReadName("Prof. Dr. Jean-Luc van der Müller, PhD").Key()
	}
}

func BenchmarkNameBlock(b *testing.B) {
	for name, raw := range map[string]string{"Western": "Dr. Jonathan Smythe", "Chinese": "王小明", "pinyin": "Wang Xiaoming"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				NameBlock(raw)
			}
		})
	}
}

func BenchmarkNicknames(b *testing.B) {
	for b.Loop() {
		Nicknames("Sascha", "Alexander")
	}
}

func BenchmarkDoubtfulName(b *testing.B) {
	for b.Loop() {
		DoubtfulName("Ada Example")
	}
}
