package store

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// plan is what is known about a struct type before any value of it is seen.
type plan struct {
	fields []field
	byName map[string]int
	// id is the place of the field ID among fields, or -1: elements of a slice
	// are named by it in associated data.
	id int
	// sealed tells that a field here or deeper is sealed.
	sealed bool
}

// field is one stored field of a struct.
type field struct {
	name   string
	goName string
	index  []int
	shape  *shape
	// omit leaves zero values out.
	omit   bool
	sealed bool
	// part is the argument for Unit.
	part string
}

type kind uint8

const (
	aString kind = iota
	aBool
	anInt32
	anInt64
	aUint32
	aUint64
	aFloat
	aTime
	someBytes
	fixedBytes
	aSlice
	anArray
	aPointer
	aStruct
)

// shape is how values of a type are stored.
type shape struct {
	kind kind
	typ  reflect.Type
	// elem is set for slices, arrays and pointers, plan for structs.
	elem   *shape
	plan   *plan
	sealed bool
	// zero tells that the type says itself what its zero value is.
	zero bool
}

type isZeroer interface{ IsZero() bool }

// planner holds the types that the one being planned lies in.
type planner map[reflect.Type]bool

func (p planner) structure(t reflect.Type, at string) (*plan, error) {
	if p[t] {
		return nil, fmt.Errorf("%s: the type %s contains itself", at, t)
	}
	p[t] = true
	defer delete(p, t)
	out := &plan{byName: map[string]int{}, id: -1}
	if err := p.add(out, t, nil, at); err != nil {
		return nil, err
	}
	if len(out.fields) == 0 {
		return nil, fmt.Errorf("%s: the type %s has nothing to store", at, t)
	}
	for i, f := range out.fields {
		if f.name == "_id" { // first, as MongoDB puts it there
			copy(out.fields[1:i+1], out.fields[:i])
			out.fields[0] = f
		}
	}
	for i, f := range out.fields {
		out.byName[f.name] = i
		out.sealed = out.sealed || f.sealed || f.shape.sealed
		if f.goName == "ID" && f.shape.kind == aString && !f.sealed {
			out.id = i
		}
	}
	return out, nil
}

// add plans the fields of t, those of embedded structs among them.
func (p planner) add(out *plan, t reflect.Type, index []int, at string) error {
	for i := range t.NumField() {
		sf := t.Field(i)
		name, omit, inline := stored(sf)
		where := at + "." + sf.Name
		if name == "-" || (!sf.IsExported() && !sf.Anonymous) {
			continue
		}
		path := append(append([]int{}, index...), i)
		if inline {
			if sf.Type.Kind() != reflect.Struct {
				return fmt.Errorf("%s: only a struct can be inline", where)
			}
			if err := p.add(out, sf.Type, path, where); err != nil {
				return err
			}
			continue
		}
		if !sf.IsExported() {
			continue
		}
		if name == "" || strings.HasPrefix(name, "$") || strings.ContainsAny(name, ".\x00/") {
			return fmt.Errorf("%s: %q cannot be the name of a stored field", where, name)
		}
		if _, twice := out.byName[name]; twice {
			return fmt.Errorf("%s: a second field is stored as %q", where, name)
		}
		out.byName[name] = 0
		f := field{name: name, goName: sf.Name, index: path, omit: omit}
		var err error
		if f.sealed, f.part, err = class(sf.Tag.Get("class")); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
		if f.shape, err = p.shape(sf.Type, where); err != nil {
			return err
		}
		f.omit = f.omit || f.sealed
		out.fields = append(out.fields, f)
	}
	return nil
}

// stored reads a bson tag as the driver does, but that an embedded struct
// without a name is inline.
func stored(sf reflect.StructField) (name string, omit, inline bool) {
	tag, ok := sf.Tag.Lookup("bson")
	name, rest, _ := strings.Cut(tag, ",")
	for option := range strings.SplitSeq(rest, ",") {
		omit = omit || option == "omitempty"
		inline = inline || option == "inline"
	}
	inline = inline || sf.Anonymous && name == ""
	if !ok || name == "" {
		name = strings.ToLower(sf.Name)
	}
	return name, omit, inline
}

// class reads "P8,sealed,reporter".
func class(tag string) (sealed bool, part string, err error) {
	parts := strings.Split(tag, ",")
	if len(parts) == 1 {
		return false, "", nil
	}
	if parts[1] != "sealed" || len(parts) > 3 {
		return false, "", fmt.Errorf("the class %q is not of the form P1,sealed,part", tag)
	}
	if len(parts) == 3 {
		part = parts[2]
	}
	return true, part, nil
}

func (p planner) shape(t reflect.Type, at string) (*shape, error) {
	s := &shape{typ: t, zero: t.Implements(reflect.TypeFor[isZeroer]())}
	if t == reflect.TypeFor[time.Time]() {
		s.kind = aTime
		return s, nil
	}
	var err error
	switch t.Kind() {
	case reflect.String:
		s.kind = aString
	case reflect.Bool:
		s.kind = aBool
	case reflect.Int8, reflect.Int16, reflect.Int32:
		s.kind = anInt32
	case reflect.Int, reflect.Int64:
		s.kind = anInt64
	case reflect.Uint8, reflect.Uint16:
		s.kind = aUint32
	case reflect.Uint, reflect.Uint32, reflect.Uint64:
		s.kind = aUint64
	case reflect.Float32, reflect.Float64:
		s.kind = aFloat
	case reflect.Struct:
		s.kind = aStruct
		if s.plan, err = p.structure(t, at); err != nil {
			return nil, err
		}
		s.sealed = s.plan.sealed
	case reflect.Slice, reflect.Array, reflect.Pointer:
		return s, p.element(s, t, at)
	case reflect.Map:
		return nil, fmt.Errorf("%s: a map has no order and cannot be stored; use a slice", at)
	default:
		return nil, fmt.Errorf("%s: the type %s cannot be stored", at, t)
	}
	return s, nil
}

func (p planner) element(s *shape, t reflect.Type, at string) error {
	if t.Kind() != reflect.Pointer && t.Elem().Kind() == reflect.Uint8 {
		s.kind = someBytes
		if t.Kind() == reflect.Array {
			s.kind = fixedBytes
		}
		return nil
	}
	s.kind = map[reflect.Kind]kind{reflect.Slice: aSlice, reflect.Array: anArray, reflect.Pointer: aPointer}[t.Kind()]
	var err error
	if s.elem, err = p.shape(t.Elem(), at); err != nil {
		return err
	}
	if s.kind == aPointer && s.elem.kind == aPointer {
		return fmt.Errorf("%s: a pointer to a pointer cannot be stored", at)
	}
	s.sealed = s.elem.sealed
	return nil
}

// empty tells whether a value counts as nothing.
func (s *shape) empty(v reflect.Value) bool {
	switch {
	case s.kind == aSlice || s.kind == someBytes:
		return v.Len() == 0
	case s.kind == aPointer:
		return v.IsNil()
	case s.zero:
		return v.Interface().(isZeroer).IsZero()
	}
	return v.IsZero()
}
