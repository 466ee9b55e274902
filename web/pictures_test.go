package web

import (
	"net/url"
	"strings"
	"testing"

	"homeward/alerts"
)

func aBox(x, y, w, h float64) map[string]any {
	return map[string]any{"x": x, "y": y, "width": w, "height": h}
}

// me is the account of somebody who signed in.
func me(c client) string { return c.get("/me").want(200).text("id") }

// aCaseWithPhoto opens a case with a photo on which others can be recognised.
func (s *testServer) aCaseWithPhoto() (at, photo string) {
	s.t.Helper()
	ana := s.as(alerts.RoleCoordinator)
	at = "/cases/" + ana.post("/cases", aCase(s)).want(201).text("id")
	form, kind := formWith("photo", "x.jpg", jpegOf(corners(160, 120)), "taken_on", "2030", "source", "the school", "use", "public", "others", "others")
	return at, ana.with("Content-Type", kind).post(at+"/photos", form).want(201).text("id")
}

func (s *testServer) goThroughPictures() {
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	at, photo := s.aCaseWithPhoto()
	one := at + "/photos/" + photo
	ana.post(one, map[string]any{"use": "everybody"}).wrong(422, "use")
	ana.post(one, map[string]any{"others": "none"}).wrong(422, "others")
	ana.post(one+"/alone", nil).want(403)
	ana.post(one+"/cover", map[string]any{"covered": []any{aBox(90, 0, 20, 20)}, "nobody_else": false}).wrong(422, "covered[0]")
	made := ana.post(one+"/cover", map[string]any{"covered": []any{aBox(0, 0, 50, 50)}, "crop": aBox(0, 0, 100, 50), "nobody_else": true, "main": true}).want(201)
	if made.text("others") != "covered" || made.at("height") != 60.0 {
		s.t.Errorf("%s", made.body)
	}
	ana.get(at + "/photos/" + made.text("id")).want(200)
	duty.post(one+"/alone", nil).want(200)
	ana.post(one, map[string]any{"main": true, "place": 2, "taken_on": "2029-05", "source": "an aunt", "use": "partners"}).want(200)
	ana.post(one+"/remove", map[string]any{"why": ""}).wrong(422, "why")
	ana.post(one+"/remove", map[string]any{"why": "a mistake"}).want(200)
	ana.get(one).want(404)
	ana.post(one+"/restore", nil).want(200)
	ana.get(one).want(200)

	if n := ana.get("/document-slots").want(200).count("items"); n < 10 {
		s.t.Errorf("%d kinds of papers", n)
	}
	send := func(file []byte, pairs ...string) reply {
		form, kind := formWith("file", `C:\papers\odluka.pdf`, file, pairs...)
		return ana.with("Content-Type", kind).post(at+"/documents", form)
	}
	send([]byte("%PDF-1.7 /JavaScript %%EOF"), "slot", "will").wrong(422, "slot")
	send([]byte("PK\x03\x04"), "slot", "custody_order").wrong(422, "file")
	send(aPDF("x"), "slot", "custody_order", "colour", "red").wrong(400, "colour")
	ana.with("Content-Type", "application/pdf").post(at+"/documents", aPDF("x")).want(415)
	doc := send(aPDF("Decision"), "slot", "custody_order", "note", "first page").want(201)
	if doc.text("versions.0.name") != "odluka.pdf" {
		s.t.Errorf("%s", doc.body)
	}
	again := send(jpegOf(corners(16, 16)), "replaces", doc.text("id")).want(201)
	file := at + "/documents/" + doc.text("id") + "/versions/"
	first := ana.get(file + doc.text("versions.0.id")).want(200).has("%PDF-")
	if h := first.header; h.Get("Content-Disposition") != `attachment; filename="document.pdf"` || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
		s.t.Errorf("%v", h)
	}
	if h := ana.get(file + again.text("versions.1.id")).want(200).header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		s.t.Errorf("%v", h)
	}
	ana.post(at+"/documents/"+doc.text("id")+"/remove", map[string]any{"why": "another child's"}).want(200)
	ana.get(file + doc.text("versions.0.id")).want(404)
}

