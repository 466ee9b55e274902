package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/journal"
)

// Bounds of what is settled in one step.
const (
	settleCount = 500
	settleBytes = 16 << 20
)

// Settle copies the images of unsettled changes into the entity collections,
// raises the mark and strips the changes. Each step does nothing when it was
// done before, here or by another node, whichever number it had got to.
func (m *Mongo) Settle(ctx context.Context) (uint64, error) {
	mark, err := m.mark(ctx)
	if err != nil {
		return 0, err
	}
	for {
		changes, err := m.unsettled(ctx, mark.Number)
		if err != nil {
			return mark.Number, fmt.Errorf("settle: %w", err)
		}
		if len(changes) > 0 {
			if err := m.copyImages(ctx, changes); err != nil {
				return mark.Number, fmt.Errorf("settle changes %d to %d: %w",
					changes[0].Number, changes[len(changes)-1].Number, err)
			}
			last := changes[len(changes)-1]
			mark = journal.Position{Number: last.Number, Chain: last.Chain}
			if err := m.raise(ctx, mark); err != nil {
				return 0, fmt.Errorf("raise the mark: %w", err)
			}
		}
		if err := m.strip(ctx, mark.Number); err != nil {
			return mark.Number, fmt.Errorf("strip settled changes: %w", err)
		}
		if len(changes) == 0 {
			return mark.Number, nil
		}
	}
}

// unsettled reads changes that follow the mark without a gap.
func (m *Mongo) unsettled(ctx context.Context, mark uint64) ([]journal.Change, error) {
	var out []journal.Change
	size := 0
	o := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(settleCount)
	err := m.find(ctx, above(mark), o, func(c journal.Change) (bool, error) {
		if c.Number != mark+uint64(len(out))+1 {
			return false, nil
		}
		out = append(out, c)
		for _, l := range c.Lines {
			size += len(l.Image)
		}
		return size < settleBytes, nil
	})
	return out, err
}

// copyImages writes the last image of each document, or its tombstone, where
// what is stored has a lower number. A line without an image was settled by
// another node since the mark was read.
func (m *Mongo) copyImages(ctx context.Context, changes []journal.Change) error {
	last := map[journal.Key]uint64{}
	for i := range changes {
		for _, l := range changes[i].Lines {
			last[l.Key] = changes[i].Number
		}
	}
	keys := slices.SortedFunc(maps.Keys(last), func(a, b journal.Key) int {
		return strings.Compare(a.String(), b.String())
	}) // in one order on every node, or a server that locks rows finds a deadlock
	images := imagesAt(changes, last)
	writes := map[string][]mongo.WriteModel{}
	for _, k := range keys {
		image := images[k]
		if image == nil {
			continue
		}
		older := bson.D{
			{Key: "_id", Value: k.ID},
			{Key: "number", Value: bson.D{{Key: "$lt", Value: int64(last[k])}}},
		}
		writes[k.Collection] = append(writes[k.Collection],
			mongo.NewReplaceOneModel().SetFilter(older).SetReplacement(bson.Raw(image)).SetUpsert(true))
	}
	for _, collection := range slices.Sorted(maps.Keys(writes)) {
		if err := m.bulk(ctx, m.db.Collection(collection), writes[collection]); err != nil {
			return fmt.Errorf("%s: %w", collection, err)
		}
	}
	return nil
}

// imagesAt gathers the images, or tombstones, of documents as of their last
// changes.
func imagesAt(changes []journal.Change, last map[journal.Key]uint64) map[journal.Key][]byte {
	out := make(map[journal.Key][]byte, len(last))
	for i := range changes {
		for _, l := range changes[i].Lines {
			switch {
			case last[l.Key] != changes[i].Number:
			case l.Forgotten:
				out[l.Key] = tombstone(l.Key.ID, changes[i].Number)
			default:
				out[l.Key] = l.Image
			}
		}
	}
	return out
}

// bulk writes in any order. An upsert that finds its id taken met a newer
// document, which stays.
func (m *Mongo) bulk(ctx context.Context, c *mongo.Collection, models []mongo.WriteModel) error {
	ctx, cancel := limited(ctx)
	defer cancel()
	_, err := c.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	return settled(err)
}

// settled tells what a bulk write of settling came to.
func settled(err error) error {
	var bulk mongo.BulkWriteException
	switch {
	case onlyDuplicates(err):
		return nil
	case errors.As(err, &bulk) && bulk.WriteConcernError == nil && len(bulk.WriteErrors) > 0:
		return fmt.Errorf("%w: %w", journal.ErrRefused, err)
	}
	return err
}

// raise moves the mark up, never down.
func (m *Mongo) raise(ctx context.Context, to journal.Position) error {
	ctx, cancel := limited(ctx)
	defer cancel()
	_, err := m.db.Collection(mongoMarks).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: "settled"}, {Key: "number", Value: bson.D{{Key: "$lt", Value: int64(to.Number)}}}},
		bson.D{{Key: "$set", Value: bson.D{
			{Key: "number", Value: int64(to.Number)}, {Key: "chain", Value: to.Chain[:]},
		}}},
		options.UpdateOne().SetUpsert(true))
	if mongo.IsDuplicateKeyError(err) {
		return nil // another node has raised it higher
	}
	return err
}

// strip takes the images out of settled changes.
func (m *Mongo) strip(ctx context.Context, mark uint64) error {
	ctx, cancel := limited(ctx)
	defer cancel()
	_, err := m.db.Collection(mongoChanges).UpdateMany(ctx,
		bson.D{{Key: "settled", Value: false}, {Key: "_id", Value: bson.D{{Key: "$lte", Value: int64(mark)}}}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "settled", Value: true}}},
			{Key: "$unset", Value: bson.D{{Key: "images", Value: ""}}},
		})
	return err
}
