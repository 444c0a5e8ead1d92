package webui

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// file is one embedded file with its compressed copies, where it has some.
type file struct {
	mediaType    string
	cacheControl string
	plain        variant
	compressed   []variant // the best first
}

type variant struct {
	encoding string // as in Content-Encoding; "" for the plain one
	content  []byte
	etag     string
}

func newVariant(encoding string, content []byte) variant {
	sum := sha256.Sum256(content)
	return variant{encoding: encoding, content: content, etag: strconv.Quote(base64.RawURLEncoding.EncodeToString(sum[:12]))}
}

// serve answers 304 where the browser has it.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	v := f.choose(r.Header.Values("Accept-Encoding"))
	f.describe(w, v)
	w.Header().Set("ETag", v.etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(v.content))
}

func (f *file) serveNotFound(w http.ResponseWriter, r *http.Request) {
	f.describe(w, f.plain)
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, bytes.NewReader(f.plain.content)) // a client that went away
	}
}

func (f *file) describe(w http.ResponseWriter, v variant) {
	w.Header().Set("Content-Type", f.mediaType)
	w.Header().Set("Cache-Control", f.cacheControl)
	if len(f.compressed) > 0 {
		w.Header().Set("Vary", "Accept-Encoding")
	}
	if v.encoding != "" {
		w.Header().Set("Content-Encoding", v.encoding)
	}
}

func (f *file) choose(acceptEncoding []string) variant {
	for _, v := range f.compressed {
		if accepts(acceptEncoding, v.encoding) {
			return v
		}
	}
	return f.plain
}

// accepts says whether the header names the encoding, and not with the weight 0. What it says of `*` does not count:
// then plain is sent, which is always right.
func accepts(acceptEncoding []string, encoding string) bool {
	for _, item := range strings.Split(strings.Join(acceptEncoding, ","), ",") {
		name, parameters, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		_, weight, _ := strings.Cut(parameters, "=")
		q, err := strconv.ParseFloat(cmp.Or(strings.TrimSpace(weight), "1"), 64)
		return err == nil && q > 0
	}
	return false
}
