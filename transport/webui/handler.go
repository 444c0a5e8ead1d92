package webui

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Options are what the page is told by the server that sends it.
type Options struct {
	Demo bool // sign-in to the demo collection is offered
}

type handler struct {
	page   *file // nil: not built
	assets map[string]*file
}

// NewHandler serves the embedded page. It is right for concurrent use.
func NewHandler(options Options) (http.Handler, error) {
	return newHandler(built(), options)
}

const (
	forEver = "public, max-age=31536000, immutable"
	aDay    = "public, max-age=86400"
)

// isRoute are the paths that the page knows: see web/src/app/app.tsx.
var isRoute = regexp.MustCompile(`^/(dashboard|mocs|mocs/new|mocs/[^/]+|sets|wishlist|sign-in)?/?$`).MatchString

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "same-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this method is not for pages", http.StatusMethodNotAllowed)
		return
	}
	if asset, ok := h.assets[r.URL.Path]; ok {
		asset.serve(w, r)
		return
	}
	switch {
	case h.page == nil:
		http.Error(w, "the page is not built into this binary: run make build", http.StatusServiceUnavailable)
	case isRoute(r.URL.Path):
		h.policy(w, r)
		h.page.serve(w, r)
	case strings.Contains(r.Header.Get("Accept"), "text/html"):
		h.policy(w, r)
		h.page.serveNotFound(w, r)
	default:
		http.Error(w, "there is nothing here", http.StatusNotFound)
	}
}

var isHost = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]+$`).MatchString

// policy names the socket's addresses too: not every browser takes 'self' for them. Covers may come from anywhere.
func (h *handler) policy(w http.ResponseWriter, r *http.Request) {
	sockets := ""
	if isHost(r.Host) {
		sockets = fmt.Sprintf(" ws://%s wss://%s", r.Host, r.Host)
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
		"img-src 'self' http: https: data:; connect-src 'self'"+sockets+"; "+
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
}
