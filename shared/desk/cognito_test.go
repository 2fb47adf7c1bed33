package desk_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sluice/shared/desk"
)

// pool is a user pool on loopback that signs with a real key.
type pool struct {
	*httptest.Server
	t     *testing.T
	key   *rsa.PrivateKey
	clock *clock
	posts []url.Values // to the token endpoint
	token func(form url.Values) string
	reads int // of the keys
}

func newPool(t *testing.T) *pool {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &pool{t: t, key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, obj{"issuer": p.URL, "authorization_endpoint": p.URL + "/oauth2/authorize", "token_endpoint": p.URL + "/oauth2/token",
			"jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		p.reads++
		answerJSON(w, obj{"keys": []obj{{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("POST /oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		p.posts = append(p.posts, r.PostForm)
		if r.PostForm.Get("code") != "good" {
			w.WriteHeader(http.StatusBadRequest)
			answerJSON(w, obj{"error": "invalid_grant"})
			return
		}
		answerJSON(w, obj{"access_token": "unused", "token_type": "Bearer", "expires_in": 3600, "id_token": p.token(r.PostForm)})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// sign makes a token of claims over those of a good one.
func (p *pool) sign(claims obj) string {
	all := obj{"iss": p.URL, "aud": "client", "sub": "1", "token_use": "id", "email": "Amy@example.com", "email_verified": true,
		"iat": p.clock.Now().Unix(), "exp": p.clock.Now().Add(time.Hour).Unix()}
	maps.Copy(all, claims)
	return p.signed(obj{"alg": "RS256", "kid": "1"}, all, p.key)
}

func (p *pool) signed(head, claims obj, key *rsa.PrivateKey) string {
	p.t.Helper()
	part := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			p.t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(data)
	}
	text := part(head) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// cognito is a desk that signs people in through a pool.
func cognito(t *testing.T) (*bundle, *pool) {
	t.Helper()
	p := newPool(t)
	b := setup(t, func(o *desk.Options) {
		o.HTTPS = true
		o.SignIn = desk.NewCognito(desk.CognitoOptions{Issuer: p.URL, ClientID: "client", Domain: "https://people.example.com",
			Client: p.Client(), Now: o.App.Now})
	})
	p.clock = &b.clock
	return b, p
}

func TestCognitoSignsIn(t *testing.T) {
	t.Parallel()
	b, p := cognito(t)
	br := b.browser()
	br.scheme = "https"
	w := br.get("/sign-in?back=/inbox")
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusFound {
		t.Fatalf("signing in answered %d to %v: %s", w.Code, to, w.Body)
	}
	q := to.Query()
	for name, want := range map[string]string{"client_id": "client", "response_type": "code", "scope": "openid email",
		"redirect_uri": "https://desk.example.com/signed-in", "code_challenge_method": "S256"} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	p.token = func(url.Values) string { return p.sign(obj{"nonce": q.Get("nonce")}) }
	w = br.get("/signed-in?code=good&state=" + q.Get("state"))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/inbox" {
		t.Fatalf("coming back answered %d to %q: %s\n%s", w.Code, w.Header().Get("Location"), w.Body, &b.logs)
	}
	form := p.posts[0]
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	if base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge") || form.Get("client_id") != "client" {
		t.Errorf("token was asked for with %v", form)
	}
	if len(br.cookies) != 1 || br.cookies["__Host-sluice"] == nil {
		t.Errorf("cookies are %v", br.cookies)
	}
	if w := br.get("/inbox"); !strings.Contains(w.Body.String(), "Amy Lin") {
		t.Errorf("inbox answered %d", w.Code)
	}
	// The way in was used up: a copied address does not sign in again.
	if w := br.get("/signed-in?code=good&state=" + q.Get("state")); w.Code != http.StatusBadRequest {
		t.Errorf("the same way in answered %d again", w.Code)
	}
	w = br.post("/sign-out", url.Values{"csrf": {br.token("/inbox")}})
	if out := w.Header().Get("Location"); out != "https://people.example.com/logout?client_id=client&logout_uri=https%3A%2F%2Fdesk.example.com%2F" {
		t.Errorf("signing out leads to %q", out)
	}
}

func TestCognitoRefusesAstrayWaysIn(t *testing.T) {
	t.Parallel()
	b, p := cognito(t)
	for _, c := range []struct {
		name   string
		claims func(nonce string) obj
		change func(q url.Values) string // of the address to come back to
		wait   time.Duration
		want   int
	}{
		{name: "another state", change: func(url.Values) string { return "?code=good&state=other" }, want: http.StatusBadRequest},
		{name: "no code", change: func(q url.Values) string { return "?error=access_denied&state=" + q.Get("state") }, want: http.StatusBadRequest},
		{name: "code refused", change: func(q url.Values) string { return "?code=bad&state=" + q.Get("state") }, want: http.StatusBadRequest},
		{name: "too late", wait: 11 * time.Minute, want: http.StatusBadRequest},
		{name: "another nonce", claims: func(string) obj { return obj{"nonce": "other"} }, want: http.StatusBadRequest},
		{name: "no such user", claims: func(n string) obj { return obj{"nonce": n, "email": "nobody@example.com"} }, want: http.StatusForbidden},
		{name: "address not verified", claims: func(n string) obj { return obj{"nonce": n, "email_verified": false} }, want: http.StatusForbidden},
		{name: "access token", claims: func(n string) obj { return obj{"nonce": n, "token_use": "access"} }, want: http.StatusUnauthorized},
	} {
		br := b.browser()
		br.scheme = "https"
		to, _ := url.Parse(br.get("/sign-in").Header().Get("Location"))
		q := to.Query()
		p.token = func(url.Values) string {
			if c.claims == nil {
				return p.sign(obj{"nonce": q.Get("nonce")})
			}
			return p.sign(c.claims(q.Get("nonce")))
		}
		b.clock.pass(c.wait)
		address := "?code=good&state=" + q.Get("state")
		if c.change != nil {
			address = c.change(q)
		}
		w := br.get("/signed-in" + address)
		if w.Code != c.want || br.cookies["__Host-sluice"] != nil {
			t.Errorf("%s answered %d with cookies %v, want %d", c.name, w.Code, br.cookies, c.want)
		}
	}
}

func TestCognitoBearer(t *testing.T) {
	t.Parallel()
	b, p := cognito(t)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := obj{"iss": p.URL, "aud": "client", "token_use": "id", "email": "amy@example.com", "email_verified": true, "exp": b.clock.Now().Add(time.Hour).Unix()}
	for _, c := range []struct {
		name, token string
		want        int
	}{
		{"good", p.sign(nil), http.StatusOK},
		{"verified as text", p.sign(obj{"email_verified": "true"}), http.StatusOK},
		{"expired", p.sign(obj{"exp": b.clock.Now().Add(-time.Minute).Unix()}), http.StatusUnauthorized},
		{"another audience", p.sign(obj{"aud": "other"}), http.StatusUnauthorized},
		{"another issuer", p.sign(obj{"iss": "https://other.example.com"}), http.StatusUnauthorized},
		{"access token", p.sign(obj{"token_use": "access"}), http.StatusUnauthorized},
		{"another's key", p.signed(obj{"alg": "RS256", "kid": "1"}, good, stranger), http.StatusUnauthorized},
		{"no signature", p.signed(obj{"alg": "none"}, good, p.key), http.StatusUnauthorized},
		{"tampered", strings.Replace(p.sign(nil), ".", ".x", 1), http.StatusUnauthorized},
		{"no token", "dev:amy", http.StatusUnauthorized},
		{"not verified", p.sign(obj{"email_verified": "false"}), http.StatusForbidden},
		{"unknown", p.sign(obj{"email": "nobody@example.com"}), http.StatusForbidden},
	} {
		a := b.call("", "GET /api/me", nil, "Authorization", "Bearer "+c.token)
		if a.status != c.want {
			t.Errorf("%s answered %d %s, want %d", c.name, a.status, a.raw, c.want)
		}
	}
	if p.reads > 4 { // once, and once more for each key that is unknown
		t.Errorf("the keys were read %d times", p.reads)
	}
}

func TestCognitoIsAway(t *testing.T) {
	t.Parallel()
	b, p := cognito(t)
	p.Close()
	a := b.refused("", "GET /api/me", nil, "503 unavailable", "Authorization", "Bearer a.b.c")
	if strings.Contains(a.raw, "127.0.0.1") || a.header.Get("Retry-After") == "" {
		t.Errorf("answer is %s", a.raw)
	}
	if w := b.browser().get("/sign-in"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "127.0.0.1") {
		t.Errorf("sign-in answered %d %s", w.Code, w.Body)
	}
	if !strings.Contains(b.logs.String(), "connect") {
		t.Errorf("the log does not tell why: %s", &b.logs)
	}
}
