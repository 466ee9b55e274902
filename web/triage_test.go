package web

import (
	"strings"
	"testing"

	"homeward/alerts"
)

// browsing is a client that opens pages as a browser does.
func (c client) browsing() client { return c.with("Accept", "text/html,application/xhtml+xml") }

func TestTwoPeopleNeverWorkOnTheSameReport(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, boris := s.as(alerts.RoleCoordinator).with("Accept-Language", "en"), s.as(alerts.RoleOperator).with("Accept-Language", "en")
	at := ana.sightingByForm()
	id := strings.TrimPrefix(at, "/desk/sightings/")

	boris.send("GET", at, nil).want(200).lacks("You have this report") // a script looks, and takes nothing
	ana.browsing().send("GET", at, nil).want(200).has("You have this report until", "Give it back")
	boris.browsing().send("GET", at, nil).want(200).has("has this report open until", "Take it over").lacks(at+"/assess", at+"/screen")
	boris.send("GET", "/desk/sightings", nil).want(200).has(`id="lease-` + id + `"><span class="badge wait"`)
	ana.send("GET", "/desk/sightings", nil).want(200).has("With you")
	boris.form(at+"/assess", "source", "B", "information", "2", "note", "typed by the second").want(409).has("typed by the second", "Nothing was saved")
	boris.post("/sightings/"+id+"/lease", map[string]any{}).want(409)
	boris.post("/sightings/"+id+"/screen", map[string]any{"state": "screened"}).want(409)

	// It goes free by itself.
	s.pass(alerts.LeaseLasts)
	boris.browsing().send("GET", at, nil).want(200).has("You have this report until")
	ana.form(at+"/screen", "state", "screened").want(409)
	// It can be taken over knowingly.
	ana.form(at + "/take").want(303)
	ana.form(at+"/screen", "state", "screened").want(303)
	boris.form(at+"/assess", "source", "B", "information", "2").want(409)
	ana.form(at + "/free").want(303)
	boris.form(at+"/assess", "source", "B", "information", "2").want(303)

	police := s.as(alerts.RolePoliceLiaison).with("Accept-Language", "en")
	police.browsing().send("GET", at, nil).want(200).lacks("You have this report", "has this report open")
	police.form(at + "/take").want(403)
}

// seenAt records a sighting with words and a place of its own and returns its
// address.
func (c client) seenAt(text, lat, lon string, pairs ...string) string {
	c.s.t.Helper()
	return c.form("/desk/sightings/new", append([]string{
		"act", "save", "channel", "phone", "text", text, "place.lat", lat, "place.lon", lon,
		"observed_at.date", c.s.now().Format("2006-01-02"), "observed_at.time", "09:30",
	}, pairs...)...).want(303).header.Get("Location")
}

func TestReportsOfOneEventAreOneItem(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	one := ana.seenAt("on the tram, one", "44.80", "20.47", "vehicle", "tram 7", "transport", "tram", "direction", "towards the river", "seen_appeal", "no")
	two := ana.seenAt("on the tram, two", "44.80", "20.47")
	far := ana.seenAt("in another town", "43.3", "21.9")
	id := func(at string) string { return strings.TrimPrefix(at, "/desk/sightings/") }

	ana.send("GET", "/desk/sightings", nil).want(200).has("3 unread reports", "2 events", "2 reports", "2 independent sources", `id="event-`+id(one), "Vehicle")
	ana.send("GET", one, nil).want(200).has("Of the same event", two, "towards the river", "tram 7").lacks(far)
	ana.form(two+"/group", "group", "apart").want(303)
	ana.send("GET", "/desk/sightings", nil).want(200).has("3 events").lacks("independent")
	ana.send("GET", two, nil).want(200).has("It was taken out of its group by hand.")
	ana.form(far+"/group", "group", "with", "with", "").want(422).has("f-with")
	ana.form(two+"/group", "group", "auto").want(303)
	ana.form("/desk/sightings/new", "act", "save", "channel", "phone", "text", "a carpet", "transport", "carpet").want(422).has("f-transport")
	ana.send("GET", "/desk/sightings?order=waiting", nil).want(200).has("Show the most telling first", "2 events")
	ana.send("GET", "/desk/sightings?order=nonsense", nil).want(422)
	ana.get("/triage?limit=1").want(200).has(`"events":2`, `"next":"1"`)
	ana.get("/sightings/" + id(one) + "/group").want(200).has(`"total":2`)
	ana.post("/sightings/"+id(two)+"/group", map[string]any{"apart": true, "with": id(one)}).want(422)
}

