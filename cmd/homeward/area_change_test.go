package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"homeward/alerts"
)

// TestAreaChangeReachesEveryChannel moves the area of an alert from Serbia and
// Poland to Poland and Portugal. Who is left behind is told so over the socket,
// by webhook and by e-mail; who stays gets an update, who is new an alert; a
// partner elsewhere, the control, hears nothing.
func TestAreaChangeReachesEveryChannel(t *testing.T) {
	t.Parallel()
	t.Run("bbolt", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		areaChange(t, dir+"/data", dir)
	})
	if uri := mongoForTest(t); uri != "" {
		t.Run("MongoDB", func(t *testing.T) { t.Parallel(); areaChange(t, uri, t.TempDir()) })
	}
}

func areaChange(t *testing.T, store, dir string) {
	post, hooks := newPostbox(), newHook(t)
	n := startNodeAt(t, store, dir, fastClock(60), post)
	coordinator := n.as("coordinator", alerts.RoleCoordinator)
	leaves, leavesKey := n.partner("RS")
	stays, staysKey := n.partner("PL")
	comes, comesKey := n.partner("PT")
	elsewhere, elsewhereKey := n.partner("GR")
	n.hooked(leaves, hooks)
	p := n.must("GET", "/partners/"+leaves, coordinator, nil)
	n.patch("/partners/"+leaves, coordinator, int(p["version"].(float64)), object{
		"people": []object{{"name": "Izmišljena Osoba", "email": "osoba@example.org", "languages": []string{"en"}}},
	})
	feeds := map[string]*socket{}
	for id, key := range map[string]string{leaves: leavesKey, stays: staysKey, comes: comesKey, elsewhere: elsewhereKey} {
		feeds[id] = n.connect(t, key, "")
		feeds[id].next("hello")
		feeds[id].next("resync")
	}
	caseID, _ := n.openCase()
	id, _ := n.draft(caseID)
	n.release(id, n.area(id, "RS", "PL"))
	for _, one := range []string{leaves, stays} {
		feeds[one].wantAlert("Alert", "")
	}
	waitFor(t, "the e-mail", post.came, func() bool { return len(post.messages()) == 1 })
	hash := n.area(id, "PL", "PT")
	wantAudience(t, n.must("GET", "/alerts/"+id+"/audience", coordinator, nil), map[string]bool{stays: false, comes: true}, leaves)
	n.release(id, hash)

	gone := feeds[leaves].next("withdrawal")
	if gone["reason"] != "not_addressed" || gone["alert_id"] != id {
		t.Errorf("who is left behind hears %v", gone)
	}
	feeds[stays].wantAlert("Update", ".1,")
	feeds[comes].wantAlert("Alert", "")
	waitFor(t, "the webhook's end", hooks.came, func() bool { r, ok := hooks.holds(id); return ok && r == 0 })
	if last := hooks.last(); !bytes.Contains(last, []byte(`"not_addressed"`)) || bytes.Contains(last, []byte("invented")) {
		t.Errorf("the webhook's end is %s", last)
	}
	waitFor(t, "the end's e-mail", post.came, func() bool { return len(post.messages()) == 2 })
	m := post.messages()[1]
	if !strings.Contains(m.Subject, "no longer for you") || strings.Contains(m.Text, "over") || !strings.Contains(m.Subject, "Serbia") || strings.Contains(m.Subject, "Portugal") {
		t.Errorf("the end's e-mail is %q %q", m.Subject, m.Text)
	}
	goneFor(t, n, id, leavesKey, comesKey)
	openGone(t, n, m.Text)
	line := n.line(id, leaves)
	if line["withdrawn"] != true || line["withdrawn_for"] != "not_addressed" || line["because"] != "removal_not_confirmed" {
		t.Errorf("the ledger says %v %v %v", line["withdrawn"], line["withdrawn_for"], line["because"])
	}
	feeds[leaves].send(object{"type": "removed", "alert_id": id, "by": "Izmišljena Osoba"})
	feeds[leaves].next("ok")
	until(t, "the removal", func() bool { return n.line(id, leaves)["state"] == "removed" })

	n.must("POST", "/alerts/"+id+"/cancel", coordinator, object{"reason": "found"})
	for _, one := range []string{stays, comes} {
		if f := feeds[one].next("withdrawal"); f["reason"] != "cancelled" {
			t.Errorf("the end says %v", f["reason"])
		}
	}
	// Who confirmed the removal hears of the end no second time, and the control
	// never heard anything: the next frame of each is another alert's.
	second, _ := n.draft(caseID)
	n.release(second, n.area(second, "RS", "GR"))
	for _, one := range []string{leaves, elsewhere} {
		if f := feeds[one].wantAlert("Alert", ""); f["id"] != second {
			t.Errorf("the next frame is of %v", f["id"])
		}
	}
}

