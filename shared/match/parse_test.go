package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadDate(t *testing.T) {
	tests := map[string]day{
		"2006-01-02": {2006, 1, 2, true}, "20060102": {2006, 1, 2, true}, "02.01.2006": {2006, 1, 2, true}, "2/1/2006": {2006, 1, 2, true},
		"1/31/2006": {2006, 1, 31, true}, "2 Jan 2006": {2006, 1, 2, true}, "January 2nd, 2006": {2006, 1, 2, true}, "2. März 1999": {1999, 3, 2, true},
		"2006年1月2日": {2006, 1, 2, true}, "2006-01-02T15:04:05Z": {2006, 1, 2, true}, "2006-01-02 00:00:00": {2006, 1, 2, true}, "02.01.68": {1968, 1, 2, true},
		"2.1.04": {2004, 1, 2, true}, "02012006": {2006, 1, 2, true}, "19590398": {1959, 3, 98, true},
		"": {}, "soon": {}, "2006": {}, "1/2": {}, "1/2/3/4": {}, "00000000": {}, "Jan": {},
	}
	for raw, want := range tests {
		if got, ok := readDate(raw); got != want || ok != want.ok {
			t.Errorf("readDate(%q) = %v, %v, want %v", raw, got, ok, want)
		}
	}
}

func TestReadNumber(t *testing.T) {
	tests := map[string]float64{
		"12": 12, "1,200": 1200, "1,200.50": 1200.5, "1.200,50": 1200.5, "12,5": 12.5, "1.200.300": 1200300, "-3": -3, "12 %": 12, "12a": 12, "１２": 12, "1 200": 1200,
		"": math.NaN(), "a12": math.NaN(), "-": math.NaN(), "nan": math.NaN(),
	}
	for raw, want := range tests {
		got, ok := readNumber(raw)
		if ok != !math.IsNaN(want) || ok && got != want {
			t.Errorf("readNumber(%q) = %v, %v, want %v", raw, got, ok, want)
		}
	}
}

func TestReadPhone(t *testing.T) {
	tests := map[string]string{
		"+49 30 1234567": "49301234567", "030 / 123 45-67": "301234567", "0049 30 1234567": "49301234567", "213/857 -0034": "2138570034",
		"212/632 -5000,or 212/632 -5100": "2126325000", "+1 (213) 857-0034 ext. 12": "12138570034", "０３０１２３４": "301234", "112": "", "none": "",
	}
	for raw, want := range tests {
		if got := readPhone(raw); got != want {
			t.Errorf("readPhone(%q) = %q, want %q", raw, got, want)
		}
	}
}

