package web

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/alerts/paper"
)

// aPDF is a small PDF that nothing is wrong with.
func aPDF(text string) []byte {
	p := paper.New(paper.Options{Lang: "en"})
	p.Text(text)
	return must(p.Bytes())
}

func TestPDFsThatCouldDoSomethingAreRefused(t *testing.T) {
	t.Parallel()
	packed := func(s string) string {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return fmt.Sprintf("%%PDF-1.7\n1 0 obj\n<</Type /ObjStm /N 1 /Filter /FlateDecode>>\nstream\r\n%s\nendstream endobj\n%%%%EOF", b.Bytes())
	}
	plain := func(s string) string { return "%PDF-1.7\n1 0 obj " + s + " endobj\n%%EOF\n" }
	for name, x := range map[string]struct{ pdf, want string }{
		"plain":                       {string(aPDF("A paper.")), ""},
		"with a link":                 {plain("<</Type /Annot /A <</S /URI /URI (https://example.org)>>>>"), ""},
		"script":                      {plain("<</S /JavaScript /JS (app.alert(1))>>"), "active_pdf"},
		"script in a written-out way": {plain("<</S /J#61vaScript>>"), "active_pdf"},
		"launch":                      {plain("<</S /Launch /F (x.exe)>>"), "active_pdf"},
		"a file inside":               {plain("<</Type /EmbeddedFile>>"), "active_pdf"},
		"a form that sends":           {plain("<</S /SubmitForm>>"), "active_pdf"},
		"script in packed objects":    {packed("<</S /JavaScript>>"), "active_pdf"},
		"harmless packed objects":     {packed("<</Type /Page>>"), ""},
		"packed in another way":       {"%PDF-1.7\n1 0 obj <</Type /ObjStm>> stream\nnot zlib\nendstream\n%%EOF", "complex_pdf"},
		"locked":                      {plain("<</Encrypt 5 0 R>>"), "locked_pdf"},
		"cut off":                     {"%PDF-1.7\n1 0 obj", "broken_pdf"},
	} {
		if got, _ := pdfFault([]byte(x.pdf)); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	bomb := packed(strings.Repeat("x", pdfUnpacked+1))
	if got, _ := pdfFault([]byte(bomb)); got != "complex_pdf" {
		t.Errorf("a PDF that unpacks to too much: %q", got)
	}
}

func FuzzPDFFault(f *testing.F) {
	f.Add([]byte("%PDF-1.7\n1 0 obj <</Type /ObjStm>> stream\nnot zlib\nendstream\n%%EOF"))
	f.Add([]byte("%PDF-1.7 /J#61v#6 stream /#4 %%EOF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if code, message := pdfFault(b); (code == "") != (message == "") {
			t.Errorf("%q without its sentence", code)
		}
	})
}

func TestNamesOfFilesAreOneLineWithoutAPath(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`C:\scans\izvod.pdf`: "izvod.pdf", "../../etc/passwd": "passwd", "a\r\nb.pdf": "ab.pdf", "": "", "/": "",
		strings.Repeat("š", 300): strings.Repeat("š", 120),
	} {
		if got := plainName(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// aMatter opens an abduction matter and returns its address on the desk.
func (s *testServer) aMatter() string {
	s.t.Helper()
	ana := s.as(alerts.RoleCoordinator)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	return "/abductions/" + ana.post("/cases/"+id+"/abduction", map[string]any{
		"kind": "removal", "wrongful_date": "2031-01-10", "from_state": "RS", "to_state": "DE", "legal_route": "hague1980",
		"left_behind": "the mother", "taking_person": "the father", "custody_basis": "joint custody by law",
	}).want(201).text("id")
}

func (s *testServer) goThroughPapers() {
	ana, at := s.as(alerts.RoleCoordinator), s.aMatter()
	if n := ana.get(at + "/papers").want(200).count("items"); n < 10 {
		s.t.Errorf("%d papers", n)
	}
	own := ana.post(at+"/papers", map[string]any{"title": "Letter of the school"}).want(201).text("id")
	ana.post(at+"/papers/"+own, map[string]any{"state": "received", "on": "2031-02-01", "language": "sr", "note": "a copy", "keep_from": []string{"left_behind"}}).want(200)
	ana.post(at+"/papers/form", map[string]any{"state": "lost"}).wrong(422, "state")
	v := ana.with("Content-Type", "application/pdf").post(at+"/papers/custody_decision/files", aPDF("Decision")).want(201)
	file := at + "/papers/custody_decision/files/" + v.text("files.0.id")
	if r := ana.get(file).want(200); r.header.Get("Content-Disposition") != `attachment; filename="paper.pdf"` || !strings.Contains(r.header.Get("Content-Security-Policy"), "sandbox") {
		s.t.Errorf("%v", r.header)
	}
	form, kind := formWith("file", "slika.jpg", jpegOf(corners(16, 16)))
	ana.with("Content-Type", kind).post(at+"/papers/proof_of_removal/files", form).want(201)
	ana.with("Content-Type", "application/pdf").post(at+"/papers/form/files", []byte("%PDF-1.7 /JavaScript %%EOF")).wrong(422, "file")
	ana.with("Content-Type", "application/zip").post(at+"/papers/form/files", []byte("PK")).want(415)
	ana.get(at + "/application?recipient=court&language=sr-Latn").want(200)
	ana.get(at+"/application?recipient=anybody").wrong(422, "recipient")
	ana.post(at+"/application", map[string]any{"answers": []any{map[string]any{"field": "applicant.address", "value": "Primerna 5"}}}).want(200).has("Primerna 5")
	ana.post(at+"/application", map[string]any{"answers": []any{map[string]any{"field": "nothing", "value": "x"}}}).wrong(422, "answers[0].field")
	draft := ana.get(at + "/letter-draft?template=court_delay&recipient=court&language=en").want(200)
	letter := ana.post(at+"/letters", map[string]any{
		"template": "court_delay", "recipient": "court", "language": "en", "addressee": "Court", "subject": draft.text("subject"), "body": draft.text("body"),
	}).want(201)
	ana.get(at + "/letters/1").want(200)
	ana.get(at + "/letters/1/letter.pdf").want(200).has("%PDF-")
	ana.get(at + "/letters/9").want(404)
	ana.get(at + "/bundles/plan?recipient=court&language=en").want(200)
	ana.post(at+"/bundles", map[string]any{"recipient": "court", "language": "en", "letter": letter.at("n"), "papers": []string{"custody_decision"}}).want(201)
	ana.get(at + "/bundles/1/bundle.pdf").want(200).has("%PDF-")
	archive := ana.get(at + "/bundles/1/bundle.zip").want(200).body
	if z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive))); err != nil || len(z.File) != 4 {
		s.t.Errorf("%v %v", err, z)
	}
	ana.delete(file).want(200)
	ana.get(file).want(404)
	ana.get(at + "/bundles/1/bundle.zip").want(409)
}

func TestPapersPagesWorkWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, at := s.as(alerts.RoleCoordinator), s.aMatter()
	page := "/desk" + at
	ana.send("GET", page+"/papers", nil).want(200).has("Birth certificate of the child", "lines are still missing", "not here yet", "not checked by a lawyer")
	locationOf(ana.form(page+"/papers/form", "state", "received", "on", "2031-02-01", "act", "done"))
	ana.form(page+"/papers/form", "state", "received", "on", "2099-01-01", "act", "done").want(422).has("has not come yet", `id="d-paper-form"`)
	locationOf(ana.form(page+"/papers/form", "act", "about", "language", "sr", "note", "two pages", "keep_from", "taking_person"))
	ana.send("GET", page+"/papers", nil).want(200).has("two pages", `value="taking_person" checked`)
	body, kind := formWith("file", "odluka.pdf", aPDF("Decision"))
	locationOf(ana.with("Content-Type", kind).send("POST", page+"/papers/custody_decision/files", body))
	bad, kind := formWith("file", "x.pdf", []byte("%PDF-1.7 /Launch %%EOF"))
	ana.with("Content-Type", kind).send("POST", page+"/papers/custody_decision/files", bad).want(422).has("holds a program")
	locationOf(ana.form(page+"/papers", "title", "School letter"))
	ana.form(page+"/papers", "title", "").want(422).has(`href="#f-title"`)

	ana.send("GET", page+"/application", nil).want(200).has("joint custody by law", "still missing", "I. Identity of the child")
	locationOf(ana.form(page+"/application", "a:applicant.address", "Primerna 5", "a:taker.name", "Petar Primer"))
	ana.send("GET", page+"/application", nil).want(200).has(`value="Primerna 5"`, "In the case: the father")
	ana.send("GET", page+"/application?recipient=court&language=sr-Cyrl", nil).want(200).has("Primerna 5", "Подаци о детету").lacks("<textarea")
	ana.form(page+"/application", "a:taker.name", strings.Repeat("x", 5000)).want(422)

	ana.send("GET", page+"/letters/new", nil).want(200).has("Cover letter to the central authority")
	ana.send("GET", page+"/letters/new?template=cover&language=sr-Latn", nil).want(200).has("Poštovani", "joint custody by law")
	made := locationOf(ana.form(page+"/letters/new", "template", "court_delay", "recipient", "court", "language", "en", "addressee", "Court\r\nTown", "subject", "Delay", "body", "Why?"))
	ana.send("GET", made, nil).want(200).has("Why?", "was not checked against its source")
	ana.send("GET", page+"/letters/new?replaces=1", nil).want(200).has("Why?")
	locationOf(ana.form(page+"/letters/new", "template", "court_delay", "recipient", "court", "language", "en", "addressee", "Court", "subject", "Delay", "body", "Why so late?", "replaces", "1", "basis_checked", "yes"))
	ana.send("GET", page+"/letters/2", nil).want(200).has("version 2").lacks("was not checked")
	ana.form(page+"/letters/new", "template", "court_delay", "recipient", "court", "language", "en", "subject", "", "body", "x").want(422).has(`href="#f-subject"`)

	ana.send("GET", page+"/bundle", nil).want(200).has("For whom")
	ana.send("GET", page+"/bundle?recipient=court&language=en", nil).want(200).has("Decision or agreement on custody", "Every party of the proceedings", "Request for the reasons for the delay")
	locationOf(ana.form(page+"/bundle", "recipient", "court", "language", "en", "letter", "2", "papers", "custody_decision"))
	ana.send("GET", page+"/papers", nil).want(200).has("papers/01-custody-decision-1.pdf", "bundles/1/bundle.zip", "School letter")
	s.as(alerts.RoleLegal).send("GET", page+"/papers", nil).want(404)
	s.as(alerts.RoleAdministrator).send("GET", page+"/papers", nil).want(403)
	s.as(alerts.RolePoliceLiaison).form(page+"/papers", "title", "x").want(403)
}
