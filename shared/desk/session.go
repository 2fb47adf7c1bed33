package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// sessions keeps who is signed in, in a signed cookie. Nothing is stored: any
// function can tell whether a cookie is ours.
type sessions struct {
	key   func(context.Context) ([]byte, error)
	now   func() time.Time
	life  time.Duration
	https bool
}

// session is what the cookie says.
type session struct {
	User  string `json:"u"`
	Until int64  `json:"x"` // Unix seconds
}

// name is the cookie's. With the prefix __Host- no other host of the domain can
// set it.
func (s *sessions) name(of string) string {
	if s.https {
		return "__Host-" + of
	}
	return of
}

const sessionCookie = "sluice"

// begin signs somebody in.
func (s *sessions) begin(w http.ResponseWriter, r *http.Request, user string) error {
	value, err := s.seal(r.Context(), sessionCookie, session{User: user, Until: s.now().Add(s.life).Unix()})
	if err != nil {
		return err
	}
	s.set(w, sessionCookie, value, s.life)
	return nil
}

// end signs out.
func (s *sessions) end(w http.ResponseWriter) { s.set(w, sessionCookie, "", -1) }

// user is who the request's cookie names.
func (s *sessions) user(r *http.Request) (string, error) {
	cookie, err := r.Cookie(s.name(sessionCookie))
	if err != nil {
		return "", errNobody
	}
	var in session
	if err := s.open(r.Context(), sealedCookie{sessionCookie, cookie.Value}, &in); err != nil {
		return "", err
	}
	if in.User == "" || s.now().Unix() >= in.Until {
		return "", errNobody
	}
	return in.User, nil
}

// set sends a cookie that scripts cannot read and other sites' posts do not
// carry; a negative life takes it back.
func (s *sessions) set(w http.ResponseWriter, of, value string, life time.Duration) {
	age := int(life.Seconds())
	if life < 0 {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{Name: s.name(of), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.https, SameSite: http.SameSiteLaxMode})
}

// csrf is the token that a page's forms carry: nobody can know it who does not
// have the cookie.
func (s *sessions) csrf(r *http.Request) (string, error) {
	cookie, err := r.Cookie(s.name(sessionCookie))
	if err != nil {
		return "", errNobody
	}
	mac, err := s.mac(r.Context(), "csrf", cookie.Value)
	return base64.RawURLEncoding.EncodeToString(mac), err
}

// genuine reports whether a posted form came from a page of this session.
func (s *sessions) genuine(r *http.Request) (bool, error) {
	want, err := s.csrf(r)
	if err != nil {
		return false, err
	}
	return hmac.Equal([]byte(want), []byte(r.PostFormValue("csrf"))), nil
}

// sealedCookie is a signed value and the use it was signed for.
type sealedCookie struct{ use, value string }

// seal signs a value for one use; open gives it back if it is genuine.
func (s *sessions) seal(ctx context.Context, use string, v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(data)
	mac, err := s.mac(ctx, use, body)
	return body + "." + base64.RawURLEncoding.EncodeToString(mac), err
}

func (s *sessions) open(ctx context.Context, c sealedCookie, v any) error {
	body, sum, _ := strings.Cut(c.value, ".")
	given, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil {
		return errNobody
	}
	want, err := s.mac(ctx, c.use, body)
	if err != nil {
		return err
	}
	data, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || !hmac.Equal(given, want) || json.Unmarshal(data, v) != nil {
		return errNobody
	}
	return nil
}

func (s *sessions) mac(ctx context.Context, use, text string) ([]byte, error) {
	key, err := s.key(ctx)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(use + "\x00" + text))
	return h.Sum(nil), nil
}
