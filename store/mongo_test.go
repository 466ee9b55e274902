package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"homeward/journal"
)

// newDatabase names a database of its own for a test and drops it afterwards.
func newDatabase(t testing.TB, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/t_" + strings.ToLower(rand.Text()[:16])
	t.Cleanup(func() {
		m, err := OpenMongo(context.Background(), u.String(), MongoOptions{})
		if err != nil {
			t.Error(err)
			return
		}
		if err := errors.Join(m.db.Drop(context.Background()), m.keys.Drop(context.Background()), m.Close()); err != nil {
			t.Error(err)
		}
	})
	return u.String()
}

func openMongo(t testing.TB, address string, o MongoOptions) *Mongo {
	t.Helper()
	if o.Collections == nil {
		o.Collections = table()
	}
	if o.Poll == 0 {
		o.Poll = 10 * time.Millisecond
	}
	m, err := OpenMongo(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestMongo(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	conformance(t, func(t *testing.T) home {
		address := newDatabase(t, server)
		return home{shared: true, open: func(t *testing.T) Store { return openMongo(t, address, MongoOptions{}) }}
	})
}

func TestMongoKeys(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	keyConformance(t, func(t *testing.T) keyHome {
		address := newDatabase(t, server)
		return func(t *testing.T) KeyHome { return openMongo(t, address, MongoOptions{}).Keys() }
	})
}

// TestMongoDocuments reads what the store wrote as any MongoDB tool would.
func TestMongoDocuments(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	m, a := openMongo(t, newDatabase(t, server), MongoOptions{}), newAuthor(t)
	c := a.empty()
	d := someSighting("s1")
	d.Number = c.Number
	image, err := a.codec.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	c.Lines = []journal.Line{{Key: journal.KeyOf(d), Digest: journal.Digest(image), Image: image}}
	mustAppend(t, m, c)
	mustSettle(t, m, 1)
	var got struct {
		SeenAt time.Time `bson:"seen_at"`
		Where  struct {
			Type        string
			Coordinates []float64
		}
		Text bson.Binary
	}
	near := bson.D{{Key: "where", Value: bson.D{{Key: "$geoWithin", Value: bson.D{{
		Key: "$centerSphere", Value: bson.A{bson.A{20.46, 44.81}, 0.001},
	}}}}}}
	if err := m.db.Collection("sightings").FindOne(t.Context(), near).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if !got.SeenAt.Equal(d.SeenAt) || got.Where.Type != "Point" || got.Text.Subtype != 0x80 {
		t.Errorf("got %+v", got)
	}
	raw, err := m.db.Collection("changes").FindOne(t.Context(), bson.D{}).Raw()
	if err != nil {
		t.Fatal(err)
	}
	if raw.Lookup("_id").Type != bson.TypeInt64 || raw.Lookup("at").Type != bson.TypeDateTime ||
		!raw.Lookup("settled").Boolean() || !raw.Lookup("images").IsZero() {
		t.Errorf("the settled change is %v", raw)
	}
	indexes, err := m.db.Collection("sightings").Indexes().ListSpecifications(t.Context())
	if err != nil || len(indexes) != 2 || !strings.Contains(indexes[1].KeysDocument.String(), "2dsphere") {
		t.Errorf("indexes %+v, %v", indexes, err)
	}
}

// TestMongoLateSettle has a node that fell asleep between reading changes and
// copying them wake up after a later change and a tombstone were settled.
func TestMongoLateSettle(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	address := newDatabase(t, server)
	m, late, a := openMongo(t, address, MongoOptions{}), openMongo(t, address, MongoOptions{}), newAuthor(t)
	mustAppend(t, m, a.write("a", "b", "c"))
	asleep, err := late.unsettled(t.Context(), 0)
	if err != nil || len(asleep) != 1 {
		t.Fatalf("%v, %v", asleep, err)
	}
	mustAppend(t, m, a.forget("a"), a.write("b"))
	mustSettle(t, m, 3)
	if err := late.copyImages(t.Context(), asleep); err != nil {
		t.Fatal(err)
	}
	if err := late.raise(t.Context(), journal.Position{Number: 1, Chain: asleep[0].Chain}); err != nil {
		t.Fatal(err)
	}
	if err := late.strip(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	p, documents := loadAll(t, m)
	if p.Number != 3 {
		t.Errorf("the mark fell to %d", p.Number)
	}
	for id, number := range map[string]uint64{"a": 2, "b": 3, "c": 1} {
		l := documents[journal.Key{Collection: "notes", ID: id}]
		if l.Number != number || (l.Image == nil) != (id == "a") {
			t.Errorf("%s is as of %d, want %d: %v", id, l.Number, number, l)
		}
	}
}

// TestMongoWriteConcern sees that every write waits for the majority's journals.
func TestMongoWriteConcern(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	var mu sync.Mutex
	seen := map[string]int{}
	monitor := &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		mu.Lock()
		defer mu.Unlock()
		switch e.CommandName {
		case "insert", "update", "delete", "findAndModify", "bulkWrite", "createIndexes", "renameCollection", "drop":
		case "find", "aggregate":
			if level, _ := e.Command.Lookup("readConcern", "level").StringValueOK(); level != "majority" {
				t.Errorf("%s reads with %v", e.CommandName, e.Command.Lookup("readConcern"))
			}
			return
		default:
			return
		}
		seen[e.CommandName]++
		w, _ := e.Command.Lookup("writeConcern", "w").StringValueOK()
		j, _ := e.Command.Lookup("writeConcern", "j").BooleanOK()
		if w != "majority" || !j {
			t.Errorf("%s is written with %v", e.CommandName, e.Command.Lookup("writeConcern"))
		}
	}}
	m, a := openMongo(t, newDatabase(t, server), MongoOptions{monitor: monitor}), newAuthor(t)
	ctx := t.Context()
	mustAppend(t, m, a.write("a"), a.forget("b"))
	mustSettle(t, m, 2)
	k := m.Keys()
	_, errSweep := m.SweepSide(ctx, at(1))
	if err := errors.Join(
		errSweep,
		m.PutSide(ctx, "k", "i", at(1), nil), m.DropSide(ctx, "k", "i"),
		m.AppendReads(ctx, "n", [][]byte{{1}}),
		m.PutBlob(ctx, "p", []byte{1}), m.PutBlob(ctx, "p", []byte{2}), m.DropBlob(ctx, "p"),
		k.PutKeys(ctx, []string{"u"}, [][]byte{{1}}), k.DropKeys(ctx, []string{"u"}),
		k.ReplaceKeys(ctx, []string{"u"}, [][]byte{{1}}), k.ReplaceKeys(ctx, nil, nil),
	); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if seen["insert"] < 5 || seen["update"] < 5 || seen["delete"] < 4 || seen["createIndexes"] == 0 {
		t.Errorf("too few writes were seen: %v", seen)
	}
}

// TestMongoHalfBlob sees that what an interrupted upload left is listed, can be
// dropped and does not stand in the way.
func TestMongoHalfBlob(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	m := openMongo(t, newDatabase(t, server), MongoOptions{})
	ctx := t.Context()
	for _, id := range []string{"drop", "again"} {
		if err := m.PutBlob(ctx, id, []byte("whole")); err != nil {
			t.Fatal(err)
		}
		if _, err := m.db.Collection("photos.files").DeleteOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(m.DropBlob(ctx, "drop"), m.PutBlob(ctx, "again", []byte("new"))); err != nil {
		t.Fatal(err)
	}
	var ids []string
	err := m.EachBlob(ctx, func(id string, _ time.Time) error {
		ids = append(ids, id)
		return nil
	})
	if err != nil || fmt.Sprint(ids) != "[again]" {
		t.Errorf("photos %v, %v", ids, err)
	}
	if got, err := m.Blob(ctx, "again"); err != nil || string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestMongoAddresses(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	unreachable := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"http://example.org/":                         "must begin with mongodb://",
		"localhost:27017":                             "must begin with mongodb://",
		"mongodb://user:geheim/word@example.org/":     "malformed",
		"mongodb://user:geheim@example.org:99999999/": "malformed",
		"mongodb://example.org/?w=1":                  "writes that can be lost",
		"mongodb://example.org/?journal=false":        "writes that can be lost",
		"mongodb://example.org/a b":                   "",
		"mongodb://" + unreachable + "/":              "no MongoDB server answers at " + unreachable,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			m, err := OpenMongo(t.Context(), address, MongoOptions{selection: 50 * time.Millisecond})
			if err == nil {
				t.Fatal("it was opened")
			}
			if m != nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
				t.Errorf("got %v, want %q", err, want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one sentence: %q", err)
			}
		})
	}
}

