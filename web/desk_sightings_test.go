package web

import (
	"regexp"
	"strings"
	"testing"

	"homeward/alerts"
)

// sightingByForm records a sighting through the page and returns its address.
func (c client) sightingByForm(pairs ...string) string {
	c.s.t.Helper()
	r := c.form("/desk/sightings/new", append([]string{
		"act", "save", "channel", "phone", "text", "red jacket at the bus stop", "place.lat", "44.80", "place.lon", "20.47",
		"observed_at.date", c.s.now().Format("2006-01-02"), "observed_at.time", "09:30",
	}, pairs...)...).want(303)
	return r.header.Get("Location")
}

func TestSightingTriageByForms(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	number := regexp.MustCompile(`Case ([A-Z0-9]{8})`).FindSubmatch(ana.send("GET", at, nil).body)
	one := ana.sightingByForm("case_number", string(number[1]), "contact.phone", "+381 11 000 0017")
	two := ana.sightingByForm("text", "the same child, I think")
	ana.form("/desk/sightings/new", "act", "save", "channel", "phone", "text", "kept words").want(422).has("kept words", "f-observed_at")

	ana.send("GET", "/desk/sightings", nil).want(200).has("Nobody has read these", one[len("/desk/sightings/"):])
	ana.send("GET", one, nil).want(200).has("381 11 000 0017", "from where last seen", "Belgrade")
	back := "/desk/sightings?open=" + one[len("/desk/sightings/"):]
	ana.send("GET", back, nil).want(200).has("split opened", `value="`+back)
	if got := ana.form(one+"/screen", "state", "screened", "back", back).want(303).header.Get("Location"); got != back {
		t.Fatalf("went to %s", got)
	}
	if got := ana.form(one+"/assess", "source", "B", "information", "2", "back", "//evil.example.org").want(303).header.Get("Location"); got != one {
		t.Fatalf("went to %s", got)
	}
	ana.form(one+"/assess", "source", "Z", "note", "kept note").want(422).has("kept note", "f-source")
	ana.form(two+"/duplicate", "duplicate_of", s.url+one).want(303)
	ana.form(one+"/duplicate", "duplicate_of", two).want(422)
	ana.form(two+"/link", "case_number", string(number[1])).want(303)
	ana.form(two+"/link", "case_number", "ABCDEFGH").want(422).has("ABCDEFGH")
	ana.form(one+"/handover", "reference", "77/31").want(422).has("77/31")
	ana.form(one+"/handover", "unit", "PS Zvezdara", "reference", "77/31").want(303)
	ana.send("GET", one, nil).want(200).has("PS Zvezdara", "B2")
	ana.send("GET", at+"/sightings", nil).want(200).has(one, two)
	ana.send("GET", "/desk/sightings?state=handed_over", nil).want(200).has(one[len("/desk/sightings/"):]).lacks(two[len("/desk/sightings/"):])
	ana.send("GET", "/desk/sightings?state=nonsense", nil).want(422)
	ana.send("GET", "/desk/sightings?case=nonsense", nil).want(422).has("There is no such case.")
	ana.send("GET", "/desk/map?min_grade=B2&bbox=19,43,21,45", nil).want(200).has(one, "<svg", "min_grade=B2").lacks(`href="` + two)
}

func TestPublicReportBecomesACase(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	s.as(alerts.RolePublic).with("Accept-Language", "en").form("/report/child", "shown", s.shown(), "act", "send", "child_name", "Mila Petrović",
		"last_seen_where", "park in Niš", "circumstances", "did not come home", "contact.phone", "+381 18 000 0011").want(200)
	r := ana.send("GET", "/desk", nil).want(200).has("Mila Petrović", "park in Niš", "Not reported to the police")
	at := string(regexp.MustCompile(`/desk/contacts/[a-z2-7]{26}`).Find(r.body))
	ana.send("GET", at, nil).want(200).has("This report waits for somebody.", "did not come home")
	id := strings.TrimPrefix(at, "/desk/contacts/")
	ana.send("GET", "/desk/cases/new?contact="+id, nil).want(200).has(`value="Mila"`, `value="Petrović"`, "did not come home", `name="contact" value="`+id)
	cs := ana.openedByForm("contact", id)
	ana.send("GET", at, nil).want(200).has(cs).lacks("This report waits for somebody.")
	ana.send("GET", "/desk", nil).want(200).lacks("park in Niš")
}

func TestContactsByForms(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	ana.form("/desk/contacts/new", "channel", "phone", "kind", "support", "asked", "how a search works", "promised", "call back").want(422).has("how a search works", "f-promised_until")
	at := ana.form("/desk/contacts/new", "channel", "phone", "kind", "support", "asked", "how a search works", "promised", "call back",
		"promised_until.date", s.now().Format("2006-01-02"), "promised_until.time", "08:00").want(303).header.Get("Location")
	ana.send("GET", "/desk", nil).want(200).has("Promised to a caller", at)
	version := ana.send("GET", at, nil).want(200).value("version")
	ana.form(at, "version", version, "act", "kept").want(303)
	ana.form(at, "version", version, "act", "unkept").want(412).has("Somebody else changed this contact")
	ana.send("GET", "/desk", nil).want(200).lacks(at)
}

func TestDeskPagesAreEmptyAtFirst(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	for _, lang := range []string{"en", "sr-Latn", "sr-Cyrl"} {
		ana := s.as(alerts.RoleCoordinator).with("Cookie", languageCookie+"="+lang)
		for _, page := range []string{"/desk", "/desk/cases", "/desk/sightings", "/desk/contacts", "/desk/map"} {
			ana.send("GET", page, nil).want(200).has(`class="empty"`, `lang="`+lang+`"`)
		}
	}
}

func TestRolesSeeOnlyTheirPages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	at := ana.openedByForm("restricted", "yes")
	open := ana.openedByForm("risk.grade", "high", "risk.note", "a safeguarding note")
	one := ana.sightingByForm()
	s.as(alerts.RoleOperator).send("GET", at, nil).want(404)
	s.as(alerts.RoleDutyOfficer).send("GET", at, nil).want(200)
	s.as(alerts.RoleOperator).send("GET", open, nil).want(200).lacks("a safeguarding note")
	s.as(alerts.RoleOperator).form(open+"/reopen", "reason", "x").want(403)
	s.as(alerts.RolePoliceLiaison).send("GET", open, nil).want(200).lacks("/edit\"", "/close\"")
	s.as(alerts.RolePoliceLiaison).form(one+"/assess", "source", "A", "information", "1").want(403)
	s.as(alerts.RoleLegal).send("GET", open, nil).want(404)
	s.as(alerts.RolePartner).send("GET", "/desk/cases", nil).want(403)
	s.as(alerts.RolePublic).send("GET", one, nil).want(303)
	s.as(alerts.RolePublic).form(open+"/close", "outcome", "found_safe").want(401)
}
