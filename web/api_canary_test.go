package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// planted is a word that stands in one field only, and the class of that field.
// Where tells of which record: case, sighting, contact, alert, matter.
type planted struct {
	word  string
	class alerts.Class
	where string
	// inside is the class of the record that holds the field, where it has one
	// of its own: a reader needs both.
	inside alerts.Class
}

// garden makes words that are found nowhere else.
type garden struct{ all []planted }

func (g *garden) plant(where string, class alerts.Class, field string) string {
	word := fmt.Sprintf("Zq%s%s%s", strings.ToLower(string(class)), where, field)
	g.all = append(g.all, planted{word: word, class: class, where: where, inside: class})
	return word
}

func (g *garden) plantIn(where string, inside, class alerts.Class, field string) string {
	word := g.plant(where, class, field)
	g.all[len(g.all)-1].inside = inside
	return word
}

// estate is one record of each kind with a word in every field.
type estate struct {
	*testServer
	garden
	released
	sighting, contact, matter, photo string
	// file is a scan among the matter's papers, with the paper it belongs to.
	file    string
	child   string
	protect protected
	clients map[alerts.Role]client
	actors  map[alerts.Role]alerts.Actor
}

func newEstate(t *testing.T) *estate {
	e := &estate{testServer: newTestServer(t), clients: map[alerts.Role]client{}, actors: map[alerts.Role]alerts.Actor{}}
	for _, role := range alerts.Roles() {
		if role == alerts.RoleTipster || role == alerts.RoleParent || role == alerts.RolePublic {
			continue
		}
		e.clients[role] = e.as(role)
		me := e.clients[role].get("/me").want(200)
		e.actors[role] = alerts.Actor{ID: me.text("id"), Kind: alerts.KindPerson, Role: role}
	}
	e.clients[alerts.RolePublic], e.actors[alerts.RolePublic] = e.as(alerts.RolePublic), alerts.Public()
	e.plantCase()
	e.plantRest()
	return e
}

