package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"homeward/alerts"
)

// keys presses keys one after the other, wherever the focus is.
func (v *visitor) keys(keys ...string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	for _, k := range keys {
		if err := chromedp.Do(ctx, chromedp.KeyEvent(k)); err != nil {
			v.t.Fatalf("%s cannot press %q: %v", v.name, k, err)
		}
	}
}

// after presses keys and waits for the page that they lead to.
func (v *visitor) after(keys ...string) {
	v.t.Helper()
	if _, err := look[bool](v, "window.left = true"); err != nil {
		v.t.Fatal(err)
	}
	v.keys(keys...)
	v.see(`!window.left && document.readyState === "complete"`)
}

// report records a sighting by the API and returns its id.
func (n *node) report(caseID, text string, lat, lon float64) string {
	n.tb.Helper()
	return n.must("POST", "/sightings", n.as("coordinator", alerts.RoleCoordinator), object{
		"case_id": caseID, "text": text, "channel": "phone", "observed_at": n.w.now().Add(-time.Hour), "precision_min": 10,
		"place": object{"type": "Point", "coordinates": []float64{lon, lat}}, "accuracy_m": 50,
	})["id"].(string)
}

func (n *node) sightingNow(id string) object {
	return n.must("GET", "/sightings/"+id, n.as("coordinator", alerts.RoleCoordinator), nil)
}

// quiet fails on whatever went wrong on somebody's pages.
func (v *visitor) quiet() {
	v.t.Helper()
	for _, s := range v.troubles() {
		v.t.Errorf("%s: %s", v.name, s)
	}
}

// TestTriageByKeysAlone works on a report from the list to the police and the
// outcome without a mouse.
func TestTriageByKeysAlone(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	c, _ := n.openCase()
	one := n.report(c, "A boy in a blue jacket on the tram.", 44.81, 20.46)
	two := n.report(c, "The boy got off at the market.", 44.811, 20.461)
	v := visit(t, browser, "keys", n, 1280, 900)
	arrive(v, n, alerts.RoleCoordinator, "")
	v.open("/desk/sightings?lang=en")

	v.keys("?")
	v.see(`document.getElementById("keys").open`)
	v.keys(kb.Escape)
	v.see(`!document.getElementById("keys").open`)
	v.keys("j")
	v.see(`document.activeElement.matches("[data-row] > a") && getComputedStyle(document.activeElement).outlineStyle !== "none"`)
	v.after("n")
	v.see(`document.querySelector("form[data-lease]")`)
	open, err := look[string](v, `document.querySelector("[data-record]").dataset.record`)
	if err != nil || open != one && open != two {
		t.Fatalf("%q is open: %v", open, err)
	}
	other := one
	if open == one {
		other = two
	}
	did := func(text string) {
		t.Helper()
		v.see(fmt.Sprintf(`document.getElementById("live-says").textContent.includes(%q)`, text))
	}
	state := func(want string) {
		t.Helper()
		if got := n.sightingNow(open)["state"]; got != want {
			t.Fatalf("the report is %v, not %s", got, want)
		}
	}
	v.after("r")
	did("You set this report to: Read.")
	state("screened")
	v.after("u")
	state("new")
	v.keys("B", "2")
	v.see(`document.activeElement.matches("[name=information][value='2']:checked") && document.querySelector("[name=source][value=B]").checked`)
	did("Press Enter to save.")
	v.after(kb.Enter)
	did("You graded this report B2.")
	state("assessed")
	v.keys("a", "c", "3") // within the form the letter alone grades
	v.see(`document.querySelector("[name=source][value=C]").checked && document.querySelector("[name=information][value='3']").checked`)
	v.after(kb.Enter)
	did("You graded this report C3.")
	v.after("i") // out of the group that place and time made
	did("You changed the group of this report.")
	v.after("h")
	v.see(`document.getElementById("held").innerText.includes("hold nothing back")`)
	v.after("h")
	v.keys("d")
	v.see(`document.activeElement.matches("[name=duplicate_of]")`)
	v.keys(" ")
	v.see(fmt.Sprintf(`document.activeElement.value === %q && document.activeElement.checked`, other))
	v.after(kb.Enter)
	did("You changed which report this one repeats.")
	if got := n.sightingNow(open)["duplicate_of"]; got != other {
		t.Fatalf("it repeats %v", got)
	}
	v.after("u")
	v.keys("p")
	v.see(`document.activeElement.matches("[name=unit]")`)
	v.keys("P", "S", " ", "r", "n", "1") // what is typed is text and nothing else
	// The driver sends the letter of a key apart from the key: the p arrives too.
	v.see(`document.activeElement.name === "unit" && document.activeElement.value.endsWith("PS rn1")`)
	v.after(kb.Enter)
	state("handed_over")
	v.after("y")
	state("confirmed")
	did("You set this report to: Confirmed.")
	v.singleKeysOff()
	v.open("/desk/sightings?open=" + other)
	v.after("e") // given back, and the list again
	if n.sightingNow(other)["lease"] != nil {
		t.Error("the report was not given back")
	}
	v.quiet()
}

