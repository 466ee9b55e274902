package main

import (
	"encoding/json"
	"testing"

	"homeward/alerts"
)

// set gives an element that has an id a value.
func (v *visitor) set(id, value string) {
	v.t.Helper()
	args, _ := json.Marshal([]string{id, value})
	if ok, err := look[bool](v, `((id, value) => { const e = document.getElementById(id); for (let d = e.closest("details"); d; d = d.parentElement.closest("details")) d.open = true; e.value = value; return e.value === value; })(...`+string(args)+`)`); err != nil || !ok {
		v.t.Fatalf("%s cannot set %s: %v", v.name, id, err)
	}
}

// A parent makes a card at home and brings it; at the desk a wrong passphrase
// says so, the right one fills the form, and the server has heard nothing of
// the card before the form is sent.
func TestChildCardGoesFromHomeToDesk(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	n, codes := startDemo(t)
	parent := visit(t, browser, "parent", n, 375, 740)
	parent.open("/card?lang=en")
	parent.see(`!document.querySelector("[data-needs-script]").hidden`)
	const passphrase = "четири речи за памћење"
	parent.fill("given", "Ђурђина", "family", "Невидљивић", "birth_date", "2019-05-02", "sex", "female", "hair", "smeđa",
		"languages", "srpski, mađarski", "needs", "inhalator", "contacts", "Baka +381 11 000 0071", "passphrase", passphrase, "again", "other words here")
	parent.click(`#child-card button.main`)
	parent.see(`!document.getElementById("card-said").hidden && document.getElementById("card-result").hidden`)
	parent.fill("again", passphrase)
	parent.click(`#child-card button.main`)
	parent.see(`!document.getElementById("card-result").hidden && document.querySelector("#card-qr path").getAttribute("d").length > 100`)
	card, err := look[string](parent, `document.getElementById("card-result").dataset.text`)
	if err != nil || len(card) < 200 {
		t.Fatalf("%q: %v", card, err)
	}
	if sent, err := look[int](parent, `performance.getEntriesByType("resource").filter((e) => e.initiatorType === "fetch" || e.initiatorType === "xmlhttprequest" || e.initiatorType === "beacon").length`); err != nil || sent != 0 {
		t.Fatalf("%d requests carried something away: %v", sent, err)
	}
	desk := visit(t, browser, "coordinator", n, 1280, 900)
	desk.enter(codes[alerts.RoleCoordinator])
	desk.open("/desk/cases/new?lang=en")
	desk.see(`!document.getElementById("card-reader").hidden`)
	desk.set("card-text", card)
	desk.set("card-pass", "not this one at all")
	desk.click("#card-open")
	desk.see(`document.getElementById("card-said").textContent === document.getElementById("card-said").dataset.wrong`)
	desk.set("card-pass", passphrase)
	desk.click("#card-open")
	desk.see(`document.getElementsByName("children[0].names[0].given")[0].value === "Ђурђина" && document.getElementsByName("children[0].needs")[0].value === "inhalator"`)
	desk.see(`document.getElementsByName("children[0].birth_date")[0].value === "2019-05-02" && document.getElementById("card-contacts").textContent.includes("0071")`)
	for _, w := range append(parent.narrow(), parent.examine("en")...) {
		t.Errorf("/card: %s", w)
	}
	known := nameInDemo(n)
	clerk := visit(t, browser, "operator", n, 1280, 900) // the other form is still being filled in
	clerk.enter(codes[alerts.RoleOperator])
	clerk.open("/desk/cases/new?lang=en")
	clerk.fill("children[0].names[0].given", known.Given, "children[0].names[0].family", known.Family)
	clerk.see(`document.querySelector("#known .known-item")`)
	for _, w := range clerk.examine("en") {
		t.Errorf("/desk/cases/new: %s", w)
	}
}

// nameInDemo is the name of a child that the desk may know of.
func nameInDemo(n *node) (name alerts.Name) {
	n.w.desk.Board.EachCase(func(c *alerts.Case) bool {
		if !c.Restricted && c.State == alerts.StateVerifying && len(c.Children) > 0 && len(c.Children[0].Names) > 0 {
			name = c.Children[0].Names[0]
		}
		return name.Family == ""
	})
	return name
}
