package web

import (
	"testing"

	"homeward/alerts"
)

// followed is a family that reported a child by the public form, and the contact
// that the desk has of it, linked to a case.
func (s *testServer) followed(caseID string) (code, contact string) {
	s.t.Helper()
	ana := s.as(alerts.RoleCoordinator)
	code = s.as(alerts.RolePublic).post("/public/reports", map[string]any{
		"child_name": "Đorđe", "last_seen_where": "bus stop", "contact": map[string]any{"name": "Primer", "phone": "+381 11 000 0031"},
	}).want(201).text("code")
	ct := ana.get("/contacts?open=true").want(200)
	contact = ct.text("items.0.id")
	at := "/contacts/" + contact
	ana.with("If-Match", ana.get(at).want(200).header.Get("ETag")).patch(at, map[string]any{"case_id": caseID}).want(200)
	return code, contact
}

func TestAFamilySeesMoreOnlyAfterTheCheck(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.release("public_appeal")
	code, contact := s.followed(r.caseID)
	ana, nobody := s.as(alerts.RoleCoordinator).with("Accept-Language", "en"), s.as(alerts.RolePublic).with("Accept-Language", "en")
	opened := []string{"A public appeal was published", "The police took the report", "We checked who you are"}
	nobody.form("/follow", "code", code).want(200).has("A case is open", "We show more once our staff have checked").lacks(opened...)
	ana.send("GET", "/desk/contacts/"+contact, nil).want(200).has("Nobody has checked who holds the code")
	check := "/desk/contacts/" + contact + "/check"
	ana.form(check, "party", "taking_person", "identity", "police", "custody", "police", "orders", "police").want(422).has("never shown more by a code")
	ana.form(check, "party", "left_behind", "identity", "document_in_person", "custody", "court_decision", "orders", "court").want(303)
	nobody.form("/follow", "code", code).want(200).has(opened[0], opened[2]).lacks("We show more once our staff")
	ana.form("/desk/contacts/"+contact+"/uncheck", "reason", "").want(422)
	ana.form("/desk/contacts/"+contact+"/uncheck", "reason", "a court decided").want(303)
	nobody.form("/follow", "code", code).want(200).lacks(opened...)
	nobody.send("GET", "/appeals/"+r.slug, nil).want(200)
}

func TestAnObjectionTakesTheAppealDown(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.release("public_appeal")
	code, contact := s.followed(r.caseID)
	ana, nobody := s.as(alerts.RoleCoordinator).with("Accept-Language", "en"), s.as(alerts.RolePublic).with("Accept-Language", "en")
	nobody.form("/follow", "code", code, "act", "object", "kind", "").want(422)
	nobody.form("/follow", "code", code, "act", "object", "kind", "mistake").want(200).has("Our staff see it now as urgent")
	nobody.send("GET", "/appeals/"+r.slug, nil).want(200)
	ana.send("GET", "/desk", nil).want(200).has("1 objection to publication", "Publication is not frozen")
	ana.post("/contacts/"+contact+"/check", map[string]any{"party": "left_behind", "identity": "police", "custody": "register", "orders": "police"}).want(200)
	nobody.post("/public/follow", map[string]any{"code": code, "text": "stop", "object": map[string]any{"kind": "danger"}}).wrong(422, "")
	v := nobody.post("/public/follow", map[string]any{"code": code, "object": map[string]any{"kind": "danger", "text": "He reads it."}}).want(200)
	if v.at("publication_stopped") != true {
		t.Errorf("followed: %s", v.body)
	}
	nobody.send("GET", "/appeals/"+r.slug, nil).want(410)
	ana.send("GET", "/desk", nil).want(200).has("Publication is frozen")
	ana.send("GET", "/desk/cases/"+r.caseID, nil).want(200).has("Nothing about it can be made public")
	one := "/contacts/" + contact + "/objections/" + ana.get("/contacts/"+contact).want(200).text("objections.1.id")
	s.as(alerts.RoleOperator).post(one, map[string]any{"decision": "lifted", "reason": "no"}).want(403)
	ana.form("/desk"+one, "decision", "lifted", "reason", "").want(422).has(`class="wrong"`)
	ana.form("/desk"+one, "decision", "lifted", "reason", "We spoke, they agree.").want(303)
	ana.send("GET", "/desk/cases/"+r.caseID, nil).want(200).lacks("Nothing about it can be made public")
	nobody.send("GET", "/appeals/"+r.slug, nil).want(410)
}