// singleKeysOff turns single keys off in the panel of keys, by keys, and on.
func (v *visitor) singleKeysOff() {
	v.t.Helper()
	v.stay()
	v.keys("?")
	v.see(`document.getElementById("keys").open`)
	if _, err := look[bool](v, `document.querySelector("[data-keys-on]").focus(), true`); err != nil {
		v.t.Fatal(err)
	}
	v.keys(" ", kb.Escape)
	v.see(`!document.getElementById("keys").open`)
	v.keys("x", "?", "u", "n")
	v.stayed()
	v.see(`!document.getElementById("keys").open`)
	v.click(`[data-keys-help]`)
	v.see(`document.getElementById("keys").open && !document.querySelector("[data-keys-on]").checked`)
	if _, err := look[bool](v, `document.querySelector("[data-keys-on]").focus(), true`); err != nil {
		v.t.Fatal(err)
	}
	v.keys(" ", kb.Escape)
	v.see(`!document.getElementById("keys").open`)
}

// TestTwoPeopleAtOneReport gives two people the same report, on MongoDB at two
// nodes: the second sees who has it, takes it over knowingly, and leaving frees
// it.
func TestTwoPeopleAtOneReport(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	stores(t, func(t *testing.T, a, b *node) {
		c, _ := a.openCase()
		id := a.report(c, "A boy in a blue jacket on the tram.", 44.81, 20.46)
		at := "/desk/sightings/" + id
		vesna, milan := visit(t, browser, "vesna", a, 1280, 900), visit(t, browser, "milan", b, 1280, 900)
		arrive(vesna, a, alerts.RoleOperator, "")
		arrive(milan, a, alerts.RoleCoordinator, "")
		vesna.open(at + "?lang=en")
		vesna.see(`document.querySelector("form[data-lease]")`)
		until(t, "the other node has the report", func() bool {
			return b.w.desk.Board.HasSighting(id)
		})
		milan.open(at + "?lang=en")
		milan.see(`document.querySelector(".notice.wait").innerText.includes("Invented vesna has this report open until") && !document.querySelector("form[data-grade]")`)
		milan.after("t")
		milan.see(`document.querySelector("form[data-lease]")`)
		// Whoever lost it loses nothing that was typed, and is told.
		vesna.keys("B", "2")
		vesna.fill("note", "typed by the first")
		vesna.press(`form[data-grade] button.main`)
		vesna.arrived(409)
		vesna.see(`document.querySelector("[name=note]").value === "typed by the first" && document.querySelector("main").innerText.includes("Nothing was saved")`)
		milan.open("/desk?lang=en")
		until(t, "leaving frees the report", func() bool { return a.sightingNow(id)["lease"] == nil })
		vesna.open(at)
		vesna.see(`document.querySelector("form[data-lease]")`)
		vesna.press(`.rail form[action="/sign-out"] button`)
		until(t, "signing out frees the report", func() bool { return a.sightingNow(id)["lease"] == nil })
		vesna.quiet()
		milan.quiet()
	})
}

// cut takes the line away or gives it back.
func (v *visitor) cut(off bool) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	if err == nil {
		_, err = chromedp.Call(v.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

// TestTheLineIsCutWhileTyping: nothing that was typed is lost, nothing is there
// twice, and the page says what is going on.
func TestTheLineIsCutWhileTyping(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	c, _ := n.openCase()
	id := n.report(c, "A boy in a blue jacket on the tram.", 44.81, 20.46)
	v := visit(t, browser, "line", n, 1280, 900)
	arrive(v, n, alerts.RoleCoordinator, "")

	v.open("/desk/sightings/" + id + "?lang=en")
	v.fill("source", "B", "information", "2", "note", "typed on the train")
	v.stay()
	v.cut(true)
	v.see(`document.querySelector(".line-state").innerText.startsWith("You are offline.")`)
	v.click("form[data-grade] button.main")
	v.see(`document.querySelector(".line-state").innerText.includes("this was not sent")`)
	v.stayed()
	v.see(`document.querySelector("[name=note]").value === "typed on the train"`)
	v.cut(false)
	v.see(`document.querySelector(".line-state").innerText.startsWith("You are connected again.")`)
	v.press("form[data-grade] button.main")
	v.see(`document.querySelector("[data-did]").innerText.includes("B2")`)

	v.open("/desk/cases/new?lang=en")
	v.fill(".given$", "Zvezdan")
	v.see(`document.getElementById("kept").textContent.startsWith(document.getElementById("kept").dataset.saved)`)
	v.cut(true)
	v.fill(".family$", "Izmišljenović", "circumstances", "Typed without a line.")
	v.see(`document.getElementById("kept").textContent === document.getElementById("kept").dataset.lost`)
	v.cut(false)
	v.see(`document.getElementById("kept").textContent.startsWith(document.getElementById("kept").dataset.saved)`)
	v.open(v.where()) // the form as it was kept
	v.see(`document.querySelector("[name=circumstances]").value === "Typed without a line."`)
	v.open("/desk/intake")
	if kept, err := look[int](v, `document.querySelectorAll('main a[href*="intake="]').length`); err != nil || kept != 1 {
		t.Errorf("%d forms are kept, not one (%v)", kept, err)
	}
	var other []string
	for _, s := range v.troubles() {
		if !strings.Contains(s, "ERR_INTERNET_DISCONNECTED") {
			other = append(other, s)
		}
	}
	if len(other) > 0 {
		t.Error(other)
	}
}
