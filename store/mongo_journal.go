package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/journal"
)

// Append writes changes with one ordered insert, which stops at the first place
// or request that is taken.
func (m *Mongo) Append(ctx context.Context, changes []journal.Change) (int, error) {
	if err := ctx.Err(); err != nil || len(changes) == 0 {
		return 0, err
	}
	if err := checkChanges(changes); err != nil {
		return 0, err
	}
	documents := make([]bson.Raw, len(changes))
	for i := range changes {
		b, err := m.changes.encode(&changes[i], true)
		if err != nil {
			return 0, err
		}
		documents[i] = b
	}
	ctx, cancel := limited(ctx)
	defer cancel()
	_, err := m.db.Collection(mongoChanges).InsertMany(ctx, documents, options.InsertMany().SetOrdered(true))
	n, err := appended(len(changes), err)
	return n, wrap(err, "append changes")
}

// above is the filter for ids after one.
func above(number uint64) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: int64(number)}}}}
}

// Changes returns changes by number, with their images where the server still
// has them.
func (m *Mongo) Changes(ctx context.Context, after uint64, limit int) ([]journal.Change, error) {
	if limit <= 0 {
		return nil, nil
	}
	var out []journal.Change
	o := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit))
	err := m.find(ctx, above(after), o, func(c journal.Change) (bool, error) {
		out = append(out, c)
		return true, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	return out, nil
}

// find gives changes until each returns false or an error.
func (m *Mongo) find(ctx context.Context, filter bson.D, o *options.FindOptionsBuilder, each func(journal.Change) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	return m.raw(ctx, mongoChanges, filter, o, func(b bson.Raw) (bool, error) {
		c, err := m.changes.decode(b)
		if err != nil {
			return false, err
		}
		return each(c)
	})
}

// raw gives the documents of a collection until each returns false or an error.
// Their bytes are only valid until then.
func (m *Mongo) raw(ctx context.Context, collection string, filter bson.D, o *options.FindOptionsBuilder, each func(bson.Raw) (bool, error)) (err error) {
	cursor, err := m.db.Collection(collection).Find(ctx, filter, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cursor.Close(context.WithoutCancel(ctx))) }()
	for cursor.Next(ctx) {
		more, err := each(cursor.Current)
		if err != nil || !more {
			return err
		}
	}
	return cursor.Err()
}

// Requests gives changes with a request in the order of their times.
func (m *Mongo) Requests(ctx context.Context, since time.Time, each func(journal.Change) error) error {
	filter := bson.D{
		{Key: "request", Value: bson.D{{Key: "$exists", Value: true}}},
		{Key: "at", Value: bson.D{{Key: "$gte", Value: bson.NewDateTimeFromTime(since)}}},
	}
	o := options.Find().SetSort(bson.D{{Key: "at", Value: 1}}).SetProjection(bson.D{{Key: "images", Value: 0}})
	return m.find(ctx, filter, o, func(c journal.Change) (bool, error) { return true, each(c) })
}

// Documents returns documents' settled bytes, asked for once a collection.
func (m *Mongo) Documents(ctx context.Context, keys []journal.Key) ([][]byte, error) {
	ctx, cancel := limited(ctx)
	defer cancel()
	ids := map[string][]string{}
	for _, key := range keys {
		ids[key.Collection] = append(ids[key.Collection], key.ID)
	}
	found := make(map[journal.Key][]byte, len(keys))
	for collection, wanted := range ids {
		cursor, err := m.db.Collection(collection).Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: wanted}}}})
		if err != nil {
			return nil, fmt.Errorf("read documents: %w", err)
		}
		for cursor.Next(ctx) {
			l, err := settledDocument(collection, cursor.Current)
			if err != nil {
				return nil, errors.Join(err, cursor.Close(ctx))
			}
			found[l.Key] = l.Image
		}
		if err := errors.Join(cursor.Err(), cursor.Close(ctx)); err != nil {
			return nil, fmt.Errorf("read documents: %w", err)
		}
	}
	images := make([][]byte, len(keys))
	for i, key := range keys {
		images[i] = found[key]
	}
	return images, nil
}

// settledDocument copies what stands in an entity collection.
func settledDocument(collection string, b bson.Raw) (journal.Loaded, error) {
	id, ok := b.Lookup("_id").StringValueOK()
	number, err := numberOf(b)
	if !ok || err != nil {
		return journal.Loaded{}, fmt.Errorf("%w: a document in %s was not written by homeward", ErrDamaged, collection)
	}
	l := journal.Loaded{Key: journal.Key{Collection: collection, ID: id}, Number: number}
	if string(b) != string(tombstone(id, number)) {
		l.Image = append([]byte(nil), b...)
	}
	return l, nil
}

// tombstone is what stands in the place of a forgotten document, so that no
// late node brings it back.
func tombstone(id string, number uint64) []byte {
	var e encoder
	start := e.begin()
	e.out[e.header("_id")] = bsonString
	_ = e.text(id) // an id that is not UTF-8 gives no document, and none like it is stored
	e.out[e.header("number")] = bsonInt64
	e.out = appendInt64(e.out, number)
	e.out[e.header("forgotten")] = bsonBool
	e.out = append(e.out, 1)
	e.end(start)
	return e.out
}

// mark reads the position up to which changes are settled.
func (m *Mongo) mark(ctx context.Context) (journal.Position, error) {
	var p journal.Position
	var doc struct {
		Number int64  `bson:"number"`
		Chain  []byte `bson:"chain"`
	}
	ctx, cancel := limited(ctx)
	defer cancel()
	err := m.db.Collection(mongoMarks).FindOne(ctx, bson.D{{Key: "_id", Value: "settled"}}).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return p, nil
	}
	if err == nil && (doc.Number < 0 || len(doc.Chain) != len(p.Chain)) {
		err = ErrDamaged
	}
	if err != nil {
		return p, fmt.Errorf("read the mark: %w", err)
	}
	p.Number = uint64(doc.Number)
	copy(p.Chain[:], doc.Chain)
	return p, nil
}

// Load streams every entity collection. The mark is read first: documents that
// other nodes settle meanwhile are later than it, and so are their changes.
func (m *Mongo) Load(ctx context.Context, each func(journal.Loaded) error) (journal.Position, error) {
	mark, err := m.mark(ctx)
	if err != nil {
		return mark, err
	}
	names, err := m.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return mark, fmt.Errorf("list collections: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	err = spread(ctx, func(ctx context.Context, do func(func() error) error) error {
		for _, name := range names {
			if ours(name) {
				continue
			}
			if err := m.portions(ctx, name, each, do); err != nil {
				return fmt.Errorf("load %s: %w", name, err)
			}
		}
		return nil
	})
	if err != nil {
		return journal.Position{}, err
	}
	return mark, nil
}

func (m *Mongo) portions(ctx context.Context, collection string, each func(journal.Loaded) error, do func(func() error) error) error {
	var loaded []journal.Loaded
	hand := func() error {
		mine := loaded
		loaded = nil
		return do(func() error {
			for _, l := range mine {
				if err := each(l); err != nil {
					return err
				}
			}
			return nil
		})
	}
	o := options.Find().SetBatchSize(1000)
	err := m.raw(ctx, collection, bson.D{}, o, func(b bson.Raw) (bool, error) {
		l, err := settledDocument(collection, b)
		if err != nil {
			return false, err
		}
		if loaded = append(loaded, l); len(loaded) < portionSize {
			return true, nil
		}
		return true, hand()
	})
	if err != nil || len(loaded) == 0 {
		return err
	}
	return hand()
}
