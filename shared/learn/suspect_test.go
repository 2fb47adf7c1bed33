package learn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/predict"
)

// leads is an invented table, to which columns are added.
type leads struct {
	random   *rand.Rand
	table    Table
	positive []bool
}

// honest invents leads of which everything is known beforehand. Some of it is
// strong: a number by which the odds are multiplied up to a hundred times, a
// phone without which nobody can be won, an age from which on anybody can be.
func honest(seed uint64, rows int, usual float64) *leads {
	l := &leads{random: rand.New(rand.NewPCG(seed, 9))}
	columns := []string{"interest", "minutes", "pages", "origin", "job", "phone", "age of child", "previous", "noise", "campaign"}
	for _, name := range columns {
		l.table = append(l.table, Column{Name: name})
	}
	origins := []float64{-0.8, -0.4, 0, 0.3, 2}
	for range rows {
		interest, minutes := l.random.NormFloat64(), l.random.ExpFloat64()*10
		pages := minutes/3 + l.random.Float64()*4
		origin, job, age := l.random.IntN(5), l.random.IntN(12), l.random.IntN(14)
		z := usual + 1.3*interest + 0.4*math.Log1p(minutes) + origins[origin] + 0.1*float64(job%5)
		phone := "given"
		if l.random.Float64() < 0.15 {
			phone, z = "", -9
		}
		if age < 2 {
			z = -9
		}
		previous := "none"
		if l.random.Float64() < 0.05 {
			previous, z = "success", z+1.5
		}
		cells := []string{fmt.Sprintf("%.3f", interest), fmt.Sprintf("%.1f", minutes), fmt.Sprintf("%.0f", pages), "origin " + strconv.Itoa(origin), "job " + strconv.Itoa(job),
			phone, strconv.Itoa(age), previous, fmt.Sprint(l.random.NormFloat64()), "campaign " + strconv.Itoa(l.random.IntN(40))}
		for i, c := range cells {
			l.table[i].Cells = append(l.table[i].Cells, predict.Text(c))
		}
		l.positive = append(l.positive, l.random.Float64() < 1/(1+math.Exp(-z)))
	}
	return l
}

// with adds a column that is filled in by what came out.
func (l *leads) with(name string, cell func(won bool) string) *leads {
	c := Column{Name: name}
	for _, won := range l.positive {
		c.Cells = append(c.Cells, predict.Text(cell(won)))
	}
	l.table = append(l.table, c)
	return l
}

func names(all []Suspect) (out []string) {
	for _, s := range all {
		out = append(out, s.Feature)
	}
	return out
}

func TestHonestFeaturesAreNotSuspected(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		for _, rows := range []int{120, 1_000, 6_000} {
			for _, usual := range []float64{-3.5, -1.5, 0} {
				l := honest(seed, rows, usual)
				if got := Suspects(l.table, l.positive); len(got) > 0 {
					t.Errorf("seed %d, %d rows, usually %v: %+v", seed, rows, usual, got)
				}
			}
		}
	}
}

