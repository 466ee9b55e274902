package web

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// aMessage is a CAP message of a made-up national system.
func aMessage(s *testServer, kind, identifier, references string) string {
	at := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") + "+00:00" }
	if references != "" {
		references = "<references>police.example.org," + references + "," + at(s.now()) + "</references>"
	}
	info := `<info><language>en</language><category>Rescue</category><event>Child abduction</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty><expires>` +
		at(s.now().Add(3*time.Hour)) + `</expires><headline>Missing boy</headline><description>Blue jacket</description><area><areaDesc>Belgrade</areaDesc><circle>44.81,20.46 20</circle></area></info>`
	return `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>` + identifier + `</identifier><sender>police.example.org</sender><sent>` +
		at(s.now()) + `</sent><status>Actual</status><msgType>` + kind + `</msgType><scope>Public</scope>` + references + info + `</alert>`
}

func (c client) cap(message string) reply {
	return c.with("Content-Type", "application/cap+xml").send("POST", apiPrefix+"/cap", message)
}

func aRumour() map[string]any {
	return map[string]any{
		"verdict": "old", "since": "2031-03-01", "links": []string{"https://www.example.org/post/1?utm_source=x"},
		"texts": map[string]any{"en": map[string]any{"headline": "A girl taken by a white van", "description": "This goes round since 2019."}},
	}
}

// goThroughPublication asks for everything about what the public reads.
func (s *testServer) goThroughPublication() {
	ana, duty, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePublic)
	r := s.release("public_appeal")
	ana.get("/alerts/" + r.alert + "/sources").want(200)
	ana.get("/alerts/" + r.alert + "/preview").want(200)
	ana.get("/criteria").want(200)
	ana.cap(aMessage(s, "Alert", "N-1", "")).want(201)
	v := ana.post("/rumours", aRumour()).want(201)
	at := "/rumours/" + v.text("id")
	v = ana.post(at+"/update", aRumour()).want(200)
	duty.post(at+"/approve", map[string]any{"content_hash": v.text("content_hash")}).want(200)
	ana.get("/rumours").want(200)
	ana.get(at).want(200)
	anybody.get("/public/rumours").want(200)
	ana.post(at+"/retract", map[string]any{"reason": "wrong"}).want(200)
	id, key := s.organisation("Named")
	admin := s.as(alerts.RoleAdministrator)
	admin.with("If-Match", admin.get("/partners/"+id).want(200).header.Get("ETag")).patch("/partners/"+id, map[string]any{"pfif": true}).want(200)
	key.get("/partner/pfif.xml").want(200)
}

func TestNationalMessages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	made := ana.cap(aMessage(s, "Alert", "N-1", "")).want(201)
	id := made.text("id")
	if made.text("state") != "draft" || made.header.Get("Location") != "/api/v1/alerts/"+id {
		t.Errorf("it became %s", made.body)
	}
	if again := ana.cap(aMessage(s, "Alert", "N-1", "")).want(201); again.text("id") != id || again.at("version") != made.at("version") {
		t.Errorf("the same message made %s", again.body)
	}
	v := ana.get("/alerts/" + id).want(200)
	if v.text("level") != "national_mirror" || v.text("mirrors.0.identifier") != "N-1" || v.at("slug") != nil || v.text("texts.en.headline") != "Missing boy" {
		t.Errorf("the draft is %s", v.body)
	}
	// Nothing is public, and nobody can make it so without the decision.
	duty := s.as(alerts.RoleDutyOfficer)
	duty.post("/alerts/"+id+"/release", map[string]any{"content_hash": v.text("content_hash")}).wrong(422, "decision_id")
	if feed := s.as(alerts.RolePublic).get("/feeds/alerts.atom").want(200); bytes.Contains(feed.body, []byte("<entry>")) {
		t.Error("it is in the feed")
	}
	ana.send("GET", "/desk/alerts/"+id, nil).want(200).has("police.example.org", "N-1")
	if up := ana.cap(aMessage(s, "Update", "N-2", "N-1")).want(201); up.text("id") != id {
		t.Errorf("an update made %s", up.body)
	}
	if end := ana.cap(aMessage(s, "Cancel", "N-3", "N-2")).want(201); end.text("state") != "cancelled" {
		t.Errorf("the end made %s", end.body)
	}
	for name, bad := range map[string]string{
		"no XML": "{}", "a document type": `<!DOCTYPE alert>` + aMessage(s, "Alert", "N-9", ""), "two roots": aMessage(s, "Alert", "N-9", "") + "<alert/>",
		"an unknown element": strings.Replace(aMessage(s, "Alert", "N-9", ""), "<scope>", "<scoop/><scope>", 1), "too long": aMessage(s, "Alert", strings.Repeat("N", 300_000), ""),
	} {
		if got := ana.cap(bad); got.status != 400 || bytes.Contains(got.body, []byte("Missing boy")) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	ana.cap(strings.Replace(aMessage(s, "Alert", "N-9", ""), "Actual", "Exercise", 1)).wrong(422, "status")
	ana.with("Content-Type", "application/json").send("POST", apiPrefix+"/cap", "{}").want(415)
	s.as(alerts.RolePublic).cap(aMessage(s, "Alert", "N-9", "")).want(401)
	s.as(alerts.RolePartner).cap(aMessage(s, "Alert", "N-9", "")).want(403)
}

