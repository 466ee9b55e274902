package web

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

func TestAnAbductionMatterRunsItsClocksAndKeepsItsLog(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	court := strings.TrimPrefix(locationOf(ana.form("/desk/institutions/new", "name", "Centralni organ", "kind", "central_authority", "country", "RS",
		"channels.kind", "phone", "channels.value", "+381 11 000 0012", "checked", "yes")), "/desk/institutions/")
	ana.send("GET", "/desk/institutions?q=centralni", nil).want(200).has("Centralni organ", "Checked")
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	at := "/desk/cases/" + id + "/abduction"
	ana.form(at, "kind", "removal", "from_state", "RS", "to_state", "RS", "left_behind", "the mother").want(422).
		has(`href="#f-to_state"`, `href="#f-wrongful_date"`, "the mother")
	taken := s.now().AddDate(-1, 0, -20).Format(time.DateOnly)
	page := locationOf(ana.form(at, "kind", "removal", "from_state", "RS", "to_state", "DE", "wrongful_date", taken, "legal_route", "hague1980"))
	ana.send("GET", page, nil).want(200).has("One year to start proceedings", "Overdue")
	log := page + "/contacts"
	ana.send("GET", log, nil).want(200).has("Nobody has been contacted yet.")

	asked := s.now().AddDate(0, 0, -9).In(s.zone())
	entry := []string{"institution_id", court, "direction", "out", "channel", "phone", "at.date", asked.Format(time.DateOnly), "at.time", "10:00"}
	ana.form(page+"/contacts", entry...).want(422).has(`href="#f-request"`)
	locationOf(ana.form(page+"/contacts", append(entry, "request", "Asked for the hearing.", "promised_date", asked.AddDate(0, 0, 2).Format(time.DateOnly))...))
	ana.send("GET", log, nil).want(200).has("Asked for the hearing.", "Answer overdue", "7 days late")
	ana.send("GET", "/desk/deadlines", nil).want(200).has("Centralni organ", "7 days overdue", "One year to start proceedings")
	ana.send("GET", "/desk/abductions", nil).want(200).has("1 answer overdue")

	ana.form(page+"/contacts/1/answer", "text", "", "satisfied", "no").want(422).has(`href="#f-text"`)
	locationOf(ana.form(page+"/contacts/1/answer", "at.date", s.now().Format(time.DateOnly), "at.time", "08:00", "text", "In May.", "satisfied", "yes"))
	ana.send("GET", log, nil).want(200).has("In May.").lacks("7 days late</span>")
	ana.send("GET", page+"/edit", nil).want(200).has(`value="` + taken + `"`)
	s.as(alerts.RoleLegal).send("GET", page, nil).want(404)
	s.as(alerts.RoleAdministrator).send("GET", page, nil).want(403)
}

func TestLedgerPutsThoseWhoAreWaitedForFirst(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	author, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	_, quick := s.organisation("Brzi")
	s.organisation("Ćutljivi")
	_, curious := s.organisation("Žustri")
	page := drafted(s, author)
	locationOf(duty.form(page+"/release", "content_hash", hidden(duty.send("GET", page, nil), "content_hash")))
	alert := strings.TrimPrefix(page, "/desk/alerts/")
	quick.post("/partner/alerts/"+alert+"/answer", map[string]any{"answer": "accepted"}).want(200)
	curious.post("/partner/alerts/"+alert+"/answer", map[string]any{"answer": "question", "reason": "Where?"}).want(200)
	body := string(author.send("GET", page, nil).want(200).body)
	body = body[strings.Index(body, `id="ledger"`):]
	if a, b, c := strings.Index(body, "Žustri"), strings.Index(body, "Ćutljivi"), strings.Index(body, "Brzi"); a < 0 || a > b || b > c {
		t.Errorf("the order is %d %d %d", a, b, c)
	}
	author.send("GET", "/desk/alerts", nil).want(200).has("1 asks", "1 silent of 3")
}
