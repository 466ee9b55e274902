package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// benchNote is an image of about 600 bytes with a random id.
func benchNote(b *testing.B, c *Codec, number uint64) journal.Line {
	b.Helper()
	n := &note{
		Head: journal.Head{ID: rand.Text(), Number: number, Version: 1, Salt: make([]byte, 16), CreatedAt: at(number), UpdatedAt: at(number)},
		Text: string(make([]byte, 440)),
	}
	image, err := c.Encode(n)
	if err != nil {
		b.Fatal(err)
	}
	return journal.Line{Key: journal.KeyOf(n), Digest: journal.Digest(image), Image: image}
}

// BenchmarkAppend appends changes of one document each in batches. Beside the
// time for a change it gives the ratio to a bare bbolt loop that writes the
// same documents in the same batches.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			s, a := openBolt(b, b.TempDir()), newAuthor(b)
			var batches [][]journal.Change
			for done := 0; done < b.N; done += size {
				var batch []journal.Change
				for range size {
					c := a.empty()
					c.Lines = []journal.Line{benchNote(b, a.codec, c.Number)}
					batch = append(batch, c)
				}
				batches = append(batches, batch)
			}
			b.ResetTimer()
			started := time.Now()
			for _, batch := range batches {
				if _, err := s.Append(context.Background(), batch); err != nil {
					b.Fatal(err)
				}
			}
			own := time.Since(started)
			b.StopTimer()
			b.ReportMetric(float64(len(batches)*size)/own.Seconds(), "changes/s")
			b.ReportMetric(own.Seconds()/bare(b, batches).Seconds(), "x-bare")
		})
	}
}

// bare writes the documents of batches and nothing else.
func bare(b *testing.B, batches [][]journal.Change) time.Duration {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, &bbolt.Options{NoFreelistSync: true})
	if err != nil {
		b.Fatal(err)
	}
	if err := makeBuckets(db, []string{"notes"}); err != nil {
		b.Fatal(err)
	}
	started := time.Now()
	for _, batch := range batches {
		err := db.Update(func(tx *bbolt.Tx) error {
			for _, c := range batch {
				if err := tx.Bucket([]byte("notes")).Put([]byte(c.Lines[0].Key.ID), c.Lines[0].Image); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(started)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return took
}

func BenchmarkEncode(b *testing.B) {
	c, _ := newCodec(b)
	s := someSighting("s1")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Encode(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	c, _ := newCodec(b)
	s := someSighting("s1")
	image, err := c.Encode(s)
	if err != nil {
		b.Fatal(err)
	}
	for name, row := range map[string]bool{"whole": false, "row": true} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Decode(journal.KeyOf(s), image, row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad opens a store of 100,000 documents with sealed fields and
// decodes them all.
func BenchmarkLoad(b *testing.B) {
	const documents = 100_000
	dir := b.TempDir()
	s, a := openBolt(b, dir), newAuthor(b)
	for done := 0; done < documents; {
		var batch []journal.Change
		for range 250 {
			c := a.empty()
			for range 4 {
				d := someSighting(rand.Text())
				image, err := a.codec.Encode(d)
				if err != nil {
					b.Fatal(err)
				}
				c.Lines = append(c.Lines, journal.Line{Key: journal.KeyOf(d), Digest: journal.Digest(image), Image: image})
				done++
			}
			batch = append(batch, c)
		}
		if _, err := s.Append(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for _, row := range []bool{false, true} {
		b.Run(fmt.Sprintf("row=%v", row), func(b *testing.B) {
			for b.Loop() {
				s, err := OpenBolt(dir, BoltOptions{})
				if err != nil {
					b.Fatal(err)
				}
				_, err = s.Load(context.Background(), func(l journal.Loaded) error {
					_, err := a.codec.Decode(l.Key, l.Image, row)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
