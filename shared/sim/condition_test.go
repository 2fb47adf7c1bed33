package sim

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sluice/shared/sim/table"
)

var update = flag.Bool("update", false, "look for the seeds of testdata/conditions.txt anew")

const conditionsFile = "testdata/conditions.txt"

// witness is a world in which something breaks when a condition is left out.
type witness struct {
	condition string
	world     string // a scenario's name, "" for a world by chance, or [contract]
	seed      uint64
	rule      string // what broke when it was found
}

// contract stands for the store's own promise, without a world: where two
// conditions of one transaction keep the same thing out, no world shows the loss
// of one of them.
const contract = "the store's contract"

// TestConditionsAreLoadBearing leaves each condition of the store out, one at a
// time, and requires the world that is listed for it to break a promise. All
// conditions that are ever sent must be listed.
func TestConditionsAreLoadBearing(t *testing.T) {
	t.Parallel()
	seen := allConditions()
	if *update {
		writeWitnesses(t, seen)
	}
	listed := readWitnesses(t)
	for _, name := range seen {
		if !slices.ContainsFunc(listed, func(w witness) bool { return w.condition == name }) {
			t.Errorf("no world is listed for the condition %q: go test ./shared/sim -run LoadBearing -update", name)
		}
	}
	for _, l := range listed {
		t.Run(l.condition, func(t *testing.T) {
			t.Parallel()
			if !l.holds(t) {
				return
			}
			if l.world == contract {
				t.Fatal("the store keeps its contract without it")
			}
			// The world may have taken another course since the list was written.
			if found := search(l.condition, 60); found != nil {
				t.Logf("%s seed %d no longer shows it, but %s seed %d does", l.world, l.seed, found.world, found.seed)
				return
			}
			t.Error("nothing breaks without it")
		})
	}
}

func (l witness) holds(t *testing.T) bool {
	if l.world == contract {
		return holdsContract(t, l.condition)
	}
	return len(l.play().violations) == 0
}

func (l witness) play() *World {
	o := Options{Seed: l.seed}
	j := job{options: o}
	if l.world == "" {
		j.options = Chance(l.seed)
	} else {
		j.scenario = scenarioOf(l.world)
	}
	j.options.relax = func(c table.Condition) bool { return conditionName(c) == l.condition }
	return j.play()
}

// conditionName names a condition by what is written under it.
func conditionName(c table.Condition) string {
	return strings.ToLower(c.Operation) + " " + itemOf(c.PK, c.SK) + ": " + c.Text
}

func itemOf(pk, sk string) string {
	kind, _, _ := strings.Cut(pk, "#")
	switch kind {
	case "K":
		return "identity key"
	case "P":
		return "person"
	case "L":
		if strings.HasPrefix(sk, "H#") {
			return "history"
		}
		return "lead"
	case "S":
		return "submission"
	case "I":
		return "idempotency key"
	case "REP":
		return "rep"
	case "JOB":
		return "job"
	case "LIST":
		return "call list"
	case "MODEL":
		switch sk {
		case "CURRENT":
			return "current model"
		case "RESCORE":
			return "walk"
		}
		return "training"
	case "OUTCOME":
		return "outcome"
	case "POLICY":
		if sk == "CURRENT" {
			return "current policy"
		}
		return "policy"
	case "D":
		return "delivery"
	case "O":
		return "company"
	case "SPENT":
		return "budget"
	case "VAULT":
		return "vault key"
	}
	return kind
}

// allConditions plays every scenario and some worlds by chance and lists the
// conditions that were sent, and those of contracts.
func allConditions() []string {
	var mu sync.Mutex
	seen := map[string]bool{}
	note := func(c table.Condition) bool {
		name := conditionName(c)
		mu.Lock()
		defer mu.Unlock()
		seen[name] = true
		return false
	}
	var jobs []job
	for _, s := range Scenarios() {
		jobs = append(jobs, job{&s, Options{Seed: 1, relax: note}})
	}
	for seed := range uint64(40) {
		o := Chance(seed + 1)
		o.relax = note
		jobs = append(jobs, job{options: o})
	}
	each(jobs, func(j job) { j.play() })
	for name := range contracts {
		seen[name] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// each does something for every job, two at a time.
func each(jobs []job, do func(job)) {
	todo := make(chan job)
	var running sync.WaitGroup
	for range 2 {
		running.Go(func() {
			for j := range todo {
				do(j)
			}
		})
	}
	for _, j := range jobs {
		todo <- j
	}
	close(todo)
	running.Wait()
}

// scenarioSeeds is with how many seeds each scenario is tried.
const scenarioSeeds = 8

// search looks for a world that breaks without the condition.
func search(condition string, seeds int) *witness {
	for seed := range uint64(scenarioSeeds) {
		for _, s := range Scenarios() {
			l := witness{condition: condition, world: s.Name, seed: seed + 1}
			if w := l.play(); len(w.violations) > 0 {
				l.rule = w.violations[0].Rule
				return &l
			}
		}
	}
	for seed := range uint64(seeds) {
		l := witness{condition: condition, seed: seed + 1}
		if w := l.play(); len(w.violations) > 0 {
			l.rule = w.violations[0].Rule
			return &l
		}
	}
	return nil
}

func writeWitnesses(t *testing.T, conditions []string) {
	t.Helper()
	lines := make([]string, len(conditions))
	var running sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i, name := range conditions {
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if l := search(name, 60); l != nil {
				lines[i] = fmt.Sprintf("%s\t%s\t%d\t%s\n", l.condition, l.world, l.seed, l.rule)
				return
			}
			if contracts[name] == nil || holdsContract(t, name) {
				t.Errorf("nothing breaks without the condition %q", name)
			}
			lines[i] = fmt.Sprintf("%s\t%s\t0\tnot refused\n", name, contract)
		})
	}
	running.Wait()
	if err := os.WriteFile(conditionsFile, []byte(conditionsHead+strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
}

const conditionsHead = `# The conditions of the store, each with a world that breaks a promise when it is
# left out: the scenario (empty: a world by chance), its seed, the promise. Where
# other conditions of the same transaction guard the same thing, it is the store's
# contract that breaks.
`

func readWitnesses(t *testing.T) []witness {
	t.Helper()
	file, err := os.Open(conditionsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var list []witness
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			t.Fatalf("%s: %q", conditionsFile, line)
		}
		seed, err := strconv.ParseUint(f[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, witness{f[0], f[1], seed, f[3]})
	}
	return list
}

// TestDoubles leaves two conditions out that guard the same thing in one
// transaction: a lead's version, and that its history is only added to.
func TestDoubles(t *testing.T) {
	t.Parallel()
	for seed := range uint64(scenarioSeeds) {
		w := scenarioOf("claims at once").play(Options{Seed: seed + 1, relax: func(c table.Condition) bool {
			name := conditionName(c)
			return name == "put lead: v = ?" || name == "put history: attribute_not_exists(pk)"
		}})
		if len(w.violations) > 0 {
			return
		}
	}
	t.Error("claims at once break nothing though nothing guards the lead")
}
