package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestTableIsKept(t *testing.T) {
	m := cloud()
	for r := range m.of(t, "AWS::DynamoDB::Table") {
		for _, c := range []struct {
			what string
			got  any
			want any
		}{
			{"point-in-time recovery", r.get("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"), true},
			{"expiry", r.get("TimeToLiveSpecification", "AttributeName"), "expires"},
			{"expiry switched on", r.get("TimeToLiveSpecification", "Enabled"), true},
			{"stream", r.get("StreamSpecification", "StreamViewType"), "NEW_IMAGE"},
			{"deletion protection", r.get("DeletionProtectionEnabled"), true},
			{"encryption", r.get("SSESpecification", "SSEEnabled"), true},
			{"key", m.target(r.get("SSESpecification", "KMSMasterKeyId")).Type, "AWS::KMS::Key"},
			{"billing", r.get("BillingMode"), "PAY_PER_REQUEST"},
		} {
			if c.got != c.want {
				t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
			}
		}
		var indexes []string
		for _, index := range list(r.get("GlobalSecondaryIndexes")) {
			index := resource{Properties: index.(map[string]any)}
			indexes = append(indexes, fmt.Sprint(index.get("IndexName"), " ", index.get("KeySchema"), " ", index.get("Projection", "ProjectionType")))
		}
		want := []string{
			"due [map[AttributeName:dueShard KeyType:HASH] map[AttributeName:dueAt KeyType:RANGE]] KEYS_ONLY",
			"held [map[AttributeName:holder KeyType:HASH] map[AttributeName:heldAt KeyType:RANGE]] KEYS_ONLY",
			"likeName [map[AttributeName:likeName KeyType:HASH] map[AttributeName:pk KeyType:RANGE]] KEYS_ONLY",
			"likePlace [map[AttributeName:likePlace KeyType:HASH] map[AttributeName:pk KeyType:RANGE]] KEYS_ONLY",
		}
		if !slices.Equal(indexes, want) {
			t.Errorf("indexes are %q", indexes)
		}
	}
}

// What holds data outlives its stack; keys that opened data once are rotated.
func TestDataOutlivesTheStack(t *testing.T) {
	m := cloud()
	for _, kind := range []string{"AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::KMS::Key"} {
		for r := range m.of(t, kind) {
			transit := strings.HasPrefix(r.id, "TransitKey")
			if !transit && (r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain") {
				t.Errorf("%s goes with its stack", r.id)
			}
			if kind == "AWS::KMS::Key" && r.get("EnableKeyRotation") != true {
				t.Errorf("%s is never rotated", r.id)
			}
		}
	}
	data := m.raw["SluiceData"].(map[string]any)["Resources"].(map[string]any)
	for _, kind := range []string{"AWS::DynamoDB::Table", "AWS::Cognito::UserPool"} {
		for r := range m.of(t, kind) {
			if data[r.id] == nil {
				t.Errorf("%s would be made anew by the next deploy after a destroy", r.id)
			}
		}
	}
}

func TestApiIsThrottledAndGuarded(t *testing.T) {
	m := cloud()
	for stage := range m.of(t, "AWS::ApiGateway::Stage") {
		settings := list(stage.get("MethodSettings"))
		if len(settings) != 1 {
			t.Fatalf("%s has settings %v", stage.id, settings)
		}
		all := resource{Properties: settings[0].(map[string]any)}
		if all.get("ResourcePath") != "/*" || all.get("ThrottlingRateLimit") != 100.0 || all.get("ThrottlingBurstLimit") != 200.0 {
			t.Errorf("%s is throttled by %v", stage.id, all.Properties)
		}
		if all.get("DataTraceEnabled") != false {
			t.Errorf("%s writes bodies to its log", stage.id)
		}
		if stage.get("TracingEnabled") != true {
			t.Errorf("%s is not traced", stage.id)
		}
		var guarded bool
		for link := range m.of(t, "AWS::WAFv2::WebACLAssociation") {
			guarded = guarded || strings.HasSuffix(m.text(link.get("ResourceArn")), "/stages/<"+stage.id+">") &&
				m.target(link.get("WebACLArn")).Type == "AWS::WAFv2::WebACL"
		}
		if !guarded {
			t.Errorf("%s has no WAF before it", stage.id)
		}
	}
}

func TestAccessLogHasNothingPersonal(t *testing.T) {
	for stage := range cloud().of(t, "AWS::ApiGateway::Stage") {
		var line map[string]string
		if err := json.Unmarshal([]byte(stage.get("AccessLogSetting", "Format").(string)), &line); err != nil {
			t.Fatal(err)
		}
		for _, field := range line {
			switch field {
			case "$context.requestId", "$context.requestTime", "$context.httpMethod", "$context.resourcePath", "$context.status",
				"$context.responseLatency", "$context.integrationLatency", "$context.error.responseType":
			default:
				t.Errorf("%s is logged", field)
			}
		}
	}
}

