package web

import (
	"strings"
	"testing"

	"homeward/alerts"
)

// TestWhatThePublicFetchesIsCounted fetches posters in every way: only whole copies
// for the public count.
func TestWhatThePublicFetchesIsCounted(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, nobody := s.as(alerts.RoleCoordinator), s.as(alerts.RolePublic)
	r := s.release("public_appeal")
	at := "/appeals/" + r.slug
	count := func(want string) {
		t.Helper()
		if got := string(ana.get("/alerts/" + r.alert + "/recall").want(200).body); !strings.Contains(got, `"taken":`+want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	count(`[]`)
	ana.send("GET", at+"/square.png?lang=en", nil).want(200) // the desk's own
	nobody.send("HEAD", at+"/square.png?lang=en", nil)
	nobody.send("GET", at+"?lang=en", nil).want(200)
	nobody.send("GET", "/appeals/NOSUCH/square.png", nil)
	count(`[]`)
	nobody.send("GET", at+"/square.png?lang=en", nil).want(200)
	nobody.send("GET", at+"/square.png?lang=en", nil).want(200)
	count(`[{"file":"square.png","revision":1,"count":2}]`)
	ana.send("GET", "/desk/alerts/"+r.alert, nil).want(200).has("Fetched by the public")
	ana.post("/alerts/"+r.alert+"/cancel", map[string]any{"reason": "found"}).want(200)
	nobody.send("GET", at+"/square.png?lang=en", nil)
	count(`[{"file":"square.png","revision":1,"count":2}]`)
}
