package webui

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const page = `<!doctype html><meta name="brickboard-demo" content="false">`

func files() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte(page)},
		"manifest.json":       {Data: []byte(`{}`)},
		".gitkeep":            {},
		"icon.svg":            {Data: []byte(`<svg/>`)},
		"assets/app-1a.js":    {Data: []byte("plain")},
		"assets/app-1a.js.gz": {Data: []byte("gzipped")},
		"assets/app-1a.js.br": {Data: []byte("brotli")},
	}
}

type request struct{ method, path, accept, acceptEncoding, ifNoneMatch string }

func ask(t *testing.T, files fs.FS, options Options, q request) *http.Response {
	t.Helper()
	h, err := newHandler(files, options)
	require.NoError(t, err)
	if q.method == "" {
		q.method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(t.Context(), q.method, q.path, nil)
	for name, value := range map[string]string{"Accept": q.accept, "Accept-Encoding": q.acceptEncoding, "If-None-Match": q.ifNoneMatch} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, answer *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(content)
}

func TestHandler_Routes(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/dashboard", "/dashboard/", "/mocs", "/mocs/new", "/mocs/019a8e5c", "/sets", "/wishlist", "/sign-in"} {
		answer := ask(t, files(), Options{}, request{path: path})
		require.Equal(t, http.StatusOK, answer.StatusCode, path)
		require.Equal(t, page, body(t, answer), path)
		require.Equal(t, "no-cache", answer.Header.Get("Cache-Control"))
		require.Equal(t, "text/html; charset=utf-8", answer.Header.Get("Content-Type"))
	}
}

func TestHandler_NotFound(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/nothing", "/mocs/a/b", "/index.html", "/manifest.json", "/.gitkeep", "/assets/app-1a.js.br", "/assets/", "/assets/other.js"} {
		answer := ask(t, files(), Options{}, request{path: path})
		require.Equal(t, http.StatusNotFound, answer.StatusCode, path)
		require.NotContains(t, body(t, answer), "<!doctype", path)
	}
	answer := ask(t, files(), Options{}, request{path: "/nothing", accept: "text/html,*/*"})
	require.Equal(t, http.StatusNotFound, answer.StatusCode)
	require.Equal(t, page, body(t, answer), "a person is shown the way back")
}

func TestHandler_Assets(t *testing.T) {
	t.Parallel()
	for acceptEncoding, want := range map[string][2]string{
		"":                   {"", "plain"},
		"gzip, deflate, br":  {"br", "brotli"},
		"gzip":               {"gzip", "gzipped"},
		"br;q=0, gzip;q=0.5": {"gzip", "gzipped"},
		"br;q=0":             {"", "plain"},
		"identity":           {"", "plain"},
	} {
		answer := ask(t, files(), Options{}, request{path: "/assets/app-1a.js", acceptEncoding: acceptEncoding})
		require.Equal(t, http.StatusOK, answer.StatusCode)
		require.Equal(t, want[0], answer.Header.Get("Content-Encoding"), acceptEncoding)
		require.Equal(t, want[1], body(t, answer), acceptEncoding)
		require.Equal(t, "public, max-age=31536000, immutable", answer.Header.Get("Cache-Control"))
		require.Equal(t, "Accept-Encoding", answer.Header.Get("Vary"))
		require.Contains(t, answer.Header.Get("Content-Type"), "javascript")

		again := ask(t, files(), Options{}, request{path: "/assets/app-1a.js", acceptEncoding: acceptEncoding, ifNoneMatch: answer.Header.Get("ETag")})
		require.Equal(t, http.StatusNotModified, again.StatusCode)
	}
	require.Equal(t, "public, max-age=86400", ask(t, files(), Options{}, request{path: "/icon.svg"}).Header.Get("Cache-Control"), "no hash in its name")
}

func TestHandler_Head(t *testing.T) {
	t.Parallel()
	for path, status := range map[string]int{"/dashboard": http.StatusOK, "/assets/app-1a.js": http.StatusOK, "/nothing": http.StatusNotFound} {
		answer := ask(t, files(), Options{}, request{method: http.MethodHead, path: path, accept: "text/html"})
		require.Equal(t, status, answer.StatusCode, path)
		require.Empty(t, body(t, answer), path)
	}
}

func TestHandler_OtherMethods(t *testing.T) {
	t.Parallel()
	answer := ask(t, files(), Options{}, request{method: http.MethodPost, path: "/dashboard"})
	require.Equal(t, http.StatusMethodNotAllowed, answer.StatusCode)
	require.Equal(t, "GET, HEAD", answer.Header.Get("Allow"))
}

func TestHandler_Policy(t *testing.T) {
	t.Parallel()
	answer := ask(t, files(), Options{}, request{path: "/dashboard"})
	policy := answer.Header.Get("Content-Security-Policy")
	require.NotContains(t, policy, "unsafe")
	require.Contains(t, policy, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' http: https: data:; ")
	require.Contains(t, policy, "connect-src 'self' ws://example.com wss://example.com; ")
	require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
	require.Equal(t, "same-origin", answer.Header.Get("Referrer-Policy"))
}

func TestHandler_PolicyTakesNoStrangeHost(t *testing.T) {
	t.Parallel()
	h, err := newHandler(files(), Options{})
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/dashboard", nil)
	r.Host = "a; script-src *"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "connect-src 'self'; ")
}

func TestHandler_Demo(t *testing.T) {
	t.Parallel()
	answer := ask(t, files(), Options{Demo: true}, request{path: "/sign-in"})
	require.Contains(t, body(t, answer), `name="brickboard-demo" content="true"`)
	_, err := newHandler(fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}, Options{Demo: true})
	require.ErrorContains(t, err, "no place")
}

func TestHandler_NotBuilt(t *testing.T) {
	t.Parallel()
	answer := ask(t, fstest.MapFS{".gitkeep": {}}, Options{Demo: true}, request{path: "/dashboard"})
	require.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
	require.Contains(t, body(t, answer), "make build")
}

// TestNewHandler_Built looks at the page that is in this binary: all that it names is there, compressed and by a hash.
func TestNewHandler_Built(t *testing.T) {
	t.Parallel()
	h, err := newHandler(built(), Options{Demo: true})
	require.NoError(t, err)
	require.NotNil(t, h.page, "run make build first")
	html := string(h.page.plain.content)
	named := regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`).FindAllStringSubmatch(html, -1)
	require.NotEmpty(t, named)
	for _, match := range named {
		require.Contains(t, h.assets, match[1])
	}
	for path, asset := range h.assets {
		if strings.HasPrefix(path, "/assets/") {
			require.Regexp(t, `-[A-Za-z0-9_-]{8}\.\w+$`, path)
			require.Len(t, asset.compressed, 2, path)
			require.NotEmpty(t, asset.mediaType, path)
		}
	}
	require.NotContains(t, html, "<style")
	require.NotRegexp(t, `<script(?:\s[^>]*)?>[^<]`, html, "a script within the page is against its policy")
}
