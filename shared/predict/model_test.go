package predict_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/predict"
)

// artifact is a small model with a curve of every kind and a pair.
const artifact = `{"format":1,"features":["Age","Source","Created"],"base":-1.5,"curves":[` +
	`{"column":0,"levels":["unknown"],"edges":[10,20],"points":[0.5,0,-0.3,-1,0.25,1],"shares":[0.1,0,0.1,0.2,0.3,0.3]},` +
	`{"column":1,"levels":["Google","Referral"],"points":[-0.1,0.05,0.2,1.5],"shares":[0.1,0.1,0.5,0.3]},` +
	`{"column":2,"read":"weekday","order":"ymd","points":[0,0,0.1,0.2,0.3,0.4,0.5,0.6,0.7],"shares":[0,0,0.2,0.2,0.2,0.2,0.2,0,0]}],` +
	`"pairs":[{"a":0,"b":1,"groups_a":[0,0,0,1,1,1],"groups_b":[0,0,1,1],"points":[[0,0.01],[-0.02,0.03]]}]}`

func decode(t testing.TB) *predict.Model {
	t.Helper()
	m, err := predict.Decode([]byte(artifact))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLogOdds(t *testing.T) {
	t.Parallel()
	m := decode(t)
	number, text := predict.Number, predict.Text
	for _, tt := range []struct {
		name string
		row  []predict.Cell
		want float64
	}{
		{"all missing", nil, -1.5 + 0.5 - 0.1 + 0 + 0},
		{"below the first edge", []predict.Cell{number(9.99)}, -1.5 - 1 - 0.1 - 0.02},
		{"on an edge", []predict.Cell{number(10)}, -1.5 + 0.25 - 0.1 - 0.02},
		{"a number as text", []predict.Cell{text(" 20 ")}, -1.5 + 1 - 0.1 - 0.02},
		{"a word among numbers", []predict.Cell{text("Unknown")}, -1.5 - 0.3 - 0.1},
		{"a word never seen", []predict.Cell{text("no idea")}, -1.5 - 0.1},
		{"a level in another case", []predict.Cell{{}, text("google")}, -1.5 + 0.5 + 0.2 + 0.01},
		{"a level never seen", []predict.Cell{{}, text("Fair")}, -1.5 + 0.5 + 0.05},
		{"a Wednesday", []predict.Cell{{}, {}, text("2024-01-31")}, -1.5 + 0.5 - 0.1 + 0.3},
		{"no date", []predict.Cell{{}, {}, text("soon")}, -1.5 + 0.5 - 0.1},
	} {
		if got := m.LogOdds(tt.row); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: log-odds %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	_, reasons := decode(t).Explain([]predict.Cell{predict.Text("12"), predict.Text("referral"), predict.Text("2024-02-04")})
	want := []predict.Reason{
		{Feature: "Age", Value: "12", Points: 0.25},
		{Feature: "Source", Value: "referral", Points: 1.5},
		{Feature: "Created (weekday)", Value: "Sunday", Points: 0.7},
		{Feature: "Age × Source", Value: "12 × referral", Points: 0.03},
	}
	if !slices.Equal(reasons, want) {
		t.Errorf("reasons %v, want %v", reasons, want)
	}
}

func drawCell(r *rapid.T) predict.Cell {
	return rapid.OneOf(
		rapid.Just(predict.Cell{}),
		rapid.Map(rapid.Float64(), predict.Number),
		rapid.Map(rapid.SampledFrom([]string{"15", "Google", "unknown", "2024-05-01 10:00", "1,200.5", "é"}), predict.Text),
		rapid.Map(rapid.String(), predict.Text),
	).Draw(r, "cell")
}

// Reasons add up to the log-odds to the last bit, and the chance is one.
func TestReasonsAddUp(t *testing.T) {
	t.Parallel()
	m := decode(t)
	rapid.Check(t, func(r *rapid.T) {
		checkRow(r, m, []predict.Cell{drawCell(r), drawCell(r), drawCell(r)})
	})
}

func checkRow(t interface{ Fatalf(string, ...any) }, m *predict.Model, row []predict.Cell) {
	sum, reasons := m.Explain(row)
	for _, r := range reasons {
		sum += r.Points
	}
	odds := m.LogOdds(row)
	if math.Float64bits(sum) != math.Float64bits(odds) {
		t.Fatalf("reasons of %v add up to %v, log-odds are %v", row, sum, odds)
	}
	if p := m.Chance(row); !(p > 0 && p < 1) {
		t.Fatalf("chance of %v is %v", row, p)
	}
}

func TestEncodeRoundTrip(t *testing.T) {
	t.Parallel()
	data, err := decode(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(bytes.TrimSpace(data)); got != artifact {
		t.Errorf("encoded %s\nwant %s", got, artifact)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ from, to, want string }{
		{`"format":1`, `"format":2`, "model.format"},
		{`"base":-1.5`, `"base":1e9`, "model.base"},
		{`"base"`, `"bass"`, "bass"},
		{`"Source"`, `"Age"`, "model.features[1]"},
		{`"column":1`, `"column":3`, "model.curves[1].column"},
		{`"column":1`, `"column":-1`, "model.curves[1].column"},
		{`"edges":[10,20]`, `"edges":[20,10]`, "model.curves[0].edges[1]"},
		{`"edges":[10,20]`, `"edges":[10]`, "model.curves[0].points"},
		{`["Google","Referral"]`, `["google","Google"]`, "model.curves[1].levels[1]"},
		{`"weekday"`, `"fortnight"`, "model.curves[2].read"},
		{`"order":"ymd"`, `"order":"ydm"`, "model.curves[2].order"},
		{`"order":"ymd",`, ``, "model.curves[2].order"},
		{`[0.1,0.1,0.5,0.3]`, `[0.1,0.1,0.5,1.3]`, "model.curves[1].shares[3]"},
		{`[-0.1,0.05,0.2,1.5]`, `[-0.1,0.05,0.2,1500]`, "model.curves[1].points[3]"},
		{`"a":0`, `"a":9`, "model.pairs[0].a"},
		{`"b":1`, `"b":0`, "model.pairs[0].b"},
		{`"groups_a":[0,0,0,1,1,1]`, `"groups_a":[0,0,0,1,1,2]`, "model.pairs[0].groups_a[5]"},
		{`"groups_b":[0,0,1,1]`, `"groups_b":[0,0,1]`, "model.pairs[0].groups_b"},
		{`[-0.02,0.03]`, `[-0.02]`, "model.pairs[0].points[1]"},
		{`[[0,0.01],[-0.02,0.03]]`, `[]`, "model.pairs[0].points"},
		{`{"format"`, `[{"format"`, "model"},
	} {
		data := strings.Replace(artifact, tt.from, tt.to, 1)
		if _, err := predict.Decode([]byte(data)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s for %s: error %v, want one about %s", tt.to, tt.from, err, tt.want)
		}
	}
	for _, data := range []string{"", artifact + "{}", strings.Repeat(" ", predict.MaxBytes) + artifact} {
		if _, err := predict.Decode([]byte(data)); err == nil {
			t.Errorf("decoded %d bytes, want an error", len(data))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(artifact), "12", 3.5)
	f.Add([]byte(`{"format":1,"features":[],"base":0,"curves":[]}`), "", math.NaN())
	f.Fuzz(func(t *testing.T, data []byte, s string, x float64) {
		m, err := predict.Decode(data)
		if err != nil {
			return
		}
		row := make([]predict.Cell, len(m.Features()))
		for i := range row {
			row[i] = []predict.Cell{predict.Text(s), predict.Number(x), {}}[i%3]
		}
		checkRow(t, m, row)
		m.Shapes()
		again, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if other, err := predict.Decode(again); err != nil || other.LogOdds(row) != m.LogOdds(row) {
			t.Fatalf("the round trip changed the model: %v", err)
		}
	})
}

func TestShapes(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, s := range decode(t).Shapes() {
		for _, bin := range s.Bins {
			fmt.Fprintf(&b, "%s|%s|%v\n", s.Feature, bin.Label, bin.Points)
		}
	}
	for _, want := range []string{"Age|missing|0.5\n", "Age|unknown|-0.3\n", "Age|below 10|-1\n", "Age|from 10 below 20|0.25\n", "Age|from 20|1\n", "Source|other|0.05\n", "Created (weekday)|Friday|0.5\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("shapes lack %q:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "Sunday") {
		t.Error("a bin without rows is shown")
	}
}

func TestChanceDoesNotAllocate(t *testing.T) {
	m := decode(t)
	rows := [][]predict.Cell{
		{predict.Text("1,234.5"), predict.Text("Google"), predict.Text("2024-01-31T10:00:00Z")},
		{predict.Text("not a number"), predict.Number(12.25), predict.Number(20240131)},
		{predict.Text("1e99999"), predict.Text("somewhere else"), predict.Text("31 Jan 2024")},
	}
	for _, row := range rows {
		if n := testing.AllocsPerRun(100, func() { m.Chance(row) }); n != 0 {
			t.Errorf("%v: %v allocations", row, n)
		}
	}
}

func BenchmarkChance(b *testing.B) {
	m := decode(b)
	row := []predict.Cell{predict.Text("12.5"), predict.Text("Referral"), predict.Text("2024-01-31")}
	b.ReportAllocs()
	for b.Loop() {
		m.Chance(row)
	}
}
