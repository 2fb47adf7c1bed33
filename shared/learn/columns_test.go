package learn

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"sluice/shared/predict"
)

func columnOf(rows int, cell func(i int) string) Column {
	c := Column{Name: "x"}
	for i := range rows {
		c.Cells = append(c.Cells, predict.Text(cell(i)))
	}
	return c
}

func TestRead(t *testing.T) {
	t.Parallel()
	day := func(i int) string { return fmt.Sprintf("2024-%02d-%02d", i/28%12+1, i%28+1) }
	for _, tt := range []struct {
		name string
		cell func(i int) string
		want string // kinds of curves, or why there are none
	}{
		{"empty", func(int) string { return "" }, "empty"},
		{"constant", func(int) string { return "yes" }, "same"},
		{"given or not", func(i int) string { return strings.Repeat("yes", i%2) }, "given"},
		{"numbers", func(i int) string { return strconv.Itoa(i % 100) }, "numbers"},
		{"decimal commas", func(i int) string { return strconv.Itoa(i%100) + ",5" }, "numbers"},
		{"numbers and a word", func(i int) string { return []string{"unknown", strconv.Itoa(i % 100)}[min(1, i%5)] }, "numbers and 1 levels"},
		{"running number", func(i int) string { return strconv.Itoa(1000 + 3*i) }, "running"},
		{"running backwards", func(i int) string { return strconv.Itoa(100000 - 3*i) }, "running"},
		{"shuffled numbers of rows", func(i int) string { return strconv.Itoa(i * 389 % 997) }, "of its own"},
		{"amounts", func(i int) string { return strconv.Itoa(i * i * 7919 % 1_000_003 / 10) }, "numbers"},
		{"measured once each", func(i int) string { return strconv.FormatFloat(float64(i*7%997)/3, 'f', 4, 64) }, "numbers"},
		{"mail", func(i int) string { return "p" + strconv.Itoa(i) + "@example.com" }, "names the row"},
		{"mail, often missing", func(i int) string { return strings.Repeat("p"+strconv.Itoa(i)+"@example.com", i%2) }, "given"},
		{"levels", func(i int) string { return "level " + strconv.Itoa(i%7) }, "7 levels"},
		{"levels in two cases", func(i int) string { return []string{"Google", "google", "GOOGLE", "Bing"}[i%4] }, "2 levels"},
		{"levels and rare ones", func(i int) string { return "level " + strconv.Itoa(max(0, i-600)) }, "1 levels"},
		{"only rare ones", func(i int) string { return "level " + strconv.Itoa(i/2) }, "in 10 rows"},
		{"dates", day, "weekday"},
		{"dates of years", func(i int) string { return fmt.Sprintf("%d%s", 2020+i%4, day(i)[4:]) }, "weekday month"},
		{"times", func(i int) string { return day(i) + fmt.Sprintf(" %02d:00", i%24) }, "weekday hour"},
		{"days of one week", func(i int) string { return "2024-01-0" + strconv.Itoa(i%7+1) }, "too short"},
	} {
		f := read(columnOf(997, tt.cell))
		if got := describe(f); !strings.Contains(got, tt.want) || f.why == "" && got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func describe(f feature) string {
	var kinds []string
	for _, c := range f.curves {
		kind := "given"
		switch {
		case c.Read != "":
			kind = string(c.Read)
		case len(c.Edges) > 0 && len(c.Levels) > 0:
			kind = fmt.Sprintf("numbers and %d levels", len(c.Levels))
		case len(c.Edges) > 0:
			kind = "numbers"
		case len(c.Levels) > 0:
			kind = fmt.Sprintf("%d levels", len(c.Levels))
		}
		kinds = append(kinds, kind)
	}
	return strings.Join(kinds, " ") + f.why
}

func TestEdges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		x     func(i int) float64
		least int
		most  int
	}{
		{"all apart", func(i int) float64 { return float64(i * 7 % 1000) }, 60, mostBins},
		{"two values", func(i int) float64 { return float64(i % 2) }, 1, 1},
		{"mostly one", func(i int) float64 { return float64(max(0, i-900)) }, 5, mostBins},
		{"one other", func(i int) float64 { return float64(max(0, i-998)) }, 1, 1},
	} {
		xs := make([]float64, 1000)
		for i := range xs {
			xs[i] = tt.x(i)
		}
		got := edges(xs)
		if len(got) < tt.least || len(got) > tt.most {
			t.Errorf("%s: %d edges", tt.name, len(got))
		}
		for i := range got {
			if i > 0 && got[i] <= got[i-1] {
				t.Errorf("%s: edges %v do not rise", tt.name, got)
			}
		}
	}
	if got := between(0.12341, 0.12359); got != 0.1235 {
		t.Errorf("between is %v, want the shortest", got)
	}
}

func TestCalibrate(t *testing.T) {
	t.Parallel()
	r := random(1)
	scores, positive := make([]float64, 20000), make([]bool, 20000)
	for i := range scores {
		scores[i] = float64(r.next()>>11)/(1<<53)*8 - 4
		positive[i] = float64(r.next()>>11)/(1<<53) < chance(0.5*scores[i]-1)
	}
	if slope, shift := calibrate(scores, positive); slope < 0.46 || slope > 0.54 || shift < -1.1 || shift > -0.9 {
		t.Errorf("slope %.3f and shift %.3f, want 0.5 and -1", slope, shift)
	}
	for i := range scores {
		scores[i] = -scores[i]
	}
	if slope, _ := calibrate(scores, positive); slope != 0 {
		t.Errorf("slope %v of scores that tell the opposite", slope)
	}
	clear(scores)
	if slope, _ := calibrate(scores, positive); slope != 0 {
		t.Errorf("slope %v of scores that are all alike", slope)
	}
}
