package web

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

var shownCode = regexp.MustCompile(`class="code" translate="no">([0-9A-Z-]+)<`)

func (s *testServer) shown() string { return strconv.FormatInt(s.now().Add(-time.Minute).Unix(), 10) }

// aSighting is a filled form of a sighting, with more pairs after it.
func (s *testServer) aSighting(more ...string) []string {
	return append([]string{
		"shown", s.shown(), "text", "a boy in a green coat", "place.lat", "44.8178", "place.lon", "20.4573",
		"observed_at.date", "2031-03-05", "observed_at.time", "09:30", "precision_min", "60", "sure", "probable",
	}, more...)
}

// only returns the one sighting that there is.
func (s *testServer) only() alerts.SightingView {
	s.t.Helper()
	list := s.as(alerts.RoleCoordinator).get("/sightings").want(200)
	if n := list.count("features"); n != 1 {
		s.t.Fatalf("there are %d sightings", n)
	}
	id := list.text("features.0.id")
	doc, err := s.Alerts.Sighting(context.Background(), alerts.Actor{ID: "x", Kind: alerts.KindPerson, Role: alerts.RoleDutyOfficer}, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func TestReportASightingWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.release("public_appeal")
	nobody := s.as(alerts.RolePublic)
	page := nobody.form("/report/sighting", s.aSighting("case_number", r.number, "idempotency_key", "k1")...).want(200)
	m := shownCode.FindSubmatch(page.body)
	if m == nil {
		t.Fatalf("no code: %s", page.body)
	}
	code := string(m[1])
	got := s.only()
	if got.CaseNumber != r.number || got.Text != "a boy in a green coat" || got.Sure != "probable" || len(got.Doubt) != 0 || got.Contact != nil {
		t.Errorf("got %+v", got)
	}
	again := nobody.form("/report/sighting", s.aSighting("case_number", r.number, "idempotency_key", "k1")...).want(200)
	if m := shownCode.FindSubmatch(again.body); m == nil || string(m[1]) != code {
		t.Error("the same form sent twice gave another code")
	}
	nobody.form("/follow", "code", strings.ToLower(code)).want(200).has("a boy in a green coat", "Received", "Sent")
	nobody.form("/follow", "code", code, "act", "send", "text", "he had a dog", "idempotency_key", "k2").want(200).has("he had a dog")
	nobody.form("/follow", "code", "AAAA-BBBB").want(422).has("AAAA-BBBB", `id="e-code"`)
}

func TestARefusedSightingKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	page := s.as(alerts.RolePublic).form("/report/sighting", "text", "<b>green</b> coat", "place.query", "Ниш", "contact.email", "nobody", "contact.name", "Ana & Co",
		"observed_at.date", "2031-03-09", "observed_at.time", "09:30", "sure", "certain", "precision_min", "240").want(422)
	page.has("&lt;b&gt;green&lt;/b&gt; coat", `value="Ниш"`, `value="nobody"`, `value="Ana &amp; Co"`, `value="2031-03-09"`, `value="certain" checked`, `<option value="240" selected>`)
	page.has(`href="#f-observed_at"`, `id="e-observed_at"`, `href="#f-contact.email"`, `id="e-contact.email"`, `<details open>`)
}

func TestAPlaceIsFoundByNameWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	nobody := s.as(alerts.RolePublic)
	for _, name := range []string{"Ниш", "nis", "Niš"} {
		page := nobody.form("/report/sighting", "act", "find", "place.query", name, "text", "typed before").want(200)
		page.has("typed before", `name="place.choice" value="21.9`, " checked>")
	}
	nobody.form("/report/sighting", "act", "find", "place.query", "qqqqxxxx").want(200).has("No place of that name")
	choice := s.aSighting("place.choice", "21.9033,43.3247")
	for i, v := range choice {
		if v == "44.8178" || v == "20.4573" {
			choice[i] = ""
		}
	}
	nobody.form("/report/sighting", choice...).want(200)
	if p := s.only().Place; p == nil || p.Lon() != 21.9033 {
		t.Errorf("the place is %v", p)
	}
}

func TestAPlaceThatWasOnlyTypedIsKept(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	s.as(alerts.RolePublic).form("/report/sighting", "shown", s.shown(), "text", "a boy", "place.query", "behind the old mill",
		"observed_at.date", "2031-03-05", "observed_at.time", "09:30").want(200)
	if got := s.only().Text; !strings.Contains(got, "a boy") || !strings.Contains(got, "behind the old mill") {
		t.Errorf("the text is %q", got)
	}
}

func TestDoubtfulSightingsAreTakenAllTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		fill func(s *testServer) []string
		want string
	}{
		{"the hidden field is filled", func(s *testServer) []string { return s.aSighting("website", "buy") }, "honeypot"},
		{"sent at once", func(s *testServer) []string {
			f := s.aSighting()
			f[1] = strconv.FormatInt(s.now().Unix(), 10)
			return f
		}, "too_fast"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t)
			s.as(alerts.RolePublic).form("/report/sighting", c.fill(s)...).want(200).has(`class="code"`)
			if d := s.only().Doubt; len(d) != 1 || d[0] != c.want {
				t.Errorf("doubt %v, want %s", d, c.want)
			}
		})
	}
}

