package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

func TestARepeatIsAnsweredAndNotDoneAgain(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Idempotency-Key", "one")
	first := ana.post("/cases", aCase(s)).want(201)
	again := ana.post("/cases", aCase(s)).want(201)
	if first.text("id") != again.text("id") || first.header.Get("Location") != again.header.Get("Location") {
		t.Error("a repeat made another case")
	}
	if n := s.as(alerts.RoleCoordinator).get("/cases").count("items"); n != 1 {
		t.Errorf("%d cases", n)
	}
	ana.post("/cases", edited(aCase(s), "unknown", "category")).want(422)
	// The same key on another route, or of somebody else, is another request.
	ana.post("/sightings", aSighting(s)).want(201)
	s.as(alerts.RoleDutyOfficer).with("Idempotency-Key", "one").post("/cases", aCase(s)).want(201)
	// The same key for another record is not taken for a repeat.
	other := s.as(alerts.RoleCoordinator).post("/cases", aCase(s)).want(201).text("id")
	held := s.as(alerts.RoleCoordinator).with("Idempotency-Key", "hold")
	held.post("/cases/"+first.text("id")+"/hold", nil).want(200)
	held.post("/cases/"+first.text("id")+"/hold", nil).want(200)
	held.post("/cases/"+other+"/hold", nil).want(422)
}

func TestRepeatsGiveTheSameSecrets(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	admin := s.as(alerts.RoleAdministrator).with("Idempotency-Key", "k")
	invited := map[string]any{"kind": "person", "role": "operator", "name": "Mila", "email": "mila@example.org"}
	a, b := admin.post("/accounts", invited).want(201), admin.post("/accounts", invited).want(201)
	if a.text("invitation.code") != b.text("invitation.code") || a.text("id") != b.text("id") {
		t.Error("a repeat gave another invitation")
	}
	program := admin.with("Idempotency-Key", "p").post("/accounts", map[string]any{"kind": "service", "role": "operator", "name": "p"}).want(201).text("id")
	x := admin.post("/accounts/"+program+"/tokens", map[string]any{"name": "t"}).want(201)
	y := admin.post("/accounts/"+program+"/tokens", map[string]any{"name": "t"}).want(201)
	if x.text("token") != y.text("token") {
		t.Error("a repeat gave another token")
	}
	id, _ := s.organisation("Org")
	k := s.as(alerts.RoleDutyOfficer).with("Idempotency-Key", "k")
	one, two := k.post("/partners/"+id+"/tokens", map[string]any{"name": "m"}).want(201), k.post("/partners/"+id+"/tokens", map[string]any{"name": "m"}).want(201)
	if one.text("token") != two.text("token") {
		t.Error("a repeat gave another key")
	}
}

func TestAnonymousRepeatsGiveTheSameCode(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	anybody := s.as(alerts.RolePublic).with("Idempotency-Key", "form-1")
	body := aSighting(s)
	first, again := anybody.post("/public/sightings", body).want(201), anybody.post("/public/sightings", body).want(201)
	if first.text("code") != again.text("code") {
		t.Error("a repeat gave another code")
	}
	// Strangers may draw the same key: another body is another report.
	other := anybody.post("/public/sightings", edited(body, "at the harbour", "text")).want(201)
	if other.text("code") == first.text("code") {
		t.Error("two reports share a code")
	}
	if n := s.as(alerts.RoleDutyOfficer).get("/sightings").count("features"); n != 2 {
		t.Errorf("%d sightings", n)
	}
	child := map[string]any{"child_name": "Ana", "last_seen_where": "park"}
	one, two := anybody.post("/public/reports", child).want(201), anybody.post("/public/reports", child).want(201)
	if one.text("code") != two.text("code") {
		t.Error("a repeat gave another code")
	}
	v := anybody.post("/public/follow", map[string]any{"code": first.text("code"), "text": "it was a red coat"}).want(200)
	if v.text("kind") != "sighting" || v.count("messages") != 1 || v.header.Get("Homeward-Position") != "" {
		t.Errorf("followed: %s", v.body)
	}
	anybody.post("/public/follow", map[string]any{"code": "AAAA-BBBB"}).wrong(404, "")
}

