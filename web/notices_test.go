package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

func TestPrivateCalendar(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RolePublic)
	body := aCase(s)
	body["follow_up"] = map[string]any{"due_at": s.now().Add(48 * time.Hour), "note": "Zqnote"}
	cs := ana.post("/cases", body).want(201)
	ana.post("/preventions", map[string]any{"children": []any{map[string]any{"name": "Zqchild"}}}).want(201)
	p := ana.get("/preventions").want(200).text("items.0.id")
	ana.post("/preventions/"+p+"/measures", map[string]any{"kind": "court_ban", "country": "RS", "requested_by": "Zqasker", "expires_on": "2032-01-01"}).want(200)
	first := calendarPath(t, ana.post("/me/calendar", nil).want(201).text("url"))
	path := calendarPath(t, ana.post("/me/calendar", nil).want(201).text("url"))
	anybody.send("GET", first, nil).want(404) // a new link ends the old one
	r := anybody.send("GET", path, nil).want(200)
	text := strings.ReplaceAll(string(r.body), "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\n", "SUMMARY:" + cs.text("number") + " · ", "/desk/cases/" + cs.text("id"), "DTSTART;VALUE=DATE:20320101\r\n", "BEGIN:VALARM\r\n", "/desk/preventions/" + p,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Zq") || strings.Contains(text, "Petrov") {
		t.Errorf("it names somebody:\n%s", text)
	}
	if got := r.header.Get("Content-Type"); got != "text/calendar; charset=utf-8" {
		t.Error(got)
	}
	tag := r.header.Get("ETag")
	if again := anybody.with("If-None-Match", tag).send("GET", path, nil); again.status != http.StatusNotModified || len(again.body) != 0 {
		t.Errorf("%d %s", again.status, again.body)
	}
	s.pass(48 * time.Hour) // another day, the same calendar
	anybody.with("If-None-Match", `"other", `+tag).send("GET", path, nil).want(304)
	secret := strings.TrimSuffix(path[strings.LastIndex(path, "/")+1:], ".ics")
	if strings.Contains(s.logs.String(), secret) {
		t.Error("the token is in the log")
	}
	ana.delete("/me/calendar").want(200)
	gone := anybody.send("GET", path, nil).want(404)
	if never := anybody.send("GET", "/calendar/hw_never.ics", nil).want(404); never.status != gone.status {
		t.Error("a revoked link can be told from one that never was")
	}
	page := ana.form("/account/calendar").want(200).has("It is shown only this once.", "/calendar/hw_")
	path = calendarPath(t, between(string(page.body), `translate="no">`, "<"))
	anybody.send("GET", path, nil).want(200)
	ana.send("GET", "/account", nil).want(200).has("There is a link").lacks("/calendar/hw_")
	locationOf(ana.form("/account/calendar/revoke"))
	anybody.send("GET", path, nil).want(404)
}

func calendarPath(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Path, "/calendar/hw_") {
		t.Fatalf("%v %s", err, address)
	}
	return u.Path
}

func TestDailyMailNamesNobody(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	due, at := "2031-03-04", time.Date(2031, 3, 4, 9, 0, 0, 0, time.UTC)
	item := func(n string) partners.DeadlineItem {
		return partners.DeadlineItem{Kind: partners.DeadlineContact, Due: &due, CaseID: "caseid", CaseNumber: n, MatterID: "matterid", N: 3,
			InstitutionName: "Zqinstitution", PersonName: "Zqperson", NextStep: "Zqstep", Source: "Zqsource", Rule: "Zqrule"}
	}
	call := partners.DeadlineItem{Kind: partners.DeadlinePromise, Due: &due, DueAt: &at, ContactID: "callid"}
	agenda := partners.Agenda{Overdue: []partners.DeadlineItem{item("AB23CD45")}, Soon: []partners.DeadlineItem{call}}
	for range 40 {
		agenda.Today = append(agenda.Today, item("XY23CD45"))
	}
	for _, lang := range append(languages(), "") {
		subject, text := s.DigestMail(lang, "https://homeward.example.org", agenda)
		for _, want := range []string{"AB23CD45", "https://homeward.example.org/desk/abductions/matterid", "https://homeward.example.org/desk/contacts/callid", "/desk/deadlines", "40"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, text)
			}
		}
		if strings.Contains(subject+text, "Zq") || strings.Contains(subject+text, "digest.") {
			t.Errorf("%s: %s\n%s", lang, subject, text)
		}
		if n := strings.Count(text, "XY23CD45"); n != digestLines {
			t.Errorf("%d lines", n)
		}
	}
}
