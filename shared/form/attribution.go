package form

import (
	"net/url"
	"slices"
	"strings"

	"sluice/shared/lead"
)

// maxAttribution bounds each field of an attribution, in runes.
const maxAttribution = 200

// clickIDs are the fields in which ad platforms hand a click over, the one that
// counts first: Google, Google for apps and web, Microsoft, Meta, TikTok.
var clickIDs = []string{"gclid", "gbraid", "wbraid", "msclkid", "fbclid", "ttclid"}

var attributionFields = append([]string{
	"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "referrer", "landing_page",
}, clickIDs...)

func isAttribution(name string) bool { return slices.Contains(attributionFields, name) }

// attribution reads how the post came about from its hidden fields.
func attribution(v Values) lead.Attribution {
	read := func(name string) string { return cut(oneLine(v.First(name))) }
	a := lead.Attribution{
		UTMSource: read("utm_source"), UTMMedium: read("utm_medium"), UTMCampaign: read("utm_campaign"),
		UTMTerm: read("utm_term"), UTMContent: read("utm_content"),
		Referrer: place(v.First("referrer")), Landing: place(v.First("landing_page")),
	}
	for _, kind := range clickIDs {
		if id := read(kind); id != "" {
			a.ClickID, a.ClickKind = id, kind
			break
		}
	}
	return a
}

// place reduces a URL to scheme, host and path: queries, fragments and user
// names may hold personal data. What is no web address is dropped.
func place(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return cut((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String())
}

func cut(s string) string {
	if runes := []rune(s); len(runes) > maxAttribution {
		return string(runes[:maxAttribution])
	}
	return s
}
