package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// closedLeads invents closed leads, of which is known how likely each was to be
// won: no model can rank them better than by that.
type closedLeads struct {
	random  *rand.Rand
	effects map[string]float64
}

func newClosedLeads(seed uint64) *closedLeads {
	return &closedLeads{rand.New(rand.NewPCG(1, seed)), map[string]float64{}}
}

const closedTarget = "won"

// closedColumns are 20 of them and the target: numbers with bends and steps, levels
// few and many, empty cells that mean something, columns that mean nothing.
var closedColumns = strings.Split("visits,minutes,pages,age,income,employees,distance,children,source,campaign,city,region,job,device,weekday,asked_on,newsletter,budget,noise,coin,"+closedTarget, ",")

// write writes that many rows, and returns the log-odds behind them and what came
// of it.
func (c *closedLeads) write(out io.Writer, rows int) (logOdds []float64, won []bool, err error) {
	buffered := bufio.NewWriter(out)
	lines := csv.NewWriter(buffered)
	if err := lines.Write(closedColumns); err != nil {
		return nil, nil, err
	}
	for range rows {
		cells, z := c.row()
		outcome := c.random.Float64() < 1/(1+math.Exp(-z))
		logOdds, won = append(logOdds, z), append(won, outcome)
		if err := lines.Write(append(cells, map[bool]string{true: "yes", false: "no"}[outcome])); err != nil {
			return nil, nil, err
		}
	}
	lines.Flush()
	if err := lines.Error(); err != nil {
		return nil, nil, err
	}
	return logOdds, won, buffered.Flush()
}

// row draws the cells of a lead and its log-odds.
func (c *closedLeads) row() (cells []string, z float64) {
	z = -2.1
	number := func(x float64, digits int, points float64) {
		cells, z = append(cells, strconv.FormatFloat(x, 'f', digits, 64)), z+points
	}
	visits := math.Floor(c.random.ExpFloat64() * 4)
	minutes := c.random.ExpFloat64() * 12
	pages := 1 + math.Floor(visits*c.random.Float64()*3)
	age := 18 + 50*c.random.Float64()
	income := math.Exp(10.3 + 0.5*c.random.NormFloat64())
	employees := math.Floor(math.Exp(3 + 1.6*c.random.NormFloat64()))
	distance := c.random.ExpFloat64() * 30
	children := math.Floor(c.random.Float64() * 4)
	number(visits, 0, 0.5*math.Log1p(visits))
	number(minutes, 1, 0.45*math.Log1p(minutes))
	number(pages, 0, -0.1*math.Log1p(pages))
	number(age, 0, -math.Abs(age-40)/18)
	if c.random.Float64() < 0.3 {
		cells, z = append(cells, ""), z-0.5
	} else {
		number(income, 0, map[bool]float64{true: 0.6, false: 0}[income > 35_000])
	}
	number(employees, 0, 0.15*math.Log1p(employees))
	number(distance, 1, -distance/60)
	number(children, 0, 0.2*children)
	for _, l := range []struct {
		name   string
		many   float64
		spread float64
	}{{"source", 9, 0.7}, {"campaign", 300, 0.5}, {"city", 60, 0.3}, {"region", 6, 0.2}, {"job", 14, 0.4}, {"device", 3, 0.2}, {"weekday", 7, 0.05}} {
		level := fmt.Sprintf("%s %d", l.name, int(l.many*c.random.Float64()*c.random.Float64()))
		if _, ok := c.effects[level]; !ok {
			c.effects[level] = l.spread * c.random.NormFloat64()
		}
		cells, z = append(cells, level), z+c.effects[level]
	}
	day := c.random.IntN(700)
	cells = append(cells, fmt.Sprintf("2024-%02d-%02d", 1+day%12, 1+day%28))
	if c.random.Float64() < 0.4 {
		cells, z = append(cells, "yes"), z+0.4
	} else {
		cells = append(cells, "no")
	}
	if c.random.Float64() < 0.6 {
		cells, z = append(cells, ""), z-0.3
	} else {
		number(1_000*math.Exp(c.random.NormFloat64()), 0, 0.3)
	}
	cells = append(cells, strconv.FormatFloat(c.random.NormFloat64(), 'f', 4, 64), map[bool]string{true: "heads", false: "tails"}[c.random.IntN(2) == 0])
	return cells, z
}
