package store

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// wakeAnyway is the longest time between two wakes: a reader that failed
	// to catch up tries again then.
	wakeAnyway = time.Second
	// streamAgain is the pause before a broken change stream is opened anew.
	streamAgain = time.Second
)

// Follow wakes when the last change's number has risen. It looks every poll
// interval, and at once when a change stream says so; a stream is only a reason
// to look. Errors of the server are waited out: Check and every write meet them
// too.
func (m *Mongo) Follow(ctx context.Context, wake func()) error {
	look := make(chan struct{}, 1)
	watched := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(watched)
		m.watch(ctx, look)
	}()
	defer func() {
		cancel()
		<-watched
	}()
	poll := time.NewTicker(m.poll)
	defer poll.Stop()
	seen, woken := uint64(0), time.Time{}
	for {
		tip, err := m.Last(ctx)
		if now := time.Now(); err == nil && (tip > seen || now.Sub(woken) >= wakeAnyway) {
			seen, woken = tip, now
			wake()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look:
		case <-poll.C:
		}
	}
}

// Last reads the number of the last change.
func (m *Mongo) Last(ctx context.Context) (uint64, error) {
	ctx, cancel := limited(ctx)
	defer cancel()
	b, err := m.db.Collection(mongoChanges).FindOne(ctx, bson.D{}, options.FindOne().
		SetSort(bson.D{{Key: "_id", Value: -1}}).SetProjection(bson.D{{Key: "_id", Value: 1}})).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, ok := b.Lookup("_id").AsInt64OK()
	if !ok || n < 0 {
		return 0, ErrDamaged
	}
	return uint64(n), nil
}

// watch asks for a look at every inserted change, where the server offers change
// streams. A stream that ends, for whatever reason, is opened anew from now on:
// nothing is lost, because looking finds what was missed. It has a client of
// its own, for a stream waits longer than an operation may take.
func (m *Mongo) watch(ctx context.Context, look chan<- struct{}) {
	client, err := mongo.Connect(m.following())
	if err != nil {
		return // polling is enough
	}
	defer func() {
		ending, cancel := limited(context.WithoutCancel(ctx))
		defer cancel()
		_ = client.Disconnect(ending) // nothing was written through it
	}()
	changes := client.Database(m.db.Name()).Collection(mongoChanges)
	for ctx.Err() == nil {
		if err := m.stream(ctx, changes, look); unsupported(err) {
			return
		}
		pause := time.NewTimer(streamAgain)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

func (m *Mongo) stream(ctx context.Context, changes *mongo.Collection, look chan<- struct{}) error {
	inserts := mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "operationType", Value: "insert"}}}},
		{{Key: "$project", Value: bson.D{{Key: "documentKey", Value: 1}}}},
	}
	s, err := changes.Watch(ctx, inserts)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(ctx)) }() // only read from
	for s.Next(ctx) {
		select {
		case look <- struct{}{}:
		default: // one is asked for already
		}
	}
	return s.Err()
}

// unsupported tells that the server has no change streams: no such command or
// stage, or not a replica set.
func unsupported(err error) bool {
	var command mongo.CommandError
	if !errors.As(err, &command) {
		return false
	}
	switch command.Code {
	case 59, 115, 238, 40324, 40573:
		return true
	}
	return false
}
