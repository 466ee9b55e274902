package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"homeward/alerts"
)

// announce sends an event as a telephone exchange does.
func (s *testServer) announce(secret, id string, body any) reply {
	s.t.Helper()
	raw := must(json.Marshal(body))
	at := s.now()
	sig := must(must(standard.NewWebhook(secret)).Sign(id, at, raw))
	return s.as(alerts.RolePublic).with("webhook-id", id, "webhook-timestamp", strconv.FormatInt(at.Unix(), 10), "webhook-signature", sig).post("/calls", raw)
}

func aCall(s *testServer, call, event, from string) map[string]any {
	return map[string]any{"call": call, "event": event, "from": from, "to": "116000", "at": s.now()}
}

func (s *testServer) goThroughCalls() {
	admin, ana, boris := s.as(alerts.RoleAdministrator), s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	made := admin.post("/exchanges", map[string]any{"name": "Example exchange"}).want(201)
	secret := made.text("secret")
	id := s.announce(secret, "msg_1", aCall(s, "one", "missed", "+38111000031")).want(200).text("id")
	ana.post("/incoming-calls/"+id+"/take", map[string]any{}).want(200)
	ana.post("/incoming-calls/"+id+"/back", map[string]any{"outcome": "nobody_reached"}).want(200)
	block := ana.post("/caller-blocks", map[string]any{"call_id": id, "term": "30d", "reason": "Shouts."}).want(201).text("id")
	boris.post("/caller-blocks/"+block+"/confirm", nil).want(200)
	ana.get("/caller-blocks").want(200)
	ana.get("/incoming-calls?waiting=true&state=missed&limit=1").want(200)
	ana.get("/incoming-calls/" + id).want(200)
	ana.post("/incoming-calls/"+id+"/contact", map[string]any{"channel": "phone", "kind": "abusive"}).want(201)
	ana.post("/caller-blocks/"+block+"/end", map[string]any{"reason": "Enough."}).want(200)
	ana.get("/caller-blocks?ended=true").want(200)
	admin.post("/exchanges/"+made.text("id")+"/rotate", nil).want(201)
	admin.post("/exchanges/"+made.text("id")+"/revoke", map[string]any{"key": made.text("keys.0.id")}).want(200)
	s.announce(secret, "msg_2", aCall(s, "one", "ended", "+38111000031")).want(403)
	admin.get("/exchanges").want(200)
}

// TestWhatAnExchangeSendsIsRefusedWhole looks at the surface of messages: headers,
// size, unknown fields, all wrong ones at once; and that no number is logged.
func TestWhatAnExchangeSendsIsRefusedWhole(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	admin := s.as(alerts.RoleAdministrator)
	secret := admin.post("/exchanges", map[string]any{"name": "Example"}).want(201).text("secret")
	s.as(alerts.RolePublic).post("/calls", aCall(s, "1", "ringing", "+38111000031")).wrong(400, "")
	s.as(alerts.RoleDutyOfficer).post("/calls", aCall(s, "1", "ringing", "+38111000031")).wrong(400, "")
	extra := aCall(s, "1", "ringing", "+38111000031")
	extra["name"] = "Pozivalac"
	s.announce(secret, "msg_1", extra).wrong(400, "name")
	bad := s.announce(secret, "msg_2", map[string]any{"call": "", "event": "x", "from": "011", "to": "", "at": s.now().Add(time.Hour)})
	for _, field := range []string{"call", "event", "from", "to", "at"} {
		bad.wrong(422, field)
	}
	long := aCall(s, strings.Repeat("x", callLimit), "ringing", "+38111000031")
	s.announce(secret, "msg_3", long).wrong(413, "")
	if v := admin.get("/exchanges").want(200); v.text("items.0.refused") != "body" || v.text("unknown.refused") != "headers" {
		t.Errorf("%s", v.body)
	}
	first := s.announce(secret, "msg_4", aCall(s, "1", "ringing", "+38111000031")).want(200)
	again := s.announce(secret, "msg_4", aCall(s, "1", "ringing", "+38111000031")).want(200)
	if string(first.body) != string(again.body) {
		t.Errorf("%s, then %s", first.body, again.body)
	}
	if strings.Contains(s.logs.String(), "11000031") {
		t.Error("a number is in the log")
	}
}

