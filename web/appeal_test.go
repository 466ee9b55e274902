package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// aPhoto is a picture of w by h pixels that is nobody.
func aPhoto(w, h int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// appealWithPhoto releases an appeal with a photo and a third language.
func (s *testServer) appealWithPhoto() released {
	s.t.Helper()
	ana, boris := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	r := s.release("public_appeal")
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_, err := must(w.CreateFormFile("photo", "p.jpg")).Write(aPhoto(1600, 1200))
	if err = errors.Join(err, w.WriteField("taken_on", "2030-05-12"), w.Close()); err != nil {
		s.t.Fatal(err)
	}
	photo := ana.with("Content-Type", w.FormDataContentType()).send("POST", apiPrefix+"/cases/"+r.caseID+"/photos", form.Bytes()).want(201).text("id")
	texts := anAlert(s, "", "")["texts"].(map[string]any)
	texts["hu"] = map[string]any{"headline": "Eltűnt fiú", "description": "Kék kabát.", "instruction": "Hívja a 192-t."}
	up := ana.post("/alerts/"+r.alert+"/update", map[string]any{"photo_id": photo, "texts": texts}).want(201)
	boris.post("/alerts/"+r.alert+"/release", map[string]any{"content_hash": up.text("content_hash")}).want(200)
	return r
}

var (
	inlinePart = regexp.MustCompile(`<script|javascript:|\son[a-z]+=|<style|style=`)
	ownFiles   = regexp.MustCompile(`(?:href|src)="(/static/[^"#]+)`)
)

func TestAppealIsSmallAndWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.appealWithPhoto()
	nobody := s.as(alerts.RolePublic)
	page := nobody.send("GET", "/appeals/"+r.slug, nil).want(200).has("Missing boy", "Photo from May 2030", "Magyar", "tel:116000")
	if m := inlinePart.Find(page.body); m != nil {
		t.Errorf("the page holds %q", m)
	}
	size := len(page.body)
	seen := map[string]bool{}
	for _, m := range ownFiles.FindAllSubmatch(page.body, -1) {
		if path := string(m[1]); !seen[path] {
			seen[path] = true
			size += len(nobody.send("GET", path, nil).want(200).body)
		}
	}
	if size > 50_000 {
		t.Errorf("the page and its files have %d bytes", size)
	}
	if c := page.header.Get("Cache-Control"); c != "public, max-age=1, must-revalidate" {
		t.Errorf("the page may be kept: %q", c)
	}
	if page.header.Get("Set-Cookie") != "" {
		t.Error("a page for everybody sets a cookie")
	}
	photo := nobody.send("GET", "/appeals/"+r.slug+"/photo", nil).want(200)
	if c := photo.header.Get("Cache-Control"); c != "public, max-age=1, must-revalidate" {
		t.Errorf("the photo may be kept: %q", c)
	}
	if size, err := jpeg.DecodeConfig(bytes.NewReader(photo.body)); err != nil || size.Width != publicSide || size.Height != 750 {
		t.Errorf("the photo is %+v %v", size, err)
	}
	nobody.with("If-None-Match", page.header.Get("ETag")).send("GET", "/appeals/"+r.slug, nil).want(304)
}

func TestAppealSpeaksItsReadersLanguage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.appealWithPhoto()
	for _, c := range []struct{ query, accept, text, frame string }{
		{"", "en", "Missing boy", `lang="en"`},
		{"", "sr-Latn", "Nestao dečak", `lang="sr-Latn"`},
		{"", "bs,en;q=0.5", "Nestao dečak", `lang="sr-Latn"`},
		{"", "sr", "Nestao dečak", `lang="sr-Cyrl"`},
		{"", "hu,en;q=0.8", "Eltűnt fiú", `lang="en"`},
		{"", "de,hu;q=0.9,en;q=0.8", "Eltűnt fiú", `lang="en"`},
		{"", "de", "Missing boy", `lang="en"`},
		{"?lang=hu", "en", "Eltűnt fiú", `lang="en"`},
		{"?lang=sr-Latn", "hu", "Nestao dečak", `lang="sr-Latn"`},
		{"?lang=xx", "en", "Missing boy", `lang="en"`},
		{"", strings.Repeat("x-", 40), "Missing boy", `lang="en"`},
	} {
		s.as(alerts.RolePublic).with("Accept-Language", c.accept).send("GET", "/appeals/"+r.slug+c.query, nil).want(200).
			has("<h2>"+c.text+"</h2>", "<html "+c.frame)
	}
}

func TestAnEndShowsAtOnceEverywhere(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.appealWithPhoto()
	nobody := s.as(alerts.RolePublic)
	paths := []string{"", "?lang=sr-Cyrl", "/photo", "/poster.pdf", "/square.png", "/portrait.png", "/poster.pdf?lang=hu"}
	for range 2 { // made, and from the shelf
		for _, p := range paths {
			nobody.send("GET", "/appeals/"+r.slug+p, nil).want(200)
		}
	}
	s.as(alerts.RoleCoordinator).post("/alerts/"+r.alert+"/cancel", nil).want(200)
	for _, p := range paths {
		got := nobody.send("GET", "/appeals/"+r.slug+p, nil).want(410)
		got.has("<h1>").lacks("Đorđe", "boy", "dečak", "photo\"", r.number)
		if c := got.header.Get("Cache-Control"); c != "public, max-age=1, must-revalidate" {
			t.Errorf("%s may be kept: %q", p, c)
		}
	}
	shelf := s.Server.shown
	shelf.mu.RLock()
	defer shelf.mu.RUnlock()
	for k, e := range shelf.by {
		if e.status != 410 {
			t.Errorf("%s is still in memory", k.what)
		}
	}
}