func TestMongoOldServer(t *testing.T) {
	t.Parallel()
	m := &Mongo{address: "example.org:27017"}
	err := m.explain(errors.New("server at example.org:27017 reports wire version 6, but this version of the Go driver requires at least 9 (MongoDB 4.4)"))
	if !strings.Contains(err.Error(), "MongoDB 4.4 or newer") {
		t.Errorf("got %v", err)
	}
}

func TestMongoReservedNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"changes", "marks", "photos.files", "system.users", "keys"} {
		if !ours(name) {
			t.Errorf("%s could be the name of a collection of documents", name)
		}
	}
	if ours("photos") || ours("cases") {
		t.Error("an ordinary name is refused")
	}
}

func TestMongoDatabaseName(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	m, err := OpenMongo(t.Context(), newDatabase(t, server), MongoOptions{
		Collections: []Collection{{Name: "changes", New: func() journal.Document { return new(note) }}},
	})
	if m != nil || err == nil || !strings.Contains(err.Error(), "taken by the store") {
		t.Errorf("a collection named changes: %v", err)
	}
}

// TestAppended classifies what the driver can answer to an insert of four.
func TestAppended(t *testing.T) {
	t.Parallel()
	at := func(index, code int) mongo.BulkWriteException {
		return mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{
			{WriteError: mongo.WriteError{Index: index, Code: code}},
		}}
	}
	concern := at(2, 11000)
	concern.WriteConcernError = &mongo.WriteConcernError{Code: 64}
	other := errors.New("not written")
	for name, c := range map[string]struct {
		err  error
		n    int
		want error
	}{
		"all":             {nil, 4, nil},
		"taken":           {at(0, 11000), 0, journal.ErrTaken},
		"taken later":     {at(3, 11000), 3, journal.ErrTaken},
		"too large":       {at(1, 10334), 1, other},
		"no majority":     {mongo.BulkWriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, 0, journal.ErrUnknown},
		"taken, no major": {concern, 0, journal.ErrUnknown},
		"reply lost":      {mongo.CommandError{Labels: []string{"NetworkError"}}, 0, journal.ErrUnknown},
		"timeout":         {context.DeadlineExceeded, 0, journal.ErrUnknown},
		"canceled":        {context.Canceled, 0, journal.ErrUnknown},
		"stepped down":    {mongo.CommandError{Code: 189}, 0, journal.ErrUnknown},
		"unauthorized":    {mongo.CommandError{Code: 13}, 0, other},
		"closed":          {mongo.ErrClientDisconnected, 0, other},
	} {
		n, err := appended(4, c.err)
		switch {
		case n != c.n:
			t.Errorf("%s: %d are in, want %d", name, n, c.n)
		case c.want == nil:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case errors.Is(c.want, other):
			if err == nil || errors.Is(err, journal.ErrTaken) || errors.Is(err, journal.ErrUnknown) {
				t.Errorf("%s: %v, want an error that means nothing was written", name, err)
			}
		case !errors.Is(err, c.want):
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestSettled classifies what the driver can answer when documents are settled.
func TestSettled(t *testing.T) {
	t.Parallel()
	with := func(codes ...int) mongo.BulkWriteException {
		var e mongo.BulkWriteException
		for i, code := range codes {
			e.WriteErrors = append(e.WriteErrors, mongo.BulkWriteError{WriteError: mongo.WriteError{Index: i, Code: code}})
		}
		return e
	}
	unsure := with(16755)
	unsure.WriteConcernError = &mongo.WriteConcernError{Code: 64}
	for name, c := range map[string]struct {
		err         error
		ok, refused bool
	}{
		"written":            {nil, true, false},
		"newer ones found":   {with(11000, 11000), true, false},
		"a point refused":    {with(11000, 16755), false, true},
		"no majority either": {unsure, false, false},
		"reply lost":         {mongo.CommandError{Labels: []string{"NetworkError"}}, false, false},
	} {
		if err := settled(c.err); (err == nil) != c.ok || errors.Is(err, journal.ErrRefused) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}