// TestACallBecomesOneContact goes the way of the pages: the region of the open
// page, the form that is filled in, and the second person who comes too late.
func TestACallBecomesOneContact(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	secret := s.as(alerts.RoleAdministrator).post("/exchanges", map[string]any{"name": "Example"}).want(201).text("secret")
	id := s.announce(secret, "msg_1", aCall(s, "1", "ringing", "+38111000031")).want(200).text("id")
	ana, boris := s.person(alerts.RoleOperator, "Ana"), s.person(alerts.RoleOperator, "Boris")
	form := func(values ...string) []byte {
		v := url.Values{}
		for i := 0; i+1 < len(values); i += 2 {
			v.Set(values[i], values[i+1])
		}
		return []byte(v.Encode())
	}
	typed := func(c client) client { return c.with("Content-Type", "application/x-www-form-urlencoded") }
	for _, page := range []string{"/desk", "/desk/calls?state=ringing"} {
		if r := ana.send("GET", page, nil).want(200); !strings.Contains(string(r.body), `id="ringing"`) || !strings.Contains(string(r.body), "11000031") {
			t.Errorf("%s does not show who calls", page)
		}
	}
	if r := s.as(alerts.RoleAdministrator).send("GET", "/desk", nil).want(200); strings.Contains(string(r.body), "11000031") {
		t.Error("the administrator sees who calls")
	}
	to := typed(ana).send("POST", "/desk/calls/"+id+"/take", form()).want(303).header.Get("Location")
	if to != "/desk/contacts/new?call="+id {
		t.Fatalf("taken, then to %s", to)
	}
	if r := ana.send("GET", to, nil).want(200); !strings.Contains(string(r.body), `value="&#43;38111000031"`) {
		t.Error("the form does not have the number")
	}
	to = typed(boris).send("POST", "/desk/calls/"+id+"/take", form()).want(303).header.Get("Location")
	if r := boris.send("GET", to, nil).want(200); !strings.Contains(string(r.body), "Ana") || !strings.Contains(string(r.body), "take_over") {
		t.Error("the second person does not see who has it")
	}
	fields := []string{"call", id, "channel", "phone", "kind", "support", "asked", "Zqtyped"}
	if r := typed(boris).send("POST", "/desk/contacts/new", form(fields...)).want(422); !strings.Contains(string(r.body), "Zqtyped") {
		t.Error("what was typed is lost")
	}
	first := typed(ana).send("POST", "/desk/contacts/new", form(fields...)).want(303).header.Get("Location")
	again := typed(ana).send("POST", "/desk/contacts/new", form(fields...)).want(303).header.Get("Location")
	if first != again || s.as(alerts.RoleCoordinator).get("/contacts").want(200).count("items") != 1 {
		t.Errorf("%s, then %s", first, again)
	}
	typed(boris).send("POST", "/desk/contacts/new", form(append(fields, "act", "take_over")...)).want(422)
	if to := typed(boris).send("POST", "/desk/calls/"+id+"/take", form()).want(303).header.Get("Location"); to != first {
		t.Errorf("a call that is written down leads to %s", to)
	}
	for _, page := range []string{"/desk/calls", "/desk/caller-blocks", "/desk/caller-blocks/new?call=" + id, first} {
		ana.send("GET", page, nil).want(200)
	}
	if r := fmt.Sprint(s.logs.String()); strings.Contains(r, "11000031") {
		t.Error("a number is in the log")
	}
}

// plantCalls announces a call from a number that is found nowhere else, and
// blocks another one.
func (e *estate) plantCalls(ana client) {
	const number = "38111000777"
	e.all = append(e.all, planted{word: number, class: alerts.P6, where: "call", inside: alerts.P6})
	secret := e.as(alerts.RoleAdministrator).post("/exchanges", map[string]any{"name": "Example"}).want(201).text("secret")
	e.announce(secret, "msg_1", aCall(e.testServer, "1", "missed", "+"+number)).want(200)
	ana.post("/caller-blocks", map[string]any{"phone": "+38111000778", "term": "24h", "reason": e.plant("block", alerts.P6, "reason")}).want(201)
}