func (e *estate) plantCase() {
	ana, p := e.clients[alerts.RoleCoordinator], e.plant
	team := []string{e.actors[alerts.RoleVolunteer].ID, e.actors[alerts.RoleTeamLeader].ID, e.actors[alerts.RoleLegal].ID}
	cs := ana.post("/cases", map[string]any{
		"category": "runaway", "team": team,
		"children": []any{map[string]any{
			"names": []any{map[string]any{"given": p("case", alerts.P1, "given"), "family": p("case", alerts.P1, "family"), "kind": "birth"}},
			"sex":   "female", "birth_date": "2019-05-02", "home": p("case", alerts.P2, "home"), "needs": p("case", alerts.P4, "needs"),
			"description": map[string]any{"hair": p("case", alerts.P0, "hair"), "clothing": p("case", alerts.P0, "clothing"), "marks": p("case", alerts.P0, "marks")},
		}},
		"last_seen":     map[string]any{"at": e.now().Add(-time.Hour), "place": point(20.4573, 44.8178), "label": p("case", alerts.P2, "label")},
		"circumstances": p("case", alerts.P3, "circumstances"),
		"family": map[string]any{
			"household": p("case", alerts.P3, "household"), "taker": p("case", alerts.P3, "suspect"), "taker_relation": p("case", alerts.P3, "kinship"),
			"taker_looks": p("case", alerts.P3, "car"), "papers_where": p("case", alerts.P3, "papersat"),
		},
		"police":    map[string]any{"reported_at": e.now().Add(-time.Hour), "unit": p("case", alerts.P3, "unit"), "reference": p("case", alerts.P3, "policeref")},
		"risk":      map[string]any{"grade": "high", "factors": []string{p("case", alerts.P5, "factor")}, "note": p("case", alerts.P5, "risknote")},
		"follow_up": map[string]any{"due_at": e.now().Add(time.Hour), "note": p("case", alerts.P5, "follownote")},
	}).want(201)
	e.caseID, e.number, e.child = cs.text("id"), cs.text("number"), cs.text("children.0.id")
	at := "/cases/" + e.caseID
	decision := ana.post(at+"/decisions", map[string]any{
		"level": "public_appeal", "authority": p("case", alerts.P3, "authority"), "person": p("case", alerts.P3, "decider"),
		"basis": p("case", alerts.P3, "basis"), "reference": p("case", alerts.P3, "decisionref"), "decided_at": e.now().Add(-time.Minute),
	}).want(201).text("id")
	ana.post(at+"/consents", map[string]any{
		"class": "P1", "audience": "public", "purpose": p("case", alerts.P10, "purpose"), "basis": "consent", "given_by": e.plantIn("case", alerts.P10, alerts.P3, "givenby"),
	}).want(201)
	ana.post(at+"/tasks", map[string]any{"title": e.plantIn("case", alerts.P10, alerts.P3, "task"), "note": e.plantIn("case", alerts.P10, alerts.P3, "tasknote")}).want(201)
	ana.post(at+"/shift-notes", map[string]any{"text": e.plantIn("case", alerts.P10, alerts.P3, "shiftnote")}).want(200)
	ana.post(at+"/steps/hospitals_asked", map[string]any{"state": "not_needed", "note": e.plantIn("case", alerts.P10, alerts.P3, "stepnote")}).want(200)
	ana.post(at+"/episodes", map[string]any{"child": e.child, "began": "2029", "found": p("case", alerts.P3, "foundthen"), "source": p("case", alerts.P3, "toldby")}).want(200)
	body, kind := formWith("photo", "x.jpg", jpegOf(corners(32, 32)))
	e.photo = ana.with("Content-Type", kind).post(at+"/photos", body).want(201).text("id")
	draft := anAlert(e.testServer, "public_appeal", decision)
	draft["hold_back"], draft["photo_id"] = p("alert", alerts.P5, "holdback"), e.photo
	draft["texts"] = map[string]any{"en": map[string]any{
		"headline": p("alert", alerts.P0, "headline"), "description": p("alert", alerts.P0, "text"), "instruction": p("alert", alerts.P0, "instruction"),
	}}
	draft["criteria"] = map[string]any{"list": "RS", "answers": map[string]any{"abducted": map[string]any{"answer": "yes", "note": p("alert", alerts.P5, "criterion")}}}
	d := ana.post(at+"/alerts", draft).want(201)
	e.alert = d.text("id")
	e.slug = e.clients[alerts.RoleDutyOfficer].post("/alerts/"+e.alert+"/release", map[string]any{"content_hash": d.text("content_hash")}).want(200).text("slug")
}