func TestIntakeSurvivesADroppedLine(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, boris := s.as(alerts.RoleCoordinator).with("Accept-Language", "en"), s.as(alerts.RoleDutyOfficer).with("Accept-Language", "en")
	page := ana.send("GET", "/desk/cases/new", nil).want(200)
	id, tab := page.value("intake"), page.value("intake_tab")
	typed := []string{"intake", id, "intake_tab", tab, "children.count", "1", "children[0].names[0].given", "Мила", "circumstances", "left after school"}
	saved := ana.form("/desk/intake", append(typed, "intake_version", "0")...).want(200)
	if saved.at("version") != 1.0 {
		t.Fatalf("saved: %s", saved.body)
	}
	boris.send("GET", "/desk/intake", nil).want(200).has("Мила", "open now")
	boris.send("GET", "/desk/cases/new?intake="+id, nil).want(200).has(`value="Мила"`, "left after school", "This form is open elsewhere")
	boris.form("/desk/cases/new", append(typed, "intake_version", "1", "act", "keep")...).want(303)
	ana.form("/desk/intake", append(typed, "intake_version", "1")...).want(409)
	ana.form("/desk/cases/new", append(typed, "intake_version", "1", "act", "keep")...).want(412).has("This was not saved", "Мила")
	open := append(typed, "intake_version", "2", "idempotency_key", "intake-"+id, "act", "anyway_open", "category", "runaway")
	first := ana.form("/desk/cases/new", open...).want(303).header.Get("Location")
	for _, c := range []client{ana, boris} { // the answer got lost, or a colleague sends it too
		if again := c.form("/desk/cases/new", open...).want(303).header.Get("Location"); again != first {
			t.Errorf("sent twice: %s and %s", first, again)
		}
	}
	boris.send("GET", "/desk/intake", nil).want(200).lacks("Мила")
	second := ana.send("GET", "/desk/cases/new", nil).want(200).value("intake")
	ana.form("/desk/intake", "intake", second, "intake_version", "0", "children[0].names[0].given", "Vuk").want(200)
	boris.form("/desk/intake/" + second + "/drop").want(303)
	boris.send("GET", "/desk/cases/new?intake="+second, nil).want(404)
	s.as(alerts.RolePoliceLiaison).send("GET", "/desk/intake", nil).want(403)
}

func TestContactFormsTakeTheWholeRecord(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.form("/desk/contacts/new", "channel", "phone", "kind", "new_disappearance", "language", "hu", "interpreter", "on the line", "may_be_told", "status",
		"explained", "Free legal aid.", "explained_in", "hu", "asked", "what now").want(303).header.Get("Location")
	ana.send("GET", at, nil).want(200).has("The police do not know of this child.", "Hungarian", "on the line", "Only how it stands", "Free legal aid.")
	ana.send("GET", "/desk/contacts?only=unreferred", nil).want(200).has(at)
	ana.send("GET", "/desk/contacts?language=sq", nil).want(200).lacks(at)
	version := ana.send("GET", at, nil).want(200).value("version")
	ana.form(at, "version", version, "asked", "what now", "police.why_not", "came home during the call").want(303)
	ana.send("GET", at, nil).want(200).lacks("The police do not know of this child.").has("came home during the call", "Free legal aid.")
	feared := ana.form("/desk/contacts/new", "channel", "phone", "kind", "prevention", "caller.name", "Teta Primer", "asked", "A job abroad is offered.").want(303).header.Get("Location")
	ana.send("GET", "/desk/preventions/new?contact="+feared[len("/desk/contacts/"):], nil).want(200).has("Teta Primer", "A job abroad is offered.")
}
