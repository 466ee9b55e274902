package web

import (
	"testing"

	"homeward/alerts"
)

func TestAKeyOfAreasOverHTTP(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	id, wide := s.organisation("Primer")
	duty := s.as(alerts.RoleDutyOfficer)
	duty.post("/partners/"+id+"/tokens", map[string]any{"name": "m", "regions": []string{"FR"}}).wrong(422, "regions")
	duty.form("/desk/partners/"+id+"/keys", "name", "belgrade", "levels", "partner", "regions", "RS-00", "idempotency_key", "k").want(200).has("Belgrade", "hwp_")
	made := duty.post("/partners/"+id+"/tokens", map[string]any{"name": "nis", "regions": []string{"RS-20"}}).want(201)
	small := client{s: s, token: made.text("token")}
	small.get("/me").want(200).has("RS-20")
	cs := s.as(alerts.RoleCoordinator).post("/cases", aCase(s)).want(201)
	in := anAlert(s, "partner", "")
	in["area"] = map[string]any{"regions": []string{"RS-00"}}
	draft := s.as(alerts.RoleCoordinator).post("/cases/"+cs.text("id")+"/alerts", in).want(201)
	al := draft.text("id")
	duty.post("/alerts/"+al+"/release", map[string]any{"content_hash": draft.text("content_hash")}).want(200)
	for _, path := range []string{"/alerts/" + al + "/cap.xml", "/partner/alerts/" + al} {
		wide.get(path).want(200)
		small.get(path).want(404)
	}
	small.get("/partner/alerts/" + al + "/photo").want(404) // the case has none; nor does the key learn that
	if wide.get("/partner/alerts").want(200).count("items") != 1 || small.get("/partner/alerts").want(200).count("items") != 0 {
		t.Error("the lists are not those of the keys")
	}
	small.post("/partner/alerts/"+al+"/opened", nil).want(404)
}

func TestHandingToAColleagueOnThePages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	own := s.as(alerts.RolePartner)
	v := own.get("/partner/organisation").want(200)
	own.with("If-Match", v.header.Get("ETag")).patch("/partner/organisation", staffedPatch()).want(200)
	iva := own.get("/partner/organisation").want(200).text("people.0.id")
	al := s.release("partner").alert
	at := "/partner/alerts/" + al
	own.send("GET", at, nil).want(200).has("Hand it to a colleague", "Iva Izmišljenić")
	own.form(at+"/handover", "person", "").want(422).has("This is needed.")
	own.form(at+"/handover", "person", "nobody").want(422).has("Choose one of the values offered.")
	locationOf(own.form(at+"/handover", "person", iva, "note", "You are nearest", "idempotency_key", "h1"))
	own.send("GET", "/partner", nil).want(200).has("Iva Izmišljenić", "You are nearest")
	s.as(alerts.RoleCoordinator).send("GET", "/desk/alerts/"+al, nil).want(200).has("In hand of", "You are nearest", "handed to a colleague")
	own.send("GET", at+"?lang=sr-Latn", nil).want(200).lacks("colleague.", "ours.handed", "step.")
	locationOf(own.form(at+"/handover", "back", "yes", "idempotency_key", "h2"))
	own.send("GET", "/partner", nil).want(200).lacks("You are nearest")
	own.post(at+"/handover", map[string]any{"person": iva}).want(200).has(`"handled":{"person":"` + iva)
	_, machine := s.organisation("Druga")
	machine.post(at+"/handover", map[string]any{"person": iva}).want(403)
}

func TestTheMapOfAllThatIsAsked(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	own := s.as(alerts.RolePartner)
	own.send("GET", "/partner/map", nil).want(200).has("Nothing")
	one, two := s.release("partner").alert, s.release("partner").alert
	page := own.send("GET", "/partner/map", nil).want(200).has(one, two, "<svg", "1, 2", `data-alert="`)
	page.lacks("Opened")
	for _, lang := range []string{"sr-Latn", "sr-Cyrl"} {
		own.send("GET", "/partner/map?lang="+lang, nil).want(200).lacks("partner_map.")
	}
}

func (s *testServer) goThroughColleague() {
	own := s.as(alerts.RolePartner)
	v := own.get("/partner/organisation").want(200)
	own.with("If-Match", v.header.Get("ETag")).patch("/partner/organisation", staffedPatch()).want(200)
	person := own.get("/partner/organisation").want(200).text("people.0.id")
	at := "/partner/alerts/" + s.release("partner").alert
	own.post(at+"/handover", map[string]any{"person": "nobody"}).wrong(422, "person")
	own.post(at+"/handover", map[string]any{"person": person, "note": "You are nearest"}).want(200)
	own.post(at+"/handover", map[string]any{"person": ""}).want(200)
}
