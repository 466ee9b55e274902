package web

import (
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

// offering gives the organisation of a role's account a service, and returns its
// id.
func (s *testServer) offering(role alerts.Role, services ...string) string {
	s.t.Helper()
	me := s.as(role).get("/me").want(200).text("id")
	acc, _ := s.Alerts.Board.Account(me)
	v := s.as(alerts.RoleAdministrator).get("/partners/" + acc.Partner).want(200)
	s.as(alerts.RoleAdministrator).with("If-Match", v.header.Get("ETag")).patch("/partners/"+acc.Partner, map[string]any{"services": services}).want(200)
	return acc.Partner
}

// plantReferral refers the child of the estate to the organisation of the
// partner's account and opens one class to it.
func (e *estate) plantReferral(ana client) {
	in := func(field string) string { return e.plant("referral", alerts.P3, field) }
	v := ana.post("/cases/"+e.caseID+"/referrals", map[string]any{
		"partner_id": e.offering(alerts.RolePartner, "psychosocial"), "service": "psychosocial", "urgency": "today", "purpose": in("purpose"), "about": e.child,
		"share": []any{map[string]any{"class": "P1", "reason": e.plant("referralinside", alerts.P3, "reason")}},
	}).want(201)
	e.protect.referral = v.text("id")
	at := "/referrals/" + e.protect.referral
	ana.post(at+"/reply", map[string]any{"text": in("reply")}).want(200)
	ana.post(at+"/told", map[string]any{"text": e.plant("referralinside", alerts.P3, "told")}).want(200)
	e.clients[alerts.RolePartner].post("/partner"+at+"/answer", map[string]any{"answer": "question", "text": in("question")}).want(200)
}

// referred tells whether a word reached the organisation that was asked: what
// was written to it, and the one class that was opened.
func referred(role alerts.Role, w planted) bool {
	return role == alerts.RolePartner && (w.where == "referral" || w.where == "case" && w.class == alerts.P1)
}

func referralPaths() []string {
	return []string{
		"/api/v1/referral-words", "/api/v1/referral-figures", "/api/v1/referrals", "/api/v1/referrals/REFERRAL", "/api/v1/cases/CASE/referrals",
		"/api/v1/partner/referrals", "/api/v1/partner/referrals/REFERRAL", "/partner/referrals", "/partner/referrals/REFERRAL",
		"/desk/referrals", "/desk/referrals/REFERRAL", "/desk/cases/CASE/referrals", "/desk/cases/CASE/referrals/new",
	}
}

// goThroughReferrals asks every operation about referrals once.
func (s *testServer) goThroughReferrals() {
	ana, ours := s.as(alerts.RoleCoordinator), s.as(alerts.RolePartner)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	ana.get("/referral-words").want(200)
	consent := ana.post("/cases/"+id+"/consents", map[string]any{"class": "P1", "audience": "partners", "purpose": "shelter", "basis": "consent", "given_by": "Mother"}).want(201).text("id")
	v := ana.post("/cases/"+id+"/referrals", map[string]any{
		"partner_id": s.offering(alerts.RolePartner, "shelter"), "service": "shelter", "urgency": "at_once", "purpose": "Two nights",
		"share": []any{map[string]any{"class": "P1", "consent_id": consent}, map[string]any{"class": "P2", "reason": "to find it"}},
	}).want(201)
	at := "/referrals/" + v.text("id")
	ours.get("/partner/referrals").want(200)
	if got := ours.get("/partner" + at).want(200); got.at("shared.last_seen") == nil || got.at("shared.circumstances") != nil {
		s.t.Errorf("%s", got.body)
	}
	ours.post("/partner"+at+"/answer", map[string]any{"answer": "accepted"}).want(200)
	ours.post("/partner"+at+"/nothing", map[string]any{}).want(404)
	ana.post(at+"/answer", map[string]any{"answer": "declined", "code": "other", "text": "x"}).want(409)
	ana.get("/cases/" + id + "/referrals").want(200)
	ana.get("/referrals").want(200)
	ana.get(at).want(200)
	ana.post(at+"/told", map[string]any{"text": "Mother, on the phone"}).want(200)
	ana.get("/referral-figures").want(200)
	ana.get("/deadlines?kind=referral").want(200)
	ana.delete("/cases/" + id + "/consents/" + consent).want(200)
	ours.get("/partner" + at).want(410)
}

func TestReferralsByPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, boris, ours := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePartner)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	shelter := s.offering(alerts.RolePartner, "shelter", "psychosocial")
	at := "/desk/cases/" + id + "/referrals"
	ana.send("GET", at, nil).want(200).has("Nobody has been asked for help", "Refer to somebody")
	ana.send("GET", at+"/new", nil).want(200).has("Shelter, Psychosocial support", "Names, sex and date of birth").lacks("Safeguarding notes")
	ana.form(at, "service", "shelter").want(422).has(`href="#f-partner_id"`, `href="#f-purpose"`)
	ana.form(at, "partner_id", shelter, "service", "shelter", "urgency", "today", "purpose", "Two nights", "share.P1", "yes").want(422).has(`href="#f-share.P1.reason"`)
	page := locationOf(ana.form(at, "partner_id", shelter, "service", "shelter", "urgency", "today", "purpose", "Two nights", "share.P4", "yes", "share.P4.reason", "insulin"))
	ana.send("GET", page, nil).want(200).has("Two nights", "Health and needs", "insulin").lacks("Close as done")
	theirs := "/partner" + strings.TrimPrefix(page, "/desk")
	ours.send("GET", "/partner/referrals", nil).want(200).has("Shelter", theirs)
	ours.send("GET", theirs, nil).want(200).has("Two nights", "Accept").lacks("insulin", "Health and needs")
	ours.form(theirs+"/answer", "answer", "declined").want(422).has(`href="#f-code"`, `href="#f-text"`)
	locationOf(ours.form(theirs+"/answer", "answer", "declined", "code", "no_capacity", "text", "Full."))
	ana.send("GET", page, nil).want(200).has("Declined", "No capacity", "Full.", "Have the refusal reviewed")
	locationOf(ana.form(page+"/ask_review", "text", "One bed is enough."))
	ours.send("GET", theirs, nil).want(200).has("Refusal under review").lacks("Accept after all")
	boris.send("GET", page, nil).want(200).has("The refusal stands").lacks("Accept after all")
	locationOf(boris.form(page+"/review", "answer", "stands", "text", "They are full."))
	locationOf(ana.form(page+"/told", "text", "Mother, on the phone"))
	ana.send("GET", at, nil).want(200).has("Family told", "Mother, on the phone")
	ours.send("GET", theirs, nil).want(200).lacks("Mother, on the phone")
	ana.send("GET", "/desk/referrals", nil).want(200).has("No capacity: 1")
	locationOf(ana.form(page+"/withdraw", "text", "Somebody else helps."))
	ours.send("GET", theirs, nil).want(410)
	ours.send("GET", "/partner/referrals", nil).want(200).has("please delete").lacks(theirs)
	s.as(alerts.RoleAdministrator).send("GET", page, nil).want(403)
	s.as(alerts.RolePartnerSearch).send("GET", theirs, nil).want(404)
}

func TestEveryWordOfReferralsHasAText(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	data := s.Partners.ReferralData()
	groups := map[string][]string{
		"referral_entry": {"asked", "share", "accepted", "declined", "question", "reply", "progress", "done", "review_asked", "stands", "told", "ended"},
		"referral_end":   {"consent", "case", "staff"},
	}
	for group, rows := range map[string][]partners.ReferralRow{"service": data.Services, "referral_urgency": data.Urgencies, "decline": data.Declines, "referral_outcome": data.Outcomes} {
		for _, r := range rows {
			groups[group] = append(groups[group], r.ID)
		}
	}
	for _, class := range partners.ShareableClasses() {
		groups["share_what"] = append(groups["share_what"], string(class))
	}
	for _, state := range partners.ReferralStates() {
		groups["referral_state"] = append(groups["referral_state"], string(state))
	}
	for group, words := range groups {
		for _, w := range words {
			for _, l := range languages() {
				if !s.texts.has(l, group+"."+w) {
					t.Errorf("%s.%s has no text in %s", group, w, l)
				}
			}
		}
	}
}
