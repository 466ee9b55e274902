package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

// comparing is an agreement to compare that is on, and its secret.
func (s *testServer) comparing() (partner, secret string) {
	s.t.Helper()
	partner, _ = s.organisation("The other hotline")
	at := "/partners/" + partner + "/comparison"
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	secret = ana.post(at, map[string]any{"url": "https://them.example.org", "purpose": "to find children whom both hold", "basis": "agreement"}).want(201).text("secret")
	ana.post(at+"/approve", nil).want(403)
	duty.post(at+"/approve", nil).want(200)
	return partner, secret
}

// otherHotline asks with the key that follows from a secret.
func (s *testServer) otherHotline(secret string) client {
	token, _ := partners.CompareToken(secret)
	return client{s: s, token: token, t: s.t}
}

func aHash(secret string) []string {
	return partners.CompareHashes(secret, alerts.Child{Names: []alerts.Name{{Given: "Лена", Family: "Петровић"}}, BirthDate: "2019-05-02"})
}

func (s *testServer) heldCase() string {
	body := aCase(s)
	body["children"] = []any{map[string]any{"names": []any{map[string]any{"given": "Lena", "family": "Petrovic", "kind": "birth"}}, "birth_date": "2019-05-02"}}
	return s.as(alerts.RoleCoordinator).post("/cases", body).want(201).text("id")
}

func (s *testServer) goThroughComparing() {
	ana := s.as(alerts.RoleCoordinator)
	s.Partners.AskWith(func(context.Context, string, string, []byte) (int, []byte, error) {
		return http.StatusOK, []byte(`{"held":[]}`), nil
	})
	partner, secret := s.comparing()
	id := s.heldCase()
	ana.get("/partners/" + partner + "/comparison").want(200)
	ana.post("/partners/"+partner+"/comparison/run", nil).want(200)
	them := s.otherHotline(secret)
	if n := them.post("/compare", map[string]any{"hashes": aHash(secret)}).want(200).count("held"); n == 0 {
		s.t.Error("the common child is not found")
	}
	m := ana.get("/matches").want(200).text("items.0.id")
	ana.get("/matches/" + m).want(200)
	them.post("/compare/agreed", map[string]any{"match": aHash(secret)}).want(200)
	ana.post("/matches/"+m+"/agree", map[string]any{"contact": "Ana", "reach": "+381 11 000 0001"}).want(200)
	got := them.post("/compare/agreed", map[string]any{"match": aHash(secret), "contact": map[string]any{"name": "Ion", "reach": "ion@example.org", "reference": "R-1"}}).want(200)
	if got.text("contact.name") != "Ana" || ana.get("/matches/"+m).want(200).text("theirs.name") != "Ion" {
		s.t.Errorf("%s", got.body)
	}
	ana.get("/cases/" + id + "/comparing").want(200)
	ana.post("/cases/"+id+"/comparing", map[string]any{"allowed": false, "why": "the family asks"}).want(200)
	ana.post("/partners/"+partner+"/comparison/end", nil).want(200)
}

// TestOutsidersLearnNothingByComparing: whatever is wrong, the answer is that of
// somebody who asks for nothing that exists, byte for byte.
func TestOutsidersLearnNothingByComparing(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	_, secret := s.comparing()
	s.heldCase()
	asked := map[string]any{"hashes": aHash(secret)}
	if n := s.otherHotline(secret).post("/compare", asked).want(200).count("held"); n == 0 {
		t.Fatal("the control finds nothing")
	}
	want := s.as(alerts.RolePublic).post("/compare", asked).want(404)
	for name, got := range map[string]reply{
		"a wrong secret":       s.otherHotline("hwcs_"+strings.Repeat("a", 52)).post("/compare", asked),
		"nonsense":             s.otherHotline(secret).with("Authorization", "Bearer x").post("/compare", asked),
		"a coordinator":        s.as(alerts.RoleCoordinator).post("/compare", asked),
		"a partner's key":      s.as(alerts.RolePartner).post("/compare", asked),
		"a wrong body":         s.as(alerts.RolePublic).post("/compare", map[string]any{"x": 1}),
		"no hashes, no secret": s.as(alerts.RolePublic).post("/compare", map[string]any{"hashes": []string{}}),
	} {
		if got.status != 404 || string(got.body) != string(want.body) {
			t.Errorf("%s: %d %s, not %s", name, got.status, got.body, want.body)
		}
	}
	for _, path := range []string{"/cases", "/matches", "/partner/alerts", "/me"} {
		if got := s.otherHotline(secret).get(path); got.status != 401 {
			t.Errorf("the key of comparing opens %s: %d", path, got.status)
		}
	}
	s.otherHotline(secret).post("/compare", map[string]any{"x": 1}).want(400)
}

func TestComparingByPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	partner, _ := s.organisation("The other hotline")
	at := "/desk/partners/" + partner + "/comparison"
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	if got := ana.form(at, "purpose", "", "basis", "agreement").want(422); !strings.Contains(string(got.body), "agreement") {
		t.Error("what was typed is gone")
	}
	made := ana.form(at, "purpose", "to find children", "basis", "agreement").want(200)
	start := strings.Index(string(made.body), "hwcs_")
	if start < 0 {
		t.Fatalf("no secret is shown: %s", made.body)
	}
	secret := string(made.body)[start : start+57]
	if again := ana.send("GET", at, nil).want(200); strings.Contains(string(again.body), secret) {
		t.Error("the secret is shown a second time")
	}
	duty.form(at + "/approve").want(303)
	id := s.heldCase()
	s.otherHotline(secret).post("/compare", map[string]any{"hashes": aHash(secret)}).want(200)
	m := ana.get("/matches").want(200).text("items.0.id")
	for _, page := range []string{"/desk", "/desk/matches", "/desk/matches/" + m, at, "/desk/partners/" + partner} {
		ana.send("GET", page, nil).want(200)
	}
	ana.form("/desk/matches/"+m+"/agree", "contact", "").want(422)
	ana.form("/desk/matches/"+m+"/decline", "why", "another child").want(303)
	ana.form("/desk/matches/"+m+"/agree", "contact", "Ana", "reach", "+381 11 000 0001").want(303)
	ana.form("/desk/cases/"+id+"/comparing", "why", "x").want(422)
	ana.form("/desk/cases/"+id+"/comparing", "allowed", "keep_out", "why", "the family asks").want(303)
	if got := ana.send("GET", "/desk/cases/"+id+"/comparing", nil).want(200); !strings.Contains(string(got.body), "the family asks") {
		t.Error("the reason is not shown")
	}
	duty.form(at + "/end").want(303)
	if got := ana.send("GET", "/desk/matches/"+m, nil); got.status != 404 {
		t.Errorf("a pending match outlives the end: %d", got.status)
	}
}
