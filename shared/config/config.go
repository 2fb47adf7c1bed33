// Package config has one struct per function. The stack fills the struct with
// the names of what it built, [Environ] renders it as environment variables,
// and [Load] reads it back at cold start, so that no variable's name is
// written anywhere else. Both refuse a missing field and report every fault at
// once.
//
// A field is bound by the tag `env:"NAME"`; `env:"NAME,optional"` may be empty.
// Nested structs are walked.
package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// AWS says where the services are. Region and credentials are set by Lambda
// itself; Endpoint is set on a laptop or for LocalStack.
type AWS struct {
	Region   string `env:"AWS_REGION,runtime"`
	Endpoint string `env:"AWS_ENDPOINT_URL,optional"`
}

// Vault says what wraps the data keys: a KMS key in the stack, a key file on a
// laptop. Exactly one of the two is set.
type Vault struct {
	KMSKey  string `env:"SLUICE_KMS_KEY,optional"`
	KeyFile string `env:"SLUICE_KEY_FILE,optional"`
}

// Capture is the configuration of the function that takes form posts.
type Capture struct {
	AWS
	Vault
	Table       string `env:"SLUICE_TABLE"`
	IntakeQueue string `env:"SLUICE_INTAKE_QUEUE"` // URL
}

// Intake is the configuration of the function that turns submissions into
// leads.
type Intake struct {
	AWS
	Vault
	Table string `env:"SLUICE_TABLE"`
}

// Relay is the configuration of the function that tells what follows from
// each history entry.
type Relay struct {
	AWS
	RouteQueue   string `env:"SLUICE_ROUTE_QUEUE"`   // URL
	ScoreQueue   string `env:"SLUICE_SCORE_QUEUE"`   // URL
	DeliverQueue string `env:"SLUICE_DELIVER_QUEUE"` // URL
}

// Route is the configuration of the function that routes leads again.
type Route struct {
	AWS
	Table string `env:"SLUICE_TABLE"`
}

// Sweep is the configuration of the function that acts on what is due.
type Sweep struct {
	AWS
	Vault
	Table      string `env:"SLUICE_TABLE"`
	ScoreQueue string `env:"SLUICE_SCORE_QUEUE"` // URL
}

// Score is the configuration of the function that scores leads anew.
type Score struct {
	AWS
	Vault
	Table string `env:"SLUICE_TABLE"`
}

// Train is the configuration of the function that learns from closed leads.
type Train struct {
	AWS
	Table string `env:"SLUICE_TABLE"`
}

// Deliver is the configuration of the function that sends messages and asks
// enrichers.
type Deliver struct {
	AWS
	Vault
	Table       string `env:"SLUICE_TABLE"`
	IntakeQueue string `env:"SLUICE_INTAKE_QUEUE"`      // URL; told what enrichers said
	DeskURL     string `env:"SLUICE_DESK_URL,optional"` // for links in messages
	Sender      string `env:"SLUICE_SENDER"`            // an SES identity
}

// Desk is the configuration of the API and pages for people. Either SignIn is
// "development", or the Cognito fields are set.
type Desk struct {
	AWS
	Vault
	Table    string `env:"SLUICE_TABLE"`
	SignIn   string `env:"SLUICE_SIGN_IN"`            // development or cognito
	Issuer   string `env:"SLUICE_ISSUER,optional"`    // the user pool's OpenID issuer URL
	ClientID string `env:"SLUICE_CLIENT_ID,optional"` // the app client without a secret
	Domain   string `env:"SLUICE_DOMAIN,optional"`    // base URL of the hosted sign-in
}

// Environ renders a filled config as environment variables. Variables that the
// Lambda runtime sets itself (marked "runtime") are left out.
func Environ(cfg any) (map[string]string, error) {
	env := map[string]string{}
	var faults []error
	each(reflect.ValueOf(cfg), func(f field) {
		switch value := f.value.String(); {
		case f.mode == "runtime":
		case value != "":
			env[f.name] = value
		case f.mode != "optional":
			faults = append(faults, f.missing())
		}
	})
	return env, errors.Join(faults...)
}

// Load fills a T from the environment that getenv answers, os.Getenv in mains.
func Load[T any](getenv func(string) string) (T, error) {
	var cfg T
	var faults []error
	each(reflect.ValueOf(&cfg), func(f field) {
		value := getenv(f.name)
		if value == "" && f.mode != "optional" {
			faults = append(faults, f.missing())
		}
		f.value.SetString(value)
	})
	return cfg, errors.Join(faults...)
}

type field struct {
	path, name, mode string
	value            reflect.Value
}

func (f field) missing() error {
	return fmt.Errorf("config %s: %s is not set", f.path, f.name)
}

func each(v reflect.Value, visit func(field)) {
	v = reflect.Indirect(v)
	for i := range v.NumField() {
		sf, fv := v.Type().Field(i), v.Field(i)
		if sf.Type.Kind() == reflect.Struct {
			each(fv, visit)
			continue
		}
		name, mode, _ := strings.Cut(sf.Tag.Get("env"), ",")
		visit(field{path: v.Type().Name() + "." + sf.Name, name: name, mode: mode, value: fv})
	}
}
