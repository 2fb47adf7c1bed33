package main

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"sluice/shared/config"
)

// people is who may sign in, and the pages they do it on. What each may do is
// the policy's business, by e-mail address: groups are not used.
type people struct {
	pool   awscognito.UserPool
	domain awscognito.UserPoolDomain
}

func newPeople(stack awscdk.Stack, opts options) *people {
	pool := awscognito.NewUserPool(stack, jsii.String("People"), &awscognito.UserPoolProps{
		SelfSignUpEnabled:   jsii.Bool(false),
		SignInAliases:       &awscognito.SignInAliases{Email: jsii.Bool(true)},
		SignInCaseSensitive: jsii.Bool(false),
		AutoVerify:          &awscognito.AutoVerifiedAttrs{Email: jsii.Bool(true)},
		AccountRecovery:     awscognito.AccountRecovery_EMAIL_ONLY,
		Mfa:                 awscognito.Mfa_REQUIRED,
		MfaSecondFactor:     &awscognito.MfaSecondFactor{Otp: jsii.Bool(true), Sms: jsii.Bool(false)},
		PasswordPolicy: &awscognito.PasswordPolicy{
			MinLength:            jsii.Number(12),
			RequireDigits:        jsii.Bool(true),
			RequireLowercase:     jsii.Bool(true),
			RequireSymbols:       jsii.Bool(true),
			RequireUppercase:     jsii.Bool(true),
			TempPasswordValidity: awscdk.Duration_Days(jsii.Number(3)),
		},
		FeaturePlan:                  awscognito.FeaturePlan_PLUS,
		StandardThreatProtectionMode: awscognito.StandardThreatProtectionMode_FULL_FUNCTION,
		DeletionProtection:           jsii.Bool(true),
		RemovalPolicy:                awscdk.RemovalPolicy_RETAIN,
	})
	// Prefixes are shared by all accounts of a region, and the stack's own id
	// (the third part of its ARN) is unique in the world.
	unique := awscdk.Fn_Select(jsii.Number(2), awscdk.Fn_Split(jsii.String("/"), stack.StackId(), nil))
	prefix := cmp.Or(opts.DomainPrefix, "sluice-"+*unique)
	domain := pool.AddDomain(jsii.String("Domain"), &awscognito.UserPoolDomainOptions{
		CognitoDomain: &awscognito.CognitoDomainOptions{DomainPrefix: &prefix},
	})
	return &people{pool: pool, domain: domain}
}

// signIn is the desk's right to have the people sign in.
type signIn struct {
	*people
	client awscognito.UserPoolClient
}

// newSignIn makes the client of the desk at url: authorisation code only, no
// secret, so the desk proves itself by PKCE.
func newSignIn(scope constructs.Construct, p *people, url string) signIn {
	client := awscognito.NewUserPoolClient(scope, jsii.String("DeskClient"), &awscognito.UserPoolClientProps{
		UserPool:       p.pool,
		GenerateSecret: jsii.Bool(false),
		AuthFlows:      &awscognito.AuthFlow{},
		OAuth: &awscognito.OAuthSettings{
			Flows:        &awscognito.OAuthFlows{AuthorizationCodeGrant: jsii.Bool(true)},
			Scopes:       &[]awscognito.OAuthScope{awscognito.OAuthScope_OPENID(), awscognito.OAuthScope_EMAIL()},
			CallbackUrls: jsii.Strings(url + "/signed-in"),
			LogoutUrls:   jsii.Strings(url + "/"),
		},
		SupportedIdentityProviders: &[]awscognito.UserPoolClientIdentityProvider{
			awscognito.UserPoolClientIdentityProvider_COGNITO(),
		},
		PreventUserExistenceErrors: jsii.Bool(true),
		EnableTokenRevocation:      jsii.Bool(true),
		AccessTokenValidity:        awscdk.Duration_Hours(jsii.Number(1)),
		IdTokenValidity:            awscdk.Duration_Hours(jsii.Number(1)),
		RefreshTokenValidity:       awscdk.Duration_Hours(jsii.Number(12)), // a working day
	})
	return signIn{people: p, client: client}
}

// give points the desk at the pool. There is nothing to permit: the desk
// checks tokens against the pool's public keys.
func (s signIn) give(cfg *config.Desk) gift {
	return func(permit) {
		cfg.SignIn = "cognito"
		cfg.Issuer = *s.pool.UserPoolProviderUrl()
		cfg.ClientID = *s.client.UserPoolClientId()
		cfg.Domain = *s.domain.BaseUrl(nil)
	}
}

// giveDevelopmentSignIn lets anybody in under any name of the policy; only for
// a stack on somebody's own machine.
func giveDevelopmentSignIn(cfg *config.Desk) gift {
	return func(permit) { cfg.SignIn = "development" }
}
