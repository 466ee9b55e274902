package main

import (
	"encoding/json"
	"testing"

	"homeward/alerts"
)

// TestAnOpenPageShowsWhoCalls rings while somebody looks at a page that has
// nothing to do with calls: the page says so by itself, and the call leads to a
// contact that is filled in.
func TestAnOpenPageShowsWhoCalls(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	n, codes := startDemo(t)
	desk := n.w.desk.Desk
	exchange := desk.Board.Exchanges()[0]
	ring := func(event, from string) {
		in := alerts.NewCall{Call: "test", Event: event, From: from, To: "116000", At: desk.Now()}
		body, err := json.Marshal(in)
		if err == nil {
			_, err = desk.HearCall(t.Context(), exchange, alerts.SignedMessage{ID: "msg_test_" + event, Body: body}, in)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	v := visit(t, browser, "operator", n, 1280, 900)
	v.enter(codes[alerts.RoleOperator])
	v.open("/desk/institutions?lang=en")
	v.see(`!document.getElementById("ringing").textContent.includes("38111000044")`)
	ring("ringing", "+38111000044")
	v.see(`document.getElementById("ringing").textContent.includes("38111000044")`)
	v.press(`#ringing .notice button`)
	v.see(`document.getElementById("f-caller.phone").value.startsWith("+381")`)
	for _, w := range v.examine("en") {
		t.Errorf("the form of a call: %s", w)
	}
}