func (e *estate) plantRest() {
	ana, p := e.clients[alerts.RoleCoordinator], e.plant
	e.clients[alerts.RolePublic].post("/public/sightings", map[string]any{
		"case_number": e.number, "observed_at": e.now().Add(-time.Hour), "text": p("sighting", alerts.P7, "tip"), "place": point(20.46, 44.81),
		"contact": map[string]any{"name": p("sighting", alerts.P8, "tipster"), "phone": "+381 11 000 0011", "email": p("sighting", alerts.P8, "mail") + "@example.org"},
	}).want(201)
	e.sighting = ana.get("/sightings?case=" + e.caseID).want(200).text("features.0.id")
	ana.post("/sightings/"+e.sighting+"/assess", map[string]any{"source": "B", "information": 2, "note": p("sighting", alerts.P7, "grading")}).want(200)
	ana.post("/sightings/"+e.sighting+"/handover", map[string]any{"unit": p("sighting", alerts.P7, "station"), "person": p("sighting", alerts.P7, "officer")}).want(200)
	ana.post("/sightings/"+e.sighting+"/messages", map[string]any{"text": p("sighting", alerts.P7, "question")}).want(200)
	e.contact = ana.post("/contacts", map[string]any{
		"channel": "phone", "kind": "support", "case_id": e.caseID, "relation": p("contact", alerts.P6, "relation"), "asked": p("contact", alerts.P6, "asked"),
		"promised": p("contact", alerts.P6, "promised"), "promised_until": e.now().Add(time.Hour),
		"caller":      map[string]any{"name": p("contact", alerts.P6, "caller"), "phone": "+381 11 000 0022"},
		"interpreter": p("contact", alerts.P6, "interpreter"), "explained": p("contact", alerts.P6, "explained"),
	}).want(201).text("id")
	court := ana.post("/institutions", map[string]any{"name": "District court", "kind": "court", "country": "RS"}).want(201).text("id")
	m := ana.post("/cases/"+e.caseID+"/abduction", map[string]any{
		"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "RS", "to_state": "DE", "legal": []string{e.actors[alerts.RoleLegal].ID},
		"habitual_residence": p("matter", alerts.P3, "residence"), "left_behind": p("matter", alerts.P3, "leftbehind"),
		"taking_person": p("matter", alerts.P3, "taker"), "custody_basis": p("matter", alerts.P3, "custody"), "whereabouts": p("matter", alerts.P3, "where"),
		"parties":         []any{map[string]any{"role": "taking", "name": p("matter", alerts.P3, "party"), "address": p("matter", alerts.P3, "partyhome"), "phone": p("matter", alerts.P3, "partyphone")}},
		"decisions":       []any{map[string]any{"date": "2031-01-02", "what": "custody", "court": p("matter", alerts.P3, "court"), "text": p("matter", alerts.P3, "ruling")}},
		"documents":       []any{map[string]any{"kind": "passport", "child_id": e.child, "state": "RS", "number": p("matter", alerts.P3, "passport"), "valid_until": "2031-12-31", "where": p("matter", alerts.P3, "drawer")}},
		"authorisations":  []any{map[string]any{"kind": "power_of_attorney", "to": p("matter", alerts.P3, "attorney"), "valid_until": "2031-12-31"}},
		"traces":          []any{map[string]any{"kind": "route", "text": p("matter", alerts.P3, "trace"), "source": "B", "information": 2}},
		"family_contacts": []any{map[string]any{"date": "2031-01-03", "channel": "phone", "note": p("matter", alerts.P3, "familycall")}},
		"dangers":         []any{map[string]any{"code": "threats", "note": p("matter", alerts.P3, "danger")}},
	}).want(201)
	e.matter = m.text("id")
	ana.post("/abductions/"+e.matter+"/route", map[string]any{"route": "hague1980", "why": p("matter", alerts.P3, "routewhy")}).want(200)
	ana.post("/abductions/"+e.matter+"/steps/application", map[string]any{"state": "skipped", "reason": p("matter", alerts.P3, "skipped"), "note": p("matter", alerts.P3, "stepnote")}).want(200)
	ana.post("/abductions/"+e.matter+"/contacts", map[string]any{
		"institution_id": court, "direction": "out", "channel": "email", "at": e.now(), "person": p("matter", alerts.P3, "clerk"),
		"request": p("matter", alerts.P3, "request"), "legal_basis": p("matter", alerts.P3, "law"), "reference": p("matter", alerts.P3, "file"),
	}).want(201)
	ana.post("/abductions/"+e.matter+"/contacts/1/answer", map[string]any{"at": e.now(), "text": p("matter", alerts.P3, "answer"), "satisfied": "yes"}).want(200)
	e.plantPapers(ana)
	e.plantProtection(ana)
	e.plantReferral(ana)
	e.plantConference(ana)
	e.plantSearch(ana)
	e.plantCalls(ana)
	ana.post("/cases/"+e.caseID+"/inquiries", map[string]any{
		"institution_id": court, "direction": "out", "channel": "email", "at": e.now(), "unit": p("inquiry", alerts.P3, "unit"), "person": p("inquiry", alerts.P3, "clerk"),
		"function": p("inquiry", alerts.P3, "function"), "request": p("inquiry", alerts.P3, "request"), "our_reference": p("inquiry", alerts.P3, "file"), "interpreter": p("inquiry", alerts.P3, "interpreter"),
		"documents": []any{map[string]any{"title": p("inquiry", alerts.P3, "document"), "direction": "sent"}}, "proof": map[string]any{"kind": "other", "reference": p("inquiry", alerts.P3, "proof")},
		"family_note": p("inquiry", alerts.P3, "familynote"), "promised_date": "2031-04-01", "promised_by": p("inquiry", alerts.P3, "promiser"), "next_step": p("inquiry", alerts.P3, "nextstep"), "next_due": "2031-04-02",
	}).want(201)
}

