package web

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// goThroughDrills asks everything about exercises over the API.
func (s *testServer) goThroughDrills() {
	ana, operator, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RoleOperator), s.as(alerts.RolePublic)
	partner, key := s.organisation("Vežba sa nama")
	_, other := s.organisation("Bez vežbe")
	ana.post("/drills", map[string]any{"level": "partner", "severity": "severe"}).wrong(422, "partners")
	operator.post("/drills", map[string]any{"all": true, "level": "partner", "severity": "severe"}).wrong(403, "")
	v := ana.post("/drills", map[string]any{
		"partners": []string{partner}, "level": "public_appeal", "severity": "extreme", "note": map[string]any{"en": "Only to practise."},
	}).want(201)
	at := "/drills/" + v.text("id")
	for _, path := range []string{"/feeds/alerts.atom", "/alerts/" + v.text("id") + "/cap.xml"} {
		if r := anybody.get(path); strings.Contains(string(r.body), v.text("id")) || strings.Contains(string(r.body), "practise") {
			s.t.Errorf("%s shows a drill: %s", path, r.body)
		}
	}
	ana.get("/alerts/"+v.text("id")).wrong(404, "")
	other.get("/partner/alerts/"+v.text("id")).wrong(404, "")
	other.get("/alerts/"+v.text("id")+"/cap.xml").wrong(404, "")
	key.get("/partner/alerts/"+v.text("id")).want(200).has(`"drill":true`, "EXERCISE", "Only to practise.")
	key.get("/partner/alerts").want(200).has(`"drill":true`)
	key.get("/alerts/"+v.text("id")+"/cap.xml").want(200).has("<status>Exercise</status>", "<scope>Restricted</scope>")
	s.pass(3 * time.Minute)
	key.post("/partner/alerts/"+v.text("id")+"/answer", map[string]any{"answer": "declined", "by": "Mira Merić", "reason": "=1+1"}).want(200).has(`"drill":true`)
	ana.get("/drills").want(200)
	ana.get(at).want(200).has("Mira Merić", `"answered_s":180`)
	ana.get(at+"/report.csv").want(200).has("Mira Merić", "180", "'=1+1")
	key.get(at).wrong(403, "")
	ana.post(at+"/end", nil).want(200).has("stopped")
	key.get("/partner/alerts/"+v.text("id")).wrong(410, "")
	key.get("/partner/alerts").want(200).has(`"drill":true`)
	past := key.get("/partner/history").want(200).has(`"drill":true`, "declined", "Mira Merić", `"answered_s":180`, `"ended_for":"cancelled"`)
	past.lacks("EXERCISE", "practise")
	other.get("/partner/history").want(200).lacks(v.text("id"))
	key.get("/partner/statement").want(200).has(v.text("id"), `"reason": "cancelled"`, `"chain": "`)
	ana.get("/partners/" + partner + "/statement?limit=1").want(200).has(v.text("id"))
	ana.get("/partners/"+partner+"/statement?cursor=x").wrong(422, "cursor")
	other.get("/partner/statement").want(200).lacks(v.text("id"))
	operator.get("/partners/"+partner+"/statement").wrong(403, "")
	key.get("/alerts/"+v.text("id")+"/cancel.xml").want(200).has("<status>Exercise</status>", "<msgType>Cancel</msgType>")
}

func TestADrillWorksWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, own, operator := s.as(alerts.RoleCoordinator), s.as(alerts.RolePartner), s.as(alerts.RoleOperator)
	ana.send("GET", "/desk/drills", nil).want(200).has("There has been no drill yet")
	ana.form("/desk/drills/new", "level", "partner").want(422).has("summary")
	operator.form("/desk/drills/new", "all", "yes", "level", "partner", "severity", "severe").want(403)
	at := locationOf(ana.form("/desk/drills/new", "all", "yes", "level", "partner", "severity", "severe", "note.sr-Latn", "Pred raspust.", "idempotency_key", "k1"))
	if again := locationOf(ana.form("/desk/drills/new", "all", "yes", "level", "partner", "severity", "severe", "note.sr-Latn", "Pred raspust.", "idempotency_key", "k1")); again != at {
		t.Errorf("the same form started another drill: %s and %s", at, again)
	}
	id := strings.TrimPrefix(at, "/desk/drills/")
	own.send("GET", "/partner", nil).want(200).has("Exercise", "EXERCISE – not a real alert")
	own.send("GET", "/partner/alerts/"+id, nil).want(200).has("No child is missing", "Answer as you would a real alert")
	s.pass(time.Minute)
	locationOf(own.form("/partner/alerts/"+id+"/answer", "answer", "accepted", "idempotency_key", "k2"))
	ana.send("GET", at, nil).want(200).has("Person-partner", "1 min 0 s", "Running", "Пред распуст.")
	operator.send("GET", at, nil).want(200).lacks("End the drill now")
	for _, lang := range []string{"sr-Latn", "sr-Cyrl"} {
		ana.send("GET", at+"?lang="+lang, nil).want(200).lacks("drill.", "lasted.")
		ana.send("GET", "/desk/drills/new?lang="+lang, nil).want(200).lacks("drill.")
	}
	locationOf(ana.form(at+"/end", "idempotency_key", "k3"))
	own.send("GET", "/partner", nil).want(200).has("Exercise").lacks("EXERCISE – not a real alert")
	own.send("GET", "/partner/history", nil).want(200).has("What we were told before", "Exercise", "1 min 0 s", "Person-partner").lacks("EXERCISE – not a real alert")
	own.send("GET", "/partner/feed", nil).want(200).has("What we were sent, with proof", id, "Chain hash", "ended")
	own.send("GET", "/partner/feed?lang=sr-Cyrl", nil).want(200).has("Отисак ланца").lacks("feed_at.")
	own.send("GET", "/partner/history?lang=sr-Latn", nil).want(200).has("Naš odgovor").lacks("own_past.")
	s.as(alerts.RolePublic).send("GET", "/", nil).want(200).lacks("EXERCISE", "VEŽBA")
}

func TestAnEMailSaysThatItIsAnExercise(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	for language, word := range map[string]string{"en": "EXERCISE", "sr-Latn": "VEŽBA", "sr-Cyrl": "ВЕЖБА"} {
		for _, kind := range []string{partners.KindAlert, partners.KindWithdrawal} {
			d := partners.Dispatch{Kind: kind, Languages: []string{language}, Countries: []string{"RS"}, Level: alerts.LevelPartner, Code: "zq"}
			real := s.PartnerMail(d, "https://h.example.org")
			d.Drill = true
			drill := s.PartnerMail(d, "https://h.example.org")
			if strings.Contains(real.Subject+real.Text, word) || !strings.HasPrefix(drill.Subject, word) || !strings.Contains(drill.Text, real.Text[:20]) {
				t.Errorf("%s %s: %q and %q", language, kind, real.Subject, drill.Subject)
			}
		}
	}
}

// TestTroubleIsOnEveryPageOfTheConsole shows the red line while no alert would
// get out, and, as the control, none while all is well.
func TestTroubleIsOnEveryPageOfTheConsole(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	reason := ""
	s.Parts.Trouble = func() (string, time.Time) { return reason, s.now().Add(-7 * time.Minute) }
	const line = "Alerts may not be getting out"
	ana.send("GET", "/desk", nil).want(200).lacks(line)
	for _, reason = range []string{"self_test_not_written", "self_test_not_connected", "self_test_not_delivered", "self_test_late"} {
		for _, path := range []string{"/desk", "/desk/cases", "/desk/silence"} {
			ana.send("GET", path, nil).want(200).has(line, "7 min ago").lacks("trouble.")
		}
		ana.send("GET", "/desk?lang=sr-Cyrl", nil).want(200).has("Упозорења можда не стижу").lacks("trouble.")
		ana.send("GET", "/desk?lang=en", nil).want(200)
	}
	s.as(alerts.RolePublic).send("GET", "/", nil).want(200).lacks(line)
	s.as(alerts.RolePartner).send("GET", "/partner", nil).want(200).lacks(line)
}
