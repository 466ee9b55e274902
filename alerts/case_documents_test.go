package alerts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

func aPaper(slot, note string) alerts.NewDocument {
	return alerts.NewDocument{Slot: slot, Note: note, DocumentFile: alerts.DocumentFile{Kind: "pdf", Name: "scan.pdf", Content: []byte("%PDF-" + slot + note)}}
}

func TestDocumentSlotsAreRight(t *testing.T) {
	t.Parallel()
	slots, err := alerts.LoadDocumentSlots()
	if err != nil {
		t.Fatal(err)
	}
	needed := 0
	for _, s := range slots {
		for _, c := range alerts.Categories() {
			if s.NeededIn(c) && !s.AskedIn(c) {
				t.Errorf("%s is needed in %s and not asked for", s.Key, c)
			}
			if s.NeededIn(c) {
				needed++
			}
		}
		if !strings.HasSuffix(s.WhyEn, ".") || !strings.HasSuffix(s.WhySr, ".") {
			t.Errorf("%s: the reason is no sentence", s.Key)
		}
	}
	if len(slots) < 10 || needed == 0 {
		t.Errorf("%d slots, %d needs", len(slots), needed)
	}
}

func TestDocumentsAndTheirVersions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	_, err := r.AddDocument(r.ctx, r.ana, v.ID, alerts.NewDocument{Slot: "will", Note: strings.Repeat("x", 501)}, alerts.Request{})
	r.wrong(err, "slot unknown_value", "note too_long", "file required")
	_, err = r.AddDocument(r.ctx, r.ana, v.ID, aPaper("other", ""), alerts.Request{})
	r.wrong(err, "note required")
	wrong := aPaper("police_report", "")
	wrong.Child = "nobody"
	_, err = r.AddDocument(r.ctx, r.ana, v.ID, wrong, alerts.Request{})
	r.wrong(err, "child unknown_child")
	_, err = r.AddDocument(r.ctx, r.officer, v.ID, aPaper("police_report", ""), alerts.Request{})
	r.refused(err, alerts.Forbidden)

	doc := done(r.AddDocument(r.ctx, r.ana, v.ID, aPaper("custody_order", "first"), alerts.Request{}))
	next := aPaper("", "second")
	next.Replaces = doc.ID
	next.Content = []byte("%PDF-second")
	doc = done(r.AddDocument(r.ctx, r.boris, v.ID, next, alerts.Request{}))
	if len(doc.Versions) != 2 || doc.Versions[1].Note != "second" || doc.Versions[1].By != r.boris.ID || doc.Slot != "custody_order" {
		t.Fatalf("%+v", doc)
	}
	old := done(r.OpenDocument(r.ctx, r.ana, v.ID, doc.ID, doc.Versions[0].ID))
	if string(old.Content) != "%PDF-custody_orderfirst" || old.Name != "scan.pdf" || old.Kind != "pdf" {
		t.Errorf("%+v", old)
	}
	next.Replaces = "nothing"
	_, err = r.AddDocument(r.ctx, r.ana, v.ID, next, alerts.Request{})
	r.refused(err, alerts.NotFound)
	_, err = r.OpenDocument(r.ctx, r.ana, v.ID, doc.ID, "nothing")
	r.refused(err, alerts.NotFound)
	_, err = r.OpenDocument(r.ctx, r.officer, v.ID, doc.ID, doc.Versions[0].ID)
	r.refused(err, alerts.NotFound)

	r.pass(48 * time.Hour)
	if n := done(r.SweepPhotos(r.ctx, r.now())); n != 0 {
		t.Fatal("a paper was swept")
	}
	_, err = r.RemoveDocument(r.ctx, r.ana, v.ID, doc.ID, alerts.RemovePhoto{}, alerts.Request{})
	r.wrong(err, "why required")
	r.ok(second(r.RemoveDocument(r.ctx, r.ana, v.ID, doc.ID, alerts.RemovePhoto{Why: "Another child's."}, alerts.Request{})))
	_, err = r.OpenDocument(r.ctx, r.ana, v.ID, doc.ID, doc.Versions[0].ID)
	r.refused(err, alerts.NotFound)
	next.Replaces = doc.ID
	_, err = r.AddDocument(r.ctx, r.ana, v.ID, next, alerts.Request{})
	r.refused(err, alerts.Conflict)
	r.pass(31 * 24 * time.Hour)
	if n := done(r.SweepPhotos(r.ctx, r.now())); n < 2 {
		t.Errorf("%d copies were destroyed", n)
	}
}

// TestWhoOpensADocumentFollowsFromItsClass reads papers of each class as people
// who may see one class and not another.
func TestWhoOpensADocumentFollowsFromItsClass(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	papers := map[alerts.Class]alerts.DocumentView{}
	for class, slot := range map[alerts.Class]string{alerts.P1: "birth_certificate", alerts.P3: "court_decision", alerts.P4: "medical_record"} {
		papers[class] = done(r.AddDocument(r.ctx, r.ana, v.ID, aPaper(slot, ""), alerts.Request{}))
	}
	c, _ := r.Board.Case(v.ID)
	team := *c
	team.State = alerts.StateActive
	opened, refused := 0, 0
	var people []alerts.Actor
	for i, role := range []alerts.Role{alerts.RoleLegal, alerts.RolePoliceLiaison, alerts.RoleTeamLeader, alerts.RoleVolunteer} {
		a := r.person(string(rune('p'+i)), role)
		people, team.Team = append(people, a), append(team.Team, a.ID)
	}
	r.write(&team)
	c, _ = r.Board.Case(v.ID)
	for _, a := range people {
		for class, doc := range papers {
			want := r.Matrix.May(a, class, c.State, true)
			_, err := r.OpenDocument(r.ctx, a, v.ID, doc.ID, doc.Versions[0].ID)
			if (err == nil) != want {
				t.Errorf("%s, %s: %v", a.Role, class, err)
			}
			listed := slices.ContainsFunc(done(r.Case(r.ctx, a, v.ID)).Documents, func(o alerts.DocumentView) bool { return o.ID == doc.ID })
			if listed != want {
				t.Errorf("%s is told of a paper of %s: %t", a.Role, class, listed)
			}
			if want {
				opened++
			} else {
				refused++
			}
		}
	}
	if opened == 0 || refused == 0 {
		t.Errorf("opened %d, refused %d: the test sees one side only", opened, refused)
	}
}