// area makes regions the area of an alert's draft and returns the hash of it.
func (n *node) area(id string, regions ...string) string {
	n.tb.Helper()
	return n.must("POST", "/alerts/"+id+"/update", n.as("coordinator", alerts.RoleCoordinator), object{"area": object{"regions": regions}})["content_hash"].(string)
}

// wantAlert reads an alert frame of a kind that refers to earlier messages as
// wanted.
func (s *socket) wantAlert(kind, references string) object {
	s.t.Helper()
	al := s.next("alert")["alert"].(object)
	got, _ := al["references"].(string)
	if al["kind"] != kind || !strings.Contains(got, references) || references == "" && got != "" {
		s.t.Errorf("an alert of kind %v that refers to %q, want %s and %q", al["kind"], got, kind, references)
	}
	return al
}

// wantAudience checks who would get a draft, and whether for the first time, and
// who loses it.
func wantAudience(t *testing.T, audience object, want map[string]bool, leaving string) {
	t.Helper()
	items := audience["items"].([]any)
	for _, i := range items {
		i := i.(object)
		if first, ok := want[i["partner_id"].(string)]; !ok || i["new"] != first {
			t.Errorf("the audience has %v", i)
		}
	}
	lost := audience["leaving"].([]any)
	if len(items) != len(want) || len(lost) != 1 || lost[0].(object)["partner_id"] != leaving {
		b, _ := json.Marshal(audience)
		t.Errorf("the audience is %s", b)
	}
}

// goneFor checks what a partner that is left behind can still fetch, and one
// that is new: the Cancel says that it goes on, and nobody gets a revision that
// was never sent to them.
func goneFor(t *testing.T, n *node, id, leaves, comes string) {
	t.Helper()
	for path, want := range map[string]int{"/cap.xml": http.StatusGone, "/cap.xml?revision=1": http.StatusGone, "/cancel.xml": http.StatusOK} {
		status, body, _ := n.do("GET", "/api/v1/alerts/"+id+path, leaves, nil)
		if status != want || bytes.Contains(body, []byte("invented")) {
			t.Errorf("%s: %d %s", path, status, body)
		}
		if path == "/cancel.xml" && (!bytes.Contains(body, []byte("No longer for your area")) || bytes.Contains(body, []byte("ended"))) {
			t.Errorf("the Cancel says %s", body)
		}
	}
	for path, want := range map[string]int{"/cap.xml": http.StatusOK, "/cap.xml?revision=1": http.StatusNotFound} {
		if status, body, _ := n.do("GET", "/api/v1/alerts/"+id+path, comes, nil); status != want {
			t.Errorf("%s for a partner that is new: %d %s", path, status, body)
		}
	}
}

// openGone follows the link of an end's e-mail.
func openGone(t *testing.T, n *node, text string) {
	t.Helper()
	link := regexp.MustCompile(`/partner/link#(\S+)`).FindStringSubmatch(text)
	if link == nil {
		t.Fatalf("no link in %q", text)
	}
	page := &plainVisitor{n: n, jar: map[string]string{}}
	if status, _ := page.post("/partner/link", "code="+link[1]); status != http.StatusSeeOther {
		t.Fatalf("the code: %d", status)
	}
	page.jar["homeward_language"] = "en"
	status, body := page.get("/partner/link/alert")
	if status != http.StatusGone || !strings.Contains(body, "The search goes on") || strings.Contains(body, "is over") || strings.Contains(body, "invented") {
		t.Errorf("the link's page: %d %s", status, body)
	}
}
