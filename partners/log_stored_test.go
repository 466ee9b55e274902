package partners_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
	"homeward/store"
)

// home is one store with the place of its keys, opened again for each start.
type home func(t *testing.T) (store.Store, alerts.KeyHome, func())

func boltHome(t *testing.T) home {
	dir := t.TempDir()
	return func(t *testing.T) (store.Store, alerts.KeyHome, func()) {
		b, err := store.OpenBolt(dir+"/data", store.BoltOptions{})
		if err != nil {
			t.Fatal(err)
		}
		k, err := store.OpenKeys(dir + "/keys")
		if err != nil {
			t.Fatal(err)
		}
		return b, k, func() { _, _ = k.Close(), b.Close() }
	}
}

// mongoHome is a database of its own on the server that the environment names;
// nil without one.
func mongoHome(t *testing.T) home {
	address := os.Getenv("HOMEWARD_TEST_MONGODB")
	if address == "" {
		return nil
	}
	var name [6]byte
	if _, err := rand.Read(name[:]); err != nil {
		t.Fatal(err)
	}
	database := "log_" + hex.EncodeToString(name[:])
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
	return func(t *testing.T) (store.Store, alerts.KeyHome, func()) {
		m, err := store.OpenMongo(t.Context(), address, store.MongoOptions{Collections: matterCollections()})
		if err != nil {
			t.Fatal(err)
		}
		return m, m.Keys(), func() { _ = m.Close() }
	}
}

// startOn starts a desk over a store; the end stops it as a program's end does.
func startOn(t *testing.T, h home) (*partners.Desk, func()) {
	t.Helper()
	st, keys, shut := h(t)
	ring, err := alerts.OpenRing(t.Context(), bytes.Repeat([]byte{7}, 32), keys)
	if err != nil {
		t.Fatal(err)
	}
	codec, err := store.NewCodec(matterCollections(), ring)
	if err != nil {
		t.Fatal(err)
	}
	board := alerts.NewBoard()
	told := partners.NewBoard(board, builtRegions())
	j, err := journal.Open(t.Context(), journal.Options{Backend: st, Codec: codec, Boards: []journal.Board{board, told}, Rows: map[string]bool{"sightings": true, "contacts": true}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	reads, err := alerts.NewReadLog(st, "node", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	matrix, err := builtMatrix()
	if err != nil {
		t.Fatal(err)
	}
	d := partners.NewDesk(alerts.NewDesk(alerts.Parts{Journal: j, Board: board, Ring: ring, Reads: reads, Matrix: matrix, Regions: builtRegions(), Side: st, Blobs: st, Now: time.Now, Random: rand.Reader}), told)
	return d, func() { j.Close(); shut() }
}

// TestLogsAndPeopleInEachStore writes a case's log and an institution's people,
// forgets the people, and starts again.
func TestLogsAndPeopleInEachStore(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]home{"bolt": boltHome(t), "mongodb": mongoHome(t)} {
		if h == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, none := t.Context(), alerts.Request{}
			d, stop := startOn(t, h)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			_, err := d.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
				return journal.Outcome{Documents: []journal.Document{&alerts.Case{Head: journal.Head{ID: "case1"}, CaseNumber: "N", State: alerts.StateActive}}}, nil
			}})
			must(err)
			i, err := d.CreateInstitution(ctx, operator(), partners.NewInstitution{Name: "Sud", Kind: "court", Country: "RS", People: []partners.InstitutionPerson{{Name: "First clerk"}}}, none)
			must(err)
			of := partners.LogOfCase("case1")
			_, err = d.RecordEntry(ctx, coordinator(), of, partners.NewMatterContact{InstitutionID: i.ID, Direction: "out", Channel: "letter", At: time.Now(), Request: "News?",
				Documents: []partners.LoggedDocument{{Title: "Paper", Direction: "sent"}}, NextStep: "call", NextDue: "2030-01-01"}, none)
			must(err)
			_, err = d.AnswerEntry(ctx, coordinator(), of, 1, partners.NewAnswer{At: time.Now(), Text: "Tomorrow.", Satisfied: "partly"}, none)
			must(err)
			_, err = d.ForgetPeople(ctx, coordinator(), i.ID, none)
			must(err)
			_, err = d.PatchInstitution(ctx, operator(), i.ID, 2, partners.InstitutionPatch{People: alerts.Some([]partners.InstitutionPerson{{Name: "Second clerk"}})}, none)
			must(err)
			before, err := d.ContactLog(ctx, duty(), of)
			must(err)
			stop()
			d, stop = startOn(t, h)
			defer stop()
			after, err := d.ContactLog(ctx, duty(), of)
			must(err)
			if toJSON(t, before) != toJSON(t, after) || len(after.Contacts) != 1 || after.Contacts[0].Answer.Text != "Tomorrow." {
				t.Errorf("before %s\nafter %s", toJSON(t, before), toJSON(t, after))
			}
			v, err := d.Institution(ctx, duty(), i.ID)
			must(err)
			if len(v.People) != 1 || v.People[0].Name != "Second clerk" {
				t.Errorf("%s", toJSON(t, v))
			}
		})
	}
}
