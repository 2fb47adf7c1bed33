package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"
)

// mail is the address that mail comes from. SES sends from it once its owner
// has followed the link that SES mails to it.
type mail struct {
	sender   string
	identity awsses.EmailIdentity
	set      *string // ARN of the configuration set its mail goes through
}

func newMail(s *sluiceStack, sender string) mail {
	set := awsses.NewConfigurationSet(s.Stack, jsii.String("MailSet"), &awsses.ConfigurationSetProps{
		TlsPolicy:          awsses.ConfigurationSetTlsPolicy_REQUIRE,
		ReputationMetrics:  jsii.Bool(true),
		SuppressionReasons: awsses.SuppressionReasons_BOUNCES_AND_COMPLAINTS,
	})
	identity := awsses.NewEmailIdentity(s.Stack, jsii.String("MailSender"), &awsses.EmailIdentityProps{
		Identity:         awsses.Identity_Email(&sender),
		ConfigurationSet: set,
	})
	arn := s.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("ses"), Resource: jsii.String("configuration-set"), ResourceName: set.ConfigurationSetName(),
	})
	return mail{sender: sender, identity: identity, set: arn}
}

// give names the sender to a function and permits sending from it. SES checks
// a message given as MIME under its older action's name, and checks the
// configuration set beside the identity.
func (m mail) give(variable *string) gift {
	return func(allow permit) {
		*variable = m.sender
		allow(awsiam.PolicyStatementProps{
			Actions:   jsii.Strings("ses:SendEmail", "ses:SendRawEmail"),
			Resources: &[]*string{m.identity.EmailIdentityArn(), m.set},
			Conditions: &map[string]any{
				"StringEquals": map[string]string{"ses:FromAddress": m.sender},
			},
		})
	}
}

// giveUnsent names a sender that nothing can be sent from: LocalStack's open
// edition has no SES v2, so messages of a local stack end in the deliver DLQ.
func giveUnsent(variable *string, sender string) gift {
	return func(permit) { *variable = sender }
}
