package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"homeward/journal"
)

// author makes changes that follow each other. The same number and ids give the
// same change, so that another process can tell what must be there.
type author struct {
	codec *Codec
	next  uint64
}

func newAuthor(t testing.TB) *author {
	c, _ := newCodec(t)
	return &author{codec: c, next: 1}
}

// at is the time of a change, a whole number of milliseconds.
func at(number uint64) time.Time {
	return time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC).Add(time.Duration(number) * 1001 * time.Millisecond)
}

func (a *author) image(id, text string, number uint64) []byte {
	image, err := a.codec.Encode(&note{
		Head: journal.Head{ID: id, Number: number, Version: 1, Salt: []byte("0123456789abcdef"), CreatedAt: at(number)},
		Text: text,
	})
	if err != nil {
		panic(err) // a note can be encoded
	}
	return image
}

// write makes the next change: it writes these notes.
func (a *author) write(ids ...string) journal.Change {
	c := a.empty()
	for _, id := range ids {
		image := a.image(id, fmt.Sprintf("%s by %d", id, c.Number), c.Number)
		c.Lines = append(c.Lines, journal.Line{
			Key: journal.Key{Collection: "notes", ID: id}, Digest: journal.Digest(image), Image: image,
		})
	}
	return c
}

func (a *author) forget(id string) journal.Change {
	c := a.empty()
	c.Lines = []journal.Line{{Key: journal.Key{Collection: "notes", ID: id}, Forgotten: true}}
	return c
}

func (a *author) empty() journal.Change {
	c := journal.Change{Number: a.next, At: at(a.next), Actor: "accounts/1", Action: "note.write"}
	binary.BigEndian.PutUint64(c.Token[:], a.next)
	c.Chain = sha256.Sum256(c.Token[:])
	a.next++
	return c
}

func mustAppend(t testing.TB, s Store, changes ...journal.Change) {
	t.Helper()
	if n, err := s.Append(t.Context(), changes); n != len(changes) || err != nil {
		t.Fatalf("appended %d of %d: %v", n, len(changes), err)
	}
}

func mustChanges(t testing.TB, s Store, after uint64, limit int) []journal.Change {
	t.Helper()
	out, err := s.Changes(t.Context(), after, limit)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mustSettle(t testing.TB, s Store, want uint64) {
	t.Helper()
	if mark, err := s.Settle(t.Context()); mark != want || err != nil {
		t.Fatalf("settled up to %d: %v; want %d", mark, err, want)
	}
}

// sameChange compares all of a change but the images, which go when settled.
func sameChange(t testing.TB, got, want journal.Change) {
	t.Helper()
	if got.Number != want.Number || !got.At.Equal(want.At) || got.At.Location() != time.UTC ||
		got.Actor != want.Actor || got.Action != want.Action || got.Token != want.Token ||
		!bytes.Equal(got.Request, want.Request) || !bytes.Equal(got.Body, want.Body) ||
		(got.Request == nil) != (want.Request == nil) || got.Chain != want.Chain {
		t.Errorf("got change %+v\nwant %+v", got, want)
	}
	if len(got.Lines) != len(want.Lines) {
		t.Fatalf("change %d has %d lines, want %d", got.Number, len(got.Lines), len(want.Lines))
	}
	for i, l := range got.Lines {
		w := want.Lines[i]
		if l.Key != w.Key || l.Digest != w.Digest || l.Forgotten != w.Forgotten {
			t.Errorf("change %d has the line %+v, want %+v", got.Number, l, w)
		}
		if l.Image != nil && !bytes.Equal(l.Image, w.Image) {
			t.Errorf("change %d has another image of %s than was written", got.Number, l.Key)
		}
	}
}