// plantPapers writes a word into every text of the matter's folder.
func (e *estate) plantPapers(ana client) {
	at, p := "/abductions/"+e.matter, e.plant
	own := ana.post(at+"/papers", map[string]any{"title": p("matter", alerts.P3, "papertitle")}).want(201).text("id")
	ana.post(at+"/papers/"+own, map[string]any{"note": p("matter", alerts.P3, "papernote")}).want(200)
	body, kind := formWith("file", p("matter", alerts.P3, "filename")+".jpg", jpegOf(corners(32, 32)))
	e.file = own + "/files/" + ana.with("Content-Type", kind).post(at+"/papers/"+own+"/files", body).want(201).text("files.0.id")
	ana.post(at+"/application", map[string]any{"answers": []any{map[string]any{"field": "remarks", "value": p("matter", alerts.P3, "remark")}}}).want(200)
	ana.post(at+"/letters", map[string]any{
		"template": "police_locate", "language": "en", "addressee": p("matter", alerts.P3, "addressee"),
		"subject": e.plantIn("matter", alerts.P3, alerts.P1, "subject"), "body": e.plantIn("matter", alerts.P3, alerts.P1, "letter"),
	}).want(201)
	ana.post(at+"/bundles", map[string]any{"recipient": "police", "language": "en", "letter": 1}).want(201)
}