func TestFirewallRules(t *testing.T) {
	for acl := range cloud().of(t, "AWS::WAFv2::WebACL") {
		var got []string
		for _, rule := range list(acl.get("Rules")) {
			rule := resource{Properties: rule.(map[string]any)}
			line := fmt.Sprint(rule.get("Name"))
			if limit := rule.get("Statement", "RateBasedStatement", "Limit"); limit != nil {
				line += fmt.Sprint(" ", limit, " ", rule.get("Action"))
			}
			if counts := rule.get("Statement", "ManagedRuleGroupStatement", "RuleActionOverrides"); counts != nil {
				line += fmt.Sprint(" ", counts)
			}
			if rule.get("VisibilityConfig", "SampledRequestsEnabled") != false {
				t.Errorf("%s keeps samples of requests", line)
			}
			got = append(got, line)
		}
		want := []string{
			"AddressLimit 2000 map[Block:map[]]",
			"AWSManagedRulesAmazonIpReputationList",
			"AWSManagedRulesKnownBadInputsRuleSet",
			"AWSManagedRulesCommonRuleSet [map[ActionToUse:map[Count:map[]] Name:SizeRestrictions_BODY]]",
		}
		if !slices.Equal(got, want) {
			t.Errorf("rules are %q, want %q", got, want)
		}
	}
}

func TestRoutesOfTheApi(t *testing.T) {
	m := cloud()
	paths := map[string]string{}
	for r := range m.of(t, "AWS::ApiGateway::Resource") {
		path := "/" + r.get("PathPart").(string)
		for parent := m.target(r.get("ParentId")); parent.Type == "AWS::ApiGateway::Resource"; parent = m.target(parent.get("ParentId")) {
			path = "/" + parent.get("PathPart").(string) + path
		}
		paths[r.id] = path
	}
	got := map[string]string{}
	for method := range m.of(t, "AWS::ApiGateway::Method") {
		uri := m.text(method.get("Integration", "Uri"))
		_, function, _ := strings.Cut(uri, "/functions/")
		path := paths[m.target(method.get("ResourceId")).id]
		got[fmt.Sprint(method.get("HttpMethod"), " ", path)] = m.resources[idOf(function)].get("Description").(string)
	}
	want := map[string]string{"ANY ": desk.Does, "ANY /{proxy+}": desk.Does, "ANY /f/{form+}": capture.Does, "ANY /hooks/{hook+}": capture.Does}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("routes are %v, want %v", got, want)
	}
	for api := range m.of(t, "AWS::ApiGateway::RestApi") {
		if types := fmt.Sprint(api.get("BinaryMediaTypes")); types != "[multipart/form-data application/octet-stream]" {
			t.Errorf("binary media types are %s", types)
		}
	}
}

func TestPeopleSignInSafely(t *testing.T) {
	m := cloud()
	for pool := range m.of(t, "AWS::Cognito::UserPool") {
		if pool.get("AdminCreateUserConfig", "AllowAdminCreateUserOnly") != true {
			t.Errorf("anybody may sign up to %s", pool.id)
		}
		if pool.get("MfaConfiguration") != "ON" || fmt.Sprint(pool.get("EnabledMfas")) != "[SOFTWARE_TOKEN_MFA]" {
			t.Errorf("%s asks for no second factor", pool.id)
		}
	}
	for client := range m.of(t, "AWS::Cognito::UserPoolClient") {
		if client.get("GenerateSecret") != false || fmt.Sprint(client.get("AllowedOAuthFlows")) != "[code]" {
			t.Errorf("%s signs in by %v", client.id, client.get("AllowedOAuthFlows"))
		}
		urls := list(client.get("CallbackURLs"))
		if len(urls) != 1 || !strings.HasSuffix(m.text(urls[0]), "/live/signed-in") {
			t.Errorf("%s comes back to %v", client.id, urls)
		}
	}
}

func TestLocalLeavesOutWhatLocalStackLacks(t *testing.T) {
	absent := []string{"AWS::WAFv2::", "AWS::Cognito::", "AWS::SES::", "AWS::Budgets::", "AWS::CloudWatch::Dashboard"}
	for _, r := range local().resources {
		for _, prefix := range absent {
			if strings.HasPrefix(r.Type, prefix) {
				t.Errorf("%s is in the local stack", r.id)
			}
		}
	}
	for _, prefix := range absent {
		if !slices.ContainsFunc(slices.Collect(maps.Values(cloud().resources)), func(r resource) bool { return strings.HasPrefix(r.Type, prefix) }) {
			t.Errorf("no %s in the cloud either", prefix)
		}
	}
	if got, want := len(local().count("AWS::Lambda::Function")), len(functions()); got != want {
		t.Errorf("%d functions locally, want %d", got, want)
	}
}
