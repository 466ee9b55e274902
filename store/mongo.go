package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// Collections of the store itself. Entity documents lie in collections named as
// the program's table says, beside these.
const (
	mongoChanges = "changes"
	mongoMarks   = "marks"
	mongoSide    = "side_records"
	mongoReads   = "read_records"
	mongoPhotos  = "photos" // a GridFS bucket: photos.files, photos.chunks
	mongoKeys    = "keys"   // in the database NAME_keys
)

const (
	// mongoDatabase is used when the address names none.
	mongoDatabase = "homeward"
	// selectPatience is how long a server is looked for.
	selectPatience = 5 * time.Second
	// mongoPatience bounds one operation.
	mongoPatience = 10 * time.Second
	// loadPatience bounds the reading of all documents.
	loadPatience = time.Hour
)

// MongoOptions tell what the store cannot know by itself.
type MongoOptions struct {
	// Collections is the table of document types; their Geo paths are indexed.
	Collections []Collection
	// Poll is the time between two looks for changes of other nodes where the
	// server offers no change stream; 0 means 100 ms.
	Poll time.Duration

	monitor *event.CommandMonitor
	// selection is how long a server is looked for, for tests that find none.
	selection time.Duration
}

// Mongo keeps everything in a MongoDB database that several nodes may share.
// Writes are acknowledged by a majority and in its journals; reads are majority
// reads on the primary.
type Mongo struct {
	address string // without user and password
	hint    string // what else the address demands of the server
	client  *mongo.Client
	db      *mongo.Database
	keys    *mongo.Database
	changes changeCodec
	poll    time.Duration
	// following makes the options of a client without time limits.
	following func() *options.ClientOptions

	readsMu sync.Mutex
	reads   map[string]uint64 // the last number of a node's read records

	closing sync.Once
}

var _ Store = (*Mongo)(nil)

// OpenMongo connects to the server at a mongodb:// or mongodb+srv:// address and
// makes the indexes that are missing. The database is the one the address
// names, else "homeward". Errors are sentences that say what to change; none
// holds a password.
func OpenMongo(ctx context.Context, address string, o MongoOptions) (*Mongo, error) {
	parsed, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	m := &Mongo{
		address: strings.Join(parsed.Hosts, ","), hint: demands(parsed), poll: o.Poll, reads: map[string]uint64{},
		following: func() *options.ClientOptions { return clientOptions(address, o) },
	}
	if m.poll <= 0 {
		m.poll = 100 * time.Millisecond
	}
	if m.changes, err = newChangeCodec(); err != nil {
		return nil, err
	}
	m.client, err = mongo.Connect(clientOptions(address, o).SetTimeout(mongoPatience))
	if err != nil {
		return nil, fmt.Errorf("the MongoDB address cannot be used: %w", err)
	}
	name := parsed.Database
	if name == "" {
		name = mongoDatabase
	}
	m.db, m.keys = m.client.Database(name), m.client.Database(name+"_keys")
	if err := m.prepare(ctx, o.Collections); err != nil {
		return nil, errors.Join(m.explain(err), m.Close())
	}
	return m, nil
}

// demands says what an address asks of the server beyond being there.
func demands(parsed *connstring.ConnString) string {
	out := ""
	if parsed.ReplicaSet != "" {
		out = ", that its replica set is named " + parsed.ReplicaSet
	}
	if parsed.SSL {
		out += ", that it speaks TLS"
	}
	return out
}

func clientOptions(address string, o MongoOptions) *options.ClientOptions {
	journaled, selection := true, selectPatience
	if o.selection > 0 {
		selection = o.selection
	}
	return options.Client().ApplyURI(address).
		SetAppName("homeward").
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journaled}).
		SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary()).
		SetServerSelectionTimeout(selection).
		SetMonitor(o.monitor)
}

