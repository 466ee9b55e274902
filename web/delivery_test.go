package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// echo takes test messages and says which it got.
type echo struct{}

func (echo) Test(_ context.Context, d partners.Dispatch, channel string) partners.TestResult {
	return partners.TestResult{OK: true, Said: channel + " to " + d.To + d.URL, TookMS: 1}
}

// staffedPatch is how an organisation says whom to reach and when.
func staffedPatch() map[string]any {
	return map[string]any{
		"zone": "Europe/Belgrade", "services": []string{"search", "shelter"},
		"people": []any{
			map[string]any{"name": "Iva Izmišljenić", "phone": "+381 11 000 0041", "email": "iva@example.org", "channels": []string{"call", "email"}, "languages": []string{"sr-Latn"}},
			map[string]any{"name": "Noćni telefon", "phone": "+381 11 000 0042"},
		},
		"rota": []any{map[string]any{"days": []string{"mo", "tu", "we", "th", "fr", "sa", "su"}, "from": "00:00", "to": "00:00", "people": []string{"Iva Izmišljenić"}}},
	}
}

// silentAlert releases a partners' alert that nobody answers, lets some time
// pass, and takes the steps that are due; it returns alert and partner.
func (s *testServer) silentAlert(wait time.Duration) (alert, partner string) {
	s.t.Helper()
	partner, _ = s.organisation("Tiha organizacija")
	ana := s.as(alerts.RoleCoordinator)
	v := ana.get("/partners/" + partner).want(200)
	ana.with("If-Match", v.header.Get("ETag")).patch("/partners/"+partner, staffedPatch()).want(200)
	alert = s.release("partner").alert
	s.pass(wait)
	s.takeSteps()
	return alert, partner
}