func TestAFloodFromOneNetworkIsDoubtfulNotLost(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	nobody := s.as(alerts.RolePublic).with("X-Forwarded-For", "198.51.100.7")
	for i := range sightingsAnHour + 1 {
		nobody.form("/report/sighting", s.aSighting("idempotency_key", strconv.Itoa(i))...).want(200)
	}
	list := s.as(alerts.RoleCoordinator).get("/sightings?limit=100").want(200)
	if n := list.count("features"); n != sightingsAnHour+1 {
		t.Errorf("%d sightings arrived", n)
	}
	if !strings.Contains(string(list.body), "flood") {
		t.Error("none is marked as part of a flood")
	}
}

func TestReportAChildInTwoSteps(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	nobody := s.as(alerts.RolePublic)
	more := nobody.form("/report/child", "act", "more", "child_name", "Đorđe", "contact.phone", "+381 11 000 0017").want(200)
	more.has(`value="Đorđe"`, `value="&#43;381 11 000 0017"`, `name="circumstances"`)
	nobody.form("/report/child", "act", "send", "step", "2", "child_name", "Đorđe").want(422).has(`name="circumstances"`, `id="e-last_seen_where"`, `value="Đorđe"`)
	page := nobody.form("/report/child", "act", "send", "child_name", "Đorđe", "last_seen_where", "bus stop", "contact.phone", "+381 11 000 0017",
		"last_seen_at.date", "2031-03-05", "last_seen_at.time", "08:00").want(200).has("192")
	m := shownCode.FindSubmatch(page.body)
	if m == nil {
		t.Fatalf("no code: %s", page.body)
	}
	nobody.form("/follow", "code", string(m[1])).want(200).has("Đorđe", "bus stop")
}

func TestAnAppealEndsQuietly(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.release("public_appeal")
	nobody := s.as(alerts.RolePublic)
	nobody.send("GET", "/", nil).want(200).has("/appeals/" + r.slug)
	nobody.send("GET", "/appeals/"+r.slug, nil).want(200).has("Đorđe", "blue jacket", "/report/sighting?case="+r.number).lacks("Petrović", "2019", "20.457")
	nobody.with("Accept-Language", "sr-Latn").send("GET", "/appeals/"+r.slug, nil).want(200).has("Nestao dečak", `lang="sr-Latn"`)
	s.as(alerts.RoleCoordinator).post("/cases/"+r.caseID+"/close", map[string]any{"outcome": "found_safe", "at": s.now()}).want(200)
	nobody.send("GET", "/appeals/"+r.slug, nil).want(410).lacks("Đorđe", "blue jacket", "<img", r.number)
	nobody.send("GET", "/appeals/"+r.slug+"/photo", nil).want(410)
	nobody.send("GET", "/", nil).want(200).lacks(r.slug, "Đorđe")
	nobody.send("GET", "/appeals/neverwas", nil).want(404)
}

func TestMapTilesAreForEverybodyAndCached(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	nobody := s.as(alerts.RolePublic)
	tile := nobody.send("GET", "/map/tiles/5/17/11", nil).want(200)
	if len(tile.body) == 0 || !strings.Contains(tile.header.Get("Cache-Control"), "public") {
		t.Errorf("%d bytes, %q", len(tile.body), tile.header.Get("Cache-Control"))
	}
	for _, path := range []string{"/map/tiles/5/99/11", "/map/tiles/x/1/1", "/map/tiles/-1/0/0"} {
		nobody.send("GET", path, nil).want(404)
	}
}

// Whoever sent a photo can see that it came, and not the picture: nothing else of
// it goes out to a code.
func TestFollowersSeeThatTheirPhotosCame(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	nobody := s.as(alerts.RolePublic)
	send := func(photos ...string) string {
		return nobody.post("/public/sightings", edited(aSighting(s), photos, "photos")).want(201).text("code")
	}
	upload := func() string {
		form, kind := formWith("photo", "x.jpg", jpegOf(corners(16, 16)))
		return nobody.with("Content-Type", kind).post("/public/photos", form).want(201).text("id")
	}
	none, one, first, second := send(), send(upload()), upload(), upload()
	two := send(first, second)
	for code, want := range map[string]any{none: nil, one: 1.0, two: 2.0} {
		if got := nobody.post("/public/follow", map[string]any{"code": code}).want(200).at("own.photos"); got != want {
			t.Errorf("%v photos, want %v", got, want)
		}
	}
	nobody.form("/follow", "code", none).want(200).lacks("reached us")
	nobody.form("/follow", "code", one).want(200).has("1 photo reached us.")
	nobody.form("/follow", "code", two).want(200).has("2 photos reached us.").lacks("<img", first, second)
	nobody.with("Accept-Language", "sr-Latn").form("/follow", "code", two).want(200).has("Stigle su nam 2 fotografije.")
}
