package partners_test

import (
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
)

// TestHandedAlertsScopedKeysAndShiftsInEachStore hands an alert to a colleague,
// limits a key to a region and leaves a shift, and reads all of it after a start
// anew.
func TestHandedAlertsScopedKeysAndShiftsInEachStore(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]home{"bolt": boltHome(t), "mongodb": mongoHome(t)} {
		if h == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, stop := startOn(t, h)
			k := &keptThings{t: t, d: d}
			k.make()
			before := k.read()
			stop()
			d, stop = startOn(t, h)
			defer stop()
			k.d = d
			if after := k.read(); before != after {
				t.Errorf("before %s\nafter %s", before, after)
			}
			k.check()
		})
	}
}

// keptThings is what is to be there after a start anew.
type keptThings struct {
	t       *testing.T
	d       *partners.Desk
	partner string
	token   string
	shift   string
}

func (k *keptThings) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *keptThings) put(documents ...journal.Document) {
	k.t.Helper()
	_, err := k.d.Journal.Do(k.t.Context(), journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Documents: documents}, nil
	}})
	k.must(err)
}

// una is a person of the organisation.
func (k *keptThings) una() alerts.Actor {
	return alerts.Actor{ID: "una", Kind: alerts.KindPerson, Role: alerts.RolePartner, Name: "Una Unić", Partner: k.partner}
}

func (k *keptThings) make() {
	k.t.Helper()
	ctx, none, now := k.t.Context(), alerts.Request{}, time.Now().UTC().Truncate(time.Millisecond)
	admin := person("admin", alerts.RoleAdministrator)
	area := geo.Area{Regions: []string{"RS"}}
	k.partner = "hospital"
	k.put(
		&partners.Partner{Head: journal.Head{ID: "hospital"}, Name: "Hospital", State: partners.PartnerApproved, Coverage: area,
			Agreement: partners.Agreement{Reference: "A-1", ValidUntil: now.AddDate(1, 0, 0)}, People: []partners.Person{{ID: "p1", Name: "Iva Ivić"}}},
		&alerts.Account{Head: journal.Head{ID: "una"}, Kind: alerts.KindPerson, Role: alerts.RolePartner, Name: "Una Unić", Partner: "hospital"},
		&alerts.Account{Head: journal.Head{ID: admin.ID}, Kind: alerts.KindPerson, Role: admin.Role, Name: admin.Name},
		&alerts.Account{Head: journal.Head{ID: "du"}, Kind: alerts.KindPerson, Role: alerts.RoleDutyOfficer, Name: "Duty"},
		&alerts.Case{Head: journal.Head{ID: "case1"}, CaseNumber: "N", State: alerts.StateActive},
		&alerts.Alert{Head: journal.Head{ID: "a1"}, CaseID: "case1", CaseNumber: "N", State: alerts.AlertLive, Revisions: []alerts.Revision{{
			Number: 1, Level: alerts.LevelPartner, Severity: "extreme", Area: area, Sent: now, ExpiresAt: now.Add(time.Hour),
		}}},
		&partners.Told{Head: journal.Head{ID: "a1"}, CaseID: "case1", Rounds: []partners.Round{{Revision: 1, At: now, Partners: []string{"hospital"}, Why: []string{"region:RS"}}}},
	)
	made, err := k.d.CreateKey(ctx, admin, "hospital", partners.NewKey{Name: "machine", Regions: []string{"RS"}}, none)
	k.must(err)
	k.token = made.Token
	_, err = k.d.HandToColleague(ctx, k.una(), "a1", partners.ToColleague{Person: "p1", Note: "Night shift."}, none)
	k.must(err)
	left, err := k.d.MakeHandover(ctx, coordinator(), partners.NewHandover{Note: "Quiet."}, none)
	k.must(err)
	k.shift = left.ID
	_, err = k.d.TakeHandover(ctx, duty(), left.ID, none)
	k.must(err)
}

// read is all of it, as text.
func (k *keptThings) read() string {
	k.t.Helper()
	a, err := k.d.AuthenticateKey(k.t.Context(), k.token)
	k.must(err)
	delivery, ok := k.d.PartnerBoard().Delivery("a1", k.partner)
	if !ok {
		k.t.Fatal("the delivery is gone")
	}
	h, err := k.d.Handover(k.t.Context(), coordinator(), k.shift)
	k.must(err)
	return toJSON(k.t, []any{a.Regions, delivery.Handed, delivery.Steps, h})
}

// check says what has to be in it.
func (k *keptThings) check() {
	k.t.Helper()
	a, err := k.d.AuthenticateKey(k.t.Context(), k.token)
	k.must(err)
	if !slices.Equal(a.Regions, []string{"RS"}) {
		k.t.Errorf("the key is limited to %v", a.Regions)
	}
	delivery, _ := k.d.PartnerBoard().Delivery("a1", k.partner)
	if on := delivery.Handed; on.Person != "p1" || on.Name != "Iva Ivić" || on.By != "Una Unić" || on.Note != "Night shift." || on.At.IsZero() {
		k.t.Errorf("in the hands of %+v", on)
	}
	h, err := k.d.Handover(k.t.Context(), coordinator(), k.shift)
	k.must(err)
	if h.Note != "Quiet." || h.By != coordinator().ID || h.TakenBy != duty().ID || h.TakenAt.IsZero() {
		k.t.Errorf("the shift %+v", h)
	}
}
