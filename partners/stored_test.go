package partners_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
	"homeward/store"
)

// stage is a desk over a store that outlives it: every restart reads the
// documents back as they were written.
type stage struct {
	*partners.Desk
	t       *testing.T
	store   *store.Memory
	regions *geo.Regions
}

func (s *stage) restart() {
	s.t.Helper()
	if s.Desk != nil {
		s.Journal.Close()
	}
	ctx := s.t.Context()
	ring, err := alerts.OpenRing(ctx, bytes.Repeat([]byte{7}, 32), s.store)
	s.must(err)
	codec, err := store.NewCodec([]store.Collection{
		{Name: "cases", New: func() journal.Document { return &alerts.Case{} }},
		{Name: "alerts", New: func() journal.Document { return &alerts.Alert{} }},
		{Name: "accounts", New: func() journal.Document { return &alerts.Account{} }},
		{Name: "partners", New: func() journal.Document { return &partners.Partner{} }},
		{Name: "told", New: func() journal.Document { return &partners.Told{} }},
		{Name: "deliveries", New: func() journal.Document { return &partners.Delivery{} }},
		{Name: "drills", New: func() journal.Document { return &partners.Drill{} }},
		{Name: "handovers", New: func() journal.Document { return &partners.Handover{} }},
	}, ring)
	s.must(err)
	board := alerts.NewBoard()
	told := partners.NewBoard(board, s.regions)
	j, err := journal.Open(ctx, journal.Options{Backend: s.store, Codec: codec, Boards: []journal.Board{board, told}})
	s.must(err)
	s.t.Cleanup(j.Close)
	reads, err := alerts.NewReadLog(s.store, "node", time.Now)
	s.must(err)
	matrix, err := builtMatrix()
	s.must(err)
	s.Desk = partners.NewDesk(alerts.NewDesk(alerts.Parts{
		Journal: j, Board: board, Ring: ring, Reads: reads, Matrix: matrix, Regions: s.regions, Now: time.Now,
		Random: rand.Reader, Sender: "alerts.example.org", Log: slog.New(slog.DiscardHandler),
	}), told)
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) do(decide func() journal.Outcome) {
	s.t.Helper()
	_, err := s.Journal.Do(s.t.Context(), journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return decide(), nil
	}})
	s.must(err)
}

func (s *stage) person(id string, role alerts.Role) alerts.Actor {
	s.do(func() journal.Outcome {
		return journal.Outcome{Documents: []journal.Document{&alerts.Account{Head: journal.Head{ID: id}, Kind: alerts.KindPerson, Role: role, Name: id}}}
	})
	return alerts.Actor{ID: id, Kind: alerts.KindPerson, Role: role, Name: id}
}

// owed is what a partner is owed, without numbers, which a restart may raise.
func (s *stage) owed(partner string) []partners.Item {
	out := s.PartnerBoard().Owed(partner, 0)
	for i := range out {
		out[i].Number, out[i].Cursor = 0, 0
	}
	return out
}

func (s *stage) want(partner string, want ...partners.Item) {
	s.t.Helper()
	for _, when := range []string{"before", "after"} {
		if got := s.owed(partner); !reflect.DeepEqual(got, want) {
			s.t.Fatalf("%s a restart: owed %+v, want %+v", when, got, want)
		}
		s.restart()
	}
}

func TestWhatIsToldOutlivesRestarts(t *testing.T) {
	t.Parallel()
	s := &stage{t: t, store: store.NewMemory(), regions: builtRegions()}
	s.restart()
	ctx := context.Background()
	ana, boris := s.person("ana", alerts.RoleCoordinator), s.person("boris", alerts.RoleCoordinator)
	admin := s.person("admin", alerts.RoleAdministrator)
	s.do(func() journal.Outcome {
		return journal.Outcome{Documents: []journal.Document{&alerts.Case{Head: journal.Head{ID: "c1"}, CaseNumber: "AB23CD45", State: alerts.StateVerifying}}}
	})
	p, err := s.CreatePartner(ctx, ana, partners.NewPartner{
		Name: "Example hospital", Coverage: geo.Area{Regions: []string{"RS"}},
		Agreement: partners.Agreement{Reference: "A-1", ValidUntil: time.Now().AddDate(1, 0, 0)},
	}, alerts.Request{})
	s.must(err)
	_, err = s.ApprovePartner(ctx, boris, p.ID, alerts.Request{})
	s.must(err)
	request := alerts.Request{Key: []byte("request"), Body: []byte("body")}
	key, err := s.CreateKey(ctx, admin, p.ID, partners.NewKey{Name: "listener"}, request)
	s.must(err)
	draft, err := s.DraftAlert(ctx, ana, "c1", alerts.NewAlert{
		Level: alerts.LevelPartner, Severity: "extreme", ExpiresAt: time.Now().Add(time.Hour), HoldBack: "a scar",
		Area: geo.Area{Regions: []string{"RS"}, Areas: []geo.Geometry{geo.Polygon([][2]float64{{20, 44}, {21, 44}, {21, 45}, {20, 44}})}},
		Texts: map[string]alerts.DraftText{
			"sr-Latn": {Headline: "Nestalo dete", Description: "Plava jakna"}, "en": {Headline: "Missing child", Description: "Blue jacket"},
		},
	}, alerts.Request{})
	s.must(err)
	s.restart()
	again, err := s.CreateKey(ctx, admin, p.ID, partners.NewKey{Name: "listener"}, request)
	s.must(err)
	if again.Token != key.Token {
		t.Error("the same request gave another token")
	}
	a, err := s.AuthenticateKey(ctx, key.Token)
	s.must(err)
	_, err = s.Release(ctx, boris, draft.ID, alerts.Release{ContentHash: draft.ContentHash}, alerts.Request{})
	s.must(err)
	s.want(p.ID, partners.Item{AlertID: draft.ID, Kind: partners.KindAlert, Revision: 1, From: 1, Level: alerts.LevelPartner})
	_, err = s.Answer(ctx, a, draft.ID, partners.Act{Answer: partners.DeliveryAccepted, By: "Iva Ivić"}, alerts.Request{})
	s.must(err)
	_, err = s.CancelAlert(ctx, ana, draft.ID, alerts.Cancel{Reason: "found"}, alerts.Request{})
	s.must(err)
	s.want(p.ID, partners.Item{AlertID: draft.ID, Kind: partners.KindWithdrawal, Revision: 1, Reason: partners.ReasonCancelled})
	ledger, err := s.Deliveries(ana, draft.ID)
	s.must(err)
	if len(ledger) != 1 || ledger[0].By != "Iva Ivić" || ledger[0].State != partners.DeliveryAccepted || ledger[0].Why.Region != "RS" {
		t.Errorf("ledger %+v", ledger)
	}
	s.do(func() journal.Outcome {
		told, _ := s.PartnerBoard().Told(draft.ID)
		return journal.Outcome{Documents: []journal.Document{partners.EraseRule(told)}, Forget: []journal.Key{{Collection: "alerts", ID: draft.ID}}}
	})
	s.want(p.ID, partners.Item{AlertID: draft.ID, Kind: partners.KindWithdrawal, Revision: 1, Reason: partners.ReasonErased})
	_, err = s.Removed(ctx, a, draft.ID, partners.Act{By: "Iva Ivić"}, alerts.Request{})
	s.must(err)
	s.want(p.ID)
}