func TestTheFeedLinksAndNeverEmbeds(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.appealWithPhoto() // two revisions
	read := func() (f struct {
		Entries []struct {
			ID    string `xml:"id"`
			Links []struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
		Deleted []struct {
			Ref  string `xml:"ref,attr"`
			When string `xml:"when,attr"`
		} `xml:"deleted-entry"`
	}) {
		got := s.as(alerts.RolePublic).get("/feeds/alerts.atom").want(200)
		got.lacks("Đorđe", "boy", "jacket", "dečak", "photo")
		if c := got.header.Get("Cache-Control"); c != shownControl {
			t.Errorf("the feed may be kept: %q", c)
		}
		if err := xml.Unmarshal(got.body, &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := read()
	if len(f.Entries) != 1 || len(f.Deleted) != 1 || f.Entries[0].ID == f.Deleted[0].Ref || len(f.Entries[0].Links) != 2 {
		t.Fatalf("the feed is %+v", f)
	}
	for _, l := range f.Entries[0].Links {
		s.as(alerts.RolePublic).send("GET", strings.TrimPrefix(l.Href, s.url), nil).want(200)
	}
	gone := f.Entries[0].ID
	s.as(alerts.RoleCoordinator).post("/alerts/"+r.alert+"/cancel", nil).want(200)
	f = read()
	if len(f.Entries) != 0 || len(f.Deleted) != 2 || (f.Deleted[0].Ref != gone && f.Deleted[1].Ref != gone) {
		t.Errorf("after the end: %+v", f)
	}
	s.pass(tombstonesFor + time.Hour)
	if f = read(); len(f.Deleted) != 0 {
		t.Errorf("much later: %+v", f)
	}
}

func TestPFIFForNamedPartners(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	id, partner := s.organisation("Traži")
	r := s.appealWithPhoto()
	partner.get("/partner/pfif.xml").wrong(403, "")
	admin := s.as(alerts.RoleAdministrator)
	v := admin.get("/partners/" + id).want(200)
	admin.with("If-Match", v.header.Get("ETag")).patch("/partners/"+id, map[string]any{"pfif": true}).want(200)
	got := partner.get("/partner/pfif.xml").want(200)
	got.has(`<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">`, "test.example.org/"+r.alert+".1", "<pfif:full_name>Đorđe</pfif:full_name>", "<pfif:age>10-13</pfif:age>", "Missing boy", "<pfif:expiry_date>2031-03-06T10:17:42Z</pfif:expiry_date>")
	got.lacks("Petrović", "2019", "home_", "20.457")
	d := s.as(alerts.RoleCoordinator).get("/alerts/" + r.alert + "/deliveries").want(200)
	if d.count("items") != 1 {
		t.Errorf("the export is not in the ledger: %s", d.body)
	}
	s.as(alerts.RoleCoordinator).post("/alerts/"+r.alert+"/cancel", nil).want(200)
	partner.get("/partner/pfif.xml").want(200).has("test.example.org/"+r.alert+".1", "<pfif:expiry_date>").lacks("Đorđe", "Missing boy", "full_name", "photo_url")
	partner.post("/partner/alerts/"+r.alert+"/removed", nil).want(200)
	partner.get("/partner/pfif.xml").want(200).lacks("pfif:person>")
	s.as(alerts.RoleCoordinator).get("/partner/pfif.xml").wrong(403, "")
}

func TestThePreviewIsWhatGoesOut(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty, nobody := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePublic)
	r := s.release("public_appeal")
	texts := anAlert(s, "", "")["texts"].(map[string]any)
	texts["en"] = map[string]any{"headline": "Missing boy", "description": "He wears a red watch with a dragon.", "instruction": "Call 192."}
	up := ana.post("/alerts/"+r.alert+"/update", map[string]any{
		"texts": texts, "hold_back": "a red watch with a dragon",
		"criteria": map[string]any{"list": "RS", "answers": map[string]any{"abducted": map[string]any{"answer": "yes", "note": "two witnesses"}, "under_seven": map[string]any{"answer": "no"}}},
	}).want(201)
	if up.text("warnings.0.field") != "texts.en.description" {
		t.Errorf("no warning of the held-back detail: %s", up.body)
	}
	at := "/desk/alerts/" + r.alert
	ana.send("GET", at, nil).want(200).has(`id="warnings"`, "two witnesses", "The child has been abducted", at+"/preview")
	ana.send("GET", at+"/preview?lang=en", nil).want(200).has("red watch", "square.png", "&lt;msgType&gt;Update&lt;/msgType&gt;", `id="warnings"`)
	ana.send("GET", at+"/edit", nil).want(200).has(`name="criteria.answers.abducted.answer"`, "two witnesses")
	page := ana.send("GET", at+"/preview/page?lang=en", nil).want(200).has("red watch", "not released")
	nobody.send("GET", "/appeals/"+r.slug+"?lang=en", nil).want(200).lacks("red watch")
	if b := ana.send("GET", at+"/preview/square.png?lang=sr-Latn", nil).want(200); must(png.DecodeConfig(bytes.NewReader(b.body))).Width != 1080 {
		t.Error("the share image is no picture")
	}
	ana.send("GET", at+"/preview/poster.pdf?lang=en", nil).want(200)
	cap := ana.send("GET", at+"/preview/cap.xml", nil).want(200).lacks("two witnesses", "hold")
	v := ana.get("/alerts/" + r.alert + "/preview").want(200)
	if v.text("appeal.texts.en.description") != v.text("partner.texts.en.description") || v.text("cap") != string(cap.body) || bytes.Contains(v.body, []byte("two witnesses")) {
		t.Errorf("the preview for programs differs: %s", v.body)
	}
	for _, path := range []string{"", "/page", "/photo", "/poster.pdf", "/square.png", "/portrait.png", "/cap.xml"} {
		if got := nobody.send("GET", at+"/preview"+path, nil); got.status != 303 {
			t.Errorf("anybody gets the preview%s: %d", path, got.status)
		}
		if c := ana.send("GET", at+"/preview"+path, nil).header.Get("Cache-Control"); c != "no-store" {
			t.Errorf("the preview%s may be kept: %q", path, c)
		}
	}
	duty.post("/alerts/"+r.alert+"/release", map[string]any{"content_hash": up.text("content_hash")}).want(200)
	out := nobody.send("GET", "/appeals/"+r.slug+"?lang=en", nil).want(200)
	inner := func(b []byte) string {
		_, rest, _ := strings.Cut(string(b), "<div lang=")
		in, _, _ := strings.Cut(rest, `<p class="quiet">`)
		return in
	}
	if inner(out.body) != inner(page.body) || inner(out.body) == "" {
		t.Errorf("the page is not as in the preview:\n%s\n%s", inner(out.body), inner(page.body))
	}
}

func TestCriteriaBindTheRelease(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	r := s.release("public_appeal")
	first := ana.post("/alerts/"+r.alert+"/update", map[string]any{"criteria": map[string]any{"list": "EU", "answers": map[string]any{"minor": map[string]any{"answer": "yes"}}}}).want(201).text("content_hash")
	second := ana.post("/alerts/"+r.alert+"/update", map[string]any{"criteria": map[string]any{"list": "EU", "answers": map[string]any{"minor": map[string]any{"answer": "no"}}}}).want(201).text("content_hash")
	duty.post("/alerts/"+r.alert+"/release", map[string]any{"content_hash": first}).want(409)
	duty.post("/alerts/"+r.alert+"/release", map[string]any{"content_hash": second}).want(200)
	if v := ana.get("/alerts/" + r.alert).want(200); v.text("criteria.version") != "2008" || v.text("criteria.answers.0.answer") != "no" {
		t.Errorf("the record is %s", v.body)
	}
	ana.post("/alerts/"+r.alert+"/update", map[string]any{"criteria": map[string]any{"list": "ZZ", "answers": map[string]any{}}}).wrong(422, "criteria.list")
	if l := ana.get("/criteria").want(200); l.count("items") != 5 {
		t.Errorf("the lists are %s", l.body)
	}
}

func TestRumourDesk(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty, nobody := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePublic)
	known := s.release("public_appeal")
	ana.send("GET", "/desk/rumours/new", nil).want(200)
	ana.form("/desk/rumours/new", "verdict", "old", "since", "2031-03-09", "texts.en.headline", "It is case "+known.number+"1").want(422).has(`id="e-since"`)
	ana.form("/desk/rumours/new", "verdict", "old", "since", "2031-03-01", "links", "https://www.example.org/post/1?utm_source=x\nhttp://example.net/a", "idempotency_key", "k1",
		"texts.en.headline", "A girl taken by a white van", "texts.en.description", "This goes round since 2019.", "texts.sr-Latn.headline", "Devojčica u kombiju", "texts.sr-Latn.description", "Kruži od 2019.").want(303)
	id := ana.get("/rumours").want(200).text("items.0.id")
	nobody.send("GET", "/rumours", nil).want(200).lacks("white van")
	ana.send("GET", "/desk/rumours/"+id, nil).want(200).has("white van", "another person")
	hash := ana.get("/rumours/" + id).want(200).text("content_hash")
	ana.form("/desk/rumours/"+id+"/approve", "content_hash", hash).want(403)
	duty.form("/desk/rumours/"+id+"/approve", "content_hash", "x", "idempotency_key", "k2").want(409)
	duty.send("GET", "/desk/rumours/"+id, nil).want(200).has(hash)
	duty.form("/desk/rumours/"+id+"/approve", "content_hash", hash, "idempotency_key", "k3").want(303)
	nobody.send("GET", "/rumours", nil).want(200).has("white van", "Old").lacks("example.org/post", known.number)
	nobody.with("Accept-Language", "sr-Latn").send("GET", "/rumours", nil).want(200).has("Devojčica u kombiju", "Staro")
	nobody.form("/rumours", "link", "example.org/post/1/").want(200).has("Old", "white van")
	nobody.form("/rumours", "link", "https://homeward.example.org/appeals/"+known.slug).want(200).has("It is not on the list").lacks("Đorđe")
	list := nobody.get("/public/rumours").want(200).lacks("example.org", known.number)
	if list.text("items.0.link_sha256.0") != alerts.LinkHash("example.org/post/1") {
		t.Errorf("the hash of the link is %s", list.body)
	}
	ana.form("/desk/rumours/"+id+"/retract", "reason", "a real one", "idempotency_key", "k4").want(303)
	nobody.send("GET", "/rumours", nil).want(200).lacks("white van")
	nobody.get("/public/rumours").want(200).has("retracted").lacks("white van", "a real one")
	for _, path := range []string{"/desk/rumours", "/desk/rumours/new", "/desk/rumours/" + id} {
		if got := nobody.send("GET", path, nil); got.status != 303 {
			t.Errorf("anybody gets %s: %d", path, got.status)
		}
	}
	nobody.get("/rumours").wrong(401, "")
	s.as(alerts.RolePartner).get("/rumours").wrong(403, "")
}
