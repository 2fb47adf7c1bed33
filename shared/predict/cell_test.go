package predict_test

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/predict"
)

func TestCell(t *testing.T) {
	t.Parallel()
	for _, c := range []predict.Cell{{}, predict.Text(" \t"), predict.Number(math.NaN()), predict.Number(math.Inf(1))} {
		if !c.Missing() || c.String() != "" || c != (predict.Cell{}) {
			t.Errorf("%#v is not missing", c)
		}
	}
	for c, want := range map[predict.Cell]string{
		predict.Number(0.5): "0.5", predict.Number(math.Copysign(0, -1)): "0", predict.Number(1e6): "1000000",
		predict.Text(" a b "): "a b", predict.Flag(true): "yes", predict.Flag(false): "no",
	} {
		if c.Missing() || c.String() != want {
			t.Errorf("%#v reads %q, want %q", c, c.String(), want)
		}
	}
}

func TestCellNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		comma bool
		want  float64
		ok    bool
	}{
		{"12", false, 12, true},
		{"-0.5", false, -0.5, true},
		{"+.5", false, 0.5, true},
		{"1,234,567.8", false, 1234567.8, true},
		{"12.5%", false, 12.5, true},
		{"3e5", false, 3e5, true},
		{"1.5E-3", false, 1.5e-3, true},
		{"1.234,5", true, 1234.5, true},
		{"3,5", true, 3.5, true},
		{"3,5", false, 0, false},
		{"1234,567", false, 0, false},
		{"1,23", false, 0, false},
		{"1.2.3", false, 0, false},
		{"0x10", false, 0, false},
		{"1_000", false, 0, false},
		{"inf", false, 0, false},
		{"NaN", false, 0, false},
		{"1e999", false, 0, false},
		{"-", false, 0, false},
		{"%", false, 0, false},
		{"12 days", false, 0, false},
		{"1-2", false, 0, false},
	} {
		if got, ok := predict.Text(tt.text).Number(tt.comma); got != tt.want && ok || ok != tt.ok {
			t.Errorf("%q with comma %v: %v %v, want %v %v", tt.text, tt.comma, got, ok, tt.want, tt.ok)
		}
	}
}

// A number and its text are the same for every feature.
func TestNumberIsItsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		x := rapid.Float64Range(-1e12, 1e12).Draw(r, "x")
		if math.Abs(x) < 1e-12 {
			return // too long in digits
		}
		got, ok := predict.Text(strconv.FormatFloat(x, 'f', -1, 64)).Number(false)
		if !ok || got != x {
			r.Fatalf("%v reads %v %v", x, got, ok)
		}
	})
}

func TestCellDate(t *testing.T) {
	t.Parallel()
	day := predict.Date{Year: 2024, Month: 2, Day: 3}
	at := func(hour int) predict.Date {
		d := day
		d.Hour, d.Timed = hour, true
		return d
	}
	for _, tt := range []struct {
		text  string
		order predict.Order
		want  predict.Date
	}{
		{"2024-02-03", predict.YearFirst, day},
		{"2024/2/3", predict.YearFirst, day},
		{"20240203", predict.YearFirst, day},
		{"2024-02-03T14:30:00+02:00", predict.YearFirst, at(14)},
		{"2024-02-03 00:10", predict.YearFirst, at(0)},
		{"03.02.2024", predict.DayFirst, day},
		{"3/2/24", predict.DayFirst, day},
		{"2/3/2024 2:05 PM", predict.MonthFirst, at(14)},
		{"2/3/2024 12:05 am", predict.MonthFirst, at(0)},
		{"3 Feb 2024", predict.DayFirst, day},
		{"3-Feb-24", predict.MonthFirst, day},
		{"February 3, 2024", predict.DayFirst, day},
	} {
		if got, ok := predict.Text(tt.text).Date(tt.order); !ok || got != tt.want {
			t.Errorf("%q as %s: %v %v, want %v", tt.text, tt.order, got, ok, tt.want)
		}
	}
	for _, text := range []string{"2024-13-01", "2023-02-29", "1.5.7", "12345678", "10.0.0.1", "2024-02-03 25:00", "2024-02-03 later", "0.2.2024", "tomorrow"} {
		for _, order := range []predict.Order{predict.YearFirst, predict.DayFirst, predict.MonthFirst} {
			if got, ok := predict.Text(text).Date(order); ok {
				t.Errorf("%q as %s is %v, want none", text, order, got)
			}
		}
	}
}

func FuzzCell(f *testing.F) {
	f.Add("2024-02-03 10:00 pm")
	f.Add("1,000.5e3%")
	f.Fuzz(func(t *testing.T, s string) {
		c := predict.Text(s)
		for _, comma := range []bool{false, true} {
			if x, _ := c.Number(comma); math.IsNaN(x) || math.IsInf(x, 0) {
				t.Errorf("%q is %v", s, x)
			}
		}
		if d, ok := c.Date(predict.DayFirst); ok && (d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > 31 || d.Hour > 23) {
			t.Errorf("%q is %v", s, d)
		}
	})
}