// outputs fetches everything that a role could ask for, and returns it with its
// headers.
func (e *estate) outputs(c client) string {
	var b strings.Builder
	id := strings.NewReplacer("CASE", e.caseID, "SIGHTING", e.sighting, "CONTACT", e.contact, "ALERT", e.alert, "MATTER", e.matter, "PHOTO", e.photo, "FILE", e.file, "SLUG", e.slug,
		"MEDIATION", e.protect.mediation, "PREVENTION", e.protect.prevention, "REFERRAL", e.protect.referral, "CONFERENCE", e.protect.conference, "INVITATION", e.protect.invitation, "SEARCH", e.protect.search, "TASK", e.protect.task,
		"PARTNER", e.clients[alerts.RolePartner].get("/partner/organisation").want(200).text("id"))
	for _, path := range append(append(append(protectedPaths(), referralPaths()...), append(conferencePaths(), searchPaths()...)...),
		"/api/v1/retention", "/api/v1/cases/CASE/retention", "/desk/retention", "/desk/retention/CASE", "/desk/cases/CASE/after",
		"/api/v1/incoming-calls", "/desk/calls", "/api/v1/caller-blocks", "/desk/caller-blocks", "/desk/exchanges",
		"/api/v1/cases", "/api/v1/cases?q=zq", "/api/v1/cases/CASE", "/api/v1/cases/CASE/alike", "/api/v1/contacts.csv", "/api/v1/contacts.json", "/api/v1/alerts.csv", "/api/v1/alerts.json", "/api/v1/abductions.csv", "/api/v1/abductions.json", "/api/v1/referrals.csv", "/api/v1/referrals.json", "/api/v1/contacts/CONTACT/alike", "/api/v1/cases/CASE/photos/PHOTO", "/api/v1/sightings", "/api/v1/sightings?case=CASE",
		"/api/v1/sightings/SIGHTING", "/api/v1/tiles/sightings/0/0/0.mvt", "/api/v1/sightings-heat", "/desk/map?layer=heat&layer=coverage", "/desk/map/print", "/api/v1/contacts", "/api/v1/contacts/CONTACT", "/api/v1/alerts", "/api/v1/alerts/ALERT",
		"/api/v1/alerts/ALERT/audience", "/api/v1/alerts/ALERT/deliveries", "/api/v1/alerts/ALERT/cap.xml", "/api/v1/alerts/ALERT/cap.xml?revision=1",
		"/api/v1/alerts/ALERT/cancel.xml", "/api/v1/alerts/ALERT/photo", "/api/v1/feeds/alerts.atom", "/api/v1/partner/alerts", "/api/v1/partner/alerts/ALERT",
		"/api/v1/partners", "/api/v1/institutions", "/api/v1/abductions", "/api/v1/abductions/MATTER", "/api/v1/abductions/MATTER/clocks", "/api/v1/abductions/MATTER/papers", "/api/v1/abductions/MATTER/papers/FILE",
		"/api/v1/abductions/MATTER/application", "/api/v1/abductions/MATTER/application?recipient=court", "/api/v1/abductions/MATTER/letters/1",
		"/api/v1/abductions/MATTER/letters/1/letter.pdf", "/api/v1/abductions/MATTER/letter-draft?template=cover&language=en",
		"/api/v1/abductions/MATTER/bundles/plan?recipient=court&language=en", "/api/v1/abductions/MATTER/bundles/1/bundle.pdf", "/api/v1/abductions/MATTER/bundles/1/bundle.zip", "/api/v1/abductions/MATTER/route", "/api/v1/abductions/MATTER/procedure", "/api/v1/deadlines",
		"/api/v1/cases/CASE/inquiries", "/api/v1/cases/CASE/inquiries/1/ladder", "/api/v1/abductions/MATTER/contacts", "/api/v1/institutions.csv", "/api/v1/institutions-to-check", "/api/v1/barometer", "/api/v1/statistics", "/api/v1/statistics.csv", "/desk/statistics",
		"/api/v1/accounts", "/api/v1/me", "/", "/appeals/SLUG", "/appeals/SLUG/photo", "/rumours", "/api/v1/public/rumours", "/api/v1/criteria", "/api/v1/alerts/ALERT/preview", "/api/v1/alerts/ALERT/sources", "/api/v1/alerts/ALERT/readiness", "/api/v1/alerts/ALERT/recall",
		"/desk/alerts/ALERT/preview", "/desk/alerts/ALERT/preview/page", "/desk/alerts/ALERT/preview/cap.xml", "/api/v1/partner/pfif.xml", "/follow", "/report/sighting?case="+e.number, "/metrics", "/readyz",
		"/api/v1/drills", "/desk/drills", "/desk/drills/new", "/api/v1/partner/history", "/partner/history", "/api/v1/partner/statement", "/partner/feed", "/desk/partners/PARTNER/feed", "/api/v1/partners/PARTNER/statement", "/partner/map", "/api/v1/partners-to-look-after", "/desk/partners", "/partner/organisation",
	) {
		r := c.send("GET", id.Replace(path), nil)
		fmt.Fprintf(&b, "%s %d %v\n%s\n", path, r.status, r.header, r.body)
	}
	return b.String()
}

