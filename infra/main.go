// Command infra is the CDK app of Sluice: it builds every AWS resource, grants
// each function what it needs and fills in the functions' configs.
//
// There are two stacks, so that destroying and deploying again keeps data:
//
//	SluiceData  the table, its key, the vault's key and the user pool;
//	            protected against deletion, and everything in it is retained
//	Sluice      everything else; holds nothing that cannot be built again
//	            except messages still in the queues
//
// Settings are context values, listed with their defaults in cdk.json and
// described at [options].
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

func main() {
	err := synth()
	jsii.Close()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func synth() error {
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false)})
	opts, err := readOptions(func(name string) any {
		return app.Node().TryGetContext(&name)
	})
	if err != nil {
		return fmt.Errorf("read context: %w", err)
	}
	if err := findAssets(opts.Assets); err != nil {
		return err
	}
	build(app, opts)
	app.Synth(nil)
	return nil
}

// build puts both stacks into the app, with the checks of cdk-nag: a finding is
// an error on its construct, and an error stops the synth.
func build(app awscdk.App, opts options) (*dataStack, *sluiceStack) {
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(nil), nil)
	data := newDataStack(app, opts)
	return data, newSluiceStack(app, data, opts)
}
