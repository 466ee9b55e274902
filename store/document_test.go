package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"

	"homeward/journal"
)

// point is a GeoJSON point as geo has it.
type point struct {
	Type        string     `bson:"type"`
	Coordinates [2]float64 `bson:"coordinates"`
}

func (p point) IsZero() bool { return p.Type == "" }

// child lies in a case and has an ID of its own.
type child struct {
	ID    string `bson:"id"`
	Name  string `bson:"name" class:"P1,sealed"`
	Needs []need `bson:"needs,omitempty"`
}

type need struct {
	Text string `bson:"text" class:"P4,sealed"`
	Code int    `bson:"code"`
}

// sighting is as large as the one the program stores.
type sighting struct {
	journal.Head
	CaseID   string    `bson:"case_id"`
	State    string    `bson:"state"`
	Grade    int       `bson:"grade"`
	SeenAt   time.Time `bson:"seen_at"`
	Where    point     `bson:"where,omitempty"`
	Text     string    `bson:"text" class:"P7,sealed"`
	Reporter *person   `bson:"reporter" class:"P8,sealed,reporter"`
	Tags     []string  `bson:"tags,omitempty"`
	Children []child   `bson:"children,omitempty"`
	Trail    []*child  `bson:"trail,omitempty"`
	Hash     [4]byte   `bson:"hash"`
	Small    int8      `bson:"small"`
	Count    uint16    `bson:"count"`
	Weight   float64   `bson:"weight"`
	Photo    []byte    `bson:"photo,omitempty"`
	Flag     bool      `bson:"flag"`
}

type person struct {
	Name, Phone string
	Home        point     `bson:"home,omitempty"`
	BornAt      time.Time `bson:"born_at"`
	Children    []child   `bson:"children,omitempty"`
}

func (*sighting) Collection() string { return "sightings" }

func (s *sighting) Unit(part string) string {
	if part == "reporter" {
		return "reporters/" + s.ID
	}
	return "cases/" + s.CaseID
}

// row is what boards hold of a sighting.
type row struct {
	journal.Head
	State string `bson:"state"`
	Where point  `bson:"where,omitempty"`
}

func (*row) Collection() string { return "sightings" }

// note is a small document without anything sealed.
type note struct {
	journal.Head
	Text string `bson:"text"`
}

func (*note) Collection() string { return "notes" }

func table() []Collection {
	return []Collection{
		{
			Name: "sightings",
			New:  func() journal.Document { return new(sighting) },
			Row:  func() journal.Document { return new(row) },
			Geo:  []string{"where"},
		},
		{Name: "notes", New: func() journal.Document { return new(note) }},
	}
}

// box seals with AES-GCM under keys that it keeps by unit.
type box struct {
	mu   sync.Mutex
	keys map[string]cipher.AEAD // nil for a destroyed key
	// sealed and opened count the calls.
	sealed, opened int
}

func newBox() *box { return &box{keys: map[string]cipher.AEAD{}} }

func (b *box) Seal(unit string, aad, plain []byte) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sealed++
	if _, ok := b.keys[unit]; !ok {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if b.keys[unit], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, err
		}
	}
	return b.keys[unit].Seal(nil, nil, plain, aad), nil
}

func (b *box) Opener(unit string) (func(dst, aad, sealed []byte) ([]byte, error), error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened++
	a := b.keys[unit]
	if a == nil {
		return nil, fmt.Errorf("unit %s: %w", unit, journal.ErrForgotten)
	}
	return func(dst, aad, sealed []byte) ([]byte, error) { return a.Open(dst, nil, sealed, aad) }, nil
}

func (b *box) Flush(context.Context) error { return nil }

func (b *box) Forget(_ context.Context, units []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, u := range units {
		b.keys[u] = nil
	}
	return nil
}

func newCodec(t testing.TB) (*Codec, *box) {
	t.Helper()
	b := newBox()
	c, err := NewCodec(table(), b)
	if err != nil {
		t.Fatal(err)
	}
	return c, b
}

func someSighting(id string) *sighting {
	at := time.Date(2026, 3, 5, 14, 7, 9, 123e6, time.UTC)
	return &sighting{
		Head: journal.Head{
			ID: id, Number: 7, Version: 2, Salt: []byte("0123456789abcdef"), CreatedAt: at, UpdatedAt: at,
		},
		CaseID: "case-1", State: "new", Grade: 3, SeenAt: at,
		Where:    point{"Point", [2]float64{20.46, 44.81}},
		Text:     "A boy in a red jacket got on tram 7 at the second stop, alone, without a bag.",
		Reporter: &person{Name: "Ana Example", Phone: "+381 11 000 0012", Home: point{"Point", [2]float64{20.4, 44.8}}},
		Tags:     []string{"tram", "red jacket"},
		Children: []child{
			{ID: "c1", Name: "Mika", Needs: []need{{"insulin", 1}, {"", 2}}},
			{ID: "c2", Name: "Žika"},
		},
		Trail: []*child{nil, {Name: "no id"}},
		Hash:  [4]byte{1, 2, 3, 4}, Small: -3, Count: 65535, Weight: -0.5, Flag: true,
	}
}
