package main

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// cast are the people of the story, each at a browser of their own.
type cast struct {
	coordinator, duty, partner, phone *visitor
	partnerID                         string
}

// arrive makes an account for somebody, who follows the invitation, sets a
// password, leaves, and signs in with it.
func arrive(v *visitor, n *node, role alerts.Role, partner string) {
	v.t.Helper()
	email := v.name + "@example.org"
	in := object{"kind": "person", "role": role, "name": "Invented " + v.name, "email": email}
	if partner != "" {
		in["partner"] = partner
	}
	made := n.must("POST", "/accounts", n.admin, in)
	v.open("/invitation#" + made["invitation"].(object)["code"].(string))
	v.see(`document.querySelector("[name=code]").value !== ""`)
	const password = "three green lamps by the river"
	v.fill("password", password, "again", password)
	v.press("main button.main")
	v.see(`document.body.dataset.socket !== undefined`)
	// Whoever has a narrow window finds this in the menu.
	v.press(`.rail form[action="/sign-out"] button`)
	v.see(`location.pathname === "/sign-in"`)
	v.fill("email", email, "password", password)
	v.press(`main form[action="/sign-in"] button.main`)
	v.see(`document.body.dataset.socket !== undefined`)
	v.arrived(200)
}

func assemble(t *testing.T, browser context.Context, a, b *node) cast {
	partnerID, _ := a.partner("RS")
	a.partner("PT")
	until(t, "the other node has the organisation", func() bool {
		_, ok := b.w.desk.PartnerBoard().Partner(partnerID)
		return ok
	})
	c := cast{partnerID: partnerID}
	c.coordinator = visit(t, browser, "coordinator", a, 1280, 900)
	c.duty = visit(t, browser, "duty", a, 1280, 900)
	c.partner = visit(t, browser, "partner", b, 1024, 800)
	c.phone = visit(t, browser, "phone", b, 375, 740)
	arrive(c.coordinator, a, alerts.RoleCoordinator, "")
	arrive(c.duty, a, alerts.RoleDutyOfficer, "")
	arrive(c.partner, a, alerts.RolePartner, partnerID)
	return c
}

// day is a date and a time of day some days ago, as forms have it.
func day(n *node, ago int) string { return n.w.now().AddDate(0, 0, -ago).Format(time.DateOnly) }

// opensCase returns the new case's page.
func (c cast) opensCase(n *node) string {
	v := c.coordinator
	v.open("/desk")
	v.open("/desk/cases/new")
	v.press(`main button.main[name="act"]`) // a form that is sent too early keeps what was typed
	v.arrived(422)
	v.fill(".given$", "Zvezdan", ".family$", "Izmišljenović", ".birth_date$", "2015-03-04", ".description.clothing$", "blue jacket",
		"last_seen.at.date", day(n, 1), "last_seen.at.time", "10:00", "last_seen.place.lat", "44.81", "last_seen.place.lon", "20.46",
		"last_seen.label", "by the market", "circumstances", "Invented.", "category", "lost_otherwise",
		"police.reported_at.date", day(n, 1), "police.reported_at.time", "11:00", "police.unit", "PS Izmišljena", "police.reference", "000/26")
	v.press(`main button.main[name="act"]`)
	v.see(`/^\/desk\/cases\/[a-z0-9]{26}$/.test(location.pathname)`)
	v.arrived(200)
	return v.where()
}

// recordsSighting writes down what somebody saw and finds it on the live map.
func (c cast) recordsSighting(n *node, page string) {
	v := c.coordinator
	v.press(`a[href^="/desk/sightings/new?case="]`)
	v.fill("text", "Seen by a shop.", "place.lat", "44.82", "place.lon", "20.45", "observed_at.date", day(n, 1), "observed_at.time", "14:00")
	v.press(`main button.main[name="act"]`)
	v.arrived(200)
	v.open(page + "/map")
	c.seesOnMap(1)
}

