package web

import (
	"testing"
	"time"

	"homeward/alerts"
)

// goThroughVetting asks what has to be done about organisations over the API.
func (s *testServer) goThroughVetting() {
	duty, ana := s.as(alerts.RoleDutyOfficer), s.as(alerts.RoleCoordinator)
	id, key := s.organisation("Proverena organizacija")
	duty.post("/partners/"+id+"/approve", map[string]any{"note": "Zqregistry and a call."}).want(200).has("Zqregistry", "vettings")
	duty.post("/partners/"+id+"/approve", map[string]any{"grade": 1}).wrong(400, "grade")
	s.as(alerts.RoleAdministrator).post("/partners/"+id+"/approve", nil).wrong(403, "") // who entered it
	key.get("/partner/organisation").want(200).has("vettings").lacks("Zqregistry")
	s.as(alerts.RoleOperator).get("/partners/" + id).want(200).lacks("Zqregistry")
	ana.get("/partners-to-look-after").want(200)
	key.get("/partners-to-look-after").wrong(403, "")
}

func TestPartnersToLookAfterStandOnTheirPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	id, _ := s.organisation("Radio Primer")
	ana, operator := s.as(alerts.RoleCoordinator), s.as(alerts.RoleOperator)
	ana.send("GET", "/desk/partners", nil).want(200).lacks("Partners to look after")
	ana.form("/desk/partners/"+id+"/approve", "note", "a\nb").want(422).has("summary")
	locationOf(ana.form("/desk/partners/"+id+"/approve", "note", "Registar udruženja.", "idempotency_key", "k1"))
	ana.send("GET", "/desk/partners/"+id, nil).want(200).has("Vetting", "Registar udruženja.", "Person-coordinator")
	operator.send("GET", "/desk/partners/"+id, nil).want(200).lacks("Registar udruženja.")
	s.pass(280 * 24 * time.Hour)
	ana, operator = s.person(alerts.RoleCoordinator, "Nova"), s.person(alerts.RoleOperator, "Novi")
	ana.send("GET", "/desk/partners", nil).want(200).has("Partners to look after", "Agreement ends", "Renew it in time")
	ana.send("GET", "/desk/partners?lang=sr-Cyrl", nil).want(200).has("Партнери о којима треба бринути").lacks("care.", "vetting.")
	operator.send("GET", "/desk/partners", nil).want(200).lacks("Partners to look after")
}

// goThroughOwnKeys replaces and revokes an organisation's own key over the API.
func (s *testServer) goThroughOwnKeys() {
	duty, own := s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePartner)
	id := own.get("/partner/organisation").want(200).text("id")
	key := duty.post("/partners/"+id+"/tokens", map[string]any{"name": "machine"}).want(201)
	client{s: s, token: key.text("token")}.post("/partner/tokens/"+key.text("id")+"/rotate", nil).wrong(403, "")
	fresh := own.post("/partner/tokens/"+key.text("id")+"/rotate", nil).want(201)
	own.post("/partner/tokens/"+key.text("id")+"/rotate", nil).wrong(409, "")
	own.get("/partner/organisation").want(200).has("replaced_by").lacks(fresh.text("token"))
	s.as(alerts.RolePartnerSearch).delete("/partner/tokens/"+fresh.text("id")).wrong(403, "")
	own.delete("/partner/tokens/" + fresh.text("id")).want(200).has("revoked_at")
}

func TestAPartnerReplacesItsKeyWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	duty, own := s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePartner)
	id := own.get("/partner/organisation").want(200).text("id")
	key := duty.post("/partners/"+id+"/tokens", map[string]any{"name": "Zqmachine"}).want(201).text("id")
	own.send("GET", "/partner/organisation", nil).want(200).has("Zqmachine", "Replace")
	made := own.form("/partner/keys/"+key+"/rotate", "idempotency_key", "k1").want(200).has("hwp_")
	if made.header.Get("Cache-Control") != "no-store" {
		t.Error("the page with the token may be kept")
	}
	own.form("/partner/keys/"+key+"/rotate", "idempotency_key", "k1").want(200).has("hwp_") // the same again
	own.send("GET", "/partner/organisation?lang=sr-Latn", nil).want(200).has("zamenjen").lacks("hwp_", "own_key.")
	locationOf(own.form("/partner/keys/"+key+"/revoke", "idempotency_key", "k2"))
	own.send("GET", "/partner/organisation?lang=en", nil).want(200).has("Revoked")
}
