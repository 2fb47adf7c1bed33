package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"sluice/shared/app"
	"sluice/shared/desk"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// asking is a question about routing: a lead that is there or a case, and the
// policy in effect or a draft.
type asking struct {
	target     policyTarget
	lead, file string
	draft      string
}

func routeCommand(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "explain" {
		return errors.New("route: say explain, and of which lead")
	}
	var ask asking
	flags := flag.NewFlagSet("route explain", flag.ContinueOnError)
	flags.StringVar(&ask.target.folder, "dir", ".sluice", "folder of the local run, used where SLUICE_TABLE is not set")
	flags.StringVar(&ask.lead, "lead", "", "id of a lead")
	flags.StringVar(&ask.file, "in", "", "file with a lead that may not be there, as JSON (see testdata/routes/lead.json); - reads it from the input")
	flags.StringVar(&ask.draft, "policy", "", "file with a draft of the policy to go by")
	asJSON := flags.Bool("json", false, "print JSON")
	word, err := parseAround(flags, args[1:])
	switch {
	case err != nil:
		return err
	case word != "":
		return fmt.Errorf("route explain: there is no use for %q: name a lead with -lead or a file with -in", word)
	case (ask.lead == "") == (ask.file == ""):
		return errors.New("route explain: name a lead with -lead, or a file with -in")
	}
	how, err := ask.explain(ctx)
	if err != nil {
		return err
	}
	if *asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(how)
	}
	return printRoute(out, how)
}

// explain reads a case before it looks for a table: what is wrong with a file is
// told without one.
func (a asking) explain(ctx context.Context) (app.RouteView, error) {
	none := func(err error) (app.RouteView, error) { return app.RouteView{}, err }
	var c app.Case
	var err error
	if a.file != "" {
		if c, err = readCase(a.file); err != nil {
			return none(err)
		}
	}
	table, err := a.target.table()
	if err != nil {
		return none(err)
	}
	pol, err := a.policy(ctx, table)
	if err != nil {
		return none(err)
	}
	l, at := lead.Lead{}, time.Now()
	if a.lead != "" {
		l, err = table.Lead(ctx, a.lead)
	} else if l, at, err = c.Lead(pol, at); err != nil {
		err = fmt.Errorf("%s: %w", a.file, err)
	}
	if err != nil {
		return none(err)
	}
	how, err := app.Explain(ctx, table, pol, l, at)
	return app.NewRouteView(how), err
}

// policy is the one in effect, or the draft, which must fit the reps that there are.
func (a asking) policy(ctx context.Context, table *dynamo.Table) (*policy.Policy, error) {
	if a.draft == "" {
		current := app.Current{Store: table, Now: time.Now}
		return current.Get(ctx)
	}
	reps, err := table.Reps(ctx)
	if err != nil {
		return nil, err
	}
	draft, err := readPolicy(a.draft, reps)
	if err != nil {
		return nil, err
	}
	return policy.Compile(draft, 1)
}

func readCase(file string) (app.Case, error) {
	var c app.Case
	var data []byte
	var err error
	if file == "-" {
		data, err = io.ReadAll(os.Stdin)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return c, err
	}
	if err := desk.Decode(data, &c); err != nil {
		return c, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// printRoute tells an explanation to a person.
func printRoute(out io.Writer, how app.RouteView) error {
	fmt.Fprintf(out, "as of %s\n\nrules, in their order:\n", minute(how.At))
	for _, r := range how.Rules {
		answer := "no "
		switch {
		case r.Broken:
			answer = "???" // cannot be evaluated
		case r.Held:
			answer = "yes"
		}
		fmt.Fprintf(out, "  %s  %s: %s\n", answer, r.Name, r.When)
	}
	if how.Rule == route.Fallback {
		fmt.Fprintln(out, "  none holds: the fallback")
	}
	if how.Mode != "" {
		fmt.Fprintf(out, "\nteam %s, mode %s\n", how.Team, how.Mode)
	}
	for i, step := range how.Steps {
		fmt.Fprintf(out, "  step %d: %s\n", i+1, step)
	}
	if len(how.Members) > 0 {
		fmt.Fprintln(out)
		if err := printMembers(out, how); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\n%s: %s\n", sentence(how), how.Why)
	return err
}

func printMembers(out io.Writer, how app.RouteView) error {
	figure := strings.ToUpper(how.Of)
	if how.Of == "turns" {
		figure = "TURNS A SHARE"
	}
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(table, "REP\tSTANDS\t%s\tCHANCE\tTURNS\tSHARE\tHOLDING\tTODAY\n", figure)
	for _, m := range how.Members {
		stands, number := m.Reason, ""
		if m.Reason == "" {
			stands, number = "could have it", fmt.Sprint(math.Round(m.Figure*100)/100)
		}
		if how.Rep != nil && how.Rep.ID == m.Rep {
			stands = "gets it"
		}
		if !m.Able.IsZero() {
			stands += ", able from " + minute(m.Able)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1f %%\t%d\t%d\t%d\t%d\n", m.Rep, stands, number, 100*m.Chance, m.Turns, m.Share, m.Holding, m.Today)
	}
	return table.Flush()
}

// sentence tells where the lead would go.
func sentence(how app.RouteView) string {
	switch how.Outcome {
	case app.OutcomeRep:
		return how.Rep.ID + " gets it"
	case app.OutcomeWait:
		return "it waits for a shift of team " + how.Team + " until " + minute(how.Wait)
	case app.OutcomePool:
		return "it goes into pool " + how.Pool
	case app.OutcomeNurture:
		return "it goes to nurturing"
	}
	return "it goes to the dispatcher of team " + how.Team
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
