package identity

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadCompany(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ key, form string }{
		"Acme":                          {"acme", ""},
		"Acme, Inc.":                    {"acme", "Inc"},
		"ACME Incorporated":             {"acme", "Inc"},
		"The Acme Company":              {"acme", "Co"},
		"Acme Co., Ltd.":                {"acme", "Ltd"},
		"Acme Private Limited":          {"acme", "Ltd"},
		"Acme Pty. Ltd.":                {"acme", "Ltd"},
		"Acme L.L.C.":                   {"acme", "LLC"},
		"Acme & Söhne GmbH & Co. KG":    {"acme sohne", "GmbH"},
		"Acme und Söhne GmbH und Co KG": {"acme sohne", "GmbH"},
		"Acme G.m.b.H.":                 {"acme", "GmbH"},
		"Acme UG (haftungsbeschränkt)":  {"acme", "UG"},
		"Acme AG":                       {"acme", "AG"},
		"Acme e.V.":                     {"acme", "eV"},
		"Acme e.K.":                     {"acme", "eK"},
		"Acme S.A.":                     {"acme", "SA"},
		"Acme S. A. de C. V.":           {"acme", "SA"},
		"Acme, S.A. de C.V.":            {"acme", "SA"},
		"Acme S. de R.L. de C.V.":       {"acme", "SL"},
		"Acme S.L.":                     {"acme", "SL"},
		"Acme S.r.l.":                   {"acme", "SRL"},
		"Acme S.p.A.":                   {"acme", "SA"},
		"Acme SARL":                     {"acme", "SRL"},
		"Acme S.A.S.":                   {"acme", "SAS"},
		"Acme B.V.":                     {"acme", "BV"},
		"Acme N.V.":                     {"acme", "NV"},
		"Acme Ltda.":                    {"acme", "Ltda"},
		"Acme Unipessoal, Lda":          {"acme", "Ltda"},
		"Acme A/S":                      {"acme", "AS"},
		"Acme ApS":                      {"acme", "AS"},
		"Acme AB (publ)":                {"acme", "AB"},
		"Acme Oy":                       {"acme", "Oy"},
		"Acme Sp. z o.o.":               {"acme", "Sp z oo"},
		"Acme Spółka z o.o.":            {"acme", "Sp z oo"},
		"Acme s.r.o.":                   {"acme", "sro"},
		"Acme Kft.":                     {"acme", "Kft"},
		"Acme d.o.o.":                   {"acme", "doo"},
		"Acme Anonim Şirketi":           {"acme", "AS"},
		"Acme San. ve Tic. Ltd. Şti.":   {"acme", "AS"},
		"Acme Sdn. Bhd.":                {"acme", "Bhd"},
		"PT Acme Tbk":                   {"acme", "PT"},
		"ООО «Ромашка»":                 {"romashka", "OOO"},
		"UAB Acme":                      {"acme", "UAB"},
		"株式会社アクメ":                       {"アクメ", "株式会社"},
		"アクメ㈱":                          {"アクメ", "株式会社"},
		"(주)아크메":                        {"아크메", "주식회사"},
		"北京字节跳动科技有限公司":                  {"字节跳动科技", "有限公司"},
		"北京市海淀区字节跳动科技有限公司": {"字节跳动科技", "有限公司"},
		"字节跳动科技":                {"字节跳动科技", ""},
		"深圳市腾讯计算机系统有限公司":        {"腾讯计算机系统", "有限公司"},
		"阿里巴巴（中国）有限公司":          {"阿里巴巴中国", "有限公司"},
		"江苏省苏州市吴中区恒力集团有限公司":     {"恒力", "有限公司"},
		"上海银行股份有限公司":            {"上海银行", "有限公司"},
		"海尔集团":                  {"海尔", "有限公司"},
		"海尔（集团）有限公司":            {"海尔", "有限公司"},
		"浙江省义乌市小商品贸易有限公司":       {"小商品贸易", "有限公司"},
		"Johnson & Johnson":     {"johnson johnson", ""},
		"Marks and Spencer plc": {"marks spencer", "PLC"},
		"A. B. Dick Company":    {"ab dick", "Co"},
		"AT&T Inc.":             {"at t", "Inc"},
		"McKinsey & Company":    {"mckinsey", "Co"},
		"Crédit Agricole SA":    {"credit agricole", "SA"},
		"Ｌｔｄ":                   {"ltd", ""},
		"Limited":               {"limited", ""},
		"":                      {"", ""},
		"The The":               {"the", ""},
		"有限公司":                  {"有限公司", ""},
		"3M":                    {"3m", ""},
		"Booking.com B.V.":      {"booking com", "BV"},
	}
	for raw, want := range tests {
		if got := ReadCompany(raw); got.Key != want.key || got.Form != want.form {
			t.Errorf("%q is %q %q, want %q %q", raw, got.Key, got.Form, want.key, want.form)
		}
	}
}

