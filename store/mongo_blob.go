package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/journal"
)

// bucket returns the GridFS bucket of photos. One is made for each use, because
// the driver's is not safe for concurrent use.
func (m *Mongo) bucket() *mongo.GridFSBucket {
	return m.db.GridFSBucket(options.GridFSBucket().SetName(mongoPhotos))
}

// PutBlob writes a photo; its chunks first, then the entry that names them.
func (m *Mongo) PutBlob(ctx context.Context, id string, data []byte) error {
	if err := checkID(id); err != nil {
		return err
	}
	ctx, cancel := limited(ctx)
	defer cancel()
	b := m.bucket()
	err := b.UploadFromStreamWithID(ctx, id, id, bytes.NewReader(data))
	if mongo.IsDuplicateKeyError(err) { // whole or half, it is written anew
		if err := b.Delete(ctx, id); err != nil && !errors.Is(err, mongo.ErrFileNotFound) {
			return fmt.Errorf("replace a photo: %w", err)
		}
		err = b.UploadFromStreamWithID(ctx, id, id, bytes.NewReader(data))
	}
	return wrap(err, "write a photo")
}

// Blob returns a photo.
func (m *Mongo) Blob(ctx context.Context, id string) ([]byte, error) {
	ctx, cancel := limited(ctx)
	defer cancel()
	var out bytes.Buffer
	_, err := m.bucket().DownloadToStream(ctx, id, &out)
	if errors.Is(err, mongo.ErrFileNotFound) {
		return nil, journal.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read a photo: %w", err)
	}
	return out.Bytes(), nil
}

// DropBlob removes a photo, also one that was written only half.
func (m *Mongo) DropBlob(ctx context.Context, id string) error {
	ctx, cancel := limited(ctx)
	defer cancel()
	err := m.bucket().Delete(ctx, id)
	if errors.Is(err, mongo.ErrFileNotFound) {
		return nil
	}
	return wrap(err, "drop a photo")
}

// EachBlob lists photos by their first chunks, so that half written ones are
// among them; the time of a chunk is in its id. Empty photos have no chunk.
func (m *Mongo) EachBlob(ctx context.Context, each func(id string, at time.Time) error) error {
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	first := bson.D{{Key: "n", Value: 0}}
	o := options.Find().SetProjection(bson.D{{Key: "files_id", Value: 1}})
	err := m.raw(ctx, mongoPhotos+".chunks", first, o, func(b bson.Raw) (bool, error) {
		at, known := b.Lookup("_id").ObjectIDOK()
		id, ok := b.Lookup("files_id").StringValueOK()
		if !ok || !known {
			return false, fmt.Errorf("%w: a chunk of a photo", ErrDamaged)
		}
		return true, each(id, at.Timestamp().UTC())
	})
	if err != nil {
		return fmt.Errorf("list photos: %w", err)
	}
	return nil
}
