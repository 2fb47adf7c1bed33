package main

import (
	"cmp"
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// stageName is the first segment of every path of the API's own address.
const stageName = "live"

type api struct {
	awsapigateway.RestApi
	url string // base URL without a slash at its end
}

// newAPI makes the REST API; serve gives it its methods. The two are apart
// because the desk must know the API's address, and the API's methods the desk:
// the address is put together from the API's id alone, for the stage's own URL
// would wait for the methods.
func newAPI(s *sluiceStack) api {
	access := awslogs.NewLogGroup(s.Stack, jsii.String("AccessLog"), &awslogs.LogGroupProps{
		Retention:     s.opts.retention(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	rest := awsapigateway.NewRestApi(s.Stack, jsii.String("Api"), &awsapigateway.RestApiProps{
		RestApiName:           s.StackName(), // its metrics are told apart by it
		Description:           jsii.String("Sluice: forms, API and pages"),
		EndpointConfiguration: &awsapigateway.EndpointConfiguration{Types: &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL}},
		// Without these, bytes that are not UTF-8 would be replaced on the way.
		// The functions decode what comes as base64.
		BinaryMediaTypes: jsii.Strings("multipart/form-data", "application/octet-stream"),
		// The role is the account's, for all its APIs in the region: it stays.
		CloudWatchRole:              jsii.Bool(true),
		CloudWatchRoleRemovalPolicy: awscdk.RemovalPolicy_RETAIN,
		DeployOptions: &awsapigateway.StageOptions{
			StageName:            jsii.String(stageName),
			ThrottlingRateLimit:  &s.opts.Rate,
			ThrottlingBurstLimit: &s.opts.Burst,
			MetricsEnabled:       jsii.Bool(true),
			TracingEnabled:       jsii.Bool(true),
			LoggingLevel:         awsapigateway.MethodLoggingLevel_ERROR,
			DataTraceEnabled:     jsii.Bool(false), // bodies and headers are personal
			AccessLogDestination: awsapigateway.NewLogGroupLogDestination(access),
			AccessLogFormat:      awsapigateway.AccessLogFormat_Custom(jsii.String(accessLine())),
		},
	})
	rest.Node().TryRemoveChild(jsii.String("Endpoint")) // an output of its own, as ApiUrl
	keepErrorLog(s, rest)
	accept(rest, "AwsSolutions-IAM4",
		"API Gateway writes its logs with one role for the whole account, and this managed policy is what it asks for",
		"Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
	accept(rest, "AwsSolutions-APIG2",
		"Forms come as urlencoded, multipart and JSON, which a model cannot describe; capture checks every field against the form's policy")
	if s.opts.Local {
		accept(rest, "AwsSolutions-APIG3", "A stack on somebody's own machine has no WAF to put before the API")
	}
	own := "https://" + *rest.RestApiId() + ".execute-api." + *s.Region() + "." + *s.UrlSuffix() + "/" + stageName
	return api{RestApi: rest, url: cmp.Or(s.opts.DeskURL, own)}
}

// serve sends forms and webhooks to capture and every other path to the desk, and
// rings when callers are answered 5xx.
func (a api) serve(s *sluiceStack, forms, pages function) {
	const checked = "The desk checks the pool's tokens itself, because a page navigation carries a cookie and no Authorization header"
	f := a.Root().AddResource(jsii.String("f"), nil)
	answer(f.AddResource(jsii.String("{form+}"), nil), forms, "Anybody may send a form: that is what it is for")
	hooks := a.Root().AddResource(jsii.String("hooks"), nil)
	answer(hooks.AddResource(jsii.String("{hook+}"), nil), forms, "A webhook carries a signature over its body, which the function checks: no authoriser sees the body")
	answer(a.Root(), pages, checked)
	answer(a.Root().AddResource(jsii.String("{proxy+}"), nil), pages, checked)
	s.alarms.add("ApiErrors", alarm{
		Metric:  a.MetricServerError(over(5, "Sum")),
		AtLeast: 1, Periods: 1,
		Runbook: "Callers were answered 5xx: the access log tells which path, that function's log why; " +
			"a 504 is a function's timeout, a 502 an answer API Gateway could not read",
	})
}

// answer has the function answer every method of the resource, with no
// authoriser before it for the reason given.
func answer(resource awsapigateway.IResource, f function, open string) {
	method := resource.AddMethod(jsii.String("ANY"), awsapigateway.NewLambdaIntegration(f.Function,
		&awsapigateway.LambdaIntegrationOptions{AllowTestInvoke: jsii.Bool(false)}), nil)
	accept(method, "AwsSolutions-APIG4", open)
	accept(method, "AwsSolutions-COG4", open)
}

// keepErrorLog makes the log that the stage writes its errors to before the
// stage would make it itself, to be kept for ever. API Gateway fixes its name.
func keepErrorLog(s *sluiceStack, rest awsapigateway.RestApi) {
	log := awslogs.NewLogGroup(s.Stack, jsii.String("ApiErrorLog"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String("API-Gateway-Execution-Logs_" + *rest.RestApiId() + "/" + stageName),
		Retention:     s.opts.retention(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	rest.DeploymentStage().Node().AddDependency(log)
}

// accessLine is the format of the access log. It has the resource's pattern
// instead of the path, no query and no address of the caller: nothing personal.
func accessLine() string {
	line, err := json.Marshal(map[string]*string{
		"requestId": awsapigateway.AccessLogField_ContextRequestId(),
		"time":      awsapigateway.AccessLogField_ContextRequestTime(),
		"method":    awsapigateway.AccessLogField_ContextHttpMethod(),
		"resource":  awsapigateway.AccessLogField_ContextResourcePath(),
		"status":    awsapigateway.AccessLogField_ContextStatus(),
		"latency":   awsapigateway.AccessLogField_ContextResponseLatency(), // ms
		"waited":    awsapigateway.AccessLogField_ContextIntegrationLatency(),
		"error":     awsapigateway.AccessLogField_ContextErrorResponseType(),
	})
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(line)
}
