package journal

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// nowhere is a store that forgets at once, to measure the journal itself.
type nowhere struct {
	*cloud
	last *atomic.Uint64
}

func (n nowhere) Append(_ context.Context, changes []Change) (int, error) {
	n.last.Store(changes[len(changes)-1].Number)
	return len(changes), nil
}

func (n nowhere) Settle(context.Context) (uint64, error) { return n.last.Load(), nil }

func (n nowhere) Follow(context.Context, func()) error { return nil }

func (nowhere) Requests(context.Context, time.Time, func(Change) error) error { return nil }

func BenchmarkDo(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			r := onStore(b, newCloud(), newKeyHome(), func(o *Options) { o.Backend = nowhere{newCloud(), new(atomic.Uint64)} })
			go func() { _ = r.Follow(b.Context()) }()
			var n atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(max(1, writers/2))
			b.RunParallel(func(pb *testing.PB) {
				id := fmt.Sprint(n.Add(1))
				c := Command{Decide: func(*View) (Outcome, error) {
					return Outcome{Documents: []Document{newPage("accounts", id)}}, nil
				}}
				for pb.Next() {
					if _, err := r.Do(b.Context(), c); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
