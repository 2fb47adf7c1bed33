package local

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route finds the most specific resource that matches, and of it the method. A
// method that this resource lacks is not looked for in a less specific one.
func (g *Gateway) route(r *http.Request) (Route, map[string]string, bool) {
	path := segments(r.URL.EscapedPath())
	i := slices.IndexFunc(g.opts.Routes, func(route Route) bool {
		_, ok := match(segments(route.Resource), path)
		return ok
	})
	if i < 0 {
		return Route{}, nil, false
	}
	for _, route := range g.opts.Routes[i:] {
		if route.Resource == g.opts.Routes[i].Resource && (len(route.Methods) == 0 || slices.Contains(route.Methods, r.Method)) {
			params, _ := match(segments(route.Resource), path)
			return route, params, true
		}
	}
	return Route{}, nil, false
}

// match compares a template with a path, segment by segment.
func match(template, path []string) (map[string]string, bool) {
	params := map[string]string{}
	for i, want := range template {
		if i >= len(path) {
			return nil, false
		}
		name := strings.Trim(want, "{}+")
		switch openness(want) {
		case literal:
			if path[i] != want {
				return nil, false
			}
		case parameter:
			params[name] = unescape(path[i])
		case greedy:
			params[name] = unescape(strings.Join(path[i:], "/"))
			return params, true
		}
	}
	return params, len(path) == len(template)
}

// How much a segment of a template matches, least first.
const (
	literal = iota
	parameter
	greedy
)

func openness(segment string) int {
	switch {
	case strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "+}"):
		return greedy
	case strings.HasPrefix(segment, "{"):
		return parameter
	}
	return literal
}

// segments splits a path; "/" has none.
func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

func unescape(segment string) string {
	if s, err := url.PathUnescape(segment); err == nil {
		return s
	}
	return segment
}

// lastValues is the single-valued form of headers and queries: of several
// values API Gateway keeps the last; nil, which it sends as null, for none.
func lastValues(multi map[string][]string) map[string]string {
	if len(multi) == 0 {
		return nil
	}
	single := make(map[string]string, len(multi))
	for name, values := range multi {
		single[name] = values[len(values)-1]
	}
	return single
}

func orNull[V any](m map[string]V) map[string]V {
	if len(m) == 0 {
		return nil
	}
	return m
}
