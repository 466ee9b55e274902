package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"time"
)

// Key names one document: its collection and its id.
type Key struct {
	Collection string
	ID         string
}

// String returns "collection/id", which is also the name of the erasure unit
// that a document of its own has.
func (k Key) String() string { return k.Collection + "/" + k.ID }

// Head is what every document carries besides its own fields. The journal
// stamps all of it but the id; rules copy it along unchanged.
type Head struct {
	ID string `bson:"_id" json:"id"`
	// Number is the change that wrote the document last.
	Number uint64 `bson:"number" json:"-"`
	// Version counts the writes of this document, from 1.
	Version int `bson:"version" json:"version"`
	// Salt is random and new with each write, so that a digest that outlives
	// an erased document says nothing about what it held.
	Salt      []byte    `bson:"salt" json:"-"`
	CreatedAt time.Time `bson:"created_at" json:"created_at"`
	UpdatedAt time.Time `bson:"updated_at" json:"updated_at"`
}

// DocumentHead returns the head itself, so that embedding a Head gives a type
// half of Document.
func (h *Head) DocumentHead() *Head { return h }

// Document is one entity as rules and boards see it: a pointer to a struct that
// embeds Head. Once it has been returned from a rule or installed on a board a
// document is never changed again; a rule copies it and clones every slice that
// it changes.
type Document interface {
	DocumentHead() *Head
	// Collection is the name of the collection the document lives in.
	Collection() string
}

// KeyOf returns the key of a document.
func KeyOf(d Document) Key { return Key{d.Collection(), d.DocumentHead().ID} }

// Line is what a change keeps for ever about one document: its key and the
// digest of its bytes. Image holds the bytes themselves until the change is
// settled, and is nil afterwards and for forgotten documents.
type Line struct {
	Key       Key
	Digest    [32]byte
	Forgotten bool
	Image     []byte
}

// Change is one entry of the journal.
type Change struct {
	// Number is the change's place, counted from 1 without a gap.
	Number uint64
	At     time.Time
	// Actor is the id of who did it; Action names what was done.
	Actor, Action string
	// Token is random: it tells whose change stands at a number when the
	// answer to an append was lost.
	Token [16]byte
	// Request is the keyed hash of an idempotency key, nil without one. Body
	// is the keyed hash of what was sent with it.
	Request, Body []byte
	// Chain covers this change without its images and the chain before it.
	Chain [32]byte
	Lines []Line
}

// Position is a place in the journal: a number and the chain hash there. The
// zero value is the place before the first change.
type Position struct {
	Number uint64
	Chain  [32]byte
}

// Digest returns the digest a line keeps for the bytes of a document. The bytes
// hold the document's salt.
func Digest(image []byte) [32]byte { return sha256.Sum256(image) }

// link returns the chain hash of c after prev.
func link(prev [32]byte, c *Change) [32]byte {
	h := sha256.New()
	h.Write(prev[:])
	writeUint(h, c.Number)
	writeUint(h, uint64(c.At.UnixMilli()))
	writeBytes(h, []byte(c.Actor))
	writeBytes(h, []byte(c.Action))
	h.Write(c.Token[:])
	writeBytes(h, c.Request)
	writeBytes(h, c.Body)
	for i := range c.Lines {
		l := &c.Lines[i]
		writeBytes(h, []byte(l.Key.Collection))
		writeBytes(h, []byte(l.Key.ID))
		h.Write(l.Digest[:])
		if l.Forgotten {
			h.Write([]byte{1})
		} else {
			h.Write([]byte{0})
		}
	}
	var out [32]byte
	h.Sum(out[:0])
	return out
}

func writeUint(h hash.Hash, n uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	h.Write(b[:])
}

func writeBytes(h hash.Hash, b []byte) {
	writeUint(h, uint64(len(b)))
	h.Write(b)
}
