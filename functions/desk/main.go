// Desk serves the JSON API and the pages for people.
package main

import (
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/desk"
	"sluice/shared/dynamo"
	"sluice/shared/trigger"
	"sluice/shared/vault"
)

func main() {
	cfg, err := config.Load[config.Desk](os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	aws := client.Config(cfg.AWS)
	keys, err := vault.NewWrapper(cfg.Vault, aws)
	if err != nil {
		log.Fatal(err)
	}
	var signIn desk.SignIn = desk.Development{}
	if cfg.SignIn != "development" {
		signIn = desk.NewCognito(desk.CognitoOptions{Issuer: cfg.Issuer, ClientID: cfg.ClientID, Domain: cfg.Domain})
	}
	table := dynamo.Open(dynamodb.NewFromConfig(aws), dynamo.Options{Table: cfg.Table})
	ports := app.LivePorts("desk")
	lambda.Start(trigger.HTTP(ports.Log, desk.New(desk.Options{
		App: &app.Desk{
			Ports:  ports,
			Store:  table,
			Vault:  vault.New(vault.Options{Keys: table, Wrapper: keys}),
			Policy: &app.Current{Store: table, Models: table, Now: ports.Now, Log: ports.Log},
		},
		SignIn: signIn,
		HTTPS:  cfg.SignIn != "development",
		Log:    ports.Log,
	})))
}
