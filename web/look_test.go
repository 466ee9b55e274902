package web

import (
	"io/fs"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"homeward/alerts"
)

// form posts a page's form as a browser without script does.
func (c client) form(path string, pairs ...string) reply {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return c.with("Content-Type", "application/x-www-form-urlencoded").send("POST", path, v.Encode())
}

func (r reply) has(parts ...string) reply {
	r.t.Helper()
	for _, p := range parts {
		if !strings.Contains(string(r.body), p) {
			r.t.Errorf("%s lacks %q: %s", r.what, p, r.body)
		}
	}
	return r
}

func (r reply) lacks(parts ...string) reply {
	r.t.Helper()
	for _, p := range parts {
		if strings.Contains(string(r.body), p) {
			r.t.Errorf("%s shows %q", r.what, p)
		}
	}
	return r
}

// TestNothingStandsInlineInTemplates keeps the content security policy strict.
func TestNothingStandsInlineInTemplates(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	bad := map[string]*regexp.Regexp{
		"a style attribute":    regexp.MustCompile(`(?i)<[^>]*\sstyle=`),
		"a style element":      regexp.MustCompile(`(?i)<style`),
		"an event attribute":   regexp.MustCompile(`(?i)<[^>]*\son[a-z]+=`),
		"a script without src": regexp.MustCompile(`(?i)<script(?:\s+type="module")?\s*>`),
		"a foreign address":    regexp.MustCompile(`(?i)(?:src|href)="(?:https?:)?//`),
	}
	for _, f := range files {
		b, err := templateFiles.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for what, re := range bad {
			if m := re.Find(b); m != nil {
				t.Errorf("%s has %s: %s", f, what, m)
			}
		}
	}
}

func TestStyleOfPublicPagesIsSmall(t *testing.T) {
	t.Parallel()
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, name := range []string{"css/tokens.css", "css/parts.css", "css/public.css"} {
		size += len(a.files[name].body)
	}
	if size == 0 || size > 8<<10 {
		t.Errorf("the style of public pages has %d bytes, 8,192 are allowed", size)
	}
}

// weight is the size of a page with everything that it loads by itself.
func (c client) weight(path string) int {
	c.s.t.Helper()
	page := c.send("GET", path, nil).want(200)
	size := len(page.body)
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:href|src)="(/static/[^"#]+)`).FindAllSubmatch(page.body, -1) {
		if name := string(m[1]); !seen[name] {
			seen[name] = true
			size += len(c.send("GET", name, nil).want(200).body)
		}
	}
	return size
}

func TestPublicPagesAreLightAndSayWhereToCall(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.release("public_appeal")
	nobody := s.as(alerts.RolePublic)
	for _, path := range []string{"/", "/appeals/" + r.slug, "/report/sighting", "/report/sighting?case=" + r.number, "/report/child", "/follow", "/sign-in", "/invitation"} {
		if w := nobody.weight(path); w > 50<<10 {
			t.Errorf("%s weighs %d bytes", path, w)
		}
		for _, lang := range languages() {
			page := nobody.with("Accept-Language", lang).send("GET", path, nil).want(200)
			page.has(`href="tel:112"`, `href="tel:192"`, `href="tel:116000"`, `<html lang="`+lang+`">`)
			if page.header.Get("Set-Cookie") != "" {
				t.Errorf("%s sets a cookie", path)
			}
		}
	}
}

func TestChoiceOfLanguageIsRememberedAndKeepsTheQuery(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	page := s.as(alerts.RolePublic).send("GET", "/report/sighting?case=ABC&lang=sr-Cyrl", nil).want(200)
	page.has("Пријавите виђење", "case=ABC&amp;lang=en")
	if c := page.header.Get("Set-Cookie"); !strings.Contains(c, "homeward_language=sr-Cyrl") || !strings.Contains(c, "HttpOnly") {
		t.Errorf("the cookie is %q", c)
	}
	again := s.as(alerts.RolePublic).with("Cookie", "homeward_language=sr-Latn").send("GET", "/", nil).want(200)
	again.has(`<html lang="sr-Latn">`, "Prijavite nestanak deteta")
}

// What answers a form has no page at its own address: its links to other
// languages lead to the page that the form was on.
func TestALanguageLinkOnAnAnswerLeadsToAPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	own := s.as(alerts.RoleCoordinator)
	own.form("/account/calendar", "idempotency_key", "k1").want(200).has(`href="/account?lang=sr-Cyrl"`).lacks("/account/calendar?lang=")
	own.form("/desk/cases/new").want(422).has(`href="/desk/cases/new?lang=sr-Cyrl"`)
	own.send("GET", "/account?lang=sr-Cyrl", nil).want(200)
}
