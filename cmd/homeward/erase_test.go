package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
	"homeward/store"
)

// TestErasedFilesAreGone has two people erase the file of a case that was closed,
// with all that hangs on it, and looks for it on every node, in the store, among
// the keys, and after a restart.
func TestErasedFilesAreGone(t *testing.T) {
	t.Parallel()
	t.Run("bbolt", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		eraseFile(t, filepath.Join(dir, "data"), dir, false)
	})
	if uri := mongoForTest(t); uri != "" {
		t.Run("MongoDB pair", func(t *testing.T) { t.Parallel(); eraseFile(t, uri, t.TempDir(), true) })
	}
}

// readable is the longitude of the report: places are not sealed, so that the
// store can find them.
const readable = 20.4612345

// fileOf is a closed case with an alert that a partner has, a report, a contact, a
// matter that has ended, and another case that says something about it.
type fileOf struct {
	id, number, slug, alert string
	sighting, contact       string
	other                   string
	loose                   string // repeats the sighting, and belongs to no case
}

func eraseFile(t *testing.T, where, dir string, pair bool) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	a := startNodeAt(t, where, dir, now, nil)
	b := a
	if pair {
		b = startNodeAt(t, where, dir, now, nil)
		b.accounts, b.admin = a.accounts, a.admin
	}
	ctx := t.Context()
	partnerID, key := a.partner("RS")
	p := b.connect(t, key, "")
	p.next("hello")
	p.next("resync")
	f := a.fileToErase(t)
	p.next("alert")
	if got := p.next("withdrawal"); got["reason"] != "cancelled" {
		t.Fatalf("%v", got)
	}
	b.wroteNames(t, f.alert, partnerID)
	until(t, "the other node has what the partner wrote", func() bool {
		d, ok := a.w.desk.PartnerBoard().Delivery(f.alert, partnerID)
		return ok && d.Reason != ""
	})
	ana, officer := a.someone("Officer", alerts.RolePrivacyOfficer), a.someone("Second", alerts.RoleDutyOfficer)
	figures := func(n *node) string {
		t.Helper()
		s, err := n.w.desk.Statistics(ctx, alerts.Actor{ID: ana.ID, Kind: alerts.KindPerson, Role: alerts.RoleCoordinator}, partners.StatisticsFilter{})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(s)
		return string(text)
	}
	before := figures(a)
	act := func(who alerts.Actor, what string, in alerts.HoldAct) error {
		t.Helper()
		_, err := a.w.desk.ActOnRetention(ctx, who, f.id, what, in, alerts.Request{})
		return err
	}
	refused := func(err error, want alerts.Code) {
		t.Helper()
		if alerts.CodeOf(err) != want {
			t.Fatalf("%v, want %s", err, want)
		}
	}
	refused(act(ana, "erase", alerts.HoldAct{}), alerts.Invalid) // its day has not come
	if err := act(ana, "erase", alerts.HoldAct{Reason: "The family asks for it."}); err != nil {
		t.Fatal(err)
	}
	kept, err := a.w.desk.CaseRetention(ctx, ana, f.id)
	if err != nil || kept.Erasing == nil {
		t.Fatalf("%+v %v", kept, err)
	}
	proposal := alerts.HoldAct{Erasing: kept.Erasing.ID}
	refused(act(ana, "confirm_erase", proposal), alerts.Forbidden)
	refused(act(officer, "confirm_erase", alerts.HoldAct{Erasing: "another"}), alerts.Conflict)
	if err := act(officer, "confirm_erase", proposal); err != nil {
		t.Fatal(err)
	}
	everywhere := func() {
		t.Helper()
		var wg sync.WaitGroup
		for _, n := range []*node{a, b} {
			wg.Go(func() {
				if err := n.w.desk.EraseDue(ctx, n.w.now()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	ahead.Store(int64(3*24*time.Hour - time.Minute))
	everywhere()
	if _, ok := a.w.desk.Board.Case(f.id); !ok {
		t.Fatal("the file went while the decision could still be stopped")
	}
	backup := t.TempDir()
	if files, ok := a.w.store.(*store.Bolt); ok {
		if err := files.Backup(ctx, backup); err != nil {
			t.Fatal(err)
		}
	}
	ahead.Store(int64(3*24*time.Hour + time.Minute))
	everywhere()
	until(t, "both nodes know", func() bool {
		_, here := a.w.desk.PartnerBoard().Erasure(f.id)
		_, there := b.w.desk.PartnerBoard().Erasure(f.id)
		return here && there
	})
	if got := p.next("withdrawal"); got["alert_id"] != f.alert || got["reason"] != "erased" {
		t.Errorf("the partner is told %v", got)
	}
	for _, n := range []*node{a, b} {
		n.isErased(t, f, partnerID)
		if after := figures(n); after != before {
			t.Errorf("the figures were\n%s\nand are\n%s", before, after)
		}
	}
	// What another node wrote at the same moment goes after it.
	late := &alerts.Sighting{Head: journal.Head{ID: alerts.NewID(rand.Reader)}, State: alerts.SightingNew, CaseID: f.id, Channel: "phone", Text: "Zqlate", ObservedAt: now(), ReportedAt: now()}
	_, err = a.w.journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Documents: []journal.Document{late}}, nil
	}})
	if err != nil || !a.w.desk.Board.HasSighting(late.ID) {
		t.Fatalf("the late report is not there: %v", err)
	}
	everywhere()
	until(t, "the late report is gone", func() bool {
		return !a.w.desk.Board.HasSighting(late.ID) && !b.w.desk.Board.HasSighting(late.ID)
	})
	p.send(object{"type": "removed", "alert_id": f.alert, "by": "Iva"})
	p.next("ok")
	until(t, "the certificate says who confirmed", func() bool {
		v, err := a.w.desk.Erasure(ctx, ana, f.id)
		return err == nil && len(v.Recipients) == 1 && v.Recipients[0].PartnerID == partnerID && v.Recipients[0].ConfirmedAt != nil && v.Waiting == 0
	})
	if err := verify(ctx, a.w.store, nil, io.Discard); err != nil {
		t.Error(err)
	}
	if pair {
		return
	}
	a.isWiped(t, where)
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	again := startNodeAt(t, where, dir, now, nil)
	again.accounts, again.admin = a.accounts, a.admin
	again.isErased(t, f, partnerID)
	if after := figures(again); after != before {
		t.Errorf("after a restart the figures are\n%s", after)
	}
	if err := again.stop(); err != nil {
		t.Fatal(err)
	}
	restored := startNodeAt(t, backup, dir, now, nil)
	restored.accounts, restored.admin = a.accounts, a.admin
	restored.isErased(t, f, partnerID) // although the data are from before
}

