package form

import (
	"net/url"
	"strings"
)

// ThankYouURL decides which page follows a post: the one asked for if its host
// is allowed, else nothing, and the form's own where none was asked for. It
// returns "" and true for the built-in page. A host is allowed if the form's
// own thank-you page is on it or ThankYouHosts lists it; the scheme must be
// https, or http on this machine. What browsers might read as another URL than
// this function does (backslashes, control characters, user names) is refused,
// so that the answer is never an open redirect.
func (s Spec) ThankYouURL(requested string) (string, bool) {
	own, ownOK := safeURL(s.ThankYou)
	if requested == "" {
		if !ownOK { // a form that was checked has none then
			return "", true
		}
		return own.String(), true
	}
	u, ok := safeURL(requested)
	if !ok {
		return "", false
	}
	host := u.Hostname()
	if ownOK && host == own.Hostname() {
		return u.String(), true
	}
	for _, pattern := range s.ThankYouHosts {
		if hostMatches(pattern, host) {
			return u.String(), true
		}
	}
	return "", false
}

// AllowsOrigin reports whether pages of an origin, as browsers send it, may
// post by script.
func (s Spec) AllowsOrigin(origin string) bool {
	origin = strings.ToLower(origin)
	if u, ok := parseOrigin(origin); !ok || u.String() != origin {
		return false
	}
	for _, pattern := range s.Origins {
		pattern = strings.ToLower(pattern)
		if pattern == "*" || pattern == origin {
			return true
		}
		scheme, host, _ := strings.Cut(pattern, "://*.")
		prefix := scheme + "://"
		if host != "" && strings.HasPrefix(origin, prefix) && hostMatches("*."+host, strings.TrimPrefix(origin, prefix)) {
			return true
		}
	}
	return false
}

func parseOrigin(origin string) (*url.URL, bool) {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || !isHost(u.Hostname()) {
		return nil, false
	}
	return u, u.Path == "" && u.RawQuery == "" && !u.ForceQuery && u.Fragment == ""
}

// safeURL parses a URL that every browser reads alike. Its host is in lower
// case.
func safeURL(raw string) (*url.URL, bool) {
	if len(raw) > 2000 || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == '\\' || isControl(r) || r == '\u2028' || r == '\u2029' }) {
		return nil, false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.User != nil || !isHost(u.Hostname()) {
		return nil, false
	}
	u.Host = strings.ToLower(u.Host)
	switch host := u.Hostname(); u.Scheme {
	case "https":
	case "http":
		if host != "localhost" && host != "127.0.0.1" {
			return nil, false
		}
	default:
		return nil, false
	}
	return u, true
}

// isHost reports whether a host is made of letters, digits, dots and hyphens,
// which leaves nothing to interpret. An internationalised one comes as xn--….
func isHost(host string) bool {
	host = strings.ToLower(host)
	return host != "" && len(host) <= 253 && strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" &&
		host[0] != '.' && host[len(host)-1] != '.' && !strings.Contains(host, "..")
}

func isHostPattern(pattern string) bool { return isHost(strings.TrimPrefix(pattern, "*.")) }

// hostMatches compares a host, in lower case, with a listed one or, after *.,
// with any of its subdomains.
func hostMatches(pattern, host string) bool {
	pattern = strings.ToLower(pattern)
	if domain, wild := strings.CutPrefix(pattern, "*"); wild {
		return len(domain) > 1 && domain[0] == '.' && strings.HasSuffix(host, domain) && len(host) > len(domain)
	}
	return pattern != "" && pattern == host
}