// seesOnMap waits until the map stands still and shows so many sightings.
func (c cast) seesOnMap(sightings int) {
	c.coordinator.see(`(() => {
		const map = document.querySelector("[data-map]").map;
		if (!map || !map.isStyleLoaded() || !map.areTilesLoaded() || map.isMoving() || !map.getLayer("sightings")) return false;
		const drawn = map.queryRenderedFeatures({ layers: ["sightings", "clusters"] });
		return drawn.reduce((n, f) => n + (f.properties.count || 1), 0) === ` + strconv.Itoa(sightings) + `;
	})()`)
}

// publicReport lets somebody on the street read the appeal and report what they
// saw; the coordinator, who looks at the map, sees it come. It returns the
// appeal's address.
func (c cast) publicReport(n *node, page string) string {
	v := c.coordinator
	appeal, err := look[string](v, `document.querySelector('a[href^="/appeals/"]').getAttribute("href")`)
	if err != nil {
		v.t.Fatal(err)
	}
	v.open(page + "/map")
	c.seesOnMap(1)
	v.stay()
	p := c.phone
	p.open(appeal)
	p.arrived(200)
	p.fits()
	p.press(`main a[href^="/report/sighting"]`)
	p.fill("text", "A boy alone at the bus stop.", "place.query", "Beograd")
	p.press(`main button[name="act"][value="find"]`)
	p.click(`main input[name="place.choice"]`)
	p.fill("observed_at.date", day(n, 1), "observed_at.time", "15:00")
	p.press(`main button.main[value="send"]`)
	p.see(`document.querySelector("main .code")`)
	p.fits()
	v.see(`document.querySelectorAll("#map-list [data-row]").length === 2`)
	c.seesOnMap(2)
	v.stayed()
	return appeal
}

// fits fails when the page is wider than a phone.
func (v *visitor) fits() {
	v.t.Helper()
	for _, w := range v.narrow() {
		v.t.Errorf("%s: %s is %s", v.name, v.where(), w)
	}
}

// oweAnswers opens an abduction matter with an institution that has not kept
// its promise, and finds that among what is overdue.
func (c cast) oweAnswers(n *node, page string) {
	v := c.coordinator
	v.open(page + "/abduction")
	v.fill("kind", "removal", "from_state", "RS", "to_state", "HU", "wrongful_date", day(n, 60))
	v.press("main form.wide > .buttons button.main")
	v.see(`/^\/desk\/abductions\/[a-z0-9]{26}$/.test(location.pathname)`)
	v.arrived(200)
	v.see(`document.querySelector("#matter .cards .card")`)
	matter := v.where()
	v.open(matter + "/contacts")
	if ok, err := look[bool](v, `(() => { const s = document.querySelector("[name=institution_id]"); s.value = s.options[1].value; return true; })()`); !ok {
		v.t.Fatal(err)
	}
	v.within("#new-contact").fill("direction", "out", "channel", "phone", "at.date", day(n, 10), "at.time", "10:00", "request", "Send the application on.", "promised_date", day(n, 3))
	v.press("#new-contact button.main")
	v.arrived(200)
	v.see(`document.querySelector("#log li.live .clock.live")`)
	v.open("/desk/deadlines")
	v.see(`document.querySelector('#deadlines tr.new a[href^="` + strings.Split(matter, "?")[0] + `"]')`)
}

// agreesToAppeal records what a public appeal takes: the authority's decision
// and the family's consent.
func (c cast) agreesToAppeal(n *node, page string) {
	v := c.coordinator
	v.open(page + "/people")
	v.within(`form[action$="/decisions"]`).fill("level", "public_appeal", "authority", "Invented police", "reference", "000/27", "basis", "law",
		"decided_at.date", day(n, 1), "decided_at.time", "12:00")
	v.press(`form[action$="/decisions"] button.main`)
	v.arrived(200)
	v.within(`form[action$="/consents"]`).fill("class", "P1", "audience", "public", "purpose", "search", "basis", "consent", "given_by", "an invented parent")
	v.press(`form[action$="/consents"] button.main`)
	v.arrived(200)
}