// A key is its own key, and the legal form does not change it.
func TestCompanyKeyIsStable(t *testing.T) {
	t.Parallel()
	forms := []string{"Ltd", "GmbH & Co. KG", "S.A.", "S. de R.L. de C.V.", "Sp. z o.o.", "Oy", "LLC", "Inc."}
	words := rapid.SampledFrom([]string{"Acme", "The", "and", "&", "Söhne", "Co", "A", "B", "y", "PT", "AS", "北京", "科技", "集团", "有限公司", "（中国）", "株式会社", "市", "3", "/", "."})
	rapid.Check(t, func(t *rapid.T) {
		raw := strings.Join(rapid.SliceOfN(words, 1, 6).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
		key := ReadCompany(raw).Key
		if again := ReadCompany(key).Key; again != key {
			t.Fatalf("key %q of %q has the key %q", key, raw, again)
		}
		name := rapid.StringMatching(`[A-Z][a-z]{3,8}( [A-Z][a-z]{3,8})?`).Draw(t, "name")
		form := rapid.SampledFrom(forms).Draw(t, "form")
		if with, without := ReadCompany(name+" "+form), ReadCompany(name); with.Key != without.Key {
			t.Fatalf("%s %s has the key %q, without the form %q", name, form, with.Key, without.Key)
		}
	})
}

// notForms are cleanco's terms that are left alone at the end of a name: words,
// countries and initials that names end in, and forms that few companies have.
var notForms = strings.Fields("3ao 3at aat aj at ba bl bm ca cio dat ec ee ei ent ep et etat fa fcp fie fkf gp gs ij ik is kd kda kf kt kv mchj nl oaj od ok " +
	"pp qk qmj rhf sad sd ses sf sicav sogepa sp ss stg tapui tdv tmi ud uk vat xk xt xxk yoaj zat")

// Every form in cleanco's list is known, but for a few that are words too.
func TestLegalFormsCover(t *testing.T) {
	t.Parallel()
	source := formsArchive.read(t)
	_, source, _ = strings.Cut(source, "terms_by_country = {")
	open := map[string]bool{}
	for line := range strings.SplitSeq(source, "\n") {
		if _, terms, ok := strings.Cut(line, ": ["); ok {
			line = terms
		}
		for _, term := range quotedIn(line) {
			plain := strings.Join(joinLetters(words(dotless(fold(term)))), "")
			if ReadCompany("Acme "+term).Key != "acme" && !strings.Contains(term, `\`) {
				open[plain] = true
			}
		}
	}
	if have := slices.Sorted(maps.Keys(open)); !slices.Equal(have, notForms) {
		t.Errorf("no forms: %q, want %q", have, notForms)
	}
}

func FuzzReadCompany(f *testing.F) {
	for _, seed := range []string{"Acme GmbH & Co. KG", "株式会社アクメ", "㈱", "(주)", "北京市", "a.b.c.", "S. A.", "&", "公司公司", "İ a/s", "ооо ооо", "公司公!  司", strings.Repeat("Щ", MaxName)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		c := ReadCompany(raw)
		if again := ReadCompany(c.Key); again.Key != c.Key {
			t.Fatalf("key %q of %q has the key %q", c.Key, raw, again.Key)
		}
		if again := ReadCompany(c.Name); again != c {
			t.Fatalf("%q is %+v, read again %+v", raw, c, again)
		}
	})
}

func BenchmarkReadCompany(b *testing.B) {
	for name, raw := range map[string]string{"Western": "Acme & Söhne GmbH & Co. KG", "Chinese": "北京市海淀区字节跳动科技有限公司"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ReadCompany(raw)
			}
		})
	}
}
