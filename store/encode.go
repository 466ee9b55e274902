package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"homeward/journal"
)

// BSON element types and binary subtypes, as bsonspec.org numbers them.
const (
	bsonDouble   = 0x01
	bsonString   = 0x02
	bsonDocument = 0x03
	bsonArray    = 0x04
	bsonBinary   = 0x05
	bsonBool     = 0x08
	bsonDate     = 0x09
	bsonNull     = 0x0a
	bsonInt32    = 0x10
	bsonInt64    = 0x12

	subtypeGeneric = 0x00
	subtypeSealed  = 0x80
)

// encoder writes one document.
type encoder struct {
	sealer Sealer
	unit   united
	key    journal.Key
	out    []byte
	// inside tells that a sealed field is being written, in which nothing is
	// sealed again.
	inside bool
}

// step is one step of the path to a field: its name, or the place of an element
// in a slice and the element itself.
type step struct {
	up    *step
	name  string
	index int
	elem  reflect.Value
	plan  *plan
}

// label names an element by its ID, which moves with it, else by its place;
// the sign before it keeps the two and the names of fields apart.
func (s *step) label() (sign, label string) {
	if s.name != "" {
		return "", s.name
	}
	if s.plan != nil && s.plan.id >= 0 {
		v := s.elem
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if id := v.FieldByIndex(s.plan.fields[s.plan.id].index).String(); id != "" {
			return "=", id
		}
	}
	return "#", strconv.Itoa(s.index)
}

// associated is what a sealed field is bound to: collection, id and path, each
// with its length before it.
func associated(out []byte, key journal.Key, path *step) []byte {
	out = appendCounted(out, "", key.Collection)
	out = appendCounted(out, "", key.ID)
	return path.append(out)
}

func (s *step) append(out []byte) []byte {
	if s == nil {
		return out
	}
	sign, label := s.label()
	return appendCounted(s.up.append(out), sign, label)
}

func appendCounted(out []byte, sign, s string) []byte {
	out = binary.AppendUvarint(out, uint64(len(sign)+len(s)))
	return append(append(out, sign...), s...)
}

