// Command bootstrap is a function for the test of the Runtime API: it does what
// its event says.
package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do   string `json:"do"`
	Text string `json:"text"`
}

func main() {
	if os.Getenv("FAIL_INIT") != "" {
		os.Exit(3)
	}
	lambda.Start(func(ctx context.Context, e event) (map[string]any, error) {
		switch e.Do {
		case "fail":
			return nil, errors.New("as told")
		case "panic":
			panic("as told")
		case "hang":
			select {}
		}
		deadline, _ := ctx.Deadline()
		lc, _ := lambdacontext.FromContext(ctx)
		return map[string]any{"text": e.Text, "left": time.Until(deadline).Seconds(), "request": lc.AwsRequestID,
			"arn": lc.InvokedFunctionArn, "greeting": os.Getenv("GREETING"), "home": os.Getenv("HOME")}, nil
	})
}
