package demo_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/cmd/homeward/demo"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
	"homeward/store"
)

// evening is when the stories of the tests end: a Saturday after dark.
var evening = time.Date(2026, 11, 21, 19, 30, 0, 0, time.UTC)

func collections() []store.Collection {
	return []store.Collection{
		{Name: "cases", New: func() journal.Document { return &alerts.Case{} }},
		{Name: "sightings", New: func() journal.Document { return &alerts.Sighting{} }, Row: func() journal.Document { return &alerts.SightingRow{} }},
		{Name: "contacts", New: func() journal.Document { return &alerts.Contact{} }, Row: func() journal.Document { return &alerts.ContactRow{} }},
		{Name: "alerts", New: func() journal.Document { return &alerts.Alert{} }},
		{Name: "rumours", New: func() journal.Document { return &alerts.Rumour{} }},
		{Name: "calls", New: func() journal.Document { return &alerts.Call{} }},
		{Name: "exchanges", New: func() journal.Document { return &alerts.Exchange{} }},
		{Name: "blocks", New: func() journal.Document { return &alerts.Block{} }},
		{Name: "accounts", New: func() journal.Document { return &alerts.Account{} }},
		{Name: "partners", New: func() journal.Document { return &partners.Partner{} }},
		{Name: "told", New: func() journal.Document { return &partners.Told{} }},
		{Name: "deliveries", New: func() journal.Document { return &partners.Delivery{} }},
		{Name: "institutions", New: func() journal.Document { return &partners.Institution{} }},
		{Name: "matters", New: func() journal.Document { return &partners.Matter{} }},
		{Name: "inquiries", New: func() journal.Document { return &partners.Inquiries{} }},
		{Name: "papers", New: func() journal.Document { return &partners.Papers{} }},
		{Name: "letters", New: func() journal.Document { return &partners.Letter{} }},
		{Name: "mediations", New: func() journal.Document { return &partners.Mediation{} },
			Row: func() journal.Document { return &partners.MediationRow{} }},
		{Name: "preventions", New: func() journal.Document { return &partners.Prevention{} }},
		{Name: "referrals", New: func() journal.Document { return &partners.Referral{} }},
		{Name: "conferences", New: func() journal.Document { return &partners.Conference{} }},
		{Name: "searches", New: func() journal.Document { return &partners.Search{} }},
		{Name: "search_tasks", New: func() journal.Document { return &partners.SearchTask{} }},
		{Name: "digests", New: func() journal.Document { return &partners.Digest{} }},
		{Name: "drills", New: func() journal.Document { return &partners.Drill{} }},
		{Name: "handovers", New: func() journal.Document { return &partners.Handover{} }},
		{Name: "comparisons", New: func() journal.Document { return &partners.Comparison{} }},
		{Name: "compare_choices", New: func() journal.Document { return &partners.CompareChoice{} }},
		{Name: "erasures", New: func() journal.Document { return &partners.Erasure{} }},
		{Name: "matches", New: func() journal.Document { return &partners.Match{} }},
	}
}

// country is an installation with the demonstration in it.
type country struct {
	*partners.Desk
	demo.Loaded
	door *alerts.Door
}

// found returns an empty installation whose clock stands at the evening.
func found(t testing.TB) demo.Parts {
	t.Helper()
	dir := t.TempDir()
	b := must(store.OpenBolt(filepath.Join(dir, "data"), store.BoltOptions{}))(t)
	keys := must(store.OpenKeys(filepath.Join(dir, "keys")))(t)
	t.Cleanup(func() { _, _ = b.Close(), keys.Close() })
	clock := demo.NewClock(func() time.Time { return evening })
	ring := must(alerts.OpenRing(t.Context(), make([]byte, 32), keys))(t)
	regions, board := geo.MustBuiltin(), alerts.NewBoard()
	partnerBoard := partners.NewBoard(board, regions)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	j := must(journal.Open(t.Context(), journal.Options{
		Backend: b, Codec: must(store.NewCodec(collections(), ring))(t), Boards: []journal.Board{board, partnerBoard},
		Now: clock.Now, Log: log, Rows: map[string]bool{"sightings": true, "contacts": true, "mediations": true},
	}))(t)
	t.Cleanup(j.Close)
	desk := partners.NewDesk(alerts.NewDesk(alerts.Parts{
		Journal: j, Board: board, Ring: ring, Reads: must(alerts.NewReadLog(b, "test", clock.Now))(t), Matrix: must(alerts.LoadMatrix())(t),
		Regions: regions, Side: b, Blobs: b, Now: clock.Now, Random: rand.Reader, Sender: "demo.example.org", Log: log,
	}), partnerBoard)
	return demo.Parts{Desk: desk, Door: must(alerts.NewDoor(desk.Desk, alerts.DoorOptions{}))(t), Clock: clock}
}

func load(t testing.TB) *country {
	t.Helper()
	p := found(t)
	return &country{p.Desk, must(demo.Load(t.Context(), p))(t), p.Door}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
