package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"sluice/shared/lead"
	"sluice/shared/page"
)

// CognitoOptions say which user pool signs people in.
type CognitoOptions struct {
	Issuer   string       // the user pool's OpenID issuer URL
	ClientID string       // the app client, which has no secret
	Domain   string       // base URL of the hosted pages, for signing out
	Client   *http.Client // nil is one with a timeout of 5 s
	Now      func() time.Time
}

// Cognito signs people in on the hosted pages of a user pool: authorisation code
// with PKCE, then a session of our own. API callers send the pool's ID token.
type Cognito struct {
	CognitoOptions
	ctx context.Context // carries the HTTP client; outlives requests

	mu       sync.Mutex
	provider *oidc.Provider
}

// NewCognito makes no call: the pool's keys are read when first needed.
func NewCognito(o CognitoOptions) *Cognito {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 5 * time.Second}
	}
	return &Cognito{CognitoOptions: o, ctx: oidc.ClientContext(context.Background(), o.Client)}
}

// signInLife is how long somebody may take on the hosted pages.
const signInLife = 10 * time.Minute

// wayIn is kept in a signed cookie between leaving for the hosted pages and
// coming back.
type wayIn struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Back     string `json:"b"`
	Until    int64  `json:"x"`
}

const wayInCookie = "sluice-in"

func (c *Cognito) open() bool { return false }

func (c *Cognito) formTo() []string {
	if c.Domain == "" {
		return nil
	}
	return []string{c.Domain}
}

func (c *Cognito) out(r *http.Request) string {
	if c.Domain == "" {
		return ""
	}
	query := url.Values{"client_id": {c.ClientID}, "logout_uri": {self(r) + "/"}}
	return c.Domain + "/logout?" + query.Encode()
}

// self is our own address in the browser. The pool compares it with the
// addresses it knows, so that a forged Host leads nowhere.
func self(r *http.Request) string { return "https://" + r.Host + page.Base(r) }

func (c *Cognito) mount(mux *http.ServeMux, d *desk) {
	mux.HandleFunc("/sign-in", d.serve(byMethod{http.MethodGet: func(w http.ResponseWriter, r *http.Request) {
		if err := c.leave(w, r, d); err != nil {
			d.errorPage(w, r, err)
		}
	}}))
	mux.HandleFunc("/signed-in", d.serve(byMethod{http.MethodGet: func(w http.ResponseWriter, r *http.Request) {
		subject, back, err := c.arrive(w, r, d)
		if err != nil {
			d.errorPage(w, r, err)
			return
		}
		d.enter(w, r, subject, back)
	}}))
}

// leave sends the browser to the hosted pages.
func (c *Cognito) leave(w http.ResponseWriter, r *http.Request, d *desk) error {
	config, err := c.config(r)
	if err != nil {
		return err
	}
	way := wayIn{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(),
		Back: safeBack(r.URL.Query().Get("back")), Until: d.app.Now().Add(signInLife).Unix()}
	value, err := d.sessions.seal(r.Context(), wayInCookie, way)
	if err != nil {
		return err
	}
	d.sessions.set(w, wayInCookie, value, signInLife)
	http.Redirect(w, r, config.AuthCodeURL(way.State, oidc.Nonce(way.Nonce), oauth2.S256ChallengeOption(way.Verifier)), http.StatusFound)
	return nil
}

// errSignIn is the error of a sign-in that went astray; trying again helps.
var errSignIn error = &problem{Status: http.StatusBadRequest, Kind: "sign_in_failed", Detail: "the sign-in did not work: try again"}

// arrive takes the browser back and finds out who came.
func (c *Cognito) arrive(w http.ResponseWriter, r *http.Request, d *desk) (Subject, string, error) {
	cookie, err := r.Cookie(d.sessions.name(wayInCookie))
	if err != nil {
		return Subject{}, "", errSignIn
	}
	d.sessions.set(w, wayInCookie, "", -1)
	var way wayIn
	if err := d.sessions.open(r.Context(), sealedCookie{wayInCookie, cookie.Value}, &way); err != nil {
		if errors.Is(err, errNobody) {
			err = errSignIn
		}
		return Subject{}, "", err
	}
	query := r.URL.Query()
	same := subtle.ConstantTimeCompare([]byte(way.State), []byte(query.Get("state"))) == 1
	if !same || query.Get("code") == "" || d.app.Now().Unix() >= way.Until {
		return Subject{}, "", errSignIn
	}
	config, err := c.config(r)
	if err != nil {
		return Subject{}, "", err
	}
	ctx := oidc.ClientContext(r.Context(), c.Client)
	token, err := config.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(way.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return Subject{}, "", errSignIn
	}
	if err != nil {
		return Subject{}, "", unreachable(err)
	}
	raw, _ := token.Extra("id_token").(string)
	subject, nonce, err := c.verify(ctx, raw)
	if err != nil {
		return Subject{}, "", err
	}
	if subtle.ConstantTimeCompare([]byte(nonce), []byte(way.Nonce)) != 1 {
		return Subject{}, "", errSignIn
	}
	return subject, way.Back, nil
}

func (c *Cognito) bearer(ctx context.Context, token string) (Subject, error) {
	subject, _, err := c.verify(ctx, token)
	return subject, err
}

// verify checks an ID token: signature by the pool's keys, issuer, audience,
// expiry, use, and that the pool has verified the e-mail address.
func (c *Cognito) verify(ctx context.Context, raw string) (s Subject, nonce string, err error) {
	if strings.Count(raw, ".") != 2 {
		return s, "", errNobody
	}
	provider, err := c.discovered()
	if err != nil {
		return s, "", err
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: c.ClientID, Now: c.Now, SupportedSigningAlgs: []string{oidc.RS256}})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		// The library does not tell a bad token from keys that cannot be read; a
		// caller who tries again is right in either case.
		return s, "", errNobody
	}
	var claims struct {
		Use      string `json:"token_use"`
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // a text where the address came from another provider
	}
	if err := token.Claims(&claims); err != nil || claims.Use != "id" {
		return s, "", errNobody
	}
	if claims.Email == "" || (claims.Verified != true && claims.Verified != "true") {
		return s, "", errUnlisted
	}
	return Subject{Email: claims.Email}, token.Nonce, nil
}

// discovered is the pool's description, read once.
func (c *Cognito) discovered() (*oidc.Provider, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.provider == nil {
		provider, err := oidc.NewProvider(c.ctx, c.Issuer)
		if err != nil {
			return nil, unreachable(err)
		}
		c.provider = provider
	}
	return c.provider, nil
}

func (c *Cognito) config(r *http.Request) (*oauth2.Config, error) {
	provider, err := c.discovered()
	if err != nil {
		return nil, err
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // a public client has no secret
	return &oauth2.Config{ClientID: c.ClientID, Endpoint: endpoint, RedirectURL: self(r) + "/signed-in",
		Scopes: []string{oidc.ScopeOpenID, "email"}}, nil
}

func unreachable(err error) error {
	return &lead.Error{Kind: lead.Unavailable, Text: "the sign-in cannot be reached: try again in a moment", Cause: err}
}
