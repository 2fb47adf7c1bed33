package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/jsii-runtime-go"
)

// newFirewall puts a WAF before the API's stage: a limit for each address, then
// Amazon's lists. Requests are counted but not sampled: a sample would hold
// cookies and addresses.
func newFirewall(s *sluiceStack, a api) {
	acl := awswafv2.NewCfnWebACL(s.Stack, jsii.String("Firewall"), &awswafv2.CfnWebACLProps{
		Description:      jsii.String("Stands before the Sluice API"),
		Scope:            jsii.String("REGIONAL"),
		DefaultAction:    &awswafv2.CfnWebACL_DefaultActionProperty{Allow: &awswafv2.CfnWebACL_AllowActionProperty{}},
		VisibilityConfig: counted("firewall"),
		Rules: []any{
			addressLimit(0, s.opts.AddressLimit),
			managed(1, "AWSManagedRulesAmazonIpReputationList"),
			managed(2, "AWSManagedRulesKnownBadInputsRuleSet"),
			// The common set blocks bodies over 8 KB. A form post with a long
			// message or a file, and a policy sent to the desk, are larger: such
			// bodies are only counted, and the functions hold their own limits.
			managed(3, "AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY"),
		},
	})
	awswafv2.NewCfnWebACLAssociation(s.Stack, jsii.String("FirewallBeforeApi"), &awswafv2.CfnWebACLAssociationProps{
		WebAclArn:   acl.AttrArn(),
		ResourceArn: a.DeploymentStage().StageArn(),
	})
}

// addressLimit blocks an address while it makes more than so many requests in
// 5 minutes.
func addressLimit(priority, requests float64) *awswafv2.CfnWebACL_RuleProperty {
	return &awswafv2.CfnWebACL_RuleProperty{
		Name:     jsii.String("AddressLimit"),
		Priority: &priority,
		Action:   &awswafv2.CfnWebACL_RuleActionProperty{Block: &awswafv2.CfnWebACL_BlockActionProperty{}},
		Statement: &awswafv2.CfnWebACL_StatementProperty{RateBasedStatement: &awswafv2.CfnWebACL_RateBasedStatementProperty{
			AggregateKeyType:    jsii.String("IP"),
			Limit:               &requests,
			EvaluationWindowSec: jsii.Number(300),
		}},
		VisibilityConfig: counted("AddressLimit"),
	}
}

// managed takes a list of Amazon's as it is, but for the rules that are only
// to count.
func managed(priority float64, name string, count ...string) *awswafv2.CfnWebACL_RuleProperty {
	var overrides []any
	for _, rule := range count {
		overrides = append(overrides, &awswafv2.CfnWebACL_RuleActionOverrideProperty{
			Name:        &rule,
			ActionToUse: &awswafv2.CfnWebACL_RuleActionProperty{Count: &awswafv2.CfnWebACL_CountActionProperty{}},
		})
	}
	group := &awswafv2.CfnWebACL_ManagedRuleGroupStatementProperty{VendorName: jsii.String("AWS"), Name: &name}
	if overrides != nil {
		group.RuleActionOverrides = overrides
	}
	return &awswafv2.CfnWebACL_RuleProperty{
		Name:             &name,
		Priority:         &priority,
		OverrideAction:   &awswafv2.CfnWebACL_OverrideActionProperty{None: map[string]any{}},
		Statement:        &awswafv2.CfnWebACL_StatementProperty{ManagedRuleGroupStatement: group},
		VisibilityConfig: counted(name),
	}
}

func counted(metric string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
	return &awswafv2.CfnWebACL_VisibilityConfigProperty{
		CloudWatchMetricsEnabled: jsii.Bool(true),
		SampledRequestsEnabled:   jsii.Bool(false),
		MetricName:               &metric,
	}
}