// TestPublicFormsTellNothing sends the number of a public case, of one that is
// not, of none, and nonsense: nobody can tell them apart.
func TestPublicFormsTellNothing(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	anybody := s.as(alerts.RolePublic)
	known := s.release("public_appeal").number
	hidden := s.as(alerts.RoleCoordinator).post("/cases", aCase(s)).want(201).text("number")
	unknown := alerts.NewCaseNumber(strings.NewReader(strings.Repeat("\x05", 64)))
	var shapes []string
	for _, number := range []string{known, hidden, unknown, "nonsense", "' OR 1=1"} {
		r := anybody.post("/public/sightings", edited(aSighting(s), number, "case_number")).want(201)
		r.header.Del("Date")
		code := r.text("code")
		shapes = append(shapes, fmt.Sprint(r.header, strings.ReplaceAll(string(r.body), code, strings.Repeat("x", len(code)))))
	}
	for _, shape := range shapes[1:] {
		if shape != shapes[0] {
			t.Errorf("%s is not %s", shape, shapes[0])
		}
	}
	if n := s.as(alerts.RoleDutyOfficer).get("/sightings?case=" + known).count("features"); n != 1 {
		t.Errorf("%d sightings at the public case", n)
	}
	if n := s.as(alerts.RoleDutyOfficer).get("/sightings?case=" + hidden).count("features"); n != 0 {
		t.Errorf("%d sightings at a case that is not public", n)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	cs := ana.post("/cases", aCase(s)).want(201)
	path, patch := "/cases/"+cs.text("id"), map[string]any{"circumstances": "left on foot"}
	if cs.header.Get("ETag") != `"1"` || ana.get(path).header.Get("ETag") != `"1"` {
		t.Error("the first version is not 1")
	}
	ana.patch(path, patch).wrong(428, "")
	second := ana.with("If-Match", `"1"`).patch(path, patch).want(200)
	if second.header.Get("ETag") != `"2"` {
		t.Errorf("the second version is %s", second.header.Get("ETag"))
	}
	duty.with("If-Match", `"1"`).patch(path, map[string]any{"circumstances": "by bus"}).wrong(412, "circumstances")
	for _, odd := range []string{`"9"`, `*`, `"x"`, `"0"`, `"-1"`} {
		duty.with("If-Match", odd).patch(path, map[string]any{"circumstances": "by bus"}).wrong(412, "")
	}
	duty.with("If-Match", `W/"2"`).patch(path, map[string]any{"circumstances": "by bus"}).want(200)
	// Sightings, contacts and alerts leave the case's version alone.
	ana.post("/sightings", edited(aSighting(s), cs.text("id"), "case_id")).want(201)
	ana.post("/contacts", map[string]any{"channel": "phone", "kind": "support", "case_id": cs.text("id")}).want(201)
	ana.post(path+"/alerts", anAlert(s, "partner", "")).want(201)
	if got := ana.get(path).header.Get("ETag"); got != `"3"` {
		t.Errorf("the version is %s", got)
	}
	for _, other := range []string{"/contacts/x", "/institutions/x", "/abductions/x", "/partners/x"} {
		if r := duty.patch(other, map[string]any{}); r.status != 428 && r.status != 404 {
			t.Errorf("%s: %d", r.what, r.status)
		}
	}
	// What ends something never asks for a version.
	ana.post(path+"/close", map[string]any{"outcome": "found_safe"}).want(200)
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	want := map[string]bool{}
	for range 7 {
		want[ana.post("/cases", aCase(s)).want(201).text("id")] = true
		ana.post("/sightings", aSighting(s)).want(201)
		s.pass(time.Minute)
	}
	seen, cursor := map[string]bool{}, ""
	for pages := 0; ; pages++ {
		r := ana.get("/cases?limit=3&cursor=" + cursor).want(200)
		for i := range r.count("items") {
			seen[r.text("items."+string(rune('0'+i))+".id")] = true
		}
		next, more := r.at("next").(string)
		if !more {
			if pages != 2 || len(seen) != len(want) {
				t.Errorf("%d pages with %d cases", pages+1, len(seen))
			}
			break
		}
		cursor = next
	}
	if n := ana.get("/sightings?limit=1000").want(200).count("features"); n != 7 {
		t.Errorf("%d sightings", n)
	}
}
