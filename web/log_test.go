package web

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
)

// anEntry is a request to an institution.
func anEntry(s *testServer, institution string, more ...any) map[string]any {
	out := map[string]any{"institution_id": institution, "direction": "out", "channel": "letter", "at": s.now().Add(-30 * 24 * time.Hour), "request": "Send the report.", "promised_date": s.now().Add(-20 * 24 * time.Hour).Format(time.DateOnly)}
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i].(string)] = more[i+1]
	}
	return out
}

func (s *testServer) enter(name, kind string, roles ...string) string {
	s.t.Helper()
	return s.as(alerts.RoleCoordinator).post("/institutions", map[string]any{"name": name, "kind": kind, "country": "RS", "roles": roles}).want(201).text("id")
}

// logs are a log of a case and one of a matter, each with one entry that is
// overdue.
func (s *testServer) twoLogs() []string {
	s.t.Helper()
	ana := s.as(alerts.RoleCoordinator)
	centre := s.enter("Centar Primer", "social_work_centre")
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	m := ana.post("/cases/"+id+"/abduction", map[string]any{"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "RS", "to_state": "DE"}).want(201).text("id")
	out := []string{"/cases/" + id + "/inquiries", "/abductions/" + m + "/contacts"}
	for _, at := range out {
		ana.post(at, anEntry(s, centre, "next_step", "look", "next_due", "2031-03-01")).want(201)
	}
	return out
}

func (s *testServer) goThroughInstitutions() {
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	for _, at := range s.twoLogs() {
		ana.get(at).want(200)
		v := ana.get(at + "/1/ladder?language=en").want(200)
		rung, to := v.text("rungs.0.id"), v.text("letter.institution_id")
		ana.get(at + "/1/ladder?rung=" + rung + "&institution=" + to).want(200)
		ana.post(at+"/1/done", map[string]any{"note": "n"}).want(200)
		ana.post(at+"/1/escalate", map[string]any{"rung": rung, "institution_id": to, "channel": "email", "at": s.now(), "language": "en", "subject": v.text("letter.subject"), "text": v.text("letter.text")}).want(201)
		ana.post(at+"/1/answer", map[string]any{"at": s.now(), "text": "late", "satisfied": "partly", "person": "Mira", "documents": []any{map[string]any{"title": "Report", "direction": "received"}}}).want(200)
	}
	inst := ana.post("/institutions", map[string]any{"name": "Novi sud", "kind": "court", "country": "RS", "area": "Primer", "time_zone": "Europe/Belgrade", "people": []any{map[string]any{"name": "Mira", "channels": []any{map[string]any{"kind": "phone", "value": "+381 11 000 0044"}}}}}).want(201)
	one := "/institutions/" + inst.text("id")
	ana.get(one).want(200)
	ana.with("If-Match", inst.header.Get("ETag")).post(one+"/verify", nil).want(200)
	ana.post(one+"/verify", nil).wrong(428, "")
	duty.post(one+"/forget-people", nil).want(200)
	ana.get("/institutions-to-check").want(200)
	ana.get("/institutions?region=RS-14&language=sr").want(200)
	file := ana.get("/institutions.csv").want(200)
	csv := ana.with("Content-Type", "text/csv")
	csv.send("POST", "/api/v1/institutions/import", file.body).want(200)
	csv.send("POST", "/api/v1/institutions/import?apply=true", "name,kind,country\nTreći sud,court,RS\n").want(200)
	csv.send("POST", "/api/v1/institutions/import", []byte{0xff}).wrong(422, "file")
	ana.get("/barometer?from=2031-01-01&to=2031-12-31").want(200)
	ana.get("/barometer?public=true").want(200)
	ana.get("/barometer.csv").want(200)
	ana.get("/barometer.csv?public=true").want(200)
	ana.get("/barometer?from=2031-02-01&to=2031-01-01").wrong(422, "to")
	ana.get("/deadlines?kind=step").want(200)
	ana.get("/deadlines?kind=remedy").want(200)
}

// TestAttackOnALog tries to change what was logged by every way that there is.
func TestAttackOnALog(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	for _, at := range s.twoLogs() {
		entry := ana.get(at).want(200)
		before := string(entry.body)
		for _, method := range []string{"PATCH", "PUT", "DELETE"} {
			for _, path := range []string{at, at + "/1", at + "/1/answer", at + "/1/done", at + "/1/escalate"} {
				if r := ana.with("If-Match", `"1"`).api(method, path, map[string]any{"request": "other", "contacts": []any{}}); r.status != 404 && r.status != 405 {
					t.Errorf("%s %s: %d", method, path, r.status)
				}
			}
		}
		institution := entry.text("contacts.0.institution_id")
		// Fields that are not to be set, numbers that are not there, and entries
		// that would stand for others.
		for _, field := range []string{"n", "id", "recorded_by", "recorded_at", "answer", "state", "escalates", "rung", "statutory_date", "next", "overdue"} {
			ana.post(at, anEntry(s, institution, field, 1)).wrong(400, field)
		}
		ana.post(at, anEntry(s, institution, "corrects", 2)).wrong(422, "corrects")
		ana.post(at, anEntry(s, institution, "follows", 9e15)).wrong(422, "follows")
		for _, n := range []string{"0", "-1", "2", "1.0", "01x", "9999999999999999999999", "%31%00"} {
			for _, act := range []string{"answer", "done", "escalate"} {
				if r := ana.post(at+"/"+n+"/"+act, map[string]any{}); r.status != 404 && r.status != 400 && r.status != 422 {
					t.Errorf("%s: %d", r.what, r.status)
				}
			}
		}
		if after := string(ana.get(at).want(200).body); after != before {
			t.Errorf("the log is another one:\n%s\n%s", before, after)
		}
		s.raceForAnswers(at)
		answered := string(ana.get(at).want(200).body)
		for _, body := range []map[string]any{{"at": s.now(), "text": "other", "satisfied": "no"}, {"at": s.now(), "text": "", "satisfied": ""}} {
			ana.post(at+"/1/answer", body).wrong(409, "")
		}
		ana.post(at+"/1/done", map[string]any{"note": "again"}).wrong(409, "")
		if after := string(ana.get(at).want(200).body); after != answered {
			t.Errorf("a second answer changed the log:\n%s\n%s", answered, after)
		}
	}
}

// raceForAnswers sends many answers and ends of the step at once: one of each
// gets through, and a repeat under the same key is answered alike.
func (s *testServer) raceForAnswers(at string) {
	s.t.Helper()
	ana := s.as(alerts.RoleCoordinator)
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for i := range 8 {
		for act, body := range map[string]map[string]any{"answer": {"at": s.now(), "text": fmt.Sprint("answer ", i), "satisfied": "partly"}, "done": {"note": fmt.Sprint("note ", i)}} {
			wg.Go(func() {
				c := ana.with("Idempotency-Key", fmt.Sprint(at, act, i))
				first, again := c.post(at+"/1/"+act, body), c.post(at+"/1/"+act, body)
				mu.Lock()
				defer mu.Unlock()
				got[fmt.Sprint(act, first.status)]++
				if first.status != again.status {
					s.t.Errorf("%s: %d, and once more %d", first.what, first.status, again.status)
				}
			})
		}
	}
	wg.Wait()
	if raw, _ := json.Marshal(got); string(raw) != `{"answer200":1,"answer409":7,"done200":1,"done409":7}` {
		s.t.Errorf("%s: %s", at, raw)
	}
}

// TestPressingAnInstitution logs a request on a case through the pages, takes it
// to the Ombudsman, and finds it among the deadlines.
func TestPressingAnInstitution(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	centre, ombudsman := s.enter("Centar Primer", "social_work_centre"), s.enter("Zastitnik Primer", "ombudsman", "control")
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	at := "/desk/cases/" + id + "/inquiries"
	ana.send("GET", at, nil).want(200).has("Log a contact", "Nobody has been contacted yet.")
	ana.form(at, "institution_id", "", "direction", "out", "channel", "letter", "request", "Typed text", "documents.title", "A paper", "documents.direction", "sent", "next_step", "look").
		want(422).has(`href="#f-institution_id"`, `href="#f-next_due"`, "Typed text", `value="A paper"`)
	day := s.now().Add(-40 * 24 * time.Hour).In(s.zone())
	locationOf(ana.form(at, "institution_id", centre, "direction", "out", "channel", "letter", "at.date", day.Format(time.DateOnly), "at.time", "09:00", "matter", "administrative_decision",
		"request", "Molimo nalaz.", "reference", "CSR-7", "our_reference", "N-3", "documents.title", "Punomocje", "documents.version", "2", "documents.language", "sr-Latn", "documents.direction", "sent",
		"proof.kind", "registered_post", "proof.reference", "RE 1", "confidential", "family", "next_step", "Call the centre", "next_due", "2031-03-01", "idempotency_key", "k1"))
	ana.send("GET", at, nil).want(200).has("Answer overdue", "Molimo nalaz.", "Punomocje", "version 2", "Registered post", "Not for the family", "Call the centre", "Take it further", "CSR-7")
	locationOf(ana.form(at+"/1/done", "note", "called", "idempotency_key", "k2"))

	ana.send("GET", at+"/1/escalate", nil).want(200).has(`href="tel:192"`, `href="tel:112"`, "Reminder to the officer", "CSR-7", "N-3", "Molimo nalaz.", "9 days late")
	page := ana.send("GET", at+"/1/escalate?rung=rs.ombudsman&language=sr-Cyrl", nil).want(200).has("Притужба Заштитнику грађана", "not checked by a lawyer", `value="`+ombudsman+`"`)
	subject, letter := hidden(page, "rung"), regexp.MustCompile(`(?s)<textarea[^>]*name="text"[^>]*>([^<]*)<`).FindSubmatch(page.body)
	if subject != "rs.ombudsman" || letter == nil {
		t.Fatalf("no letter on the page: %s", page.body)
	}
	ana.form(at+"/1/escalate", "rung", "rs.ombudsman", "institution_id", ombudsman, "language", "sr-Cyrl", "subject", "", "text", "Changed text", "channel", "letter").
		want(422).has(`href="#f-subject"`, "Changed text", `href="#f-at"`)
	to := locationOf(ana.form(at+"/1/escalate", "rung", "rs.ombudsman", "institution_id", ombudsman, "language", "sr-Cyrl", "subject", "Притужба", "text", "Текст дописа", "channel", "letter",
		"at.date", s.now().In(s.zone()).Format(time.DateOnly), "at.time", "10:00", "idempotency_key", "k3"))
	if to != at+"/2/letter" {
		t.Fatalf("led to %s", to)
	}
	ana.send("GET", to, nil).want(200).has("Притужба", "Текст дописа", "Zastitnik Primer", `lang="sr-Cyrl"`, "N-3")
	ana.send("GET", at, nil).want(200).has("Taken further", "takes entry 1 further")
	due := ana.send("GET", "/desk/deadlines?case="+id, nil).want(200).has("Zastitnik Primer", "not checked by a lawyer", at+"#contact-2", "Later").lacks("Call the centre")
	due.lacks("Centar Primer</a>")
	ana.send("GET", "/desk/deadlines?by=institution&case="+id, nil).want(200).has("<h2><bdi>Zastitnik Primer</bdi>")
	ana.send("GET", "/desk/deadlines?by=person&institution="+centre, nil).want(200).has("Nothing like this is overdue or due.")
	ana.send("GET", "/desk/deadlines?by=moon", nil).want(422)
	for _, lang := range languages() {
		for _, p := range []string{at, at + "/2/escalate", to, "/desk/deadlines?case=" + id, "/desk/barometer", "/desk/barometer?view=public", "/desk/institutions/check", "/desk/institutions/import"} {
			ana.with("Accept-Language", lang).send("GET", p, nil).want(200).has(`<html lang="` + lang + `">`)
		}
	}
	// The police liaison reads and writes nothing; others see neither.
	police := s.as(alerts.RolePoliceLiaison)
	police.send("GET", at, nil).want(200).has("Molimo nalaz.").lacks("Log a contact")
	police.form(at).want(403)
	for _, role := range []alerts.Role{alerts.RoleLegal, alerts.RolePartner, alerts.RoleVolunteer, alerts.RoleAdministrator} {
		s.as(role).send("GET", at, nil).want(403)
		s.as(role).send("GET", at+"/1/escalate", nil).want(403)
	}
}

// TestTheDirectoryIsCheckedAndImported works through the directory's pages.
func TestTheDirectoryIsCheckedAndImported(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	page := locationOf(ana.form("/desk/institutions/new", "name", "Sud Primer", "kind", "court", "country", "RS", "regions", "RS-14, RS-25", "area", "Primerovac", "hours", "8-15", "time_zone", "America/New_York",
		"channels.kind", "phone", "channels.value", "+381 11 000 0001", "channels.secure", "no", "channels.source", "card", "channels.as_of", "2031-01-01", "people.name", "Canary Clerk", "people.function", "clerk", "people.phone", "+381 11 000 0002"))
	ana.form("/desk/institutions/new", "name", "x", "kind", "court", "country", "RS", "regions", "RS-14, ZZ99", "people.name", "", "people.phone", "381 11 000 0003").
		want(422).has(`href="#f-regions%5b1%5d"`, `href="#f-people%5b0%5d.name"`, `value="RS-14, ZZ99"`, "381 11 000 0003")
	ana.send("GET", page, nil).want(200).has("Canary Clerk", "not secure", "there it is", "Primerovac", "To be verified", "Checked today")
	s.as(alerts.RolePoliceLiaison).send("GET", page, nil).want(200).has("Sud Primer").lacks("Canary Clerk", "Checked today")
	ana.send("GET", page+"/edit", nil).want(200).has(`value="Canary Clerk"`, `value="no" selected`, `value="RS-14, RS-25"`)
	work := ana.send("GET", "/desk/institutions/check", nil).want(200).has("Sud Primer", "Checked today")
	locationOf(ana.form(page+"/verify", "version", hidden(work, "version"), "back", "check"))
	ana.form(page+"/verify", "version", "1").want(412)
	ana.send("GET", "/desk/institutions/check", nil).want(200).lacks("Sud Primer")
	ana.form(page + "/forget-people").want(303)
	duty.send("GET", page, nil).want(200).lacks("Canary Clerk")

	body, kind := formWith("file", "x.csv", []byte("name,kind,country\nDrugi sud,court,RS\n=1+1,shop,RS\n"))
	at := "/desk/institutions/import"
	ana.with("Content-Type", kind).send("POST", at, body).want(200).has("1 cell cannot be taken", "<code>kind</code>", "Nothing was imported")
	body, kind = formWith("file", "x.csv", []byte("name;kind;country\n'=Drugi sud;court;RS\n"))
	look := ana.with("Content-Type", kind).send("POST", at, body).want(200).has("This would change", "1 new entry", "=Drugi sud")
	ana.send("GET", "/desk/institutions?q=drugi", nil).want(200).lacks("=Drugi sud")
	text := regexp.MustCompile(`(?s)<textarea name="text"[^>]*>(.*?)</textarea>`).FindSubmatch(look.body)
	if text == nil {
		t.Fatal("the page does not carry the file")
	}
	file := strings.NewReplacer("&#39;", "'", "&#34;", `"`).Replace(string(text[1]))
	body, kind = formWith("", "", nil, "text", file, "act", "apply", "idempotency_key", "i1")
	ana.with("Content-Type", kind).send("POST", at, body).want(200).has("The directory was changed.")
	ana.send("GET", "/desk/institutions?q=drugi", nil).want(200).has("=Drugi sud")
	if csv := ana.send("GET", "/api/v1/institutions.csv", nil).want(200); !strings.Contains(string(csv.body), ",'=Drugi sud,") || csv.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("%v\n%s", csv.header, csv.body)
	}
	ana.form(at).want(422).has(`href="#f-file"`)
	s.as(alerts.RoleLegal).send("GET", at, nil).want(403)
}

// TestALawyerWorksOnTheirMatterOnly goes through what a lawyer reaches.
func TestALawyerWorksOnTheirMatterOnly(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, lawyer := s.as(alerts.RoleCoordinator), s.as(alerts.RoleLegal)
	me := lawyer.get("/me").want(200).text("id")
	centre := s.enter("Centar Primer", "social_work_centre")
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	matter := func(to string, legal ...string) string {
		return ana.post("/cases/"+id+"/abduction", map[string]any{"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "RS", "to_state": to, "legal": legal}).want(201).text("id")
	}
	mine, other := matter("DE", me), matter("AT")
	for _, m := range []string{mine, other} {
		ana.post("/abductions/"+m+"/contacts", anEntry(s, centre, "request", "Canary "+m)).want(201)
	}
	if n := lawyer.get("/abductions").want(200).count("items"); n != 1 {
		t.Errorf("%d matters", n)
	}
	lawyer.get("/abductions/" + mine + "/contacts").want(200).has("Canary " + mine)
	lawyer.send("GET", "/desk/abductions/"+mine+"/contacts", nil).want(200).has("Canary "+mine, "Take it further")
	lawyer.send("GET", "/desk/abductions/"+mine+"/contacts/1/letter", nil).want(200).has("Canary " + mine)
	lawyer.get("/abductions/" + mine + "/contacts/1/ladder").want(200)
	list := lawyer.get("/deadlines").want(200)
	if strings.Contains(string(list.body), other) || !strings.Contains(string(list.body), mine) {
		t.Errorf("%s", list.body)
	}
	lawyer.send("GET", "/desk/deadlines", nil).want(200).lacks(other)
	for _, path := range []string{"/abductions/" + other + "/contacts", "/abductions/" + other + "/contacts/1/ladder"} {
		lawyer.get(path).wrong(404, "")
	}
	for _, path := range []string{"/cases/" + id + "/inquiries", "/barometer", "/barometer.csv", "/barometer?public=true"} {
		lawyer.get(path).wrong(403, "")
	}
	lawyer.send("GET", "/desk/abductions/"+other+"/contacts/1/letter", nil).want(404)
	lawyer.post("/abductions/"+mine+"/contacts", anEntry(s, centre)).want(201)
	lawyer.post("/abductions/"+other+"/contacts/1/answer", map[string]any{"at": s.now(), "text": "x", "satisfied": "yes"}).wrong(404, "")
	lawyer.get("/institutions.csv").want(200)
	records := must(s.store.Reads(t.Context(), "node", 0, 1000))
	all := ""
	for _, r := range records {
		all += string(r)
	}
	for _, want := range []string{`"actor":"` + me + `","role":"legal","subject":"matters/` + mine + `","classes":["P3"]`, `"actor":"` + me + `","role":"legal","subject":"deadlines?`} {
		if !strings.Contains(all, want) {
			t.Errorf("no record of %s", want)
		}
	}
	if strings.Contains(all, `"actor":"`+me+`","role":"legal","subject":"matters/`+other) {
		t.Error("a lawyer read another matter")
	}
}