// routes on which a record of a kind is read.
func readRoutes() map[string]string {
	return map[string]string{
		"case": "GET /api/v1/cases/:id", "sighting": "GET /api/v1/sightings/:id", "contact": "GET /api/v1/contacts/:id",
		"alert": "GET /api/v1/alerts/:id", "matter": "GET /api/v1/abductions/:id", "inquiry": "GET /api/v1/cases/:id/inquiries",
		"search": "GET /api/v1/searches/:id", "referral": "GET /api/v1/referrals/:id", "referralinside": "GET /api/v1/referrals/:id", "conference": "GET /api/v1/conferences/:id", "conferenceinside": "GET /api/v1/conferences/:id",
		"prevention": "GET /api/v1/preventions/:id", "call": "GET /api/v1/incoming-calls", "retention": "GET /api/v1/cases/:id/retention", "block": "GET /api/v1/caller-blocks", "orders": "GET /api/v1/mediations/:id",
	}
}

// allowed tells whether the matrix lets a role see a word, and whether it must.
func (e *estate) allowed(role alerts.Role, w planted, state alerts.State) bool {
	if may, decided := e.protect.allowed(role, w); decided {
		return may
	}
	if (referred(role, w) || conferred(role, w)) && state == alerts.StatePublic {
		return true
	}
	given, out := strings.HasSuffix(w.word, "casegiven"), state == alerts.StatePublic
	switch role {
	case alerts.RolePublic:
		// The card, and the first name because there is consent.
		return out && (w.class == alerts.P0 || given)
	case alerts.RolePartner, alerts.RolePartnerSearch:
		return out && (w.class == alerts.P0 || given)
	}
	if out && (w.class == alerts.P0 || given) {
		return true // it is public
	}
	c, _ := e.Alerts.Board.Case(e.caseID)
	a := e.actors[role]
	g := alerts.Grounds{Assigned: e.Alerts.Assigned(a, c) || role == alerts.RoleLegal, Tipster: true}
	return e.Matrix.Route(role, readRoutes()[w.where]) && e.Matrix.MayOn(a, w.class, state, g) && e.Matrix.MayOn(a, w.inside, state, g)
}

// TestCanaries looks for every word in everything that every role can fetch,
// while the child is looked for and once it has been found.
func TestCanaries(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	e.crawl(t, alerts.StatePublic)
	e.plant("case", alerts.P9, "whereabouts")
	ana := e.clients[alerts.RoleCoordinator]
	ana.post("/cases/"+e.caseID+"/retention/propose", map[string]any{
		"ground": "proceedings", "reason": e.plant("retention", alerts.P10, "holdreason"), "reference": e.plant("retention", alerts.P10, "holdreference"),
	}).want(200)
	e.plant("case", alerts.P5, "closingnote")
	e.clients[alerts.RoleCoordinator].post("/cases/"+e.caseID+"/close", map[string]any{
		"outcome": "found_safe", "note": "Zqp5caseclosingnote", "whereabouts": "Zqp9casewhereabouts",
	}).want(200)
	ana.post("/cases/"+e.caseID+"/interviews", map[string]any{
		"state": "declined", "with": "hotline", "note": e.plantIn("case", alerts.P10, alerts.P5, "interviewnote"),
	}).want(200)
	e.crawl(t, alerts.StateFound)
	for _, w := range e.all {
		if strings.Contains(e.logs.String(), w.word) {
			t.Errorf("%s is in the log", w.word)
		}
	}
}

func (e *estate) crawl(t *testing.T, state alerts.State) {
	t.Helper()
	for _, role := range slices.Sorted(maps.Keys(e.clients)) {
		out := e.outputs(e.clients[role])
		var leaked, missing []string
		for _, w := range e.all {
			seen := strings.Contains(out, w.word)
			switch allowed := e.allowed(role, w, state); {
			case seen && !allowed:
				leaked = append(leaked, w.word)
			case !seen && allowed:
				missing = append(missing, w.word)
			}
		}
		if len(leaked) > 0 {
			t.Errorf("%s, case %s: may not see %v", role, state, leaked)
		}
		if len(missing) > 0 {
			t.Errorf("%s, case %s: should see %v", role, state, missing)
		}
	}
}
