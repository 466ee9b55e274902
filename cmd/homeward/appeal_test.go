package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// someone makes an account of a person and returns who acts with it.
func (n *node) someone(name string, role alerts.Role) alerts.Actor {
	n.tb.Helper()
	acc := n.must("POST", "/accounts", n.admin, object{"kind": "person", "role": role, "name": name, "email": strings.ToLower(name) + "@example.org"})
	return alerts.Actor{ID: acc["id"].(string), Kind: alerts.KindPerson, Role: role, Name: name}
}

// appeal releases a public appeal by two people and returns its alert.
func (n *node) appeal(t *testing.T) *alerts.Alert {
	t.Helper()
	ctx := t.Context()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ana, boris := n.someone("Ana", alerts.RoleCoordinator), n.someone("Boris", alerts.RoleDutyOfficer)
	caseID, _ := n.openCase()
	d, err := n.w.desk.RecordDecision(ctx, ana, caseID, alerts.NewDecision{
		Level: alerts.LevelPublicAppeal, Authority: "Invented police", Basis: "law", Reference: "D-1", DecidedAt: n.w.now().Add(-time.Minute),
	}, alerts.Request{})
	ok(err)
	_, err = n.w.desk.AddConsent(ctx, ana, caseID, alerts.NewConsent{Class: alerts.P1, Audience: "public", Purpose: "search", Basis: "consent", GivenBy: "mother"}, alerts.Request{})
	ok(err)
	draft, err := n.w.desk.DraftAlert(ctx, ana, caseID, alerts.NewAlert{
		Level: alerts.LevelPublicAppeal, DecisionID: d.ID, Severity: "severe", ExpiresAt: n.w.now().Add(24 * time.Hour), Area: geo.Area{Regions: []string{"RS"}},
		Texts:    map[string]alerts.DraftText{"en": {Headline: "Missing boy", Description: "Blue jacket"}},
		Criteria: &alerts.NewChecklist{List: "RS", Answers: map[string]alerts.NewAnswer{"abducted": {Answer: "no", Note: "invented"}}},
	}, alerts.Request{})
	ok(err)
	_, err = n.w.desk.Release(ctx, boris, draft.ID, alerts.Release{ContentHash: draft.ContentHash}, alerts.Request{})
	ok(err)
	al, _ := n.w.desk.Board.Alert(draft.ID)
	return al
}

// until asks for a page until it answers with a status, and returns how long
// that took.
func (n *node) until(t *testing.T, path string, status int) time.Duration {
	t.Helper()
	began := time.Now()
	for {
		got, _, header := n.do(http.MethodGet, path, "", nil)
		if got == status {
			if c := header.Get("Cache-Control"); c != "public, max-age=1, must-revalidate" {
				t.Errorf("%s may be kept: %q", path, c)
			}
			return time.Since(began)
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("%s still answers %d", path, got)
		}
	}
}

// TestAnAppealEndsOnBothNodes takes an appeal back on one node and reads it on
// both, also from what each keeps in memory.
func TestAnAppealEndsOnBothNodes(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, b *node) {
		al := a.appeal(t)
		page := "/appeals/" + al.Slug
		for _, n := range []*node{a, b} {
			n.until(t, page, http.StatusOK)
			n.until(t, page+"/square.png", http.StatusOK)
		}
		held, ok := b.w.desk.Board.Alert(al.ID)
		if !ok || held.Current().Criteria == nil || held.Current().Criteria.Answers[0].Note != "invented" {
			t.Errorf("the checklist did not come over: %+v", held.Current().Criteria)
		}
		b.must("POST", "/public/sightings", "", object{
			"case_number": al.CaseNumber, "observed_at": b.w.now().Add(-time.Hour), "text": "by the river", "source": b.w.ring.SourceToken(al.ID, alerts.SourcePoster),
		})
		a.must("POST", "/alerts/"+al.ID+"/cancel", a.as("coordinator", alerts.RoleCoordinator), object{"reason": "found"})
		for name, n := range map[string]*node{"the node that ended it": a, "the other": b} {
			for _, p := range []string{"", "?lang=sr-Cyrl", "/photo", "/square.png", "/poster.pdf"} {
				t.Logf("%s: %q is gone after %v", name, p, n.until(t, page+p, http.StatusGone))
			}
		}
		if got := b.w.desk.Board.SightingsVia(al); got[alerts.SourcePoster] != 1 {
			t.Errorf("counted %v", got)
		}
	})
}

// TestRumoursOnBothNodes writes an entry on one node and lets it out on the
// other.
func TestRumoursOnBothNodes(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, b *node) {
		ana, boris := a.someone("Ana", alerts.RoleCoordinator), a.someone("Boris", alerts.RoleDutyOfficer)
		v, err := a.w.desk.WriteRumour(t.Context(), ana, alerts.NewRumour{
			Verdict: "old", Since: "2020-01-01", Links: []string{"https://example.org/post/1"},
			Texts: map[string]alerts.DraftText{"en": {Headline: "A girl taken by a white van", Description: "It goes round since 2019."}},
		}, alerts.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.w.journal.Wait(t.Context(), a.w.journal.Tip().Number); err != nil {
			t.Fatal(err)
		}
		if _, err := b.w.desk.PublishRumour(t.Context(), boris, v.ID, alerts.ApproveRumour{ContentHash: v.ContentHash}, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
		if err := a.w.journal.Wait(t.Context(), b.w.journal.Tip().Number); err != nil {
			t.Fatal(err)
		}
		list := a.must("GET", "/public/rumours", "", nil)
		if items := list["items"].([]any); len(items) != 1 || items[0].(object)["verdict"] != "old" {
			t.Errorf("the list is %v", list)
		}
	})
}
