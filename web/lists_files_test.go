package web

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"homeward/alerts"
)

// goThroughLists asks for every list as a file, and for what is alike.
func (s *testServer) goThroughLists() {
	ana := s.as(alerts.RoleCoordinator)
	for _, list := range []string{"contacts", "alerts", "abductions", "referrals"} {
		ana.get("/" + list + ".csv").want(200)
		ana.get("/" + list + ".json").want(200)
	}
	one, two := ana.post("/cases", aCase(s)).want(201).text("id"), ana.post("/cases", aCase(s)).want(201).text("id")
	contact := ana.post("/contacts", map[string]any{"channel": "phone", "kind": "advice"}).want(201).text("id")
	for _, at := range []string{"/cases/" + one, "/contacts/" + contact} {
		ana.get(at + "/alike").want(200)
		ana.post(at+"/apart", map[string]any{"of": "cases/" + two, "reason": "another child"}).want(200)
		ana.post(at+"/apart-back", map[string]any{"of": "cases/" + two}).want(200)
	}
}

// A list is taken away whole with the filters that stand: no cell is a formula,
// who called is in no file, and the taking is on the read log.
func TestListsAreTakenAwayAsFiles(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	id := strings.TrimPrefix(at, "/desk/cases/")
	number := ana.send("GET", "/api/v1/cases/"+id, nil).want(200).text("number")
	for range 60 { // more than a page
		ana.form("/desk/contacts/new", "channel", "email", "kind", "advice", "asked", "=HYPERLINK(\"x\")", "caller.name", "Zqcaller", "caller.phone", "+381 11 000 0017", "act", "anyway_record").want(303)
	}
	ana.form("/desk/contacts/new", "channel", "phone", "kind", "follow_up", "asked", "any news", "case_number", number).want(303)
	rows := must(csv.NewReader(strings.NewReader(strings.TrimPrefix(string(ana.send("GET", "/api/v1/contacts.csv?kind=advice", nil).want(200).lacks("Zqcaller", "000 0017").body), "\ufeff"))).ReadAll())
	if len(rows) != 61 || rows[0][0] != "id" {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		if row[7] != `'=HYPERLINK("x")` {
			t.Fatalf("a spreadsheet takes %q for a formula", row[7])
		}
	}
	var list alerts.Page[alerts.ContactView]
	if err := json.Unmarshal(ana.send("GET", "/api/v1/contacts.json?case="+id, nil).want(200).body, &list); err != nil || len(list.Items) != 1 || list.Items[0].Asked != "any news" {
		t.Fatalf("%v %+v", err, list.Items)
	}
	ana.send("GET", "/api/v1/contacts.json", nil).want(200).lacks("Zqcaller", "000 0017")
	found := 0
	for _, rec := range must(s.store.Reads(t.Context(), "node", 0, 5000)) {
		if strings.Contains(string(rec), "export/contacts?") {
			found++
		}
	}
	if found != 3 {
		t.Errorf("%d exports are on the read log, want 3", found)
	}
	// The page offers what its filters show.
	ana.send("GET", "/desk/contacts?kind=advice&only=promised", nil).want(200).lacks("/api/v1/contacts.csv")
	ana.send("GET", "/desk/contacts?kind=follow_up&case="+number, nil).want(200).has("/api/v1/contacts.csv?case="+id+"&amp;kind=follow_up", "Download as a table")
	ana.send("GET", "/api/v1/contacts.csv?only=open", nil).want(400)
	ana.send("GET", "/api/v1/abductions.csv?state=nonsense", nil).want(422)
	for role, want := range map[alerts.Role]int{alerts.RoleOperator: 200, alerts.RolePoliceLiaison: 403, alerts.RolePartner: 403, alerts.RoleVolunteer: 403, alerts.RoleAdministrator: 403} {
		for _, list := range []string{"contacts", "alerts", "abductions", "referrals"} {
			s.as(role).send("GET", "/api/v1/"+list+".csv", nil).want(want)
			s.as(role).send("GET", "/api/v1/"+list+".json", nil).want(want)
		}
	}
	s.as(alerts.RolePoliceLiaison).send("GET", "/desk/contacts", nil).want(200).lacks("/api/v1/contacts.csv")
}

// A case that is not theirs to see is in nobody's file.
func TestFilesHoldNoHiddenCase(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, boris := s.as(alerts.RoleCoordinator), s.as(alerts.RoleOperator)
	in := edited(aCase(s), true, "restricted")
	hidden := ana.post("/cases", in).want(201)
	ana.post("/contacts", map[string]any{"channel": "phone", "kind": "follow_up", "case_id": hidden.text("id"), "asked": "Zqhidden"}).want(201)
	ana.send("GET", "/api/v1/contacts.csv", nil).want(200).has("Zqhidden", hidden.text("number"))
	for _, file := range []string{"contacts.csv", "contacts.json", "alerts.json", "abductions.json", "referrals.json"} {
		boris.send("GET", "/api/v1/"+file, nil).want(200).lacks("Zqhidden", hidden.text("id"), hidden.text("number"))
	}
}
