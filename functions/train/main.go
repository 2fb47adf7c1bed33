// Train learns the chance to convert from how leads ended.
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
	"sluice/shared/train"
)

func main() {
	cfg, err := config.Load[config.Train](os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	table := dynamo.Open(dynamodb.NewFromConfig(client.Config(cfg.AWS)), dynamo.Options{Table: cfg.Table})
	ports := app.LivePorts("train")
	lambda.Start(train.Handler(train.Ports{
		Ports:  ports,
		Store:  table,
		Policy: &app.Current{Store: table, Now: ports.Now, Log: ports.Log},
	}))
}
