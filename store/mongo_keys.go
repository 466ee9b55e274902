package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/journal"
)

// MongoKeys keeps wrapped keys in the database NAME_keys of a Mongo store, which
// is never in a backup of the data. What is dropped stays in the server's
// operation log until that rolls over.
type MongoKeys struct{ m *Mongo }

var _ KeyHome = (*MongoKeys)(nil)

// keyDocument is a wrapped key; its id is the unit's name.
type keyDocument struct {
	Unit    string `bson:"_id"`
	Wrapped []byte `bson:"wrapped"`
}

func (k *MongoKeys) collection() *mongo.Collection { return k.m.keys.Collection(mongoKeys) }

// PutKeys adds keys. Of several nodes that add one for the same unit the first
// wins.
func (k *MongoKeys) PutKeys(ctx context.Context, units []string, wrapped [][]byte) error {
	if err := checkKeys(units, wrapped); err != nil || len(units) == 0 {
		return err
	}
	documents := make([]keyDocument, len(units))
	for i, unit := range units {
		documents[i] = keyDocument{unit, wrapped[i]}
	}
	limit, cancel := limited(ctx)
	defer cancel()
	_, err := k.collection().InsertMany(limit, documents, options.InsertMany().SetOrdered(false))
	if !onlyDuplicates(err) {
		return wrap(err, "add keys")
	}
	// The same key again is no collision: the answer to the first try was lost.
	for i, unit := range units {
		was, err := k.Key(ctx, unit)
		if err != nil {
			return err
		}
		if !bytes.Equal(was, wrapped[i]) {
			return fmt.Errorf("unit %s has a key: %w", unit, journal.ErrTaken)
		}
	}
	return nil
}

// Key returns a unit's wrapped key.
func (k *MongoKeys) Key(ctx context.Context, unit string) ([]byte, error) {
	ctx, cancel := limited(ctx)
	defer cancel()
	var d keyDocument
	err := k.collection().FindOne(ctx, bson.D{{Key: "_id", Value: unit}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, journal.ErrNotFound
	}
	return d.Wrapped, wrap(err, "read a key")
}

// EachKey goes through keys in the order of their units.
func (k *MongoKeys) EachKey(ctx context.Context, prefix string, each func(unit string, wrapped []byte) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	filter := bson.D{}
	if prefix != "" {
		filter = bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: prefix + "\uffff"}}}}
	}
	cursor, err := k.collection().Find(ctx, filter, byID())
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	defer func() { err = errors.Join(err, cursor.Close(context.WithoutCancel(ctx))) }()
	for cursor.Next(ctx) {
		var d keyDocument
		if err := cursor.Decode(&d); err != nil {
			return fmt.Errorf("%w: a key: %w", ErrDamaged, err)
		}
		if err := each(d.Unit, bytes.Clone(d.Wrapped)); err != nil {
			return err
		}
	}
	return wrap(cursor.Err(), "read keys")
}

// DropKeys deletes keys.
func (k *MongoKeys) DropKeys(ctx context.Context, units []string) error {
	if len(units) == 0 {
		return nil
	}
	ctx, cancel := limited(ctx)
	defer cancel()
	_, err := k.collection().DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: units}}}})
	return wrap(err, "drop keys")
}

// ReplaceKeys writes the keys into a new collection and puts it in the place of
// the old one. Nodes must not write keys meanwhile.
func (k *MongoKeys) ReplaceKeys(ctx context.Context, units []string, wrapped [][]byte) error {
	if err := checkKeys(units, wrapped); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	const fresh = mongoKeys + "_new"
	if err := k.m.keys.Collection(fresh).Drop(ctx); err != nil {
		return fmt.Errorf("replace keys: %w", err)
	}
	if len(units) == 0 {
		_, err := k.collection().DeleteMany(ctx, bson.D{})
		return wrap(err, "replace keys")
	}
	documents := make([]keyDocument, len(units))
	for i, unit := range units {
		documents[i] = keyDocument{unit, wrapped[i]}
	}
	if _, err := k.m.keys.Collection(fresh).InsertMany(ctx, documents); err != nil {
		return fmt.Errorf("replace keys: %w", err)
	}
	name := k.m.keys.Name()
	err := k.m.client.Database("admin").RunCommand(ctx, bson.D{
		{Key: "renameCollection", Value: name + "." + fresh},
		{Key: "to", Value: name + "." + mongoKeys},
		{Key: "dropTarget", Value: true},
		{Key: "writeConcern", Value: bson.D{{Key: "w", Value: "majority"}, {Key: "j", Value: true}}},
	}, options.RunCmd()).Err()
	return wrap(err, "replace keys")
}