func (e *encoder) document(p *plan, v reflect.Value, at *step) error {
	start := e.begin()
	for i := range p.fields {
		f := &p.fields[i]
		fv := fieldOf(v, f.index)
		if f.absent(fv) {
			continue
		}
		if err := e.field(f, fv, at); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	e.end(start)
	return nil
}

// fieldOf is FieldByIndex without its checks for pointers, which plans refuse.
func fieldOf(v reflect.Value, index []int) reflect.Value {
	for _, i := range index {
		v = v.Field(i)
	}
	return v
}

// absent tells whether a field is left out: nil and the zero time always, any
// other empty value where its tag says so.
func (f *field) absent(v reflect.Value) bool {
	switch f.shape.kind {
	case aPointer:
		return v.IsNil()
	case aSlice, someBytes:
		return v.IsNil() || f.omit && v.Len() == 0
	case aTime:
		return v.IsZero()
	}
	return f.omit && f.shape.empty(v)
}

func (e *encoder) field(f *field, v reflect.Value, at *step) error {
	if f.sealed && !e.inside {
		return e.seal(f, v, at)
	}
	mark := e.header(f.name)
	if f.shape.sealed && !e.inside {
		at = &step{up: at, name: f.name}
	}
	t, err := e.value(f.shape, v, at)
	e.out[mark] = t
	return err
}

// header reserves the type byte, writes the name and returns where the type
// goes.
func (e *encoder) header(name string) int {
	mark := len(e.out)
	e.out = append(e.out, 0)
	e.out = append(e.out, name...)
	e.out = append(e.out, 0)
	return mark
}

func (e *encoder) seal(f *field, v reflect.Value, at *step) error {
	plain := encoder{inside: true, out: make([]byte, 1, 256)}
	t, err := plain.value(f.shape, v, nil)
	if err != nil {
		return err
	}
	plain.out[0] = t
	aad := associated(make([]byte, 0, 96), e.key, &step{up: at, name: f.name})
	sealed, err := e.sealer.Seal(e.unit.Unit(f.part), aad, plain.out)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	e.out[e.header(f.name)] = bsonBinary
	e.binary(subtypeSealed, sealed)
	return nil
}

func (e *encoder) value(s *shape, v reflect.Value, at *step) (byte, error) {
	switch s.kind {
	case aString:
		return bsonString, e.text(v.String())
	case aBool:
		b := byte(0)
		if v.Bool() {
			b = 1
		}
		e.out = append(e.out, b)
		return bsonBool, nil
	case anInt32:
		e.out = binary.LittleEndian.AppendUint32(e.out, uint32(v.Int()))
		return bsonInt32, nil
	case aUint32:
		e.out = binary.LittleEndian.AppendUint32(e.out, uint32(v.Uint()))
		return bsonInt32, nil
	case anInt64:
		e.out = binary.LittleEndian.AppendUint64(e.out, uint64(v.Int()))
		return bsonInt64, nil
	case aUint64:
		if v.Uint() > math.MaxInt64 {
			return 0, fmt.Errorf("%d is too large to be stored", v.Uint())
		}
		e.out = binary.LittleEndian.AppendUint64(e.out, v.Uint())
		return bsonInt64, nil
	case aFloat:
		e.out = binary.LittleEndian.AppendUint64(e.out, math.Float64bits(v.Float()))
		return bsonDouble, nil
	case aTime:
		ms := v.Addr().Interface().(*time.Time).UnixMilli()
		e.out = binary.LittleEndian.AppendUint64(e.out, uint64(ms))
		return bsonDate, nil
	case someBytes:
		e.binary(subtypeGeneric, v.Bytes())
		return bsonBinary, nil
	case fixedBytes:
		e.fixed(v)
		return bsonBinary, nil
	}
	return e.composite(s, v, at)
}

func (e *encoder) composite(s *shape, v reflect.Value, at *step) (byte, error) {
	switch s.kind {
	case aPointer:
		if v.IsNil() { // only as an element: its place must be kept
			return bsonNull, nil
		}
		return e.value(s.elem, v.Elem(), at)
	case aStruct:
		return bsonDocument, e.document(s.plan, v, at)
	}
	start := e.begin()
	for i := range v.Len() {
		mark := len(e.out)
		e.out = append(e.out, 0)
		e.out = append(strconv.AppendInt(e.out, int64(i), 10), 0)
		t, err := e.value(s.elem, v.Index(i), s.step(at, i, v))
		if err != nil {
			return 0, fmt.Errorf("%d: %w", i, err)
		}
		e.out[mark] = t
	}
	e.end(start)
	return bsonArray, nil
}

// step is the step to an element, where something sealed may lie below it.
func (s *shape) step(at *step, i int, v reflect.Value) *step {
	if !s.sealed {
		return nil
	}
	out := s.element(at, i, v)
	return &out
}

func (s *shape) element(at *step, i int, v reflect.Value) step {
	out := step{up: at, index: i, elem: v.Index(i), plan: s.elem.plan}
	if s.elem.kind == aPointer {
		out.plan = s.elem.elem.plan
	}
	return out
}

func (e *encoder) begin() int {
	e.out = append(e.out, 0, 0, 0, 0)
	return len(e.out) - 4
}

func (e *encoder) end(start int) {
	e.out = append(e.out, 0)
	binary.LittleEndian.PutUint32(e.out[start:], uint32(len(e.out)-start))
}

func (e *encoder) text(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("the text is not UTF-8")
	}
	e.out = binary.LittleEndian.AppendUint32(e.out, uint32(len(s)+1))
	e.out = append(append(e.out, s...), 0)
	return nil
}

func (e *encoder) binary(subtype byte, b []byte) {
	e.out = binary.LittleEndian.AppendUint32(e.out, uint32(len(b)))
	e.out = append(append(e.out, subtype), b...)
}

func (e *encoder) fixed(v reflect.Value) {
	n := v.Len()
	e.out = binary.LittleEndian.AppendUint32(e.out, uint32(n))
	e.out = append(e.out, subtypeGeneric)
	for i := range n {
		e.out = append(e.out, byte(v.Index(i).Uint()))
	}
}

func appendInt64(out []byte, n uint64) []byte { return binary.LittleEndian.AppendUint64(out, n) }