// parseAddress refuses addresses that ask for less than the store promises.
func parseAddress(address string) (*connstring.ConnString, error) {
	if !strings.HasPrefix(address, "mongodb://") && !strings.HasPrefix(address, "mongodb+srv://") {
		return nil, errors.New("the MongoDB address must begin with mongodb:// or mongodb+srv://, as in mongodb://localhost:27017/homeward")
	}
	parsed, err := connstring.ParseAndValidate(address)
	if err != nil {
		// The driver's message may repeat the address with its password.
		return nil, fmt.Errorf("the MongoDB address is malformed; it must be like mongodb://user:password@host:27017/homeward, with / : @ and %% in the password written as %%2F %%3A %%40 and %%25 (%s)", errorKind(err))
	}
	weak := parsed.WNumberSet || parsed.WString != "" && parsed.WString != "majority" || parsed.JSet && !parsed.J
	if weak {
		return nil, errors.New("the MongoDB address asks for writes that can be lost (w or journal); remove these options: homeward always waits for the majority and the journal")
	}
	if strings.ContainsAny(parsed.Database, `/\. "$*<>:|?`) || len(parsed.Database) > 50 {
		return nil, errors.New("the database name in the MongoDB address must be at most 50 letters, digits, _ or -")
	}
	return parsed, nil
}

// errorKind tells what the driver dislikes without repeating the address.
func errorKind(err error) string {
	text := err.Error()
	for _, kind := range []string{"scheme", "port", "unescaped", "host", "tls", "replicaSet", "lookup", "auth", "option"} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(kind)) {
			return "the driver objects to: " + kind
		}
	}
	return "the driver gives no plainer reason"
}

// prepare looks whether the server can be used and makes indexes.
func (m *Mongo) prepare(ctx context.Context, collections []Collection) error {
	if err := m.client.Ping(ctx, readpref.Primary()); err != nil {
		return err
	}
	present := bson.D{{Key: "request", Value: bson.D{{Key: "$exists", Value: true}}}}
	indexes := map[string][]mongo.IndexModel{
		mongoChanges: {
			{
				Keys:    bson.D{{Key: "request", Value: 1}},
				Options: options.Index().SetName("request_once").SetUnique(true).SetPartialFilterExpression(present),
			}, {
				Keys:    bson.D{{Key: "at", Value: 1}},
				Options: options.Index().SetName("requests_by_time").SetPartialFilterExpression(present),
			}, {
				Keys: bson.D{{Key: "settled", Value: 1}},
				Options: options.Index().SetName("unsettled").
					SetPartialFilterExpression(bson.D{{Key: "settled", Value: false}}),
			},
		},
		mongoSide: {{
			Keys:    bson.D{{Key: "expires", Value: 1}},
			Options: options.Index().SetName("by_expiry").SetSparse(true),
		}},
	}
	for _, c := range collections {
		if ours(c.Name) {
			return fmt.Errorf("the collection name %s is taken by the store itself", c.Name)
		}
		for _, path := range c.Geo {
			indexes[c.Name] = append(indexes[c.Name], mongo.IndexModel{Keys: bson.D{{Key: path, Value: "2dsphere"}}})
		}
	}
	for name, models := range indexes {
		if _, err := m.db.Collection(name).Indexes().CreateMany(ctx, models); err != nil {
			return fmt.Errorf("the indexes of %s cannot be made, and without them nothing is safe: %w", name, err)
		}
	}
	return nil
}

// ours tells whether a collection holds no entity documents.
func ours(name string) bool {
	own := []string{mongoChanges, mongoMarks, mongoSide, mongoReads, mongoKeys}
	return slices.Contains(own, name) || strings.HasPrefix(name, mongoPhotos+".") || strings.HasPrefix(name, "system.")
}

// Keys returns the home for keys in the database NAME_keys.
func (m *Mongo) Keys() *MongoKeys { return &MongoKeys{m} }

// Check returns an error when the primary does not answer.
func (m *Mongo) Check(ctx context.Context) error {
	return m.explain(m.client.Ping(ctx, readpref.Primary()))
}

// Close ends all connections.
func (m *Mongo) Close() error {
	var err error
	m.closing.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), mongoPatience)
		defer cancel()
		err = m.client.Disconnect(ctx)
	})
	return err
}

// limited bounds an operation whose context may have no deadline or a late one.
func limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, mongoPatience)
}