// goThroughTriage asks for everything that the API offers about events.
func (s *testServer) goThroughTriage() {
	ana := s.as(alerts.RoleCoordinator)
	one := ana.get("/triage?limit=1&order=waiting").want(200).text("items.0.lead.id")
	ana.get("/sightings/" + one + "/group").want(200)
	ana.post("/sightings/"+one+"/group", map[string]any{"apart": true}).want(200)
	ana.post("/sightings/"+one+"/lease", map[string]any{"take_over": true}).want(200)
	ana.delete("/sightings/" + one + "/lease").want(204)
	ana.post("/sightings/"+one+"/undo", nil).want(200)
	ana.get("/sightings/" + s.ofCase(ana) + "/held-back").want(200).has(`"details":`)
	ana.get("/cases/" + ana.get("/cases?limit=1").want(200).text("items.0.id") + "/track").want(200)
}

// ofCase records a sighting of a case and returns its id.
func (s *testServer) ofCase(c client) string {
	s.t.Helper()
	number := c.get("/cases?limit=1").want(200).text("items.0.number")
	at := c.seenAt("somewhere", "44.81", "20.46", "case_number", number)
	return strings.TrimPrefix(at, "/desk/sightings/")
}

func TestAStepOfTriageIsTakenBackOnItsPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, boris := s.as(alerts.RoleCoordinator).with("Accept-Language", "en"), s.as(alerts.RoleOperator).with("Accept-Language", "en")
	ana.openedByForm()
	id := s.ofCase(ana)
	at := "/desk/sightings/" + id
	ana.send("GET", at, nil).want(200).lacks(at+"/undo", `data-key="u"`)
	ana.form(at+"/assess", "source", "B", "information", "2").want(303)
	ana.send("GET", at, nil).want(200).has("You graded this report B2.", at+"/undo")
	boris.send("GET", at, nil).want(200).lacks(at + "/undo")
	boris.form(at + "/undo").want(409).has("Nothing was saved")
	ana.form(at + "/undo").want(303)
	ana.send("GET", at, nil).want(200).lacks("You graded this report", at+"/undo")
	ana.get("/sightings/" + id).want(200).has(`"state":"new"`)

	ana.send("GET", at, nil).want(200).has("held-title", "held=1#held").lacks("hold nothing back")
	ana.send("GET", at+"?held=1", nil).want(200).has("The alerts of this case hold nothing back.", "Hide the details again")
	boris.send("GET", at+"?held=1", nil).want(200).lacks("hold nothing back", "held-title")
	boris.get("/sightings/" + id + "/held-back").want(403)
}

// TestALateGoodbyeFreesNothing: a page that was left tells so after the same
// person has opened the report again.
func TestALateGoodbyeFreesNothing(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.sightingByForm()
	since := func() string {
		_, after, _ := strings.Cut(string(ana.browsing().send("GET", at, nil).want(200).body), `data-lease="`)
		out, _, _ := strings.Cut(after, `"`)
		return strings.NewReplacer("&#43;", "+").Replace(out)
	}
	first := since()
	s.pass(1)
	second := since()
	ana.form(at+"/free", "since", first).want(303)
	ana.send("GET", at, nil).want(200).has("You have this report until")
	ana.form(at+"/free", "since", second).want(303)
	ana.send("GET", at, nil).want(200).lacks("You have this report until")
}

func TestPlaceStoredInAPhotoIsUsedWhenAsked(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	send := func(photo []byte, act string) reply {
		form, kind := formWith("photo", "x.jpg", photo, "act", act, "shown", s.shown(), "text", "seen here")
		return s.as(alerts.RolePublic).with("Accept-Language", "en", "Content-Type", kind).send("POST", "/report/sighting", form).want(200)
	}
	send(marked(corners(16, 16), 1), "photo_place").has(`name="place.lat" value="4`, "Your photo has been attached.")
	send(jpegOf(corners(16, 16)), "photo_place").has("No place is stored in this photo.")
	send(marked(corners(16, 16), 1), "find").lacks(`name="place.lat" value="4`)
}

func TestRingsAndTheWayThatFits(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	ana.send("GET", at+"/map", nil).want(200).has("How far from where last seen", "Children of this age").lacks(`"rings":[`)
	ana.send("GET", at+"/map?terrain=urban", nil).want(200).has("95 of 100 were found within this", "Koester")
	ana.send("GET", at+"/map?reach=6", nil).want(200).has("On foot", `"rings":[`, "The speeds are our own and not checked.")
	ana.send("GET", at+"/map?reach=99&terrain=moon", nil).want(200).lacks(`"rings":[`)
}
