// Sweep acts on every lead whose deadline has passed, each minute.
package main

import (
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/dynamo"
	"sluice/shared/queue"
	"sluice/shared/vault"
)

func main() {
	cfg, err := config.Load[config.Sweep](os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	aws := client.Config(cfg.AWS)
	keys, err := vault.NewWrapper(cfg.Vault, aws)
	if err != nil {
		log.Fatal(err)
	}
	table := dynamo.Open(dynamodb.NewFromConfig(aws), dynamo.Options{Table: cfg.Table})
	ports := app.LivePorts("sweep")
	lambda.Start(app.Sweep(app.SweepPorts{
		Ports:  ports,
		Store:  table,
		Vault:  vault.New(vault.Options{Keys: table, Wrapper: keys}),
		Policy: &app.Current{Store: table, Models: table, Now: ports.Now, Log: ports.Log},
		Score:  queue.Open(sqs.NewFromConfig(aws), cfg.ScoreQueue),
	}))
}
