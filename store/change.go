package store

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"homeward/journal"
)

// storedChange is a change as every durable store keeps it, without images.
type storedChange struct {
	Number  uint64       `bson:"_id"`
	At      time.Time    `bson:"at"`
	Actor   string       `bson:"actor"`
	Action  string       `bson:"action"`
	Token   [16]byte     `bson:"token"`
	Request []byte       `bson:"request,omitempty"`
	Body    []byte       `bson:"body,omitempty"`
	Chain   [32]byte     `bson:"chain"`
	Lines   []storedLine `bson:"lines"`
}

type storedLine struct {
	Collection string   `bson:"collection"`
	ID         string   `bson:"id"`
	Digest     [32]byte `bson:"digest"`
	Forgotten  bool     `bson:"forgotten,omitempty"`
}

// changeCodec turns changes into BSON and back.
type changeCodec struct{ plan *plan }

func newChangeCodec() (changeCodec, error) {
	p, err := planner{}.structure(reflect.TypeFor[storedChange](), "change")
	return changeCodec{p}, err
}

// encode returns a change's document. With images it is as MongoDB gets it: not
// settled, and with the images in an array of their own beside the lines, a
// null for each forgotten one.
func (cc changeCodec) encode(c *journal.Change, images bool) ([]byte, error) {
	s := storedChange{
		Number: c.Number, At: c.At, Actor: c.Actor, Action: c.Action, Token: c.Token,
		Request: c.Request, Body: c.Body, Chain: c.Chain, Lines: make([]storedLine, len(c.Lines)),
	}
	size := 256
	for i, l := range c.Lines {
		s.Lines[i] = storedLine{l.Key.Collection, l.Key.ID, l.Digest, l.Forgotten}
		size += 160
		if images {
			size += len(l.Image)
		}
	}
	e := encoder{inside: true, out: make([]byte, 0, size)}
	if err := e.document(cc.plan, reflect.ValueOf(&s).Elem(), nil); err != nil {
		return nil, fmt.Errorf("change %d: %w", c.Number, err)
	}
	if images {
		e.out = e.out[:len(e.out)-1] // open the document again
		e.images(c)
		e.end(0)
	}
	return e.out, nil
}

func (e *encoder) images(c *journal.Change) {
	e.out[e.header("settled")] = bsonBool
	e.out = append(e.out, 0)
	e.out[e.header("images")] = bsonArray
	start := e.begin()
	for i, l := range c.Lines {
		mark := e.header(strconv.Itoa(i))
		e.out[mark] = bsonNull
		if !l.Forgotten {
			e.out[mark] = bsonDocument
			e.out = append(e.out, l.Image...)
		}
	}
	e.end(start)
}

// decode reads a change with the images that its bytes hold. Nothing of the
// result lies in b.
func (cc changeCodec) decode(b []byte) (journal.Change, error) {
	var s storedChange
	d := decoder{open: true}
	if err := d.document(cc.plan, b, reflect.ValueOf(&s).Elem(), nil); err != nil {
		return journal.Change{}, fmt.Errorf("%w: change: %w", ErrDamaged, err)
	}
	c := journal.Change{
		Number: s.Number, At: s.At, Actor: s.Actor, Action: s.Action, Token: s.Token,
		Request: s.Request, Body: s.Body, Chain: s.Chain, Lines: make([]journal.Line, len(s.Lines)),
	}
	for i, l := range s.Lines {
		c.Lines[i] = journal.Line{
			Key:    journal.Key{Collection: l.Collection, ID: l.ID},
			Digest: l.Digest, Forgotten: l.Forgotten,
		}
	}
	if err := attach(&c, b); err != nil {
		return journal.Change{}, fmt.Errorf("%w: change %d: %w", ErrDamaged, c.Number, err)
	}
	return c, nil
}

// attach gives the lines of a change the images that its document holds.
func attach(c *journal.Change, b []byte) error {
	images, err := find(b, "images")
	if err != nil || images == nil {
		return err
	}
	rest, err := body(images)
	if err != nil {
		return err
	}
	var e element
	for i := 0; len(rest) > 0; i++ {
		if e, rest, err = next(rest); err != nil {
			return err
		}
		if i >= len(c.Lines) || c.Lines[i].Forgotten != (e.typ == bsonNull) {
			return errBytes
		}
		if e.typ == bsonDocument {
			c.Lines[i].Image = append([]byte(nil), e.data...)
		}
	}
	return nil
}

// find returns the value of a document's element, nil when it is not there.
func find(b []byte, name string) ([]byte, error) {
	rest, err := body(b)
	if err != nil {
		return nil, err
	}
	var e element
	for len(rest) > 0 {
		if e, rest, err = next(rest); err != nil {
			return nil, err
		}
		if string(e.name) == name {
			return e.data, nil
		}
	}
	return nil, nil
}

// numberOf reads the change number that a document's bytes carry.
func numberOf(image []byte) (uint64, error) {
	b, err := find(image, "number")
	if err != nil {
		return 0, err
	}
	n, err := int64(0), errBytes
	if len(b) == 8 {
		n, err = integer(bsonInt64, b)
	}
	if err == nil && n <= 0 {
		err = errBytes
	}
	return uint64(n), err
}
