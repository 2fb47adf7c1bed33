package identity

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func TestCity(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"beijing":          {"北京", "北京市", "Beijing", "BEIJING CITY", "Beijing Shi", "Peking", "北京（海淀）"},
		"chongqing":        {"重庆", "重庆市", "Chongqing"},
		"hangzhou":         {"杭州", "杭州市", "浙江省杭州市", "浙江省杭州市西湖区", "Hangzhou"},
		"xian":             {"西安", "Xi'an", "XIAN"},
		"changsha":         {"长沙市", "湖南省长沙市", "Changsha"},
		"nanning":          {"广西壮族自治区南宁市", "Nanning"},
		"shijiazhuang":     {"石家庄", "Shijiazhuang"},
		"hong kong":        {"香港", "Hong Kong", "Hongkong", "香港特别行政区"},
		"munchen":          {"München", "Munich", "MUENCHEN", "Stadt München", "Munchen", "Landeshauptstadt München"},
		"frankfurt":        {"Frankfurt am Main", "Frankfurt (Main)", "Frankfurt a. M.", "Frankfurt"},
		"saint louis":      {"St. Louis", "Saint Louis", "St Louis", "City of St. Louis"},
		"saint gallen":     {"St. Gallen", "Sankt Gallen"},
		"sao paulo":        {"São Paulo", "Sao Paulo"},
		"new york":         {"New York", "New York, NY", "NYC", "纽约"},
		"new york city":    {"New York City"},
		"ciudad de mexico": {"Mexico City", "Ciudad de México"},
		"kansas city":      {"Kansas City"},
		"london":           {"London", "Greater London", "伦敦"},
		"moskva":           {"Москва", "Moscow"},
		"neustadt":         {"Neustadt (Weinstraße)", "Neustadt"},
		"":                 {"", "  ", "()"},
	}
	for want, all := range tests {
		for _, raw := range all {
			if got := City(raw); got != want {
				t.Errorf("%q is %q, want %q", raw, got, want)
			}
		}
	}
}

func TestCountry(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"CN": {"CN", "cn", "CHN", "China", "中国", "中國", "Chine", "PRC", "中华人民共和国", "People's Republic of China", "Mainland China"},
		"DE": {"de", "DEU", "Germany", "Deutschland", "Alemania", "Allemagne", "德国"},
		"US": {"USA", "U.S.A.", "us", "United States", "the United States of America", "美国", "Vereinigte Staaten", "États-Unis", "Estados Unidos", "EE. UU."},
		"GB": {"UK", "U.K.", "Great Britain", "England", "United Kingdom", "英国", "Royaume-Uni"},
		"FR": {"France", "Frankreich", "法国"},
		"ES": {"España", "Espana", "Spain", "西班牙"},
		"JP": {"日本", "Japan", "JPN"},
		"KR": {"South Korea", "대한민국", "Korea"},
		"RU": {"Россия", "Russian Federation"},
		"GR": {"Ελλάδα", "Greece"},
		"NL": {"Holland", "Nederland", "The Netherlands"},
		"TR": {"Turkey", "Türkiye"},
		"CH": {"Schweiz", "Suisse", "Svizzera", "Switzerland"},
		"CI": {"Côte d'Ivoire", "Ivory Coast"},
		"HK": {"香港", "Hong Kong", "HKG"},
		"TW": {"台湾", "Taiwan"},
		"EG": {"مصر"},
		"IN": {"India", "भारत"},
		"CZ": {"Czech Republic", "Czechia", "Česko"},
		"":   {"", "Atlantis", "XX", "the", "Europe", "EU"},
	}
	for want, all := range tests {
		for _, raw := range all {
			if got := Country(raw); got != want {
				t.Errorf("%q is %q, want %q", raw, got, want)
			}
		}
	}
}

// Every country is found by its codes and by its names in the languages that
// forms are in.
func TestCountryNames(t *testing.T) {
	t.Parallel()
	for _, region := range countryRegions(t) {
		forms := []string{region.String(), region.ISO3()}
		for _, in := range []language.Tag{language.English, language.SimplifiedChinese, language.German, language.Spanish, language.French} {
			forms = append(forms, display.Regions(in).Name(region))
		}
		for _, form := range forms {
			if got := Country(form); got != region.String() {
				t.Errorf("%q is %q, want %s", form, got, region)
			}
		}
	}
}

func TestPostcode(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"80331": {"80331", " 80 331 ", "D-80331", "DE-80331", "８０３３１"}, "SW1A1AA": {"SW1A 1AA", "sw1a1aa", "SW1A-1AA"},
		"12345": {"12345-6789", "12345"}, "1000001": {"〒100-0001", "100-0001"}, "1010": {"A-1010", "1010"}, "1011AB": {"1011 AB", "1011ab"}, "": {"", "-"},
		"100080": {"100080"}, "L4W5R2": {"L4W 5R2"}, "00950": {"00-950"},
	}
	for want, all := range tests {
		for _, raw := range all {
			if got := Postcode(raw); got != want {
				t.Errorf("%q is %q, want %q", raw, got, want)
			}
		}
	}
}

func FuzzPlace(f *testing.F) {
	for _, seed := range []string{"浙江省杭州市西湖区", "Frankfurt (a. M.)", "City of city of St. St", "D-80331", "12345-6789", "Stadt", "省省市市", "(x", "a-b-1", "Peking=;", "ß-1", "ﬃ-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		city := City(raw)
		if again := City(city); again != city || !utf8.ValidString(city) {
			t.Fatalf("city %q of %q is read as %q", city, raw, again)
		}
		code := Postcode(raw)
		if again := Postcode(code); again != code {
			t.Fatalf("postcode %q of %q is read as %q", code, raw, again)
		}
		if country := Country(raw); country != "" && Country(country) != country {
			t.Fatalf("country %q of %q is read as %q", country, raw, Country(country))
		}
	})
}

func BenchmarkPlace(b *testing.B) {
	b.Run("city", func(b *testing.B) {
		for b.Loop() {
			City("浙江省杭州市西湖区")
		}
	})
	b.Run("country", func(b *testing.B) {
		for b.Loop() {
			Country("États-Unis")
		}
	})
	b.Run("postcode", func(b *testing.B) {
		for b.Loop() {
			Postcode("D-80331")
		}
	})
}
