package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

//go:embed static
var staticFiles embed.FS

// assets are the embedded files, all under one checksum: modules find each
// other by relative names, and caching needs no thought.
type assets struct {
	files map[string]asset
	hash  string
}

type asset struct {
	body []byte
	kind string
	// packed is the body under gzip, made when it is first asked for; nil where
	// that saves nothing.
	packed func() []byte
}

// smallest is the length in bytes below which packing is not worth it.
const smallest = 1400

func newAsset(body []byte, kind string) asset {
	return asset{body, kind, sync.OnceValue(func() []byte {
		if len(body) < smallest || strings.HasPrefix(kind, "font/") {
			return nil
		}
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		if _, err := z.Write(body); err != nil || z.Close() != nil || out.Len() >= len(body) {
			return nil
		}
		return out.Bytes()
	})}
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(staticFiles, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := staticFiles.ReadFile(p)
		if err != nil {
			return err
		}
		sum.Write([]byte(p))
		sum.Write(b)
		a.files[strings.TrimPrefix(p, "static/")] = newAsset(b, contentType(p))
		return nil
	})
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, err
}

func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".mjs", ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		return mime.TypeByExtension(ext)
	}
}

// url is where an asset is served; it changes with any asset.
func (a *assets) url(name string) string { return "/static/" + a.hash + "/" + name }

// serve answers an asset by its name in the table; there is no path to walk.
func (a *assets) serve(c *fiber.Ctx) error {
	f, ok := a.files[c.Params("*")]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, f.kind)
	if c.Params("hash") == a.hash {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if c.AcceptsEncodings("gzip") == "gzip" {
		if packed := f.packed(); packed != nil {
			c.Set(fiber.HeaderContentEncoding, "gzip")
			return c.Send(packed)
		}
	}
	return c.Send(f.body)
}