func TestSuspects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		column string
		cell   func(l *leads) func(won bool) string
		why    string
	}{
		"the answer": {"x", func(*leads) func(bool) string {
			return func(won bool) string { return strconv.FormatBool(won) }
		}, "next to nothing is lost"},
		"the answer with mistakes": {"x", func(l *leads) func(bool) string {
			return func(won bool) string { return strconv.FormatBool(won != (l.random.Float64() < 0.05)) }
		}, "has most likely talked to the lead"},
		"a score given afterwards": {"x", func(l *leads) func(bool) string {
			return func(won bool) string {
				x := l.random.NormFloat64()
				if won {
					x += 2.2
				}
				return fmt.Sprintf("%.3f", x)
			}
		}, "hardly any fact"},
		"why it was lost, of some": {"x", func(l *leads) func(bool) string {
			return func(won bool) string {
				if won || l.random.Float64() < 0.5 {
					return ""
				}
				return []string{"price", "time", "other provider"}[l.random.IntN(3)]
			}
		}, "nearly only where a row was lost"},
		"the number of some contracts": {"x", func(l *leads) func(bool) string {
			return func(won bool) string {
				if !won || l.random.Float64() < 0.5 {
					return ""
				}
				return fmt.Sprintf("C-%07d", l.random.IntN(9_999_999))
			}
		}, "nearly only where a row was won"},
		"when some contracts were signed": {"x", func(l *leads) func(bool) string {
			return func(won bool) string {
				if !won || l.random.Float64() < 0.5 {
					return ""
				}
				return fmt.Sprintf("2025-%02d-%02d", 1+l.random.IntN(12), 1+l.random.IntN(28))
			}
		}, "nearly only where a row was won"},
		"steps that only customers take": {"x", func(l *leads) func(bool) string {
			return func(won bool) string {
				if won && l.random.Float64() < 0.4 {
					return []string{"invoiced", "onboarded"}[l.random.IntN(2)]
				}
				return []string{"asked", "called"}[l.random.IntN(2)]
			}
		}, "next to nothing is lost"},
		"a judgement": {"x", func(l *leads) func(bool) string {
			return func(won bool) string {
				switch u := l.random.Float64(); {
				case u < 0.5:
					return "may be"
				case won == (u < 0.99):
					return "hot"
				}
				return "cold"
			}
		}, "has most likely talked to the lead"},
		"the length of a call": {"x", func(l *leads) func(bool) string {
			return func(won bool) string {
				length := math.Exp(5 + 0.6*l.random.NormFloat64())
				if won {
					length *= 3
				}
				return fmt.Sprintf("%.0f", length)
			}
		}, "it alone ranks"},
		"one of middling strength, by its name": {"Last Activity", func(l *leads) func(bool) string {
			return func(won bool) string {
				if won == (l.random.Float64() < 0.8) {
					return "mail opened"
				}
				return "mail sent"
			}
		}, "as long as somebody works on the row"},
	} {
		for seed := range uint64(4) {
			l := honest(seed, 2_000, -1)
			l.with(c.column, c.cell(l))
			got := Suspects(l.table, l.positive)
			if len(got) != 1 || got[0].Feature != c.column || !strings.Contains(got[0].Why, c.why) || got[0].AUC < 0.6 {
				t.Errorf("%s, seed %d: %+v", name, seed, got)
			}
		}
	}
}

// What is strong beside the others is suspicious from a strength on that a fact
// alone may have.
func TestSuspectBesideTheOthers(t *testing.T) {
	t.Parallel()
	l := honest(3, 8_000, -1)
	l.with("x", func(won bool) string {
		x := l.random.NormFloat64()
		if won {
			x += 1.75
		}
		return fmt.Sprintf("%.3f", x)
	})
	got := Suspects(l.table, l.positive)
	if len(got) != 1 || got[0].AUC >= tooGood || !strings.Contains(got[0].Why, "puts right") {
		t.Errorf("%+v", got)
	}
	alone := Suspects(l.table[len(l.table)-1:], l.positive)
	if len(alone) > 0 {
		t.Errorf("without the others it is as strong as a fact may be: %+v", alone)
	}
}

// Two leaks that say the same do not hide each other.
func TestSuspectTwins(t *testing.T) {
	t.Parallel()
	l := honest(3, 8_000, -1)
	for _, name := range []string{"x", "y"} {
		random := rand.New(rand.NewPCG(1, 2))
		l.with(name, func(won bool) string {
			x := random.NormFloat64()
			if won {
				x += 1.75
			}
			return fmt.Sprintf("%.3f", x)
		})
	}
	if got := names(Suspects(l.table, l.positive)); !slices.Equal(got, []string{"x", "y"}) {
		t.Errorf("%v", got)
	}
}

