package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Templates: layout_*.html frame pages, part_*.html are shared parts, and every
// other file is one page that defines "content".
//
//go:embed templates
var templateFiles embed.FS

// pages are the parsed templates by page name. A broken one stops the start.
type pages struct {
	by map[string]*template.Template
}

// loadPages parses the templates, which are the same for every server of the
// process, once.
var loadPages = sync.OnceValues(func() (*pages, error) {
	p := &pages{by: map[string]*template.Template{}}
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	base := template.New("base").Option("missingkey=error").Funcs(template.FuncMap{"dict": dict})
	for _, f := range files {
		if isShared(f) {
			if _, err := base.ParseFS(templateFiles, f); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range files {
		if isShared(f) {
			continue
		}
		t, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if _, err := t.ParseFS(templateFiles, f); err != nil {
			return nil, err
		}
		if t.Lookup("content") == nil {
			return nil, fmt.Errorf("%s defines no content", f)
		}
		p.by[strings.TrimSuffix(path.Base(f), ".html")] = t
	}
	return p, nil
})

func isShared(file string) bool {
	name := path.Base(file)
	return strings.HasPrefix(name, "layout_") || strings.HasPrefix(name, "part_")
}

// dict makes the argument of a part from pairs of name and value.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict takes pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, errors.New("dict takes names")
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// layout is the frame of a page.
type layout string

// The frames: public pages carry at most 8 kB of style and no menu; the console
// and the partner console have their rail.
const (
	layoutPublic  layout = "layout_public"
	layoutConsole layout = "layout_console"
	layoutPartner layout = "layout_partner"
)

// render answers a page. Data is what the page's content reads as .Data.
func (s *Server) render(c *fiber.Ctx, in layout, name string, data any) error {
	t, ok := s.pages.by[name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, string(in), s.page(c, name, data)); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Vary(fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
	if chosen := c.Query("lang"); chosen != "" && chosen == s.texts.languageOf(c) {
		c.Cookie(&fiber.Cookie{Name: languageCookie, Value: chosen, Path: "/", MaxAge: 365 * 86400, HTTPOnly: true, Secure: s.Config.Secure, SameSite: fiber.CookieSameSiteLaxMode})
	}
	return c.Send(out.Bytes())
}

// errorPage answers an error to a person.
func (s *Server) errorPage(c *fiber.Ctx, p problem) error {
	c.Status(p.Status)
	in := layoutPublic
	switch a := actorFrom(c); {
	case a.Partner != "":
		in = layoutPartner
	case a.Kind == alerts.KindPerson:
		in = layoutConsole
	}
	return s.render(c, in, "error", p)
}

func queryEscape(s string) string { return url.QueryEscape(s) }