func (s *testServer) goThroughSealing() {
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	at, photo := s.aTipWithPicture(32)
	ana.post(at+"/photos/"+photo+"/seal", map[string]any{"why": ""}).wrong(422, "why")
	ana.post(at+"/photos/"+photo+"/seal", map[string]any{"why": "may show abuse"}).want(200)
	ana.get(at + "/photos/" + photo).want(403)
	ana.post(at+"/photos/"+photo+"/viewers", map[string]any{"viewers": []string{"nobody"}}).wrong(422, "viewers")
	ana.post(at+"/photos/"+photo+"/viewers", map[string]any{"viewers": []string{me(ana), me(duty)}}).want(200)
	ana.get(at + "/photos/" + photo).want(200)
	ana.post(at+"/photos/"+photo+"/unseal", map[string]any{"why": "a dog"}).want(403)
	ana.post(at+"/photos/"+photo+"/police", map[string]any{"at": s.now(), "unit": "Unit for high technology crime", "reference": "KU 7"}).want(200)
	duty.post(at+"/photos/"+photo+"/unseal", map[string]any{"why": "a dog"}).want(409)
	at, photo = s.aTipWithPicture(40)
	ana.post(at+"/photos/"+photo+"/seal", map[string]any{"why": "may show abuse"}).want(200)
	duty.post(at+"/photos/"+photo+"/viewers", map[string]any{"viewers": []string{me(ana), me(duty)}}).want(200)
	duty.post(at+"/photos/"+photo+"/unseal", map[string]any{"why": "a dog"}).want(200)
}

// aTipWithPicture records a sighting with a picture of that size.
func (s *testServer) aTipWithPicture(size int) (at, photo string) {
	s.t.Helper()
	photo = s.as(alerts.RolePublic).with("Content-Type", "image/jpeg").post("/public/photos", jpegOf(corners(size, size))).want(201).text("id")
	return "/sightings/" + s.as(alerts.RoleCoordinator).post("/sightings", edited(aSighting(s), []string{photo}, "photos")).want(201).text("id"), photo
}

func TestSealingPagesWorkWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	at, photo := s.aTipWithPicture(48)
	page := "/desk" + at
	ana.send("GET", page, nil).want(200).has(page+"/photos/"+photo+"/blurred.jpg", "It must not be looked at")
	if r := ana.send("GET", page+"/photos/"+photo+"/blurred.jpg", nil).want(200); r.header.Get("Content-Type") != "image/jpeg" {
		t.Error(r.header)
	}
	ana.form(page+"/photos/"+photo+"/seal", "why", "").want(422)
	locationOf(ana.form(page+"/photos/"+photo+"/seal", "why", "may show abuse"))
	ana.send("GET", page, nil).want(200).has("This picture is sealed", "Nobody may open it yet").lacks("blurred.jpg", "/api/v1"+at+"/photos/"+photo)
	ana.send("GET", page+"/photos/"+photo+"/blurred.jpg", nil).want(404)
	duty.form(page+"/photos/"+photo+"/viewers", "viewers", me(duty)).want(422).has("Name two different people.")
	locationOf(duty.form(page+"/photos/"+photo+"/viewers", "viewers", me(duty), "viewers", me(ana)))
	ana.send("GET", page, nil).want(200).has("/api/v1" + at + "/photos/" + photo)
	ana.form(page+"/photos/"+photo+"/unseal", "why", "a dog").want(422).has("not the one who sealed it")
	ana.form(page+"/photos/"+photo+"/police", "unit", "Unit").want(422).has("This is needed.")
	locationOf(ana.form(page+"/photos/"+photo+"/police", "unit", "Unit", "reference", "KU 7"))
	ana.send("GET", page, nil).want(200).has("Handed to the police", "KU 7")
}

func TestPicturesPagesWorkWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	at, photo := s.aCaseWithPhoto()
	page := "/desk" + at
	ana.send("GET", page+"/photos", nil).want(200).has("Somebody else can be recognised on it.", "the school", "Cover others")
	ana.form(page+"/photos/"+photo, "use", "nobody", "taken_on", "yesterday").want(422).has(`value="yesterday"`, "Write the date")
	ana.form(page + "/photos/" + photo + "/alone").want(409).has("Another person than the one who marked it")
	locationOf(duty.form(page+"/photos/"+photo, "act", "place", "place", "1"))

	ana.send("GET", page+"/cover", nil).want(200).has("Press one corner", photo)
	pressed := ana.form(page+"/cover", "photo", photo, "boxes", "0", "height", "240", "corner", "", "tool", "covered", "at.x", "32", "at.y", "24").want(200)
	if pressed.value("corner") != "10,10" {
		t.Fatalf("the first corner is %q", pressed.value("corner"))
	}
	pressed = ana.form(page+"/cover", "photo", photo, "boxes", "0", "height", "240", "corner", "10,10", "tool", "covered", "at.x", "160", "at.y", "120").want(200)
	pressed.has(`name="covered[0].x" data-side="x" inputmode="decimal" value="10"`, `name="covered[0].width" data-side="width" inputmode="decimal" value="40"`)
	fields := []string{"photo", photo, "boxes", "1", "covered[0].x", "10", "covered[0].y", "10", "covered[0].width", "40", "covered[0].height", "40"}
	ana.form(page+"/cover", append(fields, "act", "undo")...).want(200).lacks(`name="covered[0].x" data-side="x" inputmode="decimal" value="10"`)
	ana.form(page+"/cover", append(fields, "act", "drop 1")...).want(200).has("Nothing is drawn yet.")
	ana.form(page+"/cover", append(fields, "act", "add")...).want(200).has(`name="covered[1].x"`)
	ana.form(page+"/cover", append(fields, "act", "save")...).want(422).has("Look at the new picture")
	ana.form(page+"/cover", "photo", photo, "boxes", "1", "covered[0].x", "90", "covered[0].y", "x", "covered[0].width", "40", "covered[0].height", "40", "act", "save", "nobody_else", "yes").want(422).has("Write a number.")
	query := url.Values{"photo": {photo}, "view": {"result"}, "box": {"10,10,40,40"}}
	if r := ana.send("GET", page+"/cover/picture.jpg?"+query.Encode(), nil).want(200); r.header.Get("Content-Type") != "image/jpeg" {
		t.Error(r.header)
	}
	for _, bad := range []string{"1,2,3", "90,0,20,20", "NaN,0,20,20"} {
		query.Set("box", bad)
		ana.send("GET", page+"/cover/picture.jpg?"+query.Encode(), nil).want(422)
	}
	s.as(alerts.RoleLegal).send("GET", page+"/cover", nil).want(403)
	locationOf(ana.form(page+"/cover", append(fields, "act", "save", "nobody_else", "yes")...))
	ana.send("GET", page+"/photos", nil).want(200).has("Others were made unrecognisable")
	ana.form(page+"/photos/"+photo+"/remove", "why", "").want(422)
	locationOf(ana.form(page+"/photos/"+photo+"/remove", "why", "a mistake"))
	ana.send("GET", page+"/photos", nil).want(200).has("1 photo was taken off", "a mistake")
	locationOf(ana.form(page + "/photos/" + photo + "/restore"))
	form, kind := formWith("photo", "x.jpg", []byte("no picture"), "source", "an uncle")
	ana.with("Content-Type", kind).send("POST", page+"/photos", form).want(422).has("an uncle", "Say whether somebody else", "Send a JPEG or PNG")

	ana.send("GET", page+"/documents", nil).want(200).has("Copy of the report to the police", "Still missing")
	form, kind = formWith("file", "x.exe", []byte("MZ"), "slot", "police_report", "note", "sent by the mother")
	ana.with("Content-Type", kind).send("POST", page+"/documents", form).want(422).has("sent by the mother", "Send a PDF, or a picture")
	form, kind = formWith("file", "x.pdf", aPDF("Report"), "slot", "police_report", "note", "sent by the mother")
	locationOf(ana.with("Content-Type", kind).send("POST", page+"/documents", form))
	ana.send("GET", page+"/documents", nil).want(200).has("x.pdf", "sent by the mother", "download")
}

func TestIntakeTakesPapersAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	page := ana.send("GET", "/desk/cases/new", nil).want(200)
	typed := []string{"intake", hidden(page, "intake"), "intake_version", "0", "intake_tab", hidden(page, "intake_tab"), "idempotency_key", "a key of this form, long enough", "children.count", "1", "children[0].names.count", "1", "children[0].names[0].given", "Tekla", "children[0].birth_date", "2020",
		"category", "runaway", "circumstances", "She left by the back door.", "act", "open"}
	form, kind := formWith("document.police_report", "x.zip", []byte("PK"), typed...)
	ana.with("Content-Type", kind).send("POST", "/desk/cases/new", form).want(422).has("She left by the back door.", "Tekla", "Send a PDF, or a picture", `id="f-document.police_report"`)
	form, kind = formWith("document.police_report", "prijava.pdf", aPDF("Report"), typed...)
	at := locationOf(ana.with("Content-Type", kind).send("POST", "/desk/cases/new", form))
	if again := locationOf(ana.with("Content-Type", kind).send("POST", "/desk/cases/new", form)); again != at {
		t.Errorf("a repeat opened %s beside %s", again, at)
	}
	v := ana.get(strings.TrimPrefix(at, "/desk")).want(200)
	if v.count("documents") != 1 || v.text("documents.0.versions.0.name") != "prijava.pdf" || v.text("documents.0.slot") != "police_report" {
		t.Errorf("documents %v", v.at("documents"))
	}
}
