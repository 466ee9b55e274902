package main

import (
	"strings"
	"testing"

	"homeward/alerts"
)

// neighbour is one of two installations that compare.
type neighbour struct {
	*node
	partner, ana string
}

func newNeighbour(t *testing.T) *neighbour {
	dir := t.TempDir()
	n := &neighbour{node: startNode(t, dir+"/data", dir)}
	n.partner, _ = n.node.partner("RS")
	n.ana = n.as("coordinator", alerts.RoleCoordinator)
	return n
}

func (n *neighbour) child(given, family, born string) (id string) {
	n.tb.Helper()
	return n.must("POST", "/cases", n.ana, object{
		"category": "runaway", "children": []object{{"names": []object{{"given": given, "family": family, "kind": "birth"}}, "birth_date": born}},
		"last_seen": object{"at": n.w.now().Add(-3600e9), "label": "Zqplace"}, "circumstances": "Zqstory",
		"police": object{"reported_at": n.w.now().Add(-1800e9), "unit": "Zqunit", "reference": "1"},
	})["id"].(string)
}

func (n *neighbour) agreement(other, secret string) (made string) {
	n.tb.Helper()
	at := "/partners/" + n.partner + "/comparison"
	v := n.must("POST", at, n.ana, object{"url": other, "secret": secret, "purpose": "children whom both hold", "basis": "agreement"})
	vesna := alerts.Actor{ID: "vesna", Kind: alerts.KindPerson, Role: alerts.RoleDutyOfficer, Name: "Vesna"}
	if _, err := n.w.desk.ApproveComparison(n.tb.Context(), vesna, n.partner, alerts.Request{}); err != nil {
		n.tb.Fatal(err)
	}
	made, _ = v["secret"].(string)
	return made
}

func (n *neighbour) matches() []any {
	n.tb.Helper()
	return n.must("GET", "/matches", n.ana, nil)["items"].([]any)
}

// shows is everything about comparing that this side shows.
func (n *neighbour) shows(m string) string {
	n.tb.Helper()
	var out strings.Builder
	for _, path := range []string{"/api/v1/matches", "/api/v1/matches/" + m, "/api/v1/partners/" + n.partner + "/comparison"} {
		_, b, _ := n.do("GET", path, n.ana, nil)
		out.Write(b)
	}
	return out.String()
}

// TestTwoInstallationsFindTheChildThatBothHold over the network: one in Cyrillic,
// one in Latin; what the other side has written appears nowhere before both have
// agreed, and then only whom to talk to.
func TestTwoInstallationsFindTheChildThatBothHold(t *testing.T) {
	t.Parallel()
	a, b := newNeighbour(t), newNeighbour(t)
	common := a.child("Ђорђе", "Шћепановић", "2014-03-02")
	a.child("Марко", "Петровић", "2012-01-01")
	b.child("Djordje", "Scepanovic", "2014-03-02")
	b.child("Marko", "Pavlović", "2012-01-01")
	secret := a.agreement(b.address, "")
	b.agreement(a.address, secret)
	run := a.must("POST", "/partners/"+a.partner+"/comparison/run", a.ana, nil)
	if run["failure"] != nil {
		t.Fatalf("%v", run)
	}
	if len(a.matches()) != 1 || len(b.matches()) != 1 || a.matches()[0].(object)["case_id"] != common {
		t.Fatalf("%v\n%v", a.matches(), b.matches())
	}
	here, there := a.matches()[0].(object)["id"].(string), b.matches()[0].(object)["id"].(string)
	a.must("POST", "/matches/"+here+"/agree", a.ana, object{"contact": "Zqana", "reach": "+381 11 000 0001"})
	if err := a.w.desk.CompareDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Zqana", "Ђорђе", "Шћепановић", common, here, a.matches()[0].(object)["case_number"].(string)} {
		if strings.Contains(b.shows(there), word) {
			t.Errorf("one has agreed, and the other side shows %q", word)
		}
	}
	for _, word := range []string{"Djordje", "Scepanovic", there, b.matches()[0].(object)["case_number"].(string)} {
		if strings.Contains(a.shows(here), word) {
			t.Errorf("one has agreed and sees %q of the other side", word)
		}
	}
	b.must("POST", "/matches/"+there+"/agree", b.ana, object{"contact": "Zqbojan", "reach": "bojan@example.org", "reference": "R-7"})
	until(t, "both have agreed", func() bool {
		if err := b.w.desk.CompareDue(t.Context()); err != nil {
			t.Error(err)
		}
		return strings.Contains(a.shows(here), "Zqbojan") && strings.Contains(b.shows(there), "Zqana")
	})
	for _, word := range []string{"Zqplace", "Zqstory", "Zqunit", "Djordje"} {
		if strings.Contains(a.shows(here), word) {
			t.Errorf("agreeing shows %q", word)
		}
	}
	b.must("POST", "/partners/"+b.partner+"/comparison/end", b.ana, nil)
	if run := a.must("POST", "/partners/"+a.partner+"/comparison/run", a.ana, nil); run["failure"] != "unknown" {
		t.Errorf("the other side has ended it: %v", run)
	}
}
