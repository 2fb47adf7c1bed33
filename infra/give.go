package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// What a function may do with the table. Nobody deletes, and nobody scans.
// Transactions are permitted by the actions of their parts.
func reading() []string {
	return []string{"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
}

func committing() []string {
	return append(reading(), "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem")
}

// give names the table to a function and permits the actions on it, and Query
// on the indexes.
func (t table) give(variable *string, actions []string, indexes ...string) gift {
	return func(allow permit) {
		*variable = *t.TableName()
		allow(awsiam.PolicyStatementProps{
			Actions:   jsii.Strings(actions...),
			Resources: &[]*string{t.TableArn()},
		})
		for _, index := range indexes {
			allow(awsiam.PolicyStatementProps{
				Actions:   jsii.Strings("dynamodb:Query"),
				Resources: jsii.Strings(*t.TableArn() + "/index/" + index),
			})
		}
		allow(awsiam.PolicyStatementProps{
			Actions: jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey",
				"kms:ReEncryptFrom", "kms:ReEncryptTo"),
			Resources:  &[]*string{t.key.KeyArn()},
			Conditions: via(t.Table, "dynamodb"),
		})
	}
}

// put permits adding items of one partition to the table, and no others: for a
// function that the world may call, and for one that has nothing else to write.
func (t table) put(partition string) gift {
	return func(allow permit) {
		allow(awsiam.PolicyStatementProps{
			Actions:   jsii.Strings("dynamodb:PutItem"),
			Resources: &[]*string{t.TableArn()},
			Conditions: &map[string]any{
				"ForAllValues:StringEquals": map[string]any{"dynamodb:LeadingKeys": []string{partition}},
				"Null":                      map[string]string{"dynamodb:LeadingKeys": "false"},
			},
		})
	}
}

// via confines a key to calls that the service makes for the function.
func via(scope constructs.Construct, service string) *map[string]any {
	region := awscdk.Stack_Of(scope).Region()
	return &map[string]any{"StringEquals": map[string]string{"kms:ViaService": service + "." + *region + ".amazonaws.com"}}
}

// The two things a function does with the vault's key.
const (
	seal = "kms:Encrypt"
	open = "kms:Decrypt"
)

// give names the vault's key to a function and permits the actions on data
// keys of the vault, told by their encryption context.
func (v vault) give(variable *string, actions ...string) gift {
	return func(allow permit) {
		*variable = *v.KeyArn()
		allow(awsiam.PolicyStatementProps{
			Actions:   jsii.Strings(actions...),
			Resources: &[]*string{v.KeyArn()},
			Conditions: &map[string]any{
				"StringEquals": map[string]string{"kms:EncryptionContext:sluice": "vault"},
			},
		})
	}
}

// give names the queue to a function and permits sending to it.
func (q queue) give(variable *string) gift {
	return func(allow permit) {
		*variable = *q.QueueUrl()
		q.allowSend(allow)
	}
}

func (q queue) allowSend(allow permit) {
	allow(awsiam.PolicyStatementProps{
		Actions:   jsii.Strings("sqs:SendMessage"),
		Resources: &[]*string{q.QueueArn()},
	})
	// Sending needs a data key of the queue, and Decrypt to check it.
	allow(awsiam.PolicyStatementProps{
		Actions:    jsii.Strings("kms:GenerateDataKey", "kms:Decrypt"),
		Resources:  &[]*string{q.EncryptionMasterKey().KeyArn()},
		Conditions: via(q.Queue, "sqs"),
	})
}
