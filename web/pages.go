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
	"slices"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Templates: layout_*.html frame pages, part_*.html are shared parts, and every
// other file is one page that defines "content" and may define what else slots
// names.
//
//go:embed templates
var templateFiles embed.FS

// slots are the places of a layout that each page fills for itself: every page
// may define these names, and all others once only.
func slots() []string { return []string{"title", "head", "header", "content"} }

// slotName is what a page's slot is called among the templates of all pages.
func slotName(page, slot string) string { return page + ":" + slot }

// pages are the parsed templates of all pages in one set: a set for each page
// would hold every shared part once more, some hundred megabytes in all. A broken
// one stops the start.
type pages struct{ set *template.Template }

// ParsePages reads the templates, as New does, for a caller who has something
// else to wait for meanwhile. It fails when one is broken.
func ParsePages() error {
	_, err := loadPages()
	return err
}

// loadPages parses the templates, which are the same for every server of the
// process, once.
var loadPages = sync.OnceValues(func() (*pages, error) { return parsePages(templateFiles) })

func parsePages(from fs.FS) (*pages, error) {
	p := &pages{newTemplate("pages")}
	files, err := fs.Glob(from, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := p.add(from, f); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
	}
	return p, nil
}

func newTemplate(name string) *template.Template {
	return template.New(name).Option("missingkey=error").Funcs(template.FuncMap{"dict": dict})
}

func (p *pages) add(from fs.FS, file string) error {
	page := strings.TrimSuffix(path.Base(file), ".html")
	own, err := newTemplate(path.Base(file)).ParseFS(from, file)
	if err != nil {
		return err
	}
	for _, t := range own.Templates() {
		name := t.Name()
		switch {
		case name == path.Base(file):
			continue // what stands between the definitions
		case !isShared(file) && slices.Contains(slots(), name):
			name = slotName(page, name)
		}
		if p.has(name) {
			return fmt.Errorf("%q is defined a second time", name)
		}
		if _, err := p.set.AddParseTree(name, t.Tree); err != nil {
			return err
		}
	}
	if !isShared(file) && !p.has(slotName(page, "content")) {
		return errors.New("it defines no content")
	}
	return nil
}

func (p *pages) has(name string) bool { return p.set.Lookup(name) != nil }

// execute renders a page in its layout.
func (p *pages) execute(in layout, page *Page) ([]byte, error) {
	if !p.has(slotName(page.Name, "content")) {
		return nil, fmt.Errorf("no page %q", page.Name)
	}
	return p.executeOne(string(in), page.Name, page)
}

// executeOne renders one template for a page.
func (p *pages) executeOne(name, page string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := p.set.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", page, err)
	}
	return out.Bytes(), nil
}

// Slot is what the page puts into a place of its layout; the parts say what
// stands there when it defines nothing.
func (p *Page) Slot(slot string) (template.HTML, error) {
	name := slotName(p.Name, slot)
	if !p.s.pages.has(name) {
		name = slot
	}
	out, err := p.s.pages.executeOne(name, p.Name, p)
	return template.HTML(out), err
}

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
	out, err := s.pages.execute(in, s.page(c, name, data))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Vary(fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
	if chosen := c.Query("lang"); chosen != "" && chosen == s.texts.languageOf(c) {
		c.Cookie(&fiber.Cookie{Name: languageCookie, Value: chosen, Path: "/", MaxAge: 365 * 86400, HTTPOnly: true, Secure: s.Config.Secure, SameSite: fiber.CookieSameSiteLaxMode})
	}
	return c.Send(out)
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
