package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"sync"
)

//go:embed assets
var assetFiles embed.FS

type asset struct {
	kind, tag string
	body      []byte
}

// assets maps the path of each asset to its content.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	for _, a := range []struct{ path, file, kind string }{
		{"/assets/style.css", "style.css", "text/css; charset=utf-8"},
		{"/favicon.svg", "favicon.svg", "image/svg+xml"},
	} {
		body, err := assetFiles.ReadFile("assets/" + a.file)
		if err != nil { // embedded: a test reads them all
			panic("read asset " + a.file)
		}
		sum := sha256.Sum256(body)
		all[a.path] = asset{kind: a.kind, tag: hex.EncodeToString(sum[:6]), body: body}
	}
	return all
})

// Assets answers for the style sheet and the icon. An address with the content's
// mark (?v=…) may be kept for a year, one without for an hour.
func Assets() http.Handler { return http.HandlerFunc(serveAsset) }

func serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := assets()[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	Secure(h, Policy{})
	h.Set("Content-Type", a.kind)
	h.Set("ETag", `"`+a.tag+`"`)
	h.Set("Cache-Control", "public, max-age=3600")
	if r.URL.Query().Get("v") == a.tag {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == `"`+a.tag+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write(a.body)
}

// AssetURL is the address of an asset that changes with its content.
func AssetURL(base, path string) string {
	return base + path + "?v=" + assets()[path].tag
}
