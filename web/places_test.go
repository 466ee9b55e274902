package web

import (
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/search"
	"homeward/store"
)

// withStreets is a server with a list of streets of the operator's own.
func withStreets(t *testing.T) *testServer {
	t.Helper()
	own := &search.Own{}
	street := func(name, town string, lon, lat float64) search.OwnPlace {
		return search.OwnPlace{Name: name, Kind: search.KindStreet, Town: town, Point: geo.At(lon, lat)}
	}
	own.Set(atlas().gazetteer, []search.List{
		{Name: "a", Credit: "© Invented <mappers>", Places: []search.OwnPlace{
			street("Papirnih zmajeva", "Beograd", 20.4712, 44.8095), street("Papirnih zmajeva", "Niš", 21.8984, 43.3211), street("Beogradska", "Niš", 21.9, 43.32),
		}},
		{Name: "b", Places: []search.OwnPlace{{Name: "Žuti kanarinac", Kind: search.KindSchool, Town: "Bor", Point: geo.At(22.1, 44.07)}}},
	})
	m := store.NewMemory()
	s := startOn(t, m, m, func(p *Parts) { p.Own = own })
	m.Now = s.now
	return s
}

// Streets are found in every place field, in either alphabet, with their town,
// what they are and whom to thank; towns come first.
func TestStreetsAreFound(t *testing.T) {
	t.Parallel()
	s := withStreets(t)
	nobody := s.as(alerts.RolePublic).with("Accept-Language", "en")
	for _, name := range []string{"papirnih zmajeva, nis", "Папирних змајева 15а, Ниш", "Niš, Papirnih Zmajeva"} {
		page := nobody.form("/report/sighting", "act", "find", "place.query", name).want(200)
		page.has(`value="21.8984,43.3211" checked`, "Papirnih zmajeva, Niš · street", "Places from:", "© Invented &lt;mappers&gt;", "Street and town").lacks("Papirnih zmajeva, Beograd", "More places fit")
		page.has(`value="` + name + `"`) // with the number that was typed
	}
	nobody.form("/report/sighting", "act", "find", "place.query", "papirnih zmajeva").want(200).has("Papirnih zmajeva, Beograd · street", "Papirnih zmajeva, Niš · street")
	nobody.form("/report/sighting", "act", "find", "place.query", "Beograd").want(200).has(`value="20.4651,44.8040" checked`)
	nobody.form("/report/sighting", "act", "find", "place.query", "zuti kanarinac").want(200).has("Žuti kanarinac, Bor · school").lacks("Places from:")
	nobody.form("/report/sighting", "act", "find", "place.query", "Kragujevac").want(200).lacks("Places from:", "· street")
}

func TestStreetsOnThePagesOfTheDesk(t *testing.T) {
	t.Parallel()
	s := withStreets(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	ana.form("/desk/cases/new", "act", "find", "children.count", "1", "last_seen.place.query", "Папирних змајева 7").want(200).has("Papirnih zmajeva, Beograd · street", "Places from:")
	ana.form("/desk/sightings/new", "act", "find", "place.query", "zmajeva beograd").want(200).has("Papirnih zmajeva, Beograd · street")
}

// An area is worked out from streets, and who is to be thanked stands beside
// what was found; over the API as well.
func TestAnAreaIsWorkedOutFromStreets(t *testing.T) {
	t.Parallel()
	s := withStreets(t)
	author := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	id := author.post("/cases", aCase(s)).want(201).text("id")
	at := "/desk/cases/" + id + "/alerts/new"
	author.form(at, "act", "work_corridor", "corridor.places", "Папирних змајева 3, Ниш; Beograd", "corridor.width_km", "5").want(200).
		has("Papirnih zmajeva, Niš – Belgrade", "Places from:", "© Invented &lt;mappers&gt;")
	author.form(at, "act", "work_corridor", "corridor.places", "Niš; Beograd", "corridor.width_km", "5").want(200).has("Niš – Belgrade").lacks("Places from:")
	since := s.now().Add(-2 * time.Hour).In(s.zone())
	author.form(at, "act", "work_reach", "reach.since.date", since.Format(time.DateOnly), "reach.since.time", since.Format("15:04"), "reach.hours_ahead", "2",
		"reach.modes", "foot", "reach.place", "papirnih zmajeva nis").want(200).has("Worked out", "Places from:")
	made := author.post("/cases/"+id+"/alerts", map[string]any{
		"level": "partner", "severity": "severe", "expires_at": s.now().Add(48 * time.Hour),
		"texts":    map[string]any{"en": map[string]any{"headline": "Missing child", "description": "Red jacket."}},
		"corridor": map[string]any{"width_km": 5, "places": []string{"Beograd", "papirnih zmajeva 3 nis"}},
	}).want(201)
	if v := author.get("/alerts/" + made.text("id")).want(200); v.text("area_origin.corridor.places.1") != "Papirnih zmajeva, Niš" {
		t.Errorf("%s", v.body)
	}
}

// No list knows the number of a house, so what was typed stays with the report.
func TestTheNumberOfAHouseIsKept(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{"Papirnih zmajeva 15a, Niš": "a boy in a green coat\nPlace: Papirnih zmajeva 15a, Niš", "Papirnih zmajeva": "a boy in a green coat"} {
		s := withStreets(t)
		s.as(alerts.RolePublic).with("Accept-Language", "en").form("/report/sighting", s.aSighting("place.query", query)...).want(200)
		if v := s.only(); v.Place == nil || v.Text != want {
			t.Errorf("%s: %v, %q", query, v.Place, v.Text)
		}
	}
}

// Programs of the desk search as its pages do; nobody else needs to.
func TestPlacesOverTheAPI(t *testing.T) {
	t.Parallel()
	s := withStreets(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	v := ana.get("/places?q=papirnih+zmajeva+15,+nis").want(200)
	if v.count("items") != 1 || v.text("items.0.name") != "Papirnih zmajeva" || v.text("items.0.town") != "Niš" || v.text("items.0.kind") != "street" || v.text("items.0.credit") != "© Invented <mappers>" {
		t.Errorf("%s", v.body)
	}
	if v := ana.get("/places?q=Ni%C5%A1").want(200); v.text("items.0.kind") != "town" || v.text("items.0.country") != "RS" {
		t.Errorf("%s", v.body)
	}
	ana.get("/places?q=qqqqxxxx").want(200).has(`"items":[]`)
	ana.get("/places").wrong(422, "q")
	s.as(alerts.RolePublic).get("/places?q=nis").want(401)
}
