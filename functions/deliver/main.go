// Deliver tells people, and the vendors of call lists, what concerns them, once each,
// and asks enrichers what is not known.
package main

import (
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/deliver"
	"sluice/shared/dynamo"
	"sluice/shared/queue"
	"sluice/shared/vault"
)

func main() {
	cfg, err := config.Load[config.Deliver](os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	aws := client.Config(cfg.AWS)
	keys, err := vault.NewWrapper(cfg.Vault, aws)
	if err != nil {
		log.Fatal(err)
	}
	table := dynamo.Open(dynamodb.NewFromConfig(aws), dynamo.Options{Table: cfg.Table})
	ports, caller := app.LivePorts("deliver"), deliver.NewCaller(deliver.CallerOptions{})
	lambda.Start(app.Deliver(app.DeliverPorts{
		Ports:   ports,
		Store:   table,
		Vault:   vault.New(vault.Options{Keys: table, Wrapper: keys}),
		Policy:  &app.Current{Store: table, Now: ports.Now, Log: ports.Log},
		Sender:  deliver.NewSES(sesv2.NewFromConfig(aws)),
		Caller:  caller,
		Asker:   caller,
		Intake:  queue.Open(sqs.NewFromConfig(aws), cfg.IntakeQueue),
		From:    cfg.Sender,
		DeskURL: cfg.DeskURL,
	}))
}