func TestAnAppealEndsWithItsTimeAndItsConsent(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.appealWithPhoto()
	nobody := s.as(alerts.RolePublic)
	nobody.send("GET", "/appeals/"+r.slug, nil).want(200).has("Đorđe")
	s.pass(23*time.Hour + 59*time.Minute + 59*time.Second)
	nobody.send("GET", "/appeals/"+r.slug, nil).want(200)
	s.pass(2 * time.Second)
	nobody.send("GET", "/appeals/"+r.slug, nil).want(410)
	other := s.appealWithPhoto()
	nobody.send("GET", "/appeals/"+other.slug, nil).want(200)
	ana := s.as(alerts.RoleCoordinator)
	consent := ana.get("/cases/" + other.caseID).want(200).text("consents.0.id")
	ana.delete("/cases/" + other.caseID + "/consents/" + consent).want(200)
	nobody.send("GET", "/appeals/"+other.slug, nil).want(410)
	nobody.send("GET", "/appeals/"+other.slug+"/photo", nil).want(410)
}

// TestOneReadersRequestDoesNotColourTheNext asks in ways whose traces must not
// be kept for others.
func TestOneReadersRequestDoesNotColourTheNext(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.release("public_appeal")
	nobody := s.as(alerts.RolePublic)
	before := nobody.send("GET", "/appeals/"+r.slug, nil).want(200)
	nobody.send("GET", "/appeals/"+r.slug+"?utm=canary&s=abcdefghij&lang=%22%3E", nil).want(200).lacks("canary", "abcdefghij")
	request := must(http.NewRequest("GET", s.url+"/appeals/"+r.slug, nil))
	request.Host = "evil.example.org"
	res := must(http.DefaultClient.Do(request))
	_ = res.Body.Close()
	s.as(alerts.RoleCoordinator).with("Cookie", "homeward=stolen").send("GET", "/appeals/"+r.slug, nil).want(200)
	if after := nobody.send("GET", "/appeals/"+r.slug, nil).want(200); !bytes.Equal(before.body, after.body) {
		t.Errorf("the page has changed:\n%s\n%s", before.body, after.body)
	}
	nobody.send("GET", "/appeals/nosuchpage", nil).want(404)
}

func TestPosters(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.appealWithPhoto()
	nobody := s.as(alerts.RolePublic)
	for _, lang := range []string{"en", "sr-Latn", "hu"} {
		pdf := nobody.send("GET", "/appeals/"+r.slug+"/poster.pdf?lang="+lang, nil).want(200)
		if !bytes.HasPrefix(pdf.body, []byte("%PDF-")) || pdf.header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s: a poster of %q", lang, pdf.header.Get("Content-Type"))
		}
		for file, want := range map[string]int{"square.png": 1080, "portrait.png": 1350} {
			b := nobody.send("GET", "/appeals/"+r.slug+"/"+file+"?lang="+lang, nil).want(200)
			if img, err := png.DecodeConfig(bytes.NewReader(b.body)); err != nil || img.Width != 1080 || img.Height != want {
				t.Errorf("%s %s: %+v %v", lang, file, img, err)
			}
		}
	}
}

func TestSourcesAreCounted(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r, other := s.release("public_appeal"), s.release("public_appeal")
	nobody := s.as(alerts.RolePublic)
	token := s.Alerts.Ring.SourceToken(r.alert, alerts.SourcePoster)
	page := nobody.send("GET", "/appeals/"+r.slug+"?s="+token, nil).want(200).has("/report/sighting?case=" + r.number + "&amp;s=" + token)
	page.lacks("s=" + s.Alerts.Ring.SourceToken(other.alert, alerts.SourcePoster))
	nobody.send("GET", "/report/sighting?case="+r.number+"&s="+token, nil).want(200).has(`name="source" value="` + token + `"`)
	report := func(i int, number, source string) {
		nobody.form("/report/sighting", s.aSighting("case_number", number, "source", source, "idempotency_key", "k"+strconv.Itoa(i))...).want(200)
	}
	report(1, r.number, token)
	report(2, r.number, token)
	report(3, r.number, "")
	report(4, r.number, "zzzzzzzzzz")
	report(5, other.number, token) // another alert's token counts nowhere
	body := map[string]any{"case_number": r.number, "observed_at": s.now().Add(-time.Hour), "text": "at the market", "source": s.Alerts.Ring.SourceToken(r.alert, alerts.SourcePicture)}
	nobody.post("/public/sightings", body).want(201)
	got := s.as(alerts.RoleCoordinator).get("/alerts/" + r.alert + "/sources").want(200)
	counts := map[string]float64{}
	var list struct {
		Items []struct {
			Source    string  `json:"source"`
			Sightings float64 `json:"sightings"`
			Address   string  `json:"address"`
		} `json:"items"`
	}
	if err := json.Unmarshal(got.body, &list); err != nil {
		t.Fatal(err)
	}
	for _, i := range list.Items {
		counts[i.Source] = i.Sightings
		if !strings.Contains(i.Address, "/appeals/"+r.slug+"?s=") {
			t.Errorf("the address of %s is %q", i.Source, i.Address)
		}
	}
	if counts["poster"] != 2 || counts["picture"] != 1 || counts["partner"] != 0 {
		t.Errorf("counted %v", counts)
	}
	if n := s.as(alerts.RoleCoordinator).get("/alerts/" + other.alert + "/sources").want(200); strings.Contains(string(n.body), `"sightings":1`) {
		t.Errorf("another alert counts: %s", n.body)
	}
	s.as(alerts.RoleCoordinator).send("GET", "/desk/alerts/"+r.alert, nil).want(200).has(`id="sources"`)
}
