package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
)

// options are the stack's settings. Each is a context value of the name in
// brackets; cdk.json holds the defaults, `-c name=value` overrides one.
type options struct {
	Assets       string // [assets] folder of the functions' builds
	Local        bool   // [local] leave out what LocalStack's open edition lacks
	Sender       string // [sender] address that mail to reps comes from
	AlarmEmail   string // [alarmEmail] address that alarms and budget go to
	DeskURL      string // [deskURL] base URL if a custom domain is used, else empty
	DomainPrefix string // [domainPrefix] of the hosted sign-in; empty derives one

	Rate          float64 // [rate] requests a second the API admits
	Burst         float64 // [burst] requests at once the API admits
	AddressLimit  float64 // [addressLimit] requests of one address in 5 minutes
	LogDays       float64 // [logDays] how long logs are kept, one of retentions
	MonthlyBudget float64 // [monthlyBudget] USD
}

// retentions are the periods offered for logs; CloudWatch takes only certain
// numbers of days.
func retentions() map[float64]awslogs.RetentionDays {
	return map[float64]awslogs.RetentionDays{
		7:   awslogs.RetentionDays_ONE_WEEK,
		14:  awslogs.RetentionDays_TWO_WEEKS,
		30:  awslogs.RetentionDays_ONE_MONTH,
		90:  awslogs.RetentionDays_THREE_MONTHS,
		180: awslogs.RetentionDays_SIX_MONTHS,
		365: awslogs.RetentionDays_ONE_YEAR,
	}
}

func (o options) retention() awslogs.RetentionDays { return retentions()[o.LogDays] }

// exampleAddresses are the defaults of cdk.json, good for a synth only.
func (o options) exampleAddresses() bool {
	return strings.HasSuffix(o.Sender, "@example.com") || strings.HasSuffix(o.AlarmEmail, "@example.com")
}

// readOptions reads the context through get and reports every fault at once.
// Values come typed from cdk.json and as strings from the command line.
func readOptions(get func(name string) any) (options, error) {
	r := reader{get: get}
	opts := options{
		Assets:        r.text("assets"),
		Local:         r.text("local") == "true",
		Sender:        r.text("sender"),
		AlarmEmail:    r.text("alarmEmail"),
		DeskURL:       strings.TrimRight(r.text("deskURL"), "/"),
		DomainPrefix:  r.text("domainPrefix"),
		Rate:          r.number("rate", 1, 10_000),
		Burst:         r.number("burst", 1, 5_000),
		AddressLimit:  r.number("addressLimit", 10, 2_000_000_000),
		LogDays:       r.number("logDays", 1, 3650),
		MonthlyBudget: r.number("monthlyBudget", 1, 1_000_000),
	}
	opts.Assets = cmp.Or(opts.Assets, "build")
	r.check("sender", strings.Contains(opts.Sender, "@"), "an e-mail address")
	r.check("alarmEmail", strings.Contains(opts.AlarmEmail, "@"), "an e-mail address")
	desk, err := url.Parse(opts.DeskURL)
	r.check("deskURL", opts.DeskURL == "" || err == nil && desk.Scheme == "https" && desk.Host != "", "an https URL or empty")
	prefix, _ := regexp.MatchString(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$`, opts.DomainPrefix)
	r.check("domainPrefix", prefix, "up to 63 small letters, digits and inner hyphens, or empty")
	_, offered := retentions()[opts.LogDays]
	r.check("logDays", offered, fmt.Sprintf("one of %v", slices.Sorted(maps.Keys(retentions()))))
	return opts, errors.Join(r.faults...)
}

type reader struct {
	get    func(name string) any
	faults []error
}

func (r *reader) text(name string) string {
	value := r.get(name)
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func (r *reader) number(name string, low, high float64) float64 {
	value, err := strconv.ParseFloat(r.text(name), 64)
	r.check(name, err == nil && low <= value && value <= high, fmt.Sprintf("a number from %g to %g", low, high))
	return value
}

func (r *reader) check(name string, good bool, want string) {
	if !good {
		r.faults = append(r.faults, fmt.Errorf("context %s: %q is not %s", name, r.text(name), want))
	}
}

// findAssets says which functions are missing from the folder, and how to get them.
func findAssets(folder string) error {
	var missing []string
	for _, f := range functions() {
		if _, err := os.Stat(filepath.Join(asset(folder, f), "bootstrap")); err != nil {
			missing = append(missing, f.Name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("find assets: %s lacks %s; `make build` builds them", folder, strings.Join(missing, ", "))
	}
	return nil
}

// asset is the folder that holds a function's bootstrap and nothing else; the CDK
// zips it.
func asset(folder string, s spec) string { return filepath.Join(folder, s.Name) }
