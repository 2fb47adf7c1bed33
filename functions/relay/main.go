// Relay tells what follows from each history entry of the table's stream.
package main

import (
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/queue"
)

func main() {
	cfg, err := config.Load[config.Relay](os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	queues := sqs.NewFromConfig(client.Config(cfg.AWS))
	lambda.Start(app.Relay(app.RelayPorts{
		Ports:   app.LivePorts("relay"),
		Route:   queue.Open(queues, cfg.RouteQueue),
		Score:   queue.Open(queues, cfg.ScoreQueue),
		Deliver: queue.Open(queues, cfg.DeliverQueue),
	}))
}
