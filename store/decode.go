package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// errBytes is wrapped by every error about bytes that are not what was stored.
var errBytes = errors.New("the stored bytes are damaged")

// decoder reads one document and gathers its sealed parts, which are opened
// when the plain ones are known: units and elements are named by them.
type decoder struct {
	sealed []sealedPart
	// open tells that the bytes come out of a sealed field.
	open bool
	// steps are those on the way to sealed parts; associated and plain are the
	// bytes of the part at hand.
	steps             []step
	associated, plain []byte
}

type sealedPart struct {
	field *field
	up    *step
	data  []byte
	into  reflect.Value
}

// element is one element of a document or an array.
type element struct {
	typ  byte
	name []byte
	data []byte
}

// next takes the first element off the body of a document.
func next(b []byte) (element, []byte, error) {
	end := bytes.IndexByte(b[1:], 0)
	if end < 0 {
		return element{}, nil, errBytes
	}
	e := element{typ: b[0], name: b[1 : 1+end]}
	b = b[end+2:]
	n, ok := size(e.typ, b)
	if !ok || n > len(b) {
		return element{}, nil, fmt.Errorf("%q: %w", e.name, errBytes)
	}
	e.data = b[:n]
	return e, b[n:], nil
}

// size is the length of the value at the start of b.
func size(typ byte, b []byte) (int, bool) {
	switch typ {
	case bsonNull:
		return 0, true
	case bsonBool:
		return 1, true
	case bsonInt32:
		return 4, true
	case bsonDouble, bsonDate, bsonInt64:
		return 8, true
	}
	if len(b) < 5 {
		return 0, false
	}
	n := int(int32(binary.LittleEndian.Uint32(b)))
	if n < 0 {
		return 0, false
	}
	switch typ {
	case bsonString:
		return n + 4, n > 0
	case bsonBinary:
		return n + 5, true
	case bsonDocument, bsonArray:
		return n, n >= 5
	}
	return 0, false // of a type that is never written
}

// body checks the frame of a document and returns what is between.
func body(b []byte) ([]byte, error) {
	if len(b) < 5 || int64(binary.LittleEndian.Uint32(b)) != int64(len(b)) || b[len(b)-1] != 0 {
		return nil, errBytes
	}
	return b[4 : len(b)-1], nil
}

func (d *decoder) document(p *plan, b []byte, into reflect.Value, at *step) error {
	rest, err := body(b)
	if err != nil {
		return err
	}
	var e element
	for expect := 0; len(rest) > 0; {
		if e, rest, err = next(rest); err != nil {
			return err
		}
		// Fields come in the order in which they were written, so the next one
		// is nearly always the one after the last.
		i := expect
		if i >= len(p.fields) || p.fields[i].name != string(e.name) {
			var known bool
			if i, known = p.byName[string(e.name)]; !known {
				continue // a row does not have every field
			}
		}
		expect = i + 1
		if err := d.field(&p.fields[i], e, into, at); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

func (d *decoder) field(f *field, e element, into reflect.Value, at *step) error {
	v := fieldOf(into, f.index)
	if f.sealed && !d.open {
		if e.typ != bsonBinary || e.data[4] != subtypeSealed {
			return fmt.Errorf("%w: it is not sealed", errBytes)
		}
		d.sealed = append(d.sealed, sealedPart{f, at, e.data[5:], v})
		return nil
	}
	if f.shape.sealed && !d.open {
		at = d.step(step{up: at, name: f.name})
	}
	return d.value(f.shape, e.typ, e.data, v, at)
}

// value reads one value. Its bytes are checked again, because those from a
// sealed field have not been through next.
func (d *decoder) value(s *shape, typ byte, b []byte, into reflect.Value, at *step) error {
	if n, ok := size(typ, b); !ok || n != len(b) {
		return errBytes
	}
	switch s.kind {
	case aPointer:
		if typ == bsonNull {
			return nil
		}
		into.Set(reflect.New(s.elem.typ))
		return d.value(s.elem, typ, b, into.Elem(), at)
	case aStruct:
		if typ != bsonDocument {
			return errBytes
		}
		return d.document(s.plan, b, into, at)
	case aSlice, anArray:
		if typ != bsonArray {
			return errBytes
		}
		return d.array(s, b, into, at)
	case someBytes, fixedBytes:
		return readBytes(s, typ, b, into)
	}
	return readScalar(s, typ, b, into)
}

func (d *decoder) array(s *shape, b []byte, into reflect.Value, at *step) error {
	rest, err := body(b)
	if err != nil {
		return err
	}
	// Counted first: elements must not move while their sealed parts wait.
	n := 0
	for r := rest; len(r) > 0; n++ {
		if _, r, err = next(r); err != nil {
			return err
		}
	}
	if s.kind == aSlice {
		into.Set(reflect.MakeSlice(s.typ, n, n))
	} else if n != into.Len() {
		return errBytes
	}
	var e element
	for i := range n {
		if e, rest, err = next(rest); err != nil {
			return err
		}
		if err := d.value(s.elem, e.typ, e.data, into.Index(i), d.element(s, at, i, into)); err != nil {
			return fmt.Errorf("%d: %w", i, err)
		}
	}
	return nil
}

func readBytes(s *shape, typ byte, b []byte, into reflect.Value) error {
	if typ != bsonBinary || b[4] == subtypeSealed {
		return errBytes
	}
	if s.kind == someBytes {
		into.SetBytes(bytes.Clone(b[5:]))
		return nil
	}
	if len(b)-5 != into.Len() {
		return errBytes
	}
	for i, c := range b[5:] {
		into.Index(i).SetUint(uint64(c))
	}
	return nil
}

func readScalar(s *shape, typ byte, b []byte, into reflect.Value) error {
	switch s.kind {
	case aString:
		if typ != bsonString || b[len(b)-1] != 0 {
			return errBytes
		}
		into.SetString(string(b[4 : len(b)-1]))
	case aBool:
		if typ != bsonBool {
			return errBytes
		}
		into.SetBool(b[0] != 0)
	case aTime:
		if typ != bsonDate {
			return errBytes
		}
		ms := int64(binary.LittleEndian.Uint64(b))
		*into.Addr().Interface().(*time.Time) = time.UnixMilli(ms).UTC()
	case aFloat:
		return readFloat(typ, b, into)
	default:
		return readInteger(s, typ, b, into)
	}
	return nil
}

func readFloat(typ byte, b []byte, into reflect.Value) error {
	if typ == bsonDouble {
		into.SetFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		return nil
	}
	n, err := integer(typ, b)
	into.SetFloat(float64(n))
	return err
}

func readInteger(s *shape, typ byte, b []byte, into reflect.Value) error {
	n, err := integer(typ, b)
	if err != nil {
		return err
	}
	if s.kind == anInt32 || s.kind == anInt64 {
		if into.OverflowInt(n) {
			return errBytes
		}
		into.SetInt(n)
		return nil
	}
	if n < 0 || into.OverflowUint(uint64(n)) {
		return errBytes
	}
	into.SetUint(uint64(n))
	return nil
}

func integer(typ byte, b []byte) (int64, error) {
	switch typ {
	case bsonInt32:
		return int64(int32(binary.LittleEndian.Uint32(b))), nil
	case bsonInt64:
		return int64(binary.LittleEndian.Uint64(b)), nil
	}
	return 0, errBytes
}