// fileToErase makes the file of a case and closes it.
func (n *node) fileToErase(t *testing.T) (f fileOf) {
	t.Helper()
	ctx := t.Context()
	al := n.appeal(t)
	f.id, f.number, f.slug, f.alert = al.CaseID, al.CaseNumber, al.Slug, al.ID
	coordinator := n.as("coordinator", alerts.RoleCoordinator)
	for range 200 { // more than what is written afterwards takes the room of
		f.sighting = n.must("POST", "/sightings", coordinator, object{
			"case_number": f.number, "observed_at": n.w.now().Add(-time.Hour), "accuracy_m": 50, "text": "Zqseen at a kiosk",
			"place": object{"type": "Point", "coordinates": []float64{readable, 44.81}}, "contact": object{"name": "Zqwitness"},
		})["id"].(string)
	}
	f.contact = n.must("POST", "/contacts", coordinator, object{
		"channel": "phone", "at": n.w.now().Add(-time.Hour), "language": "sr-Latn", "kind": "new_disappearance", "case_id": f.id, "relation": "mother", "asked": "Zqasked",
	})["id"].(string)
	matter(t, n, f.id)
	f.other, _ = n.openCase()
	f.loose = n.must("POST", "/sightings", coordinator, object{
		"observed_at": n.w.now().Add(-time.Hour), "text": "Zqagain", "place": object{"type": "Point", "coordinates": []float64{20.5, 44.8}},
	})["id"].(string)
	n.must("POST", "/sightings/"+f.loose+"/link", coordinator, object{"duplicate_of": f.sighting})
	boris := n.someone("Linker", alerts.RoleCoordinator)
	if _, err := n.w.desk.LinkCases(ctx, boris, f.other, alerts.NewLink{Case: f.number, Kind: "same_place", Reason: "Zqlink"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.w.desk.SetCaseApart(ctx, boris, f.other, alerts.NewApart{Of: "cases/" + f.id, Reason: "Zqapart"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	for _, m := range n.w.desk.PartnerBoard().MattersOf(f.id) {
		n.patch("/abductions/"+m.ID, coordinator, int(m.Version), object{"state": "closed"})
	}
	if _, err := n.w.desk.CloseCase(ctx, boris, f.id, alerts.CloseCase{Outcome: "false_report", At: n.w.now()}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	confirm := n.someone("Confirmer", alerts.RoleDutyOfficer)
	if _, err := n.w.desk.ConfirmClosing(ctx, confirm, f.id, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	return f
}

// isErased looks for what is left of a file.
func (n *node) isErased(t *testing.T, f fileOf, partnerID string) {
	t.Helper()
	ctx := t.Context()
	coordinator := n.as("coordinator", alerts.RoleCoordinator)
	for _, at := range []string{"/cases/" + f.id, "/sightings/" + f.sighting, "/sightings/" + f.loose, "/contacts/" + f.contact, "/alerts/" + f.alert, "/cases/" + f.id + "/retention"} {
		if status, body, _ := n.do(http.MethodGet, "/api/v1"+at, coordinator, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d %s", at, status, body)
		}
	}
	if status, _, _ := n.do(http.MethodGet, "/appeals/"+f.slug, "", nil); status != http.StatusGone {
		t.Errorf("the public page answers %d", status)
	}
	if left := n.w.desk.PartnerBoard().MattersOf(f.id); len(left) != 0 {
		t.Errorf("%d matters are left", len(left))
	}
	other, _ := n.w.desk.Board.Case(f.other)
	if len(other.Links) != 0 || len(other.NotSame) != 0 {
		t.Errorf("another case says %+v %+v", other.Links, other.NotSame)
	}
	for _, unit := range []string{"cases/" + f.id, "where/" + f.id, "sightings/" + f.sighting, "reporters/" + f.sighting, "contacts/" + f.contact, "reporters/" + f.contact, "sightings/" + f.loose} {
		until(t, "the key of "+unit+" is gone", func() bool { // a round in the background may have taken it
			_, err := n.w.keys.Key(ctx, unit)
			return errors.Is(err, journal.ErrNotFound)
		})
	}
	until(t, "the store has nothing of it", func() bool { // changes settle in the background
		documents, err := n.w.store.Documents(ctx, []journal.Key{{Collection: "cases", ID: f.id}, {Collection: "sightings", ID: f.sighting}, {Collection: "alerts", ID: f.alert}})
		return err == nil && !slices.ContainsFunc(documents, func(d []byte) bool { return d != nil })
	})
	d, ok := n.w.desk.PartnerBoard().Delivery(f.alert, partnerID)
	if ok && strings.Contains(d.By+d.Reason+d.Outcome, "Zq") {
		t.Errorf("the ledger says %+v", d)
	}
	v, err := n.w.desk.Erasure(context.WithoutCancel(ctx), alerts.Actor{ID: "x", Kind: alerts.KindPerson, Role: alerts.RolePrivacyOfficer}, f.id)
	if err != nil || v.Number != f.number || len(v.Recipients) != 1 {
		t.Errorf("the certificate: %+v %v", v, err)
	}
}

// isWiped looks for what is readable in the files of the embedded store, before
// and after they are rewritten: the police reference, which the case that stays
// has too, and the place of the report.
func (n *node) isWiped(t *testing.T, dir string) {
	t.Helper()
	left := func(what []byte) (found int) {
		for _, name := range []string{"homeward.db", "photos.db"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			found += bytes.Count(data, what)
		}
		return found
	}
	reference, place := []byte("000/26"), binary.LittleEndian.AppendUint64(nil, math.Float64bits(readable))
	if left(place) == 0 {
		t.Error("nothing was readable before: this test would not see it")
	}
	for range 2 {
		if err := n.w.wipe(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if one, none := left(reference), left(place); one != 1 || none != 0 {
		t.Errorf("the files have the reference in %d places and the place in %d", one, none)
	}
}

// wroteNames puts what somebody at a partner wrote into the ledger.
func (n *node) wroteNames(t *testing.T, alertID, partnerID string) {
	t.Helper()
	_, err := n.w.journal.Do(t.Context(), journal.Command{Actor: "test", Action: "test", Decide: func(v *journal.View) (journal.Outcome, error) {
		next := partners.Delivery{Head: journal.Head{ID: alertID + "." + partnerID}, AlertID: alertID, PartnerID: partnerID, Revision: 1, State: partners.DeliverySent}
		if was, err := journal.Load[*partners.Delivery](v, "deliveries", next.ID); err == nil {
			next = *was
		}
		next.By, next.Reason, next.Outcome = "Zqby", "Zqreason", "Zqoutcome"
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
}