// TestLevels holds what each kind makes of two values.
func TestLevels(t *testing.T) {
	tests := []struct {
		kind Kind
		a, b string
		want uint8
	}{
		{Given, "Anna", "ANNA", same}, {Given, "Anna-Maria", "Anna Maria", same}, {Given, "José", "Jose", same}, {Given, "Robert", "Rboert", near},
		{Given, "Robert", "Rob", part}, {Given, "A.", "Anna", part}, {Given, "Anna Maria", "Anna", part}, {Given, "Liorpol", "Poroliz", weak},
		{Given, "Anna", "Peter", different}, {Given, "Anna", "", missing}, {Given, "Anna", "n/a", missing}, {Given, "Al", "Ed", different},
		{Family, "O'Brien", "OBrien", same}, {Family, "Müller", "Mueller", near}, {Family, "王", "Wang", near}, {Family, "Smith", "Jones", different},
		{Full, "Anna Schmidt", "Schmidt, Anna", same}, {Full, "Dr. Anna Schmidt", "Anna Schmidt", same}, {Full, "Anna Schmidt", "A. Schmidt", fair},
		{Full, "Anna Schmidt", "Anna Maria Schmidt", fair}, {Full, "Anna Schmidt", "Peter Schmidt", weak}, {Full, "Anna Schmidt", "Anan Schmidt", near},
		{Full, "王伟", "伟王", near}, {Full, "王小明", "Wang Xiaoming", near}, {Full, "王伟", "王芳", weak}, {Full, "Anna Schmidt", "Peter Weber", different},
		{Company, "Nordlicht GmbH", "Nordlicht", same}, {Company, "华夏机械有限公司", "华夏机械", same}, {Company, "Nordlicht Solar", "Nordlihct Solar", near},
		{Company, "Bergmann Bau", "Nordlicht", different},
		{Address, "12 Oak Street", "12 Oak Streat", near}, {Address, "12 Oak Street", "14 Oak Street", part}, {Address, "Oak Street", "Mill Lane", different},
		{Email, "vera.l+x@gmail.com", "veral@gmail.com", same}, {Email, "vera@kiel.example", "vera@kile.example", near}, {Email, "vera.lind@kiel.example", "vera.lind@other.test", fair},
		{Email, "james1@kiel.example", "james2@kiel.example", weak}, {Email, "vera@kiel.example", "oskar@kiel.example", part}, {Email, "vera@kiel.example", "oskar@bonn.test", different},
		{Phone, "+49 151 12345678", "+49 151 12345687", near}, {Phone, "+49 151 12345678", "+49 151 12345648", weak}, {Phone, "+49 151 12345678", "0151 12345678", part},
		{Phone, "+49 151 12345678", "+49 171 98765432", different},
		{Date, "1980-03-04", "1980-04-03", near}, {Date, "1980-03-04", "1980-03-05", near}, {Date, "1980-03-04", "1981-04-05", part}, {Date, "1980-03-04", "1980-11-24", weak},
		{Date, "1980-03-04", "2007-03-04", weak}, {Date, "1980-03-04", "1983-03-04", near}, {Date, "1980-03-04", "1980-03-25", fair}, {Date, "1980-03-04", "1955-10-23", different},
		{Postcode, "D-80331", "80331", same}, {Postcode, "80331", "80313", near}, {Postcode, "80331", "80999", weak}, {Postcode, "80331", "10115", different},
		{City, "München", "Munich", same}, {City, "北京市", "Beijing", same}, {City, "Manchester", "Mancehster", near}, {City, "Berlin", "Hamburg", different},
		{Number, "12", "012", same}, {Number, "12", "13", near}, {Number, "100", "108", near}, {Number, "1000", "1078", weak}, {Number, "12", "90", different},
		{Category, "gold", "Gold", same}, {Category, "silver", "sliver", near}, {Category, "french bistro", "french (new)", part}, {Category, "gold", "lead", different},
		{ID, "AB-12345", "ab12345", same}, {ID, "1234567", "1234576", near}, {ID, "1234567", "9876543", different},
		{Text, "A study of matching", "a study of matching.", same}, {Text, "A study of matching", "Poems for children", different},
	}
	for _, tt := range tests {
		a, b := parse(tt.kind, tt.a), parse(tt.kind, tt.b)
		if got := levelOf(tt.kind, &a, &b); got != tt.want {
			t.Errorf("%s: %q and %q: %d (%s), want %d (%s)", tt.kind, tt.a, tt.b, got, outcomes[tt.kind][got].name, tt.want, outcomes[tt.kind][tt.want].name)
		}
	}
}

// FuzzLevels reads any text as every kind: nothing panics, a value is the same
// as itself, neither comes first, and only levels with a name occur.
func FuzzLevels(f *testing.F) {
	for _, s := range []string{"", "Anna Schmidt", "王伟", "2006-01-02", "12,5", "+49 151 12345678", "a@b.example", "\xff\xfe", "ﬁ½Ⅷ", "''", "--", "@", "1/2/3"} {
		f.Add(s, "Anna")
		f.Add("2006-01-03", s)
	}
	f.Fuzz(func(t *testing.T, x, y string) {
		for _, kind := range Kinds() {
			a, b := parse(kind, x), parse(kind, y)
			level := levelOf(kind, &a, &b)
			if back := levelOf(kind, &b, &a); back != level {
				t.Errorf("%s: %q and %q: %d, the other way round %d", kind, x, y, level, back)
			}
			if level != missing && outcomes[kind][level].name == "" {
				t.Errorf("%s: %q and %q: level %d has no name", kind, x, y, level)
			}
			if own := levelOf(kind, &a, &a); own != same && own != missing {
				t.Errorf("%s: %q and itself: %d", kind, x, own)
			}
			if utf8.ValidString(x) && !utf8.ValidString(a.key) {
				t.Errorf("%s: %q: broken key %q", kind, x, a.key)
			}
		}
	})
}

