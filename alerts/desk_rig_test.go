package alerts_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/store"
)

// rig is a desk over a real store in memory, with a clock that tests turn and
// people who work there.
type rig struct {
	*alerts.Desk
	t     testing.TB
	ctx   context.Context
	store *store.Memory

	mu    sync.Mutex
	clock time.Time

	ana, boris, duty, officer alerts.Actor
}

func collections() []store.Collection {
	return []store.Collection{
		{Name: "cases", New: func() journal.Document { return &alerts.Case{} }},
		{Name: "alerts", New: func() journal.Document { return &alerts.Alert{} }},
		{Name: "rumours", New: func() journal.Document { return &alerts.Rumour{} }},
		{Name: "calls", New: func() journal.Document { return &alerts.Call{} }},
		{Name: "exchanges", New: func() journal.Document { return &alerts.Exchange{} }},
		{Name: "blocks", New: func() journal.Document { return &alerts.Block{} }},
		{Name: "accounts", New: func() journal.Document { return &alerts.Account{} }},
		{
			Name: "sightings", New: func() journal.Document { return &alerts.Sighting{} },
			Row: func() journal.Document { return &alerts.SightingRow{} },
		},
		{
			Name: "contacts", New: func() journal.Document { return &alerts.Contact{} },
			Row: func() journal.Document { return &alerts.ContactRow{} },
		},
	}
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, ctx: context.Background(), store: store.NewMemory(), clock: time.Date(2031, 3, 5, 10, 17, 42, 0, time.UTC)}
	r.store.Now = r.now
	r.open()
	r.ana = r.person("Ana", alerts.RoleCoordinator)
	r.boris = r.person("Boris", alerts.RoleCoordinator)
	r.duty = r.person("Dunja", alerts.RoleDutyOfficer)
	r.officer = r.person("Petar", alerts.RolePrivacyOfficer)
	return r
}

// open builds a desk over what the store holds, as a start does.
func (r *rig) open() {
	ring := done(alerts.OpenRing(r.ctx, make([]byte, 32), r.store))
	codec := done(store.NewCodec(collections(), ring))
	board := alerts.NewBoard()
	j := done(journal.Open(r.ctx, journal.Options{
		Backend: r.store, Codec: codec, Boards: []journal.Board{board}, Now: r.now,
		Rows: map[string]bool{"sightings": true, "contacts": true},
	}))
	r.t.Cleanup(j.Close)
	regions := homeRegions()
	r.Desk = alerts.NewDesk(alerts.Parts{
		Journal: j, Board: board, Ring: ring, Reads: done(alerts.NewReadLog(r.store, "node", r.now)),
		Matrix: done(builtMatrix()), Regions: regions, Side: r.store, Blobs: r.store,
		Now: r.now, Random: rand.Reader, Sender: "test.example.org", Log: slog.New(slog.DiscardHandler),
	})
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(d)
}

// person puts an account on the board and returns who signs in with it.
func (r *rig) person(name string, role alerts.Role) alerts.Actor {
	r.t.Helper()
	id := alerts.NewID(rand.Reader)
	r.write(&alerts.Account{Head: journal.Head{ID: id}, Kind: alerts.KindPerson, Role: role, Name: name, Email: name + "@example.org"})
	return alerts.Actor{ID: id, Kind: alerts.KindPerson, Role: role, Name: name}
}

// write puts documents into the journal past all rules.
func (r *rig) write(documents ...journal.Document) {
	r.t.Helper()
	_, err := r.Journal.Do(r.ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Documents: documents}, nil
	}})
	r.ok(err)
}

func (r *rig) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// refused fails the test unless an error has this code.
func (r *rig) refused(err error, code alerts.Code) {
	r.t.Helper()
	if alerts.CodeOf(err) != code {
		r.t.Fatalf("got %v (%q), want %q", err, alerts.CodeOf(err), code)
	}
}

// wrong fails the test unless exactly these fields are wrong, in any order.
func (r *rig) wrong(err error, want ...string) {
	r.t.Helper()
	wrongFields(r.t, err, want...)
}

func (r *rig) opened() alerts.CaseView {
	r.t.Helper()
	v, err := r.OpenCase(r.ctx, r.ana, aCase(r.now()), alerts.Request{})
	r.ok(err)
	return v
}

func aCase(now time.Time) alerts.NewCase {
	place := geo.At(20.4573, 44.8178)
	return alerts.NewCase{
		Category: alerts.CategoryRunaway,
		Children: []alerts.NewChild{{
			Names: []alerts.Name{{Given: "Đorđe", Family: "Petrović", Kind: "birth", Script: "Latn"}},
			Sex:   "male", BirthDate: "2019-05",
		}},
		LastSeen: alerts.NewLastSeen{At: now.Add(-3 * time.Hour), PrecisionMin: 30, Place: &place, AccuracyM: 200, Label: "bus stop"},
	}
}

// done returns what a command gave; an error there ends the test.
func done[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// homeRegions and builtMatrix take long to load, are the same for all and never
// change.
var (
	homeRegions = sync.OnceValue(func() *geo.Regions {
		r := geo.MustBuiltin()
		if err := r.SetHome("RS"); err != nil {
			panic(err)
		}
		return r
	})
	builtMatrix = sync.OnceValues(alerts.LoadMatrix)
)
