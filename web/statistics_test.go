package web

import (
	"strings"
	"testing"

	"homeward/alerts"
)

func (s *testServer) goThroughStatistics() {
	ana := s.as(alerts.RoleCoordinator)
	ana.get("/statistics").want(200)
	ana.get("/statistics?year=2031&month=3").want(200)
	ana.get("/statistics?year=2030&public=true").want(200)
	ana.get("/statistics.csv").want(200)
	ana.get("/statistics.csv?year=2030&public=true").want(200)
	ana.get("/statistics?year=1999").wrong(422, "year")
	ana.get("/statistics?year=2031&month=13").wrong(422, "month")
	ana.get("/statistics?year=2031&public=true").wrong(422, "year")
	ana.get("/statistics?year=2030&month=2&public=true").wrong(422, "month")
	ana.get("/statistics?year=soon").wrong(422, "year")
}

func TestStatisticsCountsOnceAndForThoseWhoMay(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	one := ana.post("/cases", aCase(s)).want(201).text("id")
	ana.post("/cases", aCase(s)).want(201)
	ana.post("/cases/"+one+"/abduction", map[string]any{"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "RS", "to_state": "DE"}).want(201)
	s.goThroughStatistics()
	for _, want := range []string{"2031,cases,,2,", "2031,cross_border,yes,1,", "2031,cross_border,no,1,", "2031,outcome,open,2,", "2031,cases_void,,0,"} {
		if file := string(ana.get("/statistics.csv").want(200).body); !strings.Contains(file, want) {
			t.Errorf("%s is not in\n%s", want, file)
		}
	}
	ana.get("/statistics?year=2031&month=1").want(200)
	for _, lang := range languages() {
		for _, p := range []string{"/desk/statistics", "/desk/statistics?view=public", "/desk/statistics?year=2031&month=3"} {
			ana.with("Accept-Language", lang).send("GET", p, nil).want(200).has(`<html lang="`+lang+`">`).lacks("statistics.by_", "statistics.t", "statistics_", "<no value>")
		}
	}
	ana.send("GET", "/desk/statistics?view=public&year=2031", nil).want(422).has(`href="#f-year"`)
	s.as(alerts.RoleDutyOfficer).send("GET", "/desk/statistics", nil).want(200)
	for _, role := range []alerts.Role{alerts.RoleOperator, alerts.RoleLegal, alerts.RolePartner, alerts.RoleVolunteer, alerts.RoleAdministrator} {
		s.as(role).send("GET", "/desk/statistics", nil).want(403)
		for _, path := range []string{"/statistics", "/statistics.csv", "/statistics?year=2030&public=true"} {
			s.as(role).get(path).wrong(403, "")
		}
	}
	all := ""
	for _, r := range must(s.store.Reads(t.Context(), "node", 0, 1000)) {
		all += string(r)
	}
	for _, read := range []string{"statistics?period=2031&public=false", "statistics?period=2030&public=true"} {
		if !strings.Contains(strings.ReplaceAll(all, `\u0026`, "&"), read) {
			t.Errorf("%s is not among the reads", read)
		}
	}
}
