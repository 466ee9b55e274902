package store

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"homeward/journal"
)

// Codec turns documents into BSON with sealed fields and back. It implements
// journal.Codec and is safe for concurrent use.
type Codec struct {
	sealer Sealer
	whole  map[string]*form
	rows   map[string]*form
	// decoders are used again: a start decodes a hundred thousand documents.
	decoders sync.Pool
}

// form is one document type with its plan.
type form struct {
	collection string
	make       func() journal.Document
	typ        reflect.Type // of the struct
	plan       *plan
}

// NewCodec plans every document type of the table once. It refuses types that
// cannot be stored, naming the field: maps, interfaces, recursive types, two
// fields with one name, sealed fields without a Unit method. The sealer may be
// nil when no field is sealed.
func NewCodec(collections []Collection, sealer Sealer) (*Codec, error) {
	c := &Codec{
		sealer: sealer, whole: map[string]*form{}, rows: map[string]*form{},
		decoders: sync.Pool{New: func() any { return new(decoder) }},
	}
	for _, col := range collections {
		if c.whole[col.Name] != nil {
			return nil, fmt.Errorf("collection %s is listed twice", col.Name)
		}
		whole, err := c.form(col.Name, col.New)
		if err != nil {
			return nil, err
		}
		c.whole[col.Name], c.rows[col.Name] = whole, whole
		if col.Row == nil {
			continue
		}
		if c.rows[col.Name], err = c.form(col.Name, col.Row); err != nil {
			return nil, fmt.Errorf("row: %w", err)
		}
	}
	return c, nil
}

func (c *Codec) form(name string, empty func() journal.Document) (*form, error) {
	if empty == nil {
		return nil, fmt.Errorf("collection %s has no document type", name)
	}
	d := empty()
	if d.Collection() != name {
		return nil, fmt.Errorf("collection %s: its %T says %s", name, d, d.Collection())
	}
	t := reflect.TypeOf(d)
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("collection %s: %T is not a pointer to a struct", name, d)
	}
	p, err := planner{}.structure(t.Elem(), t.Elem().Name())
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", name, err)
	}
	if p.fields[0].name != "_id" {
		return nil, fmt.Errorf("collection %s: %T does not embed journal.Head", name, d)
	}
	if _, ok := d.(united); p.sealed && (!ok || c.sealer == nil) {
		return nil, fmt.Errorf("collection %s: %T has sealed fields but no Unit method or no sealer", name, d)
	}
	return &form{name, empty, t.Elem(), p}, nil
}

// Encode returns the bytes of a document: the same bytes for the same content,
// but for sealed fields, which differ each time.
func (c *Codec) Encode(d journal.Document) ([]byte, error) {
	key := journal.KeyOf(d)
	f := c.whole[key.Collection]
	if f == nil {
		return nil, fmt.Errorf("unknown collection %q", key.Collection)
	}
	v := reflect.ValueOf(d)
	if v.Type() != reflect.PointerTo(f.typ) || v.IsNil() {
		return nil, fmt.Errorf("%s: %T is not the document of its collection", key, d)
	}
	if key.ID == "" {
		return nil, fmt.Errorf("a document of %s has no id", key.Collection)
	}
	e := encoder{sealer: c.sealer, key: key, out: make([]byte, 0, 1024)}
	e.unit, _ = d.(united)
	if err := e.document(f.plan, v.Elem(), nil); err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return e.out, nil
}

// Decode returns the document of an image, or its row. A sealed field whose key
// has been destroyed is zero; one that does not open is an error, and so are
// bytes that are not the document with this key.
func (c *Codec) Decode(key journal.Key, image []byte, row bool) (journal.Document, error) {
	f := c.whole[key.Collection]
	if row {
		f = c.rows[key.Collection]
	}
	if f == nil {
		return nil, fmt.Errorf("unknown collection %q", key.Collection)
	}
	doc := f.make()
	d := c.decoders.Get().(*decoder)
	defer d.release(&c.decoders)
	if err := d.document(f.plan, image, reflect.ValueOf(doc).Elem(), nil); err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	if doc.DocumentHead().ID != key.ID {
		return nil, fmt.Errorf("%s: %w: it is another document", key, errBytes)
	}
	if len(d.sealed) > 0 {
		if err := d.openAll(c.sealer, key, doc.(united)); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// Flush makes the keys durable that Encode has made.
func (c *Codec) Flush(ctx context.Context) error {
	if c.sealer == nil {
		return nil
	}
	return c.sealer.Flush(ctx)
}

// Forget destroys the keys of the units named like these keys.
func (c *Codec) Forget(ctx context.Context, keys []journal.Key) error {
	if c.sealer == nil || len(keys) == 0 {
		return nil
	}
	units := make([]string, len(keys))
	for i, k := range keys {
		units[i] = k.String()
	}
	return c.sealer.Forget(ctx, units)
}
