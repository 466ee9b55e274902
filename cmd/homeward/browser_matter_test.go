package main

import (
	"context"
	"testing"

	"homeward/alerts"
)

// journey is an abduction matter as one person works on it.
type journey struct {
	*visitor
	n      *node
	matter string
}

// step records one step of the procedure on its page.
func (j journey) step(name string, fields ...string) {
	j.t.Helper()
	j.open(j.matter + "/procedure/" + name)
	j.fill(fields...)
	j.press("main form button.main")
	j.arrived(200)
}

// done records a step as done some days ago.
func (j journey) done(name string, ago int, more ...string) {
	j.t.Helper()
	j.step(name, append([]string{"state", "done", "done_on", day(j.n, ago)}, more...)...)
}

// here tells where the picture says that the matter stands.
func (j journey) here(phase string) {
	j.t.Helper()
	j.open(j.matter)
	j.see(`document.querySelector('.way [aria-current="step"] .phase-name').innerText.includes(` + "`" + phase + "`" + `)`)
}

// opensMatter opens a case and a matter on it.
func opensMatter(v *visitor, n *node) journey {
	c := cast{coordinator: v}
	page := c.opensCase(n)
	v.open(page + "/abduction")
	v.fill("kind", "removal", "from_state", "RS", "to_state", "DE", "wrongful_date", day(n, 70))
	v.press("main form.wide > .buttons button.main")
	v.see(`/^\/desk\/abductions\/[a-z0-9]{26}$/.test(location.pathname)`)
	return journey{v, n, v.where()}
}

// fromReportToReturn takes a matter all the way.
func fromReportToReturn(t *testing.T, browser context.Context, n *node) {
	v := visit(t, browser, "matters", n, 1280, 900)
	arrive(v, n, alerts.RoleCoordinator, "")
	v.open("/desk?lang=en")
	j := opensMatter(v, n)
	j.here("Report")

	j.open(j.matter + "/procedure")
	j.fill("route", "hague1980")
	j.press("#decide button.main")
	j.arrived(200)
	j.open(j.matter + "/facts/decisions")
	j.fill("decisions[0].what", "custody", "decisions[0].date", day(n, 300), "decisions[0].court", "Invented court", "decisions[0].enforceable", "yes")
	j.press("main form button.main")
	j.arrived(200)

	j.done("report", 69)
	j.here("Application")
	j.step("application", "state", "doing", "due_on", day(n, 1), "documents", "birth_certificate")
	j.open("/desk/deadlines?kind=procedure")
	j.see(`document.querySelector('#deadlines tr.new a[href$="#step-application-1"]')`)
	j.done("application", 60)
	j.done("transmission", 58)
	j.done("acknowledgement", 50)
	j.step("voluntary_return", "state", "doing") // beside the main way
	j.here("Court")
	j.done("court_application", 40)
	j.open(j.matter)
	j.see(`document.querySelector('#clock-six_weeks-1')`)
	j.done("decision", 20, "outcome", "return_ordered")
	j.done("appeal", 18, "outcome", "none")
	j.here("Enforcement")
	j.done("enforcement", 15)
	j.done("hand_over", 2, "outcome", "returned")
	j.open(j.matter + "/facts/children")
	j.see(`document.querySelector('[name="outcomes[0].child_id"]').options.length === 2`)
	if ok, err := look[bool](v, `(() => { const s = document.querySelector('[name="outcomes[0].child_id"]'); s.value = s.options[1].value; return true; })()`); !ok {
		t.Fatal(err)
	}
	j.fill("outcomes[0].outcome", "returned", "outcomes[0].on", day(n, 2))
	j.press("main form button.main")
	j.arrived(200)
	j.here("Return and after")
	j.see(`document.querySelector("#stopped [id^='clock-sixteenth_birthday']")`)
	j.open(j.matter + "/edit")
	j.fill("state", "returned")
	j.press("main form.wide > .buttons button.main")
	j.open(j.matter)
	j.see(`!document.querySelector("#matter > section > .cards")`) // nothing runs any more
}

// TestMatterFromReportToReturn plays an abduction matter at a browser.
func TestMatterFromReportToReturn(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	stores(t, func(t *testing.T, a, _ *node) { fromReportToReturn(t, browser, a) })
}