func TestNameAloneIsNoSuspicion(t *testing.T) {
	t.Parallel()
	l := honest(1, 3_000, -1)
	for i, name := range []string{"duration", "Tags", "lead_quality", "LeadStatus", "last_contact", "lost reason", "closed", "call duration", "disposition"} {
		l.table[i].Name = name
	}
	for i, c := range l.table[:1] { // the strongest
		l.table[i].Name = "interest " + c.Name
	}
	if got := Suspects(l.table, l.positive); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestAfterContact(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"duration": callHint, "Duration": callHint, "call_duration_s": callHint, "CallDuration": callHint, "talk-time": callHint, "通话时长(秒)": callHint,
		"Tags": noteHint, "lead quality": noteHint, "LeadQuality": noteHint, "Lead Status": noteHint, "call outcome": noteHint, "最近跟进": noteHint,
		"Last Notable Activity": lastHint, "LAST_MODIFIED_AT": lastHint, "lost_reason": endHint, "close date": endHint, "是否成交": endHint,
		"visit duration": "", "Total Time Spent on Website": "", "poutcome": "", "pdays": "", "previous": "", "contact": "", "campaign": "", "month": "",
		"hashtags": "", "tag cloud": "", "enclosed": "", "quality of life": "", "last name": "", "": "", "__": "", "lead source": "",
	} {
		if got := afterContact(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func FuzzAfterContact(f *testing.F) {
	f.Add("Last Notable Activity")
	f.Add("通话时长")
	f.Add("\xff_aB")
	f.Fuzz(func(t *testing.T, name string) {
		if strings.Join(wordsOf(name), "") == "" && afterContact(name) != "" && name == strings.ToValidUTF8(name, "") {
			t.Errorf("%q hints without a word", name)
		}
	})
}

// Whatever is in a table, suspects are columns of it, each once, with a reason.
func TestSuspectsOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(0, 120).Draw(t, "rows")
		cell := rapid.OneOf(rapid.Just(predict.Cell{}), rapid.Map(rapid.IntRange(0, 3), func(i int) predict.Cell { return predict.Text(strconv.Itoa(i)) }),
			rapid.Map(rapid.Float64(), predict.Number), rapid.Map(rapid.SampledFrom([]string{"a", "b", "2024-02-03", "\xff", "1,5"}), predict.Text))
		positive := rapid.SliceOfN(rapid.Bool(), rows, rows).Draw(t, "positive")
		table := Table{{Name: "the answer"}}
		for _, yes := range positive {
			table[0].Cells = append(table[0].Cells, predict.Flag(yes))
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "columns") {
			table = append(table, Column{Name: strconv.Itoa(i), Cells: rapid.SliceOfN(cell, rows, rows).Draw(t, "cells")})
		}
		seen := map[string]bool{}
		for _, s := range Suspects(table, positive) {
			known := slices.ContainsFunc(table, func(c Column) bool { return c.Name == s.Feature })
			if !known || seen[s.Feature] || s.Why == "" || !(s.AUC >= 0 && s.AUC <= 1) {
				t.Errorf("%+v", s)
			}
			seen[s.Feature] = true
		}
		won := 0
		for _, yes := range positive {
			if yes {
				won++
			}
		}
		if enough := rows >= leastToJudge && min(won, rows-won) >= leastRows; enough && !seen["the answer"] {
			t.Errorf("the answer is not suspected in %d rows with %d won", rows, won)
		}
	})
}

// A large table does not take long, and is judged as a small one is.
func TestSuspectsOfALargeTable(t *testing.T) {
	t.Parallel()
	l := honest(5, 120_000, -1)
	l.with("x", func(won bool) string { return strconv.FormatBool(won) })
	for i := range 10 {
		l.table = append(l.table, Column{Name: "again " + strconv.Itoa(i), Cells: l.table[i].Cells})
	}
	began := time.Now()
	if got := names(Suspects(l.table, l.positive)); !slices.Equal(got, []string{"x"}) {
		t.Errorf("%v", got)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

func BenchmarkSuspects(b *testing.B) {
	l := honest(5, 50_000, -1)
	for i := range 10 {
		l.table = append(l.table, Column{Name: "again " + strconv.Itoa(i), Cells: l.table[i].Cells})
	}
	for b.Loop() {
		Suspects(l.table, l.positive)
	}
}
