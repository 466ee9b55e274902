package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/journal"
)

// sideDocument is a side record on MongoDB; its id is "kind/id".
type sideDocument struct {
	ID      string     `bson:"_id"`
	Expires *time.Time `bson:"expires,omitempty"`
	Data    []byte     `bson:"data"`
}

// replace writes a document by its id. Two upserts at once may collide; the
// second try finds the document there.
func replace(ctx context.Context, c *mongo.Collection, id string, document any) error {
	ctx, cancel := limited(ctx)
	defer cancel()
	var err error
	for range 3 {
		_, err = c.ReplaceOne(ctx, bson.D{{Key: "_id", Value: id}}, document, options.Replace().SetUpsert(true))
		if !mongo.IsDuplicateKeyError(err) {
			return err
		}
	}
	return err
}

// PutSide writes a side record.
func (m *Mongo) PutSide(ctx context.Context, kind, id string, expires time.Time, data []byte) error {
	if err := errors.Join(checkName(kind), checkID(id)); err != nil {
		return err
	}
	d := sideDocument{ID: kind + "/" + id, Data: data}
	if !expires.IsZero() {
		d.Expires = &expires
	}
	return wrap(replace(ctx, m.db.Collection(mongoSide), d.ID, d), "write a side record")
}

// SwapSide replaces a side record that holds what was: the server compares and
// writes in one step. After an answer that got lost the record tells who won.
func (m *Mongo) SwapSide(ctx context.Context, kind, id string, was []byte, expires time.Time, data []byte) error {
	if err := errors.Join(checkName(kind), checkID(id), checkSwap(was, data)); err != nil {
		return err
	}
	d := sideDocument{ID: kind + "/" + id, Data: data}
	if !expires.IsZero() {
		d.Expires = &expires
	}
	ctx, cancel := limited(ctx)
	defer cancel()
	found, err := exchange(ctx, m.db.Collection(mongoSide), d, was)
	if mongo.IsDuplicateKeyError(err) || err == nil && !found {
		return journal.ErrTaken
	}
	return wrap(err, "swap a side record")
}

// exchange tells whether the document was as it had to be.
func exchange(ctx context.Context, c *mongo.Collection, d sideDocument, was []byte) (bool, error) {
	same := bson.D{{Key: "_id", Value: d.ID}, {Key: "data", Value: was}}
	switch {
	case was == nil:
		_, err := c.InsertOne(ctx, d)
		return err == nil, err
	case d.Data == nil:
		r, err := c.DeleteOne(ctx, same)
		return err == nil && r.DeletedCount == 1, err
	}
	r, err := c.ReplaceOne(ctx, same, d)
	return err == nil && r.MatchedCount == 1, err
}

// Side returns a side record with its expiry.
func (m *Mongo) Side(ctx context.Context, kind, id string) ([]byte, time.Time, error) {
	var d sideDocument
	ctx, cancel := limited(ctx)
	defer cancel()
	err := m.db.Collection(mongoSide).FindOne(ctx, bson.D{{Key: "_id", Value: kind + "/" + id}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, time.Time{}, journal.ErrNotFound
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read a side record: %w", err)
	}
	if d.Expires == nil {
		return d.Data, time.Time{}, nil
	}
	return d.Data, d.Expires.UTC(), nil
}

// DropSide removes a side record.
func (m *Mongo) DropSide(ctx context.Context, kind, id string) error {
	ctx, cancel := limited(ctx)
	defer cancel()
	_, err := m.db.Collection(mongoSide).DeleteOne(ctx, bson.D{{Key: "_id", Value: kind + "/" + id}})
	return wrap(err, "drop a side record")
}

// within is the filter for ids that begin with a name and a slash and come after
// a suffix.
func within(name, after string) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{
		{Key: "$gt", Value: name + "/" + after}, {Key: "$lt", Value: name + "0"}, // 0 follows the slash
	}}}
}

func byID() *options.FindOptionsBuilder {
	return options.Find().SetSort(bson.D{{Key: "_id", Value: 1}})
}

// EachSide goes through the records of a kind.
func (m *Mongo) EachSide(ctx context.Context, kind string, each func(id string, data []byte) error) error {
	if err := checkName(kind); err != nil {
		return err
	}
	return m.raw(ctx, mongoSide, within(kind, ""), byID(), func(b bson.Raw) (bool, error) {
		var d sideDocument
		if err := bson.Unmarshal(b, &d); err != nil {
			return false, fmt.Errorf("%w: a side record: %w", ErrDamaged, err)
		}
		return true, each(strings.TrimPrefix(d.ID, kind+"/"), d.Data)
	})
}

// SweepSide removes expired records.
func (m *Mongo) SweepSide(ctx context.Context, now time.Time) (int, error) {
	ctx, cancel := limited(ctx)
	defer cancel()
	expired := bson.D{{Key: "expires", Value: bson.D{{Key: "$lte", Value: now}}}}
	r, err := m.db.Collection(mongoSide).DeleteMany(ctx, expired)
	if err != nil {
		return 0, fmt.Errorf("sweep side records: %w", err)
	}
	return int(r.DeletedCount), nil
}

// readDocument is a read record; its id is the node's name and its number with
// sixteen hexadecimal digits, so that ids have the order of numbers.
type readDocument struct {
	ID   string `bson:"_id"`
	Data []byte `bson:"data"`
}

func readID(node string, number uint64) string { return fmt.Sprintf("%s/%016x", node, number) }

// AppendReads adds read records of a node with one ordered insert.
func (m *Mongo) AppendReads(ctx context.Context, node string, records [][]byte) error {
	if err := checkName(node); err != nil || len(records) == 0 {
		return err
	}
	m.readsMu.Lock()
	defer m.readsMu.Unlock()
	last, known := m.reads[node]
	if !known {
		var err error
		if last, err = m.lastRead(ctx, node); err != nil {
			return fmt.Errorf("append read records: %w", err)
		}
	}
	documents := make([]readDocument, len(records))
	for i, r := range records {
		documents[i] = readDocument{readID(node, last+uint64(i)+1), r}
	}
	ctx, cancel := limited(ctx)
	defer cancel()
	if _, err := m.db.Collection(mongoReads).InsertMany(ctx, documents); err != nil {
		delete(m.reads, node) // to be read anew: some may be in
		return fmt.Errorf("append read records: %w", err)
	}
	m.reads[node] = last + uint64(len(records))
	return nil
}

func (m *Mongo) lastRead(ctx context.Context, node string) (uint64, error) {
	ctx, cancel := limited(ctx)
	defer cancel()
	var d readDocument
	err := m.db.Collection(mongoReads).FindOne(ctx, within(node, ""),
		options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(strings.TrimPrefix(d.ID, node+"/"), 16, 64)
}

// Reads returns read records of a node.
func (m *Mongo) Reads(ctx context.Context, node string, after uint64, limit int) ([][]byte, error) {
	if err := checkName(node); err != nil || limit <= 0 || after == math.MaxUint64 {
		return nil, err
	}
	var out [][]byte
	from := fmt.Sprintf("%016x", after)
	err := m.raw(ctx, mongoReads, within(node, from), byID().SetLimit(int64(limit)), func(b bson.Raw) (bool, error) {
		_, data, ok := b.Lookup("data").BinaryOK()
		if !ok {
			return false, fmt.Errorf("%w: a read record", ErrDamaged)
		}
		out = append(out, bytes.Clone(data))
		return true, nil
	})
	return out, err
}