// takeSteps does what every node does each second; messages are taken at once.
func (s *testServer) takeSteps() {
	s.t.Helper()
	for alert, due := range s.Partners.StepsDue(s.now()) {
		for _, j := range must(s.Partners.TakeSteps(context.Background(), alert, due, 100)) {
			if err := s.Partners.Report(context.Background(), j, partners.Result{OK: true}, 0.5); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// goThroughDelivery asks everything about delivery over the API.
func (s *testServer) goThroughDelivery() {
	ana, duty, own := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePartner)
	v := own.get("/partner/organisation").want(200)
	own.with("If-Match", v.header.Get("ETag")).patch("/partner/organisation", staffedPatch()).want(200)
	own.patch("/partner/organisation", staffedPatch()).wrong(428, "")
	secret := own.post("/partner/webhook", map[string]any{"url": "https://partner.example.org/in"}).want(201).text("secret")
	if again := own.post("/partner/webhook/rotate", nil).want(201).text("secret"); again == secret || !strings.HasPrefix(again, "whsec_") {
		s.t.Errorf("a new secret is %q after %q", again, secret)
	}
	own.post("/partner/webhook/disable", nil).want(200)
	own.post("/partner/webhook/enable", nil).want(200)
	own.post("/partner/tests", map[string]any{"channel": "webhook"}).want(200)
	own.post("/partner/tests", map[string]any{"channel": "webhook"}).wrong(429, "")
	own.post("/partner/webhook", map[string]any{"url": "http://partner.example.org/in"}).wrong(422, "url")
	own.get("/partner/organisation").want(200).lacks(secret, "whsec_")

	alert, partner := s.silentAlert(8 * time.Minute)
	at := "/partners/" + partner
	duty.post(at+"/webhook", map[string]any{"url": "https://other.example.org/in", "levels": []string{"partner"}}).want(201)
	duty.post(at+"/webhook/rotate", nil).want(201)
	duty.post(at+"/webhook/disable", nil).want(200)
	duty.post(at+"/webhook/enable", nil).want(200)
	person := ana.get(at).want(200).text("people.0.id")
	duty.post(at+"/tests", map[string]any{"channel": "email", "person": person}).want(200)
	duty.post(at+"/tests", map[string]any{"channel": "letter"}).wrong(422, "channel")
	ana.post(at+"/tests", map[string]any{"channel": "webhook"}).wrong(403, "")

	board := ana.get("/silence").want(200).has("Tiha organizacija", "Iva Izmišljenić")
	board.lacks("Zvezdan", "Red jacket")
	ana.get("/calls").want(200).has("Tiha organizacija")
	result := "/alerts/" + alert + "/deliveries/" + partner + "/calls/1" // this one wants to be called first
	ana.post(result, map[string]any{"result": "signed_off"}).wrong(422, "result")
	ana.post(result, map[string]any{"result": "no_answer", "note": "Rang for a minute."}).want(200).has("no_answer", "Rang for a minute.")
	ana.post(result, map[string]any{"result": "reached"}).wrong(409, "")
	ana.post("/alerts/"+alert+"/deliveries/"+partner+"/calls/99", map[string]any{"result": "reached"}).wrong(404, "")
}

func TestTheSilenceBoardWorksWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	alert, partner := s.silentAlert(8 * time.Minute)
	operator := s.as(alerts.RoleOperator)
	page := operator.send("GET", "/desk/silence", nil).want(200).has("Who has not answered", "Tiha organizacija", "11 000 0041", "Never say a name", "Serbia")
	page.lacks("Have you seen Ana", "Red jacket")
	at := "/desk/silence/" + alert + "/" + partner + "/1"
	operator.form(at, "result", "nonsense").want(422).has("summary")
	locationOf(operator.form(at, "result", "left_message", "note", "Left a message with the porter.", "idempotency_key", "k1"))
	locationOf(operator.form(at, "result", "left_message", "note", "Left a message with the porter.", "idempotency_key", "k1")) // the same again
	operator.send("GET", "/desk/silence", nil).want(200).has("left a message", "Left a message with the porter.")
	operator.send("GET", "/desk/alerts/"+alert, nil).want(200).has("left a message")
	for range 40 {
		s.pass(time.Minute)
		s.takeSteps()
	}
	operator.send("GET", "/desk/silence", nil).want(200).has("Nobody at this partner answered on any channel")
	for _, lang := range []string{"sr-Latn", "sr-Cyrl"} {
		operator.send("GET", "/desk/silence?lang="+lang, nil).want(200).lacks("silence.", "call.", "step.")
	}
}

func TestAPartnerKeepsItsOwnPeopleAndRota(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	own, machine := s.as(alerts.RolePartner), s.as(alerts.RolePartnerSearch)
	page := own.send("GET", "/partner/organisation", nil).want(200).has("Change people, rota and languages")
	machine.send("GET", "/partner/organisation", nil).want(200).lacks("Change people, rota and languages", "Set up a webhook")
	machine.form("/partner/organisation", "zone", "UTC").want(403)
	fields := []string{
		"version", hidden(page, "version"), "zone", "Europe/Belgrade", "languages", "sr-Latn", "services", "shelter",
		"people.id", "", "people.name", "Iva", "people.function", "", "people.phone", "+381 11 000 0041", "people.email", "iva@example.org", "people.channels", "call email", "people.languages", "sr-Latn, en",
	}
	own.form("/partner/organisation", append(fields, "rota.row", "0", "rota.days.0", "mo", "rota.from", "8", "rota.to", "16:00", "rota.people.0", "Somebody")...).want(422).
		has("Write the time of day as 08:00", "not among the organisation")
	locationOf(own.form("/partner/organisation", append(fields, "rota.row", "0", "rota.days.0", "mo", "rota.days.0", "tu", "rota.from", "08:00", "rota.to", "16:00", "rota.people.0", "Iva")...))
	own.send("GET", "/partner/organisation", nil).want(200).has("Iva", "08:00–16:00", "Mon, Tue", "Shelter")
	own.form("/partner/organisation", fields...).want(412) // somebody else was faster
	made := own.form("/partner/webhook", "url", "https://partner.example.org/in", "idempotency_key", "w1").want(200).has("whsec_", "shown this once")
	if made.header.Get("Cache-Control") != "no-store" {
		t.Error("the page with the secret may be kept")
	}
	own.send("GET", "/partner/organisation", nil).want(200).lacks("whsec_").has("https://partner.example.org/in")
	own.form("/partner/webhook", "url", "ftp://x").want(422).has("This is not an address such as")
	own.form("/partner/tests", "channel", "webhook").want(200).has("The test arrived", "webhook to https://partner.example.org/in")
	locationOf(own.form("/partner/webhook/disable"))
	own.send("GET", "/partner/organisation", nil).want(200).has("Switched off by a person")
}

func TestTheDeskKeepsAPartnersWebhook(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	id, _ := s.organisation("Primer")
	duty, ana := s.as(alerts.RoleDutyOfficer), s.as(alerts.RoleCoordinator)
	at := "/desk/partners/" + id
	ana.form(at+"/webhook", "url", "https://partner.example.org/in").want(403)
	duty.form(at+"/webhook", "url", "https://partner.example.org/in").want(200).has("whsec_")
	duty.form(at+"/webhook/rotate").want(200).has("whsec_", "the one before still signs until")
	ana.send("GET", at, nil).want(200).has("https://partner.example.org/in").lacks("whsec_", "New secret")
	s.as(alerts.RoleOperator).send("GET", at, nil).want(200).lacks("partner.example.org")
	page := ana.send("GET", at+"/edit", nil).want(200).has("When nobody answers", "Duty rota")
	locationOf(ana.form(at+"/edit", "version", hidden(page, "version"), "name", "Primer", "coverage.regions", "RS", "languages", "en", "agreement.reference", "A-1",
		"agreement.valid_until", "2031-12-01", "zone", "Europe/Vienna", "silence.own", "extreme", "silence.extreme.email", "1", "silence.extreme.call", "1"))
	ana.send("GET", at, nil).want(200).has("Europe/Vienna")
	ana.get("/partners/" + id).want(200).has(`"silence":[{"severity":"extreme","webhook":0,"email":1,"call":1,`)
}
