package web

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"homeward/alerts"
)

// invited makes an account that waits for its password, and returns the code.
func (s *testServer) invited(role alerts.Role, email string) string {
	s.t.Helper()
	v, err := s.Alerts.CreateAccount(context.Background(), alerts.Actor{ID: "x", Kind: alerts.KindPerson, Role: alerts.RoleAdministrator},
		alerts.NewAccount{Kind: alerts.KindPerson, Role: role, Name: "Mira", Email: email}, alerts.Request{})
	if err != nil {
		s.t.Fatal(err)
	}
	return v.Invitation.Code
}

func cookieOf(r reply) string {
	c, _, _ := strings.Cut(r.header.Get("Set-Cookie"), ";")
	return c
}

func TestAnInvitationSignInAndSignOut(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	nobody := s.as(alerts.RolePublic)
	code := s.invited(alerts.RoleCoordinator, "mira@example.org")
	nobody.form("/sign-in", "code", code).want(200).has(`action="/invitation"`, `value="`+code+`"`)
	nobody.form("/invitation", "code", code, "password", "three green lamps", "again", "three green lamp").want(422).has(`id="e-again"`, code).lacks("three green")
	nobody.form("/invitation", "code", code, "password", "short", "again", "short").want(422).has(`id="e-password"`)
	in := nobody.form("/invitation", "code", code, "password", "three green lamps", "again", "three green lamps").want(303)
	if in.header.Get("Location") != "/desk" || !strings.Contains(in.header.Get("Set-Cookie"), "HttpOnly") {
		t.Errorf("went to %q with %q", in.header.Get("Location"), in.header.Get("Set-Cookie"))
	}
	nobody.form("/invitation", "code", code, "password", "three green lamps", "again", "three green lamps").want(422)
	nobody.form("/sign-in", "email", "mira@example.org", "password", "wrong wrong wrong").want(422).has("mira@example.org").lacks("wrong wrong")
	in = nobody.form("/sign-in", "email", "Mira@Example.org", "password", "three green lamps", "next", "/desk/cases").want(303)
	if in.header.Get("Location") != "/desk/cases" {
		t.Errorf("went to %q", in.header.Get("Location"))
	}
	mira := nobody.with("Cookie", cookieOf(in))
	mira.send("GET", "/sign-in", nil).want(303)
	mira.form("/sign-out").want(303)
	mira.send("GET", "/sign-in", nil).want(200)
}

func TestNextNeverLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for path, own := range map[string]bool{
		"/desk": true, "/desk/cases?x=1": true, "//evil.example.org": false, "https://evil.example.org": false, `/\evil`: false, "": false, "/a\nb": false,
	} {
		if ownPath(path) != own {
			t.Errorf("%q: %t", path, !own)
		}
	}
}

func TestTheDemonstrationsCodesOpenAgainAndAgain(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	nobody := s.as(alerts.RolePublic)
	nobody.send("GET", "/try", nil).want(404)
	code := s.invited(alerts.RoleCoordinator, "demo@example.org")
	s.Config.Demo = &Demo{Links: []DemoLink{{Role: "coordinator", Name: "Mira", Code: code}}}
	nobody.send("GET", "/try", nil).want(200).has(code, "Coordinator")
	nobody.send("GET", "/", nil).want(200).has(`href="/try"`)
	for range 2 {
		in := nobody.form("/sign-in", "code", code).want(303)
		if in.header.Get("Location") != "/desk" {
			t.Errorf("went to %q", in.header.Get("Location"))
		}
	}
}

func TestEveryErrorHasAPageWithANextStep(t *testing.T) {
	t.Parallel()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range status {
		for _, part := range []string{".title", ".text"} {
			if key := "error." + strconv.Itoa(n) + part; !texts.has(SerbianLatin, key) {
				t.Errorf("no text %s", key)
			}
		}
	}
	s := newTestServer(t)
	s.as(alerts.RolePublic).send("GET", "/nothing/here", nil).want(404).has("There is nothing here", `href="/"`, "tel:112")
}

func TestOwnAccountMakesATokenOnceAndConfirms(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	code := s.invited(alerts.RoleCoordinator, "mira@example.org")
	in := s.as(alerts.RolePublic).form("/invitation", "code", code, "password", "three green lamps", "again", "three green lamps").want(303)
	mira := s.as(alerts.RolePublic).with("Cookie", cookieOf(in))
	mira.send("GET", "/account", nil).want(200).has("mira@example.org")
	mira.form("/account/tokens", "name", "").want(422).has(`id="e-name"`)
	made := mira.form("/account/tokens", "name", "my script", "idempotency_key", "k").want(200).has("my script", `translate="no">hw`)
	mira.send("GET", "/account", nil).want(200).has("my script").lacks(`translate="no">hw`)
	_, rest, _ := strings.Cut(string(made.body), `action="/account/tokens/`)
	id, _, _ := strings.Cut(rest, "/revoke")
	mira.form("/account/tokens/" + id + "/revoke").want(303)
	mira.send("GET", "/account", nil).want(200).has("Revoked")
	mira.form("/account/step-up", "password", "wrong").want(422).has(`id="e-password"`)
	up := mira.form("/account/step-up", "password", "three green lamps", "next", "/desk").want(303)
	if up.header.Get("Location") != "/desk" || cookieOf(up) == cookieOf(in) {
		t.Errorf("went to %q with %q", up.header.Get("Location"), cookieOf(up))
	}
}
