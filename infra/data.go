package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"sluice/shared/schema"
)

// dataStack holds what must outlive any deploy.
type dataStack struct {
	awscdk.Stack
	table  table
	vault  vault
	people *people // nil when local
}

func newDataStack(app constructs.Construct, opts options) *dataStack {
	stack := awscdk.NewStack(app, jsii.String("SluiceData"), &awscdk.StackProps{
		Description:           jsii.String("Sluice: what must be kept (table, keys, people who sign in)"),
		TerminationProtection: jsii.Bool(true),
	})
	data := &dataStack{Stack: stack, table: newTable(stack), vault: newVault(stack)}
	output(stack, "TableName", "The table that holds every lead", data.table.TableName())
	output(stack, "VaultKeyArn", "The key that wraps the data keys: sluice secret needs it", data.vault.KeyArn())
	if !opts.Local {
		data.people = newPeople(stack, opts)
		output(stack, "UserPoolId", "Add people who may sign in here", data.people.pool.UserPoolId())
	}
	return data
}

type table struct {
	awsdynamodb.Table
	key awskms.Key
}

// newTable makes the single table. Table rather than TableV2, because TableV2
// takes a customer's key only where the region is fixed at synth.
func newTable(scope constructs.Construct) table {
	key := newKey(scope, "TableKey", "Sluice: encrypts the table", awscdk.RemovalPolicy_RETAIN)
	t := awsdynamodb.NewTable(scope, jsii.String("Table"), &awsdynamodb.TableProps{
		PartitionKey:        text(schema.PK),
		SortKey:             text(schema.SK),
		BillingMode:         awsdynamodb.BillingMode_PAY_PER_REQUEST,
		Encryption:          awsdynamodb.TableEncryption_CUSTOMER_MANAGED,
		EncryptionKey:       key,
		Stream:              awsdynamodb.StreamViewType_NEW_IMAGE,
		TimeToLiveAttribute: jsii.String(schema.Expires),
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
		},
		DeletionProtection: jsii.Bool(true),
		RemovalPolicy:      awscdk.RemovalPolicy_RETAIN,
	})
	for _, index := range []awsdynamodb.GlobalSecondaryIndexProps{
		{IndexName: jsii.String(schema.DueIndex), PartitionKey: text(schema.DueShard), SortKey: text(schema.DueAt)},
		{IndexName: jsii.String(schema.HeldIndex), PartitionKey: text(schema.Holder), SortKey: text(schema.HeldAt)},
		{IndexName: jsii.String(schema.LikeNameIndex), PartitionKey: text(schema.LikeName), SortKey: text(schema.PK)},
		{IndexName: jsii.String(schema.LikePlaceIndex), PartitionKey: text(schema.LikePlace), SortKey: text(schema.PK)},
	} {
		index.ProjectionType = awsdynamodb.ProjectionType_KEYS_ONLY
		t.AddGlobalSecondaryIndex(&index)
	}
	return table{Table: t, key: key}
}

func text(attribute string) *awsdynamodb.Attribute {
	return &awsdynamodb.Attribute{Name: jsii.String(attribute), Type: awsdynamodb.AttributeType_STRING}
}

// newKey makes a customer-managed key that is replaced every year.
func newKey(scope constructs.Construct, id, purpose string, removal awscdk.RemovalPolicy) awskms.Key {
	return awskms.NewKey(scope, &id, &awskms.KeyProps{
		Description:       &purpose,
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     removal,
	})
}

// vault is the key that wraps the data keys under which contact data is
// encrypted by field.
type vault struct{ awskms.Key }

func newVault(scope constructs.Construct) vault {
	return vault{newKey(scope, "VaultKey", "Sluice: wraps the data keys of contact data", awscdk.RemovalPolicy_RETAIN)}
}

func output(stack awscdk.Stack, id, description string, value *string) {
	awscdk.NewCfnOutput(stack, &id, &awscdk.CfnOutputProps{Description: &description, Value: value})
}
