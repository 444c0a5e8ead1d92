package webui

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// built is what the web build has put into the binary.
func built() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // a constant, valid path
	}
	return files
}

const demoOff, demoOn = `name="brickboard-demo" content="false"`, `name="brickboard-demo" content="true"`

// newHandler serves the files: an index.html, and what else is to be had under its own path.
func newHandler(files fs.FS, options Options) (*handler, error) {
	h := &handler{assets: map[string]*file{}}
	page, err := fs.ReadFile(files, "index.html")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return h, nil
	case err != nil:
		return nil, fmt.Errorf("read page: %w", err)
	case options.Demo && !bytes.Contains(page, []byte(demoOff)):
		return nil, errors.New("the page has no place to say that there is a demo")
	case options.Demo:
		page = bytes.Replace(page, []byte(demoOff), []byte(demoOn), 1)
	}
	h.page = &file{mediaType: "text/html; charset=utf-8", cacheControl: "no-cache", plain: newVariant("", page)}
	return h, h.readAssets(files)
}

func (h *handler) readAssets(files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isAsset(name) {
			return err
		}
		asset := &file{mediaType: mime.TypeByExtension(path.Ext(name)), cacheControl: aDay}
		if strings.HasPrefix(name, "assets/") {
			asset.cacheControl = forEver
		}
		for _, copied := range []struct{ suffix, encoding string }{{".br", "br"}, {".gz", "gzip"}, {"", ""}} {
			content, err := fs.ReadFile(files, name+copied.suffix)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				return fmt.Errorf("read asset: %w", err)
			case copied.encoding == "":
				asset.plain = newVariant("", content)
			default:
				asset.compressed = append(asset.compressed, newVariant(copied.encoding, content))
			}
		}
		h.assets["/"+name] = asset
		return nil
	})
}

// isAsset leaves out what is for the build, and the compressed copies, which are served under the plain name.
func isAsset(name string) bool {
	return name != "index.html" && name != "manifest.json" && !strings.HasPrefix(name, ".") &&
		path.Ext(name) != ".br" && path.Ext(name) != ".gz"
}
