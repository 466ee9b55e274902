package web

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// plantConference calls a conference on the case of the estate, to which the
// organisation of the partner's people is invited. It is given the children's
// names, as in a referral, and what the child said stays at the desk.
func (e *estate) plantConference(ana client) {
	in := func(field string) string { return e.plant("conference", alerts.P3, field) }
	inside := func(field string) string { return e.plant("conferenceinside", alerts.P3, field) }
	v := ana.post("/cases/"+e.caseID+"/conferences", map[string]any{
		"at": e.now(), "mode": "in_person", "place": in("place"), "agenda": []any{in("agenda")},
	}).want(201)
	e.protect.conference = v.text("id")
	at := "/conferences/" + e.protect.conference
	invited := ana.post(at+"/invite", map[string]any{
		"partner_id": e.offering(alerts.RolePartner, "psychosocial"), "until": e.Now().Add(24 * time.Hour), "voice": true,
		"share": []any{map[string]any{"class": "P1", "reason": inside("shared")}},
	}).want(200)
	e.protect.invitation = invited.text("invited.0.id")
	ana.post(at+"/voice", map[string]any{
		"child": e.child, "asked": true, "asked_on": "2026-01-05", "asked_by": inside("askedby"), "form": "spoken", "said": e.plant("conferenceinside", alerts.P5, "said"),
	}).want(200)
	ana.post(at+"/voice", map[string]any{"child": e.child, "reason": inside("whynot")}).want(200)
	ana.post(at+"/hold", map[string]any{}).want(200)
	ana.post(at+"/minute", map[string]any{"text": in("minute"), "for_all": true}).want(200)
	ana.post(at+"/minute", map[string]any{"text": inside("deskminute")}).want(200)
	ana.post(at+"/decide", map[string]any{"text": in("decision"), "reason": in("reason"), "dissent": in("dissent"), "deciders": []any{"chair"}, "for_all": true}).want(200)
	action := ana.post(at+"/action", map[string]any{"text": in("action"), "invitation": e.protect.invitation, "due_at": e.Now().Add(time.Hour)}).want(200).text("actions.0.id")
	e.clients[alerts.RolePartner].post("/partner"+at+"/report", map[string]any{"action": action, "state": "done", "text": in("report")}).want(200)
	ana.post(at+"/close", map[string]any{}).want(200)
}

// conferred tells whether an organisation that is invited has to see a word.
func conferred(role alerts.Role, w planted) bool {
	return role == alerts.RolePartner && w.where == "conference"
}

func conferencePaths() []string {
	return []string{
		"/api/v1/cases/CASE/conferences", "/api/v1/conferences/CONFERENCE", "/api/v1/conferences/CONFERENCE/for/INVITATION", "/api/v1/partner/conferences",
		"/api/v1/partner/conferences/CONFERENCE", "/partner/conferences", "/partner/conferences/CONFERENCE", "/desk/conferences/CONFERENCE",
		"/desk/conferences/CONFERENCE/print", "/desk/conferences/CONFERENCE/print?for=INVITATION", "/desk/conferences/CONFERENCE/invite",
		"/desk/conferences/CONFERENCE/invite?invitation=INVITATION", "/desk/cases/CASE/conferences", "/desk/cases/CASE/conferences/new",
	}
}

// goThroughConferences asks every operation about conferences once.
func (s *testServer) goThroughConferences() {
	ana, ours := s.as(alerts.RoleCoordinator), s.as(alerts.RolePartner)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	v := ana.post("/cases/"+id+"/conferences", map[string]any{"at": s.Now().Add(time.Minute), "mode": "video", "agenda": []any{"One"}}).want(201)
	at := "/conferences/" + v.text("id")
	ours.get("/partner" + at).want(404)
	invitation := ana.post(at+"/invite", map[string]any{
		"partner_id": s.offering(alerts.RolePartner, "shelter"), "until": s.Now().Add(time.Hour), "share": []any{map[string]any{"class": "P2", "reason": "to find it"}},
	}).want(200).text("invited.0.id")
	ours.get("/partner/conferences").want(200)
	if got := ours.get("/partner" + at).want(200); got.at("shared.last_seen") == nil || got.at("shared.circumstances") != nil {
		s.t.Errorf("%s", got.body)
	}
	ours.post("/partner"+at+"/answer", map[string]any{"answer": "coming"}).want(200)
	ours.post("/partner"+at+"/close", map[string]any{}).want(404)
	ana.get("/cases/" + id + "/conferences").want(200)
	ana.get(at).want(200)
	ana.get(at + "/for/" + invitation).want(200)
	ana.post(at+"/move", map[string]any{"at": s.Now().Add(time.Second), "mode": "video"}).want(200)
	ana.post(at+"/hold", map[string]any{"attended": []any{invitation}}).want(200)
	ana.post(at+"/close", map[string]any{}).want(422)
	ana.get("/deadlines?kind=conference").want(200)
	ana.post(at+"/uninvite", map[string]any{"invitation": invitation, "text": "Not needed any more."}).want(200)
	ours.get("/partner" + at).want(410)
	ana.get(at + "/for/" + invitation).want(410)
}

func TestTheFormOfAConferenceSaysWhereItIsWrong(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	at := "/desk/conferences/" + ana.post("/cases/"+id+"/conferences", map[string]any{"at": s.Now().Add(time.Hour), "mode": "video", "agenda": []any{"One"}}).want(201).text("id")
	body := string(ana.send("GET", at, nil).want(200).body)
	if !strings.Contains(body, "The child&#39;s view is missing.") {
		t.Error("a missing view is not said")
	}
	for part, want := range map[string]string{"voice": `id="e-voice.said"`, "minute": `id="e-minute.text"`, "move": `id="e-move.at"`, "cancel": `id="e-cancel.text"`} {
		r := ana.form(at+"/"+part, "part", part, part+".asked", "yes")
		if r.status != 422 || !strings.Contains(string(r.body), want) {
			t.Errorf("%s: %d, %s is missing", part, r.status, want)
		}
	}
	if r := ana.form(at+"/invite", "partner_id", "x", "share.P1", "yes"); r.status != 422 || !strings.Contains(string(r.body), `id="e-share.P1.reason"`) {
		t.Errorf("invite: %d", r.status)
	}
}