// writesAlert returns the page of a public appeal's draft.
func (c cast) writesAlert(page string) string {
	v := c.coordinator
	v.open(page + "/alerts/new")
	v.fill("level", "public_appeal")
	if ok, err := look[bool](v, `(() => { const s = document.querySelector("[name=decision_id]"); s.value = s.options[1].value; return s.value !== ""; })()`); err != nil || !ok {
		v.t.Fatalf("there is no decision to choose: %v", err)
	}
	v.fill("texts.en.headline", "Missing: a boy of 11", "texts.en.description", "An invented boy in a blue jacket.", "texts.en.instruction", "Call 116 000.")
	v.press("main .buttons button.main:not([name])")
	v.see(`/^\/desk\/alerts\/[a-z0-9]{26}$/.test(location.pathname)`)
	v.arrived(200)
	v.see(`document.querySelector('#audience a[href="/desk/partners/` + c.partnerID + `"]')`)
	v.see(`document.querySelectorAll("#audience > .lines a").length === 1`) // not the organisation in another country
	v.see(`!document.querySelector("#release > form button.main")`)         // nobody releases their own
	return v.where()
}

// story is the scenario as people live it: one side's pages change by what the
// other does, without anybody loading them anew.
func story(t *testing.T, browser context.Context, a, b *node) {
	c := assemble(t, browser, a, b)
	c.partner.open("/partner")
	c.partner.see(`document.querySelector("#partner-live .state").textContent !== ""`)
	c.partner.stay()

	page := c.opensCase(a)
	c.recordsSighting(a, page)
	c.agreesToAppeal(a, page)
	alert := c.writesAlert(page)

	c.duty.open(alert)
	c.duty.press("#release > form button.main")
	c.duty.arrived(200)
	c.partner.see(`document.querySelector("[data-alert].new")`)
	c.partner.stayed()
	if text, _ := look[string](c.partner, "document.body.innerText"); strings.Contains(text, "Zvezdan") {
		t.Error("the partner's list names the child")
	}

	c.coordinator.open(alert)
	c.coordinator.see(`document.querySelector("#ledger [data-row]")`)
	c.coordinator.stay()
	ledger := func(what string) {
		c.coordinator.see(`document.querySelector('#ledger [data-row="` + c.partnerID + `"] td').innerHTML.includes(` + "`" + what + "`)")
	}
	c.partner.press(`[data-alert] h2 a`)
	c.partner.arrived(200)
	c.partner.press(`main button[name="answer"][value="accepted"]`)
	c.partner.arrived(200)
	ledger("They will act")
	c.coordinator.stayed()

	appeal := c.publicReport(a, page)
	c.oweAnswers(a, page)

	c.partner.open("/partner")
	c.partner.see(`document.querySelector("#partner-live .state").textContent !== ""`)
	c.partner.stay()
	c.coordinator.open(page + "/close")
	c.coordinator.fill("outcome", "found_safe")
	c.coordinator.press("main button.danger.main")
	c.coordinator.arrived(200)
	c.partner.see(`document.querySelector("#partner-ended article") && !document.querySelector("[data-alert]")`)
	c.partner.stayed()
	c.phone.open(appeal)
	c.phone.arrived(410)
	if text, _ := look[string](c.phone, "document.documentElement.outerHTML"); strings.Contains(text, "Zvezdan") || strings.Contains(text, "<img") {
		t.Errorf("the page of an ended appeal still tells: %s", text)
	}
	c.coordinator.open(alert)
	c.coordinator.stay()
	c.partner.press("#partner-ended form button")
	ledger("Copies removed")
	c.coordinator.stayed()
	for _, v := range []*visitor{c.coordinator, c.duty, c.partner, c.phone} {
		for _, s := range v.troubles() {
			t.Errorf("%s: %s", v.name, s)
		}
	}
}

// TestStory plays the scenario with people at browsers. On MongoDB the
// coordinator is at one node, the partner and the public at another.
func TestStory(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	stores(t, func(t *testing.T, a, b *node) { story(t, browser, a, b) })
}
