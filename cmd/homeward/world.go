package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
	"homeward/realtime"
	"homeward/store"
	"homeward/web"
)

// collections is the table of document types, the same for every store.
func collections() []store.Collection {
	return []store.Collection{
		{Name: "cases", New: func() journal.Document { return &alerts.Case{} }, Geo: []string{"last_seen.place"}},
		{Name: "sightings", New: func() journal.Document { return &alerts.Sighting{} },
			Row: func() journal.Document { return &alerts.SightingRow{} }, Geo: []string{"place"}},
		{Name: "contacts", New: func() journal.Document { return &alerts.Contact{} },
			Row: func() journal.Document { return &alerts.ContactRow{} }},
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

// world is every part below the web, wired.
type world struct {
	store   store.Store
	keys    store.KeyHome
	ring    *alerts.Ring
	journal *journal.Journal
	desk    *partners.Desk
	door    *alerts.Door
	hub     *realtime.Hub
	// selfTest tries the way of an alert while the server runs.
	selfTest *realtime.SelfTest
	// senders carry messages to other organisations; made with the web, as
	// e-mails are written in the catalogue's words.
	senders *senders
	// mail sends e-mail; nil without a mail server.
	mail mailer
	// baseFile is the operator's own map; nil without one.
	baseFile *web.BaseFile
	regions  *geo.Regions
	// places are the lists of streets that the operator imported.
	places *placeLists
	// ground makes what the web rests on, once.
	ground func() (ground, error)
	log    *slog.Logger
	now    func() time.Time
	// closers are undone last first.
	closers []func() error
}

// worldOptions set what the parts below the web need to know of it.
type worldOptions struct {
	// sender is the CAP sender, address the one for links in feeds.
	sender, address string
	// idle is how long a session may be idle; 0 is the default.
	idle time.Duration
	// countries are where the organisation works.
	countries []string
	// serves says that pages will be served, so that what they rest on is made
	// ready while the store is read.
	serves bool
}

// openWorld opens the store and the keys and wires the parts over them. What it
// had opened is closed again when it fails.
func openWorld(ctx context.Context, f storeFlags, o worldOptions, now func() time.Time, log *slog.Logger) (w *world, err error) {
	w = &world{log: log, now: now}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if err := w.openStore(ctx, f); err != nil {
		return w, err
	}
	if err := w.openRing(ctx, f); err != nil {
		return w, err
	}
	if w.regions, err = loadRegions(ctx, w.store); err != nil {
		return w, err
	}
	if err := w.regions.SetHome(o.countries...); err != nil {
		return w, fmt.Errorf("--country: %w", err)
	}
	w.places = newPlaceLists(w.store, w.regions, w.now)
	w.ground = sync.OnceValues(func() (ground, error) { return newGround(w.regions) })
	if o.serves {
		go w.ground()
	}
	return w, w.openJournal(ctx, f, o)
}

func (w *world) openStore(ctx context.Context, f storeFlags) error {
	if f.mongo() {
		m, err := store.OpenMongo(ctx, f.Store, store.MongoOptions{Collections: collections()})
		if err != nil {
			return err
		}
		w.store, w.keys = m, m.Keys()
		w.closers = append(w.closers, m.Close)
		return nil
	}
	b, err := store.OpenBolt(f.Store, store.BoltOptions{})
	if err != nil {
		return err
	}
	w.closers = append(w.closers, b.Close)
	k, err := store.OpenKeys(f.Keys)
	if err != nil {
		return err
	}
	w.closers = append(w.closers, k.Close)
	w.store, w.keys = b, k
	return nil
}

func (w *world) openRing(ctx context.Context, f storeFlags) error {
	master, older, err := masterKey(f.Keys)
	if err != nil {
		return err
	}
	w.ring, err = alerts.OpenRing(ctx, master, w.keys, older...)
	return err
}

func (w *world) openJournal(ctx context.Context, f storeFlags, o worldOptions) error {
	codec, err := store.NewCodec(collections(), w.ring)
	if err != nil {
		return err
	}
	matrix, err := alerts.LoadMatrix()
	if err != nil {
		return err
	}
	board := alerts.NewBoard()
	partnerBoard := partners.NewBoard(board, w.regions)
	w.journal, err = journal.Open(ctx, journal.Options{
		Backend: w.store, Codec: codec, Boards: []journal.Board{board, partnerBoard}, Now: w.now,
		Log: w.log, Rows: map[string]bool{"sightings": true, "contacts": true, "mediations": true}, Shared: f.mongo(),
	})
	if err != nil {
		return err
	}
	w.closers = append(w.closers, func() error { w.journal.Close(); return nil })
	node, err := nodeName(f.State)
	if err != nil {
		return err
	}
	reads, err := alerts.NewReadLog(w.store, node, w.now)
	if err != nil {
		return err
	}
	w.desk = partners.NewDesk(alerts.NewDesk(alerts.Parts{
		Journal: w.journal, Board: board, Ring: w.ring, Reads: reads, Matrix: matrix, Regions: w.regions,
		Side: w.store, Blobs: w.store, Now: w.now, Random: rand.Reader, Sender: o.sender, Log: w.log,
	}), partnerBoard)
	if err := w.eraseAgain(ctx); err != nil {
		return err
	}
	return w.openFeeds(o, node, f.mongo())
}

// openFeeds wires what reaches beyond the desk: the door, the receipts and the
// live feeds.
func (w *world) openFeeds(o worldOptions, node string, shared bool) (err error) {
	if w.door, err = alerts.NewDoor(w.desk.Desk, alerts.DoorOptions{Idle: o.idle}); err != nil {
		return err
	}
	f := &feed{desk: w.desk, receipts: partners.NewReceipts(w.desk, nil), address: o.address}
	w.desk.NoteFetches(f.receipts)
	w.closers = append(w.closers, func() error { f.receipts.Close(context.Background()); return nil })
	w.hub = realtime.NewHub(realtime.Options{
		Partners: f, Console: f, StillMay: f.stillMay, Journal: w.journal, Seal: w.ring, Log: w.log, Now: w.now, Positions: w.store, Node: node, Shared: shared,
	})
	if err := w.hub.LoadPositions(context.Background()); err != nil {
		return err
	}
	w.door.OnRevoked(w.hub.Revoked)
	w.journal.Subscribe(w.door.Watch)
	w.journal.Subscribe(w.hub.Installed)
	every, within, limit := w.desk.SelfTestTimes()
	w.selfTest = realtime.NewSelfTest(w.hub, realtime.SelfTestOptions{
		Actor: partners.Loopback(node), Every: every, Within: within, Limit: limit, Now: w.now, Log: w.log,
		Write: func(ctx context.Context) (int, error) { return w.desk.WriteSelfTest(ctx, node) },
	})
	return nil
}

func (w *world) close() error {
	var errs []error
	for i := len(w.closers) - 1; i >= 0; i-- {
		errs = append(errs, w.closers[i]())
	}
	return errors.Join(errs...)
}

// nodeName returns this node's name, which names its chain of read records. It
// is made once and kept in the state directory.
func nodeName(state string) (string, error) {
	path := filepath.Join(state, "node")
	b, err := os.ReadFile(path)
	if err == nil && len(b) > 0 {
		return string(b), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the node's name: %w", err)
	}
	name := alerts.NewID(rand.Reader)
	if err := writeOnce(path, []byte(name)); err != nil {
		return "", fmt.Errorf("keep the node's name: %w", err)
	}
	b, err = os.ReadFile(path)
	return string(b), err
}

// writeOnce writes a file whole or not at all, and leaves one that is there
// already: two processes that start at once agree on what the first wrote.
func writeOnce(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