func FuzzReadDate(f *testing.F) {
	f.Add("2006-01-02")
	f.Add("2 Jan 06")
	f.Add("99999999")
	f.Fuzz(func(t *testing.T, raw string) {
		d, ok := readDate(raw)
		if ok && (d.year > 9999 || d.month > 99 || d.date > 99 || d.year < 0 || len(d.digits()) != 8) {
			t.Errorf("%q: %v", raw, d)
		}
	})
}

func FuzzReadNumber(f *testing.F) {
	f.Add("1.200,50")
	f.Add("-1e999")
	f.Fuzz(func(t *testing.T, raw string) {
		if n, ok := readNumber(raw); ok && (math.IsNaN(n) || math.IsInf(n, 0)) {
			t.Errorf("%q: %v", raw, n)
		}
	})
}

func FuzzReadPhone(f *testing.F) {
	f.Add("+49 (0)30 / 1234")
	f.Fuzz(func(t *testing.T, raw string) {
		if p := readPhone(raw); len(p) > 20 || strings.Trim(p, "0123456789") != "" {
			t.Errorf("%q: %q", raw, p)
		}
	})
}

// FuzzEdits holds the distance to its definition.
func FuzzEdits(f *testing.F) {
	f.Add("kitten", "sitting")
	f.Add("ab", "ba")
	f.Fuzz(func(t *testing.T, x, y string) {
		a, b := []rune(x), []rune(y)
		if len(a) > 40 || len(b) > 40 {
			return
		}
		want := slowEdits(a, b)
		if got := min(edits(a, b, 4), 5); got != min(want, 5) {
			t.Errorf("%q and %q: %d, want %d", x, y, got, want)
		}
		if jw := jaroWinkler(a, b); jw < 0 || jw > 1 || jw > ceiling(spell(x), spell(y))+1e-9 {
			t.Errorf("%q and %q: likeness %v above its ceiling", x, y, jw)
		}
	})
}

func slowEdits(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestShift(t *testing.T) {
	tests := []struct {
		a, b []string
		want []uint8
	}{
		{[]string{"anna", "schmidt"}, []string{"schmidt", "anna"}, []uint8{moved, moved}},
		{[]string{"anna", "schmidt"}, []string{"schmdit", "anna"}, []uint8{moved, moved}},
		{[]string{"anna", ""}, []string{"", "anna"}, []uint8{moved, missing}},
		{[]string{"anna", "schmidt"}, []string{"weber", "anna"}, []uint8{different, different}}, // a name of another is none of theirs
		{[]string{"anna", "schmidt"}, []string{"peter", "weber"}, []uint8{different, different}},
		{[]string{"anna", "schmidt"}, []string{"anna", "schmidt"}, []uint8{same, same}},
	}
	fields := []Field{{Kind: Given}, {Kind: Family}}
	for _, tt := range tests {
		row := func(raw []string) []*value {
			g, f := parse(Given, raw[0]), parse(Family, raw[1])
			return []*value{&g, &f}
		}
		for range 2 {
			levels := make([]uint8, 2)
			compareRows(fields, groupsOf(fields, cmp.Compare[int]), row(tt.a), row(tt.b), levels)
			if !slices.Equal(levels, tt.want) {
				t.Errorf("%q and %q: %v, want %v", tt.a, tt.b, levels, tt.want)
			}
			tt.a, tt.b = tt.b, tt.a
		}
	}
}
