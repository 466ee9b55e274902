package alerts_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/alerts"
	"homeward/journal"
	"homeward/store"
)

// callHome is a store with the place of its keys, opened again for each start.
type callHome func() (store.Store, alerts.KeyHome, func())

func callHomes(t *testing.T) map[string]callHome {
	dir := t.TempDir()
	out := map[string]callHome{"bolt": func() (store.Store, alerts.KeyHome, func()) {
		b, k := done(store.OpenBolt(dir+"/data", store.BoltOptions{})), done(store.OpenKeys(dir+"/keys"))
		return b, k, func() { _, _ = k.Close(), b.Close() }
	}}
	address := os.Getenv("HOMEWARD_TEST_MONGODB")
	if address == "" {
		return out
	}
	var name [6]byte
	_, _ = rand.Read(name[:]) // never fails
	database := "calls_" + hex.EncodeToString(name[:])
	address = strings.TrimSuffix(address, "/") + "/" + database
	t.Cleanup(func() {
		c, err := mongo.Connect(options.Client().ApplyURI(address))
		if err == nil {
			err = errors.Join(c.Database(database).Drop(context.Background()), c.Database(database+"_keys").Drop(context.Background()), c.Disconnect(context.Background()))
		}
		if err != nil {
			t.Error(err)
		}
	})
	out["mongodb"] = func() (store.Store, alerts.KeyHome, func()) {
		m := done(store.OpenMongo(context.Background(), address, store.MongoOptions{Collections: collections()}))
		return m, m.Keys(), func() { _ = m.Close() }
	}
	return out
}

// deskOn starts a desk over a store; the end stops it as a program's end does.
func deskOn(ctx context.Context, h callHome, now func() time.Time) (*alerts.Desk, func()) {
	st, keys, shut := h()
	ring := done(alerts.OpenRing(ctx, make([]byte, 32), keys))
	board := alerts.NewBoard()
	j := done(journal.Open(ctx, journal.Options{
		Backend: st, Codec: done(store.NewCodec(collections(), ring)), Boards: []journal.Board{board}, Now: now, Rows: map[string]bool{"sightings": true, "contacts": true},
	}))
	return alerts.NewDesk(alerts.Parts{
		Journal: j, Board: board, Ring: ring, Reads: done(alerts.NewReadLog(st, "node", now)), Matrix: done(builtMatrix()), Regions: homeRegions(),
		Side: st, Blobs: st, Now: now, Random: rand.Reader, Sender: "test.example.org", Log: slog.New(slog.DiscardHandler),
	}), func() { j.Close(); shut() }
}

// TestCallsInEachStore writes an exchange, a call, its contact and a block,
// starts again, and forgets the call with its key.
func TestCallsInEachStore(t *testing.T) {
	t.Parallel()
	for name, h := range callHomes(t) {
		t.Run(name, func(t *testing.T) {
			r := &rig{t: t, ctx: t.Context(), clock: time.Date(2031, 3, 5, 10, 17, 42, 0, time.UTC)}
			start := func() (stop func()) {
				r.Desk, stop = deskOn(r.ctx, h, r.now)
				return stop
			}
			stop := start()
			r.ana = r.person("Ana", alerts.RoleCoordinator)
			e := newExchange(r)
			id, gone := e.tell("1", "answered", "+381110000001").ID, e.tell("2", "missed", "+381110000002").ID
			_ = done(r.RecordCall(r.ctx, r.ana, id, alerts.NewContact{Kind: "support"}, alerts.Request{}))
			_ = done(r.BlockCaller(r.ctx, r.ana, alerts.NewBlock{CallID: id, Term: "24h", Reason: "Zqreason"}, alerts.Request{}))
			before := done(json.Marshal(e.state(r.ana, id)))
			stop()
			stop = start()
			if after := done(json.Marshal(e.state(r.ana, id))); string(after) != string(before) {
				t.Errorf("%s\n%s", before, after)
			}
			if e.tell("3", "ringing", "+381110000001").Handling != "announce_block" {
				t.Error("the secret or the block was lost")
			}
			r.pass(31 * 24 * time.Hour)
			r.ok(r.ForgetCalls(r.ctx, r.now()))
			stop()
			stop = start()
			defer stop()
			_, err := r.Call(r.ctx, r.ana, gone)
			r.refused(err, alerts.NotFound)
			_ = done(r.Call(r.ctx, r.ana, id))
		})
	}
}
