package leadtest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
)

func TestMain(m *testing.M) { Main(m) }

// TestEachTestHasItsDatabase has two tests create one table side by side.
func TestEachTestHasItsDatabase(t *testing.T) {
	t.Parallel()
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if first, second := Credentials(t), Credentials(t); first != second {
				t.Error("one test has two access keys")
			}
			if _, outer := outerKey(); outer {
				t.Skip("AWS_ENDPOINT_URL: only the local engine keeps a database for each access key")
			}
			db := dynamodb.NewFromConfig(Config(t), func(o *dynamodb.Options) { o.DisableValidateResponseChecksum = true })
			_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
				TableName: aws.String("leads"), BillingMode: types.BillingModePayPerRequest,
				AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
				KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}},
			})
			if err != nil {
				t.Errorf("create table: %v", err)
			}
		})
	}
}

func TestEngineHasQueues(t *testing.T) {
	t.Parallel()
	client := sqs.NewFromConfig(Config(t))
	_, err := client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("nowhere")})
	if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != "AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("a queue that is not there gives %v", err)
	}
}
