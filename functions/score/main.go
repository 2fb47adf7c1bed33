// Score scores leads anew when something is known that can change their score.
package main

import (
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/dynamo"
	"sluice/shared/vault"
)

func main() {
	cfg, err := config.Load[config.Score](os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	aws := client.Config(cfg.AWS)
	keys, err := vault.NewWrapper(cfg.Vault, aws)
	if err != nil {
		log.Fatal(err)
	}
	table := dynamo.Open(dynamodb.NewFromConfig(aws), dynamo.Options{Table: cfg.Table})
	ports := app.LivePorts("score")
	lambda.Start(app.Score(app.ScorePorts{
		Ports:  ports,
		Store:  table,
		Vault:  vault.New(vault.Options{Keys: table, Wrapper: keys}),
		Policy: &app.Current{Store: table, Models: table, Now: ports.Now, Log: ports.Log},
	}))
}
